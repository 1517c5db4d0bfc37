"""Files beside the database, named by the digest of their bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path

from prevention_app.errors import NotFound, PreventionError, Refused, reason_not_written
from prevention_app.storage import file_digests
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
        with part.open("rb+") as handle:  # on the disk before a record names it
            os.fsync(handle.fileno())
        part.replace(target)
    return digest


class Arriving:
    """A file that comes piece by piece: it takes its name when it is whole and on the disk."""

    def __init__(self, store: Store, digest: str, size: int) -> None:
        """Expect so many bytes with this digest; what is here already is not written again."""
        self._target = place(store, digest)
        self._left = size
        self._digest = hashlib.sha256()
        self._part: Path | None = None
        if not self._target.exists():
            part = self._target.with_name(f"{digest}.{os.getpid()}.part")
            try:
                part.parent.mkdir(parents=True, exist_ok=True)
                self._handle = part.open("wb")
            except OSError as error:
                raise _not_written(error) from error
            self._part = part
            self.add(b"")

    def add(self, chunk: bytes) -> None:
        """The next bytes; raises PreventionError where the disk refuses them, or for too many."""
        if self._part is None:
            return
        self._left -= len(chunk)
        if self._left < 0:
            raise Refused("Une pièce jointe est plus longue qu’annoncé : elle n’est pas reprise.")
        try:
            self._handle.write(chunk)
            self._digest.update(chunk)
            if self._left == 0:
                self._keep(self._part)
        except OSError as error:
            raise _not_written(error) from error

    def _keep(self, part: Path) -> None:
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._handle.close()
        if self._digest.hexdigest() != self._target.name:
            raise Refused("Une pièce jointe ne correspond pas à son empreinte.")
        part.replace(self._target)
        self._part = None

    def drop(self) -> None:
        """Give up what is not whole."""
        if self._part is not None:
            self._handle.close()
            self._part.unlink(missing_ok=True)


def _not_written(error: OSError) -> PreventionError:
    return PreventionError(
        f"Une pièce jointe n’a pas pu être écrite ({reason_not_written(error)}) : "
        "reprenez le fichier une fois la cause levée."
    )


def place(store: Store, digest: str) -> Path:
    """Where the bytes with this digest lie; raises NotFound for what is no digest."""
    if not file_digests.is_digest(digest):
        raise NotFound("Cette pièce jointe ne désigne aucun fichier.")
    return file_digests.place_in(store.folder / file_digests.FILES, digest)


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
