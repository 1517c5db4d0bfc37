from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app import paths
from prevention_app.domain.ratings import assess, method_from
from prevention_app.services import methods, risk_matrix
from prevention_app.services.ratings import rated_risks
from prevention_app.services.risk_index import PlacedRisk, Standing, Tally
from prevention_app.services.risk_matrix import axes_of, in_cells, place_from
from tests.services.test_risk_index import add_risk, read_all

GFM = methods.method("gfm-1")


def placed(code: str, **figures: int) -> PlacedRisk:
    """A risk that is rated so; nothing else of it matters here."""
    method = methods.method(code)
    key = (code, *(figures.get(each) for each in risk_matrix.CRITERIA))
    found = assess(method, figures)
    standing = Standing(found, found.residual_level.rank, key)
    return PlacedRisk("r", "u", "f", standing, Tally(), 0, "")


def test_each_risk_stands_in_the_cell_of_its_figures_with_its_residual_level(store) -> None:
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        for at in range(60):
            add_risk(work, unit, f"r{at}", (1 + at % 4, 1 + at % 3, 1 + at % 4))
        add_risk(work, unit, "jamais coté")
    axes = axes_of(GFM)
    found = risk_matrix.matrix(read_all(store).select(None), axes, methods.methods())
    with store.reading() as read:
        rated = [each for each in rated_risks(read) if each.assessment]
    expected = Counter(
        (each.rating.severity, each.rating.frequency, each.assessment.residual_level.rank)
        for each in rated
    )
    told = {
        (cell.place.row, cell.place.column, rank): number
        for cell in found.cells()
        for rank, number in cell.ranks.items()
    }
    assert told == expected
    assert (found.count, found.to_evaluate, found.off_scale) == (60, 1, 0)
    assert sum(found.levels().values()) == 60


def test_the_highest_severity_stands_at_the_top_and_the_floor_is_marked() -> None:
    lines = risk_matrix.matrix([], axes_of(GFM), {}).lines
    assert [[int(cell.value) for cell in line] for line in lines] == [
        [4, 8, 12, 16],
        [3, 6, 9, 12],
        [2, 4, 6, 8],
        [1, 2, 3, 4],
    ]
    # 4 × 1 = 4 is « Moyen » by its value already: nothing is raised in the shipped method.
    assert not any(cell.raised for line in lines for cell in line)


def test_a_cell_that_its_severity_raises_is_marked() -> None:
    document = json.loads(
        paths.resource("rating_methods").joinpath("gfm-1.json").read_text(encoding="utf-8")
    )
    document["floors"] = [{"severity": 4, "level": "high"}]
    raised = method_from(document)
    lines = risk_matrix.matrix([], axes_of(raised), {}).lines
    marked = [
        axes_of(raised).short_name(cell.place) for line in lines for cell in line if cell.raised
    ]
    assert marked == ["G4×F1"]
    assert lines[0][0].level.code == "high"


@pytest.mark.parametrize(
    ("code", "grid"),
    [
        ("gfm-1", ("severity", "frequency", 4, 4)),
        ("gf-1", ("severity", "frequency", 4, 4)),
        ("sf-1", ("severity", "frequency", 4, 4)),
        ("rps-1", None),
        ("five-1", None),
        ("kinney-1", None),
    ],
)
def test_a_method_of_two_criteria_has_a_grid_and_no_other(code, grid) -> None:
    axes = axes_of(methods.method(code))
    told = axes and (axes.row, axes.column, len(axes.rows.steps), len(axes.columns.steps))
    assert told == grid


def test_a_method_with_five_steps_draws_its_own_grid() -> None:
    scale = GFM.scales["severity"]
    wider = replace(
        scale, steps=(*scale.steps, replace(scale.steps[-1], value=5, label_fr="Fatale"))
    )
    method = replace(GFM, code="45-five", scales={**GFM.scales, "severity": wider})
    lines = risk_matrix.matrix([], axes_of(method), {}).lines
    assert lines[0][0].row.label_fr == "Fatale"
    assert (len(lines), len(lines[0])) == (5, 4)


def test_risks_rated_otherwise_are_told_and_not_converted() -> None:
    risks = [
        placed("gfm-1", severity=4, frequency=3, control=2),
        placed("rps-1", judgement=3),
        placed("rps-1", judgement=1),
        placed("gf-1", severity=4, frequency=3),
        placed("gfm-1", severity=4, control=2),
    ]
    found = risk_matrix.matrix(risks, axes_of(GFM), methods.methods())
    assert found.count == 1
    assert found.rated_otherwise == {
        "Risques psychosociaux, appréciation": 2,
        "Gravité × fréquence": 1,
    }
    assert found.off_scale == 1


figure = st.integers(1, 4)
rated = st.builds(
    lambda g, f, m: placed("gfm-1", severity=g, frequency=f, control=m), figure, figure, figure
)


@given(st.lists(rated, max_size=40), st.sets(st.tuples(figure, figure)))
def test_the_risks_of_cells_are_as_many_as_the_cells_count(risks, chosen) -> None:
    axes = axes_of(GFM)
    places = {risk_matrix.Place("gfm-1", row, column) for row, column in chosen}
    found = risk_matrix.matrix(risks, axes, {})
    counted = sum(cell.count for cell in found.cells() if cell.place in places)
    assert len(in_cells(risks, [axes], places)) == counted


def test_a_cell_is_kept_as_text_and_read_again() -> None:
    place = risk_matrix.Place("45-gfm-2", 4, 3)
    assert place_from(place.code) == place
    assert place_from("45-gfm-2") is None
    assert place_from("x/a/b") is None


def test_the_method_chosen_comes_first_and_those_without_two_axes_are_not_offered(store) -> None:
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        add_risk(work, unit, "bruit", (4, 4, 4))
    index = read_all(store)
    with store.reading() as read:
        assert [each.method.code for each in risk_matrix.offered(read, index, ("45",))[0]] == [
            "gfm-1"
        ]
    methods.choose(store, "gf-1")
    with store.reading() as read:
        found, known = risk_matrix.offered(read, index, ("45",))
    assert [each.method.code for each in found] == ["gf-1", "gfm-1"]
    assert "kinney-1" in known
    methods.choose(store, "kinney-1")
    with store.reading() as read:
        assert risk_matrix.offered(read, None, ("45",))[0] == []
