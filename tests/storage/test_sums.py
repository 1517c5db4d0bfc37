"""Lists of ids, sums and groups: what a table needs without reading its rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prevention_app.storage.query import Condition, GivenUp, Op, Query
from prevention_app.storage.store import Store
from tests.storage.acts import add, delete, listed


@pytest.fixture
def accidents(store: Store) -> Store:
    for day, kind, days in (
        (date(2024, 5, 2), "service", 3),
        (date(2025, 1, 9), "commuting", None),
        (date(2025, 7, 1), "service", 12),
    ):
        add(store, "accident", happened_on=day, kind=kind, days_lost=days)
    return store


def test_all_ids_come_as_one_text_in_the_order_of_the_list(accidents: Store) -> None:
    query = Query("accident", order=("-happened_on",))
    with accidents.reading() as read:
        found = read.ids(query)
        first = read.ids(query, limit=1)
        assert read.ids(Query("site")) == ""
    wanted = [each.id for each in listed(accidents, "accident", order=("-happened_on",))]
    assert (found, first) == ("\n".join(wanted), wanted[0])


def test_number_fields_add_up_over_what_a_query_finds(accidents: Store) -> None:
    where = (Condition("kind", Op.IS, "service"),)
    with accidents.reading() as read:
        (all_of_it,) = read.sums(Query("accident"), ["days_lost"])
        (some,) = read.sums(Query("accident", where), ["days_lost"])
    assert (all_of_it.count, all_of_it.totals["days_lost"]) == (3, (2, Decimal(15)))
    assert (some.count, some.totals["days_lost"]) == (2, (2, Decimal(15)))


def test_groups_are_made_by_a_choice_and_by_the_year_of_a_date(accidents: Store) -> None:
    delete(accidents, "accident", listed(accidents, "accident", order=("happened_on",))[0])
    with accidents.reading() as read:
        kinds = read.sums(Query("accident"), ["days_lost"], by="kind")
        years = read.sums(Query("accident"), ["days_lost"], by="happened_on")
    assert {each.value: each.count for each in kinds} == {"service": 1, "commuting": 1}
    assert [(each.value, each.totals["days_lost"]) for each in years] == [(2025, (1, Decimal(12)))]


def test_sums_of_decimals_show_no_trace_of_floats(store: Store) -> None:
    site = add(store, "site", name="Dépôt")
    for months in (Decimal("0.1"), Decimal("0.2")):
        add(store, "equipment", site=site.id, name="Échelle", months=months)
    with store.reading() as read:
        (found,) = read.sums(Query("equipment"), ["months"])
    assert found.totals["months"] == (2, Decimal("0.3"))


def test_a_reading_that_nobody_wants_any_more_is_given_up(store: Store) -> None:
    with store.change("Ajouter") as work:
        for at in range(3000):
            work.new("site", name=f"Site {at}")
    with store.reading() as read:
        with pytest.raises(GivenUp), read.while_wanted(lambda: False):
            read.ids(Query("site"))
        assert read.count(Query("site")) == 3000
