"""Reorganising: a plan foreseen, then written as one change that undo takes back whole (P4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prevention_app.catalogue.description import Record, Value
from prevention_app.catalogue.reorganisation import OrgChange
from prevention_app.domain import reorganisation
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT, Change, Unit, below, is_there
from prevention_app.domain.reorganisation import Act, Operation, Outcome
from prevention_app.domain.trees import path_from_top
from prevention_app.errors import Refused
from prevention_app.services.lookup import Lookup
from prevention_app.services.org_units import FIELDS, Trees, read_trees
from prevention_app.services.reorganisation_counts import counts_by_place
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

NAME = "Réorganiser"
SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Plan:
    """What changes in the organisation of a department, and from which day on."""

    department: str
    on: date
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """The organisation of a department as it stands, with what hangs on each of its places."""

    department: str
    units: Mapping[str, Unit]
    references: Mapping[str, str]
    """Id → what people quote."""
    latest: Mapping[str, date]
    """Id → when it changed last."""
    counts: Mapping[str, Mapping[str, int]]
    """Id of a place → how many records of each sort hang on it."""

    def path(self, key: str) -> str:
        """The names down to a unit; a site's are those of the sites around it."""
        above = {
            each.id: each.site if each.register == SITE else each.above
            for each in self.units.values()
        }
        return SEPARATOR.join(self.units[each].name for each in path_from_top(above, key))


@dataclass(frozen=True, slots=True)
class Concerned:
    """What an operation touches: it follows, nothing is copied."""

    services: int = 0
    units: int = 0
    risks: int = 0
    open_actions: int = 0
    people: int = 0
    credentials: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One operation as people read it."""

    text: str
    place: str
    concerned: Concerned
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would do; it can be applied when nothing speaks against it."""

    lines: tuple[Line, ...]
    total: Concerned
    remarks: tuple[str, ...]
    problems: tuple[str, ...] = field(default=())
    """All that speaks against it, with the place in the file."""


def situation(read: Reader, department: str, today: date) -> Situation:
    """Read the organisation of a department, and what hangs on it."""
    trees = read_trees(read)
    owners = (department,)
    latest: dict[str, date] = {}
    for each in trees.changes(Lookup(read, OrgChange).live(owners)):
        key = each.before.id
        latest[key] = max(each.changed_on, latest.get(key, each.changed_on))
    return Situation(
        department,
        trees.units(owners),
        {key: each.reference for key, each in trees.records(owners).items()},
        latest,
        counts_by_place(read, owners, today),
    )


def foresee(held: Situation, plan: Plan, today: date) -> Preview:
    """What a plan would do, named in full; nothing is written."""
    outcome = _outcome(held, plan)
    said: dict[int, list[str]] = {}
    for each in outcome.problems:
        said.setdefault(each.at, []).append(each.sentence)
    touched = [_touched(held, each) for each in plan.operations]
    lines = tuple(
        Line(
            told(each, {**outcome.units, **held.units}),
            each.place,
            _concerned(held, touched[at]),
            tuple(said.get(at, ())),
        )
        for at, each in enumerate(plan.operations)
    )
    everything = set[str]().union(*touched)
    problems = [
        f"{line.place} : {sentence}" if line.place else sentence
        for line in lines
        for sentence in line.problems
    ]
    return Preview(
        lines,
        _concerned(held, everything),
        (*outcome.remarks, *_remarks(held, plan, today)),
        tuple(problems),
    )


def _outcome(held: Situation, plan: Plan) -> Outcome:
    return reorganisation.plan(held.units, plan.operations, plan.on, held.latest)


def told(
    each: Operation, units: Mapping[str, Unit], created: Mapping[str, str] | None = None
) -> str:
    """An operation in words: « Réunir « Routes » à « Mobilités » ».

    `created`: the names of what a plan creates, by their marks.
    """

    def name(key: str) -> str:
        new = (created or {}).get(key, key)
        return f"« {units[key].name if key in units else new} »"

    to = f"à {name(each.to)}" if each.to else "au sommet"
    match each.act:
        case Act.CREATE:
            kind = reorganisation.KINDS[each.register]
            under = f", dans {name(each.to)}" if each.to else ""
            lies = f", à {name(each.site)}" if each.site else ""
            return f"Créer « {each.name} » ({kind}){under}{lies}"
        case Act.RENAME:
            return f"Renommer {name(each.unit)} en « {each.name} »"
        case Act.MOVE:
            return f"Rattacher {name(each.unit)} {to}"
        case Act.MERGE:
            return f"Réunir {name(each.unit)} à {name(each.to)}"
        case Act.SPLIT:
            return f"Scinder {name(each.unit)} : une partie est {name(each.to)}"
        case Act.CLOSE:
            return f"Fermer {name(each.unit)}"


def _touched(held: Situation, each: Operation) -> set[str]:
    if each.act is Act.CREATE or each.unit not in held.units:
        return set()
    found = below(held.units, each.unit)
    on_site: dict[str, set[str]] = {}
    for unit in held.units.values():
        if unit.register == WORK_UNIT and unit.site:
            on_site.setdefault(unit.site, set()).add(unit.id)
    return found | {site for site, units in on_site.items() if units <= found}


def _concerned(held: Situation, touched: set[str]) -> Concerned:
    kinds = Counter(held.units[key].register for key in touched if key in held.units)
    counts: Counter[str] = Counter()
    for key in touched:
        counts.update(held.counts.get(key, {}))
    return Concerned(services=kinds[ORG_UNIT], units=kinds[WORK_UNIT], **counts)


def _remarks(held: Situation, plan: Plan, today: date) -> list[str]:
    remarks: list[str] = []
    for each in plan.operations:
        waiting = held.counts.get(each.unit, {}).get("open_actions", 0)
        if each.act is Act.CLOSE and waiting:
            remarks.append(
                f"« {held.units[each.unit].name} » ferme avec {waiting} actions ouvertes : elles y "
                "restent jusqu’à ce qu’on les abandonne ou les confie à une autre unité."
            )
    if plan.on > today:
        remarks.append(_too_early(plan.on))
    return remarks


def _too_early(on: date) -> str:
    return (
        f"Le {on:%d/%m/%Y} n’est pas venu : le plan se prépare et se garde dans un classeur, et "
        "s’applique à partir de ce jour. D’ici là, tout reste dans l’organisation présente."
    )


# -- writing -------------------------------------------------------------------------------------


def apply(store: Store, plan: Plan) -> Changes:
    """Write a plan as one change; raises Refused with all that speaks against it."""
    today = store.today()
    if not plan.operations:
        raise Refused("Le plan ne contient aucune opération : rien n’a été changé.")
    if plan.on > today:
        raise Refused(_too_early(plan.on))
    with store.reading() as read:
        trees = read_trees(read)
        held = situation(read, plan.department, today)
        recorded = Lookup(read, OrgChange).live((plan.department,))
        preview = foresee(held, plan, today)
    if preview.problems:
        raise Refused("\n".join(preview.problems))
    outcome = _outcome(held, plan)
    with store.change(f"{NAME} au {plan.on:%d/%m/%Y}") as work:
        writer = _Writer(work, plan.department, trees, held.units, outcome)
        writer.write_units()
        writer.write_changes(recorded)
    if work.done is None:
        raise Refused("Ce plan ne change rien.")
    return work.done


class _Writer:
    """Writes what a plan makes of an organisation."""

    def __init__(
        self,
        work: Work,
        department: str,
        trees: Trees,
        before: Mapping[str, Unit],
        outcome: Outcome,
    ) -> None:
        self.work = work
        self.department = department
        self.trees = trees
        self.records = trees.records((department,))
        self.before = before
        self.outcome = outcome
        self.made: dict[str, Record] = {}
        """Mark → the record that was created for it."""

    def write_units(self) -> None:
        """What is created first: what exists may go there."""
        units = self.outcome.units
        for mark in self.outcome.created:
            unit = units[mark]
            self.made[mark] = self.work.new(
                unit.register, owner=self.department, name=unit.name, valid_from=unit.since
            )
        for mark, record in self.made.items():
            self.work.complete(record, self._places(units[mark]))
        for key, unit in units.items():
            if key not in self.made and unit != self.before[key]:
                values = {"name": unit.name, "valid_until": unit.until, **self._places(unit)}
                record = self.records[key]
                changed = _differing(unit, self.before[key], values)
                self.work.write_over(unit.register, record, changed)

    def _places(self, unit: Unit) -> dict[str, Value]:
        above, site = FIELDS[unit.register]
        values = {above: self._id(unit.above), site: self._id(unit.site)}
        return {field: value for field, value in values.items() if field}

    def _id(self, key: str) -> str | None:
        made = self.made.get(key)
        return made.id if made else key or None

    def write_changes(self, recorded: Sequence[OrgChange]) -> None:
        """How each unit stood; of two plans for one day, the first found how it did."""
        same_day = {
            change.before.id: (each, change)
            for each in recorded
            if (change := self.trees.change(each)) is not None
        }
        for each in self.outcome.changes:
            record, earlier = same_day.get(each.before.id, (None, None))
            successor = self._id(each.successor)
            if record is None or earlier is None or earlier.changed_on != each.changed_on:
                self._write_change(each, each.before, successor)
            elif earlier.successor and earlier.successor != successor:
                self._write_change(each, earlier.before, successor)
            else:
                self.work.amend("org_change", record, kind=each.kind, successor=successor)

    def _write_change(self, each: Change, before: Unit, successor: str | None) -> None:
        what: dict[str, Any] = {before.register: before.id}
        self.work.new(
            "org_change",
            owner=self.department,
            changed_on=each.changed_on,
            kind=each.kind,
            name_before=before.name,
            under_before=before.above or None,
            site_before=before.site or None,
            successor=successor,
            **what,
        )


def _differing(unit: Unit, before: Unit, values: dict[str, Value]) -> dict[str, Value]:
    """Only what the plan changed: another station may have corrected the rest meanwhile."""
    above, site = FIELDS[unit.register]
    same = {
        "name": unit.name == before.name,
        "valid_until": unit.until == before.until,
        above: unit.above == before.above,
        site: unit.site == before.site,
    }
    return {key: value for key, value in values.items() if not same[key]}


def present(held: Situation, day: date) -> list[Unit]:
    """The units that exist on a day, by their path."""
    found = [each for each in held.units.values() if is_there(each, day)]
    return sorted(found, key=lambda each: (each.register, held.path(each.id)))
