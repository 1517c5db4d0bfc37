"""Someone saves while another process writes: the window stays free, the record saves itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

import pytest
from PySide6.QtCore import Qt

from prevention_app.storage.engine import open_engine, writing
from prevention_app.storage.query import Query
from prevention_app.ui import drafts
from prevention_app.ui.cells import CELL


@pytest.fixture
def another(folder) -> Iterator[ExitStack]:
    """A process that writes until it is closed."""
    engine = open_engine(folder)
    with ExitStack() as held:
        held.enter_context(writing(held.enter_context(engine.connect())))
        yield held
    engine.dispose()


@pytest.fixture
def form(window, another, type_text):
    window.go("site")
    window.window.page.new_record()
    made = window.window.page.form
    type_text(made.boxes["name"].editor.inner, "Écluse")
    return made


def sites(window) -> list[str]:
    with window.session.store.reading() as read:
        return [each.name for each in read.records(Query("site"))]


def test_a_record_waits_its_turn_and_saves_itself(window, form, another, qtbot) -> None:
    began = time.monotonic()
    form.save_button.click()
    assert time.monotonic() - began < 1
    assert "s’enregistrera d’elle-même" in form.banner.text
    assert drafts.find(window.session.folder, form._entity, drafts.NEW).values == {"name": "Écluse"}
    assert sites(window) == []
    another.close()
    qtbot.waitUntil(lambda: sites(window) == ["Écluse"], timeout=20_000)
    qtbot.waitUntil(lambda: not form.banner.isVisible())
    assert drafts.find(window.session.folder, form._entity, drafts.NEW) is None


def test_who_goes_on_before_is_told_that_it_is_a_draft(window, form, another, qtbot) -> None:
    form.save_button.click()
    window.window.page.new_record()
    assert "n’est pas enregistrée" in window.window.notice
    another.close()
    assert form.boxes["name"].editor.value() == "Écluse"
    form.save_button.click()
    assert sites(window) == ["Écluse"]


# -- everything else that is written ---------------------------------------------------------


@pytest.fixture
def table(window):
    """Three sites, by their name."""
    entity = window.session.store.catalogue["site"]
    for name in ("Atelier", "Bief", "Musée"):
        window.session.add(entity, {"name": name})
    window.go("site")
    page = window.window.page
    page.close_form()
    page.table.arrangement.show(["name", "town"])
    page.table.setFocus()
    page.table.put_cursor(0, 0)
    return page.table


@pytest.fixture
def busy(table, another) -> ExitStack:
    """Another process writes once the sites are there."""
    return another


def row_texts(table, column: int) -> list[str]:
    model = table.records
    return [model.index(row, column).data(CELL).plain for row in range(model.rowCount())]


def test_cells_wait_their_turn_while_one_goes_on(window, table, busy, qtbot, type_text) -> None:
    began = time.monotonic()
    for name in ("Usine", "Canal"):
        table.edit_cell()
        table.editing.editor.inner.setText("")
        type_text(table.editing.editor.inner, name)
        qtbot.keyClick(table.editing.editor.inner, Qt.Key.Key_Return)
    assert time.monotonic() - began < 1.5
    assert "s’enregistrera d’elle-même" in window.window.notice
    assert row_texts(table, 0) == ["Usine, en attente", "Canal, en attente", "Musée"]
    assert sites(window) == ["Atelier", "Bief", "Musée"]
    assert len(drafts.waiting(window.session.folder, window.session.store.catalogue)) == 2
    busy.close()
    qtbot.waitUntil(lambda: sites(window) == ["Canal", "Musée", "Usine"], timeout=20_000)
    catalogue = window.session.store.catalogue
    qtbot.waitUntil(lambda: not drafts.waiting(window.session.folder, catalogue))
    assert row_texts(table, 0) == ["Canal", "Musée", "Usine"]


def test_the_form_beside_has_nothing_left_to_save_once_the_cell_is_written(
    window, table, busy, qtbot
) -> None:
    page, record_id = window.window.page, table.current().id
    table.edit_cell()
    table.editing.editor.inner.setText("Usine")
    table.editing.editor.changed.emit()
    table.editing.commit()
    page.open_record(record_id)
    assert page.form.dirty
    assert page.form.boxes["name"].editor.value() == "Usine"
    busy.close()
    qtbot.waitUntil(lambda: "Usine" in sites(window), timeout=20_000)
    assert not page.form.dirty
    assert page.form.boxes["name"].editor.value() == "Usine"


def test_a_cell_that_waits_is_edited_again_as_it_will_be(
    window, table, busy, qtbot, type_text
) -> None:
    for name in ("Usine", "Atelier"):
        table.put_cursor(0, 0)
        table.edit_cell()
        table.editing.editor.inner.setText(name)
        table.editing.editor.changed.emit()
        assert table.editing.commit()
    busy.close()
    qtbot.waitUntil(lambda: row_texts(table, 0)[0] == "Atelier", timeout=20_000)
    assert window.session.undoable() == "Ajouter"


def test_a_cell_that_is_refused_when_its_turn_comes_stays_a_draft(
    window, table, busy, qtbot
) -> None:
    row = table.current()
    table.edit_cell()
    table.editing.editor.inner.setText("")
    table.editing.editor.changed.emit()
    table.editing.commit()
    busy.close()
    qtbot.waitUntil(lambda: "gardée en brouillon dans la fiche" in window.window.notice)
    assert row_texts(table, 0)[0] == "Atelier"
    left = drafts.find(window.session.folder, table.records.entity, row.id)
    assert left.values == {"name": None}


def test_what_is_pasted_filled_or_deleted_waits_too_in_its_order(
    window, table, busy, qtbot, qapp
) -> None:
    page = window.window.page
    qapp.clipboard().setText("Usine\tGien")
    page.bulk.paste()
    page.strip.apply_button.click()
    table.put_cursor(1, 0)
    page.bulk.delete()
    assert "s’enregistrera de lui-même" in window.window.notice
    assert sites(window) == ["Atelier", "Bief", "Musée"]
    busy.close()
    qtbot.waitUntil(lambda: sites(window) == ["Musée", "Usine"], timeout=20_000)


def test_what_still_waits_when_the_program_ends_is_written_if_it_can_be(
    window, table, busy
) -> None:
    for row in (0, 1):
        table.put_cursor(row, 0)
        window.window.page.bulk.delete()
    window.session.turn.finish()
    assert sites(window) == ["Atelier", "Bief", "Musée"]
    busy.close()
    window.session.turn.finish()
    assert sites(window) == ["Musée"]


def test_undoing_waits_its_turn(window, table, busy, qtbot) -> None:
    window.undo()
    assert "L’annulation se fera d’elle-même" in window.window.notice
    busy.close()
    qtbot.waitUntil(lambda: sites(window) == ["Atelier", "Bief"], timeout=20_000)


def test_a_rating_waits_its_turn_with_its_panel_open(window, another, qtbot) -> None:
    another.close()
    store = window.session.store
    with store.change("Préparer") as work:
        unit = work.new("work_unit", name="Archives").id
        work.new("risk", work_unit=unit, situation="Port de boîtes", harm="Lombalgie")
    window.session.refresh()
    window.go("risk_document")
    page = window.window.page
    qtbot.waitUntil(lambda: bool(page.table.risks.risks), timeout=20_000)
    page.hands.rate()
    panel = page.side.detail.panel
    for scale in panel.scales:
        scale._buttons[1].setChecked(True)
    panel.reason.setText("Visite")
    engine = open_engine(window.session.folder)
    with engine.connect() as connection, writing(connection):
        panel.save_button.click()
        assert "s’enregistrera d’elle-même" in window.window.notice
        assert panel.isVisible()
    engine.dispose()
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=20_000)
    assert window.session.undoable() == "Coter un risque"


def test_what_is_due_is_put_off_when_its_turn_comes(window, another, qtbot) -> None:
    another.close()
    entity = window.session.store.catalogue["planned_action"]
    record = window.session.add(entity, {"title": "Rampe", "due": date(2026, 11, 13)})
    window.go("due")
    listed = window.window.page.list
    qtbot.waitUntil(lambda: listed.answer is not None and listed.answer.found == 1, timeout=20_000)
    listed.table.setFocus()
    listed.table.selectAll()
    listed.postpone()
    day, reason = (box.editor for box in listed.panel.boxes.values())
    day.show_value(date(2027, 1, 15))
    reason.show_value("Marché en cours")
    engine = open_engine(window.session.folder)
    with engine.connect() as connection, writing(connection):
        listed.panel.go.click()
        assert "s’enregistrera de lui-même" in window.window.notice
        assert not listed.panel.isVisible()
    engine.dispose()

    def put_off() -> bool:
        with window.session.store.reading() as read:
            return read.get("planned_action", record.id).revised_due == date(2027, 1, 15)

    qtbot.waitUntil(put_off, timeout=20_000)
