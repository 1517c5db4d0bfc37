"""« Membres et droits »: who belongs to a department, and what they may do; for administrators.

Whoever administers nothing sees who belongs, and the way back by the rescue key.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtGui import QShowEvent

from prevention_app.services import circle
from prevention_app.ui import words
from prevention_app.ui.admission_list_pane import AdmissionListPane
from prevention_app.ui.circle_pane import StartWork
from prevention_app.ui.departments_pane import DepartmentsPane
from prevention_app.ui.handing_pane import HandingPane
from prevention_app.ui.members_pane import MembersPane
from prevention_app.ui.page import Deed, Keys
from prevention_app.ui.parts_page import PartsPage
from prevention_app.ui.places import HANDING, SETTINGS
from prevention_app.ui.rescue_pane import RescuePane
from prevention_app.ui.rules_pane import RulesPane
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


class MembersPage(PartsPage):
    """One part at a time, for one department."""

    title = "Membres et droits"
    crumb = "Réglages"

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read before it is shown."""
        super().__init__(session, SETTINGS)
        self.members = MembersPane(session, start_work)
        self.listed = AdmissionListPane(session, start_work)
        self.rules = RulesPane(session, start_work)
        self.others = DepartmentsPane(session, start_work)
        self.handing = HandingPane(session, start_work)
        self.rescue = RescuePane(session, start_work)
        self.put(
            {
                WHO: self.members,
                LIST: self.listed,
                RULES: self.rules,
                OTHERS: self.others,
                HANDING: self.handing,
                KEY: self.rescue,
            }
        )
        self._offered: tuple[str, ...] = ()
        self.segments.chosen.connect(lambda _: self.read())
        self.department.currentIndexChanged.connect(lambda _: self.read())
        self.members.shown_elsewhere.connect(self._hand_over)
        session.changed.connect(lambda _: self.refresh(None))

    # -- showing ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read who belongs."""
        super().showEvent(event)
        self.refresh(None)

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Read again; what may be done here may have changed."""
        if self.isVisible():
            self._offer()
            self.read()

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
            self.offer_departments(known)
        self.department.setVisible(len(known) > 1)

    def read(self) -> None:
        """Show the part that is chosen, read anew."""
        super().read()
        department = str(self.department.currentData())
        held = [
            each for each in circle.members(self.session.store) if each.department == department
        ]
        self.tell(words.count(len(held), "ordinateur"))

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
