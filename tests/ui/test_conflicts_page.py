"""The page where people settle what two computers wrote, and the way there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import conflicts
from prevention_app.storage.store import Store
from prevention_app.ui.conflicts_page import ConflictsPage
from prevention_app.ui.places import CONFLICTS
from prevention_app.ui.record_form import RecordForm
from prevention_app.ui.value_card import with_differences
from tests.two_stations import TwoStations


@pytest.fixture
def two(tmp_path, new_workspace):
    made = TwoStations(tmp_path / "deux", new_workspace)
    yield made
    made.close()


@pytest.fixture
def open_store(two) -> Callable[[], Store]:
    """The window works on « Poste A »."""
    return lambda: Store(two.here.folder, declared_catalogue(), two.here.today)


@pytest.fixture
def site(two):
    """A site whose town and operator disagree."""
    made = two.both("site", name="Dépôt de Gien", town="Sully")
    two.differ("site", made, town=("Gien", "Orléans"), operator=("Régie", "Veolia"))
    return made


@pytest.fixture
def actions(two):
    """Three actions whose due text disagrees."""
    made = [two.both("planned_action", title=f"Action {number}") for number in range(3)]
    for each in made:
        two.differ("planned_action", each, due_text=("avant Noël", "au printemps"))
    return made


@pytest.fixture
def show(session, qtbot):
    def shown() -> ConflictsPage:
        page = ConflictsPage(session, lambda *_: pytest.fail("no long work for a few"))
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        page.activateWindow()
        page.focus_main()
        qtbot.waitUntil(lambda: page.list.hasFocus() or page.findings.table.hasFocus())
        return page

    return shown


def texts(page: ConflictsPage) -> list[str]:
    rows = page.list.rows
    return [rows.index(at, 0).data() for at in range(rows.rowCount())]


def press(qtbot, page: ConflictsPage, *keys: str) -> None:
    for key in keys:
        qtbot.keyClick(page.list, getattr(Qt.Key, f"Key_{key}"))


def number_of(page: ConflictsPage, text: str) -> str:
    return next(str(each.value.n) for each in page.panel.cards if each.value.text == text)


def test_both_values_stand_side_by_side_with_who_and_where(show, two, site):
    page = show()
    assert texts(page) == [
        "Sites et locaux 2",
        "Dépôt de Gien, Commune",
        "Dépôt de Gien, Exploitant",
    ]
    spoken = {each.value.text: each.accessibleName() for each in page.panel.cards}
    assert set(spoken) == {"Gien", "Orléans"}
    assert "écrite par Claire Marchand à Poste A" in spoken["Gien"]
    assert "écrite ici" in spoken["Gien"]
    assert "écrite par Sophie Nogueira à Poste B" in spoken["Orléans"]
    assert sum("affichée en attendant" in each for each in spoken.values()) == 1
    assert page.status == "2\u00a0valeurs à départager"


def test_a_number_chooses_and_return_keeps_then_the_next_is_current(show, two, site, qtbot):
    page = show()
    assert not page.panel.keep_button.isEnabled()
    press(qtbot, page, number_of(page, "Gien"))
    assert page.panel.keep_button.accessibleName() == "Garder «\u00a0Gien\u00a0»"
    press(qtbot, page, "Return")
    assert two.read(two.here, "site", site).town == "Gien"
    assert page.panel.conflict is not None
    assert page.panel.conflict.field == "operator"
    assert [each.field for each in conflicts.conflicts(two.here)] == ["operator"]


def test_the_same_number_twice_keeps_too(show, two, site, qtbot):
    page = show()
    number = number_of(page, "Orléans")
    press(qtbot, page, number, number)
    assert two.read(two.here, "site", site).town == "Orléans"


def test_another_value_is_typed(show, two, site, qtbot, type_text):
    page = show()
    press(qtbot, page, "3")
    inner = page.panel.third.inner
    assert inner.hasFocus()
    type_text(inner, "Briare")
    assert page.panel.keep_button.accessibleName() == "Garder cette autre valeur"
    qtbot.keyClick(inner, Qt.Key.Key_Return)
    assert two.read(two.here, "site", site).town == "Briare"
    assert page.list.hasFocus()


def test_what_is_wrong_with_another_value_stands_under_it(show, two, qtbot, type_text):
    action = two.both("planned_action", title="Baliser")
    two.differ("planned_action", action, progress=(10, 20))
    page = show()
    for typed, said in (("beaucoup", "n’est pas un nombre"), ("400", "n’est pas entre")):
        inner = page.panel.third.inner
        inner.clear()
        type_text(inner, typed)
        page.panel.confirm()
        assert said in page.panel._problem.text()
    assert len(conflicts.conflicts(two.here)) == 1


def test_what_is_typed_stays_while_something_else_is_written(show, session, two, site, type_text):
    page = show()
    type_text(page.panel.third.inner, "Bri")
    type_text(page.panel.reason, "Vu")
    session.add(session.store.catalogue["job"], {"name": "Élagueur"})
    page._watch.look()
    assert page.panel.third.typed() == "Bri"
    assert page.panel.reason.text() == "Vu"
    assert page.panel.keep_button.isEnabled()


def test_the_reason_is_kept_in_history(show, two, site, qtbot, type_text):
    page = show()
    press(qtbot, page, "1")
    type_text(page.panel.reason, "Vu sur place")
    qtbot.keyClick(page.panel.reason, Qt.Key.Key_Return)
    assert two.here.history(site.id)[-1][1].reason == "Vu sur place"


def test_one_choice_for_all_that_are_alike(show, two, actions, qtbot):
    page = show()
    press(qtbot, page, "S", number_of(page, "au printemps"))
    assert page.panel.also.isChecked()
    press(qtbot, page, "Return")
    assert conflicts.conflicts(two.here) == []
    kept = {two.read(two.here, "planned_action", each).due_text for each in actions}
    assert kept == {"au printemps"}


def test_all_of_one_computer_from_the_menu(show, two, actions):
    page = show()
    offered = {each.text() for each in page.panel.all_button.menu().actions()}
    assert offered == {
        "Tout garder de cet ordinateur",
        "Tout garder de Poste B",
        "Garder partout la valeur la plus récente",
    }
    mine = next(
        each
        for each in page.panel.all_button.menu().actions()
        if each.text() == "Tout garder de cet ordinateur"
    )
    mine.trigger()
    kept = {two.read(two.here, "planned_action", each).due_text for each in actions}
    assert kept == {"avant Noël"}


def test_a_settled_one_stays_below_and_is_settled_anew(show, two, qtbot):
    made = two.both("site", name="Dépôt")
    two.differ("site", made, town=("Gien", "Orléans"))
    page = show()
    press(qtbot, page, number_of(page, "Gien"), "Return")
    assert texts(page) == ["Réglées récemment 1", "Dépôt, Commune\u202f: Gien"]
    assert page.panel.conflict.settled
    press(qtbot, page, number_of(page, "Orléans"), "Return")
    assert two.read(two.here, "site", made).town == "Orléans"


def test_where_nothing_is_left_the_page_says_so(show):
    page = show()
    assert page.empty.isVisible()
    assert "Tout est départagé." in page.empty.accessibleName()


def test_deleted_here_and_edited_there(show, two, qtbot):
    made = two.both("site", name="Dépôt")
    two.delete(two.here, "site", made)
    two.write(two.there, "site", made, town="Gien")
    two.exchange()
    page = show()
    assert texts(page)[1] == "Dépôt, Supprimée et modifiée"
    assert page.panel.third is None
    assert "Commune\u202f: Gien" in page.panel.cards[1].accessibleName()
    press(qtbot, page, "2")
    assert page.panel.keep_button.accessibleName() == "Garder la fiche"
    press(qtbot, page, "Return")
    kept = two.read(two.here, "site", made)
    assert (kept.deleted, kept.town) == (False, "Gien")


def test_values_that_moved_on_are_read_again(show, session, two, site, qtbot):
    said = []
    session.noticed.connect(lambda notice: said.append(notice.text))
    page = show()
    press(qtbot, page, number_of(page, "Gien"))
    two.write(two.there, "site", site, town="Montargis")
    two.exchange()
    press(qtbot, page, "Return")
    assert "relisez-les" in said[-1]
    assert {each.value.text for each in page.panel.cards} == {"Gien", "Montargis"}


def test_doubles_are_joined_from_the_second_tab(show, two, qtbot):
    for store in (two.here, two.there):
        for name in ("Briare", "Gien"):
            with store.change("Ajouter") as work:
                work.new("site", name=name)
    two.exchange()
    page = show()
    assert page._stack.currentIndex() == 1  # there is nothing else to do
    table = page.findings.table
    rows = [table.cells.index(at, 0).data() for at in range(table.cells.rowCount())]
    assert rows == ["Doubles 2", "Briare, Site · 2\u00a0fiches", "Gien, Site · 2\u00a0fiches"]
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert page.findings.current.title == "Briare"  # headings are passed over
    qtbot.keyClick(table, Qt.Key.Key_J)
    assert len(page._watch.waiting.findings) == 1
    assert page.findings.current.title == "Gien"


def test_another_value_is_in_sight_in_the_smallest_window(show, two, qtbot):
    name = "Centre d’exploitation des routes de Châteauneuf-sur-Loire et de Jargeau"
    two.differ("site", two.both("site", name=name), town=("Gien", "Orléans"))
    page = show()
    page.resize(854, 416)
    panel = page.panel
    qtbot.wait(50)
    area = panel._scroll.viewport()
    frame = panel._third_frame
    bottom = frame.mapTo(area, frame.rect().bottomLeft()).y()
    assert bottom < area.height()


def test_doubles_are_no_values_to_settle(window, two, qtbot):
    for store in (two.here, two.there):
        with store.change("Ajouter") as work:
            work.new("site", name="Briare")
    two.exchange()
    window.session.refresh()
    pages = window.window.sidebar.navigation.pages

    def place():
        return next((each for each in pages.shown if each.key == CONFLICTS), None)

    qtbot.waitUntil(lambda: place() is not None)
    assert pages.waiting_at(place()) == 0, "the number is that of the page's name"


def test_long_texts_show_their_differences_word_by_word() -> None:
    shown = with_differences("Le portail <nord> frappe", "Le portail frappe")
    assert "&lt;nord&gt;" in shown
    assert shown.startswith("Le portail")
    assert "<b><u>" in shown


class TestTheWay:
    def test_the_page_is_in_the_list_only_while_there_is_something(self, window, two, site, qtbot):
        pages = window.window.sidebar.navigation.pages

        def listed() -> list[int]:
            return [pages.waiting_at(each) for each in pages.shown if each.key == CONFLICTS]

        qtbot.waitUntil(lambda: listed() == [2])
        action = window.commands.actions[CONFLICTS]
        assert action.isVisible()
        for each in conflicts.conflicts(two.here):
            conflicts.settle(two.here, each, "mine")
        window.session.refresh()
        qtbot.waitUntil(lambda: listed() == [])
        assert not action.isVisible()

    def test_a_form_says_which_value_is_in_discussion_and_leads_there(
        self, window, two, site, qtbot
    ):
        window.open_record("site", site.id)
        form = window.pages["site"].form
        assert form.discussion.isVisible()
        assert form.discussion.text == "2\u00a0valeurs en discussion"
        said = form.discussion._detail.text()
        assert "«\u00a0Gien\u00a0» (Claire Marchand)" in said
        assert "«\u00a0Orléans\u00a0» (Sophie Nogueira)" in said
        form.discussion.asked.emit()
        page = window.pages[CONFLICTS]
        qtbot.waitUntil(lambda: page.panel.conflict is not None)
        assert page.panel.conflict.place.record == site.id

    def test_writing_the_field_in_the_form_settles_it(self, session, two, site, qtbot, type_text):
        form = RecordForm(session, session.store.catalogue["site"])
        qtbot.addWidget(form)
        from prevention_app.services import records
        from prevention_app.storage.query import Query

        with session.store.reading() as read:
            (row,) = records.rows(read, Query("site", ids=(site.id,)))
        form.show_row(row)
        line = form.boxes["town"].editor.inner
        line.clear()
        type_text(line, "Briare")
        assert form.save()
        assert [each.field for each in conflicts.conflicts(two.here)] == ["operator"]
