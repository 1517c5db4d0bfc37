"""Any register as columns, from its declaration: a sheet of a workbook, a CSV file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind
from prevention_app.exchange.workbook_model import Column, Look, Plain

REFERENCE, DEPARTMENT, IDENTIFIER = "N°", "Département", "_id"

_LOOKS = {
    Kind.INTEGER: Look.INTEGER,
    Kind.DECIMAL: Look.NUMBER,
    Kind.MONEY: Look.MONEY,
    Kind.DATE: Look.DATE,
    Kind.DATETIME: Look.DATETIME,
    Kind.YES_NO: Look.CENTRED,
    Kind.CHOICE: Look.CENTRED,
    Kind.COLOUR: Look.CENTRED,
}
_WIDTHS = {
    Look.INTEGER: 10.0,
    Look.NUMBER: 10.0,
    Look.MONEY: 12.0,
    Look.DATE: 11.0,
    Look.DATETIME: 15.0,
    Look.CENTRED: 16.0,
}
_TEXT_WIDTH, _LONG_TEXT_WIDTH = 26.0, 44.0
_WORKING_NOTES = frozenset({"import_remarks", "rated_by"})
"""Fields of the service's own work, in which people are named."""


@dataclass(frozen=True, slots=True)
class RegisterRows:
    """The records of a register as rows; read once."""

    entity: Entity
    fields: tuple[Field, ...]
    count: int
    rows: Iterable[tuple[Plain, ...]]
    """For each record: department, reference, the fields in their order, id."""


def impersonal_fields(entity: Entity) -> tuple[Field, ...]:
    """The fields that may leave the service: none about a person, none with files (P7)."""
    return tuple(
        each
        for each in entity.fields
        if not each.personal
        and each.kind not in (Kind.PERSON, Kind.ATTACHMENT)
        and each.key not in _WORKING_NOTES
    )


def names_persons(catalogue: Catalogue, register: str, seen: Collection[str] = ()) -> bool:
    """Whether the titles of a register name persons, themselves or through what they refer to."""
    if register in seen or register not in catalogue:
        return False
    entity = catalogue[register]
    fields = [entity.by_key[key] for key in entity.title if key in entity.by_key]
    return any(
        each.personal
        or each.kind is Kind.PERSON
        or (each.target is not None and names_persons(catalogue, each.target, (*seen, register)))
        for each in fields
    )


def columns_of(fields: Iterable[Field], *, with_department: bool) -> tuple[Column, ...]:
    """The columns of a register sheet: reference, fields by their headings, hidden id."""
    columns = [Column(REFERENCE, width=16, key="reference")]
    if with_department:
        columns.insert(0, Column(DEPARTMENT, width=18, key="owner"))
    taken = {each.heading.casefold() for each in columns} | {IDENTIFIER}
    for each in fields:
        heading = _free_heading(each.heading, taken)
        look = _LOOKS.get(each.kind, Look.WRAPPED)
        wide = each.kind is Kind.LONG_TEXT or each.target is not None
        width = _LONG_TEXT_WIDTH if wide else _WIDTHS.get(look, _TEXT_WIDTH)
        columns.append(Column(heading, look, width, each.key))
    return (*columns, Column(IDENTIFIER, width=38, key="id", hidden=True))


def _free_heading(heading: str, taken: set[str]) -> str:
    """A heading on one line that no other column has, whatever the case."""
    wanted = " ".join(heading.split())[:240] or "Champ"
    found, count = wanted, 1
    while found.casefold() in taken:
        count += 1
        found = f"{wanted} ({count})"
    taken.add(found.casefold())
    return found
