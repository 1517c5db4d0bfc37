"""What the window remembers of itself between two sessions: sizes, columns, theme."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from PySide6.QtCore import QSettings

from prevention_app import paths

TEXT_SIZE: Final = "text_size"
"""Hundredths of the written size of texts, one of theme.TEXT_SIZES."""
DENSITY: Final = "density/default"
"""Height of the rows of a list whose height was not chosen for itself."""


def settings() -> QSettings:
    """The settings of this user at this computer."""
    return _opened(str(paths.config_folder() / "window.ini"))


@cache
def _opened(file: str) -> QSettings:
    return QSettings(file, QSettings.Format.IniFormat)


def remember(key: str, value: Any) -> None:
    """Keep a value under a key such as « columns/risk »."""
    settings().setValue(key, value)


def remembered(key: str, default: Any = None) -> Any:
    """The value kept under a key."""
    return settings().value(key, default)


def remember_flag(key: str, on: bool) -> None:
    """Keep a yes or no under a key."""
    remember(key, "true" if on else "false")


def remembered_flag(key: str, default: bool) -> bool:
    """The yes or no kept under a key; the default where none was kept."""
    return str(remembered(key, "true" if default else "false")) == "true"


def remembered_number(key: str, default: int) -> int:
    """The whole number kept under a key; the default where it is none."""
    held = str(remembered(key, default))
    return int(held) if held.isdecimal() else default


def remembered_list(key: str) -> list[str]:
    """The texts kept under a key; none where nothing was kept."""
    held = settings().value(key)
    if held is None:
        return []
    return [str(each) for each in held] if isinstance(held, list) else [str(held)]
