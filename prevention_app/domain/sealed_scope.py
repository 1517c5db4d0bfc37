"""A version of some units alone: the rest is carried over, unchanged, from the version before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from prevention_app.domain.document_content import (
    COMMON,
    IDENTIFIER,
    RISKS,
    UNITS,
    DocumentContent,
    Row,
    Table,
)

ANNEX: Final = "annex"
"""How the keys of annexes begin."""


def carried_over(
    previous: DocumentContent, present: DocumentContent, units: Sequence[str]
) -> DocumentContent:
    """The present state of some units (ids), and all others as the previous version has them.

    Tables that speak of no unit are those of the present state: the employer, the methods of all
    ratings that are told. Of annexes, figures of the whole employer are told in neither state:
    they would add up to neither, and betray small numbers (P7).
    """
    wanted = frozenset(units)
    before, now = _unit_of_risk(previous), _unit_of_risk(present)
    # A variant looked at anew may have risks of its unit type that were not there before.
    for row in _rows(present, COMMON):
        risk = str(row.get("risk_id"))
        if str(row.get("unit_id")) in wanted and risk not in before:
            now[risk] = str(row["unit_id"])
    tables = {
        key: _joined(previous.tables.get(key), table, wanted, before, now)
        for key, table in present.tables.items()
    }
    return replace(present, scope=tuple(units), tables=tables)


def _rows(content: DocumentContent, key: str) -> Sequence[Row]:
    return content.tables[key].rows if key in content.tables else ()


def _unit_of_risk(content: DocumentContent) -> dict[str, str]:
    return {str(each[IDENTIFIER]): str(each.get("unit_id") or "") for each in content[RISKS].rows}


def _joined(
    previous: Table | None,
    present: Table,
    wanted: frozenset[str],
    before: Mapping[str, str],
    now: Mapping[str, str],
) -> Table:
    keys = {each.key for each in present.columns}
    if present.key != UNITS and not {"unit_id", "risk_id"} & keys:
        return _with_missing(previous, present)
    kept = [
        row
        for row in (previous.rows if previous else ())
        if _unit(present.key, row, before) not in wanted and not _is_total(present.key, row)
    ]
    fresh = [row for row in present.rows if _unit(present.key, row, now) in wanted]
    taken = {str(row[IDENTIFIER]) for row in fresh}
    rows = [row for row in kept if str(row[IDENTIFIER]) not in taken] + fresh
    return replace(present, rows=tuple(_in_order(rows, previous, present)))


def _with_missing(previous: Table | None, present: Table) -> Table:
    """What ratings carried over refer to stays explained, though no present one uses it."""
    held = present.by_id()
    gone = [row for row in (previous.rows if previous else ()) if str(row[IDENTIFIER]) not in held]
    return replace(present, rows=(*present.rows, *gone)) if held and gone else present


def _unit(table: str, row: Row, units: Mapping[str, str]) -> str:
    """The unit that a row speaks of; empty where it speaks of the whole employer."""
    if table == UNITS:
        return str(row[IDENTIFIER])
    if table == RISKS:
        return units.get(str(row[IDENTIFIER]), "")
    return str(row.get("unit_id") or units.get(str(row.get("risk_id") or ""), ""))


def _is_total(table: str, row: Row) -> bool:
    """Whether a row of an annex counts the whole employer."""
    if not table.startswith(ANNEX) or row.get("unit_id") or row.get("risk_id"):
        return False
    return any(
        isinstance(each, (int, Decimal)) and not isinstance(each, bool) for each in row.values()
    )


def _in_order(rows: Sequence[Row], previous: Table | None, present: Table) -> list[Row]:
    """As the present state has them; what it does not have stays where it was, at the end."""
    places = {str(row[IDENTIFIER]): at for at, row in enumerate(present.rows)}
    last = len(places)
    for at, row in enumerate(previous.rows if previous else ()):
        places.setdefault(str(row[IDENTIFIER]), last + at)
    return sorted(rows, key=lambda row: places[str(row[IDENTIFIER])])
