"""Writing waits for its turn while another process writes; the window stays free meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.errors import Busy, PreventionError

_LOOK_MS: Final = 300
"""Between two looks whether others have written and it is the turn of what waits."""
WAITS: Final = "Un autre travail écrit en ce moment dans cet espace de travail."

Act = Callable[[], object]
Failed = Callable[[PreventionError], object]


class Turn(QObject):
    """What waits to be written, in its order; each under a key that only one act has."""

    failed = Signal(str)
    """What waited was refused when its turn came."""

    def __init__(self, is_being_written: Callable[[], bool], parent: QObject) -> None:
        """Nothing waits."""
        super().__init__(parent)
        self._is_being_written = is_being_written
        self._waiting: dict[Hashable, tuple[Act, Failed]] = {}
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    def take(self, key: Hashable, act: Act, failed: Failed | None = None) -> bool:
        """Do something now, or when it is its turn; returns whether it is done.

        What waits under the same key is replaced. Now, errors are the caller's; later, they are
        told to `failed`, or else to the user.
        """
        if not self._waiting and not self._is_being_written():
            try:
                act()
            except Busy:  # another one was quicker
                pass
            else:
                return True
        self.wait(key, act, failed)
        return False

    def wait(self, key: Hashable, act: Act, failed: Failed | None = None) -> None:
        """Do something when it is its turn."""
        self._waiting[key] = (act, failed or (lambda error: self.failed.emit(str(error))))
        if not self._timer.isActive():
            self._timer.start(_LOOK_MS)

    def leave(self, key: Hashable) -> bool:
        """What waits under a key is no longer wanted; returns whether anything did."""
        return self._waiting.pop(key, None) is not None

    def finish(self) -> None:
        """The program ends: do what can be done; what cannot was told to wait, and is dropped."""
        self._timer.stop()
        while self._waiting and not self._is_being_written():
            act, _ = self._waiting.pop(next(iter(self._waiting)))
            with contextlib.suppress(PreventionError):
                act()

    def _look(self) -> None:
        """Do what waits first; the next one when the window had its own turn."""
        pause = _LOOK_MS
        if self._waiting and not self._is_being_written():
            key = next(iter(self._waiting))
            act, failed = self._waiting.pop(key)
            try:
                act()
            except Busy:
                self._waiting = {key: (act, failed), **self._waiting}
            except PreventionError as error:
                failed(error)
            else:
                pause = 0
        if self._waiting:
            self._timer.start(pause)
