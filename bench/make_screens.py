"""A picture of every page, light and dark: make_screens.py WORKSPACE FOLDER [WIDTHxHEIGHT] [SCALE].

Run it on a demonstration workspace, with the platform « offscreen » or a virtual screen; the
pictures are laid beside those of the version before.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

SIZE = "1440x900"
WAIT_S = 20.0
READING = ("Lecture", "Mise à jour")
"""How a page begins to say that it is not there yet."""
STILL = 5
"""So many looks must show the same: what is read in a process comes after some seconds."""


def main() -> None:
    """Take the pictures that the command line asks for."""
    workspace, folder = Path(sys.argv[1]), Path(sys.argv[2])
    wide, high = map(int, (sys.argv[3] if len(sys.argv) > 3 else SIZE).split("x"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = sys.argv[4] if len(sys.argv) > 4 else "1"
    # What this user's own window remembers is left alone.
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="screens-")
    from prevention_app.ui import application, theme

    folder.mkdir(parents=True, exist_ok=True)
    started = application.make_application()
    for colours in (theme.LIGHT, theme.DARK):
        application.use_theme(started, colours)
        take_pictures(workspace, folder, colours, (wide, high))


def take_pictures(workspace: Path, folder: Path, colours: str, size: tuple[int, int]) -> None:
    """Every page of the navigation in these colours, the palette, and the first opening."""
    from prevention_app import bootstrap
    from prevention_app.ui.first_opening import FirstOpening
    from prevention_app.ui.main_window import MainWindow
    from prevention_app.ui.places import PURPOSES
    from prevention_app.ui.workspace import Workspace

    frame = MainWindow()
    frame.resize(*size)
    frame.show_page(FirstOpening())
    frame.show()
    take(frame, folder, "first_opening", colours)
    opened = Workspace(
        frame, bootstrap.open_workspace(workspace), lambda: bootstrap.open_workspace(workspace)
    )
    registers = [each.key for each in opened.session.store.catalogue.registers]
    for key in (*(each.key for each in PURPOSES), *registers):
        opened.go(key)
        take(frame, folder, key, colours)
    opened.go("risk_document")
    opened.ask()
    take(frame, folder, "palette", colours)
    frame.close()
    opened.session.store.close()


def take(frame: object, folder: Path, name: str, colours: str) -> None:
    """Wait until nothing moves any more, then keep what the window shows."""
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    assert isinstance(frame, QWidget)
    seen: list[object] = []
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until and (len(seen) < STILL or seen[-1] != seen[-STILL]):
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.01)
        labels = [each.text() for each in frame.findChildren(QLabel) if each.isVisible()]
        if not any(each.startswith(READING) for each in labels):
            seen.append(frame.grab().toImage())
    frame.grab().save(str(folder / f"{name}-{colours}.png"))
    print(folder / f"{name}-{colours}.png")


if __name__ == "__main__":
    main()
