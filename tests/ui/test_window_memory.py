"""The window comes back where it was."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QSplitter

from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.record_page import RecordPage
from prevention_app.ui.session import Session
from prevention_app.ui.window_memory import Place, WindowMemory


class Opened:
    """A window on the workspace with the page of one register, as the program makes it."""

    def __init__(self, open_store, register="site") -> None:
        self.frame = MainWindow()
        self.frame.fill()
        self.session = Session(open_store(), open_store)
        self.memory = WindowMemory(self.frame, self.session)
        self.register = register
        self.page = RecordPage(self.session, self.session.store.catalogue[register])

    def show(self) -> None:
        self.frame.resize(1440, 900)
        self.frame.show()
        self.frame.show_page(self.page)
        self.memory.follow(self.register, self.page)

    def close(self) -> None:
        self.frame.close()
        self.session.store.close()


@pytest.fixture
def opened(qapp, open_store):
    """Makes windows one after the other."""
    made = []

    def make() -> Opened:
        made.append(Opened(open_store))
        return made[-1]

    yield make
    for each in made:
        each.close()


def add_site(session, name) -> str:
    return session.add(session.store.catalogue["site"], {"name": name}).id


def test_the_first_time_there_is_nothing_to_come_back_to(opened) -> None:
    first = opened()
    assert first.memory.last is None


def test_page_department_and_record_come_back(opened) -> None:
    first = opened()
    first.session.look_at("")
    add_site(first.session, "Atelier")
    museum = add_site(first.session, "Musée")
    first.show()
    first.page.open_record(museum)
    first.close()
    again = opened()
    place = again.memory.last
    assert place == Place("site", "", museum, "shown")
    again.show()
    again.memory.come_back(again.page, place)
    assert again.page.form.record.id == museum
    assert not again.page.form.isHidden()


def test_a_record_whose_form_was_closed_is_chosen_and_no_form_opens(opened) -> None:
    first = opened()
    add_site(first.session, "Atelier")
    museum = add_site(first.session, "Musée")
    first.show()
    first.page.open_record(museum)
    first.page.close_form()
    first.close()
    again = opened()
    again.show()
    again.memory.come_back(again.page, again.memory.last)
    assert again.page.table.current().id == museum
    assert again.page.form.isHidden()


def test_a_new_record_that_was_being_typed_comes_back_with_its_text(opened, type_text) -> None:
    first = opened()
    first.show()
    first.page.new_record()
    type_text(first.page.form.boxes["name"].editor.inner, "Écluse")
    first.close()
    again = opened()
    again.show()
    again.memory.come_back(again.page, again.memory.last)
    assert again.page.form.record is None
    assert again.page.form.boxes["name"].editor.value() == "Écluse"


def test_it_is_noted_while_people_work_and_not_only_at_the_end(opened, qtbot) -> None:
    first = opened()
    site = add_site(first.session, "Atelier")
    first.show()
    first.page.open_record(site)
    wanted = Place("site", "45", site, "shown")
    qtbot.waitUntil(lambda: WindowMemory(first.frame, first.session).last == wanted)


def test_a_record_that_is_gone_by_now_is_no_obstacle(opened) -> None:
    first = opened()
    first.show()
    first.memory.come_back(first.page, Place("site", "45", "0190-gone", "shown"))
    first.memory.come_back(first.page, Place("site", "45", "0190-gone"))


def test_the_sizes_of_panes_come_back(opened, qtbot) -> None:
    first = opened()
    add_site(first.session, "Atelier")
    first.show()
    first.page.open_record(add_site(first.session, "Musée"))
    splitter = first.page.findChild(QSplitter)
    qtbot.waitUntil(lambda: splitter.sizes()[1] > 0)
    before = splitter.sizes()[0]
    splitter.setSizes([before - 100, splitter.sizes()[1] + 100])
    wanted = splitter.sizes()[0]
    assert wanted < before
    splitter.splitterMoved.emit(wanted, 1)
    first.close()
    again = opened()
    again.show()
    again.memory.come_back(again.page, again.memory.last)
    left = again.page.findChild(QSplitter).sizes
    qtbot.waitUntil(lambda: abs(left()[0] - wanted) <= 2)


def test_each_workspace_has_its_own_place(opened, tmp_path, session) -> None:
    first = opened()
    first.show()
    first.close()
    session.store.folder = tmp_path / "autre.prevention"
    assert WindowMemory(MainWindow(), session).last is None
