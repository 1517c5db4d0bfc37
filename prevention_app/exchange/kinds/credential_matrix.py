"""A matrix of people and credentials: which column holds what of which, and a record for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    without_dates,
)
from prevention_app.exchange.kinds.credential_names import (
    CredentialName,
    is_whole_family,
    named_credential,
    titles_in,
)
from prevention_app.exchange.kinds.credential_notes import day_of_the_file, roles_noted
from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import ColumnMatch, ImportedRow, TableUnderstood

MATRIX_CELL = "credential_cell"
"""The field of the columns that each hold a credential."""

_EXPIRY_BY_HABIT = ("Certiphyto", "Certibiocide", "Permis")
"""Titles whose card shows the day they end: what is noted where nothing else tells."""
_AUTHORISATION = "Autorisation de conduite"
_BESIDE = (Role.CATEGORY, Role.NUMBER, Role.BODY)
"""What stands beside the dates of a credential."""
_NO_CREDENTIAL = (
    "observation", "commentaire", "remarque", "visite med", "visite de", "aptitude", "vaccin",
    "medecin", "restriction", "cout", "prix", "duree", "heures",
)  # fmt: skip


def recognises(heading: str) -> float:
    """How surely a heading is that of a column of a matrix: it names a credential."""
    said = fold(heading)
    own = said.rpartition(" — ")[2]
    if any(word in own for word in _NO_CREDENTIAL):
        return 0.0
    return 1.5 if _name_of(heading) else 0.0


def look(facts: ColumnFacts) -> float:
    """Whether the values are dates and marks; of symbols, numbers and bodies nothing is asked."""
    if any(word in fold(facts.heading) for word in _NO_CREDENTIAL):
        return -1.0
    sample = facts.values[: looks.SAMPLE]
    name = _name_of(facts.heading)
    if _role_of(facts.heading) in _BESIDE or (name and (_takes_words(name) or len(sample) < 3)):
        return 0.0
    share = sum(map(is_credential_mark, sample)) / max(len(sample), 1)
    return 1.0 if share >= 0.8 else -1.0 if share <= 0.25 else 0.0


def _role_of(heading: str) -> Role | None:
    """What a heading says that its column holds, its own words before those of its group."""
    group, _, own = heading.rpartition(" — ")
    role = role_of(own)
    if role is Role.CATEGORY and (name := named_credential(own)) and name.category:
        role = None  # « CACES R489 catégorie 3 » is that category, and no column of categories
    return role or role_of(group)


def _takes_words(name: CredentialName) -> bool:
    """Whether a cell under this heading may name the title, or say what it is for."""
    return is_whole_family(name) or name.type_name == _AUTHORISATION


def _name_of(heading: str) -> CredentialName | None:
    """The credential of a heading: its own words, else those of its group with them."""
    group, _, own = heading.rpartition(" — ")
    of_own = named_credential(own)
    if not group:
        return of_own
    of_both = named_credential(f"{group} {own}")
    authorised = of_both and of_both.type_name == _AUTHORISATION
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
        letter = cell_name(1, match.column)[:-1]
        name = _name_of(match.heading) or CredentialName(own or group or f"Colonne {letter}")
        role = _role_of(match.heading)
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

    def take_family_column(self) -> int | None:
        """Take off a column that names a family alone, « CACES »: its cells say which title."""
        for key, group in self.groups.items():
            for column in group:
                if is_whole_family(column.name) and column.role is None:
                    group.remove(column)
                    if not group:
                        del self.groups[key]
                    return column.column
        return None

    def take_columns_of_line(self) -> dict[Role, int]:
        """Take off what only completes a line that names its title: « N° CACES », « Fin CACES »."""
        found: dict[Role, int] = {}
        for key, group in list(self.groups.items()):
            roles = [column.role for column in group if column.role]
            family = is_whole_family(group[0].name) and len(roles) == len(group)
            if family or (roles and all(column.role in _BESIDE for column in group)):
                found |= {column.role: column.column for column in group if column.role}
                del self.groups[key]
        return found

    def read(self, base: ImportedRow, cells: Mapping[int, CellRead]) -> list[ImportedRow]:
        """A record for each credential of which the row says something."""
        return [row for group in self.groups.values() for row in _read_group(base, cells, group)]


@dataclass(slots=True)
class _GroupSaid:
    """What the cells of one group say."""

    cells: list[tuple[MatrixColumn, CellSaid]] = field(
        default_factory=list[tuple[MatrixColumn, CellSaid]]
    )
    values: dict[str, object] = field(default_factory=dict[str, object])
    titles: list[CredentialName] = field(default_factory=list[CredentialName])
    """The titles that a cell under the heading of a family names."""


def _read_group(
    base: ImportedRow, cells: Mapping[int, CellRead], group: Sequence[MatrixColumn]
) -> list[ImportedRow]:
    said = _GroupSaid()
    for column in group:
        cell = cells.get(column.column)
        if cell is None or cell.value is None:
            continue
        if column.role and column.role in _BESIDE:
            said.values[column.role.value] = " ".join(cell.text.split())
        elif found := _read(cell, column, said):
            said.cells.append((column, found))
    if not said.cells and Role.CATEGORY.value not in said.values:
        return []
    return [_record(base, group, said, title) for title in said.titles or [None]]


def _read(cell: CellRead, column: MatrixColumn, said: _GroupSaid) -> CellSaid | None:
    """What a cell says; under a family's heading its words may be titles, one or several."""
    found = read_cell(cell.value, column.dates_mean)
    if not isinstance(cell.value, str) or (found and found.problem.startswith("date")):
        return found
    if is_whole_family(column.name):
        titles = titles_in(without_dates(cell.value), column.name.type_name)
        named = [name for title in titles if (name := named_credential(title))]
        said.titles = [name for name in named if not is_whole_family(name)]
        if said.titles:
            state = found.state if found and found.state else State.HELD_UNDATED
            return CellSaid(state, found.dates if found else {}, text=cell.value)
    if found and found.problem and column.name.type_name == _AUTHORISATION:
        return CellSaid(State.HELD_UNDATED, category=cell.value, text=cell.value)
    return found


def _record(
    base: ImportedRow,
    group: Sequence[MatrixColumn],
    said: _GroupSaid,
    title: CredentialName | None,
) -> ImportedRow:
    cells = [of for _, of in said.cells]
    at = said.cells[0][0] if cells else next(of for of in group if of.role is Role.CATEGORY)
    row = credential_of(base, title or _name_of_group(at.name, said), cells)
    row.values |= {key: value for key, value in said.values.items() if key != "category"}
    row.values["_column"] = at.column
    where = cell_name(base.row, at.column)
    row.cells |= {key: where for key in _WRITTEN if key in row.values}
    for column, of in said.cells:
        if of.problem:
            place = f"Ligne {row.row}, colonne « {' '.join(column.heading.split())} »"
            row.problem(cell_name(base.row, column.column), f"{place} : {of.problem}.", fatal=True)
    return row


_WRITTEN = ("credential_type", "category", "state", "obtained", "expires", "renewal_planned")


def _name_of_group(name: CredentialName, said: _GroupSaid) -> CredentialName:
    """The title and category of a group: of its headings, completed by its cells."""
    told = next((of for _, of in said.cells if of.type_name), None)
    if told and is_whole_family(name):
        name = CredentialName(told.type_name, told.category)
    category = str(said.values.get("category") or "") or name.category
    category = category or next((of.category for _, of in said.cells if of.category), "")
    if is_whole_family(name) and category:
        name = named_credential(f"{name.type_name} {category}") or name
    return CredentialName(name.type_name, name.category or category)


def credential_of(
    base: ImportedRow, name: CredentialName, cells: Sequence[CellSaid]
) -> ImportedRow:
    """A record of the base's person with a credential of which some cells tell."""
    row = ImportedRow(base.sheet, base.row, base.last_row, dict(base.values), dict(base.cells))
    row.values["credential_type"] = name.type_name
    if name.category:
        row.values["category"] = name.category
    row.values.update(_merged([cell for cell in cells if not cell.problem]))
    texts = [cell.text for cell in cells if cell.text]
    if texts:
        row.values["cell_text"] = " ; ".join(dict.fromkeys(texts))
    return row


_STRONGEST_FIRST = (State.HELD, State.PLANNED, State.NOT_APPLICABLE, State.HELD_UNDATED)


def _merged(cells: Sequence[CellSaid]) -> dict[str, object]:
    """What several cells say of one credential: its state and its dates, the latest of each."""
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
