"""The cells of a matrix of risks: painted, walked through with arrows, told in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
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
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip

from prevention_app.domain.ratings import Scale, Step
from prevention_app.i18n import number_text
from prevention_app.services.risk_matrix import Cell, Matrix, Place
from prevention_app.ui import fonts, theme, words
from prevention_app.ui.risk_matrix_cell import paint_cell

_GAP: Final = 6
_NARROWEST, _LOWEST = 52, 40
_WIDEST: Final = 132
_ARROWS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_Spot = tuple[int, int]
"""Line and column on the screen."""


def cell_words(matrix: Matrix, cell: Cell) -> str:
    """« Très grave × fréquente : 29 risques, dont 2 encore critiques »."""
    said = f"{cell_name(cell)}\u00a0: {words.count(cell.count, 'risque')}"
    worst = max((rank for rank, number in cell.ranks.items() if number), default=0)
    if matrix.axes.gross and worst >= _SERIOUS:
        number = cell.ranks[worst]
        label = next(each.label_fr for each in matrix.axes.method.levels if each.rank == worst)
        said += f", dont {number_text(number)} encore {_agreeing(label.lower(), number)}"
    if cell.raised:
        scale = matrix.axes.method.scales["severity"]
        severity = cell.row if matrix.axes.row == "severity" else cell.column
        said += (
            f". Niveau relevé\u00a0: {scale.label_fr.lower()} {severity.value}, "
            f"jamais sous «\u00a0{cell.level.label_fr}\u00a0»"
        )
    return said


_SERIOUS: Final = 3
"""The rank from which residual levels are worth saying."""


def cell_name(cell: Cell) -> str:
    """« Très grave × fréquente »."""
    return f"{cell.row.label_fr} × {cell.column.label_fr.lower()}"


def _agreeing(label: str, number: int) -> str:
    plural = number > 1 and label.isalpha() and label[-1] not in "sx"
    return f"{label}s" if plural else label


class MatrixGrid(QLabel):
    """The cells; arrows go from one to the next, with Shift several are chosen.

    A label for screen readers: a bare widget would have no role to be said.
    """

    chosen = Signal()
    """Other cells are chosen."""
    entered = Signal()
    """Entrée was pressed, or a cell clicked twice: on to its risks."""

    def __init__(self) -> None:
        """Nothing to draw yet."""
        super().__init__()
        self.matrix: Matrix | None = None
        self._spots: dict[_Spot, Cell] = {}
        self._at: _Spot = (0, 0)
        self._from: _Spot = (0, 0)
        """Where a choice of several cells began."""
        self._chosen: set[_Spot] = set()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what it shows ---------------------------------------------------------------------

    def show_matrix(self, matrix: Matrix) -> None:
        """Show a matrix; the cells chosen stay chosen where the axes are the same."""
        same = self.matrix is not None and self.matrix.axes == matrix.axes
        self.matrix = matrix
        self._spots = {
            (line, column): cell
            for line, cells in enumerate(matrix.lines)
            for column, cell in enumerate(cells)
        }
        if not same:
            worst = max(
                self._spots,
                key=lambda spot: (self._weight(spot), -spot[0], spot[1]),
                default=(0, 0),
            )
            self._put(worst)
        self.updateGeometry()
        self._say()

    def _weight(self, spot: _Spot) -> tuple[bool, int]:
        cell = self._spots[spot]
        return cell.count > 0, cell.level.rank

    @property
    def cells(self) -> list[Cell]:
        """The cells chosen, from the top left."""
        return [self._spots[spot] for spot in sorted(self._chosen) if spot in self._spots]

    def choose(self, places: Iterable[Place]) -> None:
        """Choose cells by what they stand for; those that are not here are left out."""
        wanted = set(places)
        spots = [spot for spot, cell in self._spots.items() if cell.place in wanted]
        if spots:
            self._put(min(spots))
            self._chosen = set(spots)
            self._say()
            self.chosen.emit()

    def _put(self, spot: _Spot) -> None:
        self._at = self._from = spot
        self._chosen = {spot}

    def _say(self) -> None:
        """Tell screen readers the cell under the cursor, and all that are chosen."""
        cell = self._spots.get(self._at)
        if self.matrix is not None and cell is not None:
            several = len(self._chosen)
            more = f". {words.count(several, 'cellule choisie', 'cellules choisies')}"
            self.setAccessibleName(cell_words(self.matrix, cell) + (more if several > 1 else ""))
            self.setAccessibleDescription(
                "\n".join(cell_words(self.matrix, each) for each in self.matrix.cells())
            )
            if self.hasFocus():
                QAccessible.updateAccessibility(
                    QAccessibleEvent(self, QAccessible.Event.NameChanged)
                )
        self.update()

    # -- hands on it -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Début and Fin move, Shift extends, Ctrl A takes all, Entrée goes to the risks."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            down, right = _ARROWS[key]
            self._move((self._at[0] + down, self._at[1] + right), event)
        elif key == Qt.Key.Key_Home:
            self._move((self._at[0], 0), event)
        elif key == Qt.Key.Key_End:
            self._move((self._at[0], self._columns - 1), event)
        elif key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._chosen = set(self._spots)
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _move(self, spot: _Spot, event: QKeyEvent | QMouseEvent) -> None:
        if spot not in self._spots:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._at = spot
            lines = sorted((self._from[0], spot[0]))
            columns = sorted((self._from[1], spot[1]))
            self._chosen = {
                (line, column)
                for line in range(lines[0], lines[1] + 1)
                for column in range(columns[0], columns[1] + 1)
            }
        else:
            self._put(spot)
        self._tell()

    def _tell(self) -> None:
        self._say()
        self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a cell, with Shift all up to it, with Ctrl one more or less."""
        spot = self.spot_at(event.position().toPoint())
        if spot is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            more = self._chosen ^ {spot}
            self._at = self._from = spot
            self._chosen = more or {spot}
            self._tell()
        else:
            self._move(spot, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Twice on a cell goes on to its risks."""
        if self.spot_at(event.position().toPoint()) is not None:
            self.entered.emit()

    def event(self, event: QEvent) -> bool:
        """The cell under the mouse is told in words."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(event.pos())
            if spot is not None and self.matrix is not None:
                QToolTip.showText(
                    event.globalPos(), cell_words(self.matrix, self._spots[spot]), self
                )
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def focusInEvent(self, event: Any) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    # -- where everything is ---------------------------------------------------------------

    @property
    def _columns(self) -> int:
        return len(self.matrix.lines[0]) if self.matrix else 1

    @property
    def _lines(self) -> int:
        return len(self.matrix.lines) if self.matrix else 1

    def _left(self) -> int:
        """The room of the words of the lines."""
        if self.matrix is None:
            return 0
        rows = self.matrix.axes.rows
        texts = [
            *(fonts.metrics("strong").horizontalAdvance(each.label_fr) for each in rows.steps),
            *(fonts.metrics("secondary").horizontalAdvance(_step(rows.label_fr, each))
              for each in rows.steps),
        ]  # fmt: skip
        return min(max(texts) + 12, max(theme.scaled(72), self.width() // 4))

    def _below(self) -> int:
        """The room of the words of the columns."""
        return fonts.metrics("strong").height() + fonts.metrics("secondary").height() + 8

    def _rect(self, spot: _Spot) -> QRectF:
        left, below = self._left(), self._below()
        wide = (self.width() - left - 8) / self._columns
        wide = min(wide, theme.scaled(_WIDEST))
        high = (self.height() - below - 8) / self._lines
        high = min(high, theme.scaled(_WIDEST))
        return QRectF(
            left + spot[1] * wide + _GAP / 2,
            4 + spot[0] * high + _GAP / 2,
            wide - _GAP,
            high - _GAP,
        )

    def spot_at(self, point: QPoint) -> _Spot | None:
        """The cell under a point."""
        return next(
            (spot for spot in self._spots if self._rect(spot).contains(QPointF(point))), None
        )

    def sizeHint(self) -> QSize:
        """As large as cells are pleasant to read."""
        return QSize(
            self._left() + self._columns * theme.scaled(110),
            self._below() + self._lines * theme.scaled(110),
        )

    def minimumSizeHint(self) -> QSize:
        """As small as a count and a shape can be read."""
        return QSize(
            theme.scaled(72) + self._columns * theme.scaled(_NARROWEST) + 8,
            self._below() + self._lines * theme.scaled(_LOWEST) + 8,
        )

    # -- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the words of both axes, the cells, and which are chosen."""
        if self.matrix is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_words(painter, self.matrix)
        for spot, cell in self._spots.items():
            paint_cell(painter, self._rect(spot), cell, self.matrix.axes.method.levels)
        for spot in self._chosen:
            self._paint_ring(painter, spot)
        painter.end()

    def _paint_words(self, painter: QPainter, matrix: Matrix) -> None:
        axes = matrix.axes
        right = Qt.AlignmentFlag.AlignRight
        for line, cells in enumerate(matrix.lines):
            rect = self._rect((line, 0))
            room = QRectF(0, rect.top(), rect.left() - 10, rect.height())
            _paint_step(painter, room, axes.rows, cells[0].row, right, middle=True)
        for column, cell in enumerate(matrix.lines[0]):
            rect = self._rect((self._lines - 1, column))
            room = QRectF(rect.left() - 2, rect.bottom() + 5, rect.width() + 4, self._below())
            centre = Qt.AlignmentFlag.AlignHCenter
            _paint_step(painter, room, axes.columns, cell.column, centre, middle=False)

    def _paint_ring(self, painter: QPainter, spot: _Spot) -> None:
        current = theme.current()
        wide = theme.width("focus_ring") + (1 if spot == self._at and self.hasFocus() else 0)
        colour = "accent" if self.hasFocus() else "line_strong"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(current["surface"]), wide + 3))
        painter.drawRoundedRect(self._rect(spot), 6, 6)
        painter.setPen(QPen(QColor(current[colour]), wide))
        painter.drawRoundedRect(self._rect(spot).adjusted(-1, -1, 1, 1), 7, 7)


def _step(label: str, step: Step) -> str:
    return f"{label.lower()} {step.value}"


def _paint_step(
    painter: QPainter,
    room: QRectF,
    scale: Scale,
    step: Step,
    side: Qt.AlignmentFlag,
    *,
    middle: bool,
) -> None:
    """The word of a step, and under it its figure."""
    current = theme.current()
    high = fonts.metrics("strong").height()
    low = fonts.metrics("secondary").height()
    top = room.center().y() - (high + low) / 2 if middle else room.top()
    figure = _step(scale.label_fr, step)
    if fonts.metrics("secondary").horizontalAdvance(figure) > room.width():
        figure = f"{scale.letter} {step.value}"
    for kind, colour, text, y, tall in (
        ("strong", "text", step.label_fr, top, high),
        ("secondary", "text_secondary", figure, top + high, low),
    ):
        painter.setFont(fonts.font(kind, figures=True))
        painter.setPen(QColor(current[colour]))
        cut = fonts.metrics(kind).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(QRectF(room.left(), y, room.width(), tall), side, cut)
