"""From the journal to the tables: the row, the conflicts and the search text of a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prevention_app.catalogue.description import Catalogue, Entity, Kind
from prevention_app.catalogue.values import fold
from prevention_app.domain.merging import (
    DELETED,
    ERASED,
    FieldState,
    Stored,
    deletion_conflict,
    state_of,
)
from prevention_app.storage import tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import (
    Written,
    chunks,
    concerned_kinds,
    has_absent,
    leaves_of_many,
)

SAME_AS = "same_as"
REASON = "_reason"
"""The reason that a person typed for a change; a field of its text leaf, never in conflict."""


@dataclass(slots=True)
class RecordState:
    """What the leaves of one record add up to."""

    record: str
    owner: str
    register: str
    origin: str = ""
    counter: str = ""
    values: dict[str, Stored] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    """(kind of leaf, field) where writes disagree."""
    withheld: str = ""


def state_from(leaves: Sequence[Written], base: Mapping[str, Stored]) -> RecordState:
    """The state of a record from all its held leaves, over the values shipped with the program."""
    first = leaves[0]
    state = RecordState(first.record, first.owner, first.register, values=dict(base))
    for written in leaves:
        if "c" in written.body:
            state.origin, state.counter = written.leaf.station, str(written.body["c"])
    for kind in {written.kind: None for written in leaves}:
        merged = [written.leaf for written in leaves if written.kind == kind]
        fields = state_of(merged)
        _take(state, kind, fields)
        crossed = kind == "p" and deletion_conflict(merged, fields)
        if crossed and (kind, DELETED) not in state.conflicts:
            state.conflicts.append((kind, DELETED))
    return state


def _take(state: RecordState, kind: str, fields: Mapping[str, FieldState]) -> None:
    for name, found in fields.items():
        if name == REASON:
            continue
        state.values[name] = found.shown
        if found.conflict:
            state.conflicts.append((kind, name))


def shipped_values(connection: Connection, record: str) -> dict[str, Stored]:
    """The values that the program ships of a record; empty where it ships none."""
    row = connection.exec_driver_sql(
        "SELECT body FROM shipped WHERE record = ?", (record,)
    ).scalar()
    return json.loads(row) if row else {}


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under the leaves: shipped records, and whether any leaf is absent here."""

    shipped: Mapping[str, tuple[str, dict[str, Stored]]]
    """Record → its number and shipped values."""
    absent: bool


def ground(connection: Connection) -> Ground:
    """Read once for any number of records."""
    rows = connection.exec_driver_sql("SELECT record, number, body FROM shipped")
    shipped = {str(record): (str(number), json.loads(body)) for record, number, body in rows}
    return Ground(shipped, has_absent(connection))


def state_now(connection: Connection, under: Ground, leaves: Sequence[Written]) -> RecordState:
    """The state of a record over what was shipped, with what is known to be absent."""
    number, base = under.shipped.get(leaves[0].record, ("", {}))
    state = state_from(leaves, base)
    if under.absent:
        state.withheld = concerned_kinds(connection, leaves)
    if number:
        state.counter = number
    return state


def apply_records(connection: Connection, catalogue: Catalogue, records: Iterable[str]) -> None:
    """Make the tables show these records as their leaves say; unknown registers are left out."""
    states: dict[str, list[RecordState]] = {}
    under = ground(connection)
    for leaves in leaves_of_many(connection, records).values():
        entity = catalogue.by_code.get(leaves[0].register)
        if entity is not None:
            states.setdefault(entity.key, []).append(state_now(connection, under, leaves))
    for key, each in states.items():
        write_states(connection, catalogue[key], each)


def write_states(connection: Connection, entity: Entity, states: Sequence[RecordState]) -> None:
    """Make the tables show these states of records of one register."""
    if not states:
        return
    defaults = tables.defaults_of(entity)
    connection.exec_driver_sql(
        "DELETE FROM conflict WHERE record = ?", [(state.record,) for state in states]
    )
    conflicts = [
        (state.record, entity.key, kind, name) for state in states for kind, name in state.conflicts
    ]
    if conflicts:
        connection.exec_driver_sql("INSERT INTO conflict VALUES (?, ?, ?, ?)", conflicts)
    write_rows(connection, entity, [row_of(entity, state, defaults) for state in states])
    index(connection, entity, states)


def row_of(entity: Entity, state: RecordState, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The table row of a state; no default stands for what was not communicated."""
    if state.withheld:
        defaults = {
            key: value
            for key, value in defaults.items()
            if entity.by_key[key].leaf not in state.withheld
        }
    row = tables.row_values(entity, state.values, defaults)
    row |= {
        "_id": state.record,
        "_owner": state.owner,
        "_origin": state.origin,
        "_counter": state.counter,
        "_deleted": int(state.values.get(DELETED) is True),
        "_withheld": state.withheld,
        "_register": entity.key,
        SAME_AS: state.values.get(SAME_AS),
    }
    return row


def write_rows(connection: Connection, entity: Entity, rows: list[dict[str, Any]]) -> None:
    """Insert or replace whole rows of a register."""
    if not rows:
        return
    names = list(rows[0])
    marks = ", ".join("?" * len(names))
    columns = ", ".join(f'"{name}"' for name in names)
    connection.exec_driver_sql(
        f'INSERT OR REPLACE INTO "{tables.table_name(entity)}" ({columns}) VALUES ({marks})',
        [tuple(row[name] for name in names) for row in rows],
    )


def index(connection: Connection, entity: Entity, states: Sequence[RecordState]) -> None:
    """Keep the search text of records as their values are now."""
    if not any(each.search for each in entity.fields):
        return
    texts = {state.record: (state.owner, search_text(entity, state)) for state in states}
    for chunk in chunks(list(texts)):
        marks = ", ".join("?" * len(chunk))
        held = connection.exec_driver_sql(
            f"SELECT row, record, text FROM search_text WHERE register = ? AND record IN ({marks})",
            (entity.key, *chunk),
        ).all()
        same = {record for _, record, text in held if texts[record][1] == text}
        _forget(connection, [(row, text) for row, record, text in held if record not in same])
        _add(
            connection,
            [
                (record, entity.key, *texts[record])
                for record in chunk
                if texts[record][1] and record not in same
            ],
        )


def search_text(entity: Entity, state: RecordState) -> str:
    """The folded text under which a record is found."""
    texts: list[str] = []
    for each in entity.fields:
        if not each.search:
            continue
        value = state.values.get(each.key)
        if value and value != ERASED:
            option = each.option(str(value)) if each.kind is Kind.CHOICE else None
            texts.append(option.label_fr if option else str(value))
    return fold(" ".join(texts))


def _forget(connection: Connection, rows: list[tuple[int, str]]) -> None:
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', ?, ?)", rows
        )
        connection.exec_driver_sql(
            "DELETE FROM search_text WHERE row = ?", [(row,) for row, _ in rows]
        )


def forget_erased_words(connection: Connection) -> None:
    """Leave nothing of deleted words in the index, which keeps them until it is merged."""
    connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def _add(connection: Connection, rows: list[tuple[str, str, str, str]]) -> None:
    if not rows:
        return
    first = 1 + int(
        connection.exec_driver_sql("SELECT coalesce(max(row), 0) FROM search_text").scalar_one()
    )
    connection.exec_driver_sql(
        "INSERT INTO search_text (row, record, register, owner, text) VALUES (?, ?, ?, ?, ?)",
        [(first + at, *row) for at, row in enumerate(rows)],
    )
    connection.exec_driver_sql(
        "INSERT INTO search_index (rowid, text) VALUES (?, ?)",
        [(first + at, row[3]) for at, row in enumerate(rows)],
    )
