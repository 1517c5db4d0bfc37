"""Which counts of persons to hold back, so that nobody finds few by adding and subtracting.

The counts hang together by sums: a total and its parts, a count and what is told of it beside it.
Some are never told themselves and yet are what a subtraction gives. Whoever reads what is told
knows the sums; so a small count is held back, and with it others, until no small count follows from
what is told, and no sum tells of few what is held back of it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from prevention_app.domain.suppression import FEWEST_PERSONS, is_small

K = TypeVar("K", bound=Hashable)

_PRIME: Final = 2**61 - 1
"""Sums are solved modulo a large prime: whole numbers, quickly, and the same answer."""


@dataclass(frozen=True, slots=True)
class Sum(Generic[K]):
    """A count that others add up to."""

    whole: K
    parts: Sequence[K]

    @property
    def all(self) -> tuple[K, ...]:
        """The whole and its parts."""
        return (self.whole, *self.parts)


def held_back(
    counts: Mapping[K, int],
    told: Collection[K],
    sums: Sequence[Sum[K]],
    fewest: int = FEWEST_PERSONS,
) -> set[K]:
    """The counts, of those to be told, that must not be.

    Args:
        counts: all counts that the sums name.
        told: those that are to be told; the others are only what a subtraction might give.
        sums: how they hang together.
        fewest: a count from one to below it tells of few.
    """
    small = {key for key, count in counts.items() if is_small(count, fewest)}
    hidden = {key for key in told if key in small}
    while True:
        unknown = {key for key in counts if key not in told or key in hidden}
        given_away = small & determined(unknown, sums)
        lines = [each for each in sums if given_away.intersection(each.all)]
        lines += [each for each in sums if _tells_of_few(each, counts, unknown, fewest)]
        more = _smallest(lines, counts, unknown)
        if given_away and not more:  # it follows from sums further off
            more = _smallest(sums, counts, unknown)
        if not more:
            return hidden
        hidden |= more


def determined(unknown: Collection[K], sums: Iterable[Sum[K]]) -> set[K]:
    """Those of the unknown counts that follow from all others, whatever these are."""
    rows: dict[K, dict[K, int]] = {}
    for each in sums:
        row = {key: _PRIME - 1 for key in each.parts if key in unknown}
        if each.whole in unknown:
            row[each.whole] = 1
        _add(rows, row)
    return {key for key, row in rows.items() if len(row) == 1}


def _add(rows: dict[K, dict[K, int]], row: dict[K, int]) -> None:
    """Solve one more sum: each unknown that was solved stands in its own row alone."""
    for key in [each for each in row if each in rows]:
        _subtract(row, rows[key], key)
    if not row:
        return
    pivot = next(iter(row))
    inverse = pow(row[pivot], -1, _PRIME)
    row = {key: value * inverse % _PRIME for key, value in row.items()}
    for other in rows.values():
        if pivot in other:
            _subtract(other, row, pivot)
    rows[pivot] = row


def _subtract(row: dict[K, int], other: Mapping[K, int], at: K) -> None:
    factor = row[at]
    for key, value in other.items():
        left = (row.get(key, 0) - factor * value) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)


def _tells_of_few(
    each: Sum[K], counts: Mapping[K, int], unknown: Collection[K], fewest: int
) -> bool:
    """Whether the total less what is told of its parts leaves few for those held back."""
    left = sum(counts[key] for key in each.parts if key in unknown)
    return each.whole not in unknown and is_small(left, fewest)


def _smallest(lines: Iterable[Sum[K]], counts: Mapping[K, int], unknown: Collection[K]) -> set[K]:
    return {key for each in lines if (key := _next(each, counts, unknown)) is not None}


def _next(each: Sum[K], counts: Mapping[K, int], unknown: Collection[K]) -> K | None:
    """The smallest count of a sum that is still told; one that counts somebody, if there is one."""
    still = [
        (counts[key] == 0, counts[key], at) for at, key in enumerate(each.all) if key not in unknown
    ]
    return each.all[min(still)[2]] if still else None
