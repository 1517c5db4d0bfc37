"""The organisation as plain units, and what changed of it: read from the registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.organisation import OrgUnit, Site, WorkUnit
from prevention_app.catalogue.reorganisation import OrgChange, OrgChangeKind
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT, Change, Unit, as_of
from prevention_app.services.lookup import Lookup
from prevention_app.storage.query import Reader

FIELDS: Mapping[str, tuple[str, str]] = {
    ORG_UNIT: ("parent", ""),
    WORK_UNIT: ("org_unit", "site"),
    SITE: ("", "parent"),
}
"""Register → the fields that hold the org unit above, and the site that it lies on or in."""


class Trees:
    """The records of the three registers, each found by its id or that of its double."""

    def __init__(
        self, org_units: Lookup[OrgUnit], sites: Lookup[Site], work_units: Lookup[WorkUnit]
    ) -> None:
        """Look at records that were read already."""
        self.of: Mapping[str, Lookup[Any]] = {
            ORG_UNIT: org_units,
            SITE: sites,
            WORK_UNIT: work_units,
        }

    def records(self, owners: tuple[str, ...] = ()) -> dict[str, Record]:
        """The records that count, by their id."""
        return {each.id: each for held in self.of.values() for each in held.live(owners)}

    def units(self, owners: tuple[str, ...] = ()) -> dict[str, Unit]:
        """The same as plain units."""
        return {
            each.id: self._unit(register, each)
            for register, held in self.of.items()
            for each in held.live(owners)
        }

    def _unit(self, register: str, record: Any) -> Unit:
        above, site = FIELDS[register]
        return Unit(
            record.id,
            register,
            record.name,
            self._lead(ORG_UNIT, getattr(record, above)) if above else "",
            self._lead(SITE, getattr(record, site)) if site else "",
            record.valid_from,
            record.valid_until,
        )

    def _lead(self, register: str, key: str | None) -> str:
        found = self.of[register].get(key)
        return found.id if found else ""

    def change(self, held: OrgChange) -> Change | None:
        """What a record of a change says; None where what changed is gone."""
        for register, key in (
            (ORG_UNIT, held.org_unit),
            (WORK_UNIT, held.work_unit),
            (SITE, held.site),
        ):
            unit = self.of[register].get(key)
            if unit is not None:
                before = Unit(
                    unit.id,
                    register,
                    held.name_before or unit.name,
                    self._lead(ORG_UNIT, held.under_before),
                    self._lead(SITE, held.site_before),
                )
                successor = self._lead(ORG_UNIT, held.successor)
                return Change(held.changed_on, OrgChangeKind(held.kind), before, successor)
        return None

    def put_back(self, read: Reader, day: date) -> Counter[str]:
        """Let the records stand as they did on a day; returns how many changed since, by owner."""
        units = self.units()
        changes = self.changes(Lookup(read, OrgChange).live())
        past = as_of(units, changes, day)
        records = self.records()
        for key, unit in past.items():
            if unit == units[key]:
                continue
            above, site = FIELDS[unit.register]
            record: Any = records[key]
            record.name = unit.name
            for field, value in ((above, unit.above), (site, unit.site)):
                if field:
                    setattr(record, field, value or None)
        since = {each.before.id for each in changes if each.changed_on > day}
        return Counter(records[key].owner for key in since if key in records)

    def changes(self, held: Iterable[OrgChange]) -> list[Change]:
        """What the records of changes say."""
        return [each for each in map(self.change, held) if each is not None]


def read_trees(read: Reader) -> Trees:
    """The three registers, read now."""
    return Trees(Lookup(read, OrgUnit), Lookup(read, Site), Lookup(read, WorkUnit))
