"""A strip in the page that asks why something is to be done, and does it: never a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton

from prevention_app.ui import style
from prevention_app.ui.shortcuts import on_keys


class ReasonStrip(QFrame):
    """Hidden until it asks; Entrée does it once a reason is written, Échap leaves it."""

    def __init__(self) -> None:
        """Nothing to ask."""
        super().__init__()
        self.setObjectName("banner_info")
        self._title = QLabel()
        style.mark(self._title, "look", "strong")
        self.line = QLineEdit()
        self.line.setAccessibleName("Motif")
        self.line.setPlaceholderText("Motif")
        self.apply_button = QPushButton()
        style.mark(self.apply_button, "look", "primary")
        self._leave_button = QPushButton("Garder")
        self._act: Callable[[str], object] | None = None
        self._left: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 10, 6)
        row.addWidget(self._title)
        row.addWidget(self.line, 1)
        row.addWidget(self._leave_button)
        row.addWidget(self.apply_button)
        self.line.textChanged.connect(lambda text: self.apply_button.setEnabled(bool(text.strip())))
        self.line.returnPressed.connect(self._apply)
        self.apply_button.clicked.connect(self._apply)
        self._leave_button.clicked.connect(self.leave)
        on_keys("Escape", self, self.leave, inside=True)
        self.hide()

    def ask(
        self,
        title: str,
        verb: str,
        act: Callable[[str], object],
        left: Callable[[], object],
    ) -> None:
        """Ask for the reason of an act; `left` is called when nothing is done, and after it."""
        self._act, self._left = act, left
        self._title.setText(title)
        self.apply_button.setText(verb)
        self.apply_button.setEnabled(False)
        self.setAccessibleName(title)
        self.line.clear()
        self.show()
        self.line.setFocus()

    def leave(self) -> None:
        """Do nothing."""
        left = self._left
        self._act = self._left = None
        self.hide()
        if left is not None:
            left()

    def _apply(self) -> None:
        act, reason = self._act, self.line.text().strip()
        if act is not None and reason:
            self.leave()
            act(reason)
