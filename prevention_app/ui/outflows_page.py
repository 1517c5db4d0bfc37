"""« Communication aux départements »: figures told, figures to publish, what is decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.ui.circle_pane import CirclePane, StartWork
from prevention_app.ui.figures_pane import FiguresPane
from prevention_app.ui.outflow_pane import OutflowPane
from prevention_app.ui.page import Deed, Keys, Page, button
from prevention_app.ui.places import REPORTS
from prevention_app.ui.received_pane import ReceivedPane
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

FIGURES: Final = "figures"
DECISIONS: Final = "decisions"
RECEIVED: Final = "received"
_PARTS: Final = {
    RECEIVED: "Chiffres des départements",
    FIGURES: "Publier les chiffres",
    DECISIONS: "Registre par registre",
}


class OutflowsPage(Page):
    """One part at a time, for a department that this computer works for."""

    title = "Communication aux départements"
    crumb = "Rapports"

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.session = session
        self.segments = Segments("Partie de la page")
        self.segments.offer(_PARTS.items())
        self.department = QComboBox()
        self.department.setAccessibleName("Département")
        for each in session.store.departments:
            self.department.addItem(f"{each}  {session.department_name(each)}", each)
        self.department.setCurrentIndex(self.department.findData(session.store.department))
        self.figures = FiguresPane(session, start_work)
        self.decisions = OutflowPane(session, start_work)
        self.received = ReceivedPane(session, start_work)
        self._panes: dict[str, CirclePane] = {
            RECEIVED: self.received,
            FIGURES: self.figures,
            DECISIONS: self.decisions,
        }
        back = button("Rapports", "chevron-left")
        back.clicked.connect(partial(self.page_asked.emit, REPORTS))
        self.buttons = [back]
        self._lay_out()
        self.segments.chosen.connect(self.show_part)
        self.department.currentIndexChanged.connect(lambda _: self._read())
        session.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        head.addWidget(self.segments)
        head.addStretch(1)
        head.addWidget(self.department)
        line = QFrame()
        line.setObjectName("hairline")
        self._stack = QStackedWidget()
        for each in self._panes.values():
            self._stack.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self._stack, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what is decided."""
        super().showEvent(event)
        self._read()

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Read again what is decided, where somebody looks."""
        if self.isVisible():
            self._read()

    def _pane(self) -> CirclePane:
        return self._panes[self.segments.value]

    def _read(self) -> None:
        pane = self._pane()
        self._stack.setCurrentWidget(pane)
        several = self.department.count() > 1
        self.department.setVisible(several and pane is not self.received)
        pane.read(str(self.department.currentData()))

    def show_part(self, part: str) -> None:
        """Show a part of the page."""
        self.segments.show_value(part)
        self._read()
        self._pane().main().setFocus()

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

    def panes(self) -> Sequence[QWidget]:
        """The part that is shown."""
        return (self._pane().main(),)

    def focus_main(self) -> None:
        """The part that is shown has the focus."""
        self._pane().main().setFocus()
