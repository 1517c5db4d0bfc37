"""A strip in the page that says what is about to be done, and waits: never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from prevention_app.ui import style
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.words import sentence

_MOST_LINES = 4


class ReviewStrip(QFrame):
    """Hidden until something is to be looked over; Entrée does it, Échap leaves it."""

    def __init__(self) -> None:
        """Nothing to look over."""
        super().__init__()
        self.setObjectName("banner_info")
        self._icon = IconLabel("info", "info")
        self._title = QLabel()
        self._title.setWordWrap(True)
        style.mark(self._title, "look", "strong")
        self._lines = QLabel()
        self._lines.setWordWrap(True)
        self._lines.setTextFormat(Qt.TextFormat.PlainText)
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        style.mark(self._lines, "look", "secondary")
        self.apply_button = QPushButton()
        style.mark(self.apply_button, "look", "primary")
        self.apply_button.clicked.connect(self._apply)
        self.leave_button = QPushButton()
        self.leave_button.clicked.connect(self.leave)
        self._act: Callable[[], object] | None = None
        self._left: Callable[[], object] | None = None
        self._lay_out()
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, act in (("Escape", self.leave), ("Return", self._press)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(inside)
            shortcut.activated.connect(act)
        self.hide()

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(self._title)
        texts.addWidget(self._lines)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.leave_button)
        row.addWidget(self.apply_button)

    @property
    def text(self) -> str:
        """All that it says."""
        return f"{self._title.text()}\n{self._lines.text()}".strip()

    def ask(
        self,
        title: str,
        lines: Sequence[str],
        verb: str,
        act: Callable[[], object],
        *,
        leave: str = "Annuler",
        left: Callable[[], object] | None = None,
    ) -> None:
        """Say what is about to be done; an empty verb leaves nothing to do but to read.

        `left` is called when the strip goes without anything being done.
        """
        self._act, self._left = act, left
        self._title.setText(sentence(title))
        more = len(lines) - _MOST_LINES
        shown = [*lines[:_MOST_LINES], *([f"et {more} autres"] if more > 0 else [])]
        self._lines.setText("\n".join(sentence(each) for each in shown))
        self._lines.setVisible(bool(lines))
        self._lines.setToolTip("\n".join(lines[:40]) if more > 0 else "")
        self.apply_button.setText(sentence(verb))
        self.apply_button.setVisible(bool(verb))
        self.leave_button.setText(leave)
        self.setAccessibleName(self.text)
        self.show()
        (self.apply_button if verb else self.leave_button).setFocus()

    def leave(self) -> None:
        """Do nothing."""
        left = self._left
        self.close_quietly()
        if left is not None:
            left()

    def close_quietly(self) -> None:
        """What it asked for is no longer to be asked."""
        self._act = self._left = None
        self.hide()

    def _press(self) -> None:
        if self.leave_button.hasFocus():
            self.leave()
        else:
            self._apply()

    def _apply(self) -> None:
        act = self._act
        if act is not None and self.apply_button.isVisible():
            self.close_quietly()
            act()
