"""« Accueil » and « Échéances »: what presses, and what one does with it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain.urgency import Horizon
from prevention_app.services.due_list import Grouping, Sought
from prevention_app.storage.store import Store
from prevention_app.ui import drafts, due_desk, settings
from prevention_app.ui.cells import CELL, GroupCell
from prevention_app.ui.due_desk import desk_of
from prevention_app.ui.due_page import DuePage
from prevention_app.ui.home_page import HomePage

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def act(session, title: str, days: int | None, **values) -> str:
    """A planned action that is due in so many days."""
    entity = session.store.catalogue["planned_action"]
    due = None if days is None else TODAY + days * DAY
    return session.add(entity, {"title": title, "due": due, **values}).id


@pytest.fixture
def actions(session) -> dict[str, str]:
    """Actions by their title."""
    wanted = {"Rampe": -10, "Grille": -3, "Filtre": 4, "Pont": 60, "Borne": 200, "Sans date": None}
    return {title: act(session, title, days) for title, days in wanted.items()}


@pytest.fixture
def home(session, actions, qtbot) -> HomePage:
    """The first page, shown."""
    return show(HomePage(session), qtbot)


def test_no_two_counters_say_the_same_in_the_smallest_window(home, qtbot) -> None:
    def said() -> list[str]:
        return [each._name.text() for each in home.counters]

    assert said()[1:3] == ["Dans les 30 jours", "Dans les 90 jours"]
    home.open_actions.show_number(136, "70\u202f% à temps")
    home.resize(854, 416)
    qtbot.wait(50)
    assert said()[1:3] == ["30 jours", "90 jours"]
    for each in home.counters:
        assert each._number.width() >= each._number.sizeHint().width(), "no number is cut"
    assert home.soon.accessibleName().startswith("Dans les 30 jours"), "read aloud as a whole"


def test_what_is_due_can_be_read_in_the_smallest_window(home, qtbot) -> None:
    assert not home.table.isColumnHidden(2)
    home.resize(854, 416)
    qtbot.wait(50)
    assert home.table.columnWidth(0) >= 120
    assert home.table.isColumnHidden(2), "who is responsible stands in the preview"


@pytest.fixture
def due(session, actions, qtbot) -> DuePage:
    """The whole list, shown."""
    return show(DuePage(session), qtbot)


def show(page, qtbot):
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: page.list.answer is not None)
    page.focus_main()
    return page


def rows(page) -> list[str]:
    model = page.table.cells
    cells = [model.index(row, 0).data(CELL) for row in range(model.rowCount())]
    return [f"— {each.text}" if isinstance(each, GroupCell) else each.text for each in cells]


def choose(page, *titles: str) -> None:
    """Choose lines as Ctrl and a click do."""
    table, shown = page.table, rows(page)
    table.clearSelection()
    for title in titles:
        index = table.cells.index(shown.index(title), 0)
        flags = table.selectionModel().SelectionFlag
        table.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)


def read(session, record_id: str):
    with session.store.reading() as reader:
        return reader.get("planned_action", record_id)


# -- what is shown -------------------------------------------------------------------------


def test_the_first_page_shows_what_presses_most_urgent_first(home) -> None:
    assert rows(home) == [
        *("— En retard", "Rampe", "Grille"),
        *("— Dans les 30 jours", "Filtre"),
        *("— De 31 à 90 jours", "Pont"),
    ]
    delay = home.table.cells.index(1, 4).data(CELL)
    assert (delay.text, delay.colours) == ("10\u00a0jours", "bad")
    assert home.table.cells.index(4, 4).data(CELL).text == "dans 4\u00a0jours"


def test_four_counters_say_how_many_and_lead_to_the_list(home, qtbot) -> None:
    names = [each.accessibleName() for each in home.counters]
    assert names == [
        "En retard\u00a0: 2, jusqu’à 10\u00a0jours",
        "Dans les 30 jours\u00a0: 1, dont 1 dans 7 jours",
        "Dans les 90 jours\u00a0: 2, dont 1 sous 30\u00a0j",
        "Actions ouvertes\u00a0: 6, 67\u202f% à temps",
    ]
    with qtbot.waitSignal(home.page_asked) as asked:
        home.late.click()
    assert asked.args == ["due", Sought(horizon=Horizon.LATE)]


def test_what_is_not_known_is_told_apart_never_as_late(home, qtbot) -> None:
    assert home.unknown.text().startswith("1\u00a0échéance à renseigner")
    with qtbot.waitSignal(home.page_asked) as asked:
        home.unknown.click()
    assert asked.args == ["due", Sought(horizon=Horizon.UNKNOWN)]


def test_only_the_first_four_of_a_group_are_shown(home, session) -> None:
    for number in range(5):
        act(session, f"Action {number}", -20)
    heading = home.table.cells.index(0, 0).data(CELL)
    assert heading.detail == "les 4 premières sur 7"
    assert rows(home).index("— Dans les 30 jours") == 5


def test_what_waits_for_me_comes_first_and_can_be_shown_alone(home, session) -> None:
    act(session, "La mienne", 2, pilot="Conseiller de prévention")
    details = [home.table.cells.index(row, 0).data(CELL) for row in (0, 2)]
    assert [(each.text, each.detail.split(" · ")[0]) for each in details] == [
        ("Dans les 30 jours", "pour vous"),
        ("En retard", "chez d’autres"),
    ]
    (turn,) = [each for each in home.deeds() if each.keys == "Ctrl+M"]
    turn.act()
    assert rows(home) == ["— Dans les 30 jours", "La mienne"]
    assert home.late.accessibleName() == "En retard\u00a0: 0"
    assert HomePage(session).list.sought.mine
    turn.act()
    assert "Rampe" in rows(home)


def test_a_responsible_can_be_counted_among_mine(home, session) -> None:
    act(session, "Toiture", -1, pilot="Direction des bâtiments")
    choose(home, "Toiture")
    (claim,) = [each for each in home.deeds() if each.key == "claim"]
    claim.act()
    home.list.show_mine(True)
    assert rows(home) == ["— En retard", "Toiture"]


def test_nothing_due_says_so_with_the_next_date(session, qtbot) -> None:
    act(session, "Borne", 200)
    home = show(HomePage(session), qtbot)
    assert home.list.empty.accessibleName() == "Rien n’est dû dans les 90 jours."
    assert "vendredi 11 juin 2027" in home.list.empty._hint.text()


def test_the_navigation_is_told_though_another_page_is_shown(session, actions, qtbot) -> None:
    home = HomePage(session)
    qtbot.addWidget(home)
    with qtbot.waitSignal(home.counted) as counted:
        pass
    assert counted.args == [{"": 2, "due": 4, "planned_action": 4}]
    with qtbot.waitSignal(home.counted) as counted:
        act(session, "Encore une", -1)
    assert counted.args[0][""] == 3


# -- keys ----------------------------------------------------------------------------------


def test_entree_opens_and_espace_previews_beside_the_list(home, actions, qtbot) -> None:
    choose(home, "Grille")
    with qtbot.waitSignal(home.open_asked) as asked:
        qtbot.keyClick(home.table, Qt.Key.Key_Return)
    assert asked.args == ["planned_action", actions["Grille"]]
    with qtbot.waitSignal(home.open_asked):
        home.table.doubleClicked.emit(home.table.currentIndex())
    qtbot.keyClick(home.table, Qt.Key.Key_Space)
    assert home.list.preview.isVisible()
    assert home.list.preview._title.text() == "Grille"
    qtbot.keyClick(home.table, Qt.Key.Key_Down)
    qtbot.keyClick(home.table, Qt.Key.Key_Down)
    assert home.list.preview._title.text() == "Filtre"
    qtbot.keyClick(home.table, Qt.Key.Key_Escape)
    assert not home.list.preview.isVisible()
    assert home.side.isVisible()


def test_r_puts_off_with_a_date_and_a_reason(home, session, actions, qtbot) -> None:
    choose(home, "Rampe")
    qtbot.keyClick(home.table, Qt.Key.Key_R)
    panel = home.list.panel
    assert panel.isVisible()
    day, reason = (box.editor.line for box in panel.boxes.values())
    assert day.hasFocus()
    qtbot.keyClicks(day, "15/01/2099")
    qtbot.keyClick(day, Qt.Key.Key_Return)
    assert "à remplir" in panel.boxes["text"].problem
    assert reason.hasFocus()
    qtbot.keyClicks(reason, "Travaux")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert not panel.isVisible()
    assert home.table.hasFocus()
    assert read(session, actions["Rampe"]).revised_due == date(2099, 1, 15)
    session.undo()
    assert read(session, actions["Rampe"]).revised_due is None


def test_f_marks_several_lines_done_as_one_change(home, session, actions, qtbot) -> None:
    choose(home, "Rampe", "Filtre")
    qtbot.keyClick(home.table, Qt.Key.Key_F)
    assert home.list.panel.accessibleName() == "Marquer fait\u00a0: 2\u00a0échéances"
    home.list.panel.go.click()
    assert rows(home) == ["— En retard", "Grille", "— De 31 à 90 jours", "Pont"]
    assert read(session, actions["Filtre"]).done_on == TODAY
    session.undo()
    assert "Rampe" in rows(home)
    assert "Filtre" in rows(home)


def test_a_gives_to_someone_else(home, session, actions, qtbot) -> None:
    choose(home, "Grille")
    qtbot.keyClick(home.table, Qt.Key.Key_A)
    line = home.list.panel.boxes["text"].editor.line
    qtbot.keyClicks(line, "Chef du parc")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert read(session, actions["Grille"]).pilot == "Chef du parc"


def test_echap_leaves_the_panel_without_writing(home, session, actions, qtbot) -> None:
    choose(home, "Grille")
    qtbot.keyClick(home.table, Qt.Key.Key_R)
    qtbot.keyClick(home.list.panel.boxes["day"].editor.line, Qt.Key.Key_Escape)
    assert not home.list.panel.isVisible()
    assert home.table.hasFocus()


def test_what_cannot_be_put_off_says_why(home, session, qtbot) -> None:
    site = session.add(session.store.catalogue["site"], {"name": "Atelier"})
    session.add(
        session.store.catalogue["equipment"],
        {"name": "Presse", "site": site.id, "never_inspected": True},
    )
    choose(home, "Presse")
    with qtbot.waitSignal(session.noticed) as noticed:
        qtbot.keyClick(home.table, Qt.Key.Key_R)
    assert "ne se reporte pas" in noticed.args[0].text
    assert not home.list.panel.isVisible()


def test_single_letters_can_be_switched_off(home, qtbot) -> None:
    settings.remember("keys/letters", "false")
    choose(home, "Rampe")
    qtbot.keyClick(home.table, Qt.Key.Key_R)
    assert not home.list.panel.isVisible()


def test_the_whole_list_is_one_key_away(home, qtbot) -> None:
    with qtbot.waitSignal(home.page_asked) as asked:
        qtbot.keyClick(home.table, Qt.Key.Key_L)
    assert asked.args == ["due", Sought()]


# -- the month -----------------------------------------------------------------------------


def test_a_day_of_the_month_filters_and_echap_lets_go(home, qtbot) -> None:
    days = home.side.month.days
    days.setFocus()
    assert "23 novembre 2026, aucune échéance" in days.accessibleName()
    for _ in range(4):
        qtbot.keyClick(days, Qt.Key.Key_Right)
    assert "27 novembre 2026, 1\u00a0échéance" in days.accessibleName()
    qtbot.keyClick(days, Qt.Key.Key_Return)
    assert rows(home) == ["— Dans les 30 jours", "Filtre"]
    qtbot.keyClick(days, Qt.Key.Key_Escape)
    assert "Rampe" in rows(home)


def test_a_click_on_a_day_filters_and_the_list_lets_go_too(home, qtbot) -> None:
    days = home.side.month.days
    at = (date(2026, 11, 13) - days._first).days
    qtbot.mouseClick(
        days, Qt.MouseButton.LeftButton, pos=QPoint(*map(int, days._cell(at).center().toTuple()))
    )
    assert rows(home) == ["— En retard", "Rampe"]
    home.table.setFocus()
    qtbot.keyClick(home.table, Qt.Key.Key_Escape)
    assert "Filtre" in rows(home)


def test_arrows_change_the_month(home, qtbot) -> None:
    month = home.side.month
    month.after.click()
    assert month._name.text() == "Décembre 2026"
    month.before.click()
    assert month._name.text() == "Novembre 2026"
    assert month.days.day == TODAY
    qtbot.keyClick(month.days, Qt.Key.Key_PageUp)
    assert month._name.text() == "Octobre 2026"


# -- at the side ---------------------------------------------------------------------------


def links(part) -> list[QPushButton]:
    return [each for each in part.findChildren(QPushButton) if each.isVisibleTo(part)]


def test_a_draft_can_be_taken_up_again(session, actions, qtbot) -> None:
    entity = session.store.catalogue["planned_action"]
    draft = drafts.Draft({"title": "À finir"}, kept_at=datetime(2026, 11, 20, 9, 41))
    drafts.keep(session.folder, entity, drafts.NEW, draft)
    home = show(HomePage(session), qtbot)
    qtbot.waitUntil(lambda: len(links(home.side.unfinished)) == 1)
    (take_up,) = links(home.side.unfinished)
    assert take_up.text() == "Reprendre"
    assert "Brouillon, action de prévention" in take_up.accessibleName()
    with qtbot.waitSignal(home.draft_asked) as asked:
        take_up.click()
    assert asked.args == ["planned_action", ""]


def test_what_others_changed_since_the_last_visit_is_told(
    session, tmp_path: Path, new_workspace, qtbot
) -> None:
    show(HomePage(session), qtbot).keep_drafts()
    folder = new_workspace(tmp_path / "autre.prevention", name="Poste B", user="S. Nogueira")
    other = Store(folder, declared_catalogue(), lambda: TODAY)
    with other.change("Ajouter") as work:
        made = work.new("planned_action", title="Rampe")
    session.store.receive(other.entries_after(session.store.position()))
    other.close()
    home = show(HomePage(session), qtbot)
    qtbot.waitUntil(lambda: len(links(home.side.changes)) == 1)
    (see,) = links(home.side.changes)
    assert re.search(r"S\. Nogueira\xa0: Ajouter, 45-ACTI-\S+ · ", see.accessibleName())
    with qtbot.waitSignal(home.open_asked) as asked:
        see.click()
    assert asked.args == ["planned_action", made.id]


def test_at_the_first_visit_and_alone_nothing_is_told(home, qtbot) -> None:
    qtbot.wait(20)
    assert not home.side.changes.isVisible()
    assert not home.side.unfinished.isVisible()


# -- the whole list ------------------------------------------------------------------------


def test_the_whole_list_has_all_groups_and_folds_what_does_not_press(due, qtbot) -> None:
    assert rows(due) == [
        *("— En retard", "Rampe", "Grille"),
        *("— Dans les 30 jours", "Filtre"),
        *("— De 31 à 90 jours", "Pont"),
        *("— Au-delà de 90 jours", "— À renseigner"),
    ]
    due.table.setCurrentIndex(due.table.cells.index(7, 0))
    qtbot.keyClick(due.table, Qt.Key.Key_Right)
    assert "Borne" in rows(due)


def test_counters_words_and_chips_filter_the_whole_list(due, qtbot) -> None:
    due.counters[0].click()
    assert rows(due) == ["— En retard", "Rampe", "Grille"]
    due.counters[0].click()
    qtbot.keyClicks(due.line, "grille")
    qtbot.waitUntil(lambda: rows(due) == ["— En retard", "Grille"])
    qtbot.keyClicks(due.line, "xx")
    qtbot.waitUntil(due.list.empty.isVisible)
    assert due.list.empty.accessibleName() == "Aucune échéance ne correspond à ces filtres."
    due.list.clear.click()
    assert len(rows(due)) == 9


def test_another_page_can_say_what_to_look_for(due) -> None:
    due.look_for(Sought(horizon=Horizon.NEAR))
    assert rows(due) == ["— Dans les 30 jours", "Filtre", "— De 31 à 90 jours", "Pont"]
    assert due.counters[2].isChecked()


def test_the_list_groups_by_register_place_or_responsible_and_remembers_it(due, session) -> None:
    due.list.group_by(Grouping.REGISTER)
    assert rows(due)[0] == "— Actions de prévention"
    assert DuePage(session).list._grouping is Grouping.REGISTER


# -- large workspaces ----------------------------------------------------------------------


def test_a_large_workspace_is_read_in_a_process_and_stays_right(
    session, actions, qtbot, monkeypatch
) -> None:
    monkeypatch.setattr(due_desk, "_NEAR", 1)
    desk = desk_of(session)
    home = HomePage(session)
    qtbot.addWidget(home)
    home.show()
    try:
        qtbot.waitUntil(lambda: home.list.answer is not None)
        assert "Rampe" in rows(home)
        choose(home, "Rampe")
        home.list.mark_done()
        home.list.panel.go.click()
        assert "Rampe" not in rows(home)
        act(session, "Encore une", -1)
        qtbot.waitUntil(lambda: "Encore une" in rows(home))
        assert "Rampe" not in rows(home)
    finally:
        desk.end()
