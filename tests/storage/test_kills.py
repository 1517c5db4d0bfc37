"""Killed in the middle of anything: whole, true to its journal, and all that was acknowledged.

Commits are killed in `test_processes.py`.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import attachments, automatic_backup, backup, keys
from prevention_app.storage.automatic_backup import Why, copies, make
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, listed
from tests.storage.test_automatic_backup import NOON, OLD

_MOMENT = len("2026-11-25_15h20m51")

pytestmark = pytest.mark.usefixtures("untraced_processes")

CHECKOUT = Path(__file__).parents[2]
KILLS = 6
"""Of each of four kinds of work, ten times in the long suite: 240 in all."""


def killed(chance: random.Random, longest_s: float, deed: str, *arguments: object) -> list[str]:
    """Let a process work, kill it after a while; returns what it said was done."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("killed_work.py"), deed, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdout.readline() == "prêt\n"
    process.stdin.write("\n")
    process.stdin.flush()
    time.sleep(chance.uniform(0, longest_s))
    process.kill()
    said, _ = process.communicate(timeout=120)
    return [line[:-1] for line in said.splitlines(keepends=True) if line.endswith("\n")]


def sound(folder: Path) -> Store:
    """The workspace, found in order after a kill: pages, chains, tables as the journal says."""
    store = Store(folder, declared_catalogue())
    assert check(store) == []
    return store


def test_killed_while_it_takes_in_others_work(station, tmp_path: Path):
    receive_killed(station, tmp_path, kills=2, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_killed_often_while_it_takes_in_others_work(station, tmp_path: Path, seed: int):
    receive_killed(station, tmp_path, kills=KILLS, seed=seed)


def receive_killed(station, tmp_path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    here, there = station("45"), station("45")
    for number in range(20):
        with there.change("Importer") as work:
            for part in range(60):
                work.new("job", name=f"{number}.{part}")
    entries = there.entries_after(here.position())
    parcels = tmp_path / "lots.pickle"
    parcels.write_bytes(pickle.dumps([entries[:-12], entries[-12:-6], entries[-6:]]))
    here.close()
    plain, identity = tmp_path / "avant", here.station
    shutil.copytree(here.folder, plain)
    for _ in range(kills):
        shutil.rmtree(here.folder)
        shutil.copytree(plain, here.folder)
        done = killed(chance, 1.5, "receive", here.folder, parcels)
        again = sound(here.folder)
        assert again.station == identity
        held = again.position()
        assert sum(held.values()) >= max(map(int, done), default=0)
        # Each batch is whole or not at all.
        assert held.get(there.station, 0) in {0, len(entries) - 12, len(entries) - 6, len(entries)}
        again.receive(there.entries_after(held))
        assert len(listed(again, "job")) == 1200
        assert check(again) == []
        again.close()


def test_killed_while_files_are_attached(store: Store):
    attach_killed(store, kills=2, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_killed_often_while_files_are_attached(store: Store, seed: int):
    attach_killed(store, kills=KILLS, seed=seed)


def attach_killed(store: Store, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    kept: set[str] = set()
    for _ in range(kills):
        kept |= set(killed(chance, 0.5, "attach", store.folder))
        again = sound(store.folder)  # every file that a record names is there and what it was
        named = {each.digest for each in listed(again, "attachment")}
        assert kept <= named
        assert all(attachments.place(again, each).exists() for each in named)
        again.close()


def test_killed_while_it_makes_backups(store: Store, tmp_path: Path):
    backup_killed(store, tmp_path, kills=2, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_killed_often_while_it_makes_backups(store: Store, tmp_path: Path, seed: int):
    backup_killed(store, tmp_path, kills=KILLS, seed=seed)


def backup_killed(store: Store, tmp_path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(40):
        add(store, "job", name=f"{number}")
    for _ in range(5):
        (tmp_path / "photo").write_bytes(os.urandom(300_000))
        attachments.put(store, tmp_path / "photo")
    done: list[Path] = []
    for _ in range(kills):
        done += [Path(each) for each in killed(chance, 1.0, "back_up", store.folder)]
        sound(store.folder).close()
    there = [copy.file for copy in copies(store.folder)]
    for told in done[-1:]:
        assert told.name[:_MOMENT] <= there[0].name[:_MOMENT], "nothing told is newer than what is"
    for file in there:  # whatever bears a name is whole
        back = tmp_path / "retour.prevention"
        backup.restore(file, back)
        held = sound(back)
        assert len(listed(held, "job")) == 40
        assert backup.digests_of(back / "files") == backup.digests_of(store.folder / "files")
        held.close()
        shutil.rmtree(back)
    folder = automatic_backup.default_folder(store.folder)
    for left in (*folder.rglob("*.part"), *(store.folder / "drafts").glob("copie-*")):
        os.utime(left, (OLD, OLD))
    make(store, Why.DAILY, NOON)
    assert not list(folder.rglob("*.part"))
    assert not list((store.folder / "drafts").iterdir())


def test_killed_while_it_restores(store: Store, tmp_path: Path):
    restore_killed(store, tmp_path, kills=2, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_killed_often_while_it_restores(store: Store, tmp_path: Path, seed: int):
    restore_killed(store, tmp_path, kills=KILLS, seed=seed)


def restore_killed(store: Store, tmp_path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(40):
        add(store, "job", name=f"{number}")
    file = make(store, Why.ASKED, NOON).file
    place = tmp_path / "retours"
    place.mkdir()
    for _ in range(kills):
        done = {Path(each) for each in killed(chance, 0.6, "bring_back", place, file)}
        there = {each for each in place.iterdir() if each.suffix == ".prevention"}
        assert done <= there
        for each in sorted(there)[:2]:
            held = sound(each)
            assert len(listed(held, "job")) == 40
            assert held.station != store.station
            assert keys.find_key(held.station, each)
            held.close()
        shutil.rmtree(place)
        place.mkdir()
    assert copies(store.folder)
