"""Writing files from the command line."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.services import exports
from prevention_app.services.progress import Progress


def export_command(given: Namespace) -> int:
    """Write a workbook or a CSV file."""
    store = bootstrap.open_workspace(given.data)
    if given.what == "workbook":
        exports.export_workbook(
            store,
            given.department,
            given.out,
            Progress(),
            store.today(),
            registers=tuple(given.register),
        )
    else:
        owners = (given.department,) if given.department else ()
        exports.export_csv(store, given.register, given.out, owners)
    if given.json:
        report.as_json({"file": str(given.out)})
    else:
        report.line(f"Écrit : {given.out}")
    return 0
