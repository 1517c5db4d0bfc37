"""The real window on a real display: it opens, shows its workspace, and closes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

OPEN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from prevention_app.ui import application
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening

app = application.make_application()
window = MainWindow()
opening = Opening(window, Path(sys.argv[1]))
opening.begin()
window.show()

def look():
    if window.page is not None:
        timer.stop()
        QTimer.singleShot(500, finish)

def finish():
    window.screen().grabWindow(window.winId()).save(sys.argv[2])
    print(app.platformName(), window.page.title)
    window.close()

timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
sys.exit(app.exec())
"""


def test_the_real_window_opens_on_a_display(folder, open_store) -> None:
    if shutil.which("xvfb-run") is None:
        if os.environ.get("CI"):
            pytest.fail("xvfb-run is missing: .ci/run installs it")
        pytest.skip("xvfb-run is not installed")
    store = open_store()
    with store.change("Ajouter") as work:
        work.new("site", name="Collège du Val-Fleuri")
    store.close()
    picture = CHECKOUT / "build" / "window.png"
    picture.parent.mkdir(exist_ok=True)
    picture.unlink(missing_ok=True)
    program = (sys.executable, "-c", OPEN)
    said = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24", *program, str(folder), str(picture)],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.split(maxsplit=1) == ["xcb", "Accueil\n"]
    assert len(colours(picture)) > 20


def colours(picture: Path) -> set[int]:
    """The colours of a picture, looked at every ten pixels: a blank one has few."""
    from PySide6.QtGui import QImage

    image = QImage(str(picture))
    assert not image.isNull()
    assert image.width() >= 1180
    return {
        image.pixel(x, y) for x in range(0, image.width(), 10) for y in range(0, image.height(), 10)
    }
