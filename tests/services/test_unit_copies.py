"""New units like one that is there, with its risks to be evaluated."""

from __future__ import annotations

from datetime import date

import pytest

from prevention_app.errors import Refused
from prevention_app.services import unit_copies
from prevention_app.storage.query import Query


@pytest.fixture
def service(store) -> str:
    """A service with a part, a unit in each of them, and one that was closed."""
    with store.change("Préparer") as work:
        top = work.new("org_unit", name="Routes Est", head="chef de service").id
        part = work.new("org_unit", name="Exploitation", parent=top).id
        gone = date(2025, 1, 1)
        for name, above, until in (
            ("CER de Gien", part, None),
            ("Bureau", top, None),
            ("Ancien", top, gone),
        ):
            unit = work.new(
                "work_unit", name=name, org_unit=above, headcount=12, activity="Voirie",
                valid_until=until,
            )  # fmt: skip
            risk = work.new(
                "risk", work_unit=unit.id, situation=f"À {name}", evaluation="evaluated"
            )
            work.new("rating", risk=risk.id, severity=2, frequency=2, control=2)
    return top


def named(store, register) -> dict:
    with store.reading() as read:
        return {each.name: each for each in read.records(Query(register, order=("reference",)))}


def risks(store) -> list:
    with store.reading() as read:
        return read.records(Query("risk", order=("reference",)))


def test_units_like_another_one_stand_beside_it(store, service):
    model = named(store, "work_unit")["CER de Gien"]
    done = unit_copies.copy_as_new(store, "work_unit", model.id, [" CER  de Sully ", "CER 3"])
    assert done.copies == 2
    made = named(store, "work_unit")["CER de Sully"]
    assert (made.org_unit, made.activity, made.headcount) == (model.org_unit, "Voirie", None)
    copies = [each for each in risks(store) if each.work_unit == made.id]
    assert [(each.evaluation, each.hint) for each in copies] == [
        ("to_evaluate", "gfm-1 severity=2 frequency=2 control=2")
    ]
    store.undo()
    assert "CER 3" not in named(store, "work_unit")
    assert len(risks(store)) == 3


def test_a_branch_is_made_anew_with_all_that_is_open_in_it(store, service):
    done = unit_copies.copy_as_new(store, "org_unit", service, ["Routes Ouest"])
    assert done.copies == 2
    with store.reading() as read:
        parents = {each.id: (each.name, each.parent) for each in read.records(Query("org_unit"))}
        found = read.records(Query("work_unit", order=("reference",)))
    made = {(each.name, parents[each.org_unit][0]): parents[each.org_unit] for each in found[3:]}
    assert set(made) == {("Bureau", "Routes Ouest"), ("CER de Gien", "Exploitation")}
    above = made["CER de Gien", "Exploitation"][1]
    assert parents[above] == ("Routes Ouest", None)


@pytest.mark.parametrize("names", [[], [" "], ["cer de GIEN"], ["A", "a"]])
def test_each_new_unit_has_a_name_of_its_own(store, service, names):
    model = named(store, "work_unit")["CER de Gien"]
    with pytest.raises(Refused):
        unit_copies.copy_as_new(store, "work_unit", model.id, names)
    assert len(risks(store)) == 3


def test_all_risks_of_a_unit_go_to_others(store, service):
    found = named(store, "work_unit")
    done = unit_copies.copy_unit(store, found["CER de Gien"].id, [found["Bureau"].id])
    assert done.copies == 1
    with store.change("Préparer") as work:
        empty = work.new("work_unit", name="Vide").id
    with pytest.raises(Refused, match="aucun risque"):
        unit_copies.copy_unit(store, empty, [found["Bureau"].id])
