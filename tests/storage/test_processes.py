"""Several processes on one workspace, and processes that end in the middle of writing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Busy, PreventionError
from prevention_app.storage.engine import writing
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, amend, get, listed, search

pytestmark = pytest.mark.usefixtures("untraced_processes")

CHECKOUT = Path(__file__).parents[2]


def writer(folder: Path, count: int, name: str) -> subprocess.Popen[str]:
    """A process that will write once it is told to go on."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("writer.py"), folder, str(count), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdout.readline() == "prêt\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    process.stdin.write("\n")
    process.stdin.flush()


def told(process: subprocess.Popen[str]) -> list[str]:
    """All whole lines that the process still said before it ended."""
    said, _ = process.communicate(timeout=120)
    return [line for line in said.splitlines(keepends=True) if line.endswith("\n")]


def test_two_processes_write_in_turns_and_nothing_is_lost(store: Store):
    processes = [writer(store.folder, 100, name) for name in ("un", "deux")]
    for each in processes:
        go(each)
    written = [len(told(each)) for each in processes]

    assert written == [100, 100]
    assert [each.returncode for each in processes] == [0, 0]
    jobs = listed(store, "job")
    assert len({each.name for each in jobs}) == 200
    assert len({each.reference for each in jobs}) == 200
    assert store.position()[store.station] == 201
    assert check(store) == []


def killed_while_writing(store: Store, chance: random.Random) -> list[str]:
    """Ids of the records that a process said were kept before it was killed."""
    process = writer(store.folder, 100_000, f"tour {chance.random()}")
    go(process)
    first = process.stdout.readline()
    time.sleep(chance.uniform(0, 0.3))
    process.kill()
    return [line.strip() for line in (first, *told(process))]


def survive(store: Store, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    kept: set[str] = set()
    for _ in range(kills):
        kept |= set(killed_while_writing(store, chance))
    again = Store(store.folder, declared_catalogue())
    assert check(again) == []
    held = {each.id for each in listed(again, "job")}
    assert kept <= held
    assert len(held - kept) <= kills  # kept, and killed before it could say so
    assert len(kept) >= kills
    again.close()


def test_what_was_said_to_be_kept_outlives_a_kill(store: Store):
    survive(store, kills=4, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_what_was_said_to_be_kept_outlives_many_kills(store: Store, seed: int):
    survive(store, kills=25, seed=seed)


def test_who_waits_too_long_for_another_writer_is_told_so(
    store: Store,
):
    store.patience_s = 0.2
    with store.connecting() as connection, writing(connection):
        with pytest.raises(Busy, match="Rien n’a été changé"):
            add(store, "job", name="a")
        with store.reading() as read:
            assert read.count(Query("job")) == 0
    add(store, "job", name="b")
    assert [each.name for each in listed(store, "job")] == ["b"]


def test_a_disk_that_fills_up_is_said_and_nothing_is_lost(store: Store):
    job = add(store, "job", name="avant")
    room = 0

    def limit(connection, _record) -> None:
        held = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={held + room}").fetchall()

    sa.event.listen(store._engine, "connect", limit)
    refusals: list[str] = []
    for room in range(12):
        position = store.position()
        try:
            job = amend(store, "job", job, description=f"{room}" * 9000)
        except PreventionError as error:
            refusals.append(str(error))
        if len(refusals) > room:
            assert store.position() == position
            assert get(store, "job", job.id).description == job.description
            assert check(store) == []
    sa.event.remove(store._engine, "connect", limit)

    assert 0 < len(refusals) < 12
    assert all("disque est plein" in each for each in refusals)
    amend(store, "job", job, name="après")
    assert search(store, "apres") == {job.id}
    assert check(store) == []
