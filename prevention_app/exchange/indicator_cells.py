"""Cells of indicators: a formula, or what stands where a figure must not be told (P7)."""

from __future__ import annotations

from collections.abc import Mapping

from prevention_app.domain.indicators import (
    SERVICE_ACCIDENTS,
    AccidentPeriod,
    Indicators,
)
from prevention_app.domain.periods import Span
from prevention_app.domain.ratings import RatingMethod
from prevention_app.exchange.tally import Criteria, Tally
from prevention_app.exchange.workbook_model import (
    Cell,
    Formula,
    Named,
)

FEW = "< 5"
"""A count of one to four persons, or one that would give it away."""
HIDDEN = "non montré"
"""What goes with a count that is not told: days, rates."""
NOT_MEANINGFUL = "n.s."
NOTHING = "–"
NO_DATE = "Sans date"


def of(figure: object, formula: Formula, otherwise: str = FEW) -> Cell:
    """The formula, or what stands in the place of a figure that must not be told."""
    if figure is not None:
        return formula
    return Named(otherwise, formula.name) if formula.name else otherwise


def ratio(part: Cell, whole: float, text: str, name: str = "") -> Cell:
    """A quotient as a formula; a dash where there is nothing to divide by or a part is hidden."""
    value = part.value if isinstance(part, (Formula, Named)) else part
    if not isinstance(value, (int, float)) or not whole:
        return Named(NOTHING, name) if name else NOTHING
    return Formula(text, value / whole, name)


def short_family(family: str) -> str:
    """The name of a family of hazards without what stands in brackets."""
    return family.partition(" (")[0]


def period_name(period: AccidentPeriod | Span) -> str:
    """What the list of accidents calls a period of twelve months."""
    return f"12 mois au {period.last:%d/%m/%Y}"


STEEL_LIGHT = "#7FA6C9"
LINE_PIXELS = 21
"""How much a line of a table adds to the height of its chart."""


def service_accidents(criteria: Criteria) -> list[Criteria]:
    """Accidents at work: of service and on a mission."""
    return [{**criteria, "Type": kind.label_fr} for kind in SERVICE_ACCIDENTS]


class Blocks:
    """What the blocks of indicators are made from."""

    def __init__(
        self, figures: Indicators, tallies: Mapping[str, Tally], method: RatingMethod
    ) -> None:
        """Take the figures as they may be told, and the tables that formulas count in."""
        self.figures = figures
        self.tallies = tallies
        self.method = method
        self.levels_fr = [each.label_fr for each in method.levels]
