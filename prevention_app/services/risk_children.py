"""What is read of the records that belong to risks, before where each risk stands is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from prevention_app.domain.ratings import CRITERIA

READ_FIRST: Final = {
    "rating": ("risk", "work_unit", "rated_on", "method", *CRITERIA),
    "planned_action": ("risk", "state", "due", "revised_due", "done_on"),
    "existing_measure": ("risk", "measure_type"),
    "not_applicable": ("risk", "work_unit"),
}
"""Register → the fields that are read of it; the risk comes first."""


class Children:
    """What was read of the records that belong to risks, by the id of the risk."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.ratings: dict[str, dict[str, tuple[Any, ...]]] = {}
        """By the variant for which alone they hold; that of the risk itself under no name."""
        self.absent: dict[str, set[str]] = {}
        """Variants that do not have a risk of their unit type."""
        self.actions: dict[str, list[tuple[Any, ...]]] = {}
        self.measures: dict[str, set[Any]] = {}

    def take(self, register: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep rows of one of the registers; of ratings, the latest."""
        if register == "rating":
            for row in rows:
                latest = self.ratings.get(row[1])
                held = latest.get(row[2] or "") if latest else None
                if latest is None:
                    self.ratings[row[1]] = {row[2] or "": row}
                elif held is None or _age(held) < _age(row):
                    latest[row[2] or ""] = row
        elif register == "planned_action":
            for row in rows:
                self.actions.setdefault(row[1], []).append(row)
        elif register == "not_applicable":
            for _, risk, unit in rows:
                self.absent.setdefault(risk, set()).add(unit)
        else:
            for _, risk, kind in rows:
                self.measures.setdefault(risk, set()).add(kind)


def _age(rating: tuple[Any, ...]) -> tuple[str, str]:
    """What orders ratings: their date, then the moment in which they were entered."""
    return rating[3] or "", rating[0]
