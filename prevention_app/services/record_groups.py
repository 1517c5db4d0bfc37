"""The records of a list in groups, by what one of their fields holds: counted and added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from prevention_app.catalogue.description import Entity, Field, Kind, Value
from prevention_app.catalogue.values import fold, shown
from prevention_app.errors import Refused
from prevention_app.storage.query import Condition, Op, Query, Reader, Sums

MOST_GROUPS: Final = 1000
"""More than this many groups nobody reads: the list is then filtered, not grouped."""
NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)
_DATED: Final = (Kind.DATE, Kind.DATETIME)
_GROUPED: Final = (
    Kind.CHOICE, Kind.YES_NO, Kind.REFERENCE, Kind.PERSON, Kind.TEXT, *_DATED,
)  # fmt: skip
_NOTHING: Final = "Non renseigné"


@dataclass(frozen=True, slots=True)
class Group:
    """The records of a list that hold the same value, or a date of the same year."""

    title: str
    count: int
    totals: Mapping[str, tuple[int, Decimal]]
    """Key of a number field → how many records hold a number, and their sum."""
    where: tuple[Condition, ...]
    """What finds its records, beside what finds the whole list."""
    value: Value
    ids: tuple[str, ...] | None = None
    """Its records themselves, where no condition finds them."""


def groupable(entity: Entity) -> list[Field]:
    """The fields that records can be grouped by."""
    return [each for each in entity.fields if each.kind in _GROUPED]


def number_fields(entity: Entity) -> list[Field]:
    """The fields that can be added up."""
    return [each for each in entity.fields if each.kind in NUMBERS]


def groups(read: Reader, query: Query, key: str) -> list[Group]:
    """The groups of what a query finds, in the order that people expect; the unknown one last.

    Raises Refused where there would be more than `MOST_GROUPS`.
    """
    entity = read.catalogue[query.register]
    each = entity.by_key[key]
    sums = read.sums(query, [one.key for one in number_fields(entity)], by=key)
    if len(sums) > MOST_GROUPS:
        raise Refused(
            f"« {each.label_fr} » a trop de valeurs différentes pour grouper cette liste : "
            "filtrez-la d’abord."
        )
    titles = read.titles(each.target, [one.value for one in sums]) if each.target else {}
    made = [
        Group(_title(each, one, titles), one.count, one.totals, _where(each, one.value), one.value)
        for one in sums
    ]
    return sorted(made, key=lambda group: _rank(each, group))


def _title(each: Field, one: Sums, titles: Mapping[str, str]) -> str:
    if one.value is None or one.value == "":
        return _NOTHING
    if each.target:
        return titles.get(str(one.value), str(one.value))
    return str(one.value) if each.kind in _DATED else shown(each, one.value)


def _where(each: Field, value: Value) -> tuple[Condition, ...]:
    if value is None or value == "":
        return (Condition(each.key, Op.EMPTY),)
    if each.kind in _DATED:
        first, last = date(int(str(value)), 1, 1), date(int(str(value)), 12, 31)
        if each.kind is Kind.DATETIME:
            first, last = datetime.combine(first, time.min), datetime.combine(last, time.max)
        return (Condition(each.key, Op.FROM, first), Condition(each.key, Op.UNTIL, last))
    return (Condition(each.key, Op.IS, value),)


def _rank(each: Field, group: Group) -> tuple[bool, int, str]:
    """Choices in their own order, the newest year first, names by the alphabet."""
    value = group.value
    unknown = value is None or value == ""
    if unknown:
        return True, 0, ""
    if each.kind in _DATED:
        return False, -int(str(value)), ""
    if each.kind is Kind.CHOICE:
        codes = [option.code for option in each.options]
        return False, codes.index(str(value)) if str(value) in codes else len(codes), ""
    if each.kind is Kind.YES_NO:
        return False, 0 if value else 1, ""
    return False, 0, fold(group.title)
