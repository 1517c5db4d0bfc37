"""Re-ratings proposed: risks on which an action was finished since they were rated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Signal

from prevention_app.services.reratings import ReratingProposal
from prevention_app.ui import words
from prevention_app.ui.cell_table import CellModel, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.rating_chip import RatingMark

_COLUMNS: Final = (
    Fitted("Action réalisée", least=220),
    Fitted("Réalisée le", 120, 104),
    Fitted("Risque à recoter", 320, 190),
    Fitted("Niveau coté", 130, 116, leaves=2),
    Fitted("Coté le", 120, 104, leaves=1),
)


class ReratingList(FittingTable):
    """One line a proposal."""

    moved = Signal()
    """Another line is the current one."""

    def __init__(self) -> None:
        """None yet."""
        cells = CellModel([each.heading for each in _COLUMNS])
        super().__init__("Recotations proposées", _COLUMNS, cells)
        cells.setParent(self)
        self.proposals: Sequence[ReratingProposal] = ()
        self.selectionModel().currentRowChanged.connect(lambda *_: self.moved.emit())

    def show_proposals(self, proposals: Sequence[ReratingProposal], today: date) -> None:
        """Show these; the cursor stays on its place."""
        at = max(self.currentIndex().row(), 0)
        self.proposals = proposals
        self.show_lines([_line(each, today) for each in proposals])
        if proposals:
            self.selectRow(min(at, len(proposals) - 1))

    @property
    def current(self) -> ReratingProposal | None:
        """The proposal under the cursor."""
        at = self.currentIndex().row()
        return self.proposals[at] if 0 <= at < len(self.proposals) else None


def _line(each: ReratingProposal, today: date) -> Line:
    rated = words.short_day(each.rated_on, today) if each.rated_on else "date à renseigner"
    mark = RatingMark(each.level.rank, each.level.label_fr, each.level.label_fr)
    return (
        Cell(" ".join(each.action.title.split()), second=each.action.reference),
        Cell(words.short_day(each.finished_on, today)),
        Cell(" ".join(each.risk.situation.split()), second=each.risk.reference),
        Cell(each.level.label_fr, rating=mark),
        Cell(rated, quiet=True),
    )
