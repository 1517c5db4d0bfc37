"""Where every risk stands: read a slice at a time, then ordered, filtered and counted at once.

The level of a risk follows from its latest rating and from the method, which is data: no column
holds it, so no query can order by it. What is kept here of each risk is little, and what risks have
in common is kept once: a hundred thousand of them fit and are in order within milliseconds.
"""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, cast

from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import ActionState, EvaluationState, MeasureType
from prevention_app.domain.due_rules import action_due, is_finished
from prevention_app.domain.ratings import CRITERIA, Assessment, RatingMethod, assess
from prevention_app.services import methods
from prevention_app.storage.query import Condition, Op, Query, Reader

LATE: Final = 1
"""An action is past its date."""
NO_ACTION: Final = 2
"""No action is planned, none was."""
LAST_RESORT: Final = 4
"""All existing measures are protective equipment or training, last of the nine principles."""
CMR: Final = 8
HARDSHIP: Final = 16
"""A factor of article L4161-1 is named."""
LAST_RESORTS: Final = (MeasureType.PERSONAL, MeasureType.TRAINING)
_PART: Final = 500
UNRATED: Final = 0
"""The rank of what is not rated, or is still to be evaluated."""

_EVALUATED: Final = (EvaluationState.EVALUATED,)
_RISK_FIELDS: Final = (
    "deleted", "same_as", "work_unit", "hazard_family", "situation", "evaluation", "cmr", "factor",
)  # fmt: skip
_READ_FIRST: Final = {
    "rating": ("risk", "rated_on", "method", *CRITERIA),
    "planned_action": ("risk", "state", "due", "revised_due", "done_on"),
    "existing_measure": ("risk", "measure_type"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the planned actions of a risk are."""

    done: int = 0
    planned: int = 0
    """Done or not; without those abandoned."""
    next_due: date | None = None
    """The first date of what is still to be done."""


_NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What is made of all the risks that are rated alike."""

    assessment: Assessment | None
    """None for what is not evaluated: a copied rating is a hint, not a value (P6)."""
    rank: int
    """The rank of the residual level, 0 where there is none."""
    key: tuple[Any, ...]
    """Method and figures of the rating; empty for what is not evaluated."""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedRisk:
    """What is kept of one risk."""

    id: str
    unit: str
    family: str
    standing: Standing
    tally: Tally
    marks: int
    text: str
    """The situation, folded for finding words in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which risks to list; what is left empty asks for nothing."""

    families: frozenset[str] = frozenset()
    ranks: frozenset[int] = frozenset()
    measures: int = 0
    """Marks of which one at least holds."""
    exposures: int = 0
    """Marks of which one at least holds."""
    words: str = ""

    def among(self, risks: list[PlacedRisk]) -> list[PlacedRisk]:
        """Those of a list that are wanted, in its order."""
        if self.families:
            risks = [each for each in risks if each.family in self.families]
        if self.ranks:
            risks = [each for each in risks if each.standing.rank in self.ranks]
        if self.measures:
            risks = [each for each in risks if each.marks & self.measures]
        if self.exposures:
            risks = [each for each in risks if each.marks & self.exposures]
        for word in fold(self.words).split():
            risks = [each for each in risks if word in each.text]
        return risks


class _Children:
    """What was read of the records that belong to risks, by the id of the risk."""

    def __init__(self) -> None:
        self.ratings: dict[str, tuple[Any, ...]] = {}
        self.actions: dict[str, list[tuple[Any, ...]]] = {}
        self.measures: dict[str, set[Any]] = {}

    def take(self, register: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep rows of one of the registers; of ratings, the latest."""
        if register == "rating":
            for row in rows:
                held = self.ratings.get(row[1])
                if held is None or _age(held) < _age(row):
                    self.ratings[row[1]] = row
        elif register == "planned_action":
            for row in rows:
                self.actions.setdefault(row[1], []).append(row)
        else:
            for _, risk, kind in rows:
                self.measures.setdefault(risk, set()).add(kind)


class RiskIndex:
    """All risks of some departments, in memory; `read_on` until it is complete.

    Ratings, actions and measures are gone through before the risks, each register once from one
    end to the other: looking up those of each risk would take five times as long.
    """

    def __init__(self, owners: tuple[str, ...], today: date) -> None:
        """Know nothing yet; no owners means all departments."""
        self._owners = owners
        self._today = today
        self._left = [*_READ_FIRST, "risk"]
        self._last = ""
        self._placed: dict[str, PlacedRisk] = {}
        self._by_unit: dict[str, dict[Standing, list[PlacedRisk]]] = {}
        self._joined: dict[str, str] = {}
        self._methods: Mapping[str, RatingMethod] = {}
        self._standings: dict[tuple[Any, ...], Standing] = {}
        self._tallies: dict[Tally, Tally] = {}
        self._names: dict[str, str] = {}
        self._children = _Children()

    # -- reading ---------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Whether everything was read."""
        return not self._left

    def read_on(self, read: Reader, number: int) -> None:
        """Read so many more rows."""
        register = self._left[0]
        if not self._last:
            self._methods = methods.known(read)
        if register == "risk":
            query = Query("risk", owners=self._owners, with_deleted=True)
            rows = read.walk(query, _RISK_FIELDS, self._last, number)
            for row in rows:
                if row[2] and not row[1]:
                    self._joined[row[0]] = row[2]
                elif not row[1]:
                    self._put(row)
        else:
            rows = read.walk(Query(register), _READ_FIRST[register], self._last, number)
            self._children.take(register, rows)
        if len(rows) == number:
            self._last = rows[-1][0]
            return
        self._last = ""
        del self._left[0]
        if self.complete:
            self._children = _Children()
            # A risk that others were joined with is read again, with what belongs to them.
            self.renew(read, {self.lead_of(each) for each in self._joined})

    def renew(self, read: Reader, ids: Iterable[str]) -> None:
        """Read again risks that were written; those that are gone are forgotten."""
        touched = set(ids)
        if not touched or not self.complete:
            return
        self._methods = methods.known(read)
        leads = {self.lead_of(each) for each in touched}
        self._follow(read, touched)
        leads = {self.lead_of(each) for each in leads | touched}
        belonging = {each: lead for lead in leads for each in (lead, *self.joined_with(lead))}
        about = (Condition("risk", Op.ANY_OF, list(belonging)),)
        for register, fields in _READ_FIRST.items():
            found = read.walk(Query(register, about), fields)
            self._children.take(register, [(row[0], belonging[row[1]], *row[2:]) for row in found])
        for each in leads:
            self._forget(each)
        for row in read.walk(Query("risk", owners=self._owners, ids=tuple(leads)), _RISK_FIELDS):
            self._put(row)
        self._children = _Children()

    def _follow(self, read: Reader, ids: Collection[str]) -> None:
        """Learn which of these are joined with another one now, and which no longer are."""
        query = Query("risk", ids=tuple(ids), with_deleted=True)
        for risk, deleted, same_as in read.walk(query, ("deleted", "same_as")):
            self._joined.pop(risk, None)
            if same_as and not deleted:
                self._joined[risk] = same_as
                self._forget(risk)

    def lead_of(self, risk: str) -> str:
        """The risk that this one was joined with, or itself."""
        ring: list[str] = []
        while risk in self._joined and risk not in ring:
            ring.append(risk)
            risk = self._joined[risk]
        return min(ring[ring.index(risk) :]) if risk in ring else risk

    def joined_with(self, risk: str) -> list[str]:
        """The ids of the risks that were joined with this one; what belongs to them is its own."""
        return [each for each in self._joined if each != risk and self.lead_of(each) == risk]

    def _put(self, row: tuple[Any, ...]) -> None:
        children = self._children
        risk, _, _, unit, family, situation, evaluation, cmr, factor = row
        tally = self._tally(children.actions.get(risk, ()))
        late = tally.next_due is not None and tally.next_due < self._today
        kinds = children.measures.get(risk)
        rating = children.ratings.get(risk)
        key = rating[3:] if rating and evaluation in _EVALUATED else ()
        marks = (
            LATE * late
            + NO_ACTION * (not tally.planned)
            + LAST_RESORT * (kinds is not None and kinds.issubset(LAST_RESORTS))
            + CMR * bool(cmr)
            + HARDSHIP * bool(factor)
        )
        self._place(risk, unit or "", family or "", key, tally, marks, fold(situation))

    def _place(
        self,
        risk: str,
        unit: str,
        family: str,
        key: tuple[Any, ...],
        tally: Tally,
        marks: int,
        text: str,
    ) -> None:
        unit, family = self._once(unit), self._once(family)
        placed = PlacedRisk(risk, unit, family, self._standing(key), tally, marks, text)
        self._placed[risk] = placed
        standings = self._by_unit.setdefault(placed.unit, {})
        standings.setdefault(placed.standing, []).append(placed)

    def _forget(self, risk: str) -> None:
        placed = self._placed.pop(risk, None)
        if placed is not None:
            self._by_unit[placed.unit][placed.standing].remove(placed)

    def _once(self, text: str) -> str:
        return self._names.setdefault(text, text)

    def _standing(self, key: tuple[Any, ...]) -> Standing:
        """The standing of a rating; one object for all that are alike."""
        if key not in self._standings:
            method = self._methods.get(key[0]) if key else None
            found = assess(method, dict(zip(CRITERIA, key[1:], strict=True))) if method else None
            rank = found.residual_level.rank if found else UNRATED
            self._standings[key] = Standing(found, rank, key)
        return self._standings[key]

    def _tally(self, rows: Sequence[tuple[Any, ...]]) -> Tally:
        if not rows:
            return _NOTHING
        actions = [_action(row) for row in rows]
        dues = [due.due_on for each in actions if (due := action_due(each, self._today))]
        tally = Tally(
            sum(is_finished(each) for each in actions),
            sum(each.state != ActionState.ABANDONED for each in actions),
            min((each for each in dues if each), default=None),
        )
        return self._same(tally)

    def _same(self, tally: Tally) -> Tally:
        return self._tallies.setdefault(tally, tally)

    # -- between processes -----------------------------------------------------------------

    def pack(self) -> list[bytes]:
        """All that it holds, in parts that are quickly taken in one after the other."""
        rows = [
            (each.id, each.unit, each.family, each.standing.key, each.tally, each.marks, each.text)
            for each in self._placed.values()
        ]
        parts = [rows[at : at + _PART] for at in range(0, len(rows), _PART)]
        return [pickle.dumps(each) for each in ((self._joined, self._methods), *parts)]

    def unpack(self, part: bytes, *, last: bool) -> None:
        """Take in a part of what another process read, in its order."""
        held = pickle.loads(part)  # noqa: S301  (made by this program, for this program)
        if isinstance(held, tuple):
            self._joined, self._methods = held
        else:
            for risk, unit, family, key, tally, marks, text in held:
                self._place(risk, unit, family, key, self._same(tally), marks, text)
        if last:
            self._left.clear()

    # -- what it tells ---------------------------------------------------------------------

    def get(self, risk: str) -> PlacedRisk | None:
        """What is kept of a risk."""
        return self._placed.get(self.lead_of(risk))

    @property
    def units(self) -> set[str]:
        """The ids of the work units that have risks."""
        return {unit for unit, held in self._by_unit.items() if any(held.values())}

    def counts(self, units: Iterable[str]) -> dict[int, int]:
        """How many risks of some work units have each residual rank."""
        found: dict[int, int] = {}
        for unit in units:
            for standing, risks in self._by_unit.get(unit, {}).items():
                if risks:
                    found[standing.rank] = found.get(standing.rank, 0) + len(risks)
        return found

    def select(self, units: Iterable[str] | None) -> list[PlacedRisk]:
        """The risks of some work units (of all for None), the worst residual first.

        Those rated alike stand together by unit, those not evaluated come last.
        """
        groups: dict[Standing, list[PlacedRisk]] = {}
        for unit in self._by_unit if units is None else units:
            for standing, risks in self._by_unit.get(unit, {}).items():
                groups.setdefault(standing, []).extend(risks)
        return [each for standing in sorted(groups, key=_worst_first) for each in groups[standing]]


def _age(rating: tuple[Any, ...]) -> tuple[str, str]:
    """What orders ratings: their date, then the moment in which they were entered."""
    return rating[2] or "", rating[0]


@dataclass(frozen=True, slots=True)
class _Action:
    """What the date of an action follows from."""

    state: ActionState
    due: date | None
    revised_due: date | None
    done_on: date | None


def _action(row: tuple[Any, ...]) -> _Action:
    return _Action(cast("ActionState", row[2]), _day(row[3]), _day(row[4]), _day(row[5]))


@cache
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _worst_first(standing: Standing) -> tuple[float, ...]:
    found = standing.assessment
    if found is None or found.residual is None:
        return (1, 0, 0)
    return (-found.residual_level.rank, -float(found.residual), -float(found.initial or 0))
