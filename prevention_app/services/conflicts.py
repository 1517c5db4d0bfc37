"""Values to settle: what disagrees and who wrote it, and the choice of a person between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import from_stored, shown
from prevention_app.domain.merging import DELETED, ERASED, Stored
from prevention_app.errors import NotFound, Refused
from prevention_app.services import record_checks, records
from prevention_app.services.records import ERASED_SHOWN, Row
from prevention_app.storage import conflicts as disputes
from prevention_app.storage.apply import SAME_AS
from prevention_app.storage.conflicts import Dispute, Option, Place
from prevention_app.storage.journal import Written, clock_time
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import SETTLE, Changes, Work

MINE, THEIRS, NEWEST = "mine", "theirs", "newest"
"""What may be kept besides the place of a value in the list, or `of_station`."""
SETTLED: Final = records.change_name(SETTLE)
"""What history calls it."""
_OF_STATION: Final = "station:"
_PAGE: Final = 500
_NEARBY: Final = 7
_PLACES: Final = ("work_unit", "site", "org_unit", "store_room", "equipment", "risk", "person")
"""Fields that say where a record belongs, the nearest first."""
_SPEAKING: Final = (Kind.TEXT, Kind.LONG_TEXT, Kind.REFERENCE, Kind.PERSON)
_CHANGED: Final = "Ces valeurs ont changé depuis qu’elles ont été lues : relisez-les."
_LABELS: Final = {DELETED: "Suppression", SAME_AS: "Même chose que"}


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the values that disagree, ready to be shown."""

    n: int
    """Its place in the list, from 1."""
    stored: Stored
    value: Value
    text: str
    who: str
    when: datetime
    station: str
    """Name of the computer it was written at."""
    station_id: str
    mine: bool
    """Written at this station."""
    standing: bool
    """Shown meanwhile in the place of them all."""
    reason: str
    changes: tuple[tuple[str, str], ...] = ()
    """Of a record that another one deleted: (label, new value) of what was edited in it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place where values disagree, with the record around it."""

    place: Place
    record: Record
    """As it was read: what is settled was seen at that moment."""
    title: str
    name: str
    """What a list calls it: what it belongs to, where its title is but dates and figures."""
    label: str
    department: str
    where: str
    """What the record belongs to: its work unit, its site, its equipment."""
    nearby: tuple[tuple[str, str], ...]
    """(label, text) of other fields of the record."""
    before: str
    """The value that all writers had seen; empty where there was none."""
    values: tuple[Offered, ...]
    heads: frozenset[tuple[str, int]]
    settled_by: str = ""
    """Who settled it, if somebody did: a choice among what there was settles it anew."""
    settled_on: datetime | None = None

    @property
    def id(self) -> str:
        """The same at every station."""
        return self.place.id

    @property
    def settled(self) -> bool:
        """Whether somebody settled it already."""
        return self.settled_on is not None

    @property
    def kind(self) -> str:
        """« deletion » where a record was deleted here and edited there, else « value »."""
        return "deletion" if self.place.field == DELETED else "value"

    @property
    def register(self) -> str:
        """Key of the register."""
        return self.place.register

    @property
    def reference(self) -> str:
        """What people quote."""
        return self.record.reference

    @property
    def field(self) -> str:
        """Key of the field; `deleted` for the deletion."""
        return self.place.field.lstrip("_")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What settling many at once did."""

    done: Changes
    settled: int
    left: int
    """How many were left because the choice does not tell which value to keep."""


def of_station(station: str) -> str:
    """The choice « all that was written at this computer »."""
    return f"{_OF_STATION}{station}"


def places(read: Reader, owners: Sequence[str] = ()) -> list[Place]:
    """Where values disagree now, by register; quick for thousands, see `details` for a page."""
    return disputes.open_places(read.connection, read.catalogue, owners)


def alike(found: Iterable[Place], place: Place) -> list[Place]:
    """The other places of the same field of the same register."""
    return [
        each
        for each in found
        if each != place and (each.register, each.field) == (place.register, place.field)
    ]


def details(read: Reader, wanted: Sequence[Place], station: str) -> list[Conflict]:
    """These places with their values; `station` is this one. What is settled by now is left out."""
    return _told(read, disputes.disputes(read.connection, wanted), station)


def conflicts(
    store: Store, owners: Sequence[str] = (), offset: int = 0, limit: int | None = None
) -> list[Conflict]:
    """A page of all that disagrees."""
    with store.reading() as read:
        found = places(read, owners)[offset : None if limit is None else offset + limit]
        return [
            each
            for start in range(0, len(found), _PAGE)
            for each in details(read, found[start : start + _PAGE], store.station)
        ]


def of_record(read: Reader, register: str, record_id: str, station: str) -> list[Conflict]:
    """What disagrees in one record."""
    wanted = disputes.places_of(read.connection, read.catalogue[register], record_id)
    return details(read, wanted, station) if wanted else []


def settled(read: Reader, station: str, most: int = 20) -> list[Conflict]:
    """What was settled last, with the values there were: it may be settled anew."""
    found = disputes.settled(read.connection, read.catalogue, most)
    return _told(read, found, station)


def find(store: Store, conflict_id: str) -> Conflict:
    """The conflict that a person quotes, one that was settled too; raises NotFound."""
    with store.reading() as read:
        wanted = conflict_id.strip().lower()
        named = [each for each in places(read) if each.id == wanted]
        found = details(read, named, store.station)
        if not found:
            was = disputes.find_settled(read.connection, read.catalogue, wanted)
            found = _told(read, [was] if was else [], store.station)
        if not found:
            raise NotFound(
                f"Aucune valeur à départager ne porte l’identifiant « {conflict_id} » "
                "(la commande conflicts les liste)."
            )
        return found[0]


# -- what is shown -------------------------------------------------------------------------


def _told(read: Reader, found: Sequence[Dispute], station: str) -> list[Conflict]:
    rows = _rows(read, found)
    names = _Names.of(read, found)
    return [
        _conflict(read.catalogue, each, rows[each.place.record], names, station)
        for each in found
        if each.place.record in rows
    ]


def _rows(read: Reader, found: Sequence[Dispute]) -> dict[str, Row]:
    wanted: dict[str, dict[str, None]] = {}
    for each in found:
        wanted.setdefault(each.place.register, {})[each.place.record] = None
    return {
        row.id: row
        for register, ids in wanted.items()
        for start in range(0, len(ids), _PAGE)
        for row in records.rows(
            read,
            Query(
                register,
                ids=tuple(ids)[start : start + _PAGE],
                with_deleted=True,
                order=("reference",),
            ),
        )
    }


@dataclass(frozen=True, slots=True)
class _Names:
    """What people call the authors, the stations, and what the values refer to."""

    people: Mapping[str, str]
    stations: Mapping[str, str]
    titles: Mapping[tuple[str, str], str]
    """(register, id) → title."""

    @classmethod
    def of(cls, read: Reader, found: Sequence[Dispute]) -> _Names:
        stations = {
            str(getattr(each, "station_id", "")): str(getattr(each, "name", ""))
            for each in read.records(Query("station", with_deleted=True, order=("reference",)))
        }
        authors = {
            each.author
            for one in found
            for each in (*(option.newest for option in one.options), one.settlement)
            if each is not None
        }
        titles = {
            (register, record): title
            for register, ids in _referred(read.catalogue, found).items()
            for record, title in read.titles(register, ids).items()
        }
        return cls(read.titles("user", authors), stations, titles)

    def text(self, entity: Entity, name: str, stored: Stored) -> str:
        """A value as people read it."""
        if stored is None:
            return ""
        if stored == ERASED:
            return ERASED_SHOWN
        if name == SAME_AS:
            return self.titles.get((entity.key, str(stored)), str(stored))
        each = entity.by_key.get(name)
        if each is None:
            return str(stored)
        if each.target:
            return self.titles.get((each.target, str(stored)), str(stored))
        return shown(each, from_stored(each, stored))


def _referred(catalogue: Catalogue, found: Sequence[Dispute]) -> dict[str, set[str]]:
    """Register → ids of all that the values refer to."""
    wanted: dict[str, set[str]] = {}
    for one in found:
        entity = catalogue[one.place.register]
        values = [(one.place.field, each.value) for each in one.options]
        values.append((one.place.field, one.before))
        values += [
            (name, value)
            for each in one.edits
            for name, value in each.leaf.writes.items()
            if isinstance(value, str)
        ]
        for name, value in values:
            each = entity.by_key.get(name)
            target = entity.key if name == SAME_AS else each.target if each else None
            if target and isinstance(value, str):
                wanted.setdefault(target, set()).add(value)
    return wanted


def _conflict(
    catalogue: Catalogue,
    found: Dispute,
    row: Row,
    names: _Names,
    station: str,
) -> Conflict:
    place, entity = found.place, catalogue[found.place.register]
    field = entity.by_key.get(place.field)
    options = _in_order(field, found)
    where = [row.texts[key] for key in _PLACES if key != place.field and row.texts.get(key)]
    told = entity.by_key[entity.title[0]].kind in _SPEAKING or not where
    return Conflict(
        place,
        row.record,
        row.title,
        " ".join((row.title if told else where[0]).split()) or row.reference,
        field.label_fr if field else _LABELS.get(place.field, place.field),
        row.department,
        " · ".join(where if told else where[1:]),
        _around(entity, row, place.field),
        "" if place.field == DELETED else names.text(entity, place.field, found.before),
        tuple(
            _offered(at, each, found, entity, names, station)
            for at, each in enumerate(options, start=1)
        ),
        found.heads,
        names.people.get(found.settlement.author, "") if found.settlement else "",
        _when(found.settlement) if found.settlement else None,
    )


def _when(written: Written) -> datetime:
    return datetime.fromtimestamp(clock_time(written.leaf.clock))  # noqa: DTZ006  (on the wall)


def _offered(
    n: int, option: Option, found: Dispute, entity: Entity, names: _Names, station: str
) -> Offered:
    name, newest = found.place.field, option.newest.leaf
    changes = _changes(entity, found.edits, names) if name == DELETED and not option.value else ()
    field = entity.by_key.get(name)
    return Offered(
        n,
        option.value,
        from_stored(field, option.value) if field else option.value,
        _deletion_text(option.value, changes)
        if name == DELETED
        else names.text(entity, name, option.value),
        names.people.get(option.newest.author, ""),
        _when(option.newest),
        names.stations.get(newest.station, ""),
        newest.station,
        any(each.leaf.station == station for each in option.writers),
        (option.value or None) == (found.standing or None)
        if name == DELETED
        else option.value == found.standing,
        found.reasons.get((newest.station, newest.number), ""),
        changes,
    )


def _deletion_text(value: Stored, changes: Sequence[tuple[str, str]]) -> str:
    if value:
        return "Supprimer la fiche"
    return "Garder la fiche, avec la modification" if changes else "Garder la fiche"


def _changes(
    entity: Entity, edits: Sequence[Written], names: _Names
) -> tuple[tuple[str, str], ...]:
    """The last value of each field that was edited in a record while another one deleted it."""
    last: dict[str, str] = {}
    for written in edits:
        for name, value in written.leaf.writes.items():
            each = entity.by_key.get(name)
            if each is not None and isinstance(value, str | bool | None):
                last[each.label_fr] = names.text(entity, name, value)
    return tuple(last.items())


def _in_order(field: Field | None, found: Dispute) -> list[Option]:
    """The newest first; of what is rated or decided, the more cautious value first.

    Of a deletion, what deletes first: the same list at every station.
    """
    options = list(found.options)
    if found.place.field == DELETED:
        return sorted(options, key=lambda each: not each.value)
    if field is None or not field.cautious:
        return options
    filled = [each for each in options if each.value is not None]
    filled.sort(key=lambda each: _weight(field, each.value), reverse=field.cautious == "highest")
    return filled + [each for each in options if each.value is None]


def _weight(field: Field, stored: Stored) -> float:
    value = from_stored(field, stored)
    if field.kind is Kind.CHOICE:
        codes = [each.code for each in field.options]
        return codes.index(str(value)) if value in codes else len(codes)
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value.toordinal()) if hasattr(value, "toordinal") else float(value or 0)  # type: ignore[union-attr,arg-type]


def _around(entity: Entity, row: Row, name: str) -> tuple[tuple[str, str], ...]:
    """The fields nearest to the one in question that hold something, in their order."""
    filled = [
        (at, each)
        for at, each in enumerate(entity.fields)
        if each.key != name and row.texts.get(each.key) and each.key != records.IMPORT_REMARKS
    ]
    keys = [each.key for each in entity.fields]
    here = keys.index(name) if name in keys else 0
    near = sorted(filled, key=lambda each: abs(each[0] - here))[:_NEARBY]
    return tuple(
        (each.label_fr, row.texts[each.key]) for _, each in sorted(near, key=lambda e: e[0])
    )


# -- choosing ------------------------------------------------------------------------------


def choose(conflict: Conflict, keep: str) -> Offered:
    """The value that a choice names: mine, theirs, newest, a place in the list, a station's.

    Raises Refused where it names none or several.
    """
    if keep.isascii() and keep.isdigit():
        found = [each for each in conflict.values if each.n == int(keep)]
        if not found:
            raise Refused(
                f"Il n’y a pas de valeur n° {keep} : la liste en a {len(conflict.values)}."
            )
    elif keep == NEWEST:
        found = [max(conflict.values, key=lambda each: (each.when, each.standing))]
    elif keep.startswith(_OF_STATION):
        station = keep.removeprefix(_OF_STATION)
        found = [each for each in conflict.values if each.station_id == station]
    else:
        found = [each for each in conflict.values if each.mine == (keep == MINE)]
    if len(found) != 1:
        whose = "de cet ordinateur" if keep == MINE else "d’un autre ordinateur"
        number = "Aucune de ces valeurs ne vient" if not found else "Plusieurs valeurs viennent"
        raise Refused(f"{number} {whose} : donnez le numéro de celle à garder.")
    return found[0]


def settle(store: Store, conflict: Conflict, keep: str, *, reason: str = "") -> Changes:
    """Keep one of the values as they were read; raises Refused where they moved on since."""
    return _settle(store, conflict, choose(conflict, keep).stored, reason)


def settle_with(store: Store, conflict: Conflict, value: Value, *, reason: str = "") -> Changes:
    """Write another value than those that disagree; raises CheckFailed where it is not allowed."""
    entity = store.catalogue[conflict.register]
    field = entity.by_key.get(conflict.place.field)
    if field is None:
        raise Refused("Ici, il faut garder l’une des deux possibilités : donnez son numéro.")
    work = store.draft()
    _refuse_moved_on(store, conflict)
    work.write_over(conflict.register, conflict.record, {field.key: value}, settles=True)
    store.write(work, SETTLE, reason=reason)
    return records.written(work)


def settle_typed(store: Store, conflict: Conflict, text: str) -> Changes:
    """The same with a value as a person types it."""
    entity = store.catalogue[conflict.register]
    if conflict.place.field not in entity.by_key:
        return settle_with(store, conflict, text)
    with store.reading() as read:
        values = records.read_texts(read, entity, {conflict.place.field: text})
        record_checks.refuse_unfit(read, entity, values, conflict.record)
    return settle_with(store, conflict, values[conflict.place.field])


def settle_many(store: Store, wanted: Sequence[Place], keep: str, *, reason: str = "") -> Outcome:
    """Settle many at once, as one change: those for which the choice names one value.

    Raises Refused where it does so for none.
    """
    work = store.draft()
    number = 0
    with store.reading() as read:
        for start in range(0, len(wanted), _PAGE):
            for each in details(read, wanted[start : start + _PAGE], store.station):
                try:
                    _write(work, each, choose(each, keep).stored)
                except Refused:
                    continue
                number += 1
    if not number:
        raise Refused("Ce choix ne dit de garder une valeur à aucune de ces fiches.")
    store.write(work, SETTLE, reason=reason)
    return Outcome(records.written(work), number, len(wanted) - number)


def _settle(store: Store, conflict: Conflict, stored: Stored, reason: str) -> Changes:
    _refuse_moved_on(store, conflict)
    work = store.draft()
    _write(work, conflict, stored)
    store.write(work, SETTLE, reason=reason)
    return records.written(work)


def _write(work: Work, conflict: Conflict, stored: Stored) -> None:
    register, record, name = conflict.register, conflict.record, conflict.place.field
    if name == DELETED:
        work.mark_deleted(register, record, deleted=bool(stored), settles=True)
    elif name == SAME_AS:
        work.join(register, record, None if stored is None else str(stored), settles=True)
    else:
        value = next(each.value for each in conflict.values if each.stored == stored)
        work.write_over(register, record, {name: value}, settles=True)


def _refuse_moved_on(store: Store, conflict: Conflict) -> None:
    with store.reading() as read:
        if conflict.settled:
            now = disputes.settled_at(read.connection, conflict.place)
        else:
            now = next(iter(disputes.disputes(read.connection, [conflict.place])), None)
    if now is None or now.heads != conflict.heads:
        raise Refused(_CHANGED)
