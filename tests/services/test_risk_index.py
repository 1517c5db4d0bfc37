from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from prevention_app.services import risk_index
from prevention_app.services.ratings import rated_risks
from prevention_app.services.risk_index import RiskIndex, Tally, Wanted

TODAY = date(2026, 11, 24)


def read_all(store, owners=(), number=2) -> RiskIndex:
    index = RiskIndex(owners, TODAY)
    while not index.complete:
        with store.reading() as read:
            index.read_on(read, number)
    return index


def add_risk(work, unit, situation, figures=(), *, evaluation="evaluated", **values):
    risk = work.new("risk", work_unit=unit, situation=situation, evaluation=evaluation, **values)
    if figures:
        g, f, m = figures
        work.new(
            "rating", risk=risk.id, severity=g, frequency=f, control=m, rated_on=date(2026, 3, 1)
        )
    return risk


def situations(index, units=None, wanted=None) -> list[str]:
    found = index.select(units)
    return [each.text for each in (wanted.among(found) if wanted else found)]


def test_the_worst_residual_comes_first_and_what_is_not_evaluated_last(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="CER de Gien").id
        add_risk(work, unit, "jamais coté")
        add_risk(work, unit, "recopié", (4, 4, 4), evaluation="to_evaluate")
        add_risk(work, unit, "faible", (1, 1, 1))
        add_risk(work, unit, "critique", (4, 4, 4))
        add_risk(work, unit, "moyen par sa gravité", (4, 1, 1))
        add_risk(work, unit, "faible de plus grande valeur", (3, 1, 4))
    index = read_all(store)
    assert situations(index)[:4] == [
        "critique",
        "moyen par sa gravite",
        "faible de plus grande valeur",
        "faible",
    ]
    assert set(situations(index)[4:]) == {"jamais cote", "recopie"}
    assert index.counts([unit]) == {4: 1, 2: 1, 1: 2, 0: 2}


def test_the_figures_are_those_that_the_reports_count(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        for at in range(7):
            add_risk(work, unit, f"risque {at}", (1 + at % 4, 1 + at % 3, 1 + at % 4))
    index = read_all(store)
    with store.reading() as read:
        expected = {each.risk.id: each.assessment.residual_level.rank for each in rated_risks(read)}
    assert {each.id: each.standing.rank for each in index.select(None)} == expected


def test_of_several_ratings_the_latest_counts(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        risk = add_risk(work, unit, "bruit", (4, 4, 4))
        for day, control in ((date(2026, 9, 1), 1), (date(2025, 9, 1), 4)):
            work.new("rating", risk=risk.id, severity=2, frequency=2, control=control, rated_on=day)
    (placed,) = read_all(store).select(None)
    assert placed.standing.assessment.residual == 1


def test_actions_are_tallied_and_late_ones_are_marked(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        late = add_risk(work, unit, "en retard", (4, 4, 4)).id
        add_risk(work, unit, "sans action", (4, 4, 3))
        for state, due in (
            ("done", TODAY - timedelta(days=90)),
            ("to_do", TODAY - timedelta(days=10)),
            ("in_progress", TODAY + timedelta(days=10)),
            ("abandoned", TODAY - timedelta(days=400)),
        ):
            work.new("planned_action", title=state, risk=late, state=state, due=due)
    index = read_all(store)
    assert index.get(late).tally == Tally(1, 3, TODAY - timedelta(days=10))
    assert situations(index, wanted=Wanted(measures=risk_index.LATE)) == ["en retard"]
    assert situations(index, wanted=Wanted(measures=risk_index.NO_ACTION)) == ["sans action"]


def test_filters_narrow_what_is_listed_and_hold_all_together(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        noise = work.new("hazard_family", family_code="B", name="Bruit").id
        one = add_risk(work, unit, "Élagage bruyant", (4, 4, 4), hazard_family=noise, cmr=True)
        add_risk(work, unit, "Élagage en nacelle", (1, 1, 1), factor="Bruit")
        work.new("existing_measure", risk=one.id, title="Casque", measure_type="personal")
    index = read_all(store)
    everything = Wanted(
        frozenset({noise}), frozenset({4}), risk_index.LAST_RESORT, risk_index.CMR, "elag BRUY"
    )
    assert situations(index, wanted=everything) == ["elagage bruyant"]
    for wrong in (
        {"families": frozenset({"x"})},
        {"ranks": frozenset({1})},
        {"measures": risk_index.LATE},
        {"exposures": risk_index.HARDSHIP},
        {"words": "nacelle"},
    ):
        assert situations(index, wanted=replace(everything, **wrong)) == []


def test_only_the_departments_asked_for_are_read(store):
    with store.change("Préparer") as work:
        here = work.new("work_unit", name="Gien").id
        there = work.new("work_unit", name="Blois", owner="41").id
        add_risk(work, here, "ici")
        work.new("risk", owner="41", work_unit=there, situation="là-bas")
    assert situations(read_all(store, ("45", "3D"))) == ["ici"]
    assert len(situations(read_all(store))) == 2


def test_what_belongs_to_a_double_counts_for_the_risk_that_it_was_joined_with(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        kept = add_risk(work, unit, "bruit", (1, 1, 1))
        double = add_risk(work, unit, "bruit (bis)")
        work.new("planned_action", title="Capoter", risk=double.id)
        work.new("rating", risk=double.id, severity=4, frequency=4, control=4, rated_on=TODAY)
    before = read_all(store)
    with store.reading() as read:
        double = read.get("risk", double.id)
    with store.change("Joindre") as work:
        work.join("risk", double, kept.id)
    with store.reading() as read:
        before.renew(read, [double.id])
    for index in (before, read_all(store)):
        (placed,) = index.select(None)
        assert (placed.id, placed.standing.rank, placed.tally.planned) == (kept.id, 4, 1)
        assert index.get(double.id) is placed
        assert index.joined_with(kept.id) == [double.id]


def test_a_written_risk_is_renewed_alone_and_a_deleted_one_is_forgotten(store):
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        risk = add_risk(work, unit, "bruit", (1, 1, 1))
        other = add_risk(work, unit, "chute", (2, 2, 2))
    index = read_all(store)
    with store.change("Modifier") as work:
        work.new("rating", risk=risk.id, severity=4, frequency=4, control=4, rated_on=TODAY)
        with store.reading() as read:
            work.delete("risk", read.get("risk", other.id))
        third = work.new("risk", work_unit=unit, situation="froid")
    with store.reading() as read:
        index.renew(read, [risk.id, other.id, third.id])
    assert situations(index) == ["bruit", "froid"]
    assert index.counts([unit]) == {4: 1, 0: 1}
