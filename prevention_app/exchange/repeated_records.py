"""One record written on several rows, each time in full, for each of its children."""

from __future__ import annotations

from collections.abc import Iterable

from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.understood import ImportedRow


def join_repeated(rows: Iterable[ImportedRow], kind: ImportKind) -> list[ImportedRow]:
    """The records, those that only repeat the one just above with other children joined to it."""
    joined: list[ImportedRow] = []
    for row in rows:
        above = joined[-1] if joined else None
        if above and row.row == above.last_row + 1 and _repeats(above, row, kind):
            _join(above, row, kind)
        else:
            joined.append(row)
    return joined


def _repeats(above: ImportedRow, row: ImportedRow, kind: ImportKind) -> bool:
    if above.sheet != row.sheet or above.refused or row.refused:
        return False
    if _own(above, kind) != _own(row, kind):
        return False
    return any(_children(row, child) for child in kind.children) and all(
        not any(each in _children(above, child) for each in _children(row, child))
        for child in kind.children
    )


def _own(row: ImportedRow, kind: ImportKind) -> dict[str, object]:
    return {key: value for key, value in row.values.items() if key not in kind.children}


def _children(row: ImportedRow, child: str) -> list[object]:
    found = row.values.get(child)
    return list(found) if isinstance(found, list) else []  # pyright: ignore[reportUnknownArgumentType]


def _join(above: ImportedRow, row: ImportedRow, kind: ImportKind) -> None:
    for child in kind.children:
        above.values[child] = [*_children(above, child), *_children(row, child)]
    above.last_row = row.last_row
    above.problems += row.problems
    above.remarks += [remark for remark in row.remarks if remark not in above.remarks]
