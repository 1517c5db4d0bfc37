"""Dates as Excel keeps them: a number of days, and a format that says that it is a date."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache

Moment = date | datetime | time | timedelta

_LAST_DAY = 2_958_465
"""31/12/9999, the last day that Excel shows."""
_FALSE_LEAP_DAY = 60
"""29/02/1900 never was; Excel inherited it from Lotus 1-2-3 for the sake of its files."""
_DAY_MS = 86_400_000


class DateKind(Enum):
    """What a number format shows of a number of days."""

    DATE = "date"
    DATE_AND_TIME = "date and time"
    TIME = "time of day"
    DURATION = "duration"


_BUILT_IN = {
    **dict.fromkeys([14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58], DateKind.DATE),
    **dict.fromkeys([18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56], DateKind.TIME),
    22: DateKind.DATE_AND_TIME,
    46: DateKind.DURATION,
}
"""Formats known by number alone (ECMA-376 part 1, 18.8.30)."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_HALF_DAY = re.compile(r"am/pm|a/p")


def built_in_kind(number: int) -> DateKind | None:
    """What a format shows that the file names by a standard number only."""
    return _BUILT_IN.get(number)


@lru_cache(maxsize=4096)
def format_kind(code: str) -> DateKind | None:
    """What a format code such as `dd/mm/yyyy hh:mm` shows; None when it shows no date."""
    code = _LITERAL.sub("", code).split(";")[0].lower()
    if code in ("general", "standard"):
        return None
    if _ELAPSED.search(code):
        return DateKind.DURATION
    code = _BRACKETS.sub("", code)
    without_half_day = _HALF_DAY.sub("", code)
    has_time = code != without_half_day or "h" in code or "s" in code
    has_day = "d" in without_half_day or "y" in code
    if has_time:
        return DateKind.DATE_AND_TIME if has_day else DateKind.TIME
    return DateKind.DATE if has_day or "m" in code else None


def moment(serial: float, kind: DateKind, *, from_1904: bool = False) -> Moment | None:
    """What the number means, to the millisecond; None when it is no possible date.

    Whole days are dates, whatever the format; days with a fraction are dates with a time, even
    where the format hides it; a fraction alone is a time of day unless a bare date was promised.
    """
    if not math.isfinite(serial) or abs(serial) > _LAST_DAY + 1:
        return None
    if kind is DateKind.DURATION:
        return timedelta(milliseconds=round(serial * _DAY_MS))
    days, rest = divmod(round(serial * _DAY_MS), _DAY_MS)
    if days < 0:
        return None
    if days == 0 and (kind is DateKind.TIME or (rest and kind is DateKind.DATE_AND_TIME)):
        return (datetime.min + timedelta(milliseconds=rest)).time()
    day = _day_1904(days) if from_1904 else _day_1900(days)
    if day is None or not rest:
        return day
    return datetime.combine(day, time.min) + timedelta(milliseconds=rest)


def _day_1900(days: int) -> date | None:
    if days in (0, _FALSE_LEAP_DAY) or days > _LAST_DAY:
        return None
    return (date(1899, 12, 31) if days < _FALSE_LEAP_DAY else date(1899, 12, 30)) + timedelta(days)


def _day_1904(days: int) -> date | None:
    first = date(1904, 1, 1)
    return first + timedelta(days) if days <= (date.max - first).days else None


def iso_moment(text: str) -> Moment | None:
    """What a date or time written as ISO 8601 means; None when it is no possible date.

    A time on the day from which spreadsheets count is a time of day; midnight is a bare date.
    """
    text = text.strip()
    try:
        if "-" not in text:
            return time.fromisoformat(text).replace(tzinfo=None)
        found = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    if found.date() in (date(1899, 12, 30), date(1899, 12, 31)):
        return found.time()
    return found.date() if found.time() == time.min else found
