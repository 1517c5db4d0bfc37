"""The program with a window: painted first, then made, then opened on a workspace."""

from __future__ import annotations

import gc
import sys
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from prevention_app import paths
from prevention_app.ui.main_window import MainWindow

# Nothing above may import what a bare window does not need: it is painted first.

_REST_MS: Final = 1500
"""How long after the first page its own reading has the processor for itself."""


_TURN_S: Final = 0.001
"""How long a thread that reads may keep the interpreter from the window, which gives it away at
each call of Qt."""


def run_window(folder: str | None) -> int:
    """Open the window on a workspace, or the default one; returns the exit code."""
    application = QApplication(sys.argv[:1])
    _window = show_window(application, Path(folder) if folder else paths.default_workspace())
    return application.exec()


def show_window(application: QApplication, folder: Path) -> MainWindow:
    """A window that is painted empty, then gets its parts, then opens a workspace."""
    _let_sources_be()
    sys.setswitchinterval(_TURN_S)
    gc.disable()  # what is loaded now stays: looking through it for rubbish only takes time
    window = MainWindow()
    go_on = partial(_open_in, window, application, folder)
    window.painted.connect(lambda: QTimer.singleShot(0, go_on))
    window.page_shown.connect(partial(_settle, window))
    window.show()
    return window


def _let_sources_be() -> None:
    """Keep PySide from reading the source of every module that is imported.

    It looks there for its own name, to know where its optional features may be asked for; we ask
    for none. A packed program, which has no sources, runs like this as well.
    """
    feature: Any = sys.modules.get("shibokensupport.feature")
    if feature is not None:
        feature._mod_uses_pyside = lambda _module: False  # noqa: SLF001


def _settle(window: MainWindow, _page: object) -> None:
    """The first page is there: collect rubbish from now on, and soon load the other pages."""
    from prevention_app.ui.rubbish import Rubbish

    if window.findChild(Rubbish) is not None:
        return  # not the first one
    Rubbish(window)
    QTimer.singleShot(_REST_MS, _load_ahead)


def _load_ahead() -> None:
    Thread(target=_load_pages, name="load-ahead", daemon=True).start()


def _load_pages() -> None:
    """What a thread does while nothing is asked; modules stay, and are not looked through."""
    from prevention_app.ui.page_making import load_ahead

    load_ahead()
    gc.freeze()


def _open_in(window: MainWindow, application: QApplication, folder: Path) -> None:
    from prevention_app.ui.application import dress
    from prevention_app.ui.leaving import Leaving
    from prevention_app.ui.opening import Opening

    dress(application)
    opening = Opening(window, folder)
    Leaving(window, application)
    opening.begin()
