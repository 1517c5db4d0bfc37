"""The table of what is due: groups, lines of two rows, several of them chosen at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView

from prevention_app.catalogue.description import Catalogue
from prevention_app.domain.due import DueItem, DueState
from prevention_app.domain.urgency import Urgency
from prevention_app.i18n import number_text
from prevention_app.services.due_list import DueAnswer, DueLine, DueSection
from prevention_app.ui import places, states, theme, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.states import State

HEADINGS: Final = ("Échéance", "Lieu", "Responsable", "Date", "Écart", "État")
_WIDTHS: Final = (0, 176, 170, 112, 98, 170)
_NARROW: Final = {1: 140, 2: 140, 5: 130}
"""Columns that give way so that references stay whole, under this width."""
_NARROW_UNDER: Final = 830
_RESPONSIBLE: Final = 2
_TIGHT_UNDER: Final = 620
"""Under this width who is responsible is left to the preview, so that what is due can be read."""
OF_URGENCY: Final = {
    Urgency.LATE: State("bad", "triangle-alert"),
    Urgency.NEVER_DONE: State("warn", "circle-alert"),
    Urgency.SOON: State("warn", "calendar-clock"),
    Urgency.NEAR: State("neutral", "calendar-days"),
    Urgency.FAR: State("good", "circle-check"),
    Urgency.UNDATED: State("neutral", "circle-minus"),
    Urgency.UNKNOWN: State("neutral", "circle-help"),
    Urgency.SUSPENDED: State("neutral", "circle-minus"),
    Urgency.NOT_APPLICABLE: State("neutral", "circle-minus"),
}
"""How each group is marked: colour, and a shape that says the same."""
_OTHER_GROUP: Final = State("neutral", "layers")


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands on one row: a group heading, a line, or « more of this group »."""

    section: DueSection
    line: DueLine | None = None
    more: bool = False


class DueTable(CellTable):
    """Groups fold, lots open, Espace previews; several lines may be chosen."""

    previewed = Signal()
    """Espace on a line."""
    escaped = Signal()
    more_asked = Signal(str, int)
    """Key of a group, and how many lines of it are shown now."""
    fold_asked = Signal(str, bool)
    """Key of a group, and whether it is to be folded."""
    lot_asked = Signal(str)
    """Key of a lot whose records are to be shown or hidden."""
    item_opened = Signal(str, str)
    """Register and id."""
    chosen = Signal()

    def __init__(self, name: str, catalogue: Catalogue, *, whole: bool) -> None:
        """The whole list has a column with the state that a rule gives, and more of each group."""
        columns = len(HEADINGS) if whole else len(HEADINGS) - 1
        super().__init__(name, HEADINGS[:columns], _WIDTHS[:columns], "row_two_lines")
        self._catalogue = catalogue
        self._whole = whole
        self._rows: list[_Row] = []
        self._today = date.min
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.opened.connect(self._open_row)
        self.folded.connect(self._fold_row)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    # -- showing ---------------------------------------------------------------------------

    def show_answer(self, answer: DueAnswer, today: date, catalogue: Catalogue) -> None:
        """Show the groups of an answer; what was chosen stays chosen."""
        self._today, self._catalogue = today, catalogue
        kept, here = self._chosen_keys(), self.currentIndex().row()
        self._rows = [row for section in answer.sections for row in self._rows_of(section)]
        lines = [self._line(each) for each in self._rows]
        with QSignalBlocker(self):
            self.show_lines(lines)
            self._size_headings()
            self._choose(kept, here)
        self.chosen.emit()

    def _rows_of(self, section: DueSection) -> list[_Row]:
        rows = [_Row(section), *(_Row(section, each) for each in section.lines)]
        if self._whole and section.lines and _shown(section) < section.lines_in_all:
            rows.append(_Row(section, more=True))
        return rows

    def _size_headings(self) -> None:
        heights = {True: theme.height("row_group"), False: theme.height("row_two_lines")}
        for at, row in enumerate(self._rows):
            wanted = heights[row.line is None]
            if self.rowHeight(at) != wanted:
                self.setRowHeight(at, wanted)

    def _chosen_keys(self) -> set[str]:
        return {row.line.key for row in self._chosen_rows() if row.line}

    def _choose(self, keys: set[str], here: int) -> None:
        """The lines with these keys, else the one that now stands where one was."""
        model = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        found = [at for at, row in enumerate(self._rows) if row.line and row.line.key in keys]
        lines = [at for at, row in enumerate(self._rows) if row.line and not row.more]
        if not found and lines:
            found = [min(lines, key=lambda at: (abs(at - max(here, 0)), at))]
        for at in found:
            model.select(self.cells.index(at, 0), flags)
        if found:
            model.setCurrentIndex(
                self.cells.index(found[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def _line(self, row: _Row) -> Line:
        section = row.section
        if row.more:
            rest = section.lines_in_all - _shown(section)
            return [GroupCell(f"Afficher la suite ({number_text(rest)})", "", _OTHER_GROUP, True)]
        if row.line is None:
            return [self._heading(section)]
        return self._cells(row.line)

    def _heading(self, section: DueSection) -> GroupCell:
        state = OF_URGENCY[section.urgency] if section.urgency else _OTHER_GROUP
        label = section.label
        if not section.urgency and label in self._catalogue:
            state = State("neutral", places.icon_of(label))
            label = self._catalogue[label].label_fr
        whose = {None: "", True: "pour vous · ", False: "chez d’autres · "}[section.mine]
        return GroupCell(
            label or "Sans précision", whose + _how_many(section), state, not section.lines_in_all
        )

    def _cells(self, line: DueLine) -> Line:
        item = line.first
        several = line.number > 1
        register = self._catalogue.by_key.get(item.register)
        book = (register.item_fr or register.label_fr) if register else item.register
        second = f"{book} · {item.reference}"
        if several:
            second = f"{item.what} · {words.count(line.number, 'fiche')}"
        elif item.what and item.what not in (book, item.title):
            second = f"{item.what} · {item.reference}"
        icon = "" if line.inside else places.icon_of(item.register)
        cells = [
            Cell(" ".join(line.text.split()), second=second, icon=icon),
            Cell(item.place, quiet=True),
            Cell(item.responsible, quiet=True),
            Cell(words.short_day(item.due_on, self._today) if item.due_on else "", quiet=True),
            delay_cell(item, self._today),
        ]
        if self._whole:
            cells.append(Cell(item.state.label_fr, chip=states.OF_DUE[item.state]))
        return cells

    # -- what is chosen --------------------------------------------------------------------

    def _chosen_rows(self) -> list[_Row]:
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._rows[at] for at in rows if at < len(self._rows)]

    def chosen_items(self) -> list[DueItem]:
        """The items of the lines that are chosen; all of a lot."""
        found = [item for row in self._chosen_rows() if row.line for item in row.line.items]
        return list(dict.fromkeys(found))

    @property
    def has_closed_lot(self) -> bool:
        """Whether a lot is chosen of which not all records are at hand."""
        lines = [row.line for row in self._chosen_rows() if row.line]
        return any(each.number > len(each.items) for each in lines)

    @property
    def current_item(self) -> DueItem | None:
        """The item of the line that the keyboard is on; the most urgent one of a lot."""
        at = self.currentIndex().row()
        line = self._rows[at].line if 0 <= at < len(self._rows) else None
        return line.first if line else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places and names give way first."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.scaled(_NARROW_UNDER)
        tight = event.size().width() < theme.scaled(_TIGHT_UNDER)
        if self.isColumnHidden(_RESPONSIBLE) != tight:
            self.setColumnHidden(_RESPONSIBLE, tight)
        for at in range(1, self.cells.columnCount()):
            width = _NARROW.get(at, _WIDTHS[at]) if narrow else _WIDTHS[at]
            if at == _RESPONSIBLE and tight:
                continue
            if self.columnWidth(at) != theme.scaled(width):
                self.setColumnWidth(at, theme.scaled(width))

    # -- keys and mouse --------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Espace previews, Échap closes; all else as every table."""
        at = self.currentIndex().row()
        on_line = 0 <= at < len(self._rows) and self._rows[at].line is not None
        if event.key() == Qt.Key.Key_Space and on_line:
            self.previewed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and on_line:
            self._turn_lot(at, event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def _turn_lot(self, at: int, open_it: bool) -> None:
        """→ opens a lot, ← closes it."""
        line = self._rows[at].line
        if line is not None and line.number > 1:
            is_open = at + 1 < len(self._rows) and _is_inside(self._rows[at + 1])
            if is_open != open_it:
                self.lot_asked.emit(line.key)

    def _open_row(self, at: int) -> None:
        line = self._rows[at].line
        if line is None:
            return
        if line.number > 1:
            self.lot_asked.emit(line.key)
        else:
            self.item_opened.emit(line.first.register, line.first.record_id)

    def _fold_row(self, at: int, fold_it: bool | None) -> None:
        row = self._rows[at]
        if row.more:
            if fold_it is not True:
                self.more_asked.emit(row.section.key, _shown(row.section))
            return
        folded = not row.section.lines_in_all
        if fold_it is None or fold_it != folded:
            self.fold_asked.emit(row.section.key, not folded)


def _shown(section: DueSection) -> int:
    return sum(not each.inside for each in section.lines)


def _is_inside(row: _Row) -> bool:
    return row.line is not None and row.line.inside


def _how_many(section: DueSection) -> str:
    shown = _shown(section)
    if section.lines and shown < section.lines_in_all:
        first = "la première" if shown == 1 else f"les {number_text(shown)} premières"
        in_all = number_text(section.lines_in_all)
        if section.lines_in_all == section.items:
            return f"{first} sur {in_all}"
        return f"{first} lignes sur {in_all} · {words.count(section.items, 'échéance')}"
    detail = words.count(section.items, "échéance")
    if 0 < section.lines_in_all < section.items:
        detail += f" en {words.count(section.lines_in_all, 'ligne')}"
    return detail


def delay_cell(item: DueItem, today: date) -> Cell:
    """How far the date is, in words; the later the louder."""
    if item.due_on is None or item.state in (DueState.SUSPENDED, DueState.NOT_APPLICABLE):
        return Cell("")
    colours = states.delay_colour(item.due_on, today)
    far = (item.due_on - today).days > 90
    text = "" if far else words.delay(item.due_on, today)
    return Cell(text, colours=colours, strong=colours == "bad")


def spoken(items: Sequence[DueItem]) -> str:
    """« 3 échéances choisies », for the status bar; nothing for one."""
    number = len(items)
    return f"{words.count(number, 'échéance')} choisies" if number > 1 else ""
