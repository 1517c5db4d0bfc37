"""A register as a CSV file that a French spreadsheet opens with a double click.

UTF-8 with a mark of its encoding, semicolons, decimal commas, dates in the French order; a text
that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from prevention_app.catalogue.values import format_decimal
from prevention_app.exchange.safe_file import replacing
from prevention_app.exchange.workbook_model import Plain

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_csv(out: Path, headings: Sequence[str], rows: Iterable[Sequence[Plain]]) -> int:
    """Write the file and return how many rows it has; one of that name is replaced at the end.

    Raises PreventionError when the file cannot be written.
    """
    count = 0
    with replacing(out) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([_harmless(each) for each in headings])
        for row in rows:
            writer.writerow([csv_text(each) for each in row])
            count += 1
        text.flush()
        text.detach()
    return count


def csv_text(value: Plain) -> str:
    """The value as a cell of the file."""
    match value:
        case None:
            return ""
        case bool():
            return "Oui" if value else "Non"
        case int():
            return str(value)
        case float() | Decimal():
            return format_decimal(Decimal(str(value))).replace(".", ",")
        case datetime():
            return f"{value:%d/%m/}{value.year:04}{value: %H:%M}"
        case date():
            return f"{value:%d/%m/}{value.year:04}"
        case _:
            return _harmless(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
