"""How numbers look in French; labels carry both languages in their declarations."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

NARROW: Final = "\u202f"
"""Narrow no-break space: between thousands, before ; : ! ?"""
NO_BREAK: Final = "\u00a0"
"""No-break space: within guillemets, before €."""

_FRENCH_MARKS: Final = str.maketrans({",": NARROW, ".": ","})


def number_text(number: float | Decimal, decimals: int | None = None) -> str:
    """A number with separated thousands: 1 234,5; as many decimals as it has, or as asked."""
    text = f"{number:,.{decimals}f}" if decimals is not None else f"{number:,}"
    return text.translate(_FRENCH_MARKS)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: « 1 fiche », « 15 052 fiches »; zero is singular."""
    plural = many or f"{one}s"
    return f"{number_text(number)}{NO_BREAK}{plural if number > 1 else one}"
