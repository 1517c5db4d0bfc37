"""The figures that a department publishes, taken from its indicators, persons protected (P7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from prevention_app.catalogue.figures import FigureLevel, Indicator
from prevention_app.domain.disclosure import Sum, held_back
from prevention_app.domain.indicators import AccidentPeriod, DirectionFigures, Indicators
from prevention_app.domain.suppression import FEWEST_PERSONS
from prevention_app.i18n import NO_BREAK, number_text

SOURCES: Final[Mapping[Indicator, tuple[str, ...]]] = {
    Indicator.AGENTS: ("work_unit", "person"),
    **dict.fromkeys((Indicator.RISKS_IMMEDIATE, Indicator.RISKS_TO_EVALUATE), ("risk", "rating")),
    **dict.fromkeys(
        (Indicator.ACTIONS_FINISHED, Indicator.ACTIONS_LATE, Indicator.BUDGET_COMMITTED),
        ("planned_action",),
    ),
    Indicator.INSPECTIONS_NOT_LATE: ("equipment", "inspection"),
    **dict.fromkeys((Indicator.ENTRIES, Indicator.ENTRIES_UNANSWERED), ("health_safety_entry",)),
    **dict.fromkeys(
        (
            Indicator.ACCIDENTS,
            Indicator.ACCIDENTS_STOPPED,
            Indicator.DAYS_LOST,
            Indicator.COMMUTING_ACCIDENTS,
            Indicator.DISEASES,
            Indicator.ACCIDENTS_5_YEARS,
            Indicator.STOPPED_5_YEARS,
        ),
        ("accident",),
    ),
    **dict.fromkeys(
        (
            Indicator.CREDENTIALS_VALID,
            Indicator.CREDENTIALS_EXPIRED,
            Indicator.CERTIPHYTO_HOLDERS,
            Indicator.CERTIPHYTO_IN_A_YEAR,
        ),
        ("credential",),
    ),
    Indicator.STOCK_NOT_USABLE: ("stock_line",),
}
"""The registers from which each indicator is counted."""

DIRECTIONS: Final = "org_unit"
"""The register whose names the figures of directions tell."""

FEW: Final = f"<{NO_BREAK}{FEWEST_PERSONS}"
"""A count of few persons, or one that would give it away."""

_BY_HOURS: Final = (Indicator.ACCIDENTS_STOPPED, Indicator.DAYS_LOST)
"""What is divided by the hours worked, which are estimated from the full-time equivalents."""
_WHOLE: Final = ""
"""The place of a department as a whole."""
_IN_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One count, as it may leave the department."""

    indicator: Indicator
    direction: str
    """Its name; empty for the department as a whole."""
    first: date | None
    """None for what is counted as it stands at a date."""
    last: date
    numerator: Decimal | None
    """None where it would tell of few persons."""
    denominator: Decimal | None = None

    @property
    def level(self) -> FigureLevel:
        """Whether it is about a direction or all of the department."""
        return FigureLevel.DIRECTION if self.direction else FigureLevel.DEPARTMENT

    @property
    def count_text(self) -> str:
        """The count as people read it: « < 5 » where it is not told."""
        return FEW if self.numerator is None else _text(self.numerator)

    @property
    def whole_text(self) -> str:
        """What the count is a part of, where it is one and both are told."""
        if self.denominator is None:
            return ""
        unit = f"{NO_BREAK}h estimées" if self.indicator in _BY_HOURS else ""
        return f"{_text(self.denominator)}{unit}"


def _text(number: Decimal) -> str:
    return number_text(number, None if number % 1 else 0)


def published_figures(figures: Indicators, fewest: int = FEWEST_PERSONS) -> list[Figure]:
    """All figures of one department that may be told to the others; the order is that of the list.

    Args:
        figures: the indicators of the workbook, as the service itself sees them.
        fewest: no figure on fewer persons.
    """
    made = [*_of_things(figures), *_of_persons(figures, fewest)]
    order = list(Indicator)
    return sorted(made, key=lambda each: (order.index(each.indicator), each.direction))


# -- what counts no persons ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Things:
    """A count of things at one place, and what it is a part of."""

    indicator: Indicator
    direction: str
    count: Decimal | int
    whole: Decimal | int | None = None


def _of_things(figures: Indicators) -> Iterator[Figure]:
    year = figures.accident_periods[-1]
    spans = {
        Indicator.ACTIONS_FINISHED: (date(figures.year, 1, 1), date(figures.year, 12, 31)),
        Indicator.ENTRIES: (year.first, year.last),
    }
    for same in (Indicator.ACTIONS_LATE, Indicator.BUDGET_COMMITTED):
        spans[same] = spans[Indicator.ACTIONS_FINISHED]
    for each in _merged(_things(figures)):
        first, last = spans.get(each.indicator, (None, figures.as_at))
        if each.direction and each.whole == 0:
            continue  # a direction that has nothing of the kind
        whole = None if each.whole is None else Decimal(each.whole)
        yield Figure(each.indicator, each.direction, first, last, Decimal(each.count), whole)


def _things(figures: Indicators) -> Iterator[_Things]:
    for line in (figures.directions_total, *figures.directions):
        place = _WHOLE if line is figures.directions_total else line.direction.name
        kept_up = line.actions - line.abandoned
        not_late = line.inspections_followed - line.inspections_late
        yield _Things(Indicator.RISKS_IMMEDIATE, place, line.immediate, line.rated)
        yield _Things(Indicator.ACTIONS_FINISHED, place, line.finished, kept_up)
        yield _Things(Indicator.ACTIONS_LATE, place, line.late, kept_up)
        yield _Things(Indicator.BUDGET_COMMITTED, place, line.committed, line.planned)
        yield _Things(Indicator.INSPECTIONS_NOT_LATE, place, not_late, line.inspections_followed)
        yield _Things(Indicator.ENTRIES, place, line.entries)
        yield _Things(Indicator.ENTRIES_UNANSWERED, place, line.unanswered)
    yield _Things(Indicator.RISKS_TO_EVALUATE, _WHOLE, figures.risks.to_evaluate)
    stock = figures.stock
    yield _Things(Indicator.STOCK_NOT_USABLE, _WHOLE, stock.not_usable, stock.lines)


def _merged(found: Iterable[_Things]) -> Iterator[_Things]:
    """Directions of one name are one: readers could not tell them apart."""
    places: dict[tuple[Indicator, str], _Things] = {}
    for each in found:
        place = (each.indicator, each.direction)
        other = places.get(place)
        if other is not None:
            whole = None if each.whole is None else each.whole + (other.whole or 0)
            each = _Things(*place, each.count + other.count, whole)  # noqa: PLW2901
        places[place] = each
    yield from places.values()


# -- what counts persons ------------------------------------------------------------------------

_Key = tuple[str, str]
"""What is counted, and the direction: an indicator's code, or what only a subtraction gives."""

_BY_DIRECTION: Final[tuple[tuple[Indicator, str], ...]] = (
    (Indicator.AGENTS, "agents"),
    (Indicator.ACCIDENTS, "accidents"),
    (Indicator.ACCIDENTS_5_YEARS, "accidents_5_years"),
    (Indicator.STOPPED_5_YEARS, "with_stoppage_5_years"),
    (Indicator.CREDENTIALS_EXPIRED, "expired"),
)
_HELD: Final = "held"
"""Credentials of which those valid are a part: told as their denominator."""


class _Persons:
    """The counts of persons of a department, and how they hang together."""

    def __init__(self, figures: Indicators) -> None:
        self.counts: Counter[_Key] = Counter()
        self.told: dict[_Key, None] = {}
        self.sums: list[Sum[_Key]] = []
        names = list(dict.fromkeys(each.direction.name for each in figures.directions))
        for indicator, _ in _BY_DIRECTION:
            self._tell(indicator, _WHOLE, 0)
        for line in figures.directions:
            self._of_direction(line)
        for indicator, _ in _BY_DIRECTION:
            parts = [(indicator.value, name) for name in names]
            self.counts[indicator.value, _WHOLE] = sum(self.counts[each] for each in parts)
            self.sums.append(Sum((indicator.value, _WHOLE), parts))
        for place in (_WHOLE, *names):
            self._part(Indicator.ACCIDENTS_5_YEARS, Indicator.ACCIDENTS, place)
            self._part(Indicator.ACCIDENTS_5_YEARS, Indicator.STOPPED_5_YEARS, place)
        self._of_year(figures.accident_periods[-1])
        self._of_credentials(figures)

    def _tell(self, indicator: Indicator | str, place: str, count: int | None) -> None:
        key = (str(indicator), place)
        self.counts[key] += count or 0
        self.told[key] = None

    def _of_direction(self, line: DirectionFigures) -> None:
        for indicator, name in _BY_DIRECTION:
            self._tell(indicator, line.direction.name, getattr(line, name))

    def _of_year(self, year: AccidentPeriod) -> None:
        self._tell(Indicator.ACCIDENTS_STOPPED, _WHOLE, year.with_stoppage)
        self._tell(Indicator.COMMUTING_ACCIDENTS, _WHOLE, year.commuting)
        self._tell(Indicator.DISEASES, _WHOLE, year.diseases)
        self._part(Indicator.ACCIDENTS, Indicator.ACCIDENTS_STOPPED, _WHOLE)
        self._part(Indicator.STOPPED_5_YEARS, Indicator.ACCIDENTS_STOPPED, _WHOLE)

    def _of_credentials(self, figures: Indicators) -> None:
        total = figures.credentials_total
        self._tell(Indicator.CREDENTIALS_VALID, _WHOLE, (total.valid or 0) + (total.to_renew or 0))
        expired = (Indicator.CREDENTIALS_EXPIRED.value, _WHOLE)
        valid = (Indicator.CREDENTIALS_VALID.value, _WHOLE)
        self._tell(_HELD, _WHOLE, self.counts[valid] + self.counts[expired])
        self.sums.append(Sum((_HELD, _WHOLE), (valid, expired)))
        holders = {each.months: each.holders for each in figures.certiphyto}
        self._tell(Indicator.CERTIPHYTO_HOLDERS, _WHOLE, holders.get(0))
        self._tell(Indicator.CERTIPHYTO_IN_A_YEAR, _WHOLE, holders.get(_IN_A_YEAR))
        self._part(Indicator.CERTIPHYTO_HOLDERS, Indicator.CERTIPHYTO_IN_A_YEAR, _WHOLE)

    def _part(self, whole: Indicator, part: Indicator, place: str) -> None:
        """One count is part of another: what is left is told by subtraction."""
        rest = (f"{whole} - {part}", place)
        self.counts[rest] = self.counts[whole.value, place] - self.counts[part.value, place]
        self.sums.append(Sum((whole.value, place), ((part.value, place), rest)))


def _of_persons(figures: Indicators, fewest: int) -> Iterator[Figure]:
    persons = _Persons(figures)
    hidden = held_back(persons.counts, persons.told.keys(), persons.sums, fewest)
    year, five = figures.accident_periods[-1], figures.accident_periods[0].first
    spans: dict[str, tuple[date, date]] = {
        **dict.fromkeys(
            (
                Indicator.ACCIDENTS.value,
                Indicator.ACCIDENTS_STOPPED.value,
                Indicator.COMMUTING_ACCIDENTS.value,
                Indicator.DISEASES.value,
            ),
            (year.first, year.last),
        ),
        **dict.fromkeys(
            (Indicator.ACCIDENTS_5_YEARS.value, Indicator.STOPPED_5_YEARS.value),
            (five, year.last),
        ),
    }
    for key in persons.told:
        what, direction = key
        if what == _HELD or (what == Indicator.AGENTS.value and figures.agents is None):
            continue
        first, last = spans.get(what, (None, figures.as_at))
        whole, count = None, None if key in hidden else Decimal(persons.counts[key])
        if what == Indicator.CREDENTIALS_VALID.value:
            held = (_HELD, _WHOLE)
            whole = (
                Decimal(persons.counts[held]) if held not in hidden and count is not None else None
            )
        if what == Indicator.ACCIDENTS_STOPPED.value:
            whole = _hours(year)
            days = None if count is None else Decimal(year.days_lost or 0)
            yield Figure(Indicator.DAYS_LOST, direction, year.first, year.last, days, whole)
        yield Figure(Indicator(what), direction, first, last, count, whole)


def _hours(year: AccidentPeriod) -> Decimal | None:
    """What rates are divided by; none where there are too few for one to mean anything."""
    return None if year.frequency_rate is None or year.hours is None else Decimal(year.hours)
