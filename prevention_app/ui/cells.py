"""Cells of tables: small typed values, and the one delegate that paints them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from prevention_app.ui import fonts, icons, style, theme
from prevention_app.ui.rating_chip import RatingMark, paint_rating
from prevention_app.ui.states import State
from prevention_app.ui.two_lines import two_lines

CELL: Final = Qt.ItemDataRole.UserRole + 1
"""Under this role a model gives the typed cell; DisplayRole gives its plain text."""
PAD: Final = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows: a text, perhaps a second line, perhaps as a chip."""

    text: str
    second: str = ""
    chip: State | None = None
    struck: str = ""
    """An old value, struck through before the new one."""
    colours: str = ""
    """A state's colours for the text: bad for what is late."""
    strong: bool = False
    quiet: bool = False
    right: bool = False
    icon: str = ""
    bar: float | None = None
    """A share from 0 to 1, drawn before the text."""
    squares: int | None = None
    """How many of three squares are filled before the text, in its colours: how sure it is."""
    problem: str = ""
    """Why the text cannot stand, written under it in a frame."""
    rating: RatingMark | None = None
    """The text stands for it."""
    wrapped: bool = False
    """Whether the text takes two lines."""
    second_colours: str = ""
    """A state's colours for the second line alone."""

    @property
    def plain(self) -> str:
        """All of it as one text, for copying and for screen readers."""
        parts = [each for each in (self.struck, self.text) if each]
        below = self.second or self.problem
        return " → ".join(parts) + (f", {below}" if below else "")


@dataclass(frozen=True, slots=True)
class GroupCell:
    """A row that names a group, over all columns."""

    text: str
    detail: str
    state: State
    folded: bool = False
    folds: bool = True
    """Whether it can be folded: an arrow says so."""


EMPTY: Final = Cell("")


class CellDelegate(QStyledItemDelegate):
    """Paints every cell of every table: rows, chips, selection, focus."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        cell = index.data(CELL)
        view: Any = option.widget
        rect: QRect = option.rect
        current = theme.current()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if isinstance(cell, GroupCell):
            _paint_group(painter, rect, cell)
        else:
            _paint_ground(painter, rect, index, view, selected=selected)
            _paint_cell(painter, rect, cell or EMPTY)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(current["line"]), 1))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if view is not None and view.hasFocus() and view.currentIndex() == index:
            _paint_ring(painter, rect)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as its text: used when a column is fitted."""
        cell = index.data(CELL) or EMPTY
        if isinstance(cell, GroupCell):
            return QSize(100, theme.height("row_group"))
        font = fonts.font("chip") if cell.chip else fonts.font(figures=True)
        text = max(_metrics_width(font, cell.text), _metrics_width(font, cell.second))
        return QSize(text + 2 * PAD + (34 if cell.chip else 4), option.rect.height())


def _metrics_width(font: Any, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)


def _paint_ground(
    painter: QPainter,
    rect: QRect,
    index: QModelIndex | QPersistentModelIndex,
    view: Any,
    *,
    selected: bool,
) -> None:
    current = theme.current()
    if selected:
        colour = current["selection"] if view.hasFocus() else current["surface_pressed"]
        painter.fillRect(rect, QColor(colour))
        if index.column() == _first_column(view):
            bar = QRect(rect.left(), rect.top(), theme.width("selection_bar"), rect.height())
            painter.fillRect(bar, QColor(current["accent"]))
    elif view is not None and getattr(view, "hovered_row", -1) == index.row():
        painter.fillRect(rect, QColor(current["surface_hover"]))


def _first_column(view: QWidget) -> int:
    return view.horizontalHeader().logicalIndex(0) if isinstance(view, QTableView) else 0


def _paint_ring(painter: QPainter, rect: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.current()["accent"]), theme.width("focus_ring")))
    painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -2.5), 4, 4)


def _paint_cell(painter: QPainter, rect: QRect, cell: Cell) -> None:
    inner = rect.adjusted(PAD, 0, -PAD, 0)
    if cell.icon:
        mark = icons.pixmap(
            cell.icon, theme.current()["text_secondary"], 16, painter.device().devicePixelRatioF()
        )
        painter.drawPixmap(inner.left(), rect.center().y() - 7, mark)
        inner.setLeft(inner.left() + 24)
    if not _paint_sign(painter, inner, cell):
        _paint_text(painter, rect, inner, cell)


def _paint_sign(painter: QPainter, inner: QRect, cell: Cell) -> bool:
    """Paint what is drawn rather than written, if the cell has any."""
    if cell.chip is not None:
        if cell.text:
            paint_chip(painter, inner, cell.text, cell.chip)
    elif cell.rating is not None:
        paint_rating(painter, QRectF(inner), cell.rating)
    elif cell.bar is not None:
        _paint_bar(painter, inner, cell, cell.bar)
    elif cell.squares is not None:
        _paint_squares(painter, inner, cell, cell.squares)
    else:
        return False
    return True


def _paint_text(painter: QPainter, rect: QRect, inner: QRect, cell: Cell) -> None:
    if cell.wrapped:
        _paint_wrapped(painter, rect, inner, cell)
    elif cell.problem:
        _paint_problem(painter, rect, cell)
    elif cell.second:
        half = rect.height() // 2
        upper = QRect(inner.left(), rect.top() + 4, inner.width(), half - 4)
        lower = QRect(inner.left(), rect.top() + half, inner.width(), half - 5)
        first = "strong" if cell.strong else "cell_first_line"
        _write(painter, upper, cell.text, first, _ink(cell), cell)
        size = "chip" if cell.second_colours == "bad" else "secondary"
        _write(painter, lower, cell.second, size, _second_ink(cell), cell)
    elif cell.struck:
        _paint_difference(painter, rect, inner, cell)
    else:
        _write(painter, inner, cell.text, "chip" if cell.strong else "body", _ink(cell), cell)


def _paint_wrapped(painter: QPainter, rect: QRect, inner: QRect, cell: Cell) -> None:
    lines = two_lines(cell.text, "cell_first_line", inner.width())
    if len(lines) == 1:
        _write(painter, inner, cell.text, "cell_first_line", _ink(cell), cell)
        return
    half = rect.height() // 2
    upper = QRect(inner.left(), rect.top() + 4, inner.width(), half - 4)
    lower = QRect(inner.left(), rect.top() + half, inner.width(), half - 5)
    for line, place in zip(lines, (upper, lower), strict=True):
        _write(painter, place, line, "cell_first_line", _ink(cell), cell)


def _paint_bar(painter: QPainter, inner: QRect, cell: Cell, part: float) -> None:
    text = fonts.metrics("body", figures=True).horizontalAdvance("100,0\u202f%")
    whole = QRectF(inner.left(), inner.center().y() - 2, max(inner.width() - text - PAD, 20), 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current()["surface_pressed"]))
    painter.drawRoundedRect(whole, 3, 3)
    if part > 0:
        painter.setBrush(QColor(theme.current()["chart_main"]))
        wide = max(whole.width() * min(part, 1), 6)
        painter.drawRoundedRect(QRectF(whole.left(), whole.top(), wide, 6), 3, 3)
    left = round(whole.right()) + PAD
    rest = QRect(left, inner.top(), inner.right() - left, inner.height())
    _write(painter, rest, cell.text, "body", _ink(cell), cell)


_SQUARE: Final = 9
_SQUARES: Final = 3


def _paint_squares(painter: QPainter, inner: QRect, cell: Cell, filled: int) -> None:
    ink = QColor(theme.current().states[cell.colours or "neutral"].text)
    side = theme.scaled(_SQUARE)
    top = inner.center().y() - side / 2 + 1
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for at in range(_SQUARES):
        empty = at >= filled
        painter.setPen(QPen(QColor(theme.current()["field_border"]) if empty else ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if empty else ink)
        square = QRectF(inner.left() + at * (side + 2), top, side, side)
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    left = inner.left() + _SQUARES * (side + 2) + 8
    rest = QRect(left, inner.top(), inner.right() - left, inner.height())
    _write(painter, rest, cell.text, "cell_first_line", _ink(cell), cell)


def _paint_problem(painter: QPainter, rect: QRect, cell: Cell) -> None:
    """What was read and why it is refused, in a frame; the reason is there without its colour."""
    colours = theme.current().states["bad"]
    frame = QRectF(rect).adjusted(2.5, 2.5, -2.5, -3.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.text), 1))
    painter.setBrush(QColor(colours.fill))
    painter.drawRoundedRect(frame, 4, 4)
    inner = rect.adjusted(PAD, 0, -PAD, 0)
    half = rect.height() // 2
    upper = QRect(inner.left(), rect.top() + 3, inner.width(), half - 3)
    lower = QRect(inner.left(), rect.top() + half, inner.width(), half - 4)
    _write(painter, upper, cell.text, "cell_first_line", colours.text, cell)
    _write(painter, lower, cell.problem, "secondary", colours.text, cell)


def _paint_difference(painter: QPainter, rect: QRect, inner: QRect, cell: Cell) -> None:
    half = rect.height() // 2
    upper = QRect(inner.left(), rect.top() + 3, inner.width(), half - 3)
    lower = QRect(inner.left(), rect.top() + half, inner.width(), half - 4)
    painter.setFont(fonts.font("secondary", struck=True))
    painter.setPen(QColor(theme.current()["text_tertiary"]))
    old, _ = _elided(cell.struck, "secondary", upper.width(), theme.percent())
    painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, old)
    info = theme.current().states["info"].text
    _write(painter, lower, cell.text, "cell_first_line", info, cell)


def _ink(cell: Cell) -> str:
    if cell.colours:
        return theme.current().states[cell.colours].text
    return theme.current()["text_secondary" if cell.quiet else "text"]


def _second_ink(cell: Cell) -> str:
    colours = cell.second_colours or cell.colours
    if colours:
        return theme.current().states[colours].text
    return theme.current()["text_secondary"]


def _write(painter: QPainter, rect: QRect, text: str, size: str, ink: str, cell: Cell) -> None:
    if not text:
        return
    painter.setFont(fonts.font(size, figures=True))
    painter.setPen(QColor(ink))
    words, wide = _elided(text, size, rect.width(), theme.percent())
    metrics = fonts.metrics(size, figures=True)
    # At a point of the baseline: in a rectangle with flags Qt lays each text out anew.
    left = rect.right() + 1 - wide if cell.right else rect.left()
    middle = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
    painter.drawText(left, middle, words)


@lru_cache(maxsize=20_000)
def _elided(text: str, size: str, room: int, percent: int) -> tuple[str, int]:  # noqa: ARG001
    """What of a text there is room for, and how wide that is."""
    metrics = fonts.metrics(size, figures=True)
    words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    return words, metrics.horizontalAdvance(words)


def paint_chip(painter: QPainter, rect: QRect, text: str, state: State) -> None:
    """A state: its icon and its word in a rounded outline, at the left of a rectangle."""
    colours = theme.current().states[state.colours]
    high = theme.height("state_chip")
    room = rect.width() - 34
    word, wide = _elided(text, "chip", room, theme.percent())
    wide += 34
    chip = QRectF(rect.left(), rect.center().y() - high / 2 + 1, wide, high)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.setBrush(QColor(colours.fill))
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), high / 2, high / 2)
    mark = icons.pixmap(state.icon, colours.text, 14, painter.device().devicePixelRatioF())
    painter.drawPixmap(round(chip.left()) + 8, round(chip.center().y() - 7), mark)
    painter.setPen(QColor(colours.text))
    painter.setFont(fonts.font("chip"))
    painter.drawText(chip.adjusted(26, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, word)


def _paint_group(painter: QPainter, rect: QRect, cell: GroupCell) -> None:
    current = theme.current()
    ratio = painter.device().devicePixelRatioF()
    painter.fillRect(rect, QColor(current["surface"]))
    middle = rect.center().y() + 2
    left = rect.left() + PAD - (0 if cell.folds else 20)
    if cell.folds:
        arrow = icons.pixmap(
            "chevron-right" if cell.folded else "chevron-down", current["text_tertiary"], 14, ratio
        )
        painter.drawPixmap(left, middle - 7, arrow)
    colour = current.states[cell.state.colours].text
    painter.drawPixmap(left + 20, middle - 8, icons.pixmap(cell.state.icon, colour, 16, ratio))
    painter.setFont(fonts.font("chip"))
    painter.setPen(QColor(colour))
    text_rect = QRect(left + 42, rect.top() + 2, rect.width() - 52, rect.height() - 2)
    painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, cell.text)
    past = painter.fontMetrics().horizontalAdvance(cell.text) + 10
    painter.setFont(fonts.font("secondary", figures=True))
    painter.setPen(QColor(current["text_secondary"]))
    painter.drawText(text_rect.adjusted(past, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, cell.detail)


class HoverTable:
    """Mixed into a table: how every table looks, and the row under the mouse, tinted whole."""

    hovered_row = -1

    def dress(self, row_height: str = "") -> None:
        """Look as every table does; rows of a height of the tokens, or of one chosen later."""
        view: Any = self
        view.setMouseTracking(True)
        view.entered.connect(self._enter)
        view.setItemDelegate(CellDelegate(view))
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        rows: QHeaderView = view.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        if row_height:
            style.fix_height(rows, row_height)
        header: QHeaderView = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        style.fix_height(header, "header_of_table")

    def _enter(self, index: QModelIndex) -> None:
        self._hover(index.row())

    def leaveEvent(self, event: Any) -> None:
        """Forget the row when the mouse leaves."""
        self._hover(-1)
        super().leaveEvent(event)  # pyright: ignore[reportAttributeAccessIssue]

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            view: Any = self
            view.viewport().update()
