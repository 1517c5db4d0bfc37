"""What the page of the library does in a process: picklable in, picklable out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import risk_library
from prevention_app.services.jobs_export import export_jobs
from prevention_app.services.progress import Progress


def take(
    folder: Path, risks: Sequence[str], units: Sequence[str], actions: bool, progress: Progress
) -> tuple[int, int]:
    """Add typical risks to units; returns how many were added, and how many were there before."""
    progress.step(0, 0, "Enregistrement")
    store = bootstrap.open_workspace(folder)
    done = risk_library.take(store, risks, units, actions=actions)
    return len(done.risks), done.already


def write_jobs(folder: Path, department: str, out: Path, progress: Progress) -> int:
    """Write the sheet of jobs; returns how many units and jobs it counts."""
    return export_jobs(bootstrap.open_workspace(folder), out, progress, department)
