"""The keys of other departments, as those recognise them in which this station works."""

from __future__ import annotations

from prevention_app.catalogue.description import Catalogue
from prevention_app.storage import acts, journal, tables
from prevention_app.storage.engine import Connection

CODE = "RECO"
"""Code of the register of recognitions."""


def follow(connection: Connection, catalogue: Catalogue) -> bool:
    """Trust what our departments recognise; returns whether that is something else now.

    Of the departments in which this station has roles, it keeps the keys that it joined under.
    """
    known = acts.roots(connection)
    own = journal.get_meta(connection, "department")
    station = journal.get_meta(connection, "station")
    kept = {own, *acts.evaluate(connection).departments(station)}
    wanted = _recognised(connection, catalogue, kept, own) | {
        each: key for each, key in known.items() if each in kept
    }
    if wanted == known:
        return False
    acts.set_roots(connection, wanted)
    return True


def _recognised(
    connection: Connection, catalogue: Catalogue, kept: set[str], own: str
) -> dict[str, str]:
    """Department → the key by which ours recognise it: the latest, the own one's before others'."""
    rows = connection.exec_driver_sql(
        "SELECT _owner, recognised, public_key "
        f'FROM "{tables.table_name(catalogue["recognition"])}" '
        "WHERE _deleted = 0 ORDER BY _owner = ?, _id",
        (own,),
    )
    return {
        str(other): str(public)
        for owner, other, public in rows
        if owner in kept and other and public
    }
