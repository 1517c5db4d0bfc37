"""Copying risks to other work units: they arrive there to be evaluated, their source named (P6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Entity, Value
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.errors import NotFound, Refused
from prevention_app.services.lookup import Lookup
from prevention_app.services.progress import Progress
from prevention_app.services.records import written
from prevention_app.services.risk_bundles import RiskBundle, bundles
from prevention_app.services.risk_templates import state_of_risk
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

COPY, COPY_MANY = "Dupliquer un risque", "Dupliquer des risques dans des unités"
"""Names of the change, as undo and history call it: of a few copies, of many."""
MANY: Final = 200
"""From so many copies on, the window lets a process write and take back."""
_CHUNK: Final = 500
_OF_ITS_UNIT: Final = (
    "work_unit", "exposed", "exposed_women", "source", "evaluation", "origin", "hint",
    "origin_state", "number_in_file", "import_remarks",
)  # fmt: skip
"""What a copy of a risk for another unit does not take along."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a copy."""

    changes: Changes
    copies: int
    left: int
    """How many copies were not made: the unit had one already."""


def copy_risks(
    store: Store, sources: Iterable[str], targets: Iterable[str], progress: Progress | None = None
) -> Copied:
    """Copy risks (ids) with their measures to work units (ids), as one change.

    A copy is to be evaluated: the source's rating is its hint, no rating of its own, and its
    measures are to be confirmed there. Where a unit has a copy of a source already, that one stays
    alone. Raises NotFound, and Refused where nothing is left to copy.
    """
    watch = progress or Progress()
    with store.reading() as read:
        found = bundles(read, sources)
        units = _units(read, targets)
        held = _held(read, [each.risk.id for each in found])
    wanted = [
        (source, unit)
        for unit in units
        for source in found
        if (source.risk.id, unit.id) not in held
    ]
    if not wanted:
        raise Refused("Ces unités ont déjà ces risques : rien n’a été recopié.")
    copier = Copier(store)
    for at, (source, unit) in enumerate(wanted):
        if at % 100 == 0:
            watch.step(at, len(wanted), "Copie des risques")
        copier.copy(source, unit.id, unit.owner)
    watch.step(len(wanted), len(wanted), "Enregistrement")
    done = copier.write(COPY_MANY if len(wanted) >= MANY else COPY)
    return Copied(done, len(wanted), len(found) * len(units) - len(wanted))


class Copier:
    """Gathers copies of risks in one change."""

    def __init__(self, store: Store) -> None:
        """Nothing copied yet."""
        self._store = store
        self.catalogue = store.catalogue
        self.work: Work = store.draft()
        self._risk = store.catalogue["risk"]
        self._measure = store.catalogue["existing_measure"]

    def copy(self, source: RiskBundle, unit: str, owner: str) -> None:
        """Copy a risk with its measures to a unit, to be evaluated there."""
        values = kept(self._risk, source.risk, _OF_ITS_UNIT)
        hint = source.hint
        values["work_unit"] = unit
        values["evaluation"] = EvaluationState.TO_EVALUATE
        values["origin"] = source.risk.id
        values["hint"] = str(hint) if hint else None
        values["origin_state"] = state_of_risk(source.risk, source.measures)
        values["source"] = f"Recopié de {source.risk.reference}"
        made = self.work.new("risk", owner=owner, **values)
        for each in source.measures:
            own = kept(self._measure, each, ("risk", "to_confirm"))
            self.work.new("existing_measure", owner=owner, risk=made.id, to_confirm=True, **own)

    def write(self, name: str) -> Changes:
        """Write all that was copied as one change."""
        self._store.write(self.work, name)
        return written(self.work)


def kept(entity: Entity, record: object, without: Sequence[str]) -> dict[str, Value]:
    """What a copy of a record takes along: all fields but some."""
    return {
        each.key: getattr(record, each.key) for each in entity.fields if each.key not in without
    }


def _units(read: Reader, targets: Iterable[str]) -> list[WorkUnit]:
    ids = list(dict.fromkeys(targets))
    known = Lookup(read, WorkUnit, ids)
    found: dict[str, WorkUnit] = {}
    for each in ids:
        unit = known.get(each)
        if unit is None:
            raise NotFound(f"L’unité de travail {each} n’existe pas ici, ou elle a été supprimée.")
        found[unit.id] = unit
    return list(found.values())


def _held(read: Reader, sources: Sequence[str]) -> set[tuple[str, str]]:
    """(source, unit) of the copies that there are; a risk is in its own unit already."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(sources), _CHUNK):
        chunk = sources[start : start + _CHUNK]
        for key in ("origin", "id"):
            query = (
                Query("risk", (Condition("origin", Op.ANY_OF, chunk),))
                if key == "origin"
                else Query("risk", ids=tuple(chunk))
            )
            for risk, origin, unit in read.walk(query, ("origin", "work_unit")):
                found.add((origin if key == "origin" else risk, unit))
    return found
