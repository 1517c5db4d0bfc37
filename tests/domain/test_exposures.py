"""The ten occupational factors: what is written as one, thresholds, what is not told of few."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prevention_app.catalogue.exposure_lists import OccupationalFactor, PsychosocialIndicator
from prevention_app.catalogue.exposures import FEWEST_COUNTED
from prevention_app.domain.disclosure import Sum, determined
from prevention_app.domain.exposures import (
    RULES,
    WHOLE,
    BySex,
    Exposed,
    Status,
    factors_in,
    proportion,
    total,
    untold,
    untold_by_sex,
)
from prevention_app.domain.psychosocial import GridFigure, tells_of_strain, tells_of_violence
from prevention_app.domain.psychosocial import untold as untold_figures
from prevention_app.domain.suppression import FEWEST_PERSONS, is_small

F = OccupationalFactor


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Bruit", (F.NOISE,)),
        ("noise", (F.NOISE,)),
        ("Manutentions manuelles de charges", (F.HANDLING,)),
        ("Port de charges lourdes, postures pénibles", (F.HANDLING, F.POSTURES)),
        ("vibrations mains-bras", (F.VIBRATION,)),
        ("ACD (poussières, fumées)", (F.CHEMICALS,)),
        ("Travail de nuit et équipes alternantes", (F.NIGHT, F.SHIFTS)),
        ("Gestes répétitifs", (F.REPETITIVE,)),
        ("Froid (chambre froide)", (F.TEMPERATURE,)),
        ("Autre", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_a_factor_is_known_however_it_is_written(written, meant):
    assert factors_in(written) == meant


def test_every_factor_is_known_by_its_own_words_and_code():
    for factor in F:
        assert factors_in(factor.label_fr) == factors_in(factor.value) == (factor,)


def test_six_thresholds_are_in_force_and_four_are_benchmarks_of_the_house():
    assert set(RULES) == set(F)
    benchmarks = {each for each, rule in RULES.items() if rule.status is Status.BENCHMARK}
    assert benchmarks == {F.HANDLING, F.POSTURES, F.VIBRATION, F.CHEMICALS}
    assert all("D4163-2" in RULES[each].source for each in set(F) - benchmarks)
    assert all("repère interne" in RULES[each].text for each in benchmarks)
    assert "extérieure ne compte pas" in RULES[F.TEMPERATURE].remark
    assert "81 dB(A)" in RULES[F.NOISE].text
    assert "100 nuits" in RULES[F.NIGHT].text
    assert "30 nuits" in RULES[F.SHIFTS].text


def test_the_proportion_is_of_the_headcount_and_unknown_without_one():
    assert proportion(6, 24) == 25
    assert proportion(0, 24) == 0
    assert proportion(7, 2790) == Decimal("0.3")
    assert proportion(1, 5000) == Decimal("0.1")
    assert proportion(None, 24) is None
    assert proportion(3, None) is None
    assert proportion(3, 0) is None


def test_the_register_and_the_rule_agree_on_who_are_few():
    assert FEWEST_COUNTED == FEWEST_PERSONS


def test_a_small_count_takes_others_with_it_so_that_nobody_subtracts():
    units = [
        Exposed("a", F.NOISE, 8, 9, 17, 3, 40),
        Exposed("b", F.NOISE, 10, 12, 22, 12, 50),
        Exposed("c", F.NOISE, 7, 8, 15, 9, 60),
    ]
    hidden = untold(units, total(units, F.NOISE, 400))
    assert ("a", "beyond") in hidden
    assert {("b", "beyond"), ("c", "beyond"), (WHOLE, "beyond")} & hidden, "the total tells it"
    assert ("b", "exposed") not in hidden


def line(unit: str):
    small = st.integers(0, 12)
    return st.builds(
        lambda women, men, beyond, rest: Exposed(
            unit, F.NOISE, women, men, women + men, min(beyond, women + men), women + men + rest
        ),
        *(small, small, small, small),
    )


@settings(max_examples=60)
@given(st.tuples(*(line(each) for each in "abc")), st.integers(0, 30))
def test_nothing_told_of_a_factor_gives_few_away(units, others):
    whole = total(units, F.NOISE, sum(each.headcount or 0 for each in units) + others)
    hidden = untold(units, whole)
    counts, sums = {}, []
    for each in (*units, whole):
        for key in ("women", "men", "exposed", "beyond", "headcount"):
            counts[(each.unit, key)] = getattr(each, key)
        sums.append(Sum((each.unit, "exposed"), ((each.unit, "women"), (each.unit, "men"))))
        for wide, part in (("exposed", "beyond"), ("headcount", "exposed")):
            rest = (each.unit, f"{wide}-{part}")
            counts[rest] = counts[(each.unit, wide)] - counts[(each.unit, part)]
            sums.append(Sum((each.unit, wide), ((each.unit, part), rest)))
    sums += [
        Sum((WHOLE, key), [(each.unit, key) for each in units])
        for key in ("women", "men", "exposed", "beyond")
    ]
    unknown = {key for key in counts if "-" in key[1]} | hidden
    found = determined(unknown, sums)
    assert not [key for key in counts if is_small(counts[key]) and key not in unknown]
    assert not [key for key in found if is_small(counts[key])]


def test_those_who_are_not_exposed_are_not_told_either_when_they_are_few():
    hidden = untold_by_sex(BySex(10, 12, 22), {"r": BySex(8, 12, 20)})
    assert ("r", "women") in hidden, "two women are not exposed"
    assert not untold_by_sex(BySex(20, 20, 40), {"r": BySex(10, 10, 20)})


def test_violence_is_told_from_blows_of_things():
    assert tells_of_violence("Agression verbale d’un usager au guichet")
    assert tells_of_violence(None, "a reçu un coup de poing")
    assert not tells_of_violence("Coup de chaleur sur le chantier")
    assert not tells_of_violence("S’est cogné la tête", None)
    assert tells_of_strain("Surcharge de travail et épuisement dans l’équipe")
    assert not tells_of_strain("Carrelage cassé dans le hall")


def test_a_count_of_the_grid_is_not_found_from_its_department():
    kind = PsychosocialIndicator.VIOLENCE
    figures = [
        GridFigure(kind, 2026, "", 20),
        GridFigure(kind, 2026, "a", 2),
        GridFigure(kind, 2026, "b", 18),
        GridFigure(PsychosocialIndicator.ABSENCE, 2026, "a", 3),
    ]
    hidden = untold_figures(figures, {"a": "", "b": ""})
    assert (kind, 2026, "a") in hidden
    assert len(hidden) > 1, "the other direction or the total goes with it"
    assert all(key[0] is kind for key in hidden), "a rate counts nobody"
