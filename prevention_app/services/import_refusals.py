"""Refused lines taken out of an import: a workbook with the reasons, which can come back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from prevention_app.errors import Refused
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.mapping import is_ours
from prevention_app.exchange.refused_rows import RefusedTable, write_refused
from prevention_app.exchange.sheet_view import is_ditto
from prevention_app.exchange.sheets import Scalar, Sheet, cell_name
from prevention_app.exchange.understood import ColumnMatch, TableUnderstood
from prevention_app.services import imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_corrections import address_of, raw_text
from prevention_app.services.import_plan import ImportPlan, ImportRequest, PlannedRow
from prevention_app.services.import_problems import Places, at_cell
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_refusals(store: Store, request: ImportRequest, out: Path, progress: Progress) -> int:
    """Write the lines that an import would refuse, each with its reasons; returns how many.

    What stands above a table or in merged cells gets columns of its own, so that the workbook can
    be imported by itself once corrected. Raises Refused when nothing is refused.
    """
    kind = imports.kind_of(store, request.kind)
    plan, _ = imports.prepare(store, request, progress)
    tables = list(_tables(kind, plan))
    if not tables:
        raise Refused("Aucune ligne n’est refusée : il n’y a rien à écrire.")
    progress.step(0, 0, f"Écriture de « {out.name} »")
    write_refused(tables, out)
    return plan.count(Outcome.REFUSED)


def _tables(kind: ImportKind, plan: ImportPlan) -> Iterable[RefusedTable]:
    taken: set[str] = set()
    for understanding, rows in zip(plan.understandings, plan.by_file, strict=True):
        places = Places(understanding)
        sheets = {sheet.name: sheet for sheet in understanding.source.sheets}
        refused: dict[int, list[PlannedRow]] = {}
        for row in rows:
            at = places.table_at(row.sheet, row.row)
            if row.outcome is Outcome.REFUSED and at >= 0:
                refused.setdefault(at, []).append(row)
        for at, of_table in refused.items():
            table = understanding.tables[at]
            writer = _TableWriter(kind, table, sheets[table.sheet], of_table)
            yield writer.table(_free_name(table.sheet, taken))


def _free_name(wanted: str, taken: set[str]) -> str:
    """A sheet's name that a workbook takes and no other sheet has."""
    plain = _FORBIDDEN.sub(" ", wanted).strip("' ")[:_LONGEST_NAME] or "Refus"
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        ending = f" ({count})"
        name = plain[: _LONGEST_NAME - len(ending)] + ending
    taken.add(name.casefold())
    return name


class _TableWriter:
    """The refused lines of one table."""

    def __init__(
        self, kind: ImportKind, table: TableUnderstood, sheet: Sheet, rows: Sequence[PlannedRow]
    ) -> None:
        self.kind, self.sheet, self.rows = kind, sheet, rows
        self.columns = [each for each in table.columns if not is_ours(each.heading)]
        held = {each.field for each in self.columns}
        beside = {key for row in rows for key in row.read[0].values} - held
        self.beside = [
            each for each in kind.columns if each.key in beside and not (each.child or each.many)
        ]
        """What is said elsewhere than in a column: above the table, in the sheet's name."""

    def table(self, name: str) -> RefusedTable:
        headings = [*(self._heading(each) for each in self.columns)]
        headings += [each.label for each in self.beside]
        made: list[tuple[str, str, Sequence[Scalar]]] = []
        for row in self.rows:
            last = max(each.last_row for each in row.read)
            reason = " ".join(dict.fromkeys(_reason(each.cell, each.message) for each in row.marks))
            made.append((reason, f"{row.sheet} {row.row}", self._first(row)))
            made += [
                ("", "", [self.sheet.value(further, each.column) for each in self.columns])
                for further in range(row.row + 1, last + 1)
            ]
        return RefusedTable(name, headings, made)

    def _heading(self, column: ColumnMatch) -> str:
        """The heading as it stands, for a saved mapping to know it; the field's where none does."""
        of = self.kind.column(column.field or "")
        if of and (column.by_hand or not column.heading):
            return of.label
        return column.heading or f"Colonne {cell_name(1, column.column)[:-1]}"

    def _first(self, row: PlannedRow) -> list[Scalar]:
        read = row.read[0]
        cells: list[Scalar] = []
        for column in self.columns:
            at = (row.row, column.column)
            of = self.kind.column(column.field or "")
            if of and not (of.is_list or of.repeated) and of.key in read.cells:
                at = address_of(read.cells[of.key])
            value = self.sheet.value(*at)
            if value is None or is_ditto(value):
                value = _plain(read.values.get(column.field or "")) or raw_text(self.sheet, at)
            cells.append(value)
        return cells + [_plain(read.values.get(each.key)) for each in self.beside]


def _plain(value: object) -> Scalar:
    if value is None or isinstance(value, str | int | float):
        return value
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


def _reason(cell: str, message: str) -> str:
    said = at_cell(message, "")
    return f"{cell} : {said}" if cell else said
