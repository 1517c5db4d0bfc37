"""Writing the list of jobs into a workbook: units, headcounts, typical risks."""

from __future__ import annotations

import uuid
from pathlib import Path

from prevention_app.catalogue.organisation import Department
from prevention_app.exchange.consolidated import Occasion, sheets_workbook
from prevention_app.exchange.jobs_sheets import CountedJob, TypicalRisk, jobs_sheets
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.exchange.workbook_writer import write_workbook
from prevention_app.services.exports import ALL, departments_of
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import method
from prevention_app.services.progress import Progress
from prevention_app.services.risk_library import LibraryLine, lines, shelves
from prevention_app.services.unit_jobs import headcounts, jobs
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store


def export_jobs(store: Store, out: Path, progress: Progress, department: str = "") -> int:
    """Write the jobs of a department (of all that is held here); returns how many lines.

    Headcounts of fewer than five persons are not told. Raises PreventionError where the file
    cannot be written.
    """
    refuse_locked(out)
    with store.reading() as read:
        progress.step(0, 2, "Lecture des métiers")
        names = {each.number: each.name for each in Lookup(read, Department).live()}
        owners = (department,) if department else ()
        counted = [
            CountedJob(
                names.get(each.department, each.department),
                each.direction,
                each.unit,
                each.job,
                each.women,
                each.men,
                each.reference,
            )
            for each in headcounts(read, owners)
        ]
        done = {each.job for each in counted}
        others = [each.name for each in jobs(read) if each.name not in done]
        sheets = jobs_sheets(counted, _typical(read), others=others)
        occasion = Occasion(
            departments=departments_of(read, department or ALL),
            today=store.today(),
            method=method(),
            export_id=str(uuid.uuid4()),
            position="",
        )
        progress.check_cancelled()
        progress.step(1, 2, "Écriture du classeur")
        write_workbook(sheets_workbook(occasion, sheets), out, progress)
    return len(counted)


def _typical(read: Reader) -> list[TypicalRisk]:
    return [_told(each.name, line) for each in shelves(read) for line in lines(read, each.unit.id)]


def _told(shelf: str, line: LibraryLine) -> TypicalRisk:
    risk = line.risk
    return TypicalRisk(
        shelf,
        risk.reference.split("-", 3)[-1],
        line.family,
        risk.situation,
        risk.harm or "",
        risk.factor or "",
        risk.severity,
        risk.frequency,
        "\n".join(each.title for each in line.existing),
        "\n".join(each.title for each in line.proposed),
    )
