"""What is due, for all pages of the window: read here where it is little, else in a process.

Reading all that is due takes a tenth of a millisecond a record. A small workspace is read at once;
a large one in a process that lives as long as the window and keeps what it read, so that filters
answer quickly and the window never holds more than it shows.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from shiboken6 import isValid

from prevention_app.services import due_board
from prevention_app.services.due_board import DueBoard, Written
from prevention_app.services.due_list import DueAnswer, DueFigures, DueQuestion
from prevention_app.storage.work import SHARED
from prevention_app.ui import settings, side_process
from prevention_app.ui.session import Session

_NEAR: Final = 120
"""Up to so many records the list is read in the window itself, in less than a frame."""
_LOOK_MS: Final = 25
_QUIET_MS: Final = 400
"""How long nothing must be written before a large workspace is read again."""
_COUNT: Final = "count"

Heard = Callable[[DueAnswer], None]


class DueDesk(QObject):
    """Takes the questions of pages and gives the answers; the newest question of each counts."""

    counted = Signal(dict)
    """Register → how many of its items wait; « » what is late, « due » within 90 days."""
    remembered = Signal(DueFigures)
    """The counters of the last time, until those of now are read."""
    reading = Signal(bool)
    """Whether it is reading in its process."""

    def __init__(self, session: Session) -> None:
        """Nothing is read before the first question."""
        super().__init__(session)
        self.session = session
        self.mine: tuple[str, ...] = ()
        self._board = DueBoard()
        self._near: bool | None = None
        self._process: Any = None
        self._pipe: Any = None
        self._heard: dict[str, Heard] = {}
        self._asked: dict[str, DueQuestion] = {}
        self._forgotten: Written | None = {}
        self._open = 0
        self._kept = ""
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._listen)
        self._later = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._later.timeout.connect(self._send)
        session.changed.connect(self._on_written)
        session.owners_changed.connect(self._count)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end)

    # -- asking ----------------------------------------------------------------------------

    def ask(self, key: str, question: DueQuestion, heard: Heard) -> None:
        """Ask on behalf of a page; what it asked before and was not answered is forgotten."""
        self._heard[key] = heard
        if self._is_near():
            self._tell(key, self._board.answer(self.session.store, question))
            return
        if not self._pipe:
            self._show_remembered()
        self._asked[key] = question
        if not self._later.isActive():
            self._send()

    def question(self, **wanted: Any) -> DueQuestion:
        """A question about the department that is looked at, by the person who sits here."""
        if not self.mine:
            with self.session.store.reading() as read:
                self.mine = due_board.mine(
                    read, self.session.store.station, self.session.store.author
                )
        owner = self.session.owner
        return DueQuestion(
            today=self.session.store.today(),
            owners=(owner, SHARED) if owner else (),
            mine=(*self.mine, *settings.remembered_list(self._mine_key)),
            **wanted,
        )

    @property
    def is_waiting(self) -> bool:
        """Whether what was written is still to be read."""
        return self._later.isActive() or self._open > 0

    @property
    def is_reading(self) -> bool:
        """Whether an answer is on its way."""
        return self._open > 0

    def claim(self, responsible: str) -> bool:
        """Count a responsible among those who are the user, or no longer; returns which."""
        kept = settings.remembered_list(self._mine_key)
        claimed = responsible not in kept
        kept = [*kept, responsible] if claimed else [each for each in kept if each != responsible]
        settings.remember(self._mine_key, kept)
        return claimed

    @property
    def _mine_key(self) -> str:
        return f"due/mine/{self.session.store.station}"

    # -- reading ---------------------------------------------------------------------------

    def _is_near(self) -> bool:
        if self._near is None:
            with self.session.store.reading() as read:
                self._near = due_board.size(read, _NEAR + 1) <= _NEAR
        return self._near

    def _on_written(self, registers: set[str] | None) -> None:
        written = self._written(registers)
        if self._near:
            self._near = None  # it may have grown
            self._board.forget(self.session.store, written)
        self._forgotten = _both(self._forgotten, written)
        if self._near is False:
            self._later.start()
        self._count()

    def _written(self, registers: set[str] | None) -> Written | None:
        if registers is None:
            return None
        ids: dict[str, set[str]] = {key: set() for key in registers}
        for register, record_id in self.session.touched:
            ids.setdefault(register, set()).add(record_id)
        return {key: frozenset(ids[key]) for key in registers}

    def _count(self) -> None:
        """Count anew for the navigation, whichever page is shown."""
        if self._near is not None or self._heard:
            self.ask(_COUNT, replace(self.question(), lines=0), lambda _: None)

    def _send(self) -> None:
        """Ask what is to be asked, once what was asked before is answered."""
        if not self._asked or self._open:
            return
        pipe = self._pipe or self._start()
        try:
            pipe.send((self._forgotten, self._asked))
        except OSError:
            self._lose()
            return
        self._open += len(self._asked)
        self._asked, self._forgotten = {}, {}
        self._look.start()
        self.reading.emit(True)

    def _start(self) -> Any:
        from prevention_app.ui.due_process import serve

        self._process, self._pipe = side_process.start(serve, self.session.folder)
        self._forgotten = {}
        return self._pipe

    def _listen(self) -> None:
        """Hear one answer at a turn: each is laid out at once."""
        try:
            if self._pipe is None or not self._pipe.poll():
                return
            key, question, told = self._pipe.recv()
        except (EOFError, OSError):
            self._lose()
            return
        self._open -= 1
        if isinstance(told, str):
            self.session.say(told, "bad")
        elif key not in self._asked:
            # In a turn of their own, so that reading an answer and showing it are two short steps.
            QTimer.singleShot(0, self, partial(self._tell, key, told))
            QTimer.singleShot(0, self, partial(self._remember, question, told))
        if not self._open:
            self._look.stop()
            self.reading.emit(False)
            if not self._later.isActive():
                self._send()

    def _tell(self, key: str, told: DueAnswer) -> None:
        heard = self._heard[key]
        page = getattr(heard, "__self__", None)
        if isinstance(page, QObject) and not isValid(page):
            del self._heard[key]  # the page was closed meanwhile
        else:
            heard(told)
        self.counted.emit(dict(told.waiting))

    def _lose(self) -> None:
        """The process ended without a word."""
        self.end()
        self.reading.emit(False)
        self.session.say("Les échéances n’ont pas pu être lues\u00a0: actualisez (F5).", "bad")

    def end(self) -> None:
        """End the process; the next question starts another one."""
        self._look.stop()
        self._later.stop()
        if self._process is not None:
            self._process.terminate()
            self._process.join(1)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        self._open = 0

    # -- between two sessions --------------------------------------------------------------

    def _remember(self, question: DueQuestion, told: DueAnswer) -> None:
        if question.sought.mine:
            return
        kept = json.dumps([question.owners, told.waiting, asdict(told.figures)])
        if kept != self._kept:
            self._kept = kept
            settings.remember(self._last_key, kept)

    def _show_remembered(self) -> None:
        """Numbers of the last time, until those of now are read."""
        with contextlib.suppress(ValueError, TypeError):
            owners, waiting, figures = json.loads(str(settings.remembered(self._last_key, "")))
            if tuple(owners) == self.question().owners:
                self.counted.emit({str(key): int(number) for key, number in waiting.items()})
                self.remembered.emit(DueFigures(**figures))

    @property
    def _last_key(self) -> str:
        return f"due/last/{self.session.store.station}"


def _both(one: Written | None, other: Written | None) -> Written | None:
    """What was written in either; the ids of a register only where both know them."""
    if one is None or other is None:
        return None
    found = dict(one)
    for register, ids in other.items():
        before = found.get(register, ids)
        found[register] = before | ids if before and ids else frozenset()
    return found


def desk_of(session: Session) -> DueDesk:
    """The desk of a session, made when first wanted."""
    return session.findChild(DueDesk) or DueDesk(session)
