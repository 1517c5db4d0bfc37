"""Backups: a workspace as one file, verified before it counts; and its return."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path

from sqlcipher3 import dbapi2

from prevention_app.errors import PreventionError, Refused, UnreadableFile
from prevention_app.storage import engine, journal, verify
from prevention_app.storage.engine import DATABASE
from prevention_app.storage.store import Store


def backup(store: Store, file: Path) -> None:
    """Write the workspace into one file; it appears under its name only when it is whole."""
    part = file.with_name(file.name + ".part")
    with tempfile.TemporaryDirectory(dir=store.folder / "drafts") as folder:
        copy = Path(folder) / DATABASE
        with store.reading() as read:
            read.connection.exec_driver_sql("COMMIT")
            read.connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
            read.connection.exec_driver_sql("BEGIN")
        _verify(copy)
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.write(copy, DATABASE)
                files = store.folder / "files"
                for each in sorted(files.rglob("*")):
                    if each.is_file():
                        archive.write(each, f"files/{each.relative_to(files).as_posix()}")
            with part.open("rb+") as handle:
                os.fsync(handle.fileno())
            part.replace(file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise PreventionError(
                f"La sauvegarde « {file} » n’a pas pu être écrite : {engine.reason_of(error)}."
            ) from error


def restore(file: Path, folder: Path) -> None:
    """Make a workspace from a backup, in a folder that is empty or not there.

    It goes on as a new station: what its source wrote since the backup may still come back.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"Le dossier « {folder} » n’est pas vide : rien n’y a été restauré.")
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _unpack(file, part)
        _verify(part / DATABASE)
        _check_journal(part, file)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise PreventionError(
            f"« {folder} » n’a pas pu être restauré : {engine.reason_of(error)}."
        ) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                parts = Path(name).parts
                inside = name == DATABASE or (parts[:1] == ("files",) and ".." not in parts)
                if not inside:
                    raise UnreadableFile(f"« {file} » n’est pas une sauvegarde de Prévention.")
                archive.extract(name, folder)
    except OSError as error:
        raise UnreadableFile(
            f"La sauvegarde « {file} » n’a pas pu être lue : {engine.reason_of(error)}."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableFile(f"La sauvegarde « {file} » est illisible ou abîmée.") from error
    if not (folder / DATABASE).exists():
        raise UnreadableFile(f"« {file} » n’est pas une sauvegarde de Prévention.")
    for each in ("files", "drafts"):
        (folder / each).mkdir(exist_ok=True)


def _verify(database: Path) -> None:
    connection = dbapi2.connect(str(database))
    try:
        answer = connection.execute("PRAGMA integrity_check").fetchone()
    except dbapi2.DatabaseError:
        answer = ("illisible",)
    finally:
        connection.close()
    if answer != ("ok",):
        raise PreventionError("La copie de la base ne passe pas le contrôle d’intégrité.")


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
