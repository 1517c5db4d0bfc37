"""Where things lie: the user's folders, and the resources that come with the program."""

from __future__ import annotations

import ntpath
import os
import re
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

import platformdirs

APPLICATION = "Prevention"
PASSPHRASE_FILE: Final = "PREVENTION_PASSPHRASE_FILE"  # noqa: S105  (a name, no secret)
"""The variable that names the file with the passphrase of the keys, here and in our processes."""


def _root() -> Path:
    """The folder that holds resources/ and db/: the checkout, the wheel, or the frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen)
    package = Path(__file__).parent
    return package if (package / "resources").exists() else package.parent


def resource(name: str) -> Path:
    """A file or folder of resources/, by its path in it."""
    return _root() / "resources" / name


def database_folder() -> Path:
    """The numbered migrations of the workspace's format."""
    return _root() / "db"


def data_folder() -> Path:
    """The user's local, non-roaming data folder."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False, roaming=False))


def config_folder() -> Path:
    """The user's local settings, outside any workspace; keys lie here where no key store is."""
    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False, roaming=False))


def default_workspace() -> Path:
    """The workspace that is opened when none is named."""
    return data_folder() / "espace.prevention"


# -- long paths ------------------------------------------------------------------------------

_LONGEST: Final = 240
"""Windows takes 259 characters of a path, 247 of a folder; a little room is left for « .part »."""


def long_path(path: Path) -> Path:
    """The path as the system takes it however long it is."""
    return Path(extended(str(path.absolute()))) if os.name == "nt" else path


def extended(path: str) -> str:
    r"""An absolute path of Windows, with « \\?\ » before it where it is too long without."""
    plain = ntpath.normpath(path)
    if len(plain) <= _LONGEST or plain.startswith(("\\\\?\\", "\\\\.\\")):
        return plain
    if plain.startswith("\\\\"):
        return f"\\\\?\\UNC\\{plain[2:]}"
    return f"\\\\?\\{plain}"


# -- what kind of place a folder is ------------------------------------------------------------


class FolderKind(StrEnum):
    """Where a folder lies, as far as it matters to a database."""

    LOCAL = "local"
    NETWORK = "network"
    SYNCED = "synced"
    """Copied elsewhere by another program: OneDrive and its like."""
    ROAMING = "roaming"
    """Carried from computer to computer with the profile."""
    REDIRECTED = "redirected"
    """The profile's folder was moved by the administrators."""
    REMOVABLE = "removable"
    TEMPORARY = "temporary"


def folder_kind(folder: Path) -> FolderKind:
    """Where a folder lies, or would lie once it is made; links are followed."""
    real = Path(os.path.realpath(folder))
    kind = _system_kind(real)
    if kind is not FolderKind.NETWORK and is_synced(real):
        return FolderKind.SYNCED
    return kind


def lies_on_network(folder: Path) -> bool:
    """Whether a folder lies on another computer, or would; links are followed."""
    return _system_kind(Path(os.path.realpath(folder))) is FolderKind.NETWORK


def _system_kind(folder: Path) -> FolderKind:
    """What the system says of the place."""
    if os.name == "nt":
        import ctypes

        drive = ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\")
        return windows_kind(PureWindowsPath(folder), os.environ, drive)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return FolderKind.LOCAL
    return mounted_kind(PurePosixPath(folder), mounts)


_SYNCING: Final = (
    "onedrive", "dropbox", "nextcloud", "owncloud", "google drive", "googledrive", "mon drive",
    "my drive", "icloud", "seafile", "kdrive", "sharepoint",
)  # fmt: skip
"""How the folders of programs that carry files elsewhere are named."""
_SYNC_MARKS: Final = (
    ".dropbox.cache",
    ".nextcloudsync.log",
    ".owncloudsync.log",
    ".stfolder",
    ".tmp.drivedownload",
    ".tmp.driveupload",
    ".849C9593-D756-4E56-8D6E-42412F2A707B",  # OneDrive's
)
"""What those programs leave in the folder that they look after."""
_SYNC_DATABASES: Final = (".sync_*.db", "._sync_*.db")


def is_synced(folder: Path) -> bool:
    """Whether another program copies what lies here elsewhere, by the names that it goes by."""
    if any(part.lower().startswith(_SYNCING) for part in folder.parts):
        return True
    return any(_is_marked(each) for each in (folder, *folder.parents) if each != each.parent)


def _is_marked(folder: Path) -> bool:
    try:
        return any((folder / each).exists() for each in _SYNC_MARKS) or any(
            next(folder.glob(each), None) is not None for each in _SYNC_DATABASES
        )
    except OSError:  # what we may not look into tells us nothing
        return False


_REMOVABLE_DRIVE: Final = 2
_REMOTE_DRIVE: Final = 4


def windows_kind(folder: PureWindowsPath, environment: Mapping[str, str], drive: int) -> FolderKind:
    """The kind of a folder of Windows; `drive` is what GetDriveType says of its drive."""
    profile, local, roaming = (
        _of(environment, name) for name in ("USERPROFILE", "LOCALAPPDATA", "APPDATA")
    )
    plain = folder.drive.upper().removeprefix("\\\\?\\")
    if plain.startswith(("\\\\", "UNC\\")) or drive == _REMOTE_DRIVE:
        return FolderKind.NETWORK
    synced = [_of(environment, f"OneDrive{each}") for each in ("", "Commercial", "Consumer")]
    if any(_lies_in(folder, each) for each in synced) or any(
        part.lower().startswith(_SYNCING) for part in folder.parts
    ):
        return FolderKind.SYNCED
    if drive == _REMOVABLE_DRIVE:
        return FolderKind.REMOVABLE
    if _lies_in(folder, roaming):
        return FolderKind.ROAMING
    if _lies_in(folder, local) and profile is not None and not _lies_in(folder, profile):
        return FolderKind.REDIRECTED
    return FolderKind.LOCAL


def _of(environment: Mapping[str, str], name: str) -> PureWindowsPath | None:
    value = environment.get(name) or environment.get(name.upper())
    return PureWindowsPath(value) if value else None


def _lies_in(folder: PureWindowsPath, other: PureWindowsPath | None) -> bool:
    return other is not None and folder.is_relative_to(other)


_NETWORK_SYSTEMS: Final = (
    "nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "lustre", "ncpfs", "coda", "davfs",
    "fuse.sshfs", "fuse.dav", "fuse.gvfs", "fuse.rclone", "fuse.gluster", "fuse.ceph", "fuse.smb",
    "fuse.s3fs", "fuse.google-drive", "vboxsf", "fuse.vmhgfs", "prl_fs",
)  # fmt: skip
_REMOVABLE_SYSTEMS: Final = ("vfat", "exfat", "msdos", "iso9660")


def mounted_kind(folder: PurePosixPath, mounts: str) -> FolderKind:
    """The kind of a folder of Linux, from the text of /proc/mounts."""
    best, system = 0, ""
    for line in mounts.splitlines():
        words = line.split()
        if len(words) < 3:
            continue
        place = PurePosixPath(_OCTAL.sub(lambda each: chr(int(each[1], 8)), words[1]))
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, system = len(place.parts), words[2]
    if system.startswith(_NETWORK_SYSTEMS):
        return FolderKind.NETWORK
    if system.startswith(_REMOVABLE_SYSTEMS):
        return FolderKind.REMOVABLE
    return FolderKind.TEMPORARY if system == "tmpfs" else FolderKind.LOCAL


_OCTAL: Final = re.compile(r"\\(\d{3})")
"""How a space is written in that table."""
