"""Charts of the preview: drawn by hand, told in words to screen readers, opened like buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.ui import fonts, theme
from prevention_app.ui.rating_chip import paint_shape
from prevention_app.ui.report_figures import Bar

_ROW: Final = 25
_THICK: Final = 15
_GAP: Final = 10


class Chart(QLabel):
    """Takes the focus; Entrée or a click opens what it counts.

    A label for screen readers: a bare widget would have no role to be said.
    """

    opened = Signal()

    def __init__(self, name: str) -> None:
        """Nothing to draw yet."""
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée and Espace open."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.opened.emit()

    def focusInEvent(self, event: Any) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the chart, and the focus around it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.current()["accent"]), theme.width("focus_ring")))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Draw what it shows."""


class LevelBars(Chart):
    """Stacked bars of risk levels, from the least serious to the worst, numbers inside."""

    def __init__(self, name: str) -> None:
        """No bars yet."""
        super().__init__(name)
        self._bars: Sequence[Bar] = ()
        self._levels: Sequence[str] = ()

    def show_bars(self, bars: Sequence[Bar], levels: Sequence[str]) -> None:
        """Show bars; `levels` are the words of their parts."""
        self._bars, self._levels = bars, levels
        self.setAccessibleDescription("\n".join(self._spoken(bar) for bar in bars))
        self.updateGeometry()
        self.update()

    def _spoken(self, bar: Bar) -> str:
        parts = ", ".join(
            f"{word} {number_text(count)}"
            for word, count in zip(self._levels, bar.counts, strict=True)
        )
        return f"{bar.label}{NO_BREAK}: {number_text(bar.total)}, {parts}"

    def sizeHint(self) -> QSize:
        """A row a bar, and the legend."""
        return QSize(320, (len(self._bars) + 1) * theme.scaled(_ROW) + 12)

    def minimumSizeHint(self) -> QSize:
        """Bars may be short, labels cut."""
        return QSize(220, self.sizeHint().height())

    def draw(self, painter: QPainter) -> None:
        """Labels at the left, bars, totals, the legend below."""
        most = max((bar.total for bar in self._bars), default=0)
        row = theme.scaled(_ROW)
        labels = min(self.width() * 0.4, self._widest())
        room = self.width() - labels - 2 * _GAP - fonts.metrics("strong").horizontalAdvance("0 000")
        for at, bar in enumerate(self._bars):
            line = QRectF(4, at * row + 4, labels, row)
            self._write(painter, line, bar.label)
            left = line.right() + _GAP
            scale = room / most if most else 0
            right = self._draw_bar(painter, bar, left, line.center().y(), scale)
            painter.setFont(fonts.font("strong", figures=True))
            painter.setPen(QColor(theme.current()["text"]))
            after = QRectF(right + 8, line.top(), 80, row)
            painter.drawText(after, Qt.AlignmentFlag.AlignVCenter, number_text(bar.total))
        self._draw_legend(painter, len(self._bars) * row + 8)

    def _widest(self) -> float:
        metrics = fonts.metrics("secondary")
        return max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0) + 6

    def _write(self, painter: QPainter, line: QRectF, text: str) -> None:
        painter.setFont(fonts.font("secondary"))
        painter.setPen(QColor(theme.current()["text_secondary"]))
        cut = fonts.metrics("secondary").elidedText(
            text, Qt.TextElideMode.ElideRight, int(line.width())
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, cut)

    def _draw_bar(
        self, painter: QPainter, bar: Bar, left: float, middle: float, scale: float
    ) -> float:
        current = theme.current()
        painter.setFont(fonts.font("chip", figures=True))
        for rank, count in enumerate(bar.counts, 1):
            if not count:
                continue
            wide = max(count * scale - 2, 2)
            part = QRectF(left, middle - theme.scaled(_THICK) / 2, wide, theme.scaled(_THICK))
            painter.fillRect(part, QColor(current.ratings[rank].mark))
            text = number_text(count)
            if fonts.metrics("chip").horizontalAdvance(text) + 6 <= wide:
                painter.setPen(QColor(current["surface"]))
                painter.drawText(part, Qt.AlignmentFlag.AlignCenter, text)
            left += wide + 2
        return left

    def _draw_legend(self, painter: QPainter, top: float) -> None:
        left = 6.0
        row = theme.scaled(_ROW)
        painter.setFont(fonts.font("secondary"))
        metrics = fonts.metrics("secondary")
        taken = sum(metrics.horizontalAdvance(word) + 19 for word in self._levels)
        gap = min(14.0, (self.width() - left - taken) / max(len(self._levels) - 1, 1))
        for rank, word in enumerate(self._levels, 1):
            mark = QRectF(left, top + row / 2 - 5, 10, 10)
            paint_shape(painter, mark, rank, QColor(theme.current().ratings[rank].mark))
            painter.setPen(QColor(theme.current()["text_secondary"]))
            wide = metrics.horizontalAdvance(word)
            text = QRectF(left + 15, top, wide + 4, row)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, word)
            left = text.right() + gap


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart: its word, its values, and whether it is the one to look at."""

    word: str
    values: Sequence[int]
    main: bool = True


class Lines(Chart):
    """Two lines over a few periods, told apart by dash and label."""

    def __init__(self, name: str) -> None:
        """No lines yet."""
        super().__init__(name)
        self._series: Sequence[Series] = ()
        self._periods: Sequence[str] = ()

    def show_series(self, periods: Sequence[str], series: Sequence[Series]) -> None:
        """Show these lines over these periods."""
        self._periods, self._series = periods, series
        self.setAccessibleDescription(
            "\n".join(
                f"{each.word}{NO_BREAK}: "
                + ", ".join(
                    f"{period} {number_text(value)}"
                    for period, value in zip(periods, each.values, strict=True)
                )
                for each in series
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the bars beside it, more or less."""
        return QSize(280, 200)

    def minimumSizeHint(self) -> QSize:
        """Its lines may be short."""
        return QSize(200, 170)

    def draw(self, painter: QPainter) -> None:
        """Three rules with their values, the periods below, the lines."""
        if not self._series:
            return
        metrics = fonts.metrics("secondary")
        top = _ceiling(max(max(each.values) for each in self._series))
        words = max(metrics.horizontalAdvance(each.word) for each in self._series) + 12
        plot = QRectF(
            34, 14, self.width() - 34 - words - 8, self.height() - 14 - metrics.height() - 12
        )
        self._draw_rules(painter, plot, top)
        self._draw_periods(painter, plot)
        taken: list[float] = []
        for each in self._series:
            self._draw_line(painter, plot, each, top, taken)

    def _draw_rules(self, painter: QPainter, plot: QRectF, top: int) -> None:
        painter.setFont(fonts.font("secondary", figures=True))
        for part in (0, top // 2, top):
            y = plot.bottom() - plot.height() * part / top
            painter.setPen(QPen(QColor(theme.current()["line"]), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(theme.current()["text_secondary"]))
            text = QRectF(0, y - 10, plot.left() - 6, 20)
            painter.drawText(
                text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number_text(part)
            )

    def _draw_periods(self, painter: QPainter, plot: QRectF) -> None:
        metrics = fonts.metrics("secondary")
        widest = max(metrics.horizontalAdvance(each) for each in self._periods) + 10
        every = max(1, -(-widest * len(self._periods) // max(int(plot.width()), 1)))
        last = len(self._periods) - 1
        for at in range(last, -1, -every):
            x = _across(plot, at, len(self._periods))
            room = QRectF(x - widest / 2, plot.bottom() + 6, widest, metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._periods[at])

    def _draw_line(
        self, painter: QPainter, plot: QRectF, each: Series, top: int, taken: list[float]
    ) -> None:
        current = theme.current()
        colour = QColor(current["chart_main" if each.main else "text_tertiary"])
        style = Qt.PenStyle.SolidLine if each.main else Qt.PenStyle.DashLine
        points = [
            QPointF(
                _across(plot, at, len(each.values)), plot.bottom() - plot.height() * value / top
            )
            for at, value in enumerate(each.values)
        ]
        painter.setPen(QPen(colour, 2, style))
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        end = points[-1]
        painter.drawEllipse(end, 4, 4)
        high = fonts.metrics("secondary").height() * 2 + 2
        middle = end.y()
        for other in taken:
            if abs(middle - other) < high:
                middle = other + high if middle >= other else other - high
        middle = min(max(middle, high / 2), plot.bottom() - 4)
        taken.append(middle)
        room = QRectF(end.x() + 9, middle - high / 2, self.width() - end.x() - 9, high / 2)
        painter.setPen(QColor(current["text"]))
        painter.setFont(fonts.font("chip", figures=True))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, number_text(each.values[-1]))
        painter.setPen(QColor(current["text_secondary"]))
        painter.setFont(fonts.font("secondary"))
        painter.drawText(room.translated(0, high / 2), Qt.AlignmentFlag.AlignVCenter, each.word)


def _across(plot: QRectF, at: int, count: int) -> float:
    return plot.left() + plot.width() * at / max(count - 1, 1)


def _ceiling(most: int) -> int:
    """An even round number at or above, at least 2."""
    step = 2
    while step * 5 < most:
        step *= 2
    return max(2, -(-most // step) * step)
