from __future__ import annotations

from decimal import Decimal

import pytest

from prevention_app.domain.ratings import assess, decision, initial, level, residual
from prevention_app.services.methods import method

GFM = method("gfm-1")


@pytest.mark.parametrize(
    ("value", "code", "decided"),
    [
        ("0.25", "low", "follow_up"),
        ("3.75", "low", "follow_up"),
        ("3.99", "low", "follow_up"),
        ("4", "medium", "yearly_programme"),
        ("7.99", "medium", "yearly_programme"),
        ("8", "high", "immediate"),
        ("11.99", "high", "immediate"),
        ("12", "critical", "immediate"),
        ("16", "critical", "immediate"),
    ],
)
def test_each_threshold_begins_a_level_and_a_decision(value, code, decided):
    assert level(GFM, Decimal(value), 3).code == code
    found = decision(GFM, Decimal(value))
    assert found is not None
    assert found.code == decided


@pytest.mark.parametrize(
    ("product", "code"),
    [
        (1, "low"),
        (2, "low"),
        (3, "low"),
        (4, "medium"),
        (6, "medium"),
        (8, "high"),
        (9, "high"),
        (12, "critical"),
        (16, "critical"),
    ],
)
def test_every_gross_product_has_the_level_that_the_profession_gives_it(product, code):
    pairs = [(g, f) for g in range(1, 5) for f in range(1, 5) if g * f == product]
    assert pairs
    for severity, frequency in pairs:
        value = initial(GFM, severity, frequency)
        assert value == product
        assert level(GFM, value, None).code == code


@pytest.mark.parametrize("control", [1, 2, 3, 4])
@pytest.mark.parametrize("frequency", [1, 2, 3, 4])
def test_a_very_serious_risk_is_never_below_medium(frequency, control):
    found = assess(GFM, 4, frequency, control)
    assert found.initial_level.rank >= 2
    assert found.residual_level.rank >= 2
    assert assess(GFM, 3, 1, control).residual_level.code == "low"


def test_the_floor_raises_the_level_and_not_the_decision():
    found = assess(GFM, 4, 1, 1)
    assert found.residual == 1
    assert found.residual_level.label_fr == "Moyen"
    assert found.decision is not None
    assert found.decision.label_fr == "Suivi"


@pytest.mark.parametrize(("control", "expected"), [(1, "3"), (2, "6"), (3, "9"), (4, "12")])
def test_control_weighs_a_quarter_to_the_whole(control, expected):
    assert residual(GFM, 3, 4, control) == Decimal(expected)


@pytest.mark.parametrize(
    "figures", [(None, 2, 3), (2, None, 3), (2, 3, None), (5, 2, 1), (2, 0, 1)]
)
def test_what_is_missing_or_off_its_scale_is_not_rated(figures):
    found = assess(GFM, *figures)
    assert found.residual is None
    assert found.residual_level.code == "unrated"
    assert found.residual_level.rank == 0
    assert found.decision is None


def test_the_gross_value_does_not_wait_for_the_control():
    found = assess(GFM, 3, 3, None)
    assert found.initial == 9
    assert found.initial_level.code == "high"


def test_high_and_critical_are_what_asks_for_immediate_action():
    assert GFM.immediate_from == 8
    assert [each.code for each in GFM.levels if each.rank >= 3] == ["high", "critical"]


def test_the_worse_the_level_the_darker_its_fill():
    def luminance(colour):
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    def contrast(one, other):
        light, dark = sorted((luminance(one), luminance(other)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    fills = [luminance(each.fill) for each in GFM.levels]
    assert fills == sorted(fills, reverse=True)
    assert all(contrast(each.fill, each.text) >= 4.5 for each in (*GFM.levels, GFM.unrated))
    letters = [each.letter for each in (GFM.unrated, *GFM.levels)]
    assert len(set(letters)) == len(letters)
