"""What the panes beside a list are made of: headings with their link, lines, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from prevention_app.ui import icons, style, theme
from prevention_app.ui.icons import IconLabel

W = TypeVar("W", bound=QWidget)


def label(look: str = "", *, wrap: bool = True) -> QLabel:
    """A text, broken into lines unless told otherwise; `look` as in the style."""
    made = QLabel()
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        style.mark(made, "look", look)
    return made


def tag() -> QLabel:
    """A small word in a frame."""
    made = label("tag", wrap=False)
    made.setFixedHeight(theme.height("state_chip"))
    return made


class LineButton(QPushButton):
    """A line of several texts that can be opened."""

    def __init__(self, parent: QWidget) -> None:
        """Its texts are put into its row."""
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(4, 4, 4, 4)
        self.setObjectName("line")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Its texts are broken into lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its texts."""
        return self.row.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        """As large as its texts."""
        return self.row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As large as its texts at least."""
        return self.row.totalMinimumSize()


class StepLine(QWidget):
    """One change of the past."""

    def __init__(self, parent: QWidget) -> None:
        """No change yet."""
        super().__init__(parent)
        self._text = label("secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 0, 2)
        row.setSpacing(9)
        row.addWidget(IconLabel("clock", "text_tertiary", 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def show_text(self, text: str) -> None:
        """Say what was changed."""
        self._text.setText(text)


class Lines(QWidget, Generic[W]):
    """Lines of one kind, made once and shown again: dressing new ones is what takes time."""

    def __init__(self, make: Callable[[QWidget], W], parent: QWidget) -> None:
        """No lines yet."""
        super().__init__(parent)
        self._make = make
        self._lines: list[W] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def take(self, number: int) -> list[W]:
        """So many lines, to be filled."""
        while len(self._lines) < number:
            self._lines.append(self._make(self))
            self._column.addWidget(self._lines[-1])
        for at, each in enumerate(self._lines):
            each.setVisible(at < number)
        self.setVisible(number > 0)
        return self._lines[:number]


class SectionHead(QWidget):
    """The heading of a part: its name, how many, and what one can do there."""

    def __init__(self, parent: QWidget, name: str, link: str = "", icon: str = "") -> None:
        """A line above, the name at the left, a link at the right."""
        super().__init__(parent)
        self._name = name
        self._label = label("strong", wrap=False)
        self.link = QPushButton(f"\u00a0{link}" if icon else link)
        if icon:
            self.link.setIcon(icons.icon(icon, "accent"))
        style.mark(self.link, "look", "link")
        if not link:
            self.link.hide()
        line = QFrame()
        line.setObjectName("hairline")
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(self._label, 1)
        row.addWidget(self.link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addLayout(row)

    def count(self, number: int) -> None:
        """Say how many there are."""
        self._label.setText(f"{self._name}  {number}" if number else self._name)
