"""The grid of psychosocial indicators: what a register tells, and what must not be told of few."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from prevention_app.catalogue.exposure_lists import PsychosocialIndicator
from prevention_app.catalogue.values import fold
from prevention_app.domain.disclosure import Sum, held_back
from prevention_app.domain.suppression import FEWEST_PERSONS

FEWEST_ANSWERS: Final = 10
"""No result of a questionnaire or of interviews on fewer answers (P6)."""
COUNTED: Final = frozenset(
    {
        PsychosocialIndicator.VIOLENCE,
        PsychosocialIndicator.VISITS,
        PsychosocialIndicator.ENTRIES,
    }
)
"""Indicators that count persons or what happened to them; the others are rates."""

_VIOLENCE: Final = re.compile(
    r"\bagress|\bviolen|\bmenac|\binsult|\baltercation|\bincivil|\bcoups? (?:de|port|donn)|\bfrapp"
)
_BLOWS_OF_THINGS: Final = re.compile(r"\bcoups? de (?:soleil|chaleur|froid|vent|frein|volant)")
_PSYCHOSOCIAL: Final = re.compile(
    r"\brps\b|\bpsychosoc|\bharcel|\bstress|\bburn.?out|\bepuise|\bconflit|\bmal.etre|"
    r"\bsurcharge de travail|\bcharge de travail|\bsouffran"
)


def tells_of_violence(*texts: str | None) -> bool:
    """Whether the words of an accident tell of violence or of an aggression."""
    said = _BLOWS_OF_THINGS.sub("", fold(" ".join(each for each in texts if each)))
    return bool(_VIOLENCE.search(said))


def tells_of_strain(text: str | None) -> bool:
    """Whether the words of an entry in the register are about psychosocial risks."""
    return bool(_PSYCHOSOCIAL.search(fold(text or ""))) or tells_of_violence(text)


@dataclass(frozen=True, slots=True)
class GridFigure:
    """One cell of the grid: an indicator of a level and year."""

    indicator: PsychosocialIndicator
    year: int
    level: str
    """Id of an org unit or a work unit; empty for the whole department."""
    value: Decimal
    reference: str = ""
    """Of the record where it was entered; empty where it is counted from a register."""
    source: str = ""


def untold(
    figures: Iterable[GridFigure], parts: Mapping[str, str], fewest: int = FEWEST_PERSONS
) -> set[tuple[PsychosocialIndicator, int, str]]:
    """Which counts must not leave: they, or what follows from others, are of few persons (P7).

    `parts` says for each level of which wider one it is a part.
    """
    counts: dict[tuple[PsychosocialIndicator, int, str], int] = {}
    for each in figures:
        if each.indicator in COUNTED:
            counts[(each.indicator, each.year, each.level)] = int(each.value)
    told = set(counts)
    sums: list[Sum[tuple[PsychosocialIndicator, int, str]]] = []
    for indicator, year, level in sorted(told):
        below = [
            key
            for key in told
            if key[:2] == (indicator, year) and key[2] and parts.get(key[2], "") == level
        ]
        left = counts[(indicator, year, level)] - sum(counts[key] for key in below)
        if below and left >= 0:
            rest = (indicator, year, f"rest of {level}")
            counts[rest] = left
            sums.append(Sum((indicator, year, level), (*sorted(below), rest)))
    return held_back(counts, told, sums, fewest)
