"""How the workbooks look: formats, titles, headings, row heights; one place for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | time | None

NAVY = "#1F4E79"
GREEN = "#375623"
BROWN = "#833C0B"
MOSS = "#548235"
PALE_BLUE = "#DDEBF7"
GREY = "#F2F2F2"
LATE = "#FF9999"
SOON = "#FFE699"
LEVEL_FILLS = {
    "faible": "#A9D18E",
    "modéré": "#FFE699",
    "important": "#F4B183",
    "critique": "#FF7C80",
}


class Book:
    """A workbook being written, with its formats made once each."""

    def __init__(self, path: Path, title: str, font: str = "Calibri") -> None:
        """Start the file; its properties are fixed so that it comes out the same each time."""
        self.path = path
        self.font = font
        self.workbook = xlsxwriter.Workbook(str(path))
        self.workbook.set_properties(
            {
                "title": title,
                "author": "Service prévention (fichier fictif de démonstration)",
                "created": datetime(2026, 11, 24, 9, 0),  # noqa: DTZ001 - a file property
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __enter__(self) -> Self:
        """The book itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write the file."""
        self.workbook.close()

    def look(self, **wanted: Any) -> Format:
        """The format with these properties over the house's own (small, framed, top)."""
        merged = {
            "font_name": self.font,
            "font_size": 9,
            "valign": "top",
            "border": 1,
            "border_color": "#A6A6A6",
        } | wanted
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(merged)
        return self._formats[key]

    def sheet(self, name: str, widths: Sequence[float], *, print_rows: int = 0) -> Worksheet:
        """A sheet with its column widths, printed on one landscape page in width."""
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&F&C&8&A&R&8Page &P / &N")
        if print_rows:
            sheet.repeat_rows(print_rows - 1)
        return sheet

    def title(self, sheet: Worksheet, row: int, text: str, **wanted: Any) -> None:
        """A sheet's title, unframed."""
        look = self.look(
            **({"bold": True, "font_size": 13, "border": 0, "valign": "vcenter"} | wanted)
        )
        sheet.write_string(row - 1, 0, text, look)

    def headings(
        self, sheet: Worksheet, row: int, names: Sequence[str], fill: str = NAVY, **wanted: Any
    ) -> None:
        """A row of column headings, white on the fill."""
        look = self.head(fill, **wanted)
        sheet.set_row(row - 1, 32)
        for column, name in enumerate(names):
            sheet.write(row - 1, column, name, look)

    def head(self, fill: str = NAVY, **wanted: Any) -> Format:
        """The format of a heading."""
        white_on = {"bold": True, "font_size": 10, "font_color": "#FFFFFF", "bg_color": fill}
        placed = {"align": "center", "valign": "vcenter", "text_wrap": True}
        return self.look(**(white_on | placed | wanted))

    def put(self, sheet: Worksheet, row: int, column: int, value: Cell, **wanted: Any) -> None:
        """One value at a place counted from 1, in the format that its kind asks for."""
        if isinstance(value, time):
            shown = {"num_format": "hh:mm", "align": "center"} | wanted
            hours = value.hour / 24 + value.minute / 1440
            sheet.write_number(row - 1, column - 1, hours, self.look(**shown))
        elif isinstance(value, date):
            shown = {"num_format": "dd/mm/yyyy", "align": "center"} | wanted
            sheet.write_datetime(
                row - 1, column - 1, datetime.combine(value, time()), self.look(**shown)
            )
        elif isinstance(value, int | float):
            sheet.write_number(row - 1, column - 1, value, self.look(**wanted))
        elif value is None or value == "":
            sheet.write_blank(row - 1, column - 1, None, self.look(**wanted))
        else:
            sheet.write_string(row - 1, column - 1, value, self.look(text_wrap=True, **wanted))

    def formula(
        self, sheet: Worksheet, place: str, text: str, value: float | str, **wanted: Any
    ) -> None:
        """A formula with its computed value at a place such as « N7 »."""
        sheet.write(place, text, self.look(**wanted), value)


def height_for(texts: Sequence[tuple[Cell, float]]) -> float:
    """The row height that shows each text whole in a column of the width beside it."""
    most = 1
    for text, width in texts:
        lines = str(text or "").split("\n")
        most = max(most, sum(max(1, math.ceil(len(line) / (width * 1.15))) for line in lines))
    return max(15.0, 12.5 * most + 3)
