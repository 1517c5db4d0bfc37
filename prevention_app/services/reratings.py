"""Risks that a finished action asks to rate again: proposed until rated, or declined with a word.

A proposal is not written down: it follows from the day on which the action was finished (or its
effect verified) and the date of the rating that counts. A rating of the same day or later answers
it. Nothing is proposed for a risk that nobody has rated: it waits to be evaluated anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.risk_document import PlannedAction, ReratingDecline, Risk
from prevention_app.domain.due_rules import is_finished
from prevention_app.domain.periods import add_months
from prevention_app.domain.programme import RERATING_MONTHS
from prevention_app.domain.ratings import Level
from prevention_app.errors import NotFound, Refused
from prevention_app.services import records
from prevention_app.services.lookup import Lookup
from prevention_app.services.programme import further_risks
from prevention_app.services.ratings import RatedRisk, rated_some
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

DECLINE: Final = "Écarter une recotation proposée"
"""Name of the change, as undo and history call it."""


@dataclass(frozen=True, slots=True)
class ReratingProposal:
    """A risk to be rated again, since an action on it was finished."""

    action: PlannedAction
    risk: Risk
    finished_on: date
    rated_on: date | None
    level: Level
    """The residual level as it was rated before."""

    @property
    def reason(self) -> str:
        """What the new rating would be justified by."""
        return f"Action réalisée : {self.action.title}"


def rerating_proposals(
    read: Reader,
    today: date,
    owners: tuple[str, ...] = (),
    actions: Sequence[str] | None = None,
) -> list[ReratingProposal]:
    """The re-ratings proposed in some departments (all when empty), the latest finished first.

    `actions` asks about some by their ids only.
    """
    finished = _finished(read, today, owners, actions)
    further = further_risks(read, [each.id for each, _ in finished])
    pairs = [
        (action, day, risk)
        for action, day in finished
        for risk in dict.fromkeys((action.risk, *further.get(action.id, ())))
        if risk
    ]
    rated = rated_some(read, list(dict.fromkeys(risk for _, _, risk in pairs)))
    declined = _declined(read, [each.id for each, _ in finished])
    found = [
        _proposal(action, day, rated[risk])
        for action, day, risk in pairs
        if risk in rated and _asks(day, rated[risk])
        if declined.get((action.id, rated[risk].risk.id), date.min) < day
    ]
    return sorted(found, key=lambda each: (each.finished_on, each.action.id), reverse=True)


def _asks(day: date, rated: RatedRisk) -> bool:
    if rated.assessment is None or rated.rating is None:
        return False
    return (rated.rating.rated_on or date.min) < day


def _proposal(action: PlannedAction, day: date, rated: RatedRisk) -> ReratingProposal:
    assert rated.assessment is not None  # noqa: S101  (asked before)
    rated_on = rated.rating.rated_on if rated.rating else None
    return ReratingProposal(action, rated.risk, day, rated_on, rated.assessment.residual_level)


def _finished(
    read: Reader, today: date, owners: tuple[str, ...], actions: Sequence[str] | None
) -> list[tuple[PlannedAction, date]]:
    """Actions finished or verified within the months that count, and when."""
    since = add_months(today, -RERATING_MONTHS)
    if actions is None:
        ids = {
            str(row[0])
            for key in ("done_on", "verified_on")
            for row in read.walk(
                Query("planned_action", (Condition(key, Op.FROM, since),), owners), ()
            )
        }
    else:
        ids = set(actions)
    found: list[tuple[PlannedAction, date]] = []
    for each in Lookup(read, PlannedAction, sorted(ids)).live(owners):
        days = [day for day in (each.done_on, each.verified_on) if day is not None]
        if is_finished(each) and days and max(days) >= since:
            found.append((each, max(days)))
    return found


def _declined(read: Reader, actions: Sequence[str]) -> dict[tuple[str, str], date]:
    about = (Condition("planned_action", Op.ANY_OF, actions),)
    found: dict[tuple[str, str], date] = {}
    for each in Lookup(read, ReratingDecline, where=about).live():
        key = (each.planned_action, each.risk)
        found[key] = max(found.get(key, date.min), each.declined_on or date.max)
    return found


def decline(store: Store, action: str, risk: str, reason: str) -> Changes:
    """Say why a risk need not be rated again after an action; raises Refused without a word."""
    if not reason.strip():
        raise Refused("Écrivez pourquoi le risque n’est pas à recoter : cela reste à l’historique.")
    with store.reading() as read:
        proposed = [
            each
            for each in rerating_proposals(read, store.today(), actions=[action])
            if each.risk.id == risk
        ]
    if not proposed:
        raise NotFound("Cette recotation n’est plus proposée.")
    with store.change(DECLINE, reason=reason.strip()) as work:
        work.new(
            "rerating_decline",
            owner=proposed[0].action.owner,
            planned_action=action,
            risk=risk,
            declined_on=store.today(),
            reason=reason.strip(),
        )
    return records.written(work)
