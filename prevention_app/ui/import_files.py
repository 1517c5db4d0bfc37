"""The files of an import at the left, where there are several: which one is under review."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from prevention_app.ui import icons, style
from prevention_app.ui.import_entries import Entry

_WIDE = 208


class ImportFiles(QFrame):
    """One row a file; hidden for a single one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        """No file yet."""
        super().__init__()
        self.setObjectName("pane")
        self.setFixedWidth(_WIDE)
        self._title = QLabel()
        style.mark(self._title, "look", "strong")
        self._title.setContentsMargins(6, 0, 0, 0)
        self.list = QListWidget()
        self.list.setObjectName("files")
        self.list.setIconSize(QSize(16, 16))
        self.list.setAccessibleName("Fichiers à reprendre")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda item: self.chosen.emit(self.list.row(item)))
        self.list.itemClicked.connect(lambda item: self.chosen.emit(self.list.row(item)))
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 14, 8, 8)
        column.addWidget(self._title)
        column.addWidget(self.list, 1)
        self.hide()

    def show_entries(self, entries: Sequence[Entry], at: int) -> None:
        """Show the files and where each stands."""
        self.setVisible(len(entries) > 1)
        self._title.setText(f"Fichier {at + 1} sur {len(entries)}")
        with QSignalBlocker(self.list):
            self.list.clear()
            for each in entries:
                icon, colour, said = _state(each)
                item = QListWidgetItem(icons.icon(icon, colour), each.name)
                item.setToolTip(f"{each.name}, {said}")
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.name}, {said}")
                self.list.addItem(item)
            self.list.setCurrentRow(at)


def _state(entry: Entry) -> tuple[str, str, str]:
    if entry.applied is not None:
        return "circle-check", "good", "appliqué"
    if entry.problem:
        return "circle-alert", "bad", "ne peut pas être lu"
    if not entry.kind:
        return "circle-help", "warn", "dites ce qu’il contient"
    if entry.review is not None:
        return "eye", "info", "relu"
    return "file-spreadsheet", "text_secondary", "à relire"
