"""One of the values that disagree, as a card that can be chosen."""

from __future__ import annotations

import difflib
import html
import re
from datetime import date
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from prevention_app.services.conflicts import Offered
from prevention_app.ui import style, theme, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel

_SHORT: Final = 60
"""Signs up to which a value is shown large."""


class ValueCard(QPushButton):
    """Value, reason, person, time, computer; cards are of equal weight until one is chosen."""

    def __init__(self, value: Offered, other: str, today: date, *, settled: bool) -> None:
        """`other` is the text that a long one is compared with, word by word; empty for none."""
        super().__init__()
        self.value = value
        self.setObjectName("value_card")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        column.addLayout(self._head(settled=settled))
        column.addWidget(self._text(other))
        for label, text in value.changes:
            column.addWidget(_label(f"{label}\u202f: {text or '(vide)'}", "crumb"))
        if value.reason:
            column.addWidget(_label(f"Motif\u202f: «\u00a0{value.reason}\u00a0»", "crumb"))
        column.addSpacing(2)
        when = words.moment_text(value.when, today)
        here = " (ici)" if value.mine else ""
        for icon, text in (
            ("user", value.who),
            ("clock", when),
            ("monitor", f"{value.station}{here}" if value.station else ""),
        ):
            if text:
                column.addLayout(_line(icon, text))
        column.addStretch(1)
        for each in self.findChildren(QLabel):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(_spoken(value, today, settled=settled))

    def _head(self, *, settled: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        number = QLabel(str(self.value.n))
        style.mark(number, "look", "key")
        row.addWidget(number)
        whose = ElidingLabel()
        style.mark(whose, "look", "strong")
        whose.setText(_whose(self.value))
        whose.setMinimumHeight(theme.height("state_chip") + 2)
        row.addWidget(whose, 1)
        if self.value.standing:
            mark = QLabel("Gardée" if settled else "En place")
            style.mark(mark, "look", "mark")
            row.addWidget(mark)
        return row

    def _text(self, other: str) -> QLabel:
        text = self.value.text or "(vide)"
        long = len(text) > _SHORT or "\n" in text
        made = QLabel()
        made.setWordWrap(True)
        style.mark(made, "look", "long_value" if long else "value")
        if long and other:
            made.setTextFormat(Qt.TextFormat.RichText)
            made.setText(with_differences(text, other))
        else:
            made.setTextFormat(Qt.TextFormat.PlainText)
            made.setText(text)
        return made

    def hasHeightForWidth(self) -> bool:
        """As high as its texts need."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its texts need at a width."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        """Of its texts, not of a button."""
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """It may become narrow; its texts wrap."""
        return QSize(190, self.heightForWidth(max(self.width(), 190)))


def _whose(value: Offered) -> str:
    if value.mine:
        return "Votre valeur"
    return "L’autre valeur" if not value.station else f"Valeur de {value.station}"


def _spoken(value: Offered, today: date, *, settled: bool) -> str:
    parts = [f"Valeur {value.n}\u202f: {value.text or 'vide'}"]
    parts += [f"{label}\u202f: {text or 'vide'}" for label, text in value.changes]
    who = " ".join(part for part in (value.who, value.station and f"à {value.station}") if part)
    parts.append(f"écrite par {who}, {words.moment_text(value.when, today)}")
    if value.mine:
        parts.append("écrite ici")
    if value.standing:
        parts.append("gardée" if settled else "affichée en attendant")
    return ", ".join(parts)


def _line(icon: str, text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(IconLabel(icon, "text_secondary", 14))
    said = ElidingLabel()
    style.mark(said, "look", "secondary")
    said.setText(text)
    row.addWidget(said, 1)
    return row


def _label(text: str, look: str) -> QLabel:
    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    style.mark(made, "look", look)
    return made


def with_differences(text: str, other: str) -> str:
    """A text as HTML, the words that the other one has not in bold and underlined."""
    mine, theirs = (re.findall(r"\s+|[^\s]+", each) for each in (text, other))
    parts: list[str] = []
    for tag, first, last, _, _ in difflib.SequenceMatcher(a=mine, b=theirs).get_opcodes():
        said = html.escape("".join(mine[first:last])).replace("\n", "<br>")
        parts.append(said if tag == "equal" or not said.strip() else f"<b><u>{said}</u></b>")
    return "".join(parts)
