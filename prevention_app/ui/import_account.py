"""Last step of an import: what was written of each file, and how to take it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_review import Applied
from prevention_app.ui import words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.states import CAUTION, GO, NONE

_HEADINGS = ("Fichier", "Reprise", "Nouvelles", "Modifiées", "Identiques", "Refusées")
_COUNTED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.REFUSED)


class ImportAccount(QWidget):
    """One line a file."""

    undo_asked = Signal()
    records_asked = Signal()

    def __init__(self) -> None:
        """Nothing written yet."""
        super().__init__()
        self.summary = EmptyState()
        self.undo_button = button("Annuler cette reprise", "undo-2")
        self.undo_button.clicked.connect(self.undo_asked)
        self.records_button = button("Voir les fiches", "arrow-right")
        self.records_button.clicked.connect(self.records_asked)
        self.summary.add_button(self.undo_button)
        self.summary.add_button(self.records_button)
        self.table = CellTable(
            "Fichiers repris", _HEADINGS, (0, 150, 100, 100, 100, 100), "row_standard"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 8)
        column.addWidget(self.summary, 1)
        column.addWidget(self.table, 2)

    def show_entries(self, entries: Sequence[Entry], *, can_undo: bool) -> None:
        """Say what became of each file, and whether the last one can be taken back."""
        written = [each.applied for each in entries if each.applied is not None]
        lines = sum(each.counts.get(Outcome.NEW, 0) + each.counts.get(Outcome.CHANGED, 0)
                    for each in written)  # fmt: skip
        title = f"{words.count(lines, 'ligne appliquée', 'lignes appliquées')}"
        hint = "Vos fichiers n’ont pas été touchés."
        if can_undo:
            each = "Chaque fichier" if len(written) > 1 else "Tout"
            hint += f" {each} s’annule en une fois (Ctrl Z)."
        self.summary.show_text(title, words.sentence(hint))
        last = "la dernière reprise" if len(written) > 1 else "cette reprise"
        self.undo_button.setText(f"\u00a0Annuler {last}")
        self.undo_button.setVisible(can_undo and written[-1].written)
        self.records_button.setVisible(bool(written))
        self.table.show_lines([_line(each) for each in entries])

    def show_undone(self) -> None:
        """The last one was taken back."""
        self.undo_button.hide()
        self.summary.show_text("Reprise annulée", "Les fiches sont comme avant l’import.")


def _line(entry: Entry) -> Sequence[Cell]:
    done = entry.applied
    name = Cell(entry.name, strong=True)
    if done is None:
        return [name, Cell("Passé", chip=NONE), *(Cell("", right=True) for _ in _COUNTED)]
    refused = done.counts.get(Outcome.REFUSED, 0)
    state = Cell("Avec refus", chip=CAUTION) if refused else Cell("Appliqué", chip=GO)
    return [name, state, *(_number(done, each) for each in _COUNTED)]


def _number(done: Applied, outcome: Outcome) -> Cell:
    number = done.counts.get(outcome, 0)
    bad = outcome is Outcome.REFUSED and number > 0
    return Cell(str(number), right=True, colours="bad" if bad else "", quiet=not number)
