"""What waits, of all registers together: one list for the whole application."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.credentials import Credential
from prevention_app.catalogue.description import DECLARED, Catalogue, Entity, Field, Record
from prevention_app.catalogue.equipment import Equipment, Reservation
from prevention_app.catalogue.health_safety import HealthSafetyEntry
from prevention_app.catalogue.organisation import Person
from prevention_app.catalogue.risk_document import PlannedAction, Risk
from prevention_app.catalogue.stores import StockLine, StoreRoom
from prevention_app.domain import due as dates
from prevention_app.domain.due import Due, DueItem
from prevention_app.domain.due_rules import field_due
from prevention_app.services import due_sources
from prevention_app.services.due_sources import CredentialDue, Ids, Owners
from prevention_app.services.lookup import Lookup
from prevention_app.services.organisation import NOWHERE, OrgPaths, org_path
from prevention_app.storage.query import Condition, Op, Query, Reader

_SITE_RESPONSIBLE = "responsable du site"
"""Who answers for an equipment that names nobody."""


def due_items(
    read: Reader,
    today: date,
    owners: Owners = (),
    until: date | None = None,
    organised_on: date | None = None,
) -> list[DueItem]:
    """All that is due, most urgent first: late and never done, to come, then what has no date.

    Args:
        read: the state of the data to look at.
        today: the day from which it is judged.
        owners: departments whose records are wanted; empty means all.
        until: only what falls due on or before this day, and what was never done; what has no
            date, is suspended or without object calls for no act by a day and is left out.
        organised_on: directions are those of this day; empty means the present ones.
    """
    view = _View(read, today, owners, until=until, organised_on=organised_on)
    items = [item for part in PARTS for item in part.items(view)]
    return sorted(dates.until(items, until), key=dates.urgency)


def items_of(read: Reader, today: date, parts: Iterable[Part]) -> dict[Part, list[DueItem]]:
    """All items of some parts of the list, of all departments, unordered: read in one go."""
    view = _View(read, today, ())
    return {part: list(part.items(view)) for part in parts}


def some_items(read: Reader, today: date, part: Part, ids: Ids) -> list[DueItem]:
    """The items of some records of a part that is read `by_record`; none for what waits no more."""
    return list(part.items(_View(read, today, (), some=ids)))


class _View:
    """The records that due items are made from, read once."""

    def __init__(
        self,
        read: Reader,
        today: date,
        owners: Owners,
        *,
        until: date | None = None,
        some: Ids | None = None,
        organised_on: date | None = None,
    ) -> None:
        self._some = some
        self._read = read
        self._today = today
        self._owners = owners
        self._until = until
        self._paths: OrgPaths = org_path(read, organised_on)

    def inspections(self) -> Iterator[DueItem]:
        """One item an equipment or lot, like ones of a site together."""
        found = due_sources.equipment_due(self._read, self._today, self._owners)
        titles = self._titles(Equipment, [each.equipment for each in found])
        for each in found:
            equipment = each.equipment
            place = self._paths.site_name(equipment.site)
            kind = each.kind.subject if each.kind else equipment.name
            yield self._item(
                equipment,
                each.due,
                title=titles[equipment.id],
                responsible=equipment.responsible or _SITE_RESPONSIBLE,
                place=place,
                group=", ".join(filter(None, (kind, place))),
                count=equipment.count or 1,
            )

    def reservations(self) -> Iterator[DueItem]:
        """One item a reservation that is not lifted."""
        found = due_sources.reservations_due(self._read, self._today, self._owners)
        titles = self._titles(Reservation, [each.reservation for each in found])
        function = self._function(Reservation, "action_due")
        for each in found:
            equipment = each.equipment
            yield self._item(
                each.reservation,
                each.due,
                title=titles[each.reservation.id],
                responsible=(equipment.responsible if equipment else None) or function,
                place=self._paths.site_name(equipment.site) if equipment else "",
                branch_of=equipment,
            )

    def credentials(self) -> Iterator[DueItem]:
        """One item a credential, those of one kind at one place together."""
        people = Lookup(self._read, Person)
        found = due_sources.credentials_due(self._read, self._today, self._owners, people)
        names = self._titles(Person, people.live())
        function = self._function(Credential, "expires")
        for each in found:
            name = names[each.person.id]
            subject = _credential_name(each)
            place = self._paths.site_name(each.person.site) or self._service(each.person)
            yield self._item(
                each.credential,
                each.due,
                title=f"{subject} · {name}" if name else subject,
                responsible=function,
                place=place,
                group=", ".join(filter(None, (subject, place))),
                subject=subject,
                person=name,
                branch_of=each.person,
            )

    def answers(self) -> Iterator[DueItem]:
        """One item an entry of the health and safety register without an answer."""
        found = due_sources.entries_due(self._read, self._today, self._owners, waiting=True)
        titles = self._titles(HealthSafetyEntry, [each.entry for each in found])
        function = self._function(HealthSafetyEntry, "answer_due")
        for each in found:
            if each.due:
                yield self._item(
                    each.entry,
                    each.due,
                    title=titles[each.entry.id],
                    responsible=function,
                    place=self._paths.site_name(each.entry.site),
                )

    def actions(self) -> Iterator[DueItem]:
        """One item an action that is still to be done."""
        found = due_sources.actions_due(self._read, self._today, self._owners, waiting=True)
        titles = self._titles(PlannedAction, [each.action for each in found])
        function = self._function(PlannedAction, "due")
        risks = Lookup(self._read, Risk, [each.action.risk for each in found if each.due])
        for each in found:
            if each.due:
                action = each.action
                risk = risks.get(action.risk)
                unit = self._paths.work_units.get(
                    action.work_unit or (risk.work_unit if risk else None)
                )
                yield self._item(
                    action,
                    each.due,
                    title=titles[action.id],
                    responsible=action.pilot or function,
                    place=unit.name if unit else "",
                    branch_of=unit,
                )

    def stock_lines(self) -> Iterator[DueItem]:
        """One item a product with an end, those of one room and one kind together."""
        found = due_sources.stock_lines_due(self._read, self._today, self._owners)
        titles = self._titles(StockLine, [each.line for each in found])
        function = self._function(StockLine, "use_by")
        rooms = Lookup(self._read, StoreRoom)
        for each in found:
            if each.due:
                room = rooms.get(each.line.store_room)
                site = self._paths.site_name(room.site) if room else ""
                place = ", ".join(filter(None, (room.name if room else "", site)))
                yield self._item(
                    each.line,
                    each.due,
                    title=titles[each.line.id],
                    responsible=function,
                    place=place,
                    group=", ".join(filter(None, (each.due.what, place))),
                    branch_of=room,
                )

    def other_dates(self) -> Iterator[DueItem]:
        """One item a date of any other field declared as due; an empty one waits for nothing."""
        for entity in self._read.catalogue.registers:
            for key in due_sources.followed_dates(entity):
                yield from self._dates_of(entity, entity.by_key[key], self._until)

    def _dates_of(self, entity: Entity, field: Field, until: date | None) -> Iterator[DueItem]:
        wanted = Condition(field.key, Op.UNTIL, until) if until else Condition(field.key, Op.FILLED)
        records = self._read.records(Query(entity.key, where=(wanted,), owners=self._owners))
        titles = self._read.titles_of(entity, records)
        for record in records:
            yield self._item(
                record,
                field_due(field, getattr(record, field.key), self._today),
                register=entity.key,
                title=titles[record.id],
                responsible=field.due or "",
                place=self._paths.site_name(getattr(record, "site", None)),
                dated_by=field.key,
            )

    def _item(
        self,
        record: Record,
        due: Due,
        *,
        title: str,
        responsible: str,
        place: str,
        register: str = "",
        group: str = "",
        subject: str = "",
        person: str = "",
        branch_of: Record | None = None,
        count: int = 1,
        dated_by: str = "",
    ) -> DueItem:
        branch = self._paths.of(branch_of or record)
        return DueItem(
            register=register or DECLARED[type(record)].key,
            record_id=record.id,
            reference=record.reference,
            title=title,
            department=record.owner,
            due_on=due.due_on,
            state=due.state,
            what=due.what,
            responsible=responsible,
            group=group,
            subject=subject or title,
            person=person,
            place=place,
            direction="" if branch.direction == NOWHERE else branch.direction,
            count=count,
            field=dated_by,
        )

    def _service(self, person: Person) -> str:
        path = self._paths.of(person).path
        return path[-1] if path else ""

    def _titles(self, record_class: type[Record], records: Sequence[Record]) -> dict[str, str]:
        return self._read.titles_of(self._read.catalogue.of(record_class), records)

    def _function(self, record_class: type[Record], key: str) -> str:
        return self._read.catalogue.of(record_class).by_key[key].due or ""


def _credential_name(each: CredentialDue) -> str:
    return " · ".join(filter(None, (each.kind.name if each.kind else "", each.credential.category)))


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of what is due, which can be read again without the others."""

    items: Callable[[_View], Iterable[DueItem]]
    registers: frozenset[str] = frozenset()
    """What it reads beside the employers' trees; empty for the dates of all other registers."""

    by_record: str = ""
    """Register each record of which makes one item by itself, so that few can be read again."""

    def reads(self, catalogue: Catalogue, written: set[str]) -> bool:
        """Whether what was written in these registers may change its items."""
        if written & _TREES or written & self.registers:
            return True
        return not self.registers and any(
            key in catalogue and due_sources.followed_dates(catalogue[key]) for key in written
        )


_TREES: Final = frozenset({"org_unit", "site", "work_unit"})
PARTS: Final = (
    Part(_View.inspections, frozenset({"equipment", "inspection", "inspection_type"})),
    Part(_View.reservations, frozenset({"reservation", "inspection", "equipment"})),
    Part(_View.credentials, frozenset({"credential", "credential_type", "person"})),
    Part(_View.answers, frozenset({"health_safety_entry"}), "health_safety_entry"),
    Part(_View.actions, frozenset({"planned_action", "risk"}), "planned_action"),
    Part(
        _View.stock_lines,
        frozenset(
            {
                "stock_line",
                "store_room",
                "reference_edition",
                "plant_protection_product",
                "plant_product_use",
            }
        ),
    ),
    Part(_View.other_dates),
)
