"""What writes add up to, by definition and by brute force.

The oracle knows no version vector, no exception, no hash and no order of arrival. For each leaf it
is told the explicit set of entries that its writer had seen of each field, and of each station the
explicit set of leaves that it holds; everything else follows from the definitions below.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

ERASED = "\ufdd0"
DELETED = "_deleted"
REASON = "_reason"

Stored = str | bool | None
Place = tuple[str, int]
"""An entry: its station and number."""


class Key(NamedTuple):
    """A leaf: an entry writes at most one of each kind for a record."""

    station: str
    number: int
    record: str
    kind: str

    @property
    def place(self) -> Place:
        return (self.station, self.number)


@dataclass(frozen=True)
class Fact:
    """One leaf as its writer meant it."""

    key: Key
    clock: int
    values: Mapping[str, Stored]
    seen: Mapping[str, frozenset[Place]]
    """Field → the entries whose writes of it the writer had seen."""
    creates: bool = False
    erases: frozenset[Place] = frozenset()
    """Entries whose leaf of this record and kind is to lose its bytes."""

    @property
    def rank(self) -> tuple[int, str, int]:
        return (self.clock, self.key.station, self.key.number)


class Copy(NamedTuple):
    """A leaf as one station has it: with its bytes, or erased."""

    fact: Fact
    erased: bool


class Outcome(NamedTuple):
    """What a field holds."""

    standing: tuple[Copy, ...]
    """The writes that count, the shown one first."""
    shown: Stored
    conflict: bool


def copies(facts: Mapping[Key, Fact], delivered: Collection[Key]) -> dict[Key, Copy]:
    """What a station to which these leaves were delivered has.

    An erasure tells of each leaf that it names which fields that leaf wrote and what its writer had
    seen; so a named leaf counts as an erased write also where its bytes never came.
    """
    named = {Key(*place, key.record, key.kind) for key in delivered for place in facts[key].erases}
    return {key: Copy(facts[key], key in named) for key in {*delivered, *named}}


def of(copies: Iterable[Copy], record: str, kind: str) -> list[Copy]:
    """The copies of one record's leaves of one kind."""
    return [
        each for each in copies if each.fact.key.record == record and each.fact.key.kind == kind
    ]


def heads(copies: Iterable[Copy], field: str) -> list[Copy]:
    """The writes of a field that no other write of it had seen, the greatest first."""
    writes = [each for each in copies if field in each.fact.values]
    alive = [
        each
        for each in writes
        if not any(each.fact.key.place in other.fact.seen[field] for other in writes)
    ]
    return sorted(alive, key=lambda each: each.fact.rank, reverse=True)


def outcome(copies: Iterable[Copy], field: str) -> Outcome:
    """What a field holds, given one record's copies of the field's kind."""
    found = heads(copies, field)
    standing = tuple(each for each in found if not each.erased)
    if not standing:
        return Outcome(tuple(found), ERASED if found else None, conflict=False)
    values = {each.fact.values[field] for each in standing}
    return Outcome(standing, standing[0].fact.values[field], conflict=len(values) > 1)


def deletion_crossed_edit(plain: Collection[Copy]) -> bool:
    """A deletion stands whose writer had not seen some edit of the record."""
    deletions = [
        each
        for each in outcome(plain, DELETED).standing
        if each.fact.values[DELETED] is True and not each.erased
    ]
    edits = [each.fact.key.place for each in plain if DELETED not in each.fact.values]
    return any(edit not in deletion.fact.seen[DELETED] for deletion in deletions for edit in edits)


def before(copies: Collection[Copy], fact: Fact, field: str) -> Outcome:
    """What the writer of a leaf had seen of a field, as far as it is still held."""
    return outcome(
        [
            each
            for each in copies
            if each.fact is not fact and each.fact.key.place in fact.seen[field]
        ],
        field,
    )


def in_force(undoes: Mapping[int, int | None], number: int) -> bool:
    """Whether an own entry's effect stands: no undo or redo of it does."""
    return not any(
        undone == number and in_force(undoes, later)
        for later, undone in undoes.items()
        if later > number
    )
