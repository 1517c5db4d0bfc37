"""The filter bar of a register: words to find, and chips made from its fields."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Entity, Field, Kind
from prevention_app.storage.query import Condition
from prevention_app.ui import icons, states, style
from prevention_app.ui.filter_chip import FilterChip, Kept
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.record_columns import second_field
from prevention_app.ui.session import Session

_SHOWN_AT_FIRST: Final = 4
_PAUSE_MS: Final = 180


class FilterBar(QWidget):
    """Words and chips above a table; says when what is wanted changes."""

    changed = Signal()

    def __init__(self, entity: Entity, session: Session) -> None:
        """The chips that matter most for a register; others come by « Filtre »."""
        super().__init__()
        self._session = session
        self.fields = filterable(entity)
        self.chips: dict[str, FilterChip] = {}
        self._quiet = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.line = self._make_line(entity)
        self._head = QHBoxLayout()
        self._head.setSpacing(4)
        self._head.addWidget(self.line, 3)
        self._head.addStretch(1)
        column.addLayout(self._head)
        flow = QWidget()
        self._flow = FlowLayout(flow)
        column.addWidget(flow)
        self._more = QPushButton("\u00a0Filtre", flow)
        self._more.setIcon(icons.icon("plus"))
        self._more.setObjectName("more_filters")
        style.mark(self._more, "look", "quiet")
        self._more.setMenu(QMenu(self._more))
        self._more.menu().aboutToShow.connect(self._fill_more)
        self._flow.addWidget(self._more)
        for each in [each for each in self.fields if each.kind in _SHOWN][:_SHOWN_AT_FIRST]:
            self.add(each)
        self._more.setVisible(len(self.fields) > len(self.chips))
        flow.setVisible(bool(self.fields))

    def add_tool(self, widget: QWidget) -> None:
        """Put something at the right of the filter line."""
        self._head.addWidget(widget)

    def _make_line(self, entity: Entity) -> QLineEdit:
        line = QLineEdit()
        line.setClearButtonEnabled(True)
        line.setAccessibleName("Filtrer cette liste")
        line.setMaximumWidth(320)
        line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        if not any(each.search for each in entity.fields):
            line.hide()  # and never shown here: without a parent it would be a window of its own
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        line.textChanged.connect(self._pause.start)
        line.returnPressed.connect(self._now)
        return line

    def _now(self) -> None:
        self._pause.stop()
        self._tell()

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()

    # -- chips -----------------------------------------------------------------------------

    def add(self, field: Field) -> FilterChip:
        """Show the chip of a field, once."""
        if field.key not in self.chips:
            chip = FilterChip(field, self._session, self._session.store.today)
            chip.changed.connect(self._tell)
            self.chips[field.key] = chip
            self._flow.removeWidget(self._more)
            self._flow.addWidget(chip)
            self._flow.addWidget(self._more)
        return self.chips[field.key]

    def open(self, field: Field) -> None:
        """Show the chip of a field and open its menu."""
        chip = self.add(field)
        chip.setFocus()
        QTimer.singleShot(0, chip, chip.open_menu)

    def _fill_more(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for each in self.fields:
            if each.key not in self.chips:
                menu.addAction(each.label_fr, partial(self.open, each))

    # -- what is wanted --------------------------------------------------------------------

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

    @property
    def kept(self) -> dict[str, Kept]:
        """What the chips ask for, as settings hold it: key of the field → what."""
        return {key: chip.active.kept for key, chip in self.chips.items() if chip.active}

    def restore(self, words: str, kept: Mapping[str, Kept]) -> None:
        """Ask for this and nothing else, as settings hold it; says so once."""
        by_key = {each.key: each for each in self.fields}
        self._quiet = True
        self.line.setText(words)
        for key, chip in self.chips.items():
            if chip.active and key not in kept:
                chip.clear()
        for key, wanted in kept.items():
            if key in by_key:
                self.add(by_key[key]).restore(wanted)
        self._quiet = False
        self._now()

    def clear(self) -> None:
        """Take all filters away."""
        self.restore("", {})


def filterable(entity: Entity) -> list[Field]:
    """The fields that a list can be filtered by, those that matter most first."""
    where = second_field(entity)

    def weight(each: Field) -> int:
        if states.is_state(each):
            return 0
        if where is not None and each.key == where.key:
            return 1
        if each.due or (each.kind is Kind.DATE and each.required):
            return 2
        if each.kind in (Kind.CHOICE, Kind.REFERENCE, Kind.PERSON):
            return 3
        return 4 if each.kind in _SHOWN else 5

    return sorted((each for each in entity.fields if each.kind is not Kind.ATTACHMENT), key=weight)


_SHOWN: Final = (
    Kind.CHOICE,
    Kind.YES_NO,
    Kind.REFERENCE,
    Kind.PERSON,
    Kind.DATE,
    Kind.DATETIME,
)
"""Kinds whose chips are of use without a word typed."""
