"""The public keys of stations, as each told its own in its chain, and what people call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from prevention_app.storage import journal
from prevention_app.storage.engine import Connection

STATION_CODE = "ORDI"
"""Code of the register that holds the stations' records."""


@dataclass(frozen=True, slots=True)
class Known:
    """A station whose record is here."""

    station: str
    record: str
    name: str
    code: str
    public: str
    """Its public key, hexadecimal."""


def known(connection: Connection) -> dict[str, Known]:
    """Station → what is known of it; only keys that stand in the station's own chain count."""
    rows = connection.exec_driver_sql(
        "SELECT s._id, s.name, s.station_code, l.station, l.body FROM r_station s "
        "JOIN leaf l ON l.record = s._id WHERE l.register = ? AND l.kind = 'p' "
        "AND l.body IS NOT NULL AND s._deleted = 0 ORDER BY l.station, l.number",
        (STATION_CODE,),
    )
    found: dict[str, Known] = {}
    for record, name, code, station, body in rows:
        public = key_in(journal.content_of(body), station)
        if public:
            # The first one stands: with it, all that the chain held so far was verified.
            found.setdefault(
                str(station), Known(station, record, str(name or ""), str(code or ""), public)
            )
    return found


def key_in(content: dict[str, Any] | None, station: str) -> str:
    """The public key that a leaf of a station's record tells of the station itself; else empty."""
    writes = _writes_in(content)
    public = writes.get("public_key")
    return public if writes.get("station_id") == station and isinstance(public, str) else ""


def _writes_in(content: dict[str, Any] | None) -> dict[str, Any]:
    writes: Any = (content or {}).get("w")
    return cast("dict[str, Any]", writes) if isinstance(writes, dict) else {}


def find(stations: Sequence[Known], named: str) -> list[Known]:
    """Those that a person may mean by a name, a code or an id."""
    wanted = named.strip().casefold()
    return (
        [each for each in stations if each.station == wanted]
        or [each for each in stations if each.code.casefold() == wanted]
        or [each for each in stations if each.name.casefold() == wanted]
    )
