"""What each station may read at the hub: what the rights acts say, told to the server."""

from __future__ import annotations

from prevention_app.catalogue.description import Catalogue
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.storage import acts, rights
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import KINDS
from prevention_app.storage.hub import Class, Hub, Member
from prevention_app.storage.store import Store
from prevention_app.storage.work import SHARED


def visible_classes(connection: Connection, catalogue: Catalogue, station: str) -> set[Class]:
    """The classes of which a station may have leaves."""
    sees = rights.sees(connection, catalogue, station)
    return {
        (owner, entity.code, kind)
        for entity in catalogue
        for owner in (*DEPARTMENT_NUMBERS, SHARED)
        for kind in KINDS
        if sees(owner, entity.code, kind)
    }


def administered(connection: Connection, station: str) -> list[str]:
    """The departments in which a station is an administrator who counts."""
    standing = acts.evaluate(connection)
    return [
        each
        for each in DEPARTMENT_NUMBERS
        if standing.is_administrator(each, station) and (each, station) not in standing.limits
    ]


def tell_rights(store: Store, hub: Hub, me: Member) -> int:
    """Keep up what the members may read of my departments; returns how many classes changed."""
    if not me.administers:
        return 0
    changed = 0
    with store.reading() as read:
        mine = [
            each for each in administered(read.connection, me.station) if each in me.administers
        ]
        # Of a station that is not known here yet, nothing can be told.
        wanted = {
            each: visible_classes(read.connection, read.catalogue, each.station)
            for each in hub.members()
            if each.station in read.at.vector
        }
    for member, classes in wanted.items():
        held = hub.classes(member.db_role)
        for owner in (*mine, SHARED) if mine else ():
            here = {(register, kind) for whose, register, kind in classes if whose == owner}
            there = {(register, kind) for whose, register, kind in held if whose == owner}
            if here != there:
                changed += hub.set_classes(member.db_role, owner, sorted(here))
    return changed
