"""What each other station said that it holds: nothing counts as sent before it is in there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from prevention_app.storage.engine import Connection

Absent = Mapping[str, Sequence[tuple[int, int]]]
"""Station → (number, position) of leaves whose bytes are lacking."""


def told(
    connection: Connection, station: str, vector: Mapping[str, int], absent: Absent, at: str = ""
) -> None:
    """Note what a station said that it holds; what it said earlier, and came late, changes nothing.

    What it says last stands, also where that is less: a station may have lost its last work. More
    than it said before is believed whatever its clock.
    """
    when = at or datetime.now(UTC).isoformat(timespec="milliseconds")
    row = connection.exec_driver_sql(
        "SELECT vector, told FROM peer WHERE station = ?", (station,)
    ).one_or_none()
    if row is not None and when <= row[1]:
        before: dict[str, int] = json.loads(row[0])
        if any(vector.get(other, 0) < number for other, number in before.items()):
            return
    kept = {other: [list(place) for place in places] for other, places in absent.items()}
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?)",
        (
            station,
            json.dumps(dict(vector), sort_keys=True),
            json.dumps(kept, separators=(",", ":")),
            when,
        ),
    )


def known(
    connection: Connection, station: str
) -> tuple[dict[str, int], dict[str, list[tuple[int, int]]]]:
    """What a station holds for all we know: its vector, and the leaves that it lacked."""
    row = connection.exec_driver_sql(
        "SELECT vector, absent FROM peer WHERE station = ?", (station,)
    ).one_or_none()
    if row is None:
        return {}, {}
    absent = {
        other: [(int(number), int(position)) for number, position in places]
        for other, places in json.loads(row[1]).items()
    }
    return json.loads(row[0]), absent


def told_at(connection: Connection, station: str) -> str:
    """When a station last said what it holds (ISO, UTC); empty when it never did."""
    row = connection.exec_driver_sql("SELECT told FROM peer WHERE station = ?", (station,))
    return str(row.scalar() or "")


def all_told(connection: Connection) -> list[tuple[str, str]]:
    """(station, what it last said that it holds) of all that ever said it."""
    rows = connection.exec_driver_sql("SELECT station, vector FROM peer ORDER BY station")
    return [(str(station), str(vector)) for station, vector in rows]
