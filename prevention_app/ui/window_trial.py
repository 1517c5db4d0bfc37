"""A window that opens, is painted once and closes: what the self-test asks of Qt on a computer."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication

from prevention_app.ui import application
from prevention_app.ui.main_window import MainWindow

_FONT = "Inter"
_LIMIT_MS = 60_000


def try_window(answer: Path) -> int:
    """Open the empty frame and write what Qt says of this computer; returns the exit code."""
    running = application.make_application()
    window = MainWindow()
    window.fill()

    def tell() -> None:
        screens = [
            f"{each.size().width()} × {each.size().height()} ({each.devicePixelRatio():.0%})"
            for each in QGuiApplication.screens()
        ]
        told = {
            "qt": qVersion(),
            "platform": QGuiApplication.platformName(),
            "screens": screens,
            "font": _FONT in QFontDatabase.families(),
        }
        answer.write_text(json.dumps(told), encoding="utf-8")
        running.exit(0)

    window.painted.connect(tell)
    window.show()
    QTimer.singleShot(_LIMIT_MS, lambda: running.exit(1))
    return running.exec()
