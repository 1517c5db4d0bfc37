"""A new organisation chart compared with the organisation that is here: what changed, as a plan.

What has the same name at the same place is the same. Of the rest, a unit is known again by its
name elsewhere, by the work units that it holds, or by a name that resembles; what the file has more
is created, what it has no more is closed. Nothing is written: each operation comes with how sure it
is, for a person to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from prevention_app.catalogue.values import fold
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT, Unit, is_there
from prevention_app.domain.reorganisation import Act, Operation
from prevention_app.domain.trees import path_from_top
from prevention_app.errors import Refused, UnreadableFile
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding.places import text
from prevention_app.services.import_plan import ALL, ImportRequest
from prevention_app.services.imports import understand_file
from prevention_app.services.progress import Progress
from prevention_app.services.reorganisation import Situation
from prevention_app.storage.store import Store

SURE: Final = 0.9
LIKELY: Final = 0.7
_SAME_NAME: Final = 0.95
_RESEMBLING: Final = 0.8
"""From which likeness two names may be one thing's."""
_MOST: Final = 0.6
"""Which share of what a unit held must be in another one for this to continue it."""
_PART: Final = 0.2
_GUESSED: Final = 0.5
_SHORT: Final = 3
"""Words up to so many letters (« des », « les ») tell no two units apart."""
_DEPTH: Final = 2
"""A chart has directions and services; what lies deeper here is left alone."""

Names = tuple[str, ...]
"""Folded names from the direction down."""
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An operation that would bring the organisation to what a chart says."""

    operation: Operation
    confidence: float
    reason: str


@dataclass(slots=True)
class Chart:
    """What a file says of one department."""

    org_units: dict[Names, Names] = field(default_factory=dict[Names, Names])
    """Folded path → the names as they are written."""
    sites: dict[str, str] = field(default_factory=dict[str, str])
    """Folded name → the name as it is written."""
    units: list[ChartUnit] = field(default_factory=list["ChartUnit"])


@dataclass(frozen=True, slots=True)
class ChartUnit:
    """A work unit of a chart."""

    name: str
    above: Names
    site: str
    """Folded name of its site; empty where the chart tells none."""


def compare_chart(
    store: Store, held: Situation, file: Path, on: date, progress: Progress | None = None
) -> list[Proposal]:
    """The operations that lead from the organisation of a department to what a file says of it.

    Raises UnreadableFile where the file holds no organisation, Refused where it names none of this
    department.
    """
    request = ImportRequest("organisation", (file,), department=ALL)
    understood = understand_file(store, file, request, progress or Progress()).understanding
    if understood.refusal:
        raise UnreadableFile(f"« {file.name} » : {understood.refusal}")
    chart = chart_of(understood.rows, held.department, store.department)
    if not chart.org_units:
        raise Refused(
            f"« {file.name} » ne décrit aucune direction du département {held.department}."
        )
    return _Comparison(held, chart, on).proposals()


def chart_of(rows: Iterable[ImportedRow], department: str, own: str) -> Chart:
    """What the rows of a chart say of one department; rows that name none are of `own`."""
    chart = Chart()
    for row in rows:
        if row.refused or (text(row, "department") or own) != department:
            continue
        names = tuple(dict.fromkeys(filter(None, (text(row, "direction"), text(row, "service")))))
        for depth in range(1, len(names) + 1):
            chart.org_units.setdefault(_folded(names[:depth]), names[:depth])
        site = text(row, "site")
        if site:
            chart.sites.setdefault(_key(site), site)
        name = text(row, "work_unit")
        if name:
            chart.units.append(ChartUnit(name, _folded(names), _key(site)))
    return chart


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").split())


def _folded(names: Iterable[str]) -> Names:
    return tuple(map(_key, names))


def likeness(one: str, other: str) -> float:
    """How much two names resemble, 0 to 1, whatever the order of their words.

    Where each has long words that the other has not, these must resemble as well: « Collège Camus,
    entretien » is not « Collège Pagnol, entretien ».
    """
    from rapidfuzz import fuzz

    words, others = _key(one).split(), _key(other).split()
    alike = fuzz.token_sort_ratio(_key(one), _key(other)) / 100
    own = " ".join(each for each in words if each not in others and len(each) > _SHORT)
    theirs = " ".join(each for each in others if each not in words and len(each) > _SHORT)
    return min(alike, fuzz.token_sort_ratio(own, theirs) / 100) if own and theirs else alike


class _Comparison:
    """What is here and what the chart says, matched step by step."""

    def __init__(self, held: Situation, chart: Chart, on: date) -> None:
        self.held = held
        self.chart = chart
        self.here = {key: each for key, each in held.units.items() if is_there(each, on)}
        above = {key: each.above for key, each in self.here.items() if each.register == ORG_UNIT}
        self.branch = {key: path_from_top(above, key)[:_DEPTH] for key in above}
        """Org unit → the direction and the service that it is or lies in, by their ids."""
        self.path = {
            key: _folded(self.here[each].name for each in path) for key, path in self.branch.items()
        }
        shown = [key for key, path in self.branch.items() if path[-1] == key]
        self.org = sorted(shown, key=lambda key: (self.path[key], key))
        self.at: dict[str, Names] = {}
        """Org unit → where the chart has it or what continues it."""
        self.taken: dict[Names, str] = {}
        """Path in the chart → the org unit that stands for it: an id, or the mark of a new one."""
        self.sites: dict[str, str] = {}
        """Folded name of a site in the chart → its id or mark."""
        self.found: list[Proposal] = []

    def proposals(self) -> list[Proposal]:
        """All of them: sites and what is created first."""
        self._match_sites()
        self._match_org_units()
        self._match_work_units()
        self._close_org_units()
        order = list(Act)
        return sorted(self.found, key=lambda each: order.index(each.operation.act))

    def _propose(self, act: Act, unit: str, confidence: float, reason: str, **values: str) -> None:
        operation = Operation(act, unit, **values)
        self.found.append(Proposal(operation, round(confidence, 2), reason))

    # -- sites -------------------------------------------------------------------------------

    def _match_sites(self) -> None:
        here = {_key(each.name): key for key, each in self.here.items() if each.register == SITE}
        named = self.chart.sites
        self.sites = {name: here[name] for name in named if name in here}
        missing = {key: name for name, key in here.items() if name not in named}
        for name, written in named.items():
            if name in self.sites:
                continue
            key, alike = _nearest(written, {key: self.here[key].name for key in missing})
            if key is not None and alike >= _RESEMBLING:
                del missing[key]
                self.sites[name] = key
                self._propose(Act.RENAME, key, alike, "Nom voisin", name=written)
            else:
                self.sites[name] = mark = f"+site {name}"
                self._propose(
                    Act.CREATE, mark, _RESEMBLING, "Absent d’ici", name=written, register=SITE
                )
        on_site = Counter(each.site for each in self.here.values() if each.site)
        for key in missing:
            # Sites of which no unit is known come from other files than charts.
            if on_site[key]:
                self._propose(Act.CLOSE, key, _GUESSED, "Absent de l’organigramme")

    # -- directions and services -------------------------------------------------------------

    def _match_org_units(self) -> None:
        for depth in range(1, _DEPTH + 1):
            self._match_level(depth)

    def _match_level(self, depth: int) -> None:
        here = [key for key in self.org if len(self.branch[key]) == depth]
        there = [path for path in self.chart.org_units if len(path) == depth]
        for key in here:
            wanted = self._expected(key)
            if wanted in there and wanted not in self.taken:
                self._take(key, wanted)
        self._match_by_name(here, [path for path in self.chart.org_units if path not in self.taken])
        missing = [key for key in here if key not in self.at]
        continued = {key: self._continuations(key, depth) for key in missing}
        for key in sorted(missing, key=lambda key: -sum(continued[key].values())):
            self._continue(key, continued)
        for key in missing:
            if key not in self.at:
                self._match_by_likeness(key, there)
        for path in there:
            if path not in self.taken:
                self._create(path)

    def _expected(self, key: str) -> Names:
        """Where the chart has a unit if nothing but what is above it changed."""
        above = self.here[key].above
        return (*self.at.get(above, ()), _key(self.here[key].name)) if above else self.path[key]

    def _take(self, key: str, path: Names) -> None:
        self.at[key] = path
        self.taken.setdefault(path, key)

    def _match_by_name(self, here: list[str], free: list[Names]) -> None:
        """A unit of one name, there once and here once, has moved."""
        names = Counter(_key(self.here[key].name) for key in here if key not in self.at)
        for key in here:
            name = _key(self.here[key].name)
            found = [path for path in free if path[-1] == name and path not in self.taken]
            if key in self.at or names[name] != 1 or len(found) != 1:
                continue
            self._take(key, found[0])
            self._move(key, found[0], _SAME_NAME, "Même nom, ailleurs")

    def _move(self, key: str, path: Names, confidence: float, reason: str) -> None:
        self._propose(Act.MOVE, key, confidence, reason, to=self._unit_at(path[:-1]))

    def _unit_at(self, path: Names) -> str:
        """What stands for a path of the chart, made if it is new."""
        if path and path not in self.taken:
            self._create(path)
        return self.taken.get(path, "")

    def _create(self, path: Names) -> None:
        self.taken[path] = mark = "+" + "›".join(path)
        self._propose(
            Act.CREATE,
            mark,
            _RESEMBLING,
            "Absent d’ici",
            name=self.chart.org_units[path][-1],
            to=self._unit_at(path[:-1]),
        )

    def _continuations(self, key: str, depth: int) -> dict[Names, float]:
        """Where the chart has the work units of a unit, as shares of those that it knows."""
        names = {
            _key(each.name)
            for each in self.here.values()
            if each.register == WORK_UNIT and key in self.branch.get(each.above, ())
        }
        places = Counter(
            each.above[:depth]
            for each in self.chart.units
            if _key(each.name) in names and len(each.above) >= depth
        )
        total = sum(places.values())
        return {path: count / total for path, count in places.most_common()}

    def _continue(self, key: str, continued: Mapping[str, Mapping[Names, float]]) -> None:
        """What holds most of what a unit held continues it; several parts, if they are new."""
        shares = continued[key]
        if not shares:
            return
        (best, share), *_ = shares.items()
        parts = [each for each, part in shares.items() if part >= _PART and self._is_new(each)]
        if share >= _MOST:
            beside = [other for other, held in continued.items() if other != key and held]
            shared = [each for each in beside if next(iter(continued[each])) == best]
            self._hand_over(key, best, share, merged=bool(shared))
        elif len(parts) > 1:
            self.at[key] = parts[0]
            for part in parts:
                self._propose(
                    Act.SPLIT,
                    key,
                    share + _PART,
                    "Ses unités sont réparties",
                    to=self._unit_at(part),
                )

    def _is_new(self, path: Names) -> bool:
        return path not in self.taken or self.taken[path].startswith("+")

    def _hand_over(self, key: str, path: Names, share: float, *, merged: bool) -> None:
        reason = f"{share:.0%} de ses unités y sont".replace("%", " %")
        alike = likeness(self.here[key].name, self.chart.org_units[path][-1])
        if merged or not self._is_new(path):
            self.at[key] = path
            self._propose(Act.MERGE, key, share, reason, to=self._unit_at(path))
            return
        if path not in self.taken:
            self._take(key, path)
            if self.path[key][:-1] != path[:-1] and self._expected(key)[:-1] != path[:-1]:
                self._move(key, path, share, reason)
            self._rename(key, path, max(share, alike), reason)
        else:
            self.at[key] = path
            self._propose(Act.MERGE, key, share, reason, to=self.taken[path])

    def _rename(self, key: str, path: Names, confidence: float, reason: str) -> None:
        written = self.chart.org_units[path][-1]
        if _key(self.here[key].name) != path[-1]:
            self._propose(Act.RENAME, key, confidence, reason, name=written)

    def _match_by_likeness(self, key: str, there: list[Names]) -> None:
        above = self._expected(key)[:-1]
        free = {path: self.chart.org_units[path][-1] for path in there if path not in self.taken}
        path, alike = _nearest(
            self.here[key].name, {each: name for each, name in free.items() if each[:-1] == above}
        )
        if path is not None and alike >= _RESEMBLING:
            self._take(key, path)
            self._rename(key, path, alike, "Nom voisin")

    def _close_org_units(self) -> None:
        for key in self.org:
            if key not in self.at:
                self._propose(Act.CLOSE, key, _GUESSED, "Absent de l’organigramme")

    # -- work units --------------------------------------------------------------------------

    def _match_work_units(self) -> None:
        here = {key: each for key, each in self.here.items() if each.register == WORK_UNIT}
        free = list(self.chart.units)
        for alike in (self._is_there, self._is_at_site, self._is_below, self._is_named):
            for key, unit in list(here.items()):
                found = [each for each in free if alike(unit, each)]
                same = [each for each in here.values() if _key(each.name) == _key(unit.name)]
                if found and (alike is not self._is_named or len(found) == len(same) == 1):
                    del here[key]
                    free.remove(found[0])
                    self._compare(unit, found[0])
        for unit in list(here.values()):
            beside = {
                at: each.name for at, each in enumerate(free) if each.above == self._place(unit)
            }
            at, alike_by = _nearest(unit.name, beside)
            if at is not None and alike_by >= _RESEMBLING:
                del here[unit.id]
                each = free.pop(at)
                self._propose(Act.RENAME, unit.id, alike_by, "Nom voisin", name=each.name)
                self._compare(unit, each)
        for unit in here.values():
            self._propose(Act.CLOSE, unit.id, _GUESSED, "Absente de l’organigramme")
        for each in free:
            self._propose(
                Act.CREATE,
                f"+unit {len(self.found)}",
                _RESEMBLING,
                "Absente d’ici",
                name=each.name,
                register=WORK_UNIT,
                to=self._unit_at(each.above),
                site=self.sites.get(each.site, ""),
            )

    def _place(self, unit: Unit) -> Names:
        """Where the chart has a work unit if it only follows what it is part of."""
        branch = self.branch.get(unit.above, ())
        return self.at.get(branch[-1], ()) if branch else ()

    def _site_name(self, unit: Unit) -> str:
        return next((name for name, key in self.sites.items() if key == unit.site), "")

    def _is_there(self, unit: Unit, each: ChartUnit) -> bool:
        return self._is_below(unit, each) and each.site == self._site_name(unit)

    def _is_at_site(self, unit: Unit, each: ChartUnit) -> bool:
        named = _key(unit.name) == _key(each.name)
        return named and bool(each.site) and each.site == self._site_name(unit)

    def _is_below(self, unit: Unit, each: ChartUnit) -> bool:
        return _key(unit.name) == _key(each.name) and each.above == self._place(unit)

    def _is_named(self, unit: Unit, each: ChartUnit) -> bool:
        return _key(unit.name) == _key(each.name)

    def _compare(self, unit: Unit, each: ChartUnit) -> None:
        """A unit that is known again may have gone elsewhere."""
        if each.above and each.above != self._place(unit):
            self._propose(
                Act.MOVE, unit.id, _SAME_NAME, "Même nom, ailleurs", to=self._unit_at(each.above)
            )
        if each.site and each.site != self._site_name(unit):
            self._propose(Act.MOVE, unit.id, SURE, "Autre site", to=self.sites.get(each.site, ""))


def _nearest(name: str, others: Mapping[K, str]) -> tuple[K | None, float]:
    """The key of the name that resembles most, and how much."""
    best: tuple[K | None, float] = None, 0.0
    for key, other in others.items():
        alike = likeness(name, other)
        if alike > best[1]:
            best = key, alike
    return best
