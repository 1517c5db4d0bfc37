"""Backups that nobody has to think of: each verified, kept by age, attachments held once.

They lie in a folder of their own: `DATE_WHY.zip` holds the database and names its attachments,
which lie in `files/` there, by their digests, for all backups together. What bears its final name
was opened and found whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from prevention_app.errors import PreventionError, reason_not_written
from prevention_app.storage import backup, backup_notes, engine, verify
from prevention_app.storage.backup import Contents
from prevention_app.storage.engine import DATABASE
from prevention_app.storage.file_digests import FILES, place_in
from prevention_app.storage.store import Store

FOLDER_ENDING: Final = ".sauvegardes"
_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d_\d\dh\d\dm\d\d)_([a-z-]+)(?:_\d+)?\.zip")
_MOMENT: Final = "%Y-%m-%d_%Hh%Mm%S"
_FORMAT: Final = 1
_NEWEST, _DAYS, _MONTHS = 5, 30, 12
_LEFT_OVER_S: Final = 6 * 3600

Step = Callable[[str], None]
"""Is told in a few French words what is done next; may raise Cancelled."""


class Why(StrEnum):
    """What a backup was made for; the values stand in the names of files."""

    DAILY = "quotidienne"
    ASKED = "demandee"
    BEFORE_PACKAGE = "avant-echange"


@dataclass(frozen=True, slots=True)
class Copy:
    """One automatic backup, as its file tells."""

    file: Path
    made: datetime
    why: str
    """One of Why; another word where a newer program made it."""
    size: int


def default_folder(workspace: Path) -> Path:
    """Where automatic backups go unless another place was chosen: beside the workspace."""
    return workspace.with_name(f"{workspace.stem}{FOLDER_ENDING}")


def folders(workspace: Path) -> list[Path]:
    """Where automatic backups go, and where they go when that place is not to be had."""
    chosen = backup_notes.read(workspace).folder
    usual = default_folder(workspace)
    return [Path(chosen), usual] if chosen and Path(chosen) != usual else [usual]


def copies(workspace: Path) -> list[Copy]:
    """The automatic backups of a workspace, newest first."""
    found = [copy for folder in folders(workspace) for copy in _copies_in(folder)]
    return sorted(found, key=lambda copy: (copy.made, copy.file.name), reverse=True)


def _copies_in(folder: Path) -> list[Copy]:
    found: list[Copy] = []
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            named = _NAME.fullmatch(file.name)
            if named is not None:
                with contextlib.suppress(ValueError):
                    made = datetime.strptime(named[1], _MOMENT)  # noqa: DTZ007  (wall clock)
                    found.append(Copy(file, made, named[2], file.stat().st_size))
    return found


def make(store: Store, why: Why, now: datetime, step: Step = lambda _: None) -> Copy:
    """Make one, verified; raises PreventionError, which is noted.

    Where the chosen folder is not to be had, it is made beside the workspace, and that is noted.
    """
    try:
        step("Copie de la base")
        with backup.copied_database(store) as database:
            step("Contrôle de la copie")
            state = _refuse_broken(database)
            copy, trouble = _keep(store, database, why, now, step)
    except PreventionError as error:
        _note_failure(store.folder, now, str(error))
        raise
    moment = now.isoformat(timespec="seconds")
    with contextlib.suppress(OSError):
        backup_notes.note(
            store.folder,
            made=moment,
            state=state,
            failed=moment if trouble else "",
            why=trouble,
        )
    return copy


def _refuse_broken(database: Path) -> str:
    """Refuse a copy whose chains do not verify; returns the state that it holds."""
    opened = engine.engine_in(database.parent)
    try:
        with opened.connect() as connection:
            wrong = verify.verify_chains(connection)
            if wrong:
                raise PreventionError(
                    f"L’historique est abîmé, la sauvegarde n’a pas été gardée. {wrong[0]}"
                )
            return state_of(connection)
    finally:
        opened.dispose()


def state_of(connection: engine.Connection) -> str:
    """What tells two states of a journal apart: the ends of its chains, and what is absent."""
    ends = connection.exec_driver_sql("SELECT station, last FROM chain ORDER BY station").all()
    absent = connection.exec_driver_sql(
        "SELECT count(*) FROM leaf WHERE body IS NULL AND erased IS NULL"
    ).scalar_one()
    told = json.dumps([[str(station), int(last)] for station, last in ends] + [int(absent)])
    return hashlib.sha256(told.encode()).hexdigest()


def _keep(store: Store, database: Path, why: Why, now: datetime, step: Step) -> tuple[Copy, str]:
    """Write the copy where it belongs, or in the next best place; with what went wrong first."""
    trouble = ""
    for folder in folders(store.folder):
        try:
            return _write(store, folder, database, why, now, step), trouble
        except OSError as error:
            reason = reason_not_written(error)
            trouble = trouble or f"La sauvegarde n’a pas pu aller dans « {folder} » : {reason}."
    raise PreventionError(trouble)


def _write(store: Store, folder: Path, database: Path, why: Why, now: datetime, step: Step) -> Copy:
    folder.mkdir(exist_ok=True)  # not its parents: a drive that is not there stays away
    _sweep(folder)
    own = store.folder / FILES
    digests = backup.digests_of(own)
    step("Pièces jointes")
    kept = [each for each in digests if backup.bring_file(own, folder / FILES, each)]
    step("Écriture de la sauvegarde")
    file = _free_name(folder, f"{now.strftime(_MOMENT)}_{why}")
    contents = Contents(_FORMAT, now.isoformat(timespec="seconds"), str(why), tuple(kept))
    backup.write_archive(file, {DATABASE: database}, contents)
    _drop_old(folder, file)
    return Copy(file, now.replace(microsecond=0), str(why), file.stat().st_size)


def _free_name(folder: Path, stem: str) -> Path:
    file, times = folder / f"{stem}.zip", 1
    while file.exists():
        times += 1
        file = folder / f"{stem}_{times}.zip"
    return file


def _sweep(folder: Path) -> None:
    """Remove what a program that was ended left half written."""
    for part in (*folder.glob("*.part"), *(folder / FILES).glob("*/*.part")):
        with contextlib.suppress(OSError):
            if _is_left_over(part):
                part.unlink()


# -- how long they are kept --------------------------------------------------------------------


def kept(made: Sequence[Copy]) -> set[Path]:
    """Those that stay: the newest few, the last of each of 30 days, the last of each of 12 months.

    Days and months without a backup do not count: who was away loses none.
    """
    newest_first = sorted(made, key=lambda copy: (copy.made, copy.file.name), reverse=True)
    stay = {copy.file for copy in newest_first[:_NEWEST]}
    for most, period in ((_DAYS, "%Y-%m-%d"), (_MONTHS, "%Y-%m")):
        last_of: dict[str, Path] = {}
        for copy in newest_first:
            last_of.setdefault(copy.made.strftime(period), copy.file)
        stay |= set(list(last_of.values())[:most])
    return stay


def _drop_old(folder: Path, last: Path) -> None:
    """Remove backups whose time is over, and attachments that none of the others names.

    The last one stays, though a clock that was put back makes it look old.
    """
    made = _copies_in(folder)
    stay = kept(made) | {last}
    gone = [copy.file for copy in made if copy.file not in stay]
    if not gone:
        return
    for file in gone:
        with contextlib.suppress(OSError):
            file.unlink()
    named: set[str] = set()
    for copy in _copies_in(folder):
        contents = backup.contents_of(copy.file)
        if contents is None:  # it cannot say what it needs
            return
        named.update(contents.files)
    for digest in set(backup.digests_of(folder / FILES)) - named:
        file = place_in(folder / FILES, digest)
        with contextlib.suppress(OSError):
            if _is_left_over(file):  # a younger one may belong to a backup under way
                file.unlink()


def _is_left_over(file: Path) -> bool:
    return file.stat().st_mtime < time.time() - _LEFT_OVER_S


def _note_failure(workspace: Path, now: datetime, why: str) -> None:
    with contextlib.suppress(OSError):
        backup_notes.note(workspace, failed=now.isoformat(timespec="seconds"), why=why)
