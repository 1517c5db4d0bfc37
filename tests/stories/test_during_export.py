"""Going on with the day while a large export is written."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from prevention_app.storage.store import Store
from tests.stories.desk import Desk

MANY = 6_000


def many_accidents_are_known(store: Store) -> None:
    with store.change("Reprendre") as work:
        for at in range(MANY):
            work.new(
                "accident",
                number=f"A{at:05}",
                happened_on=date(2024, 1, 1) + timedelta(days=at % 900),
                circumstances=f"Chute de plain-pied dans le couloir {at}, sol mouillé",
            )


def ask_for_the_consolidated_workbook(desk: Desk) -> None:
    desk.go_to("Rapports")
    desk.press_button("Créer le classeur")
    desk.wait(lambda: desk.at_work)


def write_a_site(desk: Desk) -> None:
    desk.find("sites et locaux")
    desk.wait(lambda: desk.title == "Sites et locaux")
    desk.press("N")
    desk.type("Dépôt des Aubrais")
    desk.press("Ctrl+S")
    desk.wait(lambda: desk.notice.startswith("Enregistré."))


def accidents_in(workbook: Path) -> int:
    with closing(openpyxl.load_workbook(workbook, read_only=True)) as book:
        rows = book["Accidents"].iter_rows(values_only=True)
        return len({row[0] for row in rows if str(row[0]).startswith("45-ACCI-")})


@pytest.mark.untraced
def test_one_works_on_while_a_large_export_runs(sit_down, yesterday, documents) -> None:
    many_accidents_are_known(yesterday)
    desk = sit_down()
    ask_for_the_consolidated_workbook(desk)
    write_a_site(desk)
    assert desk.at_work, "the export was over before the record was saved"
    assert not list(documents.glob("*.xlsx"))
    assert [each.name for each in desk.stored("site")] == ["Dépôt des Aubrais"]
    desk.wait(lambda: "est écrit" in desk.notice)
    assert not desk.at_work
    (workbook,) = documents.glob("prevention_45_*.xlsx")
    assert accidents_in(workbook) == MANY
