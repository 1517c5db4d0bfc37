"""The lines of an import as a table: what becomes of each, and corrections made in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from prevention_app.exchange.sheets import cell_name
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_lines import LineMark, ReviewLine
from prevention_app.services.import_plan import CellPlace, LinePlace
from prevention_app.services.import_review import Review, fields_of
from prevention_app.ui import fonts, states, words
from prevention_app.ui.cells import CELL, PAD, Cell, CellDelegate, HoverTable
from prevention_app.ui.import_entries import Entry

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
LINE, DECISION = 0, 1
DECISIONS: Final = {
    Outcome.REFUSED: ("Refusée", "Refusées", states.STOP),
    Outcome.CHANGED: ("Modifiée", "Modifiées", states.IN_PROGRESS),
    Outcome.NEW: ("Nouvelle", "Nouvelles", states.NEW),
    Outcome.UNCHANGED: ("Identique", "Identiques", states.State("neutral", "check")),
}
_LEFT: Final = ("Laissée", states.NONE)
_CORRECTED: Final = ("Corrigée", states.State("info", "pencil"))
_EMPTY_VALUE: Final = "(vide)"
_NARROW, _WIDE, _WIDE_PROBLEM, _SAMPLE = 96, 240, 340, 16


class LinesModel(QAbstractTableModel):
    """The lines with some outcomes; each is unpacked when it is shown."""

    corrected = Signal(object, str, str)
    """Place of the cell, what stood there, what is to be read instead."""

    def __init__(self, parent: QObject) -> None:
        """No line yet."""
        super().__init__(parent)
        self._entry: Entry | None = None
        self._start, self._end = 0, 0
        self._numbers: list[dict[int, int]] = []
        """For each table: place among the columns shown → number of the column in the sheet."""
        self._several_sheets = False

    def show(self, entry: Entry | None, outcomes: Iterable[Outcome]) -> None:
        """Show the lines of a file with these neighbouring outcomes."""
        self.beginResetModel()
        self._entry = entry
        self._start, self._end = 0, 0
        if entry is not None and entry.review is not None:
            self._start, self._end = entry.review.lines.span(outcomes)
            self._numbers = _numbers(entry.review)
            self._several_sheets = len({table.sheet for _, table in entry.review.tables}) > 1
        self.endResetModel()

    @property
    def review(self) -> Review | None:
        """What the lines come from."""
        return self._entry.review if self._entry else None

    @property
    def first_field(self) -> int:
        """The first column that shows a field of the file."""
        return 3 if self.review and self.review.unplaced else 2

    def line(self, row: int) -> ReviewLine:
        """The line shown in a row."""
        assert self.review is not None  # noqa: S101  (there are rows only with a review)
        return self.review.lines[self._start + row]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else self._end - self._start

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Line, decision, perhaps remarks, then the fields of the file."""
        if parent.isValid() or self.review is None:
            return 0
        return self.first_field + len(self.review.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What a column holds."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < self.first_field:
            return ("Ligne", "Décision", "Remarque")[section]
        return self.review.columns[section - self.first_field].label if self.review else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, its plain text, or what is edited."""
        if role == CELL:
            return self.cell(self.line(index.row()), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(self.line(index.row()), index.column()).plain
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.cell(self.line(index.row()), index.column()).plain
            return text if len(text) > 24 else ""
        if role == Qt.ItemDataRole.EditRole:
            return self.raw(index.row(), index.column())
        return None

    # -- what a cell shows -----------------------------------------------------------------

    def cell(self, line: ReviewLine, column: int) -> Cell:
        """What stands in a cell of a line."""
        if column == LINE:
            return Cell(str(line.row), second=line.sheet if self._several_sheets else "")
        if column == DECISION:
            return self._decision(line)
        if column < self.first_field:
            return _remark(line)
        at = column - self.first_field
        place = self.place(line, at)
        if self._entry and place in self._entry.corrections:
            return self._corrected_cell(line, at, place)
        return _field_cell(line, at)

    def _decision(self, line: ReviewLine) -> Cell:
        word, _, state = DECISIONS[line.outcome]
        if self._entry and self.line_place(line) in self._entry.left_out:
            word, state = _LEFT
        elif self.is_pending(line):
            word, state = _CORRECTED
        return Cell(word, chip=state)

    def is_pending(self, line: ReviewLine) -> bool:
        """Whether a correction of the line has not been compared yet."""
        entry = self._entry
        if entry is None or not entry.corrections:
            return False
        known = entry.reviewed.corrections if entry.reviewed else {}
        return any(
            place in entry.corrections and known.get(place) != entry.corrections[place]
            for place in (self.place(line, at) for at in range(len(line.cells)))
            if place is not None
        )

    def _corrected_cell(self, line: ReviewLine, at: int, place: CellPlace) -> Cell:
        assert self._entry is not None  # noqa: S101  (there is a correction)
        new = self._entry.corrections[place]
        known = self._entry.reviewed.corrections if self._entry.reviewed else {}
        refused = _mark_at(line.refused, at)
        if refused and known.get(place) == new:
            return Cell(new or _EMPTY_VALUE, problem=words.sentence(refused.text))
        old = self._entry.originals.get(place) or "vide"
        return Cell(new or _EMPTY_VALUE, second=f"au lieu de\u00a0: {old}", colours="info")

    # -- places ----------------------------------------------------------------------------

    def place(self, line: ReviewLine, at: int) -> CellPlace | None:
        """The cell of the file that gave a field of a line; None where no column does."""
        if self.review is None or not 0 <= line.table < len(self.review.tables):
            return None
        file, _ = self.review.tables[line.table]
        if at in line.elsewhere:
            return file, line.sheet, line.elsewhere[at]
        number = self._numbers[line.table].get(at)
        return (file, line.sheet, cell_name(line.row, number)) if number else None

    def line_place(self, line: ReviewLine) -> LinePlace:
        """The line, as an import names it."""
        known = self.review is not None and 0 <= line.table < len(self.review.tables)
        file = self.review.tables[line.table][0] if self.review and known else ""
        return file, line.sheet, line.row

    def raw(self, row: int, column: int) -> str:
        """The value of a cell as a person would type it again."""
        line, at = self.line(row), column - self.first_field
        place = self.place(line, at)
        if self._entry and place in self._entry.corrections:
            return self._entry.corrections[place]
        refused = _mark_at(line.refused, at)
        return refused.before if refused else line.cells[at]

    # -- corrections -----------------------------------------------------------------------

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Cells that come from a column of the file can be corrected."""
        flags = super().flags(index)
        at = index.column() - self.first_field
        if index.isValid() and at >= 0 and self.place(self.line(index.row()), at):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Correct a cell in the plan; the file is not touched."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        line, at = self.line(index.row()), index.column() - self.first_field
        place, text = self.place(line, at), str(value).strip()
        if place is None or text == self.raw(index.row(), index.column()):
            return False
        refused = _mark_at(line.refused, at)
        self.corrected.emit(place, refused.before if refused else line.cells[at], text)
        self.dataChanged.emit(
            self.index(index.row(), 0), self.index(index.row(), self.columnCount() - 1)
        )
        return True

    def renew(self) -> None:
        """Show the decisions and corrections again: some were made for many lines."""
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def to_correct(self, row: int) -> list[int]:
        """Columns of a line that are refused and not corrected yet, those without a cell last."""
        line = self.line(row)
        entry = self._entry
        if line.outcome is not Outcome.REFUSED or entry is None:
            return []
        if self.line_place(line) in entry.left_out:
            return []
        found: list[int] = []
        for mark in line.refused:
            if mark.column < 0:
                found.append(self.first_field - 1)
                continue
            place = self.place(line, mark.column)
            known = entry.reviewed.corrections if entry.reviewed else {}
            pending = place in entry.corrections and known.get(place) != entry.corrections[place]
            if not pending:
                found.append(self.first_field + mark.column)
        return sorted(set(found))


def _numbers(review: Review) -> list[dict[int, int]]:
    shown = {(each.field, each.nth): at for at, each in enumerate(review.columns)}
    return [
        {shown[which]: number for which, number in fields_of(table) if which in shown}
        for _, table in review.tables
    ]


def _mark_at(marks: Sequence[LineMark], at: int) -> LineMark | None:
    return next((each for each in marks if each.column == at), None)


def _field_cell(line: ReviewLine, at: int) -> Cell:
    value = " ".join(line.cells[at].split()) if at < len(line.cells) else ""
    if refused := _mark_at(line.refused, at):
        before = " ".join(refused.before.split())
        return Cell(before or _EMPTY_VALUE, problem=words.sentence(refused.text))
    if change := _mark_at(line.changes, at):
        return Cell(" ".join(change.text.split()), struck=change.before or _EMPTY_VALUE)
    if doubt := _mark_at(line.doubts, at):
        return Cell(value or _EMPTY_VALUE, second=words.sentence(doubt.text), colours="warn")
    return Cell(value)


def _remark(line: ReviewLine) -> Cell:
    """What no column of the file says: why the line is refused, what else changes."""
    refused = [each.text for each in line.refused if each.column < 0]
    if refused:
        return Cell("Ligne refusée", problem=words.sentence(" ".join(refused)))
    changes = [each for each in line.changes if each.column < 0]
    if changes:
        more = len(changes) - 1
        text = changes[0].text + (f" (et {words.count(more, 'autre')})" if more else "")
        return Cell(words.sentence(text), struck=changes[0].before or _EMPTY_VALUE)
    doubts = [each.text for each in line.doubts if each.column < 0]
    return Cell(words.sentence(" ".join(doubts)), colours="warn" if doubts else "")


class _LineDelegate(CellDelegate):
    """Edits a cell in a plain field; one key of Entrée keeps it."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:  # noqa: ARG002
        """A field of one line."""
        editor = QLineEdit(parent)
        heading = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        editor.setAccessibleName(f"Corriger «\u00a0{heading}\u00a0»")
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Begin with what stands there."""
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: _Index) -> None:
        """Keep what was typed."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)


class LinesTable(HoverTable, QTableView):
    """The lines; its keys are those of a spreadsheet and of a review."""

    accepted = Signal()
    """Entrée where an offer stands: the same correction for the values that are alike."""
    dismissed = Signal()
    taken_or_left = Signal(list)
    """Rows whose line is to be taken or left."""
    next_asked = Signal(int)
    """The next refused cell (1) or the one before (-1) is wanted."""
    apply_asked = Signal()
    edited = Signal()
    """An editor was closed."""

    def __init__(self) -> None:
        """No line yet."""
        super().__init__()
        self.lines = LinesModel(self)
        self.setModel(self.lines)
        self.setAccessibleName("Lignes du fichier")
        self.dress("row_two_lines")
        self.setItemDelegate(_LineDelegate(self))
        self.offers = False
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.horizontalHeader().setStretchLastSection(True)

    @property
    def editing(self) -> bool:
        """Whether a cell is being edited."""
        return self.state() is QAbstractItemView.State.EditingState

    def closeEditor(self, editor: QWidget, hint: Any) -> None:
        """The cell stays the current one: what follows is decided by the next key."""
        super().closeEditor(editor, hint)
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée edits or accepts, Espace takes or leaves, F8 goes to the next refused cell."""
        if self.editing:
            # The field of the cell lets Entrée through once it has taken it.
            event.accept()
            return
        key, modifiers = event.key(), event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if control:
                self.apply_asked.emit()
            elif self.offers:
                self.accepted.emit()
            else:
                self.edit_current()
        elif key == Qt.Key.Key_F2:
            self.edit_current()
        elif key == Qt.Key.Key_F8:
            back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self.next_asked.emit(-1 if back else 1)
        elif key == Qt.Key.Key_Space:
            self.turn_selected()
        elif key == Qt.Key.Key_Escape and self.offers:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def selected_rows(self) -> list[int]:
        """The rows that are selected."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def turn_selected(self) -> None:
        """Take or leave the selected lines."""
        self.taken_or_left.emit(self.selected_rows())

    def edit_current(self) -> None:
        """Edit the current cell; from a cell that cannot be edited, the refused one of its line."""
        index = self.currentIndex()
        if not index.isValid():
            return
        if not self.lines.flags(index) & Qt.ItemFlag.ItemIsEditable:
            wanted = [at for at in self.lines.to_correct(index.row())
                      if self.lines.flags(self.lines.index(index.row(), at))
                      & Qt.ItemFlag.ItemIsEditable]  # fmt: skip
            if not wanted:
                return
            index = self.lines.index(index.row(), wanted[0])
            self.setCurrentIndex(index)
        self.edit(index)

    def fit_columns(self) -> None:
        """Give each column the room that its heading and the first lines want."""
        lines = [self.lines.line(row) for row in range(min(self.lines.rowCount(), _SAMPLE))]
        for column in range(self.lines.columnCount()):
            heading = self.lines.headerData(column, Qt.Orientation.Horizontal)
            wide = fonts.metrics("secondary").horizontalAdvance(str(heading or "")) + 2 * PAD + 4
            cells = [self.lines.cell(line, column) for line in lines]
            least = {LINE: 62, DECISION: 116}.get(column, _NARROW)
            self.setColumnWidth(column, max(wide, least, *(map(_wanted, cells)), 0))


def _wanted(cell: Cell) -> int:
    """The room that a cell wants, within reason; more for the reason of a refusal."""
    font = fonts.metrics("cell_first_line", figures=True)
    longest = max((cell.text, cell.struck, cell.second), key=len)
    text = font.horizontalAdvance(longest) + 2 * PAD
    reason = fonts.metrics("secondary").horizontalAdvance(cell.problem) + 2 * PAD + 6
    return max(min(text, _WIDE), min(reason, _WIDE_PROBLEM))
