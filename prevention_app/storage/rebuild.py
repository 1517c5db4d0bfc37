"""Making the tables again from the journal: after new declarations, or when asked to."""

from __future__ import annotations

from prevention_app.catalogue.description import Catalogue
from prevention_app.storage import (
    apply,
    definitions,
    derived,
    journal,
    rights,
    search,
    shipped,
    tables,
)
from prevention_app.storage.engine import Connection

_BATCH = 2000


def rebuild_tables(connection: Connection, declared: Catalogue) -> Catalogue:
    """Drop and fill every register's table; returns the catalogue with users' definitions.

    The rows of published catalogues are not journalled and stay as they are.
    """
    rights.judge_again(connection, declared, whole=True)
    tables.drop_all(connection, keep=[each for each in declared if each.reference_set])
    tables.adapt(connection, declared)
    connection.exec_driver_sql("DELETE FROM conflict")
    search.forget_all(connection, keep=[each.key for each in declared if each.reference_set])
    replay(connection, declared, only=("register_definition", "field_definition"))
    catalogue = definitions.with_definitions(connection, declared)
    tables.adapt(connection, catalogue)
    shipped.load_shipped(connection, catalogue)
    replay(connection, catalogue)
    derived.tell_again(connection)
    return catalogue


def replay(connection: Connection, catalogue: Catalogue, only: tuple[str, ...] = ()) -> None:
    """Write the rows of all records (or of some registers) as the journal says."""
    waiting: dict[str, list[apply.RecordState]] = {}
    under = apply.ground(connection)
    for leaves in journal.all_leaves(connection):
        entity = catalogue.by_code.get(leaves[0].register)
        if entity is None or (only and entity.key not in only):
            continue
        states = waiting.setdefault(entity.key, [])
        states.append(apply.state_now(connection, under, leaves))
        if len(states) >= _BATCH:
            apply.write_states(connection, entity, states)
            states.clear()
    for key, states in waiting.items():
        apply.write_states(connection, catalogue[key], states)
