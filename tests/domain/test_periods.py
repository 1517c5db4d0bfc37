from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.domain.periods import add_months, quarters, twelve_months


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ("0.25", date(2026, 2, 7)),
        ("0.5", date(2026, 2, 14)),
        ("1", date(2026, 2, 28)),
        ("1.5", date(2026, 3, 14)),
        ("12", date(2027, 1, 31)),
        ("13", date(2027, 2, 28)),
        ("12.5", date(2027, 2, 14)),
        ("-3", date(2025, 10, 31)),
        ("120000", date.max),
        ("-120000", date.min),
    ],
)
def test_months_are_added_as_people_count_them(months, expected):
    assert add_months(date(2026, 1, 31), Decimal(months)) == expected


def test_a_leap_day_comes_back_on_the_28th():
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 40))
def test_a_longer_period_never_ends_earlier(day, weeks):
    shorter = add_months(day, Decimal(weeks) / 4)
    assert day < shorter <= add_months(day, Decimal(weeks + 4) / 4)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_twelve_month_periods_follow_each_other_up_to_the_day(day):
    spans = twelve_months(day, 5)
    assert spans[-1].last == day
    for earlier, later in pairwise(spans):
        assert earlier.last + timedelta(days=1) == later.first
    assert all(365 <= (each.last - each.first).days + 1 <= 366 for each in spans)


def test_a_period_is_named_after_its_years():
    assert [each.label for each in twelve_months(date(2026, 9, 30), 2)] == [
        "2024-2025",
        "2025-2026",
    ]
    assert [each.label for each in twelve_months(date(2026, 12, 31), 2)] == ["2025", "2026"]


def test_quarters_end_with_that_of_the_day():
    found = quarters(date(2026, 1, 5), 3)
    assert [each.label for each in found] == ["T3 2025", "T4 2025", "T1 2026"]
    assert (found[-1].first, found[-1].last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert found[0].holds(date(2025, 9, 30))
    assert not found[0].holds(date(2025, 10, 1))
    assert not found[0].holds(None)
