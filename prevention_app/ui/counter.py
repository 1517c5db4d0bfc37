"""A number with its words, as a button."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from prevention_app.i18n import number_text
from prevention_app.ui import style, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel

_SIDE, _FOOT_GAP = 14, 10
_AROUND: Final = _SIDE + 16 + 8 + _SIDE
"""What of its width is not its label: the margins, the icon and the gap after it."""


class Counter(QPushButton):
    """How many there are of something, with one fact beside the number; a click leads there."""

    def __init__(self, label: str, icon: str, colours: str = "", *, short: str = "") -> None:
        """No number yet; `colours` is a state of the theme, `short` is said where it is narrow."""
        super().__init__()
        self.label = label
        self._bad = colours == "bad"
        self.setObjectName("counter")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._number = QLabel("…")
        self._detail = ElidingLabel()
        style.mark(self._number, "look", "counter")
        style.mark(self._detail, "look", "secondary")
        self._short = short or label
        self._name = name = ElidingLabel()
        style.mark(name, "look", "crumb")
        name.setText(label)
        mark = IconLabel(icon, colours or "text_secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(mark)
        head.addWidget(name, 1)
        foot = QHBoxLayout()
        foot.setSpacing(_FOOT_GAP)
        foot.addWidget(self._number)
        foot.addWidget(self._detail, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 10, _SIDE, 8)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(foot)
        for each in (mark, name, self._number, self._detail):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(label)
        style.mark(self._number, "look", "counter")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for the whole label, what tells it from others is what stays."""
        super().resizeEvent(event)
        room = self.width() - _AROUND
        fits = self._name.fontMetrics().horizontalAdvance(self.label) <= room
        self._name.setText(self.label if fits else self._short)
        self._show_detail()

    def _show_detail(self) -> None:
        """Only whole, and never at the cost of the number; else it is in the tooltip."""
        wanted = self._detail.sizeHint().width() + self._number.sizeHint().width() + _FOOT_GAP
        told = bool(self._detail.accessibleName())
        self._detail.setVisible(told and wanted <= self.width() - 2 * _SIDE)

    def show_number(self, number: int, detail: str = "") -> None:
        """Show how many there are, and what is worth knowing of them."""
        self.show_text(number_text(number), detail, bad=self._bad and bool(number))

    def show_text(self, text: str, detail: str = "", *, bad: bool = False) -> None:
        """Show a figure that is no plain number: « 62 % »."""
        style.mark(self._number, "look", "bad_number" if bad else "counter")
        self._number.setText(text)
        self._detail.setText(detail)
        self._show_detail()
        spoken = f"{self.label}\u00a0: {text}"
        self.setAccessibleName(words.sentence(f"{spoken}, {detail}" if detail else spoken))
        self.setToolTip(detail)

    def tell_more(self, detail: str) -> None:
        """Say something that has no room beside the number where one asks for it."""
        self.setToolTip(" · ".join(filter(None, (self.toolTip(), words.sentence(detail)))))
        self.setAccessibleDescription(words.sentence(detail))
