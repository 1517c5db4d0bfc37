"""A framed message above a form: what is to be corrected, or what cannot be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from prevention_app.ui import style
from prevention_app.ui.icons import IconLabel


class Banner(QFrame):
    """Hidden until it has something to say."""

    asked = Signal()
    """The link in it was followed."""

    def __init__(self) -> None:
        """Nothing to say yet."""
        super().__init__()
        self.bad = False
        self._icon = IconLabel("info")
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._detail = QLabel()
        self._detail.setWordWrap(True)
        style.mark(self._detail, "look", "secondary")
        self._link = QPushButton()
        style.mark(self._link, "look", "link")
        self._link.clicked.connect(self.asked)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._link)
        self.clear()

    @property
    def text(self) -> str:
        """What it says."""
        return self._title.text()

    def complain(self, title: str, detail: str = "", link: str = "") -> None:
        """Say what is to be corrected."""
        self.bad = True
        self._show(title, detail, link, "banner_bad", "circle-alert", "bad")

    def inform(self, title: str, detail: str = "", link: str = "") -> None:
        """Say what is worth knowing."""
        self.bad = False
        self._show(title, detail, link, "banner_info", "info", "info")

    def clear(self) -> None:
        """Say nothing any more."""
        self.bad = False
        self._title.clear()
        self.hide()

    def _show(self, title: str, detail: str, link: str, name: str, icon: str, state: str) -> None:
        self.setObjectName(name)
        style.mark(self, "shown", name)
        style.mark(self._title, "look", f"{state}_title")
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._link.setText(link)
        self._link.setVisible(bool(link))
        self._icon.show_icon(icon, state)
        self.setAccessibleName(title)
        self.show()
