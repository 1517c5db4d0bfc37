"""Records with the rule that says when they are due: what the list and the figures count alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.description import Entity, Kind, Value
from prevention_app.catalogue.equipment import Equipment, Inspection, InspectionType, Reservation
from prevention_app.catalogue.health_safety import HealthSafetyEntry
from prevention_app.catalogue.organisation import Person
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.catalogue.stores import StockLine
from prevention_app.catalogue.vocabulary import ActionState, FollowUp, StockState
from prevention_app.domain.due import Due
from prevention_app.domain.due_rules import (
    FINISHED,
    action_due,
    answer_due,
    credential_due,
    credential_end,
    inspection_due,
    is_departed,
    reservation_due,
    stock_due,
)
from prevention_app.domain.product_law import ProductVerdict
from prevention_app.services.lookup import Lookup
from prevention_app.services.products import product_verdicts
from prevention_app.storage.query import Condition, Op, Reader

Owners = tuple[str, ...]
"""Departments whose records are wanted; empty means all."""
Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueFields:
    """Which fields of a record say what a rule reads of it: what people may write from a list.

    Empty where there is no such field: what a rule computes (an inspection from its period) or
    what a title says (the end of a credential) is not put off by writing another date.
    """

    date: str = ""
    """The date that may be put off."""
    revised: str = ""
    """Where the new date goes once `date` is set: the original one is never hidden (P5)."""
    responsible: str = ""
    done_on: str = ""
    done: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """What else is written when it is done."""
    proof: str = ""
    """Where the proof goes, if it is empty; it always goes to the history as the reason."""
    done_by_new: str = ""
    """Register in which a new record says that it was done."""
    link: str = ""
    """The field of that record which refers to this one."""


RULED: Final[Mapping[str, DueFields]] = {
    "planned_action": DueFields(
        date="due",
        revised="revised_due",
        responsible="pilot",
        done_on="done_on",
        done={"state": ActionState.DONE.value},
        proof="proof",
    ),
    "health_safety_entry": DueFields(
        date="answer_due",
        done_on="answered_on",
        done={"follow_up": FollowUp.ANSWERED.value},
        proof="answer",
    ),
    "reservation": DueFields(date="action_due", done_on="lifted_on", proof="evidence"),
    "equipment": DueFields(
        responsible="responsible", done_on="done_on", done_by_new="inspection", link="equipment"
    ),
    "credential": DueFields(),
    "stock_line": DueFields(),
}
"""Registers with a rule of their own, and what may be written of it; all others share one rule."""


def followed_dates(entity: Entity) -> list[str]:
    """Keys of the dates declared as due in a register that has no rule of its own."""
    if entity.key in RULED:
        return []
    return [each.key for each in entity.fields if each.kind is Kind.DATE and each.due]


def fields_of(register: str, dated_by: str) -> DueFields:
    """What may be written of an item of a register, whose date stands in that field, if in any."""
    return RULED.get(register) or DueFields(date=dated_by)


@dataclass(frozen=True, slots=True)
class EquipmentDue:
    """An equipment or lot and its next inspection."""

    equipment: Equipment
    kind: InspectionType | None
    latest: Inspection | None
    due: Due


def equipment_due(read: Reader, today: date, owners: Owners = ()) -> list[EquipmentDue]:
    """Every equipment with its latest inspection."""
    kinds = Lookup(read, InspectionType)
    equipment = Lookup(read, Equipment)
    latest = _latest_inspections(Lookup(read, Inspection), equipment)
    found: list[EquipmentDue] = []
    for each in equipment.live(owners):
        kind, last = kinds.get(each.inspection_type), latest.get(each.id)
        found.append(EquipmentDue(each, kind, last, inspection_due(each, kind, last, today)))
    return found


def _latest_inspections(
    inspections: Lookup[Inspection], equipment: Lookup[Equipment]
) -> dict[str, Inspection]:
    latest: dict[str, Inspection] = {}
    for each in inspections.live():
        of = equipment.get(each.equipment)
        known = latest.get(of.id) if of else None
        if of and (known is None or (known.done_on, known.id) < (each.done_on, each.id)):
            latest[of.id] = each
    return latest


@dataclass(frozen=True, slots=True)
class ReservationDue:
    """A reservation that is not lifted, and the equipment that it is about."""

    reservation: Reservation
    equipment: Equipment | None
    due: Due


def reservations_due(read: Reader, today: date, owners: Owners = ()) -> list[ReservationDue]:
    """Every reservation that is not lifted."""
    waiting = [
        (each, due)
        for each in Lookup(read, Reservation).live(owners)
        if (due := reservation_due(each, today))
    ]
    inspections = Lookup(read, Inspection, [each.inspection for each, _ in waiting])
    about = {each.inspection: inspections.get(each.inspection) for each, _ in waiting}
    equipment = Lookup(read, Equipment, [each.equipment for each in about.values() if each])
    return [
        ReservationDue(
            each,
            equipment.get(inspection.equipment) if (inspection := about[each.inspection]) else None,
            due,
        )
        for each, due in waiting
    ]


@dataclass(frozen=True, slots=True)
class CredentialDue:
    """A credential of a person who is still there."""

    credential: Credential
    kind: CredentialType | None
    person: Person
    end: date | None
    due: Due


def credentials_due(
    read: Reader, today: date, owners: Owners = (), people: Lookup[Person] | None = None
) -> list[CredentialDue]:
    """The credentials of all who are there; of several of one kind, the one that ends last."""
    kinds = Lookup(read, CredentialType)
    people = people or Lookup(read, Person)
    last: dict[tuple[str, str, str], CredentialDue] = {}
    for each in Lookup(read, Credential).live(owners):
        person, kind = people.get(each.person), kinds.get(each.credential_type)
        if person is None or is_departed(person.left_on, today):
            continue
        due = credential_due(each, kind, today)
        found = CredentialDue(each, kind, person, credential_end(each, kind), due)
        key = (person.id, kind.id if kind else "", each.category or "")
        last[key] = max(last.get(key, found), found, key=lambda one: one.end or date.min)
    return list(last.values())


@dataclass(frozen=True, slots=True)
class EntryDue:
    """An entry of the health and safety register; `due` is None once it is answered."""

    entry: HealthSafetyEntry
    due: Due | None


_UNANSWERED: Final = (
    Condition("follow_up", Op.ANY_OF, (FollowUp.OPEN.value, FollowUp.IN_PROGRESS.value)),
    Condition("answer", Op.EMPTY),
    Condition("answered_on", Op.EMPTY),
    Condition("closed_on", Op.EMPTY),
)
"""As `is_unanswered` has it: those that wait are few among many."""


def entries_due(
    read: Reader,
    today: date,
    owners: Owners = (),
    *,
    waiting: bool = False,
    some: Ids | None = None,
) -> list[EntryDue]:
    """Every entry of the health and safety register, or those that wait, or some by their id."""
    entries = Lookup(read, HealthSafetyEntry, some, where=_UNANSWERED if waiting else ())
    return [EntryDue(each, answer_due(each, today)) for each in entries.live(owners)]


@dataclass(frozen=True, slots=True)
class ActionDue:
    """A planned action; `due` is None where nothing waits."""

    action: PlannedAction
    due: Due | None


_OPEN: Final = (
    Condition(
        "state",
        Op.ANY_OF,
        [each.value for each in ActionState if each not in (*FINISHED, ActionState.ABANDONED)],
    ),
    Condition("done_on", Op.EMPTY),
)
"""As `is_settled` has it."""


def actions_due(
    read: Reader,
    today: date,
    owners: Owners = (),
    *,
    waiting: bool = False,
    some: Ids | None = None,
) -> list[ActionDue]:
    """Every planned action, or those that are still to be done, or some by their id."""
    actions = Lookup(read, PlannedAction, some, where=_OPEN if waiting else ())
    return [ActionDue(each, action_due(each, today)) for each in actions.live(owners)]


@dataclass(frozen=True, slots=True)
class StockDue:
    """A product that is still in a store room; `due` is None where nothing waits."""

    line: StockLine
    verdict: ProductVerdict | None
    due: Due | None


def stock_lines_due(read: Reader, today: date, owners: Owners = ()) -> list[StockDue]:
    """Every product that has not left its store room, judged by the national catalogue."""
    held = (StockState.IN_STOCK, StockState.SET_ASIDE)
    lines = [each for each in Lookup(read, StockLine).live(owners) if each.state in held]
    verdicts = product_verdicts(read, [each.product for each in lines], today)
    found: list[StockDue] = []
    for each in lines:
        verdict = verdicts.get(each.product or "")
        found.append(StockDue(each, verdict, stock_due(each, verdict, today)))
    return found
