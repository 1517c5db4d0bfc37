"""« Échéances »: the whole list of what is due, of all registers together, with its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from prevention_app.domain.urgency import Horizon
from prevention_app.i18n import number_text
from prevention_app.services.due_list import DueAnswer, DueFigures, Sought
from prevention_app.ui import icons, settings, theme, words
from prevention_app.ui.counter import Counter
from prevention_app.ui.due_desk import desk_of
from prevention_app.ui.due_list import DueList
from prevention_app.ui.page import Deed, Keys, Page
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_TYPING_MS: Final = 120
_TWO_YEARS: Final = 730
COUNTERS: Final = {
    Horizon.LATE: ("En retard", "triangle-alert", "bad"),
    Horizon.SOON: ("Dans les 30 jours", "calendar-clock", "warn"),
    Horizon.NEAR: ("Dans les 90 jours", "calendar-days", ""),
    Horizon.UNKNOWN: ("À renseigner", "circle-help", ""),
}
"""Label, icon and colours of each counter."""


class DuePage(Page):
    """All that has a date, in groups; counters, chips and a line of text filter it."""

    title = "Échéances"
    counted = Signal(dict)
    """Register → how many of its items wait; « » all that is late, « due » within 90 days."""

    def __init__(self, session: Session) -> None:
        """Nothing is read before the window is free."""
        super().__init__()
        self.session = session
        self._split = QSplitter(self)
        self._left = QWidget(self._split)
        self.list = DueList(session, "due", self._left, lines=60, whole=True)
        self.table = self.list.table
        self.line = QLineEdit()
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._stale = True
        self._lay_out()
        self.list.answered.connect(self._show)
        self.list.open_asked.connect(self.open_asked)
        self.list.told.connect(self.tell)
        self.list.preview_asked.connect(self.list.preview.setVisible)
        self.list.escaped.connect(self._clear)
        desk_of(session).counted.connect(self.counted)
        session.owners_changed.connect(self.refresh)
        session.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        self.counters = [Counter(*COUNTERS[each]) for each in COUNTERS]
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for horizon, counter in zip(COUNTERS, self.counters, strict=True):
            counter.setCheckable(True)
            counter.clicked.connect(lambda on, chosen=horizon: self._choose(chosen, on))
            cards.addWidget(counter)
        self.line.setPlaceholderText("Filtrer les échéances")
        self.line.setAccessibleName("Filtrer les échéances")
        self.line.setClearButtonEnabled(True)
        self.line.setFixedWidth(214)
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textEdited.connect(lambda _: self._typed.start())
        self.line.textChanged.connect(lambda text: text or self._look())
        self._typed.timeout.connect(self._look)
        self.list.head.insertWidget(0, self.line, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(20, 16, 20, 0)
        column.setSpacing(12)
        column.addLayout(cards)
        column.addWidget(self.list, 1)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.list.preview)
        self._split.setStretchFactor(0, 1)
        self.list.preview.setMinimumWidth(280)
        self.list.preview.hide()
        self._split.setSizes(
            [10_000, int(settings.remembered("due/preview", theme.width("detail_pane")))]
        )
        self._split.splitterMoved.connect(
            lambda: settings.remember("due/preview", self._split.sizes()[1])
        )
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        on_keys("/", self.table, self.focus_filter)
        on_keys("Down", self.line, self.focus_main)

    # -- reading ---------------------------------------------------------------------------

    def refresh(self, registers: set[str] | None = None) -> None:  # noqa: ARG002
        """Anything that was written may change what is due: ask now, or when next shown."""
        if self.isVisible():
            self._ask()
        else:
            self._stale = True

    def _ask(self) -> None:
        self._stale = False
        self.list.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what changed while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self._ask()

    def _show(self, answer: DueAnswer) -> None:
        figures = answer.figures
        shown = {
            Horizon.LATE: (figures.late, oldest(figures)),
            Horizon.SOON: (figures.soon, this_week(figures)),
            Horizon.NEAR: (figures.near, in_30_days(figures)),
            Horizon.UNKNOWN: (figures.unknown, never_done(figures)),
        }
        for horizon, counter in zip(COUNTERS, self.counters, strict=True):
            counter.show_number(*shown[horizon])
            counter.setChecked(self.list.sought.horizon is horizon)
        self.tell(self.list.status())

    # -- filters ---------------------------------------------------------------------------

    def look_for(self, sought: Sought) -> None:
        """Show what these filters leave, as another page asks."""
        self.line.setText(sought.text)
        self._stale = False
        self.list.look_for(sought)

    def _choose(self, horizon: Horizon, on: bool) -> None:
        self.list.filter(horizon=horizon if on else None)

    def _look(self) -> None:
        self._typed.stop()
        if self.line.text().strip() != self.list.sought.text:
            self.list.filter(text=self.line.text().strip())

    def _clear(self) -> None:
        """Échap takes the filters away, the innermost first."""
        sought = self.list.sought
        if sought.text:
            self.line.clear()
        elif replace(sought, mine=False) != Sought():
            self.list.clear_filters()

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the list."""
        return (
            ("Entrée", "Ouvrir"),
            ("Espace", "Aperçu"),
            ("R", "Reporter…"),
            ("F", "Marquer fait…"),
            ("A", "Réattribuer…"),
        )

    def deeds(self) -> Sequence[Deed]:
        """What one can do with the chosen lines."""
        return self.list.deeds()

    def panes(self) -> Sequence[QWidget]:
        """The filter line, the list, and the preview while it is shown."""
        shown = [self.list.preview] if self.list.preview.isVisible() else []
        return [self.line, self.table, *shown]

    def focus_main(self) -> None:
        """The list has the focus."""
        self.list.focus_list()

    def focus_filter(self) -> None:
        """The filter line has the focus."""
        self.line.setFocus()
        self.line.selectAll()


def oldest(figures: DueFigures) -> str:
    """« jusqu’à 21 jours »: how late the latest is."""
    days = figures.oldest_days
    if not days:
        return ""
    age = words.count(days, "jour") if days < _TWO_YEARS else words.count(days // 365, "an")
    return f"jusqu’à {age}"


def this_week(figures: DueFigures) -> str:
    """« dont 3 dans 7 jours »."""
    return f"dont {number_text(figures.this_week)} dans 7 jours" if figures.this_week else ""


def never_done(figures: DueFigures) -> str:
    """What is known never to have been done, beside what is not known."""
    if not figures.never_done:
        return ""
    plural = "s" if figures.never_done > 1 else ""
    return f"et {number_text(figures.never_done)} jamais faite{plural}"


def in_30_days(figures: DueFigures) -> str:
    """« dont 12 sous 30 j »: short enough for its card."""
    return f"dont {number_text(figures.soon)} sous 30\u00a0j" if figures.soon else ""
