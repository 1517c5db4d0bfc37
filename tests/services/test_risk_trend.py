from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prevention_app.domain.ratings import assess
from prevention_app.services import methods, risk_document, risk_trend
from prevention_app.services.risk_trend import Moment
from tests.services.test_risk_index import read_all

TODAY = date(2026, 11, 24)


def made(store, *risks: tuple[str, list[tuple[date | None, tuple[int, int, int]]]]) -> list[str]:
    """Risks of units (by name), each with its ratings in the order in which they are entered."""
    units: dict[str, str] = {}
    found: list[str] = []
    with store.change("Préparer") as work:
        for unit, ratings in risks:
            if unit not in units:
                units[unit] = work.new("work_unit", name=unit).id
            state = "evaluated" if ratings else "to_evaluate"
            risk = work.new("risk", work_unit=units[unit], situation="danger", evaluation=state).id
            for day, (g, f, m) in ratings:
                work.new("rating", risk=risk, severity=g, frequency=f, control=m, rated_on=day)
            found.append(risk)
    return found


def history(store, owners=()) -> risk_trend.RatingHistory:
    index = read_all(store)
    with store.reading() as read:
        return risk_trend.history(store, read, index.placed, index.leads, index.variants, owners)


def told(history, units=None) -> dict[str, dict[int, int]]:
    return {each.moment.name: dict(each.ranks) for each in history.counts(units)}


def rank(figures: tuple[int, int, int]) -> int:
    names = ("severity", "frequency", "control")
    return assess(methods.method(), dict(zip(names, figures, strict=True))).residual_level.rank


def test_each_year_end_tells_the_levels_that_counted_then(store) -> None:
    made(
        store,
        ("Atelier", [(date(2024, 5, 1), (4, 4, 4)), (date(2026, 2, 1), (4, 4, 1))]),
        ("Atelier", [(date(2025, 5, 1), (1, 1, 1))]),
        ("Cuisine", [(date(2026, 1, 5), (3, 4, 3))]),
    )
    assert told(history(store)) == {
        "Fin 2024": {4: 1},
        "Fin 2025": {4: 1, 1: 1},
        "Aujourd’hui": {2: 1, 1: 1, 3: 1},
    }


def test_a_rating_without_a_date_counts_from_its_entry_until_there_is_a_dated_one(store) -> None:
    made(
        store,
        ("Atelier", [(None, (4, 4, 4))]),
        ("Atelier", [(date(2024, 5, 1), (1, 1, 1)), (None, (4, 4, 4))]),
    )
    assert told(history(store)) == {
        "Fin 2024": {1: 1},
        "Fin 2025": {1: 1},
        "Aujourd’hui": {4: 1, 1: 1},
    }


def test_a_risk_that_was_deleted_counts_until_that_day(store) -> None:
    gone, _ = made(
        store,
        ("Atelier", [(date(2024, 5, 1), (4, 4, 4))]),
        ("Atelier", [(date(2024, 5, 1), (1, 1, 1))]),
    )
    risk_document.remove(store, [gone])
    assert told(history(store)) == {
        "Fin 2024": {4: 1, 1: 1},
        "Fin 2025": {4: 1, 1: 1},
        "Aujourd’hui": {1: 1},
    }


def test_a_branch_and_a_family_are_counted_alone(store) -> None:
    made(
        store,
        ("Atelier", [(date(2025, 5, 1), (4, 4, 4))]),
        ("Cuisine", [(date(2025, 5, 1), (1, 1, 1))]),
    )
    with store.reading() as read:
        (unit,) = [key for key, name in read.walk(_units(), ("name",)) if name == "Cuisine"]
    found = history(store)
    assert told(found, [unit])["Fin 2025"] == {1: 1}
    assert found.at(None, TODAY, frozenset({"x"})) == {}


def _units():
    from prevention_app.storage.query import Query

    return Query("work_unit")


def test_closed_versions_are_moments_of_their_own(store) -> None:
    made(store, ("Atelier", [(date(2025, 5, 1), (4, 4, 4))]))
    with store.change("Figer") as work:
        for name, state, scope in (
            ("45-2026-1", "sealed", None),
            ("45-2026-2", "project", None),
            ("45-2026-3", "sealed", "CER de Gien"),
        ):
            work.new(
                "document_version",
                name=name,
                year=2026,
                number=1,
                state=state,
                scope=scope,
                as_at=date(2026, 6, 30),
                elaborated_on=date(2026, 6, 30),
                kept_until=date(2066, 6, 30),
            )
    found = history(store)
    assert found.moments == [
        Moment(date(2025, 12, 31), "Fin 2025"),
        Moment(date(2026, 6, 30), "45-2026-1"),
        Moment(TODAY, "Aujourd’hui"),
    ]
    assert history(store, ("41",)).moments[0].name == "Fin 2025"


def test_what_is_to_be_evaluated_now_is_told_as_not_rated(store) -> None:
    made(store, ("Atelier", []), ("Atelier", [(date(2025, 5, 1), (4, 4, 4))]))
    assert told(history(store))["Aujourd’hui"] == {0: 1, 4: 1}


day = st.none() | st.dates(date(2022, 1, 1), TODAY)
figures = st.tuples(*[st.integers(1, 4)] * 3)
risks = st.lists(
    st.tuples(
        st.sampled_from(["Atelier", "Cuisine"]), st.lists(st.tuples(day, figures), max_size=4)
    ),
    max_size=6,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(risks)
def test_the_counts_are_those_of_going_through_all_ratings_day_by_day(store, drawn) -> None:
    with store.reading() as read:
        before = [key for (key,) in read.walk(_risks(), ())]
    if before:
        risk_document.remove(store, before)
    made(store, *drawn)
    found = history(store)
    for back in (0, 1, 200, 700, 1400):
        when = TODAY - timedelta(days=back)
        assert _live(found, when) == _expected(drawn, when)


def _risks():
    from prevention_app.storage.query import Query

    return Query("risk")


def _live(found, when) -> dict[int, int]:
    """What a history tells of the risks that are still there."""
    counts: dict[int, int] = {}
    for pasts in found._by_unit.values():
        for past in pasts:
            if past.until is None and past.there(when):
                told = past.rank_at(when)
                counts[told] = counts.get(told, 0) + 1
    return counts


def _expected(drawn, when) -> dict[int, int]:
    """Going through all ratings: entered today, in the order in which they are given."""
    counts: dict[int, int] = {}
    for _, ratings in drawn:
        counting = [
            (rated_on or date.min, at, told)
            for at, (rated_on, told) in enumerate(ratings)
            if (rated_on or TODAY) <= when
        ]
        if counting:
            level = rank(max(counting)[2])
        elif when == TODAY:
            level = 0
        else:
            continue
        counts[level] = counts.get(level, 0) + 1
    return counts
