"""What a merge may leave behind across records: doubles, lost parents, rings, contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.description import Entity, Record
from prevention_app.errors import Refused
from prevention_app.i18n import NO_BREAK, count, number_text
from prevention_app.services import records
from prevention_app.services.rating_twins import rating_twins
from prevention_app.storage import cross_checks
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import SHARED, Changes

DOUBLE, MISSING, RING, CONTRADICTION = "double", "missing", "ring", "contradiction"
DIVERGENCE: Final = "divergence"
JOIN: Final = "Réunir des doubles"
_PAGE: Final = 500
_NAMED: Final = 60
_LISTED: Final = 5
"""So many references stand in a sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that needs a look."""

    check: str
    """double, missing, ring, contradiction or divergence."""
    register: str
    records: tuple[str, ...]
    """Ids; of doubles the oldest first, which is the one that stays."""
    references: tuple[str, ...]
    sentence: str
    title: str
    """What it is about, as the list calls it."""
    owner: str
    """The department of its records."""


def findings(read: Reader, today: date, owners: Sequence[str] = ()) -> list[Finding]:
    """All of them, register by register; of these departments' records, or of all.

    What the program keeps for itself is left out.
    """
    merged = cross_checks.stations(read.connection) > 1
    several = cross_checks.written_by_several(read.connection) if merged else []
    found: list[Finding] = []
    for entity in read.catalogue.registers:
        if entity.reference_set:
            continue
        found += _divergences(read, entity) if entity.acts else _doubles(read, entity)
        found += _missing(read, entity)
        found += _rings(read, entity)
        found += _contradictions(read, entity, several, today)
    return [each for each in found if not owners or each.owner in owners]


def was_merged(read: Reader) -> bool:
    """Whether anything came from another station: else there is nothing to look for."""
    return cross_checks.stations(read.connection) > 1


def _doubles(read: Reader, entity: Entity) -> Iterator[Finding]:
    groups = cross_checks.doubles(read.connection, read.catalogue, entity)
    known = _known(read, entity, [each for group in groups for each in group])
    for group in groups:
        named = [known[each] for each in group]
        title = named[0].title
        yield Finding(
            DOUBLE,
            entity.key,
            tuple(group),
            tuple(each.reference for each in named),
            f"{number_text(len(group))}{NO_BREAK}fiches semblent désigner la même chose : "
            f"« {title} » ({', '.join(each.reference for each in named)}).",
            title,
            named[0].owner,
        )


def _divergences(read: Reader, entity: Entity) -> Iterator[Finding]:
    """Evaluations of one day by two stations that do not say the same."""
    if entity.key != "rating":
        return
    for each in rating_twins(read):
        risk = each.risk
        title = " ".join(risk.situation.split())
        yield Finding(
            DIVERGENCE, "risk", (risk.id,), (risk.reference,), each.sentence, title, risk.owner
        )


def _missing(read: Reader, entity: Entity) -> Iterator[Finding]:
    found = cross_checks.missing(read.connection, read.catalogue, entity)
    known = _known(read, entity, [each for one in found for each in one.records])
    for one in found:
        field = entity.by_key[one.field]
        target = read.catalogue[field.target or ""]
        named = [known[each] for each in one.records]
        gone = "une fiche qui n’est pas ici"
        if one.deleted:
            lost = read.titles(target.key, [one.target]).get(one.target, "")
            gone = f"« {_cut(lost)} », qui est supprimée"
        references = [each.reference for each in named]
        several = len(named) > 1
        verb = "désignent" if several else "désigne"
        who = (
            f"{number_text(len(named))}{NO_BREAK}fiches" if several else f"La fiche {references[0]}"
        )
        which = f" ({_first(references)})" if several else ""
        yield Finding(
            MISSING,
            entity.key,
            one.records,
            tuple(references),
            f"{who} {verb} dans « {field.label_fr} » {gone}{which}.",
            named[0].title,
            named[0].owner,
        )


def _first(references: Sequence[str]) -> str:
    """The first references, and how many more there are."""
    more = len(references) - _LISTED
    if more <= 0:
        return ", ".join(references)
    others = count(more, "autre")
    return f"{', '.join(references[:_LISTED])} et {others}"


def _rings(read: Reader, entity: Entity) -> Iterator[Finding]:
    for field in entity.fields:
        if field.target != entity.key:
            continue
        above = cross_checks.parents(read.connection, entity, field)
        for ring in _circles(above):
            known = _known(read, entity, ring)
            named = [known[each] for each in ring]
            way = " → ".join(f"« {_cut(each.title)} »" for each in (*named, named[0]))
            yield Finding(
                RING,
                entity.key,
                tuple(ring),
                tuple(each.reference for each in named),
                f"« {field.label_fr} » fait une boucle : {way}.",
                named[0].title,
                named[0].owner,
            )


def _circles(above: Mapping[str, str | None]) -> list[list[str]]:
    """The circles among nodes that each lead to one other, each from its least id on."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in sorted(above):
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = len(path)
            at = above.get(at)
        if at is not None and at in path:
            ring = list(path)[path[at] :]
            least = ring.index(min(ring))
            found.append(ring[least:] + ring[:least])
        done.update(path)
    return found


def _contradictions(
    read: Reader, entity: Entity, several: Sequence[str], today: date
) -> Iterator[Finding]:
    """Records of several writers whose fields, each right by itself, contradict each other."""
    if not entity.checks:
        return
    for start in range(0, len(several), _PAGE):
        ids = tuple(several[start : start + _PAGE])
        for record in read.records(Query(entity.key, ids=ids, order=("reference",))):
            for check in entity.checks:
                problem = check(record, today)
                if problem is not None:
                    yield Finding(
                        CONTRADICTION,
                        entity.key,
                        (record.id,),
                        (record.reference,),
                        f"{record.reference} : {problem[1]}",
                        read.titles_of(entity, [record])[record.id],
                        record.owner,
                    )


@dataclass(frozen=True, slots=True)
class _Known:
    reference: str
    title: str
    owner: str


def _known(read: Reader, entity: Entity, ids: Sequence[str]) -> dict[str, _Known]:
    known: dict[str, _Known] = {}
    for start in range(0, len(ids), _PAGE):
        query = Query(
            entity.key,
            ids=tuple(ids[start : start + _PAGE]),
            with_deleted=True,
            order=("reference",),
        )
        found = read.records(query)
        titles = read.titles_of(entity, found)
        known |= {each.id: _Known(each.reference, titles[each.id], each.owner) for each in found}
    return known


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _NAMED else f"{flat[: _NAMED - 1]}…"


# -- joining -------------------------------------------------------------------------------


def join(store: Store, reference: str, to: str) -> Changes:
    """Say that a record is the same thing as another one, which stays; undo takes it back."""
    with store.reading() as read:
        entity, record = read.find(reference)
        other, kept = read.find(to)
        _refuse_strangers(entity, record, other, kept)
    with store.change(JOIN) as work:
        work.join(entity.key, record, kept.id)
    return records.written(work)


def join_doubles(store: Store, found: Sequence[Finding]) -> Changes:
    """Join the doubles of these findings, each to the oldest of its records, as one change.

    Those of departments in which this station has no role are left. Every station keeps the same
    one, so that two who do it at the same time agree.
    """
    own = {*store.departments, SHARED}
    wanted = [each for each in found if each.check == DOUBLE and each.owner in own]
    work = store.draft()
    with store.reading() as read:
        for each in wanted:
            kept, *others = each.records
            query = Query(each.register, ids=tuple(others), order=("reference",))
            for record in read.records(query):
                work.join(each.register, record, kept)
    store.write(work, JOIN)
    return records.written(work)


def _refuse_strangers(entity: Entity, record: Record, other: Entity, kept: Record) -> None:
    if entity.key != other.key:
        raise Refused(
            f"{record.reference} et {kept.reference} ne sont pas du même registre : "
            "elles ne peuvent pas désigner la même chose."
        )
    if record.id == kept.id:
        raise Refused(f"{record.reference} désigne déjà la même fiche que {kept.reference}.")
    if record.owner != kept.owner:
        raise Refused("Deux fiches de départements différents ne se réunissent pas.")
    if record.deleted or kept.deleted:
        raise Refused("Une fiche supprimée ne se réunit pas à une autre ; rétablissez-la d’abord.")
