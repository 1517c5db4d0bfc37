from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from prevention_app.storage.query import Query
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.palette import Palette
from prevention_app.ui.places import HOME, PURPOSES, SEARCH, SETTINGS
from prevention_app.ui.workspace import Workspace

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


def test_the_window_opens_at_home_with_every_register_beside(window) -> None:
    assert window.window.page is window.pages[HOME]
    navigation = window.window.sidebar.navigation.pages
    for group in list(navigation.folded):
        navigation.turn(group)
    keys = {each.key for each in navigation.shown if not each.heading}
    registers = {each.key for each in window.session.store.catalogue.registers}
    assert keys == {each.key for each in PURPOSES if each.key != SETTINGS} | registers


def test_every_register_has_a_page_that_opens(window) -> None:
    for each in window.session.store.catalogue.registers:
        window.go(each.key)
        assert window.window.page.title == each.label_fr
        assert window.window.windowTitle() == f"{each.label_fr} – Prévention"


def test_every_page_fits_a_small_screen_at_150_percent(window) -> None:
    window.window.resize(910, 500)
    for each in (*PURPOSES, *window.session.store.catalogue.registers):
        window.go(each.key)
        hint = window.window.minimumSizeHint()
        assert (hint.width() <= 910, hint.height() <= 500) == (True, True), each.key


def test_the_navigation_is_used_by_keyboard(window, qtbot) -> None:
    navigation = window.window.sidebar.navigation
    navigation.setFocus()
    row = next(at for at, each in enumerate(navigation.pages.shown) if each.key == "accident")
    navigation.setCurrentIndex(navigation.pages.index(row))
    qtbot.keyClick(navigation, Qt.Key.Key_Return)
    assert window.window.page.register == "accident"


def test_a_group_folds_and_stays_folded(window, qtbot) -> None:
    navigation = window.window.sidebar.navigation
    before = labels(window)
    row = next(at for at, each in enumerate(navigation.pages.shown) if each.heading)
    navigation.setCurrentIndex(navigation.pages.index(row))
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
    qtbot.waitUntil(lambda: model.rowCount() == 1 and model.row(0) is not None)
    shown = {model.index(0, at).data() for at in range(model.columnCount())}
    assert {"Tranchée non étayée", "Forte"} <= {each.split(",")[0] for each in shown}
    window.undo()
    qtbot.waitUntil(lambda: page.table.records.rowCount() == 0)


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
    qtbot.waitUntil(lambda: window.window.page.table.records.rowCount() == 0)
    assert redo.text() == "Rétablir\u00a0: Ajouter"
    assert "Annulé : Ajouter" in window.window.notice.replace("\u00a0", " ")
    redo.trigger()
    qtbot.waitUntil(lambda: window.window.page.table.records.rowCount() == 1)


def test_what_another_process_wrote_is_seen_after_f5(window, qtbot, open_store) -> None:
    window.go("site")
    other = open_store()
    with other.change("Ajouter") as work:
        work.new("site", name="Musée")
    other.close()
    window.commands.actions["refresh"].trigger()
    qtbot.waitUntil(lambda: window.window.page.table.records.rowCount() == 1)


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


# -- search --------------------------------------------------------------------------------


def test_words_are_searched_in_all_registers_from_the_palette(window, qtbot) -> None:
    record_id = add_site(window.session)
    window.ask()
    palette = window.window.findChild(Palette)
    qtbot.keyClicks(palette.line, "atelier")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page = window.window.page
    assert page is window.pages[SEARCH]
    qtbot.waitUntil(lambda: page.table.cells.rowCount() > 0)
    page.table.opened.emit(0)
    qtbot.waitUntil(lambda: window.window.page.register == "site")
    qtbot.waitUntil(lambda: window.window.page.form.record is not None)
    assert window.window.page.form.record.id == record_id


def test_what_is_not_found_is_said(window, qtbot) -> None:
    window.find("zzz")
    qtbot.waitUntil(window.window.page.empty.isVisible)


# -- coming back ---------------------------------------------------------------------------


def test_the_window_comes_back_where_it_was(window, qtbot, open_store) -> None:
    window.session.look_at("28")
    window.go("site")
    window.window.close()
    frame = MainWindow()
    qtbot.addWidget(frame)
    again = Workspace(frame, open_store(), open_store)
    assert again.window.page.register == "site"
    assert again.session.owner == "28"
    frame.close()
    again.session.store.close()


def test_back_goes_to_the_page_before(window) -> None:
    window.go("site")
    window.go("person")
    window.commands.actions["back"].trigger()
    assert window.window.page.register == "site"


def test_f6_walks_through_the_panes(window, qtbot) -> None:
    window.go("site")
    page = window.window.page
    focused = set()
    for _ in range(len(page.panes()) + 1):
        window.commands.actions["next_pane"].trigger()
        focused.add(QApplication.focusWidget())
    assert window.window.sidebar.navigation in focused
    assert page.filters.line in focused


def test_what_the_page_offers_is_in_its_menu_with_its_keys(window) -> None:
    window.go("site")
    menu = window.commands.menu("&Page")
    offered = {each.text().partition("\t")[0] for each in menu.actions()}
    assert {each.words for each in window.window.page.deeds()} <= offered


# -- rights --------------------------------------------------------------------------------


def test_a_new_record_belongs_to_the_department_looked_at(window, type_text) -> None:
    window.session.look_at("28")
    window.go("site")
    window.window.page.new_record()
    type_text(window.window.page.form.boxes["name"].editor.inner, "Dreux")
    window.window.page.save()
    with window.session.store.reading() as read:
        assert [each.owner for each in read.records(Query("site"))] == ["28"]
