"""What keeps lists, pages and checks quick where there are very many records."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import event

from prevention_app.catalogue.description import Catalogue
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import journal
from prevention_app.storage.engine import writing
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check, verify_chains
from tests.storage.acts import add, listed

LISTED = [each.key for each in declared_catalogue() if each.order]
WALKED = [
    each.key
    for each in declared_catalogue()
    if each.order and not any(each.by_key[name.removeprefix("-")].target for name in each.order)
]
"""Registers that stand in the order of their own fields."""
OWNERS = [(), ("45",), ("45", "41")]


def plan_of(read: Reader, act: Callable[[], object]) -> list[str]:
    """How SQLite goes about what is read."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, *_) -> None:
        asked.append((statement, values))

    event.listen(read.connection, "before_cursor_execute", note)
    act()
    event.remove(read.connection, "before_cursor_execute", note)
    (statement, values), *_ = asked
    return [
        row[3] for row in read.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]


def steps_over(plan: list[str], register: str) -> list[str]:
    """How the register's own table is gone through."""
    return [each for each in plan if each.split()[1] == f"r_{register}"]


@pytest.mark.parametrize("owners", OWNERS)
def test_lists_are_walked_in_their_declared_order_without_being_sorted(
    store: Store, owners: tuple[str, ...]
):
    with store.reading() as read:
        for register in WALKED:
            plan = plan_of(read, partial(read.ids, Query(register, owners=owners)))
            assert steps_over(plan, register) == [
                f"SCAN r_{register} USING COVERING INDEX i_r_{register}_order"
            ]
            assert not any("TEMP B-TREE" in each for each in plan), register


@pytest.mark.parametrize("owners", OWNERS)
def test_records_are_counted_and_sorted_without_reading_them(store: Store, owners: tuple[str, ...]):
    with store.reading() as read:
        for register in LISTED:
            query = Query(register, owners=owners)
            for act in (read.count, read.ids):
                plan = plan_of(read, partial(act, query))
                (step,) = steps_over(plan, register)
                assert "USING COVERING INDEX" in step


def test_a_page_anywhere_is_reached_over_the_index(store: Store):
    with store.reading() as read:
        for register in WALKED:
            plan = plan_of(read, partial(read.records, Query(register), offset=500, limit=64))
            by_id, walked = steps_over(plan, register)
            assert "PRIMARY KEY (_id=?)" in by_id
            assert f"COVERING INDEX i_r_{register}_order" in walked


def test_what_no_index_answers_reads_the_table_once_from_end_to_end(store: Store):
    query = Query("health_safety_entry", owners=("45",))
    other_order = Query("health_safety_entry", order=("nature",))
    with store.reading() as read:
        for act in (
            partial(read.ids, other_order),
            partial(read.sums, query, (), "nature"),
            partial(read.sums, query, (), "site"),
            partial(read.columns, query, ("observation",)),
        ):
            (step,) = steps_over(plan_of(read, act), "health_safety_entry")
            assert step == "SCAN r_health_safety_entry"


def test_pages_are_the_parts_of_the_whole_list(store: Store):
    with store.change("Ajouter") as work:
        for at in range(25):
            day = date(2025, 1, 1) + timedelta(days=at % 7)
            number = None if at % 5 == 0 else f"É{at % 3}"
            work.new("accident", happened_on=day, number=number, owner="41" if at % 2 else "45")
    for owners in OWNERS:
        whole = [each.id for each in listed(store, "accident", owners=owners)]
        with store.reading() as read:
            query = Query("accident", owners=owners)
            pages = [
                [each.id for each in read.records(query, offset=at, limit=4)]
                for at in range(0, 28, 4)
            ]
            assert read.ids(query).split("\n") == whole
        assert [each for page in pages for each in page] == whole


def test_a_workspace_from_before_gets_the_columns_and_indexes_of_its_lists(store: Store):
    for name in ("Zone", "école", "Ateliers"):
        add(store, "site", name=name)
    store.replace_reference_rows(
        "a" * 64,
        "ephy",
        {"active_substance": [{"name": "soufre"}, {"name": "Éthéphon"}, {"name": "cuivre"}]},
    )
    with store.connecting() as connection, writing(connection):
        for table in ("r_site", "r_active_substance"):
            connection.exec_driver_sql(f"DROP INDEX i_{table}_order")
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN _sorted_name")
        journal.set_meta(connection, "tables", "as the version before declared them")
    store.close()
    again = Store(store.folder, declared_catalogue())
    assert [each.name for each in listed(again, "site")] == ["Ateliers", "école", "Zone"]
    assert [each.name for each in listed(again, "active_substance")] == [
        "cuivre",
        "Éthéphon",
        "soufre",
    ]
    with again.reading() as read:
        for register in ("site", "active_substance"):
            plan = plan_of(read, partial(read.ids, Query(register)))
            assert not any("TEMP B-TREE" in each for each in plan)
    assert check(again) == []
    again.close()


def test_another_declared_order_gets_another_index_and_makes_no_row_again(store: Store):
    for name, town in (("Ateliers", "Vendôme"), ("Zone", "Blois")):
        add(store, "site", name=name, town=town)
    with store.connecting() as connection, writing(connection):
        # A row made again from the journal would lose this trace.
        connection.exec_driver_sql("UPDATE r_site SET _counter = 'trace' WHERE name = 'Zone'")
    store.close()
    declared = Catalogue(
        dataclasses.replace(each, order=("town",)) if each.key == "site" else each
        for each in declared_catalogue()
    )
    assert not Store.is_current(store.folder, declared)
    again = Store(store.folder, declared)
    assert Store.is_current(store.folder, declared)
    with again.reading() as read:
        plan = plan_of(read, partial(read.ids, Query("site")))
        traces = read.connection.exec_driver_sql(
            "SELECT name FROM r_site WHERE _counter = 'trace'"
        ).scalars()
        assert list(traces) == ["Zone"]
    assert not any("TEMP B-TREE" in each for each in plan)
    assert [each.town for each in listed(again, "site")] == ["Blois", "Vendôme"]
    again.close()


def test_a_folded_form_that_was_out_of_use_is_made_again(store: Store):
    add(store, "site", name="Dépôt")
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("UPDATE r_site SET _sorted_name = 'as before its renaming'")
        journal.set_meta(connection, "orders", "as the version before declared them")
    store.close()
    again = Store(store.folder, declared_catalogue())
    assert check(again) == []
    again.close()


def test_what_a_text_is_sorted_by_is_checked_under_its_name(store: Store):
    add(store, "site", name="Dépôt")
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("UPDATE r_site SET _sorted_name = 'z'")
    (said,) = check(store)
    assert "diffère de l’historique (Nom" in said


def test_readings_share_a_connection_until_the_store_is_closed(store: Store):
    add(store, "job", name="Maçon")
    used: list[object] = []
    for _ in range(2):
        with store.reading() as read, store.reading() as beside:
            used += [each.connection.connection.dbapi_connection for each in (read, beside)]
    first, beside_first, second, _ = used
    assert first is not beside_first
    assert second in (first, beside_first)
    store.close()
    assert not (store.folder / "data.db-wal").exists()


def seconds_to_read_one_change(station, records: int) -> float:
    """Of work, for the check of a chain whose last entry holds so many records."""
    store = station("45")
    with store.change("Ajouter") as work:
        for _ in range(records):
            work.new(
                "accident",
                happened_on=date(2025, 1, 1),
                circumstances="Chute",
                person_name="Durand",
            )
    with store.reading() as read:
        start = time.thread_time()
        assert verify_chains(read.connection) == []
        assert sum(len(each) for each in journal.all_leaves(read.connection)) > 3 * records
        return time.thread_time() - start


def test_a_change_of_many_records_is_checked_in_time_that_grows_as_their_number(station):
    few, many = (seconds_to_read_one_change(station, number) for number in (400, 3200))
    assert many < 14 * few, f"{many / few:.0f} times as long for 8 times as many"
