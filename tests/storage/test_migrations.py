from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from prevention_app import paths
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NewerFormat, NotFound, PreventionError, Refused
from prevention_app.storage import engine, journal
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, listed

NEWEST = engine.migration_files()[-1][0]
NOTE = """-- A note; the comment holds a semicolon.
CREATE TABLE note (text TEXT NOT NULL);

INSERT INTO note VALUES ('migré');
"""


def upgrade(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Go on as a program that is one format ahead."""
    shutil.copytree(paths.database_folder(), folder)
    (folder / f"{NEWEST + 1:04}_note.sql").write_text(script, encoding="utf-8")
    monkeypatch.setattr(paths, "database_folder", lambda: folder)


def opened(store: Store) -> Store:
    return Store(store.folder, declared_catalogue())


def format_and_tables(database: Path) -> tuple[int, set[str]]:
    connection = engine.dbapi2.connect(str(database))
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return number, names


def test_a_workspace_is_brought_to_the_new_format_and_copied_before(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add(store, "site", name="Dépôt")
    store.close()
    upgrade(monkeypatch, tmp_path / "db", NOTE)

    migrated = opened(store)

    assert [each.name for each in listed(migrated, "site")] == ["Dépôt"]
    with migrated.connecting() as connection:
        assert connection.exec_driver_sql("SELECT text FROM note").scalar_one() == "migré"
    assert check(migrated) == []
    migrated.close()
    number, names = format_and_tables(store.folder / f"avant-migration-format-{NEWEST}.db")
    assert number == NEWEST
    assert "r_site" in names
    assert "note" not in names
    assert format_and_tables(store.folder / "data.db")[0] == NEWEST + 1


def test_a_workspace_of_the_current_format_is_not_copied(store: Store):
    store.close()
    opened(store).close()
    assert not list(store.folder.glob("avant-migration*"))


def test_a_migration_that_fails_leaves_the_workspace_in_its_old_format(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add(store, "site", name="Dépôt")
    store.close()
    with monkeypatch.context() as ahead:
        upgrade(ahead, tmp_path / "db", NOTE + "INSERT INTO nowhere VALUES (1);")
        with pytest.raises(PreventionError):
            opened(store)
    number, names = format_and_tables(store.folder / "data.db")
    assert number == NEWEST
    assert "note" not in names
    again = opened(store)
    assert [each.name for each in listed(again, "site")] == ["Dépôt"]
    again.close()


def test_what_a_newer_program_wrote_is_refused_with_a_plain_message_and_left_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store.close()
    with monkeypatch.context() as ahead:
        upgrade(ahead, tmp_path / "db", NOTE)
        opened(store).close()
    before = (store.folder / "data.db").read_bytes()
    with pytest.raises(NewerFormat) as refused:
        opened(store)
    assert "version plus récente" in str(refused.value)
    assert f"format {NEWEST + 1}" in str(refused.value)
    assert (store.folder / "data.db").read_bytes() == before


def test_two_programs_that_open_at_once_migrate_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add(store, "site", name="Dépôt")
    store.close()
    upgrade(monkeypatch, tmp_path / "db", NOTE)
    copy = engine.copy_before_migration

    def overtaken(*arguments):
        """Another program opens the workspace while this one makes its copy."""
        monkeypatch.setattr(engine, "copy_before_migration", copy)
        opened(store).close()
        return copy(*arguments)

    monkeypatch.setattr(engine, "copy_before_migration", overtaken)
    late = opened(store)
    assert [each.name for each in listed(late, "site")] == ["Dépôt"]
    late.close()
    assert format_and_tables(store.folder / f"avant-migration-format-{NEWEST}.db")[0] == NEWEST


def test_new_declarations_change_the_tables_without_a_migration(store: Store):
    catalogue = declared_catalogue()
    site = add(store, "site", name="Dépôt", town="Gien")
    store.close()
    with store.connecting() as connection, engine.writing(connection):
        connection.exec_driver_sql('ALTER TABLE "r_site" DROP COLUMN "town"')
        connection.exec_driver_sql('DROP TABLE "r_job"')
        journal.set_meta(connection, "tables", "as the version before declared them")
    again = Store(store.folder, catalogue)
    assert [(each.id, each.town) for each in listed(again, "site")] == [(site.id, "Gien")]
    assert listed(again, "job") == []
    again.close()


def test_a_folder_without_a_workspace_is_refused_with_what_to_do(tmp_path: Path):
    with pytest.raises(NotFound, match="init"):
        Store(tmp_path, declared_catalogue())
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_is_not_made_in_a_folder_that_holds_something(tmp_path: Path):
    (tmp_path / "lettre.txt").write_text("Bonjour", encoding="utf-8")
    with pytest.raises(Refused, match="n’est pas vide"):
        Store.create(tmp_path, declared_catalogue(), department="45", name="P", user="u")
    assert [each.name for each in tmp_path.iterdir()] == ["lettre.txt"]
