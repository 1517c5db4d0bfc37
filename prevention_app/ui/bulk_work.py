"""Work on many records that the window starts in a process: picklable in, picklable out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.description import Value
from prevention_app.services import bulk_edit, records
from prevention_app.services.bulk_edit import Block, Plan
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query


def plan_block(folder: Path, block: Block, progress: Progress) -> Plan:
    """What pasting a block would do; nothing is written."""
    return bulk_edit.plan_block(bootstrap.open_workspace(folder), block, progress)


def plan_values(
    folder: Path,
    register: str,
    verb: str,
    ids: Sequence[str],
    values: Mapping[str, Value],
    progress: Progress,
) -> Plan:
    """What writing the same values over many records would do; nothing is written."""
    progress.step(0, 0, "Vérification des cellules")
    return bulk_edit.plan_values(bootstrap.open_workspace(folder), register, verb, ids, values)


def apply_plan(folder: Path, plan: Plan, progress: Progress) -> str:
    """Write what was planned as one change; returns its name."""
    progress.step(0, 0, plan.name)
    return bulk_edit.apply(bootstrap.open_workspace(folder), plan).name


def delete_records(folder: Path, register: str, ids: Sequence[str], progress: Progress) -> int:
    """Delete records as one change; returns how many."""
    progress.step(0, 0, "Suppression")
    store = bootstrap.open_workspace(folder)
    with store.reading() as read:
        found = [
            record
            for start in range(0, len(ids), 500)
            for record in read.records(
                Query(register, ids=tuple(ids[start : start + 500]), order=("reference",))
            )
        ]
    return len(records.delete(store, register, found).records)
