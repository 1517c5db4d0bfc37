"""What the window says for a while at its foot, with buttons: in the place of dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

from prevention_app.ui import icons, layouts, style

_SHOWN_MS: Final = 6000

Acts = Sequence[tuple[str, Callable[[], object]]]


class NoticeBar(QFrame):
    """One notice at a time; what went wrong, or asks something, stays until it is closed."""

    def __init__(self) -> None:
        """Nothing is said yet."""
        super().__init__()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setIcon(icons.icon("x"))
        close.setAccessibleName("Fermer le message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 12, 6)
        self._acts = QHBoxLayout()
        row.addWidget(self._text, 1)
        row.addLayout(self._acts)
        row.addWidget(close)
        self.hide()
        self._end = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._end.timeout.connect(self.hide)

    @property
    def text(self) -> str:
        """What is said now; empty where nothing is."""
        return self._text.text() if self.isVisible() else ""

    def say(self, text: str, look: str, acts: Acts) -> None:
        """Show a text as good, info or bad, with the words and deeds of its buttons."""
        self.setObjectName(f"notice_{look}")
        style.mark(self, "shown", look)
        self._text.setText(text)
        self.setAccessibleName(text)
        layouts.empty(self._acts)
        for label, act in acts:
            made = QPushButton(label)
            style.mark(made, "look", "link")
            made.clicked.connect(lambda _=False, act=act: act())
            self._acts.addWidget(made)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        if look == "bad" or acts:
            self._end.stop()
        else:
            self._end.start()
