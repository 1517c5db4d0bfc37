"""The shared library: typical risks by unit type, and taking them into the document unique."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from prevention_app.catalogue.description import DECLARED, Value
from prevention_app.catalogue.library_units import LibraryUnit
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import Risk
from prevention_app.catalogue.risk_library import LibraryMeasure, LibraryRisk
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import ActionState, EvaluationState, MeasureStanding
from prevention_app.errors import NotFound, Refused
from prevention_app.services import records, risk_templates
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

TAKE: Final = "Ajouter depuis la bibliothèque"
"""Name of the change made here, as undo and history call it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A unit type of the library with the number of its typical risks."""

    unit: LibraryUnit
    risks: int

    @property
    def name(self) -> str:
        """What it is called."""
        return self.unit.name


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """A typical risk with its measures."""

    risk: LibraryRisk
    family: str
    existing: Sequence[LibraryMeasure]
    proposed: Sequence[LibraryMeasure]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from the library."""

    changes: Changes
    risks: Sequence[str]
    """The ids of the new risks."""
    already: int
    """How many were in their unit before, and were left as they are."""


def shelves(read: Reader) -> list[Shelf]:
    """The unit types of the library, by their names."""
    numbers: dict[str, int] = {}
    for _, unit in read.walk(Query("library_risk"), ("library_unit",)):
        numbers[str(unit)] = numbers.get(str(unit), 0) + 1
    found = read.records(Query("library_unit", order=("name",)))
    return [Shelf(cast("LibraryUnit", each), numbers.get(each.id, 0)) for each in found]


def find_unit(read: Reader, wanted: str) -> LibraryUnit:
    """The unit type with this code, name or reference; raises NotFound with what there is."""
    known = [each.unit for each in shelves(read)]
    asked = fold(wanted)
    for each in known:
        if asked in (fold(each.unit_code or ""), fold(each.name), fold(each.reference), each.id):
            return each
    codes = ", ".join(each.unit_code for each in known if each.unit_code)
    raise NotFound(f"Aucune unité type « {wanted} ». Codes de la bibliothèque : {codes}.")


def lines(read: Reader, unit: str) -> list[LibraryLine]:
    """The typical risks of a unit type, in the order of their numbers."""
    about = (Condition("library_unit", Op.IS, unit),)
    found = [cast("LibraryRisk", each) for each in read.records(Query("library_risk", about))]
    return _with_measures(read, sorted(found, key=lambda each: each.reference))


def chosen_lines(read: Reader, risks: Sequence[str]) -> list[LibraryLine]:
    """Typical risks by their ids, in the order given; raises NotFound for one that is gone."""
    found = {
        each.id: cast("LibraryRisk", each)
        for each in read.records(Query("library_risk", ids=tuple(risks)))
    }
    missing = [each for each in risks if each not in found]
    if missing:
        raise NotFound("Un des risques choisis n’est plus dans la bibliothèque.")
    return _with_measures(read, [found[each] for each in risks])


def _with_measures(read: Reader, risks: Sequence[LibraryRisk]) -> list[LibraryLine]:
    about = (Condition("library_risk", Op.ANY_OF, [each.id for each in risks]),)
    held: dict[str, list[LibraryMeasure]] = {}
    for each in read.records(Query("library_measure", about)):
        measure = cast("LibraryMeasure", each)
        held.setdefault(measure.library_risk, []).append(measure)
    families = read.titles("hazard_family", [each.hazard_family for each in risks])
    return [
        LibraryLine(
            each,
            families.get(str(each.hazard_family), ""),
            _standing(held.get(each.id, ()), MeasureStanding.EXISTING),
            _standing(held.get(each.id, ()), MeasureStanding.PROPOSED),
        )
        for each in risks
    ]


def _standing(
    measures: Iterable[LibraryMeasure], standing: MeasureStanding
) -> list[LibraryMeasure]:
    """Those of one standing, in the order of their numbers."""
    found = [each for each in measures if each.standing == standing]
    return sorted(found, key=lambda each: each.reference)


def find_lines(read: Reader, wanted: Iterable[str]) -> list[LibraryLine]:
    """Typical risks by their references or numbers (CER-01); raises NotFound for another word."""
    numbers = {
        each.reference.split("-", 3)[-1]: each.id for each in read.records(Query("library_risk"))
    }
    ids: list[str] = []
    for each in wanted:
        found = numbers.get(each.upper()) or numbers.get(each.split("-", 3)[-1])
        if found is None:
            raise NotFound(f"Aucun risque « {each} » dans la bibliothèque.")
        ids.append(found)
    return chosen_lines(read, ids)


# -- taking ----------------------------------------------------------------------------------


def take(
    store: Store, risks: Sequence[str], units: Sequence[str], *, actions: bool = False
) -> Taken:
    """Add typical risks to work units as one change; there they are to be evaluated (P6).

    Usual measures come along as existing ones, to be checked on the spot. With `actions`, what the
    library proposes becomes actions in the state « proposée »; without, it stays in the library,
    where the detail of the risk shows it. A risk that a unit took before is left as it is there.
    Raises Refused where all of them are there already.
    """
    with store.reading() as read:
        templates = chosen_lines(read, risks)
        targets = [cast("WorkUnit", read.get("work_unit", each)) for each in units]
        states = risk_templates.state_texts(read, risks)
        shelf_of = read.titles("library_unit", [each.risk.library_unit for each in templates])
        held = _taken_before(read, risks, units)
    made: list[str] = []
    with store.change(TAKE) as work:
        for unit in targets:
            for line in templates:
                if (unit.id, line.risk.id) in held:
                    continue
                told = f"Bibliothèque\u00a0: {shelf_of.get(line.risk.library_unit, '')}"
                made.append(_add(work, line, unit, told, states[line.risk.id], actions=actions).id)
    if not made:
        raise Refused("Ces risques sont déjà dans les unités choisies\u00a0: rien n’a été ajouté.")
    already = len(targets) * len(templates) - len(made)
    return Taken(records.written(work), made, already)


def _taken_before(read: Reader, risks: Sequence[str], units: Sequence[str]) -> set[tuple[str, str]]:
    """(unit, risk of the library) of what these units took from the library before."""
    about = (
        Condition("work_unit", Op.ANY_OF, list(units)),
        Condition("origin", Op.ANY_OF, list(risks)),
    )
    rows = read.walk(Query("risk", about), ("work_unit", "origin"))
    return {(str(unit), str(origin)) for _, unit, origin in rows}


def _add(
    work: Work, line: LibraryLine, unit: WorkUnit, told: str, state: str, *, actions: bool
) -> Risk:
    fields = DECLARED[LibraryRisk].values(line.risk)
    values: dict[str, Value] = {key: fields[key] for key in risk_templates.COPIED}
    record = work.new(
        "risk",
        owner=unit.owner,
        work_unit=unit.id,
        source=told,
        origin=line.risk.id,
        origin_state=state,
        hint=risk_templates.library_hint(line.risk),
        evaluation=EvaluationState.TO_EVALUATE,
        **values,
    )
    for measure in line.existing:
        work.new(
            "existing_measure",
            owner=unit.owner,
            risk=record.id,
            title=measure.title,
            measure_type=measure.measure_type,
            to_confirm=True,
        )
    for measure in line.proposed if actions else ():
        work.new(
            "planned_action",
            owner=unit.owner,
            risk=record.id,
            work_unit=unit.id,
            title=measure.title,
            measure_type=measure.measure_type,
            state=ActionState.PROPOSED,
        )
    return cast("Risk", record)
