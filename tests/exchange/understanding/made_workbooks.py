"""Workbooks made for one test: written by a spreadsheet library, read and understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

Rows = Sequence[Sequence[Any]]


def workbook(**sheets: Rows) -> Workbook:
    """A workbook with these sheets; « _ » in a name stands for a space."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    return book
