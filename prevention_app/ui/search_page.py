"""What a search over all registers finds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from prevention_app.services import records
from prevention_app.services.records import Row
from prevention_app.ui import words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.page import EmptyState, Keys, Page
from prevention_app.ui.session import Session


class SearchPage(Page):
    """Records that hold the words, of any register."""

    title = "Recherche"
    open_asked = Signal(str, str)
    """Register and id of the record to open."""

    def __init__(self, session: Session) -> None:
        """Nothing searched yet."""
        super().__init__()
        self.session = session
        self._found: Sequence[Row] = ()
        self._words = ""
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

    def search(self, text: str) -> None:
        """Show what is found."""
        self._words = text
        with self.session.store.reading() as read:
            self._found = records.search(read, text)
        catalogue = self.session.store.catalogue
        self.table.show_lines(
            [
                [
                    Cell(" ".join(row.title.split()), second=row.reference),
                    Cell(catalogue[row.register].label_fr, quiet=True),
                    Cell(self.session.department_name(row.department), quiet=True),
                ]
                for row in self._found
            ]
        )
        self._stack.setCurrentIndex(0 if self._found else 1)
        self.empty.show_text(
            words.sentence(f"Rien ne contient « {text} »."),
            "Essayez moins de mots : les accents et les majuscules ne comptent pas.",
        )
        if self._found:
            self.table.selectRow(0)
        self.tell(words.count(len(self._found), "fiche trouvée", "fiches trouvées"))

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Search again."""
        if self._words:
            self.search(self._words)

    def _open(self, at: int) -> None:
        row = self._found[at]
        self.open_asked.emit(row.register, row.id)

    def keys(self) -> Keys:
        """The keys of the list."""
        return (("↑ ↓", "Parcourir"), ("Entrée", "Ouvrir"))

    def focus_main(self) -> None:
        """The list has the focus."""
        self.table.setFocus()
