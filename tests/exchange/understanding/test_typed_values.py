"""Dates, numbers, scales and lists as people type them in French workbooks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.exchange.french_dates import FrenchDate, ImpossibleDate, read_date, read_time
from prevention_app.exchange.french_numbers import (
    read_amount,
    read_count,
    read_months,
    read_number,
    read_yes_no,
)
from prevention_app.exchange.items import lined_up, split_items
from prevention_app.exchange.scales import (
    CONTROL,
    FREQUENCY,
    LEVEL,
    SEVERITY,
    leading_number,
    level_of_colour,
    level_of_words,
    to_four,
)


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ("6 juin 2026", date(2026, 6, 6), "day"),
        ("1er mai 2026", date(2026, 5, 1), "day"),
        ("lundi 8 juin 2026", date(2026, 6, 8), "day"),
        ("04/06/26", date(2026, 6, 4), "day"),
        ("7.10.2027", date(2027, 10, 7), "day"),
        ("2026-12-31", date(2026, 12, 31), "day"),
        ("avant le 31/12/2026", date(2026, 12, 31), "day"),
        (datetime.fromisoformat("2025-12-09T18:00"), date(2025, 12, 9), "day"),
        (46000, date(2025, 12, 9), "day"),
        ("05/2026", date(2026, 5, 31), "month"),
        ("06/27", date(2027, 6, 30), "month"),
        ("AOÛT 2027", date(2027, 8, 31), "month"),
        ("Fév. 2028", date(2028, 2, 29), "month"),
        ("fin sept. 2026", date(2026, 9, 30), "month"),
        ("T2 2027", date(2027, 6, 30), "quarter"),
        ("4ème trimestre 2026", date(2026, 12, 31), "quarter"),
        ("1er trim. 2027", date(2027, 3, 31), "quarter"),
        ("2027-T3", date(2027, 9, 30), "quarter"),
        ("2e semestre 2027", date(2027, 12, 31), "half_year"),
        ("S1 2027", date(2027, 6, 30), "half_year"),
        ("mi-2026", date(2026, 6, 30), "half_year"),
        ("fin 2026", date(2026, 12, 31), "year"),
        ("courant 2027", date(2027, 12, 31), "year"),
        (2026, date(2026, 12, 31), "year"),
    ],
)
def test_a_date_however_written(typed, day, precision):
    assert read_date(typed) == FrenchDate(day, precision)


@pytest.mark.parametrize("typed", ["dès que possible", "à définir", "12 mois", "", "juin", True])
def test_words_that_are_no_date_are_none(typed):
    assert read_date(typed) is None


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "13/2026", "T5 2026", "3e semestre 2026", 1e9, date(1899, 11, 15)]
)
def test_a_date_that_no_calendar_has_is_refused(typed):
    with pytest.raises(ImpossibleDate, match="date impossible"):
        read_date(typed)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_any_day_reads_the_same_in_the_usual_forms(day):
    for typed in (f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", day.isoformat()):
        assert read_date(typed) == FrenchDate(day)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("6h", time(6)),
        ("14h30", time(14, 30)),
        ("06:05", time(6, 5)),
        ("9 heures", time(9)),
        ("vers 10 h 15", time(10, 15)),
        (0.25, time(6)),
        (timedelta(hours=7, minutes=30), time(7, 30)),
        ("matin", None),
        ("25h", None),
    ],
)
def test_a_time_of_day(typed, expected):
    assert read_time(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1\u00a0250,50", Decimal("1250.5")),
        ("12\u202f000", 12000),
        ("12'000", 12000),
        ("1.250,50", Decimal("1250.5")),
        ("1,250.50", Decimal("1250.5")),
        ("'2", 2),
        ("-3", -3),
        (4.0, 4),
        ("12 j", None),
        ("", None),
        (True, None),
    ],
)
def test_a_number_however_grouped(typed, expected):
    assert read_number(typed) == expected


@pytest.mark.parametrize(
    ("typed", "euros", "exact"),
    [
        ("1 200 €", 1200, True),
        ("2,5 k€", 2500, True),
        ("800 euros", 800, True),
        ("env. 500€", 500, False),
        ("4 000 € HT", 4000, False),
        ("450,50", Decimal("450.5"), True),
    ],
)
def test_an_amount_in_euros(typed, euros, exact):
    found = read_amount(typed)
    assert found is not None
    assert (found.euros, found.exact) == (euros, exact)


@pytest.mark.parametrize("typed", ["à chiffrer", "500 à 800 €", "devis en cours"])
def test_what_is_no_amount_is_none(typed):
    assert read_amount(typed) is None


def test_a_count_and_what_stands_after_it():
    assert read_count("17 agents (1 F / 16 H)") == (17, "agents (1 F / 16 H)")
    assert read_count("1\u00a0024") == (1024, "")
    assert read_count("une dizaine") is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (12, 12), ("12 mois", 12), ("annuelle", 12), ("Semestriel", 6), ("tous les 6 mois", 6),
        ("tous les 5 ans", 60), ("2 fois par an", 6), ("trimestrielle", 3), ("selon usage", None),
    ],
)  # fmt: skip
def test_a_period_in_months(typed, expected):
    assert read_months(typed) == expected


def test_yes_and_no():
    assert [read_yes_no(word) for word in ("Oui", "X", "non", "N", True, "peut-être")] == [
        True, True, False, False, True, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words", "level"),
    [
        ("Trés grave", SEVERITY, 4),
        ("GRAVE", SEVERITY, 3),
        ("Faible / mineure", SEVERITY, 1),
        ("occas.", FREQUENCY, 2),
        ("Occasionel", FREQUENCY, 2),
        ("tres fréquent", FREQUENCY, 4),
        ("Partiele", CONTROL, 3),
        ("Insuffisantes", CONTROL, 4),
        ("Très élevé", LEVEL, 4),
        ("Élevée", LEVEL, 3),
        ("ornithorynque", SEVERITY, None),
    ],
)
def test_a_word_of_a_scale(typed, words, level):
    assert level_of_words(typed, words) == level


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("3", 3),
        ("4 - Très grave", 4),
        ("G3", 3),
        ("niveau 2 (moyen)", 2),
        ("1 fois par mois", None),
    ],
)
def test_the_figure_of_a_level(typed, figure):
    assert leading_number(typed) == figure


@given(st.integers(1, 10), st.sampled_from([4, 5, 6, 10]))
def test_a_longer_scale_is_never_brought_to_a_lower_level(figure, top):
    if figure <= top:
        assert figure / top <= to_four(figure, top) / 4 <= 1


@pytest.mark.parametrize(
    ("colour", "palette", "level"),
    [
        ("A9D18E", (), 1), ("C6EFCE", (), 1), ("FFE699", (), 2), ("FFFF00", (), 2),
        ("F4B183", (), 3), ("FFC000", (), 3), ("FFC000", ("FFFF00",), 3),
        ("FFC000", ("F4B183",), 2), ("FF7C80", (), 4), ("C00000", (), 4),
        ("DDEBF7", (), None), ("D9D9D9", (), None),
    ],
)  # fmt: skip
def test_the_level_that_a_colour_shows(colour, palette, level):
    assert level_of_colour(colour, palette) == level


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("- un\n- deux", ["un", "deux"]),
        ("• un • deux", ["un", "deux"]),
        ("– un\nsuite\n– deux", ["un suite", "deux"]),
        ("un ; deux (a ; b) ; trois", ["un", "deux (a ; b)", "trois"]),
        ("1) un\n2) deux", ["un", "deux"]),
        ("un\n\ndeux", ["un", "deux"]),
        ("Chariots à chaises/tables", ["Chariots à chaises/tables"]),
        ("outils\nou machines", ["outils", "ou machines"]),
        ("-2+3", ["-2+3"]),
        ("", []),
    ],
)
def test_the_items_of_a_cell(typed, items):
    assert split_items(typed) == items


def test_lists_are_lined_up_by_line():
    assert lined_up("A\nB", 2) == ["A", "B"]
    assert lined_up("A\n\nC", 3) == ["A", "", "C"]
    assert lined_up("A / B", 2) == ["A", "B"]
    assert lined_up("A", 3) == ["A", "A", "A"]
    assert lined_up("A\nB", 3) is None
