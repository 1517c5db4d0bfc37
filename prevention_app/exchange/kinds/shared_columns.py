"""Columns that lists of many kinds have in common."""

from __future__ import annotations

from prevention_app.exchange import cell_parsers
from prevention_app.exchange.french_numbers import read_number
from prevention_app.exchange.import_kinds import CellRead, ImportColumn, Parsed
from prevention_app.exchange.sheet_names import department_of_sheet
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

DEPARTMENT = ImportColumn(
    "department", "Département", ("Département", "Dpt", "Dept", "CD", "Collectivité", "Employeur"),
    cell_parsers.department, carried=True, context=True,
)  # fmt: skip
"""Whose the row is."""


def _order(cell: CellRead) -> Parsed:
    """Nothing for the rank of a row; any other number is kept as a remark."""
    rank = read_number(cell.value)
    counted = rank is not None and 0 < rank < 10_000 and rank == rank.to_integral_value()
    return Parsed(remark="" if counted or cell.value is None else cell.text)


ORDER = ImportColumn(
    "_order", "N° d’ordre", ("N°", "N° d'ordre", "N° ordre", "Ordre", "Ligne", "N° ligne"), _order
)
"""The rank of a row, which changes with every row that is put in: nothing is read from it."""


def complete_department(row: ImportedRow, table: TableUnderstood) -> None:
    """Take the department from the sheet's name where no column says it."""
    if "department" not in row.values and not table.column_of("department"):
        named = department_of_sheet(table.sheet)
        if named:
            row.values["department"] = named
