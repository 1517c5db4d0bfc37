from __future__ import annotations

import pytest

from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.errors import NotFound, Refused
from prevention_app.services import risk_library
from prevention_app.storage.query import Query


@pytest.fixture
def units(store) -> list[str]:
    """Two workshops of the Loiret and one of the Loir-et-Cher."""
    with store.change("Préparer") as work:
        return [
            work.new("work_unit", name="Atelier d’Orléans").id,
            work.new("work_unit", name="Atelier de Gien").id,
            work.new("work_unit", name="Atelier de Blois", owner="41").id,
        ]


def of(store, job: str) -> list[risk_library.LibraryLine]:
    with store.reading() as read:
        return risk_library.lines(read, risk_library.find_unit(read, job).id)


def records(store, register: str):
    with store.reading() as read:
        return read.records(Query(register, order=("reference",)))


def test_the_program_ships_seventeen_unit_types_with_their_typical_risks(store):
    with store.reading() as read:
        jobs = risk_library.shelves(read)
    assert len(jobs) == 17
    assert sum(each.risks for each in jobs) == 192
    workshop = of(store, "ATEL")
    assert [each.risk.reference for each in workshop][:2] == [
        "3D-BIBL-000-ATEL-01",
        "3D-BIBL-000-ATEL-02",
    ]
    for line in workshop:
        assert line.family
        assert line.existing
        assert line.proposed
        assert 1 <= line.risk.severity <= 4
        assert 1 <= line.risk.frequency <= 4


def test_the_texts_of_the_library_are_set_as_french_is(store):
    texts = [
        value
        for register in ("library_unit", "library_risk", "library_measure")
        for each in records(store, register)
        for value in store.catalogue[register].values(each).values()
        if isinstance(value, str)
    ]
    assert len(texts) > 2000
    assert not [each for each in texts if "'" in each]
    assert not [each for each in texts if any(f" {mark}" in each for mark in ":;?!»")]


def test_a_unit_type_is_found_by_code_name_or_reference(store):
    with store.reading() as read:
        one = risk_library.find_unit(read, "atel")
        assert risk_library.find_unit(read, one.reference).id == one.id
        assert risk_library.find_unit(read, one.name.upper()).id == one.id
        with pytest.raises(NotFound, match="ATEL"):
            risk_library.find_unit(read, "Astronaute")


def test_risks_taken_arrive_to_be_evaluated_with_their_hint_and_measures(store, units):
    line = of(store, "ATEL")[0]
    done = risk_library.take(store, [line.risk.id], units)
    risks = records(store, "risk")
    assert sorted(each.owner for each in risks) == ["41", "45", "45"]
    for risk in risks:
        assert risk.evaluation == "to_evaluate"
        assert risk.origin == line.risk.id
        assert risk.hint == f"gfm-1 severity={line.risk.severity} frequency={line.risk.frequency}"
        assert risk.situation == line.risk.situation
        assert risk.source.startswith("Bibliothèque")
    assert records(store, "rating") == []
    assert records(store, "planned_action") == []
    measures = records(store, "existing_measure")
    assert sorted(each.title for each in measures) == sorted(
        [each.title for each in line.existing] * 3
    )
    assert all(each.to_confirm for each in measures)
    assert len(done.risks) == 3


def test_proposed_measures_become_proposed_actions_when_asked(store, units):
    line = of(store, "CER")[0]
    risk_library.take(store, [line.risk.id], units[:1], actions=True)
    actions = records(store, "planned_action")
    assert [each.title for each in actions] == [each.title for each in line.proposed]
    assert {each.state for each in actions} == {ActionState.PROPOSED}
    assert {each.work_unit for each in actions} == {units[0]}


def test_a_whole_unit_type_goes_to_many_units_in_one_act_and_one_undo(store, units):
    lines = [each.risk.id for each in of(store, "CER")]
    risk_library.take(store, lines, units)
    assert len(records(store, "risk")) == 17 * 3
    store.undo()
    for register in ("risk", "existing_measure", "planned_action"):
        assert records(store, register) == []


def test_what_a_unit_has_already_is_not_taken_twice(store, units):
    lines = [each.risk.id for each in of(store, "CER")][:3]
    risk_library.take(store, lines[:2], units[:1])
    done = risk_library.take(store, lines, units[:2])
    assert (len(done.risks), done.already) == (4, 2)
    with pytest.raises(Refused, match="déjà"):
        risk_library.take(store, lines, units[:2])
    assert len(records(store, "risk")) == 6


def test_what_people_change_of_the_library_stays_theirs(store, units):
    line = of(store, "CER")[0]
    with store.change("Modifier") as work:
        work.amend("library_risk", line.risk, situation="Balisage sous circulation")
        work.new(
            "library_risk", library_unit=line.risk.library_unit, situation="Pont mobile", severity=3
        )
    store.rebuild()
    situations = [each.risk.situation for each in of(store, "CER")]
    assert len(situations) == 18
    assert {"Balisage sous circulation", "Pont mobile"} <= set(situations)
    assert line.risk.situation not in situations
