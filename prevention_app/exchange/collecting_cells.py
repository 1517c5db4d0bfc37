"""What single cells of a returned sheet mean: answers in words, days, amounts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.exchange import collecting_model as model
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.french_numbers import read_amount
from prevention_app.exchange.sheets import Scalar

_ANSWERS: Final = {
    **{fold(each): each for each in model.ANSWERS},
    **dict.fromkeys(("vrai", "inchange", "idem", "ok", "oui", "rien de change"), model.STILL_TRUE),
    **dict.fromkeys(("change", "modifie", "modifiee", "a modifier"), model.CHANGED),
    **dict.fromkeys(
        ("supprime", "supprimee", "disparu", "disparue", "a supprimer", "plus d'actualite"),
        model.GONE,
    ),
}
"""Besides the words of the list, those that people write by hand instead."""


def text_of(value: Scalar) -> str:
    """A cell as text: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def answer_of(text: str) -> str:
    """The answer that a word stands for; empty for words of one's own."""
    return _ANSWERS.get(fold(text).strip(" .!"), "")


def day_of(text: str) -> date | None:
    """The day that a text names; None where it names none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        found = read_date(text)
    except ImpossibleDate:
        return None
    return found.day if found is not None and found.precision == "day" else None


def progress_of(text: str) -> Decimal | None:
    """A share of 100; « 70 % » and a cell that Excel made 0.7 of mean the same."""
    bare = text.replace("%", "").replace("\u00a0", "").replace("\u202f", "").strip()
    try:
        number = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    if 0 < number < 1:
        number *= 100
    return number if 0 <= number <= 100 else None


def amount_of(text: str) -> Decimal | None:
    """An amount in euros; None where it is none."""
    if not text:
        return None
    found = read_amount(text)
    return found.euros if found is not None and found.euros >= 0 else None
