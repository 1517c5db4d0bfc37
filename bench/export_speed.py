"""Export the same rows by our writer, XlsxWriter and openpyxl; print the times as ratios.

    python -m bench.export_speed [--rows 100000] [--repetitions 3]

Each case runs in a process of its own, which makes the rows first and then measures the writing
alone, in processor time; the cases take turns, so that a noisy machine disturbs them alike, and
the least of each counts. Memory is what the process grew by at its peak while it wrote. Goals for
100,000 × 20: at least ten times as fast as XlsxWriter, growth of 30 MB at most.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from prevention_app.exchange.workbook_model import (
    Column,
    Look,
    Plain,
    RegisterSheet,
    Table,
    Workbook,
)

OURS, OURS_ZLIB = "ours", "ours, without isal"
XLSXWRITER, XLSXWRITER_CONSTANT = "XlsxWriter", "XlsxWriter, constant_memory"
OPENPYXL = "openpyxl, write_only"

_WORDS = (
    "risque chute de plain-pied machine & bruit collège entretien des locaux à vérifier avant le "
    "prochain passage du service signalé par l’équipe de la route départementale"
).split()
_LEVELS = ("Faible", "Moyen", "Élevé", "Critique")
_COLUMNS = (
    Column("N°", width=16),
    *(Column(f"Texte {at}", width=30) for at in range(1, 8)),
    *(Column(f"Niveau {at}", Look.CENTRED, 10) for at in range(1, 4)),
    *(Column(f"Nombre {at}", Look.INTEGER, 8) for at in range(1, 6)),
    *(Column(f"Montant {at}", Look.MONEY, 10) for at in range(1, 3)),
    *(Column(f"Date {at}", Look.DATE, 11) for at in range(1, 3)),
)

Row = tuple[Plain, ...]


def made_rows(count: int) -> list[Row]:
    """Rows of twenty values, the same in every process; one cell in twenty is empty."""
    chance = random.Random(20260930)
    sentences = [" ".join(chance.choices(_WORDS, k=6)) for _ in range(20_000)]
    days = [date(2020, 1, 1) + timedelta(days=at) for at in range(2_500)]
    amounts = [Decimal(at) / 100 for at in range(0, 900_000, 137)]
    rows: list[Row] = []
    for at in range(count):
        row: list[Plain] = [
            f"45-RISQ-K7Q-{at}",
            *chance.choices(sentences, k=7),
            *chance.choices(_LEVELS, k=3),
            *(chance.randint(1, 16) for _ in range(5)),
            *chance.choices(amounts, k=2),
            *chance.choices(days, k=2),
        ]
        row[chance.randint(1, 19)] = None
        rows.append(tuple(row))
    return rows


# -- the writers --------------------------------------------------------------------------------


def by_us(rows: list[Row], file: Path) -> None:
    """A register sheet of the product: styles, table, filter, frozen heads."""
    from prevention_app.exchange.workbook_writer import write_workbook
    from prevention_app.services.progress import Progress

    sheet = RegisterSheet(
        name="Registre", title="Registre", table=Table("T_registre", _COLUMNS, rows, len(rows))
    )
    book = Workbook(
        title="Mesure",
        subject="Mesure",
        company="",
        author="",
        keywords="",
        properties={},
        header=("", ""),
        footer=("", ""),
        sheets=(sheet,),
    )
    write_workbook(book, file, Progress())


def by_us_without_isal(rows: list[Row], file: Path) -> None:
    """The same where isal is not installed."""
    sys.modules["isal"] = None  # type: ignore[assignment]
    by_us(rows, file)


def by_xlsxwriter(rows: list[Row], file: Path, *, constant_memory: bool = False) -> None:
    """Cell by cell, each with its format, by the method for its type."""
    import xlsxwriter

    book: Any = xlsxwriter.Workbook(str(file), {"constant_memory": constant_memory})
    sheet = book.add_worksheet("Registre")
    formats = [
        book.add_format({"num_format": "dd/mm/yyyy"})
        if each.look is Look.DATE
        else book.add_format({"num_format": "#,##0"})
        if each.look in (Look.INTEGER, Look.MONEY)
        else book.add_format()
        for each in _COLUMNS
    ]
    sheet.freeze_panes(1, 1)
    for at, each in enumerate(_COLUMNS):
        sheet.write_string(0, at, each.heading)
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if value is None:
                sheet.write_blank(number, at, None, formats[at])
            elif isinstance(value, str):
                sheet.write_string(number, at, value, formats[at])
            elif isinstance(value, date):
                sheet.write_datetime(number, at, value, formats[at])
            else:
                sheet.write_number(number, at, value, formats[at])
    sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
    book.close()


def by_xlsxwriter_constant(rows: list[Row], file: Path) -> None:
    """The same, each row written out at once."""
    by_xlsxwriter(rows, file, constant_memory=True)


def by_openpyxl(rows: list[Row], file: Path) -> None:
    """Row by row; openpyxl gives dates their format by itself."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Registre")
    sheet.freeze_panes = "B2"
    sheet.append([each.heading for each in _COLUMNS])
    for row in rows:
        sheet.append(row)
    sheet.auto_filter.ref = f"A1:T{len(rows) + 1}"
    book.save(file)


_WRITERS: dict[str, Callable[[list[Row], Path], None]] = {
    OURS: by_us,
    OURS_ZLIB: by_us_without_isal,
    XLSXWRITER: by_xlsxwriter,
    XLSXWRITER_CONSTANT: by_xlsxwriter_constant,
    OPENPYXL: by_openpyxl,
}


# -- measuring ----------------------------------------------------------------------------------


def measure(case: str, count: int) -> dict[str, float]:
    """Processor seconds, growth in MB and size in MB of one writer, measured in this process."""
    rows = made_rows(count)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mesure.xlsx"
        _WRITERS[case](rows[:10], file)  # libraries are loaded before the clock starts
        before = _peak_megabytes()
        start = time.process_time()
        _WRITERS[case](rows, file)
        seconds = time.process_time() - start
        size = file.stat().st_size / 1e6
    return {"seconds": seconds, "growth": _peak_megabytes() - before, "size": size}


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def measured_apart(case: str, count: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "bench.export_speed", "--case", case, "--rows", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure all cases in turn and print them beside each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--case", choices=tuple(_WRITERS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case:
        print(json.dumps(measure(given.case, given.rows)))
        return
    runs: dict[str, list[dict[str, float]]] = {each: [] for each in _WRITERS}
    for _ in range(given.repetitions):
        for each, found in runs.items():
            found.append(measured_apart(each, given.rows))
    least = {each: min(run["seconds"] for run in found) for each, found in runs.items()}
    print(f"{given.rows:,} rows × {len(_COLUMNS)} columns, {given.repetitions} repetitions, least")
    print(f"{'writer':30} {'time':>8} {'ours = 1':>9} {'growth':>9} {'file':>9}")
    for each, found in runs.items():
        growth = max(run["growth"] for run in found)
        print(
            f"{each:30} {least[each]:6.2f} s {least[each] / least[OURS]:8.1f}× "
            f"{growth:6.0f} MB {found[0]['size']:6.1f} MB"
        )


if __name__ == "__main__":
    main()
