"""« Membres et droits »: who belongs to a department, and what they may do; for administrators.

Whoever administers nothing sees who belongs, and the way back by the rescue key.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.services import circle
from prevention_app.ui import words
from prevention_app.ui.admission_list_pane import AdmissionListPane
from prevention_app.ui.circle_pane import CirclePane, StartWork
from prevention_app.ui.departments_pane import DepartmentsPane
from prevention_app.ui.handing_pane import HandingPane
from prevention_app.ui.members_pane import MembersPane
from prevention_app.ui.page import Deed, Keys, Page, button
from prevention_app.ui.places import HANDING, SETTINGS
from prevention_app.ui.rescue_pane import RescuePane
from prevention_app.ui.rules_pane import RulesPane
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

WHO: Final = "who"
LIST: Final = "list"
RULES: Final = "rules"
OTHERS: Final = "others"
KEY: Final = "key"
_PARTS: Final = {
    WHO: ("Ordinateurs", "Ordinateurs du département"),
    LIST: ("Admettre une liste", "Admettre une liste de personnes…"),
    RULES: ("Droits des rôles", "Droits des rôles"),
    OTHERS: ("Départements", "Reconnaître un autre département…"),
    HANDING: ("Passer la main", "Passer la main…"),
    KEY: ("Clé de secours", "Clé de secours du département"),
}
"""Key of a part → how it is called on its segment, and as something to do."""
_FOR_ALL: Final = (WHO, KEY)


class MembersPage(Page):
    """One part at a time, for one department."""

    title = "Membres et droits"
    crumb = "Réglages"

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.session = session
        self._offered: tuple[str, ...] = ()
        self.segments = Segments("Partie de la page")
        self.department = QComboBox()
        self.department.setAccessibleName("Département")
        self.members = MembersPane(session, start_work)
        self.listed = AdmissionListPane(session, start_work)
        self.rules = RulesPane(session, start_work)
        self.others = DepartmentsPane(session, start_work)
        self.handing = HandingPane(session, start_work)
        self.rescue = RescuePane(session, start_work)
        self._panes: dict[str, CirclePane] = {
            WHO: self.members,
            LIST: self.listed,
            RULES: self.rules,
            OTHERS: self.others,
            HANDING: self.handing,
            KEY: self.rescue,
        }
        back = button("Réglages", "chevron-left")
        back.clicked.connect(partial(self.page_asked.emit, SETTINGS))
        self.buttons = [back]
        self._lay_out()
        self.segments.chosen.connect(lambda _: self._read())
        self.department.currentIndexChanged.connect(lambda _: self._read())
        self.members.shown_elsewhere.connect(self._hand_over)
        session.changed.connect(lambda _: self.refresh(None))

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

    # -- showing ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read who belongs."""
        super().showEvent(event)
        self.refresh(None)

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Read again; what may be done here may have changed."""
        if self.isVisible():
            self._offer()
            self._read()

    def _offer(self) -> None:
        store = self.session.store
        administered = circle.administered(store)
        kept = self.segments.value  # who just handed over still reads what was done
        offered = tuple(each for each in _PARTS if administered or each in (*_FOR_ALL, kept))
        if offered != self._offered:
            self._offered = offered
            self.segments.offer([(each, _PARTS[each][0]) for each in offered])
            self.segments.show_value(kept)
        known = list(dict.fromkeys([store.department, *administered]))
        if known != [self.department.itemData(at) for at in range(self.department.count())]:
            self.department.blockSignals(True)
            self.department.clear()
            for each in known:
                self.department.addItem(f"{each}  {self.session.department_name(each)}", each)
            self.department.blockSignals(False)
        self.department.setVisible(len(known) > 1)

    def _pane(self) -> CirclePane:
        return self._panes[self.segments.value or WHO]

    def _read(self) -> None:
        pane = self._pane()
        self._stack.setCurrentWidget(pane)
        department = str(self.department.currentData())
        pane.read(department)
        held = [
            each for each in circle.members(self.session.store) if each.department == department
        ]
        self.tell(words.count(len(held), "ordinateur"))

    def show_part(self, part: str) -> None:
        """Show a part of the page; one that is not offered changes nothing."""
        self.segments.show_value(part)
        self._read()
        self._pane().main().setFocus()

    def _hand_over(self, part: str, station: str) -> None:
        self.show_part(part)
        self.handing.begin_with(station)

    # -- as a page -------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """The parts, for the menu and the palette."""
        return tuple(
            Deed(key, text, "", partial(self.show_part, key), partial(self._is_offered, key))
            for key, (_, text) in _PARTS.items()
        )

    def _is_offered(self, part: str) -> bool:
        return part in self._offered

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("Tab", "Suivant"), ("F6", "Volet suivant"), ("Alt ←", "Réglages"))

    def panes(self) -> Sequence[QWidget]:
        """The part that is shown."""
        return (self._pane().main(),)

    def focus_main(self) -> None:
        """The part that is shown has the focus."""
        self._pane().main().setFocus()
