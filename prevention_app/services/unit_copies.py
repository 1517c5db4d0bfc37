"""New work units like one that is there, or a whole branch of them, with their risks (P6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.organisation import OrgUnit, WorkUnit
from prevention_app.catalogue.values import fold
from prevention_app.errors import Refused
from prevention_app.services.progress import Progress
from prevention_app.services.risk_bundles import RiskBundle, bundles
from prevention_app.services.risk_copies import Copied, Copier, copy_risks, kept
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store

COPY_UNITS = "Copier des unités avec leurs risques"
"""Name of the change, as undo and history call it."""
_CHUNK: Final = 500
_OF_ITSELF: Final = (
    "name", "org_unit", "parent", "site", "head", "women", "men", "headcount", "valid_from",
    "valid_until", "import_remarks",
)  # fmt: skip
"""What a new unit does not have from the one that it is made like."""


@dataclass(slots=True)
class _Branch:
    """A unit of the organisation with what is under it."""

    record: Record
    parts: list[_Branch] = field(default_factory=list["_Branch"])
    units: list[WorkUnit] = field(default_factory=list[WorkUnit])


def copy_unit(
    store: Store, unit: str, targets: Iterable[str], progress: Progress | None = None
) -> Copied:
    """Copy all risks of a work unit (id) to other units (ids), as one change; see `copy_risks`."""
    with store.reading() as read:
        risks = [each for found in _risk_ids(read, [unit]).values() for each in found]
    if not risks:
        raise Refused("Cette unité n’a aucun risque à recopier.")
    return copy_risks(store, risks, targets, progress)


def copy_as_new(
    store: Store,
    register: str,
    record: str,
    names: Iterable[str],
    progress: Progress | None = None,
) -> Copied:
    """Make new units like a work unit, or like a whole direction or service, beside it.

    Each name makes one; what lies under it keeps its names. Their risks are to be evaluated there.
    Raises Refused for no name, or one that is borne there already.
    """
    watch = progress or Progress()
    with store.reading() as read:
        model = read.get(register, record)
        wanted = _new_names(read, register, model, names)
        if register == "work_unit":
            branch = _Branch(model, units=[cast("WorkUnit", model)])
        else:
            branch = _branch(read, cast("OrgUnit", model), store.today())
        risks = _bundles(read, [each.id for each in _units(branch)])
    made = 0
    copier = Copier(store)
    for at, name in enumerate(wanted):
        watch.step(at, len(wanted), f"Copie vers « {name} »")
        if register == "work_unit":
            unit = cast("WorkUnit", model)
            made += _copy_unit(copier, unit, name, unit.org_unit, risks)
        else:
            made += _copy_branch(copier, branch, name, cast("OrgUnit", model).parent, risks)
    watch.step(len(wanted), len(wanted), "Enregistrement")
    return Copied(copier.write(COPY_UNITS), made, 0)


def _copy_branch(
    copier: Copier,
    branch: _Branch,
    name: str,
    parent: str | None,
    risks: Mapping[str, list[RiskBundle]],
) -> int:
    values = kept(copier.catalogue["org_unit"], branch.record, _OF_ITSELF)
    owner = branch.record.owner
    made = copier.work.new("org_unit", owner=owner, name=name, parent=parent, **values)
    copied = sum(_copy_unit(copier, each, each.name, made.id, risks) for each in branch.units)
    for part in branch.parts:
        own_name = cast("OrgUnit", part.record).name
        copied += _copy_branch(copier, part, own_name, made.id, risks)
    return copied


def _copy_unit(
    copier: Copier,
    unit: WorkUnit,
    name: str,
    org_unit: str | None,
    risks: Mapping[str, list[RiskBundle]],
) -> int:
    values = kept(copier.catalogue["work_unit"], unit, _OF_ITSELF)
    made = copier.work.new("work_unit", owner=unit.owner, name=name, org_unit=org_unit, **values)
    found = risks.get(unit.id, [])
    for each in found:
        copier.copy(each, made.id, unit.owner)
    return len(found)


# -- what there is ---------------------------------------------------------------------------


def _new_names(read: Reader, register: str, model: Record, names: Iterable[str]) -> list[str]:
    above = "org_unit" if register == "work_unit" else "parent"
    beside = read.records(Query(register, (Condition(above, Op.IS, getattr(model, above)),)))
    there = {fold(str(getattr(each, "name", ""))) for each in beside}
    taken: set[str] = set()
    wanted = [" ".join(each.split()) for each in names if each.strip()]
    if not wanted:
        raise Refused("Donnez un nom à chaque nouvelle unité.")
    for each in wanted:
        if fold(each) in there:
            raise Refused(f"« {each} » existe déjà à cet endroit : donnez un autre nom.")
        if fold(each) in taken:
            raise Refused(f"« {each} » est donné deux fois : à chaque unité son nom.")
        taken.add(fold(each))
    return wanted


def _branch(read: Reader, top: OrgUnit, today: date) -> _Branch:
    """A direction or service with all that is open under it."""
    parts: dict[str, list[OrgUnit]] = {}
    for each in cast("list[OrgUnit]", read.records(Query("org_unit", owners=(top.owner,)))):
        if each.parent and not _ended(each.valid_until, today):
            parts.setdefault(each.parent, []).append(each)
    units: dict[str, list[WorkUnit]] = {}
    for unit in cast("list[WorkUnit]", read.records(Query("work_unit", owners=(top.owner,)))):
        if unit.org_unit and not _ended(unit.valid_until, today):
            units.setdefault(unit.org_unit, []).append(unit)
    seen: set[str] = set()

    def grown(each: OrgUnit) -> _Branch:
        seen.add(each.id)
        below = [part for part in parts.get(each.id, []) if part.id not in seen]
        return _Branch(each, [grown(part) for part in below], units.get(each.id, []))

    return grown(top)


def _ended(until: date | None, today: date) -> bool:
    return until is not None and until < today


def _units(branch: _Branch) -> list[WorkUnit]:
    return [*branch.units, *(unit for part in branch.parts for unit in _units(part))]


def _bundles(read: Reader, units: list[str]) -> dict[str, list[RiskBundle]]:
    by_unit = _risk_ids(read, units)
    found = bundles(read, (each for ids in by_unit.values() for each in ids))
    by_id = {each.risk.id: each for each in found}
    return {unit: [by_id[each] for each in ids if each in by_id] for unit, ids in by_unit.items()}


def _risk_ids(read: Reader, units: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for start in range(0, len(units), _CHUNK):
        chunk = units[start : start + _CHUNK]
        query = Query("risk", (Condition("work_unit", Op.ANY_OF, chunk),))
        for risk, unit in read.walk(query, ("work_unit",)):
            found.setdefault(unit, []).append(risk)
    return found
