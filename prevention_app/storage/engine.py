"""Opening the database: one SQLite binding for everything, safe settings, format checked."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool
from sqlcipher3 import dbapi2

from prevention_app import paths
from prevention_app.catalogue.values import fold
from prevention_app.errors import Busy, Damaged, NewerFormat, PreventionError, reason_of
from prevention_app.storage import place

LOWEST_SQLITE: Final = (3, 51, 3)
WAIT_SECONDS: Final = 60
DATABASE: Final = "data.db"

Connection = sa.engine.Connection


def open_engine(folder: Path, *, keeps_one: bool = False) -> sa.engine.Engine:
    """An engine on the workspace's database; raises PreventionError where it cannot be used.

    `keeps_one`: a connection stays open, with the pages that it read, until the engine is
    disposed of. To open one costs as much as to read a page of rows.
    """
    place.refuse_network(folder)
    return engine_in(folder, keeps_one=keeps_one)


def engine_in(folder: Path, *, keeps_one: bool = False) -> sa.engine.Engine:
    """As `open_engine`, in whatever place: for a trial of the place itself."""
    if dbapi2.sqlite_version_info < LOWEST_SQLITE:
        raise PreventionError(
            "Cette installation est incomplète : sa base SQLite est trop ancienne "
            f"({dbapi2.sqlite_version})."
        )
    database = folder / DATABASE

    def connect() -> Any:
        try:
            connection = dbapi2.connect(
                str(database),
                timeout=WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=not keeps_one,  # it goes from one thread to the next
            )
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "trusted_schema=OFF",
                "cell_size_check=ON",
                "secure_delete=ON",
                "cache_size=-32000",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except dbapi2.DatabaseError as error:
            raise _why_not_opened(folder, str(error)) from error
        connection.create_function("fold", 1, _fold, deterministic=True)
        return connection

    pool: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": 1, "max_overflow": -1}
        if keeps_one
        else {"poolclass": NullPool}
    )
    return sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        isolation_level=None,
        hide_parameters=True,  # what people typed does not belong in a log
        **pool,
    )


@contextlib.contextmanager
def opening(folder: Path) -> Iterator[None]:
    """Say in a sentence why a workspace cannot be opened or made."""
    try:
        yield
    except DatabaseError as error:
        raise _why_not_opened(folder, str(error.orig)) from error
    except OSError as error:
        raise PreventionError(
            f"L’espace de travail « {folder} » ne peut pas être ouvert : {reason_of(error)}."
        ) from error


def _why_not_opened(folder: Path, said: str) -> PreventionError:
    if _is_busy(said):
        return Busy(
            f"L’espace de travail « {folder} » est occupé par un autre programme ; réessayez."
        )
    if _FULL in said:
        return PreventionError(
            f"Le disque est plein : l’espace de travail « {folder} » ne peut pas être ouvert. "
            "Rien n’a été changé ; faites de la place et réessayez."
        )
    if _is_refused_by_system(said):
        return PreventionError(
            f"L’espace de travail « {folder} » ne peut pas être ouvert : le dossier ou sa base "
            "ne se laissent pas écrire."
        )
    return Damaged(
        f"La base de l’espace de travail « {folder} » est abîmée ou n’est pas de ce programme : "
        "reprenez une sauvegarde."
    )


def _is_busy(said: str) -> bool:
    return "locked" in said or "busy" in said


def _is_refused_by_system(said: str) -> bool:
    return any(each in said for each in ("readonly", "unable to open", "disk I/O"))


_FULL: Final = "disk is full"
_NOT_WRITTEN: Final = (
    "La base de cet espace de travail ne peut pas être écrite : le dossier ou le disque s’y "
    "refuse. Rien n’a été changé."
)


def _fold(text: object) -> str | None:
    return None if text is None else fold(str(text))


@contextlib.contextmanager
def writing(connection: Connection, patience_s: float = WAIT_SECONDS) -> Iterator[None]:
    """One write transaction: commits at the end, rolls back on any error.

    Begins at once, or when those who write now have done; raises Busy after so many seconds.
    """
    try:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(patience_s * 1000)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if not _is_busy(str(error.orig)):
            raise PreventionError(_NOT_WRITTEN) from error
        raise Busy(
            "Un autre travail écrit en ce moment dans cet espace de travail. "
            "Rien n’a été changé ; réessayez dans un instant."
        ) from error
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException as error:
        # SQLite may have rolled back by itself, as it does when the disk is full.
        if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("ROLLBACK")
        if isinstance(error, OperationalError) and _FULL in str(error.orig):
            raise PreventionError(
                "Le disque est plein : rien n’a été enregistré. Faites de la place et réessayez."
            ) from error
        if isinstance(error, OperationalError) and _is_refused_by_system(str(error.orig)):
            raise PreventionError(_NOT_WRITTEN) from error
        raise


def rewrite(opened: sa.engine.Engine) -> bool:
    """Write the whole database anew, so that nothing stays in pages of what was taken out.

    Zeroing what is deleted is not enough: when SQLite splits a page, the old one keeps copies of
    what moved. Returns whether it is done: where another connection reads or writes, not yet.
    """
    with opened.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1000")
        try:
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        except OperationalError:
            return False
        return not busy


def migration_files() -> list[tuple[int, Path]]:
    """The numbered scripts in db/, each one step of the format."""
    folder = paths.database_folder()
    return sorted((int(file.name[:4]), file) for file in folder.glob("[0-9]*.sql"))


def format_of(connection: Connection) -> int:
    """The format of the database: the number of the last migration it went through."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate(connection: Connection, folder: Path) -> bool:
    """Bring the format up to date; the workspace's database is copied beside it before.

    Returns whether anything was done; raises NewerFormat for what a newer program wrote.
    """
    current = format_of(connection)
    newest = max(number for number, _ in migration_files())
    if current > newest:
        raise NewerFormat(
            "Cet espace de travail a été écrit par une version plus récente du programme "
            f"(format {current}, connu ici : {newest}). Mettez le programme à jour ; "
            "rien n’a été changé."
        )
    if current == newest:
        return False
    if current:
        copy_before_migration(connection, folder, current)
    with writing(connection):
        current = format_of(connection)  # another program may have been quicker
        for number, file in migration_files():
            if number <= current:
                continue
            for statement in statements_of(file.read_text(encoding="utf-8")):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")
    return True


def statements_of(script: str) -> list[str]:
    """The statements of a script, comments left out."""
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def copy_before_migration(connection: Connection, folder: Path, current: int) -> None:
    """Keep the database as it was, under the number of its format."""
    copy = folder / f"avant-migration-format-{current}.db"
    part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
        refuse_unsound(part)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if format_of(connection) == current:
        part.replace(copy)
    else:  # migrated meanwhile by another program, which made that copy
        part.unlink()


@contextlib.contextmanager
def copying() -> Iterator[None]:
    """Say in a sentence why the database could not be copied."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        if _FULL in said:
            why = "le disque est plein. Faites de la place et réessayez"
        elif _is_refused_by_system(said):
            why = "le dossier ou le disque s’y refuse"
        else:
            why = "elle est abîmée. Reprenez une sauvegarde"
        raise PreventionError(f"La base n’a pas pu être copiée : {why}.") from error


def refuse_unsound(database: Path) -> None:
    """Raise PreventionError where the pages of a copy are not what they should be."""
    connection = dbapi2.connect(str(database))
    try:
        answer = connection.execute("PRAGMA integrity_check").fetchone()
    except dbapi2.DatabaseError:
        answer = ("illisible",)
    finally:
        connection.close()
    if answer != ("ok",):
        raise PreventionError("La copie de la base ne passe pas le contrôle d’intégrité.")
