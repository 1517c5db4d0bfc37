"""What each row under the headings is: a record, a further line of one, a total or a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from prevention_app.catalogue.values import fold
from prevention_app.exchange.headings import HeadingBook
from prevention_app.exchange.import_kinds import ColumnFacts, ImportColumn, ImportKind
from prevention_app.exchange.sheet_view import SheetView, is_ditto
from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.table_finder import TableFound
from prevention_app.exchange.title_blocks import Context, is_labelled, put_parsed, read_context
from prevention_app.exchange.totals import total_role
from prevention_app.exchange.understood import RowRole

_NOTE = re.compile(
    r"(?:\(\s*\w{1,3}\s*\)|\*|nb\b|n\.\s?b|nota|note|notes|source|legende|remarque|attention|"
    r"document |mise a jour|edite|imprime|redige|signature|visa|date )"
)
_LONG_NOTE = 90
"""A text alone on its row is a note from this length on."""


@dataclass(slots=True)
class RecordRows:
    """The rows of one record and what was carried down to it, by column: value and its row."""

    rows: list[int]
    carried: dict[int, int] = field(default_factory=dict[int, int])
    """Column to the row that its value is taken from."""
    forced: set[int] = field(default_factory=set[int])
    """Columns carried although the table does not leave blanks for that: to be checked."""
    section: Context = field(default_factory=Context)
    """What the section headings above it say."""

    @property
    def first(self) -> int:
        """The row where it starts."""
        return self.rows[0]


@dataclass(slots=True)
class RowRoles:
    """The account of every filled row of a table."""

    records: list[RecordRows] = field(default_factory=list[RecordRows])
    other: list[tuple[int, RowRole]] = field(default_factory=list[tuple[int, RowRole]])


def tell_roles(
    view: SheetView,
    kind: ImportKind,
    book: HeadingBook,
    table: TableFound,
    fields: dict[int, ImportColumn],
    facts: Mapping[int, ColumnFacts],
) -> RowRoles:
    """Say of each row under the headings what it is; `fields` are the columns understood."""
    return _Teller(view, kind, book, table, fields, facts).tell()


class _Teller:
    def __init__(
        self,
        view: SheetView,
        kind: ImportKind,
        book: HeadingBook,
        table: TableFound,
        fields: dict[int, ImportColumn],
        facts: Mapping[int, ColumnFacts],
    ) -> None:
        self.view, self.kind, self.table, self.fields = view, kind, table, fields
        self.book = book
        self.identity = [column for column, of in fields.items() if of.key in kind.identity]
        self.carrying = sorted(column for column, of in fields.items() if of.carried)
        self.plain = [
            column
            for column, of in fields.items()
            if not of.is_list and not of.carried and of.key not in kind.identity
        ]
        self.grouped = {column for column in self.carrying if self._leaves_blanks(column)}
        self.roles = RowRoles()
        self.carry: dict[int, int] = {}
        self.section = Context()
        self.width = sum(1 for column in facts if facts[column].values)

    def tell(self) -> RowRoles:
        rows = [
            row
            for row in range(self.table.header_last + 1, self.table.last_row + 1)
            if self.view.filled(row)
        ]
        for place, row in enumerate(rows):
            following = next(
                (each for each in rows[place + 1 :] if len(self.view.filled(each)) > 1), None
            )
            self._tell_row(row, following)
        return self.roles

    def _tell_row(self, row: int, following: int | None) -> None:
        filled = self.view.filled(row)
        if row in self.table.repeated:
            self.roles.other.append((row, RowRole.REPEATED_HEADING))
        elif total := total_role(self.view, row, self.width):
            self.roles.other.append((row, total))
        elif is_labelled(self.view, row, self.book):
            self._open_labelled(row)
        elif len(filled) == 1 and self._alone(row, filled[0], following):
            pass
        elif self._starts_record(row, filled):
            self._start(row)
        elif self._goes_on(row):
            self.roles.records[-1].rows.append(row)
        elif self._is_remark(row, filled):
            self.roles.other.append((row, RowRole.NOTE))
        else:
            self._start(row)

    def _starts_record(self, row: int, filled: list[int]) -> bool:
        own = [column for column in self.identity if column in filled]
        if own:
            return True
        values = [column for column in self.plain if column in filled]
        covered = any(self.view.covered_from(row, column) is not None for column in self.identity)
        if covered:
            # One merged situation over several harms or ratings: each is a risk of its own.
            return len(values) >= 2
        return len(values) >= 3

    def _goes_on(self, row: int) -> bool:
        """Whether a row adds to the record above: merged into it, or more items right under it."""
        if not self.roles.records:
            return False
        last = self.roles.records[-1].rows[-1]
        if any(self.view.covered_from(row, column) is not None for column in self.identity):
            return True
        filled = self.view.filled(row)
        lists = [
            column for column in filled if column in self.fields and self.fields[column].is_list
        ]
        carried = [column for column in filled if column in self.carrying]
        return row == last + 1 and bool(lists) and not carried

    def _is_remark(self, row: int, filled: list[int]) -> bool:
        known = [column for column in filled if column in self.fields]
        first = self.view.value(row, filled[0])
        said = fold(str(first))
        return len(known) <= 1 or (len(filled) <= 2 and bool(_NOTE.match(said)))

    def _alone(self, row: int, column: int, following: int | None) -> bool:
        """Account for a row with one filled cell; False when it is to be read like any other."""
        value = self.view.value(row, column)
        said = fold(str(value))
        of = self.fields.get(column)
        if of and of.is_list and self._goes_on(row):
            return False
        if not isinstance(value, str) or len(value) > _LONG_NOTE or _NOTE.match(said):
            if column in self.identity and not _NOTE.match(said):
                return False
            self.roles.other.append((row, RowRole.NOTE))
            return True
        if column in self.identity and not self._stands_out(row, column, following):
            return False
        if following is not None and self._is_section(row, column, following):
            self._open_section(row, column)
            return True
        if column in self.identity:
            return False
        before_headings = following in self.table.repeated
        self.roles.other.append((row, RowRole.TITLE if before_headings else RowRole.NOTE))
        return True

    def _stands_out(self, row: int, column: int, following: int | None) -> bool:
        """Whether a text alone in the column of situations is rather the title of those below."""
        value = str(self.view.value(row, column))
        if following in self.table.repeated:
            return True
        area = self.view.areas.get((row, column))
        if area and area[3] - area[1] >= 2:
            return True
        if self._names_another_field(row, column):
            return True
        return value.isupper() and len(value) > 3 and not self.carry

    def _names_another_field(self, row: int, column: int) -> bool:
        """Whether the words of a text tell a field that no column holds."""
        value = str(self.view.value(row, column))
        named = self.kind.section_field(value) if self.kind.section_field else ""
        return bool(named) and not any(of.key == named for of in self.fields.values())

    def _is_section(self, row: int, column: int, following: int) -> bool:
        if following in self.table.repeated:
            return self._titles_another_unit(str(self.view.value(row, column)))
        filled = self.view.filled(following)
        if not self._starts_record(following, filled):
            return False
        carried = column in self.carrying and not self._names_another_field(row, column)
        return column not in filled if carried else True

    def _titles_another_unit(self, title: str) -> bool:
        """Whether a text above repeated headings is a new title, not the page's own again."""
        if self.kind.names is None or self.kind.sheet_field in {
            of.key for of in self.fields.values()
        }:
            return False
        pages = {text for row in self.table.title_rows for text in self.view.shown(row)}
        return title not in pages and self.kind.names(title)

    def _open_section(self, row: int, column: int) -> None:
        self.roles.other.append((row, RowRole.SECTION))
        if column in self.carrying and not self._names_another_field(row, column):
            self._set_carry(column, row)
        else:
            said = str(self.view.value(row, column))
            named = self.kind.section_field(said) if self.kind.section_field else ""
            names = self.kind.names
            fallback = self.kind.sheet_field if names is None or names(said) else ""
            named_by = self.kind.column(named or fallback)
            if named_by:
                context = Context()
                put_parsed(context, named_by, said, cell_name(row, column))
                self._enter(context.values, context.cells)

    def _open_labelled(self, row: int) -> None:
        self.roles.other.append((row, RowRole.SECTION))
        said = read_context(self.view, [row], self.book)
        self._enter(said.values, said.cells)

    def _enter(self, values: dict[str, object], cells: dict[str, str]) -> None:
        kept = {
            key: value for key, value in self.section.values.items() if not self._ends(key, values)
        }
        self.section = Context({**kept, **values}, {**self.section.cells, **cells})

    def _ends(self, key: str, values: Mapping[str, object]) -> bool:
        """Whether new section values, wider ones, end what an earlier section said."""
        order = [of.key for of in self.kind.columns if of.carried]
        places = [order.index(each) for each in values if each in order]
        return key in order and bool(places) and order.index(key) > min(places)

    def _start(self, row: int) -> None:
        record = RecordRows([row], section=self.section)
        for column in self.carrying:
            value = self.view.value(row, column)
            covered = self.view.covered_from(row, column)
            if value is not None and not is_ditto(value):
                self._set_carry(column, row)
            elif covered is not None:
                if self.view.value(covered, column) is not None:
                    self.carry[column] = covered
            elif value is None and column in self.carry and not self._left_blank(row, column):
                if not self.fields[column].required:
                    continue
                record.forced.add(column)
            if column in self.carry:
                record.carried[column] = self.carry[column]
        self.roles.records.append(record)

    def _left_blank(self, row: int, column: int) -> bool:
        """Whether a blank stands for what is above: the column, or the unit as a whole, is so."""
        if column in self.grouped:
            return True
        return self.fields[column].context and any(
            self.fields[other].context and self.view.value(row, other) is None
            for other in self.grouped
        )

    def _set_carry(self, column: int, row: int) -> None:
        """Carry a value down; a new one ends what is carried in the narrower columns.

        Those are to its right and declared later: a table may say the site before the service.
        """
        before = self.carry.get(column)
        if before is None or self.view.value(before, column) != self.view.value(row, column):
            width = self.kind.columns.index(self.fields[column])
            for other in self.carrying:
                if other > column and self.kind.columns.index(self.fields[other]) > width:
                    self.carry.pop(other, None)
        self.carry[column] = row

    def _leaves_blanks(self, column: int) -> bool:
        """Whether a column says a value once and leaves it blank below, rather than repeat it.

        Every row has a unit: a few blanks are enough there. Elsewhere a blank may mean nothing.
        What tells a record from the next is only left blank where most records have several rows.
        """
        blanks = repeats = filled = 0
        above = None
        for row in range(self.table.header_last + 1, self.table.last_row + 1):
            if len(self.view.filled(row)) < 2:
                continue
            value = self.view.value(row, column)
            if value is None:
                blanks += self.view.covered_from(row, column) is None
            else:
                repeats += value == above
                filled += 1
                above = value
        if column in self.identity and not self.fields[column].context and blanks * 2 < filled:
            return False
        return blanks > repeats or (self.fields[column].context and blanks * 6 > repeats)
