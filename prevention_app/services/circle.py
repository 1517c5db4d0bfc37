"""Who belongs: the list, the taking back of rights, the handing over when someone leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from prevention_app.catalogue.vocabulary import Role
from prevention_app.domain.due import DueState
from prevention_app.errors import Refused
from prevention_app.services import overview
from prevention_app.storage import circle
from prevention_app.storage.circle import Member, Part
from prevention_app.storage.store import Store

REVOKE: Final = "Retirer ses droits à un ordinateur"
HAND_OVER: Final = "Passer la main"
_ALONE: Final = timedelta(days=30)
_OPEN: Final = (DueState.LATE, DueState.NEVER_DONE, DueState.TO_PLAN)


@dataclass(frozen=True, slots=True)
class Handing:
    """What a handing over would do."""

    granted: tuple[Role, ...]
    """Roles that the successor does not have yet."""
    kept: tuple[Role, ...]
    """Roles of both."""
    open: tuple[dict[str, str], ...]
    """What is due among the records that the leaver made: reference, title, what, due_on."""
    holds_key: bool
    """Whether the successor has the department's key, since they are administrator."""
    own: bool
    """Whether it is this station whose rights go."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a handing over did, and what it leaves open."""

    granted: tuple[Role, ...]
    """Roles that the successor did not have yet."""
    after: int
    """The leaver's last entry that counts."""
    open: tuple[dict[str, str], ...]
    """What is due among the records that the leaver made, as in `Handing`."""


def members(store: Store) -> list[Member]:
    """All stations with roles that count, department by department."""
    with store.reading() as read:
        return circle.members(read)


def withdrawn(store: Store) -> list[str]:
    """Where this station's own rights were taken back: a sentence for each department."""
    return [
        store.why_no_role(each.department)
        for each in members(store)
        if each.station_id == store.station and each.revoked_after is not None
    ]


def is_administrator(store: Store, department: str) -> bool:
    """Whether this station gives rights in a department."""
    return circle.administers(store, department)


def revoke(
    store: Store, named: str, department: str = "", *, after: int | None = None, reason: str = ""
) -> int:
    """Take back all rights of a station beyond an entry; returns the last number that counts.

    What the station wrote up to there stays; what comes from it later is kept aside.
    """
    department = department or store.department
    circle.refuse_unless_administrator(store, department)
    member = circle.find_member(store, named, department)
    if member.station_id == store.station:
        raise Refused("Cet ordinateur ne se retire pas ses propres droits : passez la main.")
    last = member.last_number if after is None else after
    if not last >= 0:
        raise Refused("La dernière écriture retenue est un nombre à partir de 0.")
    if member.revoked_after is not None and member.revoked_after <= last:
        raise Refused(
            f"Les droits de « {member.name} » sont déjà retirés après son écriture "
            f"{member.revoked_after}."
        )
    work = circle.draft(store, department)
    work.new(
        "revocation",
        owner=department,
        station_id=member.station_id,
        after=last,
        reason=reason or None,
    )
    store.write(work, REVOKE)
    return last


def foresee_hand_over(store: Store, leaver: str, successor: str, department: str = "") -> Handing:
    """What `hand_over` would do, refused where that would be; writes nothing."""
    department = department or store.department
    old, new = _leaver_and_successor(store, leaver, successor, department)
    granted = _to_grant(store, old, new, department)
    return Handing(
        tuple(dict.fromkeys(role for role, _ in granted)),
        tuple(role for role in old.roles if role in new.roles),
        _open_items(store, old, department),
        Role.ADMINISTRATOR in new.roles,
        old.station_id == store.station,
    )


def hand_over(store: Store, leaver: str, successor: str, department: str = "") -> Handed:
    """Give a successor the roles of someone who leaves, tell what is open, take back the rights.

    One change. Where the one who leaves is this station's own, its rights go last: nothing more
    can be written here in the department's name.
    """
    department = department or store.department
    old, new = _leaver_and_successor(store, leaver, successor, department)
    granted = _to_grant(store, old, new, department)
    last = _last_to_count(store, old)
    work = circle.draft(store, department)
    for role, part in granted:
        circle.give(store, work, department, role, (new.record, new.station_id), part)
    work.new("revocation", owner=department, station_id=old.station_id, after=last)
    open_ = _open_items(store, old, department)
    store.write(work, HAND_OVER)
    return Handed(tuple(dict.fromkeys(role for role, _ in granted)), last, open_)


def _leaver_and_successor(
    store: Store, leaver: str, successor: str, department: str
) -> tuple[Member, Member]:
    """Who leaves and who takes over; raises Refused where it cannot be."""
    circle.refuse_unless_administrator(store, department)
    old = circle.find_member(store, leaver, department)
    new = circle.find_member(store, successor, department)
    if old.station_id == new.station_id:
        raise Refused("On ne passe pas la main à soi-même.")
    if old.revoked_after is not None:
        raise Refused(f"Les droits de « {old.name} » sont déjà retirés.")
    if new.revoked_after is not None:
        raise Refused(f"Les droits de « {new.name} » sont retirés : levez d’abord le retrait.")
    if Role.ADMINISTRATOR in old.roles and Role.ADMINISTRATOR not in new.roles:
        raise Refused(
            f"« {old.name} » est administrateur : admettez d’abord « {new.name} » comme "
            "administrateur, par sa demande, pour qu’il reçoive aussi la clé du département."
        )
    return old, new


def _to_grant(store: Store, old: Member, new: Member, department: str) -> list[tuple[Role, Part]]:
    held = circle.given(store, department, new.station_id)
    return [each for each in circle.given(store, department, old.station_id) if each not in held]


def _last_to_count(store: Store, leaver: Member) -> int:
    """Of this station, the handing over itself still counts."""
    return leaver.last_number + (1 if leaver.station_id == store.station else 0)


def _open_items(store: Store, leaver: Member, department: str) -> tuple[dict[str, str], ...]:
    with store.reading() as read:
        codes = set(circle.codes_of(read, leaver.station_id))
        due = overview.due_items(read, store.today(), (department,))
    return tuple(
        {
            "reference": each.reference,
            "title": each.title,
            "what": each.what,
            "due_on": each.due_on.isoformat() if each.due_on else "",
        }
        for each in due
        if each.state in _OPEN and codes.intersection(each.reference.split("-")[2:3])
    )


def reminders(store: Store) -> list[str]:
    """What an administrator is to be reminded of; nothing at other stations, nor at once.

    A department of one station says nothing for 30 days; then it asks for a second administrator,
    so that nobody is locked out of its records.
    """
    found: list[str] = []
    for department in administered(store):
        held = [each for each in members(store) if each.department == department]
        standing = [
            each for each in held if Role.ADMINISTRATOR in each.roles and each.revoked_after is None
        ]
        first = min((each.since for each in held if each.since), default=None)
        alone = len(standing) < 2 and len(held) > 1
        if alone and first is not None and store.today() - first >= _ALONE:
            found.append(
                f"Le département {department} n’a qu’un administrateur depuis plus de 30 jours : "
                "admettez-en un second, et imprimez la clé de secours."
            )
    return found


def administered(store: Store) -> list[str]:
    """The departments in which this station gives rights."""
    return sorted(
        {
            each.department
            for each in members(store)
            if each.station_id == store.station
            and Role.ADMINISTRATOR in each.roles
            and each.revoked_after is None
        }
    )
