"""The lines of an import review, packed page by page: a window opens only the pages it shows.

A hundred thousand lines travel from the process that compared them as a few bytes each, and no
more of them are unpacked at once than one page.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from prevention_app.services.binding.matcher import Outcome

ORDER: Final = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED)
"""What a person must look at first comes first."""
_PAGE: Final = 128
_KEPT_PAGES: Final = 24


@dataclass(frozen=True, slots=True)
class LineMark:
    """What a line says at one of its cells: why it is refused or doubtful, or what changes."""

    column: int
    """Place among the columns shown; -1 where no column says it."""
    cell: str
    """Address of the cell; empty where there is none."""
    text: str
    """Why it is refused or doubtful; for a change, the new value."""
    before: str = ""
    """The value as it was read; for a change, the old value."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One data row of the file: what was read of it, and what becomes of it."""

    outcome: Outcome
    table: int
    """Place among the tables of the review; -1 where none is known."""
    sheet: str
    row: int
    title: str
    register: str = ""
    record_id: str = ""
    cells: Sequence[str] = ()
    refused: Sequence[LineMark] = ()
    doubts: Sequence[LineMark] = ()
    changes: Sequence[LineMark] = ()
    elsewhere: dict[int, str] = field(default_factory=dict[int, str])
    """Columns whose value was read in another cell than that of this row (merged, carried)."""

    def packed(self) -> list[Any]:
        """The line as plain lists."""
        return [
            self.outcome.value, self.table, self.sheet, self.row, self.title, self.register,
            self.record_id, list(self.cells),
            *([[each.column, each.cell, each.text, each.before] for each in marks]
              for marks in (self.refused, self.doubts, self.changes)),
            list(self.elsewhere.items()),
        ]  # fmt: skip

    @classmethod
    def unpacked(cls, read: list[Any]) -> ReviewLine:
        """The line that was packed."""
        outcome, table, sheet, row, title, register, record_id, cells = read[:8]
        refused, doubts, changes = ([LineMark(*each) for each in marks] for marks in read[8:11])
        return cls(
            Outcome(outcome), table, sheet, row, title, register, record_id, cells,
            refused, doubts, changes, dict(read[11]),
        )  # fmt: skip


class ReviewLines:
    """All lines of a review in the order of `ORDER`, each unpacked when it is asked for."""

    def __init__(self, lines: Iterable[ReviewLine] = ()) -> None:
        """Pack the lines, which come in the order of `ORDER`."""
        self.counts = dict.fromkeys(ORDER, 0)
        self._pages: list[bytes] = []
        waiting: list[list[Any]] = []
        for line in lines:
            self.counts[line.outcome] += 1
            waiting.append(line.packed())
            if len(waiting) == _PAGE:
                self._pages.append(_pack(waiting))
                waiting = []
        if waiting:
            self._pages.append(_pack(waiting))

    def __len__(self) -> int:
        return sum(self.counts.values())

    def __getitem__(self, at: int) -> ReviewLine:
        if not 0 <= at < len(self):
            raise IndexError(at)
        page, within = divmod(at, _PAGE)
        return _unpack(self._pages[page])[within]

    def span(self, outcomes: Iterable[Outcome]) -> tuple[int, int]:
        """From where to where the lines with these neighbouring outcomes lie."""
        wanted = list(outcomes)
        start = sum(self.counts[each] for each in ORDER[: ORDER.index(wanted[0])])
        return start, start + sum(self.counts[each] for each in wanted)


def _pack(page: list[list[Any]]) -> bytes:
    return zlib.compress(json.dumps(page, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)


@lru_cache(maxsize=_KEPT_PAGES)
def _unpack(page: bytes) -> list[ReviewLine]:
    text = zlib.decompress(page).decode("utf-8", "surrogatepass")
    return [ReviewLine.unpacked(each) for each in json.loads(text)]
