"""What a spreadsheet file holds once read: sheets of plain values at their true addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

Scalar = str | int | float | bool | date | datetime | time | timedelta | None
Address = tuple[int, int]
"""(row, column), both counted from 1 as a user sees them."""


def cell_name(row: int, column: int) -> str:
    """The address as users read it: (3, 28) is « AB3 »."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


@dataclass(slots=True)
class Sheet:
    """One sheet: values from row 1, column 1, whatever empty lines come first.

    ``rows`` is ragged and ends with the last row that holds a value. What a cell shows beyond its
    value (fill, strike, comment) is only filled in where the format and its size allow to read it.
    """

    name: str
    rows: list[list[Scalar]]
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged areas as (first row, first column, last row, last column)."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    fills: dict[Address, str] = field(default_factory=dict)
    """Solid fill colours as RRGGBB, white and none left out."""
    strikes: set[Address] = field(default_factory=set)
    comments: dict[Address, str] = field(default_factory=dict)
    uncalculated: set[Address] = field(default_factory=set)
    """Formulas that carry no stored value."""
    errors: dict[Address, str] = field(default_factory=dict)
    """Error values such as #N/A or #REF!; the value itself is None."""
    impossible_dates: dict[Address, str] = field(default_factory=dict)
    """Cells formatted as dates whose number is none (negative, year 10000); the value is None."""

    def value(self, row: int, column: int) -> Scalar:
        """The value at an address counted from 1; None outside what is filled."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None


@dataclass(slots=True)
class SourceFile:
    """A file as read: its sheets in order, and what was seen but not understood."""

    path: Path
    name: str
    digest: str
    """SHA-256 of the bytes, hexadecimal."""
    sheets: list[Sheet]
    remarks: list[str] = field(default_factory=list)
    """Finished French sentences for the report (encoding mixed, links to other workbooks…)."""
