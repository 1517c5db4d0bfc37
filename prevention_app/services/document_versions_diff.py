"""Two versions, or a version and the present state, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import shown
from prevention_app.domain.document_content import (
    IDENTIFIER,
    RISKS,
    UNITS,
    Difference,
    DocumentContent,
    Row,
    differences,
)
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.services import document_versions as held
from prevention_app.services.document_content import content_of
from prevention_app.services.document_versions import Version
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store

PRESENT: Final = "état présent"
_WORDS: Final = 2
"""How many texts of a row stand for the name that it has not."""
LINKS: Final = {"work_unit": "unit_id", "risk": "risk_id", "type_of": "type_id"}
"""Column of a name → that of the id of what bears it."""


class Sort(StrEnum):
    """What became of a line."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


SORTS: Final = {Sort.ADDED: "Ajouté", Sort.REMOVED: "Retiré", Sort.CHANGED: "Modifié"}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference as people read it."""

    sort: Sort
    table: str
    unit: str
    """The work unit that it concerns, where it concerns one."""
    title: str
    column: str
    """Empty where the whole line came or went."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states, what they are called, and all that differs."""

    before: str
    after: str
    before_on: date
    after_on: date
    lines: Sequence[Line]

    def count(self, sort: Sort) -> int:
        """How many lines are of a sort."""
        return sum(each.sort is sort for each in self.lines)


def compare(store: Store, before: str, after: str = "") -> Comparison:
    """Compare two versions by name, or one with the present state of its department.

    Raises NotFound for a version that is not known, Refused for one that holds no content.
    """
    with store.reading() as read:
        first = held.find(read, before)
        old = held.content_of_version(store, read, first.record)
        if after:
            second = held.find(read, after)
            new = held.content_of_version(store, read, second.record)
            name = second.name
        else:
            new = _now(store, read, first, old)
            name = PRESENT
    return Comparison(first.name, name, old.as_at, new.as_at, lines_of(old, new))


def _now(store: Store, read: Reader, version: Version, old: DocumentContent) -> DocumentContent:
    """The present state; of a version of some units alone, those units."""
    whole = not old.scope or version.record.carried_from
    return content_of(read, version.record.owner, store.today(), () if whole else old.scope)


def lines_of(before: DocumentContent, after: DocumentContent) -> list[Line]:
    """All that differs, as people read it."""
    return list(_lines(before, after))


def _lines(before: DocumentContent, after: DocumentContent) -> Iterator[Line]:
    words = _Words(before, after)
    for each in differences(before, after):
        if each.column.endswith("_id") or words.only_renamed(each):
            continue  # what it leads to is told under its own name, and a name where it stands
        sort = Sort.ADDED if each.added else Sort.REMOVED if each.removed else Sort.CHANGED
        yield Line(
            sort,
            words.tables[each.table],
            words.unit_of(each),
            words.title_of(each),
            words.columns.get((each.table, each.column), ("", Kind.TEXT))[0],
            words.text(each, each.before),
            words.text(each, each.after),
        )


class _Words:
    """What tables, columns, units and rows are called, in either of two contents."""

    def __init__(self, before: DocumentContent, after: DocumentContent) -> None:
        self.tables: dict[str, str] = {}
        self.columns: dict[tuple[str, str], tuple[str, Kind]] = {}
        self._units: dict[str, str] = {}
        self._of: dict[tuple[str, str], str] = {}
        self._rows: list[dict[tuple[str, str], Row]] = []
        for content in (before, after):
            rows = {
                (table.key, str(row[IDENTIFIER])): row
                for table in content.tables.values()
                for row in table.rows
            }
            self._rows.append(rows)
            for table in content.tables.values():
                self.tables[table.key] = table.title_fr
                for column in table.columns:
                    self.columns[table.key, column.key] = (column.label_fr, column.kind)
            for (table, key), row in rows.items():
                if table == UNITS:
                    self._units[key] = str(row.get("name") or "")
                risk = rows.get((RISKS, str(row.get("risk_id"))), {})
                self._of[table, key] = str(row.get("unit_id") or risk.get("unit_id") or "")

    def only_renamed(self, each: Difference) -> bool:
        """Whether a name changed of something that is still the same thing."""
        link = LINKS.get(each.column)
        if link is None or each.added or each.removed:
            return False
        before, after = (rows[each.table, each.id].get(link) for rows in self._rows)
        return before is not None and before == after

    def title_of(self, each: Difference) -> str:
        """What a row is called; what has no words of its own, by the risk or thing it is of."""
        place = (each.table, each.id)
        row = next(rows[place] for rows in self._rows[::-1] if place in rows)
        if each.title not in (row.get("reference"), row.get(IDENTIFIER)):
            return each.title
        if row.get("risk"):
            return str(row["risk"])
        unit = self.unit_of(each)
        said = [
            str(value)
            for key, value in row.items()
            if isinstance(value, str) and value and not key.endswith("_id") and value != unit
        ]
        told = [text for text in said if text not in (row.get(IDENTIFIER), row.get("reference"))]
        return ", ".join(told[:_WORDS]) or each.title

    def unit_of(self, each: Difference) -> str:
        if each.table == UNITS:
            return self._units.get(each.id, "")
        return self._units.get(self._of.get((each.table, each.id), ""), "")

    def text(self, each: Difference, value: Value) -> str:
        label, kind = self.columns.get((each.table, each.column), ("", Kind.TEXT))
        if not each.column:
            return "" if value is None else self.title_of(each)
        return shown(Field(each.column, label, label, kind), value)


def write_comparison(found: Comparison, out: Path, progress: Progress) -> None:
    """Write a comparison as a workbook; raises PreventionError where it cannot be written."""
    from prevention_app.exchange.sealed_comparison import comparison_workbook
    from prevention_app.exchange.workbook_writer import write_workbook

    refuse_locked(out)
    rows = [
        (SORTS[each.sort], each.table, each.unit, each.title, each.column, each.before, each.after)
        for each in found.lines
    ]
    counts = {SORTS[sort]: found.count(sort) for sort in Sort}
    before = f"{found.before} ({found.before_on:%d/%m/%Y})"
    after = f"{found.after} ({found.after_on:%d/%m/%Y})"
    write_workbook(comparison_workbook(before, after, counts, rows), out, progress)
