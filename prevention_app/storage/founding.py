"""How a department's rights begin: its key is made, and signs the first roles.

It happens unnoticed when a workspace is made. A workspace that was copied, moved or restored goes
on as another station: the key makes it adviser and administrator again, or, where the key is not
on this machine, a new one does so, as long as nobody but this workspace ever had a role.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from nacl.signing import SigningKey

from prevention_app.domain.rights import Grant
from prevention_app.storage import acts, identity, journal, keys
from prevention_app.storage.engine import Connection
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.work import Work

_FORMER: Final = "former"
"""Names in the workspace the stations under whose identity it was written before."""
_FIRST_ROLES: Final = ("adviser", "administrator")
_FIRST: Final = "first_entry"
"""Names in the workspace what the first entry of its station is to say, until it is written."""


@dataclass(frozen=True, slots=True)
class First:
    """What the first entry of a station says: its name, its user, where both have roles."""

    name: str
    user: str
    departments: Sequence[str]


def begin(connection: Connection, station: str, department: str, first: First) -> None:
    """Give a workspace the identity of a new station; its first entry is to be written next.

    Whoever is interrupted between the two writes it when the workspace is opened again.
    """
    journal.set_meta(connection, "station", station)
    journal.set_meta(connection, "author", first_user(station, department))
    journal.set_meta(connection, "department", department)
    journal.set_meta(connection, _FIRST, json.dumps(asdict(first)))
    journal.start_chain(connection, station)


def unwritten(connection: Connection) -> First | None:
    """What the first entry is to say; None once it is written."""
    told = journal.get_meta(connection, _FIRST)
    return First(**json.loads(told)) if told else None


def is_written(connection: Connection) -> None:
    """Note that the first entry is part of the journal."""
    journal.set_meta(connection, _FIRST, "")


def as_copy(read: Reader, station: str, author: str, department: str) -> First:
    """What a copy of a station says of itself."""
    name = next(
        (
            str(getattr(each, "name", ""))
            for each in read.records(Query("station"))
            if getattr(each, "station_id", "") == station
        ),
        "",
    )
    user = read.titles("user", [author]).get(author, "")
    roles = departments_of(read.connection, station)
    return First(_copy_of(name), user, roles or [department])


def _copy_of(name: str) -> str:
    """« Bureau (copie) » of « Bureau », then « Bureau (copie 2) »."""
    found = re.fullmatch(r"(.*) \(copie(?: (\d+))?\)", name)
    if found is None:
        return f"{name} (copie)"
    return f"{found[1]} (copie {int(found[2] or 1) + 1})"


def own_code(connection: Connection, station: str) -> str:
    """The code of this station, chosen now unless it was before."""
    known = connection.exec_driver_sql(
        "SELECT code FROM station_code WHERE station = ? ORDER BY since DESC", (station,)
    ).scalar()
    if known is not None:
        return str(known)
    taken = connection.exec_driver_sql("SELECT code FROM station_code").scalars()
    code = identity.new_station_code(set(map(str, taken)))
    connection.exec_driver_sql(
        "INSERT INTO station_code "
        "VALUES (?, ?, (SELECT coalesce(max(since), -1) + 1 FROM station_code))",
        (code, station),
    )
    return code


def departments_of(connection: Connection, station: str) -> list[str]:
    """The departments in which a station has roles, be they written before there were keys."""
    found = acts.evaluate(connection).departments(station)
    known = acts.roots(connection)
    return found or sorted(
        {each.department for each in _grants(connection) if each.holder == station} - set(known)
    )


def first_user(station: str, department: str) -> str:
    """The id of the record of the person who made a station's workspace."""
    return identity.derived_id(station, department, "UTIL")


def note_former(connection: Connection) -> None:
    """Remember the identity that this workspace had so far."""
    known = {*former(connection), journal.get_meta(connection, "station")}
    journal.set_meta(connection, _FORMER, json.dumps(sorted(known)))


def found(
    connection: Connection, work: Work, station: str, record: str, departments: Iterable[str]
) -> dict[str, str]:
    """Write what makes a station adviser and administrator; returns the keys then told.

    `record` is that of the station. Where only an administrator elsewhere can give it a role,
    nothing is written.
    """
    trusted = acts.roots(connection)
    wanted = list(departments)
    roots = {each: keys.find_root(trusted[each]) for each in wanted if each in trusted}
    made = acts.new_roots(
        each for each in wanted if not roots.get(each) and _is_its_own(connection, station, each)
    )
    for department in wanted:
        root = made.get(department) or roots.get(department)
        if root is None:
            continue
        if department in made:
            trusted[department] = keys.public_half(root)
            work.new(
                "department_root",
                owner=department,
                public_key=trusted[department],
                founder=station,
            )
            for each in _roles_of_others(connection, department, station):
                _give(connection, work, root, each)
        for role in _FIRST_ROLES:
            first = _grant(department, station, role)
            _give(connection, work, root, first, record)
    return acts.told_roots(connection) | {each: trusted[each] for each in made}


def former(connection: Connection) -> set[str]:
    """The stations under whose identity this workspace was written before."""
    return set(json.loads(journal.get_meta(connection, _FORMER) or "[]"))


def _is_its_own(connection: Connection, station: str, department: str) -> bool:
    """Nobody but this workspace, under whatever identity, has a role in the department."""
    if department not in acts.roots(connection):
        return True
    holders = {holder for owner, holder in acts.evaluate(connection).grants if owner == department}
    return holders <= {*former(connection), station}


def _roles_of_others(connection: Connection, department: str, station: str) -> list[Grant]:
    """What another key gave, or was written before there were keys: the new one gives it too."""
    rights = acts.evaluate(connection)
    if department in rights.roots:
        held = [grant for each in rights.grants.values() for grant in each]
    else:
        held = _grants(connection)
    return [each for each in held if each.department == department and each.holder != station]


def _grants(connection: Connection) -> list[Grant]:
    return [each for each in acts.held(connection) if isinstance(each, Grant) and each.holder]


def _grant(department: str, station: str, role: str) -> Grant:
    return Grant(writer="", number=0, record="", department=department, holder=station, role=role)


def _give(
    connection: Connection, work: Work, root: SigningKey, grant: Grant, record: str = ""
) -> None:
    known = (
        record
        or connection.exec_driver_sql(
            "SELECT _id FROM r_station WHERE station_id = ?", (grant.holder,)
        ).scalar()
    )
    work.new(
        "grant",
        owner=grant.department,
        station=known,
        station_id=grant.holder,
        role=grant.role,
        org_unit=grant.org_unit or None,
        site=grant.site or None,
        audit=grant.audit or None,
        root_signature=acts.sign(root, grant),
    )
