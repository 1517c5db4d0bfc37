"""Reorganising: foreseen, applied, taken back; figures of before and after (P4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, fields
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from prevention_app.domain.reorganisation import Act, Operation
from prevention_app.errors import Refused
from prevention_app.services import reorganisation
from prevention_app.services.indicators import indicators
from prevention_app.services.organisation import org_path
from prevention_app.services.overview import due_items
from prevention_app.services.reorganisation import Plan, apply, foresee, situation
from prevention_app.storage.query import Query
from tests.services.conftest import TODAY
from tests.services.small_department import QUARTER_END, furnish

ON = date(2026, 11, 1)


@pytest.fixture
def ids(store):
    return furnish(store)


def figures(store, organised_on=None, today=QUARTER_END):
    with store.reading() as read:
        return indicators(read, today, ("45",), organised_on)


def plan_of(*operations, on=ON):
    return Plan("45", on, operations)


def seen(store, plan, today=TODAY):
    with store.reading() as read:
        return foresee(situation(read, "45", today), plan, today)


def quarter_plan(ids) -> Plan:
    """Two directions merged, one split, twelve units moved."""
    twelve = [f"Unité B{service}{at}" for service in (1, 2) for at in range(4)]
    twelve += [f"Unité C1{at}" for at in range(4)]
    return plan_of(
        Operation(Act.CREATE, "+new", name="Direction des mobilités"),
        Operation(Act.MERGE, ids["Direction A"], to="+new"),
        Operation(Act.MERGE, ids["Direction B"], to="+new"),
        Operation(Act.CREATE, "+one", name="Direction D des familles"),
        Operation(Act.CREATE, "+two", name="Direction D des aînés"),
        Operation(Act.SPLIT, ids["Direction D"], to="+one"),
        Operation(Act.SPLIT, ids["Direction D"], to="+two"),
        Operation(Act.MOVE, ids["Service D2"], to="+two"),
        *(Operation(Act.MOVE, ids[name], to=ids["Service C2"]) for name in twelve),
    )


def sums(found):
    """What the lines of the directions add up to, of everything that can be added."""
    totals: Counter[str] = Counter()
    for line in found.directions:
        for each in fields(line):
            value = getattr(line, each.name)
            if isinstance(value, int | Decimal):
                totals[each.name] += value
            elif each.name == "residual":
                totals.update({f"residual {at}": count for at, count in enumerate(value)})
    return totals


def without_directions(found):
    return {
        each.name: getattr(found, each.name)
        for each in fields(found)
        if each.name not in ("directions", "inspections")
    }


def test_the_last_quarter_is_as_it_was_in_the_old_tree_and_adds_up_in_the_new_one(store, ids):
    before = figures(store)
    apply(store, quarter_plan(ids))
    assert figures(store, QUARTER_END) == before, "every figure, of every direction, by its name"
    after = figures(store)
    assert {each.direction.name for each in after.directions} == {
        "Direction des mobilités",
        "Direction C",
        "Direction D des familles",
        "Direction D des aînés",
    }
    assert sums(after) == sums(before)
    assert without_directions(after) == without_directions(before)
    assert after.inspections == before.inspections
    by_name = {each.direction.name: each for each in after.directions}
    old = {each.direction.name: each for each in before.directions}
    moved = [name for name in ids if name.startswith(("Unité B", "Unité C1"))]
    with store.reading() as read:
        heads = {each.id: each.headcount for each in read.records(Query("work_unit"))}
    gone = sum(heads[ids[name]] for name in moved if name.startswith("Unité B"))
    assert by_name["Direction C"].agents == old["Direction C"].agents + gone
    assert by_name["Direction des mobilités"].agents == old["Direction A"].agents


def test_the_due_list_of_the_report_is_told_by_the_directions_of_the_day(store, ids):
    def by_direction(organised_on=None):
        with store.reading() as read:
            items = due_items(read, TODAY, ("45",), organised_on=organised_on)
        return Counter(each.direction for each in items)

    before = by_direction()
    apply(store, quarter_plan(ids))
    assert by_direction(QUARTER_END) == before
    assert "Direction des mobilités" in by_direction()
    assert sum(by_direction().values()) == sum(before.values())


def test_whatever_the_plans_old_figures_stay_and_new_ones_add_up(store, ids):
    before, draw = figures(store), Random(3)
    applied = 0
    for _ in range(30):
        plan = random_plan(draw, ids)
        try:
            apply(store, plan)
        except Refused:
            assert figures(store) == before
            continue
        applied += 1
        assert figures(store, QUARTER_END) == before
        after = figures(store)
        assert sums(after) == sums(before)
        assert without_directions(after) == without_directions(before)
        store.undo()
        assert figures(store) == before
    assert applied >= 4


def random_plan(draw: Random, ids) -> Plan:
    operations = [Operation(Act.CREATE, each, name=f"Neuve {each}") for each in ("+1", "+2")]
    tops = [ids[f"Direction {letter}"] for letter in "ABCD"]
    leaves = [key for name, key in ids.items() if name.startswith("Unité")]
    places = [key for name, key in ids.items() if name.startswith("Site")]
    branches = sorted(set(ids.values()) - {*leaves, *places})
    acted = [draw.choice(tops), *draw.sample(branches, 2), *draw.sample(leaves, 4)]
    targets = [*tops, "+1", "+2", ids["Service A1"], ids["Service C2"]]
    for key in dict.fromkeys([*acted, draw.choice(places)]):
        acts = [Act.MOVE, Act.RENAME] + [Act.MERGE, Act.SPLIT] * (key in branches)
        act = draw.choice(acts)
        if act is Act.SPLIT:
            operations += [Operation(act, key, to=each) for each in ("+1", "+2")]
        else:
            operations.append(
                Operation(act, key, to=draw.choice(targets), name=f"Autre {key[-3:]}")
            )
    return plan_of(*operations)


def test_a_preview_tells_what_is_concerned_and_writes_nothing(store, ids):
    plan = plan_of(Operation(Act.MERGE, ids["Direction A"], to=ids["Direction C"]))
    found = seen(store, plan)
    (line,) = found.lines
    assert line.text == "Réunir « Direction A » à « Direction C »"
    concerned = line.concerned
    assert (concerned.services, concerned.units, concerned.people) == (3, 8, 3)
    assert concerned.credentials == 3
    with store.reading() as read:
        units = {ids[f"Unité A{service}{at}"] for service in (1, 2) for at in range(4)}
        risks = [each for each in read.records(Query("risk")) if each.work_unit in units]
    assert (concerned.risks, concerned.open_actions) == (len(risks), len(risks))
    assert concerned.due >= concerned.open_actions
    assert found.total == concerned
    assert not found.problems
    assert figures(store).directions_total == figures(store, TODAY).directions_total


def test_open_actions_follow_their_unit_and_nothing_is_copied(store, ids):
    def counts():
        with store.reading() as read:
            return [read.count(Query(each)) for each in ("risk", "planned_action", "work_unit")]

    before = counts()
    done = apply(store, plan_of(Operation(Act.MOVE, ids["Unité A10"], to=ids["Direction B"])))
    assert counts() == before
    assert {register for register, _ in done.records} == {"work_unit", "org_change"}
    with store.reading() as read:
        found = org_path(read).work_unit(ids["Unité A10"])
        past = org_path(read, ON - timedelta(days=1)).work_unit(ids["Unité A10"])
    assert (found.direction, past.path) == ("Direction B", ("Direction A", "Service A1"))


def test_one_undo_takes_it_all_back(store, ids):
    before = state(store)
    apply(store, quarter_plan(ids))
    assert state(store) != before
    store.undo()
    assert state(store) == before
    store.redo()
    assert figures(store, QUARTER_END).directions_total == figures(store).directions_total


def state(store):
    with store.reading() as read:
        return {
            each.id: (each.name, getattr(each, "parent", None), each.valid_until)
            for register in ("org_unit", "site", "work_unit")
            for each in read.records(Query(register))
        } | {each.id: each.kind for each in read.records(Query("org_change"))}


def test_the_day_must_have_come_and_the_plan_must_hold(store, ids):
    move = Operation(Act.MOVE, ids["Service A1"], to=ids["Direction B"])
    with pytest.raises(Refused, match="01/01/2027"):
        apply(store, plan_of(move, on=date(2027, 1, 1)))
    with pytest.raises(Refused, match="aucune opération"):
        apply(store, plan_of())
    broken = Operation(Act.MERGE, ids["Direction A"], to="rien", place="feuille « Opérations », B7")
    with pytest.raises(Refused, match="feuille « Opérations », B7 : « rien » n’existe pas"):
        apply(store, plan_of(move, broken))
    apply(store, plan_of(move))
    with pytest.raises(Refused, match="a déjà changé le 01/11/2026"):
        apply(
            store,
            plan_of(Operation(Act.RENAME, ids["Service A1"], name="X"), on=date(2026, 10, 1)),
        )


def test_two_plans_of_one_day_are_as_one(store, ids):
    before = figures(store)
    apply(store, plan_of(Operation(Act.MOVE, ids["Service A1"], to=ids["Direction B"])))
    apply(
        store,
        plan_of(
            Operation(Act.RENAME, ids["Service A1"], name="Service unique"),
            Operation(Act.MERGE, ids["Service A2"], to=ids["Service A1"]),
        ),
    )
    with store.reading() as read:
        past = org_path(read, QUARTER_END)
        assert past.org_units.get(ids["Service A1"]).name == "Service A1"
    assert figures(store, QUARTER_END) == before


def test_a_year_of_changes_is_read_back_day_by_day(store, ids):
    unit = ids["Unité A10"]
    for day, name, to in (
        (date(2026, 2, 1), "Équipe de février", "Direction B"),
        (date(2026, 6, 1), "Équipe de juin", "Direction C"),
    ):
        apply(
            store,
            plan_of(
                Operation(Act.RENAME, unit, name=name),
                Operation(Act.MOVE, unit, to=ids[to]),
                on=day,
            ),
        )
    with store.reading() as read:
        for day, name, direction in (
            (date(2026, 1, 31), "Unité A10", "Direction A"),
            (date(2026, 2, 1), "Équipe de février", "Direction B"),
            (date(2026, 5, 31), "Équipe de février", "Direction B"),
            (date(2026, 6, 1), "Équipe de juin", "Direction C"),
        ):
            paths = org_path(read, day)
            assert paths.work_units.get(unit).name == name
            assert paths.work_unit(unit).direction == direction
    assert astuple(figures(store).directions_total) == astuple(
        figures(store, date(2026, 1, 1)).directions_total
    )


def test_closing_with_open_actions_is_said(store, ids):
    found = seen(store, plan_of(Operation(Act.CLOSE, ids["Unité A10"])))
    assert "actions ouvertes" in found.remarks[0]
    assert reorganisation.NAME in apply(store, plan_of(Operation(Act.CLOSE, ids["Unité A10"]))).name
