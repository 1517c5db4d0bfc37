"""Refused lines written out with their reasons, in columns that an import understands again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from prevention_app.exchange.mapping import LINE, REASON
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.sheets import Scalar

_WIDTH, _REASON_WIDTH, _LINE_WIDTH = 22, 70, 14
_DAY: Final = {"num_format": "dd/mm/yyyy", "valign": "top"}
_MOMENT: Final = {"num_format": "dd/mm/yyyy hh:mm", "valign": "top"}


@dataclass(frozen=True, slots=True)
class RefusedTable:
    """The refused lines of one table of a file, as they stand there."""

    sheet: str
    """Name of its sheet: no other table of the same workbook has it."""
    headings: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[Scalar]]]
    """Why it was refused (empty on the further rows of a record), its line, its cells."""


def write_refused(tables: Sequence[RefusedTable], out: Path) -> None:
    """Write the workbook; one of that name is replaced when all is written, or stays.

    No colour and no comment is set: an import reads them. Raises PreventionError when the file
    cannot be written.
    """
    from xlsxwriter import Workbook

    refuse_locked(out)
    with replacing(out) as file:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        opened: Any = Workbook(file, options)
        with opened as book:
            looks = {
                "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
                "text": book.add_format({"text_wrap": True, "valign": "top"}),
                "day": book.add_format(_DAY),
                "moment": book.add_format(_MOMENT),
            }
            for table in tables:
                _write_table(book.add_worksheet(table.sheet), table, looks)


def _write_table(sheet: Any, table: RefusedTable, looks: dict[str, Any]) -> None:
    headings = [REASON, LINE, *table.headings]
    sheet.set_column(0, 0, _REASON_WIDTH)
    sheet.set_column(1, 1, _LINE_WIDTH)
    sheet.set_column(2, max(len(headings) - 1, 2), _WIDTH)
    sheet.freeze_panes(1, 2)
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, looks["heading"])
    for number, (reason, line, cells) in enumerate(table.rows, 1):
        for at, value in enumerate((reason, line, *cells)):
            if value is not None and value != "":
                _write_cell(sheet, number, at, value, looks)


def _write_cell(sheet: Any, row: int, column: int, value: Scalar, looks: dict[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, column, "oui" if value else "non", looks["text"])
    elif isinstance(value, datetime):
        whole = value.time() == time.min
        sheet.write_datetime(row, column, value, looks["day" if whole else "moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, looks["day"])
    elif isinstance(value, time | timedelta):
        sheet.write_string(row, column, str(value), looks["text"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value, looks["text"])
    else:
        sheet.write_number(row, column, value or 0)
