"""The bytes of entries: what is hashed today must be hashed the same way in forty years."""

from __future__ import annotations

import hashlib
import json
import unicodedata

import pytest

from prevention_app.storage import entries
from prevention_app.storage.entries import NewLeaf
from prevention_app.storage.keys import verify
from prevention_app.storage.store import Store
from tests.storage.acts import add, add_accident, amend, delete, get, leaves_of, tell
from tests.storage.world import read_table


def last_entry(store: Store) -> entries.Entry:
    place = store.position()[store.station]
    (entry,) = store.entries_after({**store.position(), store.station: place - 1})
    return entry


def bodies(entry: entries.Entry) -> list[dict]:
    return [json.loads(entry.leaves[at][1]) for at in sorted(entry.leaves)]


def test_a_head_is_sorted_json_without_spaces():
    head = entries.make_head(
        station="s1", number=12, clock=1 << 56, author="a1", moved={"s3": 4, "s2": 9}
    )
    assert head == (b'{"a":"a1","f":1,"n":12,"s":"s1","t":"72057594037927936","v":{"s2":9,"s3":4}}')


def test_a_head_names_no_vector_where_nothing_moved():
    head = entries.make_head(station="s1", number=1, clock=5, author="a1", moved={})
    assert head == b'{"a":"a1","f":1,"n":1,"s":"s1","t":"5"}'


def test_text_is_utf_8_as_it_is_and_in_one_form():
    body = entries.to_bytes({"w": {"name": entries.nfc("E\u0301te\u0301 œ")}, "r": "x"})
    assert body == '{"r":"x","w":{"name":"Été œ"}}'.encode()


def test_a_leaf_table_has_forty_four_bytes_a_row():
    leaf = NewLeaf("45", "ACCI", "n", {}, salt=bytes(range(16)))
    table = entries.make_table([(leaf, b"{}")])
    digest = hashlib.sha256(bytes(range(16)) + b"{}").digest()
    assert table == b"45\0ACCI\0\0\0\0n" + digest
    assert entries.read_table(table) == [entries.Row("45", "ACCI", "n", digest)]
    with pytest.raises(ValueError, match="length"):
        entries.read_table(table[:-1])


def test_the_hash_of_an_entry_ties_it_to_all_before_it():
    assert entries.chain_hash(bytes(32), b"head", b"table").hex() == (
        hashlib.sha256(
            bytes(32) + hashlib.sha256(b"head").digest() + hashlib.sha256(b"table").digest()
        ).hexdigest()
    )
    assert (
        entries.chain_hash(entries.FIRST_HASH, b"{}", b"").hex()
        == "164ad1196fced7b3f7b10541567c405815fef5c54078d3d295cd641b935276e6"
    )


def test_a_creation_writes_plain_text_and_personal_leaves_in_this_order(store: Store):
    unit = add(store, "org_unit", name="Routes")
    accident = add_accident(
        store, org_unit=unit.id, circumstances="Chute", person_name="Durand", stoppage=True
    )
    entry = last_entry(store)
    assert [row[:3] for row in read_table(entry.table)] == [
        ("45", "ACCI", "p"),
        ("45", "ACCI", "t"),
        ("45", "ACCI", "n"),
    ]
    plain, text, personal = bodies(entry)
    scope = {"o": {"u": unit.id}, "r": accident.id}
    assert plain == {
        **scope,
        "c": 1,
        "m": "Ajouter",
        "w": {
            "happened_on": "2025-01-01",
            "kind": "service",
            "org_unit": unit.id,
            "stoppage": True,
        },
    }
    assert text == {**scope, "w": {"circumstances": "Chute"}}
    assert personal == {**scope, "w": {"person_name": "Durand"}}


def test_every_edit_carries_a_plain_leaf_and_the_typed_reason_goes_with_the_texts(store: Store):
    accident = add_accident(store, person_name="Durand")
    with store.change("Modifier", reason="Orthographe") as work:
        work.amend("accident", accident, person_name="Dupond")
    plain, text, personal = bodies(last_entry(store))
    assert plain == {"m": "Modifier", "r": accident.id, "w": {}}
    assert text == {"r": accident.id, "w": {"_reason": "Orthographe"}}
    assert personal == {"r": accident.id, "w": {"person_name": "Dupond"}}


def test_an_undo_names_what_it_undoes(store: Store):
    job = add(store, "job", name="a")
    number = store.position()[store.station]
    store.undo()
    (plain,) = bodies(last_entry(store))
    assert plain == {"m": "undo", "r": job.id, "u": number, "w": {"_deleted": True}}


def test_a_form_saved_with_nothing_new_on_its_record_lists_no_exception_however_old(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    for name in "bcd":
        add(here, "job", name=name)
    add(there, "job", name="e")
    tell(there, here)
    amend(here, "job", job, name="A")
    (plain,) = bodies(last_entry(here))
    assert "x" not in plain
    assert json.loads(last_entry(here).head)["v"] == {
        there.station: there.position()[there.station]
    }


def test_what_came_after_the_form_was_read_is_listed_as_not_seen(store: Store):
    job = add(store, "job", name="a", description="x")
    for name in "bc":
        amend(store, "job", get(store, "job", job.id), name=name)
    amend(store, "job", job, description="y")
    number = store.position()[store.station]
    (plain,) = bodies(last_entry(store))
    assert plain["x"] == [[store.station, number - 2, number - 1]]


def test_an_exception_names_the_fields_where_it_does_not_hold_for_all(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a", description="x")
    tell(here, there)
    amend(here, "job", job, name="ici")
    amend(there, "job", get(there, "job", job.id), name="là", description="là aussi")
    tell(there, here)
    shown = get(here, "job", job.id)
    assert shown.name == "là"
    mine = here.position()[here.station]
    amend(here, "job", shown, name="nouveau", description="autre")
    (plain,) = bodies(last_entry(here))
    assert plain["x"] == [[here.station, mine, mine, ["name"]]]


def test_values_are_text_but_for_yes_and_no(store: Store):
    site = add(store, "site", name="Dépôt")
    add(
        store,
        "equipment",
        name=unicodedata.normalize("NFD", "Échelle"),
        site=site.id,
        count=3,
        months=12,
        never_inspected=False,
    )
    (plain,) = bodies(last_entry(store))
    assert plain["w"] == {
        "count": "3",
        "months": "12",
        "name": "Échelle",
        "never_inspected": False,
        "site": site.id,
        "state": "in_service",
    }


def test_leaves_of_one_record_stand_together_and_erasures_first(store: Store):
    first, second = (add_accident(store, circumstances=text, person_name=text) for text in "ab")
    going = [each for each in leaves_of(store, first) if each.kind == "t"]
    with store.change("Modifier") as work:
        work.amend("accident", second, person_name="c")
        work.erase("accident", first, going)
    entry = last_entry(store)
    assert [
        (row[2], body["r"])
        for row, body in zip(read_table(entry.table), bodies(entry), strict=True)
    ] == [("t", first.id), ("p", second.id), ("n", second.id)]


def test_every_head_is_signed_by_the_station_that_its_own_chain_names(store: Store):
    delete(store, "job", add(store, "job", name="a"))
    previous = bytes(32)
    for entry in store.entries_after({}):
        if previous == bytes(32):
            station_record = bodies(entry)[0]["w"]
            assert station_record["station_id"] == store.station
            public = station_record["public_key"]
        previous = entries.chain_hash(previous, entry.head, entry.table)
        assert verify(public, previous, entry.signature)
        assert not verify(public, previous, bytes(64))


def test_nothing_that_a_person_typed_is_in_a_head(store: Store):
    with store.change("Ajouter", reason="Motif tapé") as work:
        work.new("job", name="Nom tapé")
    for entry in store.entries_after({}):
        assert set(json.loads(entry.head)) <= {"s", "n", "t", "f", "a", "v"}
        assert b"tap" not in entry.head + entry.table
