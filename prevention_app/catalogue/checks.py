"""Reusable checks of values: each returns a French sentence, or None when all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from prevention_app.catalogue.description import Check, Record, RecordCheck


def not_in_future(value: date, record: Record, today: date) -> str | None:  # noqa: ARG001
    """A fact cannot be dated after today."""
    day = value.date() if isinstance(value, datetime) else value
    if day > today:
        return f"La date {day:%d/%m/%Y} est dans l’avenir."
    return None


def within(lowest: float, highest: float) -> Check:
    """The number lies between the two bounds, both allowed."""

    def check(value: Any, record: Record, today: date) -> str | None:  # noqa: ARG001
        if lowest <= value <= highest:
            return None
        return f"{value} n’est pas entre {lowest} et {highest}."

    return check


def not_negative(value: Any, record: Record, today: date) -> str | None:  # noqa: ARG001
    """Quantities, amounts and counts are zero or more."""
    return f"{value} est négatif." if value < 0 else None


def after(later: str, earlier: str, sentence: str) -> RecordCheck:
    """The date in the first field is not before that in the second."""

    def check(record: Record, today: date) -> tuple[str, str] | None:  # noqa: ARG001
        last, first = getattr(record, later, None), getattr(record, earlier, None)
        if last is not None and first is not None and last < first:
            return later, sentence
        return None

    return check


def matches(test: Callable[[str], bool], sentence: str) -> Check:
    """The text passes the test; the sentence says what was expected."""

    def check(value: Any, record: Record, today: date) -> str | None:  # noqa: ARG001
        return None if test(str(value)) else sentence

    return check


def time_of_day(value: str, record: Record, today: date) -> str | None:  # noqa: ARG001
    """A time written 14:05."""
    try:
        datetime.strptime(value, "%H:%M")  # noqa: DTZ007  (a time of day has no zone)
    except ValueError:
        return f"« {value} » n’est pas une heure (attendu : 14:05)."
    return None
