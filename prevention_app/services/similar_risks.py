"""The same risk at the other departments, and what they did about it.

What they let be seen here is told by their decisions on what leaves them; what is not held is not
found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from prevention_app.catalogue.risk_document import ExistingMeasure, PlannedAction, Risk
from prevention_app.catalogue.values import fold
from prevention_app.domain.ratings import Assessment
from prevention_app.services.ratings import rated_some
from prevention_app.storage.query import Condition, Op, Query, Reader

MOST: Final = 12
_LIKE: Final = 55
"""Percent of likeness below which two situations of one family are two things."""
_LIKE_ELSEWHERE: Final = 80
"""The same for situations of two families."""
_SAME_ORIGIN: Final = 100


@dataclass(frozen=True, slots=True)
class Similar:
    """A risk of another department that is like the one asked about."""

    risk: Risk
    unit: str
    likeness: int
    """Of 100."""
    same_origin: bool
    """Whether both were taken from one template, or one from the other."""
    assessment: Assessment | None
    measures: Sequence[ExistingMeasure]
    actions: Sequence[PlannedAction]


def similar(read: Reader, risk: Risk, most: int = MOST) -> list[Similar]:
    """The risks of other departments that are like this one, the most alike first."""
    scores = _scores(read, risk)
    chosen = sorted(scores, key=lambda each: (-scores[each], each))[:most]
    if not chosen:
        return []
    rows = read.records(Query("risk", ids=tuple(chosen)))
    found = {each.id: cast("Risk", each) for each in rows}
    units = read.titles("work_unit", [each.work_unit for each in found.values()])
    rated = rated_some(read, chosen)
    measures = _belonging(read, "existing_measure", chosen)
    actions = _belonging(read, "planned_action", chosen)
    return [
        Similar(
            found[each],
            units.get(found[each].work_unit, ""),
            scores[each],
            _same_origin(risk, each, found[each].origin),
            rated[each].assessment if each in rated else None,
            [cast("ExistingMeasure", one) for one in measures.get(each, ())],
            [cast("PlannedAction", one) for one in actions.get(each, ())],
        )
        for each in chosen
        if each in found
    ]


def _scores(read: Reader, risk: Risk) -> dict[str, int]:
    """Likeness of each risk of another department that is like this one at all."""
    from rapidfuzz import fuzz, process

    rows = read.walk(Query("risk"), ("owner", "hazard_family", "origin", "situation"))
    others = [each for each in rows if each[1] != risk.owner]
    texts = [fold(each[4]) for each in others]
    wanted = fold(risk.situation)
    found: dict[str, int] = {}
    for _, score, at in process.extract(
        wanted, texts, scorer=fuzz.token_set_ratio, score_cutoff=_LIKE, limit=None
    ):
        key, _, family, _, _ = others[at]
        if family == risk.hazard_family or score >= _LIKE_ELSEWHERE:
            found[str(key)] = round(score)
    for key, _, _, origin, _ in others:
        if _same_origin(risk, key, origin):
            found[str(key)] = _SAME_ORIGIN
    return found


def _same_origin(risk: Risk, other: str, origin: Any) -> bool:
    return risk.origin == other or origin in (risk.id, risk.origin or risk.id)


def _belonging(read: Reader, register: str, risks: Sequence[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    about = (Condition("risk", Op.ANY_OF, list(risks)),)
    for each in read.records(Query(register, about)):
        found.setdefault(str(getattr(each, "risk", "")), []).append(each)
    return found
