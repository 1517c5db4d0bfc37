"""From the rows of a record to its typed values: each cell parsed, nothing that was typed lost."""

from __future__ import annotations

from collections.abc import Iterable

from prevention_app.catalogue.values import fold
from prevention_app.exchange.column_matching import MatchedColumns
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    ImportColumn,
    ImportKind,
    Parsed,
    TableRows,
)
from prevention_app.exchange.items import EMPTY_ITEMS, lined_up, split_items
from prevention_app.exchange.mapping import is_ours
from prevention_app.exchange.row_roles import RecordRows
from prevention_app.exchange.sheet_view import SheetView, is_ditto
from prevention_app.exchange.sheets import Scalar, cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_NO_FACTS = ColumnFacts((), 0)


class RecordReader:
    """Reads the records of one table."""

    def __init__(
        self,
        view: SheetView,
        kind: ImportKind,
        table: TableUnderstood,
        matched: MatchedColumns,
        fields: dict[int, ImportColumn],
    ) -> None:
        """Prepare the columns by what they are: plain, lists, children, unknown."""
        self.view, self.kind, self.table = view, kind, table
        self.facts = matched.facts
        self.fields = fields
        self.labels = {match.column: match.heading for match in matched.columns}
        self.plain = {
            column: of for column, of in fields.items() if not (of.is_list or of.repeated)
        }
        self.lists = {column: of for column, of in fields.items() if of.many and not of.child}
        self.unknown = [
            match.column
            for match in matched.columns
            if match.field is None and not is_ours(match.heading)
        ]
        self.series = {child: self._series(child) for child in kind.children}
        self.split = kind.split(table, self.facts) if kind.split else None
        self.above: dict[int, Scalar] = {}
        """The last value of each column, for cells that say « idem »."""

    def _series(self, child: str) -> list[list[int]]:
        """The columns of a list of children, one run for each set of them in a row."""
        named = self.kind.children_of(child)[0].key
        runs: list[list[int]] = []
        for column in sorted(column for column, of in self.fields.items() if of.child == child):
            key = self.fields[column].key
            if not runs or (
                key == named and any(self.fields[each].key == named for each in runs[-1])
            ):
                runs.append([])
            runs[-1].append(column)
        return runs

    def read(self, record: RecordRows) -> list[ImportedRow]:
        """The record with all that its rows say; several when the kind splits a row."""
        row = ImportedRow(self.table.sheet, record.first, record.rows[-1])
        for column, of in self.plain.items():
            self._read_plain(row, record, column, of)
        for column, of in self.lists.items():
            self._read_list(row, record, column, of)
        for child, runs in self.series.items():
            if runs:
                self._read_children(row, record, child, runs)
        self._keep_the_rest(row, record)
        self._complete(row, record)
        made = self._split(row, record)
        for each in made:
            if self.kind.finish:
                self.kind.finish(each, self.table)
            self._require(each)
        return made

    def _split(self, row: ImportedRow, record: RecordRows) -> list[ImportedRow]:
        if self.split is None:
            return [row]
        for column, of in self.fields.items():
            if of.repeated:
                self._report_damaged(row, self._origin(record, record.first, column), column)
        cells = {column: self._cell(record, record.first, column) for column in self.facts}
        return self.split(row, TableRows(self.table, tuple(record.rows), cells))

    # One cell

    def _origin(self, record: RecordRows, row: int, column: int) -> tuple[int, int]:
        """Where the value of a cell is to be read: itself, a merged corner, or what is carried."""
        if column in record.carried and row == record.first:
            return record.carried[column], column
        area = self.view.areas.get((row, column))
        return (area[0], area[1]) if area else (row, column)

    def _cell(self, record: RecordRows, row: int, column: int) -> CellRead:
        place = self._origin(record, row, column)
        value = self.view.value(*place)
        if is_ditto(value):
            value = self.above.get(column)
        elif value is not None:
            self.above[column] = value
        sheet = self.view.sheet
        return CellRead(
            value, self.facts.get(column, _NO_FACTS), sheet.fills.get(place), place in sheet.strikes
        )

    def _read_plain(
        self, row: ImportedRow, record: RecordRows, column: int, of: ImportColumn
    ) -> None:
        place = self._origin(record, record.first, column)
        if self._is_damaged(row, place, column, of):
            return
        cell = self._cell(record, record.first, column)
        if cell.value is None and not of.reads_fill:
            return
        self._put(row, of, of.parse(cell), cell_name(*place), cell.text, column)
        if cell.struck:
            row.remarks.append(f"{self._label(column)} : texte barré dans le fichier")
            row.problem(
                cell_name(*place),
                f"Ligne {row.row}, colonne « {self._label(column)} » : texte barré ; "
                "il est repris comme les autres, à confirmer.",
            )
        for further in record.rows[1:]:
            self._keep_further(row, further, column)
        if column in record.forced:
            row.problem(
                cell_name(record.first, column),
                f"Ligne {record.first}, colonne « {self._label(column)} » : vide ; "
                f"« {cell.text} » a été repris de la ligne {place[0]}.",
            )

    def _keep_further(self, row: ImportedRow, further: int, column: int) -> None:
        """What a field of one value holds in the further rows of the record goes to the remarks."""
        value = self.view.value(further, column)
        if value is not None and not is_ditto(value) and not self._is_private(column):
            row.remarks.append(f"{self._label(column)} (ligne {further}) : {value}")

    def _put(
        self, row: ImportedRow, of: ImportColumn, parsed: Parsed, cell: str, typed: str, column: int
    ) -> None:
        self._store(row.values, of.key, parsed)
        if parsed.value is not None:
            row.cells[of.key] = cell
        self._report(row, parsed, cell, typed, column)

    def _store(self, values: dict[str, object], key: str, parsed: Parsed) -> None:
        if parsed.value is not None:
            values[key] = parsed.value
        for extra, value in parsed.extras.items():
            values[key + extra if extra.startswith("_") else extra] = value

    def _report(self, row: ImportedRow, parsed: Parsed, cell: str, typed: str, column: int) -> None:
        label = self._label(column)
        if parsed.problem:
            place = f"Ligne {row.row}, colonne « {label} »"
            row.problem(cell, f"{place} : {_ended(parsed.problem)}", fatal=parsed.fatal)
            if typed and not parsed.fatal and not self._is_private(column):
                row.remarks.append(f"{label} : {typed}")
        if parsed.remark:
            row.remarks.append(f"{label} : {parsed.remark}")

    def _is_private(self, column: int) -> bool:
        return column in self.fields and self.fields[column].private

    def _label(self, column: int) -> str:
        return self.labels.get(column) or f"Colonne {cell_name(1, column)[:-1]}"

    def _is_damaged(
        self, row: ImportedRow, place: tuple[int, int], column: int, of: ImportColumn
    ) -> bool:
        """Report an error value or a number that is no date; True when there was one."""
        sheet = self.view.sheet
        start = f"Ligne {place[0]}, colonne « {self._label(column)} » :"
        if place in sheet.impossible_dates:
            row.problem(
                cell_name(*place),
                f"{start} date impossible ({sheet.impossible_dates[place]}) ; "
                "une date comme 31/12/2026 est attendue.",
                fatal=True,
            )
            return True
        if place in sheet.errors:
            row.problem(
                cell_name(*place),
                f"{start} valeur d’erreur {sheet.errors[place]} ; "
                "corrigez la formule dans Excel, enregistrez, recommencez.",
                fatal=of.required,
            )
            return True
        return False

    def _report_damaged(self, row: ImportedRow, place: tuple[int, int], column: int) -> None:
        """Report a damaged cell of a matrix; the other cells of its row are read."""
        sheet = self.view.sheet
        damage = sheet.impossible_dates.get(place) or sheet.errors.get(place)
        if damage:
            row.problem(
                cell_name(*place),
                f"Ligne {place[0]}, colonne « {self._label(column)} » : valeur illisible "
                f"({damage}) ; corrigez la cellule dans Excel, enregistrez, recommencez.",
            )

    # Lists and children

    def _read_list(
        self, row: ImportedRow, record: RecordRows, column: int, of: ImportColumn
    ) -> None:
        items: list[object] = row.values.setdefault(of.key, [])  # type: ignore[assignment]
        for each in self._own_rows(record, column):
            place = self._origin(record, each, column)
            if self._is_damaged(row, place, column, of):
                continue
            cell = self._cell(record, each, column)
            texts = [text for text in split_items(cell.text) if fold(text) not in EMPTY_ITEMS]
            if cell.struck:
                row.remarks += [f"{self._label(column)} (barré) : {text}" for text in texts]
                continue
            if texts:
                row.cells.setdefault(of.key, cell_name(*place))
            for text in texts:
                parsed = of.parse(CellRead(text, cell.facts, cell.fill))
                items.append(parsed.value)
                self._report(row, parsed, cell_name(*place), text, column)

    def _own_rows(self, record: RecordRows, column: int) -> list[int]:
        """The rows of the record where a column shows something that is not merged from above."""
        return [
            row
            for row in record.rows
            if row == record.first or self.view.covered_from(row, column) is None
        ]

    def _read_children(
        self, row: ImportedRow, record: RecordRows, child: str, runs: list[list[int]]
    ) -> None:
        made: list[dict[str, object]] = row.values.setdefault(child, [])  # type: ignore[assignment]
        for each in record.rows:
            for run in runs:
                made.extend(self._children_of(row, record, each, child, run))

    def _children_of(
        self, row: ImportedRow, record: RecordRows, at: int, child: str, run: list[int]
    ) -> Iterable[dict[str, object]]:
        columns = [column for column in run if at in self._own_rows(record, column)]
        named = self.kind.children_of(child)[0]
        titles: list[str] = []
        for column in columns:
            if self.fields[column].key == named.key:
                cell = self._cell(record, at, column)
                titles = [text for text in split_items(cell.text) if fold(text) not in EMPTY_ITEMS]
                row.cells.setdefault(child, cell_name(*self._origin(record, at, column)))
        children: list[dict[str, object]] = [{} for _ in titles]
        for column in columns:
            self._fill_children(row, record, at, column, titles, children)
        return children

    def _fill_children(
        self,
        row: ImportedRow,
        record: RecordRows,
        at: int,
        column: int,
        titles: list[str],
        children: list[dict[str, object]],
    ) -> None:
        of = self.fields[column]
        place = self._origin(record, at, column)
        if self._is_damaged(row, place, column, of):
            return
        cell = self._cell(record, at, column)
        if cell.value is None:
            return
        if not titles:
            row.remarks.append(f"{self._label(column)} : {_shown(cell.value)}")
            if of.total and (parsed := of.parse(cell)).value is not None:
                row.values.setdefault(f"{of.child}_{of.leaf}_total", parsed.value)
            return
        named = of.key == self.kind.children_of(of.child)[0].key
        parts = titles if named else self._parts(row, of, cell, len(titles), place, column)
        for made, part in zip(children, parts, strict=False):
            if part is None:
                continue
            parsed = of.parse(CellRead(part, cell.facts, cell.fill, cell.struck))
            self._store(made, of.leaf, parsed)
            self._report(row, parsed, cell_name(*place), str(part), column)
            if cell.struck and named:
                made["struck"] = True
        if children and not named:
            row.cells.setdefault(of.key, cell_name(*place))

    def _parts(
        self,
        row: ImportedRow,
        of: ImportColumn,
        cell: CellRead,
        count: int,
        place: tuple[int, int],
        column: int,
    ) -> list[Scalar]:
        """The cell's values for each of the children: lined up by line, else one for all."""
        if count == 1 or not isinstance(cell.value, str):
            if of.total and count > 1:
                self._put_total(row, of, cell, place, column)
                return []
            return [cell.value] * count
        parts = lined_up(cell.value, count)
        if parts is None:
            row.problem(
                cell_name(*place),
                f"Ligne {row.row}, colonne « {self._label(column)} » : {count} lignes sont "
                "attendues, une pour chacun des éléments de la même ligne ; le texte est gardé en "
                "remarque.",
            )
            row.remarks.append(f"{self._label(column)} : {cell.text}")
            return []
        if of.total and len(set(parts)) == 1 and "\n" not in cell.value:
            self._put_total(row, of, cell, place, column)
            return []
        return [part or None for part in parts]

    def _put_total(
        self,
        row: ImportedRow,
        of: ImportColumn,
        cell: CellRead,
        place: tuple[int, int],
        column: int,
    ) -> None:
        parsed = of.parse(cell)
        if parsed.value is not None:
            row.values[f"{of.child}_{of.leaf}_total"] = parsed.value
            row.remarks.append(f"{self._label(column)} (pour l’ensemble) : {_shown(cell.value)}")
            return
        self._report(row, parsed, cell_name(*place), cell.text, column)

    # What has no field, what is missing

    def _keep_the_rest(self, row: ImportedRow, record: RecordRows) -> None:
        """Unknown columns and comments go to the remarks, unless the kind keeps no such thing."""
        if not self.kind.keeps_unknown:
            return
        for each in record.rows:
            for column in self.unknown:
                value = self.view.value(each, column)
                if value is not None and not is_ditto(value):
                    row.remarks.append(f"{self._label(column)} : {_shown(value)}")
        comments = self.view.sheet.comments
        if comments:
            for (at, column), comment in sorted(comments.items()):
                if at in record.rows:
                    row.remarks.append(
                        f"Commentaire ({cell_name(at, column)}) : {' '.join(comment.split())}"
                    )

    def _complete(self, row: ImportedRow, record: RecordRows) -> None:
        """Add what the section above and the title block say of this row."""
        for values, cells in (
            (record.section.values, record.section.cells),
            (self.table.context, self.table.context_cells),
        ):
            for key, value in values.items():
                if key not in row.values:
                    row.values[key] = value
                    if cells.get(key):
                        row.cells[key] = cells[key]

    def _require(self, row: ImportedRow) -> None:
        known = {problem.cell for problem in row.problems if problem.fatal}
        for of in self.kind.columns:
            if of.required and row.values.get(of.key) in (None, ""):
                match = self.table.column_of(of.key)
                cell = cell_name(row.row, match.column) if match else ""
                if cell and cell in known:
                    continue
                row.problem(cell, f"Ligne {row.row} : « {of.label} » est à remplir.", fatal=True)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _shown(value: Scalar) -> str:
    if hasattr(value, "strftime"):
        return value.strftime("%d/%m/%Y")  # type: ignore[union-attr]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
