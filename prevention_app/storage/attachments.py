"""Files beside the database, named by the digest of their bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path

from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store


def put(store: Store, source: Path) -> str:
    """Keep the bytes of a file; returns their SHA-256 in hexadecimal."""
    with source.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    target = place(store, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        shutil.copyfile(source, part)
        part.replace(target)
    return digest


def place(store: Store, digest: str) -> Path:
    """Where the bytes with this digest lie."""
    return store.folder / "files" / digest[:2] / digest


def keep_original(store: Store, source: Path, until: date) -> str:
    """Keep the original of an import at this station only, until a day; returns its digest."""
    digest = put(store, source)
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO kept_original VALUES (?, ?, ?)",
            (digest, source.name, until.isoformat()),
        )
    return digest


def drop_expired_originals(store: Store, today: date) -> int:
    """Remove originals whose time is over, unless a record names their bytes."""
    with store.connecting() as connection, writing(connection):
        expired = [
            str(digest)
            for digest in connection.exec_driver_sql(
                "SELECT digest FROM kept_original WHERE until < ? AND digest NOT IN "
                '(SELECT digest FROM "r_attachment" WHERE _deleted = 0)',
                (today.isoformat(),),
            ).scalars()
        ]
        for digest in expired:
            connection.exec_driver_sql("DELETE FROM kept_original WHERE digest = ?", (digest,))
            place(store, digest).unlink(missing_ok=True)
    return len(expired)
