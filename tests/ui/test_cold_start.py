"""The window is painted before any heavy library is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NEEDED = {f"prevention_app{each}" for each in ("", ".paths", ".ui")} | {
    f"prevention_app.ui.{each}" for each in ("main_window", "settings", "start")
}
HEAVY = {"docx", "numpy", "openpyxl", "pandas", "reportlab", "sqlalchemy", "sqlcipher3"}

START = """
import gc
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from prevention_app.ui import start

app = QApplication(sys.argv[:1])
window = start.show_window(app, Path(sys.argv[1]))
window.painted.connect(lambda: print("PAINTED", *sys.modules, flush=True))

def look():
    if window.page is not None and "prevention_app.ui.settings_page" in sys.modules:
        print("OPENED", type(window.page).__name__, flush=True)
        print("COLLECTING", gc.isenabled(), len(window.findChildren(Rubbish)), flush=True)
        app.quit()

def begin():
    global Rubbish
    from prevention_app.ui.rubbish import Rubbish
    timer.start()

window.painted.connect(begin)
timer = QTimer(interval=20)
timer.timeout.connect(look)
sys.exit(app.exec())
"""


def started(folder: Path) -> tuple[set[str], str]:
    """The modules of the first paint, and the first page.

    Waits until the pages that nobody asked for yet are loaded; from then on, the interpreter looks
    for rubbish only when the window lets it.
    """
    said = subprocess.run(
        [sys.executable, "-c", START, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr
    lines = dict(line.split(" ", 1) for line in said.stdout.splitlines())
    assert list(lines) == ["PAINTED", "OPENED", "COLLECTING"]
    assert lines["COLLECTING"] == "False 1"
    return set(lines["PAINTED"].split()), lines["OPENED"]


def test_the_first_paint_loads_no_heavy_library(folder) -> None:
    loaded, page = started(folder)
    assert "PySide6" in loaded
    assert {each.partition(".")[0] for each in loaded} & HEAVY == set()
    ours = {each for each in loaded if each.partition(".")[0] == "prevention_app"}
    assert ours == NEEDED, "what the first paint does not need is loaded after it"
    assert page == "HomePage"


def test_without_a_workspace_the_first_page_offers_to_make_one(tmp_path) -> None:
    _, page = started(tmp_path / "absent.prevention")
    assert page == "FirstOpening"
