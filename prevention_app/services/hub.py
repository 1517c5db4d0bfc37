"""The hub: preparing it, enrolling stations, exchanging with it now or all the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Catalogue
from prevention_app.errors import Busy, NotFound, PreventionError
from prevention_app.services.progress import Progress
from prevention_app.storage import (
    acts,
    circle,
    hub_access,
    hub_admin,
    hub_rebuild,
    hub_rights,
    journal,
    station_keys,
)
from prevention_app.storage.engine import writing
from prevention_app.storage.hub import Hub, Unreachable
from prevention_app.storage.hub_access import Access
from prevention_app.storage.hub_sync import HubSync, Synced
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

_ENDS: Final = "hub_end"
"""Names what the hub held last of this station's chain: to say how much waits, and nothing else."""
_LOOK_S: Final = 0.5
"""How often it is looked whether something was written here."""
_SAFETY_S: Final = 60.0
"""An exchange at least so often: a word from the hub may be lost."""
_LONGEST_PAUSE_S: Final = 60.0


# -- making it ---------------------------------------------------------------------------------


def init(url: str) -> bool:
    """Make a database the hub; returns False where it is one already."""
    return hub_admin.init(url)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A station that may come into the hub now."""

    name: str
    access: Access
    replaced: bool
    """It had another way in, which is worth nothing any more."""


def enrol(store: Store, url: str, wanted: str) -> Enrolled:
    """Give a station its way into the hub; `url` is of somebody who may create roles there.

    `wanted` is the station's name, code or id in this workspace; empty for this station itself.
    """
    with store.reading() as read:
        known = list(station_keys.known(read.connection).values())
        station = circle.find_station(known, wanted or store.station)
        classes = hub_rights.visible_classes(read.connection, read.catalogue, station.station)
        administers = hub_rights.administered(read.connection, station.station)
        departments = acts.evaluate(read.connection).departments(station.station)
        roots = acts.roots(read.connection)
    address, replaced = hub_admin.enrol(
        url,
        station=station.station,
        department=(departments or [store.department])[0],
        administers=administers,
        classes=classes,
    )
    return Enrolled(station.name, Access(address, roots), replaced)


def withdraw(store: Store, url: str, wanted: str) -> str:
    """Take a station's way into the hub away; returns its name. `url` is as for `enrol`.

    Its rights are another thing: taking these back leaves it the way in.
    """
    with store.reading() as read:
        known = list(station_keys.known(read.connection).values())
        station = circle.find_station(known, wanted)
    if not hub_admin.withdraw(url, station.station):
        raise NotFound(f"« {station.name} » n’a pas d’accès à cette base commune.")
    return station.name


def write_access(access: Access, file: Path) -> None:
    """Write a station's way in into a file to be handed over; it holds a password."""
    hub_access.write(access, file)


# -- exchanging --------------------------------------------------------------------------------


def sync(store: Store, access: Access, progress: Progress) -> Synced:
    """Exchange once with the hub."""
    with Hub(access.url) as hub:
        done = HubSync(store, hub, progress.step).exchange()
    _note_end(store, done)
    return done


def rebuild(folder: Path, declared: Catalogue, access: Access, progress: Progress) -> Store:
    """Make the workspace of an enrolled station from the hub, with its published catalogues."""
    from prevention_app.services import reference_sets

    store = hub_rebuild.rebuild(folder, declared, access, progress.step)
    with store.reading() as read:
        editions = read.count(Query("reference_edition"))
    if editions:
        reference_sets.reload(store)
    return store


def waiting_count(store: Store) -> int:
    """How many entries of this station the hub did not hold when it was last asked."""
    with store.reading() as read:
        own = journal.position(read.connection).get(store.station, 0)
        known = journal.get_meta(read.connection, _ENDS)
    station, _, number = known.partition(":")
    return own - (int(number) if station == store.station else 0)


def _note_end(store: Store, done: Synced) -> None:
    told = f"{store.station}:{done.stands.get(store.station, 0)}"
    with store.connecting() as connection:
        if journal.get_meta(connection, _ENDS) != told:
            with writing(connection):
                journal.set_meta(connection, _ENDS, told)


class Wish(StrEnum):
    """What somebody who follows the hub is asked to do."""

    GO_ON = "go_on"
    NOW = "now"
    """Exchange at once, whatever the pause."""
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class HubState:
    """Where following the hub stands."""

    reached: bool
    at: datetime
    waiting: int
    """Entries written here that the hub lacks."""
    retry_s: float = 0.0
    """When it is tried again, where it was not reached."""
    text: str = ""
    """What went wrong."""
    done: Synced | None = None


def follow(
    store: Store,
    access: Access,
    told: Callable[[HubState], None],
    wish: Callable[[float], Wish],
) -> None:
    """Exchange whenever something was written here or there, until it is stopped.

    `wish` waits up to so many seconds for somebody to wish something, and says what.
    """
    pauses = _pauses()
    while True:
        try:
            for state in _follow_connected(store, access, wish):
                pauses = _pauses()
                told(state)
            return
        except (Unreachable, Busy) as error:
            pause = next(pauses)
            told(HubState(False, _now(), waiting_count(store), pause, str(error)))
        except PreventionError as error:
            pause = _LONGEST_PAUSE_S
            told(HubState(False, _now(), waiting_count(store), pause, str(error)))
        if wish(pause) is Wish.STOP:
            return


def _pauses() -> Iterator[float]:
    pause = 1.0
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE_S)


def _follow_connected(
    store: Store, access: Access, wish: Callable[[float], Wish]
) -> Iterator[HubState]:
    with Hub(access.url) as hub:
        hub.listen()
        exchange = HubSync(store, hub, Progress().step)
        while True:
            done = exchange.exchange()
            _note_end(store, done)
            yield HubState(True, _now(), waiting_count(store), done=done)
            until = time.monotonic() + _SAFETY_S
            while time.monotonic() < until and store.position() == done.stands:
                wished = wish(0)
                if wished is Wish.STOP:
                    return
                if wished is Wish.NOW or hub.heard(_LOOK_S, but_of=store.station):
                    break


def _now() -> datetime:
    return datetime.now().astimezone()
