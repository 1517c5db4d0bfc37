"""What one reads of a risk in the document unique, and what one does to it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, cast

from prevention_app.catalogue.description import DECLARED, Record, Value
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import (
    ExistingMeasure,
    HazardFamily,
    PlannedAction,
    Rating,
    Risk,
)
from prevention_app.catalogue.risk_library import NotApplicable
from prevention_app.catalogue.vocabulary import EvaluationState, RatingBasis
from prevention_app.domain.due_rules import is_settled
from prevention_app.domain.ratings import (
    Assessment,
    Figures,
    Hint,
    RatingMethod,
    assess,
    figures_of,
)
from prevention_app.errors import NotFound, Refused
from prevention_app.services import records
from prevention_app.services.methods import DEFAULT, chosen_code, known
from prevention_app.services.records import Event
from prevention_app.services.risk_bundles import by_principle, hint_of, newest_first
from prevention_app.services.risk_rating import Circumstances, function_here, write_rating
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, CheckFailed

R = TypeVar("R", bound=Record)

RATE, ADD_ACTION, MOVE, REMOVE = (
    "Coter un risque",
    "Ajouter une action",
    "Déplacer un risque",
    "Supprimer un risque",
)
"""Names of the changes made here, as undo and history call them."""
_CHILDREN = (Rating, ExistingMeasure, PlannedAction, NotApplicable)


@dataclass(frozen=True, slots=True)
class RiskDetail:
    """A risk with all that belongs to it."""

    risk: Risk
    unit: str
    family: HazardFamily | None
    ratings: Sequence[Rating]
    """The one that counts first, then the earlier ones."""
    assessment: Assessment | None
    """None while the risk is to be evaluated, or was never rated."""
    measures: Sequence[ExistingMeasure]
    actions: Sequence[PlannedAction]
    """Those still to be done first, by their date."""
    next_method: RatingMethod
    """By which it is rated from now on."""
    methods: Mapping[str, RatingMethod]
    """All by their code."""
    variant: str = ""
    """The variant where this risk of its unit type is looked at; empty anywhere else (P4)."""
    origin: str = ""
    """What it was taken from: « 45-RISQ-K7Q-12, CER de Gien »; empty where it is its own."""

    @property
    def rating(self) -> Rating | None:
        """The rating that counts."""
        return self.ratings[0] if self.ratings else None

    @property
    def hint(self) -> Hint | None:
        """What its rating can start from while it is to be evaluated, or what it was."""
        return hint_of(self.risk, self.ratings)

    @property
    def method(self) -> RatingMethod:
        """The method of its rating or of its hint; that of the next one for all others."""
        held = self.methods.get(self.hint.method) if self.hint else None
        return held or self.next_method


def detail(read: Reader, risk_id: str, joined: Iterable[str] = (), variant: str = "") -> RiskDetail:
    """A risk with its ratings, measures and actions, those of risks joined with it too.

    `variant` is the unit where a risk of its unit type is looked at: its own rating goes first.
    """
    risk = cast("Risk", read.get("risk", risk_id))
    methods = known(read)
    ids = [risk.id, *joined]
    ratings = newest_first(_of(read, Rating, ids), variant)
    rating = ratings[0] if ratings else None
    method = methods.get(rating.method) if rating else None
    assessment = None
    if rating and method and (rating.work_unit or risk.evaluation == EvaluationState.EVALUATED):
        assessment = assess(method, figures_of(rating))
    return RiskDetail(
        risk,
        _unit_words(read, risk, variant),
        _family(read, risk.hazard_family),
        ratings,
        assessment,
        by_principle(_of(read, ExistingMeasure, ids)),
        sorted(_of(read, PlannedAction, ids), key=_urgency),
        methods.get(chosen_code(read, risk.owner, risk.hazard_family)) or methods[DEFAULT],
        methods,
        variant,
        _origin(read, risk.origin),
    )


def _unit_words(read: Reader, risk: Risk, variant: str) -> str:
    titles = read.titles("work_unit", [risk.work_unit, variant])
    own = titles.get(risk.work_unit, "")
    return f"{titles.get(variant, '')}, tronc commun de «\u00a0{own}\u00a0»" if variant else own


@dataclass(frozen=True, slots=True)
class Step:
    """One change that touched a risk or what belongs to it."""

    when: datetime
    who: str
    name: str
    changes: Sequence[tuple[Record, Event]]


Change = tuple[Record, Event]


def own_records(found: RiskDetail) -> list[Record]:
    """A risk and all that belongs to it."""
    return [found.risk, *found.ratings, *found.measures, *found.actions]


def changes_of(store: Store, record: Record) -> list[Change]:
    """What was written in one of them."""
    past = records.history(store, DECLARED[type(record)].key, record.id)
    return [(record, event) for event in past]


def as_steps(changes: Iterable[Change]) -> list[Step]:
    """What was written together as one step, newest first."""
    together: dict[str, list[Change]] = {}
    for change in changes:
        together.setdefault(change[1].transaction, []).append(change)
    firsts = [(each[0][1], each) for each in together.values()]
    steps = [Step(event.when, event.who, event.name, each) for event, each in firsts]
    return sorted(steps, key=lambda each: each.when, reverse=True)


def _of(read: Reader, record_class: type[R], risks: Sequence[str]) -> list[R]:
    about = (Condition("risk", Op.ANY_OF, risks),)
    found = read.records(Query(DECLARED[record_class].key, about, order=("reference",)))
    return [cast("R", each) for each in found]


def _origin(read: Reader, origin: str | None) -> str:
    """What a risk was taken from, as people call it: another unit's risk, a line of the library."""
    if not origin:
        return ""
    for register, place in (("risk", "work_unit"), ("library_risk", "library_unit")):
        for each in read.records(Query(register, ids=(origin,), with_deleted=True)):
            held = getattr(each, place)
            where = read.titles(place, [held]).get(held or "", "")
            return ", ".join(filter(None, (each.reference, where)))
    return ""


def _family(read: Reader, family: str | None) -> HazardFamily | None:
    try:
        return cast("HazardFamily", read.get("hazard_family", family)) if family else None
    except NotFound:
        return None


def _urgency(action: PlannedAction) -> tuple[bool, date]:
    return is_settled(action), action.due or action.revised_due or date.max


# -- what one does ---------------------------------------------------------------------------


def rate(
    store: Store,
    found: RiskDetail,
    figures: Figures,
    reason: str,
    *,
    on: date | None = None,
    basis: RatingBasis = RatingBasis.ON_SITE,
    participants: str = "",
    rated_by: str = "",
    work_unit: str | None = None,
) -> Changes:
    """Rate a risk as people who looked at the work there found it; it is evaluated from then on.

    Each is a record of its own, the latest counts and the earlier ones are its history. Raises
    CheckFailed where a figure or the reason is missing.

    Args:
        store: the workspace.
        found: the risk as it was read.
        figures: a step of each scale of its method.
        reason: why it is rated so.
        on: the day on which the work was looked at; today when None.
        basis: what it rests on.
        participants: who took part, as functions.
        rated_by: a function; that of this station when empty.
        work_unit: the variant of the risk's unit type for which alone the rating holds (P4).
    """
    method = found.next_method
    scales = method.scales
    given: dict[str, Value] = {key: figures.get(key) for key in scales}
    given["reason"] = reason.strip() or None
    entity = DECLARED[Rating]
    labels = {**{key: each.label_fr for key, each in scales.items()}, "reason": "Justification"}
    missing = [
        (key, f"« {labels[key]} » est à remplir.") for key, value in given.items() if value is None
    ]
    if missing:
        raise CheckFailed(entity, missing)
    told = Circumstances(
        on or store.today(),
        reason,
        basis,
        participants,
        rated_by or function_here(store, found.risk.owner),
        work_unit,
    )
    rated = Hint(method.code, {key: figures.get(key) for key in scales})
    with store.change(RATE) as work:
        write_rating(work, found.risk, rated, found.measures, told)
    return records.written(work)


def add_action(store: Store, risk: Risk, values: Mapping[str, Value]) -> Changes:
    """Plan an action of prevention for a risk."""
    given: dict[str, Value] = {"work_unit": risk.work_unit, **values, "risk": risk.id}
    with store.change(ADD_ACTION) as work:
        work.new("planned_action", owner=risk.owner, **given)
    return records.written(work)


def move(store: Store, risks: Sequence[str], unit: str) -> Changes:
    """Say that risks are those of another work unit: they were entered under the wrong one.

    Actions still to be done go along; what was done stays in the programme of its unit. Raises
    Refused for a unit of another department: a risk stays with those who answer for it.
    """
    with store.reading() as read:
        target = cast("WorkUnit", read.get("work_unit", unit))
        found = [detail(read, each) for each in risks]
    if any(each.risk.owner != target.owner for each in found):
        raise Refused(
            f"« {target.name} » est une unité d’un autre département : "
            "dupliquez-y plutôt ces risques (Ctrl D)."
        )
    with store.change(MOVE) as work:
        for each in found:
            for action in each.actions:
                if action.work_unit == each.risk.work_unit and not is_settled(action):
                    work.amend("planned_action", action, work_unit=target.id)
            work.amend("risk", each.risk, work_unit=target.id)
    return records.written(work)


def remove(store: Store, risks: Sequence[str], reason: str = "") -> Changes:
    """Delete risks with their ratings, their measures and the actions still to be done.

    What was done or abandoned stays in the programme of its year.
    """
    with store.reading() as read:
        found = [detail(read, each) for each in risks]
        of_variants = _particular(read, risks)
    with store.change(REMOVE, reason=reason) as work:
        for each in of_variants:
            work.delete(DECLARED[type(each)].key, each)
        for each in found:
            open_actions = [action for action in each.actions if not is_settled(action)]
            for record in (each.risk, *each.ratings, *each.measures, *open_actions):
                work.delete(DECLARED[type(record)].key, record)
    return records.written(work)


def _particular(read: Reader, risks: Sequence[str]) -> list[Record]:
    """What variants of a unit type make of its risks: their own ratings, and where it is none."""
    about = Condition("risk", Op.ANY_OF, risks)
    ratings = Query("rating", (about, Condition("work_unit", Op.FILLED)))
    return [*read.records(ratings), *read.records(Query("not_applicable", (about,)))]


def risks_of(read: Reader, touched: Iterable[tuple[str, str]]) -> set[str]:
    """The risks that records written belong to: (register, id) of each."""
    found: set[str] = set()
    children: dict[str, list[str]] = {}
    for register, record in touched:
        if register == "risk":
            found.add(record)
        elif register in {DECLARED[each].key for each in _CHILDREN}:
            children.setdefault(register, []).append(record)
    for register, ids in children.items():
        query = Query(register, ids=tuple(ids), with_deleted=True)
        found |= {risk for _, risk in read.walk(query, ("risk",)) if risk}
    return found
