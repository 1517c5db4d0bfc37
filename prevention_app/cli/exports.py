"""Writing files from the command line."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import bootstrap
from prevention_app.catalogue.description import Record
from prevention_app.cli import report
from prevention_app.cli.records import day_of
from prevention_app.services import documents, exports, jobs_export
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store


def export_command(given: Namespace) -> int:
    """Write a workbook, a document or a CSV file."""
    _KINDS[given.what](given)
    if given.json:
        report.as_json({"file": str(given.out)})
    else:
        report.line(f"Écrit : {given.out}")
    return 0


def _workbook(given: Namespace) -> None:
    store = bootstrap.open_workspace(given.data)
    exports.export_workbook(
        store,
        given.department,
        given.out,
        Progress(),
        store.today(),
        registers=tuple(given.register),
        organised_on=day_of(given.organisation_of),
    )


def _csv(given: Namespace) -> None:
    owners = (given.department,) if given.department else ()
    exports.export_csv(bootstrap.open_workspace(given.data), given.register, given.out, owners)


def _document(given: Namespace) -> None:
    store = bootstrap.open_workspace(given.data)
    place = _place(store, given.place) if given.place else None
    department = given.department or (place.owner if place else store.department)
    wanted = documents.Wanted(department, place, documents.Form(given.form))
    documents.export_document(store, wanted, given.out, Progress(), given.template)


def _place(store: Store, reference: str) -> Record:
    with store.reading() as read:
        return read.find(reference)[1]


def _template(given: Namespace) -> None:
    documents.write_template(documents.Form(given.form), given.out)


def _jobs(given: Namespace) -> None:
    store = bootstrap.open_workspace(given.data)
    jobs_export.export_jobs(store, given.out, Progress(), given.department)


_KINDS = {
    "workbook": _workbook,
    "csv": _csv,
    "document": _document,
    "template": _template,
    "jobs": _jobs,
}
