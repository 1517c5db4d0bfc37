"""Spans of time as prevention counts them: months and weeks, quarters, twelve-month periods."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

_WEEKS_IN_A_MONTH = 4
_COUNTED_IN_WEEKS_UNDER = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included, and what people call it."""

    label: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def add_months(day: date, months: Decimal | int) -> date:
    """The day so many months later (earlier when negative), at the latest on the month's last day.

    Part of a month is so many quarters of it, a quarter being a week: 0.25 is weekly, 0.5 every
    other week. Under three months a broken period is counted in weeks alone: 1.5 is six weeks.
    What lies beyond the calendar is its last or first day.
    """
    whole = int(months)
    days = round((months - whole) * _WEEKS_IN_A_MONTH * 7)
    if days and abs(months) < _COUNTED_IN_WEEKS_UNDER:
        days, whole = round(months * _WEEKS_IN_A_MONTH * 7), 0
    place = day.year * 12 + day.month - 1 + whole
    year, month = divmod(place, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if whole > 0 else date.min
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    try:
        return moved + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def twelve_months(until: date, count: int) -> list[Span]:
    """The last periods of twelve months, the latest ending on that day, earliest first.

    Each is named after the years that it touches: « 2025-2026 », or « 2026 » for a calendar year.
    """
    spans: list[Span] = []
    after = until + timedelta(days=1)
    for back in reversed(range(count)):
        first = add_months(after, -12 * (back + 1))
        last = add_months(after, -12 * back) - timedelta(days=1)
        years = dict.fromkeys((first.year, last.year))
        spans.append(Span("-".join(map(str, years)), first, last))
    return spans


def quarters(until: date, count: int) -> list[Span]:
    """The last calendar quarters, the latest being that of the day, earliest first: « T3 2026 »."""
    newest = until.year * 4 + (until.month - 1) // 3
    spans: list[Span] = []
    for place in range(newest - count + 1, newest + 1):
        year, quarter = divmod(place, 4)
        first = date(year, quarter * 3 + 1, 1)
        last = add_months(first, 3) - timedelta(days=1)
        spans.append(Span(f"T{quarter + 1} {year}", first, last))
    return spans
