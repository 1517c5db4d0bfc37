"""Why something is decided: each rule that was asked, where it comes from, what it was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Weight(IntEnum):
    """What a rule concludes, the gravest last."""

    SILENT = 0
    """It says nothing here: it is not concerned, or it was told nothing."""
    GO = 1
    CAUTION = 2
    STOP = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule, asked about one thing on one day."""

    rule: str
    source: str
    """The text or the data that it comes from."""
    inputs: tuple[tuple[str, str], ...]
    """What it was told: name and value, as people read them."""
    conclusion: str
    """A finished sentence."""
    weight: Weight = Weight.SILENT


def gravest(reasons: Iterable[Reason]) -> Weight:
    """What all of them together come to."""
    return max((each.weight for each in reasons), default=Weight.SILENT)


def day_text(day: date | None) -> str:
    """A day as reasons write it; what is not known is said to be so."""
    return f"{day:%d/%m/%Y}" if day else "non renseigné"
