"""What leaves a department: its decision, register by register.

Three steps: nothing; figures, which are published for all departments alike; everything, which is
decided for each department. Rows that a department may not be told are withheld from what goes to
its stations; the moment they may, they go with the next exchange.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Catalogue, Entity, Record
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.domain.rights import SHARED
from prevention_app.errors import NotFound, Refused
from prevention_app.services import records
from prevention_app.storage import circle
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store

DECIDE: Final = "Décider ce qui est communiqué"
ALL: Final = "all"
_ATTACHMENTS: Final = "attachment"
_NO_FIGURES: Final = frozenset({_ATTACHMENTS, "import_run", "import_mapping"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What of one register leaves a department."""

    register: str
    label: str
    figures: bool
    """Whether its figures are published, which all departments read."""
    everything: frozenset[str]
    """The departments that are told all of it."""
    counted: bool = True
    """Whether figures can be made of it."""

    def extent(self, receiver: str) -> OutflowExtent:
        """What one department is told."""
        if receiver in self.everything:
            return OutflowExtent.EVERYTHING
        return OutflowExtent.FIGURES if self.figures else OutflowExtent.NOTHING


def others(department: str) -> tuple[str, ...]:
    """The departments to which something may be told."""
    return tuple(each for each in DEPARTMENT_NUMBERS if each != department)


def decisions(store: Store, department: str = "") -> list[Decision]:
    """Every register that departments own, with what is decided of it now."""
    department = department or store.department
    with store.reading() as read:
        return decided(read, department)


def decided(read: Reader, department: str) -> list[Decision]:
    """The same, within a reading."""
    made = _records(read, department)
    return [_decision(each, made, department) for each in _owned(read.catalogue)]


def telling_figures(read: Reader, department: str) -> set[str]:
    """Registers of which every other department is told the figures at least."""
    wanted = set(others(department))
    return {
        each.register
        for each in decided(read, department)
        if each.figures or each.everything >= wanted
    }


def decide(
    store: Store, register: str, receiver: str, extent: OutflowExtent, department: str = ""
) -> Decision:
    """Decide what of a register a department (or `ALL` others) is told; returns what holds then.

    Figures are for all. To tell all of them nothing takes back every decision on the register; for
    the three together (« 3D »), nothing takes back the figures alone. What was told before stays
    where it is.

    Raises:
        PreventionError: this station is no administrator there, the register belongs to nobody,
            or the figures are meant for one department alone. Nothing is changed.
    """
    department = department or store.department
    entity = _find(store.catalogue, register)
    return _write(store, entity, _wanted(entity, receiver, extent, department), department)


def tell(
    store: Store, register: str, receiver: str, extent: OutflowExtent, department: str = ""
) -> Decision:
    """Let a department be told so much of a register, as it is chosen for one in a table.

    Less than everything says at once whether there are figures, which are for all. Raises as
    `decide`.
    """
    department = department or store.department
    entity = _find(store.catalogue, register)
    wanted = {receiver: extent}
    if extent is not OutflowExtent.EVERYTHING:
        wanted = {receiver: OutflowExtent.NOTHING}
        wanted |= _wanted(entity, SHARED, extent, department)
    return _write(store, entity, wanted, department)


def _write(
    store: Store, entity: Entity, wanted: dict[str, OutflowExtent], department: str
) -> Decision:
    circle.refuse_unless_administrator(store, department)
    with store.reading() as read:
        present = _records(read, department)
    work = circle.draft(store, department)
    for to, what in wanted.items():
        same = present.get((entity.key, to), [])
        for each in same:
            work.amend("outflow", each, extent=what)
        if not same and what is not OutflowExtent.NOTHING:
            work.new("outflow", owner=department, register_key=entity.key, receiver=to, extent=what)
    if work.touched:
        store.write(work, DECIDE)
    with store.reading() as read:
        return _decision(entity, _records(read, department), department)


def _wanted(
    entity: Entity, receiver: str, extent: OutflowExtent, department: str
) -> dict[str, OutflowExtent]:
    """Receiver → what it is told, as the records say it: figures go to all under « 3D »."""
    if receiver in (ALL, SHARED) and extent is OutflowExtent.FIGURES:
        if entity.key in _NO_FIGURES:
            raise Refused(f"« {entity.label_fr} » : il n’en est pas tiré de chiffres.")
        return {SHARED: extent}
    if receiver == ALL:
        each_of = dict.fromkeys(others(department), extent)
        return each_of if extent is OutflowExtent.EVERYTHING else {**each_of, SHARED: extent}
    if receiver == SHARED:
        if extent is OutflowExtent.EVERYTHING:
            raise Refused(f"Tout se communique à un département, ou à tous (« {ALL} »).")
        return {SHARED: extent}
    if receiver == department:
        raise Refused("Un département voit toujours ses propres fiches.")
    if receiver not in DEPARTMENT_NUMBERS:
        raise NotFound(
            f"Aucun département « {receiver} ». Départements : {', '.join(others(department))}, "
            f"{ALL}."
        )
    if extent is OutflowExtent.FIGURES:
        raise Refused(
            "Les chiffres publiés sont lus par tous les départements : décidez-les pour tous "
            f"(« {ALL} »), ou communiquez tout à ce seul département."
        )
    return {receiver: extent}


def _find(catalogue: Catalogue, named: str) -> Entity:
    entity = (
        catalogue[_ATTACHMENTS] if named == _ATTACHMENTS else records.find_entity(catalogue, named)
    )
    if entity not in _owned(catalogue):
        raise Refused(
            f"« {entity.label_fr} » appartient aux départements ensemble : il n’y a rien à décider."
        )
    return entity


def _owned(catalogue: Catalogue) -> list[Entity]:
    """The registers that belong to one department each, attachments after them."""
    owned = [each for each in catalogue.registers if not (each.shared or each.reference_set)]
    return [*owned, catalogue[_ATTACHMENTS]]


def _records(read: Reader, department: str) -> dict[tuple[str, str], list[Record]]:
    """(register, receiver) → the records that decide it: two where it was decided in two places."""
    found: dict[tuple[str, str], list[Record]] = {}
    for each in read.records(Query("outflow", owners=(department,))):
        place = (circle.text_of(each, "register_key"), circle.text_of(each, "receiver"))
        found.setdefault(place, []).append(each)
    return found


def _decision(
    entity: Entity, made: dict[tuple[str, str], list[Record]], department: str
) -> Decision:
    def says(receiver: str, extent: OutflowExtent) -> bool:
        found = made.get((entity.key, receiver), [])
        return bool(found) and _all_say(found, extent)

    return Decision(
        entity.key,
        entity.label_fr,
        says(SHARED, OutflowExtent.FIGURES),
        frozenset(each for each in others(department) if says(each, OutflowExtent.EVERYTHING)),
        entity.key not in _NO_FIGURES,
    )


def _all_say(found: Iterable[Record], extent: OutflowExtent) -> bool:
    """Of several decisions on one thing the narrower one holds."""
    return all(circle.text_of(each, "extent") == extent.value for each in found)
