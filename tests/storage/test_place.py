"""Where a workspace may lie: not on the network; where other programs copy it, with a warning."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from prevention_app import paths
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Misplaced
from prevention_app.paths import FolderKind
from prevention_app.storage import place
from prevention_app.storage.backup import backup, restore
from prevention_app.storage.store import Store
from prevention_app.storage.trial import try_database
from prevention_app.storage.verify import check
from tests.storage.acts import add, listed

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
srv:/a /nfs nfs4 rw 0 0
//srv/b /mnt/Espace\040commun cifs rw 0 0
//srv/c /smb smb3 rw 0 0
me@srv:/ /ssh fuse.sshfs rw 0 0
gvfsd /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
host /wsl 9p rw 0 0
share /vm vboxsf rw 0 0
/dev/sdb1 /nfs/disque ext4 rw 0 0
"""


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the system says lies on another computer."""
    folder = tmp_path / "partage"
    folder.mkdir()
    plain = paths._system_kind
    monkeypatch.setattr(
        paths,
        "_system_kind",
        lambda asked: FolderKind.NETWORK if asked.is_relative_to(folder) else plain(asked),
    )
    return folder


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/cm/x", FolderKind.LOCAL),
        ("/nfs/x", FolderKind.NETWORK),
        ("/mnt/Espace commun/x", FolderKind.NETWORK),
        ("/smb/x", FolderKind.NETWORK),
        ("/ssh/x", FolderKind.NETWORK),
        ("/run/user/1000/gvfs/smb-share/x", FolderKind.NETWORK),
        ("/wsl/x", FolderKind.NETWORK),
        ("/vm/x", FolderKind.NETWORK),
        ("/nfs/disque/x", FolderKind.LOCAL),
        ("/nfsx", FolderKind.LOCAL),
    ],
)
def test_what_is_mounted_from_another_computer_is_the_network(folder: str, kind: FolderKind):
    assert paths.mounted_kind(PurePosixPath(folder), MOUNTS) is kind


def test_no_workspace_is_opened_made_or_brought_back_on_the_network(
    station, tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch
):
    store = station("45")
    add(store, "job", name="a")
    backup(store, tmp_path / "copie.zip")
    store.close()
    moved = share / "espace.prevention"
    (tmp_path / "lien").symlink_to(moved)
    with pytest.raises(Misplaced, match="partage réseau"):
        restore(tmp_path / "copie.zip", moved)
    with pytest.raises(Misplaced, match="rien n’a été changé"):
        Store.create(moved, declared_catalogue(), department="45", name="P", user="u")
    assert list(share.iterdir()) == []
    store.folder.rename(moved)
    before = {each.name for each in moved.iterdir()}
    for way in (moved, tmp_path / "lien"):
        with pytest.raises(Misplaced, match="disque de cet ordinateur"):
            Store(way, declared_catalogue())
        with pytest.raises(Misplaced):
            Store.is_current(way, declared_catalogue())
    assert {each.name for each in moved.iterdir()} == before

    monkeypatch.undo()  # the same workspace, where it is not on the network
    again = Store(moved, declared_catalogue())
    assert [each.name for each in listed(again, "job")] == ["a"]
    again.close()


def test_backups_are_written_to_the_network_and_read_from_there(
    store: Store, tmp_path: Path, share: Path
):
    add(store, "job", name="a")
    backup(store, share / "copie.zip")
    restore(share / "copie.zip", tmp_path / "retour")
    back = Store(tmp_path / "retour", declared_catalogue())
    assert check(back) == []
    back.close()


def test_the_self_test_still_tries_a_database_there(share: Path):
    assert try_database(share).sound


@pytest.mark.parametrize("name", ["OneDrive - Loiret", "Nextcloud", "Dropbox", "Google Drive"])
def test_a_folder_named_as_one_that_is_synchronised_is_warned_of(tmp_path: Path, name: str):
    assert place.warning(tmp_path / "Documents" / "espace") == ""
    assert paths.folder_kind(tmp_path / name / "espace") is FolderKind.SYNCED
    assert "synchronisé" in place.warning(tmp_path / name / "espace")


@pytest.mark.parametrize(
    "mark", [".dropbox.cache", ".sync_9f2a11c0ffee.db", ".stfolder", ".tmp.driveupload"]
)
def test_a_folder_that_bears_the_marks_of_one_is_warned_of(tmp_path: Path, mark: str):
    folder = tmp_path / "Prévention" / "a" / "espace"
    folder.mkdir(parents=True)
    assert paths.folder_kind(folder) is not FolderKind.SYNCED
    (tmp_path / "Prévention" / mark).touch()
    assert paths.folder_kind(folder) is FolderKind.SYNCED


def test_a_workspace_that_is_synchronised_opens_all_the_same(tmp_path: Path):
    folder = tmp_path / "Nextcloud" / "espace.prevention"
    made = Store.create(folder, declared_catalogue(), department="45", name="P", user="u")
    add(made, "job", name="a")
    assert check(made) == []
    made.close()
