"""The employers' trees as a table that unfolds: names, people, risks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from prevention_app.i18n import number_text
from prevention_app.services.organisation_tree import Node
from prevention_app.ui import fonts, icons, style, theme, trees, words
from prevention_app.ui.places import icon_of

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_HEADINGS: Final = ("Nom", "Agents", "Risques", "Département")
_WIDTHS: Final = (0, 90, 90, 110)
_INDENT: Final = 18
_ARROW: Final = 20


class OrganisationModel(QAbstractItemModel):
    """One of the trees, or those of its nodes that are kept and what is above them."""

    def __init__(self, parent: QObject | None = None) -> None:
        """No tree yet."""
        super().__init__(parent)
        self._nodes: Sequence[Node] = ()
        self._numbers: dict[str, int] = {}
        self._rows: dict[str, list[int]] = {}
        self._places: list[int] = []

    def show(
        self,
        nodes: Mapping[str, Node],
        tree: Mapping[str, Sequence[str]],
        kept: set[str] | None = None,
    ) -> None:
        """Show a tree: the ids below each node, those at the top under « »."""
        self.beginResetModel()
        self._nodes = list(nodes.values())
        self._numbers = {each.id: at for at, each in enumerate(self._nodes)}
        self._rows = {
            above: [self._numbers[key] for key in below if kept is None or key in kept]
            for above, below in tree.items()
        }
        self._places = [0] * len(self._nodes)
        for below in self._rows.values():
            for place, at in enumerate(below):
                self._places[at] = place
        self.endResetModel()

    def node(self, index: _Index) -> Node | None:
        """The node of a row."""
        return self._nodes[index.internalId()] if index.isValid() else None

    def index_of(self, key: str) -> QModelIndex:
        """Where a node stands; invalid where it is not shown."""
        at = self._numbers.get(key)
        if at is None or at not in self._rows.get(self._nodes[at].parent, ()):
            return QModelIndex()
        return self.createIndex(self._places[at], 0, at)

    def depth(self, index: _Index) -> int:
        """How many nodes are above a row."""
        above, depth = self.parent(index), 0
        while above.isValid():
            above, depth = above.parent(), depth + 1
        return depth

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        """The row under another one."""
        rows = self._below(parent)
        return self.createIndex(row, column, rows[row]) if 0 <= row < len(rows) else QModelIndex()

    def _below(self, parent: _Index) -> list[int]:
        above = self.node(parent)
        return self._rows.get(above.id if above else "", [])

    def parent(self, child: _Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        """The row above another one."""
        node = self.node(child)
        at = self._numbers.get(node.parent) if node else None
        return QModelIndex() if at is None else self.createIndex(self._places[at], 0, at)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows are under another one."""
        return len(self._below(parent)) if parent.column() <= 0 else 0

    def columnCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: ARG002
        """Name, people, risks, department."""
        return len(_HEADINGS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; for screen readers the name with its figures."""
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(node, index.column())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return said(node) if index.column() == 0 else cell_text(node, index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings; those of numbers stand as the numbers do."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (1, 2):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def cell_text(node: Node, column: int) -> str:
    """What a column shows of a node."""
    match column:
        case 0:
            return node.name
        case 1:
            return number_text(node.people) if node.people else ""
        case 2:
            return number_text(node.risks) if node.risks else ""
        case _:
            return node.owner


def said(node: Node) -> str:
    """All that a row shows, as one phrase."""
    ended = "" if node.until is None else f"jusqu’au {words.day_in_full(node.until)}"
    figures = (words.count(node.people, "agent"), words.count(node.risks, "risque"))
    return ", ".join(filter(None, (node.name, ended, *figures)))


class _Delegate(QStyledItemDelegate):
    """Paints the cells: depth, arrow, icon and name, or a number."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """All rows are equally high."""
        return QSize(100, theme.height("tree_row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        view: Any = option.widget
        model: Any = index.model()
        node: Node = model.node(index)
        rect: QRect = option.rect
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        _paint_ground(painter, rect, index, view, selected=selected)
        if index.column() == 0:
            self._paint_name(painter, rect, index, node, view)
        else:
            painter.setFont(fonts.font(figures=True))
            painter.setPen(QColor(theme.current()["text_secondary"]))
            side = Qt.AlignmentFlag.AlignRight if index.column() < 3 else Qt.AlignmentFlag.AlignLeft
            text = cell_text(node, index.column())
            painter.drawText(
                rect.adjusted(10, 0, -10, 0), side | Qt.AlignmentFlag.AlignVCenter, text
            )
        painter.restore()

    def _paint_name(
        self, painter: QPainter, rect: QRect, index: _Index, node: Node, view: Any
    ) -> None:
        model: Any = index.model()
        current = theme.current()
        ratio = painter.device().devicePixelRatioF()
        left = rect.left() + 8 + model.depth(index) * _INDENT
        middle = rect.center().y()
        if model.rowCount(index):
            arrow = "chevron-down" if view.isExpanded(index) else "chevron-right"
            painter.drawPixmap(
                left, middle - 6, icons.pixmap(arrow, current["text_tertiary"], 14, ratio)
            )
        mark = icons.pixmap(icon_of(node.register), current["text_secondary"], 16, ratio)
        painter.drawPixmap(left + _ARROW, middle - 7, mark)
        name = QRect(left + _ARROW + 24, rect.top(), 0, rect.height())
        name.setRight(rect.right() - 6)
        strong = model.depth(index) == 0 and node.register == "org_unit"
        painter.setFont(fonts.font("label" if strong else "body"))
        painter.setPen(QColor(current["text_tertiary" if node.until else "text"]))
        text = painter.fontMetrics().elidedText(
            node.name, Qt.TextElideMode.ElideRight, name.width()
        )
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)


def _paint_ground(
    painter: QPainter, rect: QRect, index: _Index, view: Any, *, selected: bool
) -> None:
    current = theme.current()
    if selected:
        colour = current["selection" if view.hasFocus() else "surface_pressed"]
        painter.fillRect(rect, QColor(colour))
        if index.column() == 0:
            bar = QRect(rect.left(), rect.top(), theme.width("selection_bar"), rect.height())
            painter.fillRect(bar, QColor(current["accent"]))
    painter.setPen(QPen(QColor(current["line"]), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    if (
        index.column() == 0
        and view.hasFocus()
        and view.currentIndex().row() == index.row()
        and (view.currentIndex().parent() == index.parent())
    ):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current["accent"]), theme.width("focus_ring")))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -2.5), 4, 4)


class OrganisationView(QTreeView):
    """Arrows fold and unfold, typing finds, Entrée opens."""

    chosen = Signal()
    """Another row is current."""
    opened = Signal()
    """The current row is to be opened."""

    def __init__(self) -> None:
        """An empty tree."""
        super().__init__()
        self.rows = OrganisationModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Organisation")
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        style.fix_height(header, "header_of_table")
        for at, width in enumerate(_WIDTHS):
            if width:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(at, width)
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentChanged.connect(self._tell_chosen)
        self.doubleClicked.connect(self._tell_opened)

    def _tell_chosen(self) -> None:
        self.chosen.emit()

    def _tell_opened(self) -> None:
        self.opened.emit()

    def current_node(self) -> Node | None:
        """The node of the current row."""
        return self.rows.node(self.currentIndex())

    def choose(self, key: str) -> bool:
        """Go to a node, unfolding what hides it; says whether it is there."""
        return trees.go_to(self, self.rows.index_of(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the arrow folds or unfolds."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0 and self.rows.rowCount(index):
            left = 8 + self.rows.depth(index) * _INDENT
            if left - 4 <= event.position().x() <= left + _ARROW - 2:
                self.setExpanded(index, not self.isExpanded(index))
                return
        super().mousePressEvent(event)
