"""What all demonstration files share: the day they were made for, the employers, chance, faults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

TODAY = date(2026, 11, 24)
"""The day on which the files pretend to have been put together."""


@dataclass(frozen=True, slots=True)
class Department:
    """An employer: its number and its name as titles write it."""

    code: str
    name: str


DEPARTMENTS = (
    Department("41", "Loir-et-Cher"),
    Department("45", "Loiret"),
    Department("28", "Eure-et-Loir"),
)
UNKNOWN_DEPARTMENT = 37
"""A real number that is none of the three: lines that name it must be refused."""


def stream(name: str) -> random.Random:
    """A source of chance of its own for each file, so that changing one leaves the others alone."""
    return random.Random(f"prevention-demo-{name}")


_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def working_day(day: date) -> date:
    """The day itself, or the working day before it (Easter's holidays are not known here)."""
    while day.weekday() > 4 or (day.month, day.day) in _HOLIDAYS:
        day -= timedelta(days=1)
    return day


def day_between(rng: random.Random, first: date, last: date) -> date:
    """A working day between two dates; it may fall a few days before the first."""
    return working_day(first + timedelta(days=rng.randint(0, (last - first).days)))


def french(day: date) -> str:
    """The day as people type it: 24/11/2026."""
    return day.strftime("%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is wrong on purpose: where it is and what is wrong with it."""

    file: str
    sheet: str
    row: int
    what: str


@dataclass(slots=True)
class Faults:
    """All lines that are wrong on purpose, in the order in which they were written."""

    found: list[Fault] = field(default_factory=list)

    def note(self, file: str, sheet: str, row: int, what: str) -> None:
        """Remember a wrong line; rows count from 1 as spreadsheets show them."""
        self.found.append(Fault(file, sheet, row, what))
