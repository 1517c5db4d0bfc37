"""How small packages are and how quickly they are merged, told as ratios.

    python bench/package_size.py [CHANGES]

A merge is compared with a bare insert of the same rows, journal and tables, in the same run: the
machine then cancels out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["DBUS_SESSION_BUS_ADDRESS"] = ""  # keys in files of the folder below, not in a key store

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import packages
from prevention_app.services.progress import Progress
from prevention_app.storage.engine import open_engine, writing
from prevention_app.storage.store import Store
from tests import circle

PLACES = ("Chaufferie", "Préau", "Laboratoire", "Vestiaire", "Atelier", "Réserve", "Cuisine")


def main(changes: int) -> None:
    """Print bytes per change, and the pace of a merge against that of a bare insert."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        here, there = (_station(Path(folder), name) for name in ("A", "B"))
        _both_ways(here, there, Path(folder))
        print(f"{'what':34}{'changes':>9}{'bytes each':>12}{'merge/bare':>12}")
        for count in (20, 200, changes):
            records = _create(here, count)
            _tell("records of an import", here, there, Path(folder), count)
            _both_ways(there, here, Path(folder))
            _edit(here, records[: min(count, 2_000)])
            _tell(
                "one field each, change by change", here, there, Path(folder), len(records[:2_000])
            )
            _both_ways(there, here, Path(folder))


def _station(folder: Path, name: str) -> Store:
    with circle.one_circle():
        store = Store.create(
            folder / f"{name}.prevention",
            declared_catalogue(),
            department="45",
            name=f"Poste {name}",
            user=f"Personne {name}",
        )
    circle.trust_all(store)
    return store


def _both_ways(sender: Store, receiver: Store, folder: Path) -> None:
    receiver.receive(sender.entries_after(receiver.position()))
    sender.receive(receiver.entries_after(sender.position()))
    for one, other in ((sender, receiver), (receiver, sender)):
        packages.create(one, [other.station], folder / "x", Progress())
        packages.apply(other, folder / "x", Progress())


def _create(store: Store, count: int) -> list[Record]:
    with store.change("Reprendre") as work:
        return [
            work.new("site", name=f"{PLACES[number % 7]} {number * 7919 % 9973}")
            for number in range(count)
        ]


def _edit(store: Store, records: list[Record]) -> None:
    for number, record in enumerate(records):
        with store.change("Modifier") as work:
            work.amend("site", record, name=f"{PLACES[number % 5]} {number * 6101 % 9973}")


def _tell(what: str, sender: Store, receiver: Store, folder: Path, count: int) -> None:
    file = folder / "x"
    before = receiver.position().get(sender.station, 0)
    packages.create(sender, [receiver.station], file, Progress())
    begin = time.perf_counter()
    packages.apply(receiver, file, Progress())
    merged = time.perf_counter() - begin
    bare = _bare(receiver, sender.station, before, folder)
    print(f"{what:34}{count:>9}{file.stat().st_size / count:>12.1f}{merged / bare:>12.1f}")


def _bare(store: Store, station: str, after: int, folder: Path) -> float:
    """Seconds for the same rows, inserted into tables of the same form without anything else."""
    target = folder / "bare"
    target.mkdir(exist_ok=True)
    (target / "data.db").unlink(missing_ok=True)
    with store.connecting() as connection:
        schema = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('head', 'leaf', 'r_site') "
            "AND sql IS NOT NULL ORDER BY type DESC"
        ).scalars()
        statements = list(schema)
        rows = {
            table: [
                tuple(row)
                for row in connection.exec_driver_sql(
                    f"SELECT * FROM {table} WHERE {where}",  # noqa: S608  (names written here)
                    (station, after),
                )
            ]
            for table, where in (
                ("head", "station = ? AND number > ?"),
                ("leaf", "station = ? AND number > ?"),
                (
                    "r_site",
                    "_id IN (SELECT record FROM leaf WHERE station = ? AND number > ?)",
                ),
            )
        }
    engine = open_engine(target)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        begin = time.perf_counter()
        with writing(connection):
            for table, each in rows.items():
                if each:
                    marks = ", ".join("?" * len(each[0]))
                    statement = f'INSERT INTO "{table}" VALUES ({marks})'  # noqa: S608  (as above)
                    connection.exec_driver_sql(statement, each)
        seconds = time.perf_counter() - begin
    engine.dispose()
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
