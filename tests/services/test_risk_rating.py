"""Confirming what was taken from elsewhere: on the spot, or in bulk with a reason."""

from __future__ import annotations

from datetime import date

import pytest

from prevention_app.catalogue.vocabulary import MeasureType, RatingBasis
from prevention_app.errors import Refused
from prevention_app.services import (
    existing_measures,
    methods,
    risk_copies,
    risk_document,
    risk_rating,
)
from prevention_app.services.documents import Wanted, export_document
from prevention_app.services.name_masks import name_mask
from prevention_app.services.progress import Progress
from prevention_app.services.ratings import undated_ratings
from prevention_app.services.risk_notes import LAST_RESORT_ONLY
from prevention_app.services.workbook_rows import WorkbookRows
from prevention_app.storage.query import Query
from prevention_app.storage.work import CheckFailed
from tests.services.test_documents import words_of

TODAY = date(2026, 11, 24)


@pytest.fixture
def copies(store) -> list[str]:
    """Two copies of rated risks in another unit."""
    with store.change("Préparer") as work:
        here, there = (work.new("work_unit", name=name).id for name in ("Gien", "Blois"))
        for at in range(2):
            risk = work.new(
                "risk", work_unit=here, situation=f"Situation {at}", evaluation="evaluated"
            )
            work.new(
                "rating", risk=risk.id, severity=4, frequency=3, control=2 + at, rated_on=TODAY
            )
            work.new("existing_measure", risk=risk.id, title="Casque", measure_type="personal")
    with store.reading() as read:
        sources = [each.id for each in read.records(Query("risk", order=("reference",)))]
    risk_copies.copy_risks(store, sources, [there])
    with store.reading() as read:
        found = read.records(Query("risk", order=("reference",)))
    return [each.id for each in found if each.work_unit == there]


def found(store, risk):
    with store.reading() as read:
        return risk_document.detail(read, risk)


def bare(store, copies) -> str:
    """A risk of the same unit that tells no rating."""
    unit = found(store, copies[0]).risk.work_unit
    with store.change("Préparer") as work:
        return work.new("risk", work_unit=unit, situation="Poussières de bois").id


def test_confirmed_on_the_spot_the_hint_becomes_the_rating_of_that_day(store, copies):
    risk_rating.confirm(
        store, copies[:1], on=date(2026, 11, 20), participants="chef d’équipe", note="Vu ensemble"
    )
    after = found(store, copies[0])
    assert after.assessment.initial == 12
    rating = after.rating
    assert (rating.rated_on, rating.reason) == (date(2026, 11, 20), "Vu ensemble")
    assert (rating.basis, rating.participants) == (RatingBasis.CONFIRMED, "chef d’équipe")
    assert rating.rated_by == "Conseiller de prévention"
    assert rating.measures == "Casque (Protection individuelle (EPI))"
    assert [each.to_confirm for each in after.measures] == [None]
    assert found(store, copies[1]).assessment is None
    store.undo()
    back = found(store, copies[0])
    assert (back.assessment, list(back.ratings)) == (None, [])
    assert [each.to_confirm for each in back.measures] == [True]


def test_without_a_word_it_still_says_why(store, copies):
    risk_rating.confirm(store, copies)
    for each in copies:
        rating = found(store, each).rating
        assert (rating.rated_on, rating.reason) == (TODAY, risk_rating.ON_THE_SPOT)


def test_in_bulk_the_reason_stands_in_each_rating(store, copies):
    with pytest.raises(Refused, match="motif"):
        risk_rating.confirm_in_bulk(store, copies, " ")
    risk_rating.confirm_in_bulk(store, copies, "Mêmes locaux, même matériel")
    ratings = [found(store, each).rating for each in copies]
    assert {each.basis for each in ratings} == {RatingBasis.IN_BULK}
    assert {each.reason for each in ratings} == {"Mêmes locaux, même matériel"}
    with pytest.raises(Refused, match="Déjà évalués.*Situation 0"):
        risk_rating.confirm_in_bulk(store, copies[:1], "Encore")


def test_a_risk_that_tells_no_rating_is_refused_by_name_and_nothing_is_written(store, copies):
    wanted = [*copies, bare(store, copies)]
    for confirm in (
        lambda: risk_rating.confirm(store, wanted),
        lambda: risk_rating.confirm_in_bulk(store, wanted, "Identiques"),
    ):
        with pytest.raises(Refused, match=r"45-RISQ-\w{3}-5 \(Poussières de bois\)"):
            confirm()
    assert found(store, copies[0]).assessment is None
    with pytest.raises(Refused, match="Choisissez"):
        risk_rating.confirm(store, [])


def test_a_hint_by_another_method_is_to_be_rated(store, copies):
    methods.choose(store, "kinney-1")
    with pytest.raises(Refused, match="autre méthode.*Situation 0"):
        risk_rating.confirm(store, copies)


def test_half_a_hint_is_to_be_rated(store, copies):
    risk = found(store, copies[0]).risk
    with store.change("Préparer") as work:
        work.amend("risk", risk, hint="gfm-1 severity=4")
    with pytest.raises(Refused, match="incomplète"):
        risk_rating.confirm(store, copies[:1])


def test_the_day_is_not_to_come(store, copies):
    with pytest.raises(CheckFailed):
        risk_rating.confirm(store, copies, on=date(2026, 11, 25))
    assert found(store, copies[0]).assessment is None


def test_what_was_rated_there_is_rated_again_alike_when_seen_again(store, copies):
    risk_rating.confirm(store, copies[:1], on=date(2026, 1, 15))
    risk_rating.confirm(store, copies[:1], note="Revue annuelle")
    after = found(store, copies[0])
    assert [each.rated_on for each in after.ratings] == [TODAY, date(2026, 1, 15)]
    assert after.ratings[0].severity == after.ratings[1].severity == 4


def test_ratings_without_a_date_are_listed(store, copies):
    risk_rating.confirm(store, copies)
    with store.change("Préparer") as work:
        unit = found(store, copies[0]).risk.work_unit
        risk = work.new("risk", work_unit=unit, situation="Bruit", evaluation="evaluated")
        work.new("rating", risk=risk.id, severity=1, frequency=1, control=1)
    with store.reading() as read:
        listed = undated_ratings(read, "45")
        assert [each.risk.id for each in listed] == [risk.id]
        assert undated_ratings(read, "41") == []
    with store.change("Dater") as work:
        work.amend("rating", listed[0].rating, rated_on=date(2025, 3, 1))
    with store.reading() as read:
        assert undated_ratings(read, "45") == []


def test_the_reason_of_what_nobody_visited_is_printed_and_stands_in_the_workbook(
    store, copies, tmp_path
):
    risk_rating.confirm_in_bulk(store, copies[:1], "Mêmes locaux, même matériel")
    out = tmp_path / "du.pdf"
    export_document(store, Wanted("45"), out, Progress())
    said = words_of(out)
    assert "Réputée identique" in said
    assert "Mêmes locaux, même matériel" in said
    with store.reading() as read:
        rows = WorkbookRows(read, TODAY, ("45",), name_mask(read)).risks()
    notes = {each["notes"] for each in rows}
    assert "réputée identique, sans visite : Mêmes locaux, même matériel" in notes
    assert "cotation indiquée, à confirmer sur place" in notes


def test_a_serious_risk_that_equipment_alone_holds_is_pointed_out(store, copies):
    def noted() -> str | None:
        with store.reading() as read:
            rows = WorkbookRows(read, TODAY, ("45",), name_mask(read)).risks()
        return next(each["notes"] for each in rows if each["id"] == copies[0])

    risk = found(store, copies[0])
    figures = {"severity": 4, "frequency": 4, "control": 4}
    risk_document.rate(store, risk, figures, "Accident", on=TODAY)
    assert noted() == LAST_RESORT_ONLY
    existing_measures.add(store, risk.risk, "Carter", MeasureType.AT_SOURCE)
    assert noted() is None
