"""What the demonstration says in the annexes: on units of its own chart, and told without names."""

from __future__ import annotations

import pytest

from prevention_app import paths
from prevention_app.services import annexes, demo_annexes, imports
from prevention_app.services.imports import ImportRequest
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store


@pytest.fixture
def chart(store: Store) -> Store:
    """The organisation of the demonstration."""
    file = paths.resource("demo") / "organigramme.xlsx"
    imports.run(store, ImportRequest("organisation", (file,), "all"))
    return store


def test_every_annex_that_is_filled_in_by_hand_has_something_to_show(chart: Store) -> None:
    made = demo_annexes.fill(chart)
    with chart.reading() as read:
        found = annexes.all_annexes(read, demo_annexes.DEPARTMENT, chart.today())
        held = {
            register: read.count(Query(register))
            for register in (
                "factor_exposure",
                "cmr_use",
                "heat_plan",
                "psychosocial_diagnosis",
                "psychosocial_indicator",
                "group_measure",
            )
        }
    assert held == {
        "factor_exposure": 7,
        "cmr_use": 3,
        "heat_plan": 3,
        "psychosocial_diagnosis": 24,
        "psychosocial_indicator": 3,
        "group_measure": 4,
    }
    assert made == sum(held.values()), "every unit named is one of the chart"
    filled = {each.table.key for each in found if each.table.rows}
    assert {"annex_factors", "annex_cmr", "annex_heat", "annex_rps", "annex_groups"} <= filled


def test_few_answers_and_few_women_are_held_back_there_too(chart: Store) -> None:
    demo_annexes.fill(chart)
    with chart.reading() as read:
        found = {
            each.table.key: each.table.rows
            for each in annexes.all_annexes(read, demo_annexes.DEPARTMENT, chart.today())
        }
    college = [each for each in found["annex_rps"] if "La Garenne" in str(each["unit"])]
    assert college, "seven answers are known to exist"
    assert all(each.get("judgement") is None for each in college)
    road = [each for each in found["annex_factors"] if "CE Bellegrange" in str(each["unit"])]
    assert {each["women"] for each in road} == {None}


def test_it_is_one_change(chart: Store) -> None:
    demo_annexes.fill(chart)
    assert chart.undoable() == demo_annexes.FILL
