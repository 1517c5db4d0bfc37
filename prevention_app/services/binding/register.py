"""Any register, by its declaration: each column a field, references by what they are called."""

from __future__ import annotations

from prevention_app.catalogue.description import Entity, Field, Record, Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import NotFound
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding.matcher import REMARKS, Matcher, RowResult
from prevention_app.services.binding.values import said
from prevention_app.services.records import resolve
from prevention_app.storage.query import Query


def bind(row: ImportedRow, owner: str, matcher: Matcher, entity: Entity) -> RowResult:
    """Write a record of the register: over the one it names or resembles, else as a new one."""
    result = RowResult()
    values: dict[str, Value] = {}
    for each in entity.fields:
        given = row.values.get(each.key)
        if given is None or given == "":
            continue
        values[each.key] = (
            _linked(matcher, owner, each, said(given), result) if each.target else _plain(given)
        )
    if result.problems:
        result.fatal = True
        return result
    if row.remarks and REMARKS in entity.by_key:
        values[REMARKS] = "\n".join(row.remarks)
    result.title = said(values.get(entity.title[0]))
    record = _known(row, matcher, entity)
    if record is not None:
        matcher.amend(entity.key, record, values, result, main=True)
    elif entity.natural_key:
        matcher.upsert(entity.key, owner, values, result, main=True, once=True)
    else:
        matcher.upsert(
            entity.key, owner, values, result, key=tuple(sorted(values)), main=True, once=True
        )
    return result


def _plain(given: object) -> Value:
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


def _linked(matcher: Matcher, owner: str, each: Field, text: str, result: RowResult) -> str | None:
    """The id of what a cell names; made by its name where the workspace lacks it."""
    target = matcher.entity(each.target or "")
    name = target.by_key.get("name")
    if name is not None:
        found = matcher.find(target.key, owner, {"name": text})
        if len(found) == 1:
            return found[0].id
    try:
        return resolve(matcher.read, each, text)
    except Unreadable as error:
        if name is None or matcher.strict or "plusieurs" in str(error):
            result.problems.append((each.key, str(error)))
            return None
    made = matcher.create(target.key, owner, {"name": text}, result)
    return made.id if made else None
