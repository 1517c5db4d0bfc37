from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prevention_app.errors import NotFound, Refused
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.work import CheckFailed
from tests.storage.acts import add, add_accident, amend, get, leaves_of, listed, search


def test_a_change_is_one_entry_however_many_records_it_touches(store: Store):
    before = store.position()[store.station]
    with store.change("Ajouter") as work:
        unit = work.new("org_unit", name="Direction des routes")
        work.new("org_unit", name="Centre de Gien", parent=unit.id)
    assert store.position()[store.station] == before + 1
    assert [register for register, _ in work.done.records] == ["org_unit", "org_unit"]


def test_nothing_of_a_change_is_kept_when_something_in_it_fails(store: Store):
    position = store.position()

    def add_two(second: str | None) -> None:
        with store.change("Ajouter") as work:
            work.new("job", name="Égoutier")
            work.new("job", name=second.upper())

    with pytest.raises(AttributeError):
        add_two(None)
    with pytest.raises(CheckFailed):
        add_two("")
    assert listed(store, "job") == []
    assert search(store, "egoutier") == set()
    assert store.position() == position


def test_a_change_that_touches_nothing_writes_nothing(store: Store):
    job = add(store, "job", name="Égoutier", description="x")
    position = store.position()
    with store.change("Modifier", reason="pour rien") as work:
        work.amend("job", job, name="Égoutier", description="x")
    assert work.done is None
    assert store.position() == position


def test_only_what_differs_is_written(store: Store):
    accident = add_accident(store, number="12", circumstances="Chute")
    amend(store, "accident", accident, number="12", circumstances="Chute de plain-pied")
    plain, text = leaves_of(store, accident)[-2:]
    assert (plain.kind, dict(plain.leaf.writes)) == ("p", {})
    assert dict(text.leaf.writes) == {"circumstances": "Chute de plain-pied"}


def test_all_that_is_wrong_is_said_at_once_field_by_field(store: Store):
    with pytest.raises(CheckFailed) as failed, store.change("Ajouter") as work:
        work.new(
            "accident", happened_on=date(2030, 1, 1), kind="inconnu", days_lost=-1, happened_at="9h"
        )
    assert [field for field, _ in failed.value.problems] == [
        "happened_on",
        "happened_at",
        "kind",
        "days_lost",
    ]
    assert all(sentence.endswith(".") for _, sentence in failed.value.problems)


def test_an_edit_is_not_refused_for_what_it_does_not_touch(store: Store):
    equipment = add(
        store, "equipment", name="Échelle", site=add(store, "site", name="Dépôt").id, count=3
    )
    with store.change("Sans contrôle") as work:
        work.amend("equipment", equipment, count=-3)
        store._commit(work, "Sans contrôle", author=store.author)
        work.touched.clear()
    edited = amend(store, "equipment", get(store, "equipment", equipment.id), location="Atelier")
    assert (edited.location, edited.count) == ("Atelier", -3)


def test_a_reference_must_lead_to_a_record_that_is_here_or_being_made(store: Store):
    with pytest.raises(Refused, match="Site"), store.change("Ajouter") as work:
        work.new("store_room", name="Local phyto", site="01234567-0000-7000-8000-000000000000")
    with store.change("Ajouter") as work:
        site = work.new("site", name="Dépôt")
        work.new("store_room", name="Local phyto", site=site.id)
    assert len(listed(store, "store_room")) == 1


def test_only_departments_in_which_the_station_has_a_role_are_written(station):
    gien, blois = station("45"), station("41")
    with pytest.raises(Refused, match="41"), gien.change("Ajouter") as work:
        work.new("site", owner="41", name="Blois")
    site = add(blois, "site", name="Blois")
    gien.receive(blois.entries_after(gien.position()))
    with pytest.raises(Refused, match="41"), gien.change("Modifier") as work:
        work.amend("site", get(gien, "site", site.id), name="Ici")
    assert get(gien, "site", site.id).name == "Blois"


def test_a_new_record_belongs_to_the_station_unless_said_otherwise_or_is_shared(store: Store):
    assert add(store, "site", name="a").owner == "45"
    assert add(store, "site", owner="28", name="b").owner == "28"
    assert add(store, "job", owner="28", name="c").owner == "3D"
    assert [each.name for each in listed(store, "site", owners=("28",))] == ["b"]


def test_what_is_not_given_takes_the_declared_default_and_keeps_it(store: Store):
    accident = add_accident(store)
    assert accident.kind == "service"
    assert leaves_of(store, accident)[0].leaf.writes["kind"] == "service"


def test_a_field_that_does_not_exist_is_refused_by_name(store: Store):
    job = add(store, "job", name="a")
    with pytest.raises(NotFound, match="couleur"), store.change("Modifier") as work:
        work.amend("job", job, couleur="bleu")


def test_text_is_kept_in_one_form_however_it_was_typed(store: Store):
    decomposed = "E\u0301goutier"
    job = add(store, "job", name=decomposed)
    assert job.name == "Égoutier"
    position = store.position()
    amend(store, "job", job, name=decomposed)
    assert store.position() == position


@pytest.mark.parametrize("text", ["\udcff", "a\udc80b"])
def test_text_that_is_no_text_is_refused_with_a_sentence(store: Store, text: str):
    with pytest.raises(Refused, match="Nom"), store.change("Ajouter") as work:
        work.new("job", name=text)
    assert listed(store, "job") == []


@pytest.mark.parametrize(
    ("field", "number"),
    [("alert_days", 10**20), ("alert_days", -(2**63) - 1), ("months", Decimal("1E+40"))],
)
def test_a_number_that_no_column_holds_is_refused_with_a_sentence(store: Store, field, number):
    with pytest.raises(Refused, match="trop grand"), store.change("Ajouter") as work:
        work.new("inspection_type", **{"type_code": "X", "subject": "x", field: number})
    assert "X" not in {each.type_code for each in listed(store, "inspection_type")}


def test_the_sign_that_stands_for_erased_cannot_be_written(store: Store):
    with pytest.raises(Refused, match="Nom"), store.change("Ajouter") as work:
        work.new("job", name="\ufdd0")


def test_an_empty_text_is_no_value(store: Store):
    job = add(store, "job", name="a", description="x")
    amend(store, "job", job, description="")
    assert get(store, "job", job.id).description is None


def test_a_deleted_record_leaves_the_lists_and_stays_readable(store: Store):
    job = add(store, "job", name="a")
    with store.change("Supprimer") as work:
        work.delete("job", job)
    with store.reading() as read:
        assert read.count(Query("job")) == 0
        assert read.count(Query("job", with_deleted=True)) == 1
        assert read.get("job", job.id).deleted
    with store.change("Rétablir la fiche") as work:
        work.mark_deleted("job", get(store, "job", job.id), deleted=False)
    assert [each.name for each in listed(store, "job")] == ["a"]


def test_a_published_catalogue_is_read_only(store: Store):
    store.replace_reference_rows(
        "0" * 64,
        "ephy",
        {"plant_protection_product": [_product("2000001", "Bouillie")]},
    )
    product = listed(store, "plant_protection_product")[0]
    with pytest.raises(Refused, match="catalogue publié"), store.change("Ajouter") as work:
        work.new("plant_protection_product", amm="1", number_as_published="1", name="x")
    with pytest.raises(Refused, match="catalogue publié"), store.change("Modifier") as work:
        work.amend("plant_protection_product", product, name="x")
    with pytest.raises(Refused, match="catalogue publié"), store.change("Supprimer") as work:
        work.delete("plant_protection_product", product)


def _product(amm: str, name: str) -> dict[str, str]:
    return {"amm": amm, "number_as_published": amm, "name": name}


def test_a_change_filled_step_by_step_is_written_at_the_end(store: Store):
    work = store.draft()
    job = work.new("job", name="a")
    work.complete(job, {"description": "complété"})
    assert listed(store, "job") == []
    store.write(work, "Importer")
    assert work.done.name == "Importer"
    assert listed(store, "job")[0].description == "complété"
