"""Long work in a process of its own: the window stays free, and work can be stopped.

A Python loop in a thread holds repaints for 95 to 310 ms, in a process for none. What goes in and
comes out is pickled; progress comes over a pipe; stopping is a message, then the end of the
process: an open transaction rolls back.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.ui import side_process, work_process
from prevention_app.ui.work_process import Work

_LOOK_MS: Final = 40
_PATIENCE_S: Final = 4.0
"""How long a process may take to stop by itself before it is ended."""
BROKEN: Final = (
    "Une panne du programme a interrompu ce travail : ce qui n’était pas fini n’est pas écrit. "
    "Le détail est dans le journal technique de cet ordinateur."
)


class Operation(QObject):
    """One piece of long work under way."""

    progressed = Signal(int, int, str)
    finished = Signal(object)
    failed = Signal(str)
    """A finished French sentence."""
    ended = Signal()
    """It is over, however it went."""

    def __init__(self, name: str, work: Work, *arguments: Any, parent: QObject) -> None:
        """Start the work; `name` is what the window calls it."""
        super().__init__(parent)
        self.name = name
        self._stop_asked = 0.0
        self._process, self._pipe = side_process.start(work_process.serve, work, arguments)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.destroyed.connect(side_process.ended_by(self._process))
        self._timer.start()

    def cancel(self) -> None:
        """Ask the work to stop; nothing half done stays."""
        if not self._stop_asked:
            self._stop_asked = time.monotonic()
            try:
                self._pipe.send(work_process.STOP)
            except OSError:
                self._look()

    @property
    def stopping(self) -> bool:
        """Whether the user asked it to stop."""
        return self._stop_asked > 0

    def _look(self) -> None:
        try:
            while self._timer.isActive() and self._pipe.poll():
                kind, told = self._pipe.recv()
                self._hear(kind, told)
        except (EOFError, OSError):
            self._lost()
        if self._stop_asked and time.monotonic() - self._stop_asked > _PATIENCE_S:
            self._process.terminate()

    def _hear(self, kind: str, told: Any) -> None:
        if kind == "step":
            if not self._stop_asked:
                self.progressed.emit(*told)
            return
        self._close()
        if kind == "finished":
            self.finished.emit(told)
        elif kind == "failed":
            self.failed.emit(told)
        else:
            logging.getLogger(__name__).error("%s:\n%s", self.name, told)
            self.failed.emit(BROKEN)
        self.ended.emit()

    def _lost(self) -> None:
        """The process ended without a word: it was ended, or it crashed."""
        if not self._timer.isActive():
            return
        self._close()
        self.failed.emit("Arrêté à votre demande." if self._stop_asked else BROKEN)
        self.ended.emit()

    def _close(self) -> None:
        """Hear no more; a process takes a while to end, which nobody waits for."""
        self._timer.stop()
        self._pipe.close()

    def end(self) -> None:
        """End the process at once: the window closes."""
        if self._timer.isActive():
            self._process.terminate()
            self._close()
            self._process.join(1)
