"""What one does to a yearly programme: carry over what is not finished, name further risks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.errors import Refused
from prevention_app.services import records
from prevention_app.services.lookup import Lookup
from prevention_app.services.programme import ProgrammeLine, further_risks, programme_of
from prevention_app.services.programme_scope import Scope
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

CARRY: Final = "Reporter des actions au programme suivant"
NAME_RISKS: Final = "Rattacher une action à d’autres risques"
"""Names of the changes made here, as undo and history call them."""


@dataclass(frozen=True, slots=True)
class CarryPlan:
    """What carrying over would do."""

    from_year: int
    to_year: int
    lines: tuple[ProgrammeLine, ...]
    """The measures that would be taken over."""
    already: int
    """How many unfinished ones the other programme holds already."""

    @property
    def ids(self) -> list[str]:
        """The ids of their actions."""
        return [each.action.id for each in self.lines]


def plan_carry(read: Reader, today: date, from_year: int, to_year: int, scope: Scope) -> CarryPlan:
    """What of a programme is not finished and would go into a later one; nothing is written."""
    _refuse_backwards(from_year, to_year)
    unfinished = [
        each for each in programme_of(read, today, from_year, scope).lines if not each.settled
    ]
    held = _held_by(read, [each.action.id for each in unfinished], to_year)
    left = tuple(each for each in unfinished if each.action.id not in held)
    return CarryPlan(from_year, to_year, left, len(unfinished) - len(left))


def carry_over(
    store: Store, actions: Sequence[str], from_year: int, to_year: int, reason: str = ""
) -> Changes:
    """Take actions into a later programme, as one change; their dates and states stay.

    Raises Refused where none of them is left to be taken over.
    """
    _refuse_backwards(from_year, to_year)
    with store.reading() as read:
        held = _held_by(read, actions, to_year)
        found = Lookup(read, PlannedAction, actions).live()
    left = [each for each in found if each.id not in held]
    if not left:
        raise Refused(f"Rien à reporter : tout est déjà au programme {to_year}.")
    with store.change(CARRY, reason=reason.strip()) as work:
        for each in left:
            work.new(
                "programme_carry",
                owner=each.owner,
                planned_action=each.id,
                from_year=from_year,
                to_year=to_year,
                carried_on=store.today(),
                reason=reason.strip() or None,
            )
    return records.written(work)


def _refuse_backwards(from_year: int, to_year: int) -> None:
    if to_year <= from_year:
        raise Refused(
            f"Un programme se reporte à une année suivante : après {from_year}, non en {to_year}."
        )


def _held_by(read: Reader, actions: Sequence[str], year: int) -> set[str]:
    about = (Condition("planned_action", Op.ANY_OF, actions), Condition("to_year", Op.IS, year))
    rows = read.walk(Query("programme_carry", about), ("planned_action",))
    return {str(action) for _, action in rows}


def name_risks(store: Store, reference: str, risks: Sequence[str]) -> Changes:
    """Say which further risks an action is meant for, beside its main one; by references.

    Raises Refused where a reference is no risk of the same department, or nothing changes.
    """
    with store.reading() as read:
        entity, action = read.find(reference)
        if entity.key != "planned_action" or not isinstance(action, PlannedAction):
            raise Refused(f"{reference} n’est pas une action de prévention.")
        named = [read.find(each) for each in risks]
        for each, (found, record) in zip(risks, named, strict=True):
            if found.key != "risk":
                raise Refused(f"{each} n’est pas un risque.")
            if record.owner != action.owner:
                raise Refused(f"{each} est un risque d’un autre département que l’action.")
        held = {action.risk, *further_risks(read, [action.id]).get(action.id, ())}
    new = [record for _, record in named if record.id not in held]
    if not new:
        raise Refused("Rien à enregistrer : l’action vise déjà ces risques.")
    with store.change(NAME_RISKS) as work:
        for each in new:
            work.new("action_risk", owner=action.owner, planned_action=action.id, risk=each.id)
    return records.written(work)
