"""Giving and taking rights, in processes of their own: what is judged again may be very much.

Each function opens the workspace for itself; nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.vocabulary import Category, Role, RoleExtent
from prevention_app.services import circle, department_key, enrolment, recognition, role_rules
from prevention_app.services.circle import Handed, Handing
from prevention_app.services.enrolment import Admission, Admitted, Foreseen, Line
from prevention_app.services.progress import Progress
from prevention_app.services.recognition import Accepted
from prevention_app.services.role_rules import Rule
from prevention_app.storage.circle import Part

# -- admitting, joining ------------------------------------------------------------------------


def admit(
    folder: Path,
    file: Path,
    given: tuple[Role, Part, date | None],
    out: Path,
    progress: Progress,
) -> Admitted:
    """Admit the station that asks by a file: role, for what part, until when; answer to `out`."""
    role, part, until = given
    store = bootstrap.open_workspace(folder)
    return enrolment.admit(store, file, (role,), out, part=part, until=until, progress=progress)


def join(folder: Path, file: Path, code: str, progress: Progress) -> Admission:
    """Follow an admission, once a person compared its code."""
    return enrolment.join(bootstrap.open_workspace(folder), file, code=code, progress=progress)


def foresee(folder: Path, listing: Path, requests: Path, progress: Progress) -> Sequence[Foreseen]:
    """What a list and a folder of requests would do."""
    progress.step(0, 0, "Lecture de la liste et des demandes")
    return enrolment.foresee(bootstrap.open_workspace(folder), listing, requests)


def admit_many(
    folder: Path, listing: Path, requests: Path, out: Path, progress: Progress
) -> Sequence[Line]:
    """Admit all whom a list names; one answer each goes into `out`."""
    return enrolment.admit_many(bootstrap.open_workspace(folder), listing, requests, out, progress)


# -- rights taken back, given back, handed over, ruled -----------------------------------------


def revoke(
    folder: Path, station: str, department: str, after: int, reason: str, progress: Progress
) -> int:
    """Take back the rights of a station beyond one of its entries."""
    progress.step(0, 0, "Retrait des droits")
    store = bootstrap.open_workspace(folder)
    return circle.revoke(store, station, department, after=after, reason=reason)


def lift(folder: Path, station: str, department: str, progress: Progress) -> int:
    """Take back the revocation of a station."""
    progress.step(0, 0, "Levée du retrait")
    return department_key.lift(bootstrap.open_workspace(folder), station, department)


def foresee_hand_over(
    folder: Path, leaver: str, successor: str, department: str, progress: Progress
) -> Handing:
    """What a handing over would do."""
    progress.step(0, 0, "Recherche de ce qui reste ouvert")
    store = bootstrap.open_workspace(folder)
    return circle.foresee_hand_over(store, leaver, successor, department)


def hand_over(
    folder: Path, leaver: str, successor: str, department: str, progress: Progress
) -> Handed:
    """Give the successor the roles of who leaves."""
    progress.step(0, 0, "Passation")
    return circle.hand_over(bootstrap.open_workspace(folder), leaver, successor, department)


def set_rule(
    folder: Path,
    place: tuple[Role, Category],
    extents: tuple[RoleExtent, RoleExtent] | None,
    department: str,
    progress: Progress,
) -> Rule:
    """Let a role read and write so much of a category; as shipped where no extents are given."""
    progress.step(0, 0, "Changement des droits d’un rôle")
    store = bootstrap.open_workspace(folder)
    if extents is None:
        return role_rules.restore(store, *place, department)
    return role_rules.set_rule(
        store, *place, reads=extents[0], writes=extents[1], department=department
    )


# -- departments -------------------------------------------------------------------------------


def accept(
    folder: Path, file: Path, out: Path | None, department: str, code: str, progress: Progress
) -> Accepted:
    """Recognise the department that a file comes from, once people compared its code."""
    store = bootstrap.open_workspace(folder)
    return recognition.accept(store, file, out, department, code=code, progress=progress)


def rescue(folder: Path, typed: str, department: str, progress: Progress) -> str:
    """Make this station administrator by the key that was typed."""
    progress.step(0, 0, "Reprise de l’administration")
    key = department_key.typed_rescue_key(typed)
    return department_key.rescue(bootstrap.open_workspace(folder), key, department)


def refound(folder: Path, department: str, progress: Progress) -> str:
    """Give the department a new key."""
    progress.step(0, 0, "Refondation du département")
    return department_key.refound(bootstrap.open_workspace(folder), department)
