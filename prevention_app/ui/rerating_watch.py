"""Offers to rate a risk again when an action on it is finished, wherever that was said.

It hears of every change in the window, be it made on the programme, in a risk, in a form, in the
list of what is due: one place for all of them. Each proposal is offered once; what is left stays
listed on the programme's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services.reratings import ReratingProposal, rerating_proposals
from prevention_app.storage.query import Reader
from prevention_app.ui import words
from prevention_app.ui.readings import Readings
from prevention_app.ui.session import Session

_ACTION: Final = "planned_action"
_REST_MS: Final = 80


@dataclass(frozen=True, slots=True)
class RateAsked:
    """A risk is to be rated again, with this reason proposed."""

    risk: str
    reason: str
    rate: bool = True
    """False where the risk is only to be shown."""


class ReratingWatch(QObject):
    """Looks at the actions that were written last."""

    rating_asked = Signal(object)
    """A RateAsked."""
    list_asked = Signal()
    """Several are proposed: their list is to be shown."""

    def __init__(self, session: Session) -> None:
        """Offer nothing for what was finished before the window was opened."""
        super().__init__(session)
        self._session = session
        self._readings = Readings(session, self)
        self._offered: set[tuple[str, str]] = set()
        self._written: set[str] = set()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look)
        session.changed.connect(self._on_changed)

    def _on_changed(self, registers: set[str] | None) -> None:
        if registers is None or _ACTION not in registers:
            return
        self._written |= {each for register, each in self._session.touched if register == _ACTION}
        self._rest.start()

    def _look(self) -> None:
        """Once whoever wrote has said so: what is offered here is said after it."""
        written, self._written = self._written, set()
        today = self._session.store.today()

        def work(read: Reader) -> list[ReratingProposal]:
            return rerating_proposals(read, today, actions=sorted(written))

        self._readings.ask(work, lambda found: self._hear(written, found))

    def _hear(self, written: set[str], found: list[ReratingProposal]) -> None:
        proposed = {(each.action.id, each.risk.id): each for each in found}
        new = [each for key, each in proposed.items() if key not in self._offered]
        # What is taken back and done again is offered again.
        gone = {each for each in self._offered if each[0] in written and each not in proposed}
        self._offered = (self._offered - gone) | set(proposed)
        if len(new) == 1:
            self._offer_one(new[0])
        elif new:
            number = words.count(len(new), "risque à recoter", "risques à recoter")
            acts = (("Voir les recotations proposées", self.list_asked.emit),)
            self._session.say(f"Actions réalisées\u00a0: {number}.", "info", acts)

    def _offer_one(self, proposal: ReratingProposal) -> None:
        asked = RateAsked(proposal.risk.id, proposal.reason)
        acts = (("Recoter le risque", lambda: self.rating_asked.emit(asked)),)
        self._session.say(
            "Action réalisée\u00a0: le risque est à recoter. Annuler (Ctrl Z)", "info", acts
        )


def rerating_watch_of(session: Session) -> ReratingWatch:
    """The watch of a session, made when first wanted."""
    return session.findChild(ReratingWatch) or ReratingWatch(session)
