"""The window is painted before any heavy library is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = {"docx", "numpy", "openpyxl", "pandas", "reportlab", "sqlalchemy", "sqlcipher3"}

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from prevention_app.ui import application
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening

app = application.make_application()
window = MainWindow()
opening = Opening(window, Path(sys.argv[1]))
window.painted.connect(
    lambda: print("PAINTED", *{name.partition(".")[0] for name in sys.modules}, flush=True)
)
opening.begin()
window.show()

def look():
    page = window.page
    if page is not None:
        print("OPENED", type(page).__name__, flush=True)
        app.quit()

timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
sys.exit(app.exec())
"""


def started(folder: Path) -> tuple[set[str], str]:
    said = subprocess.run(
        [sys.executable, "-c", START, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr
    lines = dict(line.split(" ", 1) for line in said.stdout.splitlines())
    assert list(lines) == ["PAINTED", "OPENED"]
    return set(lines["PAINTED"].split()), lines["OPENED"]


def test_the_first_paint_loads_no_heavy_library(folder) -> None:
    loaded, page = started(folder)
    assert "PySide6" in loaded
    assert loaded & HEAVY == set()
    assert page == "HomePage"


def test_without_a_workspace_the_first_page_offers_to_make_one(tmp_path) -> None:
    loaded, page = started(tmp_path / "absent.prevention")
    assert loaded & HEAVY == set()
    assert page == "FirstOpening"
