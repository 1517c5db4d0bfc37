"""The one place where a workspace is opened or made for the window and the command line."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

from prevention_app import paths
from prevention_app.catalogue.description import Catalogue
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import erasure_notes
from prevention_app.storage.store import Store


def open_workspace(folder: Path | None = None) -> Store:
    """Open the workspace in this folder, or the default one; raises PreventionError.

    One made from a backup loses again what was erased since.
    """
    store = Store(folder or paths.default_workspace(), declared_catalogue())
    if erasure_notes.is_there(store.folder):
        from prevention_app.storage import erasing

        erasing.repeat_after_restore(store)
    return store


def opens_at_once(folder: Path) -> bool:
    """Whether a workspace needs nothing done to it before this version of the program opens it."""
    return Store.is_current(folder, declared_catalogue())


def try_key(folder: Path) -> None:
    """Raise PassphraseNeeded where the key of a workspace waits for its passphrase."""
    Store.try_key(folder)


def create_workspace(
    folder: Path | None,
    *,
    department: str,
    name: str,
    person: str = "",
    departments: Sequence[str] = (),
) -> Store:
    """Make a workspace of a department for a person, that of this session where none is named."""
    return Store.create(
        folder or paths.default_workspace(),
        declared_catalogue(),
        department=department,
        name=name,
        user=person or getpass.getuser(),
        departments=departments,
    )


def catalogue_of(folder: Path | None) -> Catalogue:
    """The registers of this workspace, or the declared ones where there is none yet."""
    where = folder or paths.default_workspace()
    if where.exists():
        return open_workspace(where).catalogue
    return declared_catalogue()


def restore_workspace(file: Path, folder: Path | None) -> Path:
    """Make a workspace from a backup; returns its folder."""
    from prevention_app.services import safety

    where = folder or paths.default_workspace()
    safety.restore(file, where)
    open_workspace(where).close()
    return where


def rebuild_from_hub(told: str, folder: Path | None) -> Store:
    """Make a workspace of an enrolled station from the hub; `told` is its access, or its file."""
    from prevention_app.services import hub
    from prevention_app.services.progress import Progress
    from prevention_app.storage import hub_access

    where = folder or paths.default_workspace()
    access = hub_access.read(told)
    made = hub.rebuild(where, declared_catalogue(), access, Progress())
    hub_access.remember(made.station, access)
    return made
