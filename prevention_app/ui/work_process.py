"""What a process of long work does: no Qt here, so that it starts quickly."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from prevention_app.errors import PreventionError
from prevention_app.services import failure_reports
from prevention_app.services.progress import Progress

STOP: Final = "stop"
_BETWEEN_STEPS_S: Final = 0.05

Work = Callable[..., Any]
"""A module-level function whose last argument, `progress`, it tells its steps to."""


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
        if self._pipe.poll() and self._pipe.recv() == STOP:
            self.cancelled = True
        super().check_cancelled()


def serve(pipe: Connection, work: Work, arguments: tuple[Any, ...]) -> None:
    """Do the work; send its result, or what stopped it.

    Sends ("step", (done, total, words)) again and again, then one of ("finished", result),
    ("failed", sentence for the user) and ("broken", account for the log).
    """
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
