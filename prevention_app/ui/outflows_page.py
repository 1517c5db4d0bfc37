"""« Communication aux départements »: figures told, figures to publish, what is decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtGui import QShowEvent

from prevention_app.ui.circle_pane import StartWork
from prevention_app.ui.figures_pane import FiguresPane
from prevention_app.ui.outflow_pane import OutflowPane
from prevention_app.ui.page import Deed, Keys
from prevention_app.ui.parts_page import PartsPage
from prevention_app.ui.places import REPORTS
from prevention_app.ui.received_pane import ReceivedPane
from prevention_app.ui.session import Session

FIGURES: Final = "figures"
DECISIONS: Final = "decisions"
RECEIVED: Final = "received"
_PARTS: Final = {
    RECEIVED: "Chiffres des départements",
    FIGURES: "Publier les chiffres",
    DECISIONS: "Registre par registre",
}


class OutflowsPage(PartsPage):
    """One part at a time, for a department that this computer works for."""

    title = "Communication aux départements"
    crumb = "Rapports"

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read before it is shown."""
        super().__init__(session, REPORTS)
        self.figures = FiguresPane(session, start_work)
        self.decisions = OutflowPane(session, start_work)
        self.received = ReceivedPane(session, start_work)
        self.put(
            {
                RECEIVED: self.received,
                FIGURES: self.figures,
                DECISIONS: self.decisions,
            }
        )
        self.segments.offer(_PARTS.items())
        self.offer_departments(session.store.departments)
        self.department.setCurrentIndex(self.department.findData(session.store.department))
        self.segments.chosen.connect(self.show_part)
        self.department.currentIndexChanged.connect(lambda _: self.read())
        session.changed.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what is decided."""
        super().showEvent(event)
        self.read()

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Read again what is decided, where somebody looks."""
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Show the part that is chosen, read anew."""
        several = self.department.count() > 1
        self.department.setVisible(several and self.pane is not self.received)
        super().read()

    # -- as a page -------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """The parts, for the menu and the palette."""
        return tuple(
            Deed(f"tell_{key}", text, "", partial(self.show_part, key))
            for key, text in _PARTS.items()
        )

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("Tab", "Suivant"), ("F6", "Volet suivant"))
