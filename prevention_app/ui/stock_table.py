"""The table of what lies in the store rooms: what, where, how much, and whether to use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from prevention_app.domain.reasons import Weight
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services.plant_protection import JudgedLine
from prevention_app.ui import states, words
from prevention_app.ui.cell_table import Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.paged_cells import PagedCells

OF_WEIGHT: Final = {
    Weight.STOP: states.STOP,
    Weight.CAUTION: states.CAUTION,
    Weight.GO: states.GO,
    Weight.SILENT: states.NONE,
}
_COLUMNS: Final = (
    Fitted("Produit", 180, 140),
    Fitted("Lieu de stockage", 296, 150),
    Fitted("Quantité", 112, 92, leaves=1),
    Fitted("Décision", 152, 144),
    Fitted("Pourquoi", least=200),
)


class StockTable(FittingTable):
    """Lines of the store page by page."""

    def __init__(self, read: Callable[[Sequence[str]], Sequence[JudgedLine]]) -> None:
        """`read` judges lines by their ids."""
        self.lines = PagedCells([each.heading for each in _COLUMNS], read, stock_line)
        super().__init__("Stock de produits", _COLUMNS, self.lines)


def stock_line(judged: JudgedLine) -> Line:
    """The cells of a line of the store."""
    line, decision = judged.line, judged.decision
    number = line.product or line.amm_as_written
    where = (judged.room, f"lot {line.lot}" if line.lot else "")
    return (
        Cell(line.name_as_written, second=f"AMM {number}" if number else "Sans n° AMM"),
        Cell(judged.site, second=" · ".join(filter(None, where))),
        Cell(quantity_text(judged), right=True),
        Cell(decision.label, chip=OF_WEIGHT[decision.weight]),
        Cell(words.sentence(decision.why), second=words.sentence(decision.then)),
    )


def quantity_text(judged: JudgedLine) -> str:
    """« 4,5 L »; what could not be read as a number stays as it was written."""
    line = judged.line
    if line.quantity is None:
        return line.quantity_text or ""
    unit = f"{NO_BREAK}{line.unit}" if line.unit else ""
    return f"{number_text(line.quantity)}{unit}"
