"""Reasons for updating outside the campaign: one line each, until they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView

from prevention_app.services.campaign_reasons import Reason
from prevention_app.ui import words
from prevention_app.ui.campaign_units import choose_rows
from prevention_app.ui.cell_table import CellModel, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable

_COLUMNS: Final = (
    Fitted("Motif", 190, 150),
    Fitted("Ce qui s’est passé", least=220),
    Fitted("Unité ou site", 320, 200),
    Fitted("Le", 100, 92),
    Fitted("Évaluée depuis", 120, 112, leaves=1),
)


class ReasonsList(FittingTable):
    """Several may be answered at once."""

    moved = Signal()

    def __init__(self) -> None:
        """None yet."""
        cells = CellModel([each.heading for each in _COLUMNS])
        super().__init__("Motifs de mise à jour", _COLUMNS, cells)
        cells.setParent(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.reasons: Sequence[Reason] = ()
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())

    def show_reasons(self, reasons: Sequence[Reason], today: date) -> None:
        """Show these; the cursor stays on its place."""
        at = max(self.currentIndex().row(), 0)
        self.reasons = reasons
        self.show_lines([_line(each, today) for each in reasons])
        if reasons:
            choose_rows(self, [min(at, len(reasons) - 1)])

    @property
    def chosen(self) -> list[Reason]:
        """The reasons chosen, from above."""
        rows = sorted(each.row() for each in self.selectionModel().selectedRows())
        return [self.reasons[each] for each in rows if each < len(self.reasons)]


def _line(each: Reason, today: date) -> Line:
    place, _, units = each.place.partition(" (")
    return (
        Cell(each.words, second=each.reference),
        Cell(words.sentence(each.text) or "Sans description", wrapped=True, quiet=not each.text),
        Cell(place, second=units.removesuffix(")")),
        Cell(words.short_day(each.day, today)),
        Cell(words.short_day(each.since, today) if each.since else "non daté", quiet=True),
    )
