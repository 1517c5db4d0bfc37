"""Corrections made while reviewing an import: put over what was read, never into the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from prevention_app.errors import Refused
from prevention_app.exchange.sheets import Address, Sheet, SourceFile
from prevention_app.services.import_plan import CellPlace, Correction, ImportRequest

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def address_of(cell: str) -> Address:
    """Row and column, from 1, of an address as users write it: « AB3 » is (3, 28).

    Raises Refused for what is no address.
    """
    match = _ADDRESS.fullmatch(cell.strip().upper())
    if match is None:
        raise Refused(f"« {cell} » n’est pas une cellule : écrivez une adresse comme D57.")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def correct(source: SourceFile, corrections: Mapping[CellPlace, str]) -> list[Correction]:
    """Put the corrections of a file over its sheets; returns what was changed.

    Raises Refused when a correction names a sheet that the file does not have.
    """
    sheets = {sheet.name: sheet for sheet in source.sheets}
    made: list[Correction] = []
    for place, text in corrections.items():
        file, sheet, cell = place
        if file != source.name:
            continue
        if sheet not in sheets:
            raise Refused(f"« {file} » n’a pas de feuille « {sheet} » : rien n’a été corrigé.")
        at = address_of(cell)
        old = raw_text(sheets[sheet], at)
        if old != text:
            _write(sheets[sheet], at, text)
            made.append(Correction(place, old, text))
    return made


def raw_text(sheet: Sheet, at: Address) -> str:
    """What stands in a cell, as a person would type it again; a damaged value as it shows."""
    value = sheet.value(*at)
    if value is None:
        return sheet.impossible_dates.get(at) or sheet.errors.get(at) or ""
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return f"{value:%d/%m/%Y}" if midnight else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    return str(value)


def _write(sheet: Sheet, at: Address, text: str) -> None:
    row, column = at
    sheet.rows += [[] for _ in range(row - len(sheet.rows))]
    cells = sheet.rows[row - 1]
    cells += [None] * (column - len(cells))
    cells[column - 1] = text or None
    for damaged in (sheet.errors, sheet.impossible_dates):
        damaged.pop(at, None)
    for marked in (sheet.uncalculated, sheet.strikes):
        marked.discard(at)


def check_unchanged(source: SourceFile, request: ImportRequest) -> None:
    """Refuse a file that is no longer the one that was reviewed."""
    reviewed = request.digests.get(source.name)
    if reviewed and reviewed != source.digest:
        raise Refused(
            f"« {source.name} » a changé depuis sa relecture. Relisez-le, puis appliquez : "
            "rien n’a été modifié."
        )
