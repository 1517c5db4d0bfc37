"""What is kept aside: what stations wrote without the right to, and how it is let in after all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prevention_app.catalogue.description import Catalogue
from prevention_app.domain.merging import Stored
from prevention_app.domain.rights import SHARED
from prevention_app.errors import Refused
from prevention_app.storage import acts, apply, journal
from prevention_app.storage.engine import Connection
from prevention_app.storage.work import Work


@dataclass(frozen=True, slots=True)
class KeptAside:
    """What one entry would write in one record, if its writer had the right to."""

    station: str
    number: int
    record: str
    owner: str
    code: str
    """Of the register."""
    register: str
    """Its key; empty where this version does not know it."""
    author: str
    when: datetime
    reason: str
    """Why, in a word: see `Rights.refusal`."""
    creates: bool
    """It would make the record."""
    writes: Mapping[str, Stored] = field(default_factory=dict[str, Stored])


def kept_aside(connection: Connection, catalogue: Catalogue) -> list[KeptAside]:
    """All of it, the newest first."""
    return sorted(
        _by_record(connection, catalogue), key=lambda each: (each.when, each.number), reverse=True
    )


def _by_record(connection: Connection, catalogue: Catalogue) -> Iterator[KeptAside]:
    rows = connection.exec_driver_sql(
        "SELECT l.station, l.number, l.record, l.owner, l.register, l.body, a.reason, h.author, "
        "h.clock FROM aside a JOIN leaf l USING (station, number, position) "
        "JOIN head h USING (station, number) ORDER BY l.station, l.number, l.position"
    )
    found: dict[tuple[str, int, str], KeptAside] = {}
    for station, number, record, owner, code, body, reason, author, clock in rows:
        content = journal.content_of(body) or {}
        place = (str(station), int(number), str(record))
        writes = {key: value for key, value in content.get("w", {}).items() if key != apply.REASON}
        earlier = found.get(place)
        entity = catalogue.by_code.get(code)
        found[place] = KeptAside(
            *place,
            owner,
            code,
            entity.key if entity else "",
            author,
            datetime.fromtimestamp(journal.clock_time(clock), tz=UTC),
            earlier.reason if earlier else reason,
            "c" in content or (earlier is not None and earlier.creates),
            {**(earlier.writes if earlier else {}), **writes},
        )
    yield from found.values()


def admit(work: Work, kept: KeptAside, department: str) -> None:
    """Write that it counts all the same; what is shared is admitted in a department's name."""
    if kept.code in acts.CODES:
        raise Refused(
            "Un droit donné par qui n’en avait pas le droit ne s’admet pas : donnez-le vous-même."
        )
    work.new(
        "admission",
        owner=department if kept.owner == SHARED else kept.owner,
        station_id=kept.station,
        number=kept.number,
        record=kept.record,
    )
