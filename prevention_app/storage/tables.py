"""The tables of the registers, made from their declarations and from nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import Stored, format_decimal, from_stored, to_stored
from prevention_app.domain.merging import ERASED
from prevention_app.storage.engine import Connection

OWN_RECORDS: Final = "own_record"
ERASED_SHOWN: Final = "effacé"
_BASE: Final = (
    ("_id", "TEXT PRIMARY KEY"),
    ("_owner", "TEXT NOT NULL"),
    ("_origin", "TEXT NOT NULL"),
    ("_counter", "TEXT NOT NULL"),
    ("_deleted", "INTEGER NOT NULL DEFAULT 0"),
    ("_withheld", "TEXT NOT NULL DEFAULT ''"),
    ("_register", "TEXT NOT NULL"),
    ("_extra", "TEXT NOT NULL DEFAULT '{}'"),
    ("same_as", "TEXT"),
)
_AFFINITY: Final = {
    Kind.INTEGER: "INTEGER",
    Kind.DECIMAL: "NUMERIC",
    Kind.MONEY: "NUMERIC",
    Kind.YES_NO: "INTEGER",
}


def table_name(entity: Entity) -> str:
    """The table that holds the records of a register."""
    return OWN_RECORDS if entity.own else f"r_{entity.key}"


def columns_of(entity: Entity) -> list[Field]:
    """The fields that have a column of their own; the others live in `_extra`."""
    return [] if entity.own else [each for each in entity.fields if not each.own]


def declarations_digest(catalogue: Catalogue) -> str:
    """Which tables and rows these declarations make of a journal: others make others."""
    told = [
        (entity.key, entity.code, *_told(each)) for entity in catalogue for each in entity.fields
    ]
    return hashlib.sha256(repr((_BASE, told)).encode()).hexdigest()


def _told(each: Field) -> tuple[object, ...]:
    labels = [(option.code, option.label_fr) for option in each.options] if each.search else []
    return each.key, each.kind.value, str(each.default), each.search, each.own, each.leaf, labels


def adapt(connection: Connection, catalogue: Catalogue) -> bool:
    """Make the tables follow the declarations; returns whether a rebuild is needed.

    New tables and columns are added; what is declared no longer stays where it is, unread.
    """
    changed = False
    for entity in catalogue:
        name = table_name(entity)
        present = {
            str(row[1]) for row in connection.exec_driver_sql(f'PRAGMA table_info("{name}")')
        }
        if not present:
            _create(connection, entity)
            changed = True
            continue
        for each in columns_of(entity):
            if each.key not in present:
                connection.exec_driver_sql(
                    f'ALTER TABLE "{name}" ADD COLUMN "{each.key}" {_affinity(each)}'
                )
                changed = True
    return changed


def drop_all(connection: Connection, keep: Iterable[Entity]) -> None:
    """Remove the registers' tables, also of registers declared no longer, but for these."""
    kept = {table_name(each) for each in keep}
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'r\\_%' ESCAPE '\\' "
        f"OR name = '{OWN_RECORDS}')"
    ).scalars()
    for name in set(names) - kept:
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


def _create(connection: Connection, entity: Entity) -> None:
    name = table_name(entity)
    columns = [f"{column} {kind}" for column, kind in _BASE]
    columns += [f'"{each.key}" {_affinity(each)}' for each in columns_of(entity)]
    connection.exec_driver_sql(f'CREATE TABLE "{name}" ({", ".join(columns)}) WITHOUT ROWID')
    connection.exec_driver_sql(f'CREATE INDEX "i_{name}_ref" ON "{name}" (_counter, _origin)')
    if entity.own:
        connection.exec_driver_sql(f'CREATE INDEX "i_{name}_reg" ON "{name}" (_register)')
    for each in columns_of(entity):
        if each.target or each.key in entity.natural_key[:1]:
            connection.exec_driver_sql(
                f'CREATE INDEX "i_{name}_{each.key}" ON "{name}" ("{each.key}")'
            )


def _affinity(field: Field) -> str:
    return _AFFINITY.get(field.kind, "TEXT")


def column(entity: Entity, field: Field) -> sa.ColumnElement[Any]:
    """The expression that reads a field in SQL, wherever it is kept."""
    if entity.own or field.own:
        return sa.func.json_extract(sa.column("_extra"), f'$."{field.key}"')
    return sa.column(field.key)


def to_column(field: Field, value: Value) -> Any:
    """A value as its column holds it."""
    stored = to_stored(field, value)
    return stored_to_column(field, stored)


def stored_to_column(field: Field, stored: Stored) -> Any:
    """A journal value as its column holds it."""
    if stored is None:
        return None
    if stored == ERASED:
        return ERASED_SHOWN if field.kind in (Kind.TEXT, Kind.LONG_TEXT) else None
    match field.kind:
        case Kind.INTEGER:
            return int(stored)
        case Kind.DECIMAL | Kind.MONEY:
            return float(stored)
        case Kind.YES_NO:
            return int(bool(stored))
        case _:
            return stored


def from_column(field: Field, held: Any) -> Value:
    """The value that a column holds."""
    if held is None:
        return None
    match field.kind:
        case Kind.YES_NO:
            return bool(held)
        case Kind.DECIMAL | Kind.MONEY:
            return Decimal(format_decimal(Decimal(repr(held))))
        case Kind.INTEGER:
            return int(held)
        case _:
            return from_stored(field, str(held))


def row_values(
    entity: Entity, stored: Mapping[str, Stored], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of a record from its journal values; what no write holds reads as declared."""
    row: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for each in entity.fields:
        if each.key in stored:
            held = stored_to_column(each, stored[each.key])
        else:
            held = defaults.get(each.key)
        if entity.own or each.own:
            extra[each.key] = held
        else:
            row[each.key] = held
    row["_extra"] = json.dumps(extra, ensure_ascii=False) if extra else "{}"
    return row


def defaults_of(entity: Entity) -> dict[str, Any]:
    """The declared defaults as columns hold them."""
    return {
        each.key: to_column(each, each.default)
        for each in entity.fields
        if each.default is not None
    }


def record_from(entity: Entity, row: Mapping[str, Any]) -> Record:
    """The record that a row of its table holds; the caller adds reference and position."""
    record = entity.record_class()
    record.id = row["_id"]
    record.owner = row["_owner"]
    record.deleted = bool(row["_deleted"])
    record.same_as = row["same_as"]
    kinds = row["_withheld"]
    extra: dict[str, Any] = json.loads(row["_extra"]) if row["_extra"] != "{}" else {}
    for each in entity.fields:
        held = extra.get(each.key) if (entity.own or each.own) else row[each.key]
        setattr(record, each.key, from_column(each, held))
    if kinds:
        record.withheld = frozenset(
            each.key
            for each in entity.fields
            if each.leaf in kinds and getattr(record, each.key) is None
        )
    return record
