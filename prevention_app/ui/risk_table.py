"""The risks of a branch, worst residual first: their order is in memory, texts come by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView, QWidget

from prevention_app.services import risk_index
from prevention_app.services.methods import method
from prevention_app.services.risk_index import PlacedRisk, Tally
from prevention_app.services.risk_notes import LAST_RESORT_ONLY, SERIOUS
from prevention_app.services.risk_order import RiskOrder
from prevention_app.storage.query import Query
from prevention_app.ui import settings, theme, words
from prevention_app.ui.cells import CELL, Cell, HoverTable
from prevention_app.ui.rating_chip import RatingMark, initial_mark, residual_mark
from prevention_app.ui.risk_tree import DRAGGED
from prevention_app.ui.session import Session

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_PAGE: Final = 64
_KEPT: Final = 4096
_CHUNK: Final = 500
_HEADINGS: Final = ("N°", "", "Situation dangereuse", "Brut", "Résiduel", "Actions")
_NAMES: Final = ("Numéro", "Famille", *_HEADINGS[2:])
_WIDTHS: Final = (48, 36, 0, 70, 86, 108)
NUMBER, FAMILY, SITUATION, INITIAL, RESIDUAL, ACTIONS = range(6)
_WAITING: Final = Cell("…", quiet=True)
_TO_MOVE: Final = "à déplacer"
_ORDERS: Final = (
    RiskOrder.NUMBER,
    RiskOrder.FAMILY,
    RiskOrder.SITUATION,
    RiskOrder.INITIAL,
    RiskOrder.RESIDUAL,
    RiskOrder.ACTIONS,
)
"""What each column is ordered by."""
_GREATEST_FIRST: Final = (RiskOrder.INITIAL, RiskOrder.RESIDUAL)
_OTHER_ICON: Final = "circle-help"


class RiskModel(QAbstractTableModel):
    """Risks in their order as rows of cells; what is not read yet is fetched when Qt is free."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """No risks yet."""
        super().__init__(parent)
        self._session = session
        self.risks: Sequence[PlacedRisk] = ()
        self.cut: frozenset[str] = frozenset()
        """Ids of the risks that are to be moved to another unit."""
        self._texts: dict[str, tuple[str, str]] = {}
        """Id → situation and reference."""
        self.families: dict[str, tuple[str, str]] = {}
        """Id → name and code."""
        self._wanted: list[int] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read_wanted)

    def show(self, risks: Sequence[PlacedRisk]) -> None:
        """List these."""
        self.beginResetModel()
        self.risks = risks
        self._wanted.clear()
        self.endResetModel()

    def know_families(self, families: dict[str, tuple[str, str]]) -> None:
        """Names and codes of the families of hazards, by id."""
        self.families = families

    @property
    def family_names(self) -> dict[str, str]:
        """Names of the families of hazards, by id."""
        return {key: name for key, (name, _) in self.families.items()}

    def mark_cut(self, ids: Iterable[str]) -> None:
        """Show which risks are to be moved."""
        self.cut = frozenset(ids)
        if self.risks:
            last = self.index(len(self.risks) - 1, SITUATION)
            self.dataChanged.emit(self.index(0, SITUATION), last)

    def forget(self, ids: set[str] | None = None) -> None:
        """Read these again when they are next seen; all for None."""
        if ids is None:
            self._texts.clear()
        for each in ids or ():
            self._texts.pop(each, None)

    def place_of(self, risk: PlacedRisk | None) -> int:
        """The row of a risk; -1 where it is not listed."""
        if risk is None:
            return -1
        try:
            return self.risks.index(risk)
        except ValueError:  # of a unit type, it is another object at a variant of it
            places = (at for at, each in enumerate(self.risks) if each.id == risk.id)
            return next(places, -1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many are listed."""
        return 0 if parent.isValid() else len(self.risks)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Six."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings; that of the icons has a name for those who do not see it."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return _NAMES[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows may be dragged."""
        held = super().flags(index)
        return held | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else held

    def mimeTypes(self) -> list[str]:
        """What is dragged."""
        return [DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of the risks of some rows."""
        rows = sorted({each.row() for each in indexes})
        made = QMimeData()
        made.setData(DRAGGED, "\n".join(self.risks[at].id for at in rows).encode())
        return made

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, or what it says."""
        if role == CELL:
            return self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index.row(), index.column()).plain
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._said(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._said(index.row(), index.column())
        return None

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows; nothing is read here."""
        risk = self.risks[row]
        if column in (NUMBER, SITUATION):
            texts = self._texts.get(risk.id)
            if texts is None:
                self._ask(row // _PAGE)
                return _WAITING
            if column == NUMBER:
                return Cell(texts[1].rsplit("-", 1)[-1], quiet=True)
            if risk.id in self.cut:
                return Cell(texts[0], quiet=True, second=_TO_MOVE)
            pointed = _last_resort_only(risk)
            second = pointed or _common_words(risk)
            colours = "warn" if pointed else ""
            return Cell(texts[0], second=second, second_colours=colours, wrapped=not second)
        if column == FAMILY:
            return Cell("", icon=self.family_icon(risk.family))
        if column == ACTIONS:
            return _tally_cell(risk.tally, self._session.store.today())
        if column == RESIDUAL and risk.standing.rank == risk_index.UNRATED:
            return _to_evaluate(risk)
        mark = self._mark(risk, column)
        return Cell(mark.number, rating=mark)

    def _mark(self, risk: PlacedRisk, column: int) -> RatingMark:
        make = initial_mark if column == INITIAL else residual_mark
        return make(risk.standing.assessment, method().unrated)

    def _said(self, row: int, column: int) -> str:
        risk = self.risks[row]
        if column == NUMBER:
            return self._texts.get(risk.id, ("", ""))[1]
        if column == FAMILY:
            return self.families.get(risk.family, ("Sans famille", ""))[0]
        if column == ACTIONS:
            return _tally_said(risk.tally, self._session.store.today())
        if column in (INITIAL, RESIDUAL):
            return ", ".join(filter(None, (self._mark(risk, column).said, *_notes(risk))))
        return self.cell(row, column).plain

    def family_icon(self, family: str) -> str:
        """The icon of a family of hazards."""
        code = self.families.get(family, ("", ""))[1]
        return str(theme.tokens()["hazard_icons"].get(code, _OTHER_ICON))

    # -- pages -----------------------------------------------------------------------------

    def _ask(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.append(page)
            self._timer.start()

    def _read_wanted(self) -> None:
        """Read the page asked for last: that is where the view is now."""
        if not self._wanted:
            return
        page = self._wanted.pop()
        del self._wanted[:-2]
        first, last = page * _PAGE, min((page + 1) * _PAGE, len(self.risks)) - 1
        if len(self._texts) > _KEPT:
            self._texts.clear()
        self._texts |= self.read_texts([each.id for each in self.risks[first : last + 1]])
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, SITUATION))
        if self._wanted:
            self._timer.start()

    def read_texts(self, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Id → situation and reference."""
        with self._session.store.reading() as read:
            return {
                each.id: (" ".join(str(getattr(each, "situation", "")).split()), each.reference)
                for first in range(0, len(ids), _CHUNK)
                for each in read.records(
                    Query("risk", ids=tuple(ids[first : first + _CHUNK]), order=("reference",))
                )
            }

    def line(self, row: int, texts: tuple[str, str]) -> str:
        """A row as text, for copying."""
        said = [self._said(row, column) for column in (FAMILY, INITIAL, RESIDUAL, ACTIONS)]
        return "\t".join((texts[1], said[0], texts[0], *said[1:]))


def _to_evaluate(risk: PlacedRisk) -> Cell:
    """What stands in the place of the level of a risk that nobody evaluated there (P6)."""
    hinted = bool(risk.marks & risk_index.HINTED)
    return Cell("à évaluer", "à confirmer" if hinted else "", colours="warn")


def _last_resort_only(risk: PlacedRisk) -> str:
    """What is pointed out of a serious risk that nothing but equipment or training holds."""
    serious = risk.standing.rank >= SERIOUS and risk.marks & risk_index.LAST_RESORT
    return LAST_RESORT_ONLY if serious else ""


def _common_words(risk: PlacedRisk) -> str:
    """Whether a risk is one of the unit type, seen at one of its variants."""
    if risk.marks & risk_index.DIFFERENT:
        return "tronc commun, coté différemment ici"
    return "tronc commun" if risk.marks & risk_index.COMMON else ""


def _notes(risk: PlacedRisk) -> tuple[str, ...]:
    """What is to be known of a rating beside its value."""
    hinted = "cotation indiquée, à confirmer sur place" if risk.marks & risk_index.HINTED else ""
    undated = "date à renseigner" if risk.marks & risk_index.UNDATED else ""
    return hinted, undated, _last_resort_only(risk)


def _tally_cell(tally: Tally, today: date) -> Cell:
    if not tally.planned:
        return Cell("Aucune", quiet=True)
    first = f"{tally.done} sur {tally.planned}"
    if tally.next_due is None:
        return Cell(first, second="sans date" if tally.done < tally.planned else "toutes faites")
    if tally.next_due < today:
        late = f"retard {(today - tally.next_due).days}\u00a0j"
        return Cell(first, second=late, second_colours="bad")
    return Cell(first, second=words.short_day(tally.next_due, today))


def _tally_said(tally: Tally, today: date) -> str:
    if not tally.planned:
        return "Aucune action"
    done = words.count(tally.done, "action faite", "actions faites")
    said = f"{done} sur {tally.planned}"
    if tally.next_due is None:
        return said
    if tally.next_due < today:
        return f"{said}, en retard de {words.count((today - tally.next_due).days, 'jour')}"
    return f"{said}, prochaine échéance le {words.short_day(tally.next_due, today)}"


class RiskTable(HoverTable, QTableView):
    """The view of the risks of a branch."""

    moved = Signal(str)
    """The cursor has come to rest on the risk with this id."""
    opened = Signal(str)
    order_asked = Signal(object)
    """The RiskOrder of a column whose heading was chosen."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """An empty table."""
        super().__init__(parent)
        self.risks = RiskModel(session, self)
        self.setModel(self.risks)
        self.setAccessibleName("Risques")
        self.dress("row_two_lines")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(36)
        for at, width in enumerate(_WIDTHS):
            kept = settings.remembered(f"widths/risk_document/{at}")
            header.setSectionResizeMode(
                at, header.ResizeMode.Interactive if width else header.ResizeMode.Stretch
            )
            self.setColumnWidth(at, int(kept or theme.scaled(width)))
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(lambda at: self.order_asked.emit(_ORDERS[at]))
        header.sectionResized.connect(self._remember_width)
        self._settle = QTimer(self, singleShot=True, interval=80)
        self._settle.timeout.connect(self._rest)
        self.selectionModel().currentRowChanged.connect(self._settle.start)
        self.doubleClicked.connect(self._open)

    def _remember_width(self, at: int, before: int, after: int) -> None:  # noqa: ARG002
        if _WIDTHS[at] and QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            settings.remember(f"widths/risk_document/{at}", after)

    def show_order(self, order: RiskOrder, *, backwards: bool) -> None:
        """Show in the headings what the risks are ordered by."""
        # Qt points upwards for « descending »; people read ↓ as the greatest first.
        greatest_first = (order in _GREATEST_FIRST) != backwards
        side = Qt.SortOrder.AscendingOrder if greatest_first else Qt.SortOrder.DescendingOrder
        self.horizontalHeader().setSortIndicator(_ORDERS.index(order), side)

    def show_risks(
        self, risks: Sequence[PlacedRisk], current: PlacedRisk | None, *, moved: bool = False
    ) -> None:
        """List risks with the cursor on one of them, or near the row where it was.

        What is seen does not move, unless the cursor is meant to have.
        """
        row = max(self.currentIndex().row(), 0)
        scrolled = self.verticalScrollBar().value()
        self.risks.show(risks)
        place = self.risks.place_of(current)
        if risks:
            self.selectRow(place if place >= 0 else min(row, len(risks) - 1) if current else 0)
        if place >= 0 and not moved:
            self.verticalScrollBar().setValue(scrolled)
        self.scrollTo(self.currentIndex())
        self._rest()

    def current_id(self) -> str:
        """The id of the risk under the cursor."""
        current = self.current()
        return current.id if current else ""

    def current(self) -> PlacedRisk | None:
        """The risk under the cursor, as it stands in the branch."""
        at = self.currentIndex().row()
        return self.risks.risks[at] if 0 <= at < len(self.risks.risks) else None

    def selected(self) -> list[PlacedRisk]:
        """The risks selected, in their order."""
        rows = sorted(each.row() for each in self.selectionModel().selectedRows())
        return [self.risks.risks[at] for at in rows]

    def selected_ids(self) -> list[str]:
        """The ids of the risks selected, in their order."""
        return [each.id for each in self.selected()]

    def _rest(self) -> None:
        self._settle.stop()
        self.moved.emit(self.current_id())

    def _open(self) -> None:
        if self.current_id():
            self.opened.emit(self.current_id())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée opens, Ctrl C copies; the rest is the view's own."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        rows = sorted(each.row() for each in self.selectionModel().selectedRows())
        texts = self.risks.read_texts([self.risks.risks[at].id for at in rows])
        lines = ["\t".join(("Référence", "Famille", *_HEADINGS[2:]))]
        lines += [self.risks.line(at, texts.get(self.risks.risks[at].id, ("", ""))) for at in rows]
        QApplication.clipboard().setText("\n".join(lines))
