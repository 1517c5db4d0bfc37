"""Which method a document is rated by, asked and answered in the review of the import."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtWidgets import QPushButton

from prevention_app.storage.query import Query
from prevention_app.ui.import_page import ImportPage
from prevention_app.ui.import_steps import COLUMNS, LINES

pytestmark = pytest.mark.usefixtures("untraced_processes")


def test_the_method_is_chosen_with_one_click_and_the_figures_keep_their_scale(
    window, qtbot, tmp_path
) -> None:
    page = ImportPage(window.session, window.start)
    window.window.show_page(page)
    book = openpyxl.Workbook()
    book.active.append(("Unité de travail", "Risque", "Gravité", "Fréquence"))
    for at in range(6):
        book.active.append(("Atelier", f"Situation {at} à l’atelier", 5 if at % 2 else 1, 3))
    file = tmp_path / "duerp.xlsx"
    book.save(file)
    page.prepare("duerp", (file,))
    qtbot.waitUntil(lambda: not page.busy and not page._pause.isActive())
    assert page.step == COLUMNS
    assert not page.next_button.isEnabled()
    buttons = page.review.questions.findChildren(QPushButton)
    (answer,) = [each for each in buttons if "OiRA" in each.text()]
    answer.click()
    qtbot.waitUntil(lambda: page.entry.review.compared and page.next_button.isEnabled())
    page.forward()
    assert page.step == LINES
    page.forward()
    page.forward()

    def ratings() -> list:
        with window.session.store.reading() as read:
            return read.records(Query("rating"))

    qtbot.waitUntil(lambda: len(ratings()) == 6)
    assert {each.method for each in ratings()} == {"sf-1"}
    assert {each.severity for each in ratings()} == {1, 5}
