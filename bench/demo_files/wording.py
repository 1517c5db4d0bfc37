"""The starter library's wording of risks, by type of work unit, read from a file beside this."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wording:
    """One situation of the starter library, with what it proposes."""

    family: str
    situation: str
    harm: str
    existing: tuple[str, ...]
    proposed: tuple[str, ...]
    severity: int
    frequency: int


@cache
def wordings() -> dict[str, list[Wording]]:
    """The library's situations for each type of work unit."""
    by_type: dict[str, list[Wording]] = {}
    path = Path(__file__).with_name("starter_wording.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter=";"):
            by_type.setdefault(line["unit_type"], []).append(
                Wording(
                    family=line["family"],
                    situation=line["situation"],
                    harm=line["harm"],
                    existing=tuple(line["existing"].split("|")),
                    proposed=tuple(line["proposed"].split("|")),
                    severity=int(line["severity"]),
                    frequency=int(line["frequency"]),
                )
            )
    return by_type
