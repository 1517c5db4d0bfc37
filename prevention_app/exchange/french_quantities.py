"""Quantities of products as people write them: « 2 bidons de 5 L », « env. 9 kg », « 4 x 10L »."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from prevention_app.catalogue.values import fold
from prevention_app.exchange.french_numbers import ABOUT, plain, read_number


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a product: in kg, L or units, and the containers that it was counted in."""

    number: Decimal | None
    unit: str | None
    containers: int | None = None
    container_size: Decimal | None = None
    approximate: bool = False
    opened: bool = False
    rest: str = ""
    """What was written besides."""


_UNITS: dict[str, tuple[str, Decimal]] = {
    "kg": ("kg", Decimal(1)), "kgs": ("kg", Decimal(1)), "kilo": ("kg", Decimal(1)),
    "kilos": ("kg", Decimal(1)), "g": ("kg", Decimal("0.001")), "gr": ("kg", Decimal("0.001")),
    "grammes": ("kg", Decimal("0.001")), "t": ("kg", Decimal(1000)),
    "l": ("L", Decimal(1)), "litre": ("L", Decimal(1)), "litres": ("L", Decimal(1)),
    "lt": ("L", Decimal(1)), "ml": ("L", Decimal("0.001")), "cl": ("L", Decimal("0.01")),
    "dl": ("L", Decimal("0.1")), "hl": ("L", Decimal(100)),
}  # fmt: skip
_UNIT = "(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
_CONTAINER = (
    r"(?:bidons?|bouteilles?|flacons?|sacs?|boites?|futs?|jerr[iy]cans?|seaux?|sachets?|"
    r"pots?|cartons?|paquets?|conteneurs?|doses?|unites?|aerosols?|tubes?|u)"
)
_DECIMAL = r"((?:\d{1,3}(?:\s\d{3})+|\d+)(?:[.,]\d+)?)"
_TIMES_OF = rf"(?:(?:x|\*)|{_CONTAINER}(?:\s*entamee?s?)?\s*(?:de|d'|x|a|:|\()?|(?=\s)\s*de(?=\s))"
_PACKED = re.compile(rf"(?<![\d,.])(\d+)\s*{_TIMES_OF}\s*{_DECIMAL}\s*{_UNIT}\b\.?")
_TURNED = re.compile(rf"{_DECIMAL}\s*{_UNIT}\s*(?:x|\*)\s*(\d+)\b")
_RANGE = re.compile(rf"\d+\s*(?:a|-|ou)\s*{_DECIMAL}\s*{_UNIT}\b\.?")
_BULK = re.compile(rf"{_DECIMAL}\s*{_UNIT}\b\.?")
_PIECES = re.compile(rf"(\d+)\s*({_CONTAINER})\b")
_PART = re.compile(
    rf"(?:(\d)\s*[/\u2044]\s*(\d)|demie?|moitie)[\s-]*(?:d'un[\s-]*)?(?={_CONTAINER})"
)
_LEFT = re.compile(rf"\b(?:reste|restant|contient)\b\D{{0,14}}{_DECIMAL}\s*{_UNIT}\b\.?")
_OPENED = re.compile(r"\b(?:entamee?s?|ouverte?s?)\b")
_EMPTY = frozenset({"vide", "vides", "neant", "aucun", "aucune", "rien", "zero"})
_ADDED = re.compile(r"\s*\+\s*|\s+et\s+(?=\d)")


def read_quantity(value: object) -> Quantity | None:
    """How much: « env. 9 kg », « 2 bidons de 5 L », « 4 x 10L », « 500 ml » (0.5 L), 12.

    How much is left in an opened container is not known: its size is, the number is None.
    """
    number = read_number(value)
    if number is not None:
        return Quantity(number, None)
    text = " ".join(fold(str(value or "")).split())
    approximate = bool(ABOUT.search(text))
    bare = ABOUT.sub("", text)
    if bare in _EMPTY:
        return Quantity(Decimal(0), None)
    if bare.startswith(("-", "\u2212")) and (found := _counted(bare[1:].strip())):
        return replace(found, number=found.number and -found.number, approximate=approximate)
    parts = [_counted(part) for part in _ADDED.split(bare)]
    known = [part for part in parts if part]
    if len(known) < len(parts) or not known:
        found = _counted(bare)
        return found and replace(found, approximate=approximate or found.approximate)
    added = _sum(known)
    return replace(added, approximate=approximate or added.approximate)


def read_unit(text: str) -> tuple[str, Decimal] | None:
    """The unit that a text names, as kg or L, and what one is worth of it: « ml » is 0.001 L."""
    return _UNITS.get(fold(text).strip(" .()"))


def _counted(text: str) -> Quantity | None:
    """One quantity: containers, a bulk, pieces; what is left of an opened one where it says so."""
    if match := _LEFT.search(text):
        left = _bulk(match)
        packed = _counted(text[: match.start()].rstrip(" (,:-"))
        containers, size = (packed.containers, packed.container_size) if packed else (None, None)
        return Quantity(left.number, left.unit, containers, size, opened=True)
    if match := _RANGE.search(text):
        return Quantity(None, _UNITS[match[2]][0], approximate=True)
    part = _PART.search(text)
    whole = text[: part.start()] + "1 " + text[part.end() :] if part else text
    opened = bool(_OPENED.search(whole)) or part is not None
    bare = _OPENED.sub("", whole)
    for pattern, reading in _READINGS:
        if match := pattern.search(bare):
            found = reading(match)
            number = None if opened and found.containers else found.number
            if part and found.number is not None:
                number = plain(found.number * _share_of(part))
            rest = (bare[: match.start()] + bare[match.end() :]).strip(" ,;()")
            return replace(
                found, number=number, opened=opened, approximate=part is not None, rest=rest
            )
    return None


def _share_of(part: re.Match[str]) -> Decimal:
    if part[1] and int(part[2]):
        return Decimal(part[1]) / Decimal(part[2])
    return Decimal("0.5")


def _sum(parts: list[Quantity]) -> Quantity:
    if len(parts) == 1:
        return parts[0]
    units = {part.unit for part in parts}
    sizes = {part.container_size for part in parts}
    numbers = [part.number for part in parts if part.number is not None]
    known = len(units) == 1 and len(numbers) == len(parts)
    counted = [part.containers for part in parts if part.containers is not None]
    return Quantity(
        plain(sum(numbers, Decimal(0))) if known else None,
        parts[0].unit if len(units) == 1 else None,
        sum(counted) if len(counted) == len(parts) else None,
        parts[0].container_size if len(sizes) == 1 else None,
        approximate=any(part.approximate for part in parts),
        opened=any(part.opened for part in parts),
    )


def _decimal(text: str) -> Decimal:
    return read_number(text) or Decimal(0)


def _packed(match: re.Match[str]) -> Quantity:
    unit, times = _UNITS[match[3]]
    size = plain(_decimal(match[2]) * times)
    return Quantity(plain(int(match[1]) * size), unit, int(match[1]), size)


def _bulk(match: re.Match[str]) -> Quantity:
    unit, times = _UNITS[match[2]]
    return Quantity(plain(_decimal(match[1]) * times), unit)


def _pieces(match: re.Match[str]) -> Quantity:
    return Quantity(None, None, containers=int(match[1]))


def _turned(match: re.Match[str]) -> Quantity:
    unit, times = _UNITS[match[2]]
    size = plain(_decimal(match[1]) * times)
    return Quantity(plain(int(match[3]) * size), unit, int(match[3]), size)


_READINGS = ((_PACKED, _packed), (_TURNED, _turned), (_BULK, _bulk), (_PIECES, _pieces))
