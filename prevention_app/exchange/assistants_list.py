"""The list of those who are to be admitted at once: a workbook or CSV file with headings.

Its empty model, and the table of what became of it, are plain workbooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import UnreadableFile
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.sheets import Scalar, Sheet

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("nom", "nom et prenom", "agent", "ordinateur", "name"),
    "site": ("site", "lieu", "batiment"),
    "role": ("role", "fonction"),
    "until": ("jusqu'au", "jusqu’au", "fin", "until"),
}
_ROWS_LOOKED_AT: Final = 20
_MODEL: Final = ("Nom", "Site", "Rôle", "Jusqu’au")
_MODEL_ROWS: Final = 200
"""So many rows of the model offer a choice."""
_DAY: Final = {"num_format": "dd/mm/yyyy"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; `problem` says in a sentence why it cannot be followed."""

    row: int
    name: str
    site: str = ""
    role: Role = Role.ASSISTANT
    until: date | None = None
    problem: str = ""


def read_list(path: Path) -> list[Listed]:
    """The lines of the first sheet that has a column of names; raises UnreadableFile."""
    for sheet in read_source(path).sheets:
        for row in range(1, min(len(sheet.rows), _ROWS_LOOKED_AT) + 1):
            columns = _columns(sheet.rows[row - 1])
            if "name" in columns:
                return _lines(sheet, row, columns)
    raise UnreadableFile(
        f"« {path.name} » n’a pas de colonne « Nom » (attendu : Nom, Site, Rôle, Jusqu’au)."
    )


def _columns(cells: Sequence[Scalar]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells, start=1):
        heading = fold(str(cell or "")).strip()
        for key, words in _HEADINGS.items():
            if heading in {fold(word) for word in words}:
                found.setdefault(key, at)
    return found


def _lines(sheet: Sheet, heading_row: int, columns: Mapping[str, int]) -> list[Listed]:
    found: list[Listed] = []
    for row in range(heading_row + 1, len(sheet.rows) + 1):
        cells = {key: sheet.value(row, at) for key, at in columns.items()}
        if any(cell not in (None, "") for cell in cells.values()):
            found.append(_line(row, cells))
    return found


def _line(row: int, cells: Mapping[str, Scalar]) -> Listed:
    name, site = _text(cells.get("name")), _text(cells.get("site"))
    if not name:
        return Listed(row, name, problem="Cette ligne ne nomme personne.")
    role = _role(_text(cells.get("role")))
    if role is None:
        return Listed(
            row, name, site, problem=f"Le rôle « {_text(cells.get('role'))} » n’existe pas."
        )
    until = cells.get("until")
    try:
        day = read_date(until)
    except ImpossibleDate as error:
        return Listed(row, name, site, role, problem=str(error))
    if day is None and _text(until):
        return Listed(row, name, site, role, problem=f"« {_text(until)} » n’est pas une date.")
    return Listed(row, name, site, role, day.day if day else None)


def _role(text: str) -> Role | None:
    """The role that a cell names, by its French words or its code; assistant where it is empty."""
    if not text:
        return Role.ASSISTANT
    wanted = fold(text)
    for role in Role:
        if wanted in (str(role), fold(role.label_fr), fold(role.label_fr).split(" ")[0]):
            return role
    return None


def _text(value: Scalar) -> str:
    return "" if value is None else str(value).strip()


# -- writing -----------------------------------------------------------------------------------


def write_model(out: Path, sites: Sequence[str]) -> None:
    """Write an empty list, whose cells offer the roles and these sites; raises PreventionError."""
    with _book(out) as book:
        sheet, places = book.add_worksheet("Personnes"), book.add_worksheet("Choix")
        _write_rows(book, sheet, _MODEL, ())
        sheet.set_column(3, 3, 14, book.add_format(_DAY))
        choices = [[role.label_fr for role in Role], list(sites)]
        for column, (heading, values) in enumerate(zip(("Rôles", "Sites"), choices, strict=True)):
            places.write_string(0, column, heading, book.add_format({"bold": True}))
            for row, value in enumerate(values, 1):
                places.write_string(row, column, value)
        places.set_column(0, 1, 36)
        for column, letter, values in ((2, "A", choices[0]), (1, "B", choices[1])):
            if values:
                source = f"=Choix!${letter}$2:${letter}${len(values) + 1}"
                offered = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(1, column, _MODEL_ROWS, column, offered)


def write_table(
    out: Path, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Write a table of texts as a workbook; raises PreventionError."""
    with _book(out) as book:
        _write_rows(book, book.add_worksheet(name), headings, rows)


@contextmanager
def _book(out: Path) -> Iterator[Any]:
    from xlsxwriter import Workbook

    refuse_locked(out)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with replacing(out) as file:
        opened: Any = Workbook(file, options)
        with opened as book:
            yield book


def _write_rows(
    book: Any, sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        longest = max((len(row[column]) for row in rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(heading), 22) + 2, 60))
    for at, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
