"""Stations that exchange packages: short words for what these tests do again and again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from prevention_app.domain.package_parts import Manifest, Part
from prevention_app.exchange import package_file
from prevention_app.exchange.package_file import SectionWriter
from prevention_app.services import packages
from prevention_app.services.packages import Made
from prevention_app.services.progress import Progress
from prevention_app.storage import attachments, packing, station_keys
from prevention_app.storage.entries import Entry
from prevention_app.storage.store import Store
from prevention_app.storage.unpacking import Applied


def introduce(*stores: Store) -> None:
    """Make stations know each other: each holds what the others wrote of themselves at first."""
    for here in stores:
        for there in stores:
            if here is not there:
                here.receive([beginning(there)])


def beginning(store: Store) -> Entry:
    """What a station wrote of itself at first: its key, its user, its roles."""
    return next(
        each for each in store.entries_after({}) if json.loads(each.head)["s"] == store.station
    )


def pack(sender: Store, receiver: Store, file: Path) -> Path:
    """A package with all that the receiver is not known to hold."""
    packages.create(sender, [receiver.station], file, Progress())
    return file


def made(sender: Store, receiver: Store, file: Path) -> Made:
    """As `pack`, and what it counted."""
    return packages.create(sender, [receiver.station], file, Progress())


def take(receiver: Store, file: Path) -> Applied:
    """Apply a package."""
    return packages.apply(receiver, file, Progress())


def send(sender: Store, receiver: Store, file: Path) -> Applied:
    """One package from one station to the other."""
    return take(receiver, pack(sender, receiver, file))


def parts_of(file: Path, receiver: Store) -> list[Part]:
    """What a package holds for a receiver."""
    with package_file.reading_package(file) as package:
        return list(package.parts(receiver.station, receiver.key.unseal, lambda *_: None))


def manifest_of(sender: Store) -> Manifest:
    """What a station tells of itself now."""
    with sender.reading() as read:
        return packing.manifest(
            read.connection,
            sender.station,
            "X",
            "2026-11-24T08:00:00+00:00",
            partial(attachments.place, sender),
        )


@contextmanager
def forging(sender: Store, receiver: Store, file: Path) -> Iterator[SectionWriter]:
    """A package written by hand, right but for what is put into it; the manifest is there."""
    with (
        package_file.writing_package(file, sender.key.sign) as package,
        package.section({receiver.station: public_key(receiver)}) as section,
    ):
        section.write(manifest_of(sender))
        yield section


def forged(
    sender: Store, receiver: Store, file: Path, change: Callable[[list[Part]], list[Part]]
) -> Path:
    """A package altered by its sender, who knows how packages are written."""
    parts = parts_of(pack(sender, receiver, file), receiver)
    with forging(sender, receiver, file) as section:
        for part in change(parts[1:]):
            section.write(part)
    return file


def public_key(store: Store) -> str:
    """The public key of a station, as it stands in its own journal."""
    with store.reading() as read:
        return station_keys.known(read.connection)[store.station].public
