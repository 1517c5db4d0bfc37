"""The sheet « Indicateurs »: each figure a formula on a register of the same file, with its chart.

What would tell of fewer than five persons comes without a figure and is written « < 5 » (P7).
"""

from __future__ import annotations

from collections.abc import Mapping

from prevention_app.domain.indicators import (
    Indicators,
)
from prevention_app.domain.ratings import RatingMethod
from prevention_app.exchange.indicator_cells import (
    FEW,
)
from prevention_app.exchange.indicators_accidents import AccidentBlocks
from prevention_app.exchange.indicators_programme import ProgrammeBlocks
from prevention_app.exchange.indicators_registers import RegisterBlocks
from prevention_app.exchange.indicators_risks import RiskBlocks
from prevention_app.exchange.tally import Tally
from prevention_app.exchange.workbook_model import (
    BlockSheet,
    Tab,
)


def indicators_sheet(
    figures: Indicators, tallies: Mapping[str, Tally], method: RatingMethod, *, together: bool
) -> BlockSheet:
    """All indicators with their charts."""
    accidents = AccidentBlocks(figures, tallies, method)
    risks = RiskBlocks(figures, tallies, method)
    programme = ProgrammeBlocks(figures, tallies, method)
    registers = RegisterBlocks(figures, tallies, method)
    blocks = (
        accidents.periods(),
        accidents.causes(),
        risks.levels(),
        programme.programmes(),
        programme.budget(),
        registers.inspections(),
        registers.certiphyto(),
        registers.entries(),
        registers.credentials(),
        accidents.kinds(),
        risks.families(),
        registers.stock(),
    )
    whose = "les départements réunis" if together else "le département"
    return BlockSheet(
        name="Indicateurs",
        title="Indicateurs",
        content="Douze indicateurs : leurs chiffres et leurs graphiques",
        explanation=(
            f"Chaque graphique voisine avec ses chiffres, pour {whose}. Les nombres sont des "
            f"formules sur les feuilles de ce classeur ; « {FEW} » : moins de cinq personnes, "
            "non montré."
        ),
        tab=Tab.INDICATORS,
        section="Synthèse",
        blocks=blocks,
    )
