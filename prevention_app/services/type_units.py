"""Unit types and their variants: risks held in common, and what each place makes of them (P4).

A variant (`WorkUnit.type_of`) has the risks of its unit type without copies of them. It may rate
one differently, with a reason, say that one is without object there, and have
risks of its own. A unit type is one level above its variants: a variant of a variant has the risks
of the latter alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import Rating, Risk
from prevention_app.catalogue.risk_library import NotApplicable
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.errors import Refused
from prevention_app.services import records
from prevention_app.services.risk_bundles import newest_first
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

NOT_HERE: Final = "Déclarer un risque commun sans objet"
AGAIN_HERE: Final = "Rétablir un risque commun"
AS_COMMON: Final = "Revenir à la cotation commune"
"""Names of the changes made here, as undo and history call them."""


@dataclass(frozen=True, slots=True)
class SheetRisk:
    """A risk as it stands at one place."""

    risk: Risk
    rating: Rating | None
    """The one that counts there; None where it is still to be evaluated."""
    common: Rating | None = None
    """Where it is rated differently there: the rating of the unit type."""
    reason: str = ""
    """Why it is rated differently, or is without object."""


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """All that one place has: what the sheet of one site prints together."""

    unit: WorkUnit
    type_unit: WorkUnit | None
    common: Sequence[SheetRisk]
    """Of the unit type, as they stand there."""
    different: Sequence[SheetRisk]
    """Of the unit type, rated differently here."""
    not_applicable: Sequence[SheetRisk]
    """Of the unit type, without object here."""
    local: Sequence[SheetRisk]
    """Its own risks."""


def sheet_of(read: Reader, unit: str) -> UnitSheet:
    """The risks of a work unit, with those it has from its unit type; raises NotFound."""
    own = cast("WorkUnit", read.get("work_unit", unit))
    type_unit = type_of(read, own)
    local = _risks(read, own.id)
    shared = _risks(read, type_unit.id) if type_unit else []
    ratings = _ratings(read, [*local, *shared])
    absent = {str(each.risk): each.reason for each in _not_here(read, own.id)}
    common: list[SheetRisk] = []
    different: list[SheetRisk] = []
    for risk in shared:
        held = ratings.get(risk.id, ())
        general = _counting(risk, newest_first(held))
        here = newest_first(held, own.id)[:1]
        if risk.id in absent:
            continue
        if here and here[0].work_unit:
            different.append(SheetRisk(risk, here[0], general, here[0].reason or ""))
        else:
            common.append(SheetRisk(risk, general))
    return UnitSheet(
        own,
        type_unit,
        common,
        different,
        [SheetRisk(each, None, None, absent[each.id]) for each in shared if each.id in absent],
        [
            SheetRisk(each, _counting(each, newest_first(ratings.get(each.id, ()))))
            for each in local
        ],
    )


def type_of(read: Reader, unit: WorkUnit) -> WorkUnit | None:
    """The unit type that a unit is a variant of, where it is here and not the unit itself."""
    if not unit.type_of or unit.type_of == unit.id:
        return None
    found = read.records(Query("work_unit", ids=(unit.type_of,)))
    return cast("WorkUnit", found[0]) if found else None


def variants_of(read: Reader, type_unit: str) -> list[WorkUnit]:
    """The variants of a unit type, by their names."""
    about = (Condition("type_of", Op.IS, type_unit),)
    found = [cast("WorkUnit", each) for each in read.records(Query("work_unit", about))]
    return [each for each in found if each.id != type_unit]


def _risks(read: Reader, unit: str) -> list[Risk]:
    query = Query("risk", (Condition("work_unit", Op.IS, unit),))
    return [cast("Risk", each) for each in read.records(query)]


def _ratings(read: Reader, risks: Iterable[Risk]) -> dict[str, list[Rating]]:
    about = (Condition("risk", Op.ANY_OF, [each.id for each in risks]),)
    found: dict[str, list[Rating]] = {}
    for each in read.records(Query("rating", about)):
        rating = cast("Rating", each)
        found.setdefault(rating.risk, []).append(rating)
    return found


def _counting(risk: Risk, ratings: Sequence[Rating]) -> Rating | None:
    evaluated = risk.evaluation == EvaluationState.EVALUATED
    return ratings[0] if ratings and evaluated else None


def _not_here(read: Reader, unit: str, risk: str = "") -> list[NotApplicable]:
    about = [Condition("work_unit", Op.IS, unit)]
    about += [Condition("risk", Op.IS, risk)] if risk else []
    query = Query("not_applicable", tuple(about))
    return [cast("NotApplicable", each) for each in read.records(query)]


# -- particularities -------------------------------------------------------------------------


def declare_not_applicable(store: Store, risk: str, unit: str, reason: str) -> Changes:
    """Say that a variant does not have a risk of its unit type, and why.

    Raises Refused without a reason, and where the risk is not one of the unit's type or was
    declared so before.
    """
    if not reason.strip():
        raise Refused("Un risque commun n’est sans objet qu’avec un motif\u00a0: écrivez-le.")
    with store.reading() as read:
        _common_risk(read, risk, unit)
        own = cast("WorkUnit", read.get("work_unit", unit))
        if _not_here(read, unit, risk):
            raise Refused(f"Ce risque est déjà déclaré sans objet pour «\u00a0{own.name}\u00a0».")
    with store.change(NOT_HERE) as work:
        work.new(
            "not_applicable", owner=own.owner, risk=risk, work_unit=unit, reason=reason.strip()
        )
    return records.written(work)


def withdraw_not_applicable(store: Store, risk: str, unit: str) -> Changes:
    """Say that a variant has a risk of its unit type after all; raises Refused where it has."""
    with store.reading() as read:
        held = _not_here(read, unit, risk)
    if not held:
        raise Refused("Ce risque n’était pas déclaré sans objet dans cette unité.")
    with store.change(AGAIN_HERE) as work:
        for each in held:
            work.delete("not_applicable", each)
    return records.written(work)


def rate_as_common(store: Store, risk: str, unit: str) -> Changes:
    """Let a variant go by the common rating again; raises Refused where it did all along."""
    about = (Condition("risk", Op.IS, risk), Condition("work_unit", Op.IS, unit))
    with store.reading() as read:
        held = read.records(Query("rating", about))
    if not held:
        raise Refused("Cette unité n’a pas de cotation différente pour ce risque.")
    with store.change(AS_COMMON) as work:
        for each in held:
            work.delete("rating", each)
    return records.written(work)


def _common_risk(read: Reader, risk: str, unit: str) -> Risk:
    """A risk that a unit has from its unit type; raises Refused where it is none of these."""
    own = cast("WorkUnit", read.get("work_unit", unit))
    found = cast("Risk", read.get("risk", risk))
    type_unit = type_of(read, own)
    if type_unit is None or found.work_unit != type_unit.id:
        raise Refused(
            f"«\u00a0{found.situation}\u00a0» n’est pas un risque de l’unité type "
            f"de «\u00a0{own.name}\u00a0»."
        )
    return found
