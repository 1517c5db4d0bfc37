"""How the figures of each direction are counted, and those of all together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from prevention_app.domain.accident_figures import rate_per
from prevention_app.domain.facts import Direction, Facts
from prevention_app.domain.figures import (
    budget_line,
    credential_line,
    grouped,
    inspection_line,
    programme_line,
    risk_figures,
)
from prevention_app.domain.indicators import (
    FEWEST_FULL_TIME,
    HOURS_A_YEAR,
    SERVICE_ACCIDENTS,
    DirectionFigures,
)
from prevention_app.domain.periods import Span, twelve_months
from prevention_app.domain.ratings import RatingMethod

ALL = "Total"
PERIODS = 5
"""Accidents of one direction are few: they are summed over five years (P7)."""


class _Placed(Protocol):
    @property
    def direction(self) -> Direction: ...


F = TypeVar("F", bound=_Placed)


def direction_figures(
    facts: Facts, method: RatingMethod, as_at: date, fewest_full_time: int = FEWEST_FULL_TIME
) -> tuple[DirectionFigures, ...]:
    """One line a direction, most people first; what belongs to none comes last."""
    split = _by_direction(facts)
    lines = [
        _direction_line(each, part, method, as_at, _full_time_of(each, facts, fewest_full_time))
        for each, part in split.items()
    ]
    return tuple(sorted(lines, key=_line_order))


def _line_order(line: DirectionFigures) -> tuple[bool, int, Direction]:
    return not line.direction.id, -(line.agents or 0), line.direction


def _by_direction(facts: Facts) -> dict[Direction, Facts]:
    risks, actions = _placed(facts.risks), _placed(facts.actions)
    inspections, credentials = _placed(facts.inspections), _placed(facts.credentials)
    entries, accidents = _placed(facts.entries), _placed(facts.accidents)
    everywhere: set[Direction] = set(facts.agents)
    for each in (risks, actions, inspections, credentials, entries, accidents):
        everywhere |= set(each)
    return {
        each: Facts(
            facts.employers,
            {each: facts.agents.get(each, 0)},
            risks.get(each, []),
            actions.get(each, []),
            inspections.get(each, []),
            credentials.get(each, []),
            entries.get(each, []),
            accidents.get(each, []),
        )
        for each in everywhere
    }


def _placed(items: Iterable[F]) -> dict[Direction, list[F]]:
    return grouped(items, lambda each: each.direction)


def _full_time_of(direction: Direction, facts: Facts, fewest: int) -> float | None:
    """Its share of the department's full-time equivalents, by its people; None under the fewest."""
    employer = next((each for each in facts.employers if each.number == direction.department), None)
    if employer is None or not employer.full_time_equivalents:
        return None
    people = sum(
        count for each, count in facts.agents.items() if each.department == direction.department
    )
    share = facts.agents.get(direction, 0) / people if people else 0
    full_time = employer.full_time_equivalents * share
    return full_time if full_time >= fewest else None


def _direction_line(
    direction: Direction,
    part: Facts,
    method: RatingMethod,
    as_at: date,
    full_time: float | None,
) -> DirectionFigures:
    risks = risk_figures(part.risks, method)
    of_year = [each for each in part.actions if each.year == as_at.year]
    programme, budget = programme_line(as_at.year, of_year), budget_line(None, "", of_year)
    inspections = inspection_line("", part.inspections)
    year, five_years = _last_year_and_five(as_at)
    at_work = [each for each in part.accidents if each.kind in SERVICE_ACCIDENTS]
    over_5_years = [each for each in at_work if five_years.holds(each.happened_on)]
    stopped = sum(each.with_stoppage for each in over_5_years)
    hours = full_time * HOURS_A_YEAR * PERIODS if full_time else None
    return DirectionFigures(
        direction,
        agents=sum(part.agents.values()) or None,
        rated=risks.rated,
        residual=tuple(each.residual for each in risks.levels),
        immediate=risks.immediate,
        actions=programme.total,
        finished=programme.finished,
        abandoned=programme.abandoned,
        late=programme.late,
        planned=budget.planned,
        committed=budget.committed,
        entries=sum(year.holds(each.reported_on) for each in part.entries),
        unanswered=sum(each.overdue for each in part.entries),
        accidents=sum(year.holds(each.happened_on) for each in at_work),
        accidents_5_years=len(over_5_years),
        with_stoppage_5_years=stopped,
        days_5_years=sum(each.days_lost for each in over_5_years),
        frequency_rate_5_years=rate_per(stopped, 1_000_000, hours),
        inspections_late=inspections.late + inspections.never_done,
        inspections_followed=inspections.followed,
        expired=credential_line("", "", "", part.credentials).expired,
    )


def _last_year_and_five(as_at: date) -> tuple[Span, Span]:
    spans = twelve_months(as_at, PERIODS)
    return spans[-1], Span("", spans[0].first, spans[-1].last)


def total_line(
    facts: Facts, method: RatingMethod, as_at: date, fewest_full_time: int
) -> DirectionFigures:
    """The departments as a whole: the line under those of the directions."""
    full_time = facts.full_time_equivalents
    meaningful = full_time if full_time and full_time >= fewest_full_time else None
    name = Direction("", ALL)
    return _direction_line(name, facts, method, as_at, meaningful)
