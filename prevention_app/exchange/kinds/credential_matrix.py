"""A matrix of people and credentials: which column holds what of which, and a record for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from prevention_app.catalogue.values import fold
from prevention_app.exchange import looks
from prevention_app.exchange.import_kinds import CellRead, ColumnFacts
from prevention_app.exchange.kinds.credential_cells import (
    CellSaid,
    Role,
    State,
    is_credential_mark,
    read_cell,
    role_of,
)
from prevention_app.exchange.kinds.credential_names import (
    CredentialName,
    is_whole_family,
    named_credential,
)
from prevention_app.exchange.kinds.credential_notes import day_of_the_file, roles_noted
from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import ColumnMatch, ImportedRow, TableUnderstood

MATRIX_CELL = "credential_cell"
"""The field of the columns that each hold a credential."""

_EXPIRY_BY_HABIT = ("Certiphyto", "Certibiocide", "Permis")
"""Titles whose card shows the day they end: what is noted where nothing else tells."""
_NO_CREDENTIAL = (
    "observation", "commentaire", "remarque", "visite med", "visite de", "aptitude", "vaccin", "medecin",
    "restriction", "cout", "prix", "duree", "heures",
)  # fmt: skip


def recognises(heading: str) -> float:
    """How surely a heading is that of a column of a matrix: it names a credential."""
    said = fold(heading)
    own = said.rpartition(" — ")[2]
    if any(word in own for word in _NO_CREDENTIAL):
        return 0.0
    return 1.5 if _name_of(heading) else 0.0


def look(facts: ColumnFacts) -> float:
    """Whether the values are dates and marks; those of symbols, numbers and bodies are not asked."""
    if role_of(facts.heading.rpartition(" — ")[2]) in (Role.CATEGORY, Role.NUMBER, Role.BODY):
        return 0.0
    sample = facts.values[: looks.SAMPLE]
    if not sample:
        return 0.0
    share = sum(map(is_credential_mark, sample)) / len(sample)
    return 1.0 if share >= 0.8 else -1.0 if share <= 0.25 else 0.0


def _name_of(heading: str) -> CredentialName | None:
    """The credential of a heading: its own words, else those of its group with them."""
    group, _, own = heading.rpartition(" — ")
    of_own = named_credential(own)
    if not group:
        return of_own
    of_both = named_credential(f"{group} {own}")
    authorised = of_both and of_both.type_name == "Autorisation de conduite"
    if of_own and not is_whole_family(of_own) and not (authorised and "caces" not in fold(group)):
        return of_own
    return of_both or of_own


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A column of a matrix."""

    column: int
    heading: str
    name: CredentialName
    role: Role | None
    """What its heading says that it holds."""
    dates_mean: Role
    """What a date alone means in it."""


class Matrix:
    """The columns of a table that each hold something of a credential, grouped by credential."""

    def __init__(self, table: TableUnderstood, facts: Mapping[int, ColumnFacts]) -> None:
        """Say of each column what it holds."""
        self._roles = roles_noted(table.notes)
        self._today = day_of_the_file(table.notes) or date.today()
        self.groups: dict[tuple[str, str], list[MatrixColumn]] = {}
        for match in table.columns:
            if match.field == MATRIX_CELL:
                column = self._column(match, facts)
                key = (column.name.type_name, column.name.category)
                self.groups.setdefault(key, []).append(column)

    def _column(self, match: ColumnMatch, facts: Mapping[int, ColumnFacts]) -> MatrixColumn:
        group, _, own = match.heading.rpartition(" — ")
        name = _name_of(match.heading) or CredentialName(own or group)
        role = role_of(own) or role_of(group)
        means = role if role in (Role.OBTAINED, Role.EXPIRES, Role.PLANNED) else None
        means = means or self._roles.of(name.type_name) or self._told_by_dates(facts[match.column])
        if means is None:
            by_habit = name.type_name.startswith(_EXPIRY_BY_HABIT)
            means = Role.EXPIRES if by_habit else Role.OBTAINED
        return MatrixColumn(match.column, match.heading, name, role, means)

    def _told_by_dates(self, facts: ColumnFacts) -> Role | None:
        """Dates to come are none of obtaining."""
        days = [each.date() if isinstance(each, datetime) else each for each in facts.dates]
        to_come = sum(day > self._today for day in days)
        return Role.EXPIRES if days and to_come * 7 > len(days) else None

    def read(self, base: ImportedRow, cells: Mapping[int, CellRead]) -> list[ImportedRow]:
        """A record for each credential of which the row says something."""
        made = (self._read_group(base, cells, group) for group in self.groups.values())
        return [row for row in made if row is not None]

    def _read_group(
        self, base: ImportedRow, cells: Mapping[int, CellRead], group: Sequence[MatrixColumn]
    ) -> ImportedRow | None:
        said: list[tuple[MatrixColumn, CellSaid]] = []
        values: dict[str, object] = {}
        texts: list[str] = []
        for column in group:
            cell = cells.get(column.column)
            if cell is None or cell.value is None:
                continue
            if column.role in (Role.CATEGORY, Role.NUMBER, Role.BODY):
                values[column.role.value] = " ".join(cell.text.split())
            elif found := read_cell(cell.value, column.dates_mean):
                said.append((column, found))
                if isinstance(cell.value, str) and found.keeps_text:
                    texts.append(cell.value)
        if not said and Role.CATEGORY.value not in values:
            return None
        return _record(base, group, said, values, texts)


def _record(
    base: ImportedRow,
    group: Sequence[MatrixColumn],
    said: Sequence[tuple[MatrixColumn, CellSaid]],
    values: dict[str, object],
    texts: Sequence[str],
) -> ImportedRow:
    at = said[0][0] if said else next(of for of in group if of.role is Role.CATEGORY)
    name = at.name
    cells = [of for _, of in said]
    told = next((of for of in cells if of.type_name), None)
    if told and is_whole_family(name):
        name = CredentialName(told.type_name, told.category)
    category = values.pop("category", "") or name.category
    category = category or next((of.category for of in cells if of.category), "")
    row = credential_of(base, name.type_name, str(category), merged(cells))
    row.values.update(values)
    row.values["_column"] = at.column
    if texts:
        row.values["cell_text"] = " ; ".join(texts)
    where = cell_name(base.row, at.column)
    for key in ("credential_type", "category", "state", "obtained", "expires", "renewal_planned"):
        if key in row.values:
            row.cells[key] = where
    for column, of in said:
        if of.problem:
            place = f"Ligne {row.row}, colonne « {' '.join(column.heading.split())} »"
            row.problem(cell_name(base.row, column.column), f"{place} : {of.problem}.", fatal=True)
    return row


def credential_of(
    base: ImportedRow, type_name: str, category: str, values: Mapping[str, object]
) -> ImportedRow:
    """A record of the base's person with this credential."""
    row = ImportedRow(base.sheet, base.row, base.last_row, dict(base.values), dict(base.cells))
    row.values["credential_type"] = type_name
    if category:
        row.values["category"] = category
    row.values.update(values)
    return row


_STRONGEST_FIRST = (State.HELD, State.PLANNED, State.NOT_APPLICABLE, State.HELD_UNDATED)


def merged(cells: Iterable[CellSaid]) -> dict[str, object]:
    """What several cells say of one credential: its state and its dates, the latest of each."""
    cells = [cell for cell in cells if not cell.problem]
    values: dict[str, object] = {}
    for role in (Role.OBTAINED, Role.EXPIRES, Role.PLANNED):
        days = [cell.dates[role] for cell in cells if role in cell.dates]
        if days:
            latest = max(days, key=lambda found: found.day)
            values[role.value] = latest.day
            if latest.precision != "day":
                values[f"{role.value}_precision"] = latest.precision
    states = {cell.state for cell in cells}
    state = next((each for each in _STRONGEST_FIRST if each in states), State.HELD_UNDATED)
    values["state"] = state.value
    return values
