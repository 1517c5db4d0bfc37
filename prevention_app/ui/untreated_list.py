"""Serious risks for which nothing is planned, as the programme recalls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prevention_app.services.programme_gaps import UntreatedRisk
from prevention_app.ui.cell_table import CellModel
from prevention_app.ui.cells import Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.rating_chip import RatingMark

_COLUMNS: Final = (
    Fitted("Risque", least=240),
    Fitted("Unité de travail", 320, 170),
    Fitted("Niveau résiduel", 150, 126),
)


class UntreatedList(FittingTable):
    """One line a risk; Entrée shows it in the document unique."""

    def __init__(self) -> None:
        """None yet."""
        cells = CellModel([each.heading for each in _COLUMNS])
        super().__init__("Risques élevés ou critiques sans action", _COLUMNS, cells)
        cells.setParent(self)
        self.risks: Sequence[UntreatedRisk] = ()

    def show_risks(self, risks: Sequence[UntreatedRisk]) -> None:
        """Show these, the worst first."""
        at = max(self.currentIndex().row(), 0)
        self.risks = risks
        self.show_lines(
            [
                (
                    Cell(" ".join(each.situation.split()), second=each.reference),
                    Cell(each.unit),
                    Cell(
                        each.level.label_fr,
                        rating=RatingMark(
                            each.level.rank, each.level.label_fr, each.level.label_fr
                        ),
                    ),
                )
                for each in risks
            ]
        )
        if risks:
            self.selectRow(min(at, len(risks) - 1))
