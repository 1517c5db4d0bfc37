"""Backups in processes of their own: made, listed, brought back; nothing here knows a widget.

Listing is here too: backups may lie on a drive that takes its time to answer.
"""

from __future__ import annotations

from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import backups
from prevention_app.services.backups import Overview
from prevention_app.services.progress import Progress


def make_daily(folder: Path, progress: Progress) -> bool:
    """Make the backup of the day unless there is one; returns whether it was made."""
    return backups.make_daily(bootstrap.open_workspace(folder), progress) is not None


def make_now(folder: Path, progress: Progress) -> Overview:
    """Make a backup because someone asked; returns what there is then."""
    backups.make_now(bootstrap.open_workspace(folder), progress)
    return backups.overview(folder)


def restore(file: Path, folder: Path, progress: Progress) -> Path:
    """Make a workspace from a backup in a folder of its own; returns where it lies."""
    progress.step(0, 0, "Lecture et contrôle de la sauvegarde")
    return bootstrap.restore_workspace(file, folder)
