"""Backups: a workspace as one file, verified before it counts; and its return."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from prevention_app.errors import (
    PreventionError,
    Refused,
    UnreadableFile,
    reason_not_written,
    reason_of,
)
from prevention_app.storage import engine, erasure_notes, handed_out, journal, place, verify
from prevention_app.storage.engine import DATABASE
from prevention_app.storage.file_digests import FILES, is_digest, place_in
from prevention_app.storage.store import Store

_CONTENTS: Final = "contents.json"
_SQLITE: Final = b"SQLite format 3\0"
_LEFT_OVER_S: Final = 6 * 3600
"""No copy takes so long: what is older was left by a program that ended in the middle."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup without its attachments says of itself."""

    format: int
    made: str
    why: str
    files: tuple[str, ...]
    """Digests of the attachments, which lie in the folder « files » beside the backup."""


def backup(store: Store, file: Path) -> None:
    """Write the workspace into one file; it appears under its name only when it is whole."""
    with copied_database(store) as copy:
        files = store.folder / FILES
        inside = [each for each in sorted(files.rglob("*")) if each.is_file()]
        try:
            write_archive(
                file,
                {
                    DATABASE: copy,
                    **{f"{FILES}/{each.relative_to(files).as_posix()}": each for each in inside},
                },
            )
        except OSError as error:
            raise PreventionError(
                f"La sauvegarde « {file} » n’a pas pu être écrite : {reason_not_written(error)}."
            ) from error


@contextlib.contextmanager
def copied_database(store: Store) -> Iterator[Path]:
    """A verified copy of the database, which is there inside the block."""
    drafts = store.folder / "drafts"
    _sweep(drafts)
    try:
        with tempfile.TemporaryDirectory(
            prefix=_COPY, dir=drafts, ignore_cleanup_errors=True
        ) as folder:
            copy = Path(folder) / DATABASE
            with store.reading() as read:
                read.connection.exec_driver_sql("COMMIT")
                try:
                    with engine.copying():
                        read.connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
                finally:
                    read.connection.exec_driver_sql("BEGIN")
            engine.refuse_unsound(copy)
            with store.reading() as read:
                handed_out.note(read.connection)
            yield copy
    except OSError as error:
        raise PreventionError(f"La base n’a pas pu être copiée : {reason_of(error)}.") from error


_COPY: Final = "copie-"


def _sweep(drafts: Path) -> None:
    """Remove the copies of programs that ended before they could."""
    for each in drafts.glob(f"{_COPY}*"):
        with contextlib.suppress(OSError):
            if each.stat().st_mtime < time.time() - _LEFT_OVER_S:
                shutil.rmtree(each, ignore_errors=True)


def write_archive(file: Path, members: dict[str, Path], contents: Contents | None = None) -> None:
    """Write files into an archive, read it again, then give it its name; raises OSError."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            if contents is not None:
                archive.writestr(_CONTENTS, json.dumps(asdict(contents)))
            for name, source in members.items():
                archive.write(source, name)
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        with zipfile.ZipFile(part) as archive:
            if archive.testzip() is not None:
                raise OSError("what was written is not what is read")
        part.replace(file)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise OSError(str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def contents_of(file: Path) -> Contents | None:
    """What a backup says of itself; None for one that holds all of its attachments, or none."""
    try:
        with zipfile.ZipFile(file) as archive:
            held: Any = json.loads(archive.read(_CONTENTS))
            files = tuple(str(each) for each in held["files"])
            return Contents(int(held["format"]), str(held["made"]), str(held["why"]), files)
    except (OSError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError):
        return None


def restore(file: Path, folder: Path, files_from: Sequence[Path] = ()) -> None:
    """Make a workspace from a backup, in a folder that is empty or not there.

    It goes on as a new station: what its source wrote since the backup may still come back. A
    backup without its attachments finds them beside it, or in the other folders named.
    """
    place.refuse_network(folder)
    bare = _is_bare(file)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            f"Le dossier « {folder} » n’est pas vide : rien n’y a été restauré. Restaurez dans un "
            "dossier qui n’existe pas encore (restore FICHIER --data DOSSIER)."
        )
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _unpack(file, part, bare=bare)
        _bring_files(file, part, [file.parent / FILES, *files_from])
        engine.refuse_unsound(part / DATABASE)
        _check_journal(part, file)
        if folder.exists():
            folder.rmdir()
        erasure_notes.bring([file.parent, *(each.parent for each in files_from)], part)
        part.replace(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise PreventionError(
            f"« {folder} » n’a pas pu être restauré : {reason_of(error)}."
        ) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableFile(
            f"La sauvegarde « {file} » n’a pas pu être lue : {reason_of(error)}."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableFile(f"La sauvegarde « {file} » est illisible ou abîmée.") from error


def _is_bare(file: Path) -> bool:
    """Whether it is a database by itself, as it was kept before a migration, or an archive.

    Raises UnreadableFile where it is no backup.
    """
    with _reading(file):
        with file.open("rb") as handle:
            if handle.read(len(_SQLITE)) == _SQLITE:
                return True
        with zipfile.ZipFile(file) as archive:
            if DATABASE in archive.namelist():
                return False
    raise UnreadableFile(f"« {file} » n’est pas une sauvegarde de Prévention.")


def _unpack(file: Path, folder: Path, *, bare: bool) -> None:
    with _reading(file):
        if bare:
            folder.mkdir(parents=True)
            shutil.copyfile(file, folder / DATABASE)
        else:
            _unpack_archive(file, folder)
    for each in (FILES, "drafts"):
        (folder / each).mkdir(exist_ok=True)


def _unpack_archive(file: Path, folder: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name == _CONTENTS:
                continue
            parts = Path(name).parts
            inside = name == DATABASE or (parts[:1] == (FILES,) and ".." not in parts)
            if not inside:
                raise UnreadableFile(f"« {file} » n’est pas une sauvegarde de Prévention.")
            archive.extract(name, folder)


def _bring_files(file: Path, folder: Path, sources: Sequence[Path]) -> None:
    """Bring the attachments that the backup names; one that is nowhere is told by `check`."""
    contents = contents_of(file)
    if contents is None and file.suffix != ".db":
        return
    wanted = contents.files if contents is not None else _digests_in(sources)
    for digest in wanted:
        if not is_digest(digest):
            continue
        for source in sources:
            if bring_file(source, folder / FILES, digest):
                break


def _digests_in(sources: Sequence[Path]) -> Iterable[str]:
    return {each.name for source in sources for each in source.glob("*/*")}


def bring_file(source: Path, target: Path, digest: str) -> bool:
    """Copy an attachment from one folder of digests to another, unless it is there already.

    Returns whether it is there in the end, with the bytes that its name promises.
    """
    kept, made = place_in(source, digest), place_in(target, digest)
    if made.exists():
        return True
    if not kept.exists():
        return False
    made.parent.mkdir(parents=True, exist_ok=True)
    part = made.with_name(f"{digest}.{os.getpid()}.part")
    try:
        shutil.copyfile(kept, part)
        with part.open("rb+") as handle:
            sound = hashlib.file_digest(handle, "sha256").hexdigest() == digest
            os.fsync(handle.fileno())
        if sound:
            part.replace(made)
        return sound
    finally:
        part.unlink(missing_ok=True)


def digests_of(folder: Path) -> list[str]:
    """The attachments that lie in a folder of digests."""
    return sorted(each.name for each in folder.glob("*/*") if is_digest(each.name))


def _check_journal(folder: Path, file: Path) -> None:
    """Refuse a newer format and broken chains, then mark the workspace as a restored one."""
    made = engine.open_engine(folder)
    try:
        with engine.opening(folder), made.connect() as connection:
            if not engine.format_of(connection):
                raise UnreadableFile(f"« {file} » n’est pas une sauvegarde de Prévention.")
            engine.migrate(connection, folder)
            wrong = verify.verify_chains(connection)
            if wrong:
                raise PreventionError(
                    f"La sauvegarde « {file} » est abîmée, rien n’a été restauré. {wrong[0]}"
                )
            with engine.writing(connection):
                journal.set_meta(connection, "restored", "1")
    finally:
        made.dispose()
