"""The bar of a certificate's validity: what is past, today, and when renewal is to be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from prevention_app.ui import theme
from prevention_app.ui.cells import CELL, PAD, Cell, CellDelegate

_BAR = 8
_MARK = 14
_BRACKET = 4


@dataclass(frozen=True, slots=True)
class Validity(Cell):
    """A stretch of days seen from today; its words are for copying and screen readers."""

    said: str = ""
    start: date = date.min
    end: date = date.max
    today: date = date.min
    asked_from: date | None = None
    asked_until: date | None = None

    @property
    def plain(self) -> str:
        """The stretch in words."""
        return self.said

    def place(self, day: date) -> float:
        """Where a day lies between start (0) and end (1)."""
        whole = max((self.end - self.start).days, 1)
        return min(max((day - self.start).days / whole, 0.0), 1.0)


class ValidityDelegate(CellDelegate):
    """Paints bars of validity, and every other cell as any table does."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        super().paint(painter, option, index)
        cell = index.data(CELL)
        if isinstance(cell, Validity):
            painter.save()
            paint_validity(painter, option.rect.adjusted(PAD, 0, -PAD, 0), cell)
            painter.restore()


def paint_validity(painter: QPainter, rect: QRect, bar: Validity) -> None:
    """The bar in the middle of a rectangle, as wide as it."""
    current = theme.current()
    middle = rect.center().y() + 0.5
    track = QRectF(rect.left(), middle - _BAR / 2, rect.width(), _BAR)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(current["surface_pressed"]))
    painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
    reached = track.width() * bar.place(bar.today)
    if reached > 0:
        past = QRectF(track.left(), track.top(), max(reached, _BAR), track.height())
        painter.setBrush(QColor(current.states[bar.colours or "neutral"].text))
        painter.drawRoundedRect(past, _BAR / 2, _BAR / 2)
    _paint_bracket(painter, track, bar)
    mark = QRectF(track.left() + reached - 1.5, middle - _MARK / 2, 3, _MARK)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(current["text"]))
    painter.drawRoundedRect(mark, 1, 1)


def _paint_bracket(painter: QPainter, track: QRectF, bar: Validity) -> None:
    """Under the bar: ends turned up towards the months in which one asks."""
    if bar.asked_from is None:
        return
    left = track.left() + track.width() * bar.place(bar.asked_from)
    right = track.left() + track.width() * bar.place(bar.asked_until or bar.end)
    foot = track.bottom() + _BRACKET + 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.current()["text_secondary"]), 1))
    painter.drawPolyline(
        [
            QPointF(left, foot - _BRACKET),
            QPointF(left, foot),
            QPointF(right, foot),
            QPointF(right, foot - _BRACKET),
        ]
    )
