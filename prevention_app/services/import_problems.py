"""Where in a file a refusal or a doubt belongs: the table, the column, the cell."""

from __future__ import annotations

import re
from typing import Final

from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood, Understanding
from prevention_app.services.binding.matcher import Outcome, RowResult
from prevention_app.services.import_plan import CellMark, ImportProblem

_COLUMNS: Final = {
    "done_on": "last_inspection",
    "happened_on": "date",
    "happened_at": "time",
    "person_name": "person",
    "use_by": "expires",
    "lifted_on": "observations_lifted_on",
    "months": "period_months",
    "staff_number": "matricule",
    "name": "equipment",
}
"""Fields whose column goes by another key in the files."""
_PLACE: Final = re.compile(r"^Ligne \d+(?:, colonne «.*?»)?\s*:\s*", re.DOTALL)


class Places:
    """The tables of one file, asked where things stand."""

    def __init__(self, understanding: Understanding) -> None:
        """Know the tables of a file that was understood."""
        self.tables = understanding.tables
        self._at = 0

    def table_at(self, sheet: str, row: int) -> int:
        """Which table a row belongs to; -1 where none is known."""
        if self._holds(self._at, sheet, row):
            return self._at
        # Rows come in the order of the tables: the last one found is most often the right one.
        for at in range(len(self.tables)):
            if self._holds(at, sheet, row):
                self._at = at
                return at
        return -1

    def _holds(self, at: int, sheet: str, row: int) -> bool:
        if at >= len(self.tables):
            return False
        table = self.tables[at]
        return table.sheet == sheet and table.header_last < row <= table.last_row

    def table_of(self, row: ImportedRow) -> TableUnderstood | None:
        """The table that a record was read from."""
        at = self.table_at(row.sheet, row.row)
        return self.tables[at] if at >= 0 else None

    def column_key(self, row: ImportedRow, key: str) -> str:
        """The import field that gave a field of the record; empty where no column did."""
        table = self.table_of(row)
        for wanted in (key, _COLUMNS.get(key, key)):
            if wanted in row.cells or (table and table.column_of(wanted)):
                return wanted
        # Also as a field of a child: « planned_actions.cost ».
        return next((name for name in row.cells if name.endswith(f".{key}")), "")

    def cell_of(self, row: ImportedRow, key: str) -> str:
        """Where a field was read, or would have been; empty where no column holds it."""
        wanted = self.column_key(row, key)
        if wanted in row.cells:
            return row.cells[wanted]
        table = self.table_of(row)
        match = table.column_of(wanted) if table and wanted else None
        return cell_name(row.row, match.column) if match else ""


def marks_of(places: Places, row: ImportedRow, result: RowResult) -> list[CellMark]:
    """Why a record is refused or doubtful: what its reading said, then what its binding said."""
    read = [CellMark("", each.cell, each.message, each.fatal) for each in row.problems]
    refused = result.outcome is Outcome.REFUSED
    return read + [
        CellMark(places.column_key(row, key), places.cell_of(row, key), message, refused)
        for key, message in result.problems
    ]


def problems_of(file: str, row: ImportedRow, marks: list[CellMark]) -> list[ImportProblem]:
    """The same for the report of an import."""
    return [
        ImportProblem(file, row.sheet, row.row, each.cell, each.message, each.refused)
        for each in marks
    ]


def at_cell(message: str, value: str) -> str:
    """A sentence for the cell itself: its line, its column and its value are on the screen."""
    said = _PLACE.sub("", message)
    if value:
        said = said.replace(f" ({value})", "")
        said = re.sub(rf"^«\s?{re.escape(value)}\s?» n’est pas ", "Ce n’est pas ", said)
    return said[:1].upper() + said[1:]
