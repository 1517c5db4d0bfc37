"""The system ends the program in the middle of a sentence, with an export under way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prevention_app.storage.store import Store

LIMIT_S = 6.0
"""Two seconds, and as much again twice for a machine that does other things."""
SAID = "Dépôt sans éclairage"

AT_THE_DESK = """
import os, sys, traceback
from pathlib import Path
from PySide6.QtCore import QTimer
from prevention_app.ui import application, start
from prevention_app.ui.main_window import MainWindow
from tests.stories.desk import Desk

folder, said, exporting = sys.argv[1:]
app = application.make_application()
desk = Desk.__new__(Desk)
desk.clicks = desk.keys = 0
export = [("press", "Ctrl+E"), ("see", "Rapports"), ("press", "Ctrl+Return")]
steps = [
    *(export if exporting else ()),
    ("find", "sites et locaux"), ("see", "Sites et locaux"), ("press", "N"), ("type", said),
]

def next_step():
    window = next((w for w in app.topLevelWidgets() if isinstance(w, MainWindow)), None)
    if window is None or window.page is None or not window.isActiveWindow():
        return QTimer.singleShot(20, next_step)
    desk.window = window
    kind, what = steps[0]
    if kind == "see" and desk.title != what:
        return QTimer.singleShot(20, next_step)
    steps.pop(0)
    try:
        if kind != "see":
            getattr(desk, kind)(what)
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    if steps:
        return QTimer.singleShot(0, next_step)
    print("READY", len(desk.at_work), flush=True)

QTimer.singleShot(0, next_step)
window = start.show_window(app, Path(folder))
code = app.exec()
print("CLOSED", flush=True)
sys.exit(code)
"""


def many_accidents_are_known(store: Store) -> None:
    with store.change("Reprendre") as work:
        for at in range(4000):
            day = store.today().replace(day=1)
            work.new("accident", number=f"A{at}", happened_on=day, circumstances=f"Chute {at}")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal from outside")
@pytest.mark.parametrize("exporting", ["", "exporting"])
def test_a_signal_closes_the_window_with_the_draft_kept(
    yesterday, workspace, documents, record_property, exporting
) -> None:
    if exporting:
        many_accidents_are_known(yesterday)
    program = subprocess.Popen(
        [sys.executable, "-c", AT_THE_DESK, str(workspace), SAID, exporting],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ready = program.stdout.readline().split()
    assert ready == ["READY", "1" if exporting else "0"], program.communicate(timeout=10)
    began = time.monotonic()
    program.send_signal(signal.SIGTERM)
    said, complained = program.communicate(timeout=60)
    took = time.monotonic() - began
    record_property("seconds", round(took, 2))
    assert took < LIMIT_S
    assert (program.returncode, said) == (0, "CLOSED\n"), complained
    assert draft_of_a_new_site(workspace) == SAID
    assert list(documents.iterdir()) == []


def draft_of_a_new_site(workspace: Path) -> str:
    kept = json.loads((workspace / "drafts" / "site.new.json").read_text(encoding="utf-8"))
    return kept["values"]["name"]
