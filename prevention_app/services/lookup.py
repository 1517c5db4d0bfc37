"""Records read once and found by their id, those joined with another one under that one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar, cast

from prevention_app.catalogue.description import DECLARED, Record
from prevention_app.storage.query import Condition, Query, Reader

R = TypeVar("R", bound=Record)

_CHUNK = 500
_CHEAP_ORDER = ("reference",)
"""Sorting by titles costs more than reading; nobody sees the order of what is looked up."""


class Lookup(Generic[R]):
    """All records of a class, or those with the ids named; deleted ones only to be recognised."""

    def __init__(
        self,
        read: Reader,
        record_class: type[R],
        ids: Iterable[str | None] | None = None,
        *,
        where: tuple[Condition, ...] = (),
    ) -> None:
        """Read them; `ids` may hold None and repeat itself, `where` is for all records alone."""
        self.register = DECLARED[record_class].key
        if ids is None:
            found = read.records(
                Query(self.register, where=where, with_deleted=not where, order=_CHEAP_ORDER)
            )
        else:
            found = list(_named(read, self.register, ids))
        self._by_id: dict[str, R] = {each.id: cast("R", each) for each in found}

    def get(self, record_id: str | None) -> R | None:
        """The record with this id, or the one that it was joined with; None when there is none."""
        seen: set[str] = set()
        record = self._by_id.get(record_id or "")
        while record is not None and record.same_as and record.same_as not in seen:
            seen.add(record.same_as)
            record = self._by_id.get(record.same_as)
        return None if record is None or record.deleted else record

    def live(self, owners: tuple[str, ...] = ()) -> list[R]:
        """The records that count, of these departments or of all."""
        return [
            each
            for each in self._by_id.values()
            if not each.deleted and not each.same_as and (not owners or each.owner in owners)
        ]


def _named(read: Reader, register: str, ids: Iterable[str | None]) -> Iterator[Record]:
    wanted = [each for each in dict.fromkeys(ids) if each]
    known: set[str] = set()
    while wanted:
        known.update(wanted)
        joined: list[str] = []
        for start in range(0, len(wanted), _CHUNK):
            chunk = tuple(wanted[start : start + _CHUNK])
            query = Query(register, ids=chunk, with_deleted=True, order=_CHEAP_ORDER)
            for record in read.records(query):
                yield record
                if record.same_as and record.same_as not in known:
                    joined.append(record.same_as)
        wanted = list(dict.fromkeys(joined))
