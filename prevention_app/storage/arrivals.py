"""What came from other stations, kept like the messages of an inbox, and what is alarming in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prevention_app.storage.engine import Connection


@dataclass(frozen=True, slots=True)
class Arrival:
    """One delivery: when, by which way, from which station, and what it brought."""

    id: int
    at: str
    source: str
    """The name of the file, or the address of the hub."""
    station: str
    summary: Mapping[str, Any]
    seen: bool


def note(connection: Connection, source: str, station: str, summary: Mapping[str, Any]) -> None:
    """Keep what a delivery brought."""
    connection.exec_driver_sql(
        "INSERT INTO arrival (at, source, station, summary, seen) VALUES (?, ?, ?, ?, 0)",
        (_now(), source, station, json.dumps(dict(summary), ensure_ascii=False, sort_keys=True)),
    )


def listed(connection: Connection, limit: int = 200) -> list[Arrival]:
    """The last deliveries, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, at, source, station, summary, seen FROM arrival ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [
        Arrival(int(id_), str(at), str(source), str(station), json.loads(summary), bool(seen))
        for id_, at, source, station, summary, seen in rows
    ]


def mark_seen(connection: Connection, arrival: int) -> None:
    """Somebody looked at a delivery."""
    connection.exec_driver_sql("UPDATE arrival SET seen = 1 WHERE id = ?", (arrival,))


def alarm(connection: Connection, kind: str, station: str, text: str) -> None:
    """Keep what a person must look at, once as long as nobody did."""
    connection.exec_driver_sql(
        "INSERT INTO alarm (at, kind, station, text, seen) SELECT ?, ?, ?, ?, 0 WHERE NOT EXISTS "
        "(SELECT 1 FROM alarm WHERE kind = ? AND station = ? AND seen = 0)",
        (_now(), kind, station, text, kind, station),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
