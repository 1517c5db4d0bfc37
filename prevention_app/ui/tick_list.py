"""A list to tick, found by typing: risks of the library, work units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.values import fold
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import icons, style
from prevention_app.ui.page import button
from prevention_app.ui.shortcuts import on_keys

_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Tick:
    """A line that may be ticked."""

    id: str
    text: str
    told: str = ""
    """What a tooltip says, and the filter finds."""


class TickList(QWidget):
    """Lines to tick under a heading, with a line that filters them."""

    ticked = Signal()
    moved = Signal(str)
    """The cursor is on the line with this id."""

    def __init__(self, heading: str, name: str, filters: str) -> None:
        """Nothing to tick yet; `name` is what a screen reader calls the list."""
        super().__init__()
        self._heading = QLabel(heading)
        style.mark(self._heading, "look", "strong")
        self.line = QLineEdit()
        self.line.setPlaceholderText(filters)
        self.line.setAccessibleName(filters)
        self.line.setClearButtonEnabled(True)
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QListWidget()
        self.list.setObjectName("tick_list")
        self.list.setAccessibleName(name)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.all_button = button("Tout cocher", look="link")
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.line.textChanged.connect(self._filter)
        self.list.itemChanged.connect(lambda _: self.ticked.emit())
        self.list.currentItemChanged.connect(lambda *_: self.moved.emit(self.current()))
        self.all_button.clicked.connect(self.tick_shown)
        on_keys("Down", self.line, self.list.setFocus)

    def show_ticks(self, ticks: Iterable[Tick], chosen: Iterable[str] = ()) -> None:
        """List these, some of them ticked; the first ticked one, or the first, is current."""
        wanted = set(chosen)
        self.list.blockSignals(True)
        self.list.clear()
        for each in ticks:
            item = QListWidgetItem(each.text)
            item.setData(_ID, each.id)
            item.setToolTip(each.told or each.text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            state = Qt.CheckState.Checked if each.id in wanted else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.list.addItem(item)
        self.list.blockSignals(False)
        first = next((each for each in self._items() if each.data(_ID) in wanted), None)
        self.list.setCurrentItem(first or self.list.item(0))
        self._filter(self.line.text())
        self.ticked.emit()

    def _items(self) -> Sequence[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def chosen(self) -> list[str]:
        """The ids of the lines ticked."""
        checked = Qt.CheckState.Checked
        return [str(each.data(_ID)) for each in self._items() if each.checkState() == checked]

    def current(self) -> str:
        """The id of the line under the cursor."""
        item = self.list.currentItem()
        return str(item.data(_ID)) if item else ""

    def tick_shown(self) -> None:
        """Tick all that the filter shows; untick them where all are ticked."""
        shown = [each for each in self._items() if not each.isHidden()]
        whole = all(each.checkState() == Qt.CheckState.Checked for each in shown)
        self.list.blockSignals(True)
        for each in shown:
            each.setCheckState(Qt.CheckState.Unchecked if whole else Qt.CheckState.Checked)
        self.list.blockSignals(False)
        self.ticked.emit()

    def _filter(self, text: str) -> None:
        asked = fold(text).split()
        for item in self._items():
            held = fold(f"{item.text()} {item.toolTip()}")
            item.setHidden(not all(word in held for word in asked))


def unit_ticks(root: TreeNode) -> list[Tick]:
    """The open work units of a tree, each with the way to it."""
    return [
        Tick(node.key, node.name, " › ".join(each.name for each in node.path[1:]))
        for node in root.walk()
        if node.kind is NodeKind.WORK_UNIT and not node.ended
    ]
