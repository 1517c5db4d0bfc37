"""The long work of reports and safety, in processes of their own: files written, files checked.

Each function opens the workspace for itself and imports what writes; nothing here knows a widget.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from prevention_app import bootstrap
from prevention_app.services import report_preview, safety
from prevention_app.services.progress import Progress
from prevention_app.services.report_preview import RegisterPreview, WorkbookPreview

_ROWS: Final = 40
"""How many rows of a register its preview shows."""


def write_workbook(
    folder: Path,
    department: str,
    out: Path,
    registers: tuple[str, ...],
    organised_on: date | None,
    progress: Progress,
) -> Path:
    """Write the consolidated workbook of a department or of all, or one of these registers."""
    from prevention_app.services import exports

    store = bootstrap.open_workspace(folder)
    exports.export_workbook(
        store, department, out, progress, store.today(), registers, organised_on
    )
    return out


def write_csv(
    folder: Path,
    register: str,
    owners: tuple[str, ...],
    out: Path,
    masked: bool,
    progress: Progress,
) -> Path:
    """Write one register as a CSV file, with or without the names of persons."""
    from prevention_app.services import exports

    store = bootstrap.open_workspace(folder)
    exports.export_csv(store, register, out, owners, masked=masked, progress=progress)
    return out


def preview_workbook(
    folder: Path, department: str, organised_on: date | None, progress: Progress
) -> WorkbookPreview:
    """Count what the first page of a consolidated workbook shows."""
    store = bootstrap.open_workspace(folder)
    return report_preview.preview_workbook(store, department, progress, store.today(), organised_on)


def preview_registers(
    folder: Path,
    registers: tuple[str, ...],
    owners: tuple[str, ...],
    masked: bool,
    progress: Progress,
) -> list[RegisterPreview]:
    """Read the first rows of registers as a file will hold them."""
    progress.step(0, 0, "Lecture des premières lignes")
    store = bootstrap.open_workspace(folder)
    return report_preview.preview_registers(store, registers, owners, _ROWS, masked=masked)


def copy_workspace(folder: Path, out: Path, progress: Progress) -> Path:
    """Write a safety copy of the workspace into one verified file."""
    progress.step(0, 0, "Copie et contrôle de la copie")
    safety.backup(bootstrap.open_workspace(folder), out)
    return out


def check_workspace(folder: Path, progress: Progress) -> list[str]:
    """Check the workspace; what is wrong, one sentence each."""
    progress.step(0, 0, "Contrôle de l’espace de travail")
    return safety.check(bootstrap.open_workspace(folder))


def put_copy_in_place(folder: Path, file: Path, progress: Progress) -> Path:
    """Put a safety copy in the place of a workspace that does not open; returns its folder."""
    progress.step(0, 0, "Lecture et contrôle de la copie")
    safety.put_in_place(file, folder)
    return folder
