"""Which kind of file lies before us, when its name does not say: the one that knows its columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import SourceFile
from prevention_app.exchange.understanding import understand
from prevention_app.services import imports
from prevention_app.services.progress import Progress
from prevention_app.services.reference_sets import EPHY
from prevention_app.storage.store import Store

_ROWS: Final = 30
"""Enough of each sheet to know its columns."""
_SHEETS: Final = 4
_SURE: Final = 0.9
_LEAST: Final = 1.5
"""Columns understood, less half of those set aside, from which a guess is worth making."""


def kind_by_columns(store: Store, path: Path, progress: Progress) -> str:
    """The kind that understands most of a file's columns; empty when none is likely."""
    progress.step(0, 0, f"Reconnaissance de « {path.name} »")
    try:
        source = _beginning(read_source(path))
    except UnreadableFile:
        # Whatever it is taken for, its reading will say why it cannot be read.
        return ""
    best, most = "", _LEAST
    for key in imports.kinds_of(store):
        progress.check_cancelled()
        if key != EPHY:
            score = _score(imports.kind_of(store, key), source)
            if score > most:
                best, most = key, score
    return best


def _beginning(source: SourceFile) -> SourceFile:
    sheets = [replace(sheet, rows=sheet.rows[:_ROWS]) for sheet in source.sheets[:_SHEETS]]
    return replace(source, sheets=sheets)


def _score(kind: ImportKind, source: SourceFile) -> float:
    """How many columns of its best table a kind is sure of, less half of the others."""
    found = [0.0]
    for table in understand(source, kind).tables:
        sure = sum(each.field is not None and each.confidence >= _SURE for each in table.columns)
        headed = sum(bool(each.heading) for each in table.columns)
        found.append(sure - (headed - sure) / 2)
    return max(found)
