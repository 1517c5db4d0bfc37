"""How quick 28 risks go to 60 units, as a ratio to a bare insert of the same rows.

    python -m bench.copy_speed [--repetitions 5] [--units 1500]

In a workspace of bench/make_risk_document.py, 28 risks with two measures each are copied to 60
units in one change: 1,680 risks and 3,360 measures. The floor inserts the rows that this made into
a copy of the database as it was before, with the same indexes and settings, in one transaction:
once the rows of the two registers with their journal and their search text, as the program must
keep them (goal 4), once those of the two registers alone. The least of the repetitions counts.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from bench.make_risk_document import TODAY, UNITS, make
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.values import fold
from prevention_app.services.risk_copies import copy_risks
from prevention_app.storage import tables
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

_RISKS: Final = 28
_TARGETS: Final = 60
_REGISTERS: Final = ("risk", "existing_measure")
_BESIDE: Final = {"leaf": "record", "search_text": "record"}
"""Table that holds what a record must have besides its row → the column of the record's id."""

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def main() -> None:
    """Make the workspace, measure and print."""
    asked = argparse.ArgumentParser(description="Copying risks, as a ratio.")
    asked.add_argument("--repetitions", type=int, default=5)
    asked.add_argument("--units", type=int, default=UNITS)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "mesure.prevention"
        make(place, chosen.units)
        store = Store(place, declared_catalogue(), lambda: TODAY)
        _measure(store, Path(folder), chosen.repetitions)
        store.close()


def _measure(store: Store, folder: Path, repetitions: int) -> None:
    sources = _sources(store)
    with store.reading() as read:
        units = [each.id for each in read.records(Query("work_unit", order=("reference",)))]
    copies: list[float] = []
    whole: list[float] = []
    registers: list[float] = []
    undone: list[float] = []
    rows: Rows = {}
    for _ in range(repetitions):
        before = _kept(store, folder)
        start = time.perf_counter()
        done = copy_risks(store, sources, units[:_TARGETS])
        copies.append(time.perf_counter() - start)
        rows = _rows_of(store, [record for _, record in done.changes.records])
        whole.append(_insert(before, rows))
        bare = {table: rows[table] for table in rows if table not in _BESIDE}
        registers.append(_insert(before, bare))
        start = time.perf_counter()
        store.undo()
        undone.append(time.perf_counter() - start)
    number = sum(len(each) for table, (_, each) in rows.items() if table not in _BESIDE)
    print(f"{_RISKS * _TARGETS:,} copies, {number:,} records: {min(copies):.2f} s")
    print(
        f"bare insert of all their rows: {min(whole):.3f} s, ratio {min(copies) / min(whole):.1f}"
    )
    print(
        f"of the two registers alone: {min(registers):.3f} s, "
        f"ratio {min(copies) / min(registers):.1f}"
    )
    print(f"undo: {min(undone):.2f} s")


def _sources(store: Store) -> list[str]:
    with store.change("Unité à recopier") as work:
        unit = work.new("work_unit", name="Unité à recopier").id
        risks = [
            work.new(
                "risk",
                work_unit=unit,
                situation=f"Situation dangereuse n° {at} sur la voie publique, sous circulation",
                harm="Heurt, écrasement",
                activity="Entretien courant",
                exposed=12,
                evaluation="evaluated",
            ).id
            for at in range(_RISKS)
        ]
        for risk in risks:
            work.new("rating", risk=risk, severity=4, frequency=3, control=2, rated_on=TODAY)
            for title, kind in (
                ("Fourgon équipé d’une flèche lumineuse", "collective"),
                ("Formation à la signalisation temporaire", "training"),
            ):
                work.new("existing_measure", risk=risk, title=title, measure_type=kind)
    return risks


def _kept(store: Store, folder: Path) -> Path:
    """A copy of the database as it stands, by SQLite itself."""
    place = folder / "avant.db"
    place.unlink(missing_ok=True)
    with store.connecting() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(place),))
    return place


def _rows_of(store: Store, records: Sequence[str]) -> Rows:
    """The rows that records have in every table, as columns and values."""
    found: Rows = {}
    wanted = json.dumps(list(records))
    with store.connecting() as connection:
        names = [tables.table_name(store.catalogue[each]) for each in _REGISTERS]
        for table, column in {**dict.fromkeys(names, "_id"), **_BESIDE}.items():
            told = f'SELECT * FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(?))'  # noqa: S608
            read = connection.exec_driver_sql(told, (wanted,))
            found[table] = list(read.keys()), [tuple(row) for row in read]
    return found


def _insert(database: Path, rows: Rows) -> float:
    """How long a bare insert into a copy of the database takes, to the end of its transaction."""
    fresh = database.with_name("essai.db")
    for each in database.parent.glob("essai.db*"):
        each.unlink()
    shutil.copyfile(database, fresh)
    connection = dbapi2.connect(str(fresh), isolation_level=None)
    connection.create_function("fold", 1, fold, deterministic=True)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, (columns, values) in rows.items():
        named = ", ".join(f'"{each}"' for each in columns)
        marks = ", ".join("?" * len(columns))
        connection.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({marks})', values)  # noqa: S608
        if table == "search_text":
            at, text = columns.index("row"), columns.index("text")
            pieces = [(each[at], each[text]) for each in values]
            connection.executemany("INSERT INTO search_index (rowid, text) VALUES (?, ?)", pieces)
    connection.execute("COMMIT")
    took = time.perf_counter() - start
    connection.close()
    return took


if __name__ == "__main__":
    main()
