from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import PreventionError, Refused, UnreadableFile
from prevention_app.storage import attachments
from prevention_app.storage.backup import backup, restore
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, add_accident, get, leaves_of, listed, tell
from tests.storage.test_erasure import SECRET, erase, traces


def restored(file: Path, folder: Path) -> Store:
    restore(file, folder)
    return Store(folder, declared_catalogue())


def test_a_backup_comes_back_whole_and_goes_on_as_a_new_station(store: Store, tmp_path: Path):
    job = add(store, "job", name="Égoutier")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"une photo")
    digest = attachments.put(store, photo)
    backup(store, tmp_path / "lundi.zip")
    add(store, "job", name="après la sauvegarde")

    back = restored(tmp_path / "lundi.zip", tmp_path / "retour.prevention")

    assert [each.name for each in listed(back, "job")] == ["Égoutier"]
    assert back.station != store.station
    assert get(back, "job", job.id).reference == job.reference
    assert attachments.place(back, digest).read_bytes() == b"une photo"
    assert check(back) == []
    assert back.undoable() == ""
    back.close()


def test_what_was_written_after_the_backup_comes_back_from_another_station(station, tmp_path: Path):
    here, there = station("45"), station("45")
    backup(here, tmp_path / "lundi.zip")
    add(here, "job", name="après")
    tell(here, there)
    back = restored(tmp_path / "lundi.zip", tmp_path / "retour.prevention")
    tell(there, back)
    add(back, "job", name="depuis")
    tell(back, there)
    for store in (back, there):
        assert {each.name for each in listed(store, "job")} == {"après", "depuis"}
        assert check(store) == []
    back.close()


def test_what_was_erased_after_the_backup_goes_again_when_the_erasure_arrives(
    station, tmp_path: Path
):
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances=SECRET, person_name=SECRET)
    backup(here, tmp_path / "lundi.zip")
    erase(here, accident)
    tell(here, there)
    back = restored(tmp_path / "lundi.zip", tmp_path / "retour.prevention")
    assert traces(back)
    tell(there, back)
    assert traces(back) == []
    assert get(back, "accident", accident.id).circumstances == "effacé"
    assert [each.leaf.erasure for each in leaves_of(back, accident)].count(True) == 2
    back.close()


def test_a_backup_is_not_restored_over_something(store: Store, tmp_path: Path):
    backup(store, tmp_path / "lundi.zip")
    with pytest.raises(Refused, match="n’est pas vide"):
        restore(tmp_path / "lundi.zip", store.folder)
    with pytest.raises(Refused, match=r"Restaurez dans un dossier .*\(restore FICHIER --data"):
        restore(tmp_path / "lundi.zip", store.folder)
    for name, said in (("mardi.zip", "introuvable"), ("texte.zip", "illisible")):
        (tmp_path / "texte.zip").write_text("rien")
        with pytest.raises(UnreadableFile, match=said):  # the file is looked at before the folder
            restore(tmp_path / name, store.folder)
    assert check(store) == []


@pytest.mark.parametrize("damage", ["texte", "tronquée", "autre archive", "chemin"])
def test_what_is_no_backup_is_said_and_nothing_is_left(store: Store, tmp_path: Path, damage: str):
    file, folder = tmp_path / "x.zip", tmp_path / "retour.prevention"
    backup(store, file)
    whole = file.read_bytes()
    if damage == "texte":
        file.write_bytes(b"bonjour")
    elif damage == "tronquée":
        file.write_bytes(whole[: len(whole) // 2])
    else:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("../dehors.txt" if damage == "chemin" else "lettre.txt", "bonjour")
    with pytest.raises(UnreadableFile, match="x.zip"):
        restore(file, folder)
    assert not folder.exists()
    assert not folder.with_name(folder.name + ".part").exists()
    assert not (tmp_path.parent / "dehors.txt").exists()


def test_a_backup_whose_database_is_damaged_is_refused(store: Store, tmp_path: Path):
    file, folder = tmp_path / "x.zip", tmp_path / "retour.prevention"
    with store.connecting() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(tmp_path / "data.db"),))
    content = bytearray((tmp_path / "data.db").read_bytes())
    content[4096:20_000] = b"\xff" * (20_000 - 4096)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.db", bytes(content))
    with pytest.raises(PreventionError):
        restore(file, folder)
    assert not folder.exists()


def test_a_backup_appears_under_its_name_only_once_it_is_whole(store: Store, tmp_path: Path):
    with pytest.raises(PreventionError, match="n’a pas pu être écrite"):
        backup(store, tmp_path / "absent" / "x.zip")
    backup(store, tmp_path / "x.zip")
    assert [each.name for each in tmp_path.glob("x.zip*")] == ["x.zip"]
    assert list((store.folder / "drafts").iterdir()) == []
