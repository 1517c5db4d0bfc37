"""A month with what is due on its days: a triangle for late, a square for soon, else a disc."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QToolTip, QVBoxLayout, QWidget

from prevention_app.domain.periods import add_months
from prevention_app.domain.urgency import Urgency
from prevention_app.ui import fonts, icons, style, theme, words

Marks = Mapping[date, tuple[Urgency, int]]
_WEEK: Final = 7
_SATURDAY: Final = 5
_ROWS: Final = 6
_MOST_MARKS: Final = 3
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_WEEK,
    Qt.Key.Key_Down: _WEEK,
}
_MONTHS: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class _Days(QLabel):
    """The days of a month: arrows walk, Entrée or a click chooses, Échap lets go."""

    chosen = Signal(object)
    """A date, or None when the choice is taken back."""
    moved = Signal()
    """The day that the keyboard is on is another one."""

    def __init__(self, today: date) -> None:
        """On today, nothing chosen."""
        super().__init__()
        self.today = today
        self.day = today
        self.held: date | None = None
        self.marks: Marks = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._say()

    def sizeHint(self) -> QSize:
        """Seven columns, a row of names and six weeks."""
        return QSize(266, theme.scaled(22 + _ROWS * 35))

    def minimumSizeHint(self) -> QSize:
        """Two figures a day must be readable."""
        return QSize(theme.scaled(210), theme.scaled(22 + _ROWS * 32))

    # -- where days stand ------------------------------------------------------------------

    @property
    def _first(self) -> date:
        month = self.day.replace(day=1)
        return month - timedelta(days=month.weekday())

    def _cell(self, at: int) -> QRectF:
        head = theme.scaled(22)
        wide, high = self.width() / _WEEK, (self.height() - head) / _ROWS
        return QRectF(at % _WEEK * wide, head + at // _WEEK * high, wide, high)

    def _day_at(self, point: QPointF) -> date | None:
        for at in range(_WEEK * _ROWS):
            if self._cell(at).contains(point):
                return self._first + timedelta(days=at)
        return None

    def go(self, day: date) -> None:
        """Be on another day, and in its month."""
        self.day = day
        self._say()
        self.update()
        self.moved.emit()

    def _say(self) -> None:
        spoken = words.long_day(self.day)
        _, number = self.marks.get(self.day, (None, 0))
        spoken += f", {words.count(number, 'échéance') if number else 'aucune échéance'}"
        if self.day == self.held:
            spoken += ", la liste ne montre que ce jour"
        self.setAccessibleName(f"Calendrier des échéances, {spoken}")
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def show_marks(self, marks: Marks, held: date | None) -> None:
        """Show how many fall due on each day, and which day filters the list."""
        self.marks, self.held = marks, held
        self._say()
        self.update()

    # -- keys and mouse --------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Page and Début walk; Entrée chooses; Échap lets go."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.go(self.day + timedelta(days=_STEPS[key]))
        elif key in _MONTHS:
            self.go(add_months(self.day, _MONTHS[key]))
        elif key == Qt.Key.Key_Home:
            self.go(self.today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.day)
        elif key == Qt.Key.Key_Escape and self.held is not None:
            self.chosen.emit(None)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a day."""
        day = self._day_at(event.position())
        if day is not None and event.button() is Qt.MouseButton.LeftButton:
            self.go(day)
            self._choose(day)

    def _choose(self, day: date) -> None:
        self.chosen.emit(None if day == self.held else day)

    def event(self, event: QEvent) -> bool:
        """The day under the mouse says what is due."""
        if isinstance(event, QHelpEvent):
            day = self._day_at(QPointF(event.pos()))
            _, number = self.marks.get(day, (None, 0)) if day else (None, 0)
            said = f"{words.long_day(day)}\u00a0: {words.count(number, 'échéance')}" if day else ""
            QToolTip.showText(event.globalPos(), words.sentence(said), self)
            return True
        return super().event(event)

    # -- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint names of days, numbers and marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = theme.current()
        painter.setFont(fonts.font("key_hint"))
        painter.setPen(QColor(current["text_secondary"]))
        for at, name in enumerate(("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")):
            column = self._cell(at)
            head = QRectF(column.left(), 0, column.width(), theme.scaled(20))
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, name)
        for at in range(_WEEK * _ROWS):
            self._paint_day(painter, self._cell(at), self._first + timedelta(days=at))

    def _paint_day(self, painter: QPainter, cell: QRectF, day: date) -> None:
        current = theme.current()
        size = theme.scaled(26)
        disc = QRectF(cell.center().x() - size / 2, cell.top() + 1, size, size)
        worked = day.weekday() < _SATURDAY and day.month == self.day.month
        ink = current["text" if worked else "text_tertiary"]
        painter.setPen(Qt.PenStyle.NoPen)
        if day == self.today:
            painter.setBrush(QColor(current["accent"]))
            painter.drawEllipse(disc)
            ink = current["on_accent"]
        elif day == self.held:
            painter.setBrush(QColor(current["selection"]))
            painter.drawEllipse(disc)
        if day == self.held or (day == self.day and self.hasFocus()):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(current["accent"]), 2))
            painter.drawEllipse(disc.adjusted(-1, -1, 1, 1) if day == self.today else disc)
        bold = day in (self.today, self.held)
        painter.setFont(fonts.font("strong" if bold else "body", figures=True))
        painter.setPen(QColor(ink))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(day.day))
        if day in self.marks:
            self._paint_marks(painter, QPointF(cell.center().x(), disc.bottom() + 4), day)

    def _paint_marks(self, painter: QPainter, middle: QPointF, day: date) -> None:
        urgency, number = self.marks[day]
        shown = min(number, _MOST_MARKS)
        colour = {Urgency.LATE: "bad", Urgency.SOON: "warn"}.get(urgency, "neutral")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().states[colour].text))
        for at in range(shown):
            _paint_mark(
                painter, QPointF(middle.x() + (at - (shown - 1) / 2) * 8, middle.y()), urgency
            )


def _paint_mark(painter: QPainter, at: QPointF, urgency: Urgency) -> None:
    if urgency is Urgency.LATE:
        corners = [QPointF(0, -3.2), QPointF(3.4, 2.6), QPointF(-3.4, 2.6)]
        painter.drawPolygon(QPolygonF([at + each for each in corners]))
    elif urgency is Urgency.SOON:
        painter.drawRect(QRectF(at.x() - 2.6, at.y() - 2.6, 5.2, 5.2))
    else:
        painter.drawEllipse(at, 2.4, 2.4)


class MonthView(QWidget):
    """The month that is shown, with arrows to the one before and the one after."""

    chosen = Signal(object)
    """A date, or None when the choice is taken back."""

    def __init__(self, today: date) -> None:
        """The current month."""
        super().__init__()
        self.days = _Days(today)
        self._name = QLabel()
        style.mark(self._name, "look", "strong")
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._name, 1)
        self.before = self._arrow("chevron-left", "Mois précédent", -1)
        self.after = self._arrow("chevron-right", "Mois suivant", 1)
        head.addWidget(self.before)
        head.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.days)
        self.setFocusProxy(self.days)
        self.days.chosen.connect(self.chosen)
        self.days.moved.connect(self._name_month)
        self._name_month()

    def _arrow(self, icon: str, words_of_it: str, months: int) -> QToolButton:
        made = QToolButton()
        made.setIcon(icons.icon(icon))
        made.setAccessibleName(words_of_it)
        made.setToolTip(words_of_it)
        made.clicked.connect(lambda: self.days.go(self._day_of(months)))
        return made

    def _day_of(self, months: int) -> date:
        """The same day of another month; today in its own."""
        today, moved = self.days.today, add_months(self.days.day, months)
        return today if (moved.year, moved.month) == (today.year, today.month) else moved

    def _name_month(self) -> None:
        self._name.setText(words.month(self.days.day))

    def show_marks(self, marks: Marks, held: date | None) -> None:
        """Show how many fall due on each day, and which day filters the list."""
        self.days.show_marks(marks, held)
