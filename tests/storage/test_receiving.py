"""Entries that come from elsewhere: in any order, in part, again, or not as they should be."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from collections.abc import Callable

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NewerFormat, Refused
from prevention_app.storage import keys
from prevention_app.storage.entries import Entry
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import (
    add,
    add_accident,
    amend,
    conflicts,
    delete,
    get,
    leaves_of,
    listed,
    search,
    tell,
)
from tests.storage.world import dump, read_table


def without(entries: list[Entry], *kinds: str, register: str = "ACCI") -> list[Entry]:
    """The same entries with leaves of these kinds left out."""
    return [
        dataclasses.replace(
            each,
            leaves={
                at: leaf
                for at, leaf in each.leaves.items()
                if read_table(each.table)[at][1] != register
                or read_table(each.table)[at][2] not in kinds
            },
        )
        for each in entries
    ]


def pieces(store: Store, receiver: Store) -> list[Entry]:
    return store.entries_after(receiver.position())


def test_a_head_waits_for_everything_that_its_writer_knew(station):
    first, second, third = station("45"), station("45"), station("45")
    job = add(first, "job", name="a")
    tell(first, second)
    amend(second, "job", get(second, "job", job.id), name="b")

    of_second = second.entries_after(first.position())
    done = third.receive(of_second)
    assert (done.new, done.waiting) == (1, 1)  # only what the second wrote before it knew
    assert listed(third, "job") == []
    tell(first, third)
    assert get(third, "job", job.id).name == "a"
    done = third.receive(of_second)
    assert (done.new, done.known, done.waiting) == (1, 1, 0)
    assert get(third, "job", job.id).name == "b"
    assert conflicts(third) == set()


def test_what_waits_is_not_said_to_be_known(station):
    first, second, third = station("45"), station("45"), station("45")
    add(first, "job", name="a")
    third.receive(first.entries_after({})[1:])
    job = add(third, "job", name="b")
    assert first.station not in third.position()
    assert "v" not in json.loads(third.entries_after({})[-1].head)
    assert check(third) == []
    tell(third, second)
    assert get(second, "job", job.id).name == "b"


def test_entries_in_any_order_and_again_lead_to_the_same(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="0")
    for number in range(1, 5):
        job = amend(here, "job", job, name=str(number))
    entries = pieces(here, there)
    done = there.receive([*entries[::-1], *entries])
    assert (done.new, done.known, done.waiting) == (6, 6, 0)
    assert get(there, "job", job.id).name == "4"
    assert there.receive(entries).touched == set()


def test_a_gap_in_a_chain_keeps_what_follows_waiting(station):
    here, there = station("45"), station("45")
    for name in "abc":
        add(here, "job", name=name)
    entries = pieces(here, there)
    done = there.receive([*entries[:2], *entries[3:]])
    assert (done.new, done.waiting) == (2, 1)
    assert [each.name for each in listed(there, "job")] == ["a"]


class TestWhatWasNotCommunicated:
    """A leaf that is absent: its values are unknown here, and cannot be written."""

    def test_its_fields_are_marked_and_the_others_read(self, station):
        here, there = station("45"), station("45")
        accident = add_accident(here, person_name="Durand", circumstances="Chute", number="7")
        there.receive(without(pieces(here, there), "n"))
        read = get(there, "accident", accident.id)
        assert (read.number, read.circumstances, read.person_name) == ("7", "Chute", None)
        assert read.withheld == {"person_name", "sex", "injury_seat", "injury_nature"}
        assert search(there, "durand") == set()

    def test_where_the_plain_leaf_is_absent_no_default_stands_for_it(self, station):
        here, there = station("45"), station("45")
        accident = add_accident(here, kind="mission", person_name="Durand")
        there.receive(without(pieces(here, there), "p"))
        read = get(there, "accident", accident.id)
        assert (read.kind, read.happened_on, read.person_name) == (None, None, "Durand")
        assert {"kind", "happened_on"} <= read.withheld
        assert "person_name" not in read.withheld

    def test_its_fields_cannot_be_written(self, station):
        here, there = station("45"), station("45")
        accident = add_accident(here, person_name="Durand")
        there.receive(without(pieces(here, there), "n"))
        with pytest.raises(Refused, match="pas été communiqué"):
            amend(there, "accident", get(there, "accident", accident.id), person_name="X")
        edited = amend(there, "accident", get(there, "accident", accident.id), activity="Fauchage")
        assert edited.activity == "Fauchage"

    def test_it_is_shown_once_it_comes(self, station):
        here, there = station("45"), station("45")
        accident = add_accident(here, person_name="Durand", circumstances="Chute")
        there.receive(without(pieces(here, there), "n", "t"))
        there.receive(here.entries_after({}))
        read = get(there, "accident", accident.id)
        assert (read.person_name, read.circumstances) == ("Durand", "Chute")
        assert read.withheld == frozenset()
        assert search(there, "durand") == {accident.id}

    def test_a_value_replaced_by_one_that_is_absent_does_not_come_back(self, station):
        here, there, third = station("45"), station("45"), station("45")
        accident = add_accident(here, circumstances="un")
        accident = amend(here, "accident", accident, circumstances="deux")
        amend(here, "accident", accident, circumstances="trois")
        entries = pieces(here, third)
        (*first, second, last) = entries
        third.receive([*first, *without([second], "t"), last])
        assert get(third, "accident", accident.id).circumstances == "trois"
        assert conflicts(third) == set()
        tell(third, there)
        assert get(there, "accident", accident.id).circumstances == "trois"

    def test_a_form_read_before_a_late_leaf_did_not_see_it(self, station):
        here, there = station("45"), station("45")
        accident = add_accident(here, circumstances="un")
        amend(here, "accident", accident, circumstances="deux")
        entries = pieces(here, there)
        there.receive([*entries[:-1], *without(entries[-1:], "t")])
        form = get(there, "accident", accident.id)
        assert form.circumstances == "un"
        there.receive(entries)  # while the form stands open
        amend(there, "accident", form, circumstances="trois")
        assert conflicts(there) == {(accident.id, "circumstances")}

    def test_an_absent_leaf_of_another_record_of_the_same_change_hides_nothing(self, station):
        here, there = station("45"), station("45")
        with here.change("Importer") as work:
            mine = work.new("job", name="a")
            work.new("job", name="b")
        entries = pieces(here, there)
        entries[-1].leaves.pop(1)
        there.receive(entries)
        amend(there, "job", get(there, "job", mine.id), name="A")
        assert conflicts(there) == set()
        assert get(there, "job", mine.id).name == "A"


def test_a_change_of_a_field_that_two_wrote_apart_is_a_conflict_until_somebody_settles(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a", description="x")
    tell(here, there)
    amend(here, "job", job, name="ici")
    amend(there, "job", get(there, "job", job.id), name="là", description="y")
    tell(there, here)
    tell(here, there)
    assert conflicts(here) == conflicts(there) == {(job.id, "name")}
    assert get(here, "job", job.id).name == get(there, "job", job.id).name == "là"
    assert get(here, "job", job.id).description == "y"

    with here.change("Départager") as work:
        work.amend("job", get(here, "job", job.id), settles=True, name="ici")
    tell(here, there)
    assert conflicts(here) == conflicts(there) == set()
    assert get(there, "job", job.id).name == "ici"


def test_an_edit_that_does_not_settle_replaces_only_the_value_shown(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    amend(here, "job", job, name="ici")
    amend(there, "job", get(there, "job", job.id), name="là")
    tell(there, here)
    amend(here, "job", get(here, "job", job.id), name="nouveau")
    assert conflicts(here) == {(job.id, "name")}
    assert get(here, "job", job.id).name == "nouveau"


def test_settling_one_field_settles_no_other(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a", description="x")
    tell(here, there)
    amend(here, "job", job, name="ici", description="ici")
    amend(there, "job", get(there, "job", job.id), name="là", description="là")
    tell(there, here)
    read = get(here, "job", job.id)
    with here.change("Modifier") as work:
        work.amend("job", read, settles=True, name="ici")
        work.amend("job", read, description="autre")
    assert conflicts(here) == {(job.id, "description")}


def test_an_edit_that_does_not_settle_one_field_still_replaces_the_others(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a", description="x")
    tell(here, there)
    amend(here, "job", job, name="ici", description="y")
    amend(there, "job", get(there, "job", job.id), name="là")
    tell(there, here)
    amend(here, "job", get(here, "job", job.id), name="nouveau", description="z")
    assert conflicts(here) == {(job.id, "name")}
    assert get(here, "job", job.id).description == "z"


def test_the_same_value_written_apart_is_agreement(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    for store in (here, there):
        amend(store, "job", get(store, "job", job.id), name="pareil")
    tell(there, here)
    assert conflicts(here) == set()


def test_a_deletion_that_crossed_an_edit_is_a_conflict(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    delete(here, "job", job)
    amend(there, "job", get(there, "job", job.id), description="x")
    tell(there, here)
    tell(here, there)
    assert conflicts(here) == conflicts(there) == {(job.id, "_deleted")}
    delete(here, "job", get(here, "job", job.id))
    assert conflicts(here) == set()


def test_a_deletion_that_is_at_once_disputed_and_crossed_by_an_edit_is_one_conflict(station):
    here, there, third = station("45"), station("45"), station("45")
    job = add(here, "job", name="a")
    for store in (there, third):
        tell(here, store)
    delete(here, "job", job)
    with there.change("Rétablir") as work:
        work.mark_deleted("job", get(there, "job", job.id), deleted=False)
    amend(third, "job", get(third, "job", job.id), name="b")
    for store in (there, third):
        tell(store, here)
    assert conflicts(here) == {(job.id, "_deleted")}


def test_a_clock_ten_years_ahead_neither_wins_over_a_later_edit_nor_drags_others_along(
    station, monkeypatch: pytest.MonkeyPatch
):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    with monkeypatch.context() as future:
        real = __import__("time").time_ns
        future.setattr("time.time_ns", lambda: real() + 10 * 365 * 86_400 * 10**9)
        amend(there, "job", get(there, "job", job.id), name="du futur")
    tell(there, here)
    amend(here, "job", get(here, "job", job.id), name="d’aujourd’hui")
    tell(here, there)
    assert get(there, "job", job.id).name == "d’aujourd’hui"
    assert conflicts(here) == conflicts(there) == set()
    ours, theirs = (leaves_of(here, job)[at].leaf.clock for at in (1, 2))
    assert theirs - ours > 9 * 365 * 86_400_000 << 16


def test_of_two_values_written_in_the_same_instant_all_stations_show_the_same(
    station, monkeypatch: pytest.MonkeyPatch
):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    instant = time.time_ns() + 10**9
    with monkeypatch.context() as still:
        still.setattr("time.time_ns", lambda: instant)
        for store in (here, there):
            amend(store, "job", get(store, "job", job.id), name=store.station)
    tell(here, there)
    tell(there, here)
    clocks = {each.leaf.clock for each in leaves_of(here, job)[1:]}
    assert len(clocks) == 1
    greatest = max(here.station, there.station)
    assert get(here, "job", job.id).name == get(there, "job", job.id).name == greatest


def forged(change: Callable[[Entry], Entry]) -> Callable[[Store, Store], None]:
    """Hand on the last entry of a station altered."""

    def hand_on(sender: Store, receiver: Store) -> None:
        *rest, last = pieces(sender, receiver)
        receiver.receive([*rest, change(last)])

    return hand_on


def new_body(entry: Entry) -> Entry:
    salt, body = entry.leaves[0]
    return dataclasses.replace(entry, leaves={0: (salt, body.replace(b'"a"', b'"z"'))})


def newer(entry: Entry) -> Entry:
    head = json.loads(entry.head) | {"f": 99}
    return dataclasses.replace(entry, head=json.dumps(head).encode())


@pytest.mark.parametrize(
    ("alter", "error", "words"),
    [(new_body, Refused, "empreinte"), (newer, NewerFormat, "version plus récente")],
)
def test_what_does_not_fit_is_refused_whole(station, alter, error, words: str):
    here, there = station("45"), station("45")
    add(here, "job", name="b")
    add(here, "job", name="a")
    before = dump(there)
    with pytest.raises(error, match=words):
        forged(alter)(here, there)
    assert dump(there) == before


def test_two_histories_under_one_identity_are_refused(station, tmp_path, monkeypatch):
    here, there = station("45"), station("45")
    here.close()
    twin_folder = tmp_path / "jumeau.prevention"
    shutil.copytree(here.folder, twin_folder)
    # A workspace put back from a disk image finds its key: place and machine are the same.
    monkeypatch.setattr(keys, "_place", lambda workspace: "ici")
    kept = keys._key_file(here.station)
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"place": "ici"}))
    twin, again = (Store(each, declared_catalogue()) for each in (twin_folder, here.folder))
    assert twin.station == again.station
    add(twin, "job", name="jumeau")
    add(again, "job", name="original")
    there.receive(pieces(again, there))
    with pytest.raises(Refused, match="deux fois"):
        there.receive(twin.entries_after({}))
    assert [each.name for each in listed(there, "job")] == ["original"]
    assert check(there) == []
    for each in (twin, again):
        each.close()
