"""The list of pages: those made for a purpose, and the registers grouped as they are declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from prevention_app.ui import fonts, icons, settings, theme
from prevention_app.ui.places import CONFLICTS, FOLDED_AT_FIRST, HOME, Place

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_PLACE: Final = Qt.ItemDataRole.UserRole + 1
_BESIDE_NUMBER, _PILL = 6, 18
"""Room kept free beside a number, and beside one in a pill."""
_PILLS: Final = (HOME, CONFLICTS)
"""Where a number is that of what is late, or waits for a decision."""


class NavigationModel(QAbstractListModel):
    """The rows that are to be seen: groups may be folded."""

    def __init__(self, parent: QObject | None = None) -> None:
        """No pages yet."""
        super().__init__(parent)
        self._all: list[Place] = []
        kept = settings.remembered_list("navigation/folded")
        self.folded = set(kept or FOLDED_AT_FIRST)
        self.shown: list[Place] = []
        self._waiting: Mapping[str, int] = {}
        self._apart: dict[str, int] = {}

    def show(self, wanted: Iterable[Place]) -> None:
        """Show these pages."""
        self._all = list(wanted)
        self._arrange()

    def count(self, waiting: Mapping[str, int]) -> None:
        """Show beside each page how much waits there."""
        self._waiting = waiting
        self._tell_counts()

    def count_at(self, key: str, number: int) -> None:
        """Show beside one page how much waits there."""
        self._apart[key] = number
        self._tell_counts()

    def _tell_counts(self) -> None:
        if self.shown:
            self.dataChanged.emit(self.index(0), self.index(len(self.shown) - 1))

    def waiting_at(self, place: Place) -> int:
        """How much waits at a page; at home, all that is late."""
        if place.key in self._apart:
            return self._apart[place.key]
        return self._waiting.get("" if place.key == HOME else place.key, 0)

    def turn(self, group: str) -> None:
        """Fold or unfold a group."""
        self.folded ^= {group}
        settings.remember("navigation/folded", sorted(self.folded) or ["-"])
        self._arrange()

    def unfold(self, key: str) -> None:
        """See to it that a page can be seen."""
        group = next((each.group for each in self._all if each.key == key), "")
        if group in self.folded:
            self.turn(group)

    def _arrange(self) -> None:
        self.beginResetModel()
        self.shown = [each for each in self._all if each.heading or each.group not in self.folded]
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows are to be seen."""
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its label, and what a screen reader says of it."""
        place = self.shown[index.row()]
        if role == _PLACE:
            return place
        if role == Qt.ItemDataRole.DisplayRole:
            return place.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return "" if place.heading else _with_keys(place)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(place)
        return None

    def _spoken(self, place: Place) -> str:
        if place.heading:
            return f"Groupe {place.label}, {'plié' if place.group in self.folded else 'déplié'}"
        number = self.waiting_at(place)
        return f"{place.label}, {number} en attente" if number else place.label


def _with_keys(place: Place) -> str:
    return f"{place.label} ({place.keys.replace(',', ' puis')})" if place.keys else place.label


class NavigationDelegate(QStyledItemDelegate):
    """Paints the rows of the navigation."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """Headings and pages are of one height."""
        return QSize(100, theme.height("nav_row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        place: Place = index.data(_PLACE)
        view: Any = option.widget
        model: NavigationModel = view.model()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.heading and view.narrow:
            painter.fillRect(
                rect.adjusted(14, rect.height() // 2, -14, -(rect.height() // 2) + 1),
                QColor(theme.current()["line"]),
            )
        elif place.heading:
            _paint_heading(painter, rect, place, folded=place.group in model.folded)
        else:
            here = view.page == place.key
            over = bool(option.state & QStyle.StateFlag.State_MouseOver)
            _paint_ground(painter, rect, here=here, over=over)
            _paint_icon(painter, rect, place, here=here)
            if view.narrow:
                _paint_dot(painter, rect, model.waiting_at(place))
            else:
                _paint_words(painter, rect, place, model.waiting_at(place), here=here)
        if view.hasFocus() and view.currentIndex() == index:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.current()["accent"]), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(9, 1, -9, -1), 6, 6)
        painter.restore()


def _paint_heading(painter: QPainter, rect: QRect, place: Place, *, folded: bool) -> None:
    colour = theme.current()["text_secondary"]
    painter.setFont(fonts.font("section_caps"))
    painter.setPen(QColor(colour))
    text = rect.adjusted(18, 6, -30, 0)
    label = QFontMetrics(painter.font()).elidedText(
        place.label.upper(), Qt.TextElideMode.ElideRight, text.width()
    )
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, label)
    arrow = "chevron-right" if folded else "chevron-down"
    mark = icons.pixmap(arrow, colour, 14, painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.right() - 28, rect.center().y() - 4, mark)


def _paint_ground(painter: QPainter, rect: QRect, *, here: bool, over: bool) -> None:
    current = theme.current()
    if here or over:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current["surface_pressed" if here else "surface_hover"]))
        painter.drawRoundedRect(QRectF(rect).adjusted(8, 1, -8, -1), 6, 6)
    if here:
        painter.fillRect(
            rect.left() + 8, rect.top() + 8, 3, rect.height() - 16, QColor(current["accent"])
        )


def _paint_icon(painter: QPainter, rect: QRect, place: Place, *, here: bool) -> None:
    colour = theme.current()["accent" if here else "text_secondary"]
    mark = icons.pixmap(place.icon, colour, 16, painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.left() + 18, rect.center().y() - 7, mark)


def _paint_words(painter: QPainter, rect: QRect, place: Place, number: int, *, here: bool) -> None:
    taken = _paint_number(painter, rect, number, late=place.key in _PILLS) if number else 0
    painter.setFont(fonts.font("strong" if here else "body"))
    painter.setPen(QColor(theme.current()["text"]))
    room = rect.adjusted(44, 0, -14 - taken, 0)
    label = painter.fontMetrics().elidedText(place.label, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, label)


def _paint_dot(painter: QPainter, rect: QRect, number: int) -> None:
    """In a narrow list a dot says that something waits; the tooltip and the page say what."""
    if number:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current()["text_secondary"]))
        painter.drawEllipse(QRectF(rect.left() + 36, rect.top() + 7, 5, 5))


def _paint_number(painter: QPainter, rect: QRect, number: int, *, late: bool) -> int:
    """A red pill for what presses, else a quiet number; returns the width it takes."""
    text = str(number) if number < 1000 else "999+"
    painter.setFont(fonts.font("chip" if late else "secondary", figures=True))
    wide = QFontMetrics(painter.font()).horizontalAdvance(text)
    right = QRect(rect.right() - 16 - wide, rect.top(), wide + 2, rect.height())
    if late:
        colours = theme.current().states["bad"]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.fill))
        painter.drawRoundedRect(QRectF(right).adjusted(-7, 7, 5, -7), 9, 9)
        painter.setPen(QColor(colours.text))
    else:
        painter.setPen(QColor(theme.current()["text_secondary"]))
    painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    return wide + (_PILL if late else _BESIDE_NUMBER)


class NavigationView(QListView):
    """The list of pages; Entrée or a click goes there, on a group it folds."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """No pages yet."""
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName("Pages")
        self.page = HOME
        self.narrow = False
        self.pages = NavigationModel(self)
        self.setModel(self.pages)
        self.setItemDelegate(NavigationDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._go)

    def turn_narrow(self, on: bool) -> None:
        """Show icons alone, or icons and words."""
        self.narrow = on
        self.scheduleDelayedItemsLayout()

    def show_page(self, key: str) -> None:
        """Show which page one is on."""
        self.page = key
        self.pages.unfold(key)
        for at, place in enumerate(self.pages.shown):
            if place.key == key and not place.heading:
                self.setCurrentIndex(self.pages.index(at))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée and Espace go to a page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _go(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        place: Place = index.data(_PLACE)
        if place.heading:
            row = index.row()
            self.pages.turn(place.group)
            self.setCurrentIndex(self.pages.index(row))
        else:
            self.chosen.emit(place.key)
