"""What is due, kept at hand: read again part by part where something was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from prevention_app.catalogue.vocabulary import Role
from prevention_app.domain.due import DueItem
from prevention_app.services import overview
from prevention_app.services.due_list import DueAnswer, DueIndex, DueQuestion
from prevention_app.services.overview import PARTS, Part
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store

Written = Mapping[str, frozenset[str]]
"""Register → ids of the records that were written; none where they are not known."""
_FEW: Final = 500


class DueBoard:
    """Answers questions about what is due in a workspace."""

    def __init__(self) -> None:
        """Nothing is read before the first question."""
        self._held: dict[Part, list[DueItem]] = {}
        self._stale = set(PARTS)
        self._some: dict[Part, set[str]] = {}
        """Records of a part that are to be read again, where the rest of it holds."""
        self._day: date | None = None
        self._index = DueIndex((), date.min)

    def forget(self, store: Store, written: Written | None) -> None:
        """Something was written in these registers, or anywhere: read it again when asked."""
        for part in PARTS:
            if written is None:
                self._stale.add(part)
                continue
            touched = {key for key in written if part.reads(store.catalogue, {key})}
            ids = written.get(part.by_record, frozenset())
            if touched == {part.by_record} and 0 < len(ids) <= _FEW:
                self._some.setdefault(part, set()).update(ids)
            elif touched:
                self._stale.add(part)

    def answer(self, store: Store, question: DueQuestion) -> DueAnswer:
        """Answer, after reading what may have changed."""
        if question.today != self._day:
            self._stale = set(PARTS)
            self._day = question.today
        if self._stale or self._some:
            with store.reading() as read:
                self._read(read, question.today)
            items = (item for part in PARTS for item in self._held[part])
            self._index = DueIndex(items, question.today)
        return self._index.answer(question)

    def _read(self, read: Reader, today: date) -> None:
        self._held |= overview.items_of(read, today, self._stale)
        for part, ids in self._some.items():
            if part not in self._stale:
                found = overview.some_items(read, today, part, tuple(ids))
                gone = ids | {each.record_id for each in found}
                kept = [each for each in self._held[part] if each.record_id not in gone]
                self._held[part] = kept + found
        self._stale, self._some = set[Part](), {}


def mine(read: Reader, station: str, author: str) -> tuple[str, ...]:
    """The name of the person of a station, and the functions that its roles stand for (P5)."""
    names = [read.titles("user", [author]).get(author, "")]
    stations = {
        each.id
        for each in read.records(Query("station"))
        if getattr(each, "station_id", "") == station
    }
    roles = {
        str(getattr(each, "role", ""))
        for each in read.records(Query("grant"))
        if getattr(each, "station_id", "") == station or getattr(each, "station", "") in stations
    }
    functions = [each.label_fr for each in Role if each.value in roles]
    return tuple(name for name in (*names, *functions) if name)


def size(read: Reader, most: int) -> int:
    """How many records the list is made from, counted no further than `most`."""
    registers = {key for part in PARTS for key in part.registers if key in read.catalogue}
    registers -= {each.key for each in read.catalogue if each.reference_set or each.shared}
    registers |= {"site", "work_unit", "org_unit"}
    found = 0
    for key in sorted(registers):
        found += read.count_up_to(Query(key), most - found)
        if found >= most:
            break
    return found
