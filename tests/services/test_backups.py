"""Automatic backups as people meet them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import PreventionError
from prevention_app.services import backups, safety
from prevention_app.services.progress import Progress
from prevention_app.storage import automatic_backup
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

NOON = datetime(2026, 11, 25, 12, 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Sets the wall clock that backups are made by."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(backups, "_now", lambda: moment)

    at(NOON)
    return at


def add(store: Store, name: str) -> None:
    with store.change("Ajouter") as work:
        work.new("site", name=name)


def whys(store: Store) -> list[str]:
    return [backups.why_text(each) for each in backups.overview(store.folder).copies]


def test_one_is_made_a_day_whatever_was_asked_for(store, clock) -> None:
    assert backups.daily_is_due(store.folder, NOON)
    assert backups.make_daily(store, Progress()) is not None
    assert not backups.daily_is_due(store.folder, NOON)
    assert backups.make_daily(store, Progress()) is None
    clock(NOON + timedelta(hours=1))
    backups.make_now(store, Progress())
    clock(NOON + timedelta(hours=13))
    assert backups.daily_is_due(store.folder, NOON + timedelta(hours=13))
    assert backups.make_daily(store, Progress()) is not None
    assert whys(store) == ["chaque jour", "demandée", "chaque jour"]


def test_before_a_package_one_is_made_unless_nothing_was_written_since(store, clock) -> None:
    add(store, "Gien")
    backups.before_apply(store)
    clock(NOON + timedelta(minutes=1))
    backups.before_apply(store)
    assert whys(store) == ["avant un fichier d’échange"]
    add(store, "Blois")
    backups.before_apply(store)
    assert whys(store) == ["avant un fichier d’échange"] * 2
    for each in backups.overview(store.folder).copies:
        each.file.unlink()
    backups.before_apply(store)
    assert whys(store) == ["avant un fichier d’échange"]
    (made,) = backups.overview(store.folder).copies
    assert "_avant-echange" in made.file.name
    made.file.rename(made.file.with_name(made.file.name.replace("echange", "paquet")))  # an old one
    assert whys(store) == ["avant un fichier d’échange"]


def test_where_none_can_be_made_the_package_is_told_so(
    store, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr("prevention_app.storage.backup.write_archive", full)
        with pytest.raises(PreventionError, match="plus de place"):
            backups.before_apply(store)
    assert "plus de place" in backups.overview(store.folder).trouble
    backups.before_apply(store)
    assert backups.overview(store.folder).trouble == ""


def test_another_drive_may_be_chosen_for_several_stations(
    store, clock, tmp_path: Path, new_workspace
) -> None:
    drive = tmp_path / "disque"
    drive.mkdir()
    other = Store(
        new_workspace(tmp_path / "ailleurs" / store.folder.name, name="B", user="b"),
        declared_catalogue(),
    )
    folders = {backups.choose_folder(each, drive) for each in (store, other)}
    assert len(folders) == 2
    made = {backups.make_now(each, Progress()).file.parent for each in (store, other)}
    assert made == folders
    other.close()
    assert backups.choose_folder(store, None) == automatic_backup.default_folder(store.folder)
    copy = backups.make_now(store, Progress())
    assert copy.file.parent == automatic_backup.default_folder(store.folder)


def test_a_folder_that_cannot_be_written_is_not_taken(store, clock, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("x")
    for chosen in (tmp_path / "nulle-part", tmp_path / "fichier"):
        with pytest.raises(PreventionError, match="Rien n’a été changé"):
            backups.choose_folder(store, chosen)
    assert backups.place(store.folder) == automatic_backup.default_folder(store.folder)


def test_a_backup_that_is_old_or_missing_is_said(store, clock, tmp_path: Path) -> None:
    assert "Aucune sauvegarde" in backups.advice(store.folder)
    backups.make_now(store, Progress())
    assert backups.advice(store.folder) == ""
    clock(NOON + timedelta(days=7))
    assert backups.advice(store.folder) == ""
    clock(NOON + timedelta(days=8, hours=1))
    assert "a 8 jours" in backups.advice(store.folder)
    safety.backup(store, tmp_path / "copie.zip")
    assert backups.advice(store.folder) == ""
    assert backups.overview(store.folder).elsewhere_file == str(tmp_path / "copie.zip")


def test_a_damaged_workspace_is_brought_back_from_its_newest_backup(
    store, clock, tmp_path: Path
) -> None:
    (tmp_path / "disque").mkdir()
    backups.choose_folder(store, tmp_path / "disque")
    add(store, "Gien")
    backups.make_now(store, Progress())
    store.close()
    (store.folder / "data.db").write_bytes(b"ce n'est plus une base" * 500)
    newest = backups.newest(store.folder)
    assert newest is not None
    safety.put_in_place(newest.file, store.folder)
    back = Store(store.folder, declared_catalogue())
    with back.reading() as read:
        assert [each.name for each in read.records(Query("site"))] == ["Gien"]
    assert safety.check(back) == []
    assert backups.newest(back.folder) == newest
    assert backups.make_daily(back, Progress()).file.parent == newest.file.parent
    back.close()


def test_notes_that_do_not_read_are_as_none(store) -> None:
    for content in ("", "[1]", "{", '{"made": 7, "other": []}'):
        (store.folder / "backups.json").write_text(content, encoding="utf-8")
        assert backups.daily_is_due(store.folder, NOON)
        assert backups.overview(store.folder).copies == ()


def test_attachments_of_a_damaged_workspace_come_with_its_backup(
    store, clock, tmp_path: Path
) -> None:
    from prevention_app.storage import attachments

    (tmp_path / "photo.jpg").write_bytes(b"une photo")
    digest = attachments.put(store, tmp_path / "photo.jpg")
    copy = backups.make_now(store, Progress())
    (copy.file.parent / "files" / digest[:2] / digest).unlink()
    store.close()
    (store.folder / "data.db").write_bytes(b"")
    safety.put_in_place(copy.file, store.folder)
    assert attachments.place(store, digest).read_bytes() == b"une photo"


def test_the_copy_kept_before_a_migration_takes_the_place_of_what_it_brought(store) -> None:
    from prevention_app.storage import engine

    add(store, "Gien")
    with store.connecting() as connection:
        engine.copy_before_migration(connection, store.folder, engine.format_of(connection))
    store.close()
    (kept,) = store.folder.glob("avant-migration*.db")
    (store.folder / "data.db").write_bytes(b"")
    aside = safety.put_in_place(kept, store.folder)
    assert (aside / kept.name).exists()
    back = Store(store.folder, declared_catalogue())
    with back.reading() as read:
        assert [each.name for each in read.records(Query("site"))] == ["Gien"]
    back.close()
