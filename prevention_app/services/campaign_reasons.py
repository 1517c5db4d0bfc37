"""Reasons for updating the document unique outside the campaign, until they are answered.

Legal source: code du travail R4121-2: an important change of conditions (2°), new information on a
risk (3°), among them every accident. They are derived from the registers each time; only the
answer is a record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, cast

from prevention_app.catalogue.campaign import UpdateAnswer, UpdateOutcome
from prevention_app.catalogue.description import DECLARED
from prevention_app.catalogue.vocabulary import AccidentKind, EvaluationState
from prevention_app.domain.trees import path_from_top
from prevention_app.errors import NotFound, Refused
from prevention_app.services import records
from prevention_app.services.campaign_view import created_on
from prevention_app.services.places import Places, read_places
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, CheckFailed

ANSWER = "Répondre à un motif de mise à jour"
"""Name of the change made here, as undo and history call it."""
_UNKNOWN: Final = timedelta(days=365)
"""How far back reasons are told where no day of an evaluation is known: the yearly update."""
_SLICE: Final = 5_000
_IMPORT_BEFORE_S, _IMPORT_AFTER_S = 120, 30
"""Ids are made in the order of the rows, that of the import among them: a large file takes long."""


@dataclass(frozen=True, slots=True)
class Source:
    """A register whose entries are reasons: which field tells the place, which one the day."""

    register: str
    words: str
    text: str
    """Field that says what it is."""
    day: str = ""
    """Field of the day; where it is empty, the day on which the entry was made here."""
    unit: str = ""
    site: str = ""
    via: str = ""
    """Field that leads to a record which has the site."""
    but: tuple[str, tuple[str, ...]] = ("", ())
    """A field and its values that are no reasons."""
    new: bool = False
    """Counts where it was entered by hand: what a file brought was there before."""


SOURCES: Final = (
    Source(
        "accident", "Accident", "circumstances", "happened_on", unit="work_unit", site="site",
        but=("kind", (AccidentKind.COMMUTING.value,)),
    ),
    Source("grave_danger", "Danger grave et imminent", "cause", "reported_on", "work_unit", "site"),
    Source("health_safety_entry", "Observation RSST", "observation", "reported_on",
           site="site"),
    Source("stock_line", "Nouveau produit", "name_as_written", "purchased", via="store_room",
           new=True),
    Source("equipment", "Nouvel équipement", "name", site="site", new=True),
)  # fmt: skip
"""A register that a workspace does not know, or a field that it lacks, is passed over."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that happened since a unit or site was evaluated, and waits for an answer."""

    register: str
    record: str
    reference: str
    owner: str
    words: str
    text: str
    day: date
    unit: str
    """Id; empty where a whole site is concerned, or where the place is not told."""
    site: str
    place: str
    """Name of the unit or the site, with the units there."""
    since: date | None
    """Since when the place stands evaluated; None where that is not known."""


def update_reasons(read: Reader, owners: tuple[str, ...], today: date) -> list[Reason]:
    """What is to be looked at in these departments (all when empty), the latest first.

    A reason counts where it is later than the day since when all that is evaluated in the unit
    stands so, or than its last validation in a campaign: that one risk was rated since does not
    answer it.
    """
    found = _Places(read, owners)
    answered = _answered(read, owners)
    reasons = [
        each
        for source in SOURCES
        if source.register in read.catalogue
        for each in _of_source(read, source, owners, found, today)
        if (each.record, each.unit) not in answered
    ]
    return sorted(reasons, key=lambda each: (each.day, each.reference), reverse=True)


def answer(
    store: Store, reasons: Sequence[Reason], outcome: UpdateOutcome, reason: str = ""
) -> Changes:
    """Answer reasons: re-evaluated, or not concerned and why; several at once, as one change.

    Raises CheckFailed where it is not said why: « not concerned » is printed with its reason.
    """
    if not reasons:
        raise Refused("Choisissez au moins un motif de mise à jour.")
    if outcome is UpdateOutcome.NOT_CONCERNED and not reason.strip():
        told = "Dites pourquoi l’unité n’est pas concernée."
        raise CheckFailed(DECLARED[UpdateAnswer], [("reason", told)])
    with store.change(ANSWER) as work:
        for each in reasons:
            work.new(
                "update_answer",
                owner=each.owner,
                of_register=each.register,
                of_record=each.record,
                work_unit=each.unit or None,
                site=each.site or None,
                outcome=outcome,
                reason=reason.strip() or None,
                answered_on=store.today(),
            )
    return records.written(work)


def named(read: Reader, references: Sequence[str], today: date) -> list[Reason]:
    """The open reasons of records that a person quotes; raises NotFound where there is none."""
    known = update_reasons(read, (), today)
    found: list[Reason] = []
    for reference in references:
        same = [each for each in known if reference in (each.reference, each.record)]
        if not same:
            raise NotFound(f"{reference} n’est pas un motif de mise à jour en attente.")
        found += same
    return found


def _answered(read: Reader, owners: tuple[str, ...]) -> set[tuple[str, str]]:
    given = cast("list[UpdateAnswer]", read.records(Query("update_answer", owners=owners)))
    return {(each.of_record, each.work_unit or "") for each in given}


# -- places and since when they stand evaluated ----------------------------------------------------


class _Places:
    """Units and sites, and the day since when all that is evaluated there stands so."""

    def __init__(self, read: Reader, owners: tuple[str, ...]) -> None:
        self.units = read_places(read, "work_unit", ("name", "site"), owners)
        self.sites = read_places(read, "site", ("name", "parent"), owners)
        self._parents = {key: self.sites.lead(row[2]) for key, row in self.sites.rows.items()}
        self._at: dict[str, list[str]] = {}
        for key, row in self.units.rows.items():
            site = self.sites.lead(row[2])
            if site:
                self._at.setdefault(site, []).append(key)
        self._since = _evaluated_since(read, owners, self.units)

    def units_at(self, site: str) -> list[str]:
        """The units of a site; of a room, those of the building around it."""
        for each in reversed(path_from_top(self._parents, site)):
            if each in self._at:
                return self._at[each]
        return []

    def since(self, units: Sequence[str]) -> date | None:
        """Since when all of these stand evaluated; None where of one that is not known."""
        days = [self._since.get(each) for each in units]
        known = [each for each in days if each is not None]
        return min(known) if known and len(known) == len(days) else None

    def named(self, unit: str, site: str) -> str:
        """The unit, or the site with the units there."""
        if unit:
            return str(self.units.rows[unit][1])
        if not site:
            return "Lieu à préciser"
        there = [str(self.units.rows[each][1]) for each in self.units_at(site)]
        name = str(self.sites.rows[site][1])
        return f"{name} ({', '.join(there)})" if there else name


def _evaluated_since(read: Reader, owners: tuple[str, ...], units: Places) -> Mapping[str, date]:
    """Unit → the later of its last validation and the oldest rating that counts in it."""
    risks: dict[str, str] = {}
    query = Query("risk", owners=owners)
    for risk, unit, evaluation in read.walk(query, ("work_unit", "evaluation")):
        if evaluation == EvaluationState.EVALUATED:
            risks[risk] = units.lead(unit) or unit
    latest: dict[str, str] = {}
    for _, risk, day in read.walk(Query("rating", owners=owners), ("risk", "rated_on")):
        if risk in risks and day:
            latest[risk] = max(latest.get(risk, ""), day)
    oldest: dict[str, str] = {}
    for risk, day in latest.items():
        unit = risks[risk]
        oldest[unit] = min(oldest.get(unit, day), day)
    validated = Query("campaign_unit", owners=owners, where=(Condition("validated_on", Op.FILLED),))
    for _, unit, day in read.walk(validated, ("work_unit", "validated_on")):
        lead = units.lead(unit) or unit
        oldest[lead] = max(oldest.get(lead, ""), day)
    return {unit: date.fromisoformat(day) for unit, day in oldest.items()}


# -- entries --------------------------------------------------------------------------------------


def _of_source(
    read: Reader, source: Source, owners: tuple[str, ...], places: _Places, today: date
) -> list[Reason]:
    entity = read.catalogue[source.register]
    wanted = (source.text, source.day, source.unit, source.site, source.via, source.but[0])
    keys = [each for each in wanted if each in entity.by_key]
    if source.day and source.day not in keys:
        return []
    imports = _import_moments(read) if source.new else []
    sites = _sites_via(read, source, owners)
    found: list[Reason] = []
    for row in _rows(read, Query(source.register, owners=owners), ("owner", *keys)):
        told = dict(zip(("owner", *keys), row[1:], strict=True))
        if told.get(source.but[0]) in source.but[1]:
            continue
        day = _day(row[0], told.get(source.day), imports, hand_made=source.new)
        if day is None or day > today:
            continue
        unit = places.units.lead(told.get(source.unit)) or ""
        led = sites.get(told.get(source.via) or "") if source.via else told.get(source.site)
        site = "" if unit else places.sites.lead(led) or ""
        since = places.since([unit] if unit else places.units_at(site) if site else [])
        if day < (since or today - _UNKNOWN):
            continue
        text = " ".join(str(told.get(source.text) or "").split())
        found.append(
            Reason(
                *(source.register, row[0], "", told["owner"], source.words, text, day),
                *(unit, site, places.named(unit, site), since),
            )
        )
    return _with_references(read, source.register, found)


def _rows(read: Reader, query: Query, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    """All that a query finds, a slice at a time."""
    rows: list[tuple[Any, ...]] = []
    while part := read.walk(query, fields, rows[-1][0] if rows else "", _SLICE):
        rows += part
    return rows


def _day(
    record: str, written: str | None, imports: Sequence[float], *, hand_made: bool
) -> date | None:
    if written:
        return date.fromisoformat(written[:10])
    if not hand_made:
        return None
    made = int(record.replace("-", "")[:12], 16) / 1000
    if any(-_IMPORT_BEFORE_S <= made - each <= _IMPORT_AFTER_S for each in imports):
        return None
    return created_on(record)


def _import_moments(read: Reader) -> list[float]:
    """When files were brought in: what came with them is not new, it is newly recorded."""
    rows = read.walk(Query("import_run"), ("file_name",))
    return [int(row[0].replace("-", "")[:12], 16) / 1000 for row in rows]


def _sites_via(read: Reader, source: Source, owners: tuple[str, ...]) -> Mapping[str, str | None]:
    """Id of a record in between → its site."""
    if not source.via:
        return {}
    target = read.catalogue[source.register].by_key[source.via].target or ""
    return dict(read.walk(Query(target, owners=owners), ("site",)))


def _with_references(read: Reader, register: str, found: list[Reason]) -> list[Reason]:
    known: dict[str, str] = {}
    ids = [each.record for each in found]
    for start in range(0, len(ids), 500):
        query = Query(register, ids=tuple(ids[start : start + 500]), order=("reference",))
        known |= {each.id: each.reference for each in read.records(query)}
    return [replace(each, reference=known.get(each.record, "")) for each in found]
