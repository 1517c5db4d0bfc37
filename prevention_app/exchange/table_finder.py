"""Where the tables of a sheet are: their rows of headings, title blocks and data.

A row is taken for headings by how many of its cells say a field of the kind; a second row under it
(or a group row above it) belongs to them when merged cells or further headings say so.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from prevention_app.exchange.headings import LONGEST_HEADING, STRONG, WEAK, Heading, HeadingBook
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.mapping import signature_of
from prevention_app.exchange.sheet_view import SheetView

SEARCHED_CLOSELY = 120
"""How many rows are searched for misspelt headings; further down only exact ones are looked for."""
MOST_HEADING_ROWS = 3
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")


@dataclass(slots=True)
class TableFound:
    """A table of a sheet, before its columns are matched."""

    header_first: int
    header_last: int
    headings: dict[int, Heading]
    fields: set[str]
    """The fields that its headings say by their words alone."""
    maybe: set[str] = field(default_factory=set[str])
    """Those that they may mean, if the values agree."""
    by_hand: bool = False
    """A person pointed its headings out, or a saved mapping knows them."""
    last_row: int = 0
    title_rows: list[int] = field(default_factory=list[int])
    repeated: set[int] = field(default_factory=set[int])
    """Rows that repeat the headings for printing."""

    @property
    def signature(self) -> str:
        """The digest of its headings, from left to right."""
        return signature_of(self.headings[column].full for column in sorted(self.headings))

    def holds_records(self, kind: ImportKind) -> bool:
        """Whether it has a column that starts records of the kind."""
        return not (self.fields | self.maybe).isdisjoint(kind.identity)


def find_tables(
    view: SheetView,
    kind: ImportKind,
    book: HeadingBook,
    pointed_out: tuple[int, int] | None = None,
    known: Container[str] = (),
) -> list[TableFound]:
    """The tables of a sheet from top to bottom, those without records of the kind included.

    `pointed_out` is the first and last row of headings that a person named; nothing else is
    then searched for. `known` are the signatures of headings that a saved mapping was made for.
    """
    finder = _Finder(view, kind, book, known)
    tables = [finder.table_at(*pointed_out)] if pointed_out else finder.search()
    for table in tables:
        table.by_hand = pointed_out is not None or table.signature in known
    _set_bounds(view, tables)
    return tables


def likely_headings(view: SheetView) -> tuple[str, ...]:
    """What looks most like a row of headings, for telling what was found instead."""
    for row in range(1, min(view.last_row, SEARCHED_CLOSELY) + 1):
        texts = view.texts(row)
        if len(texts) >= 2 and len(texts) == len(view.filled(row)):
            return tuple(" ".join(text.split()) for text in texts.values())
    for row in range(1, view.last_row + 1):
        if view.filled(row):
            return tuple(" ".join(text.split()) for text in view.shown(row)[:12])
    return ()


class _Finder:
    def __init__(
        self, view: SheetView, kind: ImportKind, book: HeadingBook, known: Container[str]
    ) -> None:
        self.view, self.kind, self.book = view, kind, book
        self.known = known

    def search(self) -> list[TableFound]:
        tables: list[TableFound] = []
        row = 1
        while row <= self.view.last_row:
            closely = row <= SEARCHED_CLOSELY and (not tables or self._is_apart(row))
            table = self._table_starting(
                row, tables[-1].header_last if tables else 0, closely=closely
            )
            if table is None:
                row += 1
                continue
            if tables and self._repeats(tables[-1], table):
                tables[-1].repeated.update(range(table.header_first, table.header_last + 1))
            else:
                tables.append(table)
            row = table.header_last + 1
        return tables

    def _is_apart(self, row: int) -> bool:
        """Whether the row above is empty or only a title: a further table may start here."""
        return row == 1 or len(self.view.filled(row - 1)) <= 1

    def _table_starting(self, row: int, after: int, *, closely: bool) -> TableFound | None:
        if self.known and (table := self._known_at(row)):
            return table
        hits = set(self._hits(row, closely=closely).values())
        if len(hits) < 2:
            return None
        if after and (2 * len(hits) < len(self.view.filled(row)) or self._holds_a_day(row)):
            # Below a table, words that are also headings (« service », « N ») make no headings.
            return None
        first = row - 1 if row - 1 > after and self._is_group_row(row - 1, row) else row
        table = self._extended(first, row)
        return table if len(table.fields | table.maybe) >= self.kind.enough else None

    def _holds_a_day(self, row: int) -> bool:
        """Whether a cell of a row is a date: data, then, and no heading."""
        cells = (self.view.value(row, column) for column in self.view.filled(row))
        return any(isinstance(cell, date) or _DAY.fullmatch(str(cell)) for cell in cells)

    def _known_at(self, row: int) -> TableFound | None:
        """The table whose headings start here and are those of a saved mapping."""
        if row > SEARCHED_CLOSELY or len(self.view.texts(row)) < 2:
            return None
        for last in range(row, min(row + MOST_HEADING_ROWS, self.view.last_row + 1)):
            table = self.table_at(row, last)
            if table.signature in self.known:
                return table
        return None

    def _extended(self, first: int, last: int) -> TableFound:
        """The table with these heading rows and those that follow as further headings."""
        while last - first + 1 < MOST_HEADING_ROWS and self._is_subheading(first, last + 1):
            last += 1
        return self.table_at(first, last)

    def table_at(self, first: int, last: int) -> TableFound:
        headings = self._headings(first, last)
        fields: set[str] = set()
        maybe: set[str] = set()
        for heading in headings.values():
            scores = self.book.scores(heading)
            best = max(scores, key=lambda key: scores[key], default=None)
            if best is not None and scores[best] >= STRONG:
                fields.add(best)
            else:
                maybe.update(key for key, score in scores.items() if score >= WEAK)
        return TableFound(first, last, headings, fields, maybe - fields)

    def _hits(self, row: int, *, closely: bool) -> dict[int, str]:
        """The cells of a row that say a field, by column."""
        texts = self.view.texts(row)
        if len(texts) < 2 or len(texts) * 2 < len(self.view.filled(row)):
            return {}
        hits: dict[int, str] = {}
        for column, text in texts.items():
            if len(text) > LONGEST_HEADING or text.rstrip().endswith(":"):
                continue
            if field_key := self._field_of(text, closely=closely):
                hits[column] = field_key
        return hits if 2 * len(set(hits.values())) >= min(len(texts), 6) - 1 else {}

    def _field_of(self, text: str, *, closely: bool) -> str | None:
        exact = self.book.exact(text)
        if exact or not closely:
            return exact
        best = self.book.best(text)
        return best[0] if best else None

    def _is_group_row(self, row: int, under: int) -> bool:
        """Whether a row holds the headings of groups of the columns under it."""
        texts = self.view.texts(row)
        if not texts or len(texts) < len(self.view.filled(row)):
            return False
        if any(text.rstrip().endswith(":") or len(text) > 60 for text in texts.values()):
            return False
        width = len(self.view.filled(under))
        spans = [self._span(row, column) for column in texts]
        if any(1 < last - first + 1 < width for first, last in spans) and len(texts) > 1:
            return True
        merged_down = any(self._merged_down(row, column, under) for column in texts)
        return merged_down or (
            len(texts) > 1 and any(self.book.best(text) for text in texts.values())
        )

    def _is_subheading(self, first: int, row: int) -> bool:
        """Whether a row goes on with the headings that start at `first`."""
        if row > self.view.last_row:
            return False
        texts = self.view.texts(row)
        if not texts or len(texts) < len(self.view.filled(row)):
            return False
        if any(len(text) > 60 for text in texts.values()):
            return False
        above = self.view.texts(row - 1)
        if any(self._merged_down(row - 1, column, row) for column in above):
            return True
        spans = [self._span(row - 1, column) for column in above]
        if any(first < column <= last for column in texts for first, last in spans):
            return any(self.book.scores(Heading(text)) for text in texts.values())
        new = [
            column
            for column in texts
            if column not in above and self._field_of(texts[column], closely=False)
        ]
        return len(new) >= 2 or bool(first < row - 1 and new)

    def _merged_down(self, row: int, column: int, to: int) -> bool:
        area = self.view.areas.get((row, column))
        return area is not None and area[0] <= row and area[2] >= to

    def _span(self, row: int, column: int) -> tuple[int, int]:
        area = self.view.areas.get((row, column))
        return (area[1], area[3]) if area else (column, column)

    def _headings(self, first: int, last: int) -> dict[int, Heading]:
        columns = {
            column for row in range(first, last + 1) for column in self._covered_columns(row)
        }
        made = {column: self._heading(first, last, column) for column in sorted(columns)}
        return {column: heading for column, heading in made.items() if heading.full}

    def _covered_columns(self, row: int) -> set[int]:
        found: set[int] = set()
        for column in self.view.filled(row):
            first, last = self._span(row, column)
            found.update(range(first, min(last, self.view.width) + 1))
        return found

    def _heading(self, first: int, last: int, column: int) -> Heading:
        parts: list[str] = []
        for row in range(first, last + 1):
            text = self._heading_text(row, column, is_last=row == last, single=first == last)
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        if not parts:
            return Heading("")
        return Heading(parts[-1], " ".join(parts[:-1]))

    def _heading_text(self, row: int, column: int, *, is_last: bool, single: bool) -> str:
        value = self.view.merged_value(row, column)
        if value is None and not is_last and not single:
            value = self._left_neighbour(row, column)
        return "" if value is None else str(value)

    def _left_neighbour(self, row: int, column: int) -> str | None:
        """The group heading that an unmerged blank stands under, when the next row has its own."""
        if self.view.merged_value(row + 1, column) is None or (row, column) in self.view.areas:
            return None
        for left in range(column - 1, 0, -1):
            value = self.view.merged_value(row, left)
            if value is not None:
                under = self.view.merged_value(row + 1, left)
                return str(value) if under is not None and under != value else None
        return None

    def _repeats(self, table: TableFound, other: TableFound) -> bool:
        """Whether a row of headings only says again what the table's own says."""
        shared = [column for column in other.headings if column in table.headings]
        same = sum(other.headings[column].own == table.headings[column].own for column in shared)
        return same * 10 >= 7 * max(len(other.headings), 1)


def _set_bounds(view: SheetView, tables: list[TableFound]) -> None:
    """Give each table its last row and the rows of the title block above it."""
    if not tables:
        return
    first = tables[0]
    first.title_rows = [row for row in range(1, first.header_first) if view.shows_something(row)]
    tables[-1].last_row = view.last_row
    for table, following in pairwise(tables):
        following.title_rows = _title_block(view, table.header_last + 1, following.header_first - 1)
        table.last_row = min([following.header_first, *following.title_rows]) - 1


def _title_block(view: SheetView, first: int, last: int) -> list[int]:
    """The rows just above a further table that belong to its title rather than to the data."""
    rows: list[int] = []
    blanks = 0
    for row in range(last, first - 1, -1):
        filled = view.filled(row)
        if not filled:
            blanks += 1
            if blanks > 1 and rows:
                break
            continue
        if len(filled) > 4 or any(view.covered_from(row, column) for column in filled):
            break
        if blanks and rows and len(rows) >= 6:
            break
        rows.append(row)
    return rows if _is_apart(view, rows) else []


def _is_apart(view: SheetView, rows: list[int]) -> bool:
    """Whether a blank row separates the title block from the data above."""
    return bool(rows) and (min(rows) == 1 or not view.filled(min(rows) - 1))
