"""What is typed is never lost: while typing, over a restart, after « Abandonner »."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from prevention_app.ui import drafts, kept_files
from prevention_app.ui.drafts import Draft
from prevention_app.ui.record_page import RecordPage


@pytest.fixture
def page(qtbot, session) -> RecordPage:
    made = RecordPage(session, session.store.catalogue["health_safety_entry"])
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def add_site(session, name="Atelier mécanique") -> str:
    return session.add(session.store.catalogue["site"], {"name": name}).id


def kept(session, register="health_safety_entry", record_id=drafts.NEW) -> Draft | None:
    return drafts.find(session.folder, session.store.catalogue[register], record_id)


def line(page, key):
    return page.form.boxes[key].editor.inner


def test_who_types_without_a_pause_is_kept_all_the_same(qtbot, session, page, type_text) -> None:
    page.new_record()
    place = session.folder / "drafts" / "health_safety_entry.new.json"
    began = time.monotonic()
    while not place.exists() and time.monotonic() - began < 3:
        type_text(line(page, "observation"), "é")
        qtbot.wait(20)
    assert time.monotonic() - began < 1
    qtbot.waitUntil(lambda: "Brouillon gardé à" in page.form._draft_said.text())


def test_half_a_date_and_half_a_name_come_back_as_they_were_typed(
    qtbot, session, page, type_text
) -> None:
    add_site(session)
    page.new_record()
    type_text(line(page, "reported_on"), "31/02/20")
    type_text(line(page, "site"), "Atel")
    page.form.keep_draft()
    again = RecordPage(session, session.store.catalogue["health_safety_entry"])
    qtbot.addWidget(again)
    again.show()
    again.new_record()
    assert line(again, "reported_on").text() == "31/02/20"
    assert line(again, "site").text() == "Atel"
    assert again.form.dirty


def test_a_reference_that_was_chosen_comes_back_by_its_name(qtbot, session, page) -> None:
    site = add_site(session)
    page.new_record()
    page.form.boxes["site"].editor.show_value(site)
    page.form.boxes["site"].editor.changed.emit()
    page.form.keep_draft()
    assert kept(session).values == {"site": site}
    page.form.show_new()
    assert line(page, "site").text() == "Atelier mécanique"


def test_a_draft_is_shown_when_its_record_is_opened_after_a_restart(
    qtbot, session, open_store, type_text
) -> None:
    from prevention_app.ui.session import Session

    site = add_site(session)
    sites = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(sites)
    sites.show()
    sites.open_record(site)
    type_text(line(sites, "town"), "Gien")
    qtbot.waitUntil(lambda: kept(session, "site", site) is not None)
    later = Session(open_store(), open_store)
    again = RecordPage(later, later.store.catalogue["site"])
    qtbot.addWidget(again)
    again.show()
    again.open_record(site)
    assert line(again, "town").text() == "Gien"
    assert "repris" in again.form._draft_said.text()
    later.store.close()


# -- in a cell -----------------------------------------------------------------------------


@pytest.fixture
def cell(qtbot, session):
    """The town of a site is being edited in its table; its form is shown beside."""
    add_site(session)
    sites = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(sites)
    sites.resize(1300, 800)
    sites.show()
    sites.close_form()
    sites.table.arrangement.show(["name", "town"])
    sites.table.put_cursor(0, 1)
    sites.table.edit_cell()
    return sites


def site_of(page) -> str:
    return page.table.current().id


def test_what_is_typed_into_a_cell_is_a_draft_of_its_record(
    qtbot, session, cell, type_text
) -> None:
    record_id = site_of(cell)
    type_text(cell.table.editing.editor.inner, "Gien")
    qtbot.waitUntil(lambda: kept(session, "site", record_id) is not None)
    (waits,) = drafts.waiting(session.folder, session.store.catalogue)
    assert (waits.register, waits.record_id) == ("site", record_id)
    later = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(later)
    later.show()
    later.open_record(record_id)
    assert line(later, "town").text() == "Gien"
    assert "repris" in later.form._draft_said.text()


def test_a_cell_that_is_written_or_left_is_no_draft_any_more(
    qtbot, session, cell, type_text
) -> None:
    record_id = site_of(cell)
    type_text(cell.table.editing.editor.inner, "Gien")
    qtbot.waitUntil(lambda: kept(session, "site", record_id) is not None)
    qtbot.keyClick(cell.table.editing.editor.inner, Qt.Key.Key_Escape)
    assert kept(session, "site", record_id) is None
    cell.table.put_cursor(0, 1)
    cell.table.edit_cell()
    type_text(cell.table.editing.editor.inner, "Blois")
    qtbot.waitUntil(lambda: kept(session, "site", record_id) is not None)
    qtbot.keyClick(cell.table.editing.editor.inner, Qt.Key.Key_Return)
    assert kept(session, "site", record_id) is None
    assert cell.table.current().record.town == "Blois"


def test_a_cell_spares_what_was_typed_into_the_form_of_its_record(
    qtbot, session, cell, type_text
) -> None:
    cell.table.editing.cancel()
    record_id = site_of(cell)
    cell.open_record(record_id)
    type_text(line(cell, "name"), "!")
    cell.close_form()
    for text, key in (("Gien", Qt.Key.Key_Escape), ("Blois", Qt.Key.Key_Return)):
        cell.table.put_cursor(0, 1)
        cell.table.edit_cell()
        cell.table.editing.editor.inner.setText("")
        type_text(cell.table.editing.editor.inner, text)
        town = text
        qtbot.waitUntil(lambda: "town" in kept(session, "site", record_id).values)
        assert kept(session, "site", record_id).values["town"] == town
        qtbot.keyClick(cell.table.editing.editor.inner, key)
        assert kept(session, "site", record_id).values == {"name": "!Atelier mécanique"}


def test_half_a_date_in_a_cell_is_kept_when_the_page_is_left(qtbot, session, type_text) -> None:
    entity = session.store.catalogue["accident"]
    record = session.add(entity, {"happened_on": date(2026, 11, 10), "circumstances": "Chute"})
    page = RecordPage(session, entity)
    qtbot.addWidget(page)
    page.resize(1300, 800)
    page.show()
    page.close_form()
    page.table.arrangement.show(["happened_on", "circumstances"])
    page.table.put_cursor(0, 0)
    page.table.edit_cell()
    page.table.editing.editor.inner.clear()
    type_text(page.table.editing.editor.inner, "31/02/20")
    page.keep_drafts()
    assert kept(session, "accident", record.id).texts == {"happened_on": "31/02/20"}


# -- « Abandonner » ------------------------------------------------------------------------


def abandoned(session, page) -> list:
    said = []
    session.noticed.connect(said.append)
    page.form.abandon_button.click()
    return said[0].acts


def test_abandoning_a_new_record_can_be_undone(qtbot, session, page, type_text) -> None:
    page.new_record()
    type_text(line(page, "observation"), "Rampe descellée")
    ((words, undo),) = abandoned(session, page)
    assert words == "Reprendre la saisie"
    assert not page.form.isVisible()
    assert kept(session) is None
    undo()
    assert page.form.isVisible()
    assert page.form.boxes["observation"].editor.value() == "Rampe descellée"
    assert kept(session).values["observation"] == "Rampe descellée"


def test_undoing_an_abandonment_spares_what_was_typed_since(
    qtbot, session, page, type_text
) -> None:
    page.new_record()
    type_text(line(page, "observation"), "Rampe descellée")
    type_text(line(page, "reported_on"), "09/11/2026")
    ((_, undo),) = abandoned(session, page)
    page.new_record()
    type_text(line(page, "observation"), "Marche cassée")
    undo()
    assert page.form.boxes["observation"].editor.value() == "Marche cassée"
    assert page.form.boxes["reported_on"].editor.value() == date(2026, 11, 9)


def test_undoing_an_abandonment_leads_back_to_its_record(qtbot, session, type_text) -> None:
    first, second = add_site(session), add_site(session, "Musée")
    sites = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(sites)
    sites.show()
    sites.open_record(first)
    type_text(line(sites, "town"), "Gien")
    ((_, undo),) = abandoned(session, sites)
    assert line(sites, "town").text() == ""
    sites.open_record(second)
    undo()
    assert sites.form.record.id == first
    assert line(sites, "town").text() == "Gien"


def test_the_notice_offers_the_way_back(qtbot, window, type_text) -> None:
    window.go("site")
    page = window.window.page
    page.new_record()
    type_text(line(page, "name"), "Écluse")
    page.form.abandon_button.click()
    offered = {
        each.text(): each for each in window.window.findChildren(QPushButton) if each.isVisible()
    }
    qtbot.mouseClick(offered["Reprendre la saisie"], Qt.MouseButton.LeftButton)
    assert page.form.boxes["name"].editor.value() == "Écluse"


# -- the files -----------------------------------------------------------------------------


def test_a_disk_that_refuses_is_told_and_the_draft_follows(
    qtbot, session, page, type_text, monkeypatch
) -> None:
    plain = kept_files.write_whole

    def full(place, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_files, "write_whole", full)
    page.new_record()
    type_text(line(page, "observation"), "a")
    page.form.keep_draft()
    assert page.form._draft_said.text() == "Brouillon pas encore gardé\u00a0: plus de place"
    monkeypatch.setattr(kept_files, "write_whole", plain)
    type_text(line(page, "observation"), "b")
    qtbot.waitUntil(lambda: kept(session) is not None)
    qtbot.waitUntil(lambda: "Brouillon gardé à" in page.form._draft_said.text())


def test_a_slow_disk_does_not_hold_the_keyboard(
    qtbot, session, page, type_text, monkeypatch
) -> None:
    plain = kept_files.write_whole

    def slow(place, content):
        time.sleep(0.4)
        plain(place, content)

    monkeypatch.setattr(kept_files, "write_whole", slow)
    page.new_record()
    type_text(line(page, "observation"), "a")
    page.form._draft_timer.timeout.emit()
    began = time.monotonic()
    type_text(line(page, "observation"), "b")
    page.form._draft_timer.timeout.emit()
    assert time.monotonic() - began < 0.2
    page.form.keep_draft()
    assert kept(session).values["observation"] == "ab"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"values": 3}', '{"values": {}, "read_at": 1}']
)
def test_a_draft_that_cannot_be_read_is_no_draft(session, content) -> None:
    place = session.folder / "drafts" / "site.new.json"
    place.write_text(content, encoding="utf-8")
    assert kept(session, "site") is None
    assert drafts.waiting(session.folder, session.store.catalogue) == []


def test_drafts_that_wait_are_listed_the_newest_first(session) -> None:
    catalogue = session.store.catalogue
    for at, record_id in enumerate((drafts.NEW, "0190-a")):
        drafts.keep(session.folder, catalogue["site"], record_id, Draft({"town": "Gien"}))
        place = session.folder / "drafts" / f"site.{record_id}.json"
        body = json.loads(place.read_text(encoding="utf-8"))
        body["kept_at"] = f"2026-11-2{at}T09:41:00"
        place.write_text(json.dumps(body), encoding="utf-8")
    (session.folder / "drafts" / "gone.new.json").write_text(
        json.dumps({**body, "register": "gone"}), encoding="utf-8"
    )
    found = drafts.waiting(session.folder, catalogue)
    assert [(each.register, each.record_id) for each in found] == [("site", "0190-a"), ("site", "")]


def test_a_draft_that_was_on_its_way_when_the_program_was_killed_counts(session) -> None:
    site = session.store.catalogue["site"]
    place = session.folder / "drafts" / "site.new.json"
    drafts.keep(session.folder, site, drafts.NEW, Draft({"town": "Gien"}))
    older = place.read_bytes()
    drafts.keep(session.folder, site, drafts.NEW, Draft({"town": "Gien-sur-Loire"}))
    place.rename(place.with_name("site.new.json.part"))
    place.write_bytes(older)
    assert kept(session, "site").values == {"town": "Gien-sur-Loire"}
    assert [each.name for each in place.parent.iterdir()] == ["site.new.json"]
    place.with_name("site.new.json.part").write_bytes(older[:-3])
    assert kept(session, "site").values == {"town": "Gien-sur-Loire"}
    drafts.drop(session.folder, site, drafts.NEW)
    assert list(place.parent.iterdir()) == []


def test_the_first_draft_of_a_record_may_be_on_its_way_too(session) -> None:
    site = session.store.catalogue["site"]
    place = session.folder / "drafts" / "site.new.json"
    drafts.keep(session.folder, site, drafts.NEW, Draft({"town": "Gien"}))
    place.rename(place.with_name("site.new.json.part"))
    (found,) = drafts.waiting(session.folder, session.store.catalogue)
    assert (found.register, found.record_id) == ("site", "")
    assert kept(session, "site").values == {"town": "Gien"}
