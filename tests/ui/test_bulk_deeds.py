"""Many cells at once: copy to a spreadsheet, paste from one, fill down, empty, delete."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from prevention_app.storage.query import Query
from prevention_app.ui import bulk_deeds, clipboard
from prevention_app.ui.record_page import RecordPage
from prevention_app.ui.record_table import CellBlock

SHIFT = Qt.KeyboardModifier.ShiftModifier
COLUMNS = ["number", "circumstances", "kind", "days_lost", "site"]


def make_page(qtbot, session, register) -> RecordPage:
    made = RecordPage(session, session.store.catalogue[register])
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    made.close_form()
    return made


@pytest.fixture
def site(session) -> str:
    return session.add(session.store.catalogue["site"], {"name": "Atelier mécanique"}).id


@pytest.fixture
def page(qtbot, session, site) -> RecordPage:
    entity = session.store.catalogue["accident"]
    for at in range(4):
        values = {"happened_on": date(2026, 11, 20 - at), "number": f"A{at}"}
        session.add(entity, {**values, "circumstances": f"Chute {at}", "days_lost": at})
    made = make_page(qtbot, session, "accident")
    made.table.arrangement.show(COLUMNS)
    return made


def mark(page: RecordPage, qtbot, row: int, key: str, down: int = 0, right: int = 0) -> None:
    """Put the cursor into a cell and extend the block from there."""
    page.table.put_cursor(row, page.table.records.keys.index(key))
    for _ in range(down):
        qtbot.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    for _ in range(right):
        qtbot.keyClick(page.table, Qt.Key.Key_Right, SHIFT)


def held(session, key: str) -> list:
    with session.store.reading() as read:
        found = read.records(Query("accident", order=("number",)))
        return [getattr(each, key) for each in found]


def paste(page: RecordPage, qapp, text: str) -> None:
    qapp.clipboard().setText(text)
    page.bulk.paste()


def heard(session) -> list[str]:
    said: list[str] = []
    session.noticed.connect(lambda notice: said.append(notice.text.replace("\u00a0", " ")))
    return said


# -- copy ----------------------------------------------------------------------------------


def test_a_block_is_copied_without_headings_and_rows_with_them(qtbot, qapp, page) -> None:
    mark(page, qtbot, 1, "number", down=1, right=1)
    page.bulk.copy()
    assert qapp.clipboard().text() == "A1\tChute 1\nA2\tChute 2"
    mark(page, qtbot, 1, "number")
    page.table.select_rows()
    page.bulk.copy()
    first, second = qapp.clipboard().text().split("\n")
    assert first.split("\t")[:2] == ["N° d’origine", "Circonstances"]
    assert second.startswith("A1\tChute 1\t")


def test_what_is_copied_comes_back_unchanged(qtbot, qapp, session, page) -> None:
    said = heard(session)
    page.table.selectAll()
    page.bulk.copy()
    page.bulk.paste()
    assert said[-1] == "Ces cellules contiennent déjà ces valeurs."
    assert not page.strip.isVisible()


def test_texts_with_tabs_and_lines_survive_the_clipboard() -> None:
    lines = [["a\tb", 'dit "oui"'], ["deux\nlignes", ""]]
    assert clipboard.from_text(clipboard.to_text(lines)) == lines
    assert clipboard.from_text("1\t2\r\n3\r\n") == [["1", "2"], ["3", ""]]
    assert clipboard.from_text("\0") == []
    assert clipboard.from_text("x" * 200_000 + "\ty") == [["x" * 200_000, "y"]]


def test_too_much_for_the_clipboard_is_sent_to_the_export(
    qtbot, session, page, monkeypatch
) -> None:
    monkeypatch.setattr(clipboard, "MOST_ROWS", 2)
    said = heard(session)
    page.table.selectAll()
    page.bulk.copy()
    assert "Exportez" in said[-1]


# -- paste ---------------------------------------------------------------------------------


def test_a_pasted_block_is_looked_over_then_written_as_one_change(
    qtbot, qapp, session, page
) -> None:
    mark(page, qtbot, 0, "days_lost")
    paste(page, qapp, "10\tatelier mecanique\n11\t\nbeaucoup\tGymnase\n13\t\n")
    text = page.strip.text.replace("\u00a0", " ")
    assert "4 cellules changent" in text
    assert "2 cellules sont refusées" in text
    assert "« beaucoup » n’est pas un nombre" in text
    assert "aucune fiche « Gymnase »" in text
    assert held(session, "days_lost") == [0, 1, 2, 3]
    page.strip.apply_button.click()
    assert held(session, "days_lost") == [10, 11, 2, 13]
    assert [bool(each) for each in held(session, "site")] == [True, False, False, False]
    assert session.undoable().replace("\u00a0", " ") == "Coller 4 valeurs"
    assert session.is_small(session.undoable())
    session.undo()
    assert held(session, "days_lost") == [0, 1, 2, 3]


def test_leaving_the_strip_writes_nothing(qtbot, qapp, session, page) -> None:
    mark(page, qtbot, 0, "number")
    paste(page, qapp, "Z")
    qtbot.keyClick(page.strip.apply_button, Qt.Key.Key_Escape)
    assert not page.strip.isVisible()
    assert held(session, "number")[0] == "A0"


def test_rows_beyond_the_last_one_are_proposed_as_records(qtbot, qapp, session, page) -> None:
    page.table.arrangement.show(["number", "happened_on", "kind"])
    mark(page, qtbot, 3, "number")
    paste(page, qapp, "A3\t17/11/2026\nA8\t05/11/2026\nA9\t\n")
    text = page.strip.text.replace("\u00a0", " ")
    assert "1 nouvelle fiche" in text
    assert "« Date » est à remplir" in text
    page.strip.apply_button.click()
    assert held(session, "number") == ["A0", "A1", "A2", "A3", "A8"]
    session.undo()
    assert len(held(session, "number")) == 4


def test_one_value_fills_the_block_it_is_pasted_into(qtbot, qapp, session, page) -> None:
    mark(page, qtbot, 0, "days_lost", down=2)
    paste(page, qapp, "7")
    page.strip.apply_button.click()
    assert held(session, "days_lost") == [7, 7, 7, 3]


def test_a_first_line_of_headings_says_where_each_column_goes(qtbot, qapp, session, page) -> None:
    mark(page, qtbot, 2, "kind")
    paste(page, qapp, "Jours d’arrêt\tN° d’origine\n9\tA2\n8\tA3")
    page.strip.apply_button.click()
    assert held(session, "days_lost") == [0, 1, 9, 8]


def test_columns_beyond_the_table_are_said(qtbot, qapp, page) -> None:
    mark(page, qtbot, 0, "site")
    paste(page, qapp, "Atelier mécanique\ttrop")
    assert "1 colonne au-delà du tableau" in page.strip.text.replace("\u00a0", " ")


def test_pasting_goes_past_group_headings(qtbot, qapp, session, page) -> None:
    page.group_by("number")
    mark(page, qtbot, 1, "days_lost")
    paste(page, qapp, "5\n6")
    page.strip.apply_button.click()
    assert held(session, "days_lost") == [5, 6, 2, 3]


def test_a_large_block_is_judged_and_written_in_a_process(
    qtbot, qapp, session, page, monkeypatch
) -> None:
    monkeypatch.setattr(bulk_deeds, "_CELLS_AT_ONCE", 1)
    mark(page, qtbot, 0, "days_lost")
    paste(page, qapp, "10\n11\nx")
    assert "Vérification" in page.strip.text
    qtbot.waitUntil(lambda: "cellules changent" in page.strip.text)
    page.strip.apply_button.click()
    qtbot.waitUntil(lambda: held(session, "days_lost")[:2] == [10, 11])
    qtbot.waitUntil(lambda: not page.strip.isVisible())


# -- fill down, duplicate, empty -----------------------------------------------------------


def test_the_first_row_of_a_block_is_filled_down(qtbot, session, page) -> None:
    mark(page, qtbot, 1, "days_lost", down=2)
    page.bulk.fill()
    assert held(session, "days_lost") == [0, 1, 1, 1]
    assert session.undoable().replace("\u00a0", " ") == "Recopier 2 valeurs"
    block = page.table.block()
    assert isinstance(block, CellBlock)
    assert (block.first, block.last) == (1, 3)


def test_one_row_alone_is_duplicated(qtbot, session, page) -> None:
    said = heard(session)
    mark(page, qtbot, 1, "days_lost")
    page.bulk.fill()
    assert held(session, "number") == ["A0", "A1", "A1", "A2", "A3"]
    assert said[-1] == "Fiche dupliquée. Annuler (Ctrl Z)"
    session.undo()
    assert held(session, "number") == ["A0", "A1", "A2", "A3"]


def test_suppr_in_a_block_empties_its_cells_and_keeps_the_records(qtbot, session, page) -> None:
    mark(page, qtbot, 0, "circumstances", down=1)
    page.delete_selected()
    assert held(session, "circumstances") == [None, None, "Chute 2", "Chute 3"]
    mark(page, qtbot, 0, "kind", down=1)
    page.delete_selected()
    assert "est à remplir" in page.strip.text
    assert not page.strip.apply_button.isVisible()


# -- delete --------------------------------------------------------------------------------


def test_deleting_what_others_refer_to_asks_in_a_strip(qtbot, session, site) -> None:
    for name in ("Échelle", "Pont"):
        session.add(session.store.catalogue["equipment"], {"site": site, "name": name})
    page = make_page(qtbot, session, "site")
    page.table.put_cursor(0)
    page.delete_selected()
    text = page.strip.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert text.startswith("Supprimer 1 fiche ?")
    assert "2 fiches y renvoient" in text
    page.strip.leave_button.click()
    assert page.table.records.rows.total == 1
    page.delete_selected()
    page.strip.apply_button.click()
    assert page.table.records.rows.total == 0
    session.undo()
    assert page.table.records.rows.total == 1


def test_deleting_what_nothing_refers_to_needs_no_question(qtbot, session, page) -> None:
    said = heard(session)
    mark(page, qtbot, 0, "number")
    page.delete_selected()
    assert held(session, "number") == ["A1", "A2", "A3"]
    assert said[-1] == "1 fiche supprimée. Annuler (Ctrl Z)"
    assert page.table.currentIndex().row() == 0


def test_deleting_many_asks_and_takes_a_process(qtbot, session, page, monkeypatch) -> None:
    monkeypatch.setattr(bulk_deeds, "_MANY", 2)
    monkeypatch.setattr(bulk_deeds, "_RECORDS_AT_ONCE", 2)
    page.table.selectAll()
    page.delete_selected()
    page.strip.apply_button.click()
    qtbot.waitUntil(lambda: held(session, "number") == [])
    qtbot.waitUntil(page.empty.isVisible)
    assert session.undoable().replace("\u00a0", " ") == "Supprimer 4 fiches"
