"""What people do with what is due: put off, say that it is done, give to someone else.

Each is one named change over all that was chosen; which fields it writes follows from the
declarations and the due rules (`due_sources.fields_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.description import Catalogue, Record, Value
from prevention_app.domain.due import DueItem
from prevention_app.errors import Refused
from prevention_app.services.due_sources import DueFields, fields_of
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

POSTPONE: Final = "Reporter une échéance"
MARK_DONE: Final = "Marquer une échéance comme faite"
REASSIGN: Final = "Réattribuer une échéance"
"""Names of the changes made here, as undo and history call them."""
_CHUNK: Final = 500
MOST: Final = 500
"""So many records are written while one waits; more is for the page of the register."""


@dataclass(frozen=True, slots=True)
class Target:
    """A due item as a deed needs it."""

    register: str
    record_id: str
    dated_by: str = ""
    """Key of the field that its date stands in; see `DueItem.field`."""

    @property
    def fields(self) -> DueFields:
        """What may be written of it."""
        return fields_of(self.register, self.dated_by)


def targets(deed: str, items: Iterable[DueItem], catalogue: Catalogue) -> list[Target]:
    """Those of some items with which a deed can be done; each record once."""
    found = dict.fromkeys(Target(each.register, each.record_id, each.field) for each in items)
    return [each for each in found if _is_possible(deed, each.fields) and _is_kept(each, catalogue)]


def _is_possible(deed: str, fields: DueFields) -> bool:
    needed = {POSTPONE: fields.date, MARK_DONE: fields.done_on, REASSIGN: fields.responsible}
    return bool(needed[deed])


def _is_kept(target: Target, catalogue: Catalogue) -> bool:
    return target.register in catalogue and not catalogue[target.register].system


def postpone(store: Store, chosen: Sequence[Target], until: date, reason: str) -> Changes:
    """Put the date of records off; a first date stays beside the new one where both are kept."""
    if not reason.strip():
        raise Refused("Écrivez le motif du report : il reste dans l’historique de la fiche.")
    if until < store.today():
        raise Refused("Choisissez une date à partir d’aujourd’hui.")
    found = _read(store, chosen)
    with store.change(POSTPONE, reason=reason.strip()) as work:
        for target, record in found:
            fields = target.fields
            first = getattr(record, fields.date)
            key = fields.revised if fields.revised and first else fields.date
            work.write_over(target.register, record, {key: until})
    return _done(work)


def mark_done(
    store: Store,
    chosen: Sequence[Target],
    day: date,
    proof: str = "",
    beside: Mapping[str, Value] | None = None,
) -> Changes:
    """Say that records are done since a day; for an equipment, enter its new inspection.

    `beside` are further fields that are known by then: what it cost, which value was found.
    Raises CheckFailed where the day is one that a record does not allow.
    """
    found = _read(store, chosen)
    proof = proof.strip()
    with store.change(MARK_DONE, reason=proof) as work:
        for target, record in found:
            fields = target.fields
            if fields.done_by_new:
                values: dict[str, Value] = {fields.link: record.id, fields.done_on: day}
                work.new(fields.done_by_new, owner=record.owner, **values)
                continue
            written: dict[str, Value] = {fields.done_on: day, **fields.done, **(beside or {})}
            if proof and fields.proof and not getattr(record, fields.proof):
                written[fields.proof] = proof
            work.write_over(target.register, record, written)
    return _done(work)


def reassign(store: Store, chosen: Sequence[Target], responsible: str) -> Changes:
    """Name who answers for records from now on."""
    if not responsible.strip():
        raise Refused("Écrivez la fonction ou le nom de la personne qui en répond désormais.")
    found = _read(store, chosen)
    with store.change(REASSIGN) as work:
        for target, record in found:
            work.write_over(
                target.register, record, {target.fields.responsible: responsible.strip()}
            )
    return _done(work)


def _read(store: Store, chosen: Sequence[Target]) -> list[tuple[Target, Record]]:
    if len(chosen) > MOST:
        raise Refused(f"Choisissez {MOST} fiches au plus à la fois.")
    with store.reading() as read:
        found = list(_records(read, chosen))
    if len(found) < len(chosen):
        raise Refused("Une des fiches choisies a été supprimée : actualisez la liste (F5).")
    return found


def _records(read: Reader, chosen: Sequence[Target]) -> Iterator[tuple[Target, Record]]:
    by_register: dict[str, list[Target]] = {}
    for each in chosen:
        by_register.setdefault(each.register, []).append(each)
    for register, some in by_register.items():
        for start in range(0, len(some), _CHUNK):
            part = some[start : start + _CHUNK]
            ids = tuple(each.record_id for each in part)
            records = read.records(Query(register, ids=ids, order=("reference",)))
            held = {record.id: record for record in records}
            yield from ((each, held[each.record_id]) for each in part if each.record_id in held)


def _done(work: Work) -> Changes:
    if work.done is None:
        raise Refused("Rien n’a été changé : ces valeurs sont déjà celles des fiches.")
    return work.done
