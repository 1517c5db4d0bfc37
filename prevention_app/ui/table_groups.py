"""Group headings of a table: what they say, and the menu that chooses what to group by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from prevention_app.catalogue.description import Entity, Field, Kind
from prevention_app.catalogue.values import shown
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services.record_groups import Group, groupable
from prevention_app.ui import states, words
from prevention_app.ui.cells import GroupCell
from prevention_app.ui.states import State

_PLAIN: Final = State("neutral", "layers")


def heading(field: Field, group: Group, numbers: Sequence[Field], *, folded: bool) -> GroupCell:
    """The heading of a group: its value, how many records, the sums of the columns shown."""
    parts = [words.count(group.count, "fiche")]
    for each in numbers:
        held, total = group.totals.get(each.key, (0, Decimal(0)))
        if held:
            parts.append(f"{each.label_fr}{NO_BREAK}: {amount(each, total)}")
    state = states.state_of(str(group.value)) if group.value and states.is_state(field) else _PLAIN
    return GroupCell(group.title, " · ".join(parts), state, folded)


def amount(field: Field, total: Decimal) -> str:
    """A sum, in euros where its field is."""
    return shown(field, total) if field.kind is Kind.MONEY else number_text(total)


def fill_menu(menu: QMenu, entity: Entity, current: str, choose: Callable[[str], object]) -> None:
    """Offer the fields to group by, the one in force marked."""
    menu.clear()
    exclusive = QActionGroup(menu)
    for key, label in (("", "Ne pas grouper"), *((f.key, f.label_fr) for f in groupable(entity))):
        action = QAction(label, menu)
        action.setCheckable(True)
        action.setChecked(key == current)
        action.triggered.connect(partial(_chosen, choose, key))
        exclusive.addAction(action)
        menu.addAction(action)


def _chosen(choose: Callable[[str], object], key: str, _on: bool = False) -> None:
    choose(key)
