"""The backup of the day: made beside the window, in a process that gives way to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QTimer

from prevention_app.services import backups
from prevention_app.ui import backup_work
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session

_FIRST_MS: Final = 20_000
"""How long after the opening: what people do first has the computer for itself."""
_AGAIN_MS: Final = 3_600_000
"""A window may stay open for days."""


class DailyBackup(QObject):
    """Makes one when the day has none yet; says a word only where it goes wrong."""

    def __init__(self, session: Session, started: Callable[[Operation], None]) -> None:
        """Wait for a quiet moment; `started` is given each operation, to end it with the window."""
        super().__init__(session)
        self._session = session
        self._started = started
        self._tried_on = ""
        self._timer = QTimer(self, interval=_FIRST_MS)
        self._timer.timeout.connect(self.make_if_due)
        self._timer.start()

    def make_if_due(self) -> None:
        """Make the backup of the day, unless it was made or tried today already."""
        self._timer.setInterval(_AGAIN_MS)
        now = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
        today = now.date().isoformat()
        if self._tried_on == today or not backups.daily_is_due(self._session.folder, now):
            return
        self._tried_on = today
        making = Operation(
            "Sauvegarde du jour", backup_work.make_daily, self._session.folder, parent=self
        )
        making.failed.connect(self._tell)
        making.finished.connect(lambda _: self._tell_trouble())
        self._started(making)

    def _tell_trouble(self) -> None:
        trouble = backups.trouble(self._session.folder)
        if trouble:
            self._tell(trouble)

    def _tell(self, sentence: str) -> None:
        self._session.say(f"Sauvegarde du jour\u00a0: {sentence}", "info")
