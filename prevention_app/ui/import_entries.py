"""The files of an import, each with what was decided about it so far; nothing here is a widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from prevention_app.exchange.mapping import Mapping
from prevention_app.exchange.understood import TableUnderstood
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_plan import CellPlace, ImportRequest, LinePlace
from prevention_app.services.import_review import Applied, Review
from prevention_app.services.reference_sets import EPHY

_FIRST: Final = ("organisation", "people")
"""Kinds that the others refer to: what they name is there when the others come."""


@dataclass(slots=True)
class Entry:
    """A file (or the files of one catalogue) on its way in."""

    files: tuple[Path, ...]
    kind: str = ""
    department: str = ""
    mapping: Mapping | None = None
    corrections: dict[CellPlace, str] = field(default_factory=dict[CellPlace, str])
    originals: dict[CellPlace, str] = field(default_factory=dict[CellPlace, str])
    """What stood in the corrected cells."""
    left_out: dict[LinePlace, Outcome] = field(default_factory=dict[LinePlace, Outcome])
    review: Review | None = None
    reviewed: ImportRequest | None = None
    """What the review was made of: later corrections are not in it yet."""
    applied: Applied | None = None
    problem: str = ""
    """Why it could not be read."""
    kept_digests: dict[str, str] = field(default_factory=dict[str, str])
    """The files as they were before a restart, by name: see `has_changed`."""

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the files as they were read, by name."""
        if self.review is None:
            return self.kept_digests
        return {each.name: each.digest for each in self.review.files}

    def has_changed(self, review: Review) -> bool:
        """Whether a file is another one than before a restart: what was decided is of that one."""
        return any(
            self.kept_digests.get(each.name, each.digest) != each.digest for each in review.files
        )

    @property
    def name(self) -> str:
        """The file's name."""
        more = len(self.files) - 1
        return self.files[0].name + (f" (et {more} autres)" if more else "")

    @property
    def stale(self) -> bool:
        """Whether something was decided that the review does not know yet."""
        return self.review is None or self.reviewed != self.to_review()

    @property
    def decided(self) -> bool:
        """Whether a person decided anything about it."""
        return bool(self.mapping or self.corrections or self.left_out)

    def forget(self) -> None:
        """Begin anew: the file was taken for another kind."""
        self.mapping, self.review, self.reviewed, self.problem = None, None, None, ""
        self.forget_lines()

    def forget_lines(self) -> None:
        """What was decided of single cells and lines no longer holds."""
        self.kept_digests = {}
        self.corrections.clear()
        self.originals.clear()
        self.left_out.clear()

    def to_review(self) -> ImportRequest:
        """What is to be understood and compared."""
        return ImportRequest(
            self.kind,
            self.files,
            self.department,
            mapping=deepcopy(self.mapping),
            corrections=dict(self.corrections),
        )

    def to_apply(self) -> ImportRequest:
        """What is to be written: the same content, without the lines that are left out."""
        reviewed = self.to_review()
        return ImportRequest(
            self.kind,
            self.files,
            self.department,
            mapping=reviewed.mapping,
            corrections=reviewed.corrections,
            left_out=frozenset(self.left_out),
            digests=self.digests,
        )

    # -- what will happen ------------------------------------------------------------------

    @property
    def to_write(self) -> int:
        """How many lines would be written."""
        if self.review is None:
            return 0
        if self.review.editions:
            return sum(each["new"] + each["gone"] for each in self.review.editions.values())
        counts = self.review.counts
        out = sum(each in (Outcome.NEW, Outcome.CHANGED) for each in self.left_out.values())
        return counts.get(Outcome.NEW, 0) + counts.get(Outcome.CHANGED, 0) - out

    @property
    def refused(self) -> int:
        """How many lines would stay out because they are refused."""
        return self.review.counts.get(Outcome.REFUSED, 0) if self.review else 0

    def doubts(self) -> bool:
        """Whether a person should look at the columns before the lines."""
        if self.review is None:
            return True
        asked = any(each.questions for each in self.review.files)
        return asked or any(
            column.field is not None and not column.by_hand and column.confidence < 0.9
            for _, table in self.review.tables
            for column in table.columns
        )

    # -- corrections of columns ------------------------------------------------------------

    def begin_mapping(self) -> Mapping:
        """The corrections of columns, begun with those of a model that was recognised."""
        if self.mapping is None:
            known = self.review.files[0].mapping if self.review and self.review.files else None
            self.mapping = deepcopy(known) if known else Mapping(self.kind)
        return self.mapping

    def model(self, name: str) -> Mapping:
        """All columns as they are understood now, to be kept under a name."""
        made = Mapping(self.kind, name, without=list(self.begin_mapping().without))
        for _, table in self.review.tables if self.review else ():
            said = made.table_said(table.sheet, table.signature)
            said.columns = {each.column: each.field for each in table.columns}
            said.columns |= self.columns_by_hand(table)
            held = self.begin_mapping().for_table(table.sheet, table.signature)
            said.fixed = dict(held.fixed) if held else {}
        return made

    def columns_by_hand(self, table: TableUnderstood) -> dict[int, str | None]:
        """What was said by hand of the columns of a table."""
        held = self.mapping.for_table(table.sheet, table.signature) if self.mapping else None
        return held.columns if held else {}


def entries_of(files: Iterable[Path], department: str, guess: Callable[[Path], str]) -> list[Entry]:
    """One entry for each file, those that others refer to first; a catalogue's files are one."""
    entries: list[Entry] = []
    catalogue: list[Path] = []
    for path in files:
        kind = guess(path)
        if kind == EPHY:
            catalogue.append(path)
        else:
            entries.append(Entry((path,), kind, department))
    if catalogue:
        entries.append(Entry(tuple(catalogue), EPHY, department))
    return in_order(entries)


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Organisation and people first, the others as they came."""
    return sorted(
        entries,
        key=lambda each: _FIRST.index(each.kind) if each.kind in _FIRST else len(_FIRST),
    )
