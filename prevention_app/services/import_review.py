"""What a person reviews before an import is applied: columns, questions, lines; nothing written.

Made in a process of its own and sent to the window, so all of it is small or packed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.mapping import Mapping
from prevention_app.exchange.sheet_view import is_ditto
from prevention_app.exchange.sheets import Sheet, cell_name
from prevention_app.exchange.understood import OtherSheet, Question, TableUnderstood
from prevention_app.services import imports, reference_sets
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_corrections import address_of, raw_text
from prevention_app.services.import_lines import ORDER, LineMark, ReviewLine, ReviewLines
from prevention_app.services.import_plan import (
    ALL,
    CellPlace,
    ImportPlan,
    ImportProblem,
    ImportRequest,
    PlannedRow,
)
from prevention_app.services.import_problems import Places, at_cell
from prevention_app.services.imports import FileUnderstood
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store

_MOST_ALIKE: Final = 10_000
"""Refused cells whose like are known; beyond, a whole column was taken for the wrong field."""
_MOST_NOTES: Final = 60


@dataclass(frozen=True, slots=True)
class FileReview:
    """How one file was understood."""

    name: str
    digest: str
    tables: Sequence[TableUnderstood]
    questions: Sequence[Question]
    notes: Sequence[str]
    obstacle: str
    rows: int
    other_sheets: Sequence[OtherSheet]
    mapping: Mapping | None
    """The corrections of columns that were applied."""
    model: str
    """Name of the saved mapping that was recognised."""


@dataclass(frozen=True, slots=True)
class ReviewColumn:
    """A column of the lines: an import field, counted where several columns hold it."""

    field: str
    nth: int
    label: str


@dataclass(frozen=True, slots=True)
class Review:
    """All that the four steps of an import show."""

    files: Sequence[FileReview] = ()
    tables: Sequence[tuple[str, TableUnderstood]] = ()
    """The tables of all files, with the name of the file."""
    columns: Sequence[ReviewColumn] = ()
    lines: ReviewLines = field(default_factory=ReviewLines)
    unplaced: bool = False
    """Whether a line says something that no column of the file says."""
    compared: bool = False
    """Whether the lines were compared with the workspace; a question may stand before it."""
    counts: dict[Outcome, int] = field(default_factory=dict[Outcome, int])
    other: int = 0
    created: dict[str, int] = field(default_factory=dict[str, int])
    notes: Sequence[str] = ()
    editions: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    of_others: int = 0
    """Lines refused because they are of another department where this station has a role."""
    alike: dict[tuple[str, int, str], list[CellPlace]] = field(
        default_factory=dict[tuple[str, int, str], list[CellPlace]]
    )
    """Refused cells by field, nth column of it, and value as read."""

    @property
    def refusal(self) -> str:
        """Why nothing can be imported as it stands; empty when it may be."""
        return " ".join(each.obstacle for each in self.files if each.obstacle)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did."""

    counts: dict[Outcome, int]
    created: dict[str, int]
    editions: dict[str, dict[str, int]]
    written: bool


def review(
    store: Store,
    request: ImportRequest,
    progress: Progress,
    order: Sequence[tuple[str, int]] = (),
) -> Review:
    """Understand and compare files; nothing is written.

    `order` keeps columns where an earlier review had them. Raises UnreadableFile for a file that
    cannot be read at all; what only a person can tell is a question in the review.
    """
    if request.kind == reference_sets.EPHY:
        plan = reference_sets.import_ephy(store, request.files, dry_run=True, progress=progress)
        return _of_catalogue(plan)
    kind = imports.kind_of(store, request.kind)
    read = [imports.understand_file(store, path, request, progress) for path in request.files]
    files = [_file_review(each) for each in read]
    if any(each.understanding.refusal for each in read):
        return Review(files, _tables(files))
    plan, _ = imports.plan_changes(store, request, read, progress)
    progress.step(0, 0, "Mise en forme des lignes")
    lines = _Lines(kind, plan, order)
    packed = ReviewLines(lines.made(progress))
    return Review(
        files,
        _tables(files),
        lines.columns,
        packed,
        unplaced=lines.unplaced,
        compared=True,
        counts={outcome: plan.count(outcome) for outcome in Outcome},
        other=plan.other,
        created=plan.created,
        notes=plan.notes[:_MOST_NOTES],
        of_others=_of_others(store, plan),
        alike={key: cells for key, cells in lines.alike.items() if len(cells) > 1},
    )


def _of_others(store: Store, plan: ImportPlan) -> int:
    """How many lines are refused because they are of another department of this station."""
    own = plan.request.department or store.department
    others = frozenset[str]() if own == ALL else frozenset(store.departments) - {own}
    return sum(
        row.outcome is Outcome.REFUSED
        and not row.read[0].refused
        and str(row.read[0].values.get("department") or "") in others
        for row in plan.rows
    )


def apply_reviewed(store: Store, request: ImportRequest, progress: Progress) -> Applied:
    """Import files as one change that can be undone; raises Refused where a file has changed."""
    if request.kind == reference_sets.EPHY:
        plan = reference_sets.import_ephy(store, request.files, progress=progress)
    else:
        plan = imports.run(store, request, progress=progress)
    counts = {outcome: plan.count(outcome) for outcome in Outcome}
    return Applied(counts, plan.created, plan.editions, plan.done is not None)


def _file_review(read: FileUnderstood) -> FileReview:
    of = read.understanding
    return FileReview(
        of.source.name,
        of.source.digest,
        # What is written beside the rows and which rows are hidden may be long, and is not shown.
        [replace(each, notes=(), hidden_rows=()) for each in of.tables],
        of.questions,
        of.notes[:_MOST_NOTES],
        of.obstacle,
        len(of.rows),
        of.other_sheets,
        of.mapping,
        read.model,
    )


def _tables(files: Iterable[FileReview]) -> list[tuple[str, TableUnderstood]]:
    return [(file.name, table) for file in files for table in file.tables]


def _of_catalogue(plan: ImportPlan) -> Review:
    """A published catalogue: its tables by their figures, its doubtful lines alone."""
    refused = [each for each in plan.problems if each.refused]
    doubtful = [each for each in plan.problems if not each.refused]
    told = [f"{each.file}, {each.cell} : {each.message}" for each in doubtful]
    return Review(
        lines=ReviewLines(_problem_line(each) for each in refused),
        unplaced=bool(refused),
        compared=True,
        counts={outcome: plan.count(outcome) for outcome in Outcome},
        other=plan.other,
        notes=[*plan.notes, *told][:_MOST_NOTES],
        editions=plan.editions,
    )


def _problem_line(problem: ImportProblem) -> ReviewLine:
    mark = LineMark(-1, "", problem.message)
    return ReviewLine(Outcome.REFUSED, -1, problem.file, problem.row, "", refused=[mark])


class _Lines:
    """Makes the lines of a plan, and its columns."""

    def __init__(
        self, kind: ImportKind, plan: ImportPlan, order: Sequence[tuple[str, int]]
    ) -> None:
        self.kind, self.plan = kind, plan
        self.alike: dict[tuple[str, int, str], list[CellPlace]] = {}
        self.unplaced = False
        self._alike_left = _MOST_ALIKE
        self._places = [Places(each) for each in plan.understandings]
        self._sheets = [
            {sheet.name: sheet for sheet in each.source.sheets} for each in plan.understandings
        ]
        self._before = [0]
        for each in plan.understandings:
            self._before.append(self._before[-1] + len(each.tables))
        tables = [table for each in plan.understandings for table in each.tables]
        self.columns = self._columns(tables, order)
        at = {(each.field, each.nth): place for place, each in enumerate(self.columns)}
        self._columns_of = [
            {number: at[which] for which, number in fields_of(table)} for table in tables
        ]
        """For each table: number of the column in the sheet → place among those shown."""
        self._by_field = {each.field: at[each.field, 0] for each in self.columns}

    def _columns(
        self, tables: Sequence[TableUnderstood], order: Sequence[tuple[str, int]]
    ) -> list[ReviewColumn]:
        labels: dict[tuple[str, int], str] = {}
        for table in tables:
            headings = {column.column: column.heading for column in table.columns}
            for (key, nth), number in fields_of(table):
                column = self.kind.column(key)
                several = column is None or column.repeated or nth > 0
                label = headings[number] if several or column is None else column.label
                labels.setdefault((key, nth), " ".join(label.split()) or key)
        marked = self._marked_fields()
        earlier = {which: place for place, which in enumerate(order)}
        made = [ReviewColumn(key, nth, label) for (key, nth), label in labels.items()]

        def rank(each: ReviewColumn) -> tuple[int, int]:
            if (each.field, each.nth) in earlier:
                return 0, earlier[each.field, each.nth]
            return 1 if each.field in self.kind.identity else marked.get(each.field, 4), 0

        return sorted(made, key=rank)

    def _marked_fields(self) -> dict[str, int]:
        """Fields that say why a line is refused, then those that change: they stand in front."""
        marked: dict[str, int] = {}
        for places, rows in zip(self._places, self.plan.by_file, strict=True):
            for row in rows:
                for mark in row.marks:
                    key = mark.field or self._field_at(places, row, mark.cell)
                    if key and row.outcome is Outcome.REFUSED:
                        marked[key] = 2
                for difference in row.differences:
                    marked.setdefault(places.column_key(row.read[0], difference.field), 3)
        return marked

    @staticmethod
    def _field_at(places: Places, row: PlannedRow, cell: str) -> str:
        table = places.table_of(row.read[0]) if cell else None
        if table is None:
            return ""
        _, number = address_of(cell)
        match = next((each for each in table.columns if each.column == number), None)
        return (match.field or "") if match else ""

    def made(self, progress: Progress) -> Iterator[ReviewLine]:
        """The lines, refused first; within an outcome the doubtful ones first."""
        rows = [(file, row) for file, rows in enumerate(self.plan.by_file) for row in rows]
        rows.sort(key=lambda each: (ORDER.index(each[1].outcome), not each[1].marks))
        for done, (file, row) in enumerate(rows):
            if done % 500 == 0:
                progress.step(done, len(rows), "Mise en forme des lignes")
            yield self._line(file, row)

    def _line(self, file: int, row: PlannedRow) -> ReviewLine:
        places, read = self._places[file], row.read[0]
        table = places.table_at(row.sheet, row.row)
        columns = self._columns_of[self._before[file] + table] if table >= 0 else {}
        sheet = self._sheets[file][row.sheet]
        cells = [""] * len(self.columns)
        elsewhere: dict[int, str] = {}
        for number, at in columns.items():
            own = cell_name(row.row, number)
            cell = own if self.columns[at].nth else read.cells.get(self.columns[at].field, own)
            if self._is_list(self.columns[at].field):
                cell = own
            cells[at] = self._shown(sheet, cell, read.values.get(self.columns[at].field))
            if cell != own:
                elsewhere[at] = cell
        marks = [self._mark(sheet, columns, each.field, each.cell, each.message)
                 for each in row.marks]  # fmt: skip
        refused = row.outcome is Outcome.REFUSED
        line = ReviewLine(
            row.outcome,
            self._before[file] + table if table >= 0 else -1,
            row.sheet,
            row.row,
            " ".join(row.title.split())[:200],
            row.register,
            row.record_id,
            cells,
            [mark for mark, each in zip(marks, row.marks, strict=True) if each.refused and refused],
            [mark for mark, each in zip(marks, row.marks, strict=True)
             if not (each.refused and refused)],
            self._changes(places, row),
            elsewhere,
        )  # fmt: skip
        self._note_alike(row.file, line)
        told = (*line.refused, *line.doubts, *line.changes)
        self.unplaced = self.unplaced or any(each.column < 0 for each in told)
        return line

    def _is_list(self, key: str) -> bool:
        column = self.kind.column(key)
        return column is None or column.is_list or column.repeated

    def _shown(self, sheet: Sheet, cell: str, value: object) -> str:
        """A date in one form; anything else as it stands in the file, or as it was carried."""
        if isinstance(value, datetime):
            return f"{value:%d/%m/%Y %H:%M}"
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        raw = raw_text(sheet, address_of(cell))
        if value is not None and (not raw or is_ditto(raw)) and not isinstance(value, list):
            return str(value)
        return raw

    def _mark(
        self,
        sheet: Sheet,
        columns: dict[int, int],
        key: str,
        cell: str,
        message: str,
    ) -> LineMark:
        at = self._by_field.get(key, -1)
        before = ""
        if cell:
            place = address_of(cell)
            before = raw_text(sheet, place)
            at = columns.get(place[1], at)
        return LineMark(at, cell, at_cell(message, before), before)

    def _changes(self, places: Places, row: PlannedRow) -> list[LineMark]:
        made: list[LineMark] = []
        for label, old, new, key in row.differences:
            at = self._by_field.get(places.column_key(row.read[0], key), -1)
            taken = any(each.column == at for each in made)
            text = new if at >= 0 and not taken else f"{label} : {new}"
            made.append(LineMark(-1 if taken else at, "", text, old))
        return made

    def _note_alike(self, file: str, line: ReviewLine) -> None:
        for mark in line.refused:
            if mark.column >= 0 and mark.cell and self._alike_left:
                self._alike_left -= 1
                column = self.columns[mark.column]
                key = (column.field, column.nth, mark.before)
                self.alike.setdefault(key, []).append((file, line.sheet, mark.cell))


def fields_of(table: TableUnderstood) -> Iterator[tuple[tuple[str, int], int]]:
    """The understood columns of a table: field and how many columns before hold it, number."""
    seen: dict[str, int] = {}
    for column in table.columns:
        if column.field:
            nth = seen.get(column.field, 0)
            seen[column.field] = nth + 1
            yield (column.field, nth), column.column
