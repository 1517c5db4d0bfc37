"""Records with the rule that says when they are due: what the list and the figures count alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.equipment import Equipment, Inspection, InspectionType, Reservation
from prevention_app.catalogue.health_safety import HealthSafetyEntry
from prevention_app.catalogue.organisation import Person
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.catalogue.stores import StockLine
from prevention_app.catalogue.vocabulary import StockState
from prevention_app.domain.due import Due
from prevention_app.domain.due_rules import (
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
from prevention_app.storage.query import Reader

Owners = tuple[str, ...]
"""Departments whose records are wanted; empty means all."""


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


def entries_due(read: Reader, today: date, owners: Owners = ()) -> list[EntryDue]:
    """Every entry of the health and safety register."""
    entries = Lookup(read, HealthSafetyEntry).live(owners)
    return [EntryDue(each, answer_due(each, today)) for each in entries]


@dataclass(frozen=True, slots=True)
class ActionDue:
    """A planned action; `due` is None where nothing waits."""

    action: PlannedAction
    due: Due | None


def actions_due(read: Reader, today: date, owners: Owners = ()) -> list[ActionDue]:
    """Every planned action."""
    actions = Lookup(read, PlannedAction).live(owners)
    return [ActionDue(each, action_due(each, today)) for each in actions]


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
