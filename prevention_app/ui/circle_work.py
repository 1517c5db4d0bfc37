"""Admitting and joining, in processes of their own: both write and carry a whole package.

Each function opens the workspace for itself; nothing here knows a widget.
"""

from __future__ import annotations

from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import enrolment
from prevention_app.services.enrolment import Admission, Admitted
from prevention_app.services.progress import Progress


def admit(
    folder: Path, file: Path, roles: tuple[Role, ...], out: Path, progress: Progress
) -> Admitted:
    """Admit the station that asks by a file; its answer goes to `out`."""
    return enrolment.admit(bootstrap.open_workspace(folder), file, roles, out, progress=progress)


def join(folder: Path, file: Path, code: str, progress: Progress) -> Admission:
    """Follow an admission, once a person compared its code."""
    return enrolment.join(bootstrap.open_workspace(folder), file, code=code, progress=progress)
