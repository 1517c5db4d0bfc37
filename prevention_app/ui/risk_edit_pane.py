"""The same values for many risks at once: tick a field, write its value, one change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import PreventionError
from prevention_app.services import bulk_edit
from prevention_app.services.bulk_edit import Plan
from prevention_app.ui import bulk_work, style, words
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys
from prevention_app.ui.work_process import Work

_FIELDS: Final = (
    "hazard_family", "activity", "hazard", "harm", "exposed", "exposed_women", "sex_impact",
    "factor", "cmr", "source",
)  # fmt: skip
_CELLS_AT_ONCE: Final = 300
"""More cells than this are judged and written in a process."""
_MOST_REFUSED: Final = 4


class RiskEditPane(QWidget):
    """Only ticked fields are written; what is refused of them is told before anything is."""

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """No risks yet."""
        super().__init__(parent)
        self._session = session
        self._risks: Sequence[str] = ()
        self._plan: Plan | None = None
        """What is left to be written once some cells were refused."""
        self._operation: Operation | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self.editors: dict[str, Editor] = {}
        self._title, self._problem = QLabel(), QLabel()
        for label, look in ((self._title, "section"), (self._problem, "problem")):
            label.setWordWrap(True)
            style.mark(label, "look", look)
        self.save_button = button("Modifier", "", "primary")
        self.save_button.clicked.connect(self.save)
        self.close_button = button("Annuler")
        self.close_button.clicked.connect(self._leave)
        self._lay_out()
        on_keys("Escape", self, self._leave, inside=True)
        on_keys("Ctrl+Return", self, self.save, inside=True)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("detail")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        fields = QVBoxLayout(inner)
        fields.setContentsMargins(14, 4, 14, 8)
        fields.setSpacing(6)
        entity = self._session.store.catalogue["risk"]
        for key in _FIELDS:
            each = entity.by_key[key]
            box, editor = QCheckBox(each.label_fr), editor_for(each, self._session)
            box.setAccessibleName(f"Modifier «\u00a0{each.label_fr}\u00a0»")
            editor.setEnabled(False)
            box.toggled.connect(editor.setEnabled)
            box.toggled.connect(self._show_verb)
            editor.changed.connect(partial(editor.mark_problem, False))
            editor.changed.connect(self._forget_plan)
            self.boxes[key], self.editors[key] = box, editor
            fields.addWidget(box)
            fields.addWidget(editor)
        fields.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 14, 10)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.save_button)
        head = QVBoxLayout()
        head.setContentsMargins(14, 12, 14, 4)
        head.addWidget(self._title)
        head.addWidget(self._problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(area, 1)
        column.addLayout(foot)

    def ask(self, risks: Sequence[str]) -> None:
        """Ask what these risks are to have in common."""
        self._risks = risks
        self._title.setText(f"Modifier {words.count(len(risks), 'risque')}")
        for key, box in self.boxes.items():
            box.setChecked(False)
            self.editors[key].show_value(None)
        self._forget_plan()
        self.boxes[_FIELDS[0]].setFocus()

    def _forget_plan(self) -> None:
        self._plan = None
        self._problem.hide()
        self._show_verb()

    def _show_verb(self) -> None:
        if self._plan is not None:
            self._plan = None
            self._problem.hide()
        self.save_button.setText(f"Modifier {words.count(len(self._risks), 'risque')}")
        self.save_button.setEnabled(any(box.isChecked() for box in self.boxes.values()))

    def _values(self) -> dict[str, Value] | None:
        found: dict[str, Value] = {}
        for key, box in self.boxes.items():
            if not box.isChecked():
                continue
            try:
                found[key] = self.editors[key].value()
            except Unreadable as error:
                self.editors[key].mark_problem(True)
                self._complain(str(error))
                return None
        return found

    def save(self) -> None:
        """Write the fields ticked; where some cells are refused, say so first."""
        if self._operation is not None or not self.save_button.isEnabled():
            return
        if self._plan is not None:
            self._apply(self._plan)
            return
        values = self._values()
        if not values:
            return
        given = ("risk", bulk_edit.CHANGE, list(self._risks), values)
        if len(self._risks) * len(values) > _CELLS_AT_ONCE:
            self._run("Vérification des risques…", bulk_work.plan_values, given, self._review)
            return
        try:
            self._review(bulk_edit.plan_values(self._session.store, *given))
        except PreventionError as error:
            self._complain(str(error))

    def _review(self, plan: Plan) -> None:
        if not plan.refused and plan.edits:
            self._apply(plan)
            return
        if not plan.refused:
            self._complain("Ces risques ont déjà ces valeurs.")
            return
        lines = [f"{each.where}\u00a0: {each.reason}" for each in plan.refused[:_MOST_REFUSED]]
        more = len(plan.refused) - len(lines)
        self._complain("\n".join([*lines, *([f"et {more} autres"] if more > 0 else [])]))
        if plan.edits:
            self._plan = plan
            left = words.count(len(plan.edits), "autre risque", "autres risques")
            self.save_button.setText(f"Modifier {left}")

    def _apply(self, plan: Plan) -> None:
        if plan.cells > _CELLS_AT_ONCE:
            self._run(f"{plan.name}…", bulk_work.apply_plan, (plan,), self._written)
        else:
            self._session.write_or_tell(partial(self._apply_now, plan))

    def _apply_now(self, plan: Plan) -> None:
        done = bulk_edit.apply(self._session.store, plan)
        self._session.tell(done)
        self._told(done.name)

    def _written(self, name: str) -> None:
        self._session.refresh()
        self._told(name)

    def _told(self, name: str) -> None:
        self._session.say(f"Fait\u00a0: {name}. Annuler (Ctrl Z)")
        self._leave()

    def _run(self, name: str, work: Work, given: tuple[Any, ...], hear: Any) -> None:
        """Let a process do it; the window goes on meanwhile."""
        self._complain(name)
        self.save_button.setEnabled(False)
        made = Operation(name, work, self._session.folder, *given, parent=self)
        made.finished.connect(partial(self._heard, hear))
        made.failed.connect(partial(self._heard, self._complain))
        self._operation = made

    def _heard(self, hear: Any, found: object) -> None:
        self._operation = None
        self.save_button.setEnabled(True)
        self._problem.hide()
        hear(found)

    def _complain(self, text: str) -> None:
        self._problem.setText(words.sentence(text))
        self._problem.show()

    def _leave(self) -> None:
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
        self.closed.emit()
