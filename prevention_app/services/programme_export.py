"""Writing the programme of a year into files: a workbook with the legal columns, CSV."""

from __future__ import annotations

import uuid
from pathlib import Path

from prevention_app.catalogue.organisation import Department as DepartmentRecord
from prevention_app.exchange.consolidated import Occasion, Row
from prevention_app.exchange.consolidated_columns import plans
from prevention_app.exchange.csv_write import write_csv
from prevention_app.exchange.programme_sheets import programme_workbook
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.exchange.workbook_writer import write_workbook
from prevention_app.services.exports import ALL, departments_of, name_mask
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import method
from prevention_app.services.programme import YearProgramme, balance_of, programme_of
from prevention_app.services.programme_scope import Scope
from prevention_app.services.progress import Progress
from prevention_app.services.workbook_rows import WorkbookRows
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store

_STEPS = 3


def export_programme(store: Store, year: int, scope: Scope, out: Path, progress: Progress) -> int:
    """Write the programme of a year, with its figures; returns how many measures it has.

    A name that ends in .csv gives the measures alone as CSV, any other the workbook. Neither
    names a person. Raises PreventionError where the file cannot be written.
    """
    refuse_locked(out)
    with store.reading() as read:
        progress.step(0, _STEPS, "Lecture du programme")
        today = store.today()
        found = programme_of(read, today, year, scope)
        rows = _rows(read, store, found)
        progress.check_cancelled()
        if out.suffix.lower() == ".csv":
            return _write_csv(out, year, rows)
        progress.step(1, _STEPS, "Bilan de l’année précédente")
        balance = balance_of(read, today, year - 1, scope)
        workbook = programme_workbook(
            Occasion(
                departments=departments_of(read, _numbers(read, scope)),
                today=today,
                method=method(),
                export_id=str(uuid.uuid4()),
                position="",
            ),
            found.figures,
            found.directions,
            balance,
            rows,
            scope.name,
        )
        progress.step(2, _STEPS, "Écriture du classeur")
        write_workbook(workbook, out, progress)
    return len(rows)


def _numbers(read: Reader, scope: Scope) -> str:
    known = {each.number for each in Lookup(read, DepartmentRecord).live()}
    wanted = [each for each in scope.owners if each in known]
    return wanted[0] if len(wanted) == 1 else ALL


def _rows(read: Reader, store: Store, found: YearProgramme) -> list[Row]:
    source = WorkbookRows(read, store.today(), found.scope.owners, name_mask(read))
    rows = {str(each["id"]): each for each in source.programme(found.year, found.by_action)}
    # The order in which it is looked at: the most urgent priority first.
    return [rows[each.action.id] for each in found.lines if each.action.id in rows]


def _write_csv(out: Path, year: int, rows: list[Row]) -> int:
    plan = next(each for each in plans(method(), year) if each.key == "programme")
    columns = [each for each in plan.columns if not each.hidden]
    lines = (tuple(row.get(each.key) for each in columns) for row in rows)
    return write_csv(out, [each.heading for each in columns], lines)
