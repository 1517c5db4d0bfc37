"""Sheets, answers and reminders in processes of their own; nothing here knows a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import collecting_read, collecting_remind, collecting_send
from prevention_app.services.collecting_read import FileOutcome, Reading
from prevention_app.services.progress import Progress


@dataclass(frozen=True, slots=True)
class Written:
    """How many files were written where, and what is to be said beside it."""

    folder: Path
    files: int
    remark: str


def send(folder: Path, owner: str, out: Path, units: Sequence[str], progress: Progress) -> Written:
    """Write the sheets of the units of the campaign, or of some."""
    store = bootstrap.open_workspace(folder)
    made = collecting_send.send(store, owner, out, progress, units=units)
    return Written(out, len(made.files), "")


def send_actions(folder: Path, owner: str, out: Path, progress: Progress) -> Written:
    """Write the workbooks of the pilots."""
    store = bootstrap.open_workspace(folder)
    made = collecting_send.send_actions(store, owner, out, progress)
    without = made.without_pilot
    return Written(out, len(made.files), f"{without} sans pilote" if without else "")


def read(folder: Path, paths: Sequence[Path], progress: Progress) -> Sequence[FileOutcome]:
    """Take in returned sheets; tells what became of each file."""
    made: Reading = collecting_read.read(bootstrap.open_workspace(folder), paths, progress)
    return made.files


def remind(folder: Path, owner: str, out: Path, progress: Progress) -> Written:
    """Write draft mails for all who are late."""
    made = collecting_remind.remind(bootstrap.open_workspace(folder), owner, out, progress)
    without = made.without_pilot
    return Written(out, len(made.files), f"{without} actions sans pilote" if without else "")
