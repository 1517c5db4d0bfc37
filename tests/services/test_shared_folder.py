"""Two stations exchange through a folder, each by one file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.errors import NotFound
from prevention_app.services import inbox, shared_folder
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from tests.storage.acts import add_accident, amend, conflicts, get, listed
from tests.two_stations import TwoStations
from tests.workspaces import NewWorkspaces

Pair = tuple[Store, Store]


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[Pair]:
    """Two stations that know each other."""
    made = TwoStations(tmp_path, new_workspace)
    made.exchange()
    yield made.here, made.there
    made.close()


def pass_by(store: Store, folder: Path) -> shared_folder.Passed:
    return shared_folder.pass_by(store, folder, Progress())


@pytest.fixture
def key(tmp_path: Path) -> Path:
    folder = tmp_path / "clé"
    folder.mkdir()
    return folder


def test_what_one_leaves_the_other_takes_in(two: Pair, key: Path) -> None:
    here, there = two
    accident = add_accident(here, activity="Élagage")
    assert pass_by(here, key).left is not None
    passed = pass_by(there, key)
    assert [each.new for each in passed.received] == [1]
    assert get(there, "accident", accident.id).activity == "Élagage"
    with there.reading() as read:
        (delivery,) = inbox.deliveries(read)
    assert (delivery.new, delivery.seen) == (1, False)
    inbox.mark_seen(there, delivery.id)
    with there.reading() as read:
        assert inbox.unseen(read) == 0


def test_after_both_know_of_each_other_nothing_is_written_any_more(two: Pair, key: Path) -> None:
    here = two[0]
    add_accident(here)
    for _ in range(3):
        for each in two:
            pass_by(each, key)
    assert [(pass_by(each, key).left, pass_by(each, key).received) for each in two] == [
        (None, []),
        (None, []),
    ]
    with here.reading() as read:
        (other,) = inbox.neighbours(read, here.station)
    assert other.lacks == 0
    assert other.told is not None


def test_a_key_lost_on_the_way_takes_nothing_with_it(two: Pair, key: Path) -> None:
    here, there = two
    accident = add_accident(here, happened_on=date(2025, 1, 2))
    pass_by(here, key)
    for file in key.iterdir():
        file.unlink()
    pass_by(here, key)
    pass_by(there, key)
    assert [each.id for each in listed(there, "accident")] == [accident.id]


def test_edits_that_cross_meet_in_a_conflict(two: Pair, key: Path) -> None:
    here, there = two
    accident = add_accident(here, activity="Élagage")
    pass_by(here, key)
    pass_by(there, key)
    amend(here, "accident", accident, activity="Tonte")
    amend(there, "accident", get(there, "accident", accident.id), activity="Fauchage")
    for each in (here, there, here):
        pass_by(each, key)
    assert conflicts(here) == conflicts(there) == {(accident.id, "activity")}


def test_a_foreign_or_damaged_file_is_told_once_and_stops_nobody(two: Pair, key: Path) -> None:
    here, there = two
    add_accident(here)
    pass_by(here, key)
    (key / "abc.echange").write_bytes(b"rien")
    passed = pass_by(there, key)
    assert [name for name, _ in passed.refused] == ["abc.echange"]
    assert len(passed.received) == 1
    assert pass_by(there, key).refused == []


def test_a_key_that_is_not_there_says_so(two: Pair, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="branchez la clé"):
        pass_by(two[0], tmp_path / "absente")
