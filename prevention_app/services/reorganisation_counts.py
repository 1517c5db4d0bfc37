"""What hangs on each unit and site: risks, open actions, people, credentials, what is due."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.domain.due_rules import is_departed, is_settled
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT
from prevention_app.services import overview
from prevention_app.services.lookup import Lookup
from prevention_app.storage.query import Query, Reader

_PLACES: Final = (WORK_UNIT, ORG_UNIT, SITE)
_VIA: Final = (
    WORK_UNIT,
    ORG_UNIT,
    "risk",
    "equipment",
    "inspection",
    "store_room",
    "person",
    SITE,
)
"""Fields by which a record belongs somewhere, the surest first."""
_FAR: Final = 4


class RecordPlaces:
    """The unit or site on which a record hangs, followed through its references."""

    def __init__(self, read: Reader, owners: tuple[str, ...]) -> None:
        """Nothing is read before it is asked for."""
        self._read = read
        self._owners = owners
        self._rows: dict[str, dict[str, tuple[Any, ...]]] = {}

    def of(self, register: str, record: str, far: int = 0) -> str:
        """The id of the place; empty where none is known."""
        targets = self._targets(register)
        if register not in self._rows:
            fields = [field for field, _ in targets]
            found = self._read.walk(Query(register, owners=self._owners), fields)
            self._rows[register] = {row[0]: row[1:] for row in found}
        for (_, target), value in zip(targets, self._rows[register].get(record, ()), strict=False):
            if value and target in _PLACES:
                return str(value)
            place = self.of(target, str(value), far + 1) if value and far < _FAR else ""
            if place:
                return place
        return ""

    def _targets(self, register: str) -> list[tuple[str, str]]:
        fields = self._read.catalogue[register].by_key
        return [
            (key, target)
            for key in _VIA
            if key in fields and (target := fields[key].target) is not None
        ]


def counts_by_place(
    read: Reader, owners: tuple[str, ...], today: date
) -> dict[str, dict[str, int]]:
    """Id of a unit or site → how many records of each sort hang on it itself."""
    places = RecordPlaces(read, owners)
    found: dict[str, Counter[str]] = {}

    def count(sort: str, register: str, record: str) -> None:
        place = places.of(register, record)
        if place:
            found.setdefault(place, Counter())[sort] += 1

    for (risk,) in read.walk(Query("risk", owners=owners), ()):
        count("risks", "risk", risk)
    for action in Lookup(read, PlannedAction).live(owners):
        if not is_settled(action):
            count("open_actions", "planned_action", action.id)
    here = _people_here(read, owners, today)
    for person in here:
        count("people", "person", person)
    for credential, person in read.walk(Query("credential", owners=owners), ("person",)):
        if person in here:
            count("credentials", "credential", credential)
    for item in overview.due_items(read, today, owners):
        count("due", item.register, item.record_id)
    return {place: dict(counts) for place, counts in found.items()}


def _people_here(read: Reader, owners: tuple[str, ...], today: date) -> set[str]:
    return {
        person
        for person, left_on in read.walk(Query("person", owners=owners), ("left_on",))
        if not is_departed(date.fromisoformat(left_on) if left_on else None, today)
    }
