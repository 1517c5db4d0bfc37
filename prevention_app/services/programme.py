"""The programme of a year as it is looked at: its measures, its figures, what went before.

What belongs to a programme and what its figures mean: `domain/programme.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, cast

from prevention_app.catalogue.organisation import Department
from prevention_app.catalogue.risk_document import (
    ActionRisk,
    PlannedAction,
    ProgrammeBudget,
    ProgrammeCarry,
    Risk,
)
from prevention_app.domain.due import Due
from prevention_app.domain.due_rules import action_due, is_settled
from prevention_app.domain.facts import ActionFact, ActionProgress, Direction
from prevention_app.domain.programme import (
    Balance,
    YearFigures,
    action_fact,
    action_progress,
    programme_year,
    share_of,
)
from prevention_app.domain.ratings import Decision
from prevention_app.services.lookup import Lookup
from prevention_app.services.organisation import OrgPaths, org_path
from prevention_app.services.programme_scope import ORG_UNIT, Scope, ScopeTest
from prevention_app.services.ratings import RatedRisk, rated_some
from prevention_app.services.workbook_places import PlaceNames
from prevention_app.storage.query import Condition, Op, Query, Reader

_ACTION: Final = "planned_action"


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A measure of the programme with what is to be known about it."""

    action: PlannedAction
    risks: tuple[Risk, ...]
    """What it is meant for, the main one first."""
    direction: Direction
    direction_name: str
    decision: Decision | None
    """Its priority: what the worst of its risks asks for."""
    due: Due | None
    progress: ActionProgress
    carried_from: int | None
    """The programme that it was taken over from; None for a measure of this year."""
    carried_to: int | None
    """The programme that took it over."""
    fact: ActionFact

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be done for it."""
        return is_settled(self.action)


@dataclass(frozen=True, slots=True)
class YearProgramme:
    """The programme of a year."""

    year: int
    scope: Scope
    lines: tuple[ProgrammeLine, ...]
    """The most urgent priority first, then by date."""
    figures: YearFigures
    directions: tuple[YearFigures, ...]
    """By name; only those that have measures."""

    @property
    def by_action(self) -> dict[str, ProgrammeLine]:
        """The lines by the id of their action."""
        return {each.action.id: each for each in self.lines}


def programme_of(read: Reader, today: date, year: int, scope: Scope) -> YearProgramme:
    """The programme of a year: its own measures and those carried over from earlier ones."""
    carried = _carries(read, "to_year", year)
    gone = _carries(read, "from_year", year)
    ids = own_ids(read, year, scope.owners) | set(carried)
    actions = [
        each
        for each in Lookup(read, PlannedAction, sorted(ids)).live(scope.owners)
        if each.id in ids
    ]
    paths = org_path(read)
    lines = _Lines(read, today, scope, paths).of(actions, carried, gone)
    voted = _Credits(read, year, scope, paths)
    return YearProgramme(
        year,
        scope,
        tuple(sorted(lines, key=_order)),
        year_figures(year, "", lines, voted.whole()),
        tuple(
            year_figures(year, name, held, voted.of_direction(held[0].direction))
            for name, held in _by_direction(lines)
        ),
    )


def balance_of(read: Reader, today: date, year: int, scope: Scope) -> Balance:
    """What became of a programme: what is not finished, and what the next one took over."""
    past = programme_of(read, today, year, scope)
    unfinished = [each for each in past.lines if not each.settled]
    carried_on = sum(each.carried_to is not None for each in unfinished)
    return Balance(past.figures, len(unfinished), carried_on)


def years(read: Reader, today: date, owners: tuple[str, ...] = ()) -> list[int]:
    """The years that have a programme, this one and the next among them, the latest first."""
    found = {today.year, today.year + 1}
    for key in ("due", "revised_due", "decided_on", "programme_year"):
        found |= {_year(each.value) for each in read.sums(Query(_ACTION, owners=owners), (), key)}
    carries = read.sums(Query("programme_carry", owners=owners), (), "to_year")
    found |= {_year(each.value) for each in carries}
    return sorted(found - {0}, reverse=True)


def _year(value: object) -> int:
    return value if isinstance(value, int) else 0


def year_figures(
    year: int, label: str, lines: Iterable[ProgrammeLine], voted: Decimal | None
) -> YearFigures:
    """Some measures of a programme in figures."""
    held = list(lines)
    own = [each.fact for each in held if each.carried_from is None]
    taken = [each.fact for each in held if each.carried_from is not None]
    return YearFigures(year, label, share_of(year, own), share_of(year, taken), voted)


# -- what belongs to it -------------------------------------------------------------------------


def own_ids(read: Reader, year: int, owners: tuple[str, ...]) -> set[str]:
    """The ids of the actions of a programme: `programme_year`, asked of the database."""
    within = {
        key: (
            Condition(key, Op.FROM, date(year, 1, 1)),
            Condition(key, Op.UNTIL, date(year, 12, 31)),
        )
        for key in ("due", "revised_due", "decided_on")
    }
    unsaid, undue, unrevised = (
        Condition(key, Op.EMPTY) for key in ("programme_year", "due", "revised_due")
    )
    wanted: tuple[tuple[Condition, ...], ...] = (
        (Condition("programme_year", Op.IS, year),),
        (unsaid, *within["due"]),
        (unsaid, undue, *within["revised_due"]),
        (unsaid, undue, unrevised, *within["decided_on"]),
    )
    return {
        str(row[0])
        for conditions in wanted
        for row in read.walk(Query(_ACTION, conditions, owners), ())
    }


def _carries(read: Reader, key: str, year: int) -> dict[str, ProgrammeCarry]:
    found = Lookup(read, ProgrammeCarry, where=(Condition(key, Op.IS, year),))
    return {each.planned_action: each for each in found.live()}


class _Lines:
    """Makes lines of actions, with their risks and places."""

    def __init__(self, read: Reader, today: date, scope: Scope, paths: OrgPaths) -> None:
        self._read = read
        self._today = today
        self._paths = paths
        self._test = ScopeTest(scope, paths)
        self._places = PlaceNames(paths, Lookup(read, Department).live())

    def of(
        self,
        actions: Sequence[PlannedAction],
        carried: Mapping[str, ProgrammeCarry],
        gone: Mapping[str, ProgrammeCarry],
    ) -> list[ProgrammeLine]:
        further = further_risks(self._read, [each.id for each in actions])
        wanted = {each.risk for each in actions} | {
            one for held in further.values() for one in held
        }
        rated = rated_some(self._read, [each for each in wanted if each])
        made = (
            self._line(each, _rated(each, further, rated), carried.get(each.id), gone.get(each.id))
            for each in actions
        )
        return [each for each in made if each is not None]

    def _line(
        self,
        action: PlannedAction,
        rated: Sequence[RatedRisk],
        carried: ProgrammeCarry | None,
        gone: ProgrammeCarry | None,
    ) -> ProgrammeLine | None:
        risks = tuple(each.risk for each in rated)
        main = risks[0] if risks else None
        if not self._test.holds(action, main):
            return None
        decisions = [each.assessment.decision for each in rated if each.assessment]
        due = action_due(action, self._today)
        branch = self._paths.of(action)
        if not branch.direction_id and main is not None:
            branch = self._paths.of(main)
        direction = Direction(branch.department, branch.direction, branch.direction_id)
        return ProgrammeLine(
            action,
            risks,
            direction,
            self._places.direction(direction),
            max(filter(None, decisions), key=lambda each: each.rank, default=None),
            due,
            action_progress(action, due),
            carried.from_year if carried and programme_year(action) != carried.to_year else None,
            gone.to_year if gone else None,
            action_fact(action, due, direction),
        )


def further_risks(read: Reader, actions: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the risks that actions are meant for beside their main one."""
    about = (Condition("planned_action", Op.ANY_OF, actions),)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in Lookup(read, ActionRisk, where=about).live():
        found[each.planned_action].append(each.risk)
    return dict(found)


def _rated(
    action: PlannedAction, further: Mapping[str, Sequence[str]], rated: Mapping[str, RatedRisk]
) -> list[RatedRisk]:
    named = dict.fromkeys((action.risk or "", *further.get(action.id, ())))
    return [rated[each] for each in named if each in rated]


def _order(line: ProgrammeLine) -> tuple[int, date, str]:
    rank = line.decision.rank if line.decision else 0
    action = line.action
    return -rank, action.due or action.revised_due or date.max, action.reference


def _by_direction(
    lines: Sequence[ProgrammeLine],
) -> list[tuple[str, list[ProgrammeLine]]]:
    found: defaultdict[tuple[str, str], list[ProgrammeLine]] = defaultdict(list)
    for each in lines:
        found[each.direction_name, each.direction.id].append(each)
    return [(name, found[name, key]) for name, key in sorted(found)]


# -- money --------------------------------------------------------------------------------------


class _Credits:
    """The credits voted for a year.

    A line without a unit is the whole, whatever is said by unit: these are then its shares. Without
    such a line, the whole is the sum of those of the topmost units that have one.
    """

    def __init__(self, read: Reader, year: int, scope: Scope, paths: OrgPaths) -> None:
        about = (Condition("year", Op.IS, year),)
        self._scope = scope
        self._paths = paths
        self._test = ScopeTest(scope, paths)
        self._held = Lookup(read, ProgrammeBudget, where=about).live(scope.owners)

    def whole(self) -> Decimal | None:
        """Of the scope; None where nothing is entered for it."""
        if self._scope.register and self._scope.register != ORG_UNIT:
            return None
        if self._scope.register:
            own = [each for each in self._held if each.org_unit == self._scope.unit]
            inside = [each for each in self._held if each.org_unit in self._test.org_units]
            return _sum(own or self._topmost(inside))
        owners = sorted({each.owner for each in self._held})
        return _added(self._of_owner(each) for each in owners)

    def _of_owner(self, owner: str) -> Decimal | None:
        held = [each for each in self._held if each.owner == owner]
        return _sum([each for each in held if not each.org_unit] or self._topmost(held))

    def _topmost(self, held: Sequence[ProgrammeBudget]) -> list[ProgrammeBudget]:
        """Those of units of which no unit above has a line: what is below is part of it."""
        named = {each.org_unit for each in held}
        return [each for each in held if not named & set(self._above(each.org_unit))]

    def _above(self, org_unit: str | None) -> list[str]:
        found: list[str] = []
        unit = self._paths.org_units.get(org_unit)
        while unit is not None and unit.id not in found:
            found.append(unit.id)
            unit = self._paths.org_units.get(unit.parent)
        return found[1:]

    def of_direction(self, direction: Direction) -> Decimal | None:
        """Of a direction: its own line, else those of the units below it."""
        inside = [
            each
            for each in self._held
            if each.org_unit and self._paths.org_unit(each.org_unit).direction_id == direction.id
        ]
        return _sum(self._topmost(inside)) if direction.id else None


def _sum(held: Sequence[ProgrammeBudget]) -> Decimal | None:
    return sum((each.amount for each in held), Decimal(0)) if held else None


def _added(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [each for each in amounts if each is not None]
    return cast("Decimal", sum(known)) if known else None
