"""A process that writes: `python writer.py FOLDER COUNT NAME` adds one job a change.

Each change is told on standard output once it is kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, count: int, name: str) -> None:
    store = Store(folder, declared_catalogue())
    tell("prêt")
    sys.stdin.readline()
    for number in range(count):
        with store.change("Ajouter") as work:
            job = work.new("job", name=f"{name} {number}")
            for part in range(number % 7):
                work.new("org_unit", name=f"{name} {number}.{part}")
        tell(job.id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
