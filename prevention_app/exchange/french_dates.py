"""Dates and times as people write them in French workbooks.

An imprecise date (month, quarter, half-year, year) is given as its last day, with what was meant.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from prevention_app.catalogue.values import fold

FIRST_YEAR, LAST_YEAR = 1930, 2100
"""Outside these years a date in such a workbook is a slip or damage."""


@dataclass(frozen=True, slots=True)
class FrenchDate:
    """A date and how precisely it was meant: day, month, quarter, half_year or year."""

    day: date
    precision: str = "day"


class ImpossibleDate(ValueError):
    """It is written as a date and no calendar has it; the message says why, in French."""


_MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3,
    "avril": 4, "avr": 4, "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "jul": 7, "aout": 8,
    "aou": 8, "septembre": 9, "sept": 9, "sep": 9, "octobre": 10, "oct": 10, "novembre": 11,
    "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"((?:19|20)\d\d|'?\d\d)"
_RANK = r"(\d)\s*(?:er|re|e|eme|nd|nde)?"
_LEAD = re.compile(
    r"^(?:(?:au plus tard|avant|pour|d'ici|vers|courant|debut|mi|fin|en|le|la|l'|du|au|annee|"
    r"exercice|prevue?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)[\s-]*)+"
)
_DAY = re.compile(
    r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?:[\sT,a]+\d{1,2}[h:]\d{0,2}\S*)?"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s].*)?")
_WRITTEN = re.compile(rf"(\d{{1,2}})\s*(?:er)?[\s\-]*{_MONTH}[\s\-]*{_YEAR}")
_MONTH_NUMBER = re.compile(r"(\d{1,2})\s*[/.\-]\s*((?:19|20)\d\d)")
_SHORT_MONTH = re.compile(r"(\d{1,2})/(\d\d)")
_MONTH_NAME = re.compile(rf"{_MONTH}[\s\-/]*{_YEAR}")
_QUARTER = re.compile(
    rf"(?:[tq]\s*(\d)|{_RANK}\s*trim(?:estre)?\.?|trim(?:estre)?\.?\s*(\d))[\s\-/]*(?:de\s*)?{_YEAR}"
)
_QUARTER_LAST = re.compile(r"((?:19|20)\d\d)[\s\-/]*[tq](\d)")
_HALF = re.compile(
    rf"(?:s\s*(\d)|{_RANK}\s*sem(?:estre)?\.?|sem(?:estre)?\.?\s*(\d))[\s\-/]*(?:de\s*)?{_YEAR}"
)
_ONLY_YEAR = re.compile(r"((?:19|20)\d\d)")


def read_date(value: object) -> FrenchDate | None:
    """The date that a cell holds or a text says; None when it says none.

    Raises `ImpossibleDate` for 31/02/2026 and for years that cannot be meant.
    """
    if isinstance(value, datetime):
        return FrenchDate(_plausible(value.date(), value))
    if isinstance(value, date):
        return FrenchDate(_plausible(value, value))
    if isinstance(value, bool) or value is None or isinstance(value, time | timedelta):
        return None
    if isinstance(value, int | float):
        return _from_number(float(value))
    return _from_text(str(value))


def _plausible(day: date, written: object) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ImpossibleDate(f"date impossible ({written:%d/%m/%Y})")
    return day


_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050  # 1950 to 2100 in Excel's count of days


def _from_number(number: float) -> FrenchDate | None:
    if number == int(number) and FIRST_YEAR <= number <= LAST_YEAR:
        return FrenchDate(date(int(number), 12, 31), "year")
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return FrenchDate(date(1899, 12, 30) + timedelta(days=int(number)))
    raise ImpossibleDate(f"date impossible ({number:g})")


def _from_text(text: str) -> FrenchDate | None:
    words = " ".join(fold(text).split())
    bare = _LEAD.sub("", words).strip(" .;,")
    for reader in (_day, _month, _quarter, _half_year):
        found = reader(bare)
        if found:
            return found
    if year := _ONLY_YEAR.fullmatch(bare):
        if re.match(r"mi[\s-]", words):
            return FrenchDate(date(int(year[1]), 6, 30), "half_year")
        return FrenchDate(date(int(year[1]), 12, 31), "year")
    return None


def _day(text: str) -> FrenchDate | None:
    if match := _DAY.fullmatch(text):
        day, month, year = int(match[1]), int(match[2]), _year(match[3])
    elif match := _WRITTEN.fullmatch(text):
        day, month, year = int(match[1]), _MONTHS[match[2]], _year(match[3])
    elif match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        return None
    try:
        return FrenchDate(_plausible(date(year, month, day), date(year, month, day)))
    except ImpossibleDate:
        raise
    except ValueError:
        raise ImpossibleDate(f"date impossible ({text})") from None


def _month(text: str) -> FrenchDate | None:
    if match := _MONTH_NUMBER.fullmatch(text):
        month, year = int(match[1]), int(match[2])
    elif match := _MONTH_NAME.fullmatch(text):
        month, year = _MONTHS[match[1]], _year(match[2])
    elif (match := _SHORT_MONTH.fullmatch(text)) and int(match[2]) > 12:
        month, year = int(match[1]), _year(match[2])
    else:
        return None
    if not 1 <= month <= 12:
        raise ImpossibleDate(f"date impossible ({text})")
    return FrenchDate(_last_day(year, month), "month")


def _quarter(text: str) -> FrenchDate | None:
    if match := _QUARTER.fullmatch(text):
        rank, year = int(match[1] or match[2] or match[3]), _year(match[4])
    elif match := _QUARTER_LAST.fullmatch(text):
        rank, year = int(match[2]), int(match[1])
    else:
        return None
    if not 1 <= rank <= 4:
        raise ImpossibleDate(f"date impossible ({text})")
    return FrenchDate(_last_day(year, 3 * rank), "quarter")


def _half_year(text: str) -> FrenchDate | None:
    match = _HALF.fullmatch(text)
    if not match:
        return None
    rank, year = int(match[1] or match[2] or match[3]), _year(match[4])
    if not 1 <= rank <= 2:
        raise ImpossibleDate(f"date impossible ({text})")
    return FrenchDate(_last_day(year, 6 * rank), "half_year")


def _year(text: str) -> int:
    year = int(text.lstrip("'"))
    return year if year >= 100 else (2000 + year if year < 70 else 1900 + year)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


_TIME = re.compile(
    r"(?:a\s*|vers\s*)?(\d{1,2})\s*(?:h(?:eures?)?|:)\s*(\d{1,2})?(?:\s*(?:mn|min))?(?::\d\d)?"
)


def read_time(value: object) -> time | None:
    """The time of day: 14h30, 6 h, 06:00, an Excel time or part of a day; None otherwise."""
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        return _of_minutes(round(value.total_seconds() / 60))
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        if 0 <= value < 1:
            return _of_minutes(round(value * 1440))
        return time(int(value)) if value == int(value) and value < 24 else None
    match = _TIME.fullmatch(" ".join(fold(str(value)).split()))
    if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return time(int(match[1]), int(match[2] or 0))
    return None


def _of_minutes(minutes: int) -> time | None:
    return time(minutes // 60, minutes % 60) if 0 <= minutes < 1440 else None
