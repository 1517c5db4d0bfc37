"""What plans make of an organisation, and how it stood before them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.domain.org_units import (
    ORG_UNIT,
    SITE,
    WORK_UNIT,
    Unit,
    as_of,
    below,
    is_there,
)
from prevention_app.domain.reorganisation import Act, Operation, plan
from prevention_app.domain.trees import path_from_top

ON = date(2027, 1, 1)
BEFORE = ON - timedelta(days=1)


def chart(*units: Unit) -> dict[str, Unit]:
    return {each.id: each for each in units}


@pytest.fixture
def units() -> dict[str, Unit]:
    """Two directions with a service and units, a site with a hall in it."""
    return chart(
        Unit("R", ORG_UNIT, "Routes"),
        Unit("A", ORG_UNIT, "Agence Nord", above="R"),
        Unit("B", ORG_UNIT, "Bâtiments"),
        Unit("S", SITE, "Gien"),
        Unit("H", SITE, "Hangar", site="S"),
        Unit("u1", WORK_UNIT, "Équipe 1", above="A", site="H"),
        Unit("u2", WORK_UNIT, "Équipe 2", above="R", site="S"),
        Unit("u3", WORK_UNIT, "Ménage", above="B"),
    )


def made(units, *operations, on=ON, latest=None):
    outcome = plan(units, operations, on, latest)
    assert outcome.problems == []
    return outcome


def refused(units, *operations, on=ON, latest=None) -> str:
    outcome = plan(units, operations, on, latest)
    assert outcome.problems
    return " ".join(each.sentence for each in outcome.problems)


def test_what_hangs_on_two_merged_directions_goes_to_the_new_one(units) -> None:
    outcome = made(
        units,
        Operation(Act.CREATE, "+m", name="Mobilités"),
        Operation(Act.MERGE, "R", to="+m"),
        Operation(Act.MERGE, "B", to="+m"),
    )
    after = outcome.units
    assert {key for key in units if after[key].above == "+m"} == {"R", "A", "B", "u2", "u3"}
    assert after["u1"].above == "A", "what hangs lower follows by itself"
    assert (after["R"].until, after["A"].until, after["+m"].since) == (BEFORE, None, ON)
    past = as_of(after, outcome.changes, BEFORE)
    assert {key: past[key].above for key in units} == {key: units[key].above for key in units}
    assert not is_there(past["+m"], BEFORE)


def test_merged_into_a_part_of_itself_a_service_takes_its_place(units) -> None:
    after = made(units, Operation(Act.MERGE, "R", to="A")).units
    assert (after["A"].above, after["u2"].above, after["R"].above) == ("", "A", "A")


def test_the_first_part_of_a_split_takes_what_the_plan_does_not_place(units) -> None:
    outcome = made(
        units,
        Operation(Act.CREATE, "+1", name="Exploitation"),
        Operation(Act.CREATE, "+2", name="Travaux"),
        Operation(Act.SPLIT, "R", to="+1"),
        Operation(Act.SPLIT, "R", to="+2"),
        Operation(Act.MOVE, "A", to="+2"),
    )
    after = outcome.units
    assert (after["u2"].above, after["A"].above, after["R"].above) == ("+1", "+2", "+1")
    assert "1 unités et services" in outcome.remarks[0]
    past = as_of(after, outcome.changes, BEFORE)
    assert past["+1"].above == past["+2"].above == "R", "what began since is found under it"
    assert "au moins deux" in refused(
        units, Operation(Act.CREATE, "+1", name="Une"), Operation(Act.SPLIT, "R", to="+1")
    )


def test_a_site_brings_the_units_that_lie_on_it(units) -> None:
    after = made(units, Operation(Act.MOVE, "S", to="B")).units
    assert (after["u1"].above, after["u2"].above, after["S"].site) == ("B", "B", "")
    after = made(units, Operation(Act.MOVE, "u3", to="H"), Operation(Act.MOVE, "u3", to="R")).units
    assert (after["u3"].site, after["u3"].above) == ("H", "R")


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        ((Operation(Act.RENAME, "R", name=" "),), "à remplir"),
        ((Operation(Act.RENAME, "R", name="Routes"),), "porte déjà ce nom"),
        ((Operation(Act.RENAME, "B", name="routes"),), "existe déjà"),
        ((Operation(Act.MOVE, "R", to="A"),), "dépendrait de ce qui en dépend"),
        ((Operation(Act.MOVE, "S", to="H"),), "dépendrait de ce qui en dépend"),
        ((Operation(Act.MOVE, "R", to="S"),), "qu’à une direction"),
        ((Operation(Act.MOVE, "A", to="u1"),), "unité de travail"),
        ((Operation(Act.MOVE, "u1"),), "est à nommer"),
        ((Operation(Act.MERGE, "u1", to="u2"),), "seuls les directions et services"),
        ((Operation(Act.MERGE, "R", to="R"),), "sa propre suite"),
        ((Operation(Act.MERGE, "R", to="x"),), "n’existe pas"),
        ((Operation(Act.CLOSE, "R"),), "y restent Agence Nord, Équipe 2"),
        ((Operation(Act.CLOSE, "R"), Operation(Act.RENAME, "R", name="X")), "disparaît"),
        ((Operation(Act.MERGE, "R", to="B"), Operation(Act.MERGE, "B", to="R")), "rien ne peut"),
        ((Operation(Act.MOVE, "A", to="B"), Operation(Act.MOVE, "A", to="R")), "autre ligne"),
    ],
)
def test_what_cannot_be_is_named(units, operations, said) -> None:
    assert said in refused(units, *operations)


def test_what_is_gone_or_changed_later_is_left_alone(units) -> None:
    units["B"] = Unit("B", ORG_UNIT, "Bâtiments", until=date(2026, 6, 30))
    assert "n’existe plus depuis le 30/06/2026" in refused(units, Operation(Act.CLOSE, "B"))
    assert "n’existe plus" in refused(units, Operation(Act.MOVE, "A", to="B"))
    late = {"A": date(2027, 3, 1)}
    assert "01/03/2027" in refused(units, Operation(Act.MOVE, "A"), latest=late)
    made(units, Operation(Act.MOVE, "A"), on=date(2027, 3, 1), latest=late)


def test_two_namesakes_that_a_merge_brings_together_are_remarked(units) -> None:
    units["u4"] = Unit("u4", WORK_UNIT, "ménage", above="R")
    outcome = made(units, Operation(Act.MERGE, "R", to="B"))
    assert "Il y aura deux « ménage » dans « Bâtiments »" in outcome.remarks[0]


def test_what_hangs_below_a_site_or_a_direction(units) -> None:
    assert below(units, "R") == {"R", "A", "u1", "u2"}
    assert below(units, "S") == {"S", "H", "u1", "u2"}


# -- whatever the plan ---------------------------------------------------------------------------

_NAMES = [f"N{at}" for at in range(8)]


@st.composite
def organisations(draw: st.DrawFn) -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for at, name in enumerate(_NAMES):
        above = draw(st.sampled_from(["", *list(made)]))
        made[f"o{at}"] = Unit(f"o{at}", ORG_UNIT, name, above=above)
    for at in range(draw(st.integers(3, 10))):
        above = draw(st.sampled_from(list(_OF_NAMES)))
        made[f"u{at}"] = Unit(f"u{at}", WORK_UNIT, f"U{at}", above=above)
    return made


_OF_NAMES = [f"o{at}" for at in range(len(_NAMES))]


@st.composite
def operations(draw: st.DrawFn, units: dict[str, Unit], turn: int) -> list[Operation]:
    marks = [f"+{turn}{at}" for at in range(2)]
    found = [Operation(Act.CREATE, each, name=f"Neuf {each}") for each in marks]
    there = [key for key, each in units.items() if each.register == ORG_UNIT]
    for key in draw(st.lists(st.sampled_from(sorted(units)), max_size=5, unique=True)):
        act = draw(st.sampled_from([Act.RENAME, Act.MOVE, Act.MERGE, Act.SPLIT, Act.CLOSE]))
        if act is Act.SPLIT:
            found += [Operation(act, key, to=mark) for mark in marks]
        else:
            to = draw(st.sampled_from([*there, *marks]))
            found.append(Operation(act, key, to=to, name=f"Autre {turn}{key}"))
    return found


def directions(units: dict[str, Unit]) -> dict[str, str]:
    above = {key: each.above for key, each in units.items()}
    return {key: path_from_top(above, key)[0] for key in units}


@given(st.data())
def test_whatever_happens_each_past_day_is_as_it_was_and_all_is_somewhere(data) -> None:
    held = data.draw(organisations())
    stood = {date(2026, 12, 31): held}
    changes = []
    for turn in range(3):
        on = date(2027 + turn, 1, 1)
        outcome = plan(held, data.draw(operations(held, turn)), on)
        if outcome.problems:
            continue
        changes += outcome.changes
        held = outcome.units
        stood[date(2027 + turn, 12, 31)] = held
    for day, then in stood.items():
        past = as_of(held, changes, day)
        assert set(past) == set(held)
        for key, unit in then.items():
            assert (past[key].name, past[key].above) == (unit.name, unit.above)
            assert is_there(past[key], day) == is_there(unit, day)
        assert {directions(past)[key] for key in past} <= set(past)
    for key, unit in held.items():
        top = held[directions(held)[key]]
        if is_there(unit, date(2030, 1, 1)):
            assert is_there(top, date(2030, 1, 1)), "what lives hangs on nothing that has ended"
