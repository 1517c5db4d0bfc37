"""A file with mistakes: some are corrected, one is left, the rest comes in, and goes again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prevention_app.storage.store import Store
from tests.stories.desk import Desk

WRITTEN = """N°;Date de l'accident;Type;Circonstances;Jours d'arrêt
2026-01;12/01/2026;Service;Chute dans l'escalier;4
2026-02;31/02/2026;Service;Coupure à la main;0
2026-03;15/03/2026;Trajet;Vélo renversé;12
2026-04;45/04/2026;Service;Dos bloqué;7
2026-05;20/05/2026;Service;Doigt coincé;9
"""


@pytest.fixture
def my_file(tmp_path: Path) -> Path:
    """What the accounts office sent."""
    made = tmp_path / "registre_accidents_2026.csv"
    made.write_text(WRITTEN, encoding="utf-8")
    return made


def an_accident_is_known(store: Store) -> None:
    with store.change("Ajouter") as work:
        work.new(
            "accident",
            number="2026-05",
            happened_on=date(2026, 5, 20),
            circumstances="Doigt coincé",
            days_lost=2,
        )


def open_the_file(desk: Desk, file: Path) -> None:
    desk.files = [file]
    desk.press("Ctrl+I")
    desk.wait(lambda: desk.title == "Importer")
    desk.press_button("Choisir des fichiers…")
    desk.wait(lambda: desk.sees_button("Voir les lignes") or desk.sees_button("Appliquer"))
    if desk.sees_button("Voir les lignes"):
        desk.press_button("Voir les lignes")
    desk.wait(lambda: desk.sees_button("Appliquer 3 lignes, laisser 2 refus"))


def lines(desk: Desk) -> dict[str, str]:
    """What becomes of each line, by its number in the file."""
    return {row[0]: row[1] for row in desk.shown_in(desk.page.review.lines.table)}


def correct_the_first_refusal(desk: Desk) -> None:
    assert "31/02/2026" in _cell(desk)
    desk.press("Return")
    desk.type("28/02/2026")
    desk.press("Return")
    desk.wait(lambda: desk.sees_button("Appliquer 4 lignes, laisser 1 refus"))


def leave_out_the_bicycle(desk: Desk) -> None:
    rows = desk.shown_in(desk.page.review.lines.table)
    at = next(at for at, row in enumerate(rows) if "Vélo renversé" in row)
    desk.click_cell(desk.page.review.lines.table, at, 0)
    desk.press("Space")
    desk.wait(lambda: desk.sees_button("Appliquer 3 lignes, laisser 1 refus"))


def _cell(desk: Desk) -> str:
    index = desk.page.review.lines.table.currentIndex()
    return desk.shown_in(desk.page.review.lines.table)[index.row()][index.column()]


def accidents(desk: Desk) -> set[tuple[str, date, int]]:
    found = desk.stored("accident")
    return {(each.number, each.happened_on, each.days_lost) for each in found}


@pytest.mark.untraced
def test_an_import_is_refused_corrected_applied_and_taken_back(
    sit_down, yesterday, my_file
) -> None:
    an_accident_is_known(yesterday)
    desk = sit_down()
    before = accidents(desk)
    open_the_file(desk, my_file)
    assert sorted(lines(desk).values()) == [
        "Modifiée",
        "Nouvelle",
        "Nouvelle",
        "Refusée",
        "Refusée",
    ]
    correct_the_first_refusal(desk)
    leave_out_the_bicycle(desk)
    assert accidents(desk) == before
    desk.press("Ctrl+Return")
    desk.wait(lambda: desk.sees_button("Terminer"))
    assert accidents(desk) == {
        ("2026-01", date(2026, 1, 12), 4),
        ("2026-02", date(2026, 2, 28), 0),
        ("2026-05", date(2026, 5, 20), 9),
    }
    desk.press("Ctrl+Z")
    desk.wait(lambda: accidents(desk) == before)
    desk.wait(lambda: desk.notice.startswith("Annulé : Reprendre un registre d’accidents"))
    assert my_file.read_text(encoding="utf-8") == WRITTEN
