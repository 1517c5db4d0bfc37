from __future__ import annotations

import json
import shutil
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain import sealed_manifest
from prevention_app.errors import NotFound
from prevention_app.services import sealing, sealing_verify
from prevention_app.storage.store import Store
from tests.services.conftest import TODAY
from tests.services.sealed_department import fill
from tests.workspaces import NewWorkspaces

FIRST, SECOND = "45-2026-1", "45-2026-2"


class Archive:
    """Two versions sealed into one folder, and two of another workspace into a second one."""

    def __init__(self, folder: Path, new_workspace: NewWorkspaces) -> None:
        """Seal them."""
        self.folder, self.other = folder / "versions", folder / "autres"
        self.stores: list[Store] = []
        for name, out in (("une", self.folder), ("autre", self.other)):
            place = new_workspace(folder / f"{name}.prevention", name="Poste A", user="durand")
            store = Store(place, declared_catalogue(), lambda: TODAY)
            made = fill(store)
            sealing.seal(store, out, "45")
            with store.change("Depuis") as work:
                work.amend("risk", made["traffic"], situation=f"Circulation, {name}")
            sealing.seal(store, out, "45")
            self.stores.append(store)

    @cached_property
    def files(self) -> list[Path]:
        """Every file, those of both versions."""
        return sorted(each for each in self.folder.rglob("*") if each.is_file())


@pytest.fixture(scope="module")
def archive(tmp_path_factory, new_workspace):
    made = Archive(tmp_path_factory.mktemp("archive"), new_workspace)
    yield made
    for each in made.stores:
        each.close()


@pytest.fixture
def folder(archive, tmp_path) -> Path:
    """A copy of the versions, to be tampered with."""
    return Path(shutil.copytree(archive.folder, tmp_path / "versions"))


def faults(folder: Path) -> list[str]:
    return [str(each) for each in sealing_verify.verify_folder(folder).faults]


def faulty(folder: Path) -> set[str]:
    """The files that are complained of."""
    return {each.file for each in sealing_verify.verify_folder(folder).faults}


def test_what_was_sealed_verifies_without_any_workspace(archive):
    found = sealing_verify.verify_folder(archive.folder)
    assert [each.manifest.name for each in found.versions if each.manifest] == [FIRST, SECOND]
    assert list(found.faults) == []
    assert faults(archive.folder / SECOND) == []


def test_a_version_that_lies_alone_says_which_one_precedes_it(folder):
    shutil.rmtree(folder / FIRST)
    found = sealing_verify.verify_folder(folder)
    assert not found.faults
    assert any(FIRST in each for each in found.notes)


def changed(file: Path, at: int, byte: int):
    """A file with one byte changed while it lasts."""
    held = file.read_bytes()
    file.write_bytes(held[:at] + bytes([byte]) + held[at + 1 :])
    return held


@given(data=st.data())
def test_a_single_changed_byte_in_any_file_is_found_and_its_file_named(archive, data):
    file = data.draw(st.sampled_from(archive.files))
    at = data.draw(st.integers(0, file.stat().st_size - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != file.read_bytes()[at]))
    held = changed(file, at, byte)
    try:
        assert file.relative_to(archive.folder).as_posix() in faulty(archive.folder)
    finally:
        file.write_bytes(held)


@pytest.mark.parametrize("name", ["SHA256SUMS", "manifest.json"])
def test_every_byte_of_what_vouches_for_the_others_is_vouched_for(archive, tmp_path, name):
    """Every one in turn; the version is cut down to its small files so that this stays quick."""
    folder = tmp_path / FIRST
    shutil.copytree(archive.folder / FIRST, folder)
    manifest = sealed_manifest.read((folder / "manifest.json").read_bytes())
    small = [each for each in manifest.files if each.size < 2_000]
    document = json.loads((folder / "manifest.json").read_bytes())
    document["files"] = [
        {"name": each.name, "sha256": each.digest, "size": each.size} for each in small
    ]
    document["signature"] = archive.stores[0].key.sign(sealed_manifest.to_be_signed(document)).hex()
    data = sealed_manifest.as_bytes(document)
    (folder / "manifest.json").write_bytes(data)
    (folder / "SHA256SUMS").write_bytes(
        sealed_manifest.sums_text(small, sealed_manifest.digest_of(data))
    )
    for each in folder.rglob("*"):
        inside = each.relative_to(folder).as_posix()
        kept = {"manifest.json", "SHA256SUMS", *(one.name for one in small)}
        if each.is_file() and inside not in kept:
            each.unlink()
    assert faults(folder) == []
    file = folder / name
    held = file.read_bytes()
    for at in range(len(held)):
        file.write_bytes(held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
        assert name in faulty(folder), at


@pytest.mark.long
def test_every_byte_of_every_file_is_vouched_for(archive):
    """Every one of small files, and one in so many of large ones."""
    version = archive.folder / FIRST
    for file in (each for each in archive.files if version in each.parents):
        held = file.read_bytes()
        for at in range(0, len(held), max(1, len(held) // 2_000)):
            changed(file, at, held[at] ^ 1)
            assert file.relative_to(version).as_posix() in faulty(version), at
            file.write_bytes(held)


def test_a_removed_file_is_named_whichever_it_is(archive):
    for file in archive.files:
        held = file.read_bytes()
        file.unlink()
        try:
            assert file.relative_to(archive.folder).as_posix() in faulty(archive.folder)
        finally:
            file.write_bytes(held)


@pytest.mark.parametrize(
    "added",
    ["note.txt", f"{FIRST}/note.txt", f"{FIRST}/donnees/.cache", f"{SECOND}/photos/une.jpg"],
)
def test_an_added_file_is_named(folder, added):
    place = folder / added
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"")
    assert added in faulty(folder)


def test_an_added_folder_or_link_is_named(folder):
    (folder / FIRST / "vide").mkdir()
    (folder / FIRST / "lien").symlink_to(folder / SECOND / "LISEZMOI.txt")
    assert {f"{FIRST}/vide", f"{FIRST}/lien"} <= faulty(folder)


def test_a_swapped_version_is_found_by_the_one_that_follows(archive, folder):
    """The stranger is sound in itself: another workspace sealed it under the same name."""
    shutil.rmtree(folder / FIRST)
    shutil.copytree(archive.other / FIRST, folder / FIRST)
    assert any("ce n’est pas la version 45-2026-1" in each for each in faults(folder))


def test_a_swapped_last_version_is_found_with_the_workspace_at_hand(archive, folder):
    shutil.rmtree(folder)
    shutil.copytree(archive.other, folder)
    found = sealing_verify.verify_folder(folder)
    assert not found.faults, "nothing in the files tells"
    with archive.stores[0].reading() as read:
        told = sealing_verify.compared_with_record(read, found)
    assert [each.file for each in told.faults] == [FIRST, SECOND]
    with archive.stores[1].reading() as read:
        assert not sealing_verify.compared_with_record(read, found).faults


def test_versions_that_changed_places_are_found(folder):
    (folder / FIRST).rename(folder / "x")
    (folder / SECOND).rename(folder / FIRST)
    (folder / "x").rename(folder / SECOND)
    assert {FIRST, SECOND} <= faulty(folder)


def test_a_hole_between_versions_is_found(archive, folder):
    store = archive.stores[0]
    sealing.seal(store, folder, "45")
    shutil.rmtree(folder / SECOND)
    assert SECOND in faulty(folder)


def test_a_rewritten_manifest_is_found_by_its_signature(folder):
    place = folder / SECOND
    document = json.loads((place / "manifest.json").read_bytes())
    document["version"]["kept_until"] = "2030-01-01"
    data = sealed_manifest.as_bytes(document)
    (place / "manifest.json").write_bytes(data)
    manifest = sealed_manifest.read(data)
    (place / "SHA256SUMS").write_bytes(
        sealed_manifest.sums_text(manifest.files, sealed_manifest.digest_of(data))
    )
    assert any("signature" in each for each in faults(folder))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'{"format": 1}', b"\xff\xfe", b"{" * 9000])
def test_a_manifest_that_is_none_is_a_fault_and_no_failure(folder, data):
    (folder / FIRST / "manifest.json").write_bytes(data)
    assert f"{FIRST}/manifest.json" in faulty(folder)


def test_a_name_that_leads_out_of_the_folder_is_not_followed(folder):
    place = folder / FIRST / "manifest.json"
    document = json.loads(place.read_bytes())
    document["files"][0]["name"] = "../../secret.txt"
    place.write_bytes(sealed_manifest.as_bytes(document))
    assert f"{FIRST}/manifest.json" in faulty(folder)


def test_no_folder_and_an_empty_one(tmp_path):
    with pytest.raises(NotFound):
        sealing_verify.verify_folder(tmp_path / "nulle part")
    assert faults(tmp_path) == [". : aucune version figée dans ce dossier."]
