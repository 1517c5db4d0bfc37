"""What the desktop does for us: it opens files and folders in the programs made for them."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def open_place(place: Path) -> None:
    """Open a file in its program, a folder in the one that shows folders."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))


def open_workspace_apart(folder: Path) -> None:
    """Open another workspace in a window of its own."""
    program = [] if getattr(sys, "frozen", False) else ["-m", "prevention_app"]
    QProcess.startDetached(sys.executable, [*program, "--data", str(folder)])
