"""Records one at a time or in lists: what every register offers, by its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import Unreadable, fold, from_stored, parse, shown
from prevention_app.domain.merging import DELETED, ERASED, Stored
from prevention_app.domain.programme import with_day_done
from prevention_app.errors import NotFound, Refused
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services import record_checks
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import REDO, SETTLE, UNDO, Changes, CheckFailed, Work

WITHHELD = "non communiqué"
ERASED_SHOWN = "effacé"
IMPORT_REMARKS = "import_remarks"
"""The field for what an imported row held and no other field takes."""
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT)

ADD, AMEND, DELETE, RESTORE = "Ajouter", "Modifier", "Supprimer", "Rétablir la fiche"
DUPLICATE = "Dupliquer la fiche"
"""Names of the changes made here, as undo and history call them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record ready to be shown: every field as text, references by their title."""

    id: str
    register: str
    reference: str
    department: str
    title: str
    texts: Mapping[str, str]
    record: Record


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a record's history, in the user's words."""

    transaction: str
    when: datetime
    who: str
    station: str
    name: str
    field: str
    """Key of the field; `deleted` for deletion and restoring."""
    label: str
    old: str
    new: str
    old_value: Value
    new_value: Value
    reason: str


def entity_of(store: Store, register: str) -> Entity:
    """The register with this key or code; raises NotFound with what there is."""
    return find_entity(store.catalogue, register)


def find_entity(catalogue: Catalogue, register: str) -> Entity:
    """The register with this key or code; raises NotFound with what there is."""
    entity = catalogue.by_key.get(register) or catalogue.by_code.get(register.upper())
    if entity is None:
        known = ", ".join(each.key for each in catalogue.registers)
        raise NotFound(f"Aucun registre « {register} ». Registres : {known}.")
    return entity


def rows(read: Reader, query: Query, offset: int = 0, limit: int | None = None) -> list[Row]:
    """A page of records with their texts; one query a register for the titles."""
    return as_rows(read, read.catalogue[query.register], read.records(query, offset, limit))


def as_rows(read: Reader, entity: Entity, records: Sequence[Record]) -> list[Row]:
    """Records already read, with their texts."""
    linked = {
        each.key: read.titles(each.target, [getattr(record, each.key) for record in records])
        for each in entity.fields
        if each.target
    }
    titles = read.titles_of(entity, records, linked)
    texts = [_texts(each, records, linked.get(each.key)) for each in entity.fields]
    keys = [each.key for each in entity.fields]
    return [
        Row(
            record.id,
            entity.key,
            record.reference,
            record.owner,
            titles[record.id],
            dict(zip(keys, held, strict=True)),
            record,
        )
        for record, *held in zip(records, *texts, strict=True)
    ]


def _texts(each: Field, records: Sequence[Record], titles: Mapping[str, str] | None) -> list[str]:
    """What a column shows of these records: most say the same as one above them."""
    said: dict[Value, str] = {None: "", "": ""}
    texts: list[str] = []
    for record in records:
        value: Value = getattr(record, each.key, None)
        text = said.get(value)
        if text is None:
            text = shown(each, value) if titles is None else titles.get(str(value), str(value))
            said[value] = text
        texts.append(WITHHELD if each.key in record.withheld else text)
    return texts


def resolve(read: Reader, each: Field, text: str) -> str:
    """The record that a person means by a reference, an id, or the exact title.

    Raises Unreadable where nothing or more than one thing bears that name, where the record is
    deleted, or where a published catalogue that is held here does not know the key.
    """
    target = read.catalogue[each.target or ""]
    wanted = text.strip()
    if target.reference_set:
        return _published_key(read, target, each, wanted)
    try:
        entity, record = read.find(wanted)
    except NotFound:
        named = read.records(Query(target.key, ids=(wanted,), with_deleted=True))
    else:
        named = [record] if entity.key == target.key else []
    for record in named:
        if record.deleted:
            raise Unreadable(f"« {each.label_fr} » : la fiche {record.reference} est supprimée.")
        return record.id
    return _resolve_title(read, target, each, wanted)


def _published_key(read: Reader, target: Entity, each: Field, wanted: str) -> str:
    """A key of a published catalogue; what has left it is still known to older records.

    Before any edition is brought in, nothing can be told from an unknown key.
    """
    known = read.count(Query(target.key, ids=(wanted,), with_deleted=True))
    if not known and read.count(Query(target.key)):
        raise Unreadable(
            f"« {each.label_fr} » : « {wanted} » n’est pas dans le catalogue « {target.label_fr} »."
        )
    return wanted


def _resolve_title(read: Reader, target: Entity, each: Field, wanted: str) -> str:
    candidates: dict[str, Record] = {}
    for key in dict.fromkeys((*target.title, *target.natural_key)):
        if target.by_key[key].kind in _TEXTS:
            same = Query(target.key, where=(Condition(key, Op.SAME_TEXT, wanted),))
            candidates |= {record.id: record for record in read.records(same)}
    if not candidates:
        found = read.records(_may_be_titled(target, wanted))
        titles = read.titles_of(target, found)
        candidates = {
            record.id: record for record in found if fold(titles[record.id]) == fold(wanted)
        }
    if len(candidates) == 1:
        return next(iter(candidates))
    if candidates:
        several = ", ".join(record.reference for record in candidates.values())
        raise Unreadable(
            f"« {each.label_fr} » : « {wanted} » désigne plusieurs fiches ({several}). "
            "Donnez la référence."
        )
    raise Unreadable(f"« {each.label_fr} » : aucune fiche « {wanted} » dans « {target.label_fr} ».")


def _may_be_titled(target: Entity, wanted: str) -> Query:
    """Records whose title may be this text: by its words where the search knows all of it."""
    searched = all(
        one.search and one.kind in _TEXTS for one in (target.by_key[key] for key in target.title)
    )
    words = [word for word in wanted.split() if any(mark.isalnum() for mark in word)]
    return Query(target.key, text=" ".join(words) if searched else "", order=("reference",))


def read_texts(read: Reader, entity: Entity, texts: Mapping[str, str]) -> dict[str, Value]:
    """Typed texts as values; raises CheckFailed with all that cannot be read."""
    values: dict[str, Value] = {}
    problems: list[tuple[str, str]] = []
    for key, text in texts.items():
        each = entity.by_key.get(key)
        if each is None:
            known = ", ".join(one.key for one in entity.fields)
            raise NotFound(f"« {entity.label_fr} » n’a pas de champ « {key} ». Champs : {known}.")
        try:
            values[key] = resolve(read, each, text) if each.target and text else parse(each, text)
        except Unreadable as error:
            problems.append((key, str(error)))
    if problems:
        raise CheckFailed(entity, problems)
    return values


def add(
    store: Store, register: str, texts: Mapping[str, str], *, department: str = ""
) -> tuple[Record, Changes]:
    """Write a new record from typed texts; what is not named takes the declared default."""
    entity = entity_of(store, register)
    _refuse_system(entity)
    with store.reading() as read:
        values = read_texts(read, entity, texts)
    given = {key: value for key, value in values.items() if value is not None}
    return create(store, entity.key, given, owner=department)


def create(
    store: Store, register: str, values: Mapping[str, Value], *, owner: str = "", name: str = ADD
) -> tuple[Record, Changes]:
    """Write a new record; raises CheckFailed with what is wrong at which field."""
    entity = store.catalogue[register]
    _refuse_system(entity)
    with store.reading() as read:
        record_checks.refuse_unfit(read, entity, values)
    with store.change(name) as work:
        record = work.new(register, owner=owner, **values)
    return find_again(store, register, record.id), written(work)


def duplicate(store: Store, register: str, record: Record) -> tuple[Record, Changes]:
    """Write a new record that holds what another one holds, but for what is not known here."""
    values = {
        key: value
        for key, value in store.catalogue[register].values(record).items()
        if key != IMPORT_REMARKS and key not in record.withheld
    }
    return create(store, register, values, owner=record.owner, name=DUPLICATE)


def referring(read: Reader, register: str, ids: Sequence[str]) -> dict[str, int]:
    """How many records refer to these: label of their register → number, the most first."""
    found: dict[str, int] = {}
    for entity, each in read.catalogue.children(register):
        for start in range(0, len(ids), 500):
            held = Condition(each.key, Op.ANY_OF, ids[start : start + 500])
            number = read.count(Query(entity.key, where=(held,)))
            if number:
                found[entity.label_fr] = found.get(entity.label_fr, 0) + number
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def amend(store: Store, reference: str, texts: Mapping[str, str]) -> Changes:
    """Write typed texts over fields of a record; raises Refused when nothing differs."""
    with store.reading() as read:
        entity, record = read.find(reference)
        _refuse_system(entity)
        values = read_texts(read, entity, texts)
    return save(store, entity.key, record, values)


def save(
    store: Store,
    register: str,
    record: Record,
    values: Mapping[str, Value],
    *,
    settles: bool = False,
    reason: str = "",
) -> Changes:
    """Write values over a record as it was read; raises Refused when nothing differs."""
    entity = store.catalogue[register]
    _refuse_system(entity)
    with store.reading() as read:
        record_checks.refuse_unfit(read, entity, values, record)
    given = with_day_done(record, values, store.today())
    with store.change(AMEND, reason=reason) as work:
        work.amend(register, record, settles=settles, **given)
    if work.done is None:
        raise Refused("Rien à enregistrer : ces valeurs sont déjà celles de la fiche.")
    return work.done


def delete(store: Store, register: str, records: Iterable[Record], reason: str = "") -> Changes:
    """Delete records as one change; they stay in the history and can come back."""
    _refuse_system(store.catalogue[register])
    found = list(records)
    name = DELETE if len(found) < 2 else f"{DELETE} {number_text(len(found))}{NO_BREAK}fiches"
    with store.change(name, reason=reason) as work:
        for record in found:
            work.delete(register, record)
    return written(work)


def restore(store: Store, register: str, record: Record) -> Changes:
    """Bring a deleted record back."""
    _refuse_system(store.catalogue[register])
    with store.change(RESTORE) as work:
        work.mark_deleted(register, record, deleted=False)
    return written(work)


def _refuse_system(entity: Entity) -> None:
    """What the program keeps for itself (stations, roles, users, attachments) no person writes."""
    if entity.system:
        raise Refused(f"« {entity.label_fr} » est tenu par le programme : il ne se modifie pas.")


def written(work: Work) -> Changes:
    """What a closed change wrote; raises Refused where that is nothing."""
    if work.done is None:
        raise Refused("Rien n’a été changé.")
    return work.done


def find_again(store: Store, register: str, record_id: str) -> Record:
    """The record as it stands now."""
    with store.reading() as read:
        return read.get(register, record_id)


def history(store: Store, register: str, record_id: str) -> list[Event]:
    """Who wrote what in a record, oldest first."""
    entity = store.catalogue[register]
    past = store.history(record_id)
    with store.reading() as read:
        people = read.titles("user", {each.author for _, each in past})
        stations = {
            str(getattr(each, "station_id", "")): str(getattr(each, "name", ""))
            for each in read.records(Query("station", with_deleted=True))
        }
        return [
            Event(
                transaction,
                each.when,
                people.get(each.author, ""),
                stations.get(each.station, ""),
                change_name(each.message),
                each.field.lstrip("_"),
                _label(entity, each.field),
                _past_text(read, entity, each.field, each.old),
                _past_text(read, entity, each.field, each.new),
                _past_value(entity, each.field, each.old),
                _past_value(entity, each.field, each.new),
                each.reason,
            )
            for transaction, each in past
        ]


def change_name(message: str) -> str:
    """What people call a change."""
    return {UNDO: "Annuler", REDO: "Rétablir", SETTLE: "Départager"}.get(message, message)


def _label(entity: Entity, key: str) -> str:
    if key == DELETED:
        return "Supprimée"
    each = entity.by_key.get(key)
    return each.label_fr if each else key


def _past_value(entity: Entity, key: str, stored: Stored) -> Value:
    each = entity.by_key.get(key)
    if stored == ERASED:
        return ERASED_SHOWN
    return from_stored(each, stored) if each else stored


def _past_text(read: Reader, entity: Entity, key: str, stored: Stored) -> str:
    if stored is None:
        return ""
    if stored == ERASED:
        return ERASED_SHOWN
    if key == DELETED:
        return "Oui" if stored else "Non"
    each = entity.by_key.get(key)
    if each is None:
        return str(stored)
    if each.target:
        return read.titles(each.target, [str(stored)]).get(str(stored), str(stored))
    return shown(each, from_stored(each, stored))


def conditions(read: Reader, entity: Entity, wanted: Iterable[str]) -> tuple[Condition, ...]:
    """Filters typed as field=value; an empty value means that the field is empty."""
    made: list[Condition] = []
    for text in wanted:
        key, equals, value = text.partition("=")
        each = entity.by_key.get(key.strip())
        if not equals or each is None:
            known = ", ".join(one.key for one in entity.fields)
            raise NotFound(
                f"« {text} » n’est pas un filtre (attendu : champ=valeur). Champs : {known}."
            )
        if not value.strip():
            made.append(Condition(each.key, Op.EMPTY))
            continue
        try:
            meant = resolve(read, each, value) if each.target else parse(each, value)
        except Unreadable as error:
            raise Refused(str(error)) from error
        compared = Op.SAME_TEXT if each.kind in _TEXTS else Op.IS
        made.append(Condition(each.key, compared, meant))
    return tuple(made)


def plain(value: Value) -> str | int | float | bool | None:
    """A value as JSON knows it: dates ISO, numbers as numbers."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return str(value)
    return value.isoformat()
