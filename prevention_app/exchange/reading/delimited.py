"""Text tables (.csv and the like): encoding, separator and quotes found by themselves."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.grid import Budget, SheetBuilder
from prevention_app.exchange.reading.text_encoding import DecodedText
from prevention_app.exchange.reading.xml_events import MAX_TEXT
from prevention_app.exchange.sheets import Sheet

_SEPARATORS = (";", "\t", "|", ",")
"""In order of preference where two fit equally well: a comma is also a decimal sign."""
_SAMPLE = 500


def read_delimited(name: str, content: bytes) -> tuple[list[Sheet], list[str]]:
    """The table as one sheet of that name, and remarks as finished sentences.

    Values are text as it stands; row numbers count records, as a spreadsheet would show them.

    Raises:
        UnreadableFile: the file is no text, holds NUL bytes or is too large.
    """
    decoded = DecodedText(content)
    lines = list(decoded)
    remarks = decoded.remarks
    separator = _announced_separator(lines)
    announced = separator is not None
    if announced:
        lines[0] = "\n"
    separator = separator or _find_separator(lines)
    if separator is None:
        remarks.append("Une seule colonne trouvée : ni « ; », ni « , », ni « | », ni tabulation.")
    rows = list(_records(lines, separator or _SEPARATORS[0], remarks))
    builder = SheetBuilder(name, Budget())
    for row, fields in enumerate(rows, 1):
        for column, text in enumerate(fields, 1):
            builder.put(row, column, text)
    return [builder.finish()], remarks


def _announced_separator(lines: list[str]) -> str | None:
    """What a first line `sep=;` says; Excel writes and understands it."""
    first = lines[0].strip().strip('"').lower() if lines else ""
    return first[4] if len(first) == 5 and first.startswith("sep=") else None


def _find_separator(lines: list[str]) -> str | None:
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


def _field_counts(lines: list[str], separator: str) -> list[int]:
    records = csv.reader(islice(lines, _SAMPLE), delimiter=separator)
    try:
        return [len(record) for record in records if any(record)]
    except csv.Error:
        return []


def _records(lines: list[str], separator: str, remarks: list[str]) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_TEXT)
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
    """The line where a quote opens that swallows the rest of the file, if one does."""
    records = csv.reader(lines, delimiter=separator, strict=True)
    first = 1
    try:
        for _ in records:
            first = records.line_num + 1
    except csv.Error as error:
        return first if "unexpected end of data" in str(error) else None
    return None
