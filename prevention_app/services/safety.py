"""Checks, backups and their return: what keeps forty years of records safe."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from prevention_app.errors import PreventionError
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.services import backups
from prevention_app.storage import backup as stored
from prevention_app.storage import backup_notes, place
from prevention_app.storage.file_digests import FILES
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store


def check(store: Store) -> list[str]:
    """What is wrong with the workspace, one French sentence each; empty when all is well."""
    from prevention_app.storage import verify

    return verify.check(store)


def warning(store: Store) -> str:
    """What speaks against the place of the workspace, though it opens there; else empty."""
    return place.warning(store.folder)


def rebuild(store: Store) -> int:
    """Make all tables again, from the journal and from the kept files of published catalogues.

    Returns how many records the journal holds.
    """
    from prevention_app.services import reference_sets

    count = store.rebuild()
    with store.reading() as read:
        editions = read.count(Query("reference_edition"))
    if editions:
        reference_sets.reload(store)
    return count


def backup(store: Store, file: Path) -> None:
    """Write the workspace into one verified file; raises InUse where another program holds it."""
    refuse_locked(file)
    stored.backup(store, file)
    backups.note_elsewhere(store.folder, file)


def restore(file: Path, folder: Path, files_from: Sequence[Path] = ()) -> None:
    """Make a workspace from a backup, in a folder that is empty or not there.

    Attachments that the backup names without holding them lie beside it, or in `files_from`.
    """
    stored.restore(file, folder, files_from)


def put_in_place(file: Path, folder: Path) -> Path:
    """Put a backup in the place of a workspace that does not open, which is kept beside it.

    Returns where the other one lies now. Raises PreventionError when the backup cannot be read or
    the folder cannot be moved; all is then as it was.
    """
    aside, times = folder.with_name(f"{folder.name}.ancien"), 1
    while aside.exists():
        times += 1
        aside = folder.with_name(f"{folder.name}.ancien-{times}")
    try:
        folder.rename(aside)
    except OSError as problem:
        raise PreventionError(
            f"Le dossier « {folder} » est utilisé par un autre programme : fermez-le, puis "
            "recommencez. Rien n’a été changé."
        ) from problem
    if file.is_relative_to(folder):  # as the copies that are kept before a migration
        file = aside / file.relative_to(folder)
    try:
        restore(file, folder, (aside / FILES,))
    except BaseException:
        aside.rename(folder)
        raise
    with contextlib.suppress(OSError):
        backup_notes.note(folder, folder=backup_notes.read(aside).folder)
    return aside
