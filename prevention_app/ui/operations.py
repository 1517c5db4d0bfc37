"""Long work in a process of its own: the window stays free, and work can be stopped.

A Python loop in a thread holds repaints for 95 to 310 ms, in a process for none. What goes in and
comes out is pickled; progress comes over a pipe; stopping is a message, then the end of the
process: an open transaction rolls back.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.errors import PreventionError
from prevention_app.services import failure_reports
from prevention_app.services.progress import Progress

_LOOK_MS: Final = 40
_PATIENCE_S: Final = 4.0
"""How long a process may take to stop by itself before it is ended."""
_BETWEEN_STEPS_S: Final = 0.05
_STOP: Final = "stop"
BROKEN: Final = (
    "Une panne du programme a interrompu ce travail : ce qui n’était pas fini n’est pas écrit. "
    "Le détail est dans le journal technique de cet ordinateur."
)

Work = Callable[..., Any]
"""A module-level function whose last argument, `progress`, it tells its steps to."""


def _terminate(process: SpawnProcess, *_: object) -> None:
    process.terminate()


class _Told(Progress):
    """Progress that goes to the window, and learns from it that the work is to stop."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._next = 0.0

    def step(self, done: int, total: int, words: str) -> None:
        """Tell a step, not more often than an eye can see."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BETWEEN_STEPS_S
            self._pipe.send(("step", (done, total, words)))
        self.check_cancelled()

    def check_cancelled(self) -> None:
        """Raise Cancelled when the window said so."""
        if self._pipe.poll() and self._pipe.recv() == _STOP:
            self.cancelled = True
        super().check_cancelled()


def _serve(pipe: Connection, work: Work, arguments: tuple[Any, ...]) -> None:
    """What the process does: the work, then its result or what stopped it."""
    try:
        result = work(*arguments, progress=_Told(pipe))
    except PreventionError as error:
        pipe.send(("failed", str(error)))
    except Exception as error:  # noqa: BLE001  (whatever it is, the window must hear of it)
        pipe.send(("broken", failure_reports.account_of(error)))
    else:
        pipe.send(("finished", result))
    finally:
        pipe.close()


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
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(theirs, work, arguments), daemon=True)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._process.start()
        # Where it was wanted is gone, as a page that is closed: nobody would hear of it.
        self.destroyed.connect(partial(_terminate, self._process))
        theirs.close()
        self._timer.start()

    def cancel(self) -> None:
        """Ask the work to stop; nothing half done stays."""
        if not self._stop_asked:
            self._stop_asked = time.monotonic()
            try:
                self._pipe.send(_STOP)
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
