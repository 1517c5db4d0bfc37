"""Two ratings of one risk and day, made at two stations that did not know of each other.

Both are evaluations and stay in its history; the one entered last counts, as ever. Where they do
not say the same, a person has to know it: whoever rates again settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prevention_app.catalogue.description import DECLARED
from prevention_app.catalogue.risk_document import Rating, Risk
from prevention_app.domain.ratings import RatingMethod, assess, figures_of
from prevention_app.domain.reasons import day_text
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services import methods
from prevention_app.services.lookup import Lookup
from prevention_app.services.ratings import age
from prevention_app.storage import cross_checks
from prevention_app.storage.query import Condition, Op, Reader


@dataclass(frozen=True, slots=True)
class Twins:
    """A risk that was rated otherwise at another station on the same day."""

    risk: Risk
    earlier: Rating
    counting: Rating
    sentence: str


def rating_twins(read: Reader) -> list[Twins]:
    """Those that count at present and do not agree; rated a third time, a risk is settled."""
    entity = DECLARED[Rating]
    groups = cross_checks.doubles(read.connection, read.catalogue, entity)
    pairs = [group for group in groups if len(group) == 2]
    if not pairs:
        return []
    rated = {
        each.id: each for each in Lookup(read, Rating, [e for pair in pairs for e in pair]).live()
    }
    risks = Lookup(read, Risk, [each.risk for each in rated.values()])
    known = methods.known(read)
    found: list[Twins] = []
    for pair in pairs:
        twins = sorted((rated[each] for each in pair if each in rated), key=age)
        risk = risks.get(twins[0].risk) if len(twins) == 2 else None
        if risk is None or _said(twins[0]) == _said(twins[1]):
            continue
        if _latest(read, twins[1]).id == twins[1].id:
            found.append(Twins(risk, twins[0], twins[1], _sentence(risk, twins, known)))
    return found


def _said(rating: Rating) -> tuple[str, dict[str, int | None]]:
    return rating.method, figures_of(rating)


def _latest(read: Reader, rating: Rating) -> Rating:
    """The rating of the same risk, or of the same variant of it, that counts."""
    about = (Condition("risk", Op.IS, rating.risk),)
    return max(
        (
            each
            for each in Lookup(read, Rating, where=about).live()
            if each.work_unit == rating.work_unit
        ),
        key=age,
    )


def _sentence(risk: Risk, twins: list[Rating], known: Mapping[str, RatingMethod]) -> str:
    first, last = (_value(each, known) for each in twins)
    day = twins[0].rated_on
    when = f"du {day_text(day)}" if day else "sans date"
    return (
        f"{risk.reference} : deux cotations {when}, faites sur deux ordinateurs, divergent : "
        f"résiduel {first} ({twins[0].reference}) puis {last} ({twins[1].reference}). La dernière "
        "saisie compte."
    )


def _value(rating: Rating, known: Mapping[str, RatingMethod]) -> str:
    method = known.get(rating.method)
    found = assess(method, figures_of(rating)) if method else None
    if found is None or found.residual is None:
        return "non calculé"
    number = number_text(found.residual.normalize(), 2).rstrip("0").rstrip(",")
    return f"{number}{NO_BREAK}({found.residual_level.label_fr.lower()})"
