"""The columns of a register's table: which, in which order, how wide; kept for each register."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QApplication, QHeaderView, QMenu, QTableView

from prevention_app.ui import fonts, settings, states
from prevention_app.ui.record_columns import Column
from prevention_app.ui.record_model import RecordModel

_ROOM_FOR_MAIN: Final = 250
_LEAST_MAIN: Final = 160
_LEAST: Final = 56
_BESIDE_HEADING: Final = 34
"""Room beside the words of a heading, for its arrow."""
_BESIDE_STATE: Final = 58
"""Room beside the words of a state: its icon, its outline, the margins of its cell."""
_WIDEST_STATE: Final = 230


class TableColumns(QObject):
    """Arranges the columns of a table and remembers what was arranged by hand."""

    changed = Signal()
    """Other columns are shown, or in another order."""

    def __init__(self, table: QTableView, model: RecordModel) -> None:
        """Arrange them as last time."""
        super().__init__(table)
        self._table = table
        self._model = model
        self._header = table.horizontalHeader()
        self._quiet = False
        self._widths: dict[str, int] = {}
        """What was set by hand, by key of the column."""
        for column in model.available:
            kept = settings.remembered(self._width_key(column.key))
            if kept:
                self._widths[column.key] = int(kept)
        header = self._header
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(_LEAST)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._pop_up)
        self.fit()
        header.sectionResized.connect(self._remember_width)
        header.sectionMoved.connect(self._on_dragged)

    # -- widths ----------------------------------------------------------------------------

    def fit(self) -> None:
        """Give each column its width: kept, or as its kind needs; the main one takes the rest."""
        for at, column in enumerate(self._model.columns):
            if at != self._main:
                self._header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
                self._table.setColumnWidth(at, self._wanted_width(column))
        self._header.setStretchLastSection(self._main is None)
        self.leave_out()

    @property
    def _main(self) -> int | None:
        """The place of the column that takes the rest of the room."""
        columns = self._model.columns
        main = next((at for at, each in enumerate(columns) if each.second is not None), None)
        return 0 if main is None and len(columns) == 1 else main

    def leave_out(self) -> None:
        """A narrow table leaves out what matters least, so that nothing scrolls sideways."""
        room = self._table.viewport().width() - _ROOM_FOR_MAIN
        places = {each.key: at for at, each in enumerate(self._model.columns)}
        for at in places.values():
            if not self._model.as_declared:
                self._table.setColumnHidden(at, False)
        for key in self._model.by_weight():
            if key in places and self._model.columns[places[key]].second is None:
                room -= self._wanted_width(self._model.columns[places[key]])
                narrow = self._model.as_declared and room < 0
                self._table.setColumnHidden(places[key], narrow)
        self._stretch_main()

    def _stretch_main(self) -> None:
        """The main column takes the rest where that is enough; else the table scrolls sideways."""
        main = self._main
        if main is None:
            return
        others = sum(
            self._table.columnWidth(at)
            for at in range(len(self._model.columns))
            if at != main and not self._table.isColumnHidden(at)
        )
        enough = self._table.viewport().width() - others >= _LEAST_MAIN
        mode = QHeaderView.ResizeMode
        self._header.setSectionResizeMode(main, mode.Stretch if enough else mode.Interactive)
        if not enough:
            self._table.setColumnWidth(main, _ROOM_FOR_MAIN)

    def _wanted_width(self, column: Column) -> int:
        if column.key in self._widths:
            return self._widths[column.key]
        heading = self._header.fontMetrics().horizontalAdvance(column.heading)
        return max(_needed(column), heading + _BESIDE_HEADING)

    def _width_key(self, key: str) -> str:
        return f"widths/{self._model.name}/{key}"

    def _remember_width(self, at: int, before: int, after: int) -> None:  # noqa: ARG002
        column = self._model.columns[at]
        pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if column.second is None and pressed:
            self._widths[column.key] = after
            settings.remember(self._width_key(column.key), after)

    # -- which, in which order -------------------------------------------------------------

    @property
    def visible(self) -> list[int]:
        """The places of the columns that can be seen, from the left."""
        shown = range(len(self._model.columns))
        return [at for at in shown if not self._table.isColumnHidden(at)]

    def show(self, keys: list[str]) -> None:
        """Show these columns in this order."""
        self._model.choose(keys)
        self.fit()
        self.changed.emit()

    def show_or_declared(self, keys: list[str]) -> None:
        """Show these columns; where none is named, those of the declaration."""
        self.show(keys or self._model.declared_keys())

    def reset(self) -> None:
        """Show the columns of the declaration, at their first widths."""
        for key in self._widths:
            settings.remember(self._width_key(key), None)
        self._widths.clear()
        self.show(self._model.declared_keys())

    def turn(self, key: str, on: bool) -> None:
        """Show a column behind the others, or show it no longer."""
        keys = self._model.keys
        self.show([*keys, key] if on else [each for each in keys if each != key])

    def move(self, at: int, step: int) -> None:
        """Move the column at a place by one that can be seen."""
        visible = self.visible
        if at not in visible or not 0 <= visible.index(at) + step < len(visible):
            return
        keys = [self._model.keys[each] for each in visible]
        moved = keys.pop(visible.index(at))
        keys.insert(visible.index(at) + step, moved)
        self.show(keys)

    def _on_dragged(self) -> None:
        if not self._quiet:
            QTimer.singleShot(0, self, self._take_order)

    def _take_order(self) -> None:
        """Put the model's columns into the order that was dragged, and the header's back."""
        seen = [self._header.logicalIndex(at) for at in range(self._header.count())]
        hidden = {at for at in seen if self._table.isColumnHidden(at)}
        keys = [self._model.keys[at] for at in seen if at not in hidden]
        self._quiet = True
        for at in range(self._header.count()):
            self._header.moveSection(self._header.visualIndex(at), at)
        self._quiet = False
        self.show(keys)

    def menu(self) -> QMenu:
        """The menu that switches columns on and off."""
        menu = QMenu("Colonnes", self._table)
        shown = self._model.keys
        for column in self._model.available:
            action = QAction(column.heading, menu)
            action.setCheckable(True)
            action.setChecked(column.key in shown)
            action.setEnabled(shown != [column.key])
            action.toggled.connect(partial(self.turn, column.key))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Colonnes d’origine", self.reset)
        return menu

    def _pop_up(self, at: object) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._header.mapToGlobal(at))  # pyright: ignore[reportArgumentType, reportCallIssue]


def _needed(column: Column) -> int:
    """How wide a column is to be at first: a state has room for the longest of its words."""
    if column.field is None or not states.is_state(column.field):
        return column.width
    metrics = fonts.metrics("chip")
    longest = max(
        (metrics.horizontalAdvance(each.label_fr) for each in column.field.options), default=0
    )
    return min(longest + _BESIDE_STATE, _WIDEST_STATE) if longest else column.width
