"""What was understood of a file: its tables, its records, and an account of every other row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from prevention_app.exchange.mapping import Mapping
from prevention_app.exchange.sheets import SourceFile
from prevention_app.exchange.typography import typeset


class Confidence(StrEnum):
    """How sure the reader is of a column; the words that the import dialog shows."""

    SURE = "sûr"
    TO_CHECK = "à vérifier"
    GUESSED = "deviné"
    SET_ASIDE = "écartée"


class RowRole(StrEnum):
    """What a row is that holds no record; the words that the report shows."""

    TITLE = "titre"
    HEADING = "ligne de titres"
    REPEATED_HEADING = "ligne de titres répétée"
    SECTION = "intertitre"
    SUBTOTAL = "sous-total"
    TOTAL = "total"
    NOTE = "note"
    OTHER_TABLE = "autre tableau"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that could not be read as meant, at its place.

    A fatal problem refuses the record; any other is reported and leaves its field empty.
    """

    sheet: str
    row: int
    cell: str
    """The address as users read it (« K5 »), or an empty text when the whole row is meant."""
    message: str
    """A finished French sentence that names what was expected."""
    fatal: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", typeset(self.message))


@dataclass(slots=True)
class ImportedRow:
    """One record of the file, its values typed and keyed by import field.

    Dates are `date`, amounts `Decimal`, counts and scales `int`, lists lists; a text that was
    turned into a value stays beside it as ``KEY_text``, an imprecise date says so in
    ``KEY_precision`` (day, month, quarter, half_year, year). A field that the file does not hold
    is absent.
    """

    sheet: str
    row: int
    last_row: int
    values: dict[str, object] = field(default_factory=dict[str, object])
    cells: dict[str, str] = field(default_factory=dict[str, str])
    """Where each value was read, by the same keys."""
    problems: list[Problem] = field(default_factory=list[Problem])
    remarks: list[str] = field(default_factory=list[str])
    """« Remarques de reprise »: what was typed in the file and has no field."""

    @property
    def refused(self) -> bool:
        """Whether a fatal problem keeps this record out."""
        return any(problem.fatal for problem in self.problems)

    def problem(self, cell: str, message: str, *, fatal: bool = False) -> None:
        """Note a problem of this record at a cell."""
        self.problems.append(Problem(self.sheet, self.row, cell, message, fatal))


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A row with content that holds no record, and what it was taken for."""

    sheet: str
    row: int
    why: RowRole
    text: str = ""
    """The beginning of what stands there."""


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet from which no record is read, and why; its filled rows are counted."""

    sheet: str
    why: str
    rows: int
    headings: tuple[str, ...] = ()
    """What looks like its row of headings."""


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column of a table and the field it was taken for, None when it is set aside."""

    column: int
    heading: str
    field: str | None
    confidence: float
    """1 is certain; 0 is set aside."""
    example: str = ""
    by_hand: bool = False

    @property
    def word(self) -> Confidence:
        """The confidence in words."""
        if self.field is None:
            return Confidence.SET_ASIDE
        if self.confidence >= 0.9:
            return Confidence.SURE
        return Confidence.TO_CHECK if self.confidence >= 0.7 else Confidence.GUESSED


@dataclass(slots=True)
class TableUnderstood:
    """One table of a sheet: where its headings stand and what each column holds."""

    sheet: str
    header_first: int
    header_last: int
    last_row: int
    columns: list[ColumnMatch]
    signature: str
    """Digest of the headings, by which a saved mapping knows them again."""
    context: dict[str, object] = field(default_factory=dict[str, object])
    """What the title block above says of every row (unit, site, date), by import field."""
    context_cells: dict[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
    """What is written in the title block and in notes among and below the rows."""
    hidden_rows: tuple[int, ...] = ()
    """Rows that Excel hides; they are read like the others."""
    hidden_sheet: bool = False

    def column_of(self, key: str) -> ColumnMatch | None:
        """The column that holds this field."""
        return next((column for column in self.columns if column.field == key), None)

    @property
    def set_aside(self) -> list[ColumnMatch]:
        """The columns that no field was found for."""
        return [column for column in self.columns if column.field is None]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can tell; answered by a mapping that names the columns."""

    sheet: str
    message: str
    """A finished French sentence that ends with the question."""
    field: str
    columns: tuple[int, ...]
    """The columns among which to choose."""
    fields: tuple[str, ...] = ()
    """The fields that these columns may be."""
    matters: bool = True
    """Nothing may be imported in batch before this is answered."""
    answers: tuple[tuple[str, str], ...] = ()
    """Where the field holds for all rows: what to choose from, in words and as it is kept."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", typeset(self.message))


@dataclass(slots=True)
class Understanding:
    """All that was understood of one file for one kind of import."""

    kind: str
    source: SourceFile
    tables: list[TableUnderstood] = field(default_factory=list[TableUnderstood])
    rows: list[ImportedRow] = field(default_factory=list[ImportedRow])
    other: list[OtherRow] = field(default_factory=list[OtherRow])
    questions: list[Question] = field(default_factory=list[Question])
    other_sheets: list[OtherSheet] = field(default_factory=list[OtherSheet])
    notes: list[str] = field(default_factory=list[str])
    """Finished French sentences for the report: hidden rows read, a scale converted…"""
    obstacle: str = ""
    """Why nothing at all can be read from this file."""
    mapping: Mapping | None = None
    """The corrections by hand that were applied."""

    @property
    def refusal(self) -> str:
        """Why the file must not be imported as it stands; empty when it may be."""
        if self.obstacle:
            return self.obstacle
        return " ".join(question.message for question in self.questions if question.matters)


def excerpt(texts: Sequence[str], limit: int = 80) -> str:
    """The beginning of what a row says, for the report."""
    joined = " | ".join(" ".join(text.split()) for text in texts)
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"
