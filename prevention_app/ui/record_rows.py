"""The rows of a register as a table needs them: pages read on demand, never all at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services import records
from prevention_app.services.records import Row
from prevention_app.storage.query import Query
from prevention_app.ui.session import Session

PAGE: Final = 256
KEPT_PAGES: Final = 24


class RecordRows(QObject):
    """What a query finds: its count, and its rows page by page through a bounded cache.

    `row` never reads: what is missing is read when the event loop is free, then announced.
    """

    arrived = Signal(int, int)
    """First and last row of a page that was read."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """Hold nothing until `show` says what to list."""
        super().__init__(parent)
        self._session = session
        self._query: Query | None = None
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._wanted: list[int] = []
        self.count = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._read_wanted)

    def show(self, query: Query, first_row: int = 0) -> None:
        """List what a query finds, starting with the page that holds this row."""
        self._query = query
        self._pages.clear()
        self._wanted.clear()
        with self._session.store.reading() as read:
            self.count = read.count(query)
            page = min(first_row, max(self.count - 1, 0)) // PAGE
            self._keep(page, records.rows(read, query, page * PAGE, PAGE))

    def row(self, at: int) -> Row | None:
        """The row at this place; None while its page is being fetched."""
        page, within = divmod(at, PAGE)
        held = self._pages.get(page)
        if held is None:
            self._ask(page)
            return None
        return held[within] if within < len(held) else None

    def place_of(self, record_id: str) -> int:
        """Where a record stands among the pages held; -1 when it is in none of them."""
        for page, rows in self._pages.items():
            for within, row in enumerate(rows):
                if row.id == record_id:
                    return page * PAGE + within
        return -1

    def read(self, first: int, number: int) -> list[Row]:
        """Rows for a selection, whether their pages are here or not."""
        if self._query is None:
            return []
        with self._session.store.reading() as read:
            return records.rows(read, self._query, first, number)

    @property
    def held(self) -> int:
        """How many rows are in memory."""
        return sum(len(rows) for rows in self._pages.values())

    def _ask(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.append(page)
            self._timer.start()

    def _read_wanted(self) -> None:
        """Read the page asked for last: that is where the view is now."""
        if not self._wanted or self._query is None:
            return
        page = self._wanted.pop()
        with self._session.store.reading() as read:
            rows = records.rows(read, self._query, page * PAGE, PAGE)
        self._keep(page, rows)
        self.arrived.emit(page * PAGE, page * PAGE + len(rows) - 1)
        del self._wanted[:-2]
        if self._wanted:
            self._timer.start()

    def _keep(self, page: int, rows: Sequence[Row]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
