"""The tree beside the risks: each branch with its worst residual level and its number of risks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from prevention_app.catalogue.values import fold
from prevention_app.i18n import number_text
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import fonts, icons, theme, trees, words
from prevention_app.ui.rating_chip import RatingMark, chip_size, paint_rating

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_INDENT: Final = 13
_ARROW: Final = 20
_COUNT: Final = 36
_RING: Final = 8
_PAUSE_S: Final = 1.0
DRAGGED: Final = "application/x-prevention-risks"
"""The kind of what is dragged: ids of risks."""
_DIRECTION_OF: Final = (
    "direction de la ", "direction de l'", "direction des ", "direction du ", "direction de ",
    "service de la ", "service de l'", "service des ", "service du ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """What is written beside a branch."""

    count: int = 0
    worst: RatingMark | None = None
    to_rate: int = 0
    """How many of them nobody has evaluated there (P6)."""


_NO_FIGURES: Final = Figures()


def short_name(node: TreeNode) -> str:
    """What tells a branch from its neighbours: « Culture » for « Direction de la culture »."""
    name = node.name
    folded = name.lower().replace("’", "'")
    above = node.parent.name if node.parent else ""
    if node.kind is NodeKind.ORG_UNIT:
        start = next((each for each in _DIRECTION_OF if folded.startswith(each)), "")
        name = name[len(start) :]
    elif above and folded.startswith(f"{above.lower()} - "):
        name = name[len(above) + 3 :]
    return name[:1].upper() + name[1:]


class UnitModel(QAbstractItemModel):
    """The nodes of a tree; the topmost one stands as a row beside its own children."""

    def __init__(self, parent: QObject | None = None) -> None:
        """No tree yet."""
        super().__init__(parent)
        self._nodes: list[TreeNode] = []
        self._numbers: dict[str, int] = {}
        self._rows: dict[str, list[TreeNode]] = {}
        self._figures: Mapping[str, Figures] = {}

    def show(self, root: TreeNode, kept: set[str] | None = None) -> None:
        """Show a tree, or the nodes of it whose keys are kept."""
        self.beginResetModel()
        self._nodes = [each for each in root.walk() if kept is None or each.key in kept]
        self._numbers = {each.key: at for at, each in enumerate(self._nodes)}
        self._rows = {
            each.key: [child for child in each.children if child.key in self._numbers]
            for each in self._nodes
        }
        self._rows[""] = [root, *self._rows.get(root.key, [])] if self._nodes else []
        self._rows[root.key] = []
        self.endResetModel()

    def show_figures(self, figures: Mapping[str, Figures]) -> None:
        """Write other figures beside the nodes."""
        self._figures = figures
        for key, rows in self._rows.items():
            if rows:
                above = self.index_of(key) if key else _NOWHERE
                first, last = self.index(0, 0, above), self.index(len(rows) - 1, 0, above)
                self.dataChanged.emit(first, last)

    def nodes(self) -> list[TreeNode]:
        """All that are shown, from above."""
        return self._nodes

    def node(self, index: _Index) -> TreeNode | None:
        """The node of a row."""
        return self._nodes[index.internalId()] if index.isValid() else None

    def figures(self, node: TreeNode) -> Figures:
        """What is written beside a node."""
        return self._figures.get(node.key, _NO_FIGURES)

    def depth(self, node: TreeNode) -> int:
        """How far a node is set in; the topmost and its children are not."""
        return max(len(node.path) - 2, 0)

    def index_of(self, key: str) -> QModelIndex:
        """Where a node stands; invalid where it is not shown."""
        at = self._numbers.get(key)
        if at is None:
            return QModelIndex()
        node = self._nodes[at]
        rows = self._rows[self._above(node)]
        return self.createIndex(rows.index(node), 0, at)

    def _above(self, node: TreeNode) -> str:
        """The key under which a node stands; empty at the top."""
        parent = node.parent
        return "" if parent is None or parent.parent is None else parent.key

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        """The row under another one."""
        above = self.node(parent)
        rows = self._rows.get(above.key if above else "", [])
        if not 0 <= row < len(rows):
            return QModelIndex()
        return self.createIndex(row, column, self._numbers[rows[row].key])

    def parent(self, child: _Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        """The row above another one."""
        node = self.node(child)
        above = self._above(node) if node else ""
        return self.index_of(above) if above else QModelIndex()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows are under another one."""
        above = self.node(parent)
        return len(self._rows.get(above.key if above else "", []))

    def columnCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: ARG002
        """One: chip and count are drawn beside the name."""
        return 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name; for screen readers with its figures."""
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return short_name(node)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.said(node)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.said(node)
        return None

    def said(self, node: TreeNode) -> str:
        """All that a row shows, as one sentence."""
        figures = self.figures(node)
        parts = [node.name, "fermée" if node.ended else "", words.count(figures.count, "risque")]
        if figures.worst:
            parts.append(f"pire niveau résiduel\u00a0: {figures.worst.word.lower()}")
        parts.append(f"{number_text(figures.to_rate)} à évaluer" if figures.to_rate else "")
        return ", ".join(filter(None, parts))


class UnitDelegate(QStyledItemDelegate):
    """Paints a row of the tree: depth, arrow, name, chip, count."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """All rows are equally high."""
        return QSize(100, theme.height("tree_row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        view: Any = option.widget
        model: Any = index.model()
        node: TreeNode = model.node(index)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        row: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, row, view, index, selected=selected)
        left = row.left() + 8 + model.depth(node) * _INDENT
        if model.rowCount(index):
            _paint_arrow(painter, left, row, opened=view.isExpanded(index))
        figures: Figures = model.figures(node)
        right = _paint_figures(painter, row, figures)
        place = QRect(left + _ARROW, row.top(), right - left - _ARROW - 8, row.height())
        strong = selected or model.depth(node) == 0
        painter.setFont(fonts.font("strong" if strong else "body"))
        painter.setPen(QColor(theme.current()["text_tertiary" if node.ended else "text"]))
        name = painter.fontMetrics().elidedText(
            short_name(node), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()


def _paint_ground(
    painter: QPainter, row: QRect, view: Any, index: _Index, *, selected: bool
) -> None:
    current = theme.current()
    card = QRectF(row).adjusted(4, 1, -4, -1)
    if selected:
        focus = view.hasFocus()
        painter.setPen(
            QPen(QColor(current["accent"]), theme.width("focus_ring"))
            if focus and view.currentIndex() == index
            else Qt.PenStyle.NoPen
        )
        painter.setBrush(QColor(current["selection" if focus else "surface_pressed"]))
        painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), 5, 5)
        bar = QRectF(card.left(), card.top() + 5, theme.width("selection_bar"), card.height() - 10)
        painter.fillRect(bar, QColor(current["accent"]))
    elif view.hovered == index:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current["surface_hover"]))
        painter.drawRoundedRect(card, 5, 5)


def _paint_arrow(painter: QPainter, left: int, row: QRect, *, opened: bool) -> None:
    name = "chevron-down" if opened else "chevron-right"
    ratio = painter.device().devicePixelRatioF()
    drawn = icons.pixmap(name, theme.current()["text_tertiary"], 14, ratio)
    painter.drawPixmap(left, row.center().y() - 6, drawn)


def _paint_figures(painter: QPainter, row: QRect, figures: Figures) -> int:
    """Paint chip and count at the right edge; returns where they begin."""
    place = QRect(row.right() - _COUNT - 8, row.top(), _COUNT, row.height())
    if not figures.count:
        return place.left()
    painter.setFont(fonts.font("body", figures=True))
    painter.setPen(QColor(theme.current()["text_secondary"]))
    side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(place, side, number_text(figures.count))
    if figures.worst is None:
        return place.left()
    wide = chip_size(figures.worst).width()
    chip = QRectF(place.left() - wide, row.top(), wide, row.height())
    paint_rating(painter, chip, figures.worst)
    if not figures.to_rate or not figures.worst.rank:
        return round(chip.left())
    return round(_paint_ring(painter, chip))


def _paint_ring(painter: QPainter, chip: QRectF) -> float:
    """Paint the sign of what is still to be evaluated; returns where it begins.

    The worst level is only that of what was evaluated: an empty ring says that more is to come.
    """
    ring = QRectF(chip.left() - _RING - 6, chip.center().y() - _RING / 2, _RING, _RING)
    painter.setPen(QPen(QColor(theme.current().states["warn"].text), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)
    return ring.left()


class UnitTree(QTreeView):
    """The view: arrows fold and unfold, typing finds a unit."""

    chosen = Signal(object)
    """Another TreeNode is current."""
    dropped = Signal(list, object)
    """Risks were dragged onto the TreeNode of a work unit: their ids, the node."""

    def __init__(self, parent: QWidget) -> None:
        """An empty tree."""
        super().__init__(parent)
        self.units = UnitModel(self)
        self.hovered: _Index = QModelIndex()
        self._typed = ""
        self._typed_at = 0.0
        self.setModel(self.units)
        self.setItemDelegate(UnitDelegate(self))
        self.setAccessibleName("Unités de travail")
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.entered.connect(self._hover)
        self.selectionModel().currentChanged.connect(self._on_current)

    def _hover(self, index: QModelIndex) -> None:
        self.hovered = QPersistentModelIndex(index)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the row under the mouse."""
        super().leaveEvent(event)
        self._hover(QModelIndex())

    def _on_current(self, index: QModelIndex) -> None:
        node = self.units.node(index)
        if node is not None:
            self.chosen.emit(node)

    def current_node(self) -> TreeNode | None:
        """The node that is chosen."""
        return self.units.node(self.currentIndex())

    def choose(self, key: str) -> bool:
        """Choose a node by its key, unfolding what hides it; says whether it is there."""
        return trees.go_to(self, self.units.index_of(key))

    def unfolded(self) -> list[str]:
        """The keys of the branches that are open."""
        return [
            each.key
            for each in self.units.nodes()
            if each.children and self.isExpanded(self.units.index_of(each.key))
        ]

    def unfold(self, keys: list[str]) -> None:
        """Open these branches."""
        for key in keys:
            self.expand(self.units.index_of(key))

    # -- hands on it -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the arrow folds or unfolds."""
        index = self.indexAt(event.position().toPoint())
        node = self.units.node(index)
        if node is not None and self.units.rowCount(index):
            left = 8 + self.units.depth(node) * _INDENT
            if left - 4 <= event.position().x() <= left + _ARROW - 2:
                self.setExpanded(index, not self.isExpanded(index))
                return
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Risks may come here."""
        if event.mimeData().hasFormat(DRAGGED):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """They may be let go over a work unit alone, which looks like the row under the mouse."""
        index = self.indexAt(event.position().toPoint())
        self._hover(index)
        node = self.units.node(index)
        if node is not None and node.kind is NodeKind.WORK_UNIT:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which risks came to which unit."""
        node = self.units.node(self.indexAt(event.position().toPoint()))
        data = event.mimeData()
        if node is not None and node.kind is NodeKind.WORK_UNIT and data.hasFormat(DRAGGED):
            event.acceptProposedAction()
            self.dropped.emit(bytes(data.data(DRAGGED).data()).decode().split("\n"), node)

    def event(self, event: QEvent) -> bool:
        """Letters find a unit here: they are no shortcuts while the tree has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
            )
            if plain and event.text().isalnum():
                event.accept()
                return True
        return super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next unit of which a word begins as typed, folded branches included."""
        now = time.monotonic()
        going_on = now - self._typed_at < _PAUSE_S
        self._typed = self._typed + search if going_on else search
        self._typed_at = now
        wanted = fold(self._typed)
        for node in self._after_current(include=going_on):
            if any(word.startswith(wanted) for word in _beginnings(node.name)):
                self.choose(node.key)
                return

    def _after_current(self, *, include: bool) -> Iterator[TreeNode]:
        nodes = self.units.nodes()
        current = self.current_node()
        at = nodes.index(current) if current in nodes else 0
        first = at if include else at + 1
        yield from nodes[first:]
        yield from nodes[:first]


def _beginnings(name: str) -> list[str]:
    """The name from each of its words on."""
    words_of = fold(name).replace("'", " ").split()
    return [" ".join(words_of[at:]) for at in range(len(words_of))]
