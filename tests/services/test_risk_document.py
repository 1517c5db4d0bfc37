from __future__ import annotations

from datetime import date

import pytest

from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.errors import Refused
from prevention_app.services import risk_document
from prevention_app.storage.query import Query
from prevention_app.storage.work import CheckFailed

TODAY = date(2026, 11, 24)


@pytest.fixture
def risk(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="CER de Gien").id
        made = work.new(
            "risk", work_unit=unit, situation="Pose de cônes", exposed=14, evaluation="to_evaluate"
        )
        work.new(
            "rating",
            risk=made.id,
            severity=4,
            frequency=4,
            control=4,
            rated_on=date(2026, 3, 23),
        )
        work.new("existing_measure", risk=made.id, title="Fourgon", measure_type="collective")
        work.new("planned_action", risk=made.id, title="FLR", due=date(2027, 1, 31))
        work.new("planned_action", risk=made.id, title="Formation", state="done")
    return made.id


def found(store, risk):
    with store.reading() as read:
        return risk_document.detail(read, risk)


def gfm(severity, frequency, control):
    """The figures of a rating by severity, frequency and control."""
    return {"severity": severity, "frequency": frequency, "control": control}


def count(store, register) -> int:
    with store.reading() as read:
        return read.count(Query(register))


def test_a_copied_rating_is_a_hint_until_someone_rates_on_site(store, risk):
    before = found(store, risk)
    assert (before.unit, before.assessment) == ("CER de Gien", None)
    assert before.rating.severity == 4
    assert [each.title for each in before.actions] == ["FLR", "Formation"]
    risk_document.rate(store, before, gfm(4, 4, 3), " Presqu’accident ")
    after = found(store, risk)
    assert after.assessment.residual == 12
    assert (after.rating.rated_on, after.rating.reason) == (TODAY, "Presqu’accident")
    assert len(after.ratings) == 2
    assert store.undoable() == risk_document.RATE
    store.undo()
    assert found(store, risk).assessment is None


def test_no_rating_is_overwritten_not_even_on_one_day(store, risk):
    risk_document.rate(store, found(store, risk), gfm(4, 4, 3), "Visite")
    risk_document.rate(store, found(store, risk), gfm(4, 3, 3), "Visite, corrigée")
    after = found(store, risk)
    assert [(each.frequency, each.reason) for each in after.ratings] == [
        (3, "Visite, corrigée"),
        (4, "Visite"),
        (4, None),
    ]
    assert after.assessment.initial == 12


def test_a_rating_says_when_how_by_whom_and_with_which_measures(store, risk):
    risk_document.rate(
        store,
        found(store, risk),
        gfm(4, 4, 3),
        "Visite",
        on=date(2026, 11, 20),
        basis=RatingBasis.DESK,
        participants="chef d’équipe, assistante de prévention",
    )
    rating = found(store, risk).rating
    assert (rating.rated_on, rating.basis) == (date(2026, 11, 20), RatingBasis.DESK)
    assert rating.participants == "chef d’équipe, assistante de prévention"
    assert rating.rated_by == "Conseiller de prévention"
    assert rating.measures == "Fourgon (Protection collective)"
    assert rating.method == "gfm-1"
    held, tomorrow = found(store, risk), date(2026, 11, 25)
    with pytest.raises(CheckFailed):
        risk_document.rate(store, held, gfm(4, 4, 3), "Demain", on=tomorrow)


def test_a_rating_without_a_reason_or_a_figure_is_refused(store, risk):
    with pytest.raises(CheckFailed) as refused:
        risk_document.rate(store, found(store, risk), gfm(4, None, 3), "  ")
    assert [key for key, _ in refused.value.problems] == ["frequency", "reason"]
    assert count(store, "rating") == 1


def test_an_action_belongs_to_its_risk_and_unit(store, risk):
    before = found(store, risk)
    risk_document.add_action(store, before.risk, {"title": "Dévier la circulation"})
    added = found(store, risk).actions[-1]
    actions = {each.title: each for each in found(store, risk).actions}
    added = actions["Dévier la circulation"]
    assert (added.work_unit, added.owner) == (before.risk.work_unit, "45")
    with pytest.raises(CheckFailed):
        risk_document.add_action(store, before.risk, {})


def test_removing_a_risk_takes_along_what_is_its_own_and_comes_back_with_it(store, risk):
    registers = ("risk", "rating", "existing_measure", "planned_action")
    before = [count(store, each) for each in registers]
    risk_document.remove(store, [risk])
    assert [count(store, each) for each in registers] == [0, 0, 0, 1]  # what was done stays
    store.undo()
    assert [count(store, each) for each in registers] == before
    with pytest.raises(Refused):
        risk_document.remove(store, [])


def test_the_past_tells_each_change_once_the_last_one_first(store, risk):
    risk_document.rate(store, found(store, risk), gfm(4, 4, 3), "Visite")
    touched = risk_document.own_records(found(store, risk))
    changes = [each for record in touched for each in risk_document.changes_of(store, record)]
    steps = risk_document.as_steps(changes)
    assert [each.name for each in steps] == [risk_document.RATE, "Préparer"]
    assert {event.field for _, event in steps[0].changes} >= {"control", "evaluation"}


def test_written_records_lead_to_their_risks(store, risk):
    details = found(store, risk)
    touched = [("rating", details.rating.id), ("risk", "x"), ("person", "y")]
    with store.reading() as read:
        assert risk_document.risks_of(read, touched) == {risk, "x"}


# -- to another unit -------------------------------------------------------------------------


def test_a_moved_risk_takes_along_its_rating_and_what_is_still_to_be_done(store, risk):
    with store.change("Préparer") as work:
        other = work.new("work_unit", name="Archives").id
    before = found(store, risk)
    old = before.risk.work_unit
    with store.change("Préparer") as work:
        for action in before.actions:
            work.amend("planned_action", action, work_unit=old)
    done = risk_document.move(store, [risk], other)
    after = found(store, risk)
    assert (after.unit, after.rating.severity) == ("Archives", 4)
    assert {each.title: each.work_unit for each in after.actions} == {
        "FLR": other,
        "Formation": old,
    }
    assert done.name == store.undoable() == risk_document.MOVE
    store.undo()
    assert found(store, risk).unit == "CER de Gien"


def test_a_risk_is_not_moved_to_those_who_do_not_answer_for_it(store, risk):
    with store.change("Préparer") as work:
        elsewhere = work.new("work_unit", owner="41", name="Centre de Blois").id
    with pytest.raises(Refused, match="Centre de Blois.*autre département"):
        risk_document.move(store, [risk], elsewhere)
    assert found(store, risk).unit == "CER de Gien"


def test_moving_to_the_unit_where_it_is_changes_nothing(store, risk):
    with pytest.raises(Refused):
        risk_document.move(store, [risk], found(store, risk).risk.work_unit)
