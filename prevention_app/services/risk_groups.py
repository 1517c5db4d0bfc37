"""The tree beside the risks, grouped otherwise: by family of hazards, by site, by job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.services.branch_counts import branch_counts
from prevention_app.services.places import read_places
from prevention_app.services.risk_index import PlacedRisk, RiskIndex
from prevention_app.services.unit_tree import EVERYTHING, NodeKind, TreeNode, unit_tree
from prevention_app.storage.query import Query, Reader

NO_FAMILY, NO_SITE, NO_JOB = "Sans famille", "Sans site", "Sans métier"
_NONE: Final = "none"
_ALL: Final = "Tous les risques"


class Grouping(StrEnum):
    """What the branches of the tree are."""

    ORGANISATION = "organisation"
    FAMILY = "family"
    SITE = "site"
    JOB = "job"


def group_tree(
    read: Reader,
    grouping: Grouping,
    departments: Mapping[str, str],
    today: date,
    owners: tuple[str, ...] = (),
) -> TreeNode:
    """The tree of some departments (of all when empty), as `unit_tree` gives it or grouped."""
    if grouping is Grouping.ORGANISATION:
        return unit_tree(read, departments, today, owners)
    root = TreeNode(EVERYTHING, NodeKind.EVERYTHING, _ALL)
    _FILLED[grouping](read, root, owners)
    return root


def risks_of(node: TreeNode, index: RiskIndex) -> list[PlacedRisk]:
    """The risks of a branch, the worst residual first."""
    if node.kind is NodeKind.FAMILY and node.parent is not None:
        named = {each.key for each in node.parent.children}
        return [
            each
            for each in index.select(None)
            if (each.family if each.family in named else _NONE) == node.key
        ]
    return index.select(None if node.parent is None else dict.fromkeys(node.units))


def families_of(node: TreeNode) -> frozenset[str]:
    """The families whose risks a branch has alone; none where it has those of all."""
    if node.kind is not NodeKind.FAMILY:
        return frozenset()
    return frozenset({"" if node.key == _NONE else node.key})


def counts_of(
    root: TreeNode, index: RiskIndex, grouping: Grouping
) -> Mapping[str, Mapping[int, int]]:
    """Key of each node → residual rank → number of risks, as `risks_of` lists them."""
    if grouping is Grouping.ORGANISATION:
        return branch_counts(root, index)
    if grouping is Grouping.FAMILY:
        return _family_counts(root, index)
    return {
        node.key: Counter(each.standing.rank for each in risks_of(node, index))
        for node in root.walk()
    }


def _family_counts(root: TreeNode, index: RiskIndex) -> dict[str, Mapping[int, int]]:
    found: dict[str, Counter[int]] = {node.key: Counter() for node in root.walk()}
    for each in index.select(None):
        found[root.key][each.standing.rank] += 1
        key = each.family if each.family in found else _NONE
        found[key][each.standing.rank] += 1
    return {**found}


def _under(above: TreeNode, key: str, kind: NodeKind, name: str) -> TreeNode:
    node = TreeNode(key, kind, name, above)
    above.children.append(node)
    return node


def _fill_families(read: Reader, root: TreeNode, owners: tuple[str, ...]) -> None:  # noqa: ARG001
    rows = read.walk(Query("hazard_family"), ("rank", "name"))
    for key, _, name in sorted(rows, key=lambda row: (row[1] is None, row[1] or 0, row[2])):
        _under(root, key, NodeKind.FAMILY, name)
    _under(root, _NONE, NodeKind.FAMILY, NO_FAMILY)


def _fill_sites(read: Reader, root: TreeNode, owners: tuple[str, ...]) -> None:
    sites = read_places(read, "site", ("name", "parent"), ())
    units = read_places(read, "work_unit", ("name", "site"), owners)
    nodes = {key: TreeNode(key, NodeKind.SITE, row[1]) for key, row in sites.rows.items()}
    nowhere = TreeNode(_NONE, NodeKind.NOWHERE, NO_SITE)
    for key, (_, name, site) in units.rows.items():
        unit = _under(nodes.get(sites.lead(site) or "") or nowhere, key, NodeKind.WORK_UNIT, name)
        unit.own_units.append(key)
        unit.own_units += [each for each in units.joined if units.lead(each) == key]
    for key in [each for each, node in nodes.items() if node.children]:
        _hang(key, nodes, {each: sites.lead(row[2]) for each, row in sites.rows.items()}, root)
    for node in [*root.walk(), *nowhere.walk()]:
        node.children.sort(key=lambda each: (each.kind is NodeKind.WORK_UNIT, fold(each.name)))
    if nowhere.children:
        nowhere.parent = root
        root.children.append(nowhere)


def _hang(
    key: str, nodes: Mapping[str, TreeNode], parents: Mapping[str, str | None], root: TreeNode
) -> None:
    """Put a site, and all above it that it is part of, into the tree; a ring ends at the root."""
    node = nodes[key]
    if node.parent is not None:
        return
    node.parent = root
    above = parents.get(key)
    if above is not None and above in nodes and above != key:
        _hang(above, nodes, parents, root)
        if node not in nodes[above].path:
            node.parent = nodes[above]
    node.parent.children.append(node)


def _fill_jobs(read: Reader, root: TreeNode, owners: tuple[str, ...]) -> None:
    names = dict(read.walk(Query("job"), ("name",)))
    units = read_places(read, "work_unit", (), owners)
    held: dict[str, list[str]] = {}
    for _, unit, job in read.walk(Query("unit_job", owners=owners), ("work_unit", "job")):
        lead = units.lead(unit)
        if job in names and lead:
            held.setdefault(job, []).append(lead)
    for job in sorted(held, key=lambda each: fold(names[each])):
        _under(root, job, NodeKind.JOB, names[job]).own_units += dict.fromkeys(held[job])
    known = {unit for each in held.values() for unit in each}
    left = [unit for unit in units.rows if unit not in known]
    if left:
        _under(root, _NONE, NodeKind.JOB, NO_JOB).own_units += left


_FILLED: Final = {
    Grouping.FAMILY: _fill_families,
    Grouping.SITE: _fill_sites,
    Grouping.JOB: _fill_jobs,
}
