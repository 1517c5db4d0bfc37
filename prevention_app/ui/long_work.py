"""The long work that the window starts in processes of its own: picklable in, picklable out.

Each function opens the workspace for itself; nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from prevention_app import bootstrap
from prevention_app.services.progress import Progress

if TYPE_CHECKING:
    from prevention_app.services.conflicts import Place


def index_risks(
    folder: Path, owners: tuple[str, ...], today: date, progress: Progress
) -> list[bytes]:
    """Where very many risks stand, in parts that `RiskIndex.unpack` takes in."""
    from prevention_app.services.risk_index import RiskIndex

    index = RiskIndex(owners, today)
    store = bootstrap.open_workspace(folder)
    with store.reading() as read:
        while not index.complete:
            index.read_on(read, 5000)
            progress.check_cancelled()
    return index.pack()


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


def settle_many(
    folder: Path, places: Sequence[Place], keep: str, reason: str, progress: Progress
) -> tuple[int, int]:
    """Settle very many values by one choice; returns how many were, and how many were left."""
    from prevention_app.services import conflicts

    progress.step(0, 0, "Choix entre les valeurs")
    outcome = conflicts.settle_many(bootstrap.open_workspace(folder), places, keep, reason=reason)
    return outcome.settled, outcome.left


def bring_up_to_date(folder: Path, progress: Progress) -> Path:
    """Open a workspace that another version of the program wrote last; returns where it lies."""
    progress.step(0, 0, "Une copie de la base est gardée\u202f; vos données ne changent pas")
    bootstrap.open_workspace(folder).close()
    return folder


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
