"""The measures in place against a risk, each with its kind, written where they stand."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field
from prevention_app.catalogue.risk_document import ExistingMeasure
from prevention_app.catalogue.vocabulary import MeasureType
from prevention_app.ui import style, words
from prevention_app.ui.detail_lines import LineButton, label, tag
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.page import button
from prevention_app.ui.shortcuts import on_keys

_SHORT = {
    MeasureType.REMOVAL: "Suppression",
    MeasureType.SUBSTITUTION: "Substitution",
    MeasureType.AT_SOURCE: "À la source",
    MeasureType.COLLECTIVE: "Collective",
    MeasureType.ORGANISATION: "Organisation",
    MeasureType.PERSONAL: "EPI",
    MeasureType.TRAINING: "Formation, consignes",
}
"""What stands on the keys; the whole words are their tooltip."""


class MeasureLine(LineButton):
    """An existing measure and what kind it is; opens it to be written over."""

    def __init__(self, parent: QWidget) -> None:
        """No measure yet."""
        super().__init__(parent)
        self.measure: ExistingMeasure | None = None
        self._title = label()
        self._kind, self._to_confirm = tag(), tag()
        self._to_confirm.setText("à vérifier")
        self._to_confirm.setToolTip("Recopiée d’une autre unité\u00a0: à vérifier sur place")
        self.row.setSpacing(6)
        self.row.addWidget(self._title, 1)
        for each in (self._to_confirm, self._kind):
            self.row.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        self._title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_measure(self, measure: ExistingMeasure, kinds: Field, *, writable: bool) -> None:
        """Show one."""
        self.measure = measure
        option = kinds.option(str(measure.measure_type)) if measure.measure_type else None
        kind = option.label_fr if option else ""
        self._title.setText(measure.title)
        self._kind.setText(kind)
        self._kind.setVisible(option is not None)
        self._to_confirm.setVisible(bool(measure.to_confirm))
        said = (measure.title, kind, "à vérifier sur place" if measure.to_confirm else "")
        self.setAccessibleName(", ".join(filter(None, said)))
        self.setToolTip("Modifier la mesure" if writable else "")
        self.setEnabled(writable)
        self.updateGeometry()


class MeasureEditor(QFrame):
    """A title and a key for each kind: the key of a kind writes the measure."""

    given = Signal(str, object)
    """Title and MeasureType, or None for no kind."""
    removed = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Nothing to write yet."""
        super().__init__(parent)
        self.setObjectName("sunken")
        self.measure: ExistingMeasure | None = None
        """The one that is written over; None for a new one."""
        self.title = QLineEdit()
        self.title.setPlaceholderText("Mesure en place")
        self.title.setAccessibleName("Mesure en place")
        self.kinds = {kind: self._make_key(kind) for kind in MeasureType}
        self._problem = label("problem")
        self.remove_button = button("Retirer", look="quiet")
        self.remove_button.setToolTip("Cette mesure n’est plus en place")
        self.close_button = button("Abandonner", look="quiet")
        self.save_button = button("Enregistrer")
        keys = QWidget(self)
        flow = FlowLayout(keys, 4)
        for each in self.kinds.values():
            flow.addWidget(each)
        foot = QHBoxLayout()
        foot.addWidget(self.remove_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for each in (self.title, keys, self._problem):
            column.addWidget(each)
        column.addLayout(foot)
        self.title.returnPressed.connect(self._give)
        self.save_button.clicked.connect(self._give)
        self.remove_button.clicked.connect(self.removed)
        self.close_button.clicked.connect(self.closed)
        on_keys("Escape", self, self.closed.emit, inside=True)
        on_keys("Ctrl+S", self, self._give, inside=True)

    def _make_key(self, kind: MeasureType) -> QPushButton:
        made = QPushButton(_SHORT[kind])
        made.setCheckable(True)
        made.setToolTip(kind.label_fr)
        made.setAccessibleName(f"Enregistrer\u00a0: {kind.label_fr}")
        style.mark(made, "look", "step")
        made.clicked.connect(partial(self._choose, kind))
        return made

    def ask(self, measure: ExistingMeasure | None) -> None:
        """Write a new measure, or over one."""
        self.measure = measure
        self.title.setText(measure.title if measure else "")
        held = measure.measure_type if measure else None
        for kind, each in self.kinds.items():
            each.setChecked(kind == held)
        self.complain("")
        self.remove_button.setVisible(measure is not None)
        confirms = measure is not None and bool(measure.to_confirm)
        self.save_button.setText("Vérifiée sur place" if confirms else "Enregistrer")
        self.title.setFocus()

    @property
    def kind(self) -> MeasureType | None:
        """The kind chosen."""
        return next((kind for kind, each in self.kinds.items() if each.isChecked()), None)

    def complain(self, sentence: str) -> None:
        """Say what is wrong, or nothing any more."""
        self._problem.setText(words.sentence(sentence))
        self._problem.setVisible(bool(sentence))

    def _choose(self, kind: MeasureType) -> None:
        on = self.kinds[kind].isChecked()
        for each, key in self.kinds.items():
            key.setChecked(each is kind and on)
        if self.title.text().strip():
            self._give()
        else:
            self.title.setFocus()

    def _give(self) -> None:
        self.given.emit(self.title.text(), self.kind)
