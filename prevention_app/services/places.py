"""The levels of the organisation as they stand: what is there, and what was joined with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prevention_app.storage.query import Query, Reader


@dataclass(frozen=True, slots=True)
class Places:
    """Org units, work units or sites of some departments."""

    rows: Mapping[str, tuple[Any, ...]]
    """Id → owner and the fields asked for, of those that stand for themselves."""
    joined: Mapping[str, str]
    """Id of a place → that of the one it was joined with."""

    def lead(self, key: str | None) -> str | None:
        """The place that counts for this one; None for what is not here."""
        lead = _lead(key or "", self.joined)
        return lead if lead in self.rows else None


def read_places(
    read: Reader, register: str, fields: Sequence[str], owners: tuple[str, ...]
) -> Places:
    """One level of the organisation of these departments (of all when empty)."""
    query = Query(register, owners=owners, with_deleted=True)
    rows = read.walk(query, ("owner", "deleted", "same_as", *fields))
    joined = {row[0]: row[3] for row in rows if row[3] and not row[2]}
    live = {
        row[0]: (row[1], *row[4:]) for row in rows if not row[2] and _lead(row[0], joined) == row[0]
    }
    return Places(live, joined)


def _lead(key: str, joined: Mapping[str, str]) -> str:
    """What a place was joined with, however far that leads; of a ring, the least id."""
    ring: list[str] = []
    while key in joined and key not in ring:
        ring.append(key)
        key = joined[key]
    return min(ring[ring.index(key) :]) if key in ring else key
