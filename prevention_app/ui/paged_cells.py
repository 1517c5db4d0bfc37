"""Rows of cells for a list of ids, read page by page when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QTimer

from prevention_app.ui.cell_table import CellModel, Line
from prevention_app.ui.cells import Cell

T = TypeVar("T")

PAGE: Final = 24
"""As many as a tall window shows: reading them takes about as long as one frame."""
_KEPT_PAGES: Final = 80
_NOWHERE: Final = QModelIndex()
_WAITING: Final = (Cell("…", quiet=True),)


class PagedCells(CellModel, Generic[T]):
    """What a list of ids stands for; only pages that were looked at are held."""

    def __init__(
        self,
        headings: Sequence[str],
        read: Callable[[Sequence[str]], Sequence[T]],
        line: Callable[[T], Line],
        parent: QObject | None = None,
    ) -> None:
        """`read` gives what ids stand for, in their order; `line` gives its cells."""
        super().__init__(headings, parent)
        self._read = read
        self._line = line
        self.ids: Sequence[str] = ()
        self._pages: OrderedDict[int, list[tuple[T, Line]]] = OrderedDict()
        self._wanted: list[int] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read_wanted)

    def show_ids(self, ids: Sequence[str], first: int = 0) -> None:
        """List these; the page that holds row `first` is read at once."""
        self.beginResetModel()
        self.ids = ids
        self._pages.clear()
        self._wanted.clear()
        if ids:
            self._fetch(min(first, len(ids) - 1) // PAGE)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self.ids)

    def line(self, at: int) -> Line:
        """The cells of a row; what is not read yet is asked for and arrives later."""
        held = self._held(at)
        return held[1] if held else _WAITING

    def item(self, at: int) -> T | None:
        """What stands on a row, if its page is here."""
        held = self._held(at)
        return held[0] if held else None

    def _is_right(self, section: int) -> bool:
        line = next((rows[0][1] for rows in self._pages.values() if rows), ())
        cell = line[section] if section < len(line) else None
        return isinstance(cell, Cell) and cell.right

    def _held(self, at: int) -> tuple[T, Line] | None:
        page, within = divmod(at, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            if 0 <= at < len(self.ids) and page not in self._wanted:
                self._wanted.append(page)
                self._timer.start()
            return None
        return rows[within] if within < len(rows) else None

    def _read_wanted(self) -> None:
        """Read the page asked for last: that is where the view is now."""
        if not self._wanted:
            return
        page = self._wanted.pop()
        self._fetch(page)
        last = min((page + 1) * PAGE, len(self.ids)) - 1
        self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, self.columnCount() - 1))
        del self._wanted[:-2]
        if self._wanted:
            self._timer.start()

    def _fetch(self, page: int) -> None:
        found: Any = self._read(self.ids[page * PAGE : (page + 1) * PAGE])
        self._pages[page] = [(each, self._line(each)) for each in found]
        while len(self._pages) > _KEPT_PAGES:
            self._pages.popitem(last=False)
