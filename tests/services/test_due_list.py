"""The list of what is due: filters, groups, counters, whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from prevention_app.domain.due import DueItem, DueState
from prevention_app.domain.urgency import PRESSING, Horizon, Urgency
from prevention_app.services.due_list import (
    DueIndex,
    DueQuestion,
    Grouping,
    Sought,
    is_mine,
    without,
)

TODAY = date(2026, 11, 23)


def item(number: int, days: int | None, **values: object) -> DueItem:
    """One action, due in so many days."""
    state = DueState.UP_TO_DATE
    if days is None:
        state = DueState.UNKNOWN
    elif days < 0:
        state = DueState.LATE
    elif days <= 90:
        state = DueState.TO_PLAN
    given: dict = {
        "register": "planned_action",
        "record_id": f"r{number}",
        "reference": f"45-ACTI-K7Q-{number}",
        "title": f"Action {number}",
        "department": "45",
        "due_on": None if days is None else TODAY + timedelta(days=days),
        "state": state,
        "what": "Action de prévention",
        "responsible": "chef de service",
        "place": "Atelier",
        **values,
    }
    return DueItem(**given)


ITEMS = [
    item(1, -21),
    item(2, -3, responsible="Conseiller de prévention"),
    item(3, 4, place="Collège Montjoie"),
    item(4, 40, responsible="Mme C. Marchand"),
    item(5, 200),
    item(6, None, register="reservation"),
]


def ask(items=ITEMS, **wanted):
    """The answer to a question about these items."""
    return DueIndex(items, TODAY).answer(DueQuestion(TODAY, (), **wanted))


def shown(answer) -> dict[str, list[str]]:
    """Group → titles of its lines."""
    return {each.key: [line.text for line in each.lines] for each in answer.sections}


def test_groups_come_most_urgent_first_and_what_is_not_known_apart() -> None:
    assert shown(ask()) == {
        "late": ["Action 1", "Action 2"],
        "soon": ["Action 3"],
        "near": ["Action 4"],
        "far": ["Action 5"],
        "unknown": ["Action 6"],
    }


def test_what_waits_for_the_person_who_asks_comes_before_what_others_answer_for() -> None:
    mine = ("C. Marchand", "Conseiller de prévention")
    answer = ask(mine=mine, mine_first=True, urgencies=PRESSING)
    assert shown(answer) == {
        "mine:late": ["Action 2"],
        "mine:near": ["Action 4"],
        "others:late": ["Action 1"],
        "others:soon": ["Action 3"],
    }
    only = ask(mine=mine, sought=Sought(mine=True))
    assert shown(only) == {"late": ["Action 2"], "near": ["Action 4"]}
    assert only.figures.late == 1
    assert only.waiting[""] == 2


@pytest.mark.parametrize(
    ("responsible", "held"),
    [
        ("Mme C. Marchand", True),
        ("MARCHAND", True),
        ("conseiller de prevention", True),
        ("Marchandises et quais", False),
        ("chef de service", False),
        ("", False),
    ],
)
def test_a_responsible_is_me_by_name_or_function(responsible: str, held: bool) -> None:
    assert is_mine(responsible, ("C. Marchand", "Conseiller de prévention")) is held


def test_counters_tell_late_from_soon_and_never_count_what_is_not_known_as_late() -> None:
    figures = ask().figures
    assert (figures.late, figures.oldest_days) == (2, 21)
    assert (figures.soon, figures.this_week) == (1, 1)
    assert figures.near == 2
    assert (figures.actions, figures.actions_in_time) == (5, 3)
    assert figures.unknown == 1


@pytest.mark.parametrize(
    ("sought", "left"),
    [
        (Sought(horizon=Horizon.LATE), {"Action 1", "Action 2"}),
        (Sought(horizon=Horizon.SOON), {"Action 3"}),
        (Sought(horizon=Horizon.NEAR), {"Action 3", "Action 4"}),
        (Sought(horizon=Horizon.UNKNOWN), {"Action 6"}),
        (Sought(register="reservation"), {"Action 6"}),
        (Sought(place="Collège Montjoie"), {"Action 3"}),
        (Sought(responsible="Mme C. Marchand"), {"Action 4"}),
        (Sought(day=TODAY + timedelta(days=4)), {"Action 3"}),
        (Sought(text="montjoie COLLEGE"), {"Action 3"}),
        (Sought(text="introuvable"), set()),
    ],
)
def test_filters_leave_what_they_say(sought: Sought, left: set[str]) -> None:
    answer = ask(sought=sought)
    assert {text for lines in shown(answer).values() for text in lines} == left
    assert answer.found == len(left)


def test_the_marks_of_the_month_stay_when_one_day_is_looked_at() -> None:
    answer = ask(sought=Sought(day=TODAY + timedelta(days=4)), marks=True)
    assert answer.marks[TODAY - timedelta(days=21)] == (Urgency.LATE, 1)
    assert answer.marks[TODAY + timedelta(days=4)] == (Urgency.SOON, 1)
    assert answer.marks[TODAY + timedelta(days=200)] == (Urgency.FAR, 1)


def test_a_group_shows_its_first_lines_and_says_how_many_there_are() -> None:
    items = [item(at, -at - 1) for at in range(7)]
    (late,) = ask(items, lines=4).sections
    assert [line.text for line in late.lines] == ["Action 6", "Action 5", "Action 4", "Action 3"]
    assert (late.items, late.lines_in_all) == (7, 7)
    (late,) = ask(items, lines=4, more={"late": 6}).sections
    assert len(late.lines) == 6
    (late,) = ask(items, lines=4, folded=frozenset({"late"})).sections
    assert (late.items, late.lines) == (7, ())


def test_like_things_at_one_place_are_one_line_that_opens() -> None:
    lot = [item(at, -2, group="Extincteurs, collège", register="equipment") for at in range(3)]
    (late,) = ask(lot).sections
    (line,) = late.lines
    assert (line.text, len(line.items)) == ("Extincteurs, collège (3)", 3)
    (late,) = ask(lot, opened=frozenset({line.key})).sections
    assert [each.inside for each in late.lines] == [False, True, True, True]


@pytest.mark.parametrize(
    ("grouping", "keys"),
    [
        (Grouping.REGISTER, ["planned_action", "reservation"]),
        (Grouping.PLACE, ["Atelier", "Collège Montjoie"]),
        (
            Grouping.RESPONSIBLE,
            ["chef de service", "Conseiller de prévention", "Mme C. Marchand"],
        ),
    ],
)
def test_other_groupings_put_those_with_most_that_is_late_first(grouping, keys) -> None:
    assert [each.key for each in ask(grouping=grouping).sections] == keys


def test_only_the_departments_looked_at_count() -> None:
    items = [item(1, -1), item(2, -1, department="41"), item(3, -1, department="3D")]
    question = DueQuestion(TODAY, ("45", "3D"))
    index = DueIndex(items, TODAY)
    assert index.answer(question).waiting == {"": 2, "due": 2, "planned_action": 2}
    assert index.answer(replace(question, owners=())).waiting[""] == 3


def test_nothing_pressing_tells_the_next_date() -> None:
    answer = ask([item(1, 200), item(2, 300)], urgencies=PRESSING)
    assert answer.sections == ()
    assert answer.next_on == TODAY + timedelta(days=200)


def test_groups_after_a_full_list_come_folded_and_unfold_when_asked() -> None:
    items = [item(at, -1, place=f"Site {at % 3}") for at in range(600)]
    assert [len(each.lines) for each in ask(items, grouping=Grouping.PLACE).sections] == [
        *(200, 200, 0)
    ]
    wanted = ask(items, grouping=Grouping.PLACE, unfolded=frozenset({"Site 2"}))
    assert len(wanted.sections[2].lines) == 200


def test_a_list_of_very_many_groups_stays_small() -> None:
    items = [item(at, -1, place=f"Site {at:04}") for at in range(1200)]
    sections = ask(items, grouping=Grouping.PLACE).sections
    assert sum(len(each.lines) for each in sections) == 300
    assert len(sections) == 301
    assert (sections[-1].label, sections[-1].items) == ("Autres groupes", 900)


def test_what_is_done_leaves_an_answer_before_it_is_read_again() -> None:
    answer = without(ask(), {("planned_action", "r1"), ("planned_action", "r3")})
    assert shown(answer)["late"] == ["Action 2"]
    assert answer.sections[0].items == 1
    assert "soon" not in shown(answer)
