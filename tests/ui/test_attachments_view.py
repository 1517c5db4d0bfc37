"""The files of a record, in the third tab of its form."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage

from prevention_app.services import attachments
from prevention_app.ui import attachments_view
from prevention_app.ui.cells import CELL
from prevention_app.ui.record_page import RecordPage

FILES = 2


@pytest.fixture
def page(qtbot, session) -> RecordPage:
    """A site is shown with its files."""
    record = session.add(session.store.catalogue["site"], {"name": "Atelier"})
    made = RecordPage(session, session.store.catalogue["site"])
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    made.activateWindow()
    made.open_record(record.id)
    made.form.tabs.setCurrentIndex(FILES)
    return made


@pytest.fixture
def report(tmp_path: Path) -> Path:
    made = tmp_path / "Compte rendu.pdf"
    made.write_bytes(b"%PDF" * 500)
    return made


def listed(page) -> list[str]:
    cells = page.form.attachments.table.cells
    return [cells.index(row, 0).data(CELL).text for row in range(cells.rowCount())]


def tab(page) -> str:
    return page.form.tabs.tabText(FILES)


def test_a_dropped_file_is_listed_counted_and_undone(qtbot, session, page, report) -> None:
    assert tab(page) == "Pièces jointes"
    assert page.form.attachments.empty.isVisible()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(report))])
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    page.form.attachments.dropEvent(QDropEvent(QPointF(9, 9), actions, data, buttons, none))
    qtbot.waitUntil(lambda: listed(page) == ["Compte rendu.pdf"])
    assert tab(page) == "Pièces jointes 1"
    assert session.is_small(session.undoable())
    session.undo()
    assert listed(page) == []
    assert tab(page) == "Pièces jointes"


def test_entree_opens_a_copy_and_delete_takes_the_file_away(
    qtbot, session, page, report, monkeypatch
) -> None:
    opened = []
    monkeypatch.setattr(attachments_view, "open_place", opened.append)
    view = page.form.attachments
    view.add([report])
    qtbot.waitUntil(lambda: listed(page) == ["Compte rendu.pdf"])
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    view.open_button.click()
    assert [each.name for each in opened] == [report.name] * 2
    assert opened[0].read_bytes() == report.read_bytes()
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert listed(page) == []
    assert session.undoable() == attachments.DETACH
    assert not view.open_button.isEnabled()


def test_an_image_is_pasted(qtbot, qapp, window) -> None:
    record = window.session.add(window.session.store.catalogue["site"], {"name": "Atelier"})
    window.open_record("site", record.id)
    page = window.window.page
    page.form.tabs.setCurrentIndex(FILES)
    page.form.attachments.empty.setFocus()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    qapp.clipboard().setImage(image)
    qtbot.keyClick(page.form.attachments.empty, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(listed(page)) == 1)
    assert listed(page)[0].startswith("Image du 20")


def test_what_may_not_be_joined_is_said(qtbot, session, page, tmp_path) -> None:
    said = []
    session.noticed.connect(lambda notice: said.append(notice.text))
    program = tmp_path / "jeu.exe"
    program.write_bytes(b"MZ")
    page.form.attachments.add([program])
    qtbot.waitUntil(lambda: bool(said))
    assert "n’est pas d’un type qui se joint" in said[-1]
    assert listed(page) == []


def test_a_new_record_and_a_published_register_take_no_files(qtbot, session, page) -> None:
    page.new_record()
    assert not page.form.tabs.isTabEnabled(FILES)
    published = RecordPage(session, session.store.catalogue["active_substance"])
    qtbot.addWidget(published)
    assert published.form.tabs.count() == FILES
