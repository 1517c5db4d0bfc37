from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from prevention_app.ui.export_dialog import ExportDialog

WAIT = 120_000


@pytest.fixture
def dialog(window, tmp_path) -> ExportDialog:
    site = window.session.store.catalogue["site"]
    window.session.add(site, {"name": "Collège de l’Écluse"})
    window.go("site")
    window.export()
    made = window.window.findChild(ExportDialog)
    made.folder.setText(str(tmp_path))
    return made


def write(dialog: ExportDialog, window, qtbot) -> Path:
    out = Path(dialog.folder.text()) / dialog.name.text()
    dialog.write_button.click()
    assert len(window.operations) == 1
    qtbot.waitUntil(lambda: not window.operations, timeout=WAIT)
    return out


def test_the_register_of_the_page_is_written_as_csv(dialog, window, qtbot) -> None:
    assert dialog.csv.isChecked()
    assert dialog.register.currentData() == "site"
    out = write(dialog, window, qtbot)
    assert "Collège de l’Écluse" in out.read_text(encoding="utf-8-sig")
    assert out.name in window.window.notice


def test_the_workbook_of_a_department_is_written(dialog, window, qtbot) -> None:
    dialog.workbook.setChecked(True)
    assert dialog.name.text() == "prevention_45_2026-11-23.xlsx"
    assert not dialog.register.isVisible()
    out = write(dialog, window, qtbot)
    assert len(CalamineWorkbook.from_path(out).sheet_names) > 3


def test_a_folder_that_is_not_there_is_said_at_once(dialog, window, tmp_path) -> None:
    dialog.folder.setText(str(tmp_path / "absent"))
    dialog.write_button.click()
    assert "n’existe pas" in dialog._said.text()
    assert window.operations == []
