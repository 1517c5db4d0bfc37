"""The tables of the registers, made from their declarations and from nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import Stored, fold, format_decimal, to_stored
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
_TEXTS: Final = (Kind.TEXT, Kind.LONG_TEXT)
_SORTED: Final = "_sorted_"
"""Before the key of a text: the column that holds it as it is put in order."""


def table_name(entity: Entity) -> str:
    """The table that holds the records of a register."""
    return OWN_RECORDS if entity.own else f"r_{entity.key}"


def columns_of(entity: Entity) -> list[Field]:
    """The fields that have a column of their own; the others live in `_extra`."""
    return [] if entity.own else [each for each in entity.fields if not each.own]


def declarations_digest(catalogue: Catalogue) -> str:
    """Which rows these declarations make of a journal: others make others."""
    told = [
        (entity.key, entity.code, *_told(each)) for entity in catalogue for each in entity.fields
    ]
    return _digest(_BASE, told)


def orders_digest(catalogue: Catalogue) -> str:
    """How the rows are put in order: others need other indexes, of the same rows."""
    return _digest(
        *(
            (entity.key, entity.order, *(each.key for each in sorted_texts(entity)))
            for entity in catalogue
        )
    )


def _digest(*told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _told(each: Field) -> tuple[object, ...]:
    labels = [(option.code, option.label_fr) for option in each.options] if each.search else []
    return each.key, each.kind.value, str(each.default), each.search, each.own, each.leaf, labels


def adapt(connection: Connection, catalogue: Catalogue) -> bool:
    """Make the tables follow the declarations; returns whether a rebuild is needed.

    New tables and columns are added; what is declared no longer stays where it is, unread. A
    folded form is made of what the row holds, so that it needs no rebuild.
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
        for column, kind in _columns(entity):
            if present and column not in present:
                connection.exec_driver_sql(f'ALTER TABLE "{name}" ADD COLUMN "{column}" {kind}')
                changed |= not column.startswith(_SORTED)
        if present:
            _fold_again(connection, entity)
        _index_order(connection, entity)
    return changed


def _fold_again(connection: Connection, entity: Entity) -> None:
    """Fill the folded forms: of a new column, or of one that was declared before as well."""
    for each in sorted_texts(entity):
        told = f'"{sorted_name(each)}"'
        connection.exec_driver_sql(
            f'UPDATE "{table_name(entity)}" SET {told} = fold("{each.key}") '
            f'WHERE {told} IS NOT fold("{each.key}")'
        )


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
    columns += [f'"{column}" {kind}' for column, kind in _columns(entity)]
    connection.exec_driver_sql(f'CREATE TABLE "{name}" ({", ".join(columns)}) WITHOUT ROWID')
    connection.exec_driver_sql(f'CREATE INDEX "i_{name}_ref" ON "{name}" (_counter, _origin)')
    if entity.own:
        connection.exec_driver_sql(f'CREATE INDEX "i_{name}_reg" ON "{name}" (_register)')
    for each in columns_of(entity):
        if each.target or each.key in entity.natural_key[:1]:
            connection.exec_driver_sql(
                f'CREATE INDEX "i_{name}_{each.key}" ON "{name}" ("{each.key}")'
            )


def _columns(entity: Entity) -> list[tuple[str, str]]:
    """The columns of a register beside those that all have, with their type."""
    return [
        *((each.key, _AFFINITY.get(each.kind, "TEXT")) for each in columns_of(entity)),
        *((sorted_name(each), "TEXT") for each in sorted_texts(entity)),
    ]


def _index_order(connection: Connection, entity: Entity) -> None:
    """Let a list be walked in its declared order, and counted, without reading its rows.

    Where the order is that of other registers' titles, it still has to be sorted.
    """
    name = f"i_{table_name(entity)}_order"
    wanted = _order_index(name, entity)
    held = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", (name,)
    ).scalar()
    if held == wanted:
        return
    connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{name}"')
    if wanted:
        connection.exec_driver_sql(wanted)


def _order_index(name: str, entity: Entity) -> str | None:
    """The statement that makes it; none where records stand as they were made."""
    if not entity.order:
        return None
    parts: list[str] = []
    for asked in entity.order:
        key = order_name(entity, entity.by_key[asked.removeprefix("-")])
        parts += [f'("{key}" IS NULL)', f'"{key}"' + (" DESC" if asked[0] == "-" else "")]
    told = ", ".join([*parts, "_id", "_deleted", "same_as", "_owner"])
    return f'CREATE INDEX "{name}" ON "{table_name(entity)}" ({told})'


@lru_cache(maxsize=256)
def sorted_texts(entity: Entity) -> tuple[Field, ...]:
    """The texts by which its lists, or those that refer to it, are put in order unasked.

    Their folded form has a column: to fold a register at each sorting takes seconds.
    """
    wanted = {each.removeprefix("-") for each in entity.order} | set(entity.title[:1])
    return tuple(each for each in columns_of(entity) if each.key in wanted and each.kind in _TEXTS)


def sorted_name(each: Field) -> str:
    """The column of a text's folded form."""
    return _SORTED + each.key


def folded(entity: Entity, row: Mapping[str, Any]) -> dict[str, str | None]:
    """The columns for putting a row in order, from its other ones."""
    found: dict[str, str | None] = {}
    for each in sorted_texts(entity):
        text = row[each.key]
        found[sorted_name(each)] = None if text is None else fold(text)
    return found


def order_name(entity: Entity, each: Field) -> str:
    """The column by which a field is put in order where no statement has to fold it."""
    return sorted_name(each) if each in sorted_texts(entity) else each.key


def field_of_column(entity: Entity, name: str) -> Field | None:
    """The field that a column holds, or whose folded form it holds."""
    return entity.by_key.get(name.removeprefix(_SORTED))


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


def reader_of(field: Field) -> Callable[[Any], Value] | None:
    """What makes a value of what its column holds, other than nothing; None where that is one."""
    return _READERS.get(field.kind)


def from_column(field: Field, held: Any) -> Value:
    """The value that a column holds."""
    read = reader_of(field)
    return held if held is None or read is None else read(held)


def _read_decimal(held: float) -> Decimal:
    return Decimal(format_decimal(Decimal(repr(held))))


_READERS: Final[Mapping[Kind, Callable[[Any], Value]]] = {
    Kind.YES_NO: bool,
    Kind.INTEGER: int,
    Kind.DECIMAL: _read_decimal,
    Kind.MONEY: _read_decimal,
    Kind.DATE: date.fromisoformat,
    Kind.DATETIME: datetime.fromisoformat,
}


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
    row |= folded(entity, row)
    row["_extra"] = json.dumps(extra, ensure_ascii=False) if extra else "{}"
    return row


def defaults_of(entity: Entity) -> dict[str, Any]:
    """The declared defaults as columns hold them."""
    return {
        each.key: to_column(each, each.default)
        for each in entity.fields
        if each.default is not None
    }


class RecordReader:
    """Makes records of rows with all columns of a register; kept for a whole statement."""

    def __init__(self, entity: Entity, columns: Sequence[str]) -> None:
        """Find the place of each column once."""
        self._entity = entity
        place = {name: at for at, name in enumerate(columns)}
        self._id, self._owner, self._deleted, self._same_as, self._withheld, self._extra = (
            place[name] for name in ("_id", "_owner", "_deleted", "same_as", "_withheld", "_extra")
        )
        kept = columns_of(entity)
        self._plain = [(each.key, place[each.key]) for each in kept if not reader_of(each)]
        self._read = [
            (each.key, place[each.key], read) for each in kept if (read := reader_of(each))
        ]
        self._own = [each for each in entity.fields if entity.own or each.own]

    def record(self, row: Sequence[Any]) -> Record:
        """The record that a row holds; the caller adds reference and position."""
        record = self._entity.record_class()
        values = vars(record)
        values["id"] = row[self._id]
        values["owner"] = row[self._owner]
        values["deleted"] = bool(row[self._deleted])
        values["same_as"] = row[self._same_as]
        for key, at in self._plain:
            values[key] = row[at]
        for key, at, read in self._read:
            held = row[at]
            values[key] = None if held is None else read(held)
        if self._own:
            extra: dict[str, Any] = json.loads(row[self._extra])
            for each in self._own:
                values[each.key] = from_column(each, extra.get(each.key))
        if row[self._withheld]:
            record.withheld = self._kept_back(record, row[self._withheld])
        return record

    def _kept_back(self, record: Record, kinds: str) -> frozenset[str]:
        return frozenset(
            each.key
            for each in self._entity.fields
            if each.leaf in kinds and getattr(record, each.key) is None
        )
