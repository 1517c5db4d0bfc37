"""The table of any register: its model over pages of rows, and its view."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QMenu, QTableView

from prevention_app.catalogue.description import Entity, Kind
from prevention_app.services.records import WITHHELD, Row
from prevention_app.storage.query import Query
from prevention_app.ui import settings, states, theme, words
from prevention_app.ui.cells import CELL, EMPTY, Cell, HoverTable
from prevention_app.ui.record_columns import (
    REFERENCE,
    Column,
    all_columns,
    by_weight,
    default_keys,
)
from prevention_app.ui.record_rows import RecordRows
from prevention_app.ui.session import Session

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_ROOM_FOR_MAIN: Final = 250
_BESIDE_HEADING: Final = 34
"""Room beside the words of a heading, for its arrow."""
_WAITING: Final = Cell("…", quiet=True)
_ALIGNED: Final = {
    True: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    False: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
}


class RecordModel(QAbstractTableModel):
    """The records that a query finds, as rows of ready-made cells."""

    def __init__(self, session: Session, entity: Entity, parent: QObject | None = None) -> None:
        """Show a register with the columns chosen last time."""
        super().__init__(parent)
        self._session = session
        self.entity = entity
        self.rows = RecordRows(session, self)
        self.rows.arrived.connect(self._on_arrived)
        self._cells: dict[str, list[Cell]] = {}
        self.query = Query(entity.key)
        self.available = all_columns(entity)
        by_key = {each.key: each for each in self.available}
        kept = settings.remembered_list(f"columns/{entity.key}")
        keys = [key for key in kept if key in by_key]
        self.as_declared = not keys
        """No column was chosen by hand: a narrow table may leave some out."""
        keys = keys or default_keys(entity)
        self.columns = [by_key[key] for key in keys]

    def show(self, query: Query, first_row: int = 0) -> None:
        """List what a query finds."""
        self.beginResetModel()
        self.query = query
        self._cells.clear()
        self.rows.show(query, first_row)
        self.endResetModel()

    def choose(self, keys: list[str]) -> None:
        """Show these columns, in the order of the declaration but for those shown already."""
        kept = [each for each in self.columns if each.key in keys]
        added = [each for each in self.available if each.key in keys and each not in kept]
        self.beginResetModel()
        self._cells.clear()
        self.columns = kept + added
        self.endResetModel()
        self.as_declared = keys == default_keys(self.entity)
        shown = [] if self.as_declared else [each.key for each in self.columns]
        settings.remember(f"columns/{self.entity.key}", shown)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many records the query finds."""
        return 0 if parent.isValid() else self.rows.count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns are shown."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, or its plain text; nothing is read here."""
        if role == CELL:
            return self._cell(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._cell(index).plain
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
            return _ALIGNED[self.columns[section].right]
        return None

    def row(self, at: int) -> Row | None:
        """The row at this place, if its page is here."""
        return self.rows.row(at)

    def _cell(self, index: _Index) -> Cell:
        row = self.rows.row(index.row())
        if row is None:
            return _WAITING
        cells = self._cells.get(row.id)
        if cells is None:
            cells = self._cells[row.id] = [self._make(each, row) for each in self.columns]
        return cells[index.column()]

    def _make(self, column: Column, row: Row) -> Cell:
        return _cell(column, row, self._session.store.today())

    def _tip(self, index: _Index) -> str:
        row = self.rows.row(index.row())
        column = self.columns[index.column()]
        if row is None or column.field is None:
            return ""
        text = row.texts[column.field.key]
        return text if len(text) > 24 else ""

    def _on_arrived(self, first: int, last: int) -> None:
        if len(self._cells) > 20_000:
            self._cells.clear()
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))


def _cell(column: Column, row: Row, today: date) -> Cell:
    if column.field is None:
        return Cell(row.reference, quiet=True)
    text = " ".join(row.texts[column.field.key].split())
    if column.second is not None:
        second = row.texts[column.second.key]
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


class RecordTable(HoverTable, QTableView):
    """The view: sorting by heading in SQL, columns to choose, rows to select and open."""

    moved = Signal(object)
    """The cursor has come to rest on a Row."""
    opened = Signal(object)
    """A Row was opened by Entrée or a double click."""
    detail_asked = Signal()
    """Espace: the form at the right is to be shown or hidden."""
    order_asked = Signal(tuple)
    """What to sort by, as `Query.order` wants it."""

    def __init__(self, model: RecordModel) -> None:
        """Show a model."""
        super().__init__()
        self.records = model
        self.setModel(model)
        self.setAccessibleName(model.entity.label_fr)
        self.follow_mouse()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.height("row_two_lines"))
        self._prepare_header()
        self._settle = QTimer(self, singleShot=True, interval=120)
        self._settle.timeout.connect(self._rest)
        self.selectionModel().currentRowChanged.connect(self._settle.start)
        self.activated.connect(self._open_current)

    def _prepare_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setFixedHeight(theme.height("header_of_table"))
        header.setDefaultAlignment(_ALIGNED[False])
        header.setMinimumSectionSize(56)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        header.sectionClicked.connect(self._sort)
        self._fit()
        header.sectionResized.connect(self._remember_width)

    def _fit(self) -> None:
        """Give each column its width: kept, or as its kind needs; the main one takes the rest."""
        header = self.horizontalHeader()
        for at, column in enumerate(self.records.columns):
            stretch = column.second is not None or len(self.records.columns) == 1
            header.setSectionResizeMode(
                at, header.ResizeMode.Stretch if stretch else header.ResizeMode.Interactive
            )
            if not stretch:
                self.setColumnWidth(at, self._wanted_width(column))
        if not any(each.second for each in self.records.columns):
            header.setStretchLastSection(True)
        self._leave_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table leaves out what matters least, so that nothing scrolls sideways."""
        super().resizeEvent(event)
        self._leave_out()

    def _leave_out(self) -> None:
        room = self.viewport().width() - _ROOM_FOR_MAIN
        places = {each.key: at for at, each in enumerate(self.records.columns)}
        for key in by_weight(self.records.entity):
            if key in places and self.records.columns[places[key]].second is None:
                room -= self._wanted_width(self.records.columns[places[key]])
                narrow = self.records.as_declared and room < 0
                self.setColumnHidden(places[key], narrow)

    def _wanted_width(self, column: Column) -> int:
        kept = settings.remembered(f"widths/{self.records.entity.key}/{column.key}")
        heading = self.horizontalHeader().fontMetrics().horizontalAdvance(column.heading)
        return int(kept) if kept else max(column.width, heading + _BESIDE_HEADING)

    def _remember_width(self, at: int, before: int, after: int) -> None:  # noqa: ARG002
        column = self.records.columns[at]
        pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if column.second is None and pressed:
            settings.remember(f"widths/{self.records.entity.key}/{column.key}", after)

    def _sort(self, at: int) -> None:
        key = self.records.columns[at].key
        order = self.records.query.order or self.records.entity.order
        descending = bool(order) and order[0] == key
        self.show_order((f"-{key}" if descending else key,))
        self.order_asked.emit((f"-{key}" if descending else key,))

    def show_order(self, order: tuple[str, ...]) -> None:
        """Show in the headings what the rows are sorted by."""
        header = self.horizontalHeader()
        keys = [each.key for each in self.records.columns]
        name = order[0].removeprefix("-") if order else ""
        header.setSortIndicatorShown(name in keys)
        if name in keys:
            descending = order[0].startswith("-")
            side = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(keys.index(name), side)

    def _choose_columns(self, at: QPoint) -> None:
        self.columns_menu().popup(self.horizontalHeader().mapToGlobal(at))

    def columns_menu(self) -> QMenu:
        """The menu that switches columns on and off."""
        menu = QMenu("Colonnes", self)
        shown = [each.key for each in self.records.columns]
        for column in self.records.available:
            action = QAction(column.heading, menu)
            action.setCheckable(True)
            action.setChecked(column.key in shown)
            action.setEnabled(shown != [column.key])
            action.toggled.connect(partial(self._switch, column.key))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Colonnes d’origine", self._reset_columns)
        return menu

    def _switch(self, key: str, on: bool) -> None:
        keys = [each.key for each in self.records.columns]
        self._show_columns([*keys, key] if on else [each for each in keys if each != key])

    def _reset_columns(self) -> None:
        self.records.columns = []
        self._show_columns(default_keys(self.records.entity))

    def _show_columns(self, keys: list[str]) -> None:
        current = self.currentIndex().row()
        self.records.choose(keys)
        self._fit()
        if current >= 0:
            self.selectRow(current)

    # -- rows ------------------------------------------------------------------------------

    def select(self, record_id: str) -> None:
        """Put the cursor on a record, or nowhere where it is not among the rows held."""
        place = self.records.rows.place_of(record_id)
        if place >= 0:
            self.selectRow(place)
            self.scrollTo(self.records.index(place, 0))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            self._settle.stop()

    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(each.height() for each in self._ranges())

    def selected_rows(self) -> list[Row]:
        """The rows selected, in their order; those whose page is not here are read."""
        found: list[Row] = []
        for each in self._ranges():
            found += self.records.rows.read(each.top(), each.height())
        return found

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        ranges = [selection.at(at) for at in range(selection.count())]
        return sorted((each for each in ranges if each.left() == 0), key=QItemSelectionRange.top)

    def show_rows(self, query: Query) -> None:
        """List what a query finds; the cursor stays on its record."""
        current = self.current()
        first = max(self.rowAt(0), 0)
        self.selectionModel().blockSignals(True)
        self.records.show(query, first if query == self.records.query else 0)
        self._fit()
        self.selectionModel().blockSignals(False)
        if current is not None:
            self.select(current.id)
        self._settle.stop()

    def repeat(self) -> None:
        """Read the same query again."""
        self.show_rows(replace(self.records.query))

    def current(self) -> Row | None:
        """The row under the cursor, if its page is here."""
        index = self.currentIndex()
        return self.records.row(index.row()) if index.isValid() else None

    def _rest(self) -> None:
        row = self.current()
        if row is not None:
            self.moved.emit(row)

    def _open_current(self) -> None:
        row = self.current()
        if row is not None:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée opens, Espace shows the form, Ctrl C copies rows; the rest is the view's own."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        elif event.key() == Qt.Key.Key_Space:
            self.detail_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        lines = ["\t".join(each.heading for each in self.records.columns)]
        for row in self.selected_rows():
            texts = (
                row.reference if each.key == REFERENCE else " ".join(row.texts[each.key].split())
                for each in self.records.columns
            )
            lines.append("\t".join(texts))
        QApplication.clipboard().setText("\n".join(lines))
