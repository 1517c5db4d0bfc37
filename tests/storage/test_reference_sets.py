from __future__ import annotations

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import journal
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.verify import verify_replay
from tests.storage.acts import add, listed, search


def rows(**names: str) -> dict[str, list[dict[str, str]]]:
    return {
        "plant_protection_product": [
            {"amm": amm[1:], "number_as_published": amm[1:], "name": name}
            for amm, name in names.items()
        ]
    }


def publish(store: Store, edition: str, **names: str) -> dict[str, int]:
    return store.replace_reference_rows(edition, "ephy", rows(**names))


def edition(store: Store) -> str:
    with store.reading() as read:
        return journal.get_meta(read.connection, "reference:ephy")


def test_an_edition_is_listed_searched_and_counted_like_any_register(store: Store):
    counts = publish(store, "a" * 64, n2000001="Bouillie bordelaise", n2000002="Éradiquant")
    assert counts == {"plant_protection_product": 2}
    assert [each.name for each in listed(store, "plant_protection_product")] == [
        "Bouillie bordelaise",
        "Éradiquant",
    ]
    assert search(store, "eradiquant") == {"2000002"}
    assert edition(store) == "a" * 64


def test_a_row_gone_from_the_next_edition_leaves_the_lists_and_stays_readable(store: Store):
    publish(store, "a" * 64, n1="Ancien", n2="Durable")
    publish(store, "b" * 64, n2="Durable", n3="Nouveau")
    assert [each.amm for each in listed(store, "plant_protection_product")] == ["2", "3"]
    assert search(store, "ancien") == set()
    with store.reading() as read:
        assert read.get("plant_protection_product", "1").name == "Ancien"
        assert read.get("plant_protection_product", "1").deleted


def test_tables_that_an_edition_does_not_hold_stay_as_they_are(store: Store):
    publish(store, "a" * 64, n1="Produit")
    store.replace_reference_rows("b" * 64, "ephy", {"active_substance": []})
    assert [each.name for each in listed(store, "plant_protection_product")] == ["Produit"]


def test_records_name_published_rows_by_their_own_key_even_before_these_are_here(store: Store):
    site = add(store, "site", name="Dépôt")
    room = add(store, "store_room", name="Local phyto", site=site.id)
    line = add(store, "stock_line", store_room=room.id, name_as_written="X", product="2000001")
    publish(store, "a" * 64, n2000001="Bouillie")
    with store.reading() as read:
        titles = read.titles("plant_protection_product", [line.product])
    assert titles == {"2000001": "Bouillie · 2000001"}


def test_published_rows_stay_through_a_rebuild_and_a_reopening(store: Store):
    publish(store, "a" * 64, n1="Produit")
    store.rebuild()
    assert search(store, "produit") >= {"1"}
    assert verify_replay(store) == []
    store.close()
    again = Store(store.folder, declared_catalogue())
    with again.reading() as read:
        assert read.count(Query("plant_protection_product")) == 1
    again.close()


def test_an_edition_that_fails_half_way_changes_nothing(store: Store):
    publish(store, "a" * 64, n1="Produit")

    def broken():
        yield from rows(n2="Autre")["plant_protection_product"]
        raise ValueError

    with pytest.raises(ValueError):
        store.replace_reference_rows("b" * 64, "ephy", {"plant_protection_product": broken()})
    assert [each.name for each in listed(store, "plant_protection_product")] == ["Produit"]
    assert edition(store) == "a" * 64
