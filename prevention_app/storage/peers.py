"""What each other station said that it holds: nothing counts as sent before it is in there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from prevention_app.storage import moments
from prevention_app.storage.engine import Connection
from prevention_app.storage.well_formed import MOST_NUMBER, is_station

Absent = Mapping[str, Sequence[tuple[int, int]]]
"""Station → (number, position) of leaves whose bytes are lacking."""


def told(
    connection: Connection, station: str, vector: Mapping[str, int], absent: Absent, at: str = ""
) -> None:
    """Note what a station said that it holds; what it said earlier, and came late, changes nothing.

    What it says last stands, also where that is less: a station may have lost its last work. More
    than it said before is believed whatever its clock.
    """
    when = at or moments.now()
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


def vector_in(stored: object) -> dict[str, int] | None:
    """A vector as another station told it; None for anything else that JSON can say."""
    if not isinstance(stored, dict):
        return None
    vector = cast("dict[Any, Any]", stored)
    sound = all(map(is_station, vector)) and all(map(_is_number, vector.values()))
    return cast("dict[str, int]", vector) if sound else None


def absent_in(stored: object) -> dict[str, list[tuple[int, int]]] | None:
    """Absent leaves as another station told them; None for anything else that JSON can say."""
    if not isinstance(stored, dict):
        return None
    told = cast("dict[Any, Any]", stored)
    if not all(is_station(each) and isinstance(places, list) for each, places in told.items()):
        return None
    if not all(_is_place(place) for places in told.values() for place in places):
        return None
    return {each: [(place[0], place[1]) for place in places] for each, places in told.items()}


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(cast("list[Any]", value)) == 2
        and all(map(_is_number, cast("list[Any]", value)))
    )


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_NUMBER


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
