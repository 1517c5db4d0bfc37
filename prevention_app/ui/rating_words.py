"""What a rating is made of, how it came about, and what was changed, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from prevention_app.catalogue.risk_document import Rating
from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.domain.ratings import Figures, RatingMethod, figures_of, initial, residual
from prevention_app.services.risk_document import RiskDetail, Step
from prevention_app.ui import words
from prevention_app.ui.rating_chip import number_of

UNDATED = "date à renseigner"


def figures_words(method: RatingMethod, figures: Figures, criteria: Sequence[str] = ()) -> str:
    """« Grave (G 3) × fréquente (F 3) »; of all scales of the method where none are named."""
    words_of: list[str] = []
    for each in criteria or method.scales:
        scale = method.scales[each]
        step = scale.step(figures.get(each))
        if step is None:
            return "à compléter"
        said = step.label_fr.lower() if words_of else step.label_fr
        words_of.append(f"{said} ({scale.letter}\u00a0{step.value})")
    return " × ".join(words_of)


# -- the values ------------------------------------------------------------------------------


def initial_words(found: RiskDetail) -> str:
    """What the gross value is made of, or what the hint would make of it."""
    return _as_hint(found, _product_words(found, found.method.gross))


def residual_words(found: RiskDetail) -> str:
    """« 9 × maîtrise 0,75 »; where there is one value only, what it is made of."""
    hint, method = found.hint, found.method
    if hint is None:
        return "à coter"
    if not method.gross:
        return _as_hint(found, _product_words(found, method.net))
    factors = [number_of(initial(method, hint.figures))]
    for each in _reducing(method):
        step = method.scales[each].step(hint.figures.get(each))
        if step is None:
            return "à coter"
        factors.append(f"{method.scales[each].label_fr.lower()} {number_of(step.coefficient)}")
    return _as_hint(found, " × ".join(factors))


def _product_words(found: RiskDetail, criteria: Sequence[str]) -> str:
    return figures_words(found.method, found.hint.figures, criteria) if found.hint else "à coter"


def _as_hint(found: RiskDetail, text: str) -> str:
    """A value that is none yet is told apart."""
    if found.assessment or found.hint is None:
        return text
    return f"indication\u00a0: {text[:1].lower()}{text[1:]}"


def _reducing(method: RatingMethod) -> list[str]:
    """What the residual value takes in beside the gross one."""
    return [each for each in method.net if each not in method.gross] if method.gross else []


def _control_words(found: RiskDetail) -> str:
    """« Maîtrise 3 : partielle »."""
    said: list[str] = []
    for each in _reducing(found.method):
        scale = found.method.scales[each]
        step = scale.step(getattr(found.rating, each)) if found.rating else None
        if step is not None:
            said.append(f"{scale.label_fr} {step.value}\u00a0: {step.label_fr.lower()}")
    return ", ".join(said) or found.method.name_fr


# -- how it came about -----------------------------------------------------------------------


def standing_words(found: RiskDetail, today: date) -> str:
    """« Maîtrise 3 : partielle · confirmée sur place le 6 oct. »; « À évaluer »."""
    rating = found.rating
    if found.assessment is None or rating is None:
        return "À évaluer, cotation indiquée seulement" if found.hint else "Jamais coté"
    day = words.short_day(rating.rated_on, today) if rating.rated_on else ""
    made = RatingBasis(rating.basis).label_fr.lower() if rating.basis else "coté"
    when = f"{made} le {day}" if day else (f"{made}, {UNDATED}" if rating.basis else UNDATED)
    return words.sentence(f"{_control_words(found)} · {when}")


def provenance_words(found: RiskDetail) -> str:
    """Where a rating or its hint comes from, and who took part."""
    rating = found.rating
    if found.assessment is None or rating is None:
        return f"Repris de {found.origin}" if found.origin else ""
    parts: list[str] = []
    if rating.source:
        parts.append(f"Document d’origine\u00a0: {rating.source}")
    if rating.basis == RatingBasis.IN_BULK and rating.reason:
        parts.append(f"Sans visite\u00a0: «\u00a0{rating.reason}\u00a0»")
    if rating.participants:
        parts.append(f"Avec\u00a0: {rating.participants}")
    return "\n".join(parts)


# -- what was changed ------------------------------------------------------------------------


def step_words(step: Step, found: RiskDetail | None, today: date) -> str:
    """« Résiduel 8 → 12, C. Marchand, 6 oct. « Presqu’accident du 28 septembre » »."""
    ratings = {record.id for record, _ in step.changes if isinstance(record, Rating)}
    what, reason = _rating_step_words(found, ratings) if found and ratings else ("", "")
    if not what:
        labels = dict.fromkeys(event.label.lower() for _, event in step.changes if event.old)
        told = ", ".join(list(labels)[:3])
        what = f"{step.name}\u00a0: {told}" if told else step.name
    day = words.short_day(step.when.astimezone().date(), today)
    text = ", ".join(filter(None, (words.sentence(what), step.who, day)))
    return f"{text}\n«\u00a0{reason}\u00a0»" if reason else text


def _rating_step_words(found: RiskDetail, touched: set[str]) -> tuple[str, str]:
    """What a rating made of the residual value of the one before, and why."""
    for at, rating in enumerate(found.ratings):
        if rating.id in touched:
            before = found.ratings[at + 1] if at + 1 < len(found.ratings) else None
            values = [number_of(_residual(found, each)) for each in (before, rating) if each]
            return f"Résiduel {' → '.join(filter(None, values))}", rating.reason or ""
    return "", ""


def _residual(found: RiskDetail, rating: Rating) -> Decimal | None:
    method = found.methods.get(rating.method)
    return residual(method, figures_of(rating)) if method else None
