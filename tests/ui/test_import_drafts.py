"""An import under review is there again after a restart or a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from prevention_app.ui import import_drafts
from prevention_app.ui.home_page import HomePage
from prevention_app.ui.import_page import ImportPage
from prevention_app.ui.import_steps import COLUMNS, FILE, LINES
from prevention_app.ui.places import IMPORT
from tests.ui.test_import_page import WAIT, WRITTEN, file, review, settle, shown, stored, typed

__all__ = ["file"]


@pytest.fixture
def sit_down(window, qtbot) -> Callable[[], ImportPage]:
    """The page of a window that was just opened; what was there before is on the disk."""

    def open_page() -> ImportPage:
        made = ImportPage(window.session, window.start)
        made.undo_asked.connect(window.undo)
        window.window.show_page(made)
        return made

    return open_page


@pytest.fixture
def begun(sit_down, qtbot, file) -> ImportPage:
    """Both impossible dates are corrected, a line is left out, a column is chosen by hand."""
    page = sit_down()
    review(page, qtbot, file)
    typed(page, "28/02/2026")
    QTest.keyClick(page.review.lines.table, Qt.Key.Key_Return)
    table = page.review.lines.table
    froid = next(at for at, row in enumerate(shown(page)) if "Froid dans la loge" in row)
    table.setCurrentIndex(table.lines.index(froid, 0))
    QTest.keyClick(table, Qt.Key.Key_Space)
    page.understood._take_field(4, "place")
    page._pause.stop()
    return page


def links(page) -> dict[str, QPushButton]:
    return {each.text(): each for each in page.file.offers.findChildren(QPushButton)}


def waiting(window) -> list[str]:
    found = import_drafts.waiting(window.session.folder)
    return [each.title.replace("\u00a0", " ").replace("\u202f", " ") for each in found]


def test_a_review_goes_on_where_a_crash_ended_it(sit_down, begun, window, qtbot) -> None:
    qtbot.waitUntil(lambda: waiting(window) == ["Import, rsst.csv"])
    page = sit_down()
    assert page.step == FILE
    assert page.file.offers.isVisible()
    told = links(page)["Reprendre"].accessibleName().replace("\u202f", " ").replace("\u00a0", " ")
    assert "2 cellules corrigées, 1 ligne laissée" in told
    links(page)["Reprendre"].click()
    settle(page, qtbot)
    assert not page.file.offers.isVisible()
    assert page.step in (COLUMNS, LINES)
    assert page.entry.corrections == begun.entry.corrections
    assert page.entry.originals == begun.entry.originals
    assert page.entry.left_out == begun.entry.left_out
    assert page.entry.mapping == begun.entry.mapping
    page.go_back(COLUMNS)
    page.forward()
    page.forward()
    settle(page, qtbot)
    entries = stored(window, "health_safety_entry")
    assert sorted(each.observation for each in entries) == [
        "Marche cassée",
        "Porte bloquée",
        "Éclairage en panne le soir",
    ]
    assert waiting(window) == []


def test_corrections_of_a_file_that_changed_meanwhile_are_not_put_over_other_cells(
    sit_down, begun, window, qtbot, file
) -> None:
    begun.keep_drafts()
    lines = WRITTEN.splitlines(keepends=True)
    file.write_text("".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    page = sit_down()
    links(page)["Reprendre"].click()
    qtbot.waitUntil(lambda: "a changé depuis" in window.window.notice, timeout=WAIT)
    settle(page, qtbot)
    qtbot.waitUntil(lambda: page.entry.review is not None, timeout=WAIT)
    assert (page.entry.corrections, page.entry.left_out) == ({}, {})
    assert page.entry.mapping == begun.entry.mapping
    assert page.entry.refused == 2


def test_a_file_that_is_gone_is_said_and_the_review_still_waits(
    sit_down, begun, window, qtbot, file
) -> None:
    begun.keep_drafts()
    file.unlink()
    page = sit_down()
    links(page)["Reprendre"].click()
    settle(page, qtbot)
    assert "rsst.csv" in page.banner.text
    assert len(page.entry.corrections) == 2
    assert waiting(window) == ["Import, rsst.csv"]


def test_an_import_given_up_is_forgotten_and_comes_back_with_a_click(begun, window, qtbot) -> None:
    begun.keep_drafts()
    decided = dict(begun.entry.corrections)
    window.pages[IMPORT] = begun
    begun.page_asked.connect(window.go_to)
    begun.cancel_button.click()
    qtbot.waitUntil(lambda: waiting(window) == [])
    (back,) = [
        each
        for each in window.window.findChildren(QPushButton)
        if each.text() == "Reprendre l’import" and each.isVisible()
    ]
    back.click()
    settle(begun, qtbot)
    assert begun.entry.corrections == decided


def test_giving_up_what_nothing_was_decided_of_offers_nothing(
    sit_down, window, qtbot, file
) -> None:
    page = sit_down()
    review(page, qtbot, file)
    page.cancel_button.click()
    assert window.window.notice == ""


def test_another_import_does_not_take_the_place_of_one_that_was_begun(
    sit_down, begun, window, qtbot, tmp_path
) -> None:
    begun.keep_drafts()
    sites = tmp_path / "sites.csv"
    sites.write_text("Nom;Commune\nAtelier;Gien\n", encoding="utf-8")
    page = sit_down()
    review(page, qtbot, sites, kind="site")
    page.keep_drafts()
    assert waiting(window) == ["Import, sites.csv", "Import, rsst.csv"]
    page.cancel()
    qtbot.waitUntil(lambda: waiting(window) == ["Import, rsst.csv"])
    links(page)["Oublier"].click()
    qtbot.waitUntil(lambda: waiting(window) == [])
    assert not page.file.offers.isVisible()


def test_of_several_files_those_that_are_applied_are_not_offered_again(
    sit_down, window, qtbot, tmp_path, file
) -> None:
    people = tmp_path / "agents.csv"
    people.write_text("Matricule;Nom;Prénom\n7;ALPHA;Anne\n", encoding="utf-8")
    page = sit_down()
    review(page, qtbot, file, people)
    page.keep_drafts()
    assert waiting(window) == ["Import, agents.csv et 1 autre fichier"]
    if page.step == COLUMNS:
        page.forward()
    page.forward()
    qtbot.waitUntil(lambda: waiting(window) == ["Import, rsst.csv"], timeout=WAIT)


def test_the_first_page_tells_of_an_import_that_was_begun(begun, window, qtbot) -> None:
    begun.keep_drafts()
    home = HomePage(window.session)
    qtbot.addWidget(home)
    home.show()
    qtbot.waitUntil(home.side.unfinished.isVisible)
    # Read again meanwhile, the rows of before are there until the next turn of the window.
    qtbot.waitUntil(lambda: len(home.side.unfinished.findChildren(QPushButton)) == 1)
    (take_up,) = home.side.unfinished.findChildren(QPushButton)
    assert "Import, rsst.csv" in take_up.accessibleName()
    with qtbot.waitSignal(home.page_asked) as asked:
        take_up.click()
    (key,) = [each.key for each in import_drafts.waiting(window.session.folder)]
    assert asked.args == [IMPORT, key]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kept_at": "2026-11-20", "entries": [{}]}'])
def test_what_cannot_be_read_is_no_import(session, content) -> None:
    place = session.folder / "drafts" / "imports" / "x.json"
    place.parent.mkdir()
    place.write_text(content, encoding="utf-8")
    assert import_drafts.waiting(session.folder) == []


def test_half_of_an_import_is_refused_in_french(sit_down, window, tmp_path: Path) -> None:
    place = window.session.folder / "drafts" / "imports" / "x.json"
    place.parent.mkdir()
    entry = {"files": ["a.csv"], "corrections": [1], "left_out": []}
    content = {"kept_at": "2026-11-20T09:41:00", "entries": [entry]}
    place.write_text(json.dumps(content), encoding="utf-8")
    page = sit_down()
    links(page)["Reprendre"].click()
    assert "ne peut pas être lu" in window.window.notice
    assert page.entries == []
