"""How many risks each branch of the tree of units has of each residual level.

A risk of a unit type counts once in a branch, whatever the number of its variants there; where the
unit type itself is elsewhere, its variants bring the risk into their branch all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from prevention_app.services.risk_index import PlacedRisk, RiskIndex
from prevention_app.services.unit_tree import TreeNode


def branch_counts(root: TreeNode, index: RiskIndex) -> dict[str, Mapping[int, int]]:
    """Key of each node → residual rank → number of risks, as `RiskIndex.select` lists them."""
    found: dict[str, Mapping[int, int]] = {}
    _count(root, index, found)
    return found


@dataclass(slots=True)
class _Branch:
    """What a node and all below it have."""

    ranks: dict[int, int] = field(default_factory=dict[int, int])
    """The risks of its own units."""
    common: dict[str, PlacedRisk] = field(default_factory=dict[str, PlacedRisk])
    """The risks that its variants have from their unit types, the worst of each."""
    units: set[str] = field(default_factory=set[str])
    """Its units; left empty where nothing is held in common."""

    def add(self, other: _Branch) -> None:
        """Take in a branch below."""
        for rank, number in other.ranks.items():
            self.ranks[rank] = self.ranks.get(rank, 0) + number
        self.units |= other.units
        for key, risk in other.common.items():
            held = self.common.get(key)
            if held is None or risk.worse_than(held):
                self.common[key] = risk

    def total(self, index: RiskIndex) -> Mapping[int, int]:
        """Its risks by rank, each once."""
        if not self.common:
            return self.ranks
        ranks = dict(self.ranks)
        for key, seen in self.common.items():
            own = index.get(key)
            if own is not None and own.unit in self.units:
                if not seen.worse_than(own):
                    continue
                ranks[own.standing.rank] -= 1
            ranks[seen.standing.rank] = ranks.get(seen.standing.rank, 0) + 1
        return {rank: number for rank, number in ranks.items() if number}


def _count(node: TreeNode, index: RiskIndex, found: dict[str, Mapping[int, int]]) -> _Branch:
    branch = _Branch(dict(index.counts(node.own_units)))
    if index.has_variants:
        branch.common = index.in_common(node.own_units)
        branch.units = set(node.own_units)
    for child in node.children:
        branch.add(_count(child, index, found))
    found[node.key] = branch.total(index)
    return branch
