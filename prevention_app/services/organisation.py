"""Where records belong in the employers' trees: the direction above each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.organisation import OrgUnit, Site, WorkUnit
from prevention_app.domain.trees import path_from_top
from prevention_app.services.lookup import Lookup
from prevention_app.services.org_units import Trees
from prevention_app.storage.query import Reader

SEVERAL = "Plusieurs directions"
"""Where no direction has more than half of the people of a place."""
NOWHERE = "Non rattaché"


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in an employer's tree."""

    department: str
    direction: str
    """Name of the topmost org unit, or SEVERAL, or NOWHERE."""
    direction_id: str = ""
    """Its id; empty for SEVERAL and NOWHERE."""
    path: tuple[str, ...] = ()
    """Names from the direction down to the service; of a site, the direction alone."""


class OrgPaths:
    """The direction of every org unit, work unit and site, and of what refers to them.

    A site has no org unit of its own: it belongs to the direction that has more than half of the
    people of the work units lying on it or on a part of it (half of the units, where no headcount
    is known); a site without work units belongs where the site does that it is a part of.
    """

    def __init__(self, read: Reader, organised_on: date | None = None) -> None:
        """Read the trees once; see `org_path`."""
        self.org_units = Lookup(read, OrgUnit)
        self.sites = Lookup(read, Site)
        self.work_units = Lookup(read, WorkUnit)
        self._organised_on = organised_on
        self.changes_since: Counter[str] = Counter()
        """Department → how many of its units changed since the day asked for."""
        if organised_on is not None:
            trees = Trees(self.org_units, self.sites, self.work_units)
            self.changes_since = trees.put_back(read, organised_on)
        self._unit_parents = _parents(self.org_units)
        self._site_parents = _parents(self.sites)
        self._org_branches = {each.id: self._branch_of_unit(each) for each in self.org_units.live()}
        self._site_branches = self._branches_of_sites()

    def org_unit(self, record_id: str | None, department: str = "") -> Branch:
        """The branch of an org unit; nowhere, in the department given, when there is none."""
        unit = self.org_units.get(record_id)
        return self._org_branches[unit.id] if unit else Branch(department, NOWHERE)

    def work_unit(self, record_id: str | None, department: str = "") -> Branch:
        """The branch of a work unit."""
        unit = self.work_units.get(record_id)
        if unit is None:
            return Branch(department, NOWHERE)
        if unit.org_unit is None and unit.site is not None:
            return self.site(unit.site, unit.owner)
        return self.org_unit(unit.org_unit, unit.owner)

    def site(self, record_id: str | None, department: str = "") -> Branch:
        """The branch of a site."""
        site = self.sites.get(record_id)
        return self._site_branches[site.id] if site else Branch(department, NOWHERE)

    def of(self, record: Record) -> Branch:
        """The branch of a record by its own org unit, else its work unit, else its site.

        Of an org unit that has ended the work unit knows better where it went.
        """
        own = self.org_unit(_held(record, "org_unit"), record.owner)
        branch = own
        if not own.direction_id or self._has_ended(_held(record, "org_unit")):
            branch = self.work_unit(_held(record, "work_unit"), record.owner)
        if not branch.direction_id:
            branch = own
        if not branch.direction_id:
            branch = self.site(_held(record, "site"), record.owner)
        return branch

    def _has_ended(self, record_id: str | None) -> bool:
        unit = self.org_units.get(record_id)
        if unit is None or unit.valid_until is None:
            return False
        return self._organised_on is None or unit.valid_until < self._organised_on

    def site_name(self, record_id: str | None) -> str:
        """The name of a site; empty when there is none."""
        site = self.sites.get(record_id)
        return site.name if site else ""

    def site_kind(self, record_id: str | None) -> str | None:
        """The kind of a site, or of the nearest site around it that has one."""
        site = self.sites.get(record_id)
        around = path_from_top(self._site_parents, site.id) if site else ()
        for each in reversed(around):
            above = self.sites.get(each)
            if above and above.kind:
                return above.kind
        return None

    def _branch_of_unit(self, unit: OrgUnit) -> Branch:
        path = path_from_top(self._unit_parents, unit.id)
        names = [above.name for each in path if (above := self.org_units.get(each))]
        return Branch(unit.owner, names[0], path[0], tuple(names))

    def _branches_of_sites(self) -> dict[str, Branch]:
        people = self._people_by_site()
        branches: dict[str, Branch] = {}
        for site in self.sites.live():
            around = reversed(path_from_top(self._site_parents, site.id))
            shares = next((people[each] for each in around if each in people), None)
            branches[site.id] = _leading(site.owner, shares)
        return branches

    def _people_by_site(self) -> dict[str, dict[Branch, tuple[int, int]]]:
        """For each site with work units on it or its parts: people and units by direction."""
        found: dict[str, dict[Branch, tuple[int, int]]] = {}
        for unit in self.work_units.live():
            site = self.sites.get(unit.site)
            branch = self.org_unit(unit.org_unit, unit.owner)
            if site is None or not branch.direction_id:
                continue
            direction = replace(branch, path=(branch.direction,))
            for each in path_from_top(self._site_parents, site.id):
                shares = found.setdefault(each, {})
                people, units = shares.get(direction, (0, 0))
                shares[direction] = (people + headcount(unit), units + 1)
        return found


def org_path(read: Reader, organised_on: date | None = None) -> OrgPaths:
    """The employers' trees with the direction above each of their members.

    As they stand, or as they stood on a day: what has no place there, having begun later, is found
    where it belongs now, or under the one unit that it continues.
    """
    return OrgPaths(read, organised_on)


def headcount(unit: WorkUnit) -> int:
    """How many people a work unit has, as entered in one figure or by sex; 0 when unknown."""
    if unit.headcount is not None:
        return unit.headcount
    return (unit.women or 0) + (unit.men or 0)


def _parents(lookup: Lookup[OrgUnit] | Lookup[Site]) -> dict[str, str | None]:
    parents: dict[str, str | None] = {}
    for each in lookup.live():
        parent = lookup.get(each.parent)
        parents[each.id] = parent.id if parent else None
    return parents


def _leading(department: str, shares: Mapping[Branch, tuple[int, int]] | None) -> Branch:
    if not shares:
        return Branch(department, NOWHERE)
    known = any(people for people, _ in shares.values())
    weights = {branch: share[0 if known else 1] for branch, share in shares.items()}
    branch, most = max(weights.items(), key=lambda each: each[1])
    if 2 * most > sum(weights.values()):
        return branch
    return Branch(department, SEVERAL)


def _held(record: Record, key: str) -> str | None:
    value = getattr(record, key, None)
    return str(value) if value else None
