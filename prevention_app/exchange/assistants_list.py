"""The list of those who are to be admitted at once: a workbook or CSV file with headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import UnreadableFile
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import Scalar, Sheet

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("nom", "nom et prenom", "agent", "ordinateur", "name"),
    "site": ("site", "lieu", "batiment"),
    "role": ("role", "fonction"),
    "until": ("jusqu'au", "jusqu’au", "fin", "until"),
}
_ROWS_LOOKED_AT: Final = 20


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
