"""The rows of a register as a table needs them: one list, or one list a group under its heading.

Nothing is read but what is looked at: a list of a million rows has its ids packed and some pages
in memory, groups are counted by one statement and listed when they are unfolded and seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.catalogue.description import Value
from prevention_app.services import record_groups, records
from prevention_app.services.record_groups import Group
from prevention_app.services.records import Row
from prevention_app.storage.query import Query, Reader
from prevention_app.ui.listing import Listing, PageCache
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.session import Session

_UNFOLDED_UNTIL: Final = 500
"""Groups of a longer list are folded until someone unfolds them."""
_READ_TOGETHER: Final = 250


@dataclass(slots=True)
class _Section:
    """A list, with its heading where it is a group."""

    listing: Listing
    group: Group | None = None
    folded: bool = False
    begun: bool = False

    @property
    def height(self) -> int:
        """How many rows it takes in the table."""
        rows = 0 if self.folded else self.listing.count
        return rows + (self.group is not None)


class RecordRows(QObject):
    """All rows of a table, group headings included, by their place from the top.

    `at` waits for nothing: what is not there at once is announced when it has been read.
    """

    arrived = Signal(int, int)
    """First and last place of rows that were read."""
    changed = Signal()
    """Other rows stand in other places now."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """Hold nothing until `show` says what to list."""
        super().__init__(parent)
        self._session = session
        self.readings = Readings(session, self)
        self._cache = PageCache()
        self._sections: list[_Section] = []
        self._starts: list[int] = []
        self._grouping: Reading | None = None
        self._turned: dict[Value, bool] = {}
        """Groups that were folded (True) or unfolded by hand."""
        self.grouper: Callable[[Reader, Query, str], list[Group]] = record_groups.groups
        """What makes the groups of a list, by the key of what they hold in common."""
        self.query: Query | None = None
        self.grouped_by = ""
        self.total = 0
        """How many records there are, folded ones too."""

    # -- what is listed --------------------------------------------------------------------

    def show(self, query: Query, group: str = "") -> None:
        """List what a query finds, in groups by a field where one is named."""
        self._clear()
        if group != self.grouped_by:
            self._turned.clear()
        self.query, self.grouped_by = query, group
        if group:
            grouper = self.grouper

            def work(read: Reader) -> list[Group]:
                return grouper(read, query, group)

            self._grouping = self.readings.ask(work, self._take_groups)
            return
        section = self._section(query)
        self._sections = [section]
        self._begin(section)
        self._measure()

    def repeat(self) -> bool:
        """Read again what the same rows hold; returns whether each still stands in its place."""
        if self.query is None:
            return True
        if self.grouped_by:
            self.show(self.query, self.grouped_by)
            return False
        same = self._sections[0].listing.repeat()
        self._measure()
        return same

    @property
    def known(self) -> bool:
        """Whether it is known what the query finds, so that nothing means that there is nothing."""
        if self._grouping is not None:
            return False
        return all(each.listing.complete or each.listing.count for each in self._sections)

    def _clear(self) -> None:
        if self._grouping is not None:
            self._grouping.give_up()
            self._grouping = None
        for each in self._sections:
            each.listing.end()
        self._sections = []
        self._measure()

    def _take_groups(self, found: Sequence[Group]) -> None:
        assert self.query is not None  # noqa: S101  (it was asked for by a query)
        late = self._grouping is not None
        self._grouping = None
        many = sum(each.count for each in found) > _UNFOLDED_UNTIL
        for group in found:
            query = replace(
                self.query,
                where=(*self.query.where, *group.where),
                ids=self.query.ids if group.ids is None else group.ids,
            )
            section = self._section(query, group)
            section.folded = self._turned.get(group.value, many)
            self._sections.append(section)
        self._measure()
        if late:
            self.changed.emit()

    def _section(self, query: Query, group: Group | None = None) -> _Section:
        count = group.count if group else 0
        listing = Listing(self._session, self.readings, self._cache, query, count)
        section = _Section(listing, group)
        listing.listed.connect(self._on_listed)
        listing.arrived.connect(partial(self._on_arrived, section))
        return section

    def _begin(self, section: _Section) -> None:
        section.begun = True
        counted = section.listing.count
        if section.listing.begin():
            section.listing.read_page(0)
            if section.group is not None and section.listing.count != counted:
                # Written meanwhile: the places move, but not while they are being painted.
                QTimer.singleShot(0, self, self._on_listed)

    def _on_listed(self) -> None:
        self._measure()
        self.changed.emit()

    def _on_arrived(self, section: _Section, first: int, last: int) -> None:
        start = self._start_of(section)
        self.arrived.emit(start + first, start + last)

    def _measure(self) -> None:
        self._starts = list(accumulate((each.height for each in self._sections), initial=0))
        self.total = sum(each.listing.count for each in self._sections)

    def _start_of(self, section: _Section) -> int:
        """The place of a section's first record."""
        return self._starts[self._sections.index(section)] + (section.group is not None)

    # -- what stands where -----------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many rows the table has, group headings included."""
        return self._starts[-1] if self._starts else 0

    def at(self, place: int) -> Row | Group | None:
        """What stands at a place; None while it is being fetched. A group is listed when seen."""
        section, within = self._locate(place)
        if within < 0:
            return section.group
        if not section.begun:
            self._begin(section)
        return section.listing.row(within)

    def group_at(self, place: int) -> Group | None:
        """The group whose heading stands at a place."""
        section, within = self._locate(place)
        return section.group if within < 0 else None

    def folded(self, place: int) -> bool:
        """Whether the group whose heading stands at a place is folded."""
        return self._locate(place)[0].folded

    def headings(self) -> list[int]:
        """The places of the group headings."""
        return self._starts[:-1] if self.grouped_by else []

    def _locate(self, place: int) -> tuple[_Section, int]:
        """The section at a place, and where in its list; -1 for its heading."""
        at = bisect_right(self._starts, place, hi=len(self._sections)) - 1
        section = self._sections[at]
        return section, place - self._starts[at] - (section.group is not None)

    def place_of(self, record_id: str) -> int:
        """Where a record stands; -1 where it is in none of the lists that are known."""
        for section in self._sections:
            if section.begun and not section.folded:
                within = section.listing.place_of(record_id)
                if within >= 0:
                    return self._start_of(section) + within
        return -1

    def ids(self, first: int, last: int) -> list[str]:
        """The ids of the records at these places, headings left out, as far as they are known."""
        return [each for part in self._parts(first, last) for each in part]

    def _parts(self, first: int, last: int) -> Iterator[list[str]]:
        place = first
        while place <= last:
            section, within = self._locate(place)
            if within < 0:
                place += 1
                continue
            if not section.begun:
                self._begin(section)
            number = min(last - place + 1, section.listing.count - within)
            yield section.listing.ids(within, number)
            place += max(number, 1)

    def records_between(self, first: int, last: int) -> int:
        """How many records stand at these places, headings left out."""
        inside = [each for each in self.headings() if first <= each <= last]
        return last - first + 1 - len(inside)

    def read(self, ids: Sequence[str]) -> list[Row]:
        """These records in this order, read now: for a selection that people can look over."""
        assert self.query is not None  # noqa: S101  (ids come from a list)
        found: dict[str, Row] = {}
        with self._session.store.reading() as read:
            for start in range(0, len(ids), _READ_TOGETHER):
                part = tuple(ids[start : start + _READ_TOGETHER])
                query = Query(self.query.register, ids=part, order=("reference",))
                found |= {row.id: row for row in records.rows(read, query)}
        return [found[each] for each in ids if each in found]

    @property
    def held(self) -> int:
        """How many rows are in memory."""
        return self._cache.held

    # -- folding ---------------------------------------------------------------------------

    def rows_under(self, place: int) -> int:
        """How many rows fold away under the heading at a place."""
        return self._locate(place)[0].listing.count

    def fold(self, place: int, *, folded: bool) -> None:
        """Fold or unfold the group whose heading stands at a place."""
        section, _ = self._locate(place)
        section.folded = folded
        if section.group is not None:
            self._turned[section.group.value] = folded
        self._measure()
