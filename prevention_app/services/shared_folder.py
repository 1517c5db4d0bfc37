"""A folder by which stations exchange: a USB key, a share. Each leaves one file there, of its own.

The file of a station always holds all that some other one did not yet say it has; so it does not
matter who comes when, and a key that is lost takes nothing with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prevention_app.errors import Busy, Cancelled, NotFound, PreventionError
from prevention_app.services import packages
from prevention_app.services.packages import Applied
from prevention_app.services.progress import Progress
from prevention_app.storage import journal, peers, station_keys
from prevention_app.storage.engine import Connection, writing
from prevention_app.storage.store import Store

SUFFIX: Final = ".echange"
_PREFIX: Final = "prevention-"
_TAKEN: Final = "shared_folder:taken"
"""Meta: name of a file → its fingerprint when it was last taken in or refused."""
_LEFT: Final = "shared_folder:left"
"""Meta: what the own file was made of."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What going through the folder once did."""

    received: Sequence[Applied]
    refused: Sequence[tuple[str, str]]
    """Name of a file, and why it was not taken in."""
    left: Path | None
    """The own file, where it was written anew."""


def pass_by(store: Store, folder: Path, progress: Progress) -> Passed:
    """Take in what others left in the folder since, then leave what they lack.

    Raises NotFound where the folder is not there, as a key that was pulled out.
    """
    if not folder.is_dir():
        raise NotFound(
            f"Le dossier d’échange « {folder} » n’est pas là : branchez la clé ou le partage."
        )
    own = folder / f"{_PREFIX}{_own_code(store)}{SUFFIX}"
    received: list[Applied] = []
    refused: list[tuple[str, str]] = []
    for file, fingerprint in _others(store, folder, own):
        try:
            applied = packages.apply(store, file, progress)
        except (Busy, Cancelled):
            raise
        except PreventionError as error:
            refused.append((file.name, str(error)))
        else:
            received.append(applied)
            if applied.waiting:
                continue  # what it waits for may come by another file
        _remember(store, file.name, fingerprint)
    return Passed(received, refused, own if _leave(store, own, progress) else None)


def _others(store: Store, folder: Path, own: Path) -> list[tuple[Path, str]]:
    """The files of others that were not looked at in their present state, oldest first."""
    with store.reading() as read:
        taken = _taken(read.connection)
    found: list[tuple[float, Path, str]] = []
    for file in folder.glob(f"*{SUFFIX}"):
        if file.name != own.name:
            state = file.stat()
            fingerprint = f"{state.st_size}:{state.st_mtime_ns}"
            if taken.get(file.name) != fingerprint:
                found.append((state.st_mtime, file, fingerprint))
    return [(file, fingerprint) for _, file, fingerprint in sorted(found)]


def _leave(store: Store, own: Path, progress: Progress) -> bool:
    """Write the own file anew where what it should say has changed."""
    with store.reading() as read:
        wanted = _wanted(read.connection)
        known = journal.get_meta(read.connection, _LEFT)
        alone = len(station_keys.known(read.connection)) < 2
    if alone or (known == wanted and own.exists()):
        return False
    packages.create(store, [packages.ALL], own, progress)
    with store.connecting() as connection, writing(connection, store.patience_s):
        journal.set_meta(connection, _LEFT, wanted)
    return True


def _wanted(connection: Connection) -> str:
    """What the own file follows from: what is here, and what the others said that they have."""
    moment = journal.moment(connection)
    told = peers.all_told(connection)
    parts = json.dumps([moment.vector, moment.deliveries, told], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()


def _own_code(store: Store) -> str:
    with store.reading() as read:
        known = station_keys.known(read.connection).get(store.station)
    return known.code if known is not None else store.station[:8]


def _taken(connection: Connection) -> dict[str, str]:
    return json.loads(journal.get_meta(connection, _TAKEN) or "{}")


def _remember(store: Store, name: str, fingerprint: str) -> None:
    with store.connecting() as connection, writing(connection, store.patience_s):
        taken = _taken(connection) | {name: fingerprint}
        journal.set_meta(connection, _TAKEN, json.dumps(taken, sort_keys=True))
