from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QTableView

from prevention_app.ui import fonts, settings, style, theme
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import LETTERS
from prevention_app.ui.record_table import RecordTable
from prevention_app.ui.settings_page import SettingsPage

WAIT = 120_000


@pytest.fixture
def page(session, qtbot):
    keeper = QObject()
    made = SettingsPage(session, partial(start, keeper), lambda: True)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def start(keeper, name, work, *arguments, writes=True):
    assert not writes
    return Operation(name, work, *arguments, parent=keeper)


@pytest.fixture
def usual_size(qapp):
    yield
    theme.use_text_size(100)
    style.apply(qapp)


def test_what_holds_is_shown(page, session) -> None:
    assert (page.theme.value, page.text_size.value, page.density.value) == (
        "system",
        "100",
        "row_two_lines",
    )
    assert page.menu_bar.isChecked()
    assert page.letters.isChecked()
    assert "Essai, Loiret" in page._station.text()


def test_nothing_is_cut_in_the_smallest_window(page) -> None:
    page.resize(854, 416)
    needed = page._area.widget().minimumSizeHint().width()
    assert needed <= page._area.viewport().width()


def test_what_is_chosen_is_remembered_and_told(page, qtbot) -> None:
    with qtbot.waitSignal(page.theme_chosen) as told:
        page.theme.choose("dark")
    assert told.args == ["dark"]
    assert settings.remembered("theme") == "dark"
    with qtbot.waitSignal(page.text_size_chosen) as told:
        page.text_size.choose("120")
    assert told.args == [120]
    assert settings.remembered_number(settings.TEXT_SIZE, 100) == 120
    with qtbot.waitSignal(page.menu_bar_kept) as told:
        page.menu_bar.click()
    assert told.args == [False]
    page.letters.click()
    assert settings.remembered(LETTERS) == "false"


def test_a_list_without_a_height_of_its_own_takes_the_usual_one(page, window) -> None:
    page.density.choose("row_dense")
    window.go("site")
    table = window.window.page.findChild(RecordTable)
    assert table.density == "row_dense"
    table.use_density("row_standard")
    table.use_density("")
    assert table.density == "row_standard"


def test_a_copy_is_made_and_said(page, session, qtbot, tmp_path) -> None:
    (tmp_path / "copies").mkdir()
    page.copy_into(tmp_path / "copies")
    assert not page.check_button.isEnabled()
    qtbot.waitUntil(page.copy_button.isEnabled, timeout=WAIT)
    (made,) = (tmp_path / "copies").iterdir()
    assert made.name == "copie_prevention_45_2026-11-23.zip"
    assert str(made) in page._last_copy.text()
    page.copy_into(tmp_path / "copies")
    qtbot.waitUntil(page.copy_button.isEnabled, timeout=WAIT)
    assert len(list((tmp_path / "copies").iterdir())) == 2


def test_a_sound_workspace_is_said_to_be_in_order(page, qtbot) -> None:
    page.check()
    qtbot.waitUntil(page.check_button.isEnabled, timeout=WAIT)
    assert page.found.text.startswith("Tout est en ordre")
    page._on_checked(["Base abîmée : page 3."] * 9)
    assert page.found.bad
    assert page.found.text.startswith("9\u00a0anomalies")


def test_texts_and_rows_grow_together(qapp, qtbot, usual_size) -> None:
    table, label = QTableView(), QLabel("Texte")
    for each in (table, label):
        qtbot.addWidget(each)
    style.mark(label, "look", "section")
    style.fix_height(table.verticalHeader(), "row_standard")
    table.show()
    label.show()
    small = label.sizeHint().height()
    assert table.verticalHeader().defaultSectionSize() == 40
    theme.use_text_size(130)
    style.apply(qapp)
    assert table.verticalHeader().defaultSectionSize() == 52
    assert fonts.font("body").pixelSize() == 17
    assert label.sizeHint().height() > small
    theme.use_text_size(400)
    assert theme.percent() == 130


def test_no_control_moves_when_it_takes_the_focus(usual_size) -> None:
    import re

    for percent in theme.TEXT_SIZES:
        theme.use_text_size(percent)
        sheet = style.stylesheet()
        (plain,) = re.findall(r"^QPushButton \{[^}]*min-height: (\d+)px", sheet, re.MULTILINE)
        (focus,) = re.findall(r"^QPushButton:focus \{[^}]*min-height: (\d+)px", sheet, re.MULTILINE)
        assert int(plain) - int(focus) == 2, percent
