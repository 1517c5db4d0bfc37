"""What the cells of a .xlsx file store, as values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.grid import SheetBuilder
from prevention_app.exchange.reading.remarks import CellNames
from prevention_app.exchange.reading.serial_dates import DateKind, Moment, iso_moment, moment
from prevention_app.exchange.reading.xlsx_styles import CellStyle
from prevention_app.exchange.reading.xlsx_text import SharedTexts, Struck, unescape
from prevention_app.exchange.sheets import Scalar

_EXACT_DIGITS = 15
"""Whole numbers up to here are the same as floating and as whole numbers."""


_KEPT_MOMENTS = 50_000


@dataclass(slots=True)
class BookContext:
    """What cells refer to in the rest of the workbook."""

    texts: SharedTexts
    styles: list[CellStyle] = field(default_factory=list[CellStyle])
    from_1904: bool = False
    has_external_links: bool = False
    moments: dict[tuple[str, DateKind], Moment | None] = field(
        default_factory=dict[tuple[str, DateKind], Moment | None]
    )
    """Dates already worked out: the same ones come back, and share their memory."""


class CellValues:
    """Turns what the cells of one sheet store into values; what they are besides is marked."""

    def __init__(self, builder: SheetBuilder, context: BookContext) -> None:
        """Mark errors, impossible dates and struck text in that sheet."""
        self.partly_struck = CellNames()
        self._builder = builder
        self._context = context

    def value(
        self, row: int, column: int, kind: str | None, style: CellStyle, stored: str
    ) -> Scalar:
        """The value of a cell of that kind (its attribute `t`) that stores that text (not empty).

        Raises:
            UnreadableFile: the cell refers to a text that the file does not have.
        """
        if kind == "s":
            return self._shared(row, column, stored)
        if kind is None or kind == "n":
            if style.date_kind is not None:
                return self._possible(row, column, self._moment(style.date_kind, stored), stored)
            found = number(stored)
            if found is None:
                self._builder.error(row, column, "#NUM!")
            return found
        if kind == "b":
            return stored.strip().lower() in ("1", "true")
        if kind == "e":
            self._builder.error(row, column, stored)
            return None
        if kind == "d":
            return self._possible(row, column, iso_moment(stored), stored)
        return self._builder.budget.kept_text(unescape(stored))

    def note_strike(self, row: int, column: int, struck: Struck) -> None:
        """Mark a cell whose text is struck through, wholly or in part."""
        if struck is Struck.WHOLLY:
            self._builder.strike(row, column)
        elif struck is Struck.PARTLY:
            self.partly_struck.add(row, column)

    def _shared(self, row: int, column: int, stored: str) -> str | None:
        shared = self._context.texts
        index = int(stored) if stored.isdecimal() else -1
        if not 0 <= index < len(shared.texts):
            raise refusals.damaged(f"texte n° {stored[:20]} absent")
        if index in shared.struck:
            self.note_strike(row, column, shared.struck[index])
        return shared.texts[index] or None

    def _moment(self, kind: DateKind, stored: str) -> Moment | None:
        known = self._context.moments
        key = (stored, kind)
        if key not in known:
            if len(known) > _KEPT_MOMENTS:
                known.clear()
            known[key] = _stored_moment(stored, kind, from_1904=self._context.from_1904)
        return known[key]

    def _possible(self, row: int, column: int, found: Moment | None, stored: str) -> Moment | None:
        if found is None:
            self._builder.impossible_date(row, column, stored)
        return found


def number(stored: str) -> int | float | str | None:
    """The number that a cell stores, whole if it is; None beyond all numbers.

    What is no number although the cell says so is kept as the text that it is.
    """
    if len(stored) <= _EXACT_DIGITS and stored.isdecimal():
        return int(stored)
    try:
        found = float(stored)
    except ValueError:
        return stored
    if not math.isfinite(found):
        return None
    return int(found) if found.is_integer() and abs(found) < 10**_EXACT_DIGITS else found


def _stored_moment(stored: str, kind: DateKind, *, from_1904: bool) -> Moment | None:
    try:
        return moment(float(stored), kind, from_1904=from_1904)
    except ValueError:
        return None
