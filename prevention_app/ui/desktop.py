"""What the desktop does for us: it opens files and folders in the programs made for them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_place(place: Path) -> None:
    """Open a file in its program, a folder in the one that shows folders."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))
