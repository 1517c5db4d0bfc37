"""Published catalogues: their rows are read-only tables, replaced edition by edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from prevention_app.catalogue.description import Entity, Value
from prevention_app.storage import search, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.work import SHARED

_BATCH = 5000
_KEY_JOINER = "|"


def row_id(entity: Entity, values: Mapping[str, Value]) -> str:
    """The id of a published row: its natural key, by which records name it."""
    return _KEY_JOINER.join(str(values.get(key) or "") for key in entity.natural_key)


def replace_rows(
    connection: Connection, entity: Entity, rows: Iterable[Mapping[str, Value]]
) -> int:
    """Put an edition's rows in place of the earlier ones; returns how many there are.

    A row that is gone from the edition stays readable, as deleted, for the records that name it.
    """
    name = tables.table_name(entity)
    connection.exec_driver_sql(f'UPDATE "{name}" SET _deleted = 1')
    count = 0
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        _insert(connection, entity, batch)
        count += len(batch)
    _index(connection, entity)
    return count


def _insert(connection: Connection, entity: Entity, batch: list[Mapping[str, Value]]) -> None:
    fields = tables.columns_of(entity)
    names = ["_id", "_owner", "_origin", "_counter", "_deleted", "_register"]
    names += [each.key for each in fields]
    names += [tables.sorted_name(each) for each in tables.sorted_texts(entity)]
    columns = ", ".join(f'"{each}"' for each in names)
    marks = ", ".join("?" * len(names))
    values: list[tuple[Any, ...]] = []
    for row in batch:
        key = row_id(entity, row)
        held: dict[str, Any] = {
            each.key: tables.to_column(each, row.get(each.key)) for each in fields
        }
        held |= tables.folded(entity, held)
        values.append((key, SHARED, "", key, 0, entity.key, *held.values()))
    connection.exec_driver_sql(
        f'INSERT OR REPLACE INTO "{tables.table_name(entity)}" ({columns}) VALUES ({marks})',
        values,
    )


def _index(connection: Connection, entity: Entity) -> None:
    if not search.is_searched(entity):
        return
    searched = [each.key for each in entity.fields if each.search]
    columns = ", ".join(f'"{key}"' for key in searched)
    rows = connection.exec_driver_sql(
        f'SELECT _id, {columns} FROM "{tables.table_name(entity)}" WHERE _deleted = 0'
    )
    texts = (
        (record, SHARED, search.text_of(entity, dict(zip(searched, values, strict=True))))
        for record, *values in rows
    )
    search.index_published(connection, entity.key, texts)
