"""Excel 97-2003 workbooks (.xls, also older ones), read by xlrd."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.budget import Budget
from prevention_app.exchange.reading.compound_file import workbook_stream
from prevention_app.exchange.reading.grid import SheetBuilder
from prevention_app.exchange.reading.remarks import CellNames
from prevention_app.exchange.reading.serial_dates import format_kind, moment
from prevention_app.exchange.reading.xlsx_values import number
from prevention_app.exchange.sheets import Scalar, Sheet

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.formatting import XF
    from xlrd.sheet import Sheet as XlsSheet

_SOLID = 1
_WHITE = (255, 255, 255)


def read_xls(content: bytes) -> tuple[list[Sheet], list[str]]:
    """The worksheets in order, and remarks as finished sentences.

    Raises:
        UnreadableFile: the workbook is damaged, protected, too large or has no worksheet.
    """
    book = _open(content)
    if not book.nsheets:
        raise UnreadableFile(refusals.ONLY_CHARTS)
    budget = Budget()
    sheets: list[Sheet] = []
    remarks: list[str] = []
    for each in book.sheets():
        reader = _SheetReader(book, each, budget)
        try:
            sheets.append(reader.read())
        except LookupError as error:
            raise refusals.damaged("feuille .xls illisible") from error
        remarks += reader.remarks
    return sheets, remarks


def _open(content: bytes) -> Book:
    """The workbook with its formats; xlrd meets damage with any kind of exception."""
    import xlrd
    from xlrd.biffh import XLRDError

    try:
        return xlrd.open_workbook(
            file_contents=workbook_stream(content),
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
        )
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableFile(refusals.PROTECTED) from error
        raise refusals.damaged("classeur .xls illisible") from error
    except Exception as error:
        raise refusals.damaged("classeur .xls illisible") from error


class _SheetReader:
    def __init__(self, book: Book, sheet: XlsSheet, budget: Budget) -> None:
        self.remarks: list[str] = []
        self._book = book
        self._sheet = sheet
        self._builder = SheetBuilder(sheet.name, budget, hidden=sheet.visibility != 0)
        self._partly_struck = CellNames()

    def read(self) -> Sheet:
        for row in range(self._sheet.nrows):
            for column in range(self._sheet.row_len(row)):
                self._read_cell(row, column)
        self._read_layout()
        if self._partly_struck:
            self._remark(f"texte barré en partie en {self._partly_struck}, lu en entier.")
        if self._builder.styles_dropped:
            self._remark(
                "trop de cellules colorées ou barrées : couleurs et texte barré ne sont pas lus."
            )
        return self._builder.finish()

    def _remark(self, sentence: str) -> None:
        self.remarks.append(f"Feuille « {self._builder.sheet.name} » : {sentence}")

    def _read_cell(self, row: int, column: int) -> None:
        style = self._book.xf_list[self._sheet.cell_xf_index(row, column)]
        value = self._value(row, column, style)
        self._builder.put(row + 1, column + 1, value)
        colour = self._fill(style)
        if colour is not None:
            self._builder.fill(row + 1, column + 1, colour)
        if value not in (None, ""):
            self._note_strike(row, column, style)

    def _value(self, row: int, column: int, style: XF) -> Scalar:
        import xlrd

        kind = self._sheet.cell_type(row, column)
        value = self._sheet.cell_value(row, column)
        if kind == xlrd.XL_CELL_ERROR:
            code = xlrd.error_text_from_code.get(int(value), "#N/A")
            self._builder.error(row + 1, column + 1, code)
            return None
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_DATE:
            return self._moment(row, column, float(value), style)
        if kind == xlrd.XL_CELL_NUMBER:
            return number(repr(value))
        return str(value) if kind == xlrd.XL_CELL_TEXT else None

    def _moment(self, row: int, column: int, serial: float, style: XF) -> Scalar:
        code = self._book.format_map[style.format_key].format_str
        kind = format_kind(code)
        if kind is None:
            return number(repr(serial))
        found = moment(serial, kind, from_1904=bool(self._book.datemode))
        if found is None:
            self._builder.impossible_date(row + 1, column + 1, f"{serial:g}")
        return found

    def _fill(self, style: XF) -> str | None:
        background = style.background
        if background is None or background.fill_pattern != _SOLID:
            return None
        colour = self._book.colour_map.get(background.pattern_colour_index)
        if colour is None or colour == _WHITE:
            return None
        return "{:02X}{:02X}{:02X}".format(*colour)

    def _note_strike(self, row: int, column: int, style: XF) -> None:
        """The cell's font counts up to the first run that has its own."""
        fonts = self._book.font_list
        runs = self._sheet.rich_text_runlist_map.get((row, column), [])
        used = [fonts[index] for _, index in runs]
        if not runs or runs[0][0] > 0:
            used.append(fonts[style.font_index])
        struck = [bool(font.struck_out) for font in used]
        if all(struck):
            self._builder.strike(row + 1, column + 1)
        elif any(struck):
            self._partly_struck.add(row + 1, column + 1)

    def _read_layout(self) -> None:
        sheet, builder = self._sheet, self._builder
        for top, bottom, left, right in sheet.merged_cells:
            builder.merge(top + 1, left + 1, bottom, right)
        for row, info in sheet.rowinfo_map.items():
            if info.hidden:
                builder.hide_rows(row + 1, row + 1)
        for column, info in sheet.colinfo_map.items():
            if info.hidden:
                builder.hide_columns(column + 1, column + 1)
        for (row, column), note in sheet.cell_note_map.items():
            builder.comment(row + 1, column + 1, note.text)
