"""« Vérifier cet ordinateur… » in the window, and files that are open in a spreadsheet."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from prevention_app.errors import Refused
from prevention_app.exchange.safe_file import InUse
from prevention_app.services.self_test.line import Line, Verdict
from prevention_app.ui import user_file
from prevention_app.ui.cells import CELL
from prevention_app.ui.self_test_dialog import SelfTestDialog

LINES = [
    Line("system", "Système", "Windows 11"),
    Line("place", "Espace de travail", "P:\\espace", Verdict.FIX, "Gardez-le sur ce disque."),
]


@pytest.fixture
def dialog(qtbot, session) -> SelfTestDialog:
    made = SelfTestDialog(session)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_computer_is_looked_at_and_the_report_saved(qtbot, session, dialog, tmp_path) -> None:
    with qtbot.waitSignal(dialog.operation.ended, timeout=120_000):
        pass
    rows = dialog.table.cells.rowCount()
    assert rows >= 12
    texts = {dialog.table.cells.index(at, 0).data(CELL).text for at in range(rows)}
    assert texts <= {"Bon", "À savoir", "À corriger"}
    said = []
    session.noticed.connect(said.append)
    dialog.save_into(tmp_path)
    written = (tmp_path / "controle-ordinateur.txt").read_text(encoding="utf-8-sig")
    assert "SQLite" in written
    assert "est écrit" in said[-1].text


def test_what_is_to_be_corrected_is_chosen_and_its_advice_shown(dialog) -> None:
    dialog.operation.end()
    dialog.show_lines(LINES)
    assert dialog.said.text() == "1\u00a0point à corriger"
    assert dialog.table.currentIndex().row() == 1
    assert dialog.advice.text().endswith("Gardez-le sur ce disque.")
    dialog.copy_button.click()
    assert "[à corriger] Espace de travail" in QGuiApplication.clipboard().text()


def test_a_file_open_elsewhere_is_written_under_the_second_name_on_demand(
    session, tmp_path
) -> None:
    said, written = [], []
    session.noticed.connect(said.append)
    out, second = tmp_path / "Bilan.xlsx", tmp_path / "Bilan (2).xlsx"

    def start(file) -> None:
        if file == out:
            raise InUse("« Bilan.xlsx » est ouvert.", second)
        written.append(file)

    user_file.write(out, start, session.say)
    (notice,) = said
    ((offer, act),) = notice.acts
    assert (notice.look, offer) == ("bad", "Écrire «\u00a0Bilan (2).xlsx\u00a0»")
    assert written == []
    act()
    assert written == [second]


def test_any_other_refusal_is_said_without_an_offer(session, tmp_path) -> None:
    said = []
    session.noticed.connect(said.append)

    def refuse(_file) -> None:
        raise Refused("Le disque est plein.")

    user_file.write(tmp_path / "Bilan.xlsx", refuse, session.say)
    user_file.write(tmp_path / "nul.xlsx", refuse, session.say)
    assert [each.acts for each in said] == [(), ()]
    assert "réservé par Windows" in said[1].text
