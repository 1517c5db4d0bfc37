"""Saved views: a name for filters, columns, order, groups and density."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QLineEdit

from prevention_app.ui import settings
from prevention_app.ui.record_page import RecordPage
from prevention_app.ui.views import EVERYTHING, View, Views


def make_page(qtbot, session) -> RecordPage:
    made = RecordPage(session, session.store.catalogue["accident"])
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    return made


@pytest.fixture
def page(qtbot, session) -> RecordPage:
    for at, kind in enumerate(("service", "commuting", "service")):
        values = {"happened_on": date(2024 + at, 5, 2), "number": f"A{at}", "kind": kind}
        session.add(session.store.catalogue["accident"], values)
    return make_page(qtbot, session)


def arrange(page: RecordPage) -> None:
    page.filters.chips["kind"].restore({"codes": ["service"]})
    page.table.arrangement.show(["number", "happened_on"])
    page._sort(("number",))
    page._use_density("row_dense")


def numbers(page: RecordPage) -> list[str]:
    model = page.table.records
    column = model.keys.index("number")
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_a_view_brings_back_all_that_was_arranged(qtbot, session, page) -> None:
    arrange(page)
    page.view_button.save_as("Service d’abord")
    assert page.view_button.text().endswith("Service d’abord")
    page.show_view(EVERYTHING)
    assert page.table.records.rows.total == 3
    assert page.table.records.as_declared
    page.group_by("kind")
    again = make_page(qtbot, session)
    again.show_view("Service d’abord")
    assert numbers(again) == ["A0", "A2"]
    assert again.table.records.keys == ["number", "happened_on"]
    assert (again.order, again.group, again.table.density) == (("number",), "", "row_dense")
    assert "modifiée" not in again.view_button.text()
    again.filters.clear()
    assert "modifiée" in again.view_button.text()


def test_a_view_is_renamed_deleted_and_brought_back(qtbot, session, page) -> None:
    arrange(page)
    page.view_button.save_as("Service")
    page.view_button.rename("Accidents de service")
    assert list(Views("accident").by_name) == ["Accidents de service"]
    notices = []
    session.noticed.connect(notices.append)
    page.view_button.delete()
    assert Views("accident").by_name == {}
    assert page.view_button.name == EVERYTHING
    notices[-1].acts[0][1]()
    assert list(Views("accident").by_name) == ["Accidents de service"]
    assert numbers(page) == ["A0", "A2"]


def test_a_register_opens_with_the_view_chosen_for_it_else_as_it_was_left(
    qtbot, session, page
) -> None:
    arrange(page)
    page.view_button.save_as("Service")
    page.show_view(EVERYTHING)
    page.group_by("kind")
    assert make_page(qtbot, session).group == "kind"
    page.show_view("Service")
    page.view_button._open_with()
    page.show_view(EVERYTHING)
    again = make_page(qtbot, session)
    assert (again.view_button.name, numbers(again)) == ("Service", ["A0", "A2"])


def test_the_menu_names_views_in_place(qtbot, page) -> None:
    arrange(page)
    page.view_button._fill()
    saving = next(
        each.menu() for each in page.view_button.menu().actions() if "nouvelle" in each.text()
    )
    line = saving.actions()[0].defaultWidget().findChild(QLineEdit)
    line.setText("  Mes   accidents ")
    line.returnPressed.emit()
    assert page.view_button.name == "Mes accidents"
    page.view_button._fill()
    checked = [each.text() for each in page.view_button.menu().actions() if each.isChecked()]
    assert checked == ["Mes accidents"]


def test_what_is_no_view_in_the_settings_is_left_out(qtbot, session, page) -> None:
    for spoilt in ("[]", "{", '{"A": {"unknown": 1}}', '{"A": 3}', '{"A": {"columns": 3}}'):
        settings.remember("views/accident", spoilt)
        settings.remember("last_view/accident", spoilt)
        assert Views("accident").by_name == {}
        assert make_page(qtbot, session).table.records.rows.total == 3


def test_a_view_of_fields_that_are_gone_shows_the_others(qtbot, session, page) -> None:
    filters = {"gone": {"codes": ["x"]}, "kind": {"codes": ["service", "gone"]}}
    view = View(filters, ("gone", "number"), ("-gone", "number"), "gone", "row_gone")
    page.views.keep("Ancienne", view)
    page.show_view("Ancienne")
    assert numbers(page) == ["A0", "A2"]
    assert (page.order, page.group) == (("number",), "")


@pytest.mark.parametrize(
    ("key", "kept", "found"),
    [
        ("happened_on", {"first": "2025-01-01"}, ["A2", "A1"]),
        ("happened_on", {"last": "2024-12-31"}, ["A0"]),
        ("happened_on", {"period": "last_year"}, ["A1"]),
        ("happened_on", {"first": "n’importe quoi"}, ["A2", "A1", "A0"]),
        ("number", {"text": "a1"}, ["A1"]),
        ("days_lost", {"empty": True}, ["A2", "A1", "A0"]),
        ("days_lost", {"first": "2"}, []),
        ("days_lost", {}, ["A2", "A1", "A0"]),
    ],
)
def test_each_kind_of_filter_comes_back_from_the_settings(page, key, kept, found) -> None:
    page.table.arrangement.show(["number"])
    page.filters.restore("", {key: kept})
    assert numbers(page) == found
    again = dict(page.filters.kept)
    page.filters.clear()
    page.filters.restore("", again)
    assert numbers(page) == found
