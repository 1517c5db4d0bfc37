from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prevention_app.errors import NotFound
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.storage.store import Store
from tests.storage.acts import add, add_accident, amend, get, listed


def names(store: Store, *where: Condition, **wanted) -> list[str]:
    return [each.name for each in listed(store, "equipment", where=where, **wanted)]


@pytest.fixture
def equipment(store: Store) -> Store:
    site = add(store, "site", name="Dépôt de Gien")
    with store.change("Ajouter") as work:
        for name, count, months, make, never in (
            ("Échelle", 3, Decimal(12), "Étoile", True),
            ("eau chaude (ballon)", None, None, None, False),
            ("Zébra", 10, Decimal("0.5"), "zèle", False),
            ("Ecran", 2, Decimal(36), "", False),
            ("élingue", 20, Decimal(12), "ÉTOILE", False),
        ):
            work.new(
                "equipment",
                site=site.id,
                name=name,
                count=count,
                months=months,
                make=make,
                never_inspected=never,
            )
    return store


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Condition("name", Op.IS, "Zébra"), {"Zébra"}),
        (Condition("count", Op.IS, 3), {"Échelle"}),
        (Condition("count", Op.IS, None), {"eau chaude (ballon)"}),
        (Condition("months", Op.IS, Decimal("0.50")), {"Zébra"}),
        (Condition("never_inspected", Op.IS, True), {"Échelle"}),
        (Condition("count", Op.IS_NOT, 3), {"eau chaude (ballon)", "Zébra", "Ecran", "élingue"}),
        (Condition("count", Op.ANY_OF, [2, 3, 99]), {"Échelle", "Ecran"}),
        (Condition("count", Op.FROM, 10), {"Zébra", "élingue"}),
        (Condition("count", Op.UNTIL, 3), {"Échelle", "Ecran"}),
        (Condition("months", Op.FROM, Decimal(12)), {"Échelle", "Ecran", "élingue"}),
        (Condition("make", Op.EMPTY), {"eau chaude (ballon)", "Ecran"}),
        (Condition("make", Op.FILLED), {"Échelle", "Zébra", "élingue"}),
        (Condition("make", Op.CONTAINS, "étoi"), {"Échelle", "élingue"}),
        (Condition("name", Op.CONTAINS, "EC"), {"Échelle", "Ecran"}),
        (Condition("name", Op.CONTAINS, "%"), set()),
    ],
)
def test_each_kind_of_filter(equipment: Store, condition: Condition, found: set[str]):
    assert set(names(equipment, condition)) == found
    with equipment.reading() as read:
        assert read.count(Query("equipment", where=(condition,))) == len(found)


def test_all_filters_must_hold(equipment: Store):
    assert names(
        equipment, Condition("months", Op.IS, Decimal(12)), Condition("count", Op.FROM, 5)
    ) == ["élingue"]


def test_names_are_ordered_as_people_expect_accents_and_capitals_aside(equipment: Store):
    ordered = ["eau chaude (ballon)", "Échelle", "Ecran", "élingue", "Zébra"]
    assert names(equipment, order=("name",)) == ordered
    assert names(equipment, order=("-name",)) == ordered[::-1]


def test_numbers_are_ordered_as_numbers_and_what_is_empty_comes_last(equipment: Store):
    rising = ["Ecran", "Échelle", "Zébra", "élingue"]
    assert names(equipment, order=("count",)) == [*rising, "eau chaude (ballon)"]
    assert names(equipment, order=("-count",)) == [*rising[::-1], "eau chaude (ballon)"]
    assert names(equipment, order=("months", "-name"))[:3] == ["Zébra", "élingue", "Échelle"]


def test_references_are_ordered_by_number(store: Store):
    for number in range(11):
        add(store, "job", name=f"{99 - number}")
    ordered = [
        each.reference.rpartition("-")[2] for each in listed(store, "job", order=("reference",))
    ]
    assert ordered == [str(number) for number in range(1, 12)]


def test_a_reference_is_ordered_by_the_name_of_what_it_leads_to(store: Store):
    sites = {name: add(store, "site", name=name).id for name in ("Zone", "Étang", "eau")}
    for name, site in sites.items():
        add(store, "equipment", name=f"à {name}", site=site)
    assert names(store, order=("site",)) == ["à eau", "à Étang", "à Zone"]


def test_without_an_order_the_declared_one_holds(store: Store):
    for day in (2, 30, 11):
        add_accident(store, happened_on=date(2025, 1, day))
    assert [each.happened_on.day for each in listed(store, "accident")] == [30, 11, 2]


def test_pages_together_hold_every_record_once_however_many_are_equal(store: Store):
    with store.change("Importer") as work:
        for _ in range(57):
            work.new("job", name="tous pareils")
    query = Query("job", order=("name",))
    with store.reading() as read:
        pages = [read.records(query, offset, 10) for offset in range(0, 60, 10)]
        whole = read.records(query)
    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 7]
    assert [each.id for page in pages for each in page] == [each.id for each in whole]
    assert len({each.id for each in whole}) == 57


def test_one_reading_sees_one_state(store: Store):
    job = add(store, "job", name="avant")
    with store.reading() as read:
        assert read.count(Query("job")) == 1
        amend(store, "job", job, name="après")
        add(store, "job", name="autre")
        assert [each.name for each in read.records(Query("job"))] == ["avant"]
    assert len(listed(store, "job")) == 2


def test_a_filter_on_a_field_that_does_not_exist_is_refused(store: Store):
    with pytest.raises(NotFound, match="couleur"):
        listed(store, "job", where=(Condition("couleur", Op.IS, "bleu"),))


def test_titles_of_many_records_are_read_through_what_they_refer_to(store: Store):
    site = add(store, "site", name="Dépôt")
    rooms = [add(store, "store_room", name=f"Local {n}", site=site.id) for n in range(3)]
    with store.reading() as read:
        titles = read.titles("store_room", [each.id for each in rooms] + [None, "", "absent"])
    assert set(titles.values()) == {"Local 0 · Dépôt", "Local 1 · Dépôt", "Local 2 · Dépôt"}


def test_more_records_are_asked_for_by_id_than_one_statement_holds(store: Store):
    with store.change("Importer") as work:
        ids = [work.new("job", name=str(number)).id for number in range(1300)]
    with store.reading() as read:
        assert len(read.titles("job", ids)) == 1300


def test_what_is_not_there_is_said_in_a_sentence(store: Store):
    with store.reading() as read, pytest.raises(NotFound, match="Métiers"):
        read.get("job", "absent")


class TestTreesWithCycles:
    """A merge may bend a tree into a circle: everything still reads, lists and orders."""

    @pytest.fixture
    def circle(self, store: Store) -> Store:
        first = add(store, "org_unit", name="A")
        second = add(store, "org_unit", name="B", parent=first.id)
        third = add(store, "org_unit", name="C", parent=second.id)
        amend(store, "org_unit", first, parent=third.id)
        return store

    def test_it_lists_and_orders(self, circle: Store):
        assert [each.name for each in listed(circle, "org_unit", order=("parent", "name"))] == [
            "B",
            "C",
            "A",
        ]

    def test_its_titles_read(self, circle: Store):
        units = listed(circle, "org_unit")
        with circle.reading() as read:
            assert set(read.titles("org_unit", [each.parent for each in units]).values()) == {
                "A",
                "B",
                "C",
            }

    def test_records_in_it_are_written_and_rebuilt(self, circle: Store):
        unit = listed(circle, "org_unit")[0]
        add(circle, "work_unit", name="Atelier", org_unit=unit.id)
        assert circle.rebuild() > 0
        assert len(listed(circle, "org_unit")) == 3

    def test_a_unit_may_even_be_its_own_parent(self, store: Store):
        unit = add(store, "org_unit", name="A")
        amend(store, "org_unit", unit, parent=unit.id)
        assert [each.name for each in listed(store, "org_unit", order=("parent",))] == ["A"]


class TestJoinedRecords:
    """Two records for one thing: one of them stands for both, and none is ever lost from view."""

    def join(self, store: Store, *pairs: tuple[str, str]) -> dict[str, str]:
        ids = {name: add(store, "site", name=name).id for name in "ABC"}
        with store.change("Réunir") as work:
            for one, other in pairs:
                work.join("site", get(store, "site", ids[one]), ids[other])
        return ids

    def shown(self, store: Store) -> list[str]:
        return [each.name for each in listed(store, "site")]

    def test_the_other_one_stands_for_both(self, store: Store):
        ids = self.join(store, ("A", "B"))
        assert self.shown(store) == ["B", "C"]
        with store.reading() as read:
            assert read.get("site", ids["A"]).name == "B"
            assert read.find(get(store, "site", ids["A"]).reference)[1].name == "B"
            assert read.count(Query("site")) == 2
        store.undo()
        assert self.shown(store) == ["A", "B", "C"]

    def test_a_chain_leads_to_its_end(self, store: Store):
        ids = self.join(store, ("A", "B"), ("B", "C"))
        assert self.shown(store) == ["C"]
        with store.reading() as read:
            assert read.get("site", ids["A"]).name == "C"

    def test_of_two_joined_crosswise_the_first_stands_for_both(self, store: Store):
        ids = self.join(store, ("A", "B"), ("B", "A"))
        assert self.shown(store) == ["A", "C"]
        with store.reading() as read:
            assert {read.get("site", ids[each]).name for each in "AB"} == {"A"}

    def test_a_record_joined_to_itself_stands_for_itself(self, store: Store):
        ids = self.join(store, ("A", "A"))
        assert self.shown(store) == ["A", "B", "C"]
        with store.reading() as read:
            assert read.get("site", ids["A"]).name == "A"

    def test_a_longer_circle_still_reads(self, store: Store):
        ids = self.join(store, ("A", "B"), ("B", "C"), ("C", "A"))
        with store.reading() as read:
            assert {read.get("site", each).name for each in ids.values()} == {"A"}

    def test_a_record_joined_to_one_that_is_not_here_stands_for_itself(self, store: Store):
        site = add(store, "site", name="A")
        with store.change("Réunir") as work:
            work.join("site", site, "absent")
        assert self.shown(store) == ["A"]
        with store.reading() as read:
            assert read.get("site", site.id).name == "A"


def test_a_large_register_is_walked_through_slice_by_slice(equipment: Store) -> None:
    found: list[tuple[object, ...]] = []
    with equipment.reading() as read:
        every = read.records(Query("equipment"))
        while part := read.walk(
            Query("equipment"),
            ("name", "count", "never_inspected"),
            found[-1][0] if found else "",
            2,
        ):
            found += part
    assert [each[0] for each in found] == sorted(each.id for each in every)
    assert {each[1:] for each in found} == {
        (each.name, each.count, int(each.never_inspected)) for each in every
    }


def test_a_walk_tells_what_is_deleted_and_what_is_joined(equipment: Store) -> None:
    first, second, third = listed(equipment, "equipment")[:3]
    with equipment.change("Joindre") as work:
        work.join("equipment", first, second.id)
        work.delete("equipment", third)
    with equipment.reading() as read:
        query = Query("equipment", with_deleted=True, owners=(first.owner,))
        found = {row[0]: row[1:] for row in read.walk(query, ("deleted", "same_as", "owner"))}
        alone = read.walk(Query("equipment"), ())
    assert found[first.id] == (0, second.id, first.owner)
    assert found[third.id][0] == 1
    assert {row[0] for row in alone} == found.keys() - {first.id, third.id}
