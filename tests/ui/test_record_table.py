"""The table of a register as a spreadsheet: a cursor, blocks, editing in place, groups."""

from __future__ import annotations

from datetime import date

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from prevention_app.storage.query import Query
from prevention_app.ui import readings
from prevention_app.ui.cells import CELL, GroupCell
from prevention_app.ui.listing import PAGE, PackedIds
from prevention_app.ui.record_page import RecordPage

TODAY = date(2026, 11, 23)
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def make_page(qtbot, session, register) -> RecordPage:
    made = RecordPage(session, session.store.catalogue[register])
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    return made


@pytest.fixture
def accidents(qtbot, session) -> RecordPage:
    entity = session.store.catalogue["accident"]
    kinds = ("service", "commuting", "service")
    for at, (kind, days) in enumerate(zip(kinds, (3, None, 12), strict=True)):
        values = {"happened_on": date(2026, 11, 10 + at), "number": f"A{at}", "kind": kind}
        session.add(entity, {**values, "days_lost": days, "circumstances": f"Chute {at}"})
    made = make_page(qtbot, session, "accident")
    made.close_form()
    made.table.arrangement.show(["number", "circumstances", "kind", "days_lost", "happened_on"])
    return made


def cursor(page: RecordPage, row: int, key: str) -> None:
    page.table.put_cursor(row, page.table.records.keys.index(key))


def texts(page: RecordPage, key: str) -> list[str]:
    model = page.table.records
    column = model.keys.index(key)
    return [model.index(row, column).data(CELL).text for row in range(model.rowCount())]


def record(session, number: str):
    with session.store.reading() as read:
        return next(each for each in read.records(Query("accident")) if each.number == number)


def heard(session) -> list[str]:
    said: list[str] = []
    session.noticed.connect(lambda notice: said.append(notice.text))
    return said


# -- the cursor ----------------------------------------------------------------------------


def test_arrows_move_a_cell_and_shift_makes_a_block(qtbot, accidents) -> None:
    table = accidents.table
    cursor(accidents, 0, "number")
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert (table.currentIndex().row(), table.current_column().key) == (1, "circumstances")
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(table, Qt.Key.Key_Right, SHIFT)
    block = table.block()
    assert (block.first, block.last, block.whole) == (1, 2, False)
    assert [each.key for each in block.columns] == ["circumstances", "kind"]
    assert table.shades_cells
    assert table.selected_count() == 2
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert not table.shades_cells
    qtbot.keyClick(table, Qt.Key.Key_A, CTRL)
    assert table.block().whole
    assert table.selected_count() == 3


def test_rows_and_columns_are_chosen_whole(qtbot, accidents) -> None:
    table = accidents.table
    cursor(accidents, 1, "kind")
    qtbot.keyClick(table, Qt.Key.Key_Space, SHIFT)
    assert (table.block().whole, table.selected_count()) == (True, 1)
    assert table.is_chosen(1)
    cursor(accidents, 1, "kind")
    qtbot.keyClick(table, Qt.Key.Key_Space, CTRL)
    assert [each.key for each in table.block().columns] == ["kind"]
    assert table.selected_count() == 3


def test_the_status_adds_up_the_numbers_selected(qtbot, accidents) -> None:
    cursor(accidents, 0, "days_lost")
    qtbot.keyClick(accidents.table, Qt.Key.Key_Space, CTRL)
    qtbot.waitUntil(lambda: "somme" in accidents.status)
    assert accidents.status.replace("\u00a0", " ").endswith(
        "3 fiches choisies · 2 nombres · somme 15 · moyenne 7,5"
    )
    cursor(accidents, 0, "days_lost")
    assert "somme" not in accidents.status


# -- editing in place ----------------------------------------------------------------------


def test_f2_edits_and_entree_writes_and_goes_down(qtbot, session, accidents) -> None:
    cursor(accidents, 0, "days_lost")
    qtbot.keyClick(accidents.table, Qt.Key.Key_F2)
    line = accidents.table.editing.editor.inner
    assert line.text() == "12"
    line.setText("14")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert record(session, "A2").days_lost == 14
    assert accidents.table.currentIndex().row() == 1
    assert accidents.table.current_column().key == "days_lost"
    session.undo()
    assert texts(accidents, "days_lost") == ["12", "", "3"]


def test_typing_replaces_and_tab_writes_and_goes_right(
    qtbot, session, accidents, type_text
) -> None:
    cursor(accidents, 1, "circumstances")
    type_text(accidents.table, "É")
    area = accidents.table.editing.editor.inner
    type_text(area, "tourdi")
    qtbot.keyClick(area, Qt.Key.Key_Tab)
    assert record(session, "A1").circumstances == "Étourdi"
    assert accidents.table.current_column().key == "kind"
    assert accidents.table.currentIndex().row() == 1


def test_echap_leaves_a_cell_as_it_was(qtbot, session, accidents, type_text) -> None:
    cursor(accidents, 0, "number")
    type_text(accidents.table, "9")
    qtbot.keyClick(accidents.table.editing.editor.inner, Qt.Key.Key_Escape)
    assert not accidents.table.editing.active
    assert texts(accidents, "number") == ["A2", "A1", "A0"]


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("days_lost", "beaucoup", "n’est pas un nombre"),
        ("days_lost", "-1", "négatif"),
        ("happened_on", "31/02/2026", "Le 31 février 2026 n’existe pas."),
        ("happened_on", "24/12/2026", "avenir"),
        ("happened_on", "", "est à remplir"),
    ],
)
def test_what_is_wrong_is_said_at_the_cell_and_nothing_is_lost(
    qtbot, session, accidents, key, typed, said
) -> None:
    cursor(accidents, 0, key)
    before = texts(accidents, key)
    accidents.table.edit_cell()
    line = accidents.table.editing.editor.inner
    line.setText(typed)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert said in accidents.table.editing.problem
    assert (line.text(), line.isVisible()) == (typed, True)
    assert texts(accidents, key) == before
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert accidents.table.editing.problem == ""


def test_every_kind_of_field_is_edited_where_it_stands(qtbot, session, accidents) -> None:
    person = session.add(session.store.catalogue["person"], {"last_name": "Lefèvre"})
    typed = {"kind": "occupational_disease", "stoppage": True, "person": person.id}
    accidents.table.arrangement.show(["number", *typed])
    for key, value in typed.items():
        cursor(accidents, 0, key)
        accidents.table.edit_cell()
        editor = accidents.table.editing.editor
        if key == "person":
            editor.line.setText("lefevre")
        elif value in [editor.box.itemData(at) for at in range(editor.box.count())]:
            editor.show_value(value)
        assert accidents.table.editing.commit()
    written = record(session, "A2")
    assert (written.stoppage, written.person) == (True, person.id)


def test_a_choice_taken_from_its_list_is_written_at_once(qtbot, session, accidents) -> None:
    cursor(accidents, 0, "kind")
    accidents.table.edit_cell()
    box = accidents.table.editing.editor.box
    box.setCurrentIndex(box.findData("commuting"))
    box.activated.emit(box.currentIndex())
    assert record(session, "A2").kind == "commuting"
    assert accidents.table.current_column().key == "kind"


def test_a_reference_is_given_by_the_program_and_says_so(qtbot, session, accidents) -> None:
    said = heard(session)
    accidents.table.arrangement.show(["reference", "circumstances"])
    cursor(accidents, 0, "reference")
    accidents.table.edit_cell()
    assert not accidents.table.editing.active
    assert "ne se modifie pas" in said[-1]


def test_clicking_elsewhere_writes_the_cell(qtbot, session, accidents) -> None:
    accidents.activateWindow()
    cursor(accidents, 0, "number")
    accidents.table.edit_cell()
    accidents.table.editing.editor.inner.setText("B9")
    accidents.keep_drafts()
    assert texts(accidents, "number")[0] == "B9"


# -- columns, order ------------------------------------------------------------------------


def test_columns_are_dragged_moved_and_remembered(qtbot, session, accidents) -> None:
    table = accidents.table
    table.horizontalHeader().moveSection(0, 2)
    qtbot.waitUntil(lambda: table.records.keys[:3] == ["circumstances", "kind", "number"])
    assert [table.horizontalHeader().logicalIndex(at) for at in range(5)] == [0, 1, 2, 3, 4]
    cursor(accidents, 0, "number")
    qtbot.keyClick(table, Qt.Key.Key_Left, CTRL | SHIFT)
    assert table.records.keys[:3] == ["circumstances", "number", "kind"]
    assert table.current_column().key == "number"
    again = make_page(qtbot, session, "accident")
    assert again.table.records.keys[:3] == ["circumstances", "number", "kind"]


def test_keys_sort_by_the_column_of_the_cursor_and_open_its_filter(qtbot, accidents) -> None:
    cursor(accidents, 0, "number")
    qtbot.keyClick(accidents.table, Qt.Key.Key_Up, CTRL)
    assert texts(accidents, "number") == ["A0", "A1", "A2"]
    qtbot.keyClick(accidents.table, Qt.Key.Key_Down, CTRL)
    assert texts(accidents, "number") == ["A2", "A1", "A0"]
    asked = []
    accidents.table.filter_asked.connect(asked.append)
    accidents.table.keyPressEvent(_press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier))
    assert asked[0].key == "number"
    assert "number" in accidents.filters.chips
    accidents.filters.chips["number"].menu().close()


def _press(key, modifiers):
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers)


def test_rows_are_as_high_as_chosen_and_dense_ones_have_one_line(qtbot, session, accidents) -> None:
    table = accidents.table
    table.use_density("row_dense")
    assert table.rowHeight(0) == 32
    assert make_page(qtbot, session, "accident").table.rowHeight(0) == 32


def test_the_context_menu_offers_every_deed_with_its_key(qtbot, accidents) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    accidents._fill_context_menu(menu)
    listed = {each.text(): each.shortcut().toString() for each in menu.actions()}
    assert {each.words: each.keys for each in accidents.deeds()} == {
        words: {"Del": "Delete"}.get(keys, keys) for words, keys in listed.items()
    }


def test_the_next_record_is_shown_without_leaving_the_form(qtbot, accidents) -> None:
    accidents.open_record(accidents.table.records.row(0).id)
    accidents.step(1)
    assert accidents.form.record.number == "A1"
    accidents.step(-1)
    assert accidents.form.record.number == "A2"


# -- groups --------------------------------------------------------------------------------


def groups(page: RecordPage) -> list[tuple[str, str]]:
    model = page.table.records
    cells = [model.index(row, 0).data(CELL) for row in range(model.rowCount())]
    return [(each.text, each.detail) for each in cells if isinstance(each, GroupCell)]


def test_groups_are_counted_added_up_and_folded(qtbot, accidents) -> None:
    cursor(accidents, 0, "kind")
    accidents._group_here()
    model, table = accidents.table.records, accidents.table
    assert [each[0] for each in groups(accidents)] == ["Accident de service", "Accident de trajet"]
    assert groups(accidents)[0][1].replace("\u00a0", " ") == "2 fiches · Jours d’arrêt : 15"
    assert (model.rowCount(), model.rows.total) == (5, 3)
    assert [each.number for each in map(_record, (model.row(1), model.row(2)))] == ["A2", "A0"]
    table.put_cursor(0, 0)
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert model.rowCount() == 3
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert model.rowCount() == 5
    accidents._turn_groups()
    assert model.rowCount() == 2
    accidents._turn_groups()
    assert model.rowCount() == 5
    table.selectAll()
    assert table.selected_count() == 3
    cursor(accidents, 1, "kind")
    accidents._group_here()
    assert model.rowCount() == 3


def _record(row):
    return row.record


def test_dates_are_grouped_by_year_and_what_is_empty_comes_last(qtbot, session, accidents) -> None:
    values = {"happened_on": date(2025, 1, 2), "kind": "service"}
    session.add(accidents.entity, values)
    accidents.group_by("happened_on")
    assert [each[0] for each in groups(accidents)] == ["2026", "2025"]
    accidents.group_by("number")
    assert [each[0] for each in groups(accidents)] == ["A0", "A1", "A2", "Non renseigné"]


def test_a_fold_outlives_an_edit(qtbot, session, accidents) -> None:
    accidents.group_by("kind")
    accidents.table.fold(0, True)
    session.save(accidents.entity, record(session, "A1"), {"number": "Z"})
    assert accidents.table.records.rowCount() == 3
    assert accidents.table.records.rows.folded(0)


# -- long lists ----------------------------------------------------------------------------


@pytest.fixture
def long(qtbot, session, monkeypatch) -> RecordPage:
    """Sites of which nothing can be read at once."""
    entity = session.store.catalogue["site"]
    with session.store.change("Ajouter") as work:
        for at in range(3 * PAGE):
            work.new(entity.key, name=f"Site {at:05}", town="Gien" if at % 2 else "Blois")
    monkeypatch.setattr(readings, "QUICK_S", -1.0)
    return make_page(qtbot, session, "site")


def test_a_long_list_is_sorted_beside_the_window(qtbot, session, long) -> None:
    long = make_page(qtbot, session, "site")
    rows = long.table.records.rows
    assert (rows.known, long.status) == (False, "Lecture de la liste…")
    qtbot.waitUntil(lambda: rows._sections[0].listing.complete)
    assert rows.total == 3 * PAGE
    assert long.status.startswith("192")
    qtbot.waitUntil(lambda: long.table.records.row(3 * PAGE - 1) is not None)
    assert long.table.records.row(3 * PAGE - 1).title == "Site 00191"


def test_the_cursor_stays_on_its_record_when_a_long_list_is_sorted_anew(
    qtbot, session, long
) -> None:
    rows = long.table.records.rows
    qtbot.waitUntil(lambda: rows._sections[0].listing.complete)
    qtbot.waitUntil(lambda: long.table.records.row(0) is not None)
    long.table.put_cursor(0)
    row = long.table.records.row(0)
    session.save(long.entity, row.record, {"name": "Zoo"})
    assert long.table.currentIndex().row() == 0
    assert long.table.records.row(0).title == "Zoo"
    qtbot.waitUntil(lambda: rows.place_of(row.id) == 3 * PAGE - 1)
    assert long.table.currentIndex().row() == 3 * PAGE - 1


def test_long_groups_are_counted_beside_the_window_and_begin_folded(
    qtbot, session, long, monkeypatch
) -> None:
    monkeypatch.setattr("prevention_app.ui.record_rows._UNFOLDED_UNTIL", 10)
    long.group_by("town")
    model = long.table.records
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    long.table.fold(1, False)
    qtbot.waitUntil(lambda: model.row(2) is not None)
    assert model.row(2).title == "Site 00001"


def test_nothing_more_is_heard_of_a_list_that_nobody_wants(qtbot, session, long) -> None:
    long.filters.line.setText("site 00007")
    qtbot.waitUntil(lambda: long.table.records.rows.total == 1)
    assert long.table.records.row(0).title == "Site 00007"


def test_a_page_that_is_gone_hears_no_more_of_what_it_read(session) -> None:
    page = RecordPage(session, session.store.catalogue["site"])
    table, rows = page.table, page.table.records.rows
    shiboken6.delete(page)
    assert not shiboken6.isValid(table)
    assert not shiboken6.isValid(rows), "what reads for a table ends with it"


def test_packed_ids_are_found_however_long_each_is() -> None:
    for ids in (
        [f"{at:05}" for at in range(2 * PAGE + 3)],
        [str(at) for at in range(2 * PAGE + 3)],
        ["seul"],
        [],
    ):
        packed = PackedIds("\n".join(ids))
        assert packed.count == len(ids)
        pages = [packed.page(at) for at in range(-(-len(ids) // PAGE))]
        assert [each for page in pages for each in page] == ids
        assert [packed.place_of(each) for each in ids] == list(range(len(ids)))
        assert packed.place_of("7777") == packed.place_of("") == -1 or not ids
