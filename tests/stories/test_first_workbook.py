"""From the first opening to the first consolidated workbook."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from tests.stories.desk import Desk, plain

MY_FILE = Path(__file__).parents[1] / "data" / "workbooks" / "duerp_45_tableau_unique.xlsx"


def bring_my_document_unique(desk: Desk) -> None:
    desk.files = [MY_FILE]
    desk.press_button("Choisir des fichiers…")
    desk.wait(lambda: desk.title == "Importer")
    desk.wait(lambda: desk.sees_button("Voir les lignes") or desk.sees_button("Appliquer"))
    if desk.sees_button("Voir les lignes"):
        desk.press_button("Voir les lignes")
    desk.press_button("Appliquer")
    desk.press_button("Terminer")


def ask_for_the_consolidated_workbook(desk: Desk) -> None:
    desk.go_to("Rapports")
    desk.press_button("Créer le classeur")
    desk.wait(lambda: "est écrit" in desk.notice)


def texts_of_the_document_unique(workbook: Path) -> set[str]:
    with closing(openpyxl.load_workbook(workbook, read_only=True)) as book:
        rows = book["DUERP"].iter_rows(values_only=True)
        return {plain(str(value)) for row in rows for value in row if value is not None}


@pytest.mark.untraced
def test_the_first_workbook_is_ten_clicks_away_from_the_first_opening(sit_down, documents) -> None:
    desk = sit_down()
    bring_my_document_unique(desk)
    ask_for_the_consolidated_workbook(desk)
    assert desk.clicks <= 10
    assert desk.keys == 0
    (workbook,) = documents.glob("prevention_45_*.xlsx")
    risks = {plain(each.situation) for each in desk.stored("risk")}
    assert len(risks) > 100
    assert risks <= texts_of_the_document_unique(workbook)
