"""What an exchange brought, by whatever way: told from how things stood before it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prevention_app.storage import journal
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry

LateLeaf = tuple[str, int, int, bytes, bytes]
"""Station, number, position, salt and body of a leaf whose entry may be here."""
_NOTED: Final = 1000
"""So many of what needs a person are noted one by one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where things stood."""

    vector: Mapping[str, int]
    deliveries: int
    conflicts: frozenset[tuple[str, str, str]]
    """Record, kind and field of the values to settle."""
    aside: frozenset[tuple[str, int]]
    """Entries of which something is kept aside."""

    @staticmethod
    def of(connection: Connection) -> Standing:
        """Where things stand now."""
        moment = journal.moment(connection)
        conflicts = connection.exec_driver_sql("SELECT record, kind, field FROM conflict")
        aside = connection.exec_driver_sql("SELECT DISTINCT station, number FROM aside")
        return Standing(
            moment.vector,
            moment.deliveries,
            frozenset((str(record), str(kind), str(name)) for record, kind, name in conflicts),
            frozenset((str(station), int(number)) for station, number in aside),
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """What came, whatever else went meanwhile."""

    aside: frozenset[tuple[str, int]]
    """Entries of which something is kept aside since."""
    to_settle: frozenset[tuple[str, str, str]]
    """Record, kind and field of the values to settle that are new."""
    registers: Mapping[str, int]
    """Code of a register → how many of its records were touched."""

    @property
    def kept_aside(self) -> int:
        """How many entries."""
        return len(self.aside)

    @property
    def conflicts(self) -> int:
        """How many values to settle."""
        return len(self.to_settle)

    def summary(self, name: str, *, new: int, waiting: int, attachments: int) -> dict[str, Any]:
        """As the inbox tells it; `name` is of the sender."""
        return {
            "name": name,
            "new": new,
            "waiting": waiting,
            "kept_aside": self.kept_aside,
            "aside": sorted(self.aside)[:_NOTED],
            "conflicts": self.conflicts,
            "to_settle": sorted(self.to_settle)[:_NOTED],
            "attachments": attachments,
            "registers": dict(self.registers),
        }


def since(connection: Connection, before: Standing, came_of: Collection[str]) -> Brought:
    """What came since; `came_of` are the stations of whose chains something may have come.

    What a person saves here meanwhile is not among it.
    """
    after = Standing.of(connection)
    known = {station: before.vector.get(station, 0) for station in came_of}
    came = (
        "SELECT l.register, l.record FROM json_each(?) AS known "
        "CROSS JOIN leaf AS l ON l.station = known.key AND l.number > known.value"
    )
    given: list[Any] = [json.dumps(known)]
    if after.deliveries > before.deliveries:
        came += " UNION SELECT register, record FROM leaf WHERE arrived > ?"
        given.append(before.deliveries)
    rows = connection.exec_driver_sql(
        f"SELECT register, count(DISTINCT record) FROM ({came}) "
        "WHERE record IS NOT NULL GROUP BY register",
        tuple(given),
    )
    return Brought(
        after.aside - before.aside,
        after.conflicts - before.conflicts,
        {str(register): int(count) for register, count in rows},
    )


def late_entries(connection: Connection, leaves: Iterable[LateLeaf]) -> list[Entry]:
    """The entries that are here of these leaves, each with those of its leaves that came."""
    found: list[Entry] = []
    for place, some in itertools.groupby(sorted(leaves), key=lambda each: each[:2]):
        row = connection.exec_driver_sql(
            "SELECT head, leaf_table FROM head WHERE station = ? AND number = ?", place
        ).one_or_none()
        if row is not None:
            brought = {position: (salt, body) for _, _, position, salt, body in some}
            found.append(Entry(row[0], row[1], None, brought))
    return found
