"""A sheet as it is to be understood: cleaned values, merged areas, what is filled in a row."""

from __future__ import annotations

import re
import unicodedata

from prevention_app.exchange.sheets import Address, Scalar, Sheet

_DITTO = frozenset(
    {'"', "''", "“", "”", "″", "〃", "//", "-//-", "- // -", "idem", "id", "id.", "dito", "ditto",
     "ibid", "ibid.", "même", "meme", "idem ci-dessus", "« »", '" "'}
)  # fmt: skip
_TRIMMED = " \r\n\u00a0\u202f"
_ESCAPE = re.compile(r"_x000[dD]_\n?")


class SheetView:
    """Reading access to a sheet, addresses counted from 1."""

    def __init__(self, sheet: Sheet) -> None:
        """Clean the values once and note which cells a merged area covers."""
        self.sheet = sheet
        self.values = [[cleaned(value) for value in row] for row in sheet.rows]
        self.last_row = len(self.values)
        self.width = max((len(row) for row in self.values), default=0)
        self.areas: dict[Address, tuple[int, int, int, int]] = {}
        """The merged area that each of its cells lies in, within what is filled."""
        for area in sheet.merged:
            first_row, first_column, last_row, last_column = area
            for row in range(first_row, min(last_row, self.last_row) + 1):
                for column in range(first_column, min(last_column, self.width + 1) + 1):
                    self.areas[row, column] = area

    def value(self, row: int, column: int) -> Scalar:
        """The cleaned value that stands in the cell itself."""
        if 1 <= row <= self.last_row and 1 <= column <= len(self.values[row - 1]):
            return self.values[row - 1][column - 1]
        return None

    def merged_value(self, row: int, column: int) -> Scalar:
        """The value that the cell shows, taken from the corner of a merged area."""
        area = self.areas.get((row, column))
        return self.value(area[0], area[1]) if area else self.value(row, column)

    def covered_from(self, row: int, column: int) -> int | None:
        """The row of the cell that covers this one from above, None when it stands for itself."""
        area = self.areas.get((row, column))
        return area[0] if area and area[0] < row else None

    def filled(self, row: int) -> list[int]:
        """The columns that hold a value of their own in a row."""
        return [place for place, value in enumerate(self.values[row - 1], 1) if value is not None]

    def shows_something(self, row: int) -> bool:
        """Whether a row holds a value or shows that of a merged area from above."""
        if self.filled(row):
            return True
        covered = [column for column in range(1, self.width + 1) if self.covered_from(row, column)]
        return any(self.merged_value(row, column) is not None for column in covered)

    def filled_at(self, row: int) -> bool:
        """Whether a row, be it below the last one, holds something."""
        return 1 <= row <= self.last_row and any(
            value is not None for value in self.values[row - 1]
        )

    def texts(self, row: int) -> dict[int, str]:
        """The texts of a row by column."""
        cells = enumerate(self.values[row - 1], 1)
        return {place: value for place, value in cells if isinstance(value, str)}

    def shown(self, row: int) -> list[str]:
        """What stands in a row, as text."""
        return [str(value) for value in self.values[row - 1] if value is not None]

    def content_rows(self) -> int:
        """How many rows hold something."""
        return sum(any(value is not None for value in row) for row in self.values)


def cleaned(value: Scalar) -> Scalar:
    """A value without surrounding spaces, composed (NFC); an empty text is nothing."""
    if not isinstance(value, str):
        return value
    text = value if value.isascii() else unicodedata.normalize("NFC", value)
    if "_x000" in text:
        text = _ESCAPE.sub("\n", text)
    text = text.replace("\r\n", "\n").strip(_TRIMMED)
    return text or None


def is_ditto(value: Scalar) -> bool:
    """Whether a cell says « same as above »."""
    return isinstance(value, str) and len(value) <= 14 and value.casefold() in _DITTO
