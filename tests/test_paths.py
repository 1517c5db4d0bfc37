"""Where the program's own files and the user's folders are."""

from __future__ import annotations

import ntpath
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app import paths
from prevention_app.paths import FolderKind

CHECKOUT = Path(__file__).parents[1]


def test_resources_and_migrations_come_from_the_checkout() -> None:
    assert paths.resource("reference") == CHECKOUT / "resources" / "reference"
    assert paths.resource("reference/department.json").is_file()
    assert list(paths.database_folder().glob("*.sql"))


def test_an_installed_package_brings_its_own_resources(tmp_path: Path) -> None:
    package = tmp_path / "prevention_app"
    (package / "resources").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "paths.py").write_bytes((CHECKOUT / "prevention_app" / "paths.py").read_bytes())
    code = "from prevention_app.paths import *; print(resource('x'), database_folder(), sep='|')"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == f"{package / 'resources' / 'x'}|{package / 'db'}"


def test_the_default_workspace_lies_in_the_users_own_data_folder() -> None:
    home = Path(os.environ["HOME"])
    assert home in paths.default_workspace().parents
    assert paths.default_workspace().suffix == ".prevention"
    assert paths.config_folder() not in paths.data_folder().parents
    assert home in paths.config_folder().parents


# -- long paths ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (r"C:\short\file.xlsx", r"C:\short\file.xlsx"),
        ("C:/short/../file.xlsx", r"C:\file.xlsx"),
        ("C:\\" + "d" * 300, "\\\\?\\C:\\" + "d" * 300),
        ("\\\\srv\\share\\" + "d" * 300, "\\\\?\\UNC\\srv\\share\\" + "d" * 300),
        ("\\\\?\\C:\\" + "d" * 300, "\\\\?\\C:\\" + "d" * 300),
        ("Z:\\" + "d" * 300 + "\\..\\e", r"Z:\e"),
    ],
)
def test_only_a_long_path_is_given_the_prefix_of_windows(given, wanted) -> None:
    assert paths.extended(given) == wanted


@given(st.lists(st.text("abcdé .-_", min_size=1, max_size=60), min_size=1, max_size=12))
def test_a_long_path_names_the_same_file_and_is_long_only_once(parts) -> None:
    path = "C:\\" + "\\".join(parts)
    made = paths.extended(path)
    assert paths.extended(made) == made
    assert made.removeprefix("\\\\?\\") == ntpath.normpath(path)
    assert len(made) < 260 or made.startswith("\\\\?\\")


# -- kinds of folders ----------------------------------------------------------------------

PROFILE = {
    "USERPROFILE": r"C:\Users\cm",
    "LOCALAPPDATA": r"C:\Users\cm\AppData\Local",
    "APPDATA": r"C:\Users\cm\AppData\Roaming",
    "OneDriveCommercial": r"C:\Users\cm\Nuage du Loiret",
}
FIXED, REMOTE, REMOVABLE = 3, 4, 2


@pytest.mark.parametrize(
    ("folder", "drive", "kind"),
    [
        (r"C:\Users\cm\AppData\Local\Prevention", FIXED, FolderKind.LOCAL),
        (r"\\srv\prevention$\espace", FIXED, FolderKind.NETWORK),
        (r"\\?\UNC\srv\prevention$\espace", FIXED, FolderKind.NETWORK),
        (r"\\?\C:\espace", FIXED, FolderKind.LOCAL),
        (r"P:\espace", REMOTE, FolderKind.NETWORK),
        (r"E:\espace", REMOVABLE, FolderKind.REMOVABLE),
        (r"c:\users\CM\nuage du loiret\espace", FIXED, FolderKind.SYNCED),
        (r"D:\OneDrive - Loiret\espace", FIXED, FolderKind.SYNCED),
        (r"C:\Users\cm\AppData\Roaming\Prevention", FIXED, FolderKind.ROAMING),
    ],
)
def test_the_kind_of_a_folder_of_windows(folder, drive, kind) -> None:
    assert paths.windows_kind(PureWindowsPath(folder), PROFILE, drive) is kind


def test_a_profile_folder_that_was_moved_is_redirected() -> None:
    moved = {**PROFILE, "LOCALAPPDATA": r"D:\profils\cm\Local"}
    folder = PureWindowsPath(r"D:\profils\cm\Local\Prevention")
    assert paths.windows_kind(folder, moved, FIXED) is FolderKind.REDIRECTED


MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
srv:/home /home nfs4 rw 0 0
//srv/commun /mnt/Espace\040commun cifs rw 0 0
/dev/sdb1 /media/cle vfat rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/espace", FolderKind.LOCAL),
        ("/home/cm/espace", FolderKind.NETWORK),
        ("/mnt/Espace commun/x", FolderKind.NETWORK),
        ("/media/cle/x", FolderKind.REMOVABLE),
        ("/tmp/x", FolderKind.TEMPORARY),
    ],
)
def test_the_kind_of_a_folder_of_linux(folder, kind) -> None:
    assert paths.mounted_kind(PurePosixPath(folder), MOUNTS) is kind


def test_the_kind_of_a_folder_that_is_not_there_yet_is_known(tmp_path) -> None:
    assert paths.folder_kind(tmp_path / "a" / "b") in FolderKind
