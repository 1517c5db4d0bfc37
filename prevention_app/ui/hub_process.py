"""What the process that follows the hub does: no Qt here, so that it starts quickly.

The window knows this module too, and not what connects to a PostgreSQL, which is loaded here alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prevention_app import bootstrap
from prevention_app.errors import PreventionError
from prevention_app.services import hub_way
from prevention_app.services.progress import Progress

if TYPE_CHECKING:
    from prevention_app.services.hub import HubState, Wish

STATE: Final = "state"
NO_WAY: Final = "no_way"


@dataclass(frozen=True, slots=True)
class Told:
    """Where following the hub stands, as the window hears it."""

    reached: bool
    at: datetime
    waiting: int
    retry_s: float
    text: str
    """What is wrong; empty where nothing is."""
    came: bool
    """Something came that pages show."""


def serve(pipe: Connection, folder: Path) -> None:
    """Follow the hub until the window closes.

    Receives wishes (go_on, now, stop); sends (STATE, where it stands) again and again, or (NO_WAY,
    sentence) where it cannot even begin.
    """
    from prevention_app.services import hub

    def wish(seconds: float) -> Wish:
        try:
            return hub.Wish(pipe.recv()) if pipe.poll(seconds) else hub.Wish.GO_ON
        except (EOFError, OSError):
            return hub.Wish.STOP  # the window is gone

    try:
        store = bootstrap.open_workspace(folder)
        access = hub_way.access_of(store, "")
    except PreventionError as error:
        pipe.send((NO_WAY, str(error)))
        return
    hub.follow(store, access, lambda state: pipe.send((STATE, _told(state))), wish)


def _told(state: HubState) -> Told:
    wrong = state.done.wrong if state.done else ()
    came = state.done is not None and state.done.changed_here
    text = " ".join((state.text, *wrong)).strip()
    return Told(state.reached, state.at, state.waiting, state.retry_s, text, came)


def keep_access(folder: Path, told: str, progress: Progress) -> str:
    """Try an address or the file of an administrator, and keep it; returns what may be shown."""
    progress.step(0, 0, "Essai de l’accès")
    store = bootstrap.open_workspace(folder)
    try:
        return hub_way.remember(store, told).shown
    finally:
        store.close()
