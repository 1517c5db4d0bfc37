"""A record is saved while a large import is being applied: nothing is lost of either."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from prevention_app.storage.query import Query
from prevention_app.storage.verify import check
from tests.stories.desk import Desk

HELD_S = 5.0
"""So long no key may hold the window, on a machine that does many other things."""
LONG_S = 1800
"""A hundred thousand lines on a machine that does many other things."""


@pytest.fixture
def make_file(tmp_path: Path):
    """Makes a register of accidents with so many lines."""

    def make(lines: int) -> Path:
        made = tmp_path / "registre_accidents.csv"
        with made.open("w", encoding="utf-8") as out:
            out.write("N°;Date de l'accident;Type;Circonstances;Jours d'arrêt\n")
            for at in range(lines):
                day = date(2016, 1, 1) + timedelta(days=at % 3900)
                out.write(f"A{at:06};{day:%d/%m/%Y};Service;Chute {at} dans un couloir;{at % 30}\n")
        return made

    return make


def apply_a_large_file(desk: Desk, file: Path, lines: str) -> None:
    desk.files = [file]
    desk.press("Ctrl+I")
    desk.wait(lambda: desk.title == "Importer")
    desk.press_button("Choisir des fichiers…")
    seen = ("Voir les lignes", "Appliquer")
    desk.wait(lambda: any(desk.sees_button(each) for each in seen), LONG_S)
    if desk.sees_button("Voir les lignes"):
        desk.press_button("Voir les lignes")
    desk.press_button(f"Appliquer {lines} lignes", LONG_S)
    desk.wait(lambda: any(each.startswith("Reprise") for each in desk.at_work))


def write_sites_until_it_is_applied(desk: Desk) -> list[str]:
    desk.find("sites et locaux")
    desk.wait(lambda: desk.title == "Sites et locaux")
    written: list[str] = []
    while desk.at_work:
        written.append(f"Dépôt {len(written) + 1}")
        desk.press("Ctrl+Return" if desk.page.form.isVisible() else "N")
        desk.type(written[-1])
        began = time.monotonic()
        desk.press("Ctrl+S")
        held = time.monotonic() - began
        assert held < HELD_S, "the window waited for the import"
        desk.wait(lambda: len(desk.stored("site")) == len(written), LONG_S)
        desk.page.focus_main()
    return written


@pytest.mark.parametrize(
    ("number", "words"),
    [(3_000, "3 000"), pytest.param(100_000, "100 000", marks=pytest.mark.long)],
)
@pytest.mark.untraced
def test_records_are_saved_while_an_import_is_applied(
    sit_down, yesterday, make_file, number, words
) -> None:
    desk = sit_down()
    apply_a_large_file(desk, make_file(number), words)
    written = write_sites_until_it_is_applied(desk)
    assert len(written) > 1, "the import was over before a record was saved"
    with yesterday.reading() as read:
        assert read.count(Query("accident")) == number
        assert sorted(each.name for each in read.records(Query("site"))) == sorted(written)
    assert check(yesterday) == []
