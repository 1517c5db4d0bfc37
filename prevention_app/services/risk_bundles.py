"""Several risks with their ratings and measures, read together: no query for each risk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

from prevention_app.catalogue.description import DECLARED, Record
from prevention_app.catalogue.risk_document import ExistingMeasure, Rating, Risk
from prevention_app.catalogue.vocabulary import EvaluationState, MeasureType
from prevention_app.domain.ratings import Hint, figures_of, read_hint
from prevention_app.errors import NotFound
from prevention_app.services.lookup import Lookup
from prevention_app.storage.query import Condition, Op, Query, Reader

R = TypeVar("R", bound=Record)
_CHUNK = 500


@dataclass(slots=True)
class RiskBundle:
    """A risk with what a copy or a confirmation of it needs."""

    risk: Risk
    ratings: list[Rating] = field(default_factory=list[Rating])
    """The one that counts first, then the earlier ones."""
    measures: list[ExistingMeasure] = field(default_factory=list[ExistingMeasure])
    """In the order of the nine principles."""
    variant: str = ""
    """The variant of its unit type where it is looked at; empty anywhere else (P4)."""

    @property
    def evaluated(self) -> bool:
        """Whether people who looked at the work there rated it."""
        if not self.ratings:
            return False
        common = self.risk.evaluation == EvaluationState.EVALUATED
        return common or bool(self.ratings[0].work_unit)

    @property
    def hint(self) -> Hint | None:
        """What a rating there can start from."""
        return hint_of(self.risk, self.ratings)


def hint_of(risk: Risk, ratings: Sequence[Rating]) -> Hint | None:
    """The rating that a risk had, else the one of what it was taken from; None without either."""
    if ratings:
        return Hint(ratings[0].method, figures_of(ratings[0]))
    return read_hint(risk.hint)


def newest_first(ratings: Iterable[Rating], variant: str = "") -> list[Rating]:
    """Ratings of one risk: the latest counts, of two on one day the one that was entered last.

    Those that hold for a variant of its unit alone are left out, but for the variant named: there
    they go before the others (P4).
    """
    kept = [each for each in ratings if (each.work_unit or "") in ("", variant)]
    return sorted(kept, key=_age, reverse=True)


def _age(rating: Rating) -> tuple[bool, date, str]:
    return bool(rating.work_unit), rating.rated_on or date.min, rating.id


def by_principle(measures: Iterable[ExistingMeasure]) -> list[ExistingMeasure]:
    """Measures in the order of the nine principles; those of no kind last."""
    ranks: dict[str | None, int] = {kind: at for at, kind in enumerate(MeasureType)}
    return sorted(measures, key=lambda each: (ranks.get(each.measure_type, len(ranks)), each.id))


def bundles(
    read: Reader, ids: Iterable[str], variants: Mapping[str, str] | None = None
) -> list[RiskBundle]:
    """These risks in their order, each once; raises NotFound for one that is gone.

    `variants` tells at which variant of its unit type a risk is looked at: risk → unit.
    """
    wanted = list(dict.fromkeys(ids))
    risks = Lookup(read, Risk, wanted)
    found: dict[str, RiskBundle] = {}
    for each in wanted:
        risk = risks.get(each)
        if risk is None:
            raise NotFound(f"Le risque {each} n’existe pas ici, ou il a été supprimé.")
        at = (variants or {}).get(each, "")
        found.setdefault(risk.id, RiskBundle(risk, variant=at))
    for rating in _belonging(read, Rating, found):
        found[rating.risk].ratings.append(rating)
    for measure in _belonging(read, ExistingMeasure, found):
        found[measure.risk].measures.append(measure)
    for each in found.values():
        each.ratings = newest_first(each.ratings, each.variant)
        each.measures = by_principle(each.measures)
    return list(found.values())


def _belonging(read: Reader, record_class: type[R], risks: Iterable[str]) -> list[R]:
    ids = list(risks)
    return [
        cast("R", each)
        for start in range(0, len(ids), _CHUNK)
        for each in read.records(
            Query(
                DECLARED[record_class].key,
                (Condition("risk", Op.ANY_OF, ids[start : start + _CHUNK]),),
                order=("reference",),
            )
        )
    ]
