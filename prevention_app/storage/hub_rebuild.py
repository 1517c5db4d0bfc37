"""A workspace made anew from the hub: for computers whose disk is emptied at night."""

from __future__ import annotations

import json
from pathlib import Path

from prevention_app.catalogue.description import Catalogue
from prevention_app.errors import NotFound, Refused
from prevention_app.storage import derived, engine, identity, journal, keys, place
from prevention_app.storage.engine import writing
from prevention_app.storage.hub import Hub, Member
from prevention_app.storage.hub_access import Access
from prevention_app.storage.hub_sync import HubSync, Step
from prevention_app.storage.store import Store


def rebuild(folder: Path, declared: Catalogue, access: Access, step: Step) -> Store:
    """Make the workspace of an enrolled station in a folder that is empty or not there.

    It goes on under its own identity where its key is still kept for this folder of this computer
    and the hub holds all that anybody has of its chain. Otherwise it is a new station, which an
    administrator admits: two histories never grow under one identity.
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
            raise NotFound("Le serveur commun est encore vide : il n’y a rien à reprendre.")
        goes_on = _may_go_on(hub, me, folder)
        # Nobody writes under an identity that may have a history elsewhere.
        station = me.station if goes_on else identity.new_station_id()
        _make(folder, station, me, access)
        if not goes_on:
            keys.new_key(station, folder)
        store = Store(folder, declared)
        HubSync(store, hub, step).exchange()
    with store.connecting() as connection, writing(connection):
        journal.set_meta(connection, "author", _last_author(connection, me.station))
        if goes_on:
            derived.tell_again(connection)
        else:
            # As after a restore: at the next opening it is enrolled as a copy of that station.
            journal.set_meta(connection, "station", me.station)
            journal.set_meta(connection, "restored", "1")
    store.close()
    return Store(folder, declared)


def _may_go_on(hub: Hub, me: Member, folder: Path) -> bool:
    if keys.find_key(me.station, folder) is None:
        return False
    ends = hub.ends()
    held = ends[me.station].last if me.station in ends else 0
    told = [state.vector.get(me.station, 0) for state in hub.states().values()]
    return held > 0 and held >= max(told, default=0)


def _make(folder: Path, station: str, me: Member, access: Access) -> None:
    with engine.opening(folder):
        for part in ("files", "drafts"):
            (folder / part).mkdir(parents=True, exist_ok=True)
    made = engine.open_engine(folder)
    with engine.opening(folder), made.connect() as connection:
        engine.migrate(connection, folder)
        with writing(connection):
            for key, value in (
                ("station", station),
                ("author", identity.new_id()),
                ("department", me.department),
                ("roots", json.dumps(dict(access.roots))),
            ):
                journal.set_meta(connection, key, value)
            journal.start_chain(connection, station)
    made.dispose()


def _last_author(connection: engine.Connection, station: str) -> str:
    """The person to whom the station is entrusted."""
    found = connection.exec_driver_sql(
        "SELECT author FROM head WHERE station = ? ORDER BY number DESC LIMIT 1", (station,)
    ).scalar()
    return str(found or identity.new_id())
