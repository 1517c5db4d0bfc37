"""Any register, by its declaration: each column a field, references by what they are called."""

from __future__ import annotations

from collections.abc import Mapping

from prevention_app.catalogue.description import Entity, Field, Record, Value
from prevention_app.errors import NotFound
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding.matcher import REMARKS, Matcher, RowResult
from prevention_app.services.binding.values import said
from prevention_app.storage.identity import parse_reference
from prevention_app.storage.query import Query
from prevention_app.storage.store import SHARED

_FORMULA_SIGNS = frozenset("=+-@\t\r")


def bind(row: ImportedRow, owner: str, matcher: Matcher, entity: Entity) -> RowResult:
    """Write a record of the register: over the one it names or resembles, else as a new one."""
    result = RowResult()
    record = _known(row, matcher, entity)
    values: dict[str, Value] = {}
    for each in entity.fields:
        given = row.values.get(each.key)
        if given is None or given == "":
            continue
        if each.target:
            current = getattr(record, each.key) if record else None
            values[each.key] = _linked(matcher, owner, each, said(given), result, current)
        else:
            values[each.key] = _plain(given)
    if result.problems:
        result.fatal = True
        return result
    if row.remarks and REMARKS in entity.by_key:
        values[REMARKS] = "\n".join(row.remarks)
    result.title = said(values.get(entity.title[0]))
    if record is not None:
        matcher.amend(entity.key, record, values, result, main=True)
    else:
        key = _key(entity, values)
        matcher.upsert(entity.key, owner, values, result, key=key, main=True, once=True)
    return result


def _key(entity: Entity, values: Mapping[str, Value]) -> tuple[str, ...]:
    """What tells the record: its natural key, or all that is given where that key says nothing."""
    if entity.natural_key and values.get(entity.natural_key[0]) not in (None, ""):
        return entity.natural_key
    return tuple(sorted(values))


def _plain(given: object) -> Value:
    if isinstance(given, str):
        # Our CSV files shield texts that a spreadsheet would take for a formula.
        return given[1:] if given[:1] == "'" and given[1:2] in _FORMULA_SIGNS else given
    return given  # type: ignore[return-value]  # the kind of import gives values of the field


def _known(row: ImportedRow, matcher: Matcher, entity: Entity) -> Record | None:
    """The record that the row quotes by its reference or id, as our own exports write them."""
    identifier = said(row.values.get("_id"))
    if identifier:
        found = matcher.read.records(Query(entity.key, ids=(identifier,)))
        if found:
            return found[0]
    reference = said(row.values.get("_reference"))
    if reference:
        try:
            of, record = matcher.read.find(reference)
        except NotFound:
            return None
        return record if of.key == entity.key else None
    return None


def _linked(
    matcher: Matcher,
    owner: str,
    each: Field,
    text: str,
    result: RowResult,
    current: str | None,
) -> str | None:
    """The id of what a cell names; made by its name where the workspace lacks it."""
    target = matcher.entity(each.target or "")
    if target.reference_set:
        return _published(matcher, target, text, current)
    found = _named(matcher, owner, target, text)
    if current in found:
        return current
    if len(found) == 1:
        return found[0]
    if found:
        result.problems.append(
            (
                each.key,
                f"« {each.label_fr} » : « {text} » désigne plusieurs fiches. Donnez la référence.",
            )
        )
        return None
    if "name" not in target.by_key or matcher.strict:
        result.problems.append(
            (
                each.key,
                f"« {each.label_fr} » : aucune fiche « {text} » dans « {target.label_fr} ».",
            )
        )
        return None
    made = matcher.create(target.key, owner, {"name": text}, result)
    return made.id if made else None


def _published(matcher: Matcher, target: Entity, text: str, current: str | None) -> str:
    """The key of a published row: written as such, or as the title that our exports write."""
    if current and matcher.read.titles(target.key, [current]).get(current) == text:
        return current
    if matcher.read.count(Query(target.key, ids=(text,), with_deleted=True)):
        return text
    return next(iter(matcher.titled(target.key, SHARED, text)), text)


def _named(matcher: Matcher, owner: str, target: Entity, text: str) -> list[str]:
    """Ids of the records that a text means: its reference, its name, its whole title."""
    if parse_reference(text):
        try:
            entity, record = matcher.read.find(text)
        except NotFound:
            pass
        else:
            return [record.id] if entity.key == target.key else []
    if "name" in target.by_key:
        found = matcher.find(target.key, owner, {"name": text})
        if found:
            return [record.id for record in found]
    return matcher.titled(target.key, owner, text)
