"""The employers' tree as one looks at risks: departments, directions, services, work units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from prevention_app.catalogue.values import fold
from prevention_app.domain.trees import path_from_top
from prevention_app.services.organisation import NOWHERE
from prevention_app.services.places import Places, read_places
from prevention_app.storage.query import Reader

EVERYTHING = "everything"
"""The key of the node above all others."""


class NodeKind(StrEnum):
    """What a node of the tree is."""

    EVERYTHING = "everything"
    DEPARTMENT = "department"
    ORG_UNIT = "org_unit"
    WORK_UNIT = "work_unit"
    NOWHERE = "nowhere"
    FAMILY = "family"
    SITE = "site"
    JOB = "job"


@dataclass(slots=True, eq=False)
class TreeNode:
    """A branch of the tree, or a work unit."""

    key: str
    """The id of its record, a department's number, or a name of its own."""
    kind: NodeKind
    name: str
    parent: TreeNode | None = None
    children: list[TreeNode] = field(default_factory=list)
    own_units: list[str] = field(default_factory=list)
    """Ids of the work unit that it is, and of those joined with it."""
    ended: bool = False
    """Closed by now."""

    def walk(self) -> Iterator[TreeNode]:
        """Itself and all that is below, from above."""
        yield self
        for each in self.children:
            yield from each.walk()

    @property
    def units(self) -> list[str]:
        """The ids of all work units in it."""
        return [unit for each in self.walk() for unit in each.own_units]

    @property
    def path(self) -> list[TreeNode]:
        """From the topmost node down to itself."""
        above = self.parent.path if self.parent else []
        return [*above, self]


def unit_tree(
    read: Reader, departments: Mapping[str, str], today: date, owners: tuple[str, ...] = ()
) -> TreeNode:
    """The tree of some departments (of all when empty).

    Args:
        read: the state of the data to look at.
        departments: number → name of each; what others own is not shown.
        today: the day on which units are still open or not.
        owners: whose units are wanted; where it is one department, its directions stand at the top.
    """
    org_units = read_places(read, "org_unit", ("name", "parent", "valid_until"), owners)
    work_units = read_places(read, "work_unit", ("name", "org_unit", "valid_until"), owners)
    wanted = [each for each in departments if not owners or each in owners]
    title = "Tout le département" if len(wanted) == 1 else "Tous les départements"
    root = TreeNode(EVERYTHING, NodeKind.EVERYTHING, title)
    tops = dict.fromkeys(wanted, root)
    if len(wanted) > 1:
        tops = {
            each: _under(root, TreeNode(each, NodeKind.DEPARTMENT, departments[each]))
            for each in wanted
        }
    nodes = _add_org_units(org_units, tops, today)
    _add_work_units(work_units, org_units, nodes, tops, today)
    for each in root.walk():
        each.children.sort(key=_order)
    return root


def add_unplaced(root: TreeNode, units: Iterable[str]) -> None:
    """Put units that risks name and that no longer are in the tree under « Non rattaché »."""
    missing = sorted(set(units) - set(root.units))
    if missing:
        _nowhere(root).own_units += missing


def _add_org_units(
    places: Places, tops: Mapping[str, TreeNode], today: date
) -> dict[str, TreeNode]:
    parents = {key: places.lead(row[2]) for key, row in places.rows.items()}
    nodes = {
        key: TreeNode(key, NodeKind.ORG_UNIT, row[1], ended=_ended(row[3], today))
        for key, row in places.rows.items()
        if row[0] in tops
    }
    for key, node in nodes.items():
        path = path_from_top(parents, key)
        above = nodes.get(path[-2]) if len(path) > 1 else None
        _under(above or tops[places.rows[key][0]], node)
    return nodes


def _add_work_units(
    places: Places,
    org_units: Places,
    nodes: Mapping[str, TreeNode],
    tops: Mapping[str, TreeNode],
    today: date,
) -> None:
    made: dict[str, TreeNode] = {}
    for key, (owner, name, org_unit, until) in places.rows.items():
        if owner in tops:
            node = TreeNode(key, NodeKind.WORK_UNIT, name, ended=_ended(until, today))
            node.own_units.append(key)
            above = nodes.get(org_units.lead(org_unit) or "")
            made[key] = _under(above or _nowhere(tops[owner]), node)
    for key in places.joined:
        lead = places.lead(key)
        if lead in made and lead != key:
            made[lead].own_units.append(key)


def _under(above: TreeNode, node: TreeNode) -> TreeNode:
    node.parent = above
    above.children.append(node)
    return node


def _nowhere(top: TreeNode) -> TreeNode:
    key = f"{NodeKind.NOWHERE}-{top.key}"
    held = next((each for each in top.children if each.key == key), None)
    return held or _under(top, TreeNode(key, NodeKind.NOWHERE, NOWHERE))


def _ended(until: str | None, today: date) -> bool:
    return bool(until) and str(until) < today.isoformat()


def _order(node: TreeNode) -> tuple[bool, bool, str]:
    """Branches before the units of the same branch; what belongs to none comes last."""
    return node.kind is NodeKind.NOWHERE, node.kind is NodeKind.WORK_UNIT, fold(node.name)
