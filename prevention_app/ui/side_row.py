"""A line at the side of a page: what it is about, a fact under it, and what one can do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from prevention_app.ui import style, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel


class SideRow(QWidget):
    """An icon, two short texts that are cut where there is no room, and a link."""

    def __init__(
        self, icon: str, title: str, detail: str, link: str, act: Callable[[], object] | None
    ) -> None:
        """Without `act` there is no link."""
        super().__init__()
        first, second = ElidingLabel(), ElidingLabel()
        style.mark(first, "look", "label")
        style.mark(second, "look", "secondary")
        first.setText(title)
        second.setText(detail)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(first)
        texts.addWidget(second)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(10)
        row.addWidget(IconLabel(icon), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        if act is not None:
            made = QPushButton(link)
            style.mark(made, "look", "link")
            made.setAccessibleName(words.sentence(f"{link}\u00a0: {title}, {detail}"))
            made.clicked.connect(lambda _=False: act())
            row.addWidget(made)
