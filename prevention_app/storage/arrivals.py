"""What came from other stations, kept like the messages of an inbox, and what is alarming in it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from prevention_app.storage import moments
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
        (
            moments.now(),
            source,
            station,
            json.dumps(dict(summary), ensure_ascii=False, sort_keys=True),
        ),
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


FORK: Final = "fork"
"""Kind of the alarm for two histories under one identity."""
CHAIN: Final = "chain"
"""Kind of the alarm for what one station wrote and the hub, or this station, does not take."""
_AGAIN_S: Final = 7 * 24 * 3600
"""What somebody has seen is said again after so long, where it goes on."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a person must look at: when it was noted, and of which station it is."""

    id: int
    at: str
    kind: str
    station: str
    text: str


def alarm(connection: Connection, kind: str, station: str, text: str) -> None:
    """Keep what a person must look at, once as long as nobody did, and a week after that."""
    connection.exec_driver_sql(
        "INSERT INTO alarm (at, kind, station, text, seen) SELECT ?, ?, ?, ?, 0 WHERE NOT EXISTS "
        "(SELECT 1 FROM alarm WHERE kind = ? AND station = ? AND (seen = 0 OR seen > ?))",
        (moments.now(), kind, station, text, kind, station, int(time.time()) - _AGAIN_S),
    )


def alarms(connection: Connection) -> list[Alarm]:
    """What nobody has seen yet, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, at, kind, station, text FROM alarm WHERE seen = 0 ORDER BY id DESC"
    )
    return [
        Alarm(int(id_), str(at), str(kind), str(station), str(text))
        for id_, at, kind, station, text in rows
    ]


def mark_alarm_seen(connection: Connection, alarm: int) -> bool:
    """Somebody has seen an alarm (and when is kept); says no where there is none of this number."""
    done = connection.exec_driver_sql(
        "UPDATE alarm SET seen = ? WHERE id = ? AND seen = 0", (int(time.time()), alarm)
    )
    return done.rowcount > 0
