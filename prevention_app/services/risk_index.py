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
from prevention_app.catalogue.vocabulary import ActionState, EvaluationState
from prevention_app.domain.due_rules import action_due, is_finished
from prevention_app.domain.ratings import CRITERIA, Assessment, RatingMethod, assess
from prevention_app.services import methods
from prevention_app.services.risk_children import READ_FIRST, Children
from prevention_app.services.risk_notes import LAST_RESORTS
from prevention_app.services.unit_variants import Variants, types_of
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
COMMON: Final = 32
"""Of the unit type: seen at one of its variants, which has it without a copy (P4)."""
DIFFERENT: Final = 64
"""Of the unit type, and rated otherwise at the variant where it is seen."""
UNDATED: Final = 128
"""Its rating does not say of when it is."""
HINTED: Final = 256
"""To be evaluated, with a rating from elsewhere as a hint (P6)."""
_PART: Final = 500
UNRATED: Final = 0
"""The rank of what is not rated, or is still to be evaluated."""

_EVALUATED: Final = (EvaluationState.EVALUATED,)
RISK_FIELDS: Final = (
    "deleted", "same_as", "work_unit", "hazard_family", "situation", "evaluation", "cmr", "factor",
    "hint",
)  # fmt: skip


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

    def worse_than(self, other: PlacedRisk) -> bool:
        """Whether it stands before another one in the order of a list."""
        return _worst_first(self.standing) < _worst_first(other.standing)


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
    ratings: int = 0
    """Marks of which one at least holds."""

    def among(self, risks: list[PlacedRisk]) -> list[PlacedRisk]:
        """Those of a list that are wanted, in its order."""
        if self.families:
            risks = [each for each in risks if each.family in self.families]
        if self.ranks:
            risks = [each for each in risks if each.standing.rank in self.ranks]
        if self.measures:
            risks = [each for each in risks if each.marks & self.measures]
        if self.ratings:
            risks = [each for each in risks if each.marks & self.ratings]
        if self.exposures:
            risks = [each for each in risks if each.marks & self.exposures]
        for word in fold(self.words).split():
            risks = [each for each in risks if word in each.text]
        return risks


class RiskIndex:
    """All risks of some departments, in memory; `read_on` until it is complete.

    Ratings, actions and measures are gone through before the risks, each register once from one
    end to the other: looking up those of each risk would take five times as long.
    """

    def __init__(self, owners: tuple[str, ...], today: date) -> None:
        """Know nothing yet; no owners means all departments."""
        self._owners = owners
        self._today = today
        self._left = [*READ_FIRST, "risk"]
        self._last = ""
        self._placed: dict[str, PlacedRisk] = {}
        self._by_unit: dict[str, dict[Standing, list[PlacedRisk]]] = {}
        self._joined: dict[str, str] = {}
        self._variants: Variants = Variants()
        self._methods: Mapping[str, RatingMethod] = {}
        self._standings: dict[tuple[Any, ...], Standing] = {}
        self._tallies: dict[Tally, Tally] = {}
        self._names: dict[str, str] = {}
        self._children = Children()

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
            self._variants.types = types_of(read)
        if register == "risk":
            query = Query("risk", owners=self._owners, with_deleted=True)
            rows = read.walk(query, RISK_FIELDS, self._last, number)
            for row in rows:
                if row[2] and not row[1]:
                    self._joined[row[0]] = row[2]
                elif not row[1]:
                    self._put(row)
        else:
            rows = read.walk(Query(register), READ_FIRST[register], self._last, number)
            self._children.take(register, rows)
        if len(rows) == number:
            self._last = rows[-1][0]
            return
        self._last = ""
        del self._left[0]
        if self.complete:
            self._children = Children()
            # A risk that others were joined with is read again, with what belongs to them.
            self.renew(read, {self.lead_of(each) for each in self._joined})

    def renew(self, read: Reader, ids: Iterable[str]) -> None:
        """Read again risks that were written; those that are gone are forgotten."""
        touched = set(ids)
        if not self.complete:
            return
        self._variants.types = types_of(read)
        if not touched:
            return
        self._methods = methods.known(read)
        leads = {self.lead_of(each) for each in touched}
        self._follow(read, touched)
        leads = {self.lead_of(each) for each in leads | touched}
        belonging = {each: lead for lead in leads for each in (lead, *self.joined_with(lead))}
        about = (Condition("risk", Op.ANY_OF, list(belonging)),)
        for register, fields in READ_FIRST.items():
            found = read.walk(Query(register, about), fields)
            self._children.take(register, [(row[0], belonging[row[1]], *row[2:]) for row in found])
        for each in leads:
            self._forget(each)
        for row in read.walk(Query("risk", owners=self._owners, ids=tuple(leads)), RISK_FIELDS):
            self._put(row)
        self._children = Children()

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
        risk, _, _, unit, family, situation, evaluation, cmr, factor, hint = row
        tally = self._tally(children.actions.get(risk, ()))
        late = tally.next_due is not None and tally.next_due < self._today
        kinds = children.measures.get(risk)
        ratings = children.ratings.get(risk, {})
        rating = ratings.get("")
        key = rating[4:] if rating and evaluation in _EVALUATED else ()
        local = {unit: each[4:] for unit, each in ratings.items() if unit}
        self._variants.know(risk, local, children.absent.get(risk, ()))
        marks = (
            LATE * late
            + NO_ACTION * (not tally.planned)
            + LAST_RESORT * (kinds is not None and kinds.issubset(LAST_RESORTS))
            + CMR * bool(cmr)
            + HARDSHIP * bool(factor)
            + UNDATED * bool(key and rating and not rating[3])
            + HINTED * bool(not key and (rating or hint))
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
        self._variants.forget(risk)
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
        first = (self._joined, self._methods, self._variants)
        return [pickle.dumps(each) for each in (first, *parts)]

    def unpack(self, part: bytes, *, last: bool) -> None:
        """Take in a part of what another process read, in its order."""
        held = pickle.loads(part)  # noqa: S301  (made by this program, for this program)
        if isinstance(held, tuple):
            self._joined, self._methods, self._variants = held
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
        """How many risks of some work units' own have each residual rank."""
        found: dict[int, int] = {}
        for unit in units:
            for standing, risks in self._by_unit.get(unit, {}).items():
                if risks:
                    found[standing.rank] = found.get(standing.rank, 0) + len(risks)
        return found

    @property
    def placed(self) -> list[PlacedRisk]:
        """All risks, each where it was entered."""
        return list(self._placed.values())

    @property
    def leads(self) -> dict[str, str]:
        """A risk that was joined with another one → the one that counts for it."""
        return {each: self.lead_of(each) for each in self._joined}

    @property
    def variants(self) -> Variants:
        """What the variants of unit types make of the risks that they have in common."""
        return self._variants

    @property
    def has_variants(self) -> bool:
        """Whether any work unit is the variant of a unit type."""
        return bool(self._variants.types)

    def in_common(self, units: Iterable[str]) -> dict[str, PlacedRisk]:
        """The risks that these units have from their unit type, the worst of each, by their ids."""
        found: dict[str, PlacedRisk] = {}
        for unit in units:
            type_unit = self._variants.types.get(unit)
            if type_unit is None or type_unit == unit:
                continue
            for risks in self._by_unit.get(type_unit, {}).values():
                for each in risks:
                    seen = self._as_seen(each, unit)
                    held = found.get(each.id)
                    if seen and (held is None or seen.worse_than(held)):
                        found[each.id] = seen
        return found

    def _as_seen(self, risk: PlacedRisk, unit: str) -> PlacedRisk | None:
        """A risk of a unit type as one of its variants has it; None where it has not."""
        if unit in self._variants.absent.get(risk.id, ()):
            return None
        key = self._variants.local.get(risk.id, {}).get(unit)
        standing = risk.standing if key is None else self._standing(key)
        marks = risk.marks | COMMON | (0 if key is None else DIFFERENT)
        return PlacedRisk(risk.id, unit, risk.family, standing, risk.tally, marks, risk.text)

    def select(self, units: Iterable[str] | None) -> list[PlacedRisk]:
        """The risks of some work units (of all for None), the worst residual first.

        Those rated alike stand together by unit, those not evaluated come last. A risk of a unit
        type stands there once, whatever the number of its variants among the units, as the worst
        of them has it.
        """
        chosen = list(self._by_unit) if units is None else list(units)
        if units is None:
            chosen += [each for each in self._variants.types if each not in self._by_unit]
        common = self.in_common(chosen) if self.has_variants else {}
        own = set(chosen) if common else set[str]()
        for risk in list(common):
            placed = self._placed[risk]
            if placed.unit in own and not common[risk].worse_than(placed):
                del common[risk]
        groups: dict[Standing, list[PlacedRisk]] = {}
        for unit in chosen:
            for standing, risks in self._by_unit.get(unit, {}).items():
                kept = [each for each in risks if each.id not in common] if common else risks
                groups.setdefault(standing, []).extend(kept)
        for each in common.values():
            groups.setdefault(each.standing, []).append(each)
        return [each for standing in sorted(groups, key=_worst_first) for each in groups[standing]]


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
