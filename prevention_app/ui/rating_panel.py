"""Rating a risk in its place: a row of keys for each scale, a reason, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.domain.ratings import CRITERIA, Figures, Scale, assess
from prevention_app.services.risk_document import RiskDetail
from prevention_app.ui import drafts, style, words
from prevention_app.ui.drafts import Draft
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import button
from prevention_app.ui.rating_chip import RatingLabel, residual_mark
from prevention_app.ui.rating_circumstances import KEYS, CircumstancesBox
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_DRAFT_MS: Final = 600
_BASES: Final = (
    (RatingBasis.ON_SITE.value, "Sur place"),
    (RatingBasis.DESK.value, "Sur documents"),
)


@dataclass(frozen=True, slots=True)
class RatingEntered:
    """What was entered to rate a risk."""

    figures: Figures
    reason: str
    on: date
    participants: str
    basis: RatingBasis


class ScaleRow(QWidget):
    """The steps of one scale as buttons; 1 to 9 choose one and go on."""

    chosen = Signal()
    """Another step; the next scale is wanted when a key chose it."""
    keyed = Signal()

    def __init__(self, parent: QWidget) -> None:
        """No scale yet."""
        super().__init__(parent)
        self._scale: Scale | None = None
        self._buttons: list[QPushButton] = []
        self._name = QLabel()
        style.mark(self._name, "look", "label")
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        style.mark(self._meaning, "look", "secondary")
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addLayout(self._row)
        column.addWidget(self._meaning)

    def show_scale(self, scale: Scale, value: int | None) -> None:
        """Show a scale with the step chosen so far."""
        if self._scale is not scale:
            self._scale = scale
            self._make_buttons(scale)
        self._name.setText(scale.label_fr)
        for each, step in zip(self._buttons, scale.steps, strict=True):
            each.setAutoExclusive(False)
            each.setChecked(step.value == value)
            each.setAutoExclusive(True)
        self._explain()

    def _make_buttons(self, scale: Scale) -> None:
        for each in self._buttons:
            each.deleteLater()
        self._buttons = []
        for step in scale.steps:
            made = QPushButton(str(step.value))
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setAccessibleName(f"{scale.label_fr} {step.value}, {step.label_fr}")
            made.setAccessibleDescription(step.meaning_fr)
            made.setToolTip(f"{step.label_fr}\u00a0: {step.meaning_fr}")
            style.mark(made, "look", "step")
            made.toggled.connect(self._on_toggled)
            self._row.addWidget(made)
            self._buttons.append(made)

    def _on_toggled(self, on: bool) -> None:
        if on:
            self._explain()
            self.chosen.emit()

    def _explain(self) -> None:
        step = self._scale.step(self.value) if self._scale else None
        told = (
            f"{step.label_fr}\u00a0: {step.meaning_fr[:1].lower()}{step.meaning_fr[1:]}"
            if step
            else ""
        )
        self._meaning.setText(words.sentence(told) or "À choisir")

    @property
    def value(self) -> int | None:
        """The figure of the step chosen."""
        steps = self._scale.steps if self._scale else ()
        found = [
            step.value for step, each in zip(steps, self._buttons, strict=True) if each.isChecked()
        ]
        return found[0] if found else None

    def take_focus(self) -> None:
        """The step chosen has the focus, or the first."""
        checked = [each for each in self._buttons if each.isChecked()]
        for each in (checked or self._buttons)[:1]:
            each.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A figure chooses its step and goes on to the next scale."""
        steps = self._scale.steps if self._scale else ()
        for each, step in zip(self._buttons, steps, strict=True):
            if event.text() == str(step.value):
                each.setChecked(True)
                self.keyed.emit()
                return
        super().keyPressEvent(event)


class RatingPanel(QFrame):
    """What one enters to rate a risk anew."""

    given = Signal(object)
    """A RatingEntered, to be written."""
    closed = Signal()
    reached = Signal(QWidget)
    """A key has led on to this part of it, which is to be seen."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Nothing to rate yet; what is entered is kept among the drafts of the workspace."""
        super().__init__(parent)
        self.setObjectName("sunken")
        self.setAccessibleName("Recoter")
        self._session = session
        self._entity = session.store.catalogue["rating"]
        self._found: RiskDetail | None = None
        self._touched = False
        self._timer = QTimer(self, singleShot=True, interval=_DRAFT_MS)
        self._timer.timeout.connect(self._keep_soon)
        self._rows = {each: ScaleRow(self) for each in CRITERIA}
        self.scales: tuple[ScaleRow, ...] = ()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Motif de la cotation")
        self.reason.setAccessibleName("Motif de la cotation")
        self.circumstances = CircumstancesBox(session, self)
        self.basis = Segments("Comment la cotation est établie")
        self.basis.offer(_BASES)
        self.before, self.after = RatingLabel(), RatingLabel()
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        style.mark(self._problem, "look", "problem")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        self._scales_column = QVBoxLayout()
        self._scales_column.setSpacing(10)
        column.addLayout(self._scales_column)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        said = QLabel("Résiduel")
        style.mark(said, "look", "label")
        for each in (said, self.before, IconLabel("arrow-right", size=14), self.after):
            chips.addWidget(each)
        chips.addStretch(1)
        column.addLayout(chips)
        column.addWidget(self.reason)
        column.addWidget(self.circumstances)
        how = QHBoxLayout()
        how.addWidget(self.basis)
        how.addStretch(1)
        column.addLayout(how)
        column.addWidget(self._problem)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.close_button = button("Abandonner", look="quiet")
        self.save_button = button("Enregistrer la cotation")
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save_button)
        column.addLayout(buttons)

    def _connect(self) -> None:
        for row in self._rows.values():
            row.hide()
            row.chosen.connect(self._on_changed)
            row.keyed.connect(partial(self._go_on, row))
        self.reason.textEdited.connect(self._on_changed)
        self.reason.returnPressed.connect(self._give)
        self.circumstances.changed.connect(self._on_changed)
        self.basis.chosen.connect(self._on_changed)
        for each in ("Return", "Enter"):
            on_keys(each, self.circumstances, self._give, inside=True)
        self.save_button.clicked.connect(self._give)
        self.close_button.clicked.connect(self._abandon)
        on_keys("Escape", self, self._close, inside=True)
        on_keys("Ctrl+S", self, self._give, inside=True)

    def show_risk(self, found: RiskDetail) -> None:
        """Rate this risk; what was entered for it and not saved is there again."""
        self.keep_draft()
        self._found = found
        method, hint = found.next_method, found.hint
        kept = drafts.find(self._session.folder, self._entity, drafts.NEW)
        known: Figures = hint.figures if hint and hint.method == method.code else {}
        held: dict[str, Any] = {key: known.get(key) for key in CRITERIA}
        held |= {"reason": None, "basis": RatingBasis.ON_SITE.value}
        if kept is not None and kept.values.get("risk") == found.risk.id:
            held |= kept.values
        self._show_scales(method.scales, held)
        self.reason.setText(str(held["reason"] or ""))
        self.circumstances.show_values({key: held[key] for key in KEYS if held.get(key)})
        self.basis.show_value(str(held["basis"]))
        self._touched = False
        self._timer.stop()
        self.complain("")
        self.before.show_mark(residual_mark(found.assessment, found.method.unrated, wide=True))
        self._foresee()

    def _show_scales(self, scales: Mapping[str, Scale], held: Mapping[str, Any]) -> None:
        """The scales of the method in its order, each with the figure held so far."""
        for row in self.scales:
            self._scales_column.removeWidget(row)
            row.hide()
        self.scales = tuple(self._rows[key] for key in scales)
        for row, (key, scale) in zip(self.scales, scales.items(), strict=True):
            self._scales_column.addWidget(row)
            row.show_scale(scale, held[key])
            row.show()

    def _draft(self) -> Draft:
        values: dict[str, Value] = dict(self.figures)
        values["reason"] = self.reason.text().strip() or None
        values |= self.circumstances.values()
        values["basis"] = self.basis.value
        values["risk"] = self._found.risk.id if self._found else None
        return Draft(values)

    def _keep_soon(self) -> None:
        drafts.keep_soon(self._session.folder, self._entity, drafts.NEW, self._draft())

    def _on_changed(self) -> None:
        self._touched = True
        if not self._timer.isActive():
            self._timer.start()
        self._foresee()

    def keep_draft(self) -> None:
        """Write what was entered into the workspace's drafts, before anything else happens."""
        self._timer.stop()
        if self._touched:
            drafts.keep(self._session.folder, self._entity, drafts.NEW, self._draft())

    def forget(self) -> None:
        """What was entered is written, or no longer wanted."""
        self._timer.stop()
        self._touched = False
        drafts.drop(self._session.folder, self._entity, drafts.NEW)

    @property
    def figures(self) -> Figures:
        """The steps chosen."""
        return {key: row.value for key, row in self._rows.items() if row in self.scales}

    def complain(self, sentence: str) -> None:
        """Say what is wrong, or nothing any more."""
        self._problem.setText(words.sentence(sentence))
        self._problem.setVisible(bool(sentence))
        style.mark(self.reason, "problem", "true" if "otif" in sentence else "")

    def _foresee(self) -> None:
        if self._found is None:
            return
        method = self._found.next_method
        assessed = assess(method, self.figures)
        self.after.show_mark(residual_mark(assessed, method.unrated, wide=True))

    def _go_on(self, row: ScaleRow) -> None:
        at = self.scales.index(row)
        if at + 1 < len(self.scales):
            self.scales[at + 1].take_focus()
            self.reached.emit(self.scales[at + 1])
        else:
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)
            self.reached.emit(self.reason)

    def _close(self) -> None:
        self.keep_draft()
        self.closed.emit()

    def _abandon(self) -> None:
        self.forget()
        self.closed.emit()

    def _give(self) -> None:
        try:
            day = self.circumstances.day
        except Unreadable as error:
            self.complain(str(error))
            return
        self.given.emit(
            RatingEntered(
                self.figures,
                self.reason.text(),
                day,
                self.circumstances.participants,
                RatingBasis(self.basis.value),
            )
        )
