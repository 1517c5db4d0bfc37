"""The risks of the document unique with the rating that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.risk_document import Rating, Risk
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.domain.ratings import Assessment, RatingMethod, assess, figures_of
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import known
from prevention_app.storage.query import Reader


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


def _latest_ratings(read: Reader, risks: Lookup[Risk]) -> dict[str, Rating]:
    latest: dict[str, Rating] = {}
    for each in Lookup(read, Rating).live():
        risk = risks.get(each.risk)
        if risk is not None:
            known_one = latest.get(risk.id, each)
            latest[risk.id] = max(known_one, each, key=_age)
    return latest


def _age(rating: Rating) -> tuple[date, str]:
    """What orders ratings: their date, then the moment in which they were entered."""
    return rating.rated_on or date.min, rating.id


def _rated(risk: Risk, rating: Rating | None, methods: Mapping[str, RatingMethod]) -> RatedRisk:
    method = methods.get(rating.method) if rating else None
    if rating is None or method is None or risk.evaluation != EvaluationState.EVALUATED:
        return RatedRisk(risk, rating, method, None)
    return RatedRisk(risk, rating, method, assess(method, figures_of(rating)))
