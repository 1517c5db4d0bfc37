"""The content of a document unique at one moment, as tables of plain values.

One content serves the version that is sealed, the documents that are printed, and the comparison
of two versions: what is written down, printed and compared is the same by construction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from prevention_app.catalogue.description import Kind, Value
from prevention_app.catalogue.values import format_decimal

EMPLOYER, UNITS, RISKS, RATINGS, MEASURES, ACTIONS = (
    *("employer", "units", "risks", "ratings", "measures", "actions"),
)
METHODS, SCALES, LEVELS, COMMON = "methods", "scales", "levels", "common_core"
"""Keys of the tables that every content has; annexes follow under their own keys."""
IDENTIFIER: Final = "id"
IN_COMMON: Final = "Tronc commun"
OTHERWISE: Final = "Coté autrement ici"
NOT_HERE: Final = "Sans objet ici"
"""What a risk of a unit type is in one of its variants (P4)."""
FORMAT: Final = 1

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, and what a reader decades later needs to know of it."""

    key: str
    label_fr: str
    kind: Kind
    explanation_fr: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are known by their id, in the order in which they are printed."""

    key: str
    title_fr: str
    explanation_fr: str
    columns: tuple[Column, ...]
    """The first is always the id, by which rows of two versions are compared."""
    rows: tuple[Row, ...]

    def by_id(self) -> dict[str, Row]:
        """The rows by their id."""
        return {str(each[IDENTIFIER]): each for each in self.rows}

    def grouped(self, key: str) -> dict[str, list[Row]]:
        """The rows by the value of a column, as « by unit »."""
        found: dict[str, list[Row]] = {}
        for each in self.rows:
            found.setdefault(str(each.get(key) or ""), []).append(each)
        return found


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """The whole of it: a department's, or that of some units of it."""

    department: str
    as_at: date
    scope: tuple[str, ...]
    """Ids of the units that it is confined to; empty for all."""
    tables: Mapping[str, Table]

    def __getitem__(self, key: str) -> Table:
        return self.tables[key]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two contents say otherwise of one row."""

    table: str
    id: str
    title: str
    """What the row is called, as people know it."""
    column: str
    """Key of the column; empty where the whole row came or went."""
    before: Value
    after: Value

    @property
    def added(self) -> bool:
        """Whether the row was not there before."""
        return not self.column and self.before is None

    @property
    def removed(self) -> bool:
        """Whether the row is there no more."""
        return not self.column and self.after is None


TITLES: Final = ("name", "situation", "title", "reference", "label", IDENTIFIER)
"""Which columns say what a row is called, the first that is filled."""


def title_of(row: Row) -> str:
    """What a row is called."""
    return next((str(row[key]) for key in TITLES if row.get(key)), "")


def differences(before: DocumentContent, after: DocumentContent) -> Iterator[Difference]:
    """What changed from one content to the other: rows added, removed, changed, by table.

    A column that only one of them has came or went with a release: it says nothing of the rows.
    """
    for key in dict.fromkeys([*before.tables, *after.tables]):
        yield from _differences(before.tables.get(key), after.tables.get(key))


def _differences(before: Table | None, after: Table | None) -> Iterator[Difference]:
    shown = after or before
    if shown is None:
        return
    old = before.by_id() if before else {}
    new = after.by_id() if after else {}
    told = {each.key for each in before.columns} if before else set[str]()
    columns = [each for each in shown.columns if each.key in told]
    for key, row in old.items():
        if key not in new:
            yield Difference(shown.key, key, title_of(row), "", title_of(row), None)
    for key, row in new.items():
        held = old.get(key)
        if held is None:
            yield Difference(shown.key, key, title_of(row), "", None, title_of(row))
            continue
        for column in columns:
            was, now = held.get(column.key), row.get(column.key)
            if was != now:
                yield Difference(shown.key, key, title_of(row), column.key, was, now)


# -- as a file ---------------------------------------------------------------------------------


def to_document(content: DocumentContent) -> dict[str, Any]:
    """The content as JSON holds it: numbers that are not whole and dates as text."""
    return {
        "format": FORMAT,
        "department": content.department,
        "as_at": content.as_at.isoformat(),
        "scope": list(content.scope),
        "tables": [
            {
                "key": each.key,
                "title": each.title_fr,
                "explanation": each.explanation_fr,
                "columns": [
                    {
                        "key": column.key,
                        "label": column.label_fr,
                        "kind": column.kind.value,
                        "explanation": column.explanation_fr,
                    }
                    for column in each.columns
                ],
                "rows": [
                    {column.key: written(row.get(column.key)) for column in each.columns}
                    for row in each.rows
                ],
            }
            for each in content.tables.values()
        ],
    }


def to_bytes(content: DocumentContent) -> bytes:
    """The same as bytes that are the same whenever the content is."""
    document = to_document(content)
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def from_bytes(data: bytes) -> DocumentContent:
    """The content that bytes hold; raises ValueError where they hold none, or of a later format.

    Each table brings its own columns: one that this release does not know is read all the same.
    """
    try:
        document = json.loads(data)
        if document["format"] > FORMAT:
            raise ValueError(f"a later format: {document['format']}")
        tables = [_table(each) for each in document["tables"]]
        return DocumentContent(
            document["department"],
            date.fromisoformat(document["as_at"]),
            tuple(document["scope"]),
            {each.key: each for each in tables},
        )
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"not the content of a document unique: {error}") from error


def _table(document: Mapping[str, Any]) -> Table:
    columns = tuple(
        Column(each["key"], each["label"], Kind(each["kind"]), each["explanation"])
        for each in document["columns"]
    )
    rows = tuple(
        {column.key: _read(column.kind, row.get(column.key)) for column in columns}
        for row in document["rows"]
    )
    return Table(document["key"], document["title"], document["explanation"], columns, rows)


def written(value: Value) -> str | int | bool | None:
    """A value as JSON and CSV hold it."""
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read(kind: Kind, value: Any) -> Value:
    if value is None:
        return None
    match kind:
        case Kind.DECIMAL | Kind.MONEY:
            return Decimal(value)
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.DATETIME:
            return datetime.fromisoformat(value)
        case _:
            return value


def confined(content: DocumentContent, units: Sequence[str]) -> DocumentContent:
    """What of a content concerns some units alone; tables that name no unit stay whole."""
    wanted = frozenset(units)
    held = [*content[RISKS].rows, *content[COMMON].rows]
    risks = {
        str(each.get("risk_id") or each[IDENTIFIER])
        for each in held
        if str(each.get("unit_id")) in wanted
    }

    def kept(table: Table) -> tuple[Row, ...]:
        keys = {column.key for column in table.columns}
        if table.key in (UNITS, RISKS):
            ids = wanted if table.key == UNITS else risks
            return tuple(row for row in table.rows if str(row[IDENTIFIER]) in ids)
        if "unit_id" in keys:
            return tuple(row for row in table.rows if str(row.get("unit_id")) in wanted)
        if "risk_id" in keys:
            return tuple(row for row in table.rows if str(row.get("risk_id")) in risks)
        return table.rows

    tables = {
        key: Table(each.key, each.title_fr, each.explanation_fr, each.columns, kept(each))
        for key, each in content.tables.items()
    }
    return DocumentContent(content.department, content.as_at, tuple(units), tables)
