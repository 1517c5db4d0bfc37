"""What came from other stations, read like an inbox, and how far the others are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prevention_app.errors import NotFound
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
    """How many of the last deliveries, and of the alerts, nobody looked at yet."""
    came = sum(not each.seen for each in arrivals.listed(read.connection))
    return came + len(arrivals.alarms(read.connection))


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone().replace(tzinfo=None)
