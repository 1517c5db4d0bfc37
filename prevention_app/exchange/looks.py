"""How well the values of a column fit a field: 1 yes, 0 they do not tell, -1 they contradict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.french_numbers import read_amount, read_number, read_yes_no
from prevention_app.exchange.import_kinds import ColumnFacts, Look
from prevention_app.exchange.sheets import Scalar

SAMPLE = 60
"""How many values are looked at; a column shows its kind in its first ones."""


def looks_like(fits: Callable[[Scalar], bool], *, against: float = 0.25) -> Look:
    """The look of a column whose values one by one fit a test."""

    def look(facts: ColumnFacts) -> float:
        return _verdict(_share(facts, fits), against)

    return look


def _share(facts: ColumnFacts, fits: Callable[[Scalar], bool]) -> float | None:
    sample = facts.values[:SAMPLE]
    return sum(map(fits, sample)) / len(sample) if sample else None


def _verdict(share: float | None, against: float) -> float:
    if share is None:
        return 0.0
    return 1.0 if share >= 0.8 else -1.0 if share <= against else 0.0


def is_text(value: Scalar) -> bool:
    """A text that is neither a figure nor a date."""
    return isinstance(value, str) and read_number(value) is None and not is_about_a_date(value)


def is_long_text(value: Scalar) -> bool:
    """A text of several words."""
    return is_text(value) and len(str(value)) >= 12


def is_number(value: Scalar) -> bool:
    """A number, in a number cell or as text."""
    return read_number(value) is not None


def is_whole(value: Scalar) -> bool:
    """A whole number that is not negative."""
    number = read_number(value)
    return number is not None and number >= 0 and number == number.to_integral_value()


def is_amount(value: Scalar) -> bool:
    """An amount of money, or words about one."""
    return read_amount(value) is not None


def is_about_a_date(value: Scalar) -> bool:
    """A date however imprecise, an impossible one too."""
    if isinstance(value, date):
        return True
    if isinstance(value, str):
        try:
            return read_date(value) is not None
        except ImpossibleDate:
            return True
    return False


def is_date_or_year(value: Scalar) -> bool:
    """A date however imprecise, a year in a number cell too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return 1950 <= value <= 2100
    return is_about_a_date(value)


def is_yes_no(value: Scalar) -> bool:
    """Yes or no."""
    return read_yes_no(value) is not None


TEXT = looks_like(is_text)
LONG_TEXT = looks_like(is_long_text)
NUMBER = looks_like(is_number)
WHOLE = looks_like(is_whole)
AMOUNT = looks_like(is_amount)
DATE = looks_like(is_about_a_date, against=0.05)
DATE_OR_YEAR = looks_like(is_date_or_year, against=0.05)
YES_NO = looks_like(is_yes_no)
