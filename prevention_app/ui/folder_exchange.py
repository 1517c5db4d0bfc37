"""The exchange folder: gone through now and then, in a process that gives way to the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services.shared_folder import Passed
from prevention_app.ui import exchange_work, settings, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session

_FIRST_MS: Final = 5_000
_EVERY_MS: Final = 60_000
_AFTER_SAVING_MS: Final = 20_000
"""Several changes one after the other are left in one file."""


def folder_exchange_of(session: Session) -> FolderExchange:
    """The one of a session, made when first wanted."""
    return session.findChild(FolderExchange) or FolderExchange(session)


class FolderExchange(QObject):
    """Passes by the folder chosen on this computer; a key that is not there is no failure."""

    passed = Signal()
    """It was gone through, or could not be."""

    def __init__(self, session: Session) -> None:
        """Pass by soon after the opening, then each minute, and a while after each save."""
        super().__init__(session)
        self._session = session
        self.under_way = False
        """Whether it is being gone through now."""
        self.said = ""
        """How the last time went, as a French sentence."""
        self._timer = QTimer(self, interval=_FIRST_MS)
        self._timer.timeout.connect(self._look)
        self._saved = QTimer(self, singleShot=True, interval=_AFTER_SAVING_MS)
        self._saved.timeout.connect(self.pass_by)
        session.changed.connect(lambda _: self._saved.start())
        self._timer.start()

    @property
    def folder(self) -> Path | None:
        """The folder chosen; None where none is."""
        kept = str(settings.remembered(self._key, ""))
        return Path(kept) if kept else None

    def choose(self, folder: Path | None) -> None:
        """Exchange through this folder from now on, or through none."""
        settings.remember(self._key, str(folder) if folder else "")
        self.said = ""
        self.pass_by()

    def _look(self) -> None:
        self._timer.setInterval(_EVERY_MS)
        self.pass_by()

    def pass_by(self) -> None:
        """Go through the folder now, unless that is under way."""
        folder = self.folder
        if folder is None or self.under_way:
            self.passed.emit()
            return
        if not folder.is_dir():
            self._say(f"Le dossier n’est pas là\u00a0: branchez la clé ou le partage. ({folder})")
            return
        self.under_way = True
        work = Operation(
            "Dossier d’échange", exchange_work.pass_by, self._session.folder, folder, parent=self
        )
        work.finished.connect(self._hear)
        work.failed.connect(self._say)
        work.ended.connect(self._end)

    def _end(self) -> None:
        self.under_way = False

    def _hear(self, passed: Passed) -> None:
        new = sum(each.new for each in passed.received)
        if passed.received:
            self._session.refresh()
        if new:
            self._session.say(
                words.count(new, "écriture reçue", "écritures reçues") + " par le dossier d’échange"
            )
        if passed.refused:
            name, why = passed.refused[0]
            self._say(f"{name}\u00a0: {why}")
        else:
            self._say("Le dossier d’échange est à jour.")

    def _say(self, sentence: Any) -> None:
        self.said = words.sentence(str(sentence))
        self.passed.emit()

    @property
    def _key(self) -> str:
        return f"exchange/folder/{self._session.store.station}"
