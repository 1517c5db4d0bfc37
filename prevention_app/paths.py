"""Where things lie: the user's folders, and the resources that come with the program."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APPLICATION = "Prevention"


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
