"""Legends of scales in the file itself: which figure stands for which word, and which way round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from prevention_app.exchange.headings import STRONG, HeadingBook, plain_words
from prevention_app.exchange.import_kinds import ImportKind, Legend
from prevention_app.exchange.scales import level_of_words
from prevention_app.exchange.sheet_view import SheetView
from prevention_app.exchange.table_finder import TableFound

_LONGEST_LEGEND = 12


def read_legends(
    tables: Iterable[tuple[SheetView, TableFound]], kind: ImportKind, book: HeadingBook
) -> dict[str, Legend]:
    """The legends among tables that hold no records, by the field of the scale they explain."""
    legends: dict[str, Legend] = {}
    for view, table in tables:
        figures = _figures(view, table)
        for column, heading in table.headings.items():
            scores = book.scores(heading)
            key = max(scores, key=lambda each: scores[each], default="")
            if key in kind.scales and scores[key] >= STRONG and key not in legends:
                words = _words(view, column, figures)
                if len(words) >= 3:
                    legends[key] = Legend(words, _is_inverted(words, kind.scales[key]))
    return legends


def _figures(view: SheetView, table: TableFound) -> dict[int, int]:
    """The figure of each row of a legend, from its first column of figures."""
    rows = range(
        table.header_last + 1, min(table.last_row, table.header_last + _LONGEST_LEGEND) + 1
    )
    for column in table.headings:
        found = {row: _figure(view, row, column) for row in rows}
        known = {row: figure for row, figure in found.items() if figure}
        if len(known) >= 3 and len(set(known.values())) == len(known):
            return known
    return {}


def _figure(view: SheetView, row: int, column: int) -> int | None:
    value = view.value(row, column)
    match = re.fullmatch(r"(\d{1,2})(?:[.,]0+)?", str(value))
    return int(match[1]) if match and 1 <= int(match[1]) <= 10 else None


def _words(view: SheetView, column: int, figures: Mapping[int, int]) -> dict[str, int]:
    words: dict[str, int] = {}
    for row, figure in figures.items():
        value = view.value(row, column)
        if isinstance(value, str):
            for part in (value, *re.split(r"[/,;(:\n]", value)):
                if plain := plain_words(part):
                    words.setdefault(plain, figure)
    return words


def _is_inverted(words: Mapping[str, int], known: Mapping[str, int]) -> bool:
    """Whether a legend's figures fall where the known levels of its words rise."""
    pairs = [
        (figure, level) for word, figure in words.items() if (level := level_of_words(word, known))
    ]
    rising = sum((a[0] - b[0]) * (a[1] - b[1]) > 0 for a in pairs for b in pairs)
    falling = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a in pairs for b in pairs)
    return falling > rising
