"""What the title block above a table, or a labelled line within it, says of the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from prevention_app.exchange.cell_parsers import department_named
from prevention_app.exchange.headings import HeadingBook
from prevention_app.exchange.import_kinds import CellRead, ColumnFacts, ImportColumn
from prevention_app.exchange.sheet_view import SheetView
from prevention_app.exchange.sheets import Scalar, cell_name

_LABELLED = re.compile(r"(?P<label>[^:\n]{2,45}?)\s*:\s*(?P<value>\S.*)", re.DOTALL)


@dataclass(slots=True)
class Context:
    """Values that hold for every row of a table, by import field, and where they stand."""

    values: dict[str, object] = field(default_factory=dict[str, object])
    cells: dict[str, str] = field(default_factory=dict[str, str])

    def put(self, values: dict[str, object], cell: str) -> None:
        """Add values read at a cell; what is already known stays."""
        for key, value in values.items():
            if key not in self.values:
                self.values[key] = value
                self.cells[key] = cell


def read_context(view: SheetView, rows: Iterable[int], book: HeadingBook) -> Context:
    """The labelled values of some rows: « Unité de travail : » with what follows it."""
    context = Context()
    words: list[str] = []
    for row in rows:
        _read_row(view, row, book, context)
        words += view.texts(row).values()
    number = department_named(" ".join(words))
    if number and any(column.key == "department" for column in book.columns):
        context.put({"department": number}, "")
    return context


def is_labelled(view: SheetView, row: int, book: HeadingBook) -> bool:
    """Whether a row within a table only labels what follows (« Unité : Atelier »)."""
    texts = view.texts(row)
    if not texts or len(view.filled(row)) > 6:
        return False
    first = next(iter(texts.values()))
    match = _LABELLED.fullmatch(first)
    label = match["label"] if match else first.rstrip(" :") if first.endswith(":") else ""
    return bool(label) and _context_field(label, book) is not None


def _read_row(view: SheetView, row: int, book: HeadingBook, context: Context) -> None:
    filled = view.filled(row)
    place = 0
    while place < len(filled):
        column = filled[place]
        place += 1
        value = view.value(row, column)
        if not isinstance(value, str):
            continue
        match = _LABELLED.fullmatch(value)
        if match and (key := _context_field(match["label"], book)):
            _put(context, book, key, match["value"].strip(), cell_name(row, column))
        elif place < len(filled) and _is_label(value, view.value(row, filled[place]), book):
            key = _context_field(value.rstrip(" :"), book)
            if key:
                follows = filled[place]
                _put(context, book, key, view.value(row, follows), cell_name(row, follows))
            place += 1


def _is_label(text: str, following: Scalar, book: HeadingBook) -> bool:
    if text.endswith(":"):
        return not (isinstance(following, str) and following.endswith(":"))
    follows_label = isinstance(following, str) and book.exact(following) is not None
    return book.exact(text) is not None and not follows_label


def _context_field(label: str, book: HeadingBook) -> str | None:
    best = book.best(label)
    if best is None:
        return None
    column = next(column for column in book.columns if column.key == best[0])
    return column.key if column.context else None


def _put(context: Context, book: HeadingBook, key: str, value: Scalar, cell: str) -> None:
    column = next(column for column in book.columns if column.key == key)
    put_parsed(context, column, value, cell)


def put_parsed(context: Context, column: ImportColumn, value: Scalar, cell: str) -> None:
    """Add what a text outside the columns says of a field, when it can be read as one."""
    parsed = column.parse(CellRead(value, ColumnFacts((value,), 1)))
    if parsed.value is None or parsed.problem:
        return
    key = column.key
    extras = {key + extra if extra[0] == "_" else extra: of for extra, of in parsed.extras.items()}
    context.put({key: parsed.value, **extras}, cell)
