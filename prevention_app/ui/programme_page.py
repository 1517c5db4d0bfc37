"""« Programme »: the measures of a year, what they come to, what is carried over, rated again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from prevention_app.domain.programme import Balance
from prevention_app.services import programme
from prevention_app.services.programme import YearProgramme
from prevention_app.services.programme_gaps import UntreatedRisk, untreated_risks
from prevention_app.services.programme_scope import Scope
from prevention_app.services.reratings import ReratingProposal, rerating_proposals
from prevention_app.services.unit_tree import unit_tree
from prevention_app.storage.query import Query, Reader
from prevention_app.ui import icons, programme_head, settings, words
from prevention_app.ui.bulk_deeds import BulkDeeds
from prevention_app.ui.due_panel import DuePanel
from prevention_app.ui.filters import FilterBar
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.places import RISK_DOCUMENT
from prevention_app.ui.programme_asks import ProgrammeAsks
from prevention_app.ui.programme_deeds import ProgrammeDeeds
from prevention_app.ui.programme_head import MEASURES, RERATINGS, UNTREATED, ProgrammeHead
from prevention_app.ui.programme_model import (
    EXTRA_KEYS,
    GROUPS,
    PRIORITY,
    ProgrammeModel,
    ProgrammeTable,
)
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.rerating_list import ReratingList
from prevention_app.ui.rerating_watch import RateAsked
from prevention_app.ui.review_strip import ReviewStrip
from prevention_app.ui.selection_sums import SelectionSums
from prevention_app.ui.session import Session
from prevention_app.ui.untreated_list import UntreatedList

_GROUP: Final = "programme/group"
_SHOWN_HERE: Final = {
    "planned_action", "risk", "rating", "action_risk", "programme_carry", "programme_budget",
    "rerating_decline", "org_unit", "work_unit",
}  # fmt: skip
_ROOM_FOR_CARDS: Final = 560
_WIDE: Final = 980
StartWork = Callable[..., Operation]
T = TypeVar("T")


class ProgrammePage(Page):
    """A year, a unit; the measures in a table, the re-ratings and the risks without action."""

    page_asked = Signal(str, object)
    part_shown = Signal()
    """Other keys matter now."""
    title = "Programme annuel"
    register = "planned_action"

    def __init__(self, session: Session, start: StartWork) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.session = session
        self.entity = session.store.catalogue["planned_action"]
        self.programme: YearProgramme | None = None
        self.balance: Balance | None = None
        self.order: tuple[str, ...] = ()
        self.group = str(settings.remembered(_GROUP, PRIORITY))
        self._year = session.store.today().year
        self._behind = True
        self._readings = Readings(session, self)
        self._under_way: list[Reading | None] = []
        self.head = ProgrammeHead()
        self.parts = self.head.parts
        self.filters = FilterBar(self.entity, session)
        self.model = ProgrammeModel(session, self.entity)
        self.table = ProgrammeTable(session, self.model)
        self.strip = ReviewStrip()
        self.panel = DuePanel(session)
        self.bulk = BulkDeeds(session, self.table, self.strip)
        self.sums = SelectionSums(self.table)
        self.reratings = ReratingList()
        asks = ProgrammeAsks(session, self.entity, self.panel, self.bulk)
        asks.make_room = self._make_room
        self.hands = ProgrammeDeeds(
            session, start, self.head, self.table, self.reratings, asks, self.bulk, self
        )
        self.untreated = UntreatedList()
        self.empty = EmptyState()
        self._make_buttons()
        self._lay_out()
        self._connect()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.export_button = button("Exporter…", "download")
        self.export_button.clicked.connect(self.hands.export)
        self.carry_button = button("Reporter au suivant…", "arrow-right")
        self.carry_button.setToolTip("Reporter au programme suivant ce qui n’est pas terminé")
        self.carry_button.clicked.connect(self.hands.carry_over)
        self.new_button = button("Nouvelle action", "plus", "primary")
        self.new_button.clicked.connect(self.hands.new_action)
        self.buttons = [self.export_button, self.carry_button, self.new_button]

    def _lay_out(self) -> None:
        self.filters.add_tool(self._make_gear())
        self._first_button = button("Nouvelle action", "plus")
        self._first_button.clicked.connect(self.hands.new_action)
        self._clear_button = button("Retirer les filtres", "x")
        self._clear_button.clicked.connect(self.filters.clear)
        self.empty.add_button(self._clear_button)
        self.empty.add_button(self._first_button)
        self._stack = QStackedWidget()
        for each in (self.table, self.reratings, self.untreated, self.empty):
            self._stack.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.filters)
        column.addWidget(self.panel)
        column.addWidget(self.strip)
        column.addWidget(self._stack, 1)

    def _make_gear(self) -> QToolButton:
        gear = QToolButton()
        gear.setIcon(icons.icon("settings"))
        gear.setAccessibleName("Affichage du tableau")
        gear.setToolTip("Colonnes et groupes")
        gear.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._gear_menu = QMenu(gear)
        self._gear_menu.aboutToShow.connect(self._fill_gear)
        gear.setMenu(self._gear_menu)
        return gear

    def _fill_gear(self) -> None:
        menu = self._gear_menu
        menu.clear()
        columns = self.table.arrangement.menu()
        columns.setParent(menu, columns.windowFlags())
        menu.addMenu(columns)
        menu.addSeparator()
        for key, label in {"": "Ne pas grouper", **GROUPS}.items():
            action = menu.addAction(
                f"Grouper par {label.lower()}" if key else label, partial(self.group_by, key)
            )
            action.setCheckable(True)
            action.setChecked(key == self.group)

    def _connect(self) -> None:
        self.head.year_chosen.connect(self.show_year)
        self.head.unit_chosen.connect(self.reload)
        self.head.card_chosen.connect(self._show_card)
        self.parts.chosen.connect(self.show_part)
        self.filters.changed.connect(self._show_rows)
        self.table.opened.connect(lambda row: self.open_asked.emit("planned_action", row.id))
        self.table.order_asked.connect(self._sort)
        self.table.filter_asked.connect(lambda _: self.focus_filter())
        self.table.selected.connect(self._on_selected)
        self.model.moved.connect(self._show_found)
        self.table.make_menu = self.hands.fill_menu
        self.hands.new_asked.connect(self.new_asked)
        self.hands.rating_asked.connect(partial(self.page_asked.emit, RISK_DOCUMENT))
        self.hands.part_asked.connect(self.show_part)
        self.hands.year_asked.connect(self.show_year)
        self.sums.told.connect(self._tell)
        self.panel.closed.connect(self._leave_panel)
        self.reratings.opened.connect(lambda _: self.hands.rate())
        self.untreated.opened.connect(self._open_untreated)
        self.session.owners_changed.connect(self._on_owners)
        self.session.changed.connect(self.refresh)
        listen(self.deeds(), self.table)
        of_ratings = [each for each in self.hands.all if each.key in ("rate", "decline")]
        listen(of_ratings, self.reratings)
        listen([each for each in self.hands.all if each.key == "new"], self.empty)

    # -- reading ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._behind:
            self.reload()

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written, when it can be seen."""
        if registers is not None and not registers & _SHOWN_HERE:
            return
        if self.isVisible():
            self.reload()
        else:
            self._behind = True

    def _on_owners(self) -> None:
        self.programme = None
        self.refresh(None)

    def show_year(self, year: int) -> None:
        """Show the programme of another year."""
        if year:
            self._year = year
            self.reload()

    @property
    def year(self) -> int:
        """The year that is looked at."""
        return self._year

    @property
    def scope(self) -> Scope:
        """Whose programme is looked at."""
        return self.head.scope(self.session.owners(self.entity))

    def reload(self) -> None:
        """Read the programme again: its measures first, then what takes longer."""
        self._behind = False
        for each in self._under_way:
            if each is not None:
                each.give_up()
        self._under_way.clear()
        self._offer_choices()
        year, scope, today = self._year, self.scope, self.session.store.today()
        if self.programme is None:
            self._stack.setCurrentWidget(self.empty)
            self.empty.show_waiting("Lecture du programme…")
        self._ask(lambda read: programme.programme_of(read, today, year, scope), self._take)
        self._ask(lambda read: programme.balance_of(read, today, year - 1, scope), self._balanced)
        self._ask(lambda read: rerating_proposals(read, today, scope.owners), self._proposed)
        self._ask(lambda read: untreated_risks(read, today, scope), self._recall)

    def _ask(self, work: Callable[[Reader], T], hear: Callable[[T], None]) -> None:
        self._under_way.append(self._readings.ask(work, hear))

    def _offer_choices(self) -> None:
        store, session = self.session.store, self.session
        owners = session.owners(self.entity)
        with store.reading() as read:
            known = programme.years(read, store.today(), owners)
            root = unit_tree(read, session.names, store.today(), owners)
        self.head.offer_years(sorted({*known, self._year}, reverse=True), self._year)
        self.head.offer_units(root)

    def _take(self, found: YearProgramme) -> None:
        self.programme = found
        self.model.take(found.by_action)
        self.head.show_figures(found.figures)
        self._show_rows()

    def _balanced(self, balance: Balance) -> None:
        self.balance = balance
        self.head.say_balance(_balance_words(balance))

    def _proposed(self, found: list[ReratingProposal]) -> None:
        self.reratings.show_proposals(found, self.session.store.today())
        self._count()

    def _recall(self, found: list[UntreatedRisk]) -> None:
        self.untreated.show_risks(found)
        self._count()

    def _count(self) -> None:
        measures = len(self.programme.lines) if self.programme else 0
        self.parts.count(
            {
                MEASURES: measures,
                RERATINGS: len(self.reratings.proposals),
                UNTREATED: len(self.untreated.risks),
            }
        )
        self._show_found()

    # -- the parts -------------------------------------------------------------------------

    def show_part(self, part: str) -> None:
        """Show the measures, the re-ratings proposed, or the risks without action."""
        self.parts.show_value(part)
        self.panel.close_panel()
        self.filters.setVisible(part == MEASURES)
        self._show_found()
        self.focus_main()
        self.part_shown.emit()

    def _make_room(self) -> None:
        """In a low window what is asked stands in the place of the filters.

        The measure that it is about stays in sight.
        """
        if self.height() < _ROOM_FOR_CARDS:
            self.filters.hide()
        QTimer.singleShot(0, lambda: self.table.scrollTo(self.table.currentIndex()))

    def _leave_panel(self) -> None:
        self.filters.setVisible(self.parts.value == MEASURES)
        self.focus_main()

    def _show_rows(self) -> None:
        """List the measures that the filters leave."""
        found = self.programme
        if found is None:
            return
        self.strip.close_quietly()
        # The priority decides the order of the groups; within one, the date does.
        query = Query(
            self.entity.key,
            self.filters.conditions,
            self.session.owners(self.entity),
            self.order,
            tuple(sorted(found.by_action)),
            text=self.filters.words,
        )
        self.table.show_rows(query, self.group)
        self.table.show_order(self.order or self.entity.order)
        self.filters.line.setPlaceholderText("Filtrer ces mesures")
        self._count()

    def _show_found(self) -> None:
        part = self.parts.value
        shown: QWidget = self.table
        if part == RERATINGS:
            shown = self.reratings if self.reratings.proposals else self.empty
        elif part == UNTREATED:
            shown = self.untreated if self.untreated.risks else self.empty
        elif self.model.rows.known and not self.model.rows.total:
            shown = self.empty
        if shown is self.empty:
            self._explain_empty(part)
        elif shown is self.table and not self.table.currentIndex().isValid():
            self.table.step(1)
        self._stack.setCurrentWidget(shown)
        self._tell()

    def _explain_empty(self, part: str) -> None:
        filtered = part == MEASURES and bool(self.filters.active)
        self._clear_button.setVisible(filtered)
        self._first_button.setVisible(part == MEASURES and not filtered)
        if part == RERATINGS:
            self.empty.show_text(
                "Aucune recotation proposée.",
                "Une action réalisée après la dernière cotation de son risque en propose une.",
            )
        elif part == UNTREATED:
            self.empty.show_text("Aucun risque élevé ou critique sans action.")
        elif filtered:
            self.empty.show_text("Aucune mesure ne correspond à ces filtres.")
        else:
            self.empty.show_text(
                f"Aucune mesure au programme {self._year}.",
                "Une action y entre par son échéance, ou par un report.",
            )

    def _show_card(self, card: str) -> None:
        """What a figure counts: the measures, grouped so that it can be seen there."""
        self.show_part(MEASURES)
        late = card in (programme_head.LATE, programme_head.DONE)
        self.group_by("follow_up" if late else "direction")

    # -- order and groups ------------------------------------------------------------------

    def group_by(self, key: str) -> None:
        """Group the measures by something, or no longer with an empty key."""
        self.group = key
        settings.remember(_GROUP, key)
        self._show_rows()

    def _sort(self, order: tuple[str, ...]) -> None:
        key = order[0].removeprefix("-")
        if key in EXTRA_KEYS:
            self.group_by(key)
            return
        self.order = order
        self._show_rows()

    def _open_untreated(self, at: int) -> None:
        asked = RateAsked(self.untreated.risks[at].id, "", rate=False)
        self.page_asked.emit(RISK_DOCUMENT, asked)

    # -- as a page -------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """What one can do with the measures chosen, and with the list."""
        return (
            *self.hands.all,
            Deed("filter", "Filtrer la liste", "/", self.focus_filter),
            *(
                Deed(
                    f"group_{key}", f"Grouper par {label.lower()}", "", partial(self.group_by, key)
                )
                for key, label in GROUPS.items()
            ),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window keeps its room for the list."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        self.head.use_room(high=wide and self.height() >= _ROOM_FOR_CARDS, wide=wide)

    def _on_selected(self) -> None:
        self.sums.add_up()
        self._tell()

    def _tell(self) -> None:
        part = self.parts.value
        if part == RERATINGS:
            number = len(self.reratings.proposals)
            self.tell(words.count(number, "recotation proposée", "recotations proposées"))
        elif part == UNTREATED:
            number = len(self.untreated.risks)
            self.tell(words.count(number, "risque sans action", "risques sans action"))
        else:
            rows = self.model.rows
            parts = [words.count(rows.total, "mesure") if rows.known else "Lecture…"]
            chosen = self.table.selected_count()
            if chosen > 1:
                parts.append(words.count(chosen, "mesure choisie", "mesures choisies"))
            self.tell(" · ".join([*parts, *([self.sums.text] if self.sums.text else [])]))

    def keys(self) -> Keys:
        """The keys of the list."""
        if self.parts.value == RERATINGS:
            return (("E", "Recoter"), ("X", "Écarter…"), ("Entrée", "Recoter"))
        if self.parts.value == UNTREATED:
            return (("Entrée", "Ouvrir le risque"),)
        return (
            ("F", "Réalisée"),
            ("R", "Échéance"),
            ("A", "Pilote"),
            ("S", "État"),
            ("E", "Recoter"),
            ("F2", "Modifier"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The choices, the list."""
        return (self.head.years, self._stack.currentWidget() or self.empty)

    def focus_main(self) -> None:
        """The list has the focus."""
        (self._stack.currentWidget() or self.empty).setFocus()

    def focus_filter(self) -> None:
        """The filter line has the focus."""
        self.show_part(MEASURES)
        self.filters.line.setFocus()
        self.filters.line.selectAll()

    def keep_drafts(self) -> None:
        """Write what is being typed into a cell."""
        self.table.editing.commit()
        self.table.editing.keep_draft()


def _balance_words(balance: Balance) -> str:
    year = balance.figures.year
    if not balance.figures.own.progress.total and not balance.figures.carried.progress.total:
        return ""
    left = words.count(balance.unfinished, "mesure non terminée", "mesures non terminées")
    if not balance.unfinished:
        return f"Bilan {year}\u00a0: tout est terminé ou abandonné."
    carried = f", dont {balance.carried_on} reportées" if balance.carried_on else ""
    return f"Bilan {year}\u00a0: {left}{carried}."
