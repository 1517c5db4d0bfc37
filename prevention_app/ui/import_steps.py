"""The four steps of an import in the bar of its page; those behind can be gone back to."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from prevention_app.ui import fonts, icons, style, theme

NAMES: Final = ("Fichier", "Colonnes", "Lignes", "Appliquer")
FILE, COLUMNS, LINES, APPLY = range(4)
_DISC, _GAP, _LINE = 22, 8, 26


class _Step(QPushButton):
    """A disc with a number, or a tick once it is behind, and a word."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._state = "later"
        style.mark(self, "look", "quiet")

    def show_state(self, state: str, *, reachable: bool) -> None:
        """Show it as behind (« done »), as « here », or as still to come (« later »)."""
        self._state = state
        self.setEnabled(reachable)
        said = {"done": "faite", "here": "en cours", "later": "à venir"}[state]
        name = NAMES[self._number - 1]
        self.setAccessibleName(f"Étape {self._number} sur {len(NAMES)}, {name}, {said}")
        self.setToolTip(f"Revenir à l’étape «\u00a0{name}\u00a0»" if reachable else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the line before it, the disc and the word."""
        word = fonts.metrics("strong").horizontalAdvance(NAMES[self._number - 1])
        line = _LINE if self._number > 1 else 0
        return QSize(line + theme.scaled(_DISC) + _GAP + word + 14, theme.height("button"))

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the line from the step before, the disc and the word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = theme.current()
        side, middle = theme.scaled(_DISC), self.height() / 2
        left = 6.0
        if self._number > 1:
            painter.setPen(QPen(QColor(current["line_strong"]), 1))
            painter.drawLine(0, round(middle), _LINE - 6, round(middle))
            left = float(_LINE)
        disc = QRectF(left, middle - side / 2, side, side)
        fill, ink = {
            "done": (current.states["good"].text, current["surface"]),
            "here": (current["accent"], current["on_accent"]),
            "later": (current["surface_pressed"], current["text_secondary"]),
        }[self._state]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawEllipse(disc)
        if self._state == "done":
            tick = icons.pixmap("check", ink, 14, self.devicePixelRatioF())
            painter.drawPixmap(round(disc.center().x() - 7), round(disc.center().y() - 7), tick)
        else:
            painter.setFont(fonts.font("chip"))
            painter.setPen(QColor(ink))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        here = self._state == "here"
        painter.setFont(fonts.font("strong" if here else "label"))
        painter.setPen(QColor(current["text_secondary" if self._state == "later" else "text"]))
        room = QRectF(disc.right() + _GAP, 0, self.width() - disc.right() - _GAP, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, NAMES[self._number - 1])
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(current["accent"]), theme.width("focus_ring")))
            ring = QRectF(self.rect()).adjusted(left - 4, 2, -1, -2)
            painter.drawRoundedRect(ring, 6, 6)


class ImportSteps(QWidget):
    """The steps from left to right."""

    chosen = Signal(int)
    """A step that is behind was chosen."""

    def __init__(self) -> None:
        """At the first step."""
        super().__init__()
        self.setAccessibleName("Étapes de l’import")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.steps = [_Step(number) for number in range(1, len(NAMES) + 1)]
        for at, step in enumerate(self.steps):
            step.clicked.connect(lambda _=False, at=at: self.chosen.emit(at))
            row.addWidget(step)
        self.show_step(FILE, can_go_back=False)

    def show_step(self, step: int, *, can_go_back: bool) -> None:
        """Show where we are; steps behind can be chosen while nothing is written."""
        for at, each in enumerate(self.steps):
            behind = at < step
            state = "done" if behind else "here" if at == step else "later"
            each.show_state(state, reachable=behind and can_go_back)
