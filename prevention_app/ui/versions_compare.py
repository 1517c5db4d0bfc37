"""What differs between two versions, or between a version and the present state, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.i18n import NO_BREAK
from prevention_app.services.document_versions_diff import PRESENT, SORTS, Comparison, Line, Sort
from prevention_app.ui import file_choice, style, user_file, versions_work, words
from prevention_app.ui.cell_table import CellModel
from prevention_app.ui.cells import Cell
from prevention_app.ui.desktop import open_place
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.states import CAUTION, NEW, STOP

_ALL: Final = "all"
_COLUMNS: Final = (
    Fitted("Sens", 104, 100),
    Fitted("Unité de travail", 190, 110, leaves=2),
    Fitted("Ligne", least=170),
    Fitted("Champ", 130, 90, leaves=1),
    Fitted("Avant", 200, 110),
    Fitted("Après", 200, 110),
)
_LOOKS: Final = {Sort.ADDED: NEW, Sort.REMOVED: STOP, Sort.CHANGED: CAUTION}


class ComparePane(QWidget):
    """Which two are compared, how much differs, and the table of it."""

    told = Signal(str)
    """How much differs, for the foot of the window."""
    left = Signal()

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is compared yet; `start_work` starts long work that the window shows."""
        super().__init__()
        self._session = session
        self._start_work = start_work
        self._comparing: Operation | None = None
        self.found: Comparison | None = None
        self.before, self.after = QComboBox(), QComboBox()
        self.before.setAccessibleName("Version d’avant")
        self.after.setAccessibleName("Version d’après")
        self.sorts = Segments("Différences montrées")
        self.sorts.offer(((_ALL, "Tout"), *((each.value, SORTS[each]) for each in Sort)))
        self.export_button = button("Écrire en Excel…", "file-spreadsheet")
        self.back_button = button("Versions", "chevron-left")
        self.table = FittingTable(
            "Différences", _COLUMNS, CellModel([each.heading for each in _COLUMNS])
        )
        self.empty = EmptyState()
        self._lay_out()
        self.before.activated.connect(lambda _: self.ask())
        self.after.activated.connect(lambda _: self.ask())
        self.sorts.chosen.connect(self.show_sort)
        self.back_button.clicked.connect(self.left)
        self.export_button.clicked.connect(self._choose_place)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back_button)
        for label, box in (("De", self.before), ("à", self.after)):
            said = QLabel(label)
            style.mark(said, "look", "secondary")
            said.setBuddy(box)
            head.addWidget(said)
            head.addWidget(box)
        head.addStretch(1)
        head.addWidget(self.export_button)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.sorts, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stack, 1)

    def offer(self, names: Sequence[str], before: str, after: str = "") -> None:
        """Let these versions be compared, these two at first, and compare them."""
        for box in (self.before, self.after):
            box.clear()
        for name in names:
            self.before.addItem(name, name)
            self.after.addItem(name, name)
        self.after.insertItem(0, PRESENT.capitalize(), "")
        self.before.setCurrentIndex(max(0, self.before.findData(before)))
        self.after.setCurrentIndex(max(0, self.after.findData(after)))
        self.ask()

    @property
    def chosen(self) -> tuple[str, str]:
        """The two that are compared."""
        return str(self.before.currentData() or ""), str(self.after.currentData() or "")

    def ask(self) -> None:
        """Have them compared."""
        self.found = None
        self.export_button.setEnabled(False)
        self.empty.show_waiting("Comparaison…")
        self._stack.setCurrentWidget(self.empty)
        if self._comparing is not None:
            self._comparing.end()
            self._comparing.deleteLater()
        folder, pair = self._session.folder, self.chosen
        operation = Operation("Comparaison", versions_work.compare, folder, *pair, parent=self)
        operation.finished.connect(self._on_compared)
        operation.failed.connect(self.show_failure)
        operation.ended.connect(self._forget)
        self._comparing = operation

    def _on_compared(self, found: object) -> None:
        if isinstance(found, Comparison):
            self.show_comparison(found)
            self.told.emit(words.count(len(found.lines), "différence"))

    def _forget(self) -> None:
        if self._comparing is not None:
            self._comparing.deleteLater()
        self._comparing = None

    def show_comparison(self, found: Comparison) -> None:
        """Show what differs; one that nobody asks for any more is passed over."""
        before, after = self.chosen
        if (found.before, found.after) != (before, after or PRESENT):
            return
        self.found = found
        counts = {each.value: found.count(each) for each in Sort}
        self.sorts.count({_ALL: len(found.lines), **counts})
        self.export_button.setEnabled(bool(found.lines))
        self.show_sort(self.sorts.value)

    def show_failure(self, text: str) -> None:
        """Say why they are not compared."""
        self.empty.show_text("Ces versions ne se comparent pas.", words.sentence(text))
        self._stack.setCurrentWidget(self.empty)

    def show_sort(self, sort: str) -> None:
        """Show the differences of one sort, or all."""
        if self.found is None:
            return
        self.sorts.show_value(sort)
        lines = [each for each in self.found.lines if sort in (_ALL, each.sort.value)]
        self.table.show_lines([_cells(each) for each in lines])
        if lines:
            self._stack.setCurrentWidget(self.table)
            self.table.selectRow(0)
        else:
            self.empty.show_text("Aucune différence.")
            self._stack.setCurrentWidget(self.empty)

    # -- as a workbook ---------------------------------------------------------------------

    def _choose_place(self) -> None:
        before, after = self.chosen
        name = f"comparaison_{before}_{after or 'present'}.xlsx"
        file_choice.choose_folder(
            self, "Où écrire la comparaison", lambda folder: self.export(folder / name)
        )

    def export(self, out: Path) -> None:
        """Write what is compared as a workbook."""
        user_file.write(out, self._export, self._session.say)

    def _export(self, out: Path) -> None:
        operation = self._start_work(
            "Comparaison en Excel",
            versions_work.write_comparison,
            self._session.folder,
            *self.chosen,
            out,
            writes=False,
        )
        operation.finished.connect(self._on_exported)

    def _on_exported(self, file: Path) -> None:
        acts = (("Ouvrir le fichier", partial(open_place, file)),)
        self._session.say(f"«{NO_BREAK}{file.name}{NO_BREAK}» est écrit.", "good", acts)


def _cells(line: Line) -> list[Cell]:
    return [
        Cell(SORTS[line.sort], chip=_LOOKS[line.sort]),
        Cell(line.unit, wrapped=True),
        Cell(line.title, second=line.table),
        Cell(line.column, wrapped=True, quiet=True),
        Cell(line.before, wrapped=True, quiet=True),
        Cell(line.after, wrapped=True),
    ]
