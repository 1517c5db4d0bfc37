"""Choosing work units: a list to tick, found by typing."""

from __future__ import annotations

from collections.abc import Iterable

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
from prevention_app.ui import icons, style, words
from prevention_app.ui.page import button
from prevention_app.ui.shortcuts import on_keys

_ID = Qt.ItemDataRole.UserRole


class UnitChooser(QWidget):
    """Asks to which work units something is to go."""

    given = Signal(list)
    """The ids of the units chosen."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Nothing to choose from yet."""
        super().__init__(parent)
        self._title = QLabel("Dupliquer dans d’autres unités")
        style.mark(self._title, "look", "section")
        self._under = QLabel()
        self._under.setWordWrap(True)
        style.mark(self._under, "look", "secondary")
        self.line = QLineEdit()
        self.line.setPlaceholderText("Filtrer les unités")
        self.line.setAccessibleName("Filtrer les unités")
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("tick_list")
        self.list.setAccessibleName("Unités de travail")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemChanged.connect(self._count)
        self.save_button = button("Dupliquer")
        self.save_button.clicked.connect(lambda: self.given.emit(self.chosen()))
        close = button("Abandonner")
        close.clicked.connect(self.closed)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 9)
        column.setSpacing(10)
        for each in (self._title, self._under, self.line):
            column.addWidget(each)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        on_keys("Escape", self, self.closed.emit, inside=True)
        on_keys("Down", self.line, self.list.setFocus)

    def ask(self, root: TreeNode, without: Iterable[str], number: int) -> None:
        """Choose among the units of a tree, but for some; so many risks are to be copied."""
        left_out = set(without)
        copied = words.count(number, "risque sera recopié", "risques seront recopiés")
        told = (
            f"{copied}, mesures comprises, «\u00a0à évaluer\u00a0» sur place\u00a0: "
            "la cotation est un repère."
        )
        self._under.setText(words.sentence(told))
        self.list.blockSignals(True)
        self.list.clear()
        for node in root.walk():
            if node.kind is NodeKind.WORK_UNIT and node.key not in left_out and not node.ended:
                item = QListWidgetItem(node.name)
                item.setData(_ID, node.key)
                item.setToolTip(" › ".join(each.name for each in node.path[1:]))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Unchecked)
                self.list.addItem(item)
        self.list.blockSignals(False)
        self.line.clear()
        self._count()
        self.line.setFocus()

    def chosen(self) -> list[str]:
        """The ids of the units ticked."""
        items = [self.list.item(at) for at in range(self.list.count())]
        return [str(each.data(_ID)) for each in items if each.checkState() == Qt.CheckState.Checked]

    def _count(self) -> None:
        number = len(self.chosen())
        self.save_button.setEnabled(number > 0)
        where = f" dans {words.count(number, 'unité')}" if number else ""
        self.save_button.setText(f"Dupliquer{where}")

    def _filter(self, text: str) -> None:
        asked = fold(text).split()
        for at in range(self.list.count()):
            item = self.list.item(at)
            held = fold(f"{item.text()} {item.toolTip()}")
            item.setHidden(not all(word in held for word in asked))
