from __future__ import annotations

import re
import shutil

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NotFound
from prevention_app.storage import identity
from prevention_app.storage.identity import Reference, parse_reference
from prevention_app.storage.store import Store
from tests.storage.acts import add, delete, get, listed, tell


def test_a_reference_names_owner_register_station_and_number(store: Store):
    references = [
        add(store, "site", owner=owner, name="x").reference for owner in ("45", "45", "28")
    ]
    code = references[0].split("-")[2]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{3}", code)
    assert references == [f"45-SITE-{code}-1", f"45-SITE-{code}-2", f"28-SITE-{code}-1"]
    assert add(store, "job", name="x").reference == f"3D-METI-{code}-1"


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower"])
def test_a_record_is_found_by_its_reference_as_people_type_it(store: Store, typed: str):
    site = add(store, "site", name="Dépôt")
    text = site.reference.lower() if typed == "lower" else typed.format(site.reference)
    with store.reading() as read:
        entity, found = read.find(text)
    assert (entity.key, found.id) == ("site", site.id)


def test_a_deleted_record_is_still_found_by_its_reference(store: Store):
    site = add(store, "site", name="Dépôt")
    delete(store, "site", site)
    with store.reading() as read:
        assert read.find(site.reference)[1].deleted


def test_numbers_are_not_given_twice_even_after_an_undo(store: Store):
    first = add(store, "site", name="a")
    store.undo()
    second = add(store, "site", name="b")
    assert (first.reference[-2:], second.reference[-2:]) == ("-1", "-2")


def test_shipped_records_have_references_that_are_the_same_everywhere(store: Store):
    family = next(each for each in listed(store, "hazard_family") if each.family_code == "CHUH")
    assert family.reference == "3D-FAMI-000-CHUH"
    with store.reading() as read:
        assert read.find("3d-fami-000-chuh")[1].id == family.id


@pytest.mark.parametrize(
    "text",
    ["", "45", "bonjour", "45-SITE-K7Q", "45-RIEN-K7Q-1", "45-SITE-ZZZ-1", "45-SITE-000-9", "--- "],
)
def test_what_is_no_reference_or_leads_nowhere_is_said_in_a_sentence(store: Store, text: str):
    with store.reading() as read, pytest.raises(NotFound, match="référence"):
        read.find(text)


def test_a_reference_of_another_station_is_found_here(station):
    here, there = station("45"), station("45")
    site = add(there, "site", name="Dépôt")
    tell(there, here)
    assert get(here, "site", site.id).reference == site.reference
    with here.reading() as read:
        assert read.find(site.reference)[1].id == site.id


def test_a_record_is_found_by_an_earlier_code_of_its_station_and_shown_with_the_new_one(
    store: Store,
):
    site = add(store, "site", name="Dépôt")
    with store.connecting() as connection:
        connection.exec_driver_sql(
            "INSERT INTO station_code VALUES ('N3W', ?, 99)", (store.station,)
        )
    renamed = get(store, "site", site.id).reference
    assert renamed == "45-SITE-N3W-1"
    with store.reading() as read:
        for reference in (site.reference, renamed):
            assert read.find(reference)[1].id == site.id
    assert store.history(site.id)[0][0].startswith("N3W.")


def test_ids_made_later_sort_later():
    made = [identity.new_id("45", "SITE") for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_the_parts_of_a_reference():
    assert parse_reference("45-rsst-k7q-12") == Reference("45", "RSST", "K7Q", "12")
    assert str(Reference("45", "RSST", "K7Q", "12")) == "45-RSST-K7Q-12"
    assert parse_reference("3D-TITR-000-AIPR-OPE").counter == "AIPR-OPE"
    assert parse_reference("2026-01-15") is None


def test_a_copied_workspace_goes_on_as_a_new_station_with_a_new_code(store: Store):
    site = add(store, "site", name="Dépôt")
    store.close()
    copy = store.folder.with_name("copie.prevention")
    shutil.copytree(store.folder, copy)

    copied = Store(copy, declared_catalogue())
    original = Store(store.folder, declared_catalogue())

    assert copied.station != original.station
    assert original.station == store.station
    assert copied.departments == original.departments
    here, there = add(original, "site", name="ici"), add(copied, "site", name="là")
    assert here.reference != there.reference
    assert get(copied, "site", site.id).reference == site.reference
    assert copied.undoable() == "Ajouter"

    tell(copied, original)
    tell(original, copied)
    for each in (copied, original):
        assert {one.name for one in listed(each, "site")} == {"Dépôt", "ici", "là"}
        each.close()


def test_a_copy_of_a_workspace_has_nothing_of_its_own_to_undo(store: Store):
    add(store, "site", name="Dépôt")
    store.close()
    copy = store.folder.with_name("copie.prevention")
    shutil.copytree(store.folder, copy)
    copied = Store(copy, declared_catalogue())
    assert copied.undoable() == ""
    copied.close()


def test_a_moved_workspace_keeps_its_records_and_becomes_a_new_station(store: Store):
    add(store, "site", name="Dépôt")
    store.close()
    moved = Store(store.folder.rename(store.folder.with_name("ailleurs")), declared_catalogue())
    assert moved.station != store.station
    assert [each.name for each in listed(moved, "site")] == ["Dépôt"]
    again = Store(moved.folder, declared_catalogue())
    assert again.station == moved.station
    moved.close()
    again.close()
