"""« Accueil »: what presses. What waits for the user, then what they follow at others (P5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.domain.urgency import PRESSING, Horizon
from prevention_app.services.due_list import ACTIONS, DueAnswer, DueFigures, Sought
from prevention_app.ui import due_page, settings, style, theme, words
from prevention_app.ui.counter import Counter
from prevention_app.ui.due_desk import desk_of
from prevention_app.ui.due_list import DueList
from prevention_app.ui.home_side import HomeSide
from prevention_app.ui.page import Deed, Keys, Page, button, listen
from prevention_app.ui.places import DUE, IMPORT
from prevention_app.ui.session import Session

_LINES: Final = 4
"""The most urgent of each group; the whole list is one key away."""


class HomePage(Page):
    """Four counters, one list in groups, and at the side the month and what is unfinished."""

    title = "Accueil"
    page_asked = Signal(str, object)
    """Another page is to be shown; « due » with the filters that it is to start from, « import »
    with the key of an import that was begun."""
    draft_asked = Signal(str, str)
    """A draft is to be taken up again: register, id of the record or nothing for a new one."""
    counted = Signal(dict)
    """Register → how many of its items wait; « » all that is late, « due » within 90 days."""

    def __init__(self, session: Session) -> None:
        """The figures are asked for once the window is free, whether or not it shows this page."""
        super().__init__()
        self.session = session
        # Made where they are to stay: a widget that moves is dressed anew with all that it holds.
        self._split = QSplitter(self)
        self._left = QWidget(self._split)
        self.list = DueList(
            session, "home", self._left, lines=_LINES, urgencies=PRESSING, whole=False
        )
        self.table = self.list.table
        self.side = HomeSide(session)
        self._stale = True
        self._make_buttons()
        self._lay_out()
        self._connect()
        QTimer.singleShot(0, self, self._ask)

    def _make_buttons(self) -> None:
        self._day = QLabel(words.long_day(self.session.store.today()))
        style.mark(self._day, "look", "crumb")
        self.new = button("Nouveau", "plus", "primary")
        self.new.setToolTip("Ajouter une fiche dans un registre")
        menu = QMenu(self.new)
        menu.aboutToShow.connect(lambda: self._fill_new(menu))
        self.new.setMenu(menu)
        self.buttons = [self._day, self.new]

    def _fill_new(self, menu: QMenu) -> None:
        menu.clear()
        group = ""
        for each in self.session.store.catalogue.registers:
            if each.shared or not self.session.may_write(each):
                continue
            if group and each.group_fr != group:
                menu.addSeparator()
            group = each.group_fr
            name = (each.item_fr or each.label_fr).replace("&", "&&")
            menu.addAction(name, partial(self.new_asked.emit, each.key))

    def _lay_out(self) -> None:
        self.late = Counter("En retard", "triangle-alert", "bad")
        self.soon = Counter("Dans les 30 jours", "calendar-clock", "warn", short="30 jours")
        self.near = Counter("Dans les 90 jours", "calendar-days", short="90 jours")
        self.open_actions = Counter("Actions ouvertes", "target", short="Actions")
        self.counters = (self.late, self.soon, self.near, self.open_actions)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for each in self.counters:
            cards.addWidget(each)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(20, 16, 20, 8)
        column.setSpacing(14)
        column.addLayout(cards)
        column.addWidget(self.list, 1)
        column.addLayout(self._make_foot())
        self._right = QStackedWidget(self._split)
        self._right.setMinimumWidth(270)
        self._right.addWidget(self.side)
        self._right.addWidget(self.list.preview)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.setStretchFactor(0, 1)
        width = int(settings.remembered("home/side", theme.width("list_pane") + 10))
        self._split.setSizes([10_000, width])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)

    def _make_foot(self) -> QHBoxLayout:
        self.unknown = QPushButton()
        style.mark(self.unknown, "look", "link")
        self.unknown.hide()
        self.whole = QPushButton("Toutes les échéances")
        style.mark(self.whole, "look", "link")
        self.whole.setToolTip("Toutes les échéances (L)")
        foot = QHBoxLayout()
        foot.addWidget(self.unknown)
        foot.addStretch(1)
        foot.addWidget(self.whole)
        return foot

    def _connect(self) -> None:
        for counter, horizon in (
            (self.late, Horizon.LATE),
            (self.soon, Horizon.SOON),
            (self.near, Horizon.NEAR),
            (self.unknown, Horizon.UNKNOWN),
        ):
            counter.clicked.connect(partial(self._go_horizon, horizon))
        self.open_actions.clicked.connect(lambda: self._go(Sought(register=ACTIONS)))
        self.whole.clicked.connect(self.show_whole)
        self.list.answered.connect(self._show)
        self.list.open_asked.connect(self.open_asked)
        self.list.told.connect(self.tell)
        self.list.preview_asked.connect(self._turn_preview)
        self.side.day_chosen.connect(self._choose_day)
        self.side.draft_asked.connect(self.draft_asked)
        self.side.import_asked.connect(partial(self.page_asked.emit, IMPORT))
        self.side.open_asked.connect(self.open_asked)
        self._split.splitterMoved.connect(
            lambda: settings.remember("home/side", self._split.sizes()[1])
        )
        desk = desk_of(self.session)
        desk.counted.connect(self.counted)
        desk.remembered.connect(self._show_figures)
        desk.reading.connect(self._on_reading)
        self.session.owners_changed.connect(self.refresh)
        self.session.changed.connect(self.refresh)
        listen([self._whole_deed()], self.table)
        bring = button("Importer un classeur…", "import")
        bring.clicked.connect(lambda: self.import_asked.emit(""))
        self.list.empty.add_button(bring)

    # -- reading ---------------------------------------------------------------------------

    def refresh(self, registers: set[str] | None = None) -> None:  # noqa: ARG002
        """Anything that was written may change what is due: ask now, or when next shown."""
        if self.isVisible():
            self._ask()
        else:
            self._stale = True

    def _ask(self) -> None:
        self._stale = False
        self._day.setText(words.long_day(self.session.store.today()))
        self.list.ask()
        self.side.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what changed while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self._ask()

    def _show(self, answer: DueAnswer) -> None:
        self._show_figures(answer.figures)
        self.side.month.show_marks(answer.marks, self.list.sought.day)
        self.tell(self.list.status())

    def _on_reading(self, _on: bool) -> None:
        self.tell(self.list.status())

    def _show_figures(self, figures: DueFigures) -> None:
        self.late.show_number(figures.late, due_page.oldest(figures))
        self.soon.show_number(figures.soon, due_page.this_week(figures))
        self.near.show_number(figures.near, due_page.in_30_days(figures))
        self.open_actions.show_number(figures.actions, _in_time(figures))
        number = figures.unknown
        text = f"{words.count(number, 'échéance')} à renseigner\u00a0: la date n’est pas connue"
        self.unknown.setText(words.sentence(text))
        self.unknown.setVisible(bool(number))

    # -- going elsewhere -------------------------------------------------------------------

    def _go_horizon(self, horizon: Horizon) -> None:
        self._go(Sought(horizon=horizon))

    def _go(self, sought: Sought) -> None:
        """The whole list, of the same people as here, so that the numbers agree."""
        self.page_asked.emit(DUE, replace(sought, mine=self.list.sought.mine))

    def show_whole(self) -> None:
        """The whole list with the filters of here."""
        self.page_asked.emit(DUE, self.list.sought)

    def _choose_day(self, day: date | None) -> None:
        self.list.filter(day=day)
        if day is None:
            self.side.month.setFocus()

    def _turn_preview(self, on: bool) -> None:
        self._right.setCurrentWidget(self.list.preview if on else self.side)

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the list."""
        return (
            ("Entrée", "Ouvrir"),
            ("Espace", "Aperçu"),
            ("R", "Reporter…"),
            ("F", "Marquer fait…"),
            ("L", "Tout voir"),
        )

    def deeds(self) -> Sequence[Deed]:
        """What one can do with the chosen lines, and the whole list."""
        return (*self.list.deeds(), self._whole_deed())

    def _whole_deed(self) -> Deed:
        return Deed("whole", "Toutes les échéances", "L", self.show_whole)

    def panes(self) -> Sequence[QWidget]:
        """The list, then the month or the preview."""
        right = self.list.preview if self.list.preview.isVisible() else self.side.month
        return [self.table, right]

    def focus_main(self) -> None:
        """The list has the focus."""
        self.list.focus_list()

    def keep_drafts(self) -> None:
        """The page is left: what others wrote until now has been seen."""
        self.side.keep_visit()


def _in_time(figures: DueFigures) -> str:
    """« 62 % à temps »: their date has not passed."""
    if not figures.actions:
        return ""
    share = round(100 * figures.actions_in_time / figures.actions)
    return f"{share}\u202f% à temps"
