"""The panel above the list in which a deed asks for its date and its reason: no dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import PreventionError
from prevention_app.ui import layouts, style
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.field_box import FieldBox
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

NEW_DATE: Final = Field("day", "Nouvelle date", "New date", Kind.DATE, required=True)
DONE_ON: Final = Field("day", "Fait le", "Done on", Kind.DATE, required=True)
REASON: Final = Field("text", "Motif", "Reason", Kind.TEXT, required=True)
PROOF: Final = Field("text", "Preuve ou précision", "Proof", Kind.TEXT)
RESPONSIBLE: Final = Field("text", "Nouveau responsable", "Responsible", Kind.TEXT, required=True)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a deed asks, and what it does with the answers."""

    title: str
    note: str
    """What it will not do, or what it does beside."""
    fields: Sequence[Field]
    given: dict[str, Value]
    """What stands in the fields at first."""
    verb: str
    act: Callable[[dict[str, Value]], None]
    """Raises PreventionError with what to write instead."""


class DuePanel(QFrame):
    """Hidden until a deed asks; Entrée does it, Échap closes it."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        """Nothing is asked yet."""
        super().__init__()
        self.setObjectName("sunken")
        self._session = session
        self._asking: Asking | None = None
        self.boxes: dict[str, FieldBox] = {}
        self._title = ElidingLabel()
        style.mark(self._title, "look", "strong")
        self._note = QLabel()
        self._note.setWordWrap(True)
        style.mark(self._note, "look", "secondary")
        self.go = button("Enregistrer", "check", "primary")
        self.go.clicked.connect(self._act)
        self.leave = button("Abandonner")
        self.leave.clicked.connect(self.close_panel)
        self._places = QHBoxLayout()
        self._places.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._note)
        column.addLayout(self._places)
        column.addLayout(row)
        self.hide()

    def ask(self, asking: Asking) -> None:
        """Show the fields of a deed; the first of them has the focus."""
        self._asking = asking
        layouts.empty(self._places)
        self.boxes = {each.key: FieldBox(each, self._session, self) for each in asking.fields}
        for each in asking.fields:
            box = self.boxes[each.key]
            box.editor.show_value(asking.given.get(each.key))
            self._places.addWidget(box, 1 if each.kind is Kind.TEXT else 0)
        self._title.setText(asking.title)
        self.setAccessibleName(asking.title)
        self._note.setText(asking.note)
        self._note.setVisible(bool(asking.note))
        self.go.setText(f"\u00a0{asking.verb}")
        self.go.setAccessibleName(asking.verb)
        self.show()
        next(iter(self.boxes.values())).editor.inner.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Ask nothing any more."""
        if self._asking is not None:
            self._asking = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée does what is asked, Échap closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._act()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def _act(self) -> None:
        asking = self._asking
        values = self._values()
        if asking is None or values is None:
            return
        try:
            asking.act(values)
        except PreventionError as error:
            self._complain(next(iter(self.boxes.values())), str(error))
        else:
            self.close_panel()

    def _values(self) -> dict[str, Value] | None:
        """What was written; None once the field that is wrong says so."""
        values: dict[str, Value] = {}
        for key, box in self.boxes.items():
            box.show_problem("")
            try:
                values[key] = box.editor.value()
            except Unreadable as error:
                self._complain(box, str(error))
                return None
            if box.field.required and values[key] is None:
                self._complain(box, f"«\u00a0{box.field.label_fr}\u00a0» est à remplir.")
                return None
        return values

    def _complain(self, box: FieldBox, sentence: str) -> None:
        box.show_problem(sentence)
        box.editor.inner.setFocus()
