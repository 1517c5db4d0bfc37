"""One sheet of a .xlsx file: values, formulas without value, errors, formats, in one pass.

The cells are read here and not by a library because what an import must tell (a formula that was
never calculated, an error, a date that is none, a colour, a hidden row) stands beside the values
in the same stream, and because the libraries lay a sheet out in full before giving it: one value
in the last cell of a sheet then ends the program. Tests compare the values with two libraries.
"""

from __future__ import annotations

import re

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.budget import MAX_MARKS
from prevention_app.exchange.reading.cell_addresses import DIGITS, cell_address, row_number
from prevention_app.exchange.reading.grid import SheetBuilder
from prevention_app.exchange.reading.remarks import CellNames
from prevention_app.exchange.reading.xlsx_styles import PLAIN
from prevention_app.exchange.reading.xlsx_text import RunText, is_on
from prevention_app.exchange.reading.xlsx_values import BookContext, CellValues
from prevention_app.exchange.reading.xml_events import MAX_TEXT, Depth, local_name
from prevention_app.exchange.sheets import Address, Scalar

_EXTERNAL = re.compile(r"\[\d+\]")


class SheetEvents:
    """Reads the events of one sheet's XML, with names as written, into its builder.

    A large sheet has millions of cells. `start`, `end` and `text` therefore only note a plain cell,
    and `_finish_cells` turns those of one row into values at once; cells with a formula or with
    text of their own are finished one by one.
    """

    def __init__(self, builder: SheetBuilder, context: BookContext) -> None:
        """Wait for the first element, which tells the prefix of all that count."""
        self.linked = CellNames()
        """Cells whose formula looks into another workbook."""
        self.zero_formulas: list[Address] = []
        """Formulas whose stored value is the number 0, until one with another value is seen."""
        self.has_other_formulas = False
        self._builder = builder
        self._values = CellValues(builder, context)
        self._has_external_links = context.has_external_links
        self._styles = {str(number): style for number, style in enumerate(context.styles)}
        self._depth = Depth()
        self._cell_tag = self._value_tag = self._row_tag = ""
        self._other_tags: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._row = self._column = 0
        self._row_text = ""
        self._in_row = self._in_cell = self._in_value = self._in_formula = False
        self._type: str | None = None
        self._style: str | None = None
        self._value = ""
        self._formula: str | None = None
        self._has_value = False
        self._own_text: RunText | None = None
        self._cells: list[tuple[int, str | None, str | None, str]] = []

    @property
    def partly_struck(self) -> CellNames:
        """Cells of which some words are struck through."""
        return self._values.partly_struck

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if name == self._value_tag and self._in_cell and not self._in_value:
            self._in_value = self._has_value = True
        elif name == self._cell_tag and self._in_row and not self._in_cell:
            self._in_cell = True
            self._type = attributes.get("t")
            self._style = attributes.get("s")
            reference = attributes.get("r", "")
            column = self._columns.get(reference.removesuffix(self._row_text))
            if column is None:
                column = self._find_place(reference)
            if column <= self._column:
                self._finish_cells()
            self._column = column
        elif name == self._row_tag and not self._in_row:
            self._start_row(attributes)
        else:
            self._start_other(name, attributes)

    def end(self, name: str) -> None:
        """An element closes."""
        if name == self._value_tag and self._in_value:
            self._in_value = False
        elif name == self._cell_tag and self._in_cell:
            self._in_cell = False
            if self._formula is None and self._own_text is None:
                self._cells.append((self._column, self._type, self._style, self._value))
            else:
                self._finish_cell()
            self._value = ""
            self._has_value = False
        elif name == self._row_tag and self._in_row:
            self._in_row = False
            self._finish_cells()
        else:
            self._end_other(name)

    def text(self, data: str) -> None:
        """Characters come in, mostly all of a value at once and else in large pieces."""
        if self._in_value:
            self._value += data
            if len(self._value) > MAX_TEXT:
                raise refusals.text_too_long()
        elif self._own_text is not None:
            self._own_text.text(data)
        elif self._in_formula:
            self._formula = f"{self._formula}{data}"
            if len(self._formula) > MAX_TEXT:
                raise refusals.text_too_long()

    # Elements that hold cells.

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        if not self._depth.open:
            self._learn_tags(name)
        self._depth.enter()
        tag = self._other_tags.get(name)
        if self._own_text is not None:
            self._own_text.start(local_name(name), attributes)
        elif tag == "f" and self._in_cell:
            self._in_formula = True
            self._formula = ""
        elif tag == "is" and self._in_cell:
            self._own_text = RunText()
        elif tag == "col":
            self._hide_columns(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end_other(self, name: str) -> None:
        self._depth.leave()
        self._in_formula = False
        if self._own_text is not None:
            self._own_text.end(local_name(name))

    def _learn_tags(self, root: str) -> None:
        prefix = root[: root.rfind(":") + 1]
        self._cell_tag, self._value_tag, self._row_tag = f"{prefix}c", f"{prefix}v", f"{prefix}row"
        self._other_tags = {prefix + tag: tag for tag in ("f", "is", "col", "mergeCell")}

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._in_row = True
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else row_number(number)
        self._row_text = str(self._row)
        self._column = 0
        if is_on(attributes.get("hidden", "0")):
            self._builder.hide_rows(self._row, self._row)

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        hidden = is_on(attributes.get("hidden", "0"))
        if hidden and first.isdecimal() and last.isdecimal():
            self._builder.hide_columns(int(first), int(last))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last:
            self._builder.merge(*cell_address(first), *cell_address(last))

    def _find_place(self, reference: str) -> int:
        """The column of a new or strange reference, whose row counts more than the row around it.

        A cell without reference follows the one before.
        """
        if not reference:
            return self._column + 1
        row, column = cell_address(reference)
        if row != self._row:
            self._finish_cells()
            self._row, self._column = row, 0
            self._row_text = str(row)
        self._columns[reference.rstrip(DIGITS)] = column
        return column

    # Cells.

    def _finish_cells(self) -> None:
        """Store the plain cells noted since the last time, all of one row."""
        noted, self._cells = self._cells, []
        found: list[tuple[int, Scalar]] = []
        for column, kind, style_number, stored in noted:
            style = self._styles.get(style_number or "0", PLAIN)
            if stored:
                value = self._values.value(self._row, column, kind, style, stored)
                if value is not None:
                    found.append((column, value))
                    if style.strike:
                        self._builder.strike(self._row, column)
            if style.fill is not None:
                self._builder.fill(self._row, column, style.fill)
        if found:
            self._builder.put_row(self._row, found)

    def _finish_cell(self) -> None:
        """Store the cell that has a formula or text of its own."""
        row, column, stored = self._row, self._column, self._value
        style = self._styles.get(self._style or "0", PLAIN)
        if self._formula is not None:
            self._note_formula(stored, self._formula)
        value: Scalar = None
        if self._own_text is not None:
            value = self._own_text.value
            self._values.note_strike(row, column, self._own_text.struck)
        elif stored:
            value = self._values.value(row, column, self._type, style, stored)
        self._formula = self._own_text = None
        self._builder.put(row, column, value)
        if style.fill is not None:
            self._builder.fill(row, column, style.fill)
        if style.strike and value is not None:
            self._builder.strike(row, column)

    def _note_formula(self, stored: str, formula: str) -> None:
        row, column = self._row, self._column
        if not stored and not (self._has_value and self._type == "str"):
            self._builder.uncalculated(row, column)
        elif stored == "0" and self._type in (None, "n") and not self.has_other_formulas:
            if len(self.zero_formulas) <= MAX_MARKS:
                self.zero_formulas.append((row, column))
        else:
            self.has_other_formulas = True
            self.zero_formulas.clear()
        if self._has_external_links and _EXTERNAL.search(formula):
            self.linked.add(row, column)
