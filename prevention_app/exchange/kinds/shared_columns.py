"""Columns that lists of many kinds have in common."""

from __future__ import annotations

from prevention_app.exchange import cell_parsers
from prevention_app.exchange.french_numbers import read_number
from prevention_app.exchange.import_kinds import CellRead, ImportColumn, Parsed

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
