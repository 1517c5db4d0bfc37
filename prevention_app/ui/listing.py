"""What a query finds, in its order: the ids of all of it, packed, and its rows page by page."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services import records
from prevention_app.services.records import Row
from prevention_app.storage.query import GivenUp, Query, Reader
from prevention_app.ui.readings import Reading, Readings, Tell
from prevention_app.ui.session import Session

PAGE: Final = 64
"""Rows read together: as many as take a repaint's time."""
KEPT_PAGES: Final = 96
_PAUSE_MS: Final = 400
"""From a change to the new order of a long list."""
_SEEN_PAGES: Final = 2
"""As many as a window can show at once."""


class PackedIds:
    """Many ids as one text, one a line, and where each page of them begins."""

    def __init__(self, text: str = "") -> None:
        """Find the pages; where all ids are as long as the first one, by reckoning."""
        self.text = text
        self.count = text.count("\n") + 1 if text else 0
        stride = text.find("\n") + 1
        if self.count * stride == len(text) + 1:
            self._starts = list(range(0, len(text), stride * PAGE))
        else:
            self._starts = _starts_by_counting(text)

    def page(self, page: int) -> list[str]:
        """The ids of a page."""
        if not 0 <= page < len(self._starts):
            return []
        last = page + 1 == len(self._starts)
        end = len(self.text) if last else self._starts[page + 1] - 1
        return self.text[self._starts[page] : end].split("\n")

    def place_of(self, wanted: str) -> int:
        """Where an id stands; -1 where it does not."""
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            whole = (at == 0 or self.text[at - 1] == "\n") and self.text[end : end + 1] in (
                "",
                "\n",
            )
            if whole:
                page = bisect_right(self._starts, at) - 1
                return page * PAGE + self.text.count("\n", self._starts[page], at)
            at = self.text.find(wanted, end)
        return -1


def _starts_by_counting(text: str) -> list[int]:
    starts = [0]
    at = -1
    while True:
        for _ in range(PAGE):
            at = text.find("\n", at + 1)
            if at < 0:
                return starts
        starts.append(at + 1)


@dataclass(frozen=True, slots=True)
class _First:
    """What a long list can tell before it is sorted: the first page, how many there are."""

    ids: PackedIds
    count: int


class PageCache:
    """The pages of rows that are in memory, those of all lists of a table together."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._pages: OrderedDict[tuple[int, int], Sequence[Row | None]] = OrderedDict()

    def get(self, listing: int, page: int) -> Sequence[Row | None] | None:
        """A page, if it is here."""
        held = self._pages.get((listing, page))
        if held is not None:
            self._pages.move_to_end((listing, page))
        return held

    def keep(self, listing: int, page: int, rows: Sequence[Row | None]) -> None:
        """Remember a page, and forget the one that was looked at longest ago."""
        self._pages[listing, page] = rows
        self._pages.move_to_end((listing, page))
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def forget(self, listing: int) -> list[int]:
        """Forget the pages of one list; returns the numbers of those looked at last."""
        held = [key for key in self._pages if key[0] == listing]
        for key in held:
            del self._pages[key]
        return [page for _, page in held[-_SEEN_PAGES:]]

    @property
    def held(self) -> int:
        """How many rows are in memory."""
        return sum(len(rows) for rows in self._pages.values())


class Listing(QObject):
    """A list that is known at once where it is short; a long one is sorted beside the window."""

    listed = Signal()
    """Its count or its order is another one now."""
    arrived = Signal(int, int)
    """First and last row of a page that was read."""

    def __init__(
        self, session: Session, readings: Readings, cache: PageCache, query: Query, count: int = 0
    ) -> None:
        """Nothing is read until `begin`; `count` is how many rows there will be, if it is known."""
        super().__init__(readings)
        self.query = query
        self.count = count
        self.complete = False
        """Whether the place of every row is known."""
        self._session = session
        self._readings = readings
        self._cache = cache
        self._ids = PackedIds()
        self._reading: Reading | None = None
        self._wanted: list[int] = []
        self._long = False
        """It could not be listed at once."""
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read_wanted)
        self._again = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._again.timeout.connect(self._sort_again)

    def begin(self) -> bool:
        """List what the query finds; returns whether all of it is there already."""
        self._stop()
        try:
            found = self._readings.at_once(self._all)
        except GivenUp:
            self._long = True
            self._sort_again()
            return False
        self._long = False
        self._take(found)
        return True

    def repeat(self) -> bool:
        """Read what the rows hold now; returns whether they stand where they stood.

        A long list is sorted anew beside the window; until then each row stays in its place.
        """
        before, long = self._ids.text, self._long
        self._stop()
        seen = self._cache.forget(id(self))
        same = long or not self.begin() or before == self._ids.text
        for page in seen:
            self.read_page(page)
        if long:
            # What is seen comes first; several changes one after the other are one new order.
            self._again.start()
        return same

    def _sort_again(self) -> None:
        self._reading = self._readings.later(self._step_by_step, self._hear)

    def end(self) -> None:
        """Nobody looks at it any more."""
        self._stop()
        self._cache.forget(id(self))
        self.deleteLater()

    def _stop(self) -> None:
        self._timer.stop()
        self._again.stop()
        self._wanted.clear()
        if self._reading is not None:
            self._reading.give_up()
            self._reading = None

    # -- the order -------------------------------------------------------------------------

    def _all(self, read: Reader) -> PackedIds:
        return PackedIds(read.ids(self.query))

    def _step_by_step(self, read: Reader, tell: Tell) -> None:
        if not self._ids.count:
            first = PackedIds(read.ids(self.query, PAGE))
            tell(_First(first, first.count))
            tell(_First(first, read.count(self.query)))
        tell(self._all(read))

    def _hear(self, told: _First | PackedIds) -> None:
        same = self._ids.text == (told.ids if isinstance(told, _First) else told).text
        if not same:
            self._cache.forget(id(self))
        if isinstance(told, _First):
            counted = self.count == told.count
            self._ids, self.count = told.ids, told.count
            if not same:
                self.read_page(0)
        else:
            counted = True
            self._reading = None
            self._take(told)
        if not (same and counted):
            self.listed.emit()

    def _take(self, ids: PackedIds) -> None:
        self._ids = ids
        self.complete = True
        self.count = ids.count

    def ids(self, first: int, number: int) -> list[str]:
        """The ids of so many rows from one on, as far as they are known."""
        found: list[str] = []
        for page in range(first // PAGE, (first + number - 1) // PAGE + 1):
            found += self._ids.page(page)
        skipped = first % PAGE
        return found[skipped : skipped + number]

    def place_of(self, record_id: str) -> int:
        """Where a record stands; -1 when it is not in the list."""
        return self._ids.place_of(record_id)

    # -- the rows --------------------------------------------------------------------------

    def row(self, at: int) -> Row | None:
        """The row at this place; None while its page is being fetched. Reads nothing itself."""
        page, within = divmod(at, PAGE)
        held = self._cache.get(id(self), page)
        if held is None:
            self._ask(page)
            return None
        return held[within] if within < len(held) else None

    def read_page(self, page: int) -> None:
        """Read a page now."""
        ids = self._ids.page(page)
        rows = _rows(self._session, self.query.register, ids)
        self._cache.keep(id(self), page, [rows.get(each) for each in ids])

    def _ask(self, page: int) -> None:
        if page not in self._wanted and page * PAGE < self._ids.count:
            self._wanted.append(page)
            self._timer.start()

    def _read_wanted(self) -> None:
        """Read the page asked for last: that is where the view is now."""
        if not self._wanted:
            return
        page = self._wanted.pop()
        self.read_page(page)
        self.arrived.emit(page * PAGE, min((page + 1) * PAGE, self.count) - 1)
        del self._wanted[:-2]
        if self._wanted:
            self._timer.start()


def _rows(session: Session, register: str, ids: Sequence[str]) -> dict[str, Row]:
    if not ids:
        return {}
    query = Query(register, ids=tuple(ids), order=("reference",))
    with session.store.reading() as read:
        return {row.id: row for row in records.rows(read, query)}
