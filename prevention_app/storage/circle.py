"""Who belongs: this station and the others, the keys that are trusted, the roles that are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.signing import SigningKey, VerifyKey

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import Role
from prevention_app.domain import rights as law
from prevention_app.errors import Damaged, NotFound, Refused
from prevention_app.storage import (
    acts,
    founding,
    identity,
    journal,
    keys,
    station_keys,
    withdrawals,
)
from prevention_app.storage.engine import Connection
from prevention_app.storage.query import Condition, Query, Reader
from prevention_app.storage.station_keys import Known
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work


@dataclass(frozen=True, slots=True)
class Identity:
    """A station as its record says."""

    record: str
    station_id: str
    name: str
    code: str
    public_key: str
    user: str


@dataclass(frozen=True, slots=True)
class Part:
    """What part of a department a role is given for: ids, empty for the whole."""

    org_unit: str = ""
    site: str = ""


@dataclass(slots=True)
class Member:
    """A station that has, or had, roles in a department."""

    station_id: str
    record: str
    name: str
    code: str
    user: str
    department: str
    roles: list[Role] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    last_number: int = 0
    """Of its entries held here."""
    last_heard: date | None = None
    revoked_after: int | None = None
    revoked_on: date | None = None


_Named = TypeVar("_Named", Member, Known)


# -- stations ----------------------------------------------------------------------------------


def this_station(store: Store) -> Identity:
    """This station as its record says."""
    with store.reading() as read:
        record = station_record(read, store.station)
        user = read.titles("user", [store.author]).get(store.author, "")
    if record is None:
        raise Damaged("La fiche de cet ordinateur manque : reprenez une sauvegarde.")
    return Identity(
        record.id,
        store.station,
        text_of(record, "name"),
        text_of(record, "station_code"),
        store.key.public,
        user,
    )


def station_record(read: Reader, station_id: str) -> Record | None:
    """The record of a station; where an administrator wrote another, that one, the newest."""
    found = filter(_is_credible, read.records(_of_station("station", station_id)))
    return max(found, key=_age, default=None)


def _is_credible(record: Record) -> bool:
    """Whether a record of a station may say who it is: no other station's own record may."""
    return station_keys.may_speak(record.id, record.owner, text_of(record, "station_id"))


def _age(record: Record) -> tuple[bool, str]:
    return not identity.is_derived(record.id), record.id


def _of_station(register: str, station_id: str, *owners: str) -> Query:
    return Query(register, where=(Condition("station_id", value=station_id),), owners=tuple(owners))


def text_of(record: Record, key: str) -> str:
    """A text field of a record; empty where nothing is written."""
    return str(getattr(record, key, None) or "")


def codes_of(read: Reader, station_id: str) -> list[str]:
    """The codes in the references of a station, the earlier ones too."""
    rows = read.connection.exec_driver_sql(
        "SELECT code FROM station_code WHERE station = ?", (station_id,)
    )
    return [str(code) for code in rows.scalars()]


def find_member(store: Store, named: str, department: str) -> Member:
    """The one station of a department that a person may mean by a name, a code or a user."""
    with store.reading() as read:
        held = [each for each in members(read) if each.department == department]
    found = _meant(
        named,
        [(each, each.station_id) for each in held],
        [(each, each.code) for each in held],
        [(each, each.name) for each in held],
        [(each, each.user) for each in held],
    )
    if found is None:
        raise NotFound(f"Aucun ordinateur du département {department} ne s’appelle « {named} ».")
    return found


def find_station(known: Sequence[Known], named: str) -> Known:
    """The one of these stations that a person may mean by its id, its code or its name."""
    found = _meant(
        named,
        [(each, each.station) for each in known],
        [(each, each.code) for each in known],
        [(each, each.name) for each in known],
    )
    if found is None:
        raise NotFound(f"Aucun ordinateur « {named} » n’est connu ici.")
    return found


def _meant(named: str, *ways: Sequence[tuple[_Named, str]]) -> _Named | None:
    """What a name means in the first of these ways that knows it; raises Refused for several."""
    wanted = fold(named.strip())
    for way in ways:
        found = [each for each, said in way if fold(said) == wanted]
        if len(found) > 1:
            codes = ", ".join(each.code for each in found)
            raise Refused(
                f"Plusieurs ordinateurs s’appellent « {named} » : désignez-le par son code "
                f"({codes})."
            )
        if found:
            return found[0]
    return None


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, accents and the order of their words."""
    return sorted(fold(one).replace("-", " ").split()) == sorted(
        fold(other).replace("-", " ").split()
    )


def members(read: Reader) -> list[Member]:
    """All stations with a grant that counts, department by department."""
    standing = acts.evaluate(read.connection)
    credible = sorted(filter(_is_credible, read.records(Query("station"))), key=_age)
    records = {text_of(each, "station_id"): each for each in credible}
    of_department = {(each.owner, text_of(each, "station_id")): each for each in credible}
    written = _written_at(read.connection, "DROI")
    revoked = withdrawals.days(read.connection, standing)
    ends = {
        (each.owner, text_of(each, "station_id"), text_of(each, "role")): getattr(
            each, "until", None
        )
        for each in read.records(Query("grant"))
    }
    heard = _last_heads(read.connection)
    users = read.titles("user", [author for _, _, author in heard.values()])
    found: list[Member] = []
    for (department, station), grants in sorted(standing.grants.items()):
        record = of_department.get((department, station)) or records.get(station)
        number, clock, author = heard.get(station, (0, 0, ""))
        member = Member(
            station,
            record.id if record else "",
            text_of(record, "name") if record else station[:8],
            text_of(record, "station_code") if record else "",
            users.get(author, ""),
            department,
            last_number=number,
            last_heard=_day(clock),
            revoked_after=standing.limits.get((department, station)),
            revoked_on=revoked.get((department, station)),
        )
        member.roles = [role for role in Role if any(each.role == str(role) for each in grants)]
        member.since = min(
            (day for each in grants if (day := written.get(each.record))), default=None
        )
        days = [ends.get((department, station, each.role)) for each in grants]
        member.until = max((day for day in days if day), default=None) if all(days) else None
        found.append(member)
    return found


def _written_at(connection: Connection, register: str) -> dict[str, date]:
    """Record → the day on which the first of its leaves was written."""
    rows = connection.exec_driver_sql(
        "SELECT l.record, min(h.clock) FROM r_grant g JOIN leaf l ON l.record = g._id "
        "JOIN head h ON h.station = l.station AND h.number = l.number "
        "WHERE l.register = ? GROUP BY l.record",
        (register,),
    )
    return {str(record): day for record, clock in rows if (day := _day(clock))}


def _last_heads(connection: Connection) -> dict[str, tuple[int, int, str]]:
    """Station → number, clock and author of its last entry held here."""
    rows = connection.exec_driver_sql(
        "SELECT h.station, h.number, h.clock, h.author FROM chain c "
        "JOIN head h ON h.station = c.station AND h.number = c.last"
    )
    return {
        str(station): (int(number), int(clock), str(author))
        for station, number, clock, author in rows
    }


def _day(clock: int) -> date | None:
    return datetime.fromtimestamp(journal.clock_time(clock), UTC).date() if clock else None


# -- keys --------------------------------------------------------------------------------------


def roots(store: Store) -> dict[str, str]:
    """Department → the key that this station trusts for it, hexadecimal."""
    with store.connecting() as connection:
        return acts.roots(connection)


def root_key(store: Store, department: str) -> SigningKey:
    """The department's key; raises Refused where it is not kept here."""
    public = roots(store).get(department)
    found = keys.find_root(public) if public else None
    if found is None:
        raise Refused(
            f"La clé du département {department} n’est pas sur cet ordinateur : faites-le sur "
            "celui d’un administrateur, ou servez-vous de la clé de secours."
        )
    return found


def sealed(secret: SigningKey, public: str) -> str:
    """A key that only the station with this public key can read, hexadecimal."""
    box = SealedBox(VerifyKey(bytes.fromhex(public)).to_curve25519_public_key())
    return box.encrypt(secret.encode()).hex()


def unsealed(store: Store, text: str) -> SigningKey:
    """A key that was sealed to this station."""
    try:
        return SigningKey(store.key.unseal(bytes.fromhex(text)))
    except (CryptoError, ValueError) as error:
        raise Refused("La clé jointe n’est pas pour cet ordinateur.") from error


# -- roles -------------------------------------------------------------------------------------


def is_alone(store: Store) -> bool:
    """Whether nobody but this workspace was ever given a role by the keys that it trusts."""
    with store.connecting() as connection:
        holders = {station for _, station in acts.evaluate(connection).grants}
        former = founding.former(connection)
    return holders <= {*former, store.station}


def administers(store: Store, department: str) -> bool:
    """Whether this station may give rights in a department."""
    with store.connecting() as connection:
        standing = acts.evaluate(connection)
    limited = (department, store.station) in standing.limits
    return not limited and standing.is_administrator(department, store.station)


def is_revoked(store: Store, department: str, station_id: str) -> bool:
    """Whether what a station writes from some number on no longer counts in a department."""
    with store.connecting() as connection:
        return (department, station_id) in acts.evaluate(connection).limits


def refuse_unless_administrator(store: Store, department: str) -> None:
    """Raise Refused where this station may not give rights in a department."""
    if not administers(store, department):
        raise Refused(
            f"Cet ordinateur n’est pas administrateur du département {department} : "
            "rien n’a été changé."
        )


def given(store: Store, department: str, station_id: str) -> list[tuple[Role, Part]]:
    """The roles that a station has in a department, each with the part that it is for."""
    with store.connecting() as connection:
        grants = acts.evaluate(connection).grants.get((department, station_id), ())
    found = [
        (role, Part(each.org_unit, each.site))
        for each in grants
        for role in Role
        if each.role == str(role)
    ]
    return list(dict.fromkeys(found))


def draft(store: Store, department: str) -> Work:
    """An open change in a department's name, whatever roles this station has there yet."""
    return Work(store.catalogue, {*store.departments, department}, department, store.why_no_role)


def give(
    store: Store,
    work: Work,
    department: str,
    role: Role,
    member: tuple[str, str],
    part: Part,
    *,
    until: date | None = None,
    root: SigningKey | None = None,
) -> None:
    """Write a grant for a station (id of its record, its own id); signed where `root` is given."""
    record, station_id = member
    grant = law.Grant(
        writer=store.station,
        number=0,
        record="",
        department=department,
        holder=station_id,
        role=str(role),
        org_unit=part.org_unit,
        site=part.site,
    )
    signature = acts.sign(root, grant) if root else None
    work.new(
        "grant",
        owner=department,
        station=record or None,
        role=role,
        station_id=station_id,
        org_unit=part.org_unit or None,
        site=part.site or None,
        until=until,
        root_signature=signature,
    )


def lift_all(store: Store, work: Work, department: str, station: str, root: SigningKey) -> int:
    """Take back all revocations of a station, by the department's key; returns how many."""
    with store.reading() as read:
        found = read.records(_of_station("revocation", station, department))
    for each in found:
        act = law.Lift(
            writer=store.station,
            number=0,
            record="",
            department=department,
            revocation=each.id,
            signature="",
        )
        work.new(
            "revocation_lift",
            owner=department,
            revocation=each.id,
            root_signature=acts.sign(root, act),
        )
    return len(found)


def part_named(store: Store, department: str, *, org_unit: str = "", site: str = "") -> Part:
    """The part of a department that a person names; raises NotFound or Refused."""
    with store.reading() as read:
        return Part(
            _named(read, "org_unit", org_unit, department) if org_unit else "",
            _named(read, "site", site, department) if site else "",
        )


def _named(read: Reader, register: str, name: str, department: str) -> str:
    label = read.catalogue[register].label_fr
    found = [
        each
        for each in read.records(Query(register, owners=(department,)))
        if fold(text_of(each, "name")) == fold(name)
    ]
    if not found:
        raise NotFound(f"« {label} » : rien ne s’appelle « {name} » dans le {department}.")
    if len(found) > 1:
        raise Refused(f"« {label} » : plusieurs fiches s’appellent « {name} ».")
    return found[0].id
