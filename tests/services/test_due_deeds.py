"""Putting off, marking done, giving to someone else: one change over all that was chosen."""

from __future__ import annotations

from datetime import date

import pytest

from prevention_app.errors import Refused
from prevention_app.services import due_deeds, overview
from prevention_app.services.due_deeds import MARK_DONE, POSTPONE, REASSIGN, Target, targets
from prevention_app.storage.query import Query
from prevention_app.storage.work import CheckFailed

TODAY = date(2026, 11, 24)
PAST = date(2026, 11, 3)
LATER = date(2027, 1, 15)


@pytest.fixture
def workshop(store):
    """An action, an observation, a reservation, an equipment and a credential, by name."""
    with store.reading() as read:
        title = read.records(Query("credential_type"))[0].id
    with store.change("Préparer") as work:
        site = work.new("site", name="Atelier")
        pump = work.new("equipment", name="Pont", site=site.id, months=12)
        seen = work.new("inspection", equipment=pump.id, done_on=date(2025, 10, 1))
        agent = work.new("person", last_name="Marchand", site=site.id)
        made = {
            "action": work.new("planned_action", title="Rampe", due=PAST, pilot="atelier"),
            "undated": work.new("planned_action", title="Grille"),
            "entry": work.new(
                "health_safety_entry", site=site.id, reported_on=PAST, observation="Câble"
            ),
            "reservation": work.new(
                "reservation", inspection=seen.id, text="Câble", action_due=PAST
            ),
            "pump": pump,
            "credential": work.new(
                "credential", person=agent.id, credential_type=title, expires=PAST
            ),
        }
    return {name: record.id for name, record in made.items()}


def chosen(store, deed, *ids):
    """The targets of a deed among the due items of these records."""
    with store.reading() as read:
        items = overview.due_items(read, TODAY)
    return targets(deed, [each for each in items if each.record_id in ids], store.catalogue)


def held(store, register, record_id):
    with store.reading() as read:
        return read.get(register, record_id)


def test_putting_off_keeps_the_first_date_and_the_reason(store, workshop) -> None:
    actions = chosen(store, POSTPONE, workshop["action"], workshop["undated"])
    done = due_deeds.postpone(store, actions, LATER, "Marché relancé")
    first = held(store, "planned_action", workshop["action"])
    assert (first.due, first.revised_due) == (PAST, LATER)
    assert held(store, "planned_action", workshop["undated"]).due == LATER
    assert len(done.records) == 2
    (*_, (_, written)) = store.history(workshop["action"])
    assert written.reason == "Marché relancé"


def test_one_undo_takes_all_of_it_back(store, workshop) -> None:
    actions = chosen(store, POSTPONE, workshop["action"], workshop["entry"])
    assert len(actions) == 2
    due_deeds.postpone(store, actions, LATER, "Marché relancé")
    assert held(store, "health_safety_entry", workshop["entry"]).answer_due == LATER
    _, name = store.undo()
    assert name == POSTPONE
    assert held(store, "planned_action", workshop["action"]).revised_due is None
    assert held(store, "health_safety_entry", workshop["entry"]).answer_due is None


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [(LATER, " ", "motif"), (date(2026, 11, 23), "Retard", "à partir d’aujourd’hui")],
)
def test_putting_off_wants_a_reason_and_a_day_to_come(store, workshop, until, reason, said) -> None:
    actions = chosen(store, POSTPONE, workshop["action"])
    with pytest.raises(Refused, match=said):
        due_deeds.postpone(store, actions, until, reason)


def test_what_a_rule_or_a_title_dates_is_not_put_off(store, workshop) -> None:
    assert chosen(store, POSTPONE, workshop["pump"], workshop["credential"]) == []
    assert chosen(store, MARK_DONE, workshop["credential"]) == []
    assert chosen(store, REASSIGN, workshop["entry"], workshop["reservation"]) == []


def test_done_is_written_as_each_register_says_it(store, workshop) -> None:
    ids = [workshop[name] for name in ("action", "entry", "reservation", "pump")]
    done = due_deeds.mark_done(store, chosen(store, MARK_DONE, *ids), TODAY, "Vu sur place")
    assert len(done.records) == 4
    action = held(store, "planned_action", workshop["action"])
    assert (action.state, action.done_on) == ("done", TODAY)
    entry = held(store, "health_safety_entry", workshop["entry"])
    assert (entry.follow_up, entry.answered_on, entry.answer) == (
        "answered",
        TODAY,
        "Vu sur place",
    )
    reservation = held(store, "reservation", workshop["reservation"])
    assert (reservation.lifted_on, reservation.evidence) == (TODAY, "Vu sur place")
    with store.reading() as read:
        latest = read.records(Query("inspection"))[0]
        left = {each.record_id: each.state.value for each in overview.due_items(read, TODAY)}
    assert (latest.equipment, latest.done_on) == (workshop["pump"], TODAY)
    assert left[workshop["pump"]] == "up_to_date"
    assert not {workshop["action"], workshop["entry"], workshop["reservation"]} & set(left)


def test_a_day_to_come_is_not_done_yet(store, workshop) -> None:
    with pytest.raises(CheckFailed):
        due_deeds.mark_done(store, chosen(store, MARK_DONE, workshop["action"]), LATER)


def test_actions_and_equipment_are_given_to_someone_else_together(store, workshop) -> None:
    both = chosen(store, REASSIGN, workshop["action"], workshop["pump"])
    due_deeds.reassign(store, both, "Responsable du parc")
    assert held(store, "planned_action", workshop["action"]).pilot == "Responsable du parc"
    assert held(store, "equipment", workshop["pump"]).responsible == "Responsable du parc"
    with pytest.raises(Refused, match="déjà celles"):
        due_deeds.reassign(store, both, "Responsable du parc")


def test_what_was_deleted_meanwhile_is_refused_whole(store, workshop) -> None:
    actions = chosen(store, POSTPONE, workshop["action"], workshop["entry"])
    with store.change("Supprimer") as work:
        work.delete("planned_action", held(store, "planned_action", workshop["action"]))
    with pytest.raises(Refused, match="supprimée"):
        due_deeds.postpone(store, actions, LATER, "Marché relancé")
    assert held(store, "health_safety_entry", workshop["entry"]).answer_due is None


def test_a_date_declared_as_due_without_a_rule_is_put_off_in_its_own_field() -> None:
    assert Target("own_register", "r1", "back_on").fields.date == "back_on"
