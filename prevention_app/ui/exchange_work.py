"""The long work of exchanging with other stations, in processes of their own.

Each function opens the workspace for itself; nothing here knows a widget.
"""

from __future__ import annotations

from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import kept_aside, packages, shared_folder
from prevention_app.services.packages import Applied, Made
from prevention_app.services.progress import Progress
from prevention_app.services.shared_folder import Passed
from prevention_app.storage.work import Changes


def take_in(folder: Path, file: Path, progress: Progress) -> Applied:
    """Take in an exchange file."""
    return packages.apply(bootstrap.open_workspace(folder), file, progress)


def prepare(folder: Path, receivers: tuple[str, ...], out: Path, progress: Progress) -> Made:
    """Write an exchange file for these stations."""
    return packages.create(bootstrap.open_workspace(folder), receivers, out, progress)


def admit(folder: Path, held: str, progress: Progress) -> Changes:
    """Let what was kept aside count all the same: the whole chain of a station is judged again."""
    progress.step(0, 0, "Admission de l’écriture")
    return kept_aside.admit(bootstrap.open_workspace(folder), held)


def pass_by(folder: Path, shared: Path, progress: Progress) -> Passed:
    """Take in what others left in a shared folder, and leave what they lack."""
    return shared_folder.pass_by(bootstrap.open_workspace(folder), shared, progress)
