"""The first page: what is due, most urgent first, of all registers together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
)

from prevention_app.catalogue.values import fold
from prevention_app.domain.due import DueGroup, DueItem, DueState, grouped
from prevention_app.i18n import number_text
from prevention_app.services import overview
from prevention_app.storage.work import SHARED
from prevention_app.ui import icons, states, style, theme, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.page import EmptyState, Keys, Page, button
from prevention_app.ui.session import Session

_FOLDED_AT_FIRST: Final = (DueState.UP_TO_DATE, DueState.SUSPENDED, DueState.NOT_APPLICABLE)
WAITING: Final = (DueState.LATE, DueState.NEVER_DONE, DueState.TO_PLAN)
"""States that call for an act: what the navigation counts."""
_ICONS: Final = {
    "equipment": "wrench",
    "reservation": "wrench",
    "credential": "badge-check",
    "health_safety_entry": "book-open",
    "planned_action": "target",
    "stock_line": "flask-conical",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands on one row of the list."""

    state: DueState
    group: DueGroup | None = None
    item: DueItem | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """One of the counters above the list, which is also its filter."""

    label: str
    icon: str
    colours: str
    holds: Callable[[DueItem, date], bool]


def _late(item: DueItem, today: date) -> bool:  # noqa: ARG001
    return item.state is DueState.LATE


def _within(days: int) -> Callable[[DueItem, date], bool]:
    def holds(item: DueItem, today: date) -> bool:
        return item.due_on is not None and today <= item.due_on <= today + timedelta(days=days)

    return holds


def _unknown(item: DueItem, today: date) -> bool:  # noqa: ARG001
    return item.state in (DueState.UNKNOWN, DueState.NEVER_DONE)


HORIZONS: Final = (
    Horizon("En retard", "triangle-alert", "bad", _late),
    Horizon("Dans 30 jours", "calendar-clock", "warn", _within(30)),
    Horizon("Dans 90 jours", "calendar-days", "", _within(90)),
    Horizon("À renseigner ou jamais fait", "circle-help", "", _unknown),
)


class Counter(QPushButton):
    """A number with its words, as a button that filters the list."""

    def __init__(self, horizon: Horizon) -> None:
        """No number yet."""
        super().__init__()
        self.horizon = horizon
        self.setCheckable(True)
        self.setObjectName("counter")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._number = QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 4)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(8)
        mark = QLabel()
        colour = theme.current()["text_secondary"]
        if horizon.colours:
            colour = theme.current().states[horizon.colours].text
        mark.setPixmap(icons.pixmap(horizon.icon, colour, 16, self.devicePixelRatioF()))
        label = QLabel(horizon.label)
        style.mark(label, "look", "crumb")
        head.addWidget(mark)
        head.addWidget(label, 1)
        column.addLayout(head)
        column.addWidget(self._number)
        for each in (mark, label, self._number):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_number(self, number: int) -> None:
        """Show how many there are."""
        bad = self.horizon.colours == "bad" and number
        style.mark(self._number, "look", "bad_number" if bad else "counter")
        self._number.setText(number_text(number))
        self.setAccessibleName(f"{self.horizon.label} : {number}")


class DuePage(Page):
    """The list of what is due, in groups by state."""

    title = "Ce qui est dû"
    open_asked = Signal(str, str)
    """Register and id of the record to open."""
    counted = Signal(dict)
    """Register → how many of its items wait."""

    def __init__(self, session: Session) -> None:
        """Nothing is read before `reload`."""
        super().__init__()
        self.session = session
        self._items: Sequence[DueItem] = ()
        self._shown: list[_Shown] = []
        self._unfolded: set[DueGroup] = set()
        self._folded = set(_FOLDED_AT_FIRST)
        self._horizon: Horizon | None = None
        self._stale = True
        self.table = CellTable(
            "Ce qui est dû",
            ("Échéance", "Lieu", "Responsable", "Date", "Écart", "État"),
            (0, 190, 170, 120, 100, 190),
            "row_two_lines",
        )
        self.line = QLineEdit()
        self.empty = EmptyState()
        day = QLabel(words.long_day(session.store.today()))
        style.mark(day, "look", "crumb")
        self.buttons = [day]
        self._lay_out()
        self.table.opened.connect(self._open)
        self.table.folded.connect(self._fold)
        self.session.owners_changed.connect(self.refresh)
        self.session.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 0)
        column.setSpacing(12)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        self.counters = [Counter(each) for each in HORIZONS]
        for counter in self.counters:
            counter.clicked.connect(lambda on, chosen=counter: self._choose(chosen, on))
            cards.addWidget(counter)
        column.addLayout(cards)
        self.line.setPlaceholderText("Filtrer les échéances")
        self.line.setAccessibleName("Filtrer les échéances")
        self.line.setClearButtonEnabled(True)
        self.line.setMaximumWidth(320)
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._show)
        column.addWidget(self.line)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        clear = button("Retirer les filtres", "x")
        clear.clicked.connect(self._clear)
        self.empty.add_button(clear)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)
        here = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("/"), self.table, self.line.setFocus, context=here)
        QShortcut(QKeySequence("Down"), self.line, self.focus_main, context=here)

    # -- reading ---------------------------------------------------------------------------

    def reload(self) -> None:
        """Read again what is due."""
        self._stale = False
        owners = (self.session.owner, SHARED) if self.session.owner else ()
        with self.session.store.reading() as read:
            self._items = overview.due_items(read, self.session.store.today(), owners)
        today = self.session.store.today()
        for counter in self.counters:
            number = sum(counter.horizon.holds(each, today) for each in self._items)
            counter.show_number(number)
        self._show()
        waiting: dict[str, int] = {"": 0}
        for each in self._items:
            if each.state in WAITING:
                waiting[each.register] = waiting.get(each.register, 0) + 1
            waiting[""] += each.state is DueState.LATE
        self.counted.emit(waiting)

    def refresh(self, registers: set[str] | None = None) -> None:  # noqa: ARG002
        """Anything that was written may change what is due: read now, or when next shown."""
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    def _choose(self, chosen: Counter, on: bool) -> None:
        for counter in self.counters:
            counter.setChecked(counter is chosen and on)
        self._horizon = chosen.horizon if on else None
        self._show()

    def _clear(self) -> None:
        for counter in self.counters:
            counter.setChecked(False)
        self._horizon = None
        self.line.clear()
        self._show()

    # -- showing ---------------------------------------------------------------------------

    def _wanted(self) -> list[DueItem]:
        today = self.session.store.today()
        asked = fold(self.line.text()).split()
        return [
            each
            for each in self._items
            if (self._horizon is None or self._horizon.holds(each, today))
            and all(word in _searched(each) for word in asked)
        ]

    def _show(self) -> None:
        wanted = self._wanted()
        groups = grouped(wanted)
        self._shown = []
        lines: list[Line] = []
        for state in DueState:
            members = [each for each in groups if each.first.state is state]
            if members:
                self._add_group(lines, state, members)
        self.table.show_lines(lines)
        if len(lines) > 1 and not self.table.currentIndex().isValid():
            self.table.selectRow(1)
        self._stack.setCurrentIndex(0 if lines else 1)
        if not lines:
            filtered = self._horizon or self.line.text()
            self.empty.show_text(
                "Rien ne correspond à ces filtres." if filtered else "Rien n’est dû."
            )
        self.tell(words.count(len(wanted), "échéance"))

    def _add_group(self, lines: list[Line], state: DueState, members: list[DueGroup]) -> None:
        folded = state in self._folded and self._horizon is None and not self.line.text()
        number = sum(len(each.items) for each in members)
        detail = words.count(number, "échéance")
        if len(members) < number:
            detail += f" en {words.count(len(members), 'ligne')}"
        heading = GroupCell(state.label_fr, detail, states.OF_DUE[state], folded)
        lines.append([heading])
        self._shown.append(_Shown(state))
        for each in () if folded else members:
            lines.append(self._group_line(each))
            self._shown.append(_Shown(state, each))
            for item in each.items if each in self._unfolded else ():
                lines.append(self._item_line(item, item.title, inside=True))
                self._shown.append(_Shown(state, each, item))

    def _group_line(self, group: DueGroup) -> Line:
        first = group.first
        if len(group.items) == 1:
            return self._item_line(first, group.text)
        return self._item_line(first, group.text, several=len(group.items))

    def _item_line(
        self, item: DueItem, title: str, *, inside: bool = False, several: int = 0
    ) -> Line:
        today = self.session.store.today()
        register = self.session.store.catalogue[item.register]
        if several:
            second = f"{item.what} · {words.count(several, 'fiche')} (Entrée pour les voir)"
        else:
            second = f"{item.what} · {item.reference}"
        day = Cell(words.short_day(item.due_on, today) if item.due_on else "")
        icon = "" if inside else _ICONS.get(register.key, "calendar-clock")
        return [
            Cell(" ".join(title.split()), second=second, icon=icon),
            Cell(item.place),
            Cell(item.responsible),
            day,
            _delay_cell(item, today),
            Cell(item.state.label_fr, chip=states.OF_DUE[item.state]),
        ]

    def _fold(self, at: int, fold_it: bool | None) -> None:
        state = self._shown[at].state
        folded = state in self._folded
        if fold_it is None or fold_it != folded:
            self._folded ^= {state}
            self._show()
            self.table.selectRow(at)

    def _open(self, at: int) -> None:
        shown = self._shown[at]
        if shown.group is None:
            return
        if shown.item is None and len(shown.group.items) > 1:
            self._unfolded ^= {shown.group}
            self._show()
            self.table.selectRow(at)
            return
        item = shown.item or shown.group.first
        self.open_asked.emit(item.register, item.record_id)

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the list."""
        return (("↑ ↓", "Parcourir"), ("Entrée", "Ouvrir"), ("← →", "Plier"), ("Ctrl F", "Filtrer"))

    def focus_main(self) -> None:
        """The list has the focus."""
        self.table.setFocus()

    def focus_filter(self) -> None:
        """The filter line has the focus."""
        self.line.setFocus()
        self.line.selectAll()


def _searched(item: DueItem) -> str:
    return fold(f"{item.title} {item.what} {item.place} {item.responsible} {item.reference}")


def _delay_cell(item: DueItem, today: date) -> Cell:
    if item.due_on is None or item.state in (DueState.SUSPENDED, DueState.NOT_APPLICABLE):
        return Cell("")
    colours = states.delay_colour(item.due_on, today)
    far = (item.due_on - today).days > 90
    text = "" if far else words.delay(item.due_on, today)
    return Cell(text, colours=colours, strong=colours == "bad")
