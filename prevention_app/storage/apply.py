"""From the journal to the tables: the row, the conflicts and the search text of a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prevention_app.catalogue.description import Catalogue, Entity
from prevention_app.domain.merging import (
    DELETED,
    FieldState,
    Stored,
    deletion_conflict,
    state_of,
)
from prevention_app.storage import search, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import (
    Written,
    chunks,
    concerned_kinds,
    has_absent,
    has_aside,
    leaves_of_many,
)

SAME_AS = "same_as"
_MANY = 2000
"""Records under which all that is shipped is read at once."""
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


def ground(connection: Connection, records: Sequence[str] | None = None) -> Ground:
    """What lies under these records (under all for None), read once for any number of them."""
    rows: list[Any] = []
    if records is None or len(records) > _MANY:
        rows += connection.exec_driver_sql("SELECT record, number, body FROM shipped").all()
    else:
        for chunk in chunks(records):
            marks = ", ".join("?" * len(chunk))
            rows += connection.exec_driver_sql(
                f"SELECT record, number, body FROM shipped WHERE record IN ({marks})", tuple(chunk)
            ).all()
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
    wanted = list(records)
    under = ground(connection, wanted)
    held = leaves_of_many(connection, wanted)
    for leaves in held.values():
        entity = catalogue.by_code.get(leaves[0].register)
        if entity is not None:
            states.setdefault(entity.key, []).append(state_now(connection, under, leaves))
    if has_aside(connection):
        _take_away(connection, catalogue, under, [each for each in wanted if each not in held])
    for key, each in states.items():
        write_states(connection, catalogue[key], each)


def _take_away(
    connection: Connection, catalogue: Catalogue, under: Ground, records: Sequence[str]
) -> None:
    """Records of which nothing counts are not shown; those shipped are as they were shipped."""
    places: dict[str, tuple[str, str]] = {}
    for chunk in chunks(records):
        marks = ", ".join("?" * len(chunk))
        for record, owner, register in connection.exec_driver_sql(
            f"SELECT DISTINCT record, owner, register FROM leaf WHERE record IN ({marks})",
            tuple(chunk),
        ):
            places[str(record)] = (str(owner), str(register))
    for record, (owner, register) in places.items():
        entity = catalogue.by_code.get(register)
        if entity is None:
            continue
        if record in under.shipped:
            number, values = under.shipped[record]
            state = RecordState(record, owner, register, counter=number, values=dict(values))
            write_states(connection, entity, [state])
            continue
        connection.exec_driver_sql("DELETE FROM conflict WHERE record = ?", (record,))
        table = tables.table_name(entity)
        connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE _id = ?', (record,))
        search.index(connection, entity.key, {record: (owner, "")})


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
    if search.is_searched(entity):
        texts = {
            state.record: (state.owner, search.text_of(entity, state.values)) for state in states
        }
        search.index(connection, entity.key, texts)


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
