"""One named change: what it touches is gathered, checked, and written as one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from prevention_app.catalogue.description import Catalogue, Entity, Kind, Record, Value
from prevention_app.catalogue.values import to_stored
from prevention_app.domain.merging import DELETED, ERASED, Stored, field_state
from prevention_app.domain.rights import SHARED
from prevention_app.errors import NotFound, Refused
from prevention_app.storage import apply, identity, journal, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import NewLeaf, nfc
from prevention_app.storage.journal import Written

UNDO, REDO, SETTLE = "undo", "redo", "settle"
ENROL = "Ouvrir cet ordinateur"
"""Message keys that the storage itself reads."""


class CheckFailed(Refused):
    """Values that the declarations do not allow; `problems` are (field key, sentence)."""

    def __init__(self, entity: Entity, problems: Sequence[tuple[str, str]]) -> None:
        """Say all that is wrong at once."""
        self.entity = entity
        self.problems = list(problems)
        super().__init__(" ".join(self._named(*each) for each in problems))

    def _named(self, key: str, sentence: str) -> str:
        each = self.entity.by_key.get(key)
        named = each is None or each.label_fr in sentence
        return sentence if named or each is None else f"« {each.label_fr} » : {sentence}"


@dataclass(slots=True)
class Touched:
    """What a change does to one record."""

    entity: Entity
    record: Record
    created: bool
    values: dict[str, Stored] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    """Fields whose conflicting values the writer saw all of."""
    erases: dict[str, list[Written]] = field(default_factory=dict)
    """Kind of leaf → leaves whose bytes go."""
    erased: set[str] = field(default_factory=set)
    """Fields in which nothing is left once these bytes are gone."""

    @property
    def plain(self) -> bool:
        """Whether it carries a plain leaf, be it empty: every edit does, a mere erasure not."""
        return bool(self.values) or not self.erases

    def writes(self) -> dict[str, dict[str, Stored]]:
        """Kind of leaf → what is written in its fields."""
        found: dict[str, dict[str, Stored]] = {"p": {}, "t": {}, "n": {}}
        for key, value in {**dict.fromkeys(self.erased, ERASED), **self.values}.items():
            each = self.entity.by_key.get(key)
            found[each.leaf if each else "p"][key] = value
        return found


@dataclass(frozen=True, slots=True)
class Changes:
    """What one change did: for undo, for the refresh of open pages, for the command line."""

    transaction: str
    name: str
    records: tuple[tuple[str, str], ...]
    """(register key, record id) of all that was touched."""


class Work:
    """The open change: what users of `store.change` write with."""

    def __init__(
        self,
        catalogue: Catalogue,
        departments: Iterable[str],
        owner: str,
        why_not: Callable[[str], str],
    ) -> None:
        """Gather changes for these departments; `owner` is taken where none is named.

        `why_not` tells why nothing may be written for another one.
        """
        self._catalogue = catalogue
        self._departments = frozenset(departments) | {SHARED}
        self._owner = owner
        self._why_not = why_not
        self.done: Changes | None = None
        """What was written, once the change is closed; None when nothing was touched."""
        self.touched: dict[str, Touched] = {}

    def new(self, register: str, *, owner: str = "", **values: Value) -> Record:
        """A new record with the declared defaults and these values."""
        return self._new(self._catalogue[register], owner, "", values)

    def new_of_station(self, station: str, register: str, **values: Value) -> Record:
        """The record that stands for a station, or for its first user: its id says so."""
        return self._new(self._catalogue[register], "", station, values)

    def _new(self, entity: Entity, owner: str, station: str, values: Mapping[str, Value]) -> Record:
        _refuse_published(entity)
        record = entity.new(**values)
        record.owner = SHARED if entity.shared else (owner or self._owner)
        record.id = (
            identity.derived_id(station, record.owner, entity.code)
            if station
            else identity.new_id(record.owner, entity.code)
        )
        self._allow(record.owner)
        touched = Touched(entity, record, created=True)
        for each in entity.fields:
            stored = to_stored(each, getattr(record, each.key))
            if stored is not None:
                touched.values[each.key] = stored
        self.touched[record.id] = touched
        return record

    def amend(
        self, register: str, record: Record, *, settles: bool = False, **values: Value
    ) -> None:
        """Write values over those of a record as it was read.

        Only what differs is written. `settles` says that the writer saw all conflicting values.
        """
        self.write_over(register, record, values, settles=settles)

    def write_over(
        self,
        register: str,
        record: Record,
        values: Mapping[str, Value],
        *,
        settles: bool = False,
    ) -> None:
        """The same as `amend`, with the values in a mapping."""
        entity = self._catalogue[register]
        self._allow(record.owner)
        for key, value in values.items():
            each = entity.by_key.get(key)
            if each is None:
                raise NotFound(f"« {entity.label_fr} » n’a pas de champ « {key} ».")
            if entity.category == "rights" and key not in _EDITED_ACTS.get(entity.key, ()):
                raise Refused(_ACT)
            if key in record.withheld:
                raise Refused(
                    f"« {each.label_fr} » n’a pas été communiqué à cet ordinateur : "
                    "il ne peut pas y être écrit."
                )
            stored = to_stored(each, value)
            if settles or stored != to_stored(each, getattr(record, key)):
                touched = self._touch(entity, record)
                touched.values[key] = stored
                setattr(touched.record, key, value)
                if settles:
                    touched.settled.add(key)

    def complete(self, record: Record, values: Mapping[str, Value]) -> None:
        """Add values to a record that this change is making."""
        touched = self.touched[record.id]
        for key, value in values.items():
            touched.values[key] = to_stored(touched.entity.by_key[key], value)
            setattr(touched.record, key, value)

    def delete(self, register: str, record: Record) -> None:
        """Delete a record; what it held stays in the history."""
        entity = self._catalogue[register]
        if entity.statutory:
            raise Refused(
                f"Une inscription du registre « {entity.label_fr} » ne s’efface pas : "
                "elle se rectifie."
            )
        self.mark_deleted(register, record, deleted=True)

    def mark_deleted(
        self, register: str, record: Record, *, deleted: bool, settles: bool = False
    ) -> None:
        """Write whether a record is deleted; `settles` as in `amend`."""
        self._mark(register, record, DELETED, deleted, settles=settles)

    def join(self, register: str, record: Record, to: str | None, *, settles: bool = False) -> None:
        """Say that a record is the same thing as another one, or no longer."""
        self._mark(register, record, apply.SAME_AS, to, settles=settles)

    def _mark(
        self, register: str, record: Record, name: str, value: Stored, *, settles: bool
    ) -> None:
        self._allow(record.owner)
        entity = self._catalogue[register]
        if entity.category == "rights" and entity.key not in ("role_rule", "outflow"):
            raise Refused(_ACT)
        touched = self._touch(entity, record)
        touched.values[name] = value
        if settles:
            touched.settled.add(name)

    def erase(self, register: str, record: Record, leaves: Iterable[Written]) -> None:
        """Take away the bytes of text and personal leaves of a record for good."""
        self._allow(record.owner)
        touched = self._touch(self._catalogue[register], record)
        for written in leaves:
            if written.kind == "p":
                raise Refused("Un champ ordinaire ne s’efface pas.")
            if written.leaf.erasure:
                raise Refused("Un effacement ne s’efface pas : d’autres ordinateurs en ont besoin.")
            touched.erases.setdefault(written.kind, []).append(written)

    def _touch(self, entity: Entity, record: Record) -> Touched:
        _refuse_published(entity)
        touched = self.touched.get(record.id)
        if touched is None:
            copy = entity.new(**entity.values(record))
            for base in ("id", "owner", "reference", "deleted", "same_as", "read_at", "withheld"):
                setattr(copy, base, getattr(record, base))
            touched = self.touched[record.id] = Touched(entity, copy, created=False)
        return touched

    def _allow(self, owner: str) -> None:
        if owner not in self._departments:
            raise Refused(self._why_not(owner))

    def check(self, today: date) -> None:
        """Raise CheckFailed where a touched record breaks a declared check."""
        for touched in self.touched.values():
            problems = touched.entity.problems(touched.record, today)
            if not touched.created:
                problems = [each for each in problems if each[0] in touched.values]
            problems += _unwritable(touched)
            if problems and touched.values.get(DELETED) is not True:
                raise CheckFailed(touched.entity, problems)


_EDITED_ACTS = {
    "grant": ("until",),
    "revocation": ("reason",),
    "role_rule": ("reads", "writes"),
    "outflow": ("extent",),
}
"""Register of rights → fields that may be written over: what rights are not judged by."""
_ACT = (
    "Un droit donné ou retiré ne se modifie pas et ne se supprime pas : "
    "il se retire, ou se donne de nouveau."
)


def _refuse_published(entity: Entity) -> None:
    if entity.reference_set:
        raise Refused(f"« {entity.label_fr} » est un catalogue publié : il ne se modifie pas.")


def _unwritable(touched: Touched) -> list[tuple[str, str]]:
    """Values that a journal or a table cannot hold, whatever the declaration allows."""
    found: list[tuple[str, str]] = []
    for key, value in touched.values.items():
        each = touched.entity.by_key.get(key)
        if each is None or not isinstance(value, str):
            continue
        if not is_writable(value):
            found.append(
                (key, f"« {each.label_fr} » contient un caractère qui ne peut pas être enregistré.")
            )
        elif each.kind in _NUMBERS and not _fits_column(Decimal(value)):
            found.append((key, f"« {each.label_fr} » : ce nombre est trop grand."))
    return found


def is_writable(text: str) -> bool:
    """Whether it is whole Unicode text, without the signs that databases and erasures need."""
    return (
        ERASED not in text
        and "\0" not in text
        and not any("\ud800" <= sign <= "\udfff" for sign in text)
    )


def _fits_column(number: Decimal) -> bool:
    return number.is_finite() and abs(number) < 1 << 63


_NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)


class Scopes:
    """Where records belong in the organisation, followed through their references."""

    _VIA = ("work_unit", "risk", "equipment", "inspection", "store_room", "person", "station")

    def __init__(
        self,
        connection: Connection,
        catalogue: Catalogue,
        work: Work,
        parts: Mapping[str, frozenset[str]],
    ) -> None:
        """Look up scopes among what is stored and what is being written.

        `parts`: department → the units and sites to which this station's rights are limited.
        """
        self._connection = connection
        self._catalogue = catalogue
        self._work = work
        self._parts = parts
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def written(self, touched: Touched) -> dict[str, Any]:
        """The scope of a record as this change leaves it."""
        return self._told(touched, touched.entity.values(touched.record))

    def stored(self, touched: Touched) -> dict[str, Any]:
        """The scope of a record as it was before this change."""
        return self._told(touched, self._row(touched.entity, touched.record.id))

    def _told(self, touched: Touched, values: Mapping[str, Any]) -> dict[str, Any]:
        """The scope, with what lies above it of which the station's rights speak (b)."""
        scope: dict[str, Any] = dict(self._of(touched.entity, values))
        parts = self._parts.get(touched.record.owner)
        if parts:
            above = [
                part
                for register, key in (("org_unit", "u"), ("site", "s"))
                if key in scope
                for part in self._above(register, scope[key])
                if part in parts
            ]
            if above:
                scope["b"] = above
        return scope

    def _above(self, register: str, record: str) -> list[str]:
        """The units or sites of which one is a part; a cycle that merging brought ends it."""
        found: list[str] = []
        while (
            parent := self._values(self._catalogue[register], record).get("parent")
        ) and parent not in (record, *found):
            record = str(parent)
            found.append(record)
        return found

    def _of(self, entity: Entity, values: Mapping[str, Any], depth: int = 0) -> dict[str, str]:
        """The org unit (u), site (s) and audit (a) of a record, as far as its references tell."""
        scope = {
            key: str(values[name])
            for key, name in (("u", "org_unit"), ("s", "site"), ("a", "audit"))
            if values.get(name)
        }
        if not scope and depth < 4:
            for register, record in self._leads(entity, values):
                return self._of_record(register, record, depth + 1)
        return scope

    def _leads(self, entity: Entity, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """(register, id) of the records through which one belongs somewhere."""
        for via in self._VIA:
            each = entity.by_key.get(via)
            if each and each.target and values.get(via):
                yield each.target, str(values[via])
        register = str(values.get("of_register"))
        if entity.key == "attachment" and register in self._catalogue:
            yield register, str(values.get("of_record"))

    def _of_record(self, register: str, record: str, depth: int) -> dict[str, str]:
        known = self._known.get((register, record))
        if known is None:
            entity = self._catalogue[register]
            known = self._of(entity, self._values(entity, record), depth)
            self._known[register, record] = known
        return known

    def _values(self, entity: Entity, record: str) -> Mapping[str, Any]:
        touched = self._work.touched.get(record)
        return entity.values(touched.record) if touched else self._row(entity, record)

    def _row(self, entity: Entity, record: str) -> Mapping[str, Any]:
        rows = self._connection.exec_driver_sql(
            f'SELECT * FROM "{tables.table_name(entity)}" WHERE _id = ?',
            (record,),
        ).mappings()
        for row in rows:
            return {str(key): value for key, value in row.items()}
        return {}


def leaves_for(
    touched: Touched,
    *,
    scope: Mapping[str, Any],
    counter: int | None,
    message: str,
    reason: str,
    undoes: int | None,
    unseen: Mapping[str, list[list[Any]]],
) -> list[NewLeaf]:
    """The leaves of one touched record in the order p, t, n; erasures carry no plain one."""
    entity, record = touched.entity, touched.record
    writes = touched.writes()
    if reason:
        writes["t"][apply.REASON] = nfc(reason)
    made: list[NewLeaf] = []
    for kind, values in writes.items():
        erased = touched.erases.get(kind, [])
        if not values and not erased and not (kind == "p" and touched.plain):
            continue
        body: dict[str, Any] = {"r": record.id, "w": values}
        if scope:
            body["o"] = dict(scope)
        if unseen.get(kind):
            body["x"] = unseen[kind]
        if kind == "p":
            body["m"] = nfc(message)
            if counter is not None:
                body["c"] = counter
            if undoes is not None:
                body["u"] = undoes
        if erased:
            body["e"] = [_named(each) for each in erased]
        made.append(NewLeaf(record.owner, entity.code, kind, body))
    return made


def _named(written: Written) -> list[Any]:
    keeps: dict[str, Any] = {"w": sorted(written.leaf.writes)}
    if written.leaf.exceptions:
        keeps["x"] = [_row(each) for each in written.leaf.exceptions]
    if written.body.get("o"):
        keeps["o"] = written.body["o"]  # its writer's right may depend on it
    return [written.leaf.station, written.leaf.number, keeps]


def _row(exception: tuple[str, int, int, tuple[str, ...] | None]) -> list[Any]:
    station, first, last, fields = exception
    return [station, first, last, list(fields)] if fields else [station, first, last]


def erasure_writes(touched: Touched, leaves: Sequence[Written]) -> None:
    """Write « effacé » in the fields all of whose heads are in the leaves that go."""
    for kind, erased in touched.erases.items():
        going = {(each.leaf.station, each.leaf.number) for each in erased}
        held = [each.leaf for each in leaves if each.kind == kind]
        for name in {name for each in erased for name in each.leaf.writes}:
            heads = field_state(held, name).heads
            if name != apply.REASON and all((head.station, head.number) in going for head in heads):
                touched.erased.add(name)


def unseen_entries(
    connection: Connection, touched: Touched, leaves: Sequence[Written]
) -> dict[str, list[list[Any]]]:
    """Per kind of leaf, what its writer had not seen although it is in the head's vector."""
    record = touched.record
    read_at: journal.Moment | None = record.read_at
    aside = journal.aside_of(connection, record.id)
    found: dict[str, list[list[Any]]] = {}
    for kind, writes in touched.writes().items():
        names = list(writes)
        of_kind = [each for each in leaves if each.kind == kind]
        on_screen = [each.leaf for each in of_kind if read_at is None or each.known_at(read_at)]
        # An entry holds one leaf of a kind for a record: where it is known, an absent leaf of the
        # same class belongs to another record.
        late = {(each.leaf.station, each.leaf.number) for each in of_kind} | {
            (station, number)
            for station, number, _ in journal.absent(
                connection, touched.entity.code, record.owner, kind
            )
        }
        late |= {(station, number) for station, number, its in aside if its == kind}
        late -= {(leaf.station, leaf.number) for leaf in on_screen}
        hidden: dict[tuple[str, int], list[str]] = {}
        for station, number in late:
            missed = [
                name
                for name in names
                if not any(
                    name in leaf.writes and leaf.saw(station, number, name) for leaf in on_screen
                )
            ]
            if missed:
                hidden[station, number] = missed
        _keep_other_heads(
            on_screen, [each for each in names if each not in touched.settled], hidden
        )
        found[kind] = _exception_rows(hidden, names)
    return found


def _keep_other_heads(
    on_screen: Sequence[Any], names: Sequence[str], hidden: dict[tuple[str, int], list[str]]
) -> None:
    """A write that does not settle a conflict replaces only the value that was shown."""
    for name in names:
        state = field_state(on_screen, name)
        if state.conflict:
            shown = state.shown
            for head in state.heads:
                if head.writes[name] != shown:
                    hidden.setdefault((head.station, head.number), []).append(name)


def _exception_rows(
    hidden: Mapping[tuple[str, int], list[str]], names: Sequence[str]
) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for (station, number), missed in sorted(hidden.items()):
        fields = [] if set(missed) == set(names) else [sorted(set(missed))]
        last = rows[-1] if rows else None
        if last and last[0] == station and last[2] == number - 1 and last[3:] == fields:
            last[2] = number
        else:
            rows.append([station, number, number, *fields])
    return rows


class Counters:
    """The next numbers of this station's references, read once and kept at the end."""

    def __init__(self, connection: Connection) -> None:
        """Start from what this station has given so far."""
        self._connection = connection
        self._last: dict[tuple[str, str], int] = {
            (str(owner), str(register)): int(last)
            for owner, register, last in connection.exec_driver_sql("SELECT * FROM counter")
        }
        self._given: set[tuple[str, str]] = set()

    def next(self, owner: str, register: str) -> int:
        """The next number in a register of an owner."""
        key = (owner, register)
        self._last[key] = self._last.get(key, 0) + 1
        self._given.add(key)
        return self._last[key]

    def keep(self) -> None:
        """Write what was given."""
        if self._given:
            self._connection.exec_driver_sql(
                "INSERT OR REPLACE INTO counter VALUES (?, ?, ?)",
                [(*key, self._last[key]) for key in sorted(self._given)],
            )


def created_state(touched: Touched, station: str, counter: int) -> apply.RecordState:
    """The state of a record that was just created."""
    return apply.RecordState(
        touched.record.id,
        touched.record.owner,
        touched.entity.code,
        origin=station,
        counter=str(counter),
        values=touched.values,
    )
