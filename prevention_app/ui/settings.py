"""What the window remembers of itself between two sessions: sizes, columns, theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSettings

from prevention_app import paths


def settings() -> QSettings:
    """The settings of this user at this computer."""
    return QSettings(str(paths.config_folder() / "window.ini"), QSettings.Format.IniFormat)


def remember(key: str, value: Any) -> None:
    """Keep a value under a key such as « columns/risk »."""
    settings().setValue(key, value)


def remembered(key: str, default: Any = None) -> Any:
    """The value kept under a key."""
    return settings().value(key, default)


def remembered_list(key: str) -> list[str]:
    """The texts kept under a key; none where nothing was kept."""
    held = settings().value(key)
    if held is None:
        return []
    return [str(each) for each in held] if isinstance(held, list) else [str(held)]
