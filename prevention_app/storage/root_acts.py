"""Rights that come from a department's key itself, not from an administrator."""

from __future__ import annotations

from typing import Final

from nacl.signing import SigningKey

from prevention_app.catalogue.vocabulary import Role
from prevention_app.storage import acts, circle, keys
from prevention_app.storage.circle import Part
from prevention_app.storage.store import Store

RESCUE: Final = "Reprendre l’administration par la clé de secours"
REFOUND: Final = "Refonder le département"
_FOUNDER: Final = (Role.ADVISER, Role.ADMINISTRATOR)


def appoint(store: Store, department: str, key: SigningKey) -> None:
    """Make this station adviser and administrator, by the key; a revocation of it is lifted."""
    work = circle.draft(store, department)
    circle.lift_all(store, work, department, store.station, key)
    member = (circle.this_station(store).record, store.station)
    for role in _FOUNDER:
        circle.give(store, work, department, role, member, Part(), root=key)
    store.write(work, RESCUE)


def found_again(store: Store, department: str, key: SigningKey) -> None:
    """Trust a new key, and give by it the roles that all stations had, this one administrator."""
    with store.reading() as read:
        held = [each for each in circle.members(read) if each.department == department]
    given = {
        (each.record, each.station_id): circle.given(store, department, each.station_id)
        for each in held
    }
    me = (circle.this_station(store).record, store.station)
    mine = given.setdefault(me, [])
    mine += [(role, Part()) for role in _FOUNDER if (role, Part()) not in mine]
    with store.connecting() as connection:
        roots = {**acts.told_roots(connection), department: keys.public_half(key)}
    work = circle.draft(store, department)
    work.new(
        "department_root",
        owner=department,
        public_key=keys.public_half(key),
        founder=store.station,
    )
    for member, roles in given.items():
        for role, part in roles:
            circle.give(store, work, department, role, member, part, root=key)
    store.write(work, REFOUND, roots=roots)
