"""Second step of an import: what becomes of each row of the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Catalogue
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportProblem, PlannedRow
from prevention_app.ui import icons, states, style, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.long_work import Foreseen

_REVIEW: Final = "review"
_ORDER: Final = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED)
_WORDS: Final = {
    Outcome.REFUSED: ("Refusée", "Refusées", states.State("bad", "octagon-x")),
    Outcome.CHANGED: ("Modifiée", "Modifiées", states.IN_PROGRESS),
    Outcome.NEW: ("Nouvelle", "Nouvelles", states.NEW),
    Outcome.UNCHANGED: ("Identique", "Identiques", states.State("neutral", "check")),
}
_MOST: Final = 5000
"""Rows shown at once: further ones are counted, and found with the chips."""


class ImportRows(QWidget):
    """Rows by outcome: refused first, then changed and new; identical ones on demand."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Nothing foreseen yet."""
        super().__init__()
        self._catalogue = catalogue
        self._foreseen: Foreseen | None = None
        self.chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self.table = CellTable(
            "Lignes du fichier",
            ("Feuille, ligne", "Décision", "Fiche", "Ce qui change, ou pourquoi non"),
            (170, 130, 300, 0),
            "row_two_lines",
        )
        self._said = QLabel()
        self._said.setWordWrap(True)
        style.mark(self._said, "look", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._make_chips())
        column.addWidget(self.table, 1)
        column.addWidget(self._said)

    def _make_chips(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for key in (_REVIEW, *_ORDER):
            chip = QPushButton()
            chip.setCheckable(True)
            style.mark(chip, "look", "chip")
            if key != _REVIEW:
                chip.setIcon(icons.icon(_WORDS[Outcome(key)][2].icon, size=14))
            chip.toggled.connect(
                lambda on, chip=chip: style.mark(chip, "look", "chip_on" if on else "chip")
            )
            chip.clicked.connect(self._show)
            self._group.addButton(chip)
            self.chips[str(key)] = chip
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def show_foreseen(self, foreseen: Foreseen) -> None:
        """Show what would become of each row."""
        self._foreseen = foreseen
        review = sum(foreseen.counts[each] for each in _ORDER[:3])
        self.chips[_REVIEW].setText(f"À revoir {review}")
        for outcome in _ORDER:
            number = foreseen.counts[outcome]
            self.chips[str(outcome)].setText(f"\u00a0{_WORDS[outcome][1]} {number}")
        first = Outcome.REFUSED if foreseen.counts[Outcome.REFUSED] else _REVIEW
        self.chips[str(first)].setChecked(True)
        self._said.setText(self._summary(foreseen))
        self._show()

    def _summary(self, foreseen: Foreseen) -> str:
        parts = [
            words.count(foreseen.other, "autre ligne", "autres lignes") + " (titres, totaux, notes)"
        ]
        if foreseen.created:
            made = ", ".join(
                f"{self._catalogue[key].label_fr} {number}"
                for key, number in foreseen.created.items()
            )
            parts.append(f"Fiches à créer : {made}")
        parts += [
            f"{name} : {words.count(each['rows'], 'ligne')}, {each['new']} nouvelles, "
            f"{each['gone']} disparues, {each['withdrawn']} retirées"
            for name, each in foreseen.editions.items()
        ]
        parts += foreseen.notes
        return words.sentence(". ".join(part.rstrip(".") for part in parts) + ".")

    def _show(self) -> None:
        if self._foreseen is None:
            return
        chosen = next((key for key, chip in self.chips.items() if chip.isChecked()), _REVIEW)
        wanted = set(_ORDER[:3]) if chosen == _REVIEW else {Outcome(chosen)}
        rows = [each for each in self._foreseen.rows if each.outcome in wanted]
        rows.sort(key=lambda each: _ORDER.index(each.outcome))
        lines = [self._line(each) for each in rows[:_MOST]]
        if not self._foreseen.rows and Outcome.REFUSED in wanted:
            lines = [_problem_line(each) for each in self._foreseen.problems[:_MOST]]
        self.table.show_lines(lines)

    def _line(self, row: PlannedRow) -> Sequence[Cell]:
        word, _, state = _WORDS[row.outcome]
        register = self._catalogue.by_key.get(row.register)
        return [
            Cell(row.sheet or row.file, second=f"ligne {row.row}"),
            Cell(word, chip=state),
            Cell(" ".join(row.title.split()), second=register.label_fr if register else ""),
            _detail(row),
        ]


def _detail(row: PlannedRow) -> Cell:
    reasons = " ".join(row.reasons)
    if row.outcome is Outcome.REFUSED:
        return Cell(words.sentence(reasons), colours="bad")
    if row.differences:
        label, old, new = row.differences[0]
        more = len(row.differences) - 1
        text = f"{label} : {new}" + (
            f" (et {words.count(more, 'autre champ', 'autres champs')})" if more else ""
        )
        return Cell(words.sentence(text), struck=old or "(vide)")
    return Cell(words.sentence(reasons), colours="warn" if reasons else "")


def _problem_line(problem: ImportProblem) -> Sequence[Cell]:
    word, _, state = _WORDS[Outcome.REFUSED]
    decision = Cell(word, chip=state) if problem.refused else Cell("À revoir", chip=states.CAUTION)
    return [
        Cell(problem.file, second=problem.cell or f"ligne {problem.row}"),
        decision,
        Cell(""),
        Cell(words.sentence(problem.message), colours="bad" if problem.refused else "warn"),
    ]
