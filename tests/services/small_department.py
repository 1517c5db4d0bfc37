"""A department of four directions with something of every sort that figures are counted from."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

QUARTER_END = date(2026, 9, 30)


def furnish(store: Store, owner: str = "45", seed: int = 7) -> dict[str, str]:
    """Write it; returns the ids of org units, work units and sites by their names."""
    draw = Random(seed)
    made: dict[str, Any] = {}
    with store.reading() as read:
        (kind, *_) = read.records(Query("credential_type"))
    with store.change("Préparer") as work:

        def new(register: str, **values: Any) -> Any:
            return work.new(register, owner=owner, **values)

        def named(register: str, name: str, **values: Any) -> Any:
            made[name] = new(register, name=name, **values)
            return made[name]

        for letter in "ABCD":
            top = named("org_unit", f"Direction {letter}")
            site = named("site", f"Site {letter}", kind=f"Centre {letter}")
            for number in (1, 2):
                service = named("org_unit", f"Service {letter}{number}", parent=top.id)
                for at in range(4):
                    unit = named(
                        "work_unit",
                        f"Unité {letter}{number}{at}",
                        org_unit=service.id,
                        site=site.id,
                        headcount=draw.randint(5, 30),
                    )
                    _hang(draw, new, unit)
            room = new("store_room", name=f"Armoire {letter}", site=site.id)
            new("stock_line", store_room=room.id, name_as_written="Périmé", use_by=date(2026, 1, 1))
            pump = new("equipment", name="Pont", site=site.id, months=12)
            new("inspection", equipment=pump.id, done_on=date(2025, draw.randint(1, 12), 1))
            new(
                "health_safety_entry",
                site=site.id,
                reported_on=date(2026, draw.randint(1, 9), 2),
                observation=f"Éclairage {letter}",
            )
            for at in range(3):
                person = new(
                    "person",
                    last_name=f"Agent {letter}{at}",
                    org_unit=top.id,
                    work_unit=made[f"Unité {letter}1{at}"].id if at else None,
                )
                new(
                    "credential",
                    person=person.id,
                    credential_type=kind.id,
                    expires=date(draw.choice((2025, 2028)), 1, 1),
                )
                new(
                    "accident",
                    happened_on=date(draw.randint(2023, 2026), draw.randint(1, 9), 1),
                    org_unit=top.id if at else None,
                    work_unit=made[f"Unité {letter}2{at}"].id,
                    days_lost=draw.randint(0, 20),
                )
    return {name: each.id for name, each in made.items()}


def _hang(draw: Random, new: Any, unit: Any) -> None:
    """Risks, ratings and actions on a work unit."""
    for at in range(draw.randint(1, 3)):
        risk = new("risk", work_unit=unit.id, situation=f"Danger {at}", evaluation="evaluated")
        new(
            "rating",
            risk=risk.id,
            severity=draw.randint(1, 4),
            frequency=draw.randint(1, 4),
            control=draw.randint(1, 4),
            rated_on=date(2026, draw.randint(1, 9), 1),
        )
        new(
            "planned_action",
            title=f"Faire {at}",
            risk=risk.id,
            due=date(2026, draw.randint(1, 12), 1),
            cost=draw.randint(10, 900),
        )
