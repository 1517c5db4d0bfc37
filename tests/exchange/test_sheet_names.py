"""The name of a sheet says whose it is, when it was, where: or nothing at all."""

from __future__ import annotations

import pytest

from prevention_app.exchange.sheet_names import (
    department_of_sheet,
    names_a_place,
    names_a_time,
    names_an_org_unit,
    names_something,
    year_of_sheet,
)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("45", "45"),
        ("CD41", "41"),
        ("41 - Loir-et-Cher", "41"),
        ("28_accidents", "28"),
        ("Département du Loiret", "45"),
        ("Dpt 37", "37"),
        ("2021", None),
        ("28 février", None),
        ("4100", None),
        ("Loiret et Eure-et-Loir", None),
        ("Feuil1", None),
    ],
)
def test_the_department_of_a_sheet(name, number):
    assert department_of_sheet(name) == number


def test_the_year_of_a_sheet_is_the_only_one_that_it_names():
    assert year_of_sheet("Accidents 2024") == 2024
    assert year_of_sheet("2023-2024") is None
    assert year_of_sheet("Feuil2") is None


@pytest.mark.parametrize("name", ["Feuil1", "2024", "Accidents 2024", "Loiret", "Liste au 3 mars"])
def test_a_name_that_only_says_that_it_is_a_sheet(name):
    assert not names_something(name, {"accidents"})


def test_a_name_that_says_something():
    assert names_something("Collège Péguy")
    assert names_something("45 - Dépôt de Gien")


def test_lines_that_name_a_time_a_place_or_a_service():
    assert [names_a_time(line) for line in ("Janvier", "1er trimestre 2026", "Mars à Gien")] == [
        True,
        True,
        False,
    ]
    assert names_a_place("Collège Péguy")
    assert not names_a_place("Localité")
    assert names_an_org_unit("Direction des routes")
    assert not names_an_org_unit("Collège Péguy")
