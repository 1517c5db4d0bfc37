"""A process that is killed in the middle: `python killed_work.py DEED FOLDER REST…`.

It says « prêt », waits for a line, then tells each piece of work once it is done.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import attachments, automatic_backup, backup
from prevention_app.storage.automatic_backup import Why
from prevention_app.storage.store import Store


def tell(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def begin() -> None:
    tell("prêt")
    sys.stdin.readline()


def opened(folder: str) -> Store:
    return Store(Path(folder), declared_catalogue())


def receive(folder: str, parcels: str) -> None:
    """Take in batches of entries that another station wrote; tells the position after each."""
    store = opened(folder)
    batches = pickle.loads(Path(parcels).read_bytes())
    begin()
    for batch in batches:
        store.receive(batch)
        tell(sum(store.position().values()))


def attach(folder: str) -> None:
    """Keep files and name them in records; tells the digest of each."""
    store = opened(folder)
    begin()
    source = Path(folder).with_suffix(".photo")
    while True:
        source.write_bytes(os.urandom(2_000_000))
        digest = attachments.put(store, source)
        with store.change("Joindre un fichier") as work:
            site = work.new("site", name=digest[:8])
            work.new(
                "attachment",
                name="photo.jpg",
                digest=digest,
                size=2_000_000,
                of_register="site",
                of_record=site.id,
            )
        tell(digest)


def back_up(folder: str) -> None:
    """Make automatic backups one after the other; tells the file of each."""
    store = opened(folder)
    begin()
    while True:
        made = automatic_backup.make(store, Why.ASKED, datetime.now())  # noqa: DTZ005
        tell(made.file)


def bring_back(folder: str, file: str) -> None:
    """Restore a backup again and again, each time under another name, which it tells."""
    begin()
    while True:
        made = Path(folder) / f"retour-{time.monotonic_ns()}.prevention"
        backup.restore(Path(file), made)
        tell(made)


DEEDS: dict[str, Callable[..., None]] = {
    each.__name__: each for each in (receive, attach, back_up, bring_back)
}

if __name__ == "__main__":
    DEEDS[sys.argv[1]](*sys.argv[2:])
