"""What others wrote since a person last looked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import recent
from prevention_app.storage.store import Store
from tests.circle import one_circle, trust_all


@pytest.fixture
def other(tmp_path: Path):
    """The station of a colleague."""
    with one_circle():
        made = Store.create(
            tmp_path / "autre.prevention",
            declared_catalogue(),
            department="45",
            name="Poste B",
            user="S. Nogueira",
            today=lambda: date(2026, 11, 24),
        )
    trust_all(made)
    yield made
    made.close()


def told(store, known):
    with store.reading() as read:
        return recent.by_others(read, known, store.station, most=2)


def test_the_last_changes_of_others_are_told_newest_first(store, other) -> None:
    seen = store.position()
    with store.change("Ajouter") as work:
        work.new("planned_action", title="La mienne")
    for title in ("Une", "Deux", "Trois"):
        with other.change("Ajouter") as work:
            made = work.new("planned_action", title=title)
    store.receive(other.entries_after(store.position()))
    newest, before = told(store, seen)
    assert (newest.who, newest.station, newest.name) == ("S. Nogueira", "Poste B", "Ajouter")
    assert (newest.register, newest.record_id, newest.records) == ("planned_action", made.id, 1)
    assert newest.reference.startswith("45-ACTI-")
    assert newest.when >= before.when
    assert told(store, store.position()) == []


def test_joining_is_no_news_and_alone_there_is_none(store, other) -> None:
    seen = store.position()
    assert told(store, seen) == []
    store.receive(other.entries_after(store.position()))
    assert told(store, seen) == []


def test_what_is_kept_aside_as_a_whole_is_no_news(store, tmp_path: Path) -> None:
    stranger = Store.create(
        tmp_path / "x.prevention",
        declared_catalogue(),
        department="45",
        name="Poste inconnu",
        user="X. Inconnu",
    )
    with stranger.change("Ajouter") as work:
        work.new("planned_action", title="Sans droit")
    seen = store.position()
    store.receive(stranger.entries_after(store.position()))
    stranger.close()
    assert told(store, seen) == []
    (held,) = [each for each in store.kept_aside() if each.register == "planned_action"]
    store.admit(held)
    assert [(each.name, each.records) for each in told(store, seen)] == [("Ajouter", 1)]


def test_a_change_of_many_records_says_how_many(store, other) -> None:
    with other.change("Importer") as work:
        for number in range(12):
            work.new("planned_action", title=f"Action {number}")
    store.receive(other.entries_after(store.position()))
    (change,) = told(store, {})
    assert change.records == 12
