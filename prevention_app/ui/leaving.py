"""The system asks the program to end: what was typed is kept, then the window closes.

SIGTERM (a service that stops, `kill`), Ctrl C in the console it was started from, the end of the
desktop session. Python runs its signal handlers between two of its own steps, and an idle window
makes none: a socket that the signal writes to wakes Qt.
"""

from __future__ import annotations

import signal
import socket
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QSessionManager

from prevention_app.ui.main_window import MainWindow

_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""Those that the system has: Windows knows no hang-up, Linux no break."""


class Leaving(QObject):
    """Closes a window when the system wants it."""

    def __init__(self, window: MainWindow, application: QGuiApplication) -> None:
        """Listen from now on."""
        super().__init__(window)
        self._window = window
        self._application = application
        self._ours, self._theirs = socket.socketpair()
        for each in (self._ours, self._theirs):
            each.setblocking(False)
        reading = QSocketNotifier.Type.Read
        self._notifier = QSocketNotifier(self._ours.fileno(), reading, self)
        self._notifier.activated.connect(self._on_signal)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for name in _SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _noted)
        application.commitDataRequest.connect(self._on_session_end)
        application.aboutToQuit.connect(self._keep)

    def _on_signal(self) -> None:
        self._notifier.setEnabled(False)
        self._keep()
        self._window.close()
        self._application.quit()  # dialogs that are still open do not hold it

    def _on_session_end(self, _manager: QSessionManager) -> None:
        """The session may yet go on: nothing is closed, but nothing could be lost any more."""
        self._keep()

    def _keep(self) -> None:
        if self._window.page is not None:
            self._window.page.keep_drafts()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The socket has been written to by now; without a handler the signal would kill."""
