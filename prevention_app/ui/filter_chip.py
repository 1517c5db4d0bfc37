"""One filter of a list: a chip with a menu made from its field, which says what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

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

from prevention_app.catalogue.description import Field, Kind, Option, Value
from prevention_app.catalogue.values import Unreadable, from_stored, shown, to_stored
from prevention_app.storage.query import Condition, Op
from prevention_app.ui import icons, style
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.session import Session
from prevention_app.ui.words import sentence

_YES_NO: Final = (Option("1", "Oui", "Yes"), Option("", "Non", "No"))


Kept = Mapping[str, Any]
"""What a chip asks for, as settings hold it: plain texts, lists and truth values."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a chip asks for, and how it says so."""

    words: str
    conditions: tuple[Condition, ...]
    kept: Kept


@dataclass(frozen=True, slots=True)
class _Period:
    """A stretch of time that moves with the calendar."""

    label: str
    bounds: Callable[[date], tuple[date | None, date | None]]


_PERIODS: Final = {
    "this_year": _Period(
        "Cette année", lambda today: (date(today.year, 1, 1), date(today.year, 12, 31))
    ),
    "last_year": _Period(
        "L’année dernière",
        lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ),
    "past": _Period("Avant aujourd’hui", lambda today: (None, today - timedelta(days=1))),
    "30_days": _Period("Dans les 30 jours", lambda today: (today, today + timedelta(days=30))),
    "90_days": _Period("Dans les 90 jours", lambda today: (today, today + timedelta(days=90))),
}
_TEXTS: Final = (Kind.TEXT, Kind.LONG_TEXT, Kind.COLOUR)
_DATES: Final = (Kind.DATE, Kind.DATETIME)


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

    def restore(self, kept: Kept) -> None:
        """Filter as settings hold it; what cannot be understood filters nothing."""
        self._codes = []
        self._set(self._from_kept(kept))

    def open_menu(self) -> None:
        """Show the menu, as a click does; the window goes on meanwhile."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

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
            f"{self.field.label_fr}\u00a0: {self.active.words}"
            if self.active
            else self.field.label_fr
        )
        self.setText(f"\u00a0{sentence(label)}")
        self.setAccessibleName(f"Filtre {sentence(label)}")
        self.setIcon(
            icons.icon("filter" if on else "chevron-down", "accent" if on else "text_secondary")
        )
        style.mark(self, "look", "chip_on" if on else "chip")

    # -- what is asked for -----------------------------------------------------------------

    def _from_kept(self, kept: Kept) -> Filter | None:
        if kept.get("empty"):
            return self._empty()
        if "codes" in kept:
            self._codes = [str(each) for each in kept["codes"]]
            return self._of_codes()
        if kept.get("period") in _PERIODS:
            return self._of_period(str(kept["period"]))
        if "first" in kept or "last" in kept:
            return self._of_bounds(
                *(_stored(self._bound(), kept, key) for key in ("first", "last"))
            )
        if "id" in kept:
            return self._of_record(str(kept["id"]))
        return self._of_text(str(kept["text"])) if "text" in kept else None

    def _empty(self) -> Filter:
        return Filter("non renseigné", (Condition(self.field.key, Op.EMPTY),), {"empty": True})

    def _of_codes(self) -> Filter | None:
        chosen = [each for each in self.field.options or _YES_NO if each.code in self._codes]
        if not chosen:
            return None
        held: list[Value] = [
            bool(each.code) if self.field.kind is Kind.YES_NO else each.code for each in chosen
        ]
        names = ", ".join(each.label_fr for each in chosen)
        kept = {"codes": [each.code for each in chosen]}
        return Filter(names, (Condition(self.field.key, Op.ANY_OF, held),), kept)

    def _of_period(self, key: str) -> Filter:
        period = _PERIODS[key]
        conditions = self._between(*period.bounds(self._today()))
        return Filter(period.label.lower(), conditions, {"period": key})

    def _of_bounds(self, first: Value, last: Value) -> Filter | None:
        bound = self._bound()
        dated = bound.kind is Kind.DATE
        names = [
            f"{word} {shown(bound, value)}"
            for word, value in zip(
                ("du", "au") if dated else ("de", "à"), (first, last), strict=True
            )
            if value is not None
        ]
        kept = {
            key: to_stored(bound, value)
            for key, value in (("first", first), ("last", last))
            if value is not None
        }
        return Filter(" ".join(names), self._between(first, last), kept) if names else None

    def _bound(self) -> Field:
        """The field as its bounds are typed: days for moments."""
        return replace(self.field, kind=Kind.DATE) if self.field.kind in _DATES else self.field

    def _between(self, first: Value, last: Value) -> tuple[Condition, ...]:
        key = self.field.key
        until = last
        if isinstance(last, date) and self.field.kind is Kind.DATETIME:
            until = datetime.combine(last, time.max)
        conditions = [Condition(key, Op.FROM, first)] if first is not None else []
        conditions += [Condition(key, Op.UNTIL, until)] if until is not None else []
        return tuple(conditions)

    def _of_record(self, record_id: str) -> Filter:
        with self._session.store.reading() as read:
            name = read.titles(self.field.target or "", [record_id]).get(record_id, record_id)
        return Filter(name, (Condition(self.field.key, Op.IS, record_id),), {"id": record_id})

    def _of_text(self, text: str) -> Filter | None:
        if not text.strip():
            return None
        condition = Condition(self.field.key, Op.CONTAINS, text.strip())
        return Filter(f"«\u00a0{text.strip()}\u00a0»", (condition,), {"text": text.strip()})

    # -- the menu --------------------------------------------------------------------------

    def _fill(self) -> None:
        self._menu.clear()
        kind = self.field.kind
        if kind is Kind.CHOICE:
            self._fill_choices(self.field.options)
        elif kind is Kind.YES_NO:
            self._fill_choices(_YES_NO)
        elif kind in _DATES:
            self._fill_dates()
        elif self.field.target:
            self._fill_reference()
        elif kind in _TEXTS:
            self._fill_text()
        else:
            self._add_bounds(("de", "à"))
        self._menu.addSeparator()
        if not self.field.required:
            self._menu.addAction("Non renseigné", lambda: self._set(self._empty()))
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
        self._set(self._of_codes())

    def _fill_dates(self) -> None:
        for key, period in _PERIODS.items():
            self._menu.addAction(period.label, partial(self.restore, {"period": key}))
        self._menu.addSeparator()
        self._add_bounds(("du", "au"))

    def _add_bounds(self, names: tuple[str, str]) -> None:
        bounds = _Bounds(self._bound(), names, self._session)
        bounds.chosen.connect(self._take_bounds)
        self._add_widget(bounds)

    def _take_bounds(self, first: Value, last: Value) -> None:
        self._menu.close()
        self._set(self._of_bounds(first, last))

    def _fill_text(self) -> None:
        line = QLineEdit()
        line.setMinimumWidth(240)
        line.setPlaceholderText("Contient…")
        line.setAccessibleName(sentence(f"{self.field.label_fr}\u00a0: contient"))
        line.setText(str(self.active.kept.get("text", "")) if self.active else "")
        line.returnPressed.connect(
            lambda: (self._menu.close(), self._set(self._of_text(line.text())))
        )
        self._add_widget(line)
        QTimer.singleShot(0, line, line.setFocus)

    def _fill_reference(self) -> None:
        editor = editor_for(self.field, self._session)
        editor.setMinimumWidth(280)
        editor.changed.connect(partial(self._take_reference, editor))
        self._add_widget(editor)
        QTimer.singleShot(0, editor, editor.setFocus)

    def _take_reference(self, editor: Editor) -> None:
        try:
            held = editor.value()
        except Unreadable:
            return
        if held:
            self._menu.close()
            self._set(self._of_record(str(held)))

    def _add_widget(self, widget: QWidget) -> None:
        frame = QWidget()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(widget)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(frame)
        self._menu.addAction(action)


def _stored(field: Field, kept: Kept, key: str) -> Value:
    """A bound as settings hold it; None where there is none, or none that can be read."""
    try:
        return from_stored(field, str(kept[key])) if key in kept else None
    except (ValueError, ArithmeticError):
        return None


class _Bounds(QWidget):
    """Two values, each of which may stay empty."""

    chosen = Signal(object, object)

    def __init__(self, field: Field, names: tuple[str, str], session: Session) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._editors = [editor_for(field, session) for _ in names]
        for word, editor in zip(names, self._editors, strict=True):
            row.addWidget(QLabel(word))
            editor.setFixedWidth(130)
            editor.inner.setAccessibleName(sentence(f"{field.label_fr}\u00a0: {word}"))
            row.addWidget(editor)
        button = QPushButton("Filtrer")
        button.clicked.connect(self._choose)
        row.addWidget(button)

    def _choose(self) -> None:
        found: list[Value] = []
        for editor in self._editors:
            try:
                found.append(editor.value())
                editor.mark_problem(False)
            except Unreadable:
                editor.mark_problem(True)
                return
        self.chosen.emit(*found)
