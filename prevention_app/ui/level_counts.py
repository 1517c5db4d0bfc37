"""A line of levels with their shapes and how many risks each has."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from prevention_app.i18n import number_text
from prevention_app.ui import fonts, theme
from prevention_app.ui.rating_chip import paint_shape, rating_colours


class LevelCounts(QLabel):
    """« ● Faible 83  ■ Moyen 159  ▲ Élevé 107  ◆ Critique 79 ».

    A label for screen readers: a bare widget would have no role to be said.
    """

    def __init__(self, name: str) -> None:
        """Nothing to show yet."""
        super().__init__()
        self._name = name
        self._parts: list[tuple[int, str, str]] = []
        """Rank, word and number of each."""
        self._after = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_counts(
        self,
        counts: Mapping[int, int],
        names: Mapping[int, str],
        *,
        marks_only: bool = False,
        after: str = "",
    ) -> None:
        """Show how many there are of each rank; `marks_only` leaves words out, and what is none."""
        shown = {rank: name for rank, name in names.items() if counts.get(rank) or not marks_only}
        self._parts = [
            (rank, "" if marks_only else name, number_text(counts.get(rank, 0)))
            for rank, name in shown.items()
        ]
        self._after = after
        said = ", ".join(f"{names[rank]} {number}" for rank, _, number in self._parts)
        self.setAccessibleName(f"{self._name}\u00a0: {said}")
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as all its parts, words and all."""
        return QSize(self._width(with_words=True), fonts.metrics("secondary").height() + 6)

    def minimumSizeHint(self) -> QSize:
        """Shapes and numbers are never cut; words give way."""
        return QSize(self._width(with_words=False), self.sizeHint().height())

    def _width(self, *, with_words: bool) -> int:
        wide = sum(
            self._part(word if with_words else "", number) for _, word, number in self._parts
        )
        after = fonts.metrics("secondary").horizontalAdvance(self._after) if with_words else 0
        return wide + after + 4

    def _part(self, word: str, number: str) -> int:
        metrics = fonts.metrics("strong")
        room = fonts.metrics("secondary").horizontalAdvance(f"{word} ") if word else 0
        return theme.scaled(10) + 6 + room + metrics.horizontalAdvance(number) + 16

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw shapes, words and numbers; words only where all have room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        with_words = self._width(with_words=True) <= self.width()
        at = QPoint(0, 0)
        side, high = theme.scaled(9), self.height()
        for rank, word, number in self._parts:
            box = QRectF(at.x() + 1, (high - side) / 2, side, side)
            paint_shape(painter, box, rank, QColor(rating_colours(rank).mark))
            left = box.right() + 6
            if with_words and word:
                left = _write(painter, left, high, f"{word} ", "secondary", "text")
            _write(painter, left, high, number, "strong", "text_secondary")
            at.setX(at.x() + self._part(word if with_words else "", number))
        if with_words and self._after:
            _write(painter, at.x(), high, self._after, "secondary", "text_secondary")
        painter.end()


def _write(painter: QPainter, left: float, high: int, text: str, kind: str, colour: str) -> float:
    wide = fonts.metrics(kind).horizontalAdvance(text)
    painter.setFont(fonts.font(kind, figures=True))
    painter.setPen(QColor(theme.current()[colour]))
    room = QRectF(left, 0, wide + 4, high)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
    return left + wide
