"""What leaves of counts of persons: nobody finds fewer than five of them, however they reckon."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prevention_app.catalogue.figures import FigureLevel, Indicator
from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain import counting
from prevention_app.domain.disclosure import Sum, held_back
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import (
    AccidentFact,
    CertiphytoRole,
    CredentialFact,
    Direction,
    Employer,
    Facts,
)
from prevention_app.domain.published_figures import SOURCES, published_figures
from prevention_app.services.methods import method

TODAY = date(2026, 11, 24)
DIRECTIONS = [Direction("45", name, name.lower()) for name in ("Routes", "Collèges", "Parcs")]
I = Indicator  # noqa: E741  (short in tables)


def accident(direction, days_ago=10, *, stopped=False, kind=AccidentKind.SERVICE):
    day = TODAY - timedelta(days=days_ago)
    return AccidentFact(direction, day, kind, stopped, 3 * stopped, "Outil")


def credential(direction, person, state, end):
    role = CertiphytoRole.OPERATOR
    kind = ("CERTI", "Certiphyto", "")
    return CredentialFact(direction, f"p{person}", *kind, state, True, end, role)


def figures(agents=None, accidents=(), credentials=(), full_time=300):
    facts = Facts(
        employers=(Employer("45", full_time),),
        agents=agents or {},
        accidents=accidents,
        credentials=credentials,
    )
    found = published_figures(counting.indicators(facts, method(), TODAY))
    return {(each.indicator, each.direction): each for each in found}


def told(found, indicator, direction=""):
    count = found[indicator, direction].numerator
    return None if count is None else int(count)


def test_every_indicator_has_registers_that_it_is_counted_from():
    assert set(SOURCES) == set(Indicator)


def test_a_department_tells_its_totals_and_its_directions_with_their_period():
    routes, colleges, _ = DIRECTIONS
    found = figures(
        {routes: 120, colleges: 80},
        [accident(routes, stopped=n < 6) for n in range(12)]
        + [accident(colleges, stopped=n < 7) for n in range(20)],
    )
    assert told(found, I.AGENTS) == 200
    assert told(found, I.ACCIDENTS) == 32
    assert told(found, I.ACCIDENTS, "Routes") == 12
    stopped = found[I.ACCIDENTS_STOPPED, ""]
    assert (stopped.numerator, stopped.denominator) == (13, 300 * 1607)
    assert (stopped.first, stopped.last) == (date(2025, 11, 25), TODAY)
    assert told(found, I.DAYS_LOST) == 39
    assert found[I.AGENTS, "Routes"].level is FigureLevel.DIRECTION


def test_no_rate_is_told_under_a_hundred_full_time_equivalents():
    accidents = [accident(DIRECTIONS[0], stopped=True)] * 9
    found = figures({DIRECTIONS[0]: 90}, accidents, full_time=99)
    assert found[I.ACCIDENTS_STOPPED, ""].numerator == 9
    assert found[I.ACCIDENTS_STOPPED, ""].denominator is None


def test_what_tells_of_few_is_held_back_and_so_is_what_would_give_it_away():
    routes, colleges, parcs = DIRECTIONS
    found = figures({routes: 120, colleges: 80, parcs: 3})
    assert told(found, I.AGENTS) == 203
    assert told(found, I.AGENTS, "Parcs") is None
    assert told(found, I.AGENTS, "Collèges") is None, "the rest of the total would be told"
    assert told(found, I.AGENTS, "Routes") == 120


def test_one_accident_without_stoppage_is_not_found_by_subtraction():
    found = figures(accidents=[accident(DIRECTIONS[0], stopped=n < 8) for n in range(9)])
    assert None in (told(found, I.ACCIDENTS), told(found, I.ACCIDENTS_STOPPED))


def test_one_accident_of_the_years_before_is_not_found_by_subtraction():
    accidents = [accident(DIRECTIONS[0], 800 if n == 0 else 10) for n in range(9)]
    found = figures(accidents=accidents)
    assert None in (told(found, I.ACCIDENTS), told(found, I.ACCIDENTS_5_YEARS))


def test_the_days_of_few_persons_are_held_back():
    found = figures(accidents=[accident(DIRECTIONS[0], stopped=True)] * 2)
    assert found[I.DAYS_LOST, ""].numerator is None


def test_directions_of_one_name_are_told_as_one():
    twin = Direction("45", "Routes", "another")
    found = figures({DIRECTIONS[0]: 20, twin: 30, DIRECTIONS[1]: 40})
    assert told(found, I.AGENTS, "Routes") == 50


# -- the law ------------------------------------------------------------------------------------

PLACES = st.sampled_from(DIRECTIONS)
ACCIDENTS = st.builds(
    accident,
    PLACES,
    st.sampled_from([10, 500, 1200]),
    stopped=st.booleans(),
    kind=st.sampled_from([AccidentKind.SERVICE, AccidentKind.MISSION, AccidentKind.DISEASE]),
)
CREDENTIALS = st.builds(
    credential,
    PLACES,
    st.integers(1, 12),
    st.sampled_from([DueState.UP_TO_DATE, DueState.TO_PLAN, DueState.LATE]),
    st.sampled_from([TODAY + timedelta(days=30), TODAY + timedelta(days=900)]),
)


@settings(max_examples=100, deadline=None)
@given(
    agents=st.dictionaries(PLACES, st.integers(0, 12)),
    accidents=st.lists(ACCIDENTS, max_size=40),
    credentials=st.lists(CREDENTIALS, max_size=30),
)
def test_whatever_the_rows_no_few_persons_are_told_nor_left_over(agents, accidents, credentials):
    found = figures(agents, accidents, credentials)
    persons = [
        *(I.AGENTS, I.ACCIDENTS, I.ACCIDENTS_5_YEARS, I.ACCIDENTS_STOPPED, I.STOPPED_5_YEARS),
        *(I.COMMUTING_ACCIDENTS, I.DISEASES, I.CREDENTIALS_VALID, I.CREDENTIALS_EXPIRED),
        *(I.CERTIPHYTO_HOLDERS, I.CERTIPHYTO_IN_A_YEAR),
    ]
    for indicator, place in found:
        assert indicator not in persons or told(found, indicator, place) not in (1, 2, 3, 4)
    names = {place for _, place in found if place}
    for indicator in persons:
        parts = [told(found, indicator, each) for each in names if (indicator, each) in found]
        whole = told(found, indicator) if (indicator, "") in found else None
        if whole is not None and parts:
            assert whole - sum(each or 0 for each in parts) not in (1, 2, 3, 4)
    for whole, part in (
        *((I.ACCIDENTS_5_YEARS, each) for each in (I.ACCIDENTS, I.STOPPED_5_YEARS)),
        *((each, I.ACCIDENTS_STOPPED) for each in (I.ACCIDENTS, I.STOPPED_5_YEARS)),
        (I.CERTIPHYTO_HOLDERS, I.CERTIPHYTO_IN_A_YEAR),
    ):
        for place in ("", *names):
            both = [found.get((each, place)) for each in (whole, part)]
            counts = [each.numerator for each in both if each and each.numerator is not None]
            if len(counts) == 2:
                assert counts[0] - counts[1] not in (1, 2, 3, 4)
    valid = found[I.CREDENTIALS_VALID, ""]
    if valid.numerator is not None and valid.denominator is not None:
        assert valid.denominator - valid.numerator not in (1, 2, 3, 4)


@st.composite
def tables(draw):
    """A table of persons with its totals, and a part of each cell told beside it."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    cells = {(r, c): draw(st.integers(0, 9)) for r in range(rows) for c in range(columns)}
    counts = {("cell", *at): count for at, count in cells.items()}
    sums = []
    for row in range(rows):
        parts = [("cell", row, c) for c in range(columns)]
        counts["row", row] = sum(counts[each] for each in parts)
        sums.append(Sum(("row", row), parts))
    for column in range(columns):
        parts = [("cell", r, column) for r in range(rows)]
        counts["column", column] = sum(counts[each] for each in parts)
        sums.append(Sum(("column", column), parts))
    told = list(counts)
    for at, count in cells.items():
        counts["part", *at] = draw(st.integers(0, count))
        counts["rest", *at] = count - counts["part", *at]
        told.append(("part", *at))
        sums.append(Sum(("cell", *at), [("part", *at), ("rest", *at)]))
    return counts, told, sums


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_small_count_follows_from_all_that_is_told_by_all_the_sums(table):
    counts, told, sums = table
    hidden = held_back(counts, told, sums)
    unknown = [each for each in counts if each not in told or each in hidden]
    assert not [each for each in told if each not in hidden and 0 < counts[each] < 5]
    rows = [[(each == one.whole) - (each in one.parts) for each in unknown] for one in sums]
    known = rank(rows)
    for at, each in enumerate(unknown):
        alone = [int(place == at) for place in range(len(unknown))]
        follows = rank([*rows, alone]) == known
        assert not (follows and 0 < counts[each] < 5), each


def rank(rows):
    """Of a matrix, by the schoolbook."""
    left, found = [[Fraction(each) for each in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        for row in left:
            factor = row[column] / pivot[column]
            row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    return found


def test_enough_is_told_where_nothing_is_small():
    counts = {"all": 30, "a": 10, "b": 12, "c": 8}
    assert held_back(counts, list(counts), [Sum("all", ["a", "b", "c"])]) == set()


@pytest.mark.parametrize(
    ("parts", "expected"),
    [((1, 9, 20), {0, 1}), ((0, 1, 20), {1, 2}), ((2, 2, 20), {0, 1, 2}), ((2, 4, 20), {0, 1})],
)
def test_the_smallest_count_that_suffices_goes_with_a_small_one(parts, expected):
    counts = dict(enumerate(parts)) | {"all": sum(parts)}
    hidden = held_back(counts, list(counts), [Sum("all", list(range(len(parts))))])
    assert hidden - {"all"} == expected
