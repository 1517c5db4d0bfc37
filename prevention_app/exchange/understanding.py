"""Understanding a file as it is: from sheets to typed records, every row accounted for.

Pure functions: no database, no window. The services ask `understand` first, show or check what
it found (`Understanding.refusal`), then plan the changes from its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, replace

from prevention_app.exchange.column_matching import MatchedColumns, match_columns
from prevention_app.exchange.headings import HeadingBook
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    ImportColumn,
    ImportKind,
    Legend,
    Preset,
)
from prevention_app.exchange.legends import read_legends
from prevention_app.exchange.mapping import Mapping, TableMapping
from prevention_app.exchange.record_reading import RecordReader
from prevention_app.exchange.repeated_records import join_repeated
from prevention_app.exchange.row_roles import tell_roles
from prevention_app.exchange.sheet_view import SheetView
from prevention_app.exchange.sheets import SourceFile, cell_name
from prevention_app.exchange.table_finder import (
    TableFound,
    find_tables,
    likely_headings,
)
from prevention_app.exchange.title_blocks import Context, read_context
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.understood import (
    ColumnMatch,
    Confidence,
    ImportedRow,
    OtherRow,
    OtherSheet,
    Problem,
    Question,
    RowRole,
    TableUnderstood,
    Understanding,
    excerpt,
)

__all__ = [
    "ColumnMatch",
    "Confidence",
    "ImportedRow",
    "Mapping",
    "OtherRow",
    "OtherSheet",
    "Problem",
    "Question",
    "RowRole",
    "TableMapping",
    "TableUnderstood",
    "Understanding",
    "understand",
]


def understand(
    source: SourceFile, kind: ImportKind, mapping: Mapping | None = None
) -> Understanding:
    """What a file holds for one kind of import.

    Never raises for what a file holds: what cannot be read is a problem of its row, what only a
    person can tell is a question, and `refusal` says why nothing may be imported as it stands.
    `mapping` holds the corrections that a person made.
    """
    understood = Understanding(kind.key, source, mapping=mapping, notes=list(source.remarks))
    reader = _FileReader(kind, understood, mapping or Mapping(kind.key))
    reader.survey(source)
    reader.read()
    reader.judge()
    return understood


LONGEST_TITLE = 90


@dataclass(slots=True)
class _Surveyed:
    """A sheet and the tables found on it, before any is read."""

    view: SheetView
    tables: list[TableFound]
    left_out: bool = False
    """A person said that it is not to be read."""


class _FileReader:
    def __init__(self, kind: ImportKind, understood: Understanding, mapping: Mapping) -> None:
        self.kind, self.understood, self.mapping = kind, understood, mapping
        self.book = HeadingBook(kind)
        self.sheets: list[_Surveyed] = []
        self.legends: dict[str, Legend] = {}
        self.uncalculated: list[str] = []

    def survey(self, source: SourceFile) -> None:
        """Find the tables of every sheet, and what legends say of the scales in the others."""
        for sheet in source.sheets:
            view = SheetView(sheet)
            header = self.mapping.header_of(sheet.name)
            tables = find_tables(view, self.kind, self.book, header, self.mapping.signatures)
            left_out = sheet.name in self.mapping.without
            self.sheets.append(_Surveyed(view, tables, left_out=left_out))
        others = [
            (each.view, table)
            for each in self.sheets
            for table in each.tables
            if not self._may_hold_records(table)
        ]
        self.legends = read_legends(others, self.kind, self.book)

    def read(self) -> None:
        """Read the sheets; hidden ones only when no other holds a table."""
        for each in self.sheets:
            if not each.view.sheet.hidden:
                self._read_sheet(each)
        nothing_yet = not self.understood.tables
        for each in self.sheets:
            if each.view.sheet.hidden:
                if nothing_yet:
                    self._read_sheet(each)
                else:
                    self._set_hidden_sheet_aside(each)

    def _read_sheet(self, each: _Surveyed) -> None:
        if each.left_out:
            self.understood.other_sheets.append(_other_sheet(each))
            return
        tables_before = len(self.understood.tables)
        questions_before = len(self.understood.questions)
        other: list[OtherRow] = []
        context: dict[str, object] = {}
        for table in each.tables:
            if self._may_hold_records(table):
                read = self._read_table(each.view, table, context)
                if read is not None:
                    context = read
                    continue
            other += _passed_over(each.view, table)
        if len(self.understood.tables) + len(self.understood.questions) == (
            tables_before + questions_before
        ):
            self.understood.other_sheets.append(_other_sheet(each))
        else:
            self.understood.other += other

    def _may_hold_records(self, table: TableFound) -> bool:
        return (
            table.by_hand
            or table.holds_records(self.kind)
            or (self.kind.guess_identity and len(table.fields) > self.kind.enough)
        )

    def _set_hidden_sheet_aside(self, each: _Surveyed) -> None:
        """Count a hidden sheet without reading it, and say so when it holds a table."""
        name = each.view.sheet.name
        self.understood.other_sheets.append(
            OtherSheet(
                name, "feuille masquée", each.view.content_rows(), likely_headings(each.view)
            )
        )
        if any(table.holds_records(self.kind) for table in each.tables):
            self._note(
                f"La feuille masquée « {name} » contient un tableau du même type ; elle n’a pas "
                "été lue. Affichez-la dans Excel pour l’importer."
            )

    def _read_table(
        self, view: SheetView, found: TableFound, inherited: dict[str, object]
    ) -> dict[str, object] | None:
        """Read a table, and give what its title block says, for the next one on the sheet.

        None when no column of it turns out to hold what starts a record.
        """
        name = view.sheet.name
        by_hand = self.mapping.for_table(name, found.signature)
        matched = match_columns(
            view, self.kind, self.book, found, by_hand.columns if by_hand else {}
        )
        fixed = {**self.mapping.everywhere, **(by_hand.fixed if by_hand else {})}
        table = self._table(view, found, matched, inherited, fixed)
        self.understood.questions += matched.questions
        holds = any(column.field in self.kind.identity for column in table.columns)
        if not holds and not found.by_hand:
            return None
        self.understood.tables.append(table)
        if not holds:
            # The columns are shown, for the person to say which one is which.
            self.understood.other += _passed_over(view, found)
            return table.context
        self._read_rows(view, found, table, matched)
        self._look_for_uncalculated(view, table)
        return table.context

    def _table(
        self,
        view: SheetView,
        found: TableFound,
        matched: MatchedColumns,
        inherited: dict[str, object],
        fixed: dict[str, str],
    ) -> TableUnderstood:
        context = read_context(view, found.title_rows, self.book)
        context = Context({**inherited, **context.values}, context.cells)
        self._take_name_of_sheet(view, found, matched, context)
        self._take_preset(view.sheet.name, matched.preset, context, fixed)
        for key, said in fixed.items():
            if column := self.kind.column(key):
                context.values[key] = column.parse(CellRead(said, ColumnFacts((said,), 1))).value
        hidden = view.sheet.hidden_rows
        return TableUnderstood(
            view.sheet.name,
            found.header_first,
            found.header_last,
            found.last_row,
            matched.columns,
            found.signature,
            context=context.values,
            context_cells=context.cells,
            hidden_rows=tuple(row for row in sorted(hidden) if view.filled_at(row)),
            hidden_sheet=view.sheet.hidden,
        )

    def _take_preset(
        self, sheet: str, preset: Preset | None, context: Context, fixed: dict[str, str]
    ) -> None:
        """What headings and values told together holds where nobody says otherwise."""
        if preset is None:
            return
        for key, value in preset.values.items():
            context.values.setdefault(key, value)
        if preset.note and not fixed.keys() & preset.values.keys():
            self._note(f"Feuille « {sheet} » : {preset.note}")
        if preset.question and preset.asks not in {*fixed, *context.values}:
            self.understood.questions.append(
                Question(
                    sheet,
                    f"Feuille « {sheet} » : {preset.question}",
                    field=preset.asks,
                    columns=(),
                    answers=preset.answers,
                )
            )

    def _take_name_of_sheet(
        self, view: SheetView, found: TableFound, matched: MatchedColumns, context: Context
    ) -> None:
        """Where neither a column nor a label says the unit, the sheet's name or the title may."""
        key = self.kind.sheet_field
        column = self.kind.column(key)
        known = key in context.values or any(match.field == key for match in matched.columns)
        if column is None or known or self.kind.names is None:
            return
        name = view.sheet.name
        title = _title_above(view, found)
        if self.kind.names(name):
            context.values[key] = name
            self._note(
                f"Feuille « {name} » : le nom de la feuille est pris pour « {column.label} »."
            )
        elif title and self.kind.names(title):
            context.put({key: title}, cell_name(found.header_first - 1, 1))
            self._note(
                f"Feuille « {name} » : le titre « {title} » est pris pour « {column.label} »."
            )

    def _ask_for_unit(self, table: TableUnderstood, rows: list[ImportedRow]) -> None:
        """Ask once what no row of a table says, rather than refuse them one by one."""
        column = self.kind.column(self.kind.sheet_field)
        if (
            column
            and column.required
            and rows
            and not any(column.key in row.values for row in rows)
        ):
            self.understood.questions.append(
                Question(
                    table.sheet,
                    f"Rien ne dit « {column.label} » dans la feuille « {table.sheet} ». "
                    "Qu’est-ce qui vaut pour toutes ses lignes ?",
                    field=column.key,
                    columns=(),
                )
            )

    def _read_rows(
        self, view: SheetView, found: TableFound, table: TableUnderstood, matched: MatchedColumns
    ) -> None:
        fields = {
            match.column: column
            for match in table.columns
            if match.field and (column := self.kind.column(match.field))
        }
        if self.kind.refit:
            fields = {at: self.kind.refit(table.context, of) for at, of in fields.items()}
        for row in found.title_rows:
            self._other(view, row, RowRole.TITLE)
        for row in range(found.header_first, found.header_last + 1):
            if view.filled(row):
                self._other(view, row, RowRole.HEADING)
        matched = replace(matched, facts=self._explained(matched.facts, fields))
        self._tell_of_columns(table, fields, matched.facts)
        roles = tell_roles(view, self.kind, self.book, found, fields, matched.facts)
        for row, why in roles.other:
            self._other(view, row, why)
        notes = [row for row, why in roles.other if why is RowRole.NOTE]
        table.notes = tuple(
            text for row in (*found.title_rows, *notes) for text in view.texts(row).values()
        )
        reader = RecordReader(view, self.kind, table, matched, fields)
        rows = [row for record in roles.records for row in reader.read(record)]
        rows = join_repeated(rows, self.kind) if self.kind.children else rows
        self.understood.rows += rows
        self._ask_for_unit(table, rows)
        if table.hidden_rows:
            rows = ", ".join(str(row) for row in table.hidden_rows[:12])
            self._note(f"Feuille « {table.sheet} » : des lignes masquées ont été lues ({rows}).")

    def _explained(
        self, facts: Mapping_[int, ColumnFacts], fields: dict[int, ImportColumn]
    ) -> dict[int, ColumnFacts]:
        """The columns' facts with what the file's legends say of their scales."""
        return {
            column: replace(of, legend=self.legends.get(fields[column].key))
            if column in fields
            else of
            for column, of in facts.items()
        }

    def _tell_of_columns(
        self,
        table: TableUnderstood,
        fields: dict[int, ImportColumn],
        facts: Mapping_[int, ColumnFacts],
    ) -> None:
        for column, of in fields.items():
            if of.tells and (said := of.tells(facts[column])):
                self._note(
                    f"Feuille « {table.sheet} », colonne « {facts[column].heading} » : {said}"
                )

    def _other(self, view: SheetView, row: int, why: RowRole) -> None:
        self.understood.other.append(OtherRow(view.sheet.name, row, why, excerpt(view.shown(row))))

    def _note(self, sentence: str) -> None:
        self.understood.notes.append(typeset(sentence))

    def _look_for_uncalculated(self, view: SheetView, table: TableUnderstood) -> None:
        """Formulas without a stored value among the records of an understood column."""
        known = {match.column for match in table.columns if match.field}
        rows = {
            at
            for row in self.understood.rows
            if row.sheet == table.sheet
            for at in range(row.row, row.last_row + 1)
        }
        cells = [
            place for place in view.sheet.uncalculated if place[1] in known and place[0] in rows
        ]
        self.uncalculated += _ranges(cells)

    def judge(self) -> None:
        """Say why nothing can be imported, when that is so."""
        if self.uncalculated:
            cells = ", ".join(self.uncalculated[:8]) + ("…" if len(self.uncalculated) > 8 else "")
            self._obstruct(
                f"Cellules {cells} : formules non calculées. "
                "Ouvrez le classeur dans Excel, enregistrez, recommencez."
            )
        elif not self.understood.tables and not self.understood.questions:
            self._obstruct(self._nothing_found())
        elif not self.understood.rows and not self.understood.questions:
            self._obstruct("Les titres des colonnes sont reconnus, mais aucune ligne ne les suit.")

    def _obstruct(self, sentence: str) -> None:
        self.understood.obstacle = typeset(sentence)

    def _nothing_found(self) -> str:
        headings = next(
            (other.headings for other in self.understood.other_sheets if other.headings), ()
        )
        if not headings:
            return "Le classeur ne contient aucune donnée."
        found = ", ".join(headings[:12]) + ("…" if len(headings) > 12 else "")
        known = [heading for heading in headings if self.book.best(heading)]
        if len(known) >= 2:
            columns = [self.kind.column(key) for key in self.kind.identity]
            needed = " ou ".join(f"« {column.label} »" for column in columns if column)
            return f"Aucune colonne {needed} n’a été trouvée. Colonnes trouvées : {found}."
        return f"Aucune colonne {self.kind.of_what} n’a été reconnue. Colonnes trouvées : {found}."


def _title_above(view: SheetView, found: TableFound) -> str:
    """The text alone on the row just above the headings."""
    row = found.header_first - 1
    said = view.shown(row) if row in found.title_rows else []
    return " ".join(said[0].split()) if len(said) == 1 and len(said[0]) <= LONGEST_TITLE else ""


def _other_sheet(each: _Surveyed) -> OtherSheet:
    view = each.view
    if not view.content_rows():
        return OtherSheet(view.sheet.name, "feuille vide", 0)
    if each.left_out:
        rows = view.content_rows()
        return OtherSheet(view.sheet.name, "laissée de côté", rows, likely_headings(view))
    why = "liste, légende ou synthèse" if each.tables else "aucun tableau de ce type reconnu"
    return OtherSheet(view.sheet.name, why, view.content_rows(), likely_headings(view))


def _passed_over(view: SheetView, table: TableFound) -> list[OtherRow]:
    rows = (*table.title_rows, *range(table.header_first, table.last_row + 1))
    return [
        OtherRow(view.sheet.name, row, RowRole.OTHER_TABLE, excerpt(view.shown(row)))
        for row in rows
        if view.filled(row)
    ]


def _ranges(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Cells as users name them, neighbours in a column joined: D2:D4, L2."""
    ranges: list[str] = []
    start: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    for row, column in [*sorted(cells, key=lambda cell: (cell[1], cell[0])), (0, 0)]:
        if start and last and (row, column) != (last[0] + 1, last[1]):
            first_name, last_name = cell_name(*start), cell_name(*last)
            ranges.append(first_name if start == last else f"{first_name}:{last_name}")
            start = None
        start = start or (row, column)
        last = (row, column)
    return ranges
