"""What came, and whether a person still has something to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prevention_app.services import circle, conflicts, inbox, kept_aside, packages
from prevention_app.services.inbox import Delivery
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from tests.two_stations import TwoStations
from tests.workspaces import NewWorkspaces


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[TwoStations]:
    made = TwoStations(tmp_path, new_workspace)
    made.exchange()
    yield made
    made.close()


def send(sender: Store, receiver: Store, file: Path) -> None:
    packages.create(sender, [receiver.station], file, Progress())
    packages.apply(receiver, file, Progress())


def last(store: Store) -> Delivery:
    with store.reading() as read:
        return inbox.deliveries(read)[0]


def differ(two: TwoStations, file: Path, name: str) -> None:
    site = two.both("site", name=name)
    two.write(two.here, "site", site, town="Gien")
    two.write(two.there, "site", site, town="Orléans", operator="Régie")
    send(two.there, two.here, file)


def test_what_was_settled_since_needs_nobody_any_more(two: TwoStations, tmp_path: Path) -> None:
    differ(two, tmp_path / "lundi", "Dépôt")
    first = last(two.here)
    assert (first.conflicts, first.needs_you) == (1, True)
    differ(two, tmp_path / "mardi", "Atelier")
    (old, *_) = (each for each in conflicts.conflicts(two.here) if each.title == "Dépôt")
    conflicts.settle(two.here, old, "theirs")
    with two.here.reading() as read:
        told = {each.source: (each.conflicts, each.needs_you) for each in inbox.deliveries(read)}
    assert told == {"lundi": (0, False), "mardi": (1, True)}


def test_what_was_admitted_since_needs_nobody_any_more(two: TwoStations, tmp_path: Path) -> None:
    circle.revoke(two.here, "Poste B")
    with two.there.change("Ajouter") as work:
        work.new("site", name="Après")
    send(two.there, two.here, tmp_path / "lundi")
    assert (last(two.here).kept_aside, last(two.here).needs_you) == (1, True)
    with two.here.reading() as read:
        (held,) = kept_aside.listed(read)
    kept_aside.admit(two.here, held.id)
    assert (last(two.here).kept_aside, last(two.here).needs_you) == (0, False)
