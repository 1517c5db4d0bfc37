"""How many risks stood at each residual level at some dates: from the history of the ratings.

At a date counts the rating that was the latest then; one without a date counts from the day on
which it was entered, until there is one with a date. A risk is there from its first rating or from
its entry, whichever is earlier, until the day on which it was deleted. It is counted where it
stands now, also for the time before it was moved; what is still to be evaluated now was never
evaluated here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from prevention_app.catalogue.document_versions import VersionState
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.domain.merging import DELETED
from prevention_app.domain.ratings import CRITERIA, RatingMethod, assess
from prevention_app.services import methods
from prevention_app.services.risk_index import UNRATED, PlacedRisk
from prevention_app.services.unit_variants import Variants
from prevention_app.storage.identity import made_on
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store

TODAY: Final = "Aujourd’hui"
_MOST_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """A day at which risks are counted, and what it is called."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """The risks at a moment."""

    moment: Moment
    ranks: Mapping[int, int]
    """Residual rank → how many; 0 for what was not rated then."""

    @property
    def total(self) -> int:
        """All that were there."""
        return sum(self.ranks.values())


@dataclass(slots=True)
class _Ranked:
    """The residual ranks that one risk had, one after the other."""

    days: list[date] = field(default_factory=list[date])
    """From when each of its ratings counts, the first one first."""
    ranks: list[int] = field(default_factory=list[int])
    """The residual rank that each of them gives."""

    def at(self, day: date) -> int:
        """The rank on a day."""
        at = bisect_right(self.days, day)
        return self.ranks[at - 1] if at else UNRATED


@dataclass(slots=True)
class _Past:
    """What became of one risk."""

    id: str
    family: str
    since: date
    until: date | None = None
    own: _Ranked = field(default_factory=_Ranked)
    local: dict[str, _Ranked] = field(default_factory=dict[str, _Ranked])
    """By variant of its unit type: the ratings that hold there alone."""

    def there(self, day: date) -> bool:
        """Whether it was there on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def rank_at(self, day: date, variant: str = "") -> int:
        """Its residual rank on a day, where it was entered or as a variant has it."""
        local = self.local.get(variant)
        return local.at(day) if local and local.days[0] <= day else self.own.at(day)


class RatingHistory:
    """All ratings that risks ever had, read once; then counted for any branch and any days."""

    def __init__(self, today: date, variants: Variants) -> None:
        """Nothing is known yet."""
        self._today = today
        self._variants = variants
        self._by_unit: dict[str, list[_Past]] = {}
        self._moments: list[Moment] = []

    @property
    def moments(self) -> Sequence[Moment]:
        """The ends of the years since the first rating, the closed versions, and today."""
        return self._moments

    def at(
        self, units: Iterable[str] | None, day: date, families: frozenset[str] = frozenset()
    ) -> dict[int, int]:
        """How many risks of some work units (of all for None) had each residual rank on a day.

        `families` keeps those of some families of hazards only. A risk of a unit type counts once,
        as the worst of its variants among the units has it.
        """
        types = self._variants.types
        chosen = {*self._by_unit, *types} if units is None else set(units)
        ranks: dict[str, int] = {}
        for unit in chosen:
            for past in self._by_unit.get(unit, ()):
                if past.there(day) and (not families or past.family in families):
                    ranks[past.id] = max(past.rank_at(day), ranks.get(past.id, UNRATED))
            for past in self._by_unit.get(types.get(unit, ""), ()):
                absent = unit in self._variants.absent.get(past.id, ())
                if not absent and past.there(day) and (not families or past.family in families):
                    ranks[past.id] = max(past.rank_at(day, unit), ranks.get(past.id, UNRATED))
        return dict(Counter(ranks.values()))

    def counts(
        self, units: Iterable[str] | None, families: frozenset[str] = frozenset()
    ) -> list[Count]:
        """The risks of some work units at each moment, the earliest first."""
        held = None if units is None else list(units)
        return [Count(each, self.at(held, each.day, families)) for each in self._moments]

    def put(self, unit: str, past: _Past) -> None:
        """Know one more risk."""
        self._by_unit.setdefault(unit, []).append(past)

    def choose_moments(self, versions: Iterable[Moment]) -> None:
        """Choose the days that are worth a count."""
        pasts = [past for each in self._by_unit.values() for past in each]
        first = min((past.own.days[0] for past in pasts if past.own.days), default=self._today)
        years = range(max(first.year, self._today.year - _MOST_YEARS), self._today.year)
        ends = [Moment(date(year, 12, 31), f"Fin {year}") for year in years]
        found = {each.day: each for each in (*ends, *versions) if each.day < self._today}
        self._moments = [found[day] for day in sorted(found)]
        self._moments.append(Moment(self._today, TODAY))


def history(
    store: Store,
    read: Reader,
    risks: Iterable[PlacedRisk],
    joined: Mapping[str, str],
    variants: Variants,
    owners: tuple[str, ...] = (),
) -> RatingHistory:
    """The history of risks, and of those of these owners that were deleted since.

    Args:
        store: the workspace.
        read: the state of the data to look at.
        risks: all that there are, where they were entered, as an index holds them.
        joined: a risk that was joined with another one → the one that counts for it.
        variants: which units have the risks of a unit type.
        owners: whose risks are looked at; all when empty.
    """
    today = store.today()
    made = RatingHistory(today, variants)
    ratings = _ratings(read, joined, today)
    ranks = _Ranks(methods.known(read))
    for placed in risks:
        rated = [each for each in ratings.get(placed.id, ()) if not each.deleted]
        entered = min(made_on(placed.id) or today, today)
        past = _Past(placed.id, placed.family, min([entered, *(each.day for each in rated)]))
        _count(past, rated, ranks, evaluated=bool(placed.standing.key))
        made.put(placed.unit, past)
    for risk, unit, family in _gone(read, owners):
        rated = ratings.get(risk, ())
        until = _deleted_on(store, risk)
        if rated and until:
            past = _Past(risk, family, rated[0].day, min(until, today))
            _count(past, rated, ranks, evaluated=True)
            made.put(unit, past)
    made.choose_moments(_versions(read, owners))
    return made


@dataclass(frozen=True, slots=True)
class _Rated:
    """A rating as it counts."""

    day: date
    """From when it counts."""
    age: tuple[str, str]
    """Its date, then the moment in which it was entered: of two, the later counts."""
    key: tuple[Any, ...]
    """Its method and figures."""
    deleted: bool
    variant: str
    """The variant of a unit type for which alone it holds; empty for the risk itself."""


def _ratings(read: Reader, joined: Mapping[str, str], today: date) -> dict[str, list[_Rated]]:
    """The ratings by risk, in the order in which they were there."""
    found: dict[str, list[_Rated]] = {}
    days: dict[str, date] = {}
    rows = read.walk(
        Query("rating", (Condition("work_unit", Op.EMPTY),), with_deleted=True),
        ("deleted", "same_as", "risk", "work_unit", "rated_on", "method", *CRITERIA),
    )
    for rating, deleted, same_as, risk, variant, rated_on, *key in rows:
        if same_as:
            continue
        if rated_on is None:
            day = min(made_on(rating) or today, today)
        else:
            day = days.get(rated_on) or days.setdefault(rated_on, date.fromisoformat(rated_on))
        rated = _Rated(day, (rated_on or "", rating), tuple(key), bool(deleted), variant or "")
        found.setdefault(joined.get(risk, risk), []).append(rated)
    for each in found.values():
        each.sort(key=lambda one: one.day)
    return found


class _Ranks:
    """The residual rank of each method with its figures, found once."""

    def __init__(self, known: Mapping[str, RatingMethod]) -> None:
        self._known = known
        self._found: dict[tuple[Any, ...], int] = {}

    def of(self, key: tuple[Any, ...]) -> int:
        """The rank that a rating gives; that of what is not rated for an unknown method."""
        if key not in self._found:
            method = self._known.get(key[0])
            found = assess(method, dict(zip(CRITERIA, key[1:], strict=True))) if method else None
            self._found[key] = found.residual_level.rank if found else UNRATED
        return self._found[key]


def _count(past: _Past, rated: Iterable[_Rated], ranks: _Ranks, *, evaluated: bool) -> None:
    """Write down from when each rating counted; of the risk itself, where it is evaluated."""
    ages: dict[str, tuple[str, str]] = {}
    for each in rated:
        if (evaluated or each.variant) and each.age > ages.get(each.variant, ("", "")):
            ages[each.variant] = each.age
            held = past.local.setdefault(each.variant, _Ranked()) if each.variant else past.own
            held.days.append(each.day)
            held.ranks.append(ranks.of(each.key))


def _gone(read: Reader, owners: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Risks that were evaluated and are deleted: id, work unit and family."""
    where = (Condition("evaluation", Op.IS, EvaluationState.EVALUATED),)
    rows = read.walk(
        Query("risk", where, owners=owners, with_deleted=True),
        ("deleted", "same_as", "work_unit", "hazard_family"),
    )
    return [
        (risk, unit or "", family or "")
        for risk, deleted, same_as, unit, family in rows
        if deleted and not same_as
    ]


def _deleted_on(store: Store, risk: str) -> date | None:
    """The day on which a risk was deleted, by the journal."""
    writes = [past for _, past in store.history(risk) if past.field == DELETED and past.new]
    return writes[-1].when.astimezone().date() if writes else None


def _versions(read: Reader, owners: tuple[str, ...]) -> list[Moment]:
    """The versions of the whole document that were closed, each at the day of its state."""
    where = (
        Condition("state", Op.ANY_OF, [VersionState.SEALED, VersionState.NOT_ADOPTED]),
        Condition("scope", Op.EMPTY),
    )
    rows = read.walk(Query("document_version", where, owners=owners), ("as_at", "name"))
    return [Moment(date.fromisoformat(as_at), name) for _, as_at, name in rows]
