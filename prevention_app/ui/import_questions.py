"""« À confirmer »: what only a person can tell of a file, each with answers of one click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from prevention_app.ui import layouts, style, words
from prevention_app.ui.icons import IconLabel

_ICONS: Final = {"warn": "triangle-alert", "info": "info", "bad": "circle-alert"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A sentence, and what can be answered to it."""

    text: str
    state: str = "info"
    """info, warn, or bad where nothing can be imported before it is answered."""
    answers: Sequence[tuple[str, Callable[[], object]]] = ()
    fill: Callable[[str], object] | None = None
    """Takes what is typed as the answer."""


class ImportQuestions(QFrame):
    """The questions of a file, the ones that matter most first."""

    def __init__(self) -> None:
        """Nothing to ask yet."""
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("À confirmer")
        self._title = QLabel()
        style.mark(self._title, "look", "strong")
        self._title.setContentsMargins(12, 8, 8, 0)
        content = QWidget()
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(12, 4, 8, 8)
        self._rows.setSpacing(8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 5)
        column.addWidget(self._title)
        column.addWidget(area, 1)
        self.setMinimumWidth(240)

    def show_asks(self, asks: Sequence[Ask]) -> None:
        """Show what is to be confirmed, then what is worth knowing."""
        layouts.empty(self._rows)
        asked = any(each.answers or each.fill for each in asks)
        self._title.setText("À confirmer" if asked else "Rien à confirmer")
        for each in sorted(asks, key=lambda each: ("bad", "warn", "info").index(each.state)):
            self._rows.addWidget(self._row(each))
        self._rows.addStretch(1)

    def _row(self, ask: Ask) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(_ICONS[ask.state], ask.state), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        said = QLabel(words.sentence(ask.text))
        said.setWordWrap(True)
        column.addWidget(said)
        for text, act in ask.answers:
            column.addWidget(_answer(text, ask.text, act), 0, Qt.AlignmentFlag.AlignLeft)
        if ask.fill is not None:
            column.addLayout(_blank(ask.text, ask.fill))
        row.addLayout(column, 1)
        return line


def _answer(text: str, question: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(words.sentence(text))
    style.mark(made, "look", "link")
    made.setAccessibleName(f"{text}\u00a0: {question}")
    made.clicked.connect(lambda _=False: act())
    return made


def _blank(question: str, fill: Callable[[str], object]) -> QHBoxLayout:
    line = QLineEdit()
    line.setAccessibleName(question)
    line.setPlaceholderText("Vaut pour toutes les lignes")
    take = QPushButton("Retenir")
    take.setAccessibleName(f"Retenir\u00a0: {question}")

    def answer() -> None:
        if line.text().strip():
            fill(line.text().strip())

    line.returnPressed.connect(answer)
    take.clicked.connect(answer)
    row = QHBoxLayout()
    row.addWidget(line, 1)
    row.addWidget(take)
    return row
