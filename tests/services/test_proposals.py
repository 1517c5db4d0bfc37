from __future__ import annotations

from datetime import date

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services.proposals import like_the_last

CATALOGUE = declared_catalogue()
DAY = date(2026, 11, 20)


def proposed(register: str, **values) -> dict:
    entity = CATALOGUE[register]
    return like_the_last(entity, entity.new(**values))


def test_where_and_when_are_those_of_the_last_record() -> None:
    entry = {"site": "s1", "reported_on": DAY, "observation": "Rampe", "answered_on": DAY}
    assert proposed("health_safety_entry", **entry) == {"site": "s1", "reported_on": DAY}
    assert proposed("accident", happened_on=DAY, circumstances="Chute") == {"happened_on": DAY}
    assert proposed("rating", rated_on=DAY, severity=3) == {"rated_on": DAY}


def test_what_is_still_to_come_is_of_one_record_alone() -> None:
    assert proposed("planned_action", title="Rampe", due=DAY) == {}
    assert proposed("inspection", done_on=DAY, next_due=DAY) == {"done_on": DAY}


def test_a_site_is_not_proposed_to_lie_in_another_one() -> None:
    assert proposed("site", name="Atelier", parent="s1") == {}
    assert proposed("person", last_name="ALPHA", site="s1", joined_on=DAY) == {"site": "s1"}
