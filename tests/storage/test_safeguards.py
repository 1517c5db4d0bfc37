"""What the store refuses, and says in a sentence, so that nothing is lost or changed unseen."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from prevention_app import paths
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NewerFormat, NotFound, PreventionError, Refused
from prevention_app.services import records
from prevention_app.storage import keys
from prevention_app.storage.backup import backup, restore
from prevention_app.storage.engine import writing
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, add_accident, amend, conflicts, delete, get, listed
from tests.storage.definitions import define_field, define_register


def test_a_machine_without_network_or_id_of_its_own_stays_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keys, "_MACHINE_ID", tmp_path / "none")
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    places = set()
    for number in range(2):  # each process would draw a number of its own
        monkeypatch.setattr("uuid.getnode", lambda number=number: number)
        places.add(keys._place(tmp_path))
    assert len(places) == 1
    assert (tmp_path / "config" / "machine-id").read_text()


@pytest.mark.parametrize("register", ["station", "grant", "user", "attachment"])
def test_what_the_program_keeps_for_itself_no_person_writes(store: Store, register: str):
    kept = store.catalogue[register].new()
    before = store.position()
    for write in (
        lambda: records.add(store, register, {}),
        lambda: records.save(store, register, kept, {}),
        lambda: records.delete(store, register, [kept]),
        lambda: records.restore(store, register, kept),
    ):
        with pytest.raises(Refused, match="est tenu par le programme"):
            write()
    assert store.position() == before


def test_fields_that_another_process_adds_keep_their_values(store: Store):
    accident = add_accident(store)
    other = Store(store.folder, declared_catalogue())
    define_field(other, "meteo", register="accident")
    with other.change("Modifier") as work:
        work.amend("accident", get(other, "accident", accident.id), meteo="Verglas")
    with store.change("Modifier") as work:
        work.amend("accident", accident, circumstances="Chute")

    assert get(other, "accident", accident.id).meteo == "Verglas"
    assert get(store, "accident", accident.id).meteo == "Verglas"
    define_register(other)
    define_field(other, "objet")
    add(other, "visite", objet="a")
    assert [each.objet for each in listed(store, "visite")] == ["a"]
    assert check(store) == []
    other.close()


def test_nothing_but_its_return_is_written_on_a_deleted_record(store: Store):
    job = add(store, "job", name="a")
    delete(store, "job", job)
    for stale in (job, get(store, "job", job.id)):
        with pytest.raises(Refused, match="supprimée"):
            amend(store, "job", stale, name="b")
        with pytest.raises(Refused, match="supprimée"):
            delete(store, "job", stale)
    assert conflicts(store) == set()
    with store.change("Rétablir") as work:
        work.mark_deleted("job", get(store, "job", job.id), deleted=False)
    assert amend(store, "job", get(store, "job", job.id), name="b").name == "b"


def test_an_edit_of_what_was_deleted_since_is_not_undone(store: Store):
    job = add(store, "job", name="a")
    with store.change("Renommer") as work:
        work.amend("job", job, name="b")
    delete(store, "job", get(store, "job", job.id))
    with pytest.raises(Refused, match=f"{job.reference} : supprimée"):
        store.undo(work.done.transaction)
    assert conflicts(store) == set()


def test_other_declarations_make_the_tables_again(store: Store):
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("UPDATE meta SET value = 'x' WHERE key = 'tables'")
        connection.exec_driver_sql("DELETE FROM r_station")
    again = Store(store.folder, declared_catalogue())
    assert len(listed(again, "station")) == 1
    again.close()


def spoil(folder: Path, kind: str) -> None:
    database = folder / "data.db"
    for each in folder.glob("data.db-*"):
        each.unlink()
    match kind:
        case "empty":
            database.write_bytes(b"")
        case "foreign":
            database.write_bytes(b"PK\x03\x04 something else altogether" * 400)
        case "truncated":
            database.write_bytes(database.read_bytes()[:9000])
        case _:
            database.unlink()
            database.mkdir()


@pytest.mark.parametrize("kind", ["empty", "foreign", "truncated", "folder"])
def test_a_database_that_is_none_is_said_in_a_sentence(store: Store, kind: str):
    store.close()
    spoil(store.folder, kind)
    with pytest.raises(PreventionError) as refused:
        Store(store.folder, declared_catalogue())
    assert str(refused.value).endswith(".")


def test_a_database_without_a_station_is_refused(store: Store):
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'station'")
    with pytest.raises(PreventionError, match="n’est pas un espace de travail"):
        Store(store.folder, declared_catalogue())


def test_a_file_where_a_workspace_should_be_made_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(PreventionError, match="ce n’est pas un dossier"):
        Store.create(
            tmp_path / "file", declared_catalogue(), department="45", name="Poste", user="Nom"
        )


def test_a_database_that_cannot_be_written_is_not_called_busy(store: Store):
    with store.connecting() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        with (
            pytest.raises(PreventionError, match="ne peut pas être écrite"),
            writing(connection),
        ):
            connection.exec_driver_sql("DELETE FROM meta")


def test_a_change_undone_already_is_said_to_be(store: Store):
    with store.change("Ajouter") as work:
        work.new("job", name="a")
    store.undo(work.done.transaction)
    with pytest.raises(Refused, match="déjà annulé"):
        store.undo(work.done.transaction)
    store.redo()
    store.undo(work.done.transaction)


@pytest.mark.parametrize("number", ["²", "٣", "9" * 40, "-1", "x", ""])
def test_a_number_that_no_change_bears_is_not_found(store: Store, number: str):
    code = add(store, "job", name="a").reference.split("-")[2]
    with pytest.raises(NotFound):
        store.undo(f"{code}.{number}")


def test_a_new_record_that_others_use_stays_when_its_creation_is_undone(store: Store):
    with store.change("Importer") as work:
        above = work.new("org_unit", name="Service")
        used = work.new("org_unit", name="Équipe", parent=above.id)
        free = work.new("org_unit", name="Autre", parent=above.id)
    user = add(store, "org_unit", name="Groupe", parent=used.id)

    with pytest.raises(Refused, match=user.reference):
        store.undo(work.done.transaction)
    store.undo(work.done.transaction, only_possible=True)

    with store.reading() as read:
        left = {each.id for each in read.records(Query("org_unit"))}
    assert left == {above.id, used.id, user.id}
    assert free.id not in left


def test_a_backup_of_a_newer_format_leaves_nothing_behind(store: Store, tmp_path: Path):
    with store.connecting() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 9000")
    backup(store, tmp_path / "copie.zip")
    with pytest.raises(NewerFormat):
        restore(tmp_path / "copie.zip", tmp_path / "retour")
    assert not list(tmp_path.glob("retour*"))


def test_a_backup_with_a_broken_chain_leaves_nothing_behind(store: Store, tmp_path: Path):
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("UPDATE head SET hash = zeroblob(32)")
    backup(store, tmp_path / "copie.zip")
    with pytest.raises(PreventionError, match="est abîmée"):
        restore(tmp_path / "copie.zip", tmp_path / "retour")
    assert not list(tmp_path.glob("retour*"))


def test_a_backup_that_is_not_there_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(PreventionError, match="introuvable"):
        restore(tmp_path / "nulle-part.zip", tmp_path / "retour")
    with zipfile.ZipFile(tmp_path / "vide.zip", "w"):
        pass
    with pytest.raises(PreventionError, match="n’est pas une sauvegarde"):
        restore(tmp_path / "vide.zip", tmp_path / "retour")


UNREADABLE = {
    "UPDATE leaf SET body = x'ff00' WHERE number = 2": "illisible",
    "UPDATE leaf SET body = CAST('[1]' AS BLOB) WHERE number = 2": "illisible",
    "UPDATE leaf SET body = NULL, salt = NULL WHERE number = 2": "illisible",
    "UPDATE leaf SET body = CAST('{' AS BLOB) WHERE register = 'ORDI'": "illisible",
    "UPDATE leaf SET salt = NULL WHERE number = 2": "illisible",
    "UPDATE head SET vector = '' WHERE number = 2": "sa lecture diffère",
}


@pytest.mark.parametrize(("statement", "found"), UNREADABLE.items())
def test_what_cannot_be_read_is_found_and_the_rest_survives(
    store: Store, statement: str, found: str
):
    add(store, "job", name="a")
    site = add(store, "site", name="b")
    with store.connecting() as connection, writing(connection):
        assert connection.exec_driver_sql(statement).rowcount
    assert any(found in each for each in check(store))
    store.rebuild()
    assert any(found in each for each in check(store))
    assert get(store, "site", site.id).name == "b"


DERIVED = {
    "UPDATE counter SET last = 0": "numéros des références",
    "UPDATE counter SET last = last + 5": "numéros des références",
    "DELETE FROM station_code": "codes des ordinateurs",
    "INSERT INTO station_code VALUES ('ZZZ', 'x', 9)": "codes des ordinateurs",
    "INSERT INTO search_text VALUES (999, 'x', 'job', '3D', 'faux')": "ligne sans fiche",
    "INSERT INTO search_index (search_index) VALUES ('delete-all')": "correspond pas à ses textes",
}


@pytest.mark.parametrize(("statement", "found"), DERIVED.items())
def test_what_follows_from_the_journal_is_compared_and_made_again(
    store: Store, statement: str, found: str
):
    first = add(store, "job", name="abricot")
    assert check(store) == []
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql(statement)
    assert any(found in each for each in check(store))
    store.rebuild()
    assert check(store) == []
    assert int(add(store, "job", name="b").reference.split("-")[3]) == (
        int(first.reference.split("-")[3]) + 1
    )


def test_an_entry_of_our_own_without_signature_is_found(store: Store):
    add(store, "job", name="a")
    add(store, "job", name="b")
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("UPDATE head SET signature = NULL WHERE number = 2")
    assert any("n’est pas signée" in each for each in check(store))
