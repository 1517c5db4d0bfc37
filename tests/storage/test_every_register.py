"""What holds for every declaration: kept, read, told, undone, found and made again."""

from __future__ import annotations

import pytest

from prevention_app.catalogue.description import Entity, Kind
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Refused
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.storage.store import Store
from prevention_app.storage.verify import verify_replay
from prevention_app.storage.work import CheckFailed
from tests import samples
from tests.storage.acts import add, delete, get, listed, search
from tests.storage.world import dump

pytestmark = pytest.mark.untraced

# The registers of rights hold acts, which take no other value: see test_rights.
KEYS = [
    each.key
    for each in declared_catalogue()
    if not each.reference_set and each.category != "rights"
]
PUBLISHED = [each.key for each in declared_catalogue() if each.reference_set]
FINAL = ("station", "user", "reference_edition")


@pytest.fixture(params=KEYS)
def entity(request: pytest.FixtureRequest, store: Store) -> Entity:
    """Each register whose records people or the program write."""
    return store.catalogue[request.param]


def test_every_field_gives_back_every_kind_of_value(store: Store, entity: Entity):
    record = add(store, entity.key, **samples.values(store, entity))
    assert record.owner in ("45", "3D")
    assert record.reference.startswith(f"{record.owner}-{entity.code}-")
    for turn in range(samples.turns(store, entity)):
        wanted = samples.values(store, entity, turn=turn)
        with store.change("Modifier") as work:
            work.write_over(entity.key, get(store, entity.key, record.id), wanted)
        assert entity.values(get(store, entity.key, record.id)) == wanted
    optional = dict.fromkeys(each.key for each in entity.fields if not each.required)
    with store.change("Vider") as work:
        work.write_over(entity.key, get(store, entity.key, record.id), optional)
    emptied = entity.values(get(store, entity.key, record.id))
    assert {emptied[key] for key in optional} <= {None, False}


def test_the_tables_are_made_again_from_the_journal(store: Store, entity: Entity):
    for turn in range(2):
        add(store, entity.key, **samples.values(store, entity, turn=turn))
    assert verify_replay(store) == []
    before = dump(store)
    store.rebuild()
    assert dump(store) == before


def test_a_change_of_every_field_is_told_and_undone_and_redone(store: Store, entity: Entity):
    record = add(store, entity.key, **samples.values(store, entity))
    before = entity.values(record)
    with store.change("Modifier") as work:
        work.write_over(entity.key, record, samples.values(store, entity, turn=1))
    after = entity.values(get(store, entity.key, record.id))
    changed = {key for key in before if before[key] != after[key]}
    assert changed

    last = work.done.transaction
    told = [past for transaction, past in store.history(record.id) if transaction == last]
    assert {past.field for past in told} == changed
    if entity.key in FINAL:
        with pytest.raises(Refused):
            store.undo(last)
        return
    store.undo(last)
    assert entity.values(get(store, entity.key, record.id)) == before
    store.redo()
    assert entity.values(get(store, entity.key, record.id)) == after


def test_a_new_record_is_undone_and_a_deleted_one_comes_back(store: Store, entity: Entity):
    record = add(store, entity.key, **samples.values(store, entity, full=False))
    count = len(listed(store, entity.key))
    if entity.statutory or entity.key in FINAL:
        with pytest.raises(Refused):
            store.undo()
        return
    store.undo()
    assert len(listed(store, entity.key)) == count - 1
    store.redo()
    delete(store, entity.key, get(store, entity.key, record.id))
    assert len(listed(store, entity.key)) == count - 1
    store.undo()
    assert len(listed(store, entity.key)) == count


def test_every_searched_field_is_found_by_its_words(store: Store, entity: Entity):
    wanted = samples.values(store, entity, full=False)
    searched = [each for each in entity.fields if each.search]
    for number, each in enumerate(searched):
        if each.kind in (Kind.TEXT, Kind.LONG_TEXT):
            wanted[each.key] = f"Zêbrure{number} d’ébène"
    record = add(store, entity.key, **wanted)
    for number, each in enumerate(searched):
        if each.kind in (Kind.TEXT, Kind.LONG_TEXT):
            assert search(store, f"zebrure{number} ébène") == {record.id}, each.key
            assert [one.id for one in listed(store, entity.key, text=f"ZEBRURE{number}")] == [
                record.id
            ]


def test_every_field_is_filtered_and_ordered(store: Store, entity: Entity):
    record = add(store, entity.key, **samples.values(store, entity))
    with store.reading() as read:
        for each in entity.fields:
            value = getattr(record, each.key)
            same = (Condition(each.key, Op.IS, value),)
            filled = (Condition(each.key, Op.FILLED),)
            for where in (same, filled):
                query = Query(entity.key, where=where, order=(each.key, f"-{each.key}"))
                assert record.id in {one.id for one in read.records(query)}, each.key
            other = Query(entity.key, where=(Condition(each.key, Op.IS_NOT, value),))
            assert record.id not in {one.id for one in read.records(other)}, each.key
        titles = read.titles(entity.key, [record.id])
        assert titles[record.id]
        assert set(read.references(entity, [record])) == {
            each.key for each in entity.fields if each.target
        }


def test_what_must_be_filled_is_asked_for_by_name(store: Store, entity: Entity):
    required = [each.key for each in entity.fields if each.required and each.default is None]
    if not required:
        return
    with pytest.raises(CheckFailed) as failed, store.change("Ajouter") as work:
        work.new(entity.key)
    assert [key for key, _ in failed.value.problems] == required


@pytest.mark.parametrize("key", PUBLISHED)
def test_published_rows_give_back_every_value(store: Store, key: str):
    entity = store.catalogue[key]
    rows = [
        {
            each.key: samples.allowed(store, each)[turn % len(samples.allowed(store, each))]
            for each in entity.fields
        }
        | {each: f"{turn}" for each in entity.natural_key if entity.by_key[each].kind is Kind.TEXT}
        for turn in range(6)
    ]
    counts = store.replace_reference_rows("0" * 64, entity.reference_set, {key: rows})
    assert counts == {key: 6}
    found = {record.id: entity.values(record) for record in listed(store, key)}
    assert sorted(map(repr, found.values())) == sorted(map(repr, rows))
    store.rebuild()
    assert {record.id: entity.values(record) for record in listed(store, key)} == found
