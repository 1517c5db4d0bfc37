"""What a merge may bring that no single record shows: one statement a register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Catalogue, Entity, Field
from prevention_app.storage import tables
from prevention_app.storage.engine import Connection

_STANDS: Final = (
    '(a.same_as IS NULL OR NOT EXISTS (SELECT 1 FROM "{table}" o WHERE o._id = a.same_as AND '
    "(o.same_as IS NULL OR o.same_as <> a._id OR o._id < a._id)))"
)
"""Joined to nothing, or to what is not here; of two joined crosswise, the first."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A record that others refer to and that is deleted or was never here."""

    field: str
    target: str
    deleted: bool
    records: tuple[str, ...]
    """Those that refer to it."""


def doubles(connection: Connection, catalogue: Catalogue, entity: Entity) -> list[list[str]]:
    """Live records of one department that have the same natural key, the oldest of each first.

    They must come from more than one station: who writes two alike sees what he does, and two
    rows of one file are two things. Texts are compared as lists are put in order; references that
    were joined count as one.
    """
    fields = [entity.by_key[key] for key in entity.natural_key if key in entity.by_key]
    if not fields or entity.reference_set:
        return []
    keys = [_key(connection, catalogue, entity, each) for each in fields]
    rows = connection.exec_driver_sql(
        f"SELECT group_concat(a._id, ' ') {_living(entity)} AND {keys[0]} IS NOT NULL "
        f"GROUP BY a._owner, {', '.join(keys)} "
        "HAVING count(*) > 1 AND min(a._origin) <> max(a._origin)"
    ).scalars()
    return sorted(sorted(str(ids).split(" ")) for ids in rows)


def missing(connection: Connection, catalogue: Catalogue, entity: Entity) -> list[Missing]:
    """What live records refer to and is deleted here, or not here at all.

    Where leaves of a register are absent, a record that is not here may only not have been
    communicated: it is not told of.
    """
    parts: list[str] = []
    for each in entity.fields:
        target = catalogue.by_key.get(each.target or "")
        if target is None or target.reference_set:
            continue
        held = _column(entity, each)
        absent = "" if _communicated(connection, target) else "AND t._id IS NOT NULL "
        parts.append(
            f"SELECT '{each.key}', {held}, t._id IS NOT NULL, group_concat(a._id, ' ') "
            f'FROM "{tables.table_name(entity)}" a '
            f'LEFT JOIN "{tables.table_name(target)}" t ON t._id = {held} '
            f"WHERE {_alive(entity)} AND {held} IS NOT NULL {absent}"
            f"AND (t._id IS NULL OR t._deleted = 1) GROUP BY {held}"
        )
    if not parts:
        return []
    rows = connection.exec_driver_sql(" UNION ALL ".join(parts))
    return [
        Missing(str(key), str(target), bool(here), tuple(sorted(str(ids).split(" "))))
        for key, target, here, ids in rows
    ]


def parents(connection: Connection, entity: Entity, each: Field) -> dict[str, str | None]:
    """Live record → the one above it, of a register that refers to itself."""
    held = _column(entity, each)
    rows = connection.exec_driver_sql(
        f"SELECT a._id, {held} {_living(entity)} AND {held} IS NOT NULL"
    )
    return {str(record): str(above) for record, above in rows}


def written_by_several(connection: Connection) -> list[str]:
    """Records that more than one station wrote: what each of them checked, the merge may break."""
    return [
        str(record)
        for record in connection.exec_driver_sql(
            "SELECT record FROM leaf WHERE record IS NOT NULL GROUP BY record "
            "HAVING min(station) <> max(station)"
        ).scalars()
    ]


def stations(connection: Connection) -> int:
    """How many stations wrote what is here."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM chain WHERE last > 0").scalar_one())


def _communicated(connection: Connection, entity: Entity) -> bool:
    return not connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM leaf WHERE body IS NULL AND erased IS NULL AND register = ?)",
        (entity.code,),
    ).scalar()


def _living(entity: Entity) -> str:
    table = tables.table_name(entity)
    return f'FROM "{table}" a WHERE {_alive(entity)} AND {_STANDS.format(table=table)}'


def _alive(entity: Entity) -> str:
    of_register = f"a._register = '{entity.key}' AND " if entity.own else ""
    return f"{of_register}a._deleted = 0"


def _key(connection: Connection, catalogue: Catalogue, entity: Entity, each: Field) -> str:
    """The expression by which two records have the same in a field."""
    held = _column(entity, each)
    target = catalogue.by_key.get(each.target or "")
    if target is None:
        return held
    table = tables.table_name(target)
    joined = connection.exec_driver_sql(
        f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE same_as IS NOT NULL)'
    ).scalar()
    if not joined:
        return held
    return f'coalesce((SELECT t.same_as FROM "{table}" t WHERE t._id = {held}), {held})'


def _column(entity: Entity, each: Field) -> str:
    if entity.own or each.own:
        return f"json_extract(a._extra, '$.\"{each.key}\"')"
    return f'a."{tables.order_name(entity, each)}"'
