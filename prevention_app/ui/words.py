"""Dates, delays, hours and counts as the window says them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.exchange.typography import typeset
from prevention_app.i18n import NO_BREAK, count

SHORT_MONTHS: Final = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FAR_DAYS: Final = 90


def sentence(text: str) -> str:
    """A sentence of the services, with the spaces of French typography."""
    return typeset(text)


def short_day(day: date, today: date) -> str:
    """A day as lists show it: « 9 nov. », with the year unless it is the current one."""
    first = "er" if day.day == 1 else ""
    year = "" if day.year == today.year else f"{NO_BREAK}{day.year}"
    return f"{day.day}{first}{NO_BREAK}{SHORT_MONTHS[day.month - 1]}{year}"


def day_in_full(day: date) -> str:
    """A day in full: « 23 novembre 2026 »."""
    first = "er" if day.day == 1 else ""
    return f"{day.day}{first} {_MONTHS[day.month - 1]} {day.year}"


def long_day(day: date) -> str:
    """A day with its name: « lundi 23 novembre 2026 »."""
    return f"{_DAYS[day.weekday()]} {day_in_full(day)}"


def month(day: date) -> str:
    """The month of a day: « Novembre 2026 »."""
    return f"{_MONTHS[day.month - 1].capitalize()} {day.year}"


def hour(moment: datetime) -> str:
    """A time of day: « 9 h 41 »."""
    return f"{moment.hour}{NO_BREAK}h{NO_BREAK}{moment.minute:02}"


def moment_text(moment: datetime, today: date) -> str:
    """When something was written: « 9 nov., 9 h 41 »."""
    return f"{short_day(moment.date(), today)}, {hour(moment)}"


def delay(due_on: date, today: date) -> str:
    """How far a date is: « 10 jours » when it is past, « dans 4 jours », « aujourd’hui »."""
    days = (due_on - today).days
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "demain"
    if days < 0:
        return count(-days, "jour")
    return f"dans {count(days, 'jour')}" if days <= _FAR_DAYS else short_day(due_on, today)


_RELATIVE: Final = {"hier": -1, "aujourd'hui": 0, "auj": 0, "demain": 1}


def typed_day(text: str, today: date) -> date | None:
    """The day that a person means by « 9/11 », « 9 nov », « hier »; None for any other form.

    Without a year, the current one is meant. Raises ValueError, with a French sentence, for a
    day that does not exist.
    """
    word = fold(text)
    if word in _RELATIVE:
        return today + timedelta(days=_RELATIVE[word])
    parts = word.replace("/", " ").replace(".", " ").replace("-", " ").split()
    if len(parts) not in (2, 3) or not parts[0].removesuffix("er").isdigit():
        return None
    month = _month(parts[1])
    if month is None or not all(each.isdigit() for each in parts[2:]):
        return None
    year = int(parts[2]) if len(parts) > 2 else today.year
    if len(parts) > 2 and len(parts[2]) not in (2, 4):
        return None
    return _existing(int(parts[0].removesuffix("er")), month, year + 2000 if year < 100 else year)


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else None
    named = [
        at for at, name in enumerate(_MONTHS, 1) if len(text) > 2 and fold(name).startswith(text)
    ]
    return named[0] if named else None


def _existing(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        article = "er" if day == 1 else ""
        raise ValueError(f"Le {day}{article} {_MONTHS[month - 1]} {year} n’existe pas.") from None
