"""The sidebar: department, search, and the pages grouped as the registers declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from prevention_app.catalogue.description import Catalogue
from prevention_app.ui import fonts, icons, settings, style, theme
from prevention_app.ui.eliding_label import ElidingLabel

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_ENTRY: Final = Qt.ItemDataRole.UserRole + 1
DUE: Final = "due"
_ALL: Final = "Tous les départements"
_FOLDED_AT_FIRST: Final = ("Catalogue national (E-Phy)", "Paramètres")

_ICONS: Final = {
    DUE: "house",
    "risk": "shield-alert",
    "rating": "gauge",
    "existing_measure": "shield-check",
    "planned_action": "target",
    "hazard_family": "layers",
    "health_safety_entry": "book-open",
    "accident": "ambulance",
    "equipment": "package",
    "inspection": "wrench",
    "reservation": "list-checks",
    "inspection_type": "calendar-days",
    "credential": "badge-check",
    "credential_type": "tag",
    "store_room": "warehouse",
    "stock_line": "flask-conical",
    "plant_protection_product": "sprout",
    "department": "map-pin",
    "org_unit": "network",
    "site": "building-2",
    "work_unit": "hard-hat",
    "job": "briefcase",
    "person": "users",
    "import_run": "inbox",
    "import_mapping": "columns-3",
    "reference_edition": "library-big",
}
_OTHER_ICON: Final = "notebook-pen"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the navigation: a page, or the heading of a group."""

    key: str
    label: str
    group: str
    heading: bool = False


def entries(catalogue: Catalogue) -> list[Entry]:
    """The pages of a workspace: what is due, then its registers by group, settings last."""
    groups: dict[str, list[Entry]] = {}
    for each in catalogue.registers:
        entry = Entry(each.key, each.label_fr, each.group_fr)
        groups.setdefault(each.group_fr, []).append(entry)
    ordered = sorted(groups, key=lambda name: name in _FOLDED_AT_FIRST)
    made = [Entry(DUE, "Ce qui est dû", "")]
    for name in ordered:
        made += [Entry("", name, name, heading=True), *groups[name]]
    return made


class NavigationModel(QAbstractListModel):
    """The rows that are to be seen: groups may be folded."""

    def __init__(self, parent: QObject | None = None) -> None:
        """No pages yet."""
        super().__init__(parent)
        self._all: list[Entry] = []
        kept = settings.remembered_list("navigation/folded")
        self.folded = set(kept or _FOLDED_AT_FIRST)
        self.shown: list[Entry] = []
        self.waiting: Mapping[str, int] = {}

    def show(self, wanted: Iterable[Entry]) -> None:
        """Show these pages."""
        self._all = list(wanted)
        self._arrange()

    def count(self, waiting: Mapping[str, int]) -> None:
        """Show beside each page how much waits there."""
        self.waiting = waiting
        if self.shown:
            self.dataChanged.emit(self.index(0), self.index(len(self.shown) - 1))

    def turn(self, group: str) -> None:
        """Fold or unfold a group."""
        self.folded ^= {group}
        settings.remember("navigation/folded", sorted(self.folded) or ["-"])
        self._arrange()

    def unfold(self, key: str) -> None:
        """See to it that a page can be seen."""
        group = next((each.group for each in self._all if each.key == key), "")
        if group in self.folded:
            self.turn(group)

    def _arrange(self) -> None:
        self.beginResetModel()
        self.shown = [each for each in self._all if each.heading or each.group not in self.folded]
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows are to be seen."""
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its label, and what a screen reader says of it."""
        entry = self.shown[index.row()]
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return "" if entry.heading else entry.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(entry)
        return None

    def _spoken(self, entry: Entry) -> str:
        if entry.heading:
            return f"Groupe {entry.label}, {'plié' if entry.group in self.folded else 'déplié'}"
        number = self.waiting.get("" if entry.key == DUE else entry.key, 0)
        return f"{entry.label}, {number} en attente" if number else entry.label


class NavigationDelegate(QStyledItemDelegate):
    """Paints the rows of the navigation."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """Headings and pages are of one height."""
        return QSize(100, theme.height("nav_row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        entry: Entry = index.data(_ENTRY)
        view: Any = option.widget
        model: NavigationModel = view.model()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.heading:
            _paint_heading(painter, rect, entry, folded=entry.group in model.folded)
        else:
            number = model.waiting.get("" if entry.key == DUE else entry.key, 0)
            here = view.page == entry.key
            over = bool(option.state & QStyle.StateFlag.State_MouseOver)
            _paint_page(painter, rect, entry, number, here=here, over=over)
        if view.hasFocus() and view.currentIndex() == index:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.current()["accent"]), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(9, 1, -9, -1), 6, 6)
        painter.restore()


def _paint_heading(painter: QPainter, rect: QRect, entry: Entry, *, folded: bool) -> None:
    colour = theme.current()["text_secondary"]
    painter.setFont(fonts.font("section_caps"))
    painter.setPen(QColor(colour))
    text = rect.adjusted(18, 6, -30, 0)
    label = QFontMetrics(painter.font()).elidedText(
        entry.label.upper(), Qt.TextElideMode.ElideRight, text.width()
    )
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, label)
    arrow = "chevron-right" if folded else "chevron-down"
    mark = icons.pixmap(arrow, colour, 14, painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.right() - 28, rect.center().y() - 4, mark)


def _paint_page(
    painter: QPainter, rect: QRect, entry: Entry, number: int, *, here: bool, over: bool
) -> None:
    current = theme.current()
    if here or over:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current["surface_pressed" if here else "surface_hover"]))
        painter.drawRoundedRect(QRectF(rect).adjusted(8, 1, -8, -1), 6, 6)
    if here:
        painter.fillRect(
            rect.left() + 8, rect.top() + 8, 3, rect.height() - 16, QColor(current["accent"])
        )
    colour = current["accent"] if here else current["text_secondary"]
    name = _ICONS.get(entry.key, _OTHER_ICON)
    mark = icons.pixmap(name, colour, 16, painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.left() + 18, rect.center().y() - 7, mark)
    painter.setFont(fonts.font("chip" if here else "body"))
    size = painter.font()
    size.setPixelSize(13)
    painter.setFont(size)
    painter.setPen(QColor(current["text"]))
    room = rect.adjusted(44, 0, -52 if number else -14, 0)
    label = QFontMetrics(size).elidedText(entry.label, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, label)
    if number:
        _paint_number(painter, rect, number, late=entry.key == DUE)


def _paint_number(painter: QPainter, rect: QRect, number: int, *, late: bool) -> None:
    """A red pill for what is late, else a quiet number."""
    text = str(number) if number < 1000 else "999+"
    painter.setFont(fonts.font("chip" if late else "secondary", figures=True))
    wide = QFontMetrics(painter.font()).horizontalAdvance(text)
    right = QRect(rect.right() - 20 - wide, rect.top(), wide + 2, rect.height())
    if late:
        colours = theme.current().states["bad"]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.fill))
        painter.drawRoundedRect(QRectF(right).adjusted(-7, 7, 5, -7), 9, 9)
        painter.setPen(QColor(colours.text))
    else:
        painter.setPen(QColor(theme.current()["text_secondary"]))
    painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class NavigationView(QListView):
    """The list of pages; Entrée or a click goes there, on a group it folds."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """No pages yet."""
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName("Pages")
        self.page = DUE
        self.pages = NavigationModel(self)
        self.setModel(self.pages)
        self.setItemDelegate(NavigationDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._go)

    def show_page(self, key: str) -> None:
        """Show which page one is on."""
        self.page = key
        self.pages.unfold(key)
        for at, entry in enumerate(self.pages.shown):
            if entry.key == key and not entry.heading:
                self.setCurrentIndex(self.pages.index(at))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée and Espace go to a page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _go(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        entry: Entry = index.data(_ENTRY)
        if entry.heading:
            row = index.row()
            self.pages.turn(entry.group)
            self.setCurrentIndex(self.pages.index(row))
        else:
            self.chosen.emit(entry.key)


class Sidebar(QFrame):
    """The left of the window."""

    department_chosen = Signal(str)
    searched = Signal(str)

    def __init__(self) -> None:
        """Without a workspace yet."""
        super().__init__()
        self.setObjectName("sidebar")
        self.setFixedWidth(theme.width("sidebar"))
        self.navigation = NavigationView()
        self.line = self._make_line()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._make_department())
        inner = QHBoxLayout()
        inner.setContentsMargins(12, 0, 12, 4)
        inner.addWidget(self.line)
        column.addLayout(inner)
        column.addWidget(self.navigation, 1)
        column.addWidget(self._make_station())
        self.setEnabled(False)

    def _make_department(self) -> QPushButton:
        self.department = QPushButton()
        self.department.setObjectName("department")
        self.department.setMinimumHeight(44)
        self.department.setMenu(QMenu(self.department))
        self._number = QLabel()
        self._number.setFixedSize(32, 32)
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        style.mark(self._number, "look", "department")
        self._number.hide()
        self._name = QLabel("Prévention")
        style.mark(self._name, "look", "strong")
        self._under = QLabel("Service prévention")
        style.mark(self._under, "look", "secondary")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._under)
        row = QHBoxLayout(self.department)
        row.setContentsMargins(12, 0, 10, 0)
        row.setSpacing(10)
        row.addWidget(self._number)
        row.addLayout(texts, 1)
        self._arrows = QLabel()
        colour = theme.current()["text_secondary"]
        self._arrows.setPixmap(icons.pixmap("chevrons-up-down", colour, 16, 2.0))
        row.addWidget(self._arrows)
        for each in (self._number, self._name, self._under, self._arrows):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return self.department

    def _make_line(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText("Rechercher")
        line.setAccessibleName("Rechercher dans tous les registres")
        line.setToolTip("Rechercher dans tous les registres (Ctrl K)")
        line.setClearButtonEnabled(True)
        line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        line.returnPressed.connect(lambda: self.searched.emit(line.text()))
        return line

    def _make_station(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("station")
        self._station = ElidingLabel()
        style.mark(self._station, "look", "secondary")
        row = QHBoxLayout(frame)
        row.setContentsMargins(18, 8, 12, 10)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("monitor", theme.current()["text_secondary"], 16, 2.0))
        row.addWidget(mark)
        row.addWidget(self._station, 1)
        return frame

    def show_departments(self, names: Mapping[str, str], chosen: str, station: str) -> None:
        """Show which department is looked at, and those among which one may choose."""
        self.setEnabled(True)
        self._number.show()
        self._number.setText(chosen or "3D")
        self._name.setText(names.get(chosen, _ALL))
        self.department.setAccessibleName(f"Département : {self._name.text()}")
        self._station.setText(f"Ordinateur : {station}" if station else "")
        menu = self.department.menu()
        menu.clear()
        for number, name in (*names.items(), ("", _ALL)):
            label = f"{number}  {name}" if number else name
            action = menu.addAction(label, partial(self.department_chosen.emit, number))
            action.setCheckable(True)
            action.setChecked(number == chosen)
