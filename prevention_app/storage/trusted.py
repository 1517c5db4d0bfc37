"""Which keys this station trusts: it follows from what people told, and the acts it holds.

Nothing depends on what came first. The keys that people told stand for the departments in which
they give this station roles; whom these recognise is trusted, then whom those recognise in which
the station has roles by that, and so on. A key told of a department that nobody ever recognised
stands too; once it was recognised, recognitions alone decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Catalogue
from prevention_app.storage import acts, journal, tables
from prevention_app.storage.engine import Connection

HEARD: Final = frozenset({"RECO", *acts.CODES})
"""Codes of the registers by which it may change which keys are trusted."""


def follow(connection: Connection, catalogue: Catalogue) -> bool:
    """Trust what follows from what is held; returns whether that is something else now.

    The caller judges by it, and follows again: recognitions may count then that did not before.
    """
    wanted = _wanted(connection, catalogue)
    if wanted == acts.roots(connection):
        return False
    acts.follow_roots(connection, wanted)
    return True


@dataclass(frozen=True, slots=True)
class _Recognition:
    """What one department says of another one."""

    by: str
    other: str
    public: str
    holds: bool


def _wanted(connection: Connection, catalogue: Catalogue) -> dict[str, str]:
    told = acts.told_roots(connection)
    own = journal.get_meta(connection, "department")
    recognitions = _recognitions(connection, catalogue, own)
    ours = _departments(connection, told, own)
    wanted = {each: public for each, public in told.items() if each in ours}
    while True:
        ours = _departments(connection, wanted, own)
        heard = [each for each in recognitions if each.by in ours and each.other not in wanted]
        found = {each.other: each.public for each in heard if each.holds}
        if not found:
            break
        wanted |= found
    spoken_of = {each.other for each in heard}
    return {each: public for each, public in told.items() if each not in spoken_of} | wanted


def _departments(connection: Connection, trusted: dict[str, str], own: str) -> set[str]:
    """Those in which this station works, were these keys trusted."""
    station = journal.get_meta(connection, "station")
    return {own, *acts.evaluate_under(connection, trusted).departments(station)}


def _recognitions(connection: Connection, catalogue: Catalogue, own: str) -> list[_Recognition]:
    """All that count, those taken back too; the latest last, the own department's after others'."""
    if "recognition" not in catalogue:
        return []
    rows = connection.exec_driver_sql(
        "SELECT _owner, recognised, public_key, NOT _deleted "
        f'FROM "{tables.table_name(catalogue["recognition"])}" ORDER BY _owner = ?, _id',
        (own,),
    )
    return [
        _Recognition(str(by), str(other), str(public), bool(holds))
        for by, other, public, holds in rows
        if other and public
    ]
