"""What came from other stations, read like an inbox, and how far the others are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from prevention_app.errors import NotFound
from prevention_app.services import kept_aside
from prevention_app.storage import acts, arrivals, peers, station_keys
from prevention_app.storage.arrivals import Arrival
from prevention_app.storage.conflicts import open_places
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
    """Entries whose writer had no right to write them, as far as they are kept aside still."""
    conflicts: int
    """Values to settle, as far as they are not settled yet."""
    attachments: int
    registers: Sequence[tuple[str, int]]
    """Register and how many of its records were touched, the most first."""
    seen: bool

    @property
    def needs_you(self) -> bool:
        """Whether a person has something to do about it."""
        return bool(self.conflicts or self.kept_aside)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something alarming about one computer, which a person has not seen yet."""

    id: int
    when: datetime
    """As the wall clock here shows it."""
    station: str
    computer: str
    """Its name and code: « Poste A » (K7Q)."""
    what: str
    """What is wrong, as a sentence."""
    advice: str
    """What to do, as one or more sentences."""


_FORK: Final = (
    "L’ordinateur {} a deux historiques différents : la copie d’un espace de travail a sans doute "
    "servi deux fois. Ce qui vient de lui n’est plus repris."
)
_FORK_ADVICE: Final = (
    "Fermez le programme là où la copie a été ouverte et n’y travaillez plus, puis prévenez la "
    "personne qui administre les ordinateurs : elle retire les droits de cet ordinateur, qui est "
    "refait à partir d’une sauvegarde et admis à nouveau."
)
_CHAIN: Final = "Des écritures de l’ordinateur {} ne passent pas par la base commune."
_CHAIN_ADVICE: Final = "Prévenez la personne qui administre les ordinateurs, avec ce texte : {}"
_ALARMS: Final = {
    arrivals.FORK: (_FORK, _FORK_ADVICE),
    arrivals.CHAIN: (_CHAIN, _CHAIN_ADVICE),
}
"""Kind of alarm → what is wrong with a computer, and what to do; the text noted goes in last."""


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
    admitted: bool
    """Whether it has a role in a department of this station: a file for all is for it too."""
    revoked: bool
    """Whether its rights were taken back, and it has no others."""


def deliveries(read: Reader, limit: int = 200) -> list[Delivery]:
    """The last deliveries, newest first."""
    codes = {each.code: each.label_fr for each in read.catalogue}
    found = arrivals.listed(read.connection, limit)
    open_ = _Open.of(read, found)
    return [_delivery(each, codes, open_) for each in found]


@dataclass(frozen=True, slots=True)
class _Open:
    """What still needs a person, whatever brought it."""

    to_settle: frozenset[tuple[str, ...]]
    """Record, kind and field."""
    aside: frozenset[tuple[str, int]]
    """Station and number of the entry."""

    @classmethod
    def of(cls, read: Reader, found: Sequence[Arrival]) -> _Open:
        """Looked for only where a delivery brought any."""
        disagreed = any(each.summary.get("conflicts") for each in found)
        put_aside = any(each.summary.get("kept_aside") for each in found)
        places = open_places(read.connection, read.catalogue) if disagreed else []
        return cls(
            frozenset((each.record, each.kind, each.field) for each in places),
            kept_aside.entries(read) if put_aside else frozenset(),
        )


def _left(told: Mapping[str, Any], number: str, noted: str, open_: Collection[Any]) -> int:
    """How many of what a delivery brought are open still; the first were noted one by one."""
    known = {tuple(each) for each in told.get(noted, ())}
    unknown = int(told.get(number, 0)) - len(known)
    still = known.intersection(open_)
    return len(still) + min(unknown, len(open_) - len(still))


def _delivery(each: Arrival, labels: Mapping[str, str], open_: _Open) -> Delivery:
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
        _left(told, "kept_aside", "aside", open_.aside),
        _left(told, "conflicts", "to_settle", open_.to_settle),
        int(told.get("attachments", 0)),
        sorted(registers, key=lambda row: (-row[1], row[0])),
        each.seen,
    )


def alerts(read: Reader) -> list[Alert]:
    """What is alarming and nobody has seen yet, newest first."""
    known = station_keys.known(read.connection)
    found: list[Alert] = []
    for each in arrivals.alarms(read.connection):
        other = known.get(each.station)
        computer = f"« {other.name} » ({other.code})" if other else f"« {each.station[:8]} »"
        what, advice = _ALARMS[each.kind]
        found.append(
            Alert(
                each.id,
                _wall(each.at),
                each.station,
                computer,
                what.format(computer),
                advice.format(each.text),
            )
        )
    return found


def mark_alert_seen(store: Store, alert: int) -> None:
    """Somebody has seen an alert; raises NotFound where there is none of this number."""
    with store.connecting() as connection, writing(connection, store.patience_s):
        if not arrivals.mark_alarm_seen(connection, alert):
            raise NotFound(f"Aucune alerte ne porte le numéro {alert}.")


def neighbours(read: Reader, station: str) -> list[Neighbour]:
    """The other stations known here, by name."""
    here = read.at.vector
    rights = acts.evaluate(read.connection)
    mine = set(rights.departments(station))
    limited = {each for _, each in rights.limits}
    found: list[Neighbour] = []
    for each in station_keys.known(read.connection).values():
        if each.station == station:
            continue
        vector, _ = peers.known(read.connection, each.station)
        when = peers.told_at(read.connection, each.station)
        lacks = sum(max(0, last - vector.get(other, 0)) for other, last in here.items())
        held = set(rights.departments(each.station))
        found.append(
            Neighbour(
                each.station,
                each.name,
                each.code,
                _wall(when) if when else None,
                lacks,
                bool(mine & held),
                each.station in limited and not held,
            )
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
    """How many of the last deliveries, and of the alerts, nobody looked at yet."""
    came = sum(not each.seen for each in arrivals.listed(read.connection))
    return came + len(arrivals.alarms(read.connection))


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone().replace(tzinfo=None)
