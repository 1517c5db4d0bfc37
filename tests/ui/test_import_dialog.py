from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from prevention_app.storage.query import Query
from prevention_app.ui.cells import CELL
from prevention_app.ui.import_dialog import COLUMNS, DONE, ROWS, ImportDialog

WAIT = 60_000
ROWS_WRITTEN = """Site;Date du signalement;Observation ou suggestion;Suite donnée;Avis
Atelier mécanique;09/11/2026;Éclairage en panne le soir;Ouverte;x
Atelier mécanique;31/02/2026;Marche cassée;Ouverte;y
Musée du château;20/11/2026;Froid dans la loge;Close;z
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "registre.csv"
    made.write_text(ROWS_WRITTEN, encoding="utf-8")
    return made


@pytest.fixture
def dialog(window, qtbot, file) -> ImportDialog:
    window.import_files("health_safety_entry", [file])
    made = window.window.findChild(ImportDialog)
    qtbot.waitUntil(lambda: made.operation is None, timeout=WAIT)
    return made


def forward(dialog, qtbot, step: int) -> None:
    dialog.next_button.click()
    qtbot.waitUntil(lambda: dialog.stack.currentIndex() == step, timeout=WAIT)


def lines(dialog) -> list[tuple[str, ...]]:
    model = dialog.rows.table.cells
    return [
        tuple(model.index(row, at).data(CELL).text for at in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def column_boxes(dialog) -> dict:
    from PySide6.QtWidgets import QComboBox

    table = dialog.columns.table
    return {
        table.item(row, 0).text(): table.cellWidget(row, 1).findChild(QComboBox)
        for row in range(table.rowCount())
    }


def test_columns_are_shown_with_field_confidence_and_example(dialog) -> None:
    boxes = column_boxes(dialog)
    assert boxes["Site"].currentText() == "Site"
    assert boxes["Date du signalement"].currentText() == "Date"
    assert boxes["Avis"].currentText() == "Ne pas importer"
    words = [dialog.columns.table.item(row, 2).text() for row in range(5)]
    assert words[0] == "Sûr"
    assert words[4] == "Écartée"
    assert dialog.columns.table.item(0, 3).text() == "Atelier mécanique"
    assert dialog.next_button.isEnabled()


def test_rows_are_told_apart_and_the_button_tells_the_truth(dialog, qtbot) -> None:
    forward(dialog, qtbot, ROWS)
    assert dialog.next_button.text().replace("\u00a0", " ") == "Appliquer 2 lignes, laisser 1 refus"
    refused = lines(dialog)
    assert [each[1] for each in refused] == ["Refusée"]
    assert "31/02/2026" in refused[0][3]
    dialog.rows.chips["new"].click()
    assert [each[1] for each in lines(dialog)] == ["Nouvelle", "Nouvelle"]


def test_applying_is_one_change_that_ctrl_z_takes_back(dialog, window, qtbot) -> None:
    forward(dialog, qtbot, ROWS)
    forward(dialog, qtbot, DONE)
    store = window.session.store
    with store.reading() as read:
        assert read.count(Query("health_safety_entry")) == 2
    assert window.commands.actions["undo"].text().startswith("Annuler\u00a0: Reprendre")
    assert "2" in dialog.account.accessibleName() or dialog.account.isVisible()


def test_a_whole_import_is_undone_from_its_account(window, qtbot, tmp_path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("Nom;Commune\nAtelier;Gien\nMusée;Blois\n", encoding="utf-8")
    window.import_files("site", [file])
    dialog = window.window.findChild(ImportDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("site"))
    dialog.read()
    qtbot.waitUntil(lambda: dialog.operation is None, timeout=WAIT)
    forward(dialog, qtbot, ROWS)
    forward(dialog, qtbot, DONE)
    dialog.undo_button.click()
    qtbot.waitUntil(lambda: not window.operations, timeout=WAIT)
    with window.session.store.reading() as read:
        assert read.count(Query("site")) == 0
    assert window.session.redoable().startswith("Reprendre")


def test_the_same_file_again_has_nothing_to_apply(dialog, window, qtbot) -> None:
    forward(dialog, qtbot, ROWS)
    forward(dialog, qtbot, DONE)
    dialog.next_button.click()
    window.import_files("health_safety_entry", [dialog.files[0]])
    again = window.window.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(lambda: again.operation is None, timeout=WAIT)
    forward(again, qtbot, ROWS)
    assert again.next_button.text().startswith("Rien à appliquer")
    assert not again.next_button.isEnabled()


def test_a_correction_by_hand_counts_and_is_kept_under_a_name(dialog, window, qtbot) -> None:
    box = column_boxes(dialog)["Avis"]
    box.setCurrentIndex(box.findText("Lieu précis"))
    box.activated.emit(box.currentIndex())
    dialog.columns._model.setText("Registre du service")
    dialog.columns._save.click()
    with window.session.store.reading() as read:
        saved = read.records(Query("import_mapping"))
    assert [each.name for each in saved] == ["Registre du service"]
    forward(dialog, qtbot, ROWS)
    forward(dialog, qtbot, DONE)
    with window.session.store.reading() as read:
        entries = read.records(Query("health_safety_entry"))
    assert {each.place for each in entries} == {"x", "z"}
    dialog.close()
    window.import_files("health_safety_entry", [dialog.files[0]])
    again = window.window.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(lambda: again.operation is None, timeout=WAIT)
    assert column_boxes(again)["Avis"].currentText() == "Lieu précis"
    assert "Registre du service" in again.columns._recognised.text()


def test_going_back_changes_nothing(dialog, window, qtbot) -> None:
    forward(dialog, qtbot, ROWS)
    dialog.back_button.click()
    assert dialog.stack.currentIndex() == COLUMNS
    dialog.close_button.click()
    assert window.session.undoable() == ""


def test_a_file_that_cannot_be_read_is_said_in_french(window, qtbot, tmp_path) -> None:
    file = tmp_path / "accidents.xlsx"
    file.write_bytes(b"ceci n'est pas un classeur")
    window.import_files("", [file])
    dialog = window.window.findChild(ImportDialog)
    assert dialog.kind.currentData() == "accidents"
    qtbot.waitUntil(lambda: dialog.operation is None, timeout=WAIT)
    assert dialog.banner.isVisible()
    assert "accidents.xlsx" in dialog.banner.text
    assert not dialog.next_button.isEnabled()


def test_files_dropped_on_the_window_open_the_import(window, qtbot, file) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.window.dropEvent(event)
    dialog = window.window.findChild(ImportDialog)
    assert dialog.files == [file]
    assert "Dites ce que contient le fichier" in dialog.banner.text
    dialog.close()
