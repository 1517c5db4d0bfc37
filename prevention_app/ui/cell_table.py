"""A table of cells that are all at hand: history, import review, search results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from prevention_app.ui.cells import CELL, Cell, GroupCell, HoverTable

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
Line = Sequence[Cell | GroupCell]


class CellModel(QAbstractTableModel):
    """Rows of cells under headings; a row may be one group heading."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        """No rows yet."""
        super().__init__(parent)
        self._headings = headings
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def show_line(self, at: int, line: Line) -> None:
        """Show another row in the place of one; what is chosen stays chosen."""
        self._lines = [*self._lines[:at], line, *self._lines[at + 1 :]]
        self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._headings)

    def is_group(self, at: int) -> bool:
        """Whether a row is the heading of a group."""
        return isinstance(self.line(at)[0], GroupCell)

    def line(self, at: int) -> Line:
        """The cells of a row."""
        return self._lines[at]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, or its plain text."""
        line = self.line(index.row())
        cell = line[index.column()] if index.column() < len(line) else line[0]
        if role == CELL:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{cell.text} {cell.detail}" if isinstance(cell, GroupCell) else cell.plain
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(cell, Cell):
            return cell.plain if len(cell.plain) > 24 else ""
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A heading that cannot be folded is passed over."""
        if index.isValid() and self.is_group(index.row()):
            heading = self.line(index.row())[0]
            if isinstance(heading, GroupCell) and not heading.folds:
                return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and self._is_right(section):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _is_right(self, section: int) -> bool:
        """Whether a column holds numbers: its heading stands as they do."""
        line = next((each for each in self._lines if not isinstance(each[0], GroupCell)), ())
        cell = line[section] if section < len(line) else None
        return isinstance(cell, Cell) and cell.right


class CellTable(HoverTable, QTableView):
    """The view of such a table; the column that says most takes the room that is left."""

    opened = Signal(int)
    """A row was opened by Entrée or a double click."""
    folded = Signal(int, object)
    """A group heading is to be folded (True), unfolded (False) or turned (None)."""

    def __init__(
        self,
        name: str,
        headings: Sequence[str],
        widths: Sequence[int],
        row_height: str,
        cells: CellModel | None = None,
    ) -> None:
        """A width of 0 takes the rest; `row_height` is a height of the tokens."""
        super().__init__()
        self.cells = cells or CellModel(headings, self)
        self.setModel(self.cells)
        self.setAccessibleName(name)
        self.dress(row_height)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.horizontalHeader()
        for at, width in enumerate(widths):
            if width:
                self.setColumnWidth(at, width)
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(self._open)
        self.clicked.connect(self._click)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rows; group headings span all columns."""
        self.clearSpans()
        self.cells.show(lines)
        if self.cells.columnCount() < 2:
            return
        for at in range(len(lines)):
            if self.cells.is_group(at):
                self.setSpan(at, 0, 1, self.cells.columnCount())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée opens a row; on a group heading Entrée, ← and → fold it."""
        at = self.currentIndex().row()
        key = event.key()
        if at >= 0 and self.cells.is_group(at) and key in _FOLDING:
            self.folded.emit(at, _FOLDING[Qt.Key(key)])
        elif at >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(at)
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if not self.cells.is_group(index.row()):
            self.opened.emit(index.row())

    def _click(self, index: QModelIndex) -> None:
        if self.cells.is_group(index.row()):
            self.folded.emit(index.row(), None)


_FOLDING: Final = {
    Qt.Key.Key_Return: None,
    Qt.Key.Key_Enter: None,
    Qt.Key.Key_Space: None,
    Qt.Key.Key_Left: True,
    Qt.Key.Key_Right: False,
}
