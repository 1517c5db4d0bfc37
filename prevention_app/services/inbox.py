"""What came from other stations, read like an inbox, and how far the others are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prevention_app.storage import arrivals, peers, station_keys
from prevention_app.storage.arrivals import Arrival
from prevention_app.storage.engine import writing
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one exchange file, or one look at the hub, brought."""

    id: int
    when: datetime
    """As the wall clock here shows it."""
    sender: str
    source: str
    new: int
    waiting: int
    """Entries that cannot be taken in before others come."""
    kept_aside: int
    """Leaves whose writer had no right to write them."""
    conflicts: int
    attachments: int
    registers: Sequence[tuple[str, int]]
    """Register and how many of its records were touched, the most first."""
    seen: bool

    @property
    def needs_you(self) -> bool:
        """Whether a person has something to do about it."""
        return bool(self.conflicts or self.kept_aside)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another station, and how far it is for all that it said."""

    station: str
    name: str
    code: str
    told: datetime | None
    """When it last said what it holds; None when it never did."""
    lacks: int
    """Entries held here of which it did not say that it has them."""


def deliveries(read: Reader, limit: int = 200) -> list[Delivery]:
    """The last deliveries, newest first."""
    codes = {each.code: each.label_fr for each in read.catalogue}
    return [_delivery(each, codes) for each in arrivals.listed(read.connection, limit)]


def _delivery(each: Arrival, labels: Mapping[str, str]) -> Delivery:
    told = each.summary
    registers = [
        (labels.get(str(code), str(code)), int(count))
        for code, count in dict(told.get("registers", {})).items()
    ]
    return Delivery(
        each.id,
        _wall(each.at),
        str(told.get("name") or each.station[:8]),
        each.source,
        int(told.get("new", 0)),
        int(told.get("waiting", 0)),
        int(told.get("kept_aside", 0)),
        int(told.get("conflicts", 0)),
        int(told.get("attachments", 0)),
        sorted(registers, key=lambda row: (-row[1], row[0])),
        each.seen,
    )


def neighbours(read: Reader, station: str) -> list[Neighbour]:
    """The other stations known here, by name."""
    here = read.at.vector
    found: list[Neighbour] = []
    for each in station_keys.known(read.connection).values():
        if each.station == station:
            continue
        vector, _ = peers.known(read.connection, each.station)
        when = peers.told_at(read.connection, each.station)
        lacks = sum(max(0, last - vector.get(other, 0)) for other, last in here.items())
        found.append(
            Neighbour(each.station, each.name, each.code, _wall(when) if when else None, lacks)
        )
    return sorted(found, key=lambda each: (each.name.casefold(), each.code))


def others(read: Reader, station: str) -> int:
    """How many other stations are known here."""
    return sum(each != station for each in station_keys.known(read.connection))


def mark_seen(store: Store, delivery: int) -> None:
    """Somebody looked at a delivery."""
    with store.connecting() as connection, writing(connection, store.patience_s):
        arrivals.mark_seen(connection, delivery)


def unseen(read: Reader) -> int:
    """How many of the last deliveries nobody looked at yet."""
    return sum(not each.seen for each in arrivals.listed(read.connection))


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone().replace(tzinfo=None)
