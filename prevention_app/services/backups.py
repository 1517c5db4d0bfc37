"""Automatic backups as people meet them: made by themselves, listed, told when they are missing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from prevention_app.errors import PreventionError, reason_not_written
from prevention_app.services.progress import Progress
from prevention_app.storage import automatic_backup, backup_notes, circle
from prevention_app.storage.automatic_backup import Copy, Why
from prevention_app.storage.store import Store

_WHY: Final[dict[str, str]] = {
    Why.DAILY: "chaque jour",
    Why.ASKED: "demandée",
    Why.BEFORE_PACKAGE: "avant un fichier d’échange",
    "avant-paquet": "avant un fichier d’échange",  # as such a backup was named at first
}
_LATE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is to show of a workspace's backups."""

    folder: Path
    """Where the next one goes."""
    copies: tuple[Copy, ...]
    """Newest first; all were verified when they were made."""
    trouble: str
    """Why the last one went wrong; empty when it did not."""
    elsewhere: datetime | None
    """When a person last wrote one to a place of their own."""
    elsewhere_file: str


def why_text(copy: Copy) -> str:
    """What a backup was made for, in French."""
    return _WHY.get(copy.why, copy.why)


def overview(workspace: Path) -> Overview:
    """All backups of a workspace, whether it opens or not; may wait for a slow drive."""
    notes = backup_notes.read(workspace)
    return Overview(
        place(workspace),
        tuple(automatic_backup.copies(workspace)),
        trouble(workspace),
        _moment(notes.elsewhere),
        notes.elsewhere_file,
    )


def place(workspace: Path) -> Path:
    """Where the next backup goes."""
    return automatic_backup.folders(workspace)[0]


def trouble(workspace: Path) -> str:
    """Why the last backup went wrong; empty when it did not."""
    notes = backup_notes.read(workspace)
    return notes.why if notes.failed else ""


def newest(workspace: Path) -> Copy | None:
    """The newest verified backup of a workspace, whether it opens or not."""
    return next(iter(automatic_backup.copies(workspace)), None)


def daily_is_due(workspace: Path, now: datetime) -> bool:
    """Whether none was made today, by what is noted in the workspace: quick to ask."""
    made = _moment(backup_notes.read(workspace).made)
    return made is None or made.date() != now.date()


def make_daily(store: Store, progress: Progress) -> Copy | None:
    """Make the backup of the day unless there is one; raises PreventionError, which is noted."""
    now = _now()
    there = [
        each for each in automatic_backup.copies(store.folder) if each.made.date() == now.date()
    ]
    if there and not daily_is_due(store.folder, now):
        return None
    return _make(store, Why.DAILY, progress)


def make_now(store: Store, progress: Progress) -> Copy:
    """Make one because a person asked; raises PreventionError, which is noted."""
    return _make(store, Why.ASKED, progress)


def before_apply(store: Store) -> None:
    """Make sure of a verified backup of what the workspace holds now, before others' work comes.

    Nothing is made where nothing was written since the last one. Raises PreventionError where
    none can be made: then nothing should be applied.
    """
    with store.connecting() as connection:
        state = automatic_backup.state_of(connection)
    if backup_notes.read(store.folder).state == state and newest(store.folder) is not None:
        return
    _make(store, Why.BEFORE_PACKAGE, Progress())


def _make(store: Store, why: Why, progress: Progress) -> Copy:
    return automatic_backup.make(store, why, _now(), lambda said: progress.step(0, 0, said))


def choose_folder(store: Store, chosen: Path | None) -> Path:
    """Let backups go to a folder made inside the chosen one, or beside the workspace again.

    Raises PreventionError where it cannot be written; all then stays as it was.
    """
    usual = automatic_backup.default_folder(store.folder)
    # By the station's code: several may keep their backups on one drive.
    code = circle.this_station(store).code
    folder = usual if chosen is None else chosen / f"{usual.stem}-{code}{usual.suffix}"
    try:
        folder.mkdir(exist_ok=True)
        trial = folder / "essai.part"
        trial.write_bytes(b"essai")
        trial.unlink()
        backup_notes.note(store.folder, folder="" if chosen is None else str(folder.absolute()))
    except OSError as error:
        raise PreventionError(
            f"Les sauvegardes ne peuvent pas aller dans « {chosen or usual} » : "
            f"{reason_not_written(error)}. Rien n’a été changé."
        ) from error
    return folder


def note_elsewhere(workspace: Path, file: Path) -> None:
    """Remember that a person wrote a backup to a place of their own."""
    with contextlib.suppress(OSError):
        backup_notes.note(
            workspace, elsewhere=_now().isoformat(timespec="seconds"), elsewhere_file=str(file)
        )


def advice(workspace: Path) -> str:
    """What to know when the newest verified backup is old, or there is none; else empty."""
    seen = overview(workspace)
    moments = [each.made for each in seen.copies[:1]]
    if seen.elsewhere is not None:
        moments.append(seen.elsewhere)
    if not moments:
        said = "Aucune sauvegarde vérifiée de cet espace de travail : faites-en une (backup)."
    elif _now() - max(moments) > _LATE:
        days = (_now() - max(moments)).days
        said = f"La dernière sauvegarde vérifiée a {days} jours : faites-en une (backup)."
    else:
        return ""
    return f"{said} {seen.trouble}".strip()


def _moment(text: str) -> datetime | None:
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(text)
    return None


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
