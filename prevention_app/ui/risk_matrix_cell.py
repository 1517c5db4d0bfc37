"""How one cell of a matrix of risks is painted: level, value, count, residual levels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from prevention_app.domain.ratings import Level
from prevention_app.i18n import number_text
from prevention_app.services.risk_matrix import Cell
from prevention_app.ui import fonts, theme
from prevention_app.ui.rating_chip import number_of, paint_shape, rating_colours

_BAR: Final = 7


def paint_cell(painter: QPainter, rect: QRectF, cell: Cell, levels: Iterable[Level]) -> None:
    """Paint a cell in the colours of its level; smaller signs where it is low."""
    colours = rating_colours(cell.level.rank)
    current = theme.current()
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.setBrush(QColor(colours.fill))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    ink = QColor(colours.ink)
    small = rect.height() < theme.scaled(64)
    head = fonts.metrics("chip").height()
    top = rect.top() + (4 if small else 8)
    side = theme.scaled(8)
    place = QRectF(rect.left() + (6 if small else 11), top + (head - side) / 2, side, side)
    paint_shape(painter, place, cell.level.rank, ink)
    painter.setPen(ink)
    painter.setFont(fonts.font("chip", figures=True))
    number = QRectF(place.right() + 5, top, rect.right() - place.right() - 8, head)
    painter.drawText(number, Qt.AlignmentFlag.AlignVCenter, number_of(cell.value))
    if cell.raised:
        _paint_arrow(painter, QPointF(rect.right() - 12, top + head / 2), ink)
    bar = 0 if not cell.count else theme.scaled(_BAR) + (6 if small else 12)
    middle = rect.adjusted(
        4, 4 + head * (0.6 if small else 0.3), -4, -bar * (0.8 if small else 0.5)
    )
    kind = "section" if small else "counter"
    if fonts.metrics(kind).horizontalAdvance(number_text(cell.count)) > middle.width():
        kind = "strong"
    painter.setFont(fonts.font(kind, figures=True))
    painter.setPen(ink)
    painter.setOpacity(1.0 if cell.count else 0.55)
    painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, number_text(cell.count))
    painter.setOpacity(1.0)
    if cell.count:
        inset = 6 if small else 12
        strip = QRectF(
            rect.left() + inset,
            rect.bottom() - theme.scaled(_BAR) - (4 if small else 10),
            rect.width() - 2 * inset,
            theme.scaled(_BAR),
        )
        _paint_bar(painter, strip, cell, levels, QColor(current["surface"]))


def _paint_bar(
    painter: QPainter, strip: QRectF, cell: Cell, levels: Iterable[Level], ground: QColor
) -> None:
    """The residual levels of the risks of a cell, from the least serious on."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(strip.adjusted(-2, -2, 2, 2), 3, 3)
    left = strip.left()
    for rank in sorted({0, *(each.rank for each in levels)}):
        number = cell.ranks.get(rank, 0)
        if number:
            wide = strip.width() * number / cell.count
            part = QRectF(left, strip.top(), max(wide - 1, 1.5), strip.height())
            painter.fillRect(part, QColor(rating_colours(rank).mark))
            left += wide


def _paint_arrow(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """That the level was raised."""
    painter.setPen(QPen(ink, 1.4))
    x, y = centre.x(), centre.y()
    painter.drawLine(QPointF(x, y + 4), QPointF(x, y - 4))
    painter.drawPolyline(
        QPolygonF([QPointF(x - 3, y - 1), QPointF(x, y - 4), QPointF(x + 3, y - 1)])
    )
