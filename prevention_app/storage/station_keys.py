"""The public keys of stations, as each told its own in its chain, and what people call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from prevention_app.storage import identity, journal, keys
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
        "AND l.body IS NOT NULL ORDER BY l.station, l.number",
        (STATION_CODE,),
    )
    found: dict[str, Known] = {}
    for record, name, code, station, body in rows:
        public = key_in(journal.content_of(body), station)
        if public:
            known_one = Known(station, record, str(name or ""), str(code or ""), public)
            found.setdefault(str(station), known_one)
    return found


def public_keys(connection: Connection, station: str = "") -> dict[str, str]:
    """Station → its public key as its own chain tells it, of all stations or of one."""
    bodies = connection.exec_driver_sql(
        "SELECT station, body FROM leaf WHERE register = ? AND body IS NOT NULL"
        + (" AND station = ?" if station else ""),
        (STATION_CODE, station) if station else (STATION_CODE,),
    )
    told = ((str(each), key_in(journal.content_of(body), each)) for each, body in bodies)
    return {each: public for each, public in told if public}


def may_speak(record: str, owner: str, station: str) -> bool:
    """Whether a record of this register may say who a station is: not another station's own."""
    own = identity.derived_id(station, owner, STATION_CODE)
    return record == own or not identity.is_derived(record)


def key_in(content: dict[str, Any] | None, station: str) -> str:
    """The public key that a leaf of a station's record tells of the station itself; else empty."""
    writes = _writes_in(content)
    public = writes.get("public_key")
    if writes.get("station_id") != station or not isinstance(public, str):
        return ""
    return public if is_key_of(public, station) else ""


def is_key_of(public: str, station: str) -> bool:
    """Whether a public key is that of a station: its id follows from it."""
    try:
        return keys.station_of(public) == station
    except ValueError:
        return False


def _writes_in(content: dict[str, Any] | None) -> dict[str, Any]:
    writes: Any = (content or {}).get("w")
    return cast("dict[str, Any]", writes) if isinstance(writes, dict) else {}
