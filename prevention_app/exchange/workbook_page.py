"""One sheet being written: cells of every kind, titles, headings, paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from prevention_app.exchange.sheet_stream import fitted, legal, line_height, serial_day
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import (
    Cell,
    Column,
    Formula,
    Link,
    Named,
    Paper,
    Sheet,
    Workbook,
)
from prevention_app.exchange.workbook_styles import LINE_FACTOR, TABS, Styles, is_wrapped

LONGEST_HEADER = 80
"""Of a part of the page header, so that the whole stays under Excel's 255 characters."""
BACK = "← Sommaire"

_PAPERS = {Paper.A4: 9, Paper.A3: 8}
_PLACE = re.compile(r"\{(\d+)(:?)\}")


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def quoted_sheet(name: str) -> str:
    """The name of a sheet as formulas and links write it."""
    return "'" + name.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a table, counted from 0: what ``{2:}`` in its formulas ranges over."""

    first: int
    last: int
    first_column: int = 0


class Page:
    """A sheet of the workbook that is being written."""

    def __init__(self, book: Any, styles: Styles, workbook: Workbook, spec: Sheet) -> None:
        """Add the sheet; its paper, header and footer are set at once."""
        self.book = book
        self.styles = styles
        self.spec = spec
        self.sheet = book.add_worksheet(spec.name)
        self.sheet.hide_gridlines(2)
        self.sheet.set_tab_color(TABS[spec.tab])
        self.sheet.set_landscape()
        self.sheet.set_paper(_PAPERS[spec.paper])
        self.sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.6)
        self.sheet.set_header(_header(workbook.header, spec.name), {"margin": 0.3})
        self.sheet.set_footer(_footer(workbook.footer), {"margin": 0.25})

    def put(
        self, row: int, column: int, cell: Cell, style: Any, lines: Lines | None = None
    ) -> None:
        """Write a cell, rows and columns counted from 0."""
        if isinstance(cell, Formula):
            text = _placed(cell.text, row, lines) if lines else cell.text
            self.sheet.write_formula(row, column, text, style, cell.value)
        elif isinstance(cell, Named):
            self.put(row, column, cell.value, style)
        elif isinstance(cell, Link):
            target = f"internal:{quoted_sheet(cell.sheet)}!A1"
            self.sheet.write_url(row, column, target, style, cell.text)
        else:
            self._put_plain(row, column, cell, style)
        if isinstance(cell, (Formula, Named)) and cell.name:
            where = f"{quoted_sheet(self.spec.name)}!${letters(column)}${row + 1}"
            self.book.define_name(cell.name, f"={where}")

    def _put_plain(self, row: int, column: int, cell: Any, style: Any) -> None:
        if cell is None or cell == "":
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(cell, bool):
            self.sheet.write_boolean(row, column, cell, style)
        elif isinstance(cell, (int, float, Decimal)):
            self.sheet.write_number(row, column, float(cell), style)
        elif isinstance(cell, datetime):
            self.sheet.write_datetime(row, column, cell, style)
        elif isinstance(cell, date):
            number = serial_day(cell)
            if number is None:
                self.sheet.write_string(row, column, f"{cell:%d/%m/}{cell.year:04}", style)
            else:
                self.sheet.write_number(row, column, number, style)
        else:
            self.sheet.write_string(row, column, storable(str(cell)), style)

    def title(self, *, back_to: str = "") -> None:
        """Title, explanation and the way back to the contents: rows 1 to 3 of every sheet."""
        self.sheet.set_row(0, 27)
        self.put(0, 0, self.spec.title, self.styles.title())
        self.put(1, 0, typeset(self.spec.explanation), self.styles.explanation())
        if back_to:
            self.put(2, 0, Link(BACK, back_to), self.styles.link())

    def headings(self, row: int, columns: Sequence[Column], first_column: int = 0) -> None:
        """The headings of a table."""
        self.sheet.set_row(row, 32)
        for at, each in enumerate(columns, first_column):
            self.put(row, at, each.heading, self.styles.heading(each))

    def widths(self, columns: Sequence[Column]) -> None:
        """The widths of the columns of a table that begins in column A; some are hidden."""
        for at, each in enumerate(columns):
            self.sheet.set_column(at, at, each.width, None, {"hidden": each.hidden})

    def fit_height(
        self, row: int, cells: Sequence[Cell], columns: Sequence[Column], least: float = 15.2
    ) -> None:
        """Make a row tall enough for its longest wrapped text."""
        lines = [
            ceil(len(shown_text(cell)) / (column.width * LINE_FACTOR))
            for cell, column in zip(cells, columns, strict=False)
            if is_wrapped(column.look)
        ]
        self.sheet.set_row(row, max(least, line_height(max(lines, default=1))))

    def one_page_wide(self, *, pages_tall: int = 0) -> None:
        """Fit to the width of the paper, as many pages tall as it takes unless said."""
        self.sheet.fit_to_pages(1, pages_tall)


def storable(text: str) -> str:
    """The text as a cell may hold it; what XML forbids is written out by XlsxWriter."""
    return fitted(text)[0].encode("utf-8", "replace").decode().replace("\r\n", "\n")


def shown_text(cell: Cell) -> str:
    """What is read in a cell, as far as its length matters."""
    if isinstance(cell, Formula):
        return str(cell.value)
    if isinstance(cell, Named):
        return str(cell.value)
    if isinstance(cell, Link):
        return cell.text
    return "" if cell is None else str(cell)


def amount_of(cell: Cell) -> float:
    """The number that a cell holds; 0 where it holds none."""
    value = cell.value if isinstance(cell, (Formula, Named)) else cell
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0


def _placed(text: str, row: int, lines: Lines) -> str:
    def address(found: re.Match[str]) -> str:
        column = letters(lines.first_column + int(found.group(1)) - 1)
        if found.group(2):
            return f"{column}{lines.first + 1}:{column}{lines.last + 1}"
        return f"{column}{row + 1}"

    return _PLACE.sub(address, text)


def _header(sides: tuple[str, str], name: str) -> str:
    # A space after the size: a text that begins with a digit would be read as part of it.
    left, right = map(_header_text, sides)
    return f'&L&"Calibri,Bold"&9 {left}&C&"Calibri,Regular"&9 {_header_text(name)}&R&9 {right}'


def _footer(sides: tuple[str, str]) -> str:
    left, right = map(_header_text, sides)
    return f'&L&"Calibri,Regular"&8 {left}&C&8 Page &P sur &N&R&8 {right}'


def _header_text(text: str) -> str:
    shortened = text if len(text) <= LONGEST_HEADER else text[: LONGEST_HEADER - 1] + "…"
    return legal(shortened).replace("&", "&&")
