from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer

from prevention_app.services.imports import ImportRequest
from prevention_app.ui import file_work, import_work, long_work
from prevention_app.ui.operations import BROKEN, Operation
from prevention_app.ui.work_bar import WorkBar

WAIT = 60_000


@pytest.fixture
def owner(qapp):
    made = QObject()
    yield made
    made.deleteLater()


def people_file(folder: Path, rows: int) -> Path:
    lines = ["Matricule;Nom;Prénom"] + [f"{at};Durand{at};Élise" for at in range(rows)]
    file = folder / "agents.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def patience(progress) -> int:
    """How nice the process is that this runs in."""
    return os.nice(0)


def test_work_runs_in_another_process_and_its_result_comes_back(
    qtbot, owner, folder, tmp_path
) -> None:
    out = tmp_path / "sites.csv"
    work = Operation("Écriture", file_work.write_csv, folder, "site", (), out, False, parent=owner)
    with qtbot.waitSignal(work.finished, timeout=WAIT) as heard:
        pass
    assert heard.args == [out]
    assert "Nom" in out.read_text(encoding="utf-8-sig")


def test_the_window_stays_free_while_work_goes_on(qtbot, owner, folder, tmp_path) -> None:
    beats = []
    timer = QTimer(owner, interval=10)
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    out = tmp_path / "sites.csv"
    work = Operation("Écriture", file_work.write_csv, folder, "site", (), out, False, parent=owner)
    timer.start()
    with qtbot.waitSignal(work.ended, timeout=WAIT):
        pass
    timer.stop()
    assert len(beats) > 10


def test_the_window_goes_before_the_work(qtbot, owner) -> None:
    work = Operation("Tri", patience, parent=owner)
    with qtbot.waitSignal(work.finished, timeout=WAIT) as heard:
        pass
    assert heard.args[0] > os.nice(0)


def test_a_refusal_comes_back_as_its_sentence(qtbot, owner, tmp_path) -> None:
    nowhere = tmp_path / "absent.prevention"
    work = Operation("Annuler", long_work.take_back, nowhere, parent=owner)
    with qtbot.waitSignal(work.failed, timeout=WAIT) as heard:
        pass
    assert "Aucun espace de travail" in heard.args[0]


def test_a_crash_is_told_without_a_traceback(qtbot, owner, caplog) -> None:
    work = Operation("Essai", os.getcwd, parent=owner)  # takes no progress: a TypeError
    with qtbot.waitSignal(work.failed, timeout=WAIT) as heard:
        pass
    assert heard.args[0] == BROKEN
    assert "TypeError" in caplog.text


def test_stopping_leaves_nothing_half_done(qtbot, owner, folder, tmp_path, open_store) -> None:
    request = ImportRequest("person", (people_file(tmp_path, 4000),), "45")
    before = open_store().position()
    work = Operation("Import", import_work.apply_import, folder, request, parent=owner)
    bar = WorkBar(work)
    with qtbot.waitSignal(work.progressed, timeout=WAIT):
        pass
    with qtbot.waitSignal(work.failed, timeout=WAIT) as heard:
        bar.stop_button.click()
    assert "rrêté à votre demande" in heard.args[0]
    assert work.stopping
    assert open_store().position() == before


def test_closing_the_window_ends_the_process(qtbot, owner, folder, tmp_path) -> None:
    request = ImportRequest("person", (people_file(tmp_path, 4000),), "45")
    work = Operation("Import", import_work.apply_import, folder, request, parent=owner)
    began = time.monotonic()
    work.end()
    assert time.monotonic() - began < 2
    assert not work._process.is_alive()


def test_work_ends_with_the_page_that_wanted_it(qtbot, qapp, folder, tmp_path) -> None:
    page = QObject()
    request = ImportRequest("people", (people_file(tmp_path, 60_000),))
    work = Operation("Lecture", import_work.review_import, folder, request, (), parent=page)
    process = work._process
    with qtbot.waitSignal(work.progressed, timeout=WAIT):
        pass
    shiboken6.delete(page)
    process.join(10)
    assert not process.is_alive()
