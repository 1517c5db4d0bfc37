"""What was erased, noted beside the automatic backups: a restored one must lose it again.

A backup cannot know what was erased after it. Where other stations hold the journal the erasure
comes back from them; who is alone has only this file. It holds ids, never a value.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from prevention_app.catalogue.description import Catalogue
from prevention_app.storage import tables
from prevention_app.storage.engine import Connection

FILE: Final = "effacements.json"

Leaf = tuple[str, str, str, str, int]
"""Code of the register, record, kind, station, number of the entry."""


@dataclass(slots=True)
class Notes:
    """Leaves whose bytes went, and the records that were deleted with them."""

    leaves: set[Leaf] = field(default_factory=set[Leaf])
    eliminated: set[str] = field(default_factory=set[str])


def of_journal(connection: Connection, catalogue: Catalogue) -> Notes:
    """All that was ever erased, as the journal says."""
    rows = connection.exec_driver_sql(
        "SELECT register, record, kind, station, number FROM erasure"
    ).all()
    found = Notes({(str(r), str(i), str(k), str(s), int(n)) for r, i, k, s, n in rows})
    for code in {each[0] for each in found.leaves} & set(catalogue.by_code):
        table = tables.table_name(catalogue.by_code[code])
        gone = connection.exec_driver_sql(
            f'SELECT _id FROM "{table}" WHERE _deleted = 1 '
            "AND _id IN (SELECT record FROM erasure WHERE register = ?)",
            (code,),
        )
        found.eliminated.update(str(each) for each in gone.scalars())
    return found


def read(folder: Path) -> Notes:
    """What is noted in a folder; nothing where there is no such file or it does not read."""
    try:
        held: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
        leaves = {
            (str(each[0]), str(each[1]), str(each[2]), str(each[3]), int(each[4]))
            for each in cast("list[list[Any]]", held["leaves"])
        }
        return Notes(leaves, {str(each) for each in cast("list[Any]", held["eliminated"])})
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Notes()


def add(folders: Iterable[Path], notes: Notes) -> None:
    """Note it in each of these folders that is there; one that refuses is left as it is."""
    for folder in folders:
        if folder.is_dir():
            held = read(folder)
            with contextlib.suppress(OSError):
                _write(folder, held.leaves | notes.leaves, held.eliminated | notes.eliminated)


def bring(sources: Sequence[Path], folder: Path) -> None:
    """Bring what is noted beside a backup into the workspace that was made from it."""
    for source in sources:
        notes = read(source)
        if notes.leaves:
            add([folder], notes)


def is_there(folder: Path) -> bool:
    """Whether a workspace came from a backup, with something still to be erased again."""
    return (folder / FILE).exists()


def forget(folder: Path) -> None:
    """What was noted has been erased again."""
    (folder / FILE).unlink(missing_ok=True)


def _write(folder: Path, leaves: set[Leaf], eliminated: set[str]) -> None:
    part = folder / f"{FILE}.{os.getpid()}.part"
    said = {"leaves": sorted(leaves), "eliminated": sorted(eliminated)}
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(folder / FILE)
