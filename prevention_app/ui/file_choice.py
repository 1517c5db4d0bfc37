"""Files and folders that someone chooses in the system's dialogs, drops or pastes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from prevention_app.ui import settings

READABLE = "Classeurs et tableaux (*.xlsx *.xlsm *.xls *.ods *.csv *.zip);;Tous les fichiers (*)"


def choose_files(
    parent: QWidget, title: str, take: Callable[[list[Path]], None], kinds: str = READABLE
) -> QFileDialog:
    """Ask for files to read, of these kinds as Qt writes them; `take` gets them."""
    dialog = _dialog(parent, title, "open")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(kinds)
    dialog.filesSelected.connect(lambda found: take([Path(each) for each in found]))
    dialog.open()
    return dialog


def choose_folder(parent: QWidget, title: str, take: Callable[[Path], None]) -> QFileDialog:
    """Ask for a folder to write into; `take` gets it."""
    dialog = _dialog(parent, title, "save")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.fileSelected.connect(lambda found: take(Path(found)))
    dialog.open()
    return dialog


def files_of(data: QMimeData) -> list[Path]:
    """The files that are dropped or pasted; what only lies in the web is none."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _dialog(parent: QWidget, title: str, purpose: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    key = f"folder/{purpose}"
    kept = settings.remembered(key)
    if kept:
        dialog.setDirectory(str(kept))
    dialog.fileSelected.connect(lambda found: settings.remember(key, str(Path(found).parent)))
    return dialog
