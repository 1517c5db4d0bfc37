"""The figures of one or several departments, counted from what the registers hold."""

from __future__ import annotations

from collections import Counter
from datetime import date

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.health_safety import Accident
from prevention_app.catalogue.organisation import Department, Person
from prevention_app.catalogue.risk_document import HazardFamily, Risk
from prevention_app.catalogue.stores import StockLine, StoreRoom
from prevention_app.catalogue.vocabulary import (
    AccidentKind,
    CredentialState,
    StockState,
)
from prevention_app.domain import counting
from prevention_app.domain.due import DueState
from prevention_app.domain.due_rules import WASTE_MONTHS, is_departed
from prevention_app.domain.facts import (
    AccidentFact,
    ActionFact,
    CredentialFact,
    Direction,
    Employer,
    EntryFact,
    Facts,
    InspectionFact,
    RiskFact,
    StockFact,
)
from prevention_app.domain.figures import certiphyto_role
from prevention_app.domain.indicators import UNSPECIFIED, Indicators
from prevention_app.domain.periods import add_months
from prevention_app.domain.programme import action_fact
from prevention_app.services import due_sources
from prevention_app.services.due_sources import CredentialDue, Owners, StockDue
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import method
from prevention_app.services.organisation import Branch, headcount, org_path
from prevention_app.services.ratings import rated_risks
from prevention_app.storage.query import Reader


def indicators(
    read: Reader, today: date, owners: Owners = (), organised_on: date | None = None
) -> Indicators:
    """All figures of these departments (all of them when empty) as at a day.

    They are for the service itself: what leaves it goes through `suppression.without_small`.
    Directions are the present ones, or those of the day `organised_on`.
    """
    facts = _Counted(read, today, owners, organised_on).facts()
    return counting.indicators(facts, method(), today)


class _Counted:
    """The records of some departments as facts."""

    def __init__(
        self, read: Reader, today: date, owners: Owners, organised_on: date | None
    ) -> None:
        self._read = read
        self._today = today
        self._owners = owners
        self._paths = org_path(read, organised_on)
        self._risks = rated_risks(read, owners)

    def facts(self) -> Facts:
        """Everything that the indicators are counted from."""
        return Facts(
            employers=self._employers(),
            agents=self._agents(),
            risks=self._risk_facts(),
            actions=self._action_facts(),
            inspections=self._inspection_facts(),
            credentials=self._credential_facts(),
            entries=self._entry_facts(),
            accidents=self._accident_facts(),
            stock=self._stock_facts(),
        )

    def _employers(self) -> tuple[Employer, ...]:
        departments = Lookup(self._read, Department).live()
        wanted = [each for each in departments if not self._owners or each.number in self._owners]
        ordered = sorted(wanted, key=lambda each: each.number)
        return tuple(Employer(each.number, each.full_time_equivalents) for each in ordered)

    def _agents(self) -> dict[Direction, int]:
        """People by direction: as entered for the work units, else as the staff list counts them.

        A type of unit stands for its local variants: only these are counted.
        """
        units = self._paths.work_units.live(self._owners)
        types = {each.type_of for each in units if each.type_of}
        counts: Counter[Direction] = Counter()
        for each in units:
            ended = each.valid_until is not None and each.valid_until < self._today
            to_come = each.valid_from is not None and each.valid_from > self._today
            if each.id not in types and not ended and not to_come and headcount(each):
                counts[self._direction(each)] += headcount(each)
        return dict(counts) if counts else dict(self._staff())

    def _staff(self) -> Counter[Direction]:
        people = Lookup(self._read, Person).live(self._owners)
        there = [each for each in people if not is_departed(each.left_on, self._today)]
        return Counter(self._direction(each) for each in there)

    def _risk_facts(self) -> list[RiskFact]:
        families = Lookup(self._read, HazardFamily)
        found: list[RiskFact] = []
        for each in self._risks:
            family = families.get(each.risk.hazard_family)
            name = family.name if family else UNSPECIFIED
            found.append(RiskFact(self._direction(each.risk), name, each.assessment))
        return found

    def _action_facts(self) -> list[ActionFact]:
        actions = due_sources.actions_due(self._read, self._today, self._owners)
        risks = Lookup(self._read, Risk, [each.action.risk for each in actions])
        return [
            action_fact(
                each.action, each.due, self._direction(each.action, risks.get(each.action.risk))
            )
            for each in actions
        ]

    def _inspection_facts(self) -> list[InspectionFact]:
        return [
            InspectionFact(
                self._direction(each.equipment),
                self._paths.site_kind(each.equipment.site) or UNSPECIFIED,
                each.due.state,
            )
            for each in due_sources.equipment_due(self._read, self._today, self._owners)
        ]

    def _credential_facts(self) -> list[CredentialFact]:
        found = due_sources.credentials_due(self._read, self._today, self._owners)
        return [self._credential_fact(each) for each in found]

    def _credential_fact(self, each: CredentialDue) -> CredentialFact:
        code = each.kind.type_code if each.kind else ""
        name = each.kind.name if each.kind else UNSPECIFIED
        planned = each.credential.state == CredentialState.PLANNED and each.end is None
        return CredentialFact(
            self._direction(each.person),
            each.person.id,
            code,
            name,
            (each.kind.family if each.kind else None) or "",
            each.due.state,
            held=not planned,
            end=each.end,
            certiphyto=certiphyto_role(code, name, each.credential.category or ""),
        )

    def _entry_facts(self) -> list[EntryFact]:
        return [
            EntryFact(
                self._direction(each.entry),
                each.entry.reported_on,
                each.entry.answered_on,
                each.entry.closed_on,
                overdue=each.due is not None and each.due.state is DueState.LATE,
            )
            for each in due_sources.entries_due(self._read, self._today, self._owners)
        ]

    def _accident_facts(self) -> list[AccidentFact]:
        return [
            AccidentFact(
                self._direction(each),
                each.happened_on,
                AccidentKind(each.kind),
                with_stoppage=bool(each.stoppage) or bool(each.days_lost),
                days_lost=each.days_lost or 0,
                material_element=each.material_element or UNSPECIFIED,
            )
            for each in Lookup(self._read, Accident).live(self._owners)
        ]

    def _stock_facts(self) -> list[StockFact]:
        rooms = Lookup(self._read, StoreRoom)
        return [
            self._stock_fact(each, rooms.get(each.line.store_room))
            for each in due_sources.stock_lines_due(self._read, self._today, self._owners)
        ]

    def _stock_fact(self, each: StockDue, room: StoreRoom | None) -> StockFact:
        aside = each.line.state == StockState.SET_ASIDE
        late = each.due is not None and each.due.state is DueState.LATE
        return StockFact(
            self._direction(each.line, room),
            set_aside=aside,
            not_usable=late and not aside,
            too_long=is_kept_too_long(each.line, self._today),
        )

    def _direction(self, record: Record, other: Record | None = None) -> Direction:
        """The direction of a record, else of another one that it is about."""
        branch = self._paths.of(record)
        if not branch.direction_id and other is not None:
            branch = self._paths.of(other)
        return _as_direction(branch)


def _as_direction(branch: Branch) -> Direction:
    return Direction(branch.department, branch.direction, branch.direction_id)


def is_kept_too_long(line: StockLine, today: date) -> bool:
    """Whether waste has been set aside for longer than the house rule allows."""
    since = line.set_aside_on
    aside = line.state == StockState.SET_ASIDE
    return bool(aside and since and add_months(since, WASTE_MONTHS) < today)
