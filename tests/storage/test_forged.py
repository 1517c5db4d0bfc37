"""What altered programs may sign: it changes nobody else's records, and breaks nobody's reading."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import Any

import pytest
from nacl.signing import SigningKey

from prevention_app.errors import Refused
from prevention_app.storage import circle, entries, identity, station_keys
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check, verify_chains
from tests.storage.acts import add, get, tell
from tests.storage.forging import entry_of, next_entry

DAY = date(2026, 11, 2)


@pytest.fixture
def three(station) -> tuple[Store, Store, Store]:
    """Stations of 41, of 45, and of 45 once more, that know each other."""
    made = station("41"), station("45"), station("45")
    for here, there in itertools.permutations(made, 2):
        tell(here, there)
    return made


def observation(store: Store, text: str) -> Any:
    """An entry of a safety register, with a text that may be erased."""
    site = add(store, "site", name="Collège")
    return add(store, "health_safety_entry", site=site.id, reported_on=DAY, observation=text)


# -- records of others --------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["45", "3D"])
@pytest.mark.parametrize("register", ["RSST", "SITE"])
def test_a_record_of_another_department_is_not_changed_under_another_class(three, owner, register):
    victim, forger, _ = three
    record = observation(victim, "Fuite")
    tell(victim, forger)
    body = {"r": record.id, "w": {"observation": "Rien"}}
    plain = {"r": record.id, "w": {}, "m": "Forger"}
    done = victim.receive(
        [next_entry(forger, (owner, register, "p", plain), (owner, register, "t", body))]
    )
    assert done.kept_aside == 1
    assert get(victim, "health_safety_entry", record.id).observation == "Fuite"
    assert {each.reason for each in victim.kept_aside() if each.record == record.id} == {"class"}
    assert check(victim) == []


def test_nor_are_its_bytes_erased_under_another_class(three):
    victim, forger, _ = three
    record = observation(victim, "Fuite")
    tell(victim, forger)
    erased = [[victim.station, victim.position()[victim.station], {"w": ["observation"]}]]
    body = {"r": record.id, "w": {}, "e": erased}
    victim.receive([next_entry(forger, ("3D", "RSST", "t", body))])
    assert get(victim, "health_safety_entry", record.id).observation == "Fuite"
    assert check(victim) == []


# -- identities ---------------------------------------------------------------------------------


def station_record(store: Store, station: str) -> Any:
    with store.reading() as read:
        return circle.station_record(read, station)


def test_who_says_that_it_creates_the_record_of_another_station_does_not_own_it(three):
    victim, forger, other = three
    record = station_record(victim, victim.station)
    body = {"r": record.id, "c": 9, "m": "Forger", "w": {"_deleted": True, "name": "Mallory"}}
    done = other.receive([next_entry(forger, ("41", "ORDI", "p", body))])
    assert done.kept_aside == 1
    assert station_record(other, victim.station).name == record.name


def test_a_stations_own_record_cannot_speak_for_another_one(three):
    victim, forger, other = three
    own = station_record(forger, forger.station)
    told = {"station_id": victim.station, "station_code": "M4L", "name": "Mallory"}
    before = station_record(other, victim.station)
    other.receive(
        [next_entry(forger, (own.owner, "ORDI", "p", {"r": own.id, "m": "Forger", "w": told}))]
    )
    assert station_record(other, victim.station).name == before.name
    with other.reading() as read:
        assert "M4L" not in circle.codes_of(read, victim.station)
        assert all(
            each.name != "Mallory" or each.station_id != victim.station
            for each in circle.members(read)
        )
    assert check(other) == []


def test_a_deleted_record_of_a_station_stops_no_exchange(three):
    here, _, other = three
    record = station_record(other, other.station)
    with other.change("Supprimer") as work:
        work.mark_deleted("station", record, deleted=True)
    tell(other, here)
    with here.reading() as read:
        assert station_keys.known(read.connection)[other.station].public == other.key.public


def test_a_chain_under_the_id_of_another_station_is_not_signed_by_it(three, station):
    here, _, _ = three
    victim, key = station("45"), SigningKey.generate()
    public = key.verify_key.encode().hex()
    record = identity.derived_id(victim.station, "45", "ORDI")
    told = {"station_id": victim.station, "public_key": public, "name": "Victime"}
    head = entries.make_head(station=victim.station, number=1, clock=9, author="a", moved={})
    forged = entry_of(
        head,
        entries.FIRST_HASH,
        [("45", "ORDI", "p", {"r": record, "c": 1, "m": "Forger", "w": told})],
        lambda digest: key.sign(digest).signature,
    )
    here.receive([forged])
    with here.reading() as read:
        assert victim.station not in station_keys.known(read.connection), "no key for that id"


# -- erasures -----------------------------------------------------------------------------------


def test_two_erasures_of_one_leaf_keep_the_same_whichever_comes_first(three):
    writer, forger, other = three[1], three[2], three[0]
    record = observation(writer, "Fuite")
    number = writer.position()[writer.station]
    for store in (forger, other):
        tell(writer, store)
    two = [
        next_entry(
            store,
            (
                *("45", "RSST", "t"),
                {"r": record.id, "w": {}, "e": [[writer.station, number, {"w": names}]]},
            ),
        )
        for store, names in ((writer, ["observation"]), (forger, ["import_remarks", "observation"]))
    ]
    shown = set()
    for order in (two, [*reversed(two)]):
        reader = other if order is two else forger
        for each in order:
            reader.receive([each])
        found = get(reader, "health_safety_entry", record.id)
        shown.add((found.observation, found.import_remarks))
        with reader.reading() as read:
            assert verify_chains(read.connection) == []
    assert shown == {("effacé", "effacé")}


# -- form ---------------------------------------------------------------------------------------

MALFORMED = [
    b"{}",
    b'{"r":"x"}',
    b'{"r":"x","w":{"name":1}}',
    b'{"m":"a","o":{"b":5},"r":"x","w":{}}',
    b'{"m":"a","o":{"u":["x"]},"r":"x","w":{}}',
    b'{"m":"a","o":{"s":"a"},"o":{"s":"b"},"r":"x","w":{}}',
    b'{"m":"a","r":"x","w":{}} ',
    b'{"m": "a","r":"x","w":{}}',
    b'{"r":"x","m":"a","w":{}}',
    b'{"m":"a","r":"x","w":{},"z":NaN}',
    b'{"m":"a","r":"x","w":{},"z":1e400}',
    b'{"m":"a","r":"x","w":{"name":"\\u0000"}}',
    b'{"m":"a","r":"x","w":{"name":"\\u00e9"}}',
    b"[" * 10_000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: body[:44].decode())
@pytest.mark.parametrize("late", [False, True], ids=["with its entry", "late"])
def test_a_leaf_of_another_form_is_refused_in_the_store_itself(three, body, late):
    here, forger, _ = three
    entry = next_entry(forger, ("45", "SITE", "p", body))
    if late:
        here.receive([entries.Entry(entry.head, entry.table, entry.signature, {})])
    before = here.position()
    with pytest.raises(Refused, match="mal formées"):
        here.receive([entry])
    assert here.position() == before
    assert check(here) == []


@pytest.mark.parametrize("change", [{"t": "01"}, {"t": "9" * 19}, {"n": 0}, {"v": []}, {"a": 5}])
def test_a_head_of_another_form_is_refused_in_the_store_itself(three, change):
    here, forger, _ = three
    right = next_entry(forger, ("45", "SITE", "p", {"r": "x", "w": {}}))
    head = entries.to_bytes({**json.loads(right.head), **change})
    with pytest.raises(Refused, match="mal formées"):
        here.receive([entries.Entry(head, right.table, right.signature, right.leaves)])


def test_whatever_is_taken_in_is_found_right_afterwards(three):
    """Two names in one entry, fields that nobody knows: odd, yet no reason to doubt a chain."""
    here, forger, _ = three
    one, two = (identity.new_id("45", "SITE") for _ in range(2))
    here.receive(
        [
            next_entry(
                forger,
                ("45", "SITE", "p", {"r": one, "c": 1, "m": "Un", "w": {"name": "A"}}),
                ("45", "SITE", "p", {"r": two, "c": 2, "m": "Deux", "w": {"odd": "B"}, "zz": 1}),
                ("45", "NEUF", "p", {"r": "no id at all", "m": "Trois", "w": {}}),
            )
        ]
    )
    assert check(here) == []
