"""What asks for an update of the document unique outside the campaign, until it is answered."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from prevention_app.catalogue.campaign import UnitState, UpdateOutcome
from prevention_app.errors import NotFound
from prevention_app.services import campaign, campaign_reasons
from prevention_app.storage.query import Query
from prevention_app.storage.work import CheckFailed

TODAY = date(2026, 11, 26)


@pytest.fixture
def places(store) -> dict[str, str]:
    """A site with a room, and a unit there whose two risks were rated in March and in June."""
    with store.change("Préparer") as work:
        site = work.new("site", name="Centre de Gien").id
        room = work.new("site", name="Local phyto", parent=site).id
        store_room = work.new("store_room", name="Armoire", site=room).id
        unit = work.new("work_unit", name="CER de Gien", site=site).id
        for situation, day in (("Bruit", date(2026, 3, 1)), ("Route", date(2026, 6, 1))):
            risk = work.new("risk", work_unit=unit, situation=situation, evaluation="evaluated").id
            work.new("rating", risk=risk, severity=3, frequency=3, control=2, rated_on=day)
    return {"site": site, "room": room, "store_room": store_room, "unit": unit}


def add(store, register, **values) -> str:
    with store.change("Ajouter") as work:
        return work.new(register, **values).id


def reasons(store):
    with store.reading() as read:
        return campaign_reasons.update_reasons(read, ("45",), TODAY)


def happened(store):
    return [(each.words, each.day, each.place) for each in reasons(store)]


def test_what_happened_since_the_unit_stands_evaluated_comes_up_by_itself(store, places):
    add(store, "accident", happened_on=date(2026, 5, 2), work_unit=places["unit"])
    add(store, "accident", happened_on=date(2026, 2, 2), work_unit=places["unit"])
    add(store, "accident", happened_on=date(2026, 5, 3), work_unit=places["unit"], kind="commuting")
    add(
        store, "health_safety_entry", site=places["site"], reported_on=date(2026, 7, 1),
        observation="Quai glissant",
    )  # fmt: skip
    add(
        store, "stock_line", store_room=places["store_room"], name_as_written="Décapant",
        purchased=date(2026, 8, 1),
    )  # fmt: skip
    assert happened(store) == [
        ("Nouveau produit", date(2026, 8, 1), "Local phyto (CER de Gien)"),
        ("Observation RSST", date(2026, 7, 1), "Centre de Gien (CER de Gien)"),
        ("Accident", date(2026, 5, 2), "CER de Gien"),
    ]


def test_rating_one_other_risk_answers_nothing_and_validating_the_unit_answers_all(store, places):
    add(store, "accident", happened_on=date(2026, 11, 2), work_unit=places["unit"])
    with store.reading() as read:
        risk = read.records(Query("risk"))[0].id
    add(store, "rating", risk=risk, severity=3, frequency=3, control=1, rated_on=date(2026, 11, 20))
    assert len(reasons(store)) == 1
    campaign.start(store, "45")
    with store.reading() as read:
        held = campaign.members(read, campaign.find(read, "45").id)
    campaign.set_state(store, [held[0].id], UnitState.VALIDATED)
    assert reasons(store) == []


def test_an_answer_says_why_a_unit_is_not_concerned_and_can_be_undone(store, places):
    add(store, "accident", happened_on=date(2026, 11, 2), work_unit=places["unit"])
    with pytest.raises(CheckFailed, match="pourquoi"):
        campaign_reasons.answer(store, reasons(store), UpdateOutcome.NOT_CONCERNED, " ")
    campaign_reasons.answer(store, reasons(store), UpdateOutcome.NOT_CONCERNED, "Malaise")
    assert reasons(store) == []
    store.undo()
    assert len(reasons(store)) == 1
    with store.reading() as read, pytest.raises(NotFound):
        campaign_reasons.named(read, ["45-ACCI-XXX-99"], TODAY)


def test_an_equipment_entered_by_hand_is_new(store, places):
    add(store, "equipment", name="Scie à ruban", site=places["site"])
    assert [each.text for each in reasons(store)] == ["Scie à ruban"]


def test_an_equipment_that_a_file_brought_was_there_before(store, places):
    with store.change("Reprendre un fichier") as work:
        work.new("equipment", name="Extincteurs", site=places["site"])
        work.new(
            "import_run", file_name="parc.xlsx", kind="equipment", digest="0" * 64,
            imported_at=datetime(2026, 11, 20, 9),
        )  # fmt: skip
    assert reasons(store) == []


def test_an_accident_without_a_place_is_not_forgotten(store, places):
    add(store, "accident", happened_on=date(2026, 11, 2))
    add(store, "accident", happened_on=date(2025, 10, 2))
    assert happened(store) == [("Accident", date(2026, 11, 2), "Lieu à préciser")]
