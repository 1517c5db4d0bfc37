from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from prevention_app.domain.due import (
    DueItem,
    DueState,
    alert_window,
    first_groups,
    next_due,
    state_on,
    until,
    urgency,
)

TODAY = date(2026, 11, 24)


def item(number, state=DueState.LATE, due_on=None, **values):
    given = {"register": "equipment", "department": "45", "what": "Vérification annuelle"}
    given |= {"responsible": "chef d’établissement", "title": f"Extincteur {number}"} | values
    return DueItem(
        record_id=str(number),
        reference=f"45-EQUI-K7Q-{number}",
        due_on=due_on,
        state=state,
        **given,
    )


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, DueState.LATE),
        (0, DueState.TO_PLAN),
        (30, DueState.TO_PLAN),
        (31, DueState.UP_TO_DATE),
    ],
)
def test_a_date_is_late_from_the_day_after_and_to_plan_in_its_window(days, state):
    assert state_on(TODAY + timedelta(days=days), TODAY, 30) is state


def test_a_date_that_nobody_entered_is_never_late():
    assert state_on(None, TODAY) is DueState.UNKNOWN


def test_the_next_date_needs_the_last_one_and_a_period():
    assert next_due(date(2026, 1, 31), Decimal(1)) == date(2026, 2, 28)
    assert next_due(None, Decimal(1)) is None
    assert next_due(TODAY, None) is None
    assert next_due(TODAY, Decimal(0)) is None


@pytest.mark.parametrize(
    ("months", "days"),
    [("12", 60), ("6", 30), ("3", 15), ("1", 5), ("0.25", 1), ("60", 90), (None, 90)],
)
def test_notice_follows_the_length_of_the_period(months, days):
    assert alert_window(Decimal(months) if months else None) == days


def test_lists_begin_with_what_presses():
    late = item(1, due_on=date(2026, 1, 1))
    later = item(2, due_on=date(2026, 6, 1))
    never = item(3, DueState.NEVER_DONE)
    soon = item(4, DueState.TO_PLAN, TODAY)
    planned = item(5, DueState.TO_PLAN)
    calm = item(6, DueState.UP_TO_DATE, date(2028, 1, 1))
    unknown = item(7, DueState.UNKNOWN)
    suspended = item(8, DueState.SUSPENDED)
    pointless = item(9, DueState.NOT_APPLICABLE)
    expected = [late, later, never, soon, planned, calm, unknown, suspended, pointless]
    shuffled = expected[4:] + expected[:4]
    assert sorted(shuffled, key=urgency) == expected


def test_until_a_day_leaves_out_what_calls_for_no_act_by_then():
    day = date(2026, 12, 31)
    kept = [
        item(1, due_on=date(2026, 1, 1)),
        item(2, DueState.TO_PLAN, day),
        item(3, DueState.NEVER_DONE),
    ]
    others = [
        item(4, DueState.UP_TO_DATE, day + timedelta(days=1)),
        item(5, DueState.TO_PLAN),
        item(6, DueState.UNKNOWN),
        item(7, DueState.SUSPENDED),
    ]
    assert until([*kept, *others], day) == kept
    assert until([*kept, *others], None) == [*kept, *others]


def test_like_items_at_one_place_are_one_line():
    kin = {"group": "Extincteurs, Collège Montjoie"}
    items = [
        item(1, DueState.UP_TO_DATE, date(2027, 5, 1), count=36, **kin),
        item(2, due_on=date(2026, 3, 1), **kin),
        item(3, due_on=date(2026, 2, 1), group="Extincteurs, Hôtel du Département"),
        item(4, due_on=date(2026, 1, 1), responsible="parc automobile", **kin),
        item(5, due_on=date(2026, 4, 1)),
        item(6, due_on=date(2026, 5, 1)),
    ]
    lines = first_groups(items, 100)[0]
    assert [each.text for each in lines] == [
        "Extincteur 4",
        "Extincteur 3",
        "Extincteurs, Collège Montjoie (37)",
        "Extincteur 5",
        "Extincteur 6",
    ]
    assert lines[2].first.record_id == "2"
    assert lines[2].count == 37
