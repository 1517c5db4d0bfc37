"""What is to be known beside the value of a rating: no visit, no date, nothing but equipment."""

from __future__ import annotations

from collections.abc import Collection

from prevention_app.catalogue.vocabulary import MeasureType, RatingBasis
from prevention_app.services.ratings import RatedRisk

LAST_RESORT_ONLY = "EPI ou consignes seulement"
"""All measures in place are last of the nine principles (L4121-2)."""
LAST_RESORTS = (MeasureType.PERSONAL, MeasureType.TRAINING)
SERIOUS = 3
"""The rank from which on a level is serious: high, critical."""


def rating_notes(each: RatedRisk, kinds: Collection[str | None]) -> list[str]:
    """The notes on a risk whose measures in place are of these kinds."""
    rating, assessment = each.rating, each.assessment
    if rating is None or assessment is None:
        return ["cotation indiquée, à confirmer sur place"] if each.risk.hint or rating else []
    notes: list[str] = []
    if assessment.residual_level.rank >= SERIOUS and kinds and set(kinds) <= set(LAST_RESORTS):
        notes.append(LAST_RESORT_ONLY)
    if rating.rated_on is None:
        notes.append("date de cotation à renseigner")
    if rating.basis == RatingBasis.IN_BULK:
        notes.append(f"réputée identique, sans visite : {rating.reason}")
    return notes
