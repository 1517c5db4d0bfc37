from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest

from prevention_app.catalogue.description import Kind
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Refused
from prevention_app.storage.query import Condition, Op
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from prevention_app.storage.work import CheckFailed
from tests.storage.acts import add, add_accident, amend, delete, get, listed, search, tell
from tests.storage.definitions import KINDS, define_field, define_register, define_visits

VALUES = {
    "un_text": "Atelier",
    "un_long_text": "Première ligne\nseconde",
    "un_integer": 12,
    "un_decimal": Decimal("1.5"),
    "un_money": Decimal("1250.4"),
    "un_date": date(2026, 2, 28),
    "un_yes_no": False,
    "un_choice": "non",
}


def test_a_register_of_ones_own_holds_every_kind_of_field(store: Store):
    define_visits(store)
    entity = store.catalogue["visite"]
    assert [each.kind for each in entity.fields] == [Kind(kind) for kind in KINDS]
    assert (entity.label_fr, entity.code, entity.title) == ("Visites", "VISI", ("un_text",))
    assert entity.natural_key == ("un_text",)
    visit = add(store, "visite", **VALUES)
    assert {key: getattr(visit, key) for key in VALUES} == VALUES
    assert visit.reference.startswith("45-VISI-")
    with store.reading() as read:
        assert read.find(visit.reference)[1].id == visit.id


def test_its_records_are_edited_searched_filtered_ordered_and_undone(store: Store):
    define_visits(store)
    visits = [
        add(store, "visite", **{**VALUES, "un_text": name, "un_integer": number})
        for name, number in (("Étude", 9), ("atelier", 10), ("zone", None))
    ]
    amend(store, "visite", visits[0], un_choice="oui", un_yes_no=True)
    assert search(store, "etude") == {visits[0].id}

    def found(*where: Condition, **wanted):
        return [each.un_text for each in listed(store, "visite", where=where, **wanted)]

    assert found(order=("un_text",)) == ["atelier", "Étude", "zone"]
    assert found(order=("-un_integer",)) == ["atelier", "Étude", "zone"]
    assert found(Condition("un_choice", Op.IS, "oui")) == ["Étude"]
    assert found(Condition("un_yes_no", Op.IS, True)) == ["Étude"]
    assert found(Condition("un_integer", Op.FROM, 10)) == ["atelier"]
    assert found(Condition("un_integer", Op.EMPTY)) == ["zone"]
    assert found(Condition("un_decimal", Op.IS, Decimal("1.50")), order=("un_integer",)) == [
        "Étude",
        "atelier",
        "zone",
    ]
    assert found(Condition("un_date", Op.UNTIL, date(2026, 2, 27))) == []
    store.undo()
    assert found(Condition("un_choice", Op.IS, "oui")) == []
    assert [past.field for _, past in store.history(visits[0].id)][-2:] == [
        "un_choice",
        "un_yes_no",
    ]


def test_its_checks_hold(store: Store):
    define_register(store)
    define_field(store, "objet", required=True)
    define_field(store, "avis", "choice", options="a=Oui\nb=Non")
    with pytest.raises(CheckFailed) as failed, store.change("Ajouter") as work:
        work.new("visite", avis="c")
    assert [key for key, _ in failed.value.problems] == ["objet", "avis"]


def test_a_register_of_ours_takes_fields_of_ones_own(store: Store):
    before = add_accident(store, circumstances="Chute")
    define_field(store, "meteo", register="accident", options=None)
    after = add_accident(store, meteo="Verglas")
    assert get(store, "accident", before.id).meteo is None
    assert after.meteo == "Verglas"
    assert search(store, "verglas") == {after.id}
    amend(store, "accident", get(store, "accident", before.id), meteo="Neige")
    assert get(store, "accident", before.id).circumstances == "Chute"
    assert store.catalogue["accident"].by_key["meteo"].own


def test_two_registers_of_ones_own_do_not_mix(store: Store):
    for key, code in (("visite", "VISI"), ("exercice", "EXER")):
        define_register(store, key, code)
        define_field(store, "objet", register=key)
        add(store, key, objet=key)
    assert [each.objet for each in listed(store, "visite")] == ["visite"]
    assert [each.objet for each in listed(store, "exercice")] == ["exercice"]


def test_definitions_outlive_a_reopening_and_a_rebuild(store: Store):
    define_visits(store)
    visit = add(store, "visite", **VALUES)
    store.rebuild()
    store.close()
    again = Store(store.folder, declared_catalogue())
    assert {key: getattr(get(again, "visite", visit.id), key) for key in VALUES} == VALUES
    assert check(again) == []
    again.close()


def test_a_hidden_field_keeps_its_values_for_when_it_comes_back(store: Store):
    define_register(store)
    define_field(store, "objet")
    note = define_field(store, "note", part_of_key=True)
    visit = add(store, "visite", objet="a", note="gardée")
    amend(store, "field_definition", note, hidden=True)
    assert "note" not in store.catalogue["visite"].by_key
    assert store.catalogue["visite"].natural_key == ()
    amend(store, "visite", get(store, "visite", visit.id), objet="b")
    store.undo()
    amend(store, "field_definition", get(store, "field_definition", note.id), hidden=False)
    assert get(store, "visite", visit.id).note == "gardée"


def test_undoing_a_change_of_a_field_that_is_hidden_now_is_refused_with_a_sentence(store: Store):
    define_register(store)
    define_field(store, "objet")
    note = define_field(store, "note")
    visit = add(store, "visite", objet="a")
    with store.change("Modifier") as work:
        work.amend("visite", visit, note="x")
    amend(store, "field_definition", note, hidden=True)
    with pytest.raises(Refused):
        store.undo(work.done.transaction)


def test_a_register_whose_definition_is_deleted_keeps_its_records_for_when_it_comes_back(
    store: Store,
):
    definition = define_register(store)
    define_field(store, "objet")
    visit = add(store, "visite", objet="a")
    delete(store, "register_definition", definition)
    assert "visite" not in store.catalogue
    assert check(store) == []
    store.undo()
    assert get(store, "visite", visit.id).objet == "a"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("visite", "TROPLONGUE"),
        ("visite", "VÉRI"),
        ("visite", ""),
        ("visite", "vi-1"),
        ("accident", "ACC2"),
        ("autre", "ACCI"),
        ('vi"site', "VISI"),
    ],
)
def test_a_register_that_could_not_be_kept_is_never_in_the_catalogue(
    store: Store, key: str, code: str
):
    with contextlib.suppress(Refused):
        define_register(store, key, code)
    assert {each.key for each in store.catalogue} == {each.key for each in declared_catalogue()}
    store.entries_after({})
    assert check(store) == []


@pytest.mark.parametrize(
    "key",
    ["owner", "reference", "id", "deleted", "_deleted", "same_as", "record", 'a"b', "Été"],
)
def test_a_field_that_would_hide_what_every_record_has_is_never_in_the_catalogue(
    store: Store, key: str
):
    with contextlib.suppress(Refused):
        define_field(store, key, register="accident")
    assert key not in store.catalogue["accident"].by_key
    accident = add_accident(store)
    assert accident.owner == "45"
    assert accident.reference.startswith("45-ACCI-")


def test_a_field_defined_twice_is_there_once(store: Store):
    define_register(store)
    define_field(store, "objet", label="Objet")
    define_field(store, "objet", label="Objet bis", kind="integer")
    assert [each.label_fr for each in store.catalogue["visite"].fields] == ["Objet"]


def test_a_kind_of_field_that_only_a_newer_version_knows_is_left_out(store: Store):
    work = store.draft()
    made = work.new(
        "field_definition", register_key="accident", field_key="plan", label="Plan", kind="text"
    )
    work.touched[made.id].values["kind"] = "hologramme"
    store.write(work, "Ajouter")
    store.close()
    again = Store(store.folder, declared_catalogue())
    assert "plan" not in again.catalogue["accident"].by_key
    again.close()


def test_another_station_learns_definitions_together_with_their_records(station):
    here, there = station("45"), station("45")
    define_visits(here)
    define_field(here, "meteo", register="accident")
    visit = add(here, "visite", **VALUES)
    accident = add_accident(here, meteo="Verglas")
    tell(here, there)
    assert {key: getattr(get(there, "visite", visit.id), key) for key in VALUES} == VALUES
    assert get(there, "accident", accident.id).meteo == "Verglas"
    assert search(there, "verglas") == {accident.id}
    assert check(there) == []


def test_records_that_arrive_before_their_definition_are_shown_once_it_is_here(station):
    here, there = station("45"), station("45")
    define_register(here)
    define_field(here, "objet")
    visit = add(here, "visite", objet="a")
    entries = here.entries_after(there.position())
    for each in entries[1:-1]:
        each.leaves.clear()

    there.receive(entries)
    assert "visite" not in there.catalogue
    assert check(there) == []
    tell(there, here)
    there.receive(here.entries_after({}))

    assert get(there, "visite", visit.id).objet == "a"
    assert check(there) == []
