"""The review of an import in four steps, as a person goes through it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton

from prevention_app.storage.query import Query
from prevention_app.ui.cells import CELL
from prevention_app.ui.import_page import ImportPage
from prevention_app.ui.import_steps import APPLY, COLUMNS, FILE, LINES

pytestmark = pytest.mark.usefixtures("untraced_processes")

WAIT = 60_000
WRITTEN = """Site;Date du signalement;Observation ou suggestion;Suite donnée;Avis
Atelier mécanique;09/11/2026;Éclairage en panne le soir;Ouverte;x
Atelier mécanique;31/02/2026;Marche cassée;Ouverte;y
Musée du château;20/11/2026;Froid dans la loge;Close;z
Musée du château;31/02/2026;Porte bloquée;Close;
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "rsst.csv"
    made.write_text(WRITTEN, encoding="utf-8")
    return made


@pytest.fixture
def page(window, qtbot) -> ImportPage:
    made = ImportPage(window.session, window.start)
    made.undo_asked.connect(window.undo)
    window.window.show_page(made)
    return made


def settle(page, qtbot) -> None:
    qtbot.waitUntil(lambda: not page.busy and not page._pause.isActive(), timeout=WAIT)


def review(page, qtbot, *files: Path, kind: str = "") -> None:
    page.prepare(kind, files)
    settle(page, qtbot)


def shown(page) -> list[tuple[str, ...]]:
    model = page.review.lines.table.lines
    return [
        tuple(model.index(row, at).data(CELL).plain for at in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def typed(page, text: str) -> None:
    """Entrée, the value, Entrée."""
    table = page.review.lines.table
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(50)


def stored(window, register: str) -> list:
    with window.session.store.reading() as read:
        return read.records(Query(register))


def test_a_file_whose_columns_are_sure_is_at_its_lines_at_once(page, qtbot, file) -> None:
    review(page, qtbot, file)
    assert page.step == LINES
    assert [row[1] for row in shown(page)] == ["Refusée", "Refusée", "Nouvelle", "Nouvelle"]
    assert page.next_button.text().replace("\u00a0", " ") == "Appliquer 2 lignes, laisser 2 refus"
    texts = [chip.text().strip("\u00a0") for chip in page.review.lines.chips.values()]
    assert texts == ["À revoir 4", "Refusées 2", "Modifiées 0", "Nouvelles 2", "Identiques 0"]


def test_a_refused_cell_shows_what_was_read_and_why_it_is_the_current_one(
    page, qtbot, file
) -> None:
    review(page, qtbot, file)
    cell = page.review.lines.table.currentIndex().data(CELL)
    assert cell.text == "31/02/2026"
    assert cell.problem.startswith("Date impossible")


def test_columns_are_shown_with_field_confidence_and_example(page, qtbot, file) -> None:
    review(page, qtbot, file)
    cells = page.review.columns.table.cells
    rows = [
        tuple(cells.index(row, at).data(CELL).text for at in range(4))
        for row in range(cells.rowCount())
    ]
    assert rows[0] == ("Site", "Site", "Sûr", "Atelier mécanique")
    assert rows[4][:3] == ("Avis", "Ne pas importer", "Écartée")
    assert [cells.index(row, 2).data(CELL).squares for row in (0, 4)] == [3, 0]


def test_a_cell_is_corrected_in_the_plan_and_its_like_with_a_second_key(
    page, window, qtbot, file
) -> None:
    review(page, qtbot, file)
    lines = page.review.lines
    typed(page, "28/02/2026")
    assert lines.offer_button.isVisible()
    assert shown(page)[0][1] == "Corrigée"
    QTest.keyClick(lines.table, Qt.Key.Key_Return)
    assert len(page.entry.corrections) == 2
    qtbot.waitUntil(lambda: not page.entry.stale, timeout=WAIT)
    assert page.next_button.text().replace("\u00a0", " ") == "Appliquer 4 lignes"
    page.forward()
    settle(page, qtbot)
    entries = stored(window, "health_safety_entry")
    assert sorted(f"{each.reported_on:%d/%m}" for each in entries).count("28/02") == 2
    assert file.read_text(encoding="utf-8") == WRITTEN


def test_typing_the_value_of_the_file_again_is_no_correction(page, qtbot, file) -> None:
    review(page, qtbot, file)
    typed(page, "28/02/2026")
    page.review.lines._drop_offer()
    typed(page, "31/02/2026")
    assert page.entry.corrections == {}
    assert page.next_button.text().startswith("Appliquer 2")


def test_f8_walks_through_the_refused_cells_only(page, qtbot, file) -> None:
    review(page, qtbot, file)
    table = page.review.lines.table
    QTest.keyClick(table, Qt.Key.Key_F8)
    assert table.currentIndex().row() == 1
    QTest.keyClick(table, Qt.Key.Key_F8)
    assert table.currentIndex().row() == 1
    QTest.keyClick(table, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert table.currentIndex().row() == 0


def test_a_line_is_left_and_taken_again_with_the_space_bar(page, window, qtbot, file) -> None:
    review(page, qtbot, file)
    table = page.review.lines.table
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert shown(page)[2][1] == "Laissée"
    assert page.next_button.text().replace("\u00a0", " ") == "Appliquer 1 ligne, laisser 2 refus"
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert shown(page)[2][1] == "Nouvelle"
    QTest.keyClick(table, Qt.Key.Key_Space)
    QTest.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(page, qtbot)
    assert [each.observation for each in stored(window, "health_safety_entry")] == [
        "Froid dans la loge"
    ]


def test_applying_is_one_change_that_is_taken_back_as_one(page, window, qtbot, tmp_path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("Nom;Commune\nAtelier;Gien\nMusée;Blois\n", encoding="utf-8")
    review(page, qtbot, file, kind="site")
    if page.step == COLUMNS:
        page.forward()
    page.forward()
    settle(page, qtbot)
    assert page.step == APPLY
    assert page.account.summary.accessibleName().replace("\u00a0", " ") == "2 lignes appliquées"
    assert len(stored(window, "site")) == 2
    page.account.undo_button.click()
    qtbot.waitUntil(lambda: not window.operations, timeout=WAIT)
    assert stored(window, "site") == []
    assert window.session.redoable().startswith("Reprendre")


def test_a_register_kept_by_law_is_not_said_to_be_undoable(page, qtbot, file) -> None:
    review(page, qtbot, file)
    assert "ne s’annule pas" in page._foot_said.accessibleName()
    page.forward()
    settle(page, qtbot)
    assert page.account.undo_button.isHidden()


def test_the_same_file_again_has_nothing_to_apply(page, qtbot, file) -> None:
    review(page, qtbot, file)
    page.forward()
    settle(page, qtbot)
    page.forward()
    review(page, qtbot, file)
    assert page.next_button.text().startswith("Rien à appliquer")
    assert not page.next_button.isEnabled()
    page.review.lines.chips["refused"].click()
    assert len(shown(page)) == 2


def test_a_field_is_chosen_by_keyboard_and_the_mapping_kept_as_a_model(
    page, window, qtbot, file
) -> None:
    review(page, qtbot, file)
    page.go_back(COLUMNS)
    table = page.review.columns.table
    table.setCurrentIndex(table.cells.index(4, 1))
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    box = table.findChild(QComboBox)
    box.setCurrentIndex(box.findText("Lieu précis"))
    box.hidePopup()
    box.activated.emit(box.currentIndex())
    assert table.cells.index(4, 2).data(CELL).text == "Choisi"
    page.review.columns.model_name.setText("Registre du service")
    page.review.columns.save_button.click()
    assert [each.name for each in stored(window, "import_mapping")] == ["Registre du service"]
    qtbot.waitUntil(lambda: not page.entry.stale and not page.busy, timeout=WAIT)
    page.cancel()
    review(page, qtbot, file)
    assert table.cells.index(4, 1).data(CELL).text == "Lieu précis"
    assert "Registre du service" in page.review.columns.model_said.text()


def test_going_back_and_giving_up_change_nothing(page, window, qtbot, file) -> None:
    review(page, qtbot, file)
    page.steps.steps[COLUMNS].click()
    assert page.step == COLUMNS
    page.steps.steps[FILE].click()
    assert page.step == FILE
    with qtbot.waitSignal(page.done):
        page.cancel_button.click()
    assert window.session.undoable() == ""
    assert page.entries == []


def test_a_question_is_answered_with_one_click(page, window, qtbot, tmp_path) -> None:
    file = tmp_path / "duerp.xlsx"
    book = openpyxl.Workbook()
    book.active.append(
        ("Unité de travail", "Situation dangereuse", "Dommages", "G", "F", "Échéance", "Échéance")
    )
    book.active.append(("Atelier", "Meulage", "Surdité", 3, 4, "31/12/2026", "30/06/2027"))
    book.save(file)
    review(page, qtbot, file)
    assert page.step == COLUMNS
    assert not page.next_button.isEnabled()
    answers = [
        each
        for each in page.review.questions.findChildren(QPushButton)
        if "Colonne F" in each.text()
    ]
    answers[0].click()
    qtbot.waitUntil(lambda: page.entry.review.compared, timeout=WAIT)
    assert page.next_button.isEnabled()
    page.forward()
    assert page.step == LINES


def test_several_files_are_reviewed_in_turn_those_others_refer_to_first(
    page, window, qtbot, tmp_path, file
) -> None:
    people = tmp_path / "agents.csv"
    people.write_text("Matricule;Nom;Prénom\n7;ALPHA;Anne\n8;BETA;Bruno\n", encoding="utf-8")
    review(page, qtbot, file, people)
    assert [each.kind for each in page.entries] == ["people", "health_safety_entry"]
    assert page.files.isVisible()
    page.forward()
    qtbot.waitUntil(lambda: page._at == 1 and page.entry.review is not None, timeout=WAIT)
    settle(page, qtbot)
    assert len(stored(window, "person")) == 2
    page.forward()
    settle(page, qtbot)
    assert page.step == APPLY
    assert page.account.table.cells.rowCount() == 2


def test_what_a_file_holds_is_known_by_its_columns(page, qtbot, tmp_path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(WRITTEN, encoding="utf-8")
    review(page, qtbot, file)
    qtbot.waitUntil(lambda: page.entry.review is not None, timeout=WAIT)
    assert page.entry.kind == "health_safety_entry"


def test_a_file_that_does_not_tell_is_asked_about(page, qtbot, tmp_path) -> None:
    file = tmp_path / "divers.csv"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    review(page, qtbot, file)
    assert page.step == FILE
    assert "Dites ce que contient le fichier" in page.file.said.text()
    assert not page.next_button.isEnabled()


def test_a_file_that_cannot_be_read_is_said_in_french(page, qtbot, tmp_path) -> None:
    file = tmp_path / "accidents.xlsx"
    file.write_bytes(b"ceci n'est pas un classeur")
    review(page, qtbot, file)
    assert page.entry.kind == "accidents"
    assert "accidents.xlsx" in page.banner.text
    assert page.banner.isVisible()
    assert page.next_button.text() == "Relire le fichier"


def test_a_file_that_changed_since_its_review_is_not_applied(page, window, qtbot, file) -> None:
    review(page, qtbot, file)
    file.write_text(WRITTEN.replace("Marche", "Dalle"), encoding="utf-8")
    page.forward()
    settle(page, qtbot)
    assert "a changé depuis sa relecture" in page.banner.text
    assert stored(window, "health_safety_entry") == []
    assert page.next_button.text() == "Comparer à nouveau"
    page.forward()
    settle(page, qtbot)
    assert page.next_button.text().startswith("Appliquer 2")


def test_refused_lines_are_written_out_and_come_back(page, window, qtbot, file, tmp_path) -> None:
    review(page, qtbot, file)
    out = tmp_path / "sortie"
    out.mkdir()
    page.write_refusals(out)
    settle(page, qtbot)
    [made] = out.iterdir()
    assert made.name == "rsst - refus.xlsx"
    page.cancel()
    review(page, qtbot, made, kind="health_safety_entry")
    assert page.step == LINES
    assert [row[1] for row in shown(page)] == ["Refusée", "Refusée"]


def test_lines_of_another_department_are_offered_with_one_click(page, qtbot, tmp_path) -> None:
    file = tmp_path / "rsst.csv"
    rows = [
        line + (";Département" if at == 0 else ";41")
        for at, line in enumerate(WRITTEN.split("\n"))
        if line
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    review(page, qtbot, file)
    assert page.entry.refused == 4
    [answer] = [
        each
        for each in page.review.questions.findChildren(QPushButton)
        if each.text() == "Reprendre selon les lignes"
    ]
    answer.click()
    settle(page, qtbot)
    assert page.entry.refused == 2


def test_files_dropped_on_the_window_are_reviewed(window, qtbot, file) -> None:
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
    page = window.window.page
    assert isinstance(page, ImportPage)
    assert page.entry.files == (file,)
    settle(page, qtbot)
