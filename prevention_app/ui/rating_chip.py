"""The chip of a rating: a shape and a number, filled for what remains, outlined for the initial.

The only place that knows how a level looks; the method says which level it is and its words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from prevention_app.catalogue.values import format_decimal
from prevention_app.domain.ratings import Assessment, Level
from prevention_app.ui import fonts, theme

_SHAPE: Final = 8
_BESIDE_SHAPE: Final = 5
_NARROWEST: Final = 24
PADDING: Final = 9


@dataclass(frozen=True, slots=True)
class RatingMark:
    """What a chip shows."""

    rank: int
    """Of the level: 0 for what is not rated, then 1 for the least."""
    word: str
    """The level in words; said even where only its shape is drawn."""
    number: str = ""
    filled: bool = True
    """Filled for a residual rating, outlined for an initial one."""
    wide: bool = False
    """Whether the word is written beside the number."""

    @property
    def text(self) -> str:
        """What is written beside the shape."""
        return f"{self.number} {self.word}".strip() if self.wide else self.number

    @property
    def said(self) -> str:
        """The whole phrase: « Résiduel 12, critique »."""
        side = "Résiduel" if self.filled else "Brut"
        if not self.number:
            return f"{side}\u00a0: {self.word.lower()}"
        return f"{side} {self.number}, {self.word.lower()}"


def number_of(value: Decimal | None) -> str:
    """A value of a rating as it is written: « 4,5 »."""
    return "" if value is None else format_decimal(value).replace(".", ",")


def initial_mark(found: Assessment | None, unrated: Level, *, wide: bool = False) -> RatingMark:
    """The chip of an initial rating; `unrated` stands for what is not evaluated."""
    level = found.initial_level if found else unrated
    value = number_of(found.initial) if found else ""
    return RatingMark(level.rank, level.label_fr, value, filled=False, wide=wide)


def residual_mark(found: Assessment | None, unrated: Level, *, wide: bool = False) -> RatingMark:
    """The chip of a residual rating; `unrated` stands for what is not evaluated."""
    level = found.residual_level if found else unrated
    value = number_of(found.residual) if found else ""
    return RatingMark(level.rank, level.label_fr, value, wide=wide)


def chip_size(mark: RatingMark, size: str = "chip") -> QSize:
    """How much room a chip takes."""
    high = theme.height("rating_chip") if size == "chip" else theme.height("button")
    if not mark.text:
        return QSize(theme.scaled(_NARROWEST), high)
    text = fonts.metrics(size, figures=True).horizontalAdvance(mark.text)
    return QSize(text + _shape_side(size) + _BESIDE_SHAPE + 2 * PADDING, high)


def paint_rating(painter: QPainter, rect: QRectF, mark: RatingMark, size: str = "chip") -> None:
    """Paint a chip at the left of a rectangle, in its middle."""
    room = chip_size(mark, size)
    colours = rating_colours(mark.rank)
    top = rect.center().y() - room.height() / 2
    chip = QRectF(rect.left(), round(top), min(room.width(), rect.width()), room.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    filled = mark.filled and mark.rank > 0
    outline = QColor(colours.line if filled or not mark.rank else theme.current()["line_strong"])
    painter.setPen(QPen(outline, 1, Qt.PenStyle.SolidLine if mark.rank else Qt.PenStyle.DashLine))
    painter.setBrush(QColor(colours.fill if filled else theme.current()["surface"]))
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    ink = QColor(colours.ink if filled else theme.current()["text_secondary"])
    side = _shape_side(size)
    left = chip.left() + PADDING if mark.text else chip.center().x() - side / 2
    place = QRectF(left, chip.center().y() - side / 2, side, side)
    paint_shape(painter, place, mark.rank, ink if filled else QColor(colours.mark))
    if mark.text:
        painter.setFont(fonts.font(size, figures=True))
        painter.setPen(ink if filled or mark.rank else QColor(colours.ink))
        text = chip.adjusted(PADDING + side + _BESIDE_SHAPE, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, mark.text)


def rating_colours(rank: int) -> theme.RatingColours:
    """The colours of a level by its rank."""
    return theme.current().ratings[_known(rank)]


def _known(rank: int) -> int:
    """A method with more levels than the theme has shows the highest of these."""
    return min(max(rank, 0), len(theme.current().ratings) - 1)


def _shape_side(size: str) -> int:
    return theme.scaled(_SHAPE if size == "chip" else _SHAPE + 2)


def paint_shape(painter: QPainter, box: QRectF, rank: int, colour: QColor) -> None:
    """The shape of a level by its rank: disc, square, triangle, diamond; a dash if not rated."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    _SHAPES[_known(rank)](painter, box)


def _dash(painter: QPainter, box: QRectF) -> None:
    painter.drawRect(QRectF(box.left(), box.center().y() - 1, box.width(), 2))


def _disc(painter: QPainter, box: QRectF) -> None:
    painter.drawEllipse(box)


def _square(painter: QPainter, box: QRectF) -> None:
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _triangle(painter: QPainter, box: QRectF) -> None:
    corners = [QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]
    painter.drawPolygon(QPolygonF(corners))


def _diamond(painter: QPainter, box: QRectF) -> None:
    middle, out = box.center(), box.width() / 2 + 1
    corners = [
        QPointF(middle.x(), middle.y() - out),
        QPointF(middle.x() + out, middle.y()),
        QPointF(middle.x(), middle.y() + out),
        QPointF(middle.x() - out, middle.y()),
    ]
    painter.drawPolygon(QPolygonF(corners))


_SHAPES: Final[tuple[Callable[[QPainter, QRectF], None], ...]] = (
    _dash, _disc, _square, _triangle, _diamond,
)  # fmt: skip


class RatingLabel(QWidget):
    """A chip that stands by itself."""

    def __init__(self, size: str = "chip") -> None:
        """Nothing to show yet; `size` names a type of the tokens."""
        super().__init__()
        self._size = size
        self._mark = RatingMark(0, "")

    def show_mark(self, mark: RatingMark) -> None:
        """Show a rating."""
        self._mark = mark
        self.setAccessibleName(mark.said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as its chip."""
        return chip_size(self._mark, self._size)

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint it in the colours of now."""
        paint_rating(QPainter(self), QRectF(self.rect()), self._mark, self._size)
