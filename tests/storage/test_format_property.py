"""Whatever stations write, and whatever part of it reaches whom, all show what follows from it.

The workspaces are real; what they should show is said by an oracle that knows only definitions
and explicit sets (`oracle.py`), kept beside each station by `world.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from prevention_app.storage.store import Store
from tests.storage.oracle import DELETED, Key
from tests.storage.stored_bytes import dump
from tests.storage.world import YEAR_MS, Form, Station, World, without
from tests.storage.world_acts import admit, give, lift, revoke
from tests.storage.world_files import post, take, tell_all_by_file
from tests.storage.world_registers import DEPARTMENTS, REGISTERS


@contextmanager
def a_world(chance: Random, most: int = 4) -> Iterator[World]:
    """Three to so many stations of one to three departments; the first serves all of them.

    The last one worked for itself before, and waits for a role.
    """
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), chance)
        with world.clock():
            world.add_station(DEPARTMENTS)
            for _ in range(chance.randint(1, most - 2)):
                count = chance.randint(1, 3)
                world.add_station(tuple(chance.sample(DEPARTMENTS, count)))
            newcomer = world.add_lone_station((chance.choice(DEPARTMENTS),))
            for _ in range(3):
                write(world, newcomer)
            world.enter(newcomer)
            for sender in world.stations:
                for receiver in world.stations:
                    if sender is not receiver:
                        world.send_all(sender, receiver)
            yield world
            for each in world.stations:
                each.store.close()


def writable(world: World, station: Station) -> list[str]:
    """Records that a station knows and may change."""
    return [
        record
        for record in world.known(station)
        if world.owners[record][1] in (*world.may(station), "3D")
    ]


def some_forms(world: World, station: Station, count: int) -> list[Form]:
    """Forms of different records, open for a while or just opened."""
    forms = []
    if station.forms and world.chance.random() < 0.5:
        forms.append(station.forms.pop(world.chance.randrange(len(station.forms))))
    forms = [each for each in forms if each.record.id in writable(world, station)]
    taken = {form.record.id for form in forms}
    free = [record for record in writable(world, station) if record not in taken]
    more = world.chance.sample(free, min(len(free), max(0, count - len(forms))))
    return forms + [world.read_form(station, record) for record in more]


def open_form(world: World, station: Station) -> None:
    """Somebody opens a record and lets it stand."""
    free = writable(world, station)
    if free:
        station.forms.append(world.read_form(station, world.chance.choice(free)))


def new_values(world: World, station: Station, form: Form) -> dict[str, Any]:
    """Values of some fields, with a liking for those in conflict."""
    register, _ = world.owners[form.record.id]
    values = world.some_values(register)
    for record, _, name in sorted(world.expected_conflicts(station)):
        if record == form.record.id and name in register.fields and world.chance.random() < 0.5:
            values[name] = world.some_value(register, name)
    return values


def write(world: World, station: Station) -> None:
    """One change: new records, edits, deletions, from fresh and from old forms."""
    chance = world.chance
    reason = chance.choice(("", "", "", world.word()))
    forms = some_forms(world, station, chance.choice((1, 1, 1, 3)))

    def fill(acts: World.Acts) -> None:
        free = len(world.owners) < world.enough and world.may(station)
        for _ in range(chance.choice((0, 1, 2)) if free else 0):
            world.create(station, acts)
        for form in forms:
            act = chance.random()
            if act < 0.85:
                values = new_values(world, station, form)
                world.amend(station, acts, form, values, settles=chance.random() < 0.3)
            if act > 0.92 or 0.7 < act < 0.75 or (form.shown[DELETED] and act > 0.5):
                world.mark_deleted(station, acts, form, deleted=chance.random() < 0.4)
            if 0.85 < act < 0.88:
                others = [None, *world.known(station)]
                world.join(station, acts, form, chance.choice(others))

    world.change(station, fill, reason)


def erase(world: World, station: Station) -> None:
    """Take bytes away, sometimes together with an edit of the same or another record."""
    chance = world.chance
    forms = [
        form for form in some_forms(world, station, 2) if world.erasable(station, form.record.id)
    ]

    def fill(acts: World.Acts) -> None:
        for form in forms:
            mine = [key for key in world.erasable(station, form.record.id) if key in form.screen]
            if chance.random() < 0.2:
                register, _ = world.owners[form.record.id]
                world.amend(station, acts, form, world.some_values(register), settles=False)
            if mine:
                some = chance.sample(mine, chance.randint(1, len(mine)))
                world.erase(station, acts, form, some)

    world.change(station, fill, chance.choice(("", world.word())))


def reverse(world: World, station: Station) -> None:
    """Undo or redo, mostly the last, sometimes any."""
    act = world.chance.random()
    if act < 0.4:
        world.undo(station, None)
    elif act < 0.7:
        world.redo(station)
    else:
        world.undo(station, world.chance.randint(1, station.entries[station.id]))


def tell(world: World, station: Station) -> None:
    """Hand on to another station, not always everything, not always in order, or again."""
    chance = world.chance
    if world.late_parcels and chance.random() < 0.3:
        receiver, parcels = world.late_parcels.pop(chance.randrange(len(world.late_parcels)))
        world.deliver(receiver, parcels)
        world.compare(receiver)
        return
    receiver = chance.choice([each for each in world.stations if each is not station])
    world.send(station, receiver, some_leaves(world))
    world.compare(receiver)


def tell_by_file(world: World, station: Station) -> None:
    """Write a file for others, or take one that was written earlier; some are never taken."""
    chance = world.chance
    if world.posted and chance.random() < 0.5:
        posted = chance.choice(world.posted)
        for receiver in posted.receivers:
            if chance.random() < 0.7:
                take(world, receiver, posted)
                world.compare(receiver)
        return
    others = [each for each in world.stations if each is not station and each.id in station.entries]
    world.posted.append(post(world, station, chance.sample(others, min(len(others), 2))))


def some_leaves(world: World):
    """Which leaves come along: all, all but some classes, or any."""
    chance = world.chance
    act = chance.random()
    if act < 0.4:
        return lambda key: True
    if act < 0.8:
        hidden = {
            (owner, register, kind)
            for owner in (*DEPARTMENTS, "3D")
            for register in REGISTERS
            for kind in "ptn"
            if chance.random() < 0.2
        }

        def seen_by_class(key: Key) -> bool:
            register, owner = world.owners[key.record]
            return (owner, register.key, key.kind) not in hidden

        return seen_by_class
    return lambda key: chance.random() < 0.7


def reopen(world: World, station: Station) -> None:
    """Close and open the workspace, or make its tables again."""
    if world.chance.random() < 0.5:
        world.compare_rebuilt(station)
    else:
        station.store.close()
        station.store = Store(station.store.folder, station.store._declared)


def jump(world: World, station: Station) -> None:
    """A clock goes wrong by up to ten years, or right again."""
    station.clock_offset = world.chance.choice((0, 0, -10, 10, -1)) * YEAR_MS


ACTS = [
    *[write] * 16,
    *[open_form] * 6,
    *[tell] * 8,
    *[tell_by_file] * 6,
    *[reverse] * 6,
    *[erase] * 7,
    *[reopen, jump] * 2,
    *[revoke] * 2,
    *[lift] * 3,
    *[give] * 2,
    *[admit] * 3,
]


def live(world: World, steps: int) -> None:
    """Let the stations work for a while, comparing after every act."""
    for _ in range(steps):
        station = world.chance.choice(world.stations)
        world.now_ms += world.chance.choice((0, 0, 1, 60_000, 86_400_000))
        world.offset = station.clock_offset
        world.chance.choice(ACTS)(world, station)
        world.compare(station)


def compare_all(world: World, stations: Collection[Station]) -> None:
    """Everything that can be compared of each station."""
    for each in stations:
        world.compare(each)
        world.compare_history(each)
        world.compare_search(each)
        world.compare_chains(each)
        world.compare_rebuilt(each)
        assert world.bytes_left(each) == set()


def withhold_some(world: World) -> None:
    """A newcomer gets any subset of the leaves, then the rest."""
    newcomer = world.add_station((world.chance.choice(DEPARTMENTS),))
    sender = world.stations[0]
    for part in (some_leaves(world), some_leaves(world), lambda key: True):
        keep = part
        parcels = world.parcels(sender, {})
        world.deliver(newcomer, [without(each, keep) for each in parcels])
        compare_all(world, [newcomer])
    assert registers_of(newcomer) == registers_of(sender)


def registers_of(station: Station) -> dict[str, list[str]]:
    """The rows of the registers that the tests write in, their conflicts and search text."""
    held = dump(station.store)
    found = {f"r_{key}": held[f"r_{key}"] for key in REGISTERS}
    found["conflict"] = held["conflict"]
    found["aside"] = held["aside"]
    found["search_text"] = [
        row for row in held["search_text"] if any(f"'{key}'" in row for key in REGISTERS)
    ]
    return found


def erase_any(world: World) -> None:
    """Any subset of text and personal leaves goes; nothing else changes anywhere."""
    eraser = world.stations[0]
    before = {record: world.expected(eraser, record)[0] for record in world.known(eraser)}
    conflicts = world.expected_conflicts(eraser)
    touched: set[tuple[str, str]] = set()

    def fill(acts: World.Acts) -> None:
        for record in writable(world, eraser):
            going = [key for key in world.erasable(eraser, record) if world.chance.random() < 0.5]
            if going:
                world.erase(eraser, acts, world.read_form(eraser, record), going)
            touched.update((record, name) for key in going for name in world.facts[key].values)

    world.change(eraser, fill)
    world.settle_down()
    assert world.expected_conflicts(eraser) <= conflicts
    for record, values in before.items():
        after = world.expected(eraser, record)[0]
        changed = {(record, name) for name in values if values[name] != after[name]}
        assert changed <= touched
    compare_all(world, world.stations[:2])


def all_end_alike(world: World) -> None:
    """Once all was told to all, they show the same and keep the same aside."""
    tell_all_by_file(world)
    world.settle_down()
    for each in world.stations:
        world.compare(each)
        assert registers_of(each) == registers_of(world.stations[0])


def brief_life(chance: Random, steps: int, most: int) -> None:
    """Some work and its end, in many more schedules than there could be whole lives."""
    with a_world(chance, most) as world:
        live(world, steps)
        all_end_alike(world)


def whole_life(chance: Random, steps: int) -> None:
    """Some work, its end, a newcomer who gets parts of it, and bytes that go."""
    with a_world(chance) as world:
        live(world, steps)
        compare_all(world, world.stations)
        all_end_alike(world)
        withhold_some(world)
        erase_any(world)


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(3))
def test_stations_show_what_their_leaves_add_up_to(seed: int):
    whole_life(Random(seed), steps=70)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1016))
def test_stations_show_what_their_leaves_add_up_to_in_long_lives(seed: int):
    whole_life(Random(seed), steps=200)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2000, 3000))
def test_stations_show_what_their_leaves_add_up_to_in_many_lives(seed: int):
    brief_life(Random(seed), steps=25, most=6)
