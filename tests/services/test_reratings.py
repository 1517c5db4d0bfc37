"""Re-ratings that a finished action proposes."""

from __future__ import annotations

from datetime import date

import pytest

from prevention_app.domain.periods import add_months
from prevention_app.errors import NotFound, Refused
from prevention_app.services import programme_acts, records, reratings
from prevention_app.services.reratings import rerating_proposals
from prevention_app.storage.query import Condition, Op, Query

TODAY = date(2026, 11, 24)


@pytest.fixture
def made(store):
    """A rated risk, one to be evaluated, and an action to be done on each."""
    ids: dict[str, str] = {}
    with store.change("Préparer") as work:
        for name, evaluation in (("rated", "evaluated"), ("other", "to_evaluate")):
            risk = work.new("risk", situation=name, evaluation=evaluation, work_unit=unit(work))
            ids[name] = risk.id
            day = date(2026, 3, 1)
            work.new("rating", risk=risk.id, severity=4, frequency=3, control=4, rated_on=day)
            action = work.new("planned_action", risk=risk.id, title=f"Pour {name}")
            ids[f"for {name}"] = action.id
    return ids


def unit(work):
    return work.new("work_unit", name="CER").id


def proposed(store, **how):
    with store.reading() as read:
        return rerating_proposals(read, TODAY, **how)


def finish(store, action, **values):
    with store.reading() as read:
        record = read.get("planned_action", action)
    records.save(store, "planned_action", record, {"state": "done", **values})


def rate(store, risk, day):
    with store.change("Coter") as work:
        work.new("rating", risk=risk, severity=4, frequency=2, control=2, rated_on=day)


def test_a_finished_action_proposes_it_until_the_risk_is_rated(store, made):
    assert proposed(store) == []
    finish(store, made["for rated"])
    (found,) = proposed(store)
    assert (found.risk.id, found.finished_on, found.rated_on) == (
        made["rated"],
        TODAY,
        date(2026, 3, 1),
    )
    assert found.reason == "Action réalisée : Pour rated"
    assert proposed(store, actions=[made["for other"]]) == []
    rate(store, made["rated"], TODAY)
    assert proposed(store) == []
    store.undo()
    assert len(proposed(store)) == 1


def test_a_risk_that_nobody_rated_and_one_rated_since_propose_nothing(store, made):
    finish(store, made["for other"])
    finish(store, made["for rated"], done_on=date(2026, 2, 1))
    assert proposed(store) == []


def test_what_was_done_long_ago_is_left_to_the_yearly_update(store, made):
    with store.reading() as read:
        (rating,) = read.records(Query("rating", (Condition("risk", Op.IS, made["rated"]),)))
    records.save(store, "rating", rating, {"rated_on": date(2024, 1, 1)})
    finish(store, made["for rated"], done_on=add_months(TODAY, -13))
    assert proposed(store) == []
    finish(store, made["for rated"], done_on=add_months(TODAY, -11))
    assert len(proposed(store)) == 1


def test_each_further_risk_of_the_action_is_proposed_too(store, made):
    with store.change("Coter") as work:
        with store.reading() as read:
            other = read.get("risk", made["other"])
            action = read.get("planned_action", made["for rated"]).reference
        work.amend("risk", other, evaluation="evaluated")
    programme_acts.name_risks(store, action, [other.reference])
    finish(store, made["for rated"])
    assert {each.risk.situation for each in proposed(store)} == {"rated", "other"}


def test_it_is_declined_with_a_word_and_comes_back_when_the_effect_is_verified_later(store, made):
    yesterday = date(2026, 11, 23)
    finish(store, made["for rated"], done_on=yesterday)
    with pytest.raises(Refused, match="pourquoi"):
        reratings.decline(store, made["for rated"], made["rated"], " ")
    reratings.decline(store, made["for rated"], made["rated"], "Effet non mesurable")
    assert proposed(store) == []
    with pytest.raises(NotFound):
        reratings.decline(store, made["for rated"], made["rated"], "Encore")
    store.undo()
    assert len(proposed(store)) == 1
