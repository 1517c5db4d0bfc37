"""Whether there are other stations, and what came from them unread: for the list of pages."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services import inbox
from prevention_app.storage.query import Reader
from prevention_app.ui.readings import Readings
from prevention_app.ui.session import Session

_REST_MS: Final = 400
"""How long nothing is written before it is counted again."""


class ExchangeWatch(QObject):
    """Reads beside the window, at the opening and when something was written."""

    counted = Signal()

    def __init__(self, session: Session) -> None:
        """Nothing is read before it is asked for."""
        super().__init__(session)
        self._session = session
        self._readings = Readings(session, self)
        self.others = 0
        """How many other stations are known here."""
        self.unseen = 0
        """How many deliveries and alerts nobody has looked at."""
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self.look)
        session.changed.connect(lambda _: self._timer.start())

    def look(self) -> None:
        """Count again, now."""
        station = self._session.store.station

        def work(read: Reader) -> tuple[int, int]:
            return inbox.others(read, station), inbox.unseen(read)

        self._readings.ask(work, self._hear)

    def _hear(self, found: tuple[int, int]) -> None:
        self.others, self.unseen = found
        self.counted.emit()


def exchange_watch_of(session: Session) -> ExchangeWatch:
    """The watch of a session, made when first wanted."""
    return session.findChild(ExchangeWatch) or ExchangeWatch(session)
