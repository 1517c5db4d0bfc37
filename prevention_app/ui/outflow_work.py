"""Deciding and publishing, in processes of their own; nothing here knows a widget."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.services import figures_publication, outflows
from prevention_app.services.figures_publication import Preview
from prevention_app.services.outflows import Decision
from prevention_app.services.progress import Progress


def tell(
    folder: Path,
    register: str,
    receiver: str,
    extent: OutflowExtent,
    department: str,
    progress: Progress,
) -> Decision:
    """Let a department be told so much of a register."""
    progress.step(0, 0, "Décision")
    return outflows.tell(bootstrap.open_workspace(folder), register, receiver, extent, department)


def preview(folder: Path, department: str, at: date, progress: Progress) -> Preview:
    """Count what publishing would tell."""
    return figures_publication.preview(bootstrap.open_workspace(folder), progress, department, at)


def publish(folder: Path, department: str, at: date, progress: Progress) -> Preview:
    """Publish the figures of a department."""
    return figures_publication.publish(bootstrap.open_workspace(folder), progress, department, at)
