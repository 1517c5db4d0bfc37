"""Records named by what people type."""

from __future__ import annotations

import pytest

from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import Refused
from prevention_app.services import records
from prevention_app.storage.store import Store
from prevention_app.storage.work import CheckFailed


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


def test_a_new_record_is_checked_against_the_others_however_it_is_made(store: Store) -> None:
    given = {"register_key": "site", "register_code": "ZZZZ", "name": "Sites", "group": "Registres"}
    with pytest.raises(CheckFailed, match="clé « site »"):
        records.create(store, "register_definition", given)
    with pytest.raises(Refused, match="tenu par le programme"):
        records.create(store, "station", {})


def test_a_duplicate_holds_what_the_other_holds_but_its_import_remarks(store: Store) -> None:
    site, _ = records.create(store, "site", {"name": "Musée"}, owner="41")
    values = {"site": site.id, "name": "Échelle", "import_remarks": "vu en 2019"}
    ladder, _ = records.create(store, "equipment", values, owner="41")
    copy, done = records.duplicate(store, "equipment", ladder)
    assert (copy.name, copy.site, copy.import_remarks) == ("Échelle", site.id, None)
    assert (copy.owner, done.name) == ("41", "Dupliquer la fiche")
    assert copy.reference != ladder.reference


def test_records_that_refer_to_others_are_counted_by_register(store: Store) -> None:
    site, _ = records.create(store, "site", {"name": "Musée"})
    for name in ("Échelle", "Pont"):
        records.create(store, "equipment", {"site": site.id, "name": name})
    records.create(store, "store_room", {"site": site.id, "name": "Réserve"})
    labels = [store.catalogue[key].label_fr for key in ("equipment", "store_room")]
    with store.reading() as read:
        found = records.referring(read, "site", [site.id])
        assert records.referring(read, "equipment", []) == {}
    assert list(found.items()) == list(zip(labels, (2, 1), strict=True))
