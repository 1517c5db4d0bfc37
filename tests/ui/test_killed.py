"""The program is killed while someone types: at most the last second of typing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.ui import drafts
from prevention_app.ui.record_page import RecordPage

REGISTER, FIELD = "health_safety_entry", "observation"
LETTERS = "".join("aébcdèfgœhijklmnopqrsçtuvwxyz"[at * 7 % 29] for at in range(4000))
MAY_BE_LOST_S = 1.0

TYPE = """
import random, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from prevention_app.ui import application
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening
from prevention_app.ui.workspace import Workspace

folder, register, field, letters, seed = sys.argv[1:]
app = application.make_application()
window = MainWindow()
window.show()
chance = random.Random(int(seed))
typed = 0

def begin():
    global line
    Opening(window, Path(folder)).open()
    window.findChild(Workspace).go(register)
    window.page.new_record()
    line = window.page.form.boxes[field].editor.inner
    QTimer.singleShot(300, type_one)

def type_one():
    global typed
    key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letters[typed])
    QApplication.sendEvent(line, key)
    typed += 1
    print(time.monotonic(), typed, flush=True)
    QTimer.singleShot(chance.choice((1, 15, 30, 60, 90, 120, 120, 700)), type_one)

window.painted.connect(begin)
sys.exit(app.exec())
"""


def kill_while_typing(folder: Path) -> str:
    """Have a window typed in and killed; returns the draft that is left, checked."""
    entity = declared_catalogue()[REGISTER]
    drafts.drop(folder, entity, drafts.NEW)
    seed = str(random.randrange(10**9))
    program = subprocess.Popen(
        [sys.executable, "-c", TYPE, str(folder), REGISTER, FIELD, LETTERS, seed],
        stdout=subprocess.PIPE,
        text=True,
    )
    first = program.stdout.readline()
    assert first, "the window did not open"
    time.sleep(random.uniform(0.0, 3.0))
    killed_at = time.monotonic()
    program.kill()
    rest, _ = program.communicate()
    strokes = [
        line.split() for line in (first + rest).splitlines(keepends=True) if line[-1] == "\n"
    ]
    typed = [(float(when), int(count)) for when, count in strokes]
    owed = max((count for when, count in typed if when <= killed_at - MAY_BE_LOST_S), default=0)
    left = drafts.find(folder, entity, drafts.NEW)
    kept = str(left.values[FIELD]) if left else ""
    assert LETTERS.startswith(kept)
    assert owed <= len(kept) <= typed[-1][1] + 1
    return kept


def test_a_window_killed_while_typing_loses_at_most_a_second(folder, session, qtbot) -> None:
    for _ in range(3):
        kept = kill_while_typing(folder)
    page = RecordPage(session, session.store.catalogue[REGISTER])
    qtbot.addWidget(page)
    page.show()
    page.new_record()
    assert page.form.boxes[FIELD].editor.value() == (kept or None)


@pytest.mark.long
@pytest.mark.parametrize("ten", range(10))
def test_a_hundred_windows_killed_while_typing_lose_at_most_a_second_each(folder, ten) -> None:
    kept = [len(kill_while_typing(folder)) for _ in range(10)]
    assert sum(1 for each in kept if each) >= 5
