"""The risks of the document unique with the rating that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.risk_document import Rating, Risk
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.domain.ratings import Assessment, RatingMethod, assess, figures_of
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import known
from prevention_app.storage.query import Condition, Op, Reader


@dataclass(frozen=True, slots=True)
class RatedRisk:
    """A risk and what its latest rating makes of it."""

    risk: Risk
    rating: Rating | None
    method: RatingMethod | None
    """Of the rating."""
    assessment: Assessment | None
    """None while the risk is to be evaluated: a copied rating is a hint, not a value (P6)."""


def rated_risks(read: Reader, owners: tuple[str, ...] = ()) -> list[RatedRisk]:
    """Every risk of these departments (all when empty), evaluated or not."""
    risks = Lookup(read, Risk)
    latest = _latest_ratings(read, risks)
    methods = known(read)
    return [_rated(each, latest.get(each.id), methods) for each in risks.live(owners)]


def undated_ratings(read: Reader, owner: str) -> list[RatedRisk]:
    """The evaluated risks of a department whose rating does not say of when it is.

    Such a rating counts, and its date is to be filled in before a version is made.
    """
    return [
        each
        for each in rated_risks(read, (owner,))
        if each.assessment and each.rating and each.rating.rated_on is None
    ]


def rated_some(read: Reader, ids: Sequence[str]) -> dict[str, RatedRisk]:
    """Some risks by the ids that they were asked for by; those that are gone are left out."""
    risks = Lookup(read, Risk, ids)
    about = (Condition("risk", Op.ANY_OF, ids),)
    latest = _latest_ratings(read, risks, about) if ids else {}
    methods = known(read)
    found = {each: risks.get(each) for each in ids}
    return {key: _rated(each, latest.get(each.id), methods) for key, each in found.items() if each}


def _latest_ratings(
    read: Reader, risks: Lookup[Risk], where: tuple[Condition, ...] = ()
) -> dict[str, Rating]:
    latest: dict[str, Rating] = {}
    for each in Lookup(read, Rating, where=where).live():
        risk = risks.get(each.risk)
        if risk is not None and not each.work_unit:
            known_one = latest.get(risk.id, each)
            latest[risk.id] = max(known_one, each, key=age)
    return latest


def age(rating: Rating) -> tuple[date, str]:
    """What orders ratings: their date, then the moment in which they were entered."""
    return rating.rated_on or date.min, rating.id


def _rated(risk: Risk, rating: Rating | None, methods: Mapping[str, RatingMethod]) -> RatedRisk:
    method = methods.get(rating.method) if rating else None
    if rating is None or method is None or risk.evaluation != EvaluationState.EVALUATED:
        return RatedRisk(risk, rating, method, None)
    return RatedRisk(risk, rating, method, assess(method, figures_of(rating)))
