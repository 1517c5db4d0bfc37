from __future__ import annotations

from datetime import UTC, datetime

from prevention_app.domain.merging import ERASED
from prevention_app.storage.store import Store
from tests.storage.acts import add, add_accident, amend, delete, get, leaves_of, listed, tell


def told(store: Store, record_id: str) -> list[tuple[str, str, object, object]]:
    return [(past.message, past.field, past.old, past.new) for _, past in store.history(record_id)]


def test_the_history_tells_every_write_with_the_value_before(store: Store):
    job = add(store, "job", name="Cantonnier")
    amend(store, "job", job, name="Agent des routes", description="entretien")
    delete(store, "job", get(store, "job", job.id))
    store.undo()
    assert told(store, job.id) == [
        ("Ajouter", "name", None, "Cantonnier"),
        ("Modifier", "description", None, "entretien"),
        ("Modifier", "name", "Cantonnier", "Agent des routes"),
        ("Supprimer", "_deleted", None, True),
        ("undo", "_deleted", True, False),
    ]


def test_the_history_says_who_when_where_and_why(store: Store):
    job = add(store, "job", name="a")
    with store.change("Modifier", reason="Erreur de saisie") as work:
        work.amend("job", job, name="b")
    transaction, past = store.history(job.id)[-1]
    assert transaction == work.done.transaction
    assert (past.station, past.author) == (store.station, store.author)
    assert abs((datetime.now(UTC) - past.when).total_seconds()) < 60
    assert past.reason == "Erreur de saisie"
    assert store.history(job.id)[0][1].reason == ""


def test_one_reason_belongs_to_every_record_of_its_change(store: Store):
    jobs = [add(store, "job", name=name) for name in "ab"]
    with store.change("Modifier", reason="Nouvelle nomenclature") as work:
        for job in jobs:
            work.amend("job", job, description="revu")
    assert [store.history(job.id)[-1][1].reason for job in jobs] == ["Nouvelle nomenclature"] * 2


def test_the_history_of_a_shipped_record_starts_from_the_shipped_value(store: Store):
    family = listed(store, "hazard_family")[0]
    amend(store, "hazard_family", family, name="Autre nom")
    assert told(store, family.id) == [("Modifier", "name", family.name, "Autre nom")]


def test_the_history_shows_that_a_value_was_erased_and_not_what_it_was(store: Store):
    accident = add_accident(store, person_name="Durand", injury_seat="Main")
    with store.change("Effacer", reason="Demande de l’intéressé") as work:
        mine = [each for each in leaves_of(store, accident) if each.kind == "n"]
        work.erase("accident", accident, mine)
    lines = [line for line in told(store, accident.id) if line[1] == "person_name"]
    assert lines == [
        ("Ajouter", "person_name", None, ERASED),
        ("Effacer", "person_name", ERASED, ERASED),
    ]
    assert store.history(accident.id)[-1][1].reason == "Demande de l’intéressé"


def test_the_history_of_two_stations_is_told_at_both(station):
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    tell(here, there)
    amend(there, "job", get(there, "job", job.id), name="b")
    tell(there, here)
    for store in (here, there):
        assert [(past.station, past.new) for _, past in store.history(job.id)] == [
            (here.station, "a"),
            (there.station, "b"),
        ]
    transactions = [[name for name, _ in store.history(job.id)] for store in (here, there)]
    assert transactions[0] == transactions[1]
    assert len(set(transactions[0])) == 2
