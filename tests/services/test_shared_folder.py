"""Two stations exchange through a folder, each by one file of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.errors import NotFound, Refused
from prevention_app.exchange import package_file
from prevention_app.exchange.package_file import PackageReader
from prevention_app.services import inbox, packages, shared_folder
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


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour passes."""
    now = time.time()
    monkeypatch.setattr(shared_folder.time, "time", lambda: now + 3600)


def test_a_file_that_could_not_be_read_once_is_taken_in_the_next_time(
    two: Pair, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = two
    accident = add_accident(here)
    pass_by(here, key)

    def hiccup(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(PackageReader, "_digest", hiccup)
        assert len(pass_by(there, key).refused) == 1
        assert pass_by(there, key).refused == [], "told once"
    assert [each.new for each in pass_by(there, key).received] == [1]
    assert [each.id for each in listed(there, "accident")] == [accident.id]


def test_what_came_from_a_newer_version_is_taken_in_after_the_update(
    two: Pair, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = two
    add_accident(here)
    pass_by(here, key)
    with monkeypatch.context() as older:
        older.setattr(package_file, "FORMAT", 0)
        ((_, why),) = pass_by(there, key).refused
        assert "Mettez le programme à jour" in why
    assert pass_by(there, key).received == [], "the same program says the same"
    monkeypatch.setattr(shared_folder, "__version__", "99")
    assert [each.new for each in pass_by(there, key).received] == [1]


def test_the_file_of_a_stranger_is_taken_in_once_that_one_is_known(
    tmp_path: Path, new_workspace: NewWorkspaces, key: Path
) -> None:
    made = TwoStations(tmp_path, new_workspace)
    made.here.receive(made.there.entries_after(made.here.position()))
    add_accident(made.here)
    file = key / "de-A.echange"
    packages.create(made.here, [made.there.station], file, Progress())
    beginning = made.here.entries_after(made.there.position())[:1]

    def stranger(*_: object) -> None:
        raise Refused("Ce fichier d’échange vient d’un ordinateur inconnu ici.")

    with pytest.MonkeyPatch.context() as before:
        before.setattr(packages, "apply", stranger)
        assert len(pass_by(made.there, key).refused) == 1
    assert pass_by(made.there, key).received == []
    made.there.receive(beginning)
    assert [each.new for each in pass_by(made.there, key).received] == [1]
    made.close()


def test_a_refused_file_is_tried_again_after_a_while(
    two: Pair, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = two[1]
    (key / "abc.echange").write_bytes(b"rien")
    tried: list[str] = []
    real = packages.apply

    def apply(store: Store, file: Path, progress: Progress) -> packages.Applied:
        tried.append(file.name)
        return real(store, file, progress)

    monkeypatch.setattr(packages, "apply", apply)
    assert len(pass_by(there, key).refused) == 1
    pass_by(there, key)
    assert tried == ["abc.echange"]
    later(monkeypatch)
    assert pass_by(there, key).refused == [], "told once"
    assert tried == ["abc.echange"] * 2


def test_a_file_that_another_one_renames_just_now_is_left_for_the_next_time(
    two: Pair, key: Path
) -> None:
    here, there = two
    (key / "disparu.echange").symlink_to(key / "nulle part")
    add_accident(here)
    pass_by(here, key)
    assert [each.new for each in pass_by(there, key).received] == [1]


def test_two_computers_that_drew_the_same_code_leave_two_files(
    two: Pair, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_folder, "_own_code", lambda _: "K7Q")
    one, other = two
    accidents = {add_accident(each).id for each in two}
    for each in (one, other, one):
        pass_by(each, key)
    assert {each.id for each in listed(one, "accident")} == accidents
    assert {each.id for each in listed(other, "accident")} == accidents


def test_a_key_that_is_not_there_says_so(two: Pair, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="branchez la clé"):
        pass_by(two[0], tmp_path / "absente")
