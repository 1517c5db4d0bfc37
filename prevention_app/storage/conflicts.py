"""Values that writers who did not know of each other left: which they are, and who wrote them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Catalogue, Entity
from prevention_app.domain.merging import (
    DELETED,
    ErasedInPlace,
    Leaf,
    Stored,
    field_state,
    heads_of,
)
from prevention_app.storage import journal, tables
from prevention_app.storage.apply import REASON, SAME_AS
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import Written
from prevention_app.storage.work import SETTLE

_LOOKED_BACK: Final = 5000
"""How many of a station's last entries are searched for what was settled."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where values disagree."""

    register: str
    record: str
    kind: str
    field: str

    @property
    def id(self) -> str:
        """What people quote: the same at every station."""
        named = f"{self.record} {self.kind} {self.field}"
        return hashlib.sha256(named.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values, with the leaves that wrote it, the newest first."""

    value: Stored
    writers: tuple[Written, ...]

    @property
    def newest(self) -> Written:
        """The leaf by which it is told who wrote it, and when."""
        return self.writers[0]


@dataclass(frozen=True, slots=True)
class Dispute:
    """The values of one place; of a deletion, whether the record is deleted."""

    place: Place
    options: tuple[Option, ...]
    """The newest first."""
    standing: Stored
    """The value that is shown meanwhile."""
    before: Stored
    """What all of the writers had seen."""
    reasons: dict[tuple[str, int], str]
    """Entry → the reason that was typed for it."""
    edits: tuple[Written, ...]
    """Of a deletion: the leaves that it had not seen."""
    settlement: Written | None = None
    """The leaf that settled it, if one did."""

    @property
    def heads(self) -> frozenset[tuple[str, int]]:
        """The entries that disagree, and the one that settled it."""
        writers = [each for option in self.options for each in option.writers]
        if self.settlement is not None:
            writers.append(self.settlement)
        return frozenset((each.leaf.station, each.leaf.number) for each in writers)


def open_places(
    connection: Connection, catalogue: Catalogue, owners: Sequence[str] = ()
) -> list[Place]:
    """Where values disagree now, by register, then by record from the oldest on.

    Left out are fields of records that nobody sees (deleted, joined to another one) and what this
    version of the program does not know. `owners` are the departments wanted; none means all.
    """
    registers = set(connection.exec_driver_sql("SELECT DISTINCT register FROM conflict").scalars())
    return [
        place
        for entity in catalogue
        if entity.key in registers
        for place in _places_in(connection, entity, owners)
    ]


def places_of(connection: Connection, entity: Entity, record: str) -> list[Place]:
    """Where values of one record disagree now."""
    return _places_in(connection, entity, record=record)


def _places_in(
    connection: Connection, entity: Entity, owners: Sequence[str] = (), record: str = ""
) -> list[Place]:
    table = tables.table_name(entity)
    owned = f"AND t._owner IN ({', '.join('?' * len(owners))})" if owners else ""
    owned += " AND c.record = ?" if record else ""
    rows = connection.exec_driver_sql(
        f'SELECT c.record, c.kind, c.field FROM conflict c JOIN "{table}" t ON t._id = c.record '
        f"WHERE c.register = ? {owned} AND (c.field IN ('{DELETED}', '{SAME_AS}') OR ("
        "(t._deleted = 0 OR EXISTS (SELECT 1 FROM conflict d WHERE d.record = c.record "
        f"AND d.kind = 'p' AND d.field = '{DELETED}')) "
        f'AND NOT EXISTS (SELECT 1 FROM "{table}" o WHERE o._id = t.same_as AND '
        "(o.same_as IS NULL OR o.same_as <> t._id OR o._id < t._id)))) ORDER BY c.record",
        (entity.key, *owners, *((record,) if record else ())),
    ).all()
    rank = {each.key: at for at, each in enumerate(entity.fields)} | {DELETED: -2, SAME_AS: -1}
    known = sorted((which, rank[name], kind, name) for which, kind, name in rows if name in rank)
    return [Place(entity.key, which, kind, name) for which, _, kind, name in known]


def disputes(connection: Connection, places: Sequence[Place]) -> list[Dispute]:
    """The values of these places, in their order, and those where nothing disagrees left out."""
    held = _Held.of(connection, places)
    found = (_dispute(held, place, held.leaves.get(place.record, ())) for place in places)
    return [each for each in found if len(each.options) > 1]


@dataclass(frozen=True, slots=True)
class _Held:
    """What is written in some records, over what was shipped of them."""

    leaves: Mapping[str, Sequence[Written]]
    shipped: Mapping[str, Mapping[str, Stored]]

    @classmethod
    def of(cls, connection: Connection, places: Iterable[Place]) -> _Held:
        records = list(dict.fromkeys(each.record for each in places))
        shipped: dict[str, Mapping[str, Stored]] = {}
        for chunk in journal.chunks(records):
            marks = ", ".join("?" * len(chunk))
            for record, body in connection.exec_driver_sql(
                f"SELECT record, body FROM shipped WHERE record IN ({marks})", tuple(chunk)
            ):
                shipped[str(record)] = json.loads(body)
        return cls(journal.leaves_of_many(connection, records), shipped)


def settled(connection: Connection, catalogue: Catalogue, most: int) -> list[Dispute]:
    """What was settled last and still stands: the values as they were, the kept one standing."""
    places: dict[Place, None] = {}
    for station, number in _settlements(connection, most):
        places |= dict.fromkeys(_settled_in(connection, catalogue, station, number, most))
        if len(places) >= most:
            break
    wanted = list(places)[:most]
    held = _Held.of(connection, wanted)
    found = (_as_it_was(held, each) for each in wanted)
    return [each for each in found if each is not None]


def find_settled(connection: Connection, catalogue: Catalogue, place_id: str) -> Dispute | None:
    """What was settled at a place named by its id, if that still stands."""
    for station, number in _settlements(connection, _LOOKED_BACK):
        for place in _settled_in(connection, catalogue, station, number, -1):
            if place.id == place_id:
                return settled_at(connection, place)
    return None


def _settlements(connection: Connection, most: int) -> list[tuple[str, int]]:
    """(station, number) of the last entries that settled something, the newest first."""
    found: list[tuple[int, str, int]] = []
    for station, last in journal.position(connection).items():
        found += [
            (int(clock), station, int(number))
            for clock, number in connection.exec_driver_sql(
                "SELECT clock, number FROM head WHERE station = ? AND number > ? AND message = ? "
                "ORDER BY number DESC LIMIT ?",
                (station, last - _LOOKED_BACK, SETTLE, most),
            )
        ]
    return [(station, number) for _, station, number in sorted(found, reverse=True)[:most]]


def _settled_in(
    connection: Connection, catalogue: Catalogue, station: str, number: int, most: int
) -> list[Place]:
    """The places that an entry settled; of a large one, the first so many (-1: all)."""
    rows = connection.exec_driver_sql(
        "SELECT register, record, kind, body FROM leaf WHERE station = ? AND number = ? "
        "AND body IS NOT NULL ORDER BY position LIMIT ?",
        (station, number, most * 3 if most > 0 else -1),  # a record has up to three leaves
    )
    return [
        Place(entity.key, str(record), str(kind), name)
        for register, record, kind, body in rows
        if (entity := catalogue.by_code.get(str(register)))
        for name in (journal.content_of(body) or {}).get("w", ())
        if name in entity.by_key or name in (DELETED, SAME_AS)
    ]


def settled_at(connection: Connection, place: Place) -> Dispute | None:
    """One place as it was before it was settled; None where that stands no longer."""
    return _as_it_was(_Held.of(connection, [place]), place)


def _as_it_was(held: _Held, place: Place) -> Dispute | None:
    """The values there were before a settlement, and what it wrote."""
    leaves = held.leaves.get(place.record, ())
    of_kind = [each for each in leaves if each.kind == place.kind]
    heads = heads_of([each.leaf for each in of_kind], place.field)
    if len(heads) != 1 or heads[0].message != SETTLE:
        return None
    settling = next(each for each in of_kind if each.leaf is heads[0])
    value = settling.leaf.writes[place.field]
    now = _dispute(held, place, leaves)
    if isinstance(value, ErasedInPlace) or len(now.options) > 1:
        return None
    settlements, before = _unfolded(held, place, leaves, settling)
    options = _offered(place, settlements, before)
    edits = {id(edit): edit for was in before for edit in was.edits}
    return Dispute(
        place,
        options,
        value,
        before[-1].before,
        now.reasons,
        tuple(edits.values()),
        settling,
    )


def _unfolded(
    held: _Held, place: Place, leaves: Sequence[Written], settling: Written
) -> tuple[list[Written], list[Dispute]]:
    """A settlement and those that it settled anew, each with the dispute that it found."""
    settlements, before = [settling], list[Dispute]()
    for each in settlements:  # grows meanwhile
        seen = [
            other
            for other in leaves
            if each.leaf.saw(other.leaf.station, other.leaf.number, place.field)
        ]
        was = _dispute(held, place, seen)
        before.append(was)
        settlements += [
            writer
            for option in was.options
            for writer in option.writers
            if _settles(writer, place) and writer not in settlements
        ]
    return settlements, before


def _offered(
    place: Place, settlements: Sequence[Written], before: Sequence[Dispute]
) -> tuple[Option, ...]:
    """Every value there was, by whom it came from; by a settlement where it came with that."""
    written: dict[Stored, list[Written]] = {}
    for was in before:
        for option in was.options:
            known = written.setdefault(option.value, [])
            known += [
                each for each in option.writers if not _settles(each, place) and each not in known
            ]
    for each in settlements:
        value = each.leaf.writes[place.field]
        if not isinstance(value, ErasedInPlace):
            written[value] = written.get(value) or [each]
    options = [
        Option(value, tuple(sorted(writers, key=lambda each: each.leaf.rank, reverse=True)))
        for value, writers in written.items()
    ]
    return tuple(sorted(options, key=lambda each: each.newest.leaf.rank, reverse=True))


def _settles(written: Written, place: Place) -> bool:
    return written.leaf.message == SETTLE and place.field in written.leaf.writes


def _dispute(held: _Held, place: Place, leaves: Sequence[Written]) -> Dispute:
    of_kind = [each for each in leaves if each.kind == place.kind]
    by_leaf = {id(each.leaf): each for each in of_kind}
    state = field_state([each.leaf for each in of_kind], place.field)
    groups: dict[Stored, list[Written]] = {}
    for leaf in state.heads:
        value = leaf.writes[place.field]
        if not isinstance(value, ErasedInPlace):
            groups.setdefault(value, []).append(by_leaf[id(leaf)])
    edits: tuple[Written, ...] = ()
    if place.field == DELETED:
        edits = _unseen_edits(leaves, groups.get(True, ()))
        touched = [each for each in edits if each.kind == "p"]
        if touched:
            writers = [*groups.pop(False, ()), *touched]
            groups[False] = sorted(writers, key=lambda each: each.leaf.rank, reverse=True)
    reasons = {
        (each.leaf.station, each.leaf.number): str(each.leaf.writes[REASON])
        for each in leaves
        if isinstance(each.leaf.writes.get(REASON), str)
    }
    return Dispute(
        place,
        tuple(Option(value, tuple(writers)) for value, writers in groups.items()),
        state.shown,
        _before(held, place, [each.leaf for each in of_kind], state.heads),
        reasons,
        edits,
    )


def _before(held: _Held, place: Place, leaves: Sequence[Leaf], heads: Sequence[Leaf]) -> Stored:
    common = [
        leaf
        for leaf in leaves
        if place.field in leaf.writes
        and all(head.saw(leaf.station, leaf.number, place.field) for head in heads)
    ]
    state = field_state(common, place.field)
    if state.heads:
        return state.shown
    return held.shipped.get(place.record, {}).get(place.field)


def _unseen_edits(leaves: Sequence[Written], deletions: Sequence[Written]) -> tuple[Written, ...]:
    """What was written in a record without the knowledge of those who deleted it."""
    return tuple(
        each
        for each in leaves
        if not (each.kind == "p" and DELETED in each.leaf.writes)
        and any(not one.leaf.saw(each.leaf.station, each.leaf.number, DELETED) for one in deletions)
        and (each.leaf.station, each.leaf.number)
        not in {(one.leaf.station, one.leaf.number) for one in deletions}
    )
