"""A workspace made anew from the hub: for computers whose disk is emptied at night."""

from __future__ import annotations

import shutil
from pathlib import Path

from prevention_app.catalogue.description import Catalogue
from prevention_app.errors import NotFound, Refused
from prevention_app.storage import (
    acts,
    derived,
    engine,
    founding,
    handed_out,
    journal,
    keys,
    place,
)
from prevention_app.storage.engine import writing
from prevention_app.storage.hub import Hub, Member
from prevention_app.storage.hub_access import Access
from prevention_app.storage.hub_sync import HubSync, Step
from prevention_app.storage.store import Store


def rebuild(folder: Path, declared: Catalogue, access: Access, step: Step) -> Store:
    """Make the workspace of an enrolled station in a folder that is empty or not there.

    It goes on under its own identity where its key is still kept for this folder of this computer
    and the hub holds all that anybody may have of its chain: what the other stations told the hub
    that they have, and what ever left this computer by a hub, a file or a backup, as is noted
    beside the key. Otherwise it is a new station, which an administrator admits: two histories
    never grow under one identity.

    It is made beside the folder and put there when it is whole: who is interrupted begins again.
    """
    place.refuse_network(folder)
    with engine.opening(folder):
        if folder.exists() and any(folder.iterdir()):
            raise Refused(f"Le dossier « {folder} » n’est pas vide : rien n’y a été créé.")
    if not access.roots:
        raise Refused(
            "Une adresse ne suffit pas : il faut le fichier d’accès qu’un administrateur a remis, "
            "car il dit à quelles clés se fier."
        )
    with Hub(access.url) as hub:
        me = hub.refuse_stranger()
        if not hub.ends():
            raise NotFound("La base commune est encore vide : il n’y a rien à reprendre.")
        known = _known_of_chain(hub, me, folder)
        part = folder.with_name(f"{folder.name}.part")
        try:
            _make(part, me, access)
            _fill(part, declared, hub, me, known, step)
            with engine.opening(folder):
                if folder.exists():
                    folder.rmdir()
                part.replace(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return Store(folder, declared)


def _known_of_chain(hub: Hub, me: Member, folder: Path) -> int | None:
    """The number of the last entry that anybody may have of the station's chain.

    None where that cannot be told, or the station's key is not here.
    """
    left = handed_out.last(me.station)
    if left is None or keys.find_key(me.station, folder) is None:
        return None
    return max([left, *(state.vector.get(me.station, 0) for state in hub.states().values())])


def _fill(
    part: Path, declared: Catalogue, hub: Hub, me: Member, known: int | None, step: Step
) -> None:
    """Take in all that the hub holds, and give the workspace the identity of its station."""
    store = Store(part, declared)
    try:
        HubSync(store, hub, step).exchange()
        with store.connecting() as connection, writing(connection):
            held = journal.position(connection).get(me.station, 0)
            author = _last_author(connection, me.station, me.department)
            journal.set_meta(connection, "author", author)
            journal.set_meta(connection, "station", me.station)
            if known is None or held < max(known, 1):
                # As after a restore: at the next opening it is enrolled as a copy of that station.
                journal.set_meta(connection, "restored", "1")
            derived.tell_again(connection)
    finally:
        store.close()


def _make(folder: Path, me: Member, access: Access) -> None:
    """A workspace into which the hub's entries can come; nobody ever writes under its identity."""
    with engine.opening(folder):
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("files", "drafts"):
            (folder / part).mkdir(parents=True)
    made = engine.open_engine(folder)
    station = keys.new_key(folder).station
    with engine.opening(folder), made.connect() as connection:
        engine.migrate(connection, folder)
        with writing(connection):
            for key, value in (
                ("station", station),
                ("author", founding.first_user(station, me.department)),
                ("department", me.department),
            ):
                journal.set_meta(connection, key, value)
            acts.set_roots(connection, access.roots)
            journal.start_chain(connection, station)
    made.dispose()


def _last_author(connection: engine.Connection, station: str, department: str) -> str:
    """The person to whom the station is entrusted."""
    found = connection.exec_driver_sql(
        "SELECT author FROM head WHERE station = ? ORDER BY number DESC LIMIT 1", (station,)
    ).scalar()
    return str(found or founding.first_user(station, department))
