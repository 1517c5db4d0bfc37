"""Reorganising beside the window, in processes of its own; nothing here knows a widget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.domain.reorganisation import Operation
from prevention_app.services import chart_comparison, reorganisation, reorganisation_file
from prevention_app.services.chart_comparison import Proposal
from prevention_app.services.progress import Progress
from prevention_app.services.reorganisation import Plan, Situation
from prevention_app.storage.store import Store


def read(folder: Path, department: str, progress: Progress) -> Situation:
    """The organisation of a department as it stands, with what hangs on it."""
    progress.step(0, 0, "Lecture de l’organisation")
    return _situation(bootstrap.open_workspace(folder), department)


def _situation(store: Store, department: str) -> Situation:
    with store.reading() as reader:
        return reorganisation.situation(reader, department, store.today())


def open_plan(
    folder: Path, department: str, file: Path, on: date, progress: Progress
) -> tuple[Operation, ...]:
    """The operations of a plan in a workbook."""
    progress.step(0, 0, f"Lecture de «\u00a0{file.name}\u00a0»")
    held = _situation(bootstrap.open_workspace(folder), department)
    return reorganisation_file.operations_in(held, file, on)


def compare(
    folder: Path, department: str, file: Path, on: date, progress: Progress
) -> list[Proposal]:
    """The operations that lead to an organisation chart."""
    store = bootstrap.open_workspace(folder)
    return chart_comparison.compare_chart(store, _situation(store, department), file, on, progress)


def save_plan(
    folder: Path,
    department: str,
    operations: Sequence[Operation],
    out: Path,
    on: date,
    progress: Progress,
) -> Path:
    """Write a plan, or its empty model, into a workbook."""
    progress.step(0, 0, f"Écriture de «\u00a0{out.name}\u00a0»")
    held = _situation(bootstrap.open_workspace(folder), department)
    reorganisation_file.write(held, operations, out, on)
    return out


def apply(folder: Path, plan: Plan, progress: Progress) -> int:
    """Write a plan as one change; returns how many records it touched."""
    progress.step(0, 0, "Réorganisation")
    done = reorganisation.apply(bootstrap.open_workspace(folder), plan)
    return len(done.records)
