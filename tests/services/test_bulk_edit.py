"""Blocks of cells written as one change."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date

import pytest

from prevention_app.errors import Refused
from prevention_app.services import bulk_edit, records
from prevention_app.services.bulk_edit import FILL, REFERENCE, Block
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.circle import trust_all

REGISTER = "health_safety_entry"


def make(store: Store, register: str, **values) -> str:
    return records.create(store, register, values)[0].id


@pytest.fixture
def entries(store: Store) -> list[str]:
    site = make(store, "site", name="Atelier mécanique")
    make(store, "site", name="Musée")
    day = date(2026, 11, 2)
    return [
        make(store, REGISTER, site=site, reported_on=day, observation=text)
        for text in ("Bruit", "Froid", "Sol glissant")
    ]


def block(ids, fields, *texts) -> Block:
    return Block(REGISTER, fields, tuple(ids), texts)


def listed(store: Store, register: str = REGISTER) -> list:
    with store.reading() as read:
        return read.records(Query(register, order=("reference",)))


def reasons(plan) -> list[tuple[int, str]]:
    return [(each.row, each.reason) for each in plan.refused]


def test_a_block_becomes_one_named_change_that_is_undone_at_once(store: Store, entries) -> None:
    pasted = block(
        entries,
        ("site", "reported_on", "follow_up"),
        ("musée", "9-nov-26", "en cours de traitement"),
        ("Atelier mécanique", "03/11/2026", "close"),
        ("MUSEE", "2026-11-04", "REPONDUE"),
    )
    plan = bulk_edit.plan_block(store, pasted)
    assert not plan.refused
    before = [each.follow_up for each in listed(store)]
    done = bulk_edit.apply(store, pickle.loads(pickle.dumps(plan)))
    assert done.name == f"Coller {plan.cells}\u00a0valeurs"
    assert [each.reported_on.day for each in listed(store)] == [9, 3, 4]
    assert listed(store)[1].follow_up == "closed"
    assert len({each.site for each in listed(store)}) == 2
    store.undo()
    assert [each.follow_up for each in listed(store)] == before
    assert [each.reported_on.day for each in listed(store)] == [2, 2, 2]


def test_each_refused_cell_says_why_and_takes_no_other_with_it(store: Store, entries) -> None:
    pasted = block(
        entries,
        (REFERENCE, "site", "reported_on", "place"),
        ("45-X", "Gymnase", "31/02/2026", "Cour"),
        ("", "", "01/12/2027", "Hall"),
        ("", "Musée", "03/11/2026", "Quai"),
    )
    plan = bulk_edit.plan_block(store, pasted)
    said = [each.reason for each in plan.refused]
    assert any("ne se modifie pas" in each for each in said)
    assert any("aucune fiche « Gymnase »" in each for each in said)
    assert any("31/02/2026" in each for each in said)
    assert any("« Site » est à remplir" in each for each in said)
    assert any("avenir" in each for each in said)
    assert plan.refused[1].where.endswith("· Site")
    bulk_edit.apply(store, plan)
    assert [each.place for each in listed(store)] == ["Cour", "Hall", "Quai"]
    assert [each.reported_on.day for each in listed(store)] == [2, 2, 3]


def test_what_already_stands_there_is_no_change(store: Store, entries) -> None:
    same = ("Atelier mécanique", "02/11/2026")
    plan = bulk_edit.plan_block(store, block(entries[:1], ("site", "reported_on"), same))
    assert (plan.cells, plan.unchanged, plan.refused) == (0, 2, [])
    with pytest.raises(Refused, match="Rien à écrire"):
        bulk_edit.apply(store, plan)


def test_rows_beyond_the_last_become_records_if_nothing_they_need_is_missing(
    store: Store, entries
) -> None:
    fields = ("site", "reported_on", "observation")
    pasted = block(
        ("", "", ""),
        fields,
        ("Musée", "05/11/2026", "Marche cassée"),
        ("", "05/11/2026", "Sans lieu"),
        ("", "", " "),
    )
    plan = bulk_edit.plan_block(store, replace(pasted, owner="41"))
    assert len(plan.new) == 1
    assert reasons(plan) == [(1, "« Site » est à remplir.")]
    assert bulk_edit.apply(store, plan).name == "Coller 1\u00a0fiche"
    made = next(each for each in listed(store) if each.owner == "41")
    assert (made.observation, made.follow_up) == ("Marche cassée", "open")


def test_a_value_is_filled_down_and_emptied_where_it_may_be(store: Store, entries) -> None:
    plan = bulk_edit.plan_values(store, REGISTER, FILL, entries, {"place": "Hall"})
    assert plan.name == "Recopier 3\u00a0valeurs"
    bulk_edit.apply(store, plan)
    empty = bulk_edit.plan_values(
        store, REGISTER, bulk_edit.CLEAR, entries, {"place": None, "site": None}
    )
    assert empty.emptied == 3
    assert {reason for _, reason in reasons(empty)} == {"« Site » est à remplir."}


def test_what_was_not_communicated_and_what_is_gone_are_refused(store: Store, entries) -> None:
    gone = records.create(store, "site", {"name": "Ancien"})[0]
    records.delete(store, "site", [gone])
    plan = bulk_edit.plan_block(store, Block("site", ("town",), (gone.id,), (("Gien",),)))
    assert reasons(plan) == [(0, "Cette fiche n’est plus dans la liste.")]
    entity = store.catalogue[REGISTER]
    record = entity.new()
    record.withheld = frozenset({"author"})
    assert "pas été communiqué" in bulk_edit.unwritable(entity, "author", record)
    assert bulk_edit.unwritable(entity, "place", record) == ""


def test_a_ring_in_a_tree_is_refused_at_its_cell(store: Store) -> None:
    top = make(store, "org_unit", name="Direction")
    below = make(store, "org_unit", name="Service", parent=top)
    plan = bulk_edit.plan_block(
        store, Block("org_unit", ("parent", "name"), (top,), (("Service", "Pôle"),))
    )
    assert "boucle" in plan.refused[0].reason
    assert plan.edits[0].values == {"name": "Pôle"}
    assert below


def test_a_department_without_a_role_here_refuses_the_whole_row(store: Store, tmp_path) -> None:
    other = Store.create(
        tmp_path / "autre.prevention",
        store.catalogue,
        department="41",
        name="Poste B",
        user="petit",
    )
    trust_all(other)
    site = make(store, "site", name="Dreux")
    other.receive(store.entries_after(other.position()))
    plan = bulk_edit.plan_block(other, Block("site", ("town",), (site,), (("Dreux",),)))
    assert "n’a pas de rôle dans le département 45" in plan.refused[0].reason
    other.close()


def test_a_published_catalogue_takes_no_block(store: Store) -> None:
    with pytest.raises(Refused, match="catalogue publié"):
        bulk_edit.plan_block(store, Block("plant_protection_product", ("name",), (), ()))
