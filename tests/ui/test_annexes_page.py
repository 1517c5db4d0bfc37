"""The annexes in the window: chosen from a list, filled in beside it, the grid of dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from prevention_app.services import methods, psychosocial, records
from prevention_app.storage.query import Query
from prevention_app.ui.annexes_page import MISSING, AnnexesPage
from prevention_app.ui.operations import Operation
from prevention_app.ui.psychosocial_grid import GridLink
from prevention_app.ui.record_form import RecordForm
from prevention_app.ui.session import Session
from prevention_app.ui.short_form import ShortForm


@pytest.fixture
def unit(session: Session) -> str:
    """A unit with a noisy risk and a psychosocial one."""
    with session.store.reading() as read:
        rps = methods.family_named(read, "RPS")
    made, _ = records.create(session.store, "work_unit", {"name": "Atelier", "women": 9, "men": 30})
    for values in (
        {"situation": "Meuleuse", "factor": "Bruit", "exposed": 20},
        {"situation": "Public agressif", "hazard_family": rps},
    ):
        records.create(session.store, "risk", {"work_unit": made.id, **values})
    return made.id


@pytest.fixture
def page(qtbot, session: Session, unit: str) -> Iterator[AnnexesPage]:
    """The page, shown."""
    owner = QObject()

    def start(words, work, *arguments, writes=True):
        return Operation(words, work, *arguments, parent=owner)

    made = AnnexesPage(session, start)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitUntil(lambda: made.choice.model().rowCount() == 7)
    yield made
    owner.deleteLater()


def cells(table) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(row, column).data() or "" for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def held(session: Session, register: str) -> list:
    with session.store.reading() as read:
        return read.records(Query(register))


def test_the_list_says_what_each_annex_holds_and_misses(page: AnnexesPage) -> None:
    said = [row[0].replace("\u00a0", " ") for row in cells(page.choice)]
    assert said[0] == "Facteurs de risques (L4161-1), 2 lignes, 1 à compléter"
    assert said[2] == "Chaleur, 0 ligne, rien ne manque"
    lines = cells(page.tables["annex_factors"])
    assert [row[0] for row in lines] == ["Ensemble du département, Bruit", "Atelier, Bruit"]
    page.show_annex("annex_heat")
    assert page._stack.currentWidget() is page.empty


def test_a_line_that_is_deduced_opens_a_new_record_filled_in_and_stands_entered(
    page: AnnexesPage, session: Session, qtbot
) -> None:
    table = page.tables["annex_factors"]
    table.selectRow(1)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    form = page._side.currentWidget()
    assert isinstance(form, ShortForm)
    assert form.boxes["factor"].editor.value() == "noise"
    for key, value in (("women", 6), ("men", 14), ("beyond", 10), ("basis", "measured")):
        form.boxes[key].editor.show_value(value)
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    (record,) = held(session, "factor_exposure")
    assert (record.beyond, record.owner) == (10, "45")
    assert not page._side.isVisible()
    qtbot.waitUntil(lambda: "rien ne manque" in cells(page.choice)[0][0])
    assert cells(table)[1][1:4] == ["20", "10", "26"]
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    form = page._side.currentWidget()
    assert isinstance(form, RecordForm)
    assert form.record is not None
    assert form.record.id == record.id
    session.undo()
    qtbot.waitUntil(lambda: "1 à compléter" in cells(page.choice)[0][0])


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(
    page: AnnexesPage, session: Session, qtbot
) -> None:
    page.show_annex("annex_groups")
    qtbot.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    form = page._side.currentWidget()
    assert isinstance(form, ShortForm)
    form.boxes["risk_group"].editor.show_value("young")
    form.boxes["measure"].editor.show_value("Tuteur")
    form.boxes["persons"].editor.show_value(3)
    form.give()
    assert "moins de 5" in form.boxes["persons"].problem
    assert not held(session, "group_measure")


def test_the_six_dimensions_are_judged_on_one_screen(
    page: AnnexesPage, session: Session, unit: str, qtbot
) -> None:
    page.show_annex("annex_rps", MISSING)
    page.missing.selectRow(0)
    page.missing.opened.emit(0)
    grid = page.grid
    assert grid is not None
    assert len(grid.judgements) == 6
    qtbot.mouseClick(grid.save_button, Qt.MouseButton.LeftButton)
    assert not grid.banner.isHidden(), "nothing was judged"
    grid.head["method"].show_value("interviews")
    grid.head["answers"].show_value(12)
    for each in grid.judgements.values():
        each.show_value("2")
    grid.findings["emotion"].show_value("Usagers en détresse")
    qtbot.mouseClick(grid.save_button, Qt.MouseButton.LeftButton)
    assert len(held(session, "psychosocial_diagnosis")) == 6
    with session.store.reading() as read:
        found = psychosocial.diagnosis_of(read, unit)
    assert found.findings["emotion"].findings == "Usagers en détresse"
    qtbot.waitUntil(lambda: "rien ne manque" in cells(page.choice)[3][0])
    session.undo()
    assert not held(session, "psychosocial_diagnosis"), "one change, one undo"


def test_the_grid_is_offered_on_psychosocial_risks_alone(window, qtbot) -> None:
    session = window.session
    with session.store.reading() as read:
        rps = methods.family_named(read, "RPS")
    made, _ = records.create(session.store, "work_unit", {"name": "MDD"})
    window.go("risk_document")
    page = window.page_of("risk_document")
    for family, offered in ((rps, True), (None, False)):
        values = {"work_unit": made.id, "situation": "Public", "hazard_family": family}
        risk, done = records.create(session.store, "risk", values)
        session.tell(done)
        page.side.show_risk(risk.id, ())
        link = page.side.detail.findChild(GridLink)
        assert link.isHidden() is not offered
        if offered:
            qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
            assert link.grid is not None
            link.grid.reject()


def test_the_workbook_is_written_beside_the_window(
    page: AnnexesPage, session: Session, qtbot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(session.noticed):
        page.export_to(tmp_path)
    assert "Sommaire" in openpyxl.load_workbook(tmp_path / "annexes_45.xlsx").sheetnames


def test_escape_closes_an_untouched_grid_and_never_loses_what_was_written(
    qtbot, page: AnnexesPage, unit: str
) -> None:
    page.open_grid(unit)
    assert page.grid is not None
    QTest.keyClick(page.grid, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.grid is None)
    page.open_grid(unit)
    grid = page.grid
    assert grid is not None
    grid.findings["emotion"].show_value("Usagers en détresse")
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert grid.isVisible()
    assert not grid.banner.isHidden()
    qtbot.mouseClick(grid.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.grid is None)


def test_beside_a_form_in_a_narrow_page_nothing_is_to_be_scrolled_sideways(
    qtbot, page: AnnexesPage
) -> None:
    page.resize(840, 450)
    page.show_annex("annex_factors")
    table = page.tables["annex_factors"]
    assert not table.isColumnHidden(1)
    qtbot.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    assert table.isColumnHidden(1)
    assert table.horizontalScrollBar().maximum() == 0
    page.close_side()
    assert not table.isColumnHidden(1)


@pytest.fixture
def hot(session: Session, unit: str) -> list[str]:
    """Three units with a thermal risk and without a heat plan."""
    with session.store.reading() as read:
        family = methods.family_named(read, "THER")
    made: list[str] = []
    for name in ("CER de Gien", "CER de Sully", "CER de Briare"):
        made.append(records.create(session.store, "work_unit", {"name": name})[0].id)
        told = {"work_unit": made[-1], "situation": "Chaleur", "hazard_family": family}
        records.create(session.store, "risk", told)
    return made


def test_one_heat_plan_is_written_for_all_units_chosen_as_one_change(
    qtbot, hot: list[str], page: AnnexesPage, session: Session
) -> None:
    page.show_annex("annex_heat", MISSING)
    page.missing.selectAll()
    page.missing.opened.emit(0)
    form = page._side.currentWidget()
    assert isinstance(form, ShortForm)
    assert "La même fiche pour 3" in form._under.text()
    form.boxes["pilot"].editor.show_value("Responsable de centre")
    form.give()
    plans = held(session, "heat_plan")
    assert {each.work_unit for each in plans} == set(hot)
    assert {each.pilot for each in plans} == {"Responsable de centre"}
    session.undo()
    assert not held(session, "heat_plan")


def test_what_was_begun_for_one_unit_does_not_turn_up_for_another(
    qtbot, hot: list[str], page: AnnexesPage, session: Session
) -> None:
    page.show_annex("annex_heat", MISSING)
    for at, expected in ((0, None), (1, None), (0, "Chef")):
        page.missing.selectRow(at)
        page.missing.opened.emit(at)
        form = page._side.currentWidget()
        assert isinstance(form, ShortForm)
        gap = page._annexes["annex_heat"].gaps[at]
        assert form.boxes["work_unit"].editor.value() == gap.unit_id
        assert form.boxes["pilot"].editor.value() == expected
        if at == 0 and expected is None:
            form.boxes["pilot"].editor.show_typed("Chef")
            form._on_changed("pilot")
        page.close_side()
