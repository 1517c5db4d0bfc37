"""The system ends the program: the window closes at once, and what was typed is kept."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LIMIT_S = 6.0

TYPE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from prevention_app.ui import application, leaving
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.record_page import RecordPage
from prevention_app.ui.session import Session

app = application.make_application()
folder = Path(sys.argv[1])
store = Store(folder, declared_catalogue())
session = Session(store, lambda: Store(folder, declared_catalogue()))
window = MainWindow()
leaving.Leaving(window, app)
page = RecordPage(session, store.catalogue["site"])
window.show()
window.show_page(page)
page.new_record()
line = page.form.boxes["name"].editor.inner
for letter in "Écluse":
    key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
    QApplication.sendEvent(line, key)
if sys.argv[2:] == ["dialog"]:
    QTimer.singleShot(0, lambda: (print("READY", flush=True), QDialog(window).exec()))
else:
    QTimer.singleShot(0, lambda: print("READY", flush=True))
code = app.exec()
print("CLOSED", flush=True)
sys.exit(code)
"""


def kept(folder: Path) -> str:
    body = json.loads((folder / "drafts" / "site.new.json").read_text(encoding="utf-8"))
    return body["values"]["name"]


def started(folder: Path, *more: str, **environment: str) -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [sys.executable, "-c", TYPE, str(folder), *more],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout.readline() == "READY\n", program.communicate(timeout=10)
    return program


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal from outside")
@pytest.mark.parametrize(
    ("number", "more"), [(signal.SIGTERM, ()), (signal.SIGTERM, ("dialog",)), (signal.SIGINT, ())]
)
def test_a_signal_closes_the_window_with_the_draft_kept(folder, number, more) -> None:
    program = started(folder, *more)
    began = time.monotonic()
    program.send_signal(number)
    said, complained = program.communicate(timeout=30)
    assert time.monotonic() - began < LIMIT_S
    assert (program.returncode, said) == (0, "CLOSED\n"), complained
    assert kept(folder) == "Écluse"


def test_the_end_of_the_session_keeps_the_draft_before_anything_is_closed(
    window, type_text, qapp
) -> None:
    from prevention_app.ui.leaving import Leaving

    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    listening = Leaving(window.window, qapp)
    try:
        window.go("site")
        window.window.page.new_record()
        type_text(window.window.page.form.boxes["name"].editor.inner, "Écluse")
        listening._on_session_end(None)
        assert kept(window.session.folder) == "Écluse"
        assert window.window.isVisible()
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        listening._notifier.setEnabled(False)
        listening._ours.close()
        listening._theirs.close()


def test_the_end_of_the_display_loses_nothing(folder) -> None:
    if shutil.which("Xvfb") is None:
        if os.environ.get("CI"):
            pytest.fail("Xvfb is missing: .ci/run installs it")
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    program = started(folder, DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
    time.sleep(1)
    display.kill()
    began = time.monotonic()
    program.communicate(timeout=30)
    display.wait()
    assert time.monotonic() - began < LIMIT_S
    assert kept(folder) == "Écluse"
