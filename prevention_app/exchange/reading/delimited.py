"""Text tables (.csv and the like): encoding, separator and quotes found by themselves."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.budget import Budget
from prevention_app.exchange.reading.grid import MAX_COLUMN, MAX_ROW, SheetBuilder
from prevention_app.exchange.reading.text_encoding import DecodedText
from prevention_app.exchange.reading.xml_events import MAX_TEXT
from prevention_app.exchange.sheets import Scalar, Sheet

_SEPARATORS = (";", "\t", "|", ",")
"""In order of preference where two fit equally well: a comma is also a decimal sign."""
_SAMPLE = 500
_END = "\ufdd0"
"""A character that no text may contain."""


def read_delimited(name: str, content: bytes) -> tuple[list[Sheet], list[str]]:
    """The table as one sheet of that name, and remarks as finished sentences.

    Values are text as it stands; row numbers count records, as a spreadsheet would show them.

    Raises:
        UnreadableFile: the file is no text, holds NUL bytes or is too large.
    """
    csv.field_size_limit(MAX_TEXT)
    lines = _Lines(DecodedText(content))
    remarks = list(lines.remarks)
    separator = lines.announced or _find_separator(lines)
    if separator is None:
        remarks.append("Une seule colonne trouvée : ni « ; », ni « , », ni « | », ni tabulation.")
    builder = SheetBuilder(name, Budget())
    for row, fields in enumerate(_records(lines, separator or _SEPARATORS[0], remarks), 1):
        _put_fields(builder, row, fields)
    return [builder.finish()], remarks


def _put_fields(builder: SheetBuilder, row: int, fields: list[str]) -> None:
    kept_text = builder.budget.kept_text
    values: list[tuple[int, Scalar]] = [
        (column, kept_text(text)) for column, text in enumerate(fields, 1) if text
    ]
    if not values:
        return
    if row > MAX_ROW or len(fields) > MAX_COLUMN:
        raise refusals.too_large("plus de lignes ou de colonnes qu’une feuille ne peut en avoir")
    builder.put_row(row, values)


class _Lines:
    """The lines, of which a first one that announces the separator is shown empty."""

    def __init__(self, decoded: DecodedText) -> None:
        self.remarks = decoded.remarks
        self._decoded = decoded
        first = next(iter(decoded), "").strip('"\r\n').lower()
        announces = len(first) == len("sep=;") and first.startswith("sep=")
        self.announced = first[-1] if announces else None
        """The separator of a line `sep=;`, which Excel writes and understands."""

    def __iter__(self) -> Iterator[str]:
        lines = iter(self._decoded)
        if self.announced:
            next(lines)
            yield "\n"
        yield from lines


def _find_separator(lines: Iterable[str]) -> str | None:
    """The separator with which most records have the same number of fields, if any has two."""
    best: tuple[int, str] | None = None
    for separator in _SEPARATORS:
        counts = _field_counts(lines, separator)
        several = Counter(count for count in counts if count > 1)
        if not several:
            continue
        odd_ones = len(counts) - several.most_common(1)[0][1]
        if best is None or odd_ones < best[0]:
            best = (odd_ones, separator)
    return best[1] if best else None


def _field_counts(lines: Iterable[str], separator: str) -> list[int]:
    records = csv.reader(islice(lines, _SAMPLE), delimiter=separator)
    try:
        return [len(record) for record in records if any(record)]
    except csv.Error:
        return []


def _records(lines: Iterable[str], separator: str, remarks: list[str]) -> Iterator[list[str]]:
    open_quote = _unclosed_quote(lines, separator)
    if open_quote is None:
        quoting = csv.QUOTE_MINIMAL
    else:
        quoting = csv.QUOTE_NONE
        remarks.append(
            f"Ligne {open_quote} : guillemet ouvert et jamais fermé ; "
            "les guillemets du fichier sont lus comme du texte."
        )
    try:
        yield from csv.reader(lines, delimiter=separator, quoting=quoting)
    except csv.Error as error:
        raise refusals.damaged("cellule de plus d’un million de caractères") from error


def _unclosed_quote(lines: Iterable[str], separator: str) -> int | None:
    """The line where a quote opens that swallows the rest of the file, if one does.

    Such a quote also swallows the line that is put at the end here.
    """
    records = csv.reader(chain(lines, [_END]), delimiter=separator)
    start = next_start = 1
    swallowed = False
    try:
        for record in records:
            start, next_start = next_start, records.line_num + 1
            swallowed = record != [_END]
    except csv.Error:
        return next_start
    return start if swallowed else None
