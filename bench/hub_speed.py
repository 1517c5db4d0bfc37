"""Send a workspace's entries to a hub on this machine; print the time as a ratio to a bare COPY.

    python -m bench.hub_speed [--entries 100000]

The bare COPY writes the same bytes into tables of the same columns and keys, without looking at
them. The hub looks at all: it computes each hash and each digest anew. Then a second workspace
takes everything in, which is merging and costs what merging costs. PostgreSQL runs on a socket in
a temporary folder, as the tests' own does.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import hub
from prevention_app.services.progress import Progress
from prevention_app.storage import identity, journal
from prevention_app.storage.engine import writing
from prevention_app.storage.entries import NewLeaf
from prevention_app.storage.hub_access import Access
from prevention_app.storage.store import Store
from tests.storage.hub_cluster import Cluster, programs

EDITS = 20
"""Entries that write the same record."""


def make(folder: Path, name: str) -> Store:
    """A workspace in which nothing was done yet."""
    return Store.create(
        folder / f"{name}.prevention",
        declared_catalogue(),
        department="45",
        name=name,
        user="Claire Marchand",
    )


def fill(store: Store, count: int) -> None:
    """Write so many entries, each of one field of one record."""
    records = [identity.new_id("3D", "METI") for _ in range(max(1, count // EDITS))]
    with store.connecting() as connection, writing(connection):
        for number in range(count):
            body: dict[str, object] = {
                "r": records[number % len(records)],
                "m": "Modifier",
                "w": {"name": f"Agent d’entretien des routes, équipe {number}"},
            }
            if number < len(records):
                body["c"] = number + 1
            journal.append(
                connection,
                station=store.station,
                key=store.key,
                author=store.author,
                leaves=[NewLeaf("3D", "METI", "p", body)],
                message="Modifier",
            )
    store.rebuild()


def copy(url: str) -> float:
    """Seconds to copy the bytes that the hub holds into bare tables of the same database."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SET search_path = prevention_hub")
        rows = {
            "entry": server.execute("SELECT * FROM entry").fetchall(),
            "leaf": server.execute("SELECT * FROM leaf").fetchall(),
        }
        server.execute("CREATE TABLE bare_entry (LIKE entry INCLUDING ALL)")
        server.execute("CREATE TABLE bare_leaf (LIKE leaf INCLUDING ALL)")

        def write() -> None:
            with server.transaction(), server.cursor() as cursor:
                with cursor.copy("COPY bare_entry FROM STDIN") as target:
                    for row in rows["entry"]:
                        target.write_row(row)
                with cursor.copy("COPY bare_leaf FROM STDIN") as target:
                    for row in rows["leaf"]:
                        target.write_row(row)

        return seconds(write)


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(cluster: Cluster, folder: Path, count: int) -> None:
    """Measure and print."""
    sender, receiver = make(folder, "Poste 1"), make(folder, "Poste 2")
    fill(sender, count)
    url = cluster.url(cluster.make_database())
    hub.init(url)

    def way(store: Store) -> Access:
        return hub.enrol(store, url, "").access

    there = way(sender)
    pushed = seconds(lambda: hub.sync(sender, there, Progress()))
    bare = copy(url)
    back = way(receiver)
    pulled = seconds(lambda: hub.sync(receiver, back, Progress()))
    assert receiver.position()[sender.station] == sender.position()[sender.station]
    print(f"{count} entries sent    {pushed:7.2f} s   {pushed / bare:5.1f} × a bare COPY")
    print(f"{count} entries taken in{pulled:7.2f} s   {pulled / bare:5.1f} × a bare COPY")


def main() -> None:
    """Start a server, measure, leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    given = parser.parse_args()
    bin_folder = programs()
    assert bin_folder is not None, "PostgreSQL is missing: apt-get install postgresql"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(tempfile.mkdtemp(prefix="pg-"))
        place.chmod(0o755)
        cluster = Cluster(bin_folder, place)
        try:
            cluster.start()
            measure(cluster, Path(folder), given.entries)
        finally:
            cluster.stop(at_once=True)
            shutil.rmtree(place)
            Path(f"{place}.log").unlink()


if __name__ == "__main__":
    main()
