"""Registers and fields that users defined at run time, read as entities like any other."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from prevention_app.catalogue.description import (
    DECLARED,
    Catalogue,
    Entity,
    Field,
    Kind,
    Option,
    Record,
)
from prevention_app.catalogue.vocabulary import FieldKind
from prevention_app.catalogue.workspace import FieldDefinition, RegisterDefinition
from prevention_app.storage import tables
from prevention_app.storage.engine import Connection

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_RESERVED: Final = frozenset(
    {each.name for each in dataclasses.fields(Record)} | {"register", "record", "settles"}
)
"""What every record has, and the words of `Work.new` and `Work.amend`, are no keys of fields."""


def with_definitions(connection: Connection, declared: Catalogue) -> Catalogue:
    """The declared catalogue with the registers and fields defined in this workspace."""
    registers = _rows(connection, DECLARED[RegisterDefinition])
    fields: dict[str, list[Mapping[str, Any]]] = {}
    for row in _rows(connection, DECLARED[FieldDefinition]):
        fields.setdefault(row["register_key"], []).append(row)
    if not registers and not fields:
        return declared
    extended = [
        entity.with_fields(_fields(fields[entity.key], entity.by_key))
        if entity.key in fields
        else entity
        for entity in declared
    ]
    known, codes = {each.key for each in extended}, {each.code for each in extended}
    for row in registers:
        if not _KEY.fullmatch(row["register_key"] or "") or not row["name"]:
            continue
        if not _CODE.fullmatch(row["register_code"] or ""):
            continue
        if row["register_key"] not in known and row["register_code"] not in codes:
            extended.append(_register(row, fields.get(row["register_key"], [])))
            known.add(row["register_key"])
            codes.add(row["register_code"])
    return Catalogue(extended)


def _rows(connection: Connection, entity: Entity) -> list[Mapping[str, Any]]:
    rows = connection.exec_driver_sql(
        f'SELECT * FROM "{tables.table_name(entity)}" WHERE _deleted = 0 '
        "AND same_as IS NULL ORDER BY _id"
    ).mappings()
    return [{str(key): value for key, value in row.items()} for row in rows]


def _register(row: Mapping[str, Any], fields: list[Mapping[str, Any]]) -> Entity:
    made = _fields(fields, {})
    title = tuple(each.key for each in made if each.kind in (Kind.TEXT, Kind.LONG_TEXT))[:1]
    recognised = {each["field_key"] for each in fields if each["part_of_key"]}
    return Entity(
        key=row["register_key"],
        code=row["register_code"],
        label_fr=row["name"],
        label_en=row["name_en"] or row["name"],
        group_fr=row["group"] or "Registres",
        record_class=Record,
        title=title or tuple(each.key for each in made[:1]),
        natural_key=tuple(each.key for each in made if each.key in recognised),
        legal=row["legal"] or "",
        own=True,
        extra_fields=tuple(made),
    )


def _fields(rows: Iterable[Mapping[str, Any]], taken: Mapping[str, Field]) -> list[Field]:
    wanted: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if _is_usable(row) and row["field_key"] not in taken:
            wanted.setdefault(row["field_key"], row)
    ranked = sorted(wanted.values(), key=lambda row: (row["rank"] or 0, row["_id"]))
    return [_field(row) for row in ranked if not row["hidden"]]


def _is_usable(row: Mapping[str, Any]) -> bool:
    """Whether a definition makes a field here; a newer program may know kinds that we do not."""
    key = row["field_key"] or ""
    return (
        bool(_KEY.fullmatch(key) and row["label"])
        and key not in _RESERVED
        and row["kind"] in set(FieldKind)
    )


def _field(row: Mapping[str, Any]) -> Field:
    kind = Kind(row["kind"])
    return Field(
        row["field_key"],
        row["label"],
        row["label_en"] or row["label"],
        kind,
        required=bool(row["required"]),
        options=_options(row["options"]) if kind is Kind.CHOICE else (),
        lines=4 if kind is Kind.LONG_TEXT else 1,
        search=kind in (Kind.TEXT, Kind.LONG_TEXT),
        due=row["due"] if kind is Kind.DATE else None,
        own=True,
    )


def _options(text: str | None) -> tuple[Option, ...]:
    made: list[Option] = []
    for line in (text or "").splitlines():
        code, _, label = line.partition("=")
        if code.strip():
            words = label.strip() or code.strip()
            made.append(Option(code.strip(), words, words))
    return tuple(made)
