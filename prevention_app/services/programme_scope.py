"""Of whom a yearly programme speaks: departments, or one direction, service, site or work unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.organisation import OrgUnit, Site
from prevention_app.domain.trees import path_from_top
from prevention_app.errors import Refused
from prevention_app.services.lookup import Lookup
from prevention_app.services.organisation import OrgPaths
from prevention_app.storage.query import Reader

ORG_UNIT, SITE, WORK_UNIT = "org_unit", "site", "work_unit"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose programme is wanted; nothing named means all departments."""

    owners: tuple[str, ...] = ()
    register: str = ""
    """Of the unit: org_unit, site or work_unit; empty for whole departments."""
    unit: str = ""
    """Its id."""
    name: str = ""


def scope_of(read: Reader, owners: tuple[str, ...] = (), reference: str = "") -> Scope:
    """The scope that somebody names by a reference.

    Raises:
        NotFound: nothing bears the reference.
        Refused: it names something that is no direction, service, site or work unit.
    """
    if not reference:
        return Scope(owners)
    entity, record = read.find(reference)
    if entity.key not in (ORG_UNIT, SITE, WORK_UNIT):
        raise Refused(
            f"{reference} est une fiche de « {entity.label_fr} » : donnez la référence d’une "
            "direction, d’un service, d’un site ou d’une unité de travail."
        )
    return Scope((record.owner,), entity.key, record.id, str(getattr(record, "name", "")))


class ScopeTest:
    """Whether records belong to a scope."""

    def __init__(self, scope: Scope, paths: OrgPaths) -> None:
        """Read once which units and sites lie within it."""
        self._scope = scope
        self._paths = paths
        self._org_units = self._below(ORG_UNIT, paths.org_units)
        self._sites = self._below(SITE, paths.sites)

    def _below(self, register: str, lookup: Lookup[OrgUnit] | Lookup[Site]) -> frozenset[str]:
        if self._scope.register != register:
            return frozenset()
        parents: dict[str, str | None] = {}
        for each in lookup.live():
            above = lookup.get(each.parent)
            parents[each.id] = above.id if above else None
        wanted = self._scope.unit
        return frozenset(each for each in parents if wanted in path_from_top(parents, each))

    @property
    def org_units(self) -> frozenset[str]:
        """The ids of the directions and services within; empty for whole departments and sites."""
        return self._org_units

    def holds_unit(self, work_unit: str | None) -> bool:
        """Whether a work unit lies within."""
        if not self._scope.register:
            return True
        unit = self._paths.work_units.get(work_unit)
        if unit is None:
            return False
        if self._scope.register == WORK_UNIT:
            return unit.id == self._scope.unit
        if self._scope.register == SITE:
            site = self._paths.sites.get(unit.site)
            return site is not None and site.id in self._sites
        org_unit = self._paths.org_units.get(unit.org_unit)
        if org_unit is None:
            return self._paths.work_unit(unit.id).direction_id in self._org_units
        return org_unit.id in self._org_units

    def holds(self, record: Record, other: Record | None) -> bool:
        """Whether a record lies within by its work unit, else by that of another one."""
        unit = _work_unit(record) or (_work_unit(other) if other else None)
        return self.holds_unit(unit)


def _work_unit(record: Record) -> str | None:
    held: Mapping[str, object] = vars(record)
    unit = held.get("work_unit")
    return str(unit) if unit else None
