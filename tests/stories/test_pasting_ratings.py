"""Twenty ratings corrected in Excel come back by the clipboard, and go again with one Ctrl Z."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication

from prevention_app.storage.store import Store
from tests.stories.desk import Desk, plain

BEFORE = (2, 3)
"""Severity and frequency of all of them."""
CORRECTED = [(1 + at % 2 * 2, 1 + at % 2) for at in range(20)]


@pytest.fixture(autouse=True)
def own_clipboard(qapp):
    """What is copied here stays here."""
    yield
    QApplication.clipboard().clear()


def twenty_risks_are_rated(store: Store) -> None:
    with store.change("Ajouter des risques") as work:
        unit = work.new("work_unit", name="Atelier")
        for at in range(20):
            risk = work.new("risk", work_unit=unit.id, situation=f"Situation {at:02}")
            severity, frequency = BEFORE
            work.new(
                "rating",
                risk=risk.id,
                rated_on=date(2026, 1, 1 + at),
                severity=severity,
                frequency=frequency,
                control=2,
            )


def copy_from_excel() -> None:
    text = "".join(f"{severity}\t{frequency}\r\n" for severity, frequency in CORRECTED)
    cells = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in CORRECTED)
    copied = QMimeData()
    copied.setText(text)
    copied.setHtml(f"<html><body><table>{cells}</table></body></html>")
    QApplication.clipboard().setMimeData(copied)


def open_the_ratings(desk: Desk) -> None:
    desk.find("cotations")
    desk.wait(lambda: desk.title == "Cotations")
    desk.wait(lambda: len(desk.shown_in(desk.page.table)) == 20)


def click_into_the_first_severity(desk: Desk) -> None:
    model = desk.page.table.model()
    across = Qt.Orientation.Horizontal
    headings = [model.headerData(at, across) for at in range(model.columnCount())]
    assert headings.index("Fréquence") == headings.index("Gravité") + 1
    desk.click_cell(desk.page.table, 0, headings.index("Gravité"))


def ratings(desk: Desk) -> list[tuple[int, int]]:
    """Severity and frequency as the table lists them: the newest first."""
    found = sorted(desk.stored("rating"), key=lambda each: each.rated_on, reverse=True)
    return [(each.severity, each.frequency) for each in found]


def test_twenty_ratings_are_pasted_from_excel_and_taken_back_as_one(sit_down, yesterday) -> None:
    twenty_risks_are_rated(yesterday)
    desk = sit_down()
    open_the_ratings(desk)
    copy_from_excel()
    click_into_the_first_severity(desk)
    desk.press("Ctrl+V")
    desk.wait(desk.page.strip.isVisible)
    assert plain(desk.page.strip.text).startswith("40 cellules changent")
    assert ratings(desk) == [BEFORE] * 20
    desk.press("Return")
    desk.wait(lambda: ratings(desk) == CORRECTED)
    assert desk.notice.startswith("Fait : Coller 40 valeurs.")
    desk.press("Ctrl+Z")
    desk.wait(lambda: ratings(desk) == [BEFORE] * 20)
    assert desk.notice.startswith("Annulé : Coller 40 valeurs.")
