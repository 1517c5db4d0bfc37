"""The part of a risk's pane that holds the measures in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field
from prevention_app.catalogue.risk_document import ExistingMeasure
from prevention_app.services.risk_document import RiskDetail
from prevention_app.services.risk_notes import LAST_RESORTS, SERIOUS
from prevention_app.ui.detail_lines import Lines, SectionHead, label
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.measure_lines import MeasureEditor, MeasureLine


class MeasuresSection(QWidget):
    """The measures of a risk in the order of the nine principles, written in their place."""

    given = Signal(object, str, object)
    """The measure to write over (None for a new one), title, MeasureType or None."""
    removed = Signal(object)
    left = Signal()
    """What was entered is put off."""

    def __init__(self, kinds: Field, parent: QWidget) -> None:
        """No risk yet; `kinds` is the field of a measure's kind."""
        super().__init__(parent)
        self._kinds = kinds
        self._risk = ""
        self.head = SectionHead(self, "Mesures existantes", "Ajouter", "plus")
        self.head.link.setAccessibleName("Ajouter une mesure existante")
        self.head.link.setToolTip("Ajouter une mesure existante (P)")
        self.head.link.clicked.connect(lambda: self.ask(None))
        self.editor = MeasureEditor(self)
        self.editor.hide()
        self.editor.given.connect(self._give)
        self.editor.removed.connect(self._remove)
        self.editor.closed.connect(self.close_editor)
        self._lines = Lines(self._make_line, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._make_warning())
        for each in (self.head, self.editor, self._lines):
            column.addWidget(each)

    def _make_warning(self) -> QWidget:
        self.warning = QWidget(self)
        row = QHBoxLayout(self.warning)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        told = label("warning")
        told.setText(
            "Toutes les mesures sont des EPI ou des formations\u00a0: cherchez d’abord à agir à la "
            "source, puis collectivement (L4121-2)."
        )
        row.addWidget(IconLabel("triangle-alert", "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(told, 1)
        return self.warning

    def _make_line(self, parent: QWidget) -> MeasureLine:
        made = MeasureLine(parent)
        made.clicked.connect(lambda: self.ask(made.measure))
        return made

    def show_risk(self, found: RiskDetail, *, writable: bool) -> None:
        """Show the measures of a risk; what is being entered for it stays."""
        if found.risk.id != self._risk:
            self.editor.hide()
        self._risk = found.risk.id
        self.head.count(len(found.measures))
        self.head.link.setVisible(writable)
        lines = self._lines.take(len(found.measures))
        for line, measure in zip(lines, found.measures, strict=True):
            line.show_measure(measure, self._kinds, writable=writable)
        serious = found.assessment and found.assessment.residual_level.rank >= SERIOUS
        kinds = {each.measure_type for each in found.measures}
        self.warning.setVisible(bool(serious and kinds and kinds <= set(LAST_RESORTS)))

    def ask(self, measure: ExistingMeasure | None) -> None:
        """Let a measure be written, or a new one."""
        self.editor.show()
        self.editor.ask(measure)

    def close_editor(self) -> None:
        """Nothing is entered any more."""
        self.editor.hide()
        self.left.emit()

    def _give(self, title: str, kind: object) -> None:
        self.given.emit(self.editor.measure, title, kind)

    def _remove(self) -> None:
        self.removed.emit(self.editor.measure)
