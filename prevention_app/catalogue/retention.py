"""How long the records of a register are kept, and what becomes of them then (P24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.description import Choice


class Fate(Choice):
    """What becomes of records whose time is over."""

    ELIMINATED = "eliminated", "Élimination", "Elimination"
    SORTED = "sorted", "Tri", "Sorting"
    KEPT = "kept", "Conservation définitive", "Permanent keeping"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long records are kept; a register that declares none keeps its records."""

    years: int
    counted_from: str
    """Key of the date from which the years count."""
    fate: Fate
    source: str
    """Where it is written, or what it rests upon."""
    newest_kept: int = 0
    """The newest few stay whatever their age, of each record that `newest_of` refers to."""
    newest_of: str = ""

    def limit(self, today: date) -> date:
        """Records dated before this day have been kept long enough."""
        try:
            return today.replace(year=today.year - self.years)
        except ValueError:  # a 29 February
            return today.replace(year=today.year - self.years, day=28)
