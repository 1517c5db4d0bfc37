"""The assistant that reorganises: a plan gathered, foreseen, applied, taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from prevention_app.storage.query import Query
from prevention_app.ui import places

BEFORE = date(2026, 11, 1)


@pytest.fixture
def made(window):
    """Two directions with a unit of eight each, one of them with a risk."""
    store = window.session.store
    with store.change("Préparer") as work:
        roads, halls = (work.new("org_unit", name=name) for name in ("Routes", "Bâtiments"))
        units = [
            work.new("work_unit", name=name, org_unit=above.id, headcount=8)
            for name, above in (("Équipe", roads), ("Atelier", halls))
        ]
        work.new("risk", work_unit=units[0].id, situation="Circulation")
    return {"roads": roads.id, "halls": halls.id, "team": units[0].id, "shop": units[1].id}


@pytest.fixture
def page(window, made, qtbot):
    window.go(places.ORGANISATION)
    shown = window.pages[places.ORGANISATION]
    qtbot.waitUntil(lambda: shown.view.rows.rowCount() == 2)
    return shown


@pytest.fixture
def pane(page, qtbot):
    page.reorganise_button.click()
    qtbot.waitUntil(lambda: page.assistant._held is not None)
    return page.assistant


def merge(pane, made) -> None:
    form = pane.form
    form.act.setCurrentText("Réunir")
    form.unit.show_unit(made["roads"])
    form.to.setEditText("Mobilités")
    form.add_button.click()
    form.unit.show_unit(made["halls"])
    form.to.setEditText("Mobilités (créé par le plan)")
    form.add_button.click()


def texts(pane):
    model = pane.table.cells
    return [model.index(row, 1).data() for row in range(model.rowCount())]


def names(window):
    with window.session.store.reading() as read:
        return {each.name for each in read.records(Query("org_unit"))}


def test_a_plan_is_gathered_foreseen_applied_and_taken_back(window, page, pane, made, qtbot):
    merge(pane, made)
    assert [each.replace("\u00a0", " ") for each in texts(pane)] == [
        "Créer « Mobilités » (direction ou service)",
        "Réunir « Routes » à « Mobilités »",
        "Réunir « Bâtiments » à « Mobilités »",
    ]
    assert pane.table.cells.index(1, 2).data() == "1"
    assert "2\u00a0unités de travail" in pane.total.text()
    assert "Mobilités" not in names(window), "nothing is written before"
    assert pane.apply_button.isEnabled()
    pane.apply_button.click()
    qtbot.waitUntil(lambda: not page.reorganising)
    qtbot.waitUntil(lambda: page.view.rows.rowCount() == 1)
    assert page.view.rows.index(0, 0).data() == "Mobilités"
    window.undo()
    qtbot.waitUntil(lambda: page.view.rows.rowCount() == 2)
    assert "Mobilités" not in names(window)


def test_the_detail_of_a_unit_tells_where_it_stood(page, pane, made, qtbot):
    form = pane.form
    pane.on.line.setText("01/11/2026")
    form.act.setCurrentText("Rattacher")
    form.unit.show_unit(made["team"])
    form.to.show_unit(made["halls"])
    form.add_button.click()
    pane.apply_button.click()
    qtbot.waitUntil(lambda: not page.reorganising and made["team"] in page._organisation.past)
    page.view.choose(made["team"])
    assert "Jusqu’au 31 octobre 2026\u00a0: Équipe, dans Routes" in page.detail._about.text()


def test_what_cannot_be_is_told_at_its_line_and_not_applied(pane, made, qtbot):
    form = pane.form
    form.act.setCurrentText("Fermer")
    form.unit.show_unit(made["roads"])
    qtbot.keyClick(form.unit, Qt.Key.Key_Return)
    assert "y restent Équipe" in pane.detail.text()
    assert "1\u00a0opération à revoir" in pane.remarks.text()
    assert not pane.apply_button.isEnabled()
    pane.table.setFocus()
    pane.table.selectRow(0)
    qtbot.keyClick(pane.table, Qt.Key.Key_Space)
    assert "Aucune opération n’est retenue" in pane.total.text()
    qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    assert pane.entries == []


def test_what_the_form_lacks_is_said(pane, made):
    form = pane.form
    form.unit.setEditText("")
    form.add_button.click()
    assert "Choisissez l’unité" in form._problem.text()
    form.act.setCurrentText("Scinder")
    form.unit.setEditText("routes")
    form.name.setText("Une seule")
    form.add_button.click()
    assert "au moins deux parties" in form._problem.text()
    form.name.setText("Nord ; Sud")
    form.add_button.click()
    assert not form._problem.isVisible()
    assert len(texts(pane)) == 4
    form.act.setCurrentText("Rattacher")
    form.unit.show_unit(made["team"])
    form.to.setEditText("Rien de tel")
    form.add_button.click()
    assert "n’est pas dans la liste" in form._problem.text()


def test_a_day_to_come_is_foreseen_and_kept_for_later(pane, made, tmp_path: Path, qtbot):
    merge(pane, made)
    pane.on.line.setText("01/01/2027")
    pane.on.changed.emit()
    assert "n’est pas venu" in pane.remarks.text()
    assert not pane.apply_button.isEnabled()
    assert pane.save_button.isEnabled()
    pane.save_into(tmp_path)
    file = tmp_path / "reorganisation_45_2027-01-01.xlsx"
    qtbot.waitUntil(lambda: file.exists() and not pane.busy)
    pane.entries = []
    pane.open_plan(file)
    qtbot.waitUntil(lambda: len(pane.entries) == 3)
    assert "Réunir" in texts(pane)[1]
    pane.on.line.setText("pas un jour")
    pane.on.changed.emit()
    assert "jour d’effet" in pane.total.text()


def test_a_chart_is_compared_and_what_it_leaves_out_is_not_ticked(pane, made, tmp_path, qtbot):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "45"
    for row in (("Direction", "Unité de travail", "Effectif"), ("Voirie", "Équipe", 8)):
        book.active.append(list(row))
    book.save(tmp_path / "organigramme.xlsx")
    pane.compare(tmp_path / "organigramme.xlsx")
    qtbot.waitUntil(lambda: len(pane.entries) == 3)
    assert [(str(each.operation.act), each.wanted) for each in pane.entries] == [
        ("rename", True),
        ("close", False),
        ("close", False),
    ]
    assert "Sûr" in texts(pane)[0]
    assert "2 à décider" in pane.banner.text
    pane.apply_button.click()
    qtbot.waitUntil(lambda: not pane.isVisible())


def test_a_wrong_plan_is_told_and_changes_nothing(pane, tmp_path, qtbot):
    (tmp_path / "plan.csv").write_text("Opération;Unité\nFermer;Nulle part\n", encoding="utf-8")
    pane.open_plan(tmp_path / "plan.csv")
    qtbot.waitUntil(pane.banner.isVisible)
    assert "B2" in pane.banner.text
    assert pane.entries == []
    pane.drop_button.click()
    assert not pane.isVisible()


def test_the_unit_that_was_chosen_is_proposed(page, made, qtbot):
    page.view.choose(made["team"])
    page.reorganise_button.click()
    qtbot.waitUntil(lambda: page.assistant.form.unit.value() == made["team"])
    assert page.assistant.form.unit.currentText() == "Routes › Équipe"
