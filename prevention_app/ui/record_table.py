"""The table of any register: a cursor in a cell, blocks of cells, rows, groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
)

from prevention_app.services.records import Row
from prevention_app.storage.query import Query
from prevention_app.ui import settings, style, theme
from prevention_app.ui.cell_editing import CellEditing
from prevention_app.ui.cells import CellDelegate, HoverTable
from prevention_app.ui.record_columns import Column
from prevention_app.ui.record_model import RecordModel
from prevention_app.ui.session import Session
from prevention_app.ui.table_columns import TableColumns

_Index = QModelIndex | QPersistentModelIndex
_REST_MS: Final = 120
_BLOCK_SHADE: Final = 36
DENSITIES: Final = {
    "row_dense": "Dense",
    "row_standard": "Normale",
    "row_two_lines": "Aérée",
}
"""Heights of rows by their token."""
_FOLDING: Final = {
    Qt.Key.Key_Return: None,
    Qt.Key.Key_Enter: None,
    Qt.Key.Key_Left: True,
    Qt.Key.Key_Right: False,
}
_Select = QItemSelectionModel.SelectionFlag
_SELECTED: Final = QStyle.StateFlag.State_Selected


@dataclass(frozen=True, slots=True)
class CellBlock:
    """A rectangle of cells: its first and last row, its columns from the left."""

    first: int
    last: int
    columns: tuple[Column, ...]
    whole: bool
    """It holds every column that can be seen: rows were chosen, not cells."""

    @property
    def several(self) -> bool:
        """Whether it is more than one cell."""
        return self.last > self.first or len(self.columns) > 1


class RecordTable(HoverTable, QTableView):
    """The view: the cursor is in a cell, its row is the current one; Shift extends a block."""

    moved = Signal(object)
    """The cursor has come to rest on a Row."""
    opened = Signal(object)
    """A Row was opened by Entrée."""
    order_asked = Signal(tuple)
    """What to sort by, as `Query.order` wants it."""
    filter_asked = Signal(object)
    """The filter of a Column is to be opened."""
    selected = Signal()
    """Other cells are selected."""

    def __init__(self, session: Session, model: RecordModel) -> None:
        """Show a model."""
        super().__init__()
        self.records = model
        model.setParent(self)  # it reads for this table: gone with it, nothing more is heard
        self.density = ""
        """The height of rows in force, by its token."""
        self._several = False
        self._chosen: list[tuple[int, int]] = []
        """Rows chosen as a whole, as (first, last)."""
        self.make_menu: Callable[[QMenu], None] | None = None
        self.setModel(model)
        # A heading that shows what is selected asks every row of its column at each repaint.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(model, self))
        self.setAccessibleName(model.entity.label_fr)
        self.dress()
        self.setItemDelegate(_GridDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.use_density("")
        self.arrangement = TableColumns(self, model)
        self.arrangement.changed.connect(self._on_arranged)
        self.editing = CellEditing(session, self, model)
        self.editing.left.connect(self._after_editing)
        self.horizontalHeader().sectionClicked.connect(self._sort)
        self._settle = QTimer(self, singleShot=True, interval=_REST_MS)
        self._settle.timeout.connect(self._rest)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.doubleClicked.connect(self._on_double_click)
        self.clicked.connect(self._on_click)
        model.moved.connect(self._on_moved)
        self._place: tuple[str, str] = ("", "")
        """Record and column of the cursor, so that it is found again in another order."""

    # -- density ---------------------------------------------------------------------------

    def _density_key(self) -> str:
        return f"density/{self.records.name}"

    def use_density(self, name: str) -> None:
        """Make rows this high, and remember it; without a name as high as before, or as usual."""
        if name in DENSITIES:
            settings.remember(self._density_key(), name)
        usual = settings.remembered(settings.DENSITY, "row_two_lines")
        kept = str(settings.remembered(self._density_key(), usual))
        self.density = kept if kept in DENSITIES else "row_two_lines"
        style.fix_height(self.verticalHeader(), self.density)
        self.records.use_lines(two=self.density != "row_dense")
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table leaves out what matters least."""
        super().resizeEvent(event)
        self.arrangement.leave_out()
        self.editing.follow()

    # -- what is listed --------------------------------------------------------------------

    def show_rows(self, query: Query, group: str = "") -> None:
        """List what a query finds; the cursor stays on its record."""
        again = query == self.records.query and group == self.records.rows.grouped_by
        row, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self.selectionModel().blockSignals(True)
        if again and self.records.rows.query is not None:
            moved = not self.records.repeat()
        else:
            self.records.show(query, group)
            moved = True
        if moved:
            self._set_out()
            if again:
                self.verticalScrollBar().setValue(top)
        self.selectionModel().blockSignals(False)
        if moved:
            self._find_place(row if again else -1)
        self._on_selection()
        self._settle.stop()

    def _set_out(self) -> None:
        """After other rows have come: widths, and headings over all columns."""
        self.arrangement.fit()
        self.clearSpans()
        for at in self.records.rows.headings():
            self.setSpan(at, 0, 1, len(self.records.columns))
        self.updateGeometries()

    def _on_moved(self) -> None:
        """A long list was sorted meanwhile, or groups were counted."""
        if self.editing.active:
            self.editing.commit()
        row = self.currentIndex().row()
        self._set_out()
        self._find_place(row)
        self._on_selection()

    def _on_arranged(self) -> None:
        self._set_out()
        self._find_place(-1)
        self._on_selection()

    def _find_place(self, row: int) -> None:
        """Put the cursor on its record again; else on what took its place."""
        record_id, key = self._place
        place = self.records.rows.place_of(record_id) if record_id else -1
        keys = self.records.keys
        column = keys.index(key) if key in keys else 0
        if place < 0 and row >= 0:
            place = min(row, self.records.rows.count - 1)
        if place >= 0:
            self.put_cursor(place, column)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    # -- the cursor ------------------------------------------------------------------------

    def put_cursor(self, row: int, column: int | None = None) -> None:
        """Put the cursor into a cell; by default, into the column where it is."""
        visible = self.arrangement.visible
        wanted = self.currentIndex().column() if column is None else column
        at = wanted if wanted in visible else next(iter(visible), 0)
        index = self.records.index(row, at)
        self.selectionModel().setCurrentIndex(index, _Select.ClearAndSelect)
        self.scrollTo(index)

    def select(self, record_id: str) -> None:
        """Put the cursor on a record, or nowhere where it is not in the list."""
        self._place = (record_id, self._place[1])
        self._find_place(-1)
        if self.currentIndex().isValid():
            return
        self._settle.stop()

    def step(self, rows: int) -> Row | None:
        """Move the cursor to the next record up or down; returns it."""
        at = self.currentIndex().row() + rows
        while 0 <= at < self.records.rows.count and self.records.group(at) is not None:
            at += rows
        if not 0 <= at < self.records.rows.count:
            return None
        self.put_cursor(at)
        return self.current()

    def current(self) -> Row | None:
        """The record under the cursor, if its page is here."""
        return self.records.row(self.currentIndex().row())

    def current_column(self) -> Column | None:
        """The column of the cursor."""
        at = self.currentIndex().column()
        return self.records.columns[at] if at >= 0 else None

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Remember where the cursor is; the form follows when it rests."""
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self._settle.start()
            self.viewport().update()
        if current.isValid():
            ids = self.records.rows.ids(current.row(), current.row())
            self._place = (ids[0] if ids else "", self.records.columns[current.column()].key)

    def _rest(self) -> None:
        row = self.current()
        if row is not None:
            self.moved.emit(row)

    # -- what is selected ------------------------------------------------------------------

    def _on_selection(self) -> None:
        block = self.block()
        self._several = block is not None and block.several and not block.whole
        whole = block is not None and block.whole
        self._chosen = self._spans_of_rows() if whole else []
        self.viewport().update()
        self.selected.emit()

    @property
    def shades_cells(self) -> bool:
        """Whether single cells are marked: a block that is neither one cell nor whole rows."""
        return self._several

    def is_chosen(self, row: int) -> bool:
        """Whether a row is the current one, or one of the rows chosen as a whole."""
        if row == self.currentIndex().row():
            return True
        return any(first <= row <= last for first, last in self._chosen)

    def block(self) -> CellBlock | None:
        """The cells selected last, as a rectangle; the cursor's cell where none are."""
        selection = self.selectionModel().selection()
        visible = self.arrangement.visible
        if selection.isEmpty():
            index = self.currentIndex()
            if not index.isValid():
                return None
            first, last, chosen = index.row(), index.row(), [index.column()]
        else:
            ranges = [selection.at(at) for at in range(selection.count())]
            first, last = min(each.top() for each in ranges), max(each.bottom() for each in ranges)
            columns = {at for each in ranges for at in range(each.left(), each.right() + 1)}
            chosen = [at for at in visible if at in columns]
        whole = len(chosen) >= len(visible) > 1
        return CellBlock(first, last, tuple(self.records.columns[at] for at in chosen), whole)

    def _spans_of_rows(self) -> list[tuple[int, int]]:
        """The rows that the selection touches, as (first, last), from the top, none twice."""
        selection = self.selectionModel().selection()
        touched = sorted(
            (selection.at(at).top(), selection.at(at).bottom()) for at in range(selection.count())
        )
        joined: list[tuple[int, int]] = []
        for first, last in touched:
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], last))
            else:
                joined.append((first, last))
        return joined

    def selected_count(self) -> int:
        """How many records the selection touches."""
        between = self.records.rows.records_between
        return sum(between(first, last) for first, last in self._spans_of_rows())

    def selected_ids(self) -> list[str]:
        """The ids of the records that the selection touches, in their order."""
        rows = self.records.rows
        return [each for first, last in self._spans_of_rows() for each in rows.ids(first, last)]

    def selected_rows(self) -> list[Row]:
        """The records that the selection touches; those whose page is not here are read."""
        return self.records.rows.read(self.selected_ids())

    def select_rows(self) -> None:
        """Extend the selection to whole rows."""
        rows = QItemSelection()
        last_column = self.records.columnCount() - 1
        for first, last in self._spans_of_rows():
            rows.select(self.records.index(first, 0), self.records.index(last, last_column))
        self.selectionModel().select(rows, _Select.Select)

    def select_column(self) -> None:
        """Extend the selection to the whole column of the cursor."""
        at = self.currentIndex().column()
        if at >= 0:
            column = QItemSelection(
                self.records.index(0, at), self.records.index(self.records.rows.count - 1, at)
            )
            self.selectionModel().select(column, _Select.ClearAndSelect)

    # -- editing ---------------------------------------------------------------------------

    def edit_cell(self, typed: QKeyEvent | None = None) -> None:
        """Edit the cell under the cursor."""
        index = self.currentIndex()
        if index.isValid() and self.records.group(index.row()) is None:
            self.editing.start(index, typed)

    def _on_double_click(self, index: QModelIndex) -> None:
        if self.editing.why_not(index):
            self._open_current()
        else:
            self.edit_cell()

    def _after_editing(self, record_id: str, key: str, down: int, right: int) -> None:
        """Where Entrée and Tab lead: the record meant, wherever it stands by now."""
        place = self.records.rows.place_of(record_id)
        if place < 0:
            place = min(self.currentIndex().row() + down, self.records.rows.count - 1)
        keys, visible = self.records.keys, self.arrangement.visible
        at = visible.index(keys.index(key)) if key in keys and keys.index(key) in visible else 0
        if place >= 0:
            self.put_cursor(place, visible[min(max(at + right, 0), len(visible) - 1)])
        self.setFocus()

    # -- sorting, columns ------------------------------------------------------------------

    def _sort(self, at: int) -> None:
        key = self.records.columns[at].key
        order = self.records.query.order or self.records.entity.order
        descending = bool(order) and order[0] == key
        self.order_asked.emit((f"-{key}" if descending else key,))

    def sort_here(self, *, descending: bool) -> None:
        """Sort by the column of the cursor."""
        column = self.current_column()
        if column is not None:
            self.order_asked.emit((f"-{column.key}" if descending else column.key,))

    def show_order(self, order: tuple[str, ...]) -> None:
        """Show in the headings what the rows are sorted by."""
        header = self.horizontalHeader()
        keys = self.records.keys
        name = order[0].removeprefix("-") if order else ""
        header.setSortIndicatorShown(name in keys)
        if name in keys:
            # Qt points upwards for « descending »; people read ↓ as the greatest first.
            descending = order[0].startswith("-")
            side = Qt.SortOrder.AscendingOrder if descending else Qt.SortOrder.DescendingOrder
            header.setSortIndicator(keys.index(name), side)

    # -- groups ----------------------------------------------------------------------------

    def _on_click(self, index: QModelIndex) -> None:
        if self.records.group(index.row()) is not None:
            self.fold(index.row(), None)

    def fold(self, row: int, folded: bool | None) -> None:
        """Fold (True), unfold (False) or turn (None) the group whose heading stands at a row."""
        wanted = not self.records.rows.folded(row) if folded is None else folded
        self.records.fold(row, folded=wanted)
        self._on_selection()

    def fold_all(self, *, folded: bool) -> None:
        """Fold or unfold all groups."""
        for at in reversed(self.records.rows.headings()):
            self.records.fold(at, folded=folded)
        self._set_out()
        self._on_selection()

    # -- keys ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys as in a spreadsheet; what is no key of ours is the view's own."""
        if not self._on_group(event) and not self._on_key(event):
            super().keyPressEvent(event)

    def _on_group(self, event: QKeyEvent) -> bool:
        row, key = self.currentIndex().row(), event.key()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and key in _FOLDING and self.records.group(row) is not None:
            self.fold(row, _FOLDING[Qt.Key(key)])
            return True
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        act = self._acts().get(QKeySequence(event.keyCombination()).toString())
        if act is not None:
            act()
            return True
        if event.key() == Qt.Key.Key_Escape and self._several:
            self.put_cursor(self.currentIndex().row())
            return True
        if _types(event):
            self.edit_cell(event)
            return True
        return False

    def _acts(self) -> dict[str, Callable[[], object]]:
        column = self.current_column()
        return {
            "Return": self._open_current,
            "Enter": self._open_current,
            "F2": self.edit_cell,
            "Shift+Space": self.select_rows,
            "Ctrl+Space": self.select_column,
            "Ctrl+Up": partial(self.sort_here, descending=False),
            "Ctrl+Down": partial(self.sort_here, descending=True),
            "Alt+Down": partial(self.filter_asked.emit, column),
            "Ctrl+Shift+Left": partial(self._move_column, -1),
            "Ctrl+Shift+Right": partial(self._move_column, 1),
        }

    def _move_column(self, step: int) -> None:
        self.arrangement.move(self.currentIndex().column(), step)

    def _open_current(self) -> None:
        row = self.current()
        if row is not None:
            self.opened.emit(row)

    def keyboardSearch(self, search: str) -> None:
        """Typing edits, it does not search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the cells under the mouse."""
        if self.make_menu is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.make_menu(menu)
        menu.popup(event.globalPos())


def _types(event: QKeyEvent) -> bool:
    """Whether a key writes something, or takes away what stands there."""
    pressed = event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    if event.key() == Qt.Key.Key_Backspace:
        return not pressed
    text = event.text()
    # AltGr, which types @ and €, is told as Ctrl with Alt by some systems.
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    typing = not pressed or pressed == both
    return typing and bool(text) and text.isprintable() and not text.isspace()


class _GridDelegate(CellDelegate):
    """Tints the whole current row, and the cells of a block above it."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        view: Any = option.widget
        changed: Any = option
        shaded = False
        # Python's flags are slow: they are reckoned with where something is selected only.
        if view.shades_cells:
            shaded = bool(changed.state & _SELECTED)
            if shaded:
                changed.state &= ~_SELECTED
        if view.is_chosen(index.row()):
            changed.state |= _SELECTED
        super().paint(painter, option, index)
        if shaded:
            colour = QColor(theme.current()["accent"])
            colour.setAlpha(_BLOCK_SHADE)
            painter.fillRect(changed.rect, colour)
