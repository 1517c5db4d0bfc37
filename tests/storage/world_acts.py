"""What administrators do in the random schedules, each act noted as a fact beside it."""

from __future__ import annotations

from typing import Any

import pytest

from prevention_app.domain.rights import Lift
from prevention_app.errors import Refused
from prevention_app.storage import acts
from tests import circle
from tests.storage.rights_facts import SHARED, Act, Admitted, Given, Lifted, Revoked
from tests.storage.stored_bytes import place_of
from tests.storage.world import Station, World
from tests.storage.world_registers import SYSTEM_CODES


def administers(world: World, station: Station) -> list[str]:
    """The departments of which a station is administrator and was not revoked."""
    founded = world.rights.founders.get(station.id, ())
    return [each for each in world.may(station) if each in founded]


def _act(world: World, station: Station, register: str, owner: str, **values: Any) -> str:
    with station.store.change("Droits") as work:
        return work.new(register, owner=owner, **values).id


def _noted(world: World, station: Station, act: Act) -> None:
    world.rights.acts[place_of(world.written(station))] = act
    world.refresh(station)


def revoke(world: World, station: Station) -> None:
    """What another wrote last, or will write, no longer counts in a department."""
    departments = administers(world, station)
    others = sorted(each for each in station.entries if each != station.id)
    if not departments or not others:
        return
    owner, whom = world.chance.choice(departments), world.chance.choice(others)
    after = max(1, station.entries[whom] - world.chance.choice((0, 0, 1, 3, 9, -3)))
    record = _act(world, station, "revocation", owner, station_id=whom, after=after)
    _noted(world, station, Revoked(owner, record, whom, after))


def lift(world: World, station: Station) -> None:
    """The department's key takes a revocation back."""
    departments = administers(world, station)
    found = [
        act
        for act in world.rights.held(station.entries).values()
        if isinstance(act, Revoked) and act.department in departments
    ]
    if not found:
        return
    act = world.chance.choice(sorted(found, key=lambda each: each.record))
    said = Lift(
        writer="",
        number=0,
        record="",
        department=act.department,
        revocation=act.record,
        signature="",
    )
    signature = acts.sign(circle.root_of(act.department), said)
    _act(
        world,
        station,
        "revocation_lift",
        act.department,
        revocation=act.record,
        root_signature=signature,
    )
    _noted(world, station, Lifted(act.record))


def give(world: World, station: Station) -> None:
    """An administrator gives another station a role."""
    departments = administers(world, station)
    others = sorted(each for each in station.entries if each != station.id)
    if not departments or not others:
        return
    owner, whom = world.chance.choice(departments), world.chance.choice(others)
    role = world.chance.choice(("adviser", "assistant", "accident_manager"))
    _act(world, station, "grant", owner, station_id=whom, role=role)
    _noted(world, station, Given(owner, whom, role))


def admit(world: World, station: Station) -> None:
    """One of the entries that are kept aside counts after all, for one record."""
    found = [each for each in station.store.kept_aside() if each.code not in SYSTEM_CODES]
    if not found:
        return
    kept = world.chance.choice(
        sorted(found, key=lambda each: (each.station, each.number, each.record))
    )
    owner = station.store.department if kept.owner == SHARED else kept.owner
    if owner not in administers(world, station):
        with pytest.raises(Refused):
            station.store.admit(kept)
        return
    station.store.admit(kept)
    _noted(world, station, Admitted(owner, kept.station, kept.number, kept.record))
