"""The foot of the window: what is shown and selected, the keys of the page, when it was saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from prevention_app.ui import layouts, style, words
from prevention_app.ui.eliding_label import ElidingLabel


class StatusLine(QStatusBar):
    """From the left to the right; what else is to be known stands before the hour."""

    def __init__(self) -> None:
        """Nothing to say yet."""
        super().__init__()
        self.setSizeGripEnabled(False)
        style.fix_height(self, "status_bar")
        self._said = ElidingLabel()
        self._keys = QWidget()
        self._row = QHBoxLayout(self._keys)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._saved = QLabel()
        self.addWidget(self._said, 1)
        self.addPermanentWidget(self._keys)
        self.addPermanentWidget(self._saved)
        self._said.setContentsMargins(18, 0, 0, 0)
        self._saved.setObjectName("saved")

    def add(self, widget: QWidget) -> None:
        """Show something more before the hour of the last save."""
        self.insertPermanentWidget(1, widget)

    def say(self, text: str) -> None:
        """Say what the page shows, and what is selected there."""
        self._said.setText(text)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show keys with what they do."""
        layouts.empty(self._row)
        for key, label in keys:
            for text, look in ((key, "key"), (label, "secondary")):
                made = QLabel(text)
                style.mark(made, "look", look)
                self._row.addWidget(made)
            self._row.addSpacing(8)

    def show_saved(self, moment: datetime | None) -> None:
        """Say when something was last written here."""
        self._saved.setText(f"Enregistré à {words.hour(moment)}" if moment else "")
