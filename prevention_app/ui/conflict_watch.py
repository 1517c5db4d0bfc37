"""How much waits to be settled: counted when something was written, for the list of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services import conflicts, cross_checks
from prevention_app.services.conflicts import Place
from prevention_app.services.cross_checks import Finding
from prevention_app.storage.query import Reader
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.session import Session

_REST_MS: Final = 250
"""How long nothing is written before it is counted again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be settled."""

    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()


class ConflictWatch(QObject):
    """Reads beside the window; checks across records only where a merge can have left anything."""

    counted = Signal()
    """What waits was read again."""

    def __init__(self, session: Session) -> None:
        """Nothing is read before it is asked for."""
        super().__init__(session)
        self._session = session
        self._readings = Readings(session, self)
        self._reading: Reading | None = None
        self.waiting = Waiting()
        self._check = True
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self.look)
        session.changed.connect(self._on_changed)
        session.owners_changed.connect(self._on_owners)

    @property
    def values(self) -> int:
        """How many values wait to be settled."""
        return len(self.waiting.places)

    @property
    def anything(self) -> bool:
        """Whether there are values to settle, or doubles and checks to look at."""
        return bool(self.waiting.places or self.waiting.findings)

    def _on_changed(self, registers: set[str] | None) -> None:
        # What came from elsewhere may bring findings; what is written here only takes them away.
        self._check |= registers is None or bool(self.waiting.findings)
        self._timer.start()

    def _on_owners(self) -> None:
        self._check = True
        self._timer.start()

    def look(self) -> None:
        """Count again, now."""
        self._timer.stop()
        if self._reading is not None:
            self._reading.give_up()
        owners, checks = self._session.owners_shown, self._check
        held = self.waiting.findings
        today = self._session.store.today()

        def work(read: Reader) -> Waiting:
            findings = held
            if checks:
                merged = cross_checks.was_merged(read)
                findings = tuple(cross_checks.findings(read, today, owners)) if merged else ()
            return Waiting(tuple(conflicts.places(read, owners)), findings)

        self._reading = self._readings.ask(work, self._hear)

    def _hear(self, waiting: Waiting) -> None:
        self._check = False
        self.waiting = waiting
        self.counted.emit()


def watch_of(session: Session) -> ConflictWatch:
    """The watch of a session, made when first wanted."""
    return session.findChild(ConflictWatch) or ConflictWatch(session)
