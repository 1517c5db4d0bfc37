"""« Pourquoi »: each rule that was asked, where it comes from, what it was told, what it said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from prevention_app.domain.reasons import Reason, Weight
from prevention_app.i18n import NO_BREAK
from prevention_app.ui import layouts, style, theme, words
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import button
from prevention_app.ui.shortcuts import on_keys
from prevention_app.ui.stock_table import OF_WEIGHT

_SAID = {
    Weight.SILENT: "sans effet",
    Weight.GO: "favorable",
    Weight.CAUTION: "prudence",
    Weight.STOP: "stop",
}


class WhyPanel(QFrame):
    """Beside the tables, for the row under the cursor; Échap closes it."""

    closed = Signal()

    def __init__(self) -> None:
        """Nothing explained yet."""
        super().__init__()
        self.setObjectName("detail")
        self.setMinimumWidth(280)
        self.resize(theme.width("detail_pane"), self.height())
        self._title = _label("", "pane_title")
        self._under = _label("", "secondary")
        close = button("Fermer", "x", "quiet")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(_label("Pourquoi", "crumb"), 1)
        head.addWidget(close)
        self._rules = QVBoxLayout()
        self._rules.setSpacing(14)
        content = QWidget()
        content.setObjectName("form_content")
        inner = QVBoxLayout(content)
        margin = theme.tokens()["space"]["pane_margin"]
        inner.setContentsMargins(margin, 4, margin, margin)
        inner.setSpacing(4)
        inner.addWidget(self._title)
        inner.addWidget(self._under)
        inner.addSpacing(10)
        inner.addLayout(self._rules)
        inner.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("Pourquoi")
        self.area.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 10, 0, 0)
        head.setContentsMargins(margin, 0, 10, 0)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        on_keys("Esc", self, self.closed.emit, inside=True)

    def explain(self, title: str, under: str, reasons: Sequence[Reason]) -> None:
        """Show why something is as it is."""
        self._title.setText(words.sentence(title))
        self._under.setText(words.sentence(under))
        layouts.empty(self._rules)
        for each in reasons:
            self._rules.addWidget(_Rule(each))


class _Rule(QWidget):
    """One rule: its mark and name, what it said, its inputs, its source."""

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        state = OF_WEIGHT[reason.weight]
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(state.icon, state.colours))
        head.addWidget(_label(f"{reason.rule}{NO_BREAK}: {_SAID[reason.weight]}", "strong"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(_label(words.sentence(reason.conclusion), ""))
        for name, value in reason.inputs:
            column.addWidget(_label(f"{name}{NO_BREAK}: {words.sentence(value)}", "secondary"))
        column.addWidget(_label(words.sentence(f"Source\u00a0: {reason.source}"), "tertiary"))


def _label(text: str, look: str) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if look:
        style.mark(made, "look", look)
    return made
