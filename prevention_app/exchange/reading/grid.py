"""Cells come in, a trimmed sheet comes out, whatever the format and whatever it declares."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.sheets import Address, Scalar, Sheet

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
MAX_CELLS = 4_000_000
"""Values in one file."""
MAX_PLACES = 20_000_000
"""Places in the lists that hold them, empty ones between values included; a row counts for 8."""
MAX_MARKS = 500_000
"""Formulas without value, errors, comments, merged areas… in one file."""
MAX_STYLED = 200_000
"""Coloured or struck cells in one sheet; beyond, formats are not read and that is said."""

_ROW_COST = 8


@dataclass(slots=True)
class Budget:
    """What one file may still use of the memory, over all its sheets."""

    cells: int = MAX_CELLS
    places: int = MAX_PLACES
    marks: int = MAX_MARKS

    def spend_places(self, count: int) -> None:
        """Count places in lists.

        Raises:
            UnreadableFile: the cells lie too far apart.
        """
        self.places -= count
        if self.places < 0:
            raise refusals.too_large("cellules remplies très loin les unes des autres")

    def spend_cells(self, count: int) -> None:
        """Count values.

        Raises:
            UnreadableFile: there are too many.
        """
        self.require_cells(count)
        self.cells -= count

    def require_cells(self, count: int) -> None:
        """Refuse at once what is announced and cannot fit.

        Raises:
            UnreadableFile: so many values are not left.
        """
        if count > self.cells:
            raise refusals.too_large("plus de 4 millions de cellules remplies")

    def spend_mark(self) -> None:
        """Count one formula without value, error, comment or merged area.

        Raises:
            UnreadableFile: there are too many.
        """
        self.marks -= 1
        if self.marks < 0:
            raise refusals.too_large(
                "plus de 500 000 erreurs, formules non calculées, commentaires ou fusions"
            )


class SheetBuilder:
    """One sheet while it is read; addresses count from 1."""

    def __init__(self, name: str, budget: Budget, *, hidden: bool = False) -> None:
        """An empty sheet that draws on the file's budget."""
        self.sheet = Sheet(name=clean_text(name), rows=[], hidden=hidden)
        self.styles_dropped = False
        """Whether there were too many coloured or struck cells to keep them."""
        self._budget = budget
        self._late_fills: dict[Address, str] = {}
        self._late_fills_dropped = False

    def put(self, row: int, column: int, value: Scalar) -> None:
        """Store a value; None and empty text leave the place empty.

        Raises:
            UnreadableFile: the address is no address, or the file is beyond its budget.
        """
        if isinstance(value, str):
            value = clean_text(value) or None
        if value is not None:
            check_address(row, column)
            self.put_row(row, [(column, value)])

    def put_row(self, row: int, values: list[tuple[int, Scalar]]) -> None:
        """Store the values of one row by column: checked, cleaned and not empty.

        Raises:
            UnreadableFile: the file is beyond its budget.
        """
        self._budget.spend_cells(len(values))
        rows = self.sheet.rows
        if row > len(rows):
            self._budget.spend_places(_ROW_COST * (row - len(rows)))
            rows.extend([] for _ in range(row - len(rows)))
            self._keep_late_fills()
        places = rows[row - 1]
        needed = values[-1][0] - len(places)
        if needed > 0:
            self._budget.spend_places(needed)
            places.extend([None] * needed)
        for column, value in values:
            places[column - 1] = value

    def take_back(self, row: int, column: int) -> None:
        """Empty a place again: its value turned out to be none."""
        self.sheet.rows[row - 1][column - 1] = None

    def error(self, row: int, column: int, code: str) -> None:
        """An error value such as #N/A stands there."""
        self._budget.spend_mark()
        self.sheet.errors[row, column] = code

    def impossible_date(self, row: int, column: int, stored: str) -> None:
        """A number formatted as a date is no date."""
        self._budget.spend_mark()
        self.sheet.impossible_dates[row, column] = stored

    def uncalculated(self, row: int, column: int) -> None:
        """A formula has no stored value."""
        self._budget.spend_mark()
        self.sheet.uncalculated.add((row, column))

    def comment(self, row: int, column: int, text: str) -> None:
        """Add a comment; a second one at the same cell goes on a new line."""
        if not text.strip():
            return
        self._budget.spend_mark()
        before = self.sheet.comments.get((row, column))
        text = clean_text(text)
        self.sheet.comments[row, column] = f"{before}\n{text}" if before else text

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """The area is shown as one cell."""
        self._budget.spend_mark()
        self.sheet.merged.append((first_row, first_column, last_row, last_column))

    def fill(self, row: int, column: int, colour: str) -> None:
        """The cell, which may be empty, has a solid colour.

        Colours below the last value so far wait for a value to come: workbooks may be coloured
        down to their millionth row.
        """
        if row <= len(self.sheet.rows):
            self._keep_fill((row, column), colour)
        elif len(self._late_fills) < MAX_STYLED:
            self._late_fills[row, column] = colour
        else:
            self._late_fills_dropped = True

    def strike(self, row: int, column: int) -> None:
        """The whole text of the cell is struck through."""
        if len(self.sheet.strikes) < MAX_STYLED:
            self.sheet.strikes.add((row, column))
        else:
            self.styles_dropped = True

    def _keep_late_fills(self) -> None:
        if self._late_fills_dropped:
            self.styles_dropped = True
        if not self._late_fills:
            return
        waiting, self._late_fills = self._late_fills, {}
        for address, colour in waiting.items():
            self.fill(*address, colour)

    def _keep_fill(self, address: Address, colour: str) -> None:
        if len(self.sheet.fills) < MAX_STYLED:
            self.sheet.fills[address] = colour
        else:
            self.styles_dropped = True

    def finish(self) -> Sheet:
        """The sheet, with marks beyond its last row and column cut off."""
        sheet = self.sheet
        while sheet.rows and all(value is None for value in sheet.rows[-1]):
            sheet.rows.pop()
        if self.styles_dropped:
            sheet.fills.clear()
            sheet.strikes.clear()
        last_row = max([len(sheet.rows), *(row for row, _ in self._marked())])
        last_column = max(
            [0, *(len(row) for row in sheet.rows), *(column for _, column in self._marked())]
        )
        sheet.hidden_rows = {row for row in sheet.hidden_rows if row <= last_row}
        sheet.hidden_columns = {each for each in sheet.hidden_columns if each <= last_column}
        sheet.merged = self._cut_merged(last_row, last_column)
        sheet.fills = {
            (row, column): colour
            for (row, column), colour in sheet.fills.items()
            if column <= last_column
        }
        return sheet

    def _cut_merged(self, last_row: int, last_column: int) -> list[tuple[int, int, int, int]]:
        """The merged areas within what is filled, those of a single cell left out.

        Their cells are counted: readers go through them one by one.
        """
        cut: list[tuple[int, int, int, int]] = []
        for top, left, bottom, right in self.sheet.merged:
            rows, columns = min(bottom, last_row) - top, min(right, last_column) - left
            if rows >= 0 and columns >= 0 and (rows or columns):
                self._budget.spend_places((rows + 1) * (columns + 1))
                cut.append((top, left, top + rows, left + columns))
        return cut

    def _marked(self) -> list[Address]:
        sheet = self.sheet
        return [*sheet.uncalculated, *sheet.errors, *sheet.impossible_dates, *sheet.comments]


def holds_something(sheet: Sheet) -> bool:
    """Whether there is anything to import or to complain about."""
    return bool(sheet.rows or sheet.uncalculated or sheet.errors or sheet.impossible_dates)


def check_address(row: int, column: int) -> None:
    """Refuse an address that no sheet has.

    Raises:
        UnreadableFile: always with the message for a damaged file.
    """
    if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
        raise refusals.damaged("adresse de cellule impossible")


def clean_text(text: str) -> str:
    """The text with composed letters (é as one character), as it is stored and compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
