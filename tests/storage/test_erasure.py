"""Text and personal leaves whose bytes go for good, here and wherever they arrive."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Refused
from prevention_app.storage import drafts, journal
from prevention_app.storage.search import Within
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import (
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

SECRET = "Ꙙénaïde Ꙃapotec"
MARKS = ["Ꙙ".encode(), "Ꙃ".encode(), "ꙙ".encode(), "ꙃ".encode(), b"apotec"]


def erase(store: Store, record: Record, kinds: str = "tn", **more: str) -> None:
    """Take away all text and personal leaves of an accident."""
    record = get(store, "accident", record.id)
    going = [
        each
        for each in leaves_of(store, record)
        if each.kind in kinds and not each.leaf.erasure and each.body
    ]
    with store.change("Effacer", **more) as work:
        work.erase("accident", record, going)


def traces(store: Store) -> list[bytes]:
    """Which marks of the secret are still in some file of the workspace, or in its tables."""
    with store.connecting() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).scalars()
        rows = [
            value if isinstance(value, bytes) else str(value).encode()
            for name in list(names)
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            for value in row
        ]
    held = [*rows, *(file.read_bytes() for file in store.folder.rglob("*") if file.is_file())]
    return [mark for mark in MARKS if any(mark in each for each in held)]


def add_others(store: Store) -> None:
    """Forty accidents that nobody wants erased."""
    with store.change("Importer") as work:
        for number in range(40):
            work.new(
                "accident",
                happened_on=store.today(),
                circumstances=f"Chute n° {number}",
                person_name=f"Agent {number}",
            )


def test_the_bytes_are_gone_from_tables_index_and_files(store: Store):
    add_others(store)
    accident = add_accident(store, circumstances=f"{SECRET} " * 300, person_name=SECRET)
    add_others(store)
    accident = amend(store, "accident", accident, circumstances=f"{SECRET} de nouveau")
    accident = amend(store, "accident", accident, person_name="Martin", circumstances="Chute")
    assert set(traces(store)) == set(MARKS)

    erase(store, accident)

    assert traces(store) == []
    assert search(store, "apotec") == set()
    assert check(store) == []
    store.rebuild()
    assert traces(store) == []


def test_they_are_gone_while_another_connection_stood_open(store: Store):
    accident = add_accident(store, circumstances=SECRET, person_name=SECRET)
    with store.connecting() as connection:
        connection.exec_driver_sql("SELECT 1")
        erase(store, accident)
        assert traces(store) == []


def test_they_are_gone_at_the_next_opening_where_somebody_was_reading(store: Store):
    accident = add_accident(store, circumstances=SECRET, person_name=SECRET)
    with store.reading() as read:
        assert read.search([["apotec"]], Within(limit=1))
        erase(store, accident)
        assert read.search([["apotec"]], Within(limit=1))
    store.close()
    again = Store(store.folder, declared_catalogue())
    assert traces(again) == []
    again.close()


def test_they_are_gone_at_the_other_stations_too(station):
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances=SECRET, person_name=SECRET)
    tell(here, there)
    assert traces(there)
    erase(here, accident)
    tell(here, there)
    assert traces(there) == []
    assert get(there, "accident", accident.id).circumstances == "effacé"
    assert check(there) == []


def test_what_arrives_after_its_erasure_is_not_kept(station):
    here, there, third = station("45"), station("45"), station("45")
    accident = add_accident(here, circumstances=SECRET, person_name=SECRET)
    with_bytes = here.entries_after(there.position())
    tell(here, third)
    erase(here, accident)
    there.receive(here.entries_after(there.position()))
    assert (
        get(there, "accident", accident.id).circumstances,
        get(there, "accident", accident.id).person_name,
    ) == ("effacé", "effacé")

    done = there.receive(with_bytes)

    assert done.new == 0
    assert traces(there) == []
    assert check(there) == []
    assert there.entries_after(third.position())[0].leaves
    assert all(
        SECRET.encode() not in body
        for each in there.entries_after({})
        for _, body in each.leaves.values()
    )


def test_no_other_field_changes_and_the_plain_ones_stay(store: Store):
    accident = add_accident(
        store, circumstances="Chute", import_remarks="à revoir", person_name="Zoé", number="7"
    )
    before = accident
    erase(store, accident, kinds="n")
    after = get(store, "accident", accident.id)
    assert after.person_name == "effacé"
    for each in ("circumstances", "import_remarks", "number", "happened_on", "kind"):
        assert getattr(after, each) == getattr(before, each)


def test_a_value_that_is_no_text_reads_as_empty_once_erased(store: Store):
    accident = add_accident(store, sex="F", person_name="Zoé")
    erase(store, accident)
    assert get(store, "accident", accident.id).sex is None


def test_erasing_an_old_value_leaves_the_one_that_replaced_it(store: Store):
    accident = add_accident(store, circumstances=SECRET)
    old = [each for each in leaves_of(store, accident) if each.kind == "t"]
    accident = amend(store, "accident", accident, circumstances="Chute")
    with store.change("Effacer") as work:
        work.erase("accident", accident, old)
    assert get(store, "accident", accident.id).circumstances == "Chute"
    assert traces(store) == []


def test_no_replaced_value_comes_back_where_the_erased_leaf_never_came(station):
    here, there, newcomer = station("45"), station("45"), station("45")
    accident = add_accident(here, circumstances="premier")
    tell(here, there)
    second = amend(here, "accident", accident, circumstances="second")
    amend(there, "accident", get(there, "accident", accident.id), circumstances="autre")
    tell(there, here)
    assert conflicts(here) == {(accident.id, "circumstances")}
    replacing = [
        each
        for each in leaves_of(here, accident)
        if each.kind == "t" and each.leaf.writes.get("circumstances") == "second"
    ]
    with here.change("Effacer") as work:
        work.erase("accident", get(here, "accident", second.id), replacing)
    tell(here, newcomer)
    for store in (here, newcomer):
        assert get(store, "accident", accident.id).circumstances == "autre"
        assert conflicts(store) == set()
    # Where the other value is not known either, the first one stays replaced by the erased one.
    fourth = station("45")
    entries = here.entries_after(fourth.position())
    for each in entries:
        if json.loads(each.head)["s"] == there.station:
            each.leaves.clear()
    fourth.receive(entries)
    assert get(fourth, "accident", accident.id).circumstances == "effacé"


def test_what_an_erased_leaf_had_not_seen_stays_not_replaced(station):
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances="x")
    tell(here, there)
    amend(here, "accident", accident, circumstances="ici")
    amend(there, "accident", get(there, "accident", accident.id), circumstances="là")
    tell(there, here)
    shown = amend(here, "accident", get(here, "accident", accident.id), circumstances="nouveau")
    last = leaves_of(here, accident)[-1]
    assert last.leaf.exceptions
    with here.change("Effacer") as work:
        work.erase("accident", shown, [last])
    tell(here, there)
    newcomer = station("45")
    tell(here, newcomer)
    for store in (here, there, newcomer):
        assert get(store, "accident", accident.id).circumstances == "ici"
        assert conflicts(store) == set()


def test_an_erased_value_can_be_written_anew(store: Store):
    accident = add_accident(store, circumstances=SECRET)
    erase(store, accident)
    accident = amend(
        store, "accident", get(store, "accident", accident.id), circumstances="résumé neutre"
    )
    assert accident.circumstances == "résumé neutre"
    assert search(store, "neutre") == {accident.id}


def test_what_is_typed_in_the_same_change_stays(store: Store):
    accident = add_accident(store, circumstances=SECRET)
    going = [each for each in leaves_of(store, accident) if each.kind == "t"]
    with store.change("Effacer et résumer") as work:
        work.amend("accident", accident, circumstances="résumé neutre")
        work.erase("accident", accident, going)
    assert get(store, "accident", accident.id).circumstances == "résumé neutre"
    assert traces(store) == []


def test_an_edit_in_the_same_change_is_still_seen_by_a_deletion_elsewhere(station):
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances=SECRET)
    tell(here, there)
    delete(there, "accident", get(there, "accident", accident.id))
    with here.change("Effacer et résumer") as work:
        going = [each for each in leaves_of(here, accident) if each.kind == "t"]
        work.amend("accident", accident, import_remarks="revu")
        work.erase("accident", accident, going)
    tell(there, here)
    assert conflicts(here) == {(accident.id, "_deleted")}


def test_an_erasure_alone_does_not_cross_a_deletion(station):
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances=SECRET)
    tell(here, there)
    delete(there, "accident", get(there, "accident", accident.id))
    erase(here, accident, reason="Demande de la personne")
    tell(there, here)
    assert conflicts(here) == set()


def test_an_erased_reason_leaves_an_empty_one_and_nothing_else(store: Store):
    accident = add_accident(store, number="1")
    with store.change("Modifier", reason=SECRET) as work:
        work.amend("accident", accident, number="2")
    erase(store, accident)
    assert [past.reason for _, past in store.history(accident.id)][-1] == ""
    assert get(store, "accident", accident.id).number == "2"
    assert traces(store) == []


def test_a_write_that_had_not_seen_the_erasure_is_not_lost(station):
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances=SECRET)
    tell(here, there)
    erase(here, accident)
    amend(there, "accident", get(there, "accident", accident.id), circumstances="précisé")
    tell(there, here)
    tell(here, there)
    for store in (here, there):
        assert conflicts(store) == {(accident.id, "circumstances")}
        assert traces(store) == []


def test_plain_leaves_and_erasures_themselves_are_not_erased(store: Store):
    accident = add_accident(store, circumstances=SECRET, number="1")
    plain = [each for each in leaves_of(store, accident) if each.kind == "p"]
    with pytest.raises(Refused, match="ordinaire"), store.change("Effacer") as work:
        work.erase("accident", accident, plain)
    erase(store, accident)
    erasing = [each for each in leaves_of(store, accident) if each.leaf.erasure]
    assert len(erasing) == 1
    with pytest.raises(Refused, match="ne s’efface pas"), store.change("Effacer") as work:
        work.erase("accident", get(store, "accident", accident.id), erasing)


def test_the_journal_says_which_fields_were_erased_and_by_whom(store: Store):
    accident = add_accident(store, circumstances=SECRET, person_name="Zoé")
    erase(store, accident, kinds="t")
    with store.reading() as read:
        last = journal.leaves_of(read.connection, accident.id)[-1]
    assert last.kind == "t"
    (named,) = last.body["e"]
    assert named == [store.station, 2, {"w": ["circumstances"]}]
    assert last.author == store.author


@pytest.mark.untraced
def test_nothing_is_left_in_pages_that_were_split_and_filled_again(station):
    """Texts of many sizes by two stations, in turns: their rows move from page to page."""
    chance = Random(3)
    here, there = station("45"), station("45")
    with here.change("Importer") as work:
        for _ in range(60):
            work.new("accident", happened_on=here.today())
    tell(here, there)
    for turn in range(16):
        store = (here, there)[turn % 2]
        with store.change("Préciser") as work:
            for each in chance.sample(listed(store, "accident"), 40):
                text = f"{SECRET} " + "z" * chance.choice((0, 0, 5, 50, 300, 900, 1500))
                work.amend("accident", each, circumstances=text, person_name=text[:200])
        tell(store, here if store is there else there)
    erase_all(here)
    tell(here, there)
    for store in (here, there):
        assert traces(store) == []
        assert check(store) == []


def erase_all(store: Store) -> None:
    """Take away all text and personal leaves of all accidents."""
    with store.change("Effacer") as work:
        for each in listed(store, "accident"):
            leaves = [
                one
                for one in leaves_of(store, each)
                if one.kind in "tn" and one.body and not one.leaf.erasure
            ]
            work.erase("accident", each, leaves)


def test_many_erasures_in_a_large_workspace_leave_nothing(store: Store):
    with store.change("Importer") as work:
        for number in range(400):
            secret = f"{SECRET} {number}" if number % 10 == 0 else "rien"
            work.new(
                "accident",
                happened_on=store.today(),
                circumstances=f"{secret} " * (number % 90),
                person_name=secret,
            )
    accidents = [each for each in listed(store, "accident") if "Ꙙ" in str(each.person_name)]
    assert len(accidents) == 40
    with store.change("Effacer") as work:
        for each in accidents:
            leaves = [one for one in leaves_of(store, each) if one.kind in "tn"]
            work.erase("accident", each, leaves)
    assert traces(store) == []
    assert not re.search("Ꙙ", str(listed(store, "accident")))
    assert check(store) == []


# -- drafts ------------------------------------------------------------------------------------


def keep_draft(store: Store, record: Record) -> None:
    """What someone typed over a record, as the window keeps it, and half of what came after."""
    place = drafts.place_of(store.folder, "accident", record.id)
    for each in (place, place.with_name(f"{place.name}.part")):
        each.write_text(f'{{"values": {{"person_name": "{SECRET}"}}}}', encoding="utf-8")


def test_what_was_typed_over_the_record_and_not_saved_goes_too(store: Store):
    accident, other = add_accident(store, person_name=SECRET), add_accident(store)
    kept = drafts.place_of(store.folder, "accident", other.id)
    kept.write_text("{}", encoding="utf-8")
    keep_draft(store, accident)
    erase(store, accident)
    assert traces(store) == []
    assert list(kept.parent.iterdir()) == [kept]


def test_it_goes_at_the_other_stations_with_the_erasure_alone(station):
    here, there = station("45"), station("45")
    accident = add_accident(here, person_name=SECRET)
    tell(here, there)
    keep_draft(there, accident)
    amend(here, "accident", get(here, "accident", accident.id), days_lost=3)
    tell(here, there)
    assert traces(there)
    erase(here, accident)
    tell(here, there)
    assert traces(there) == []
    assert list(drafts.folder_of(there.folder).iterdir()) == []
