"""The history of one record: who wrote what, when, and the way back."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Entity, Record
from prevention_app.services import records
from prevention_app.services.records import ERASED_SHOWN, Event
from prevention_app.ui import style, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.session import Session


class HistoryView(QWidget):
    """The lines of a record's history, newest first, and a button that goes back to a value."""

    wanted = Signal(str, object)
    """Field key and value to write again."""

    def __init__(self, session: Session, entity: Entity) -> None:
        """No record yet."""
        super().__init__()
        self._session = session
        self._entity = entity
        self.events: list[Event] = []
        self._writable = False
        self.table = CellTable(
            "Historique", ("Quand, qui", "Champ", "Avant, après"), (138, 124, 0), "row_two_lines"
        )
        self._said = QLabel()
        self._said.setWordWrap(True)
        style.mark(self._said, "look", "secondary")
        self.back = QPushButton("Revenir à cette valeur")
        self.back.clicked.connect(self._go_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 6, 18, 10)
        foot.addWidget(self._said, 1)
        foot.addWidget(self.back)
        column.addLayout(foot)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self._on_current()

    def show_record(self, record: Record | None, *, writable: bool) -> int:
        """Show what was written in a record; returns how many lines there are."""
        self._writable = writable
        self.events = []
        if record is not None and record.id:
            found = records.history(self._session.store, self._entity.key, record.id)
            self.events = [each for each in reversed(found) if each.old != each.new]
        today = self._session.store.today()
        self.table.show_lines([_line(each, today) for each in self.events])
        self._on_current()
        return len(self.events)

    def _current(self) -> Event | None:
        at = self.table.currentIndex().row()
        return self.events[at] if 0 <= at < len(self.events) else None

    def _on_current(self) -> None:
        event = self._current()
        known = event is not None and event.field in self._entity.by_key
        erased = event is not None and ERASED_SHOWN in (event.old_value, event.new_value)
        self.back.setEnabled(known and self._writable and not erased)
        if event is None:
            self._said.setText("Choisissez une ligne pour revenir à la valeur d’avant.")
        elif event.reason:
            self._said.setText(f"Motif\u00a0: {event.reason} · {event.station}")
        else:
            self._said.setText(f"{event.name} · {event.station}")

    def _go_back(self) -> None:
        event = self._current()
        if event is not None:
            self.wanted.emit(event.field, event.old_value)


def _line(event: Event, today: date) -> list[Cell]:
    when = words.moment_text(event.when.astimezone(), today)
    new = " ".join(event.new.split()) or "(vide)"
    return [
        Cell(when, second=" · ".join(filter(None, (event.who, event.station)))),
        Cell(event.label, quiet=True),
        Cell(new, struck=" ".join(event.old.split())) if event.old else Cell(new),
    ]
