from __future__ import annotations

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NotFound, Refused
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.storage.acts import (
    add,
    add_accident,
    amend,
    conflicts,
    delete,
    get,
    leaves_of,
    listed,
    tell,
)


def test_undo_takes_back_the_last_change_and_redo_brings_it_again(store: Store):
    job = add(store, "job", name="Égoutier")
    amend(store, "job", job, name="Agent d’entretien")

    done, name = store.undo()

    assert (name, done.records) == ("Modifier", (("job", job.id),))
    assert get(store, "job", job.id).name == "Égoutier"
    assert store.redo()[1] == "Modifier"
    assert get(store, "job", job.id).name == "Agent d’entretien"


def test_undo_goes_back_change_by_change_and_redo_forward_again(store: Store):
    job = add(store, "job", name="1")
    for name in "234":
        job = amend(store, "job", job, name=name)

    seen = []
    for _ in range(3):
        store.undo()
        seen.append(get(store, "job", job.id).name)
    for _ in range(3):
        store.redo()
        seen.append(get(store, "job", job.id).name)

    assert seen == ["3", "2", "1", "2", "3", "4"]
    with pytest.raises(Refused, match="rien à rétablir"):
        store.redo()


def test_what_was_redone_can_be_undone_again(store: Store):
    job = add(store, "job", name="avant")
    amend(store, "job", job, name="après")
    for _ in range(2):
        store.undo()
        assert get(store, "job", job.id).name == "avant"
        store.redo()
        assert get(store, "job", job.id).name == "après"


def test_an_undo_that_was_itself_taken_back_by_name_no_longer_counts(store: Store):
    first, second = add(store, "job", name="a"), add(store, "job", name="b")
    amend(store, "job", second, name="B")
    undone, _ = store.undo()
    store.undo(undone.transaction)
    assert get(store, "job", second.id).name == "B"
    assert store.undo()[0].records == (("job", second.id),)
    assert get(store, "job", second.id).name == "b"
    assert get(store, "job", first.id).name == "a"


def test_a_change_after_an_undo_leaves_nothing_to_redo(store: Store):
    job = add(store, "job", name="avant")
    amend(store, "job", job, name="après")
    store.undo()
    add(store, "job", name="autre")

    assert store.redoable() == ""
    with pytest.raises(Refused, match="rien à rétablir"):
        store.redo()


def test_undo_and_redo_work_across_restarts(store: Store):
    job = add(store, "job", name="avant")
    amend(store, "job", job, name="après")

    store.close()
    again = Store(store.folder, declared_catalogue())
    assert again.undoable() == "Modifier"
    again.undo()
    again.close()
    third = Store(store.folder, declared_catalogue())

    assert (third.redoable(), third.undoable()) == ("Modifier", "Ajouter")
    third.redo()
    assert get(third, "job", job.id).name == "après"
    third.close()


def test_nothing_is_left_to_undo_but_the_opening_of_the_station(store: Store):
    assert store.undoable() == ""
    with pytest.raises(Refused, match="rien à annuler"):
        store.undo()


def test_a_named_change_is_undone_while_later_ones_stay(store: Store):
    first, second = add(store, "job", name="a"), add(store, "job", name="b")
    with store.change("Renommer") as work:
        work.amend("job", first, name="A")
    amend(store, "job", second, name="B")

    store.undo(work.done.transaction)

    assert get(store, "job", first.id).name == "a"
    assert get(store, "job", second.id).name == "B"


def test_undoing_a_creation_deletes_and_redoing_restores(store: Store):
    job = add(store, "job", name="a")
    store.undo()
    assert listed(store, "job") == []
    assert get(store, "job", job.id).deleted
    store.redo()
    assert [each.name for each in listed(store, "job")] == ["a"]


def test_a_deletion_is_undone(store: Store):
    job = add(store, "job", name="a")
    delete(store, "job", job)
    store.undo()
    assert [each.id for each in listed(store, "job")] == [job.id]


def test_undo_is_all_or_nothing_and_lists_what_has_moved_on(store: Store):
    first, second = add(store, "job", name="a"), add(store, "job", name="b")
    with store.change("Renommer") as work:
        work.amend("job", first, name="A")
        work.amend("job", second, name="B", description="x")
    moved = amend(store, "job", get(store, "job", first.id), name="AA")

    with pytest.raises(Refused) as refused:
        store.undo(work.done.transaction)

    assert moved.reference in str(refused.value)
    assert "Nom" in str(refused.value)
    assert second.reference not in str(refused.value)
    assert get(store, "job", second.id).name == "B"

    store.undo(work.done.transaction, only_possible=True)
    assert [get(store, "job", each.id).name for each in (first, second)] == ["AA", "b"]
    assert get(store, "job", second.id).description is None


def test_the_rest_of_an_undo_leaves_alone_a_new_record_that_others_went_on_with(store: Store):
    with store.change("Importer") as work:
        first, second = work.new("job", name="a"), work.new("job", name="b")
    amend(store, "job", get(store, "job", first.id), name="A")

    store.undo(work.done.transaction, only_possible=True)

    assert [each.id for each in listed(store, "job")] == [first.id]
    assert get(store, "job", second.id).deleted


def test_a_new_record_goes_though_the_same_change_made_older_ones_refer_to_it(store: Store):
    old = add(store, "org_unit", name="Routes")
    with store.change("Réunir") as work:
        new = work.new("org_unit", name="Mobilités")
        work.amend("org_unit", old, parent=new.id)
    store.undo()
    assert get(store, "org_unit", old.id).parent is None
    assert get(store, "org_unit", new.id).deleted
    store.redo()
    assert get(store, "org_unit", old.id).parent == new.id


def test_a_change_of_import_size_is_undone_at_once(store: Store):
    with store.change("Importer") as work:
        for number in range(600):
            work.new("job", name=f"Métier {number}")
    with store.change("Préciser") as more:
        for each in listed(store, "job"):
            more.amend("job", each, description="précisé")

    store.undo()
    assert {each.description for each in listed(store, "job")} == {None}
    store.undo()
    with store.reading() as read:
        assert read.count(Query("job")) == 0
    store.redo()
    with store.reading() as read:
        assert read.count(Query("job")) == 600


def test_an_edit_of_a_shipped_record_is_undone_to_the_shipped_value(store: Store):
    family = listed(store, "hazard_family")[0]
    shipped = family.name
    amend(store, "hazard_family", family, name="Autrement dit")
    store.undo()
    assert get(store, "hazard_family", family.id).name == shipped


def test_my_edit_is_undone_though_another_station_made_the_record_under_the_same_number(station):
    here, there = station("45"), station("45")
    job = add(there, "job", name="avant")
    tell(there, here)
    amend(here, "job", get(here, "job", job.id), name="après")
    assert here.position()[here.station] == there.position()[there.station]

    here.undo()

    assert get(here, "job", job.id).name == "avant"
    assert not get(here, "job", job.id).deleted


def test_what_another_station_wrote_over_mine_has_moved_on(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    amend(here, "job", job, name="b")
    tell(here, there)
    amend(there, "job", get(there, "job", job.id), name="c")
    tell(there, here)

    with pytest.raises(Refused, match="modifiées"):
        here.undo()
    assert get(here, "job", job.id).name == "c"


def test_only_changes_of_this_station_are_undone(station):
    here, there = station("45"), station("45")
    with there.change("Ajouter") as work:
        work.new("job", name="a")
    tell(there, here)
    with pytest.raises(NotFound, match="cet ordinateur"):
        here.undo(work.done.transaction)
    with pytest.raises(NotFound):
        here.undo("n’importe quoi")


def test_a_statutory_entry_is_neither_undone_nor_deleted_but_may_be_rectified(store: Store):
    site = add(store, "site", name="Centre routier")
    with store.change("Signaler") as work:
        entry = work.new(
            "health_safety_entry",
            site=site.id,
            reported_on=store.today(),
            observation="Garde-corps descellé",
        )
    with pytest.raises(Refused, match="ne s’annule pas"):
        store.undo()
    with pytest.raises(Refused, match="ne s’efface pas"), store.change("Supprimer") as work:
        work.delete("health_safety_entry", get(store, "health_safety_entry", entry.id))

    read = get(store, "health_safety_entry", entry.id)
    amend(store, "health_safety_entry", read, place="Escalier nord")
    store.undo()
    assert get(store, "health_safety_entry", entry.id).place is None


def test_a_settlement_is_not_undone(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    amend(here, "job", job, name="ici")
    amend(there, "job", get(there, "job", job.id), name="là")
    tell(there, here)
    assert conflicts(here) == {(job.id, "name")}
    with here.change("Départager") as work:
        work.amend("job", get(here, "job", job.id), settles=True, name="ici")
    assert conflicts(here) == set()

    with pytest.raises(Refused):
        here.undo()
    assert conflicts(here) == set()


def test_an_erasure_and_the_opening_of_a_station_are_not_undone(store: Store):
    accident = add_accident(store, circumstances="récit", person_name="Durand")
    with store.change("Effacer") as work:
        mine = [each for each in leaves_of(store, accident) if each.kind == "n"]
        work.erase("accident", accident, mine)
    with pytest.raises(Refused, match="n’existent plus"):
        store.undo()
    code = work.done.transaction.partition(".")[0]
    with pytest.raises(Refused, match="droits"):
        store.undo(f"{code}.1")


def test_undo_fails_once_a_value_before_was_erased(store: Store):
    accident = add_accident(store, circumstances="premier récit")
    before = leaves_of(store, accident)
    amend(store, "accident", accident, circumstances="second récit")
    with store.change("Effacer") as work:
        work.erase(
            "accident",
            get(store, "accident", accident.id),
            [each for each in before if each.kind == "t"],
        )
    with pytest.raises(Refused):
        store.undo(f"{work.done.transaction.partition('.')[0]}.3")
    assert get(store, "accident", accident.id).circumstances == "second récit"
