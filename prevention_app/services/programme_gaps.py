"""Serious risks for which no action is planned: the yearly programme recalls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.risk_document import ActionRisk, PlannedAction
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.ratings import Level
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import method
from prevention_app.services.organisation import org_path
from prevention_app.services.programme_scope import Scope, ScopeTest
from prevention_app.services.risk_index import NO_ACTION, RiskIndex
from prevention_app.storage.query import Query, Reader

SERIOUS: Final = 3
"""The rank of the level from which a risk without action is recalled: « élevé »."""
_TOGETHER: Final = 5_000


@dataclass(frozen=True, slots=True)
class UntreatedRisk:
    """A risk that stays serious with the measures in place, and nothing is planned for it."""

    id: str
    reference: str
    situation: str
    unit: str
    level: Level


def rank_of(level: str) -> int:
    """How serious a level is, by its code, which all methods share."""
    return next(each.rank for each in method().levels if each.code == level)


def untreated_risks(
    read: Reader, today: date, scope: Scope, rank: int = SERIOUS
) -> list[UntreatedRisk]:
    """Those whose residual level is of this rank or above, the worst first.

    An action that is not abandoned counts, be it done, and be the risk a further one of it.
    """
    index = RiskIndex(scope.owners, today)
    while not index.complete:
        index.read_on(read, _TOGETHER)
    found = [
        each for each in index.select(None) if each.standing.rank >= rank and each.marks & NO_ACTION
    ]
    helped = _helped(read)
    test = ScopeTest(scope, org_path(read)) if scope.register else None
    left = [
        each.id
        for each in found
        if each.id not in helped and (test is None or test.holds_unit(each.unit))
    ]
    levels = {
        each.id: each.standing.assessment.residual_level
        for each in found
        if each.standing.assessment
    }
    return _told(read, left, levels)


def _helped(read: Reader) -> set[str]:
    """Risks that are further ones of an action."""
    links = Lookup(read, ActionRisk).live()
    actions = Lookup(read, PlannedAction, [each.planned_action for each in links])
    return {
        each.risk
        for each in links
        if (action := actions.get(each.planned_action)) and action.state != ActionState.ABANDONED
    }


def _told(read: Reader, ids: Sequence[str], levels: dict[str, Level]) -> list[UntreatedRisk]:
    records = {
        each.id: each for each in read.records(Query("risk", ids=tuple(ids), order=("reference",)))
    }
    units = read.titles(
        "work_unit", [getattr(each, "work_unit", None) for each in records.values()]
    )
    return [
        UntreatedRisk(
            each,
            records[each].reference,
            str(getattr(records[each], "situation", "")),
            units.get(str(getattr(records[each], "work_unit", "")), ""),
            levels[each],
        )
        for each in ids
        if each in records
    ]
