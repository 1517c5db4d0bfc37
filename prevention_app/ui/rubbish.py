"""Collecting what Python keeps in circles, at moments of the window's own choosing.

Left to itself, the interpreter looks through all it holds when it has made enough objects: in the
midst of typing, for longer than a repaint may wait, or in a thread, which then ends widgets.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY_MS: Final = 1_000
_WHOLE_UNSEEN: Final = 60
_WHOLE_SEEN: Final = 3_600
"""After how many of these times all is looked through, which may be seen: soon where people look
at another program, otherwise each hour."""


class Rubbish(QObject):
    """Collects in the window's thread; nothing is collected by itself any more."""

    def __init__(self, parent: QObject) -> None:
        """Begin; what is held by now stays, and is never looked through."""
        super().__init__(parent)
        self._times = 0
        gc.disable()
        gc.freeze()
        timer = QTimer(self)
        timer.setInterval(_EVERY_MS)
        timer.timeout.connect(self.collect)
        timer.start()

    def collect(self) -> None:
        """Look through what is new; now and then through all that was not kept."""
        self._times += 1
        seen = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        if self._times < (_WHOLE_SEEN if seen else _WHOLE_UNSEEN):
            gc.collect(1)
        else:
            self._times = 0
            gc.collect()
