"""Writing a branch of the document unique in Word or PDF, asked in the window."""

from __future__ import annotations

from functools import partial

import pytest
from docx import Document
from PySide6.QtWidgets import QWidget

from prevention_app.exchange.printed_document import Form
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import settings
from prevention_app.ui.document_dialog import ask_document
from prevention_app.ui.operations import Operation

WAIT = 60_000


@pytest.fixture
def unit(session):
    with session.store.change("Préparer") as work:
        made = work.new("work_unit", name="CER de Gien", headcount=17)
        work.new("risk", work_unit=made.id, situation="Pose de cônes")
        work.new("work_unit", name="Archives")
    return TreeNode(made.id, NodeKind.WORK_UNIT, "CER de Gien")


@pytest.fixture
def asked(qtbot, session, tmp_path):
    """Opens the dialog on a node; files go to the folder of the test."""
    settings.remember("folder/export", str(tmp_path))
    keeper = QWidget()
    qtbot.addWidget(keeper)

    def start(name, work, *arguments, writes=True):
        assert not writes
        return Operation(name, work, *arguments, parent=keeper)

    return partial(ask_document, session, start, parent=keeper)


def written(qtbot, session, dialog):
    def tells(notice):
        return "est écrit" in notice.text

    with qtbot.waitSignal(session.noticed, timeout=WAIT, check_params_cb=tells):
        dialog.write_button.click()


def test_the_sheet_of_the_unit_chosen_is_proposed(unit, asked):
    dialog = asked(unit)
    assert dialog.form.value == Form.SHEET
    assert dialog.place.currentText() == "CER de Gien"
    assert dialog.name.text().startswith("Fiches d’unité à afficher CER de Gien")
    assert dialog.name.text().endswith(".pdf")


def test_a_pdf_of_the_unit_is_written_beside_the_window(qtbot, session, unit, asked, tmp_path):
    written(qtbot, session, asked(unit))
    (made,) = tmp_path.glob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")


def test_the_whole_department_is_written_in_word(qtbot, session, unit, asked, tmp_path):
    dialog = asked(unit)
    dialog.form.choose(Form.DOCUMENT.value)
    dialog.place.setCurrentIndex(1)
    dialog.place.activated.emit(1)
    dialog.ending.choose(".docx")
    written(qtbot, session, dialog)
    (made,) = tmp_path.glob("Document unique *.docx")
    words = "\n".join(each.text for each in Document(str(made)).paragraphs)
    assert "CER de Gien" in words
    assert "Archives" in words


def test_a_copy_of_the_template_is_used_from_then_on(qtbot, session, unit, asked, tmp_path):
    dialog = asked(unit)
    dialog.ending.choose(".docx")
    template = tmp_path / "modele.docx"
    dialog.save_template(template)
    own = Document(str(template))
    own.add_paragraph("Fait à Orléans")
    own.save(str(template))
    written(qtbot, session, dialog)
    (made,) = tmp_path.glob("Fiches*.docx")
    assert "Fait à Orléans" in "\n".join(each.text for each in Document(str(made)).paragraphs)
    assert asked(unit).template.currentText() == "modele.docx"
