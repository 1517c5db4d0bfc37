"""The acts by which rights are given and taken, as the journal holds them, and what they add up to.

An act is what the plain leaf says that creates its record; what is written over it later is shown
and judged by nobody. Only of a rule, each value that it ever had counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from nacl.signing import SigningKey

from prevention_app.catalogue.description import Catalogue
from prevention_app.domain.rights import (
    Act,
    Admission,
    Founding,
    Grant,
    Lift,
    Revocation,
    Rights,
    Ruling,
    Shown,
    signed_bytes,
)
from prevention_app.storage import journal, keys, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import NewLeaf

CODES: Final = ("RACI", "DROI", "REVO", "LEVE", "ADMI", "REGL", "SORT")
"""Codes of the registers of rights; an index of the journal knows them by the same words."""
JUDGED_ALONE: Final = CODES[:5]
"""Those of them whose records are acts and no rules: they count as acts, or not at all."""
ACTS_ONLY: Final = f"register IN ({', '.join(repr(code) for code in CODES)})"
_ROOTS: Final = "roots"
_TOLD: Final = "told_roots"
_EDITION: Final = "rights"


def roots(connection: Connection) -> dict[str, str]:
    """Department → the public key that this station trusts for it."""
    return json.loads(journal.get_meta(connection, _ROOTS) or "{}")


def told_roots(connection: Connection) -> dict[str, str]:
    """Department → the key under which people founded it here, or joined."""
    return json.loads(journal.get_meta(connection, _TOLD) or "{}") or roots(connection)


def set_roots(connection: Connection, told: Mapping[str, str]) -> None:
    """Trust these keys, as people told them; the caller follows what is recognised, and judges."""
    journal.set_meta(connection, _TOLD, json.dumps(dict(told), sort_keys=True))
    _trust(connection, told)


def follow_roots(connection: Connection, trusted: Mapping[str, str]) -> None:
    """Trust these keys, as they follow from what people told and what is recognised."""
    journal.set_meta(connection, _TOLD, json.dumps(told_roots(connection), sort_keys=True))
    _trust(connection, trusted)


def _trust(connection: Connection, trusted: Mapping[str, str]) -> None:
    journal.set_meta(connection, _ROOTS, json.dumps(dict(trusted), sort_keys=True))


def new_roots(departments: Iterable[str]) -> dict[str, SigningKey]:
    """Make and keep the keys of departments that are founded here."""
    made = {department: SigningKey.generate() for department in departments}
    for key in made.values():
        keys.keep_root(key)
    return made


def sign(key: SigningKey, act: Grant | Lift) -> str:
    """The signature of an act by a department's key, as its record holds it."""
    return key.sign(signed_bytes(act)).signature.hex()


def edition(connection: Connection) -> str:
    """Changes whenever the answers of `evaluate` or `shown` may."""
    rows = connection.exec_driver_sql(
        "SELECT value FROM meta WHERE key IN (?, ?) ORDER BY key", (_EDITION, _ROOTS)
    )
    return "\0".join(rows.scalars())


def set_edition(connection: Connection, word: str) -> None:
    """Say that acts came."""
    journal.set_meta(connection, _EDITION, word)


@dataclass(frozen=True, slots=True)
class Fresh:
    """The leaves of an entry that is about to be written."""

    station: str
    number: int
    leaves: Sequence[NewLeaf]


def evaluate(connection: Connection, fresh: Fresh | None = None) -> Rights:
    """What the acts held add up to, with those of an entry about to be written."""
    return evaluate_under(connection, roots(connection), fresh)


def evaluate_under(
    connection: Connection, trusted: Mapping[str, str], fresh: Fresh | None = None
) -> Rights:
    """What the acts held would add up to, were these keys trusted."""
    return Rights(held(connection, fresh), trusted, _verify)


@lru_cache(maxsize=4096)
def _verify(public: str, signed: bytes, signature: str) -> bool:
    try:
        return keys.verify(public, signed, bytes.fromhex(signature))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A plain leaf of a register of rights."""

    station: str
    number: int
    owner: str
    register: str
    body: Mapping[str, Any]

    @property
    def record(self) -> str:
        return str(self.body["r"])

    @property
    def writes(self) -> Mapping[str, Any]:
        found: Any = self.body.get("w")
        return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}

    def text(self, name: str) -> str:
        found = self.writes.get(name)
        return found if isinstance(found, str) else ""

    @property
    def act(self) -> dict[str, Any]:
        return {
            "writer": self.station,
            "number": self.number,
            "record": self.record,
            "department": self.owner,
        }


def held(connection: Connection, fresh: Fresh | None = None) -> Iterator[Act]:
    """All acts that are here, whether they count or not."""
    rules: dict[str, list[_Leaf]] = {}
    for leaf in _leaves(connection, fresh):
        if leaf.register == "REGL":
            rules.setdefault(leaf.record, []).append(leaf)
        elif "c" in leaf.body:
            act = _act_of(connection, leaf)
            if act is not None:
                yield act
    for leaves in rules.values():
        yield from _rulings(leaves)


def _leaves(connection: Connection, fresh: Fresh | None) -> Iterator[_Leaf]:
    rows = connection.exec_driver_sql(
        "SELECT station, number, owner, register, body FROM leaf "
        f"WHERE {ACTS_ONLY} AND kind = 'p' AND body IS NOT NULL"
    ).all()
    for station, number, owner, register, body in rows:
        content = journal.content_of(body)
        if content is not None and "r" in content:
            yield _Leaf(station, number, owner, register, content)
    if fresh is not None:
        for leaf in fresh.leaves:
            if leaf.register in CODES and leaf.kind == "p":
                yield _Leaf(fresh.station, fresh.number, leaf.owner, leaf.register, leaf.body)


def _act_of(connection: Connection, leaf: _Leaf) -> Act | None:
    """The act that a creating leaf is; None where it makes no sense."""
    match leaf.register:
        case "RACI":
            return Founding(**leaf.act, public_key=leaf.text("public_key"))
        case "DROI":
            return Grant(
                **leaf.act,
                holder=leaf.text("station_id") or _station_of(connection, leaf.text("station")),
                role=leaf.text("role"),
                org_unit=leaf.text("org_unit"),
                site=leaf.text("site"),
                audit=leaf.text("audit"),
                signature=leaf.text("root_signature"),
            )
        case "REVO" if _is_number(leaf.text("after")):
            after = int(leaf.text("after"))
            return Revocation(**leaf.act, revoked=leaf.text("station_id"), after=after)
        case "LEVE":
            signature = leaf.text("root_signature")
            return Lift(**leaf.act, revocation=leaf.text("revocation"), signature=signature)
        case "ADMI" if _is_number(leaf.text("number")):
            at = int(leaf.text("number"))
            return Admission(
                **leaf.act, admitted=leaf.text("station_id"), at=at, of=leaf.text("record")
            )
        case _:
            return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _station_of(connection: Connection, record: str) -> str:
    """The station of a station's record: grants of the first versions name that alone."""
    for body in connection.exec_driver_sql(
        "SELECT body FROM leaf WHERE record = ? AND kind = 'p' AND body IS NOT NULL", (record,)
    ).scalars():
        written = (journal.content_of(body) or {}).get("w", {})
        if "station_id" in written:
            return str(written["station_id"])
    return ""


def _rulings(leaves: Sequence[_Leaf]) -> Iterator[Ruling]:
    """All that one rule ever allowed, of the role and category with which it was made."""
    made = next((leaf for leaf in leaves if "c" in leaf.body), None)
    if made is not None:
        for leaf in leaves:
            if "writes" in leaf.writes:
                yield Ruling(
                    **leaf.act,
                    role=made.text("role"),
                    category=made.text("category"),
                    writes=leaf.text("writes"),
                )


# -- what departments decided, as it is shown now ----------------------------------------------


def shown(connection: Connection, catalogue: Catalogue) -> Shown:
    """The rules and outflows that the tables show; of two about one thing, the narrower one."""
    if "role_rule" not in catalogue:
        return Shown()
    rules: dict[tuple[str, str, str], tuple[str, str]] = {}
    for owner, role, category, reads, writes in connection.exec_driver_sql(
        "SELECT _owner, role, category, reads, writes "
        f'FROM "{tables.table_name(catalogue["role_rule"])}" WHERE _deleted = 0'
    ):
        key = (str(owner), str(role), str(category))
        found = (_extent(reads), _extent(writes))
        earlier = rules.get(key, found)
        rules[key] = (_narrower(earlier[0], found[0]), _narrower(earlier[1], found[1]))
    rows = connection.exec_driver_sql(
        "SELECT _owner, register_key, receiver, extent "
        f'FROM "{tables.table_name(catalogue["outflow"])}" WHERE _deleted = 0'
    ).all()
    open_ = {(owner, key, to) for owner, key, to, extent in rows if extent == "everything"}
    less = {(owner, key, to) for owner, key, to, extent in rows if extent != "everything"}
    return Shown(rules, frozenset(open_ - less))


_EXTENTS: Final = ("nothing", "without_names", "everything")


def _extent(value: object) -> str:
    return str(value) if value in _EXTENTS else "nothing"


def _narrower(one: str, other: str) -> str:
    return min(one, other, key=_EXTENTS.index)
