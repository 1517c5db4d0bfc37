"""The units of an organisation with what changed of them, and how they stood on a past day (P4).

A unit that ended is filed under what continues it, so that whatever names it is found there without
being written again; a past day is read by putting back, unit by unit, what the earliest change
after that day had found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from prevention_app.catalogue.reorganisation import OrgChangeKind

ORG_UNIT: Final = "org_unit"
WORK_UNIT: Final = "work_unit"
SITE: Final = "site"


@dataclass(frozen=True, slots=True)
class Unit:
    """An org unit, a work unit or a site."""

    id: str
    register: str
    name: str
    above: str = ""
    """The org unit that it is a part of; sites have none."""
    site: str = ""
    """Where a work unit lies; what a site is a part of."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is recorded of one unit: how it stood until the day before."""

    changed_on: date
    kind: OrgChangeKind
    before: Unit
    successor: str = ""


def as_of(units: Mapping[str, Unit], changes: Iterable[Change], day: date) -> dict[str, Unit]:
    """The units as they stood on a day: their names, what they belonged to, where they lay.

    What began later and continues one unit alone is found under that one; what continues several,
    or nothing, stays where it is.
    """
    found = dict(units)
    later = sorted(
        (each for each in changes if each.changed_on > day),
        key=lambda each: (each.changed_on, each.before.id),
    )
    seen: set[str] = set()
    for each in later:
        key = each.before.id
        if key in found and key not in seen:
            seen.add(key)
            found[key] = replace(
                found[key], name=each.before.name, above=each.before.above, site=each.before.site
            )
    for key, old in _continued_alone(later).items():
        unit = found.get(key)
        if unit is not None and unit.since is not None and unit.since > day and old in found:
            found[key] = replace(unit, above=old)
    return found


def _continued_alone(changes: Iterable[Change]) -> dict[str, str]:
    """Unit → the one that it continues, where it is only one."""
    before: dict[str, set[str]] = {}
    for each in changes:
        if each.successor:
            before.setdefault(each.successor, set()).add(each.before.id)
    return {key: next(iter(olds)) for key, olds in before.items() if len(olds) == 1}


def is_there(unit: Unit, day: date) -> bool:
    """Whether a unit exists on a day."""
    begun = unit.since is None or unit.since <= day
    return begun and (unit.until is None or unit.until >= day)


def below(units: Mapping[str, Unit], top: str) -> set[str]:
    """The ids of a unit and of all that hangs on it or, of a site, lies there."""
    held: dict[str, list[str]] = {}
    for each in units.values():
        for above in filter(None, (each.above, each.site)):
            held.setdefault(above, []).append(each.id)
    found, waiting = {top}, [top]
    while waiting:
        for key in held.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found
