"""The list of the palette: rows under headings, the letters that answered in bold, keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from prevention_app.ui import fonts, icons, theme
from prevention_app.ui.palette_rows import Kind, Row, places_of

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_ROW: Final = Qt.ItemDataRole.UserRole + 1
_HEADING_HEIGHT: Final = 30
_SIDE: Final = 8
_PAD: Final = 12
_ICON: Final = 16
_KEY_PAD: Final = 6
_SHARE: Final = 0.62
"""How much of the width a text takes, at most, where something stands beside it."""
_AND_THEN: Final = "puis"


class RowModel(QAbstractListModel):
    """The rows that are listed."""

    def __init__(self, parent: QObject | None = None) -> None:
        """No rows yet."""
        super().__init__(parent)
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """List these rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its text, and what a screen reader says of it."""
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.spoken if row.kind is Kind.RECORD else ""
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings and sentences cannot be chosen."""
        if self.rows[index.row()].act is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowDelegate(QStyledItemDelegate):
    """Paints one row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """Headings are lower."""
        row: Row = index.data(_ROW)
        if row.kind is Kind.HEADING:
            return QSize(100, theme.scaled(_HEADING_HEIGHT))
        return QSize(100, theme.height("row_standard"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint its ground, icon, words and keys."""
        row: Row = index.data(_ROW)
        view: Any = option.widget
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind in (Kind.HEADING, Kind.NOTE):
            _paint_quiet(painter, rect, row.text)
        else:
            chosen = view.currentIndex() == index
            over = bool(option.state & QStyle.StateFlag.State_MouseOver)
            _paint_row(painter, rect, row, chosen=chosen, over=over)
        painter.restore()


def _paint_quiet(painter: QPainter, rect: QRect, text: str) -> None:
    painter.setFont(fonts.font("secondary"))
    painter.setPen(QColor(theme.current()["text_secondary"]))
    inner = rect.adjusted(_SIDE + _PAD, 4, -_SIDE, 0)
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)


def _paint_row(painter: QPainter, rect: QRect, row: Row, *, chosen: bool, over: bool) -> None:
    current = theme.current()
    if chosen or over:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current["selection" if chosen else "surface_hover"]))
        painter.drawRoundedRect(QRectF(rect).adjusted(_SIDE, 1, -_SIDE, -1), 6, 6)
    inner = rect.adjusted(_SIDE + _PAD, 0, -_SIDE - _PAD, 0)
    colour = current["selection_text" if chosen else "text_secondary"]
    ratio = painter.device().devicePixelRatioF()
    mark = icons.pixmap(row.icon or "arrow-right", colour, _ICON, ratio)
    painter.drawPixmap(inner.left(), inner.center().y() - _ICON // 2 + 1, mark)
    inner.setLeft(inner.left() + _ICON + _PAD)
    keys = row.keys or ("Entrée" if chosen else "")
    inner.setRight(_paint_keys(painter, inner, keys))
    past = _paint_words(painter, inner, row)
    if row.detail:
        painter.setFont(fonts.font("secondary", figures=True))
        painter.setPen(QColor(current["text_secondary"]))
        _write(painter, inner.adjusted(past, 0, 0, 0), row.detail)


def _paint_words(painter: QPainter, rect: QRect, row: Row) -> int:
    """The text, its answering letters bold and tinted; returns where the next may begin."""
    room = int(rect.width() * _SHARE) if row.detail else rect.width()
    plain, bold = fonts.metrics("body"), fonts.metrics("strong")
    # Bold letters are wider: what is cut is measured as if all of it were bold.
    text = bold.elidedText(row.text, Qt.TextElideMode.ElideRight, room)
    left = rect.left()
    done = 0
    for first, length in [*places_of(row.marked, text), (len(text), 0)]:
        if first < done:
            continue
        for part, strong in ((text[done:first], False), (text[first : first + length], True)):
            painter.setFont(fonts.font("strong" if strong else "body"))
            painter.setPen(QColor(theme.current()["selection_text" if strong else "text"]))
            painter.drawText(
                QRect(left, rect.top(), rect.right() - left + 1, rect.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
                part,
            )
            left += (bold if strong else plain).horizontalAdvance(part)
        done = first + length
    return left - rect.left() + _PAD


def _paint_keys(painter: QPainter, rect: QRect, keys: str) -> int:
    """Each key in its own outline, from the right; returns where they begin."""
    current = theme.current()
    metrics = fonts.metrics("key_hint")
    painter.setFont(fonts.font("key_hint"))
    high = metrics.height() + 6
    right = rect.right()
    for part in reversed(keys.split()):
        boxed = part != _AND_THEN
        wide = max(metrics.horizontalAdvance(part) + 2 * _KEY_PAD, high if boxed else 0)
        box = QRectF(right - wide, rect.center().y() - high / 2 + 1, wide, high)
        if boxed:
            painter.setPen(QPen(QColor(current["line_strong"]), 1))
            painter.setBrush(QColor(current["surface"]))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(current["text_secondary"]))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, part)
        right -= wide + (4 if boxed else 0)
    return int(right - _PAD)


def _write(painter: QPainter, rect: QRect, text: str) -> None:
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, cut)


class RowList(QListView):
    """The rows; the field above keeps the focus and moves through them."""

    chosen = Signal(Row)

    def __init__(self) -> None:
        """No rows yet."""
        super().__init__()
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName("Résultats")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It paints its whole ground: nothing of the page behind it is painted again.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_rows(self, rows: Sequence[Row], keep: Row | None = None) -> None:
        """List these rows and choose the first one, or one that was chosen before."""
        self.rows.show(rows)
        at = [place for place, row in enumerate(rows) if row.act is not None]
        again = [place for place in at if keep is not None and _same(rows[place], keep)]
        if at:
            self.setCurrentIndex(self.rows.index((again or at)[0]))
        self.scrollToTop()
        self.updateGeometry()

    def row(self) -> Row | None:
        """The row that is chosen."""
        index = self.currentIndex()
        return self.rows.rows[index.row()] if index.isValid() else None

    def step(self, steps: int) -> None:
        """Choose a row further down or up; past the last one comes the first."""
        at = [place for place, row in enumerate(self.rows.rows) if row.act is not None]
        if at:
            here = self.currentIndex().row()
            place = at.index(here) if here in at else -1
            self.setCurrentIndex(self.rows.index(at[(place + steps) % len(at)]))

    def wanted_height(self) -> int:
        """The height at which all rows are seen."""
        return sum(self.sizeHintForRow(at) for at in range(self.rows.rowCount())) + 4

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses and does."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.rows[index.row()].act is not None:
            self.chosen.emit(self.rows.rows[index.row()])

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, then the rows."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(theme.current()["surface"]))
        painter.end()
        super().paintEvent(event)


def _same(row: Row, other: Row) -> bool:
    return (row.kind, row.text, row.record) == (other.kind, other.text, other.record)
