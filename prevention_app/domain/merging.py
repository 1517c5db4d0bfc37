"""What a field holds, given a set of writes of it by several stations.

State is a function of the set of leaves held: order, repetition and delay of their arrival cannot
matter. A write is replaced when another write of the same field had seen it; what nobody has
replaced are the field's heads, and several heads of different value are a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

Stored = str | bool | None

DELETED: Final = "_deleted"
"""The field of a plain leaf that says whether the record is deleted."""


class ErasedInPlace(Enum):
    """The value of a write whose bytes were erased: no value, but still a write."""

    ONLY = "erased in place"


ERASED_IN_PLACE: Final = ErasedInPlace.ONLY
ERASED: Final = "\ufdd0"
"""What an erasure writes in a field: shown as « effacé », a character no person can type."""

Exception_ = tuple[str, int, int, tuple[str, ...] | None]
"""Station, first and last number not seen, and the fields concerned (None: all)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of one record, as merging needs it."""

    station: str
    number: int
    clock: int
    vector: Mapping[str, int]
    """What its station had of the others when it wrote."""
    writes: Mapping[str, Stored | ErasedInPlace]
    exceptions: tuple[Exception_, ...] = ()
    erasure: bool = False
    message: str = ""

    def saw(self, station: str, number: int, field: str) -> bool:
        """Whether that entry was known to the writer of this leaf for that field."""
        known = self.number - 1 if station == self.station else self.vector.get(station, 0)
        if number > known:
            return False
        return not any(
            station == other and first <= number <= last and (fields is None or field in fields)
            for other, first, last, fields in self.exceptions
        )

    @property
    def rank(self) -> tuple[int, str, int]:
        """Decides which of several conflicting values is shown."""
        return (self.clock, self.station, self.number)


@dataclass(frozen=True, slots=True)
class FieldState:
    """The writes of one field that nothing has replaced; the one shown comes first."""

    heads: tuple[Leaf, ...]
    shown: Stored
    conflict: bool


def heads_of(leaves: Iterable[Leaf], field: str) -> list[Leaf]:
    """The writes of the field that no other write of it had seen, the shown one first."""
    writes = [leaf for leaf in leaves if field in leaf.writes]
    if len(writes) > 1:
        writes = [
            one
            for one in writes
            if not any(other.saw(one.station, one.number, field) for other in writes)
        ]
    return sorted(writes, key=lambda leaf: leaf.rank, reverse=True)


def field_state(leaves: Iterable[Leaf], field: str) -> FieldState:
    """The state of one field; an erased write stands back where another head stands."""
    heads = heads_of(leaves, field)
    standing = [leaf for leaf in heads if leaf.writes[field] is not ERASED_IN_PLACE]
    if not standing:
        return FieldState(tuple(heads), ERASED if heads else None, conflict=False)
    values = {leaf.writes[field] for leaf in standing}
    shown = standing[0].writes[field]
    assert not isinstance(shown, ErasedInPlace)  # noqa: S101  (filtered above)
    return FieldState(tuple(standing), shown, conflict=len(values) > 1)


def state_of(leaves: Sequence[Leaf]) -> dict[str, FieldState]:
    """The state of every field that the leaves of one record and kind write."""
    if len(leaves) == 1:
        return {field: field_state(leaves, field) for field in leaves[0].writes}
    fields = dict.fromkeys(field for leaf in leaves for field in leaf.writes)
    return {field: field_state(leaves, field) for field in fields}


def deletion_conflict(plain: Sequence[Leaf], state: Mapping[str, FieldState]) -> bool:
    """Deleted by somebody who had not seen an edit of the record.

    Judged by plain leaves only, since every edit carries one: all stations agree.
    """
    deletion = state.get(DELETED)
    if deletion is None:
        return False
    deletions = [leaf for leaf in deletion.heads if leaf.writes[DELETED] is True]
    others = [leaf for leaf in plain if DELETED not in leaf.writes]
    return any(
        not one.saw(other.station, other.number, DELETED) for one in deletions for other in others
    )


def value_before(leaves: Sequence[Leaf], of: Leaf, field: str) -> FieldState:
    """What the writer of a leaf had seen of the field: the state among what came before it."""
    seen = [
        leaf
        for leaf in leaves
        if leaf is not of and field in leaf.writes and of.saw(leaf.station, leaf.number, field)
    ]
    return field_state(seen, field)
