"""A station that asks to join: who it says it is, how it is taken in, how it follows."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import Refused, UnreadableFile
from prevention_app.storage import (
    acts,
    circle,
    entries,
    identity,
    journal,
    keys,
    station_keys,
    well_formed,
)
from prevention_app.storage.circle import Part
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry
from prevention_app.storage.station_keys import STATION_CODE
from prevention_app.storage.store import Store

_INCOMPLETE: Final = "Le fichier est abîmé ou incomplet : demandez-le à nouveau."
_PUBLIC: Final = re.compile(r"[0-9a-f]{64}")
_CODE: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{3}")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A station that asks to join, and the first entry of its chain."""

    station_id: str
    public_key: str
    name: str
    code: str
    user: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Welcomed:
    """What admitting a station decided."""

    code: str
    author: str
    """Id of the user's record: the author of what the station writes from now on."""


# -- as text -----------------------------------------------------------------------------------


def _first_entry(store: Store) -> Entry:
    """The first entry of this station's chain: it says who the station is."""
    with store.reading() as read:
        head, table, signature = read.connection.exec_driver_sql(
            "SELECT head, leaf_table, signature FROM head WHERE station = ? AND number = 1",
            (store.station,),
        ).one()
        leaves = journal.held_leaves(read.connection, store.station, 1)
    return Entry(head, table, signature, leaves)


def as_told(store: Store) -> dict[str, Any]:
    """What this station says of itself, as JSON can hold it."""
    me = circle.this_station(store)
    return {
        "station": me.station_id,
        "public_key": me.public_key,
        "name": me.name,
        "code": me.code,
        "user": me.user,
        "entry": entry_as_text(_first_entry(store)),
    }


def newcomer_of(told: Mapping[str, Any]) -> Newcomer:
    """What another station says of itself; raises UnreadableFile where that is incomplete."""
    try:
        return Newcomer(
            station_id=str(told["station"]),
            public_key=str(told["public_key"]),
            name=str(told["name"]),
            code=str(told["code"]),
            user=str(told["user"]),
            entry=_entry_from_text(told["entry"]),
        )
    except KeyError as error:
        raise UnreadableFile(_INCOMPLETE) from error


def entry_as_text(entry: Entry) -> dict[str, Any]:
    """An entry as JSON can hold it."""
    return {
        "head": _text(entry.head),
        "table": _text(entry.table),
        "signature": _text(entry.signature or b""),
        "leaves": {
            str(at): [_text(salt), _text(body)] for at, (salt, body) in entry.leaves.items()
        },
    }


def _entry_from_text(document: Mapping[str, Any]) -> Entry:
    """An entry read from JSON; raises UnreadableFile where it is none."""
    try:
        return Entry(
            _bytes(document["head"]),
            _bytes(document["table"]),
            _bytes(document["signature"]),
            {
                int(at): (_bytes(salt), _bytes(body))
                for at, (salt, body) in document["leaves"].items()
            },
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnreadableFile(_INCOMPLETE) from error


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


# -- taking in ---------------------------------------------------------------------------------


def speaks_for_itself(newcomer: Newcomer) -> bool:
    """Whether the first entry is of this station and key: who asks holds the private half."""
    entry = newcomer.entry
    head = well_formed.head_in(entry.head)
    digest = entries.chain_hash(entries.FIRST_HASH, entry.head, entry.table)
    return (
        head is not None
        and head["f"] <= entries.FORMAT
        and _PUBLIC.fullmatch(newcomer.public_key) is not None
        and _CODE.fullmatch(newcomer.code) is not None
        and bool(newcomer.name.strip())
        and (head["s"], head["n"]) == (newcomer.station_id, 1)
        and station_keys.is_key_of(newcomer.public_key, newcomer.station_id)
        and keys.verify(newcomer.public_key, digest, entry.signature or b"")
        and any(
            told.get("station_id") == newcomer.station_id
            and told.get("public_key") == newcomer.public_key
            for told in _stations_in(entry)
        )
    )


def _stations_in(entry: Entry) -> list[Mapping[str, Any]]:
    """What an entry writes of stations; nothing where it is none that could be taken in."""
    try:
        rows = entries.read_table(entry.table)
    except ValueError:
        return []
    found: list[Mapping[str, Any]] = []
    for at, (salt, body) in entry.leaves.items():
        fits = 0 <= at < len(rows) and rows[at].digest == entries.leaf_digest(salt, body)
        told = well_formed.leaf_in(body, rows[at]) if fits else None
        if told is None:
            return []
        if rows[at].register == STATION_CODE:
            found.append(told["w"])
    return found


class Welcoming:
    """Stations that are given roles by one change."""

    def __init__(self, store: Store) -> None:
        """Begin with nobody."""
        self._store = store
        self._work = store.draft()
        self._known: dict[str, tuple[str, Welcomed]] = {}
        """Station → id of its record, and what was decided."""

    def add(
        self,
        newcomer: Newcomer,
        department: str,
        roles: Sequence[Role],
        part: Part,
        until: date | None,
    ) -> Welcomed:
        """Give a station roles that it has not yet.

        Where its code is taken it gets another one; what it wrote before is still found by the
        first. Raises Refused for a copy, or where its first entry has to wait.
        """
        take_in(self._store, newcomer)
        if newcomer.station_id not in self._known:
            self._known[newcomer.station_id] = self._identified(newcomer, department)
        record, welcomed = self._known[newcomer.station_id]
        held = circle.given(self._store, department, newcomer.station_id)
        for role in roles:
            if (role, part) not in held:
                member = (record, newcomer.station_id)
                circle.give(self._store, self._work, department, role, member, part, until=until)
        return welcomed

    def write(self, name: str) -> None:
        """Make all of it one change."""
        self._store.write(self._work, name)

    def _identified(self, newcomer: Newcomer, department: str) -> tuple[str, Welcomed]:
        """The records of the station and its user, written where those of its own do not do."""
        author = str((journal.content_of(newcomer.entry.head) or {}).get("a", ""))
        with self._store.reading() as read:
            record = circle.station_record(read, newcomer.station_id)
            known = read.titles("user", [author]).get(author)
            taken = self._taken(read.connection, newcomer.station_id)
        code = circle.text_of(record, "station_code") if record else newcomer.code
        values = {"station_code": code}
        if code in taken:
            earlier = circle.text_of(record, "earlier_codes").split() if record else []
            code = identity.new_station_code(taken)
            earlier = " ".join([*earlier, values["station_code"]])
            values = {"station_code": code, "earlier_codes": earlier}
            if record is not None and record.owner == department:
                self._work.write_over("station", record, values)
            else:
                record = None
        if record is None:
            record = self._work.new(
                "station",
                owner=department,
                station_id=newcomer.station_id,
                name=newcomer.name,
                public_key=newcomer.public_key,
                **values,
            )
        if known is None:
            author = self._work.new("user", owner=department, name=newcomer.user).id
        return record.id, Welcomed(code, author)

    def _taken(self, connection: Connection, station: str) -> set[str]:
        """Codes of the stations that have roles, and of those that are just getting some."""
        holders = {holder for _, holder in acts.evaluate(connection).grants} - {station}
        rows = connection.exec_driver_sql("SELECT code, station FROM station_code")
        return (
            {identity.SHIPPED_CODE}
            | {str(code) for code, holder in rows if holder in holders}
            | {welcomed.code for _, welcomed in self._known.values()}
        )


def take_in(store: Store, newcomer: Newcomer) -> None:
    """Hold the first entry of a station, which says who it is; raises Refused for a copy."""
    with store.reading() as read:
        row = read.connection.exec_driver_sql(
            "SELECT head, leaf_table FROM head WHERE station = ? AND number = 1",
            (newcomer.station_id,),
        ).one_or_none()
    if row is None:
        if store.receive([newcomer.entry]).waiting:
            raise Refused(
                "Cet ordinateur a repris des données qui ne sont pas encore ici : demandez-lui "
                "d’abord un fichier d’échange, puis admettez-le."
            )
    elif (row[0], row[1]) != (newcomer.entry.head, newcomer.entry.table):
        raise Refused(
            "Un autre ordinateur porte déjà cet identifiant : cette demande vient sans doute "
            "d’une copie. Rien n’a été changé."
        )


# -- following ---------------------------------------------------------------------------------


def join(store: Store, department: str, roots: Mapping[str, str], author: str) -> None:
    """Trust other roots, belong to a department, and count by what is granted there.

    Raises Refused, nothing changed, where these roots give this station no role there.
    """
    moves = circle.is_alone(store)
    with store.connecting() as connection:
        told = dict(roots) if moves else {**acts.told_roots(connection), **roots}
        given = acts.evaluate_under(connection, told).grants
    if not given.get((department, store.station)):
        raise Refused(
            "Cette admission ne donne aucun droit reconnu à cet ordinateur : demandez-la à "
            "nouveau. Ses droits et ses clés restent ce qu’ils étaient."
        )
    if moves:
        store.trust(told, department=department, author=author)
    else:
        store.trust(told)
