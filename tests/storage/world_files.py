"""Stations of the random schedules that hand their work on by real files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from prevention_app.domain.package_parts import LateLeaves, Part, Slice
from prevention_app.exchange import package_file
from prevention_app.services import packages
from prevention_app.services.progress import Progress
from tests.storage.oracle import Key, Place
from tests.storage.stored_bytes import read_table
from tests.storage.world import Station, World
from tests.storage.world_registers import SYSTEM_CODES


@dataclass(frozen=True)
class Posted:
    """A file on its way."""

    file: Path
    receivers: Sequence[Station]


def post(world: World, sender: Station, receivers: Sequence[Station]) -> Posted:
    """Write a file, and see that it brings all that its receivers lack and may see, no more."""
    file = world.post / f"{len(list(world.post.iterdir()))}.prevx"
    packages.create(sender.store, [each.id for each in receivers], file, Progress())
    for each in receivers:
        _compare_contents(world, sender, each, file)
    return Posted(file, receivers)


def take(world: World, receiver: Station, posted: Posted) -> None:
    """Apply a file, be it late or for the second time."""
    parts = list(_parts(receiver, posted.file))
    new = 0
    applied = packages.apply(receiver.store, posted.file, Progress())
    for part in parts:
        for station, number in _entries_of(part):
            new += number > receiver.entries.get(station, 0)
            receiver.entries[station] = max(number, receiver.entries.get(station, 0))
        receiver.delivered |= _keys_of(world, part)
        world.refresh(receiver)
    assert (applied.new, applied.waiting) == (new, 0)


def tell_all_by_file(world: World) -> None:
    """All write files to all until each has what it may see of what any of them has."""
    for _ in range(3):
        for sender in world.stations:
            receivers = [each for each in world.stations if each is not sender]
            posted = post(world, sender, receivers)
            for each in receivers:
                take(world, each, posted)
    for sender in world.stations:
        for receiver in world.stations:
            assert receiver.entries == sender.entries
            assert _owed(world, sender, receiver) <= receiver.delivered | receiver.named


def _parts(receiver: Station, file: Path) -> Iterator[Part]:
    with package_file.reading_package(file) as package:
        yield from package.parts(receiver.id, receiver.store.key.unseal, lambda *_: None)


def _entries_of(part: Part) -> Iterator[Place]:
    if isinstance(part, Slice):
        for run in part.runs:
            for number in range(run.first, run.last + 1):
                yield (run.station, number)


def _keys_of(world: World, part: Part) -> set[Key]:
    """The leaves that a part brings, but for those of the program's own records."""
    bodies: list[tuple[str, int, int, bytes]] = []
    if isinstance(part, LateLeaves):
        bodies = [(each.station, each.number, each.position, each.body) for each in part.leaves]
    elif isinstance(part, Slice):
        bodies = [
            (run.station, number, at, body)
            for run in part.runs
            for number, entry in enumerate(run.entries, run.first)
            for at, (_, body) in entry.leaves.items()
        ]
    found: set[Key] = set()
    for station, number, at, body in bodies:
        _, code, kind, _ = read_table(world.entries[station, number].table)[at]
        if code not in SYSTEM_CODES:
            found.add(Key(station, number, json.loads(body)["r"], kind))
    return found


def _owed(world: World, sender: Station, receiver: Station) -> set[Key]:
    """The leaves that a station has and another one may see."""
    found: set[Key] = set()
    for key, copy in world.held(sender).items():
        register, owner = world.owners[key.record]
        if (
            key in sender.delivered
            and not copy.erased
            and world.rights.sees(sender.entries, receiver.id, owner, (register.code, key.kind))
        ):
            found.add(key)
    return found


def _compare_contents(world: World, sender: Station, receiver: Station, file: Path) -> None:
    entries: set[Place] = set()
    keys: set[Key] = set()
    for part in _parts(receiver, file):
        entries |= set(_entries_of(part))
        keys |= _keys_of(world, part)
    lacking = {
        (station, number)
        for station, last in sender.entries.items()
        for number in range(receiver.entries.get(station, 0) + 1, last + 1)
    }
    owed = _owed(world, sender, receiver)
    assert lacking <= entries
    assert keys <= owed
    assert {key for key in owed if key.place in lacking} <= keys
