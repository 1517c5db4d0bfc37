"""The long work of an import, in processes of its own: understood, compared, written.

Each function opens the workspace for itself; nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import import_kind_guess, import_refusals, import_review
from prevention_app.services.import_plan import ImportRequest
from prevention_app.services.import_review import Applied, Review
from prevention_app.services.progress import Progress


def guess_kinds(folder: Path, files: Sequence[Path], progress: Progress) -> dict[Path, str]:
    """What each file holds, by its columns; empty where they do not tell."""
    store = bootstrap.open_workspace(folder)
    return {path: import_kind_guess.kind_by_columns(store, path, progress) for path in files}


def review_import(
    folder: Path,
    request: ImportRequest,
    columns: Sequence[tuple[str, int]],
    progress: Progress,
) -> Review:
    """What an import would do; nothing is written."""
    return import_review.review(bootstrap.open_workspace(folder), request, progress, columns)


def apply_import(folder: Path, request: ImportRequest, progress: Progress) -> Applied:
    """Import files as one change that can be undone."""
    return import_review.apply_reviewed(bootstrap.open_workspace(folder), request, progress)


def export_refusals(folder: Path, request: ImportRequest, out: Path, progress: Progress) -> Path:
    """Write the lines that are refused into a workbook that can come back."""
    import_refusals.write_refusals(bootstrap.open_workspace(folder), request, out, progress)
    return out
