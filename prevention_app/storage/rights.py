"""Which leaves count: those whose writers had the right to write them. The others are kept aside.

A leaf is judged when it comes, and again when an act changes what its station may. What is decided
follows from the acts held and the roots trusted (`domain/rights.py`), whatever came first.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from prevention_app.catalogue.description import Catalogue, Entity
from prevention_app.catalogue.vocabulary import Role
from prevention_app.domain.rights import Claim, Rights, Scope, Shown
from prevention_app.errors import Refused
from prevention_app.storage import acts, identity, journal, receive
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import NewLeaf, Row
from prevention_app.storage.work import Touched

Place = tuple[str, int, int]
"""Station, number of the entry, position of the leaf."""
_JUDGED: Final = "judged"
"""Names in the workspace by what the leaves of each station were judged."""
_UNKNOWN: Final = "prevention"
"""The category of registers that users added, and of those that this version does not know."""
_COLUMNS: Final = (
    "station, number, position, owner, register, kind, record, "
    "CASE WHEN json_valid(CAST(coalesce(body, erased) AS TEXT)) "
    "THEN json_extract(CAST(coalesce(body, erased) AS TEXT), '$.o') END"
)
_BARE: Final = "station, number, position, owner, register, kind, record, NULL"


def sees(
    connection: Connection, catalogue: Catalogue, station: str
) -> Callable[[str, str, str], bool]:
    """Tells of (owner, code of a register, kind of leaf) whether a station may be told it."""
    sight = acts.evaluate(connection).reads(station, acts.shown(connection, catalogue))
    known: dict[tuple[str, str, str], bool] = {}

    def seen(owner: str, code: str, kind: str) -> bool:
        asked = (owner, code, kind)
        if asked not in known:
            entity = catalogue.by_code.get(code)
            key, category = (entity.key, entity.category) if entity else ("", _UNKNOWN)
            known[asked] = sight.sees(owner, key, category, kind)
        return known[asked]

    return seen


# -- judging one leaf --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What a leaf is judged by."""

    place: Place
    owner: str
    register: str
    kind: str
    record: str
    scope: Scope


class _Judge:
    """Judges many leaves: those of one class and station alike, where they can be."""

    def __init__(self, connection: Connection, catalogue: Catalogue, rights: Rights) -> None:
        self._connection = connection
        self._rights = rights
        self._categories = {each.code: each.category for each in catalogue}
        self._limited: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[Any, ...], str | None] = {}

    def reason(self, leaf: _Leaf) -> str | None:
        """Why a leaf does not count; None where it does."""
        if not identity.belongs(leaf.record, leaf.owner, leaf.register):
            return "class"
        if not self._rights.roots:
            return None  # nothing is trusted yet: the workspace was made before there were rights
        category = self._categories.get(leaf.register, _UNKNOWN)
        station, number, _ = leaf.place
        alone = category in ("rights", "identity")
        if alone or (station, number, leaf.record) in self._rights.admitted_places:
            return self._rights.refusal(self._claim(leaf, category))
        band = self._rights.band(station, number)
        asked = (station, leaf.owner, leaf.register, leaf.kind, band, self._where(leaf))
        if asked not in self._known:
            self._known[asked] = self._rights.refusal(self._claim(leaf, category))
        return self._known[asked]

    def _where(self, leaf: _Leaf) -> str:
        """The scope of a leaf, where the rights of its station depend on it."""
        station = leaf.place[0]
        if station not in self._limited:
            self._limited[station] = self._rights.limited(station)
        return repr(leaf.scope) if leaf.owner in self._limited[station] else ""

    def _claim(self, leaf: _Leaf, category: str) -> Claim:
        station, number, _ = leaf.place
        return Claim(
            station=station,
            number=number,
            owner=leaf.owner,
            category=category,
            kind=leaf.kind,
            record=leaf.record,
            scope=leaf.scope,
            own=category == "identity"
            and _speaks_for(station, leaf.record, leaf.owner, leaf.register),
            act=leaf.register in acts.JUDGED_ALONE and self._creates(leaf),
        )

    def _creates(self, leaf: _Leaf) -> bool:
        return "c" in _content(self._connection, leaf)


def _speaks_for(station: str, record: str, owner: str, register: str) -> bool:
    """Whether a record is the one that stands for a station, or for its first user."""
    return record == identity.derived_id(station, owner, register)


# -- writing here ------------------------------------------------------------------------------


def standing(
    connection: Connection, catalogue: Catalogue, station: str, fresh: acts.Fresh | None = None
) -> Standing:
    """What a station may write now, with the acts of an entry that is about to be written."""
    rights = acts.evaluate(connection, fresh)
    limited = rights.limited(station)
    parts = {owner: each for owner, each in rights.parts(station).items() if owner in limited}
    return Standing(rights, acts.shown(connection, catalogue), station, limited, parts)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one station may write."""

    rights: Rights
    shown: Shown
    station: str
    limited: frozenset[str]
    """The departments in which its rights are for a part only."""
    parts: Mapping[str, frozenset[str]]
    """The units and sites of those parts."""
    _known: dict[tuple[Any, ...], str | None] = field(default_factory=dict)

    def refuse(self, leaf: NewLeaf, number: int, touched: Touched) -> None:
        """Raise Refused where the station may not write this leaf as this entry of its chain."""
        entity, scope = touched.entity, leaf.body.get("o", {})
        own = entity.category == "identity" and _speaks_for(
            self.station, touched.record.id, leaf.owner, entity.code
        )
        where = repr(scope) if leaf.owner in self.limited else ""
        record = touched.record.id if entity.category == "rights" else ""
        band = self.rights.band(self.station, number)
        asked = (leaf.owner, entity.key, leaf.kind, band, own, where, record)
        if asked not in self._known:
            claim = self._claim(entity, leaf.owner, leaf.kind, scope, number)
            act = touched.created and entity.code in acts.JUDGED_ALONE
            claim = dataclasses.replace(claim, own=own, record=record, act=act)
            self._known[asked] = self.rights.refusal(claim, self.shown)
        self._say(self._known[asked], entity, leaf.owner)

    def refuse_elsewhere(self, touched: Touched, scope: Scope, number: int) -> None:
        """Raise Refused where a record lay outside the part that the station's rights are for."""
        claim = self._claim(touched.entity, touched.record.owner, "p", scope, number)
        own = touched.entity.category == "identity"
        self._say(
            None if own else self.rights.refusal(claim, self.shown),
            touched.entity,
            touched.record.owner,
        )

    def _claim(self, entity: Entity, owner: str, kind: str, scope: Scope, number: int) -> Claim:
        return Claim(
            station=self.station,
            number=number,
            owner=owner,
            category=entity.category,
            kind=kind,
            scope=scope,
        )

    def _say(self, code: str | None, entity: Entity, owner: str) -> None:
        if code is None:
            return
        grants = self.rights.grants.get((owner, self.station), ())
        roles = " et ".join(
            f"« {each.label_fr} »" for each in Role if str(each) in {one.role for one in grants}
        )
        raise Refused(
            _SENTENCES[code].format(register=entity.label_fr, department=owner, roles=roles)
            if entity.category != "rights" or code not in ("role", "act")
            else _ADMINISTRATORS.format(department=owner)
        )


_SENTENCES: Final = {
    "no_root": "Cet ordinateur n’a pas de rôle dans le département {department}.",
    "no_role": "Cet ordinateur n’a pas de rôle dans le département {department}.",
    "revoked": (
        "Les droits de cet ordinateur dans le département {department} ont été retirés : "
        "ce qu’il écrirait dans « {register} » n’y compterait pas."
    ),
    "role": (
        "Le rôle {roles} ne permet pas d’écrire dans « {register} » pour le département "
        "{department}."
    ),
    "names": (
        "Le rôle {roles} ne permet pas d’écrire les données personnelles de « {register} » pour "
        "le département {department}."
    ),
    "scope": (
        "Le rôle {roles} est donné à cet ordinateur pour une partie du département {department} : "
        "cette fiche de « {register} » n’en fait pas partie."
    ),
    "shared": (
        "« {register} » est commun aux départements : seul un conseiller de prévention ou un "
        "administrateur y écrit."
    ),
}
_ADMINISTRATORS: Final = (
    "Seul un administrateur du département {department} y donne et y retire des droits ; "
    "seule la clé du département lève un retrait."
)


# -- judging the journal -----------------------------------------------------------------------


@dataclass(slots=True)
class Judged:
    """What judging changed."""

    aside: set[Place] = field(default_factory=set)
    """Leaves that went aside."""
    touched: set[str] = field(default_factory=set)
    """Records of which a leaf went aside or came back."""
    registers: set[str] = field(default_factory=set)
    """Codes of their registers."""
    erased: set[str] = field(default_factory=set)
    """Records whose bytes went because an erasure counts that did not before."""


def follow_acts(connection: Connection, catalogue: Catalogue) -> Judged:
    """Judge again what acts that came, or roots that are now trusted, bear on."""
    acts.set_edition(connection, secrets.token_hex(16))
    return judge_again(connection, catalogue)


def take_in(connection: Connection, catalogue: Catalogue, done: receive.Received) -> Judged:
    """Judge the leaves that just came, and again what acts among them bear on."""
    judged = Judged()
    if any(each.row.register in acts.CODES for each in done.delivered):
        judged = follow_acts(connection, catalogue)
    judge = _Judge(connection, catalogue, acts.evaluate(connection))
    fresh: dict[Place, str] = {}
    for each in done.delivered:
        leaf = _of_delivered(each)
        why = judge.reason(leaf)
        if why is not None:
            fresh[leaf.place] = why
    _put_aside(connection, fresh)
    receive.erase(connection, done, fresh)
    done.touched |= _judge_named(connection, judge)
    done.kept_aside = len({(station, number) for station, number, _ in fresh})
    done.touched |= judged.touched
    done.registers |= judged.registers
    done.erased |= bool(judged.erased)
    return judged


def judge_again(connection: Connection, catalogue: Catalogue, *, whole: bool = False) -> Judged:
    """Judge again the leaves of stations whose rights changed, and all acts; or all leaves."""
    rights = acts.evaluate(connection)
    now = {
        station: hashlib.sha256(rights.standing(station).encode()).hexdigest()[:16]
        for station in connection.exec_driver_sql("SELECT station FROM chain").scalars()
    }
    known: dict[str, str] = json.loads(journal.get_meta(connection, _JUDGED) or "{}")
    stale = {station for station in now if whole or known.get(station) != now[station]}
    if now != known:
        journal.set_meta(connection, _JUDGED, json.dumps(now, sort_keys=True))
    held = {(row[0], row[1], row[2]): str(row[3]) for row in _aside_of(connection, stale)}
    judge = _Judge(connection, catalogue, rights)
    found: dict[Place, str] = {}
    changed: list[_Leaf] = []
    for leaf in _leaves_of(connection, rights, stale):
        why = judge.reason(leaf)
        if why is not None:
            found[leaf.place] = why
        if (why is None) != (leaf.place not in held):
            changed.append(leaf)
    connection.exec_driver_sql(
        "DELETE FROM aside WHERE station = ? AND number = ? AND position = ?",
        [place for place in held if place not in found] or [("", 0, 0)],
    )
    _put_aside(connection, found)
    judged = _follow(connection, changed, found)
    judged.touched |= _judge_named(connection, judge)
    return judged


def _judge_named(connection: Connection, judge: _Judge) -> set[str]:
    """Judge the leaves known only by an erasure; the records of those judged otherwise than before.

    Elsewhere the same leaves came with their bytes, and stand aside if they do not count.
    """
    before = journal.named_aside(connection)
    found = {
        (record, kind, station, number)
        for record, kind, station, number, owner, register, scope in journal.named_only(connection)
        if judge.reason(
            _Leaf((station, number, journal.NOWHERE), owner, register, kind, record, scope)
        )
    }
    if found != before:
        journal.set_named_aside(connection, found)
    return {each[0] for each in found ^ before}


def differs(connection: Connection, catalogue: Catalogue) -> bool:
    """Whether what is aside is not what the acts say."""
    rights = acts.evaluate(connection)
    judge = _Judge(connection, catalogue, rights)
    stations = set(connection.exec_driver_sql("SELECT station FROM chain").scalars())
    expected = {
        (*leaf.place, why)
        for leaf in _leaves_of(connection, rights, stations)
        if (why := judge.reason(leaf)) is not None
    }
    return expected != {tuple(row) for row in connection.exec_driver_sql("SELECT * FROM aside")}


def _put_aside(connection: Connection, found: Mapping[Place, str]) -> None:
    if found:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO aside VALUES (?, ?, ?, ?)",
            [(*place, why) for place, why in found.items()],
        )


def _of_delivered(leaf: receive.Delivered) -> _Leaf:
    return _Leaf(
        (leaf.station, leaf.number, leaf.position),
        leaf.row.owner,
        leaf.row.register,
        leaf.row.kind,
        leaf.record,
        _scope_of(leaf.scope),
    )


def _scope_of(told: Any) -> Scope:
    return cast("Scope", told) if isinstance(told, dict) else {}


def _leaves_of(
    connection: Connection, rights: Rights, stations: Collection[str]
) -> Iterator[_Leaf]:
    """The leaves held of these stations, and those of the registers of rights of all."""
    for station in sorted(stations):
        columns = _COLUMNS if rights.limited(station) else _BARE
        yield from _read(
            connection.execution_options(yield_per=2000).exec_driver_sql(
                f"SELECT {columns} FROM leaf WHERE station = ? AND record IS NOT NULL", (station,)
            )
        )
    rows = connection.exec_driver_sql(
        f"SELECT {_BARE} FROM leaf WHERE {acts.ACTS_ONLY} AND record IS NOT NULL"
    ).all()
    yield from _read(row for row in rows if row[0] not in stations)


def _read(rows: Iterable[Sequence[Any]]) -> Iterator[_Leaf]:
    for station, number, position, owner, register, kind, record, scope in rows:
        told: Scope = json.loads(scope or "{}")
        yield _Leaf((station, number, position), owner, register, kind, record, told)


def _aside_of(connection: Connection, stations: Collection[str]) -> list[Sequence[Any]]:
    """What is aside of these stations, and of the registers of rights of all."""
    rows = connection.exec_driver_sql(
        "SELECT a.*, l.register FROM aside a JOIN leaf l USING (station, number, position)"
    ).all()
    return [row for row in rows if row[0] in stations or row[4] in acts.CODES]


def _follow(connection: Connection, changed: Sequence[_Leaf], aside: Mapping[Place, str]) -> Judged:
    """What it means for others that these leaves went aside or came back."""
    judged = Judged()
    if not changed:
        return judged
    delivery = journal.moment(connection).deliveries + 1
    journal.set_meta(connection, "deliveries", str(delivery))
    for leaf in changed:
        judged.touched.add(leaf.record)
        judged.registers.add(leaf.register)
        if leaf.place in aside:
            judged.aside.add(leaf.place)
    back = [leaf for leaf in changed if leaf.place not in aside]
    # Who has a form open now did not see them.
    connection.exec_driver_sql(
        "UPDATE leaf SET arrived = ? WHERE station = ? AND number = ? AND position = ?",
        [(delivery, *leaf.place) for leaf in back] or [(0, "", 0, 0)],
    )
    for leaf in changed:
        content = _content(connection, leaf) if leaf.kind != "p" else {}
        if "e" in content:
            if leaf.place in aside:
                _take_back_erasure(connection, leaf)
            else:
                row = Row(leaf.owner, leaf.register, leaf.kind, b"")
                receive.erase_named(connection, row, content, delivery)
                judged.erased.add(leaf.record)
    return judged


def _content(connection: Connection, leaf: _Leaf) -> dict[str, Any]:
    """What a leaf says; nothing where its bytes are not here."""
    body = connection.exec_driver_sql(
        "SELECT body FROM leaf WHERE station = ? AND number = ? AND position = ?", leaf.place
    ).scalar()
    return journal.content_of(body) or {}


def _take_back_erasure(connection: Connection, leaf: _Leaf) -> None:
    """An erasure that no longer counts holds nothing off: who still has the bytes may give them."""
    named = (leaf.record, leaf.kind)
    arrived = {
        (str(station), int(number)): int(delivery)
        for station, number, delivery in connection.exec_driver_sql(
            "SELECT station, number, arrived FROM erasure WHERE record = ? AND kind = ?", named
        )
    }
    connection.exec_driver_sql("DELETE FROM erasure WHERE record = ? AND kind = ?", named)
    for other in journal.leaves_of(connection, leaf.record):
        if other.kind == leaf.kind and other.leaf.erasure:
            row = Row(other.owner, other.register, other.kind, b"")
            receive.erase_named(connection, row, other.body)
    for (station, number), delivery in arrived.items():
        connection.exec_driver_sql(
            "UPDATE erasure SET arrived = ? "
            "WHERE record = ? AND kind = ? AND station = ? AND number = ?",
            (delivery, *named, station, number),
        )
        connection.exec_driver_sql(
            "UPDATE leaf SET record = NULL, erased = NULL WHERE station = ? AND number = ? "
            "AND record = ? AND kind = ? AND erased IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM erasure e WHERE e.record = leaf.record AND e.kind = leaf.kind "
            "AND e.station = leaf.station AND e.number = leaf.number)",
            (station, number, *named),
        )
        # What is absent is judged when it comes.
        connection.exec_driver_sql(
            "DELETE FROM aside WHERE station = ? AND number = ? AND position IN "
            "(SELECT position FROM leaf WHERE station = ? AND number = ? AND record IS NULL)",
            (station, number, station, number),
        )
