"""The model of any register's table: rows and group headings as ready-made cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from prevention_app.catalogue.description import Entity, Kind, Value
from prevention_app.services.record_groups import Group
from prevention_app.services.records import WITHHELD, Row
from prevention_app.storage.query import Query
from prevention_app.ui import settings, states, table_groups, words
from prevention_app.ui.cells import CELL, EMPTY, Cell, GroupCell
from prevention_app.ui.record_columns import Column, all_columns, by_weight, default_keys
from prevention_app.ui.record_rows import RecordRows
from prevention_app.ui.session import Session

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_WAITING: Final = Cell("…", quiet=True)
_PENDING: Final = "en attente"
_MOST_CELLS: Final = 20_000
_LONG: Final = 24
ALIGNED: Final = {
    True: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    False: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
}


class RecordModel(QAbstractTableModel):
    """The records that a query finds, as rows of ready-made cells."""

    moved = Signal()
    """Rows stand in other places than before, without anyone having asked for another list."""

    def __init__(
        self, session: Session, entity: Entity, parent: QObject | None = None, *, name: str = ""
    ) -> None:
        """Show a register with the columns chosen last time; a page of its own has a `name`."""
        super().__init__(parent)
        self._session = session
        self.entity = entity
        self.name = name or entity.key
        """By what its columns, widths and heights are remembered."""
        self.rows = RecordRows(session, self)
        self.rows.arrived.connect(self._on_arrived)
        self.rows.changed.connect(self._on_changed)
        self._cells: dict[str, list[Cell]] = {}
        self._pending: dict[tuple[str, str], tuple[Value, str]] = {}
        """Record and field → value and text that wait for their turn to be written."""
        self.query = Query(entity.key)
        self.two_lines = True
        """Whether rows are high enough for a second line under the main column."""
        self.available = self.all_columns()
        by_key = {each.key: each for each in self.available}
        kept = settings.remembered_list(f"columns/{self.name}")
        keys = [key for key in kept if key in by_key]
        self.as_declared = not keys
        """No column was chosen by hand: a narrow table may leave some out."""
        self.columns = [by_key[key] for key in keys or self.declared_keys()]

    def all_columns(self) -> list[Column]:
        """Every column that can be shown."""
        return all_columns(self.entity)

    def declared_keys(self) -> list[str]:
        """The columns shown at first."""
        return default_keys(self.entity)

    def by_weight(self) -> list[str]:
        """The columns beside the main one, those first that a narrow table keeps."""
        return by_weight(self.entity)

    # -- what it shows ---------------------------------------------------------------------

    def show(self, query: Query, group: str = "") -> None:
        """List what a query finds, in groups by a field where one is named."""
        self.beginResetModel()
        self.query = query
        self._cells.clear()
        self.rows.show(query, group)
        self.endResetModel()

    def repeat(self) -> bool:
        """Read again what the rows hold; returns whether each still stands in its place."""
        before = self.rows.count
        self._cells.clear()
        if self.rows.repeat() and self.rows.count == before:
            if before:
                self.dataChanged.emit(
                    self.index(0, 0), self.index(before - 1, self.columnCount() - 1)
                )
            return True
        self.beginResetModel()
        self.endResetModel()
        return False

    def choose(self, keys: Sequence[str]) -> None:
        """Show these columns in this order, and remember them."""
        by_key = {each.key: each for each in self.available}
        self.beginResetModel()
        self._cells.clear()
        self.columns = [by_key[key] for key in keys if key in by_key]
        self.endResetModel()
        shown = [each.key for each in self.columns]
        self.as_declared = shown == self.declared_keys()
        settings.remember(f"columns/{self.name}", [] if self.as_declared else shown)

    def use_lines(self, *, two: bool) -> None:
        """Show the second line under the main column, or leave it out."""
        if two != self.two_lines:
            self.two_lines = two
            self._cells.clear()

    @property
    def keys(self) -> list[str]:
        """The columns shown, in their order."""
        return [each.key for each in self.columns]

    def fold(self, at: int, *, folded: bool) -> None:
        """Fold or unfold the group whose heading stands at a row."""
        if self.rows.folded(at) is folded:
            return
        under = self.rows.rows_under(at)
        if not under:
            return
        if folded:
            self.beginRemoveRows(_NOWHERE, at + 1, at + under)
            self.rows.fold(at, folded=True)
            self.endRemoveRows()
        else:
            self.beginInsertRows(_NOWHERE, at + 1, at + under)
            self.rows.fold(at, folded=False)
            self.endInsertRows()

    def pending(self, record_id: str, key: str) -> tuple[Value, str] | None:
        """The value, and its text, that waits for its turn to be written into a cell."""
        return self._pending.get((record_id, key))

    def show_pending(self, record_id: str, key: str, waits: tuple[Value, str] | None) -> None:
        """Show in a cell what waits to be written there, or what is written."""
        self._pending.pop((record_id, key), None)
        if waits is not None:
            self._pending[record_id, key] = waits
        self._cells.pop(record_id, None)
        at = self.rows.place_of(record_id)
        if at >= 0:
            self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    # -- as Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows there are, group headings included."""
        return 0 if parent.isValid() else self.rows.count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns are shown."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, or its plain text."""
        if role == CELL:
            return self._cell(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cell = self._cell(index)
            return f"{cell.text} {cell.detail}" if isinstance(cell, GroupCell) else cell.plain
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNED[self.columns[section].right]
        return None

    def row(self, at: int) -> Row | None:
        """The record at this row, if its page is here and it is no heading."""
        if not 0 <= at < self.rows.count:
            return None
        found = self.rows.at(at)
        return found if isinstance(found, Row) else None

    def group(self, at: int) -> Group | None:
        """The group whose heading stands at this row."""
        return self.rows.group_at(at) if 0 <= at < self.rows.count else None

    def _cell(self, index: _Index) -> Cell | GroupCell:
        found = self.rows.at(index.row())
        if found is None:
            return _WAITING
        if isinstance(found, Group):
            return self.heading(found, folded=self.rows.folded(index.row()))
        cells = self._cells.get(found.id)
        if cells is None:
            cells = self._cells[found.id] = [self._make(each, found) for each in self.columns]
        return cells[index.column()]

    def heading(self, group: Group, *, folded: bool) -> GroupCell:
        """The heading of a group."""
        numbers = [each.field for each in self.columns if each.field and each.right]
        field = self.entity.by_key[self.rows.grouped_by]
        return table_groups.heading(field, group, numbers, folded=folded)

    def _make(self, column: Column, row: Row) -> Cell:
        waits = self._pending.get((row.id, column.key))
        if waits is not None:
            if self.two_lines:
                return Cell(waits[1], second=_PENDING)
            return Cell(f"{waits[1]} ({_PENDING})".strip(), quiet=True)
        return self.make_cell(column, row)

    def make_cell(self, column: Column, row: Row) -> Cell:
        """What stands in a column of a record."""
        return _cell(column, row, self._session.store.today(), two_lines=self.two_lines)

    def _tip(self, index: _Index) -> str:
        row = self.row(index.row())
        column = self.columns[index.column()]
        if row is None or column.field is None:
            return ""
        text = row.texts[column.field.key]
        return text if len(text) > _LONG else ""

    def _on_arrived(self, first: int, last: int) -> None:
        if len(self._cells) > _MOST_CELLS:
            self._cells.clear()
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def _on_changed(self) -> None:
        self.beginResetModel()
        self.endResetModel()
        self.moved.emit()


def _cell(column: Column, row: Row, today: date, *, two_lines: bool) -> Cell:
    if column.field is None:
        return Cell(row.reference, quiet=True)
    text = " ".join(row.texts[column.field.key].split())
    if column.second is not None:
        second = row.texts[column.second.key] if two_lines else ""
        return Cell(text or row.title, second=second)
    if states.is_state(column.field) and text and text != WITHHELD:
        code = str(getattr(row.record, column.field.key))
        return Cell(text, chip=states.state_of(code))
    if not text:
        return EMPTY
    value = getattr(row.record, column.field.key)
    if column.field.kind is Kind.DATE and isinstance(value, date):
        return Cell(words.short_day(value, today))
    return Cell(text, quiet=text == WITHHELD, right=column.right)
