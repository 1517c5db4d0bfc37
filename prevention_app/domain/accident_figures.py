"""How accidents are counted: by periods of twelve months, by cause, by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain.facts import AccidentFact
from prevention_app.domain.figures import grouped
from prevention_app.domain.indicators import (
    HOURS_A_YEAR,
    SERVICE_ACCIDENTS,
    AccidentGroup,
    AccidentPeriod,
)
from prevention_app.domain.periods import Span


def accident_period(
    span: Span, accidents: Iterable[AccidentFact], full_time: int | None, fewest: int
) -> AccidentPeriod:
    """The accidents of one period, with rates where the denominator is large enough."""
    inside = [each for each in accidents if span.holds(each.happened_on)]
    kinds = Counter(each.kind for each in inside)
    at_work = [each for each in inside if each.kind in SERVICE_ACCIDENTS]
    stopped = sum(each.with_stoppage for each in at_work)
    days = sum(each.days_lost for each in at_work)
    hours = full_time * HOURS_A_YEAR if full_time else None
    meaningful = hours if full_time and full_time >= fewest else None
    return AccidentPeriod(
        span.label,
        span.first,
        span.last,
        accidents=len(at_work),
        with_stoppage=stopped,
        days_lost=days,
        commuting=kinds[AccidentKind.COMMUTING],
        diseases=kinds[AccidentKind.DISEASE],
        near_misses=kinds[AccidentKind.NEAR_MISS],
        hours=hours,
        frequency_rate=rate_per(stopped, 1_000_000, meaningful),
        severity_rate=rate_per(days, 1_000, meaningful),
    )


def rate_per(count: int, per: int, hours: float | None) -> float | None:
    """So many for each so many hours; None where the hours are not known."""
    return count * per / hours if hours else None


def accident_causes(
    accidents: Iterable[AccidentFact], spans: Sequence[Span]
) -> tuple[AccidentGroup, ...]:
    """Accidents at work of the last two periods by material element, most frequent first."""
    at_work = [each for each in accidents if each.kind in SERVICE_ACCIDENTS]
    causes = grouped(at_work, lambda each: each.material_element)
    lines = [_accident_group(label, members, spans) for label, members in causes.items()]
    shown = [each for each in lines if each.current or each.previous]
    return tuple(
        sorted(shown, key=lambda each: (-(each.current or 0), -(each.previous or 0), each.label))
    )


def accident_kinds(
    accidents: Iterable[AccidentFact], spans: Sequence[Span]
) -> tuple[AccidentGroup, ...]:
    """Accidents and diseases of the last two periods by kind, in the order of the list."""
    kinds = grouped(accidents, lambda each: each.kind)
    return tuple(
        _accident_group(each.label_fr, kinds.get(each, []), spans) for each in AccidentKind
    )


def _accident_group(
    label: str, members: Sequence[AccidentFact], spans: Sequence[Span]
) -> AccidentGroup:
    previous, current = spans[-2:]
    recent = [each for each in members if current.holds(each.happened_on)]
    return AccidentGroup(
        label,
        current=len(recent),
        previous=sum(previous.holds(each.happened_on) for each in members),
        days_lost=sum(each.days_lost for each in recent),
    )
