from __future__ import annotations

from unittest.mock import Mock

import pytest
from PySide6.QtCore import Qt

from prevention_app.ui.organisation_page import OrganisationPage


@pytest.fixture
def made(session):
    """A direction, its service, a unit of eight on a site, with a risk."""
    catalogue = session.store.catalogue
    direction = session.add(catalogue["org_unit"], {"name": "Direction des routes"})
    service = session.add(catalogue["org_unit"], {"name": "Agence Nord", "parent": direction.id})
    site = session.add(catalogue["site"], {"name": "Gien", "town": "Gien"})
    unit = session.add(
        catalogue["work_unit"],
        {"name": "Équipe", "org_unit": service.id, "site": site.id, "headcount": 8},
    )
    session.add(catalogue["risk"], {"work_unit": unit.id, "situation": "Circulation"})
    return {"direction": direction, "service": service, "site": site, "unit": unit}


@pytest.fixture
def page(session, made, qtbot):
    shown = OrganisationPage(session, Mock())
    qtbot.addWidget(shown)
    shown.resize(1200, 800)
    shown.show()
    shown.activateWindow()
    shown.focus_main()
    qtbot.waitUntil(lambda: shown.view.rows.rowCount() > 0)
    return shown


def test_the_tree_tells_people_and_risks_of_every_branch(page, made) -> None:
    rows = page.view.rows
    top = rows.index(0, 0)
    assert [rows.index(0, at).data() for at in range(3)] == ["Direction des routes", "8", "1"]
    assert top.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Direction des routes, 8\u00a0agents, 1\u00a0risque"
    )
    assert rows.index(0, 0, top).data() == "Agence Nord"
    assert page.status == "2\u00a0directions et services, 1\u00a0unité de travail"


def test_the_keyboard_unfolds_and_opens(page, made, qtbot) -> None:
    for key in ("Right", "Down", "Right", "Down"):
        qtbot.keyClick(page.view, getattr(Qt.Key, f"Key_{key}"))
    assert page.view.current_node().name == "Équipe"
    with qtbot.waitSignal(page.open_asked) as asked:
        qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert asked.args == ["work_unit", made["unit"].id]


def test_the_filter_line_hands_over_to_the_tree(page, qtbot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_Slash)
    assert page.line.hasFocus()
    qtbot.keyClick(page.line, Qt.Key.Key_Down)
    assert page.view.hasFocus()


def test_a_click_on_the_arrow_unfolds(page, qtbot) -> None:
    top = page.view.rows.index(0, 0)
    place = page.view.visualRect(top).center()
    place.setX(14)
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.view.isExpanded(top)


def test_the_detail_leads_from_unit_to_site_and_back(page, made, qtbot) -> None:
    page.view.choose(made["unit"].id)
    detail = page.detail
    assert detail._name.text() == "Équipe"
    assert "Direction des routes › Agence Nord" in detail._about.text()
    detail._links.itemAt(0).widget().click()
    assert page.trees.value == "sites"
    assert page.view.current_node().id == made["site"].id
    assert "1\u00a0unité de travail" in page.detail._figures.text()
    with qtbot.waitSignal(page.open_asked) as asked:
        page.detail.open_button.click()
    assert asked.args == ["site", made["site"].id]


def test_the_filter_keeps_what_is_above(page, qtbot) -> None:
    page.line.setText("equipe")
    qtbot.waitUntil(lambda: page.view.isExpanded(page.view.rows.index(0, 0)))
    assert page.view.rows.index(0, 0).data() == "Direction des routes"
    page.line.setText("introuvable")
    qtbot.waitUntil(page.empty.isVisible)
    assert page.empty.accessibleName() == "Rien ne correspond à ce filtre."


def test_another_department_shows_its_own_tree(page, session, qtbot) -> None:
    session.look_at("41")
    qtbot.waitUntil(page.empty.isVisible)
    assert page.empty.accessibleName() == "L’organisation n’est pas encore décrite."
    session.look_at("")
    qtbot.waitUntil(lambda: page.view.rows.rowCount() == 1)
    assert not page.view.isColumnHidden(3)
    assert page.view.rows.index(0, 3).data() == "45"


def test_what_is_written_elsewhere_is_shown_at_once(page, session, qtbot) -> None:
    session.add(session.store.catalogue["org_unit"], {"name": "Culture"})
    qtbot.waitUntil(lambda: page.view.rows.rowCount() == 2)


def test_adding_and_importing_are_asked_of_the_window(page, qtbot) -> None:
    _, bring, add = page.buttons
    with qtbot.waitSignal(page.import_asked) as asked:
        bring.click()
    assert asked.args == ["organisation"]
    texts = [each.text() for each in add.menu().actions()]
    assert texts == ["Nouvelle direction ou service", "Nouvelle unité de travail", "Nouveau site"]
    with qtbot.waitSignal(page.new_asked) as asked:
        add.menu().actions()[2].trigger()
    assert asked.args == ["site"]
    page.trees.choose("sites")
    with qtbot.waitSignal(page.new_asked) as asked:
        next(each for each in page.deeds() if each.key == "new_node").act()
    assert asked.args == ["site"]
