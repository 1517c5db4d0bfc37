"""How much of this station's chain ever left this computer, noted beside its key.

The note is there as long as the key is, also when the disk is emptied: who makes the workspace anew
knows by it whether somebody may hold more of the chain than is to be had.
"""

from __future__ import annotations

from prevention_app.storage import journal, keys
from prevention_app.storage.engine import Connection


def note(connection: Connection) -> None:
    """Note that all of the station's chain so far is about to leave; call it before it does."""
    station = journal.get_meta(connection, "station")
    number = journal.position(connection).get(station, 0)
    if number > (last(station) or 0):
        keys.keep_note(_name(station), str(number))


def last(station: str) -> int | None:
    """The number of the last entry that ever left; None where that is not known."""
    noted = keys.note_kept(_name(station))
    return int(noted) if noted.isdecimal() else None


def _name(station: str) -> str:
    return f"handed-out-{station}"
