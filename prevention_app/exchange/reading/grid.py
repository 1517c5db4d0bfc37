"""Cells come in, a trimmed sheet comes out, whatever the format and whatever it declares."""

from __future__ import annotations

from itertools import chain

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.budget import Budget, composed
from prevention_app.exchange.sheets import Address, Scalar, Sheet

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_ROW_COST = 8
"""Places that an empty row takes."""
_RANGE_COST = 16


class SheetBuilder:
    """One sheet while it is read; addresses count from 1.

    Marks that lie below the last value are dropped at the end: workbooks are coloured, hidden and
    merged down to their millionth row.
    """

    def __init__(self, name: str, budget: Budget, *, hidden: bool = False) -> None:
        """An empty sheet that draws on the file's budget."""
        self.sheet = Sheet(name=composed(name), rows=[], hidden=hidden)
        self.budget = budget
        self.styles_dropped = False
        """Whether there were too many coloured or struck cells to keep them."""
        self._late_fills: dict[Address, str] = {}
        self._late_fills_dropped = False
        self._hidden_rows = _Ranges(budget)
        self._hidden_columns = _Ranges(budget)

    def put(self, row: int, column: int, value: Scalar) -> None:
        """Store a value; None and empty text leave the place empty.

        Raises:
            UnreadableFile: the address is no address, or the file is beyond its budget.
        """
        if isinstance(value, str):
            value = self.budget.kept_text(value) or None
        if value is not None:
            check_address(row, column)
            self.put_row(row, [(column, value)])

    def put_row(self, row: int, values: list[tuple[int, Scalar]]) -> None:
        """Store values of one row in the order of their columns: checked, kept and not empty.

        Raises:
            UnreadableFile: the file is beyond its budget.
        """
        self.budget.spend_cells(len(values))
        rows = self.sheet.rows
        if row > len(rows):
            self.budget.spend_places(_ROW_COST * (row - len(rows)))
            rows.extend([] for _ in range(row - len(rows)))
            self._keep_late_fills()
        places = rows[row - 1]
        needed = values[-1][0] - len(places)
        if needed > 0:
            self.budget.spend_places(needed)
            places.extend([None] * needed)
        for column, value in values:
            places[column - 1] = value

    def error(self, row: int, column: int, code: str) -> None:
        """An error value such as #N/A stands there."""
        self.budget.spend_mark()
        self.sheet.errors[row, column] = code

    def impossible_date(self, row: int, column: int, stored: str) -> None:
        """A number formatted as a date is no date."""
        self.budget.spend_mark()
        self.sheet.impossible_dates[row, column] = stored

    def uncalculated(self, row: int, column: int) -> None:
        """A formula has no stored value."""
        self.budget.spend_mark()
        self.sheet.uncalculated.add((row, column))

    def comment(self, row: int, column: int, text: str) -> None:
        """Add a comment; a second one at the same cell goes on a new line."""
        if not text.strip():
            return
        self.budget.spend_mark()
        before = self.sheet.comments.get((row, column))
        text = self.budget.kept_text(text)
        self.sheet.comments[row, column] = f"{before}\n{text}" if before else text

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """The area is shown as one cell."""
        self.budget.spend_mark()
        self.sheet.merged.append((first_row, first_column, last_row, last_column))

    def hide_rows(self, first: int, last: int) -> None:
        """These rows are not shown."""
        self._hidden_rows.add(first, min(last, MAX_ROW))

    def hide_columns(self, first: int, last: int) -> None:
        """These columns are not shown."""
        self._hidden_columns.add(first, min(last, MAX_COLUMN))

    def fill(self, row: int, column: int, colour: str) -> None:
        """The cell, which may be empty, has a solid colour."""
        late = row > len(self.sheet.rows)
        if not self._spend_style():
            self._late_fills_dropped |= late
            self.styles_dropped |= not late
        elif late:
            self._late_fills[row, column] = colour
        else:
            self.sheet.fills[row, column] = colour

    def strike(self, row: int, column: int) -> None:
        """The whole text of the cell is struck through."""
        if self._spend_style():
            self.sheet.strikes.add((row, column))
        else:
            self.styles_dropped = True

    def _spend_style(self) -> bool:
        self.budget.styled -= 1
        return self.budget.styled >= 0

    def _keep_late_fills(self) -> None:
        """Take over colours above the last value, which has moved down."""
        self.styles_dropped |= self._late_fills_dropped
        if self._late_fills:
            last = len(self.sheet.rows)
            later = {place: each for place, each in self._late_fills.items() if place[0] > last}
            for place in self._late_fills.keys() - later.keys():
                self.sheet.fills[place] = self._late_fills[place]
            self._late_fills = later

    def finish(self) -> Sheet:
        """The sheet, with marks beyond its last row and column cut off."""
        sheet = self.sheet
        drop_empty_end(sheet)
        if self.styles_dropped:
            sheet.fills.clear()
            sheet.strikes.clear()
        self.budget.styled = max(self.budget.styled, 0) + len(self._late_fills)
        self._late_fills.clear()
        last_row, last_column = self._extent()
        sheet.hidden_rows = self._hidden_rows.up_to(last_row)
        sheet.hidden_columns = self._hidden_columns.up_to(last_column)
        sheet.merged = self._cut_merged(last_row, last_column)
        sheet.fills = {
            place: colour for place, colour in sheet.fills.items() if place[1] <= last_column
        }
        return sheet

    def _extent(self) -> Address:
        """The last row and column that hold a value or something worth telling."""
        sheet = self.sheet
        last_row = len(sheet.rows)
        last_column = max(map(len, sheet.rows), default=0)
        for row, column in chain(
            sheet.uncalculated, sheet.errors, sheet.impossible_dates, sheet.comments
        ):
            last_row = max(last_row, row)
            last_column = max(last_column, column)
        return last_row, last_column

    def _cut_merged(self, last_row: int, last_column: int) -> list[tuple[int, int, int, int]]:
        """The merged areas within what is filled, those of a single cell left out.

        Their cells are counted: readers go through them one by one.
        """
        cut: list[tuple[int, int, int, int]] = []
        for top, left, bottom, right in self.sheet.merged:
            rows, columns = min(bottom, last_row) - top, min(right, last_column) - left
            if rows >= 0 and columns >= 0 and (rows or columns):
                self.budget.spend_places((rows + 1) * (columns + 1))
                cut.append((top, left, top + rows, left + columns))
        return cut


class _Ranges:
    """Numbers of rows or columns, as ranges: a million hidden rows are one of them."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._ranges: list[tuple[int, int]] = []

    def add(self, first: int, last: int) -> None:
        if self._ranges and self._ranges[-1][1] == first - 1:
            first = self._ranges.pop()[0]
        else:
            self._budget.spend_places(_RANGE_COST)
        self._ranges.append((first, last))

    def up_to(self, last: int) -> set[int]:
        found: set[int] = set()
        for start, end in self._ranges:
            found.update(range(start, min(end, last) + 1))
        return found


def drop_empty_end(sheet: Sheet) -> None:
    """Remove the rows at the end that hold no value."""
    while sheet.rows and all(value is None for value in sheet.rows[-1]):
        sheet.rows.pop()


def holds_something(sheet: Sheet) -> bool:
    """Whether there is anything to import or to complain about."""
    return bool(sheet.rows or sheet.uncalculated or sheet.errors or sheet.impossible_dates)


def check_address(row: int, column: int) -> None:
    """Refuse an address that no sheet has.

    Raises:
        UnreadableFile: the file is damaged.
    """
    if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
        raise refusals.damaged("adresse de cellule impossible")
