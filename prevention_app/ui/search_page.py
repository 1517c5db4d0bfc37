"""What a search over all registers finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from prevention_app.services import find
from prevention_app.services.find import Found, Wanted
from prevention_app.storage.query import Reader
from prevention_app.ui import words
from prevention_app.ui.asked import read_typed
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.page import EmptyState, Keys, Page
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.session import Session
from prevention_app.ui.states import State

_MOST: Final = 200
_NEAR: Final = State("info", "search")


@dataclass(frozen=True, slots=True)
class Answer:
    """The records found, those that only resemble what was typed apart."""

    exact: Sequence[Found]
    near: Sequence[Found]


def _answer(read: Reader, wanted: Wanted) -> Answer:
    findings = find.find(read, wanted)
    return Answer(find.describe(read, findings.exact), find.describe(read, findings.near))


class SearchPage(Page):
    """Records that hold the words, of any register; then those that hold similar words."""

    title = "Recherche"
    open_asked = Signal(str, str)
    """Register and id of the record to open."""

    def __init__(self, session: Session) -> None:
        """Nothing searched yet."""
        super().__init__()
        self.session = session
        self._rows: Sequence[Found | None] = ()
        """What each line shows; None for a heading."""
        self._words = ""
        self._readings = Readings(session, self)
        self._reading: Reading | None = None
        self.table = CellTable(
            "Résultats de la recherche", ("Fiche", "Registre", "Département"), (0, 280, 150),
            "row_two_lines",
        )  # fmt: skip
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 0)
        column.addWidget(self._stack)
        self.table.opened.connect(self._open)
        session.owners_changed.connect(lambda: self.refresh(None))

    def search(self, text: str) -> None:
        """Show what is found, as soon as it is; a first letter may say what, as in the palette."""
        self._words = text
        if self._reading is not None:
            self._reading.give_up()
        wanted = read_typed(text).wanted(self.session, _MOST)
        self._reading = self._readings.ask(lambda read: _answer(read, wanted), self._show)

    def _show(self, answer: Answer) -> None:
        self._rows = [*answer.exact, *([None] if answer.near else []), *answer.near]
        self.table.show_lines([self._line(row) for row in self._rows])
        self._stack.setCurrentIndex(0 if self._rows else 1)
        self.empty.show_text(
            words.sentence(f"Rien ne contient «\u00a0{self._words}\u00a0»."),
            "Essayez moins de mots\u00a0: les accents, les majuscules et une faute de frappe ne "
            "comptent pas.",
        )
        first = next((at for at, row in enumerate(self._rows) if row is not None), -1)
        if first >= 0:
            self.table.selectRow(first)
        self.tell(self._counted(answer))

    def _line(self, row: Found | None) -> Sequence[Cell | GroupCell]:
        if row is None:
            return [
                GroupCell(
                    words.sentence(f"Résultats proches de «\u00a0{self._words}\u00a0»"), "", _NEAR
                )
            ]
        under = f"{row.reference} · {row.place}" if row.place else row.reference
        register = self.session.store.catalogue[row.register]
        return [
            Cell(row.title, second=under),
            Cell(register.label_fr, quiet=True),
            Cell(self.session.department_name(row.department), quiet=True),
        ]

    @staticmethod
    def _counted(answer: Answer) -> str:
        found = len(answer.exact)
        if found + len(answer.near) >= _MOST:
            return f"Les {_MOST} premières fiches trouvées"
        said = words.count(found, "fiche trouvée", "fiches trouvées")
        near = words.count(len(answer.near), "résultat proche", "résultats proches")
        return f"{said}, {near}" if answer.near else said

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Search again."""
        if self._words:
            self.search(self._words)

    def _open(self, at: int) -> None:
        row = self._rows[at]
        if row is not None:
            self.open_asked.emit(row.register, row.id)

    def keys(self) -> Keys:
        """The keys of the list."""
        return (("↑ ↓", "Parcourir"), ("Entrée", "Ouvrir"))

    def focus_main(self) -> None:
        """The list has the focus."""
        self.table.setFocus()
