"""Files made for one test, as workbooks or text tables, and the measure of the real ones."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import random
import sys
from collections.abc import Sequence
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import Sheet, SourceFile
from prevention_app.exchange.understanding import Understanding, understand
from tests.exchange.understanding.made_workbooks import workbook

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "tests" / "data" / "workbooks"
DEMO = ROOT / "resources" / "demo"

Rows = Sequence[Sequence[Any]]


def of_workbook(folder: Path, kind: ImportKind | str, **sheets: Rows) -> Understanding:
    """A workbook with these sheets (« _ » stands for a space), understood as a kind."""
    path = folder / "classeur.xlsx"
    workbook(**sheets).save(path)
    return of_file(path, kind)


def of_text(
    folder: Path, kind: ImportKind | str, rows: Rows, *, mark: str = ";", encoding: str = "utf-8"
) -> Understanding:
    """A text table with separators, understood as a kind."""
    written = io.StringIO()
    csv.writer(written, delimiter=mark).writerows([[_typed(each) for each in row] for row in rows])
    path = folder / "tableau.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    return of_file(path, kind)


def _typed(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def of_file(path: Path, kind: ImportKind | str) -> Understanding:
    """A file, understood as a kind."""
    return understand(read_source(path), import_kind(kind) if isinstance(kind, str) else kind)


def values(understood: Understanding, *keys: str) -> list[Any]:
    """The values of a field of all rows, or of several fields as tuples."""
    found = [tuple(row.values.get(key) for key in keys) for row in understood.rows]
    return [each[0] for each in found] if len(keys) == 1 else found


def fields(understood: Understanding) -> dict[str, str | None]:
    """What each heading of the first table was taken for."""
    return {column.heading: column.field for column in understood.tables[0].columns}


def messages(understood: Understanding) -> dict[int, list[str]]:
    """The problems of each row that has some, spaces as typed on a keyboard."""
    return {
        row.row: [" ".join(problem.message.split()) for problem in row.problems]
        for row in understood.rows
        if row.problems
    }


def measured(name: str, kind: str) -> Any:
    """How right the understanding of a real workbook is, cell by cell."""
    truth = json.loads((WORKBOOKS / f"{name}.truth.json").read_text(encoding="utf-8"))
    return _measuring_script().score_file(WORKBOOKS / f"{name}.xlsx", truth, kind)


def _measuring_script() -> Any:
    if "import_accuracy" not in sys.modules:
        script = ROOT / "bench" / "import_accuracy.py"
        spec = importlib.util.spec_from_file_location("import_accuracy", script)
        assert spec
        assert spec.loader
        sys.modules["import_accuracy"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["import_accuracy"])
    return sys.modules["import_accuracy"]


def in_another_order(
    name: str, kind: str, sheet: int, header: int, fields: Sequence[str], seed: int
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The values of a real sheet and of the same one under other headings in another order."""
    chance = random.Random(seed)
    source = read_once(WORKBOOKS / f"{name}.xlsx")
    rows = source.sheets[sheet].rows[header - 1 : header + 40]
    columns = import_kind(kind).by_key
    order = list(range(len(fields)))
    chance.shuffle(order)
    headings = [chance.choice(columns[fields[place]].synonyms) for place in order]
    shuffled: list[list[Any]] = [["Tableau de suivi"], [], ["Mis à jour en mars"], []]
    shuffled = shuffled[: chance.randrange(5)]
    shuffled.append([chance.choice((str.upper, str.lower, str))(each) for each in headings])
    shuffled += [[row[place] if place < len(row) else None for place in order] for row in rows[1:]]
    found = [
        [row.values for row in understand(_file(source, each), import_kind(kind)).rows]
        for each in (rows, shuffled)
    ]
    return found[0], found[1]


@cache
def read_once(path: Path) -> SourceFile:
    """A file of the checkout, read for the first test that wants it."""
    return read_source(path)


def _file(source: SourceFile, rows: Any) -> SourceFile:
    return SourceFile(source.path, source.name, source.digest, [Sheet("Feuil1", list(rows))])
