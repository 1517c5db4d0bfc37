"""What an import is asked to do, and all that it would do or did, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prevention_app.exchange.mapping import Mapping as ColumnMapping
from prevention_app.exchange.understood import ImportedRow, Understanding
from prevention_app.services.binding.matcher import Difference, Outcome
from prevention_app.storage.work import Changes

ALL = "all"
"""In place of a department: each row may name its own."""

CellPlace = tuple[str, str, str]
"""Name of the file, sheet, address (« D57 »)."""
LinePlace = tuple[str, str, int]
"""Name of the file, sheet, row."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to be brought in, and how."""

    kind: str
    files: tuple[Path, ...]
    department: str = ""
    """Owner of rows that name none; « all » lets rows name any department of this station."""
    strict: bool = False
    mapping: ColumnMapping | None = None
    corrections: Mapping[CellPlace, str] = field(default_factory=dict[CellPlace, str])
    """What is to be read in place of what a cell holds; the file itself is never touched."""
    left_out: frozenset[LinePlace] = frozenset()
    """Lines that are not to be brought in."""
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of the files as they were reviewed, by name: another content is refused."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something in a file that was refused or read with a doubt, at its place."""

    file: str
    sheet: str
    row: int
    cell: str
    message: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """What was read in place of what a cell of a file holds."""

    place: CellPlace
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CellMark:
    """Why a row is refused or doubtful, at the field and the cell that say it."""

    field: str
    """Import field; empty where only the cell is known."""
    cell: str
    """Empty where the whole row is meant."""
    message: str
    refused: bool


@dataclass(slots=True)
class PlannedRow:
    """One data row of a file and what becomes of it."""

    file: str
    sheet: str
    row: int
    outcome: Outcome
    title: str
    register: str = ""
    record_id: str = ""
    differences: list[Difference] = field(default_factory=list[Difference])
    marks: list[CellMark] = field(default_factory=list[CellMark])
    read: list[ImportedRow] = field(default_factory=list[ImportedRow])
    """What was understood of it: several records where one row holds several."""


@dataclass(slots=True)
class ImportPlan:
    """All that an import would do or did."""

    request: ImportRequest
    personal: bool = False
    """The file holds data of persons: only its digest and the counts are kept (P7, P21)."""
    understandings: list[Understanding] = field(default_factory=list[Understanding])
    rows: list[PlannedRow] = field(default_factory=list[PlannedRow])
    by_file: list[list[PlannedRow]] = field(default_factory=list[list[PlannedRow]])
    """The same rows, one list for each understanding."""
    other: int = 0
    problems: list[ImportProblem] = field(default_factory=list[ImportProblem])
    corrected: list[Correction] = field(default_factory=list[Correction])
    created: dict[str, int] = field(default_factory=dict[str, int])
    notes: list[str] = field(default_factory=list[str])
    editions: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    counts: dict[Outcome, int] = field(default_factory=dict[Outcome, int])
    """Rows by outcome where they are too many to be listed one by one."""
    done: Changes | None = None

    def count(self, outcome: Outcome) -> int:
        """How many data rows have this outcome."""
        return self.counts.get(outcome, 0) + sum(row.outcome is outcome for row in self.rows)
