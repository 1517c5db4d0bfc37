"""The list of what can be written: workbooks and registers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from prevention_app.ui import fonts, icons, theme


class Report(Enum):
    """What can be written now."""

    DEPARTMENT = "department"
    TOGETHER = "together"
    REGISTERS = "registers"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """How a report is offered."""

    report: Report
    words: str
    under: str
    icon: str


class ReportList(QListWidget):
    """Two-line rows, one of which holds."""

    chosen = Signal(Report)

    def __init__(self) -> None:
        """Nothing is offered yet."""
        super().__init__()
        self.setObjectName("choices")
        self.setAccessibleName("Ce qui peut être créé")
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda: self.chosen.emit(self.report))

    def offer(self, choices: list[ReportChoice]) -> None:
        """Offer these; the first one holds."""
        for each in choices:
            item = QListWidgetItem(each.words)
            item.setData(Qt.ItemDataRole.UserRole, each)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.words}, {each.under}")
            self.addItem(item)
        self.setCurrentRow(0)

    @property
    def report(self) -> Report:
        """The one that holds."""
        choice: ReportChoice = self.currentItem().data(Qt.ItemDataRole.UserRole)
        return choice.report

    def choose(self, report: Report) -> None:
        """Let another one hold."""
        for at in range(self.count()):
            if self.item(at).data(Qt.ItemDataRole.UserRole).report is report:
                self.setCurrentRow(at)


class _Delegate(QStyledItemDelegate):
    """Paints a row: icon, words, what it is in a second line."""

    def sizeHint(
        self,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002
    ) -> QSize:
        """All rows are of one height."""
        return QSize(100, theme.scaled(54))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        choice: ReportChoice = index.data(Qt.ItemDataRole.UserRole)
        current = theme.current()
        room: QRect = option.rect.adjusted(8, 2, -8, -2)
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if on or over:
            painter.setBrush(QColor(current["selection" if on else "surface_hover"]))
            painter.drawRoundedRect(QRectF(room), 6, 6)
        if on:
            bar = QRect(
                room.left(), room.top() + 6, theme.width("selection_bar"), room.height() - 12
            )
            painter.fillRect(bar, QColor(current["accent"]))
        ink = current["accent" if on else "text_secondary"]
        mark = icons.pixmap(choice.icon, ink, 16, painter.device().devicePixelRatioF())
        painter.drawPixmap(room.left() + 12, room.top() + 10, mark)
        text = room.adjusted(38, 4, -6, -4)
        half = text.height() // 2
        self._write(
            painter,
            QRect(text.left(), text.top(), text.width(), half),
            choice.words,
            "label",
            "text",
        )
        under = QRect(text.left(), text.top() + half, text.width(), half)
        self._write(painter, under, choice.under, "secondary", "text_secondary")
        if on and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(current["accent"]), theme.width("focus_ring")))
            painter.drawRoundedRect(QRectF(room).adjusted(1, 1, -1, -1), 6, 6)
        painter.restore()

    def _write(self, painter: QPainter, room: QRect, text: str, size: str, colour: str) -> None:
        painter.setFont(fonts.font(size))
        painter.setPen(QColor(theme.current()[colour]))
        cut = fonts.metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
