"""Following the hub all the time, and a workspace made anew from it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Refused
from prevention_app.services import hub, packages
from prevention_app.services.hub import HubState, Wish
from prevention_app.services.progress import Progress
from prevention_app.storage import backup, hub_sync
from prevention_app.storage.hub import Unreachable
from prevention_app.storage.hub_access import Access
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, amend, get, listed
from tests.storage.hub_base import Base


class Follower:
    """A workspace that follows its hub, as the window's process does."""

    def __init__(self, store: Store, access: Access) -> None:
        self.states: list[HubState] = []
        self._stop = threading.Event()
        # As in a process of its own: the same workspace, opened once more.
        self._store = Store(store.folder, declared_catalogue())
        self._thread = threading.Thread(
            target=hub.follow, args=(self._store, access, self.states.append, self._wish)
        )
        self._thread.start()

    def _wish(self, seconds: float) -> Wish:
        return Wish.STOP if self._stop.wait(seconds) else Wish.GO_ON

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        self._store.close()


def until(true: Callable[[], object], seconds: float = 60) -> float:
    """Waits until something is so; returns how long it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.fixture
def base(cluster) -> Base:
    return Base(cluster)


@pytest.fixture
def pair(station, base) -> tuple[Store, Store]:
    first, second = station("45"), station("45")
    for each in (first, second):
        base.enrol(each, each)
    return first, second


@pytest.fixture
def following(pair, base) -> Iterator[list[Follower]]:
    made = [Follower(each, base.accesses[each.station]) for each in pair]
    yield made
    for each in made:
        each.end()


def test_a_saved_change_is_in_the_other_workspace_within_seconds(pair, following):
    first, second = pair
    until(lambda: first.position() == second.position())
    job = add(first, "job", name="a")
    assert until(lambda: any(each.id == job.id for each in listed(second, "job"))) < 5
    amend(second, "job", get(second, "job", job.id), name="b")
    assert until(lambda: get(first, "job", job.id).name == "b") < 5


def test_saving_goes_on_without_the_hub_which_is_found_again(pair, following, cluster):
    first, second = pair
    until(lambda: first.position() == second.position())
    cluster.stop(at_once=True)
    try:
        start = time.monotonic()
        add(first, "job", name="a")
        assert time.monotonic() - start < 5
        until(lambda: len([each for each in following[0].states if not each.reached]) >= 2)
        lost = [each for each in following[0].states if not each.reached]
        assert lost[0].retry_s < lost[1].retry_s  # the pauses grow
        assert lost[1].waiting == 1
        assert "ne répond pas" in lost[1].text
    finally:
        cluster.start()
    until(lambda: first.position() == second.position())
    until(lambda: following[0].states[-1].waiting == 0)
    assert following[0].states[-1].reached


def test_an_emptied_computer_has_its_workspace_again_in_one_step(pair, base):
    first, second = pair
    mine = add(first, "job", name="a")
    base.sync_all(first, second)
    folder, identity, author = first.folder, first.station, first.author
    access = base.accesses[identity]
    first.close()
    shutil.rmtree(folder)
    again = hub.rebuild(folder, declared_catalogue(), access, Progress())
    assert (again.station, again.author, again.department) == (identity, author, "45")
    assert again.position() == second.position()
    assert get(again, "job", mine.id).name == "a"
    other = add(again, "job", name="b")
    assert other.reference != mine.reference  # counting goes on
    assert base.sync(again).pushed == 1
    base.sync(second)
    assert get(second, "job", other.id).name == "b"
    assert (check(again), check(second)) == ([], [])
    again.close()


def test_whose_last_work_is_elsewhere_goes_on_as_a_new_station(pair, base, tmp_path):
    first, second = pair
    base.sync_all(first, second)
    yesterday = base.copy()
    add(first, "job", name="a")
    base.sync_all(first, second)
    base.put_back(yesterday)
    identity, folder = first.station, first.folder
    first.close()
    shutil.rmtree(folder)
    base.run(
        "UPDATE station_state SET vector = jsonb_set(vector, ARRAY["
        f"'{identity}'], '99') WHERE station = '{second.station}'"
    )
    again = hub.rebuild(folder, declared_catalogue(), base.accesses[identity], Progress())
    assert again.station != identity
    with again.reading() as read:
        names = {getattr(each, "name", "") for each in listed(again, "station")}
    assert "Poste 1 (copie)" in names
    assert read.catalogue is not None
    base.accesses[again.station] = base.accesses[identity]
    base.sync(second)
    base.sync(again)
    base.sync(second)
    assert again.position() == second.position()  # what the hub had lost came from the second one
    assert check(again) == []
    again.close()


class CablePulled(Progress):
    """Breaks off when so many steps are done."""

    def __init__(self, after: int) -> None:
        self._left = after

    def step(self, done: int, total: int, words: str) -> None:
        self._left -= 1
        if self._left < 0:
            raise Unreachable("câble tiré")


@pytest.mark.parametrize("after", [0, 1, 2])
def test_one_that_is_cut_leaves_nothing_to_write_in_and_is_begun_again(
    pair, base, monkeypatch, after
):
    first, second = pair
    for name in "abc":
        add(first, "job", name=name)
    base.sync_all(first, second)
    folder, access, identity = first.folder, base.accesses[first.station], first.station
    first.close()
    shutil.rmtree(folder)
    monkeypatch.setattr(hub_sync, "SLICE", 1)
    for _ in range(2):
        with pytest.raises(Unreachable):
            hub.rebuild(folder, declared_catalogue(), access, CablePulled(after))
        assert list(folder.parent.glob(f"{folder.name}*")) == []
    again = hub.rebuild(folder, declared_catalogue(), access, Progress())
    assert again.station == identity
    assert again.position() == second.position()
    assert check(again) == []
    again.close()


def by_file(first: Store, second: Store, file: Path) -> None:
    packages.create(first, [second.station], file, Progress())


def by_backup(first: Store, second: Store, file: Path) -> None:
    backup.backup(first, file)


@pytest.mark.parametrize("hand_out", [by_file, by_backup])
def test_whose_last_work_left_otherwise_than_by_the_hub_goes_on_as_a_new_station(
    pair, base, tmp_path, hand_out
):
    first, second = pair
    base.sync_all(first, second)
    add(first, "job", name="d’avant")
    hand_out(first, second, tmp_path / "confié")
    folder, identity, access = first.folder, first.station, base.accesses[first.station]
    first.close()
    shutil.rmtree(folder)
    again = hub.rebuild(folder, declared_catalogue(), access, Progress())
    assert again.station != identity
    base.accesses[again.station] = access
    add(again, "job", name="d’après")
    if hand_out is by_file:
        packages.apply(second, tmp_path / "confié", Progress())
    else:
        backup.restore(tmp_path / "confié", tmp_path / "retour")
        restored = Store(tmp_path / "retour", declared_catalogue())
        second.receive(restored.entries_after(second.position()))
        restored.close()
    base.sync_all(second, again)  # no two histories under one identity: nothing is refused
    assert again.position() == second.position()
    assert {each.name for each in listed(again, "job")} == {"d’avant", "d’après"}
    assert (check(again), check(second)) == ([], [])
    again.close()


def test_a_workspace_is_made_anew_only_from_a_whole_access_and_into_an_empty_folder(
    pair, base, tmp_path
):
    first, _ = pair
    base.sync(first)
    access = base.accesses[first.station]
    with pytest.raises(Refused, match="fichier d’accès"):
        hub.rebuild(tmp_path / "a", declared_catalogue(), Access(access.url), Progress())
    full = tmp_path / "plein"
    full.mkdir()
    Path(full / "lettre.txt").touch()
    with pytest.raises(Refused, match="vide"):
        hub.rebuild(full, declared_catalogue(), access, Progress())
    assert not (tmp_path / "a").exists()
