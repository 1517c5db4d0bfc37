"""The hub in the window: a process that follows it, and a few discreet words at the foot."""

from __future__ import annotations

import time
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QPushButton

from prevention_app.i18n import NO_BREAK
from prevention_app.services import hub_way
from prevention_app.ui import side_process, style, words
from prevention_app.ui.hub_process import NO_WAY, Told, serve
from prevention_app.ui.session import Session

_LOOK_MS: Final = 250
_COUNT_MS: Final = 1000
_NOW: Final = "now"


class HubFollower(QObject):
    """Follows the hub in a process of its own, as long as a way in is kept for this station."""

    told = Signal()
    """Where it stands has changed."""
    came = Signal()
    """Something came that pages show."""

    def __init__(self, session: Session, parent: QObject) -> None:
        """Nothing runs before `start`."""
        super().__init__(parent)
        self._session = session
        self.state: Told | None = None
        """What was told last; None before the first word."""
        self.trouble = ""
        """Why there is no following; empty where there is."""
        self._heard_at = 0.0
        self._process: Any = None
        self._pipe: Any = None
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._listen)

    @property
    def runs(self) -> bool:
        """Whether the hub is followed."""
        return self._process is not None

    def start(self) -> None:
        """Follow from now on, where a way in is kept; what ran before ends."""
        self.end()
        self.state, self.trouble = None, ""
        if hub_way.remembered(self._session.store) is not None:
            self._process, self._pipe = side_process.start(serve, self._session.folder)
            self.destroyed.connect(side_process.ended_by(self._process))
            self._look.start()
        self.told.emit()

    def exchange_now(self) -> None:
        """Do not wait for the end of a pause."""
        if not self.runs:
            self.start()
            return
        try:
            self._pipe.send(_NOW)
        except OSError:
            self._lost()

    def end(self) -> None:
        """Follow no more: an exchange under way is taken back, and made again next time."""
        self._look.stop()
        if self._process is not None:
            self._process.terminate()
            self._pipe.close()
            self._process.join(1)
        self._process = self._pipe = None

    def retry_in(self) -> int:
        """Seconds until it is tried again."""
        if self.state is None:
            return 0
        return max(0, round(self.state.retry_s - (time.monotonic() - self._heard_at)))

    def _listen(self) -> None:
        try:
            while self._pipe is not None and self._pipe.poll():
                kind, told = self._pipe.recv()
                self._hear(kind, told)
        except (EOFError, OSError):
            self._lost()

    def _hear(self, kind: str, told: Any) -> None:
        if kind == NO_WAY:
            self.trouble = told
            self.end()
        else:
            self.state, self._heard_at = told, time.monotonic()
            if told.came:
                self.came.emit()
        self.told.emit()

    def _lost(self) -> None:
        """The process ended without a word."""
        self.end()
        self.trouble = "Le suivi de la base commune s’est arrêté."
        self.told.emit()


class HubStatus(QPushButton):
    """« Base commune : 14:05 », « hors ligne, réessaie dans 12 s »; hidden without a hub."""

    def __init__(self, follower: HubFollower) -> None:
        """Say nothing before the follower does."""
        super().__init__()
        self._follower = follower
        self.setObjectName("hub_status")
        self.setFlat(True)
        style.mark(self, "look", "link")
        self.hide()
        self._count = QTimer(self, interval=_COUNT_MS)
        self._count.timeout.connect(self.show_state)
        follower.told.connect(self.show_state)

    def show_state(self) -> None:
        """Say where following the hub stands now."""
        follower = self._follower
        state = follower.state
        self.setVisible(follower.runs or bool(follower.trouble))
        offline = follower.runs and state is not None and not state.reached
        if offline != self._count.isActive():
            self._count.start() if offline else self._count.stop()
        self.setText(status_text(follower))
        self.setToolTip(trouble_text(follower) or "Base commune")
        self.setAccessibleName(f"Base commune{NO_BREAK}: {self.text()}")


def status_text(follower: HubFollower) -> str:
    """Where following the hub stands, in a few words."""
    state = follower.state
    if follower.trouble:
        return "Base commune\u00a0: arrêtée"
    if state is None:
        return "Base commune\u00a0: connexion…"
    if state.reached:
        said = f"Échangé à {words.hour(state.at)}"
    else:
        said = f"Hors ligne, réessaie dans {follower.retry_in()}{NO_BREAK}s"
    if state.waiting:
        said += f" · {words.count(state.waiting, 'changement')} en attente"
    return said


def trouble_text(follower: HubFollower) -> str:
    """What is wrong, in sentences; empty where nothing is."""
    if follower.trouble:
        return follower.trouble
    return follower.state.text if follower.state else ""
