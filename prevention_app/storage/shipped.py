"""Records shipped with the program: fixed ids, not journalled, users' changes lie over them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from prevention_app import paths
from prevention_app.catalogue.description import Catalogue, Entity
from prevention_app.storage import apply, journal
from prevention_app.storage.engine import Connection
from prevention_app.storage.work import SHARED


def shipped_digest() -> str:
    """Which edition of the shipped records this program carries."""
    digest = hashlib.sha256()
    for file in sorted(paths.resource("reference").glob("*.json")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def load_shipped(connection: Connection, catalogue: Catalogue) -> None:
    """Put the shipped records under what the journal says of them."""
    connection.exec_driver_sql("DELETE FROM shipped")
    for file in sorted(paths.resource("reference").glob("*.json")):
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if document["register"] not in catalogue:
            continue  # a catalogue of fewer registers
        entity = catalogue[document["register"]]
        connection.exec_driver_sql(
            "INSERT INTO shipped VALUES (?, ?, ?, ?)",
            [
                (each["id"], entity.key, each["number"], json.dumps(each["values"]))
                for each in document["records"]
            ],
        )
    apply_shipped(connection, catalogue)
    journal.set_meta(connection, "shipped", shipped_digest())


def apply_shipped(connection: Connection, catalogue: Catalogue) -> None:
    """Write the rows of all shipped records, with what users changed of them."""
    states: dict[str, list[apply.RecordState]] = {}
    for entity, state in untouched(connection, catalogue):
        states.setdefault(entity.key, []).append(state)
    for register, each in states.items():
        apply.write_states(connection, catalogue[register], each)
    rows = connection.exec_driver_sql("SELECT record FROM shipped").scalars()
    apply.apply_records(connection, catalogue, list(rows))


def untouched(
    connection: Connection, catalogue: Catalogue
) -> Iterator[tuple[Entity, apply.RecordState]]:
    """The shipped records of which the journal says nothing, as they are shipped."""
    rows = connection.exec_driver_sql("SELECT record, register, number, body FROM shipped").all()
    changed = journal.leaves_of_many(connection, [row[0] for row in rows])
    for record, register, number, body in rows:
        if record not in changed:
            entity = catalogue[register]
            yield (
                entity,
                apply.RecordState(
                    record, SHARED, entity.code, counter=number, values=json.loads(body)
                ),
            )
