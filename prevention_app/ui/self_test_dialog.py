"""« Vérifier cet ordinateur… »: what was looked at, what it means, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from prevention_app.services.self_test import checks
from prevention_app.services.self_test.line import LABELS, Line, Verdict
from prevention_app.ui import file_choice, states, style, user_file, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_FILE: Final = "controle-ordinateur.txt"
_STATES: Final = {
    Verdict.GOOD: states.GO,
    Verdict.NOTICE: states.CAUTION,
    Verdict.FIX: states.STOP,
}


class SelfTestDialog(QDialog):
    """Looks at the computer in the background, then shows a table with an advice below."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Begin at once."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Vérifier cet ordinateur")
        self.resize(860, 640)
        self._session = session
        self._lines: Sequence[Line] = ()
        self.said = QLabel("Contrôle de cet ordinateur, quelques secondes…")
        style.mark(self.said, "look", "section")
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.advice.setMinimumHeight(3 * self.advice.fontMetrics().lineSpacing())
        self.advice.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        style.mark(self.advice, "look", "secondary")
        self.table = CellTable(
            "Ce qui a été contrôlé", ("Avis", "Quoi", "Constat"), (132, 190, 0), "row_standard"
        )
        self.table.selectionModel().currentRowChanged.connect(self._show_advice)
        self.copy_button = button("Copier", "copy")
        self.copy_button.clicked.connect(self._copy)
        self.save_button = button("Enregistrer le rapport…", "save")
        self.save_button.clicked.connect(self._choose)
        self._lay_out()
        self.operation = Operation(
            "Contrôle de cet ordinateur", checks.run_apart, session.folder, parent=self
        )
        self.operation.finished.connect(self.show_lines)
        self.operation.failed.connect(lambda text: self.said.setText(words.sentence(text)))
        self.operation.ended.connect(self._bar.hide)
        self.finished.connect(self.operation.end)

    def _lay_out(self) -> None:
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Avancement du contrôle")
        close = button("Fermer")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(self.said)
        column.addWidget(self._bar)
        column.addWidget(self.table, 1)
        column.addWidget(self.advice)
        column.addLayout(buttons)
        for each in (self.copy_button, self.save_button):
            each.setEnabled(False)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show what was found, and first what is to be corrected."""
        self._lines = lines
        self.table.show_lines([_cells(each) for each in lines])
        wrong = sum(each.verdict is Verdict.FIX for each in lines)
        self.said.setText(
            f"{words.count(wrong, 'point')} à corriger" if wrong else "Rien à corriger"
        )
        worst = checks.worst(lines)
        self.table.selectRow([each.verdict for each in lines].index(worst))
        self.table.setFocus()
        for each in (self.copy_button, self.save_button):
            each.setEnabled(True)

    def _show_advice(self) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at < len(self._lines):
            line = self._lines[at]
            self.advice.setText(words.sentence(f"{line.found}\n{line.advice}".strip()))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(checks.as_text(self._lines))
        self.said.setText("Rapport copié")

    def _choose(self) -> None:
        file_choice.choose_folder(self, "Où enregistrer le rapport", self.save_into)

    def save_into(self, folder: Path) -> None:
        """Write the report into a folder, beside an earlier one that is open elsewhere."""
        user_file.write(folder / _FILE, partial(self._save, self._lines), self._session.say)

    def _save(self, lines: Sequence[Line], out: Path) -> None:
        checks.write_report(lines, out)
        self._session.say(f"«\u00a0{out.name}\u00a0» est écrit.")


def _cells(line: Line) -> list[Cell]:
    label = LABELS[line.verdict]
    return [
        Cell(label[0].upper() + label[1:], chip=_STATES[line.verdict]),
        Cell(line.what, strong=True),
        Cell(words.sentence(line.found)),
    ]
