from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel

from prevention_app.services import records
from prevention_app.services.records import WITHHELD
from prevention_app.storage.query import Query
from prevention_app.ui import drafts, listing
from prevention_app.ui.cells import CELL
from prevention_app.ui.listing import PAGE
from prevention_app.ui.record_page import RecordPage

TODAY = date(2026, 11, 23)


def add_site(session, name="Atelier mécanique") -> str:
    return session.add(session.store.catalogue["site"], {"name": name}).id


def add_entry(session, site, observation, **given) -> str:
    values = {"site": site, "reported_on": TODAY, "observation": observation, **given}
    return session.add(session.store.catalogue["health_safety_entry"], values).id


@pytest.fixture
def page(qtbot, session) -> RecordPage:
    made = RecordPage(session, session.store.catalogue["health_safety_entry"])
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


@pytest.fixture
def sites(qtbot, session) -> RecordPage:
    made = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def texts(page: RecordPage, key: str) -> list[str]:
    model = page.table.records
    column = [each.key for each in model.columns].index(key)
    return [model.index(row, column).data(CELL).text for row in range(model.rowCount())]


def edit(page: RecordPage, type_text, key: str, text: str) -> None:
    line = page.form.boxes[key].editor.inner
    line.clear() if key != "observation" else line.setPlainText("")
    type_text(line, text)


# -- creating, editing, refusing -----------------------------------------------------------


def test_a_record_is_created_by_keyboard(qtbot, session, sites, type_text) -> None:
    sites.focus_main()
    qtbot.keyClick(sites.empty, Qt.Key.Key_N)
    assert sites.form.isVisible()
    type_text(sites.form.boxes["name"].editor.inner, "Collège de la Forêt")
    type_text(sites.form.boxes["town"].editor.inner, "Gien")
    next(each for each in sites.deeds() if each.keys == "Ctrl+Return").act()
    assert texts(sites, "name") == ["Collège de la Forêt"]
    assert sites.form.record is None  # Ctrl Entrée goes on with a new one


def test_an_edit_is_saved_and_undone_and_redone(qtbot, session, sites, type_text) -> None:
    record_id = add_site(session)
    sites.open_record(record_id)
    edit(sites, type_text, "name", "Atelier œuvré à l’été")
    sites.form.save_button.click()
    assert texts(sites, "name") == ["Atelier œuvré à l’été"]
    assert session.undoable() == records.AMEND
    session.undo()
    assert texts(sites, "name") == ["Atelier mécanique"]
    assert sites.form.boxes["name"].editor.value() == "Atelier mécanique"
    session.redo()
    assert texts(sites, "name") == ["Atelier œuvré à l’été"]


def test_what_is_wrong_is_said_at_its_field_and_counted(qtbot, session, page, type_text) -> None:
    page.new_record()
    page.form.boxes["reported_on"].editor.inner.setText("31/02/2026")
    page.form.boxes["reported_on"].editor.changed.emit()
    page.form.save_button.click()
    assert page.form.boxes["reported_on"].problem == "Le 31 février 2026 n’existe pas."
    assert "1 champ" in page.form.banner.text or "Un champ" in page.form.banner.text
    edit(page, type_text, "reported_on", "1/12/2026")
    page.form.save_button.click()
    wrong = {key for key, box in page.form.boxes.items() if box.problem}
    assert wrong == {"site", "reported_on", "observation"}
    assert "l’avenir" in page.form.boxes["reported_on"].problem
    assert page.form.banner.text.startswith("3 champs")
    said = page.form.boxes["site"].findChildren(QLabel)
    message = next(label for label in said if "est à remplir" in label.text())
    qtbot.waitUntil(message.isVisible)
    assert page.form.boxes["site"].editor.inner.property("problem") == "true"
    with session.store.reading() as read:
        assert read.count(Query("health_safety_entry")) == 0


def test_a_message_goes_when_the_value_is_right(qtbot, session, page, type_text) -> None:
    page.new_record()
    page.form.save_button.click()
    edit(page, type_text, "observation", "Sol glissant")
    page.form.boxes["observation"].editor.left.emit()
    assert page.form.boxes["observation"].problem == ""
    assert page.form.banner.text.startswith("2 champs")


def test_saving_leads_to_the_first_error_and_f8_to_the_next(qtbot, session, page) -> None:
    with qtbot.waitActive(page):
        page.activateWindow()
    page.new_record()
    page.form.save_button.click()
    qtbot.waitUntil(page.form.boxes["site"].editor.inner.hasFocus)
    page.form.boxes["reported_on"].show_problem("La date est dans l’avenir.")
    page.form.go_to_problem()
    assert page.form.boxes["reported_on"].editor.inner.hasFocus()


def test_deleting_is_undone(qtbot, session, sites) -> None:
    add_site(session, "Musée")
    add_site(session, "Archives")
    sites.table.selectAll()
    sites.delete_selected()
    assert texts(sites, "name") == []
    session.undo()
    assert texts(sites, "name") == ["Archives", "Musée"]


def test_an_entry_of_a_statutory_register_cannot_be_deleted(qtbot, session, page) -> None:
    site = add_site(session)
    add_entry(session, site, "Marche cassée")
    page.table.selectAll()
    said = []
    session.noticed.connect(said.append)
    page.delete_selected()
    assert "ne s’efface pas" in said[0].text
    assert page.table.records.rowCount() == 1


def test_no_field_of_a_form_is_cut(qtbot, session, page) -> None:
    add_entry(session, add_site(session), "Bruit")
    qtbot.waitUntil(page.form.isVisible)
    boxes = page.form.boxes.values()
    for box in boxes:
        qtbot.waitUntil(lambda inner=box.editor.inner: inner.height() >= 30)
        assert box.geometry().right() <= page.form.width()


# -- drafts --------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_comes_back(qtbot, session, sites, type_text) -> None:
    record_id = add_site(session)
    other = add_site(session, "Musée")
    sites.open_record(record_id)
    edit(sites, type_text, "town", "Gien")
    sites.open_record(other)
    assert sites.form.boxes["town"].editor.value() is None
    again = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(again)
    again.open_record(record_id)
    assert again.form.boxes["town"].editor.value() == "Gien"
    assert again.form.dirty
    again.form.save_button.click()
    assert drafts.find(session.folder, again.entity, record_id) is None


def test_an_abandoned_draft_is_forgotten(qtbot, session, sites, type_text) -> None:
    record_id = add_site(session)
    sites.open_record(record_id)
    edit(sites, type_text, "town", "Gien")
    sites.form.keep_draft()
    sites.form.abandon_button.click()
    assert sites.form.boxes["town"].editor.value() is None
    assert list((session.folder / "drafts").iterdir()) == []


def test_a_draft_does_not_hide_what_another_process_wrote(
    qtbot, session, sites, type_text, open_store
) -> None:
    record_id = add_site(session)
    sites.open_record(record_id)
    edit(sites, type_text, "town", "Gien")
    other = open_store()
    with other.reading() as read:
        record = read.get("site", record_id)
    records.save(other, "site", record, {"address": "1, rue Neuve"})
    other.close()
    sites.form.save_button.click()
    with session.store.reading() as read:
        saved = read.get("site", record_id)
    assert (saved.town, saved.address) == ("Gien", "1, rue Neuve")


# -- history -------------------------------------------------------------------------------


def test_history_shows_old_and_new_and_goes_back(qtbot, session, sites, type_text) -> None:
    record_id = add_site(session)
    sites.open_record(record_id)
    edit(sites, type_text, "name", "Atelier")
    sites.form.save_button.click()
    sites.form.tabs.setCurrentIndex(1)
    cell = sites.form.history.table.cells.index(0, 2).data(CELL)
    assert (cell.struck, cell.text) == ("Atelier mécanique", "Atelier")
    assert sites.form.history.table.cells.index(0, 0).data(CELL).second == "C. Marchand · Essai"
    sites.form.history.table.selectRow(0)
    sites.form.history.back.click()
    assert texts(sites, "name") == ["Atelier mécanique"]
    assert sites.form.history.table.cells.rowCount() == 3


# -- what cannot be written ----------------------------------------------------------------


def test_a_published_catalogue_is_read_only(qtbot, session) -> None:
    entity = session.store.catalogue["plant_protection_product"]
    rows = [{"amm": "2000001", "name": "ESSAI"}]
    session.store.replace_reference_rows("essai", "ephy", {entity.key: rows})
    page = RecordPage(session, entity)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.open_record("2000001")
    assert page.form.boxes["name"].editor.value() == "ESSAI"
    assert page.form.boxes["name"].editor.inner.isReadOnly()
    assert not page.form.save_button.isVisible()
    assert page.new_button not in page.buttons
    assert "Catalogue national" in page.form.banner.text


def test_a_withheld_field_says_so_and_cannot_be_written(qtbot, session, page) -> None:
    record_id = add_entry(session, add_site(session), "Bruit", author="C. Marchand")
    row = page._row_of(record_id)
    row.record.withheld = frozenset({"author"})
    page.form.show()
    page.form.show_row(row)
    box = page.form.boxes["author"]
    assert box.editor.inner.placeholderText() == WITHHELD
    assert not box.editor.inner.isEnabled()
    assert page.form.save()


# -- the table -----------------------------------------------------------------------------


def fill(session, number: int) -> None:
    entity = session.store.catalogue["site"]
    with session.store.change("Ajouter") as work:
        for at in range(number):
            work.new(entity.key, name=f"Site {at:05}", town="Gien" if at % 2 else "Blois")
    session.tell(work.done)


def test_a_long_list_is_never_loaded_whole(qtbot, session, sites, monkeypatch) -> None:
    kept = 3
    monkeypatch.setattr(listing, "KEPT_PAGES", kept)
    number = PAGE * (kept + 4)
    fill(session, number)
    model = sites.table.records
    assert model.rowCount() == number
    assert model.rows.held <= 2 * PAGE
    last = model.index(number - 1, model.columnCount() - 1)
    assert model.index(number - 1, 1).data() == "…"
    sites.table.scrollTo(last)
    qtbot.waitUntil(lambda: texts_of_row(model, number - 1) == f"Site {number - 1:05}")
    for page in range(kept + 4):
        model.row(page * PAGE)
        qtbot.waitUntil(lambda at=page * PAGE: model.row(at) is not None)
    assert model.rows.held <= kept * PAGE


def texts_of_row(model, row: int) -> str:
    column = [each.key for each in model.columns].index("name")
    return model.index(row, column).data(CELL).text


def test_a_heading_sorts_in_sql_both_ways(qtbot, session, sites) -> None:
    fill(session, 600)
    column = [each.key for each in sites.table.records.columns].index("name")
    records = sites.table.records
    sites.table._sort(column)
    qtbot.waitUntil(lambda: records.row(0) is not None and texts_of_row(records, 0) == "Site 00599")
    sites.table._sort(column)
    qtbot.waitUntil(lambda: records.row(0) is not None and texts_of_row(records, 0) == "Site 00000")
    assert sites.table.horizontalHeader().sortIndicatorSection() == column


def test_words_and_chips_filter_in_sql(qtbot, session, page, type_text) -> None:
    first, second = add_site(session), add_site(session, "Musée du château")
    add_entry(session, first, "Éclairage en panne", follow_up="open")
    add_entry(session, second, "Éclairage faible", follow_up="closed")
    add_entry(session, second, "Marche cassée", reported_on=TODAY - timedelta(days=400))
    type_text(page.filters.line, "eclairage")
    qtbot.waitUntil(lambda: page.table.records.rowCount() == 2)
    chip = page.filters.chips["follow_up"]
    chip._switch("closed", on=True)
    assert texts(page, "observation") == ["Éclairage faible"]
    assert "Close" in chip.text()
    page.filters.clear()
    assert page.table.records.rowCount() == 3
    chip = page.filters.add(page.entity.by_key["reported_on"])
    chip.restore({"period": "last_year"})
    assert texts(page, "observation") == ["Marche cassée"]
    qtbot.keyClick(chip, Qt.Key.Key_Backspace)
    assert page.table.records.rowCount() == 3


def test_every_filter_menu_opens_and_filters_nothing_out_by_itself(qtbot, session, page) -> None:
    add_entry(session, add_site(session), "Bruit")
    for field in page.filters.fields:
        chip = page.filters.add(field)
        chip._fill()
        assert any("Retirer" in each.text() for each in chip.menu().actions())
    assert page.table.records.rowCount() == 1


def test_a_reference_typed_in_the_filter_finds_its_record(qtbot, session, page) -> None:
    site = add_site(session)
    add_entry(session, site, "Bruit")
    wanted = add_entry(session, site, "Froid")
    with session.store.reading() as read:
        reference = read.get("health_safety_entry", wanted).reference
    page.filters.line.setText(reference)
    qtbot.waitUntil(lambda: texts(page, "observation") == ["Froid"])


def test_an_empty_list_says_why_and_offers_the_way_out(qtbot, session, page) -> None:
    assert page.empty.isVisible()
    assert page._first_button.isVisible()
    add_entry(session, add_site(session), "Bruit")
    page.filters.line.setText("introuvable")
    qtbot.waitUntil(page.empty.isVisible)
    page._clear_button.click()
    qtbot.waitUntil(page.table.isVisible)


def test_states_are_chips_and_other_choices_plain_words(qtbot, session, page) -> None:
    add_entry(session, add_site(session), "Bruit", nature="risk")
    page.table.arrangement.show(["observation", "follow_up", "nature"])
    model = page.table.records
    cells = {each.key: model.index(0, at).data(CELL) for at, each in enumerate(model.columns)}
    assert cells["follow_up"].chip is not None
    assert cells["nature"].chip is None
    assert cells["observation"].second == "Atelier mécanique"


def test_columns_are_switched_and_remembered(qtbot, session, page) -> None:
    page.table.arrangement.menu()
    page.table.arrangement.turn("author", on=True)
    again = RecordPage(session, page.entity)
    qtbot.addWidget(again)
    assert "author" in [each.key for each in again.table.records.columns]
    again.table.arrangement.reset()
    assert "author" not in [each.key for each in again.table.records.columns]


def test_rows_are_copied_as_a_table_with_headings(qtbot, session, sites, qapp) -> None:
    add_site(session, "Musée")
    sites.table.selectAll()
    sites.bulk.copy()
    lines = qapp.clipboard().text().split("\n")
    assert "Nom" in lines[0].split("\t")
    assert "Musée" in lines[1].split("\t")


def test_only_the_department_looked_at_is_shown(qtbot, session, sites) -> None:
    add_site(session, "Atelier")
    session.look_at("41")
    assert sites.table.records.rowCount() == 0
    add_site(session, "Château")
    assert texts(sites, "name") == ["Château"]
    session.look_at("")
    assert texts(sites, "name") == ["Atelier", "Château"]


def test_painting_a_table_keeps_every_reference_to_none(qtbot, session, sites) -> None:
    fill(session, 500)
    image = QImage(1000, 700, QImage.Format.Format_ARGB32)

    def paint(times: int) -> None:
        for _ in range(times):
            painter = QPainter(image)
            sites.table.render(painter, QPoint())
            painter.end()

    paint(2)
    before = sys.getrefcount(None)
    paint(20)
    for _ in range(2000):
        sites.table.setProperty("essai", None)
    assert abs(sys.getrefcount(None) - before) < 500


# -- one after the other -------------------------------------------------------------------


def test_a_new_record_proposes_where_and_when_the_last_one_was(qtbot, session, type_text) -> None:
    site = session.add(session.store.catalogue["site"], {"name": "Atelier"}).id
    page = RecordPage(session, session.store.catalogue["health_safety_entry"])
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.new_record()
    boxes = page.form.boxes
    assert boxes["site"].editor.value() is None
    boxes["site"].editor.show_value(site)
    boxes["reported_on"].editor.show_value(date(2026, 11, 20))
    type_text(boxes["observation"].editor.inner, "Rampe descellée")
    page.save_and_new()
    assert page.form.record is None
    assert boxes["site"].editor.value() == site
    assert boxes["reported_on"].editor.value() == date(2026, 11, 20)
    assert boxes["observation"].editor.value() is None
    assert "comme la fiche précédente" in page.form._subtitle.text()
    assert not page.form.dirty
    page.keep_drafts()
    assert drafts.find(session.folder, page.entity, drafts.NEW) is None
    type_text(boxes["observation"].editor.inner, "Marche cassée")
    page.form.save_button.click()
    with session.store.reading() as read:
        places = {each.site for each in read.records(Query("health_safety_entry"))}
    assert places == {site}
