"""Understanding a file as it is: from sheets to typed records, every row accounted for.

Pure functions: no database, no window. The services ask `understand` first, show or check what
it found (`Understanding.refusal`), then plan the changes from its rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from prevention_app.exchange.column_matching import MatchedColumns, match_columns
from prevention_app.exchange.headings import HeadingBook
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.mapping import Mapping, TableMapping, signature_of
from prevention_app.exchange.record_reading import RecordReader
from prevention_app.exchange.row_roles import tell_roles
from prevention_app.exchange.sheet_view import SheetView
from prevention_app.exchange.sheets import SourceFile, cell_name
from prevention_app.exchange.table_finder import (
    TableFound,
    find_tables,
    headings_in_order,
    likely_headings,
)
from prevention_app.exchange.title_blocks import read_context
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


def understand(source: SourceFile, kind: ImportKind, mapping: Mapping | None = None) -> Understanding:
    """What a file holds for one kind of import.

    Never raises for what a file holds: what cannot be read is a problem of its row, what only a
    person can tell is a question, and `refusal` says why nothing may be imported as it stands.
    `mapping` holds the corrections that a person made.
    """
    understood = Understanding(kind.key, source, mapping=mapping, notes=list(source.remarks))
    reader = _FileReader(kind, understood, mapping or Mapping(kind.key))
    for view in _views(source, reader):
        reader.read_sheet(view)
    reader.judge()
    return understood


def _views(source: SourceFile, reader: _FileReader) -> Iterable[SheetView]:
    """The sheets to read; hidden ones are only read when no other holds a table."""
    views = [SheetView(sheet) for sheet in source.sheets]
    shown = [view for view in views if not view.sheet.hidden]
    hidden = [view for view in views if view.sheet.hidden]
    yield from shown
    if reader.understood.tables:
        for view in hidden:
            reader.set_hidden_sheet_aside(view)
    else:
        yield from hidden


class _FileReader:
    def __init__(self, kind: ImportKind, understood: Understanding, mapping: Mapping) -> None:
        self.kind, self.understood, self.mapping = kind, understood, mapping
        self.book = HeadingBook(kind)
        self.uncalculated: list[str] = []

    def read_sheet(self, view: SheetView) -> None:
        name = view.sheet.name
        if not view.content_rows():
            self.understood.other_sheets.append(OtherSheet(name, "feuille vide", 0))
            return
        tables = find_tables(view, self.kind, self.book, self.mapping.header_of(name))
        holding = [table for table in tables if self._holds_records(table)]
        if not holding:
            self.understood.other_sheets.append(self._other_sheet(view, tables))
            return
        context: dict[str, object] = {}
        for table in tables:
            if self._holds_records(table):
                context = self._read_table(view, table, context)
            else:
                self._pass_over(view, table)

    def _holds_records(self, table: TableFound) -> bool:
        return table.holds_records(self.kind) or (
            self.kind.guess_identity and len(table.fields) >= self.kind.enough + 1
        )

    def _other_sheet(self, view: SheetView, tables: list[TableFound]) -> OtherSheet:
        why = "liste, légende ou synthèse" if tables else "aucun tableau de ce type reconnu"
        return OtherSheet(view.sheet.name, why, view.content_rows(), likely_headings(view))

    def set_hidden_sheet_aside(self, view: SheetView) -> None:
        """Count a hidden sheet without reading it, and say so when it holds a table."""
        name = view.sheet.name
        tables = find_tables(view, self.kind, self.book)
        holding = any(table.holds_records(self.kind) for table in tables)
        self.understood.other_sheets.append(
            OtherSheet(name, "feuille masquée", view.content_rows(), likely_headings(view))
        )
        if holding:
            self._note(
                f"La feuille masquée « {name} » contient un tableau du même type ; elle n’a pas été "
                "lue. Affichez-la dans Excel pour l’importer."
            )

    def _read_table(
        self, view: SheetView, found: TableFound, inherited: dict[str, object]
    ) -> dict[str, object]:
        name = view.sheet.name
        signature = signature_of(headings_in_order(found.headings))
        by_hand = self.mapping.for_table(name, signature)
        matched = match_columns(
            view, self.kind, self.book, found, by_hand.columns if by_hand else {}
        )
        table = self._table(view, found, matched, signature, inherited)
        if not any(column.field in self.kind.identity for column in table.columns):
            if matched.questions:
                self.understood.questions += matched.questions
            self._pass_over(view, found)
            return inherited
        self.understood.tables.append(table)
        self.understood.questions += matched.questions
        self._read_rows(view, found, table, matched)
        self._look_for_uncalculated(view, table)
        return table.context

    def _table(
        self,
        view: SheetView,
        found: TableFound,
        matched: MatchedColumns,
        signature: str,
        inherited: dict[str, object],
    ) -> TableUnderstood:
        context = read_context(view, found.title_rows, self.book)
        hidden = view.sheet.hidden_rows
        return TableUnderstood(
            view.sheet.name,
            found.header_first,
            found.header_last,
            found.last_row,
            matched.columns,
            signature,
            context={**inherited, **context.values},
            context_cells=context.cells,
            hidden_rows=tuple(row for row in sorted(hidden) if view.filled_at(row)),
            hidden_sheet=view.sheet.hidden,
        )

    def _read_rows(
        self, view: SheetView, found: TableFound, table: TableUnderstood, matched: MatchedColumns
    ) -> None:
        fields = {
            match.column: column
            for match in table.columns
            if match.field and (column := self.kind.column(match.field))
        }
        for row in found.title_rows:
            self._other(view, row, RowRole.TITLE)
        for row in range(found.header_first, found.header_last + 1):
            if view.filled(row):
                self._other(view, row, RowRole.HEADING)
        roles = tell_roles(view, self.kind, self.book, found, fields, matched.facts)
        for row, why in roles.other:
            self._other(view, row, why)
        reader = RecordReader(view, self.kind, table, matched, fields)
        for record in roles.records:
            self.understood.rows += reader.read(record)
        if table.hidden_rows:
            rows = ", ".join(str(row) for row in table.hidden_rows[:12])
            self._note(f"Feuille « {table.sheet} » : des lignes masquées ont été lues ({rows}).")

    def _pass_over(self, view: SheetView, table: TableFound) -> None:
        for row in (*table.title_rows, *range(table.header_first, table.last_row + 1)):
            if view.filled(row):
                self._other(view, row, RowRole.OTHER_TABLE)

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
        cells = [place for place in view.sheet.uncalculated if place[1] in known and place[0] in rows]
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
        headings = next((other.headings for other in self.understood.other_sheets if other.headings), ())
        if not headings:
            return "Le classeur ne contient aucune donnée."
        found = ", ".join(headings[:12]) + ("…" if len(headings) > 12 else "")
        known = [heading for heading in headings if self.book.best(heading)]
        if len(known) >= 2:
            needed = " ou ".join(
                f"« {column.label} »" for column in self.kind.columns if column.key in self.kind.identity
            )
            return f"Aucune colonne {needed} n’a été trouvée. Colonnes trouvées : {found}."
        return f"Aucune colonne {self.kind.of_what} n’a été reconnue. Colonnes trouvées : {found}."


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
