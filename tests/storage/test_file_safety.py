"""The file itself: the settings it is opened with, and disks and folders that do not let it be."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from prevention_app import paths
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Busy, Damaged, PreventionError
from prevention_app.storage import engine
from prevention_app.storage.backup import backup
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, listed

ORDINARY = 65534


def test_an_sqlite_that_loses_commits_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch):
    for version in ((3, 51, 3), (3, 52, 0), (4, 0, 0)):
        monkeypatch.setattr(engine.dbapi2, "sqlite_version_info", version)
        Store(store.folder, declared_catalogue()).close()
    for version in ((3, 51, 2), (3, 40, 1), (2, 99, 99)):
        monkeypatch.setattr(engine.dbapi2, "sqlite_version_info", version)
        with pytest.raises(PreventionError, match="trop ancienne"):
            Store(store.folder, declared_catalogue())
    monkeypatch.undo()
    assert engine.dbapi2.sqlite_version_info >= (3, 51, 3)
    assert check(store) == []


def test_what_is_committed_is_on_the_disk(store: Store):
    with store.connecting() as writer, store.reading() as read:
        for connection in (writer, read.connection):
            for setting, wanted in {
                "journal_mode": "wal",
                "synchronous": 2,
                "trusted_schema": 0,
                "cell_size_check": 1,
            }.items():
                assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar_one() == wanted


def test_one_writes_while_others_read_and_a_second_writer_waits(store: Store):
    add(store, "job", name="a")
    with store.connecting() as first, store.connecting() as second:
        with writing(first):
            first.exec_driver_sql("DELETE FROM kept_original")
            assert [each.name for each in listed(store, "job")] == ["a"]
            assert store.is_being_written()
            with pytest.raises(Busy, match="Un autre travail écrit"), writing(second, 0.05):
                pass
        assert not store.is_being_written()
        with writing(second, 0.05):
            second.exec_driver_sql("DELETE FROM kept_original")


def test_a_base_that_another_program_holds_is_called_busy_and_opens_afterwards(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    add(store, "job", name="a")
    store.close()
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.1)
    holder = engine.dbapi2.connect(str(store.folder / "data.db"), isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Busy, match="occupé par un autre programme"):
        Store(store.folder, declared_catalogue())
    holder.execute("COMMIT")
    holder.close()
    again = Store(store.folder, declared_catalogue())
    assert [each.name for each in listed(again, "job")] == ["a"]
    assert check(again) == []
    again.close()


@contextlib.contextmanager
def by_an_ordinary_user() -> Iterator[None]:
    """Root may write everywhere: here it is nobody for a while."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(ORDINARY)
    try:
        yield
    finally:
        os.seteuid(was)


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A workspace where an ordinary user reaches it, and may write it."""
    above = Path(tempfile.mkdtemp(prefix="prevention-garde-"))
    monkeypatch.setattr(paths, "config_folder", lambda: above / "config")
    store = Store.create(
        above / "espace.prevention", declared_catalogue(), department="45", name="P", user="u"
    )
    add(store, "job", name="avant")
    if os.geteuid() == 0:
        os.chown(above, ORDINARY, ORDINARY)
        for each in above.rglob("*"):
            os.chown(each, ORDINARY, ORDINARY)
    yield store
    store.close()
    shutil.rmtree(above)


@pytest.mark.skipif(os.name == "nt", reason="rights of files as POSIX knows them")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_base_that_may_not_be_written_says_so_and_works_again_afterwards(
    guarded: Store, what: str
):
    guarded.close()
    closed = [guarded.folder, *guarded.folder.glob("data.db*")]
    with by_an_ordinary_user():
        for each in closed if what == "folder" else closed[1:]:
            each.chmod(0o500 if each.is_dir() else 0o400)
        with pytest.raises(PreventionError, match="ne (se laissent|peut) pas (être )?écri"):
            add(guarded, "job", name="refusé")
        with pytest.raises(PreventionError, match="ne (se laissent|peut) pas (être )?écri"):
            add(Store(guarded.folder, declared_catalogue()), "job", name="refusé")
        guarded.folder.chmod(0o700)
        for each in guarded.folder.glob("data.db*"):
            each.chmod(0o600)
        add(guarded, "job", name="après")
    assert {each.name for each in listed(guarded, "job")} == {"avant", "après"}
    assert check(guarded) == []


def limited(store: Store, room: int):
    """Let the database of a store grow by no more than so many pages."""

    def limit(connection, _record) -> None:
        held = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={held + room}").fetchall()

    sa.event.listen(store._engine, "connect", limit)
    return limit


def test_taking_in_others_work_on_a_full_disk_is_all_or_nothing(station):
    here, there = station("45"), station("45")
    for number in range(30):
        add(there, "job", name=f"{number}", description="x" * 3000)
    entries = there.entries_after(here.position())
    limit = limited(here, 4)
    before = here.position()
    with pytest.raises(PreventionError, match="disque est plein"):
        here.receive(entries)
    assert here.position() == before
    assert check(here) == []
    sa.event.remove(here._engine, "connect", limit)
    here.receive(entries)
    assert len(listed(here, "job")) == 30
    assert check(here) == []


def test_a_backup_on_a_full_disk_is_refused_and_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add(store, "job", name="a")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr(os, "fsync", full)
        with pytest.raises(PreventionError, match="plus de place"):
            backup(store, tmp_path / "copie.zip")
    assert list(tmp_path.glob("copie*")) == []
    assert list((store.folder / "drafts").iterdir()) == []
    backup(store, tmp_path / "copie.zip")
    assert check(store) == []


def test_a_disk_that_is_full_at_opening_is_not_called_damage(store: Store):
    said = engine._why_not_opened(store.folder, "database or disk is full")
    assert "Le disque est plein" in str(said)
    assert not isinstance(said, Damaged)


def test_a_migration_starts_from_a_copy_that_was_found_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def unsound(_copy: Path) -> None:
        raise PreventionError("La copie de la base ne passe pas le contrôle d’intégrité.")

    monkeypatch.setattr(engine, "refuse_unsound", unsound)
    with store.connecting() as connection, pytest.raises(PreventionError, match="intégrité"):
        engine.copy_before_migration(connection, store.folder, engine.format_of(connection))
    assert not list(store.folder.glob("avant-migration*"))
