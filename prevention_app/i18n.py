"""The language of the program: French sentences are the source, English is a translation.

Dates, numbers and amounts are written here as people read them; files and JSON never are.
"""

from __future__ import annotations

import gettext
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

Language = Literal["fr", "en"]

DOMAIN: Final = "prevention"
NARROW: Final = "\u202f"
"""The narrow no-break space: between thousands, before ; : ! ? in French."""
NO_BREAK: Final = "\u00a0"

_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}

_FRENCH_MARKS: Final = str.maketrans({",": NARROW, ".": ","})


class _Source(gettext.NullTranslations):
    """The French sentences as they stand in the code; zero counts as singular."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2


class _Current:
    """The language in force in this process."""

    def __init__(self) -> None:
        asked = os.environ.get("PREVENTION_LANGUAGE", "")
        self.language: Language = "en" if asked.lower().startswith("en") else "fr"
        self.sentences: gettext.NullTranslations = _Source()


_current = _Current()


def use_language(language: Language, translations: Path) -> None:
    """Speak this language from now on.

    Args:
        language: French is the source; English needs `translations`.
        translations: the folder LANGUAGE/LC_MESSAGES/prevention.mo; a sentence that is not
            translated there stays French.
    """
    _current.language = language
    _current.sentences = _Source()
    if language != "fr":
        found = gettext.translation(DOMAIN, translations, [language], fallback=True)
        found.add_fallback(_Source())
        _current.sentences = found


def language() -> Language:
    """The language in force: PREVENTION_LANGUAGE, unless a setting chose another."""
    return _current.language


def _(sentence: str) -> str:
    """The sentence in the language in force; written in French where it is used."""
    return _current.sentences.gettext(sentence)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The sentence for one or for many; zero is singular in French."""
    return _current.sentences.ngettext(singular, plural, count)


def date_text(day: date) -> str:
    """A date in figures: 12/03/2026."""
    return f"{day:%d/%m/}{day.year:04}"


def day_text(day: date) -> str:
    """A day of the current year in words: « 12 mars », « 1er mars », "12 March"."""
    month = _MONTHS[_current.language][day.month - 1]
    first = day.day == 1 and _current.language == "fr"
    return f"{day.day}{'er' if first else ''}{NO_BREAK}{month}"


def number_text(number: float | Decimal, decimals: int | None = None) -> str:
    """A number with separated thousands: 1 234,5; as many decimals as it has, or as asked."""
    text = f"{number:,.{decimals}f}" if decimals is not None else f"{number:,}"
    if _current.language == "en":
        return text
    return text.translate(_FRENCH_MARKS)


def euro_text(amount: float | Decimal) -> str:
    """An amount: 1 234,50 €; whole euros without cents; €1,234.50 in English."""
    whole = amount == int(amount)
    text = number_text(amount, 0 if whole else 2)
    return f"€{text}" if _current.language == "en" else f"{text}{NO_BREAK}€"
