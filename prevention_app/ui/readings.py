"""Reading without keeping the window waiting: what is quick at once, the rest beside it.

A statement of SQLite runs outside the interpreter's lock, so that a thread which waits for one
holds no repaint; what takes Python long belongs into a process (`operations`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, QTimer

from prevention_app.errors import PreventionError
from prevention_app.storage.query import GivenUp, Reader
from prevention_app.storage.store import Store
from prevention_app.ui.session import Session

QUICK_S: Final = 0.012
"""How long reading may hold the window in one turn, in seconds of work."""
_LOOK_MS: Final = 15
_STEPS: Final = 200_000
"""Steps of SQLite's machine between two questions of a thread whether to go on: some 10 ms."""

T = TypeVar("T")
Tell = Callable[[Any], None]


class Reading:
    """Something that is being read in a thread; it may be given up at any time."""

    def __init__(self, hear: Tell) -> None:
        """Nothing told yet; `hear` is given what is told, in the window's own thread."""
        self.hear = hear
        self.wanted = True
        self.told: SimpleQueue[Any] = SimpleQueue()
        self.ended = threading.Event()

    def give_up(self) -> None:
        """Nobody wants it any more: it stops, and nothing more of it is heard."""
        self.wanted = False


class Readings(QObject):
    """All that is being read for one page."""

    def __init__(self, session: Session, parent: QObject) -> None:
        """Nothing is read yet."""
        super().__init__(parent)
        self._session = session
        self._under_way: list[Reading] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._spent = 0.0
        """Seconds of work for readings at once since the window last had its turn."""
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._begin_turn)
        self.destroyed.connect(_giver_up(self._under_way))

    def at_once(self, work: Callable[[Reader], T]) -> T:
        """The answer, if it is there at once; raises GivenUp otherwise.

        What is asked one after the other without a turn of the window shares its time.
        """
        start = time.thread_time() - self._spent
        self._turn.start()

        def quick() -> bool:
            return time.thread_time() - start < QUICK_S

        try:
            with self._session.store.reading() as read, read.while_wanted(quick):
                return work(read)
        finally:
            self._spent = time.thread_time() - start

    def _begin_turn(self) -> None:
        self._spent = 0.0

    def later(self, work: Callable[[Reader, Tell], None], hear: Tell) -> Reading:
        """Let a thread read; what it tells is heard when the event loop is free."""
        reading = Reading(hear)
        self._under_way.append(reading)
        threading.Thread(
            target=_read, args=(self._session.store, reading, work), daemon=True
        ).start()
        self._timer.start()
        return reading

    def ask(self, work: Callable[[Reader], T], hear: Callable[[T], None]) -> Reading | None:
        """Let `hear` have the answer: now if it is quick, else as soon as it is read."""
        try:
            found = self.at_once(work)
        except GivenUp:
            return self.later(lambda read, tell: tell(work(read)), hear)
        hear(found)
        return None

    def _look(self) -> None:
        """Let what was told be heard, one thing at a time: between two the window may repaint."""
        for reading in list(self._under_way):
            over = reading.ended.is_set()
            if reading.wanted and not reading.told.empty():
                reading.hear(reading.told.get_nowait())
                return
            if over or not reading.wanted:
                self._under_way.remove(reading)
        if not self._under_way:
            self._timer.stop()


def _giver_up(under_way: list[Reading]) -> Callable[[], None]:
    def give_up() -> None:
        for reading in under_way:
            reading.give_up()

    return give_up


def _read(store: Store, reading: Reading, work: Callable[[Reader, Tell], None]) -> None:
    """What the thread does."""
    try:
        with store.reading() as read, read.while_wanted(lambda: reading.wanted, _STEPS):
            work(read, reading.told.put)
    except GivenUp:
        pass
    except PreventionError as error:
        logging.getLogger(__name__).warning("%s", error)
    except Exception:
        if reading.wanted:
            logging.getLogger(__name__).exception("reading beside the window")
    finally:
        reading.ended.set()
