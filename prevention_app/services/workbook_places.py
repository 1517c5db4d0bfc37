"""What departments and directions are called in the workbook: one name for one thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.organisation import Department
from prevention_app.domain.facts import Direction
from prevention_app.domain.suppression import hidden_places
from prevention_app.services.organisation import Branch, OrgPaths

GROUPED = "Directions regroupées (moins de 5)"
SHARED = "Commun"
_LONGEST = 200
"""Of a name that formulas compare: Excel compares at most 255 characters."""


class PlaceNames:
    """Names by which the formulas of the workbook pick out departments and directions."""

    def __init__(self, paths: OrgPaths, departments: Sequence[Department]) -> None:
        """Give directions that share a name in one department a number each."""
        self._paths = paths
        self._departments = {each.number: f"{each.name} ({each.number})" for each in departments}
        self._directions = _distinct(
            branch
            for unit in paths.org_units.live()
            if (branch := paths.org_unit(unit.id)).direction_id
        )

    def department(self, number: str) -> str:
        """« Loiret (45) »; « Commun » for what belongs to all."""
        return self._departments.get(number, SHARED)

    def direction(self, direction: Direction) -> str:
        """The name of a direction."""
        return self._directions.get(direction.id, direction.name[:_LONGEST])

    def of(self, record: Record, other: Record | None = None) -> str:
        """The name of the direction of a record, else of another that it is about."""
        branch = self._paths.of(record)
        if not branch.direction_id and other is not None:
            branch = self._paths.of(other)
        return self.direction(Direction(branch.department, branch.direction, branch.direction_id))


def _distinct(branches: Iterable[Branch]) -> dict[str, str]:
    names: dict[str, str] = {}
    used: Counter[tuple[str, str]] = Counter()
    for each in branches:
        department, name, key = each.department, each.direction, each.direction_id
        if key in names:
            continue
        used[department, name.casefold()] += 1
        again = used[department, name.casefold()]
        names[key] = name[:_LONGEST] + (f" ({again})" if again > 1 else "")
    return names


def few_grouped(places: Sequence[tuple[str, str, str]]) -> Mapping[tuple[str, str], str]:
    """What the directions are called in a list of persons' things: the small ones together (P7).

    Args:
        places: department, direction and person of each line.

    Returns:
        (department, direction) → name.
    """
    people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for department, direction, person in places:
        people[department, direction].add(person)
    names: dict[tuple[str, str], str] = {}
    for department in {each[0] for each in people}:
        own = [each for each in people if each[0] == department]
        hidden = hidden_places([len(people[each]) for each in own])
        for place, each in enumerate(own):
            names[each] = GROUPED if place in hidden else each[1]
    return names
