"""Writing a rating: always a new record, with all that explains it later.

Nobody overwrites a rating: one that was entered wrongly is followed by the right one, and the
latest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from prevention_app.catalogue.risk_document import ExistingMeasure, Risk
from prevention_app.catalogue.vocabulary import (
    EvaluationState,
    MeasureType,
    RatingBasis,
    Role,
)
from prevention_app.domain.ratings import Hint, RatingMethod
from prevention_app.errors import Refused
from prevention_app.services import methods
from prevention_app.services.records import written
from prevention_app.services.risk_bundles import RiskBundle, bundles
from prevention_app.storage import circle
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

CONFIRM, CONFIRM_MANY = "Confirmer une cotation", "Confirmer des cotations"
"""Names of the change, as undo and history call it: of a few risks, of many."""
MANY: Final = 200
"""From so many risks on, the window lets a process write and take back."""
ON_THE_SPOT: Final = "Cotation indicative confirmée sur place"
_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When, why, how and with whom a rating was made."""

    on: date
    reason: str
    basis: RatingBasis
    participants: str = ""
    """Functions, never names (P7)."""
    rated_by: str = ""
    """A function; that of this station in the department when empty."""
    work_unit: str | None = None
    """The variant of the risk's unit type for which alone it holds: the others keep theirs (P4)."""


def write_rating(
    work: Work,
    risk: Risk,
    rated: Hint,
    measures: Iterable[ExistingMeasure],
    told: Circumstances,
) -> None:
    """Add a rating of a risk, which is evaluated from then on, with the measures then in place."""
    work.new(
        "rating",
        owner=risk.owner,
        risk=risk.id,
        work_unit=told.work_unit,
        rated_on=told.on,
        method=rated.method,
        reason=told.reason.strip() or None,
        basis=told.basis,
        participants=told.participants.strip() or None,
        rated_by=told.rated_by.strip() or None,
        measures=measures_told(measures) or None,
        **{key: each for key, each in rated.figures.items() if each is not None},
    )
    if told.work_unit is None:
        work.amend("risk", risk, evaluation=EvaluationState.EVALUATED)


def measures_told(measures: Iterable[ExistingMeasure]) -> str:
    """Measures as a rating keeps them, one a line, each with its kind."""
    lines: list[str] = []
    for each in measures:
        notes = [MeasureType(each.measure_type).label_fr] if each.measure_type else []
        notes += ["à vérifier sur place"] if each.to_confirm else []
        lines.append(f"{each.title} ({', '.join(notes)})" if notes else each.title)
    return "\n".join(lines)


def function_here(store: Store, department: str) -> str:
    """What the person at this station is in a department: « Conseiller de prévention »."""
    roles = [role for role, _ in circle.given(store, department, store.station)]
    told = [each for each in roles if each != Role.ADMINISTRATOR]
    return told[0].label_fr if told else ""


# -- confirming what was taken from elsewhere ------------------------------------------------


def confirm(
    store: Store,
    risks: Sequence[str],
    *,
    on: date | None = None,
    participants: str = "",
    note: str = "",
    rated_by: str = "",
    variants: Mapping[str, str] | None = None,
) -> Changes:
    """Say that the rating shown for these risks (ids) is right, seen on the spot that day.

    A copy takes its hint as its rating, its measures count as seen; what was rated before is
    rated again alike. Of a risk of a unit type, `variants` tells the unit that was looked at: it
    is confirmed for that one alone, where another one was not seen (P4, P6). Raises Refused,
    naming them, for risks with nothing to confirm, and CheckFailed for a day to come.
    """
    told = Circumstances(
        on or store.today(), note.strip() or ON_THE_SPOT, RatingBasis.CONFIRMED, participants,
        rated_by,
    )  # fmt: skip
    with store.reading() as read:
        found = bundles(read, risks, variants)
        _refuse_unconfirmable(read, found)
    return _write(store, found, told)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Risks (ids) that somebody chose to confirm, by what becomes of them."""

    to_evaluate: list[str]
    """Nobody has evaluated them in their unit; their hint can be confirmed."""
    evaluated: list[str]
    to_rate: list[str]
    """Nothing can be confirmed: no rating is shown, or not one by the method of today."""


def sort_out(
    read: Reader, risks: Sequence[str], variants: Mapping[str, str] | None = None
) -> Sorted:
    """What confirming these risks (ids) would do."""
    found = bundles(read, risks, variants)
    bare, other, partial = _unconfirmable(read, found)
    never = {each.risk.id for each in (*bare, *other, *partial)}
    rated = {each.risk.id for each in found if each.evaluated} - never
    ids = [each.risk.id for each in found]
    return Sorted(
        [each for each in ids if each not in never and each not in rated],
        [each for each in ids if each in rated],
        [each for each in ids if each in never],
    )


def confirm_in_bulk(
    store: Store,
    risks: Sequence[str],
    reason: str,
    *,
    on: date | None = None,
    participants: str = "",
    rated_by: str = "",
    variants: Mapping[str, str] | None = None,
) -> Changes:
    """Say that risks (ids) are deemed the same as where their rating comes from, and why.

    The reason stands in each rating and is printed; `variants` as for `confirm`. Raises Refused
    without one, and for risks that were rated there already or have nothing to confirm, naming
    them.
    """
    if not reason.strip():
        raise Refused(
            "Pour des situations réputées identiques, le motif est à écrire : "
            "il est gardé avec chaque cotation et imprimé."
        )
    told = Circumstances(on or store.today(), reason, RatingBasis.IN_BULK, participants, rated_by)
    with store.reading() as read:
        found = bundles(read, risks, variants)
        rated = [each for each in found if each.evaluated]
        if rated:
            raise Refused(f"Déjà évalués dans leur unité : {_names(rated)}. Retirez-les du choix.")
        _refuse_unconfirmable(read, found)
    return _write(store, found, told)


def _write(store: Store, found: Sequence[RiskBundle], told: Circumstances) -> Changes:
    functions = {each: function_here(store, each) for each in {one.risk.owner for one in found}}
    with store.change(CONFIRM_MANY if len(found) >= MANY else CONFIRM) as work:
        for each in found:
            assert each.hint is not None  # noqa: S101  (the others were refused)
            for measure in () if each.variant else each.measures:
                work.amend("existing_measure", measure, to_confirm=None)
                measure.to_confirm = None
            by = told.rated_by or functions[each.risk.owner]
            own = replace(told, rated_by=by, work_unit=each.variant or None)
            write_rating(work, each.risk, each.hint, each.measures, own)
    return written(work)


def _refuse_unconfirmable(read: Reader, found: Sequence[RiskBundle]) -> None:
    """Raise Refused for risks whose hint is no rating by the method of today."""
    if not found:
        raise Refused("Choisissez d’abord les risques à confirmer.")
    bare, other, partial = _unconfirmable(read, found)
    if bare:
        raise Refused(f"Rien à confirmer, aucune cotation n’est indiquée : {_names(bare)}. Cotez.")
    if other:
        raise Refused(
            f"Indiqués par une autre méthode que celle du département, à coter : {_names(other)}."
        )
    if partial:
        raise Refused(f"Cotation indicative incomplète, à coter : {_names(partial)}.")


def _unconfirmable(
    read: Reader, found: Sequence[RiskBundle]
) -> tuple[list[RiskBundle], list[RiskBundle], list[RiskBundle]]:
    """Those without a hint, those of another method, those whose hint is not complete."""
    bare = [each for each in found if each.hint is None]
    known = methods.known(read)
    chosen: dict[tuple[str, str | None], str] = {}
    other: list[RiskBundle] = []
    partial: list[RiskBundle] = []
    for each in found:
        if each.hint is None:
            continue
        key = (each.risk.owner, each.risk.hazard_family)
        if key not in chosen:
            chosen[key] = methods.chosen_code(read, *key)
        method = known.get(each.hint.method)
        if method is None or method.code != chosen[key]:
            other.append(each)
        elif not _complete(method, each.hint):
            partial.append(each)
    return bare, other, partial


def _complete(method: RatingMethod, hint: Hint) -> bool:
    return all(scale.step(hint.figures.get(key)) for key, scale in method.scales.items())


def _names(found: Sequence[RiskBundle]) -> str:
    told = [f"{each.risk.reference} ({_short(each.risk.situation)})" for each in found[:_NAMED]]
    more = len(found) - len(told)
    return " ; ".join(told) + (f" ; et {more} autres" if more > 0 else "")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 50 else f"{flat[:49]}…"
