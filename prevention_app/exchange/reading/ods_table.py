"""One sheet of an OpenDocument spreadsheet, whose rows and cells may stand for many."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from prevention_app.exchange.reading.grid import SheetBuilder
from prevention_app.exchange.reading.ods_names import CALC_VALUE_TYPE, OFFICE, TABLE, repeat
from prevention_app.exchange.reading.ods_text import Paragraphs
from prevention_app.exchange.reading.remarks import CellNames
from prevention_app.exchange.reading.serial_dates import Moment, iso_moment
from prevention_app.exchange.reading.xlsx_values import number
from prevention_app.exchange.sheets import Scalar

_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_FORMULA = f"{TABLE}formula"
_REPEATED_COLUMNS = f"{TABLE}number-columns-repeated"
_REPEATED_ROWS = f"{TABLE}number-rows-repeated"
_ERROR = re.compile(r"#[A-ZÀ-Ý0-9/ ]+[!?]?|Err(?:eur)? ?: ?\d{3}")
_EXTERNAL = re.compile(r"'(?:file|https?|smb|ftp):", re.IGNORECASE)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,7})D)?T?(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7}(?:[.,]\d+)?)S)?"
)


class TableEvents:
    """Reads the events within one `<table:table>` element into its builder."""

    def __init__(self, builder: SheetBuilder) -> None:
        """Start before the first column."""
        self.linked = CellNames()
        """Cells whose formula looks into another workbook."""
        self._builder = builder
        self._budget = builder.budget
        self._row = self._column = 0
        self._row_repeat = 1
        self._row_cells: list[tuple[int, Scalar]] = []
        self._cell: dict[str, str] | None = None
        self._cell_depth = 0
        self._content = Paragraphs()
        self._note: Paragraphs | None = None
        self._note_depth = 0

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """An element opens, so many levels deep in the document."""
        if self._note is not None:
            self._note.start(name, attributes, depth - self._note_depth)
        elif self._cell is not None:
            if name == f"{OFFICE}annotation":
                self._note = Paragraphs()
                self._note_depth = depth
            else:
                self._content.start(name, attributes, depth - self._cell_depth)
        elif name in _CELLS:
            self._cell = attributes
            self._cell_depth = depth
            self._content = Paragraphs()
        elif name == f"{TABLE}table-row":
            self._start_row(attributes)
        elif name == f"{TABLE}table-column":
            self._start_column(attributes)

    def end(self, name: str, depth: int) -> None:
        """An element closes."""
        if self._note is not None:
            self._end_in_note(self._note, name, depth - self._note_depth)
        elif self._cell is not None:
            if depth > self._cell_depth:
                self._content.end(name, depth - self._cell_depth)
            else:
                self._end_cell(self._cell)
                self._cell = None
        elif name == f"{TABLE}table-row":
            self._end_row()

    def text(self, data: str) -> None:
        """Characters come in."""
        if self._note is not None:
            self._note.text(data)
        elif self._cell is not None:
            self._content.text(data)

    def _start_column(self, attributes: dict[str, str]) -> None:
        count = repeat(attributes, _REPEATED_COLUMNS)
        if _is_hidden(attributes):
            self._builder.hide_columns(self._column + 1, self._column + count)
        self._column += count

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row_repeat = repeat(attributes, _REPEATED_ROWS)
        if _is_hidden(attributes):
            self._builder.hide_rows(self._row + 1, self._row + self._row_repeat)
        self._row += 1
        self._column = 0
        self._row_cells = []

    def _end_row(self) -> None:
        if self._row_cells:
            self._budget.require_cells(len(self._row_cells) * self._row_repeat)
            for row in range(self._row, self._row + self._row_repeat):
                for column, value in self._row_cells:
                    self._builder.put(row, column, value)
        self._row += self._row_repeat - 1

    def _end_in_note(self, note: Paragraphs, name: str, depth: int) -> None:
        if depth:
            note.end(name, depth)
        else:
            self._builder.comment(self._row, self._column + 1, note.value)
            self._note = None

    def _end_cell(self, cell: dict[str, str]) -> None:
        row, first = self._row, self._column + 1
        count = repeat(cell, _REPEATED_COLUMNS)
        value = self._value(cell, row, first)
        if value not in (None, ""):
            self._budget.spend_places(count)
            self._row_cells += [(column, value) for column in range(first, first + count)]
        columns = repeat(cell, f"{TABLE}number-columns-spanned")
        rows = repeat(cell, f"{TABLE}number-rows-spanned")
        if columns > 1 or rows > 1:
            self._builder.merge(row, first, row + rows - 1, first + columns - 1)
        if _EXTERNAL.search(cell.get(_FORMULA, "")):
            self.linked.add(row, first)
        self._column += count

    def _value(self, cell: dict[str, str], row: int, column: int) -> Scalar:
        """The cell's value; what it is besides goes to the builder."""
        kind = cell.get(f"{OFFICE}value-type")
        shown = self._content.value
        is_formula = _FORMULA in cell
        if cell.get(CALC_VALUE_TYPE) == "error" or (is_formula and _ERROR.fullmatch(shown)):
            self._builder.error(row, column, shown)
            return None
        if kind is None and is_formula:
            self._builder.uncalculated(row, column)
            return None
        if kind in ("float", "percentage", "currency"):
            return number(cell.get(f"{OFFICE}value", shown))
        if kind == "boolean":
            return cell.get(f"{OFFICE}boolean-value") == "true"
        if kind in ("date", "time"):
            return self._moment(cell.get(f"{OFFICE}{kind}-value", ""), kind, row, column)
        return shown or cell.get(f"{OFFICE}string-value", "")

    def _moment(self, stored: str, kind: str, row: int, column: int) -> Moment | None:
        found = iso_moment(stored) if kind == "date" else _duration(stored)
        if found is None:
            self._builder.impossible_date(row, column, stored)
        return found


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get(f"{TABLE}visibility", "visible") != "visible"


def _duration(stored: str) -> Moment | None:
    """An ISO 8601 duration: a time of day below 24 hours, else a length of time."""
    found = _DURATION.fullmatch(stored)
    if found is None:
        return None
    days, hours, minutes = (int(found[group] or 0) for group in (2, 3, 4))
    seconds = float((found[5] or "0").replace(",", "."))
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if found[1]:
        return -length
    return length if length >= timedelta(days=1) else (datetime.min + length).time()
