"""The pane of the tree: a line that filters it, and the tree with the figures of each branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from prevention_app.catalogue.values import fold
from prevention_app.services.methods import method
from prevention_app.services.risk_groups import Grouping, counts_of
from prevention_app.services.risk_index import UNRATED, RiskIndex
from prevention_app.services.unit_tree import EVERYTHING, NodeKind, TreeNode
from prevention_app.ui import icons, settings, style
from prevention_app.ui.rating_chip import RatingMark
from prevention_app.ui.risk_tree import Figures, UnitTree

_BRANCH, _UNFOLDED = "risk_document/branch", "risk_document/unfolded"
_GROUP: Final = "risk_document/grouping"
_GROUPS: Final = {
    Grouping.ORGANISATION: "Unités de travail",
    Grouping.FAMILY: "Familles",
    Grouping.SITE: "Sites",
    Grouping.JOB: "Métiers",
}
_NARROWEST: Final = 190


class UnitPane(QWidget):
    """Which branch is looked at."""

    chosen = Signal()
    """Another node is current."""
    regrouped = Signal()
    """The branches are to be others: the tree must be read again."""

    def __init__(self, parent: QWidget) -> None:
        """No tree yet."""
        super().__init__(parent)
        self.setObjectName("tree_pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_NARROWEST)
        self.node = self._root = TreeNode(EVERYTHING, NodeKind.EVERYTHING, "")
        self._index: RiskIndex | None = None
        self.line = search_line("Filtrer les unités")
        self.tree = UnitTree(self)
        self.group = QComboBox()
        self.group.setAccessibleName("Grouper les risques")
        for each, text in _GROUPS.items():
            self.group.addItem(text, each.value)
        kept = str(settings.remembered(_GROUP, Grouping.ORGANISATION.value))
        self.group.setCurrentIndex(max(self.group.findData(kept), 0))
        self.group.activated.connect(self._regroup)
        self._lay_out()
        self.line.textChanged.connect(self._filter)
        self.tree.chosen.connect(self._choose)
        self.tree.expanded.connect(self._remember_unfolded)
        self.tree.collapsed.connect(self._remember_unfolded)
        here = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("/"), self.tree, self.line.setFocus, context=here)
        QShortcut(QKeySequence("Down"), self.line, self.tree.setFocus, context=here)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(12, 12, 12, 4)
        line.addWidget(self.line)
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 2)
        head.setSpacing(6)
        head.addWidget(self.group, 1)
        for text, stretch in (("Pire", 0), ("Risques", 0)):
            label = QLabel(text)
            style.mark(label, "look", "secondary")
            head.addWidget(label, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addLayout(head)
        column.addWidget(self.tree, 1)

    @property
    def grouping(self) -> Grouping:
        """What the branches are."""
        return Grouping(self.group.currentData())

    def _regroup(self) -> None:
        settings.remember(_GROUP, self.grouping.value)
        self.regrouped.emit()

    @property
    def root(self) -> TreeNode:
        """The node above all others."""
        return self._root

    def show_tree(self, root: TreeNode, index: RiskIndex | None) -> None:
        """Show a tree with the figures of an index; what is chosen and unfolded stays so."""
        first = self._index is None
        self._root, self._index = root, index
        words = fold(self.line.text()).split()
        figures = _figures(root, index, self.grouping)
        focus = self.tree.hasFocus()
        key = str(settings.remembered(_BRANCH, "")) if first else self.node.key
        self.tree.blockSignals(True)
        self.tree.units.show(root, _kept(root, figures, words))
        self.tree.units.show_figures(figures)
        if words:
            self.tree.expandAll()
        else:
            self.tree.unfold(settings.remembered_list(_UNFOLDED))
        if not self.tree.choose(key):
            self.tree.choose(EVERYTHING)
        self.node = self.tree.current_node() or root
        self.tree.blockSignals(False)
        if focus:
            self.tree.setFocus()

    def choose_unit(self, unit: str) -> None:
        """Choose the node of a work unit."""
        units = {each: node for node in self._root.walk() for each in node.own_units}
        self.tree.choose(units[unit].key if unit in units else EVERYTHING)

    def _filter(self) -> None:
        self.show_tree(self._root, self._index)
        self.chosen.emit()

    def _choose(self, node: TreeNode) -> None:
        if node is not self.node:
            self.node = node
            settings.remember(_BRANCH, node.key)
            self.chosen.emit()

    def _remember_unfolded(self) -> None:
        if not self.line.text():
            settings.remember(_UNFOLDED, self.tree.unfolded())


def search_line(name: str) -> QLineEdit:
    """A line that filters what is beside or below it."""
    line = QLineEdit()
    line.setPlaceholderText(name)
    line.setAccessibleName(name)
    line.setClearButtonEnabled(True)
    line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
    return line


def _figures(root: TreeNode, index: RiskIndex | None, grouping: Grouping) -> dict[str, Figures]:
    """What is written beside each node."""
    if index is None:
        return {node.key: Figures() for node in root.walk()}
    counted = counts_of(root, index, grouping)
    return {
        key: Figures(sum(ranks.values()), _worst(ranks) if ranks else None, ranks.get(UNRATED, 0))
        for key, ranks in counted.items()
    }


def _worst(ranks: Mapping[int, int]) -> RatingMark:
    """The chip of the highest residual level; its shape alone."""
    rank = max(ranks)
    levels = {each.rank: each.label_fr for each in (method().unrated, *method().levels)}
    return RatingMark(rank, levels.get(rank, ""))


def _kept(root: TreeNode, figures: Mapping[str, Figures], words: Sequence[str]) -> set[str]:
    """The keys of the nodes that are to be seen, with those above them."""
    kept: set[str] = set()
    for node in root.walk():
        if _is_seen(node, figures, words):
            kept.update(above.key for above in node.path)
    return kept


def _is_seen(node: TreeNode, figures: Mapping[str, Figures], words: Sequence[str]) -> bool:
    """Whether a node is to be seen: open, or with risks; named as asked for, or under such."""
    if node.kind is NodeKind.EVERYTHING:
        return True
    if node.ended and not figures[node.key].count:
        return False
    names = [fold(each.name) for each in node.path[1:]]
    return not words or any(all(word in name for word in words) for name in names)
