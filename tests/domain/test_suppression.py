from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain.counting import indicators
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import (
    AccidentFact,
    CertiphytoRole,
    CredentialFact,
    Direction,
    Employer,
    Facts,
)
from prevention_app.domain.suppression import hidden_cells, hidden_places, shown, without_small
from prevention_app.services.methods import method

AS_AT = date(2026, 9, 30)
LARGE, SMALL, TINY = (Direction("45", name, name) for name in ("Grande", "Petite", "Infime"))

counts = st.integers(0, 12)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(st.lists(counts, max_size=8))
def test_nobody_recovers_a_small_count_from_a_total(line):
    told = shown(line)
    assert all(each is None or each == 0 or each >= 5 for each in told)
    hidden = [count for count, each in zip(line, told, strict=True) if each is None]
    if hidden and sum(line) >= 5:
        assert len(hidden) >= 2
        assert sum(hidden) >= 5


@given(st.lists(counts, max_size=8))
def test_zero_tells_of_nobody_and_stays(line):
    assert all(line[place] > 0 for place in hidden_places(line))


@given(tables)
def test_no_row_and_no_column_of_a_table_gives_a_small_count_away(table):
    hidden = hidden_cells(table)
    assert all(
        (row, column) in hidden
        for row, line in enumerate(table)
        for column, count in enumerate(line)
        if 0 < count < 5
    )
    height, width = len(table), len(table[0])
    lines = [[(row, column) for column in range(width)] for row in range(height)]
    lines += [[(row, column) for row in range(height)] for column in range(width)]
    for cells in [each for each in lines if len(each) > 1]:
        out = [table[row][column] for row, column in cells if (row, column) in hidden]
        if out and sum(table[row][column] for row, column in cells) >= 5:
            assert len(out) >= 2
            assert sum(out) >= 5


def test_a_table_without_small_counts_keeps_everything():
    assert hidden_cells([[5, 0, 9], [12, 7, 0]]) == set()


def test_the_smallest_other_count_goes_with_a_small_one():
    assert shown([30, 2, 7, 0]) == [30, None, None, 0]
    assert shown([3, 0]) == [None, 0]
    assert shown([2, 2, 30]) == [None, None, None]


def test_a_department_may_ask_for_more():
    assert shown([9, 30, 40], 10) == [None, None, 40]


def accidents(direction, count, *, stopped=0, kind=AccidentKind.SERVICE, element="Chute"):
    return [
        AccidentFact(direction, AS_AT, kind, number < stopped, 3 * (number < stopped), element)
        for number in range(count)
    ]


def credentials(code, state, count, role=None):
    end = date(2030, 1, 1)
    return [
        CredentialFact(LARGE, f"{code}{state}{number}", code, code, "", state, True, end, role)
        for number in range(count)
    ]


def full():
    facts = Facts(
        (Employer("45", 1000),),
        {LARGE: 600, SMALL: 396, TINY: 4},
        accidents=[
            *accidents(LARGE, 20, stopped=12),
            *accidents(SMALL, 6, stopped=2, element="Outil"),
            *accidents(TINY, 1, element="Autre"),
            *accidents(LARGE, 2, kind=AccidentKind.MISSION, element="Véhicule"),
            *accidents(LARGE, 3, kind=AccidentKind.COMMUTING),
        ],
        credentials=[
            *credentials("SST", DueState.UP_TO_DATE, 20),
            *credentials("SST", DueState.LATE, 2),
            *credentials("PRAP", DueState.LATE, 8),
            *credentials("PRAP", DueState.UP_TO_DATE, 6),
            *credentials("CERTIPHYTO-OPE", DueState.UP_TO_DATE, 3, CertiphytoRole.OPERATOR),
        ],
    )
    return indicators(facts, method(), AS_AT)


def test_what_leaves_the_service_tells_of_no_few_persons():
    told = without_small(full())
    tables = [
        [
            (line.agents, line.accidents, line.accidents_5_years, line.expired)
            for line in told.directions
        ],
        [(line.current, line.previous) for line in told.accident_causes],
        [(line.current, line.previous) for line in told.accident_kinds],
        [
            (line.valid, line.to_renew, line.expired, line.unknown, line.planned)
            for line in (*told.credentials, told.credentials_total)
        ],
        [(line.operators, line.deciders, line.others, line.holders) for line in told.certiphyto],
        [
            (line.accidents, line.with_stoppage, line.commuting, line.diseases, line.near_misses)
            for line in told.accident_periods
        ],
    ]
    for table in tables:
        assert all(count is None or count == 0 or count >= 5 for line in table for count in line)


def test_large_figures_stay():
    told = without_small(full())
    assert told.agents == 1000
    assert told.accident_periods[-1].accidents == 29
    assert told.accident_periods[-1].with_stoppage == 14
    assert told.accident_periods[-1].frequency_rate is not None
    assert told.directions_total == full().directions_total


def test_a_second_direction_hides_the_small_one():
    told = without_small(full())
    assert [line.agents for line in told.directions] == [600, None, None]
    assert [line.accidents for line in told.directions] == [22, None, None]


def test_a_rate_goes_with_the_count_that_it_would_give_away():
    before, told = full(), without_small(full())
    assert before.directions[1].frequency_rate_5_years is not None
    assert before.directions[1].with_stoppage_5_years == 2
    assert told.directions[1].frequency_rate_5_years is None
    assert told.directions[1].days_5_years is None


def test_accidents_on_missions_cannot_be_had_by_subtraction():
    told = without_small(full())
    kinds = {line.label: line.current for line in told.accident_kinds}
    assert kinds["Accident de service"] is None
    assert kinds["Accident en mission"] is None


def test_few_without_stoppage_are_not_told_either():
    facts = Facts((Employer("45", 1000),), {}, accidents=accidents(LARGE, 20, stopped=19))
    period = without_small(indicators(facts, method(), AS_AT)).accident_periods[-1]
    assert (period.accidents, period.with_stoppage, period.frequency_rate) == (20, None, None)


def test_credentials_hide_in_both_directions_of_the_table():
    told = {line.type_code: line for line in without_small(full()).credentials}
    for code, state in product(("SST", "PRAP"), ("valid", "expired")):
        assert getattr(told[code], state) is None
    assert told["SST"].rate is None
    assert told["SST"].planned == 0
