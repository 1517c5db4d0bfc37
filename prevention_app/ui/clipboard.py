"""Blocks of cells on the clipboard, as spreadsheets read and write them: tabs between cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from prevention_app.catalogue.values import fold
from prevention_app.services.records import Row
from prevention_app.ui.record_columns import REFERENCE, Column

MOST_ROWS = 20_000
"""More rows than this are written to a file, not to the clipboard."""


def line_of(row: Row, columns: Sequence[Column]) -> list[str]:
    """What a record shows in these columns, whole and on one line each."""
    return [
        row.reference if each.key == REFERENCE else " ".join(row.texts[each.key].split())
        for each in columns
    ]


def to_text(lines: Sequence[Sequence[str]]) -> str:
    """Rows of cells as the text of a table."""
    written = io.StringIO()
    csv.writer(written, dialect="excel-tab", lineterminator="\n").writerows(lines)
    return written.getvalue().removesuffix("\n")


def from_text(text: str) -> list[list[str]]:
    """The rows of cells that a spreadsheet put on the clipboard, each as long as the longest."""
    held = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removesuffix("\n")
    try:
        lines = list(csv.reader(io.StringIO(held, newline=""), dialect="excel-tab"))
    except csv.Error:
        lines = [line.split("\t") for line in held.split("\n")]
    wide = max((len(line) for line in lines), default=0)
    return [line + [""] * (wide - len(line)) for line in lines]


def without_headings(
    lines: Sequence[Sequence[str]], columns: Sequence[Column]
) -> tuple[list[str], Sequence[Sequence[str]]] | None:
    """The columns that a first line of headings names, and the lines under it.

    None where the first line is no line of headings.
    """
    by_heading = {fold(each.heading): each.key for each in columns}
    by_heading |= {fold(each.field.heading): each.key for each in columns if each.field}
    keys = [by_heading.get(fold(text), "") for text in lines[0]] if lines else []
    if len(lines) < 2 or len(keys) < 2 or not all(keys) or len(set(keys)) < len(keys):
        return None
    return keys, lines[1:]
