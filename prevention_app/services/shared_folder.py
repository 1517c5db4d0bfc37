"""A folder by which stations exchange: a USB key, a share. Each leaves one file there, of its own.

The file of a station always holds all that some other one did not yet say it has; so it does not
matter who comes when, and a key that is lost takes nothing with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypedDict

from prevention_app import __version__
from prevention_app.errors import Busy, Cancelled, NotFound, PreventionError
from prevention_app.services import packages
from prevention_app.services.packages import Applied
from prevention_app.services.progress import Progress
from prevention_app.storage import circle, journal, peers, station_keys
from prevention_app.storage.engine import Connection, writing
from prevention_app.storage.store import Store

SUFFIX: Final = ".echange"
_PREFIX: Final = "prevention-"
_TAKEN: Final = "shared_folder:taken"
"""Meta: name of a file → its fingerprint when it was last taken in."""
_REFUSED: Final = "shared_folder:refused"
"""Meta: name of a file → what was refused of it last: see `_Refusal`."""
_AGAIN_S: Final = 600
"""How long a file that was refused is left alone, where nothing changed here."""
_LEFT: Final = "shared_folder:left"
"""Meta: what the own file was made of."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What going through the folder once did."""

    received: Sequence[Applied]
    refused: Sequence[tuple[str, str]]
    """Name of a file, and why it was not taken in; told once."""
    left: Path | None
    """The own file, where it was written anew."""


def pass_by(store: Store, folder: Path, progress: Progress) -> Passed:
    """Take in what others left in the folder since, then leave what they lack.

    Raises NotFound where the folder is not there, as a key that was pulled out.
    """
    if not folder.is_dir():
        raise _gone(folder)
    own = folder / f"{_PREFIX}{_own_code(store)}-{_own_end(store)}"
    received: list[Applied] = []
    refused: list[tuple[str, str]] = []
    for file, fingerprint in _others(store, folder):
        try:
            applied = packages.apply(store, file, progress)
        except (Busy, Cancelled):
            raise
        except PreventionError as error:
            if _is_news(store, file.name, fingerprint, error):
                refused.append((file.name, str(error)))
        else:
            received.append(applied)
            if not applied.waiting:  # what it waits for may come by another file
                _note_taken(store, file.name, fingerprint)
    return Passed(received, refused, own if _leave(store, own, progress) else None)


def _gone(folder: Path) -> NotFound:
    return NotFound(
        f"Le dossier d’échange « {folder} » n’est pas là : branchez la clé ou le partage."
    )


def _others(store: Store, folder: Path) -> list[tuple[Path, str]]:
    """The files of others that are to be looked at in their present state, oldest first."""
    with store.reading() as read:
        taken = _kept(read.connection, _TAKEN)
        refused = _kept(read.connection, _REFUSED)
        here = _state_here(read.connection)
    found: list[tuple[float, Path, str]] = []
    for file, fingerprint, modified in _files(folder):
        rests = _rests(refused.get(file.name), fingerprint, here)
        if file.name.endswith(_own_end(store)) or taken.get(file.name) == fingerprint or rests:
            continue
        found.append((modified, file, fingerprint))
    return [(file, fingerprint) for _, file, fingerprint in sorted(found)]


def _files(folder: Path) -> list[tuple[Path, str, float]]:
    """Exchange files, the present state of each, and when it was written."""
    found: list[tuple[Path, str, float]] = []
    try:
        names = list(folder.glob(f"*{SUFFIX}"))
    except OSError as error:
        raise _gone(folder) from error
    for file in names:
        with contextlib.suppress(OSError):  # its writer has just put another one in its place
            state = file.stat()
            found.append((file, f"{state.st_size}:{state.st_mtime_ns}", state.st_mtime))
    return found


# -- what was refused --------------------------------------------------------------------------


class _Refusal(TypedDict):
    """What is kept of a file that was not taken in."""

    file: str
    """Its fingerprint."""
    here: str
    """The state here that it was refused in; empty where a disk failed, which may be over."""
    at: float
    why: str


def _rests(refusal: _Refusal | None, fingerprint: str, here: str) -> bool:
    """Whether a file that was refused is left alone for now."""
    if refusal is None or (refusal["file"], refusal["here"]) != (fingerprint, here):
        return False
    return 0 <= time.time() - refusal["at"] < _AGAIN_S


def _state_here(connection: Connection) -> str:
    """What a refusal may follow from: the version of the program, and who is known."""
    known = station_keys.known(connection).values()
    told = json.dumps([__version__, sorted((each.station, each.public) for each in known)])
    return hashlib.sha256(told.encode()).hexdigest()


def _is_news(store: Store, name: str, fingerprint: str, error: PreventionError) -> bool:
    """Keep that a file was refused; returns whether a person was not told so yet."""
    read_failed = isinstance(error.__cause__, OSError)
    with store.connecting() as connection, writing(connection, store.patience_s):
        refused = _kept(connection, _REFUSED)
        before = refused.get(name)
        refused[name] = _Refusal(
            file=fingerprint,
            here="" if read_failed else _state_here(connection),
            at=time.time(),
            why=str(error),
        )
        journal.set_meta(connection, _REFUSED, json.dumps(refused, sort_keys=True))
    return before is None or (before["file"], before["why"]) != (fingerprint, str(error))


def _note_taken(store: Store, name: str, fingerprint: str) -> None:
    with store.connecting() as connection, writing(connection, store.patience_s):
        taken = _kept(connection, _TAKEN) | {name: fingerprint}
        journal.set_meta(connection, _TAKEN, json.dumps(taken, sort_keys=True))


def _kept(connection: Connection, key: str) -> dict[str, Any]:
    return json.loads(journal.get_meta(connection, key) or "{}")


# -- the own file ------------------------------------------------------------------------------


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
    return circle.this_station(store).code


def _own_end(store: Store) -> str:
    """How the name of the own file ends: two stations may have drawn the same code."""
    return f"{store.station[-8:]}{SUFFIX}"
