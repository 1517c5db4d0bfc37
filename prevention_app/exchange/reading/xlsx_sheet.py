"""One sheet of a .xlsx file: values, formulas without value, errors, formats, in one pass.

The cells are read here and not by a library because what an import must tell (a formula that was
never calculated, an error, a date that is none, a colour, a hidden row) stands beside the values
in the same stream, and because the libraries lay a sheet out in full before giving it: one value
in the last cell of a sheet then ends the program. Tests compare the values with two libraries.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.grid import (
    MAX_COLUMN,
    MAX_MARKS,
    SheetBuilder,
    check_address,
)
from prevention_app.exchange.reading.remarks import CellNames
from prevention_app.exchange.reading.serial_dates import DateKind, Moment, iso_moment, moment
from prevention_app.exchange.reading.xlsx_styles import PLAIN, CellStyle
from prevention_app.exchange.reading.xlsx_text import (
    RunText,
    SharedTexts,
    Struck,
    is_on,
    unescape,
)
from prevention_app.exchange.reading.xml_events import MAX_TEXT, Depth, local_name
from prevention_app.exchange.sheets import Address, Scalar

_DIGITS = "0123456789"
_EXACT_DIGITS = 15
"""Whole numbers up to here are the same as floating and as whole numbers."""
_EXTERNAL = re.compile(r"\[\d+\]")


@dataclass(slots=True)
class BookContext:
    """What cells refer to in the rest of the workbook."""

    texts: SharedTexts = field(default_factory=SharedTexts)
    styles: list[CellStyle] = field(default_factory=list[CellStyle])
    from_1904: bool = False
    has_external_links: bool = False
    moments: dict[tuple[str, DateKind], Moment | None] = field(
        default_factory=dict[tuple[str, DateKind], Moment | None]
    )
    """Dates already worked out: the same ones come back, and share their memory."""


class SheetEvents:
    """Reads the events of one sheet's XML into its builder."""

    def __init__(self, builder: SheetBuilder, context: BookContext) -> None:
        """Wait for the first element, which tells the namespace of all that count."""
        self.linked = CellNames()
        """Cells whose formula looks into another workbook."""
        self.partly_struck = CellNames()
        self.zero_formulas: list[Address] = []
        """Formulas whose stored value is the number 0, until one with another value is seen."""
        self.has_other_formulas = False
        self._builder = builder
        self._context = context
        self._depth = Depth()
        self._columns: dict[str, int] = {}
        self._row = self._column = 0
        self._row_text = ""
        self._type = "n"
        self._style = PLAIN
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._inline: RunText | None = None
        self._capture: list[str] | None = None
        self._captured = 0
        self._run: RunText | None = None
        self._tags: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if not self._depth.open:
            self._learn_tags(name)
        self._depth.enter()
        tag = self._tags.get(name)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v":
            self._value = self._start_capture()
        elif tag == "f":
            self._formula = self._start_capture()
        elif tag == "row":
            self._start_row(attributes)
        elif tag is not None:
            self._start_other(tag, attributes)
        elif self._run is not None:
            self._run.start(local_name(name), attributes)

    def end(self, name: str) -> None:
        """An element closes."""
        self._depth.leave()
        tag = self._tags.get(name)
        if tag == "c":
            self._end_cell()
        elif tag in ("v", "f"):
            self._capture = None
        elif tag == "is":
            self._run = None
        elif self._run is not None:
            self._run.end(local_name(name))

    def text(self, data: str) -> None:
        """Characters come in."""
        if self._capture is not None:
            self._captured += len(data)
            if self._captured > MAX_TEXT:
                raise refusals.too_large("plus d’un million de caractères dans une cellule")
            self._capture.append(data)
        elif self._run is not None:
            self._run.text(data)

    def _learn_tags(self, root: str) -> None:
        namespace = root[: root.rfind("}") + 1]
        self._tags = {
            namespace + tag: tag for tag in ("c", "v", "f", "row", "is", "col", "mergeCell")
        }

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else _row_number(number)
        self._row_text = str(self._row)
        self._column = 0
        if is_on(attributes.get("hidden", "0")):
            self._builder.sheet.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._place(reference)
        self._type = attributes.get("t", "n")
        styles, style = self._context.styles, attributes.get("s", "0")
        known = style.isdecimal() and int(style) < len(styles)
        self._style = styles[int(style)] if known else PLAIN
        self._value = self._formula = self._inline = None

    def _place(self, reference: str) -> None:
        """Go to the cell that the reference names; it counts more than the row around it."""
        letters = reference.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
        self._column = column
        digits = reference[len(letters) :]
        if digits != self._row_text:
            self._row = _row_number(digits)
            self._row_text = digits

    def _start_capture(self) -> list[str]:
        self._capture = []
        self._captured = 0
        return self._capture

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "is":
            self._inline = self._run = RunText()
        elif tag == "col":
            self._hide_columns(attributes)
        else:
            self._merge(attributes.get("ref", ""))

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        hidden = is_on(attributes.get("hidden", "0"))
        if hidden and first.isdecimal() and last.isdecimal():
            self._builder.sheet.hidden_columns.update(
                range(int(first), min(int(last), MAX_COLUMN) + 1)
            )

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last:
            self._builder.merge(*cell_address(first), *cell_address(last))

    def _end_cell(self) -> None:
        stored = None if self._value is None else "".join(self._value)
        row, column = self._row, self._column
        if self._formula is not None:
            self._note_formula(stored)
        value = self._inline.value if self._inline else self._scalar(stored)
        self._builder.put(row, column, value)
        style = self._style
        if style.fill is not None:
            self._builder.fill(row, column, style.fill)
        if value is not None:
            self._note_strike(stored)

    def _note_formula(self, stored: str | None) -> None:
        row, column = self._row, self._column
        if stored is None or (not stored and self._type != "str"):
            self._builder.uncalculated(row, column)
        elif stored == "0" and self._type == "n" and not self.has_other_formulas:
            if len(self.zero_formulas) <= MAX_MARKS:
                self.zero_formulas.append((row, column))
        else:
            self.has_other_formulas = True
            self.zero_formulas.clear()
        if self._context.has_external_links and _EXTERNAL.search("".join(self._formula or ())):
            self.linked.add(row, column)

    def _note_strike(self, stored: str | None) -> None:
        if self._inline is not None:
            struck = self._inline.struck
        elif self._type == "s":
            struck = self._context.texts.struck.get(int(stored or 0), Struck.NOT)
        else:
            struck = Struck.NOT
        if self._style.strike or struck is Struck.WHOLLY:
            self._builder.strike(self._row, self._column)
        elif struck is Struck.PARTLY:
            self.partly_struck.add(self._row, self._column)

    def _scalar(self, stored: str | None) -> Scalar:
        """The cell's value; what it is besides goes to the builder."""
        if not stored:
            return None
        kind = self._type
        if kind == "s":
            return self._shared(stored)
        if kind == "n":
            return self._numeric(stored)
        if kind == "b":
            return stored.strip().lower() in ("1", "true")
        if kind == "e":
            self._builder.error(self._row, self._column, stored)
            return None
        if kind == "d":
            return self._possible(iso_moment(stored), stored)
        return unescape(stored)

    def _shared(self, stored: str) -> str:
        texts = self._context.texts.texts
        if stored.isdecimal() and int(stored) < len(texts):
            return texts[int(stored)]
        raise refusals.damaged(f"texte n° {stored[:20]} absent")

    def _numeric(self, stored: str) -> Scalar:
        kind = self._style.date_kind
        if kind is None:
            value = number(stored)
            if value is None:
                self._builder.error(self._row, self._column, "#NUM!")
            return value
        moments = self._context.moments
        key = (stored, kind)
        if key not in moments:
            moments[key] = _stored_moment(stored, kind, from_1904=self._context.from_1904)
        return self._possible(moments[key], stored)

    def _possible(self, found: Moment | None, stored: str) -> Moment | None:
        if found is None:
            self._builder.impossible_date(self._row, self._column, stored)
        return found


def number(stored: str) -> int | float | str | None:
    """The number that a cell stores, whole if it is; None beyond all numbers.

    What is no number although the cell says so is kept as the text that it is.
    """
    if len(stored) <= _EXACT_DIGITS and stored.isdecimal():
        return int(stored)
    try:
        value = float(stored)
    except ValueError:
        return stored
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 10**_EXACT_DIGITS else value


def _stored_moment(stored: str, kind: DateKind, *, from_1904: bool) -> Moment | None:
    try:
        return moment(float(stored), kind, from_1904=from_1904)
    except ValueError:
        return None


def column_number(letters: str) -> int:
    """The column counted from 1: « AB » is 28.

    Raises:
        UnreadableFile: these are no letters of a column.
    """
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or column > MAX_COLUMN:
            raise refusals.damaged("adresse de cellule impossible")
        column = column * 26 + ord(letter) - 64
    check_address(1, column)
    return column


def cell_address(reference: str) -> Address:
    """Row and column counted from 1: « AB3 » is (3, 28).

    Raises:
        UnreadableFile: this names no cell.
    """
    letters = reference.rstrip(_DIGITS)
    return _row_number(reference[len(letters) :]), column_number(letters)


def _row_number(digits: str) -> int:
    if not digits.isdecimal() or len(digits) > len("1048576"):
        raise refusals.damaged("adresse de ligne impossible")
    check_address(int(digits), 1)
    return int(digits)
