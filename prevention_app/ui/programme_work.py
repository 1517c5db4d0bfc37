"""What the programme's page does in a process: picklable in, picklable out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import programme_acts
from prevention_app.services.programme_export import export_programme
from prevention_app.services.programme_scope import Scope
from prevention_app.services.progress import Progress


def export(folder: Path, year: int, scope: Scope, out: Path, progress: Progress) -> int:
    """Write the programme of a year; returns how many measures it has."""
    return export_programme(bootstrap.open_workspace(folder), year, scope, out, progress)


def carry_over(
    folder: Path,
    actions: Sequence[str],
    from_year: int,
    to_year: int,
    reason: str,
    progress: Progress,
) -> int:
    """Carry actions over as one change; returns how many were."""
    progress.step(0, len(actions), "Report au programme suivant")
    store = bootstrap.open_workspace(folder)
    return len(programme_acts.carry_over(store, actions, from_year, to_year, reason).records)
