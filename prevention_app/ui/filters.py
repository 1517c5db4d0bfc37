"""The filter bar of a register: words to find, and chips made from its fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from prevention_app.catalogue.description import Entity, Field, Kind, Option, Value
from prevention_app.catalogue.values import Unreadable, shown
from prevention_app.storage.query import Condition, Op
from prevention_app.ui import icons, states, style
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.record_columns import second_field
from prevention_app.ui.session import Session

_SHOWN_AT_FIRST: Final = 4
_PAUSE_MS: Final = 180
_YES_NO: Final = (Option("1", "Oui", "Yes"), Option("", "Non", "No"))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a chip asks for, and how it says so."""

    words: str
    conditions: tuple[Condition, ...]


class FilterChip(QPushButton):
    """One field to filter by: a button with a menu, tinted while it filters."""

    changed = Signal()

    def __init__(self, field: Field, session: Session, today: Callable[[], date]) -> None:
        """No filter yet."""
        super().__init__()
        self.field = field
        self.active: Filter | None = None
        self._session = session
        self._today = today
        self._codes: list[str] = []
        self._menu = QMenu(self)
        self._menu.setAccessibleName(field.label_fr)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._show()

    def clear(self) -> None:
        """Filter no longer."""
        self._codes = []
        self._set(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Retour arrière takes the filter away."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self.active:
            self.clear()
        else:
            super().keyPressEvent(event)

    def _set(self, wanted: Filter | None) -> None:
        self.active = wanted
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        on = self.active is not None
        label = (
            f"{self.field.label_fr} : {self.active.words}" if self.active else self.field.label_fr
        )
        self.setText(f"\u00a0{label}")
        self.setAccessibleName(f"Filtre {label}")
        self.setIcon(
            icons.icon("filter" if on else "chevron-down", "accent" if on else "text_secondary", 14)
        )
        style.mark(self, "look", "chip_on" if on else "chip")

    # -- the menu --------------------------------------------------------------------------

    def _fill(self) -> None:
        self._menu.clear()
        kind = self.field.kind
        if kind is Kind.CHOICE:
            self._fill_choices(self.field.options)
        elif kind is Kind.YES_NO:
            self._fill_choices(_YES_NO)
        elif kind in (Kind.DATE, Kind.DATETIME):
            self._fill_dates()
        else:
            self._fill_reference()
        self._menu.addSeparator()
        if not self.field.required:
            empty = Filter("non renseigné", (Condition(self.field.key, Op.EMPTY),))
            self._menu.addAction("Non renseigné", partial(self._set, empty))
        remove = self._menu.addAction("Retirer le filtre", self.clear)
        remove.setEnabled(self.active is not None)

    def _fill_choices(self, options: tuple[Option, ...]) -> None:
        for option in options:
            action = QAction(option.label_fr, self._menu)
            action.setCheckable(True)
            action.setChecked(option.code in self._codes)
            action.toggled.connect(partial(self._switch, option.code))
            self._menu.addAction(action)

    def _switch(self, code: str, on: bool) -> None:
        kept = [each for each in self._codes if each != code]
        self._codes = [*kept, code] if on else kept
        options = self.field.options or _YES_NO
        chosen = [each for each in options if each.code in self._codes]
        if not chosen:
            self._set(None)
            return
        held: list[Value] = [
            bool(each.code) if self.field.kind is Kind.YES_NO else each.code for each in chosen
        ]
        names = ", ".join(each.label_fr for each in chosen)
        self._set(Filter(names, (Condition(self.field.key, Op.ANY_OF, held),)))

    def _fill_dates(self) -> None:
        today = self._today()
        year = today.year
        for label, first, last in (
            ("Cette année", date(year, 1, 1), date(year, 12, 31)),
            ("L’année dernière", date(year - 1, 1, 1), date(year - 1, 12, 31)),
            ("Avant aujourd’hui", None, today - timedelta(days=1)),
            ("Dans les 30 jours", today, today + timedelta(days=30)),
            ("Dans les 90 jours", today, today + timedelta(days=90)),
        ):
            self._menu.addAction(label, partial(self._between, label.lower(), first, last))
        self._menu.addSeparator()
        bounds = _DateBounds(self.field, self._session)
        bounds.chosen.connect(self._take_bounds)
        self._add_widget(bounds)

    def _take_bounds(self, first: date | None, last: date | None) -> None:
        self._menu.close()
        names = [
            f"{word} {shown(self.field, day)}"
            for word, day in (("du", first), ("au", last))
            if day is not None
        ]
        if names:
            self._between(" ".join(names), first, last)
        else:
            self.clear()

    def _between(self, label: str, first: date | None, last: date | None) -> None:
        key = self.field.key
        until: Value = last
        if last is not None and self.field.kind is Kind.DATETIME:
            until = datetime.combine(last, time.max)
        conditions = [Condition(key, Op.FROM, first)] if first else []
        conditions += [Condition(key, Op.UNTIL, until)] if last else []
        self._set(Filter(label, tuple(conditions)))

    def _fill_reference(self) -> None:
        editor = editor_for(self.field, self._session)
        editor.setMinimumWidth(280)
        editor.changed.connect(partial(self._take_reference, editor))
        self._add_widget(editor)
        QTimer.singleShot(0, editor.setFocus)

    def _take_reference(self, editor: Editor) -> None:
        try:
            held = editor.value()
        except Unreadable:
            return
        if held:
            self._menu.close()
            with self._session.store.reading() as read:
                name = read.titles(self.field.target or "", [held]).get(str(held), str(held))
            self._set(Filter(name, (Condition(self.field.key, Op.IS, held),)))

    def _add_widget(self, widget: QWidget) -> None:
        frame = QWidget()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(widget)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(frame)
        self._menu.addAction(action)


class _DateBounds(QWidget):
    """Two dates, each of which may stay empty."""

    chosen = Signal(object, object)

    def __init__(self, field: Field, session: Session) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        bound = replace(field, kind=Kind.DATE)
        self._editors = [editor_for(bound, session) for _ in range(2)]
        for word, editor in zip(("du", "au"), self._editors, strict=True):
            row.addWidget(QLabel(word))
            editor.setFixedWidth(130)
            editor.inner.setAccessibleName(f"{field.label_fr} : {word}")
            row.addWidget(editor)
        button = QPushButton("Filtrer")
        button.clicked.connect(self._choose)
        row.addWidget(button)

    def _choose(self) -> None:
        days: list[Value] = []
        for editor in self._editors:
            try:
                days.append(editor.value())
                editor.mark_problem(False)
            except Unreadable:
                editor.mark_problem(True)
                return
        self.chosen.emit(*days)


class FilterBar(QWidget):
    """Words and chips above a table; says when what is wanted changes."""

    changed = Signal()

    def __init__(self, entity: Entity, session: Session) -> None:
        """The chips that matter most for a register; others come by « Filtre »."""
        super().__init__()
        self._session = session
        self.fields = filterable(entity)
        self.chips: dict[str, FilterChip] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.line = self._make_line(entity)
        column.addWidget(self.line)
        flow = QWidget()
        self._flow = FlowLayout(flow)
        column.addWidget(flow)
        self._more = QPushButton("\u00a0Filtre")
        self._more.setIcon(icons.icon("plus", size=14))
        self._more.setObjectName("more_filters")
        style.mark(self._more, "look", "quiet")
        self._more.setMenu(QMenu(self._more))
        self._more.menu().aboutToShow.connect(self._fill_more)
        for each in self.fields[:_SHOWN_AT_FIRST]:
            self.add(each)
        self._more.setVisible(len(self.fields) > _SHOWN_AT_FIRST)
        flow.setVisible(bool(self.fields))

    def _make_line(self, entity: Entity) -> QLineEdit:
        line = QLineEdit()
        line.setClearButtonEnabled(True)
        line.setAccessibleName("Filtrer cette liste")
        line.setMaximumWidth(320)
        line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        line.setVisible(any(each.search for each in entity.fields))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        line.textChanged.connect(self._pause.start)
        line.returnPressed.connect(self._now)
        return line

    def _now(self) -> None:
        self._pause.stop()
        self.changed.emit()

    def add(self, field: Field) -> FilterChip:
        """Show the chip of a field, once."""
        if field.key not in self.chips:
            chip = FilterChip(field, self._session, self._session.store.today)
            chip.changed.connect(self.changed)
            self.chips[field.key] = chip
            self._flow.removeWidget(self._more)
            self._flow.addWidget(chip)
            self._flow.addWidget(self._more)
        return self.chips[field.key]

    def _fill_more(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for each in self.fields:
            if each.key not in self.chips:
                menu.addAction(each.label_fr, partial(self._add_and_open, each))

    def _add_and_open(self, field: Field) -> None:
        chip = self.add(field)
        chip.setFocus()
        QTimer.singleShot(0, chip.showMenu)

    @property
    def words(self) -> str:
        """The words to find."""
        return self.line.text().strip()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the chips ask for; all of it holds."""
        return tuple(
            each for chip in self.chips.values() if chip.active for each in chip.active.conditions
        )

    @property
    def active(self) -> int:
        """How many filters are in force."""
        return sum(chip.active is not None for chip in self.chips.values()) + bool(self.words)

    def clear(self) -> None:
        """Take all filters away."""
        self.line.clear()
        for chip in self.chips.values():
            if chip.active:
                chip.clear()
        self._now()


def filterable(entity: Entity) -> list[Field]:
    """The fields that a list can be filtered by, those that matter most first."""
    kinds = (Kind.CHOICE, Kind.YES_NO, Kind.REFERENCE, Kind.PERSON, Kind.DATE, Kind.DATETIME)
    where = second_field(entity)

    def weight(each: Field) -> int:
        if states.is_state(each):
            return 0
        if where is not None and each.key == where.key:
            return 1
        if each.due or (each.kind is Kind.DATE and each.required):
            return 2
        return 3 if each.kind in (Kind.CHOICE, Kind.REFERENCE, Kind.PERSON) else 4

    return sorted((each for each in entity.fields if each.kind in kinds), key=weight)
