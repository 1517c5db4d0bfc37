from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt

from prevention_app.storage.query import Query
from prevention_app.ui.cells import CELL, GroupCell
from prevention_app.ui.navigation import DUE
from prevention_app.ui.record_page import RecordPage

TODAY = date(2026, 11, 23)
FIELDS = (
    ("intitule", "Intitulé", "text", True),
    ("constate_le", "Constaté le", "date", True),
    ("gravite", "Gravité", "choice", False),
    ("remarque", "Remarque", "long_text", False),
)


def define_register(session) -> None:
    """As a user does: a register and its fields are ordinary records."""
    catalogue = session.store.catalogue
    register = {"register_key": "visite", "register_code": "VISI", "name": "Visites de chantier"}
    session.add(catalogue["register_definition"], {**register, "group": "Registres"})
    for rank, (key, label, kind, required) in enumerate(FIELDS):
        values = {"register_key": "visite", "field_key": key, "label": label, "kind": kind}
        options = "faible=Faible\nforte=Forte" if kind == "choice" else None
        session.add(
            catalogue["field_definition"],
            {**values, "required": required, "rank": rank, "options": options},
        )


def labels(window) -> list[str]:
    return [each.label for each in window.window.sidebar.navigation.pages.shown]


def add_site(session, name="Atelier mécanique") -> str:
    return session.add(session.store.catalogue["site"], {"name": name}).id


# -- pages ---------------------------------------------------------------------------------


def test_the_window_opens_on_what_is_due_with_every_register_beside(window) -> None:
    assert window.window.page is window.due
    navigation = window.window.sidebar.navigation.pages
    for group in list(navigation.folded):
        navigation.turn(group)
    keys = {each.key for each in navigation.shown if not each.heading}
    registers = {each.key for each in window.session.store.catalogue.registers}
    assert keys == {DUE} | registers


def test_every_register_has_a_page_that_opens_and_fits_a_small_screen(window) -> None:
    for each in window.session.store.catalogue.registers:
        window.go(each.key)
        assert window.window.page.title == each.label_fr
        assert window.window.windowTitle() == f"{each.label_fr} – Prévention"
        hint = window.window.minimumSizeHint()
        assert hint.width() <= 1180
        assert hint.height() <= 700


def test_the_navigation_is_used_by_keyboard(window, qtbot) -> None:
    navigation = window.window.sidebar.navigation
    navigation.setFocus()
    navigation.setCurrentIndex(navigation.pages.index(2))
    qtbot.keyClick(navigation, Qt.Key.Key_Return)
    assert isinstance(window.window.page, RecordPage)
    assert window.window.page.entity.key == navigation.pages.shown[2].key


def test_a_group_folds_and_stays_folded(window, qtbot) -> None:
    navigation = window.window.sidebar.navigation
    before = labels(window)
    navigation.setCurrentIndex(navigation.pages.index(1))
    qtbot.keyClick(navigation, Qt.Key.Key_Space)
    assert len(labels(window)) < len(before)
    qtbot.keyClick(navigation, Qt.Key.Key_Space)
    assert labels(window) == before


def test_a_register_defined_at_run_time_has_its_page_without_a_restart(
    window, qtbot, type_text
) -> None:
    define_register(window.session)
    assert "Visites de chantier" in labels(window)
    window.go("visite")
    page = window.window.page
    page.new_record()
    form = page.form
    assert form.boxes["remarque"].field.label_fr == "Remarque"
    form.save_button.click()
    assert form.boxes["intitule"].problem
    type_text(form.boxes["intitule"].editor.inner, "Tranchée non étayée")
    type_text(form.boxes["constate_le"].editor.inner, "20/11/2026")
    form.boxes["gravite"].editor.show_value("forte")
    form.boxes["gravite"].editor.changed.emit()
    form.save_button.click()
    model = page.table.records
    assert model.rowCount() == 1
    shown = {model.index(0, at).data() for at in range(model.columnCount())}
    assert {"Tranchée non étayée", "Forte"} <= {each.split(",")[0] for each in shown}
    window.undo()
    assert page.table.records.rowCount() == 0


def test_a_field_added_at_run_time_appears_in_the_open_form(window, qtbot) -> None:
    window.go("site")
    values = {"register_key": "site", "field_key": "etages", "label": "Étages", "kind": "integer"}
    definition = window.session.store.catalogue["field_definition"]
    window.session.add(definition, values)
    qtbot.waitUntil(lambda: "etages" in window.window.page.form.boxes)


# -- changes -------------------------------------------------------------------------------


def test_undo_says_in_the_menu_what_it_takes_back(window, qtbot) -> None:
    undo = window.commands.actions["undo"]
    redo = window.commands.actions["redo"]
    assert not undo.isEnabled()
    add_site(window.session)
    assert undo.text() == "Annuler\u00a0: Ajouter"
    window.go("site")
    qtbot.keyClick(window.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.window.page.table.records.rowCount() == 0
    assert redo.text() == "Rétablir\u00a0: Ajouter"
    assert "Annulé : Ajouter" in window.window.notice.replace("\u00a0", " ")
    redo.trigger()
    assert window.window.page.table.records.rowCount() == 1


def test_what_another_process_wrote_is_seen_after_f5(window, qtbot, open_store) -> None:
    window.go("site")
    other = open_store()
    with other.change("Ajouter") as work:
        work.new("site", name="Musée")
    other.close()
    window.commands.actions["refresh"].trigger()
    assert window.window.page.table.records.rowCount() == 1


def test_a_draft_survives_closing_the_window(window, qtbot, type_text) -> None:
    window.go("site")
    window.window.page.new_record()
    type_text(window.window.page.form.boxes["name"].editor.inner, "Écluse")
    window.window.close()
    assert [each.name for each in (window.session.folder / "drafts").iterdir()] == ["site.new.json"]


def test_every_command_is_in_the_menu_bar_which_alt_shows(window, qtbot) -> None:
    bar = window.window.menuBar()
    assert not bar.isVisible()
    qtbot.keyPress(window.window, Qt.Key.Key_Alt)
    qtbot.keyRelease(window.window, Qt.Key.Key_Alt)
    assert bar.isVisible()
    listed = {act for menu in bar.actions() for act in menu.menu().actions()}
    assert set(window.commands.actions.values()) <= listed


# -- what is due ---------------------------------------------------------------------------


def due_rows(window) -> list:
    model = window.due.table.cells
    return [model.index(row, 0).data(CELL) for row in range(model.rowCount())]


def add_action(session, title, due, state="to_do") -> str:
    entity = session.store.catalogue["planned_action"]
    return session.add(entity, {"title": title, "due": due, "state": state}).id


def test_what_is_due_is_grouped_most_urgent_first(window) -> None:
    add_action(window.session, "Réparer la rampe", TODAY - timedelta(days=10))
    add_action(window.session, "Changer le filtre", TODAY + timedelta(days=20))
    rows = due_rows(window)
    groups = [each.text for each in rows if isinstance(each, GroupCell)]
    assert groups == ["En retard", "À planifier"]
    assert rows[1].text == "Réparer la rampe"
    delay = window.due.table.cells.index(1, 4).data(CELL)
    assert (delay.text, delay.colours) == ("10\u00a0jours", "bad")
    chip = window.due.table.cells.index(1, 5).data(CELL)
    assert chip.text == "En retard"
    assert chip.chip is not None


def test_a_counter_filters_the_list(window, qtbot) -> None:
    add_action(window.session, "Réparer la rampe", TODAY - timedelta(days=10))
    add_action(window.session, "Changer le filtre", TODAY + timedelta(days=20))
    late = window.due.counters[0]
    assert late.accessibleName() == "En retard\u00a0: 1"
    late.click()
    assert [each.text for each in due_rows(window)] == ["En retard", "Réparer la rampe"]
    late.click()
    window.due.line.setText("filtre")
    assert [each.text for each in due_rows(window)] == ["À planifier", "Changer le filtre"]


def test_entree_opens_what_is_due(window, qtbot) -> None:
    record_id = add_action(window.session, "Réparer la rampe", TODAY)
    window.due.table.selectRow(1)
    qtbot.keyClick(window.due.table, Qt.Key.Key_Return)
    assert window.window.page.entity.key == "planned_action"
    assert window.window.page.form.record.id == record_id


def test_a_group_of_what_is_due_folds(window, qtbot) -> None:
    add_action(window.session, "Réparer la rampe", TODAY)
    window.due.table.setCurrentIndex(window.due.table.cells.index(0, 0))
    qtbot.keyClick(window.due.table, Qt.Key.Key_Left)
    assert len(due_rows(window)) == 1
    qtbot.keyClick(window.due.table, Qt.Key.Key_Right)
    assert len(due_rows(window)) == 2


def test_the_navigation_counts_what_waits(window) -> None:
    add_action(window.session, "Réparer la rampe", TODAY - timedelta(days=10))
    waiting = window.window.sidebar.navigation.pages.waiting
    assert waiting["planned_action"] == 1
    assert waiting[""] == 1
    window.session.look_at("41")
    assert window.window.sidebar.navigation.pages.waiting == {"": 0}


# -- search --------------------------------------------------------------------------------


def test_a_search_finds_records_of_any_register_and_opens_them(window, qtbot) -> None:
    record_id = add_site(window.session)
    add_action(window.session, "Réparer l’atelier", TODAY)
    window.window.sidebar.line.setText("atelier")
    qtbot.keyClick(window.window.sidebar.line, Qt.Key.Key_Return)
    assert window.window.page is window.search
    model = window.search.table.cells
    found = {model.index(row, 0).data(CELL).text: row for row in range(model.rowCount())}
    assert {"Atelier mécanique", "Réparer l’atelier"} <= set(found)
    window.search.table.opened.emit(found["Atelier mécanique"])
    assert window.window.page.form.record.id == record_id


def test_what_is_not_found_is_said(window) -> None:
    window.find("zzz")
    assert window.search.empty.isVisible()


# -- rights --------------------------------------------------------------------------------


def test_a_new_record_belongs_to_the_department_looked_at(window, type_text) -> None:
    window.session.look_at("28")
    window.go("site")
    window.window.page.new_record()
    type_text(window.window.page.form.boxes["name"].editor.inner, "Dreux")
    window.window.page.save()
    with window.session.store.reading() as read:
        assert [each.owner for each in read.records(Query("site"))] == ["28"]
