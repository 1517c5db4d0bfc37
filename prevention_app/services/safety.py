"""Checks, backups and their return: what keeps forty years of records safe."""

from __future__ import annotations

from pathlib import Path

from prevention_app.storage import backup as backups
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store


def check(store: Store) -> list[str]:
    """What is wrong with the workspace, one French sentence each; empty when all is well."""
    from prevention_app.storage import verify

    return verify.check(store)


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
    """Write the workspace into one verified file."""
    backups.backup(store, file)


def restore(file: Path, folder: Path) -> None:
    """Make a workspace from a backup, in a folder that is empty or not there."""
    backups.restore(file, folder)
