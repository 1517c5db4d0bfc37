"""The long work that the window starts in processes of its own: picklable in, picklable out.

Each function opens the workspace for itself; nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.exchange.mapping import Mapping
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.understanding import understand
from prevention_app.exchange.understood import Question, TableUnderstood
from prevention_app.services import imports, reference_sets
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportPlan, ImportProblem, ImportRequest, PlannedRow
from prevention_app.services.progress import Progress


@dataclass(frozen=True, slots=True)
class FileRead:
    """How one file was understood: what the first step of an import shows."""

    name: str
    tables: Sequence[TableUnderstood]
    questions: Sequence[Question]
    notes: Sequence[str]
    obstacle: str
    rows: int
    mapping: str = ""
    """Name of the saved mapping that was recognised."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an import would do, or did, row by row."""

    rows: Sequence[PlannedRow]
    problems: Sequence[ImportProblem]
    counts: dict[Outcome, int]
    other: int
    created: dict[str, int]
    notes: Sequence[str]
    editions: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    written: int = 0
    """How many records were written; 0 for a trial."""


def read_files(
    folder: Path, kind: str, files: Sequence[Path], mapping: Mapping | None, progress: Progress
) -> list[FileRead]:
    """Understand files: sheets, headings, columns; nothing is compared or written."""
    store = bootstrap.open_workspace(folder)
    expected = imports.kind_of(store, kind)
    found: list[FileRead] = []
    for at, path in enumerate(files):
        progress.step(at, len(files), f"Lecture de « {path.name} »")
        source = read_source(path)
        understood = understand(source, expected, mapping)
        name = ""
        if mapping is None:
            with store.reading() as read:
                known = imports.recognised_mapping(read, kind, understood)
            if known is not None:
                understood, name = understand(source, expected, known), known.name
        found.append(
            FileRead(
                path.name,
                understood.tables,
                understood.questions,
                understood.notes,
                understood.obstacle,
                len(understood.rows),
                name,
            )
        )
    return found


def try_import(folder: Path, request: ImportRequest, progress: Progress) -> Foreseen:
    """What an import would do; nothing is written."""
    return _import(folder, request, dry_run=True, progress=progress)


def apply_import(folder: Path, request: ImportRequest, progress: Progress) -> Foreseen:
    """Import files as one change that can be undone."""
    return _import(folder, request, dry_run=False, progress=progress)


def _import(folder: Path, request: ImportRequest, *, dry_run: bool, progress: Progress) -> Foreseen:
    store = bootstrap.open_workspace(folder)
    if request.kind == reference_sets.EPHY:
        plan = reference_sets.import_ephy(store, request.files, dry_run=dry_run, progress=progress)
    else:
        plan = imports.run(store, request, dry_run=dry_run, progress=progress)
    return _foreseen(plan)


def _foreseen(plan: ImportPlan) -> Foreseen:
    return Foreseen(
        plan.rows,
        plan.problems,
        {outcome: plan.count(outcome) for outcome in Outcome},
        plan.other,
        plan.created,
        plan.notes,
        plan.editions,
        len(plan.done.records) if plan.done else 0,
    )


def write_workbook(folder: Path, department: str, out: Path, progress: Progress) -> Path:
    """Write the consolidated workbook of a department, or of all."""
    from prevention_app.services import exports

    store = bootstrap.open_workspace(folder)
    exports.export_workbook(store, department, out, progress, store.today())
    return out


def write_csv(
    folder: Path, register: str, owners: tuple[str, ...], out: Path, progress: Progress
) -> Path:
    """Write one register as a CSV file."""
    from prevention_app.services import exports

    progress.step(0, 0, f"Écriture de « {out.name} »")
    exports.export_csv(bootstrap.open_workspace(folder), register, out, owners)
    return out


def take_back(folder: Path, progress: Progress) -> str:
    """Undo the last change, however large; returns its name."""
    progress.step(0, 0, "Annulation")
    _, name = bootstrap.open_workspace(folder).undo()
    return name


def bring_back(folder: Path, progress: Progress) -> str:
    """Redo what was undone last; returns its name."""
    progress.step(0, 0, "Rétablissement")
    _, name = bootstrap.open_workspace(folder).redo()
    return name


def make_demo(folder: Path, progress: Progress) -> Path:
    """Make the demonstration workspace in a folder; returns where it lies."""
    from prevention_app.services import demo

    workspace = demo.prepare_folder(folder)
    store = bootstrap.create_workspace(
        workspace, department="45", name="Démonstration", departments=("41", "28")
    )
    demo.fill(store, lambda name: progress.step(0, 0, f"Reprise de « {name} »"), progress)
    store.close()
    return workspace
