"""Which work units are variants of a unit type, and what they make of its risks (P4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import Risk
from prevention_app.errors import Refused
from prevention_app.storage.query import Condition, Op, Query, Reader


@dataclass(slots=True)
class Variants:
    """What the variants of unit types make of the risks that they have in common."""

    types: dict[str, str] = field(default_factory=dict[str, str])
    """Variant → its unit type."""
    local: dict[str, dict[str, tuple[Any, ...]]] = field(
        default_factory=dict[str, dict[str, tuple[Any, ...]]]
    )
    """Risk → variant → method and figures of the rating that holds there alone."""
    absent: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Risk → the variants that do not have it."""

    def know(self, risk: str, local: dict[str, tuple[Any, ...]], absent: Collection[str]) -> None:
        """What was read of a risk."""
        if local:
            self.local[risk] = local
        if absent:
            self.absent[risk] = frozenset(absent)

    def forget(self, risk: str) -> None:
        """What is known of a risk no longer holds."""
        self.local.pop(risk, None)
        self.absent.pop(risk, None)


def require_variant(read: Reader, unit: str, risk: Risk) -> None:
    """Raise Refused unless a unit (id) is a variant of the unit type that has this risk."""
    known = cast("WorkUnit", read.get("work_unit", unit))
    if known.type_of != risk.work_unit:
        own = read.titles("work_unit", [risk.work_unit]).get(risk.work_unit, "")
        raise Refused(
            f"« {known.name} » n’est pas une variante de « {own} », l’unité type du risque "
            f"{risk.reference}."
        )


def types_of(read: Reader) -> dict[str, str]:
    """The work units that are variants of another one, with their unit type."""
    query = Query("work_unit", (Condition("type_of", Op.FILLED),))
    return {str(unit): str(of) for unit, of in read.walk(query, ("type_of",))}
