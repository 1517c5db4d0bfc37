"""Orders in which the risks of a branch are read: the worst first unless asked otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final

from prevention_app.catalogue.values import fold
from prevention_app.services.risk_index import PlacedRisk


class RiskOrder(StrEnum):
    """What risks are ordered by."""

    NUMBER = "number"
    FAMILY = "family"
    SITUATION = "situation"
    INITIAL = "initial"
    RESIDUAL = "residual"
    ACTIONS = "actions"


def in_order(
    risks: list[PlacedRisk], order: RiskOrder, families: Mapping[str, str], *, backwards: bool
) -> list[PlacedRisk]:
    """Risks in another order; those alike stay as they stand, the worst residual first.

    Args:
        risks: as `RiskIndex.select` gives them.
        order: ratings the worst first, actions by their next date, texts by the alphabet.
        families: names of the families of hazards, by id.
        backwards: the other way round.
    """
    if order is RiskOrder.RESIDUAL:
        return risks[::-1] if backwards else risks
    if order is RiskOrder.FAMILY:
        names = {key: fold(name) for key, name in families.items()}
        return sorted(risks, key=lambda each: names.get(each.family, ""), reverse=backwards)
    return sorted(risks, key=_KEYS[order], reverse=backwards)


def _worst_initial(risk: PlacedRisk) -> float:
    found = risk.standing.assessment
    return 1 if found is None or found.initial is None else -float(found.initial)


def _next_due(risk: PlacedRisk) -> date:
    return risk.tally.next_due or date.max


_KEYS: Final[Mapping[RiskOrder, Callable[[PlacedRisk], Any]]] = {
    RiskOrder.NUMBER: attrgetter("id"),
    RiskOrder.SITUATION: attrgetter("text"),
    RiskOrder.INITIAL: _worst_initial,
    RiskOrder.ACTIONS: _next_due,
}
