"""What every page of the window has: a title, its buttons, its keys, what it says at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from prevention_app.ui import icons, style

Keys = Sequence[tuple[str, str]]


class Page(QWidget):
    """One page: the window shows its title and buttons in the bar above it."""

    told = Signal(str)
    """What is shown and selected, for the status bar."""
    title = ""
    crumb = ""
    tag = ""

    def __init__(self) -> None:
        """A page on the ground of pages."""
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: list[QWidget] = []
        self.status = ""

    def tell(self, text: str) -> None:
        """Say at the foot of the window what is shown."""
        self.status = text
        self.told.emit(text)

    def keys(self) -> Keys:
        """The keys that matter here, for the status bar."""
        return ()

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written in these registers, or in any."""

    def focus_main(self) -> None:
        """Put the focus where work goes on."""

    def keep_drafts(self) -> None:
        """Write what was typed before the page is left or closed."""


def button(text: str, icon: str = "", look: str = "") -> QPushButton:
    """A button of a page, with its icon before its words."""
    made = QPushButton(f"\u00a0{text}" if icon else text)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if look == "primary" else "text_secondary"))
    if look:
        style.mark(made, "look", look)
    made.setAccessibleName(text)
    return made


class EmptyState(QWidget):
    """What stands in the place of an empty table: a sentence and the first thing to do."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = QLabel()
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setWordWrap(True)
        style.mark(self._title, "look", "section")
        self._hint = QLabel()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        style.mark(self._hint, "look", "secondary")
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addSpacing(6)
        column.addLayout(self._row)
        column.addStretch(3)

    def show_text(self, title: str, hint: str = "") -> None:
        """Say why there is nothing."""
        self.setAccessibleName(title)
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def add_button(self, made: QPushButton) -> None:
        """Offer something to do."""
        self._row.insertWidget(self._row.count() - 1, made)
