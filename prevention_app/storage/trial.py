"""A try of the database where a workspace lies or would lie: does this place suit it?"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2

from prevention_app.storage import engine

_COMMITS = 15


@dataclass(frozen=True, slots=True)
class DatabaseTrial:
    """How a database of ours fared in a folder."""

    version: str
    """Of SQLite."""
    journal_mode: str
    """« wal » where several programs can read while one writes."""
    commit_ms: float
    """What one small change takes until it is safe, median."""
    sound: bool
    """What was written is read again by another connection, and the file is whole."""


def try_database(folder: Path) -> DatabaseTrial:
    """Make a database in the folder, write, read while writing, and remove it.

    Raises OSError, PreventionError or DatabaseError where it cannot even be made.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix="essai-") as place:
        made = engine.engine_in(Path(place))
        with made.connect() as writer, made.connect() as reader:
            mode = str(writer.exec_driver_sql("PRAGMA journal_mode").scalar_one())
            writer.exec_driver_sql("CREATE TABLE essai (n INTEGER)")
            spent: list[float] = []
            for number in range(_COMMITS):
                began = time.perf_counter()
                with engine.writing(writer):
                    writer.exec_driver_sql("INSERT INTO essai VALUES (?)", (number,))
                spent.append(time.perf_counter() - began)
            with engine.writing(writer):
                writer.exec_driver_sql("INSERT INTO essai VALUES (-1)")
                seen = reader.exec_driver_sql("SELECT count(*) FROM essai").scalar_one()
            whole = str(reader.exec_driver_sql("PRAGMA integrity_check").scalar_one())
        made.dispose()
    return DatabaseTrial(
        dbapi2.sqlite_version,
        mode,
        statistics.median(spent) * 1000,
        (seen, whole) == (_COMMITS, "ok"),
    )
