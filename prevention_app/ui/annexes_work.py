"""The long work of the annexes, in a process of its own: the workbook."""

from __future__ import annotations

from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import annexes
from prevention_app.services.progress import Progress


def write_annexes(folder: Path, department: str, out: Path, progress: Progress) -> Path:
    """Write the annexes of a department into one workbook."""
    annexes.export_annexes(bootstrap.open_workspace(folder), department, out, progress)
    return out
