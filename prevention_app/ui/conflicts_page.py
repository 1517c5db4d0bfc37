"""« Valeurs à départager »: two values, which of them is true; and what a merge left besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import PreventionError
from prevention_app.services import conflicts, cross_checks
from prevention_app.services.conflicts import Conflict, Place
from prevention_app.services.cross_checks import Finding
from prevention_app.storage.work import Changes, CheckFailed
from prevention_app.ui import long_work, settings, theme, words
from prevention_app.ui.conflict_list import ConflictList
from prevention_app.ui.conflict_panel import ConflictPanel
from prevention_app.ui.conflict_watch import watch_of
from prevention_app.ui.findings_view import FindingsView
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, listen
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

_VALUES, _CHECKS = "values", "checks"
_MANY: Final = 150
"""From so many on they are settled in a process of their own."""
_MOST_NUMBERS: Final = 9
_WIDTH: Final = "conflicts/list"


class ConflictsPage(Page):
    """The list at the left, at the right the values of the current line side by side."""

    title = "Valeurs à départager"
    part_shown = Signal()
    """Other keys matter now."""

    def __init__(self, session: Session, start: Callable[..., Operation]) -> None:
        """Nothing is read before the page is shown; `start` starts long work."""
        super().__init__()
        self.session = session
        self._start = start
        self._places: Sequence[Place] = ()
        self._sought = ""
        """Id of the record whose values another page wants settled."""
        self._watch = watch_of(session)
        self.list = ConflictList(session)
        self.panel = ConflictPanel(session)
        self.findings = FindingsView(session)
        self.empty = EmptyState()
        self.segments = Segments("Ce qui est à départager")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.segments.offer(((_VALUES, "Valeurs à départager"), (_CHECKS, "Doubles et contrôles")))
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(20, 12, 20, 10)
        head.addWidget(self.segments)
        head.addStretch(1)
        self._right = QStackedWidget()
        self._right.addWidget(self.panel)
        self._right.addWidget(self.empty)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.list)
        self._split.addWidget(self._right)
        self._split.setStretchFactor(1, 1)
        self.list.setMinimumWidth(200)
        self.panel.setMinimumWidth(360)
        self._split.setSizes([int(settings.remembered(_WIDTH, theme.width("list_pane"))), 10_000])
        self._split.splitterMoved.connect(lambda: settings.remember(_WIDTH, self._split.sizes()[0]))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(self.findings)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        line = QFrame()
        line.setObjectName("hairline")
        column.addWidget(line)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.segments.chosen.connect(self.show_part)
        self.list.chosen.connect(self._show_current)
        self.list.opened.connect(lambda _at: self.panel.confirm())
        self.panel.confirmed.connect(self.settle)
        self.panel.later.connect(self.list.step)
        self.panel.all_asked.connect(self._settle_all)
        self.panel.open_asked.connect(self.open_asked)
        self.findings.open_asked.connect(self.open_asked)
        self.findings.join_asked.connect(self.join)
        self._watch.counted.connect(self._show)
        listen(self.deeds(), self.list)
        for number in range(1, _MOST_NUMBERS + 1):
            choose = Deed(f"keep_{number}", "", str(number), partial(self.panel.choose, number))
            listen((choose,), self.list)
        listen(
            (
                Deed("join", "Réunir ces fiches", "J", self.findings.join),
                Deed("open", "Ouvrir la fiche", "O", self.findings.open_first),
            ),
            self.findings.table,
        )

    # -- reading ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read what disagrees now."""
        super().showEvent(event)
        self._watch.look()

    def look_for(self, record_id: str) -> None:
        """Show the values of one record, as its form asks."""
        self._sought = record_id
        self.show_part(_VALUES)
        self._show()

    def show_part(self, part: str) -> None:
        """Show the values to settle, or what needs a look across records."""
        self.segments.show_value(part)
        self._stack.setCurrentIndex(0 if part == _VALUES else 1)
        self.focus_main()
        self._tell()
        self.part_shown.emit()

    def _show(self) -> None:
        if not self.isVisible() and not self._sought:
            return
        waiting = self._watch.waiting
        self._places = waiting.places
        store = self.session.store
        with store.reading() as read:
            settled = conflicts.settled(read, store.station)
        self.list.show_places(self._places, settled)
        if self._sought and self.list.go_to_record(self._sought):
            self._sought = ""
        self.findings.show_findings(waiting.findings)
        self.segments.count({_VALUES: len(self._places), _CHECKS: len(waiting.findings)})
        self._head.setVisible(bool(waiting.findings))
        if not waiting.findings and self.segments.value == _CHECKS:
            self.show_part(_VALUES)
        elif waiting.findings and not self._places and not self.list.rows.rowCount():
            self.show_part(_CHECKS)
        self._tell()

    def _show_current(self) -> None:
        found = self._current()
        if found is None:
            self.empty.show_text(
                "Tout est départagé.",
                "Quand deux ordinateurs auront écrit des valeurs différentes dans le même champ, "
                "elles seront ici.",
            )
            self._right.setCurrentIndex(1)
            return
        alike = 0 if found.settled else len(conflicts.alike(self._places, found.place))
        self.panel.show_conflict(found, alike)
        self._right.setCurrentIndex(0)
        self._tell()

    def _current(self) -> Conflict | None:
        at = self.list.currentIndex().row()
        settled = self.list.rows.settled_at(at)
        place = self.list.rows.place_at(at)
        if settled is not None or place is None:
            return settled
        store = self.session.store
        with store.reading() as read:
            found = conflicts.details(read, [place], store.station)
        return found[0] if found else None

    def _tell(self) -> None:
        if self._stack.currentIndex() == 1:
            self.tell(words.count(len(self._watch.waiting.findings), "constat"))
            return
        self.tell(self.list.counted(len(self._places)))

    # -- writing ---------------------------------------------------------------------------

    def settle(self) -> None:
        """Write what is chosen for the current line, and go to the next one."""
        panel, found = self.panel, self.panel.conflict
        if found is None:
            return
        chosen, reason = panel.chosen, panel.reason.text().strip()
        if chosen is not None and panel.also.isChecked() and panel.also.isVisible():
            self._settle_all(chosen.station_id)
            return
        store = self.session.store
        try:
            if chosen is not None:
                done = conflicts.settle(store, found, str(chosen.n), reason=reason)
                kept = chosen.text
            else:
                value = panel.third_value()
                done = conflicts.settle_with(store, found, value, reason=reason)
                kept = panel.third.typed() if panel.third else ""
        except Unreadable:
            return
        except CheckFailed as error:
            panel.complain(str(error))
            return
        except PreventionError as error:
            self.session.say(str(error), "bad")
            self._watch.look()
            return
        self._done(done, f"Départagé\u202f: {found.label}, {' '.join(kept.split()) or '(vide)'}.")

    def _settle_all(self, wanted: str) -> None:
        found = self.panel.conflict
        if found is None:
            return
        places = [found.place, *conflicts.alike(self._places, found.place)]
        keep = wanted if wanted == conflicts.NEWEST else conflicts.of_station(wanted)
        reason = self.panel.reason.text().strip()
        if len(places) > _MANY:
            operation = self._start(
                f"Départager {words.count(len(places), 'valeur')}",
                long_work.settle_many,
                self.session.folder,
                places,
                keep,
                reason,
            )
            operation.finished.connect(lambda told: self.session.say(_told(*told)))
            return
        try:
            outcome = conflicts.settle_many(self.session.store, places, keep, reason=reason)
        except PreventionError as error:
            self.session.say(str(error), "bad")
            return
        self._done(outcome.done, _told(outcome.settled, outcome.left))

    def join(self, found: Sequence[Finding]) -> None:
        """Join the doubles of some findings; undo takes it back."""
        try:
            done = cross_checks.join_doubles(self.session.store, found)
        except PreventionError as error:
            self.session.say(str(error), "bad")
            return
        number = words.count(len(done.records), "fiche réunie", "fiches réunies")
        self._done(done, f"{number} à celle qui reste. Annuler (Ctrl Z)")

    def _done(self, done: Changes, said: str) -> None:
        self.session.say(said)
        self.session.tell(done)
        self._watch.look()
        self.focus_main()

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the list."""
        if self._stack.currentIndex() == 1:
            return (("J", "Réunir"), ("Entrée", "Ouvrir"))
        return (
            ("1 2", "Choisir"),
            ("3", "Autre valeur"),
            ("S", "Semblables"),
            ("Entrée", "Garder"),
            ("O", "Ouvrir"),
        )

    def deeds(self) -> Sequence[Deed]:
        """What one can do with the current line."""
        shown = self._has_values
        return (
            Deed("keep", "Garder la valeur choisie", "Ctrl+Return", self.panel.confirm, shown),
            Deed("also", "Étendre le choix aux semblables", "S", self.panel.turn_also, shown),
            Deed("open", "Ouvrir la fiche", "O", self.panel.open_record, shown),
            Deed("later", "Laisser pour plus tard", "", self.list.step, shown),
        )

    def _has_values(self) -> bool:
        return self._stack.currentIndex() == 0 and self._right.currentIndex() == 0

    def panes(self) -> Sequence[QWidget]:
        """The list and the values; or the findings."""
        if self._stack.currentIndex() == 1:
            return (self.findings.table, self.findings.join_button)
        return (self.list, self.panel.cards[0] if self.panel.cards else self.empty)

    def focus_main(self) -> None:
        """The list has the focus."""
        (self.findings.table if self._stack.currentIndex() == 1 else self.list).setFocus()


def _told(settled: int, left: int) -> str:
    said = words.count(settled, "valeur départagée", "valeurs départagées")
    return (
        f"{said}, {left} laissées\u202f: ce choix n’y désigne pas une valeur."
        if left
        else f"{said}."
    )
