"""A department with a little of everything that a version of its document unique holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from prevention_app.storage.store import Store


def fill(store: Store, owner: str = "45") -> dict[str, Any]:
    """Two units, a critical risk with all it needs, a risk to evaluate; returns the records."""
    with store.change("Reprise") as work:
        place = work.new("org_unit", owner=owner, name="Direction des routes")
        shop = work.new("work_unit", owner=owner, name="Atelier", org_unit=place.id, headcount=9)
        road = work.new("work_unit", owner=owner, name="CE Gien", org_unit=place.id, headcount=12)
        fall = work.new(
            "risk",
            owner=owner,
            work_unit=shop.id,
            situation="Fosse ouverte",
            evaluation="evaluated",
        )
        work.new(
            "rating",
            owner=owner,
            risk=fall.id,
            rated_on=date(2026, 3, 2),
            severity=4,
            frequency=4,
            control=4,
        )
        action = work.new(
            "planned_action",
            owner=owner,
            risk=fall.id,
            title="Couvrir la fosse",
            conditions="Par le service bâtiments",
            indicator="Fosses couvertes",
            cost=Decimal(1800),
            resources="Crédits votés",
            due=date(2026, 12, 31),
        )
        traffic = work.new("risk", owner=owner, work_unit=road.id, situation="Circulation")
    return {"shop": shop, "road": road, "fall": fall, "traffic": traffic, "action": action}
