from __future__ import annotations

from datetime import date

import pytest

from prevention_app.ui import words

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09/11/2026", date(2026, 11, 9)),
        ("9/11", date(2026, 11, 9)),
        ("9 nov", date(2026, 11, 9)),
        ("1er févr. 2027", date(2027, 2, 1)),
        ("3 août 27", date(2027, 8, 3)),
        ("hier", date(2026, 11, 22)),
        ("aujourd’hui", TODAY),
        ("lundi", None),
        ("12/2026", None),
    ],
)
def test_a_day_is_understood_as_people_type_it(typed: str, meant: date | None) -> None:
    assert words.typed_day(typed, TODAY) == meant


def test_a_day_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(ValueError, match="Le 31 février 2026 n’existe pas."):
        words.typed_day("31/02/2026", TODAY)


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (date(2026, 11, 13), "10\u00a0jours"),
        (date(2026, 11, 22), "1\u00a0jour"),
        (TODAY, "aujourd’hui"),
        (date(2026, 11, 24), "demain"),
        (date(2026, 11, 27), "dans 4\u00a0jours"),
        (date(2027, 6, 1), "1er\u00a0juin\u00a02027"),
    ],
)
def test_a_delay_is_counted_for_the_reader(due_on: date, said: str) -> None:
    assert words.delay(due_on, TODAY) == said


def test_counts_agree_in_number() -> None:
    assert words.count(0, "fiche") == "0\u00a0fiche"
    assert words.count(15052, "fiche") == "15\u202f052\u00a0fiches"
