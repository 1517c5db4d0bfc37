"""Records named by what people type."""

from __future__ import annotations

import pytest

from prevention_app.catalogue.values import Unreadable
from prevention_app.services import records
from prevention_app.storage.store import Store


def test_a_name_is_found_among_many_that_hold_it(store: Store) -> None:
    with store.change("Ajouter") as work:
        for number in range(250):
            work.new("site", name=f"A Z {number}")
        wanted = work.new("site", name="Z")
    with store.reading() as read:
        parent = store.catalogue["site"].by_key["parent"]
        assert records.resolve(read, parent, "z") == wanted.id


def test_a_person_is_found_by_both_names_among_many_of_the_same(store: Store) -> None:
    with store.change("Ajouter") as work:
        for number in range(60):
            work.new("person", last_name="Lefèvre", first_name=f"Anne {number:02}")
        wanted = work.new("person", last_name="Lefèvre", first_name="Anne")
    with store.reading() as read:
        person = store.catalogue["credential"].by_key["person"]
        assert records.resolve(read, person, "LEFEVRE anne") == wanted.id
        with pytest.raises(Unreadable, match="plusieurs fiches"):
            records.resolve(read, person, "lefèvre")


def test_a_record_is_found_by_a_title_that_holds_the_name_of_another(store: Store) -> None:
    with store.change("Ajouter") as work:
        rooms = [
            work.new("store_room", name="Réserve", site=work.new("site", name=town).id)
            for town in ("Gien", "Orléans")
        ]
    with store.reading() as read:
        room = store.catalogue["stock_line"].by_key["store_room"]
        assert records.resolve(read, room, "réserve · orleans") == rooms[1].id
        with pytest.raises(Unreadable, match="plusieurs fiches"):
            records.resolve(read, room, "réserve")
