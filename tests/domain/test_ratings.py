from __future__ import annotations

import itertools
import json
import math
from decimal import Decimal

import pytest

from prevention_app import paths
from prevention_app.domain.ratings import (
    InvalidMethod,
    assess,
    decision,
    initial,
    level,
    method_from,
    residual,
)
from prevention_app.services.methods import method

GFM = method("gfm-1")


def gfm(severity, frequency, control=None):
    """The figures of a rating by severity, frequency and control."""
    return {"severity": severity, "frequency": frequency, "control": control}


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
        value = initial(GFM, gfm(severity, frequency))
        assert value == product
        assert level(GFM, value, None).code == code


@pytest.mark.parametrize("control", [1, 2, 3, 4])
@pytest.mark.parametrize("frequency", [1, 2, 3, 4])
def test_a_very_serious_risk_is_never_below_medium(frequency, control):
    found = assess(GFM, gfm(4, frequency, control))
    assert found.initial_level.rank >= 2
    assert found.residual_level.rank >= 2
    assert assess(GFM, gfm(3, 1, control)).residual_level.code == "low"


def test_the_floor_raises_the_level_and_not_the_decision():
    found = assess(GFM, gfm(4, 1, 1))
    assert found.residual == 1
    assert found.residual_level.label_fr == "Moyen"
    assert found.decision is not None
    assert found.decision.label_fr == "Suivi"


@pytest.mark.parametrize(("control", "expected"), [(1, "3"), (2, "6"), (3, "9"), (4, "12")])
def test_control_weighs_a_quarter_to_the_whole(control, expected):
    assert residual(GFM, gfm(3, 4, control)) == Decimal(expected)


@pytest.mark.parametrize(
    "figures", [(None, 2, 3), (2, None, 3), (2, 3, None), (5, 2, 1), (2, 0, 1)]
)
def test_what_is_missing_or_off_its_scale_is_not_rated(figures):
    found = assess(GFM, gfm(*figures))
    assert found.residual is None
    assert found.residual_level.code == "unrated"
    assert found.residual_level.rank == 0
    assert found.decision is None


def test_the_gross_value_does_not_wait_for_the_control():
    found = assess(GFM, gfm(3, 3))
    assert found.initial == 9
    assert found.initial_level.code == "high"


def test_high_and_critical_are_what_asks_for_immediate_action():
    assert not assess(GFM, gfm(4, 4, 1)).immediate
    assert assess(GFM, gfm(4, 4, 2)).immediate
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


# -- the other methods --------------------------------------------------------------------------

FIVE = method("five-1")
# Product → value, as the users of the five criteria have it on their wall.
FIVE_TABLE = """
0:0 1:1 2:2 3:3 4:4 5:5 6:6 8:7 9:8 12:10 16:12 18:14 24:17 27:20 32:25 36:27 48:31 54:35 64:40
72:42 81:44 96:46 108:48 128:50 144:55 162:60 192:66 216:70 243:77 256:80 288:84 324:87 384:90
432:92 512:95 576:96 768:98 1024:100
"""


def test_the_five_criteria_have_a_value_for_every_product_of_their_scales():
    criteria = list(FIVE.scales)
    found = {}
    for figures in itertools.product(*(each.steps for each in FIVE.scales.values())):
        given = {key: step.value for key, step in zip(criteria, figures, strict=True)}
        found[math.prod(given.values())] = residual(FIVE, given)
    expected = dict(pair.split(":") for pair in FIVE_TABLE.split())
    assert len(expected) == len(FIVE.table) == 38
    assert set(expected) - {str(key) for key in found} == {"5"}, "no figures multiply to it"
    assert {str(key): str(value) for key, value in found.items()} == {
        key: value for key, value in expected.items() if key != "5"
    }


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        *(("five-1", value, "low") for value in (0, 47)),
        *(("five-1", value, "medium") for value in (48, 50)),
        *(("five-1", value, "high") for value in (51, 79)),
        *(("five-1", value, "critical") for value in (80, 100)),
        *(("sf-1", value, "low") for value in (1, 9)),
        *(("sf-1", value, "medium") for value in (15, 45)),
        *(("sf-1", value, "high") for value in (49, 90)),
        *(("kinney-1", value, "low") for value in (1, 15)),
        *(("kinney-1", value, "medium") for value in (20, 50)),
        *(("kinney-1", value, "high") for value in (60, 350)),
        *(("gf-1", value, "low") for value in (1, 3)),
        *(("gf-1", value, "medium") for value in (4, 6)),
        *(("gf-1", value, "high") for value in (8, 9)),
        *(("gf-1", value, "critical") for value in (12, 16)),
        ("rps-1", 1, "low"),
        ("rps-1", 2, "medium"),
        ("rps-1", 3, "high"),
        ("rps-1", 4, "critical"),
    ],
)
def test_the_bounds_of_every_method_are_those_of_its_source(code, value, expected):
    assert level(method(code), Decimal(value), None).code == expected


@pytest.mark.parametrize(
    ("code", "figures", "value", "expected"),
    [
        ("gf-1", {"severity": 3, "frequency": 3}, 9, "high"),
        ("sf-1", {"severity": 7, "frequency": 7}, 49, "high"),
        ("kinney-1", {"occurrence": 3, "frequency": 4, "severity": 5}, 60, "high"),
        ("rps-1", {"judgement": 2}, 2, "medium"),
        ("five-1", dict.fromkeys(FIVE.scales, 4), 100, "critical"),
    ],
)
def test_a_method_of_one_value_has_no_gross_one(code, figures, value, expected):
    found = assess(method(code), figures)
    assert (found.initial, found.initial_level.code) == (None, "unrated")
    assert (found.residual, found.residual_level.code) == (value, expected)


def test_levels_mean_the_same_in_all_methods():
    kinney = method("kinney-1")
    assert [each.rank for each in kinney.levels] == [1, 2, 3]
    assert kinney.level_from(1) is kinney.levels[0]
    assert assess(kinney, {"occurrence": 5, "frequency": 7, "severity": 10}).immediate


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"net": []}, "valeur résiduelle"),
        ({"net": ["severity", "mood"]}, "critère inconnu : mood"),
        ({"gross": ["judgement"]}, "critère inconnu : judgement"),
        ({"table": {"1": "1"}}, "table ne dit rien du produit 0.25"),
        ({"levels": []}, "seuil"),
        ({"scales": {}}, "critère inconnu : severity"),
        ({"decisions": [{"code": "later"}]}, "pas une méthode"),
    ],
)
def test_a_document_that_is_no_method_says_what_is_wrong(change, told):
    file = paths.resource("rating_methods") / "gfm-1.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    with pytest.raises(InvalidMethod, match=told):
        method_from({**document, **change})
