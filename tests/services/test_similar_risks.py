from __future__ import annotations

from datetime import date

import pytest

from prevention_app.services import risk_library, similar_risks
from prevention_app.storage.query import Condition, Op, Query


@pytest.fixture
def risks(store) -> dict[str, str]:
    """A risk of the Loiret, and what the two others have."""
    with store.reading() as read:
        road, noise = (
            read.records(Query("hazard_family", (Condition("family_code", Op.IS, code),)))[0].id
            for code in ("ROUT", "BRUI")
        )
    with store.change("Préparer") as work:
        units = {
            each: work.new("work_unit", name="CER", owner=each).id for each in ("45", "41", "28")
        }
        made = {
            key: work.new(
                "risk",
                owner=owner,
                work_unit=units[owner],
                hazard_family=family,
                situation=situation,
                evaluation="evaluated",
            ).id
            for key, owner, family, situation in (
                ("own", "45", road, "Pose et dépose de cônes sous circulation"),
                ("neighbour", "45", road, "Dépose de cônes sous circulation"),
                ("alike", "41", road, "Dépose des cônes, sous la circulation"),
                ("same_words", "28", noise, "Pose et dépose de cônes sous circulation"),
                ("other", "28", road, "Conduite de saleuses la nuit"),
            )
        }
        work.new("existing_measure", owner="41", risk=made["alike"], title="Flèche lumineuse")
        work.new("planned_action", owner="41", risk=made["alike"], title="Fourgon d’alerte")
        work.new(
            "rating", owner="41", risk=made["alike"], severity=4, frequency=4, control=4,
            rated_on=date(2026, 3, 1),
        )  # fmt: skip
    return {**made, **units}


def found(store, risk: str) -> list[similar_risks.Similar]:
    with store.reading() as read:
        return similar_risks.similar(read, read.get("risk", risk))


def test_like_risks_of_other_departments_are_shown_with_what_was_done(store, risks):
    first, second = found(store, risks["own"])
    assert [first.risk.id, second.risk.id] == [risks["same_words"], risks["alike"]]
    assert [each.title for each in second.measures] == ["Flèche lumineuse"]
    assert [each.title for each in second.actions] == ["Fourgon d’alerte"]
    assert second.assessment.residual_level.code == "critical"
    assert first.assessment is None


def test_risks_of_one_template_are_the_same_whatever_they_are_called(store, risks):
    with store.reading() as read:
        template = risk_library.find_lines(read, ["CER-07"])[0].risk.id
    taken = risk_library.take(store, [template], [risks["45"], risks["28"]]).risks
    with store.reading() as read:
        other = read.get("risk", taken[1])
    with store.change("Modifier") as work:
        work.amend("risk", other, situation="Tout autre chose")
    (only,) = [each for each in found(store, taken[0]) if each.same_origin]
    assert only.risk.id == taken[1]
    assert only.likeness == 100
