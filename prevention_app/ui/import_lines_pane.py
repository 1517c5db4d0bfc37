"""The lines of an import under their chips, with what is offered after a correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import number_text
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_lines import ORDER
from prevention_app.services.import_plan import CellPlace
from prevention_app.ui import icons, style, words
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.import_lines import DECISIONS, LinesTable
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.page import EmptyState, button

REVIEW: Final = "review"
_MOST_LOOKED_AT: Final = 4000
"""Lines looked at for the next refused cell before giving up."""


class ImportLines(QWidget):
    """What becomes of each line, refused ones first; identical ones are counted."""

    changed = Signal()
    """Something was decided: a correction, a line left or taken."""
    decided = Signal()
    """A line was left or taken: nothing is to be compared again."""
    export_asked = Signal()

    def __init__(self) -> None:
        """No line yet."""
        super().__init__()
        self._entry: Entry | None = None
        self._offer: tuple[list[CellPlace], str, str] | None = None
        self.table = LinesTable()
        self.table.lines.corrected.connect(self._correct)
        self.table.accepted.connect(self.accept_offer)
        self.table.dismissed.connect(self._drop_offer)
        self.table.taken_or_left.connect(self._turn)
        self.table.next_asked.connect(self.go_to_refused)
        self.export_button = button("Exporter les refus", "download")
        self.export_button.clicked.connect(self.export_asked)
        self.empty = EmptyState()
        self._make_offer()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._make_chips())
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        # Below: what is being looked at must not move.
        column.addWidget(self._offer_bar)

    def _make_chips(self) -> QHBoxLayout:
        self.chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        place = QWidget()
        flow = FlowLayout(place, gap=6)
        for key in (REVIEW, *ORDER):
            chip = QPushButton()
            chip.setCheckable(True)
            style.mark(chip, "look", "chip")
            if key != REVIEW:
                state = DECISIONS[Outcome(key)][2]
                chip.setIcon(icons.icon(state.icon, state.colours))
            chip.toggled.connect(
                lambda on, chip=chip: style.mark(chip, "look", "chip_on" if on else "chip")
            )
            chip.clicked.connect(self._show_chosen)
            self._group.addButton(chip)
            self.chips[str(key)] = chip
            flow.addWidget(chip)
        row = QHBoxLayout()
        row.addWidget(place, 1)
        row.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _make_offer(self) -> None:
        self._offer_bar = QFrame()
        self._offer_bar.setObjectName("banner_info")
        self._offer_said = QLabel()
        self._offer_said.setWordWrap(True)
        self.offer_button = QPushButton()
        style.mark(self.offer_button, "look", "link")
        self.offer_button.clicked.connect(self.accept_offer)
        row = QHBoxLayout(self._offer_bar)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._offer_said, 1)
        row.addWidget(self.offer_button)
        self._offer_bar.hide()

    # -- showing ---------------------------------------------------------------------------

    def show_entry(self, entry: Entry, *, anew: bool) -> None:
        """Show the lines of a file; `anew` where it is another one, else one stays in place."""
        here = self._here()
        self._entry = entry
        counts = entry.review.counts if entry.review else {}
        review = sum(counts.get(each, 0) for each in ORDER[:3])
        self.chips[REVIEW].setText(f"À revoir {number_text(review)}")
        for outcome in ORDER:
            number = number_text(counts.get(outcome, 0))
            self.chips[str(outcome)].setText(f"\u00a0{DECISIONS[outcome][1]} {number}")
        self.export_button.setEnabled(counts.get(Outcome.REFUSED, 0) > 0)
        if anew or not any(chip.isChecked() for chip in self.chips.values()):
            self.chips[REVIEW].setChecked(True)
            self._drop_offer()
        self._show_chosen()
        if anew:
            self.table.fit_columns()
            self.go_to_refused(1)
        else:
            self._go_back_to(here)

    def _chosen(self) -> str:
        return next((key for key, chip in self.chips.items() if chip.isChecked()), REVIEW)

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        outcomes = ORDER[:3] if chosen == REVIEW else (Outcome(chosen),)
        self.table.lines.show(self._entry, outcomes)
        none = self.table.lines.rowCount() == 0
        self.table.setVisible(not none)
        self.empty.setVisible(none)
        if none:
            self.empty.show_text(*self._nothing(chosen))
        elif not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.table.lines.index(0, 0))

    def _nothing(self, chosen: str) -> tuple[str, str]:
        counts = self._entry.review.counts if self._entry and self._entry.review else {}
        same = counts.get(Outcome.UNCHANGED, 0)
        if chosen == REVIEW:
            hint = f"{words.count(same, 'ligne est identique', 'lignes sont identiques')} à ce que "
            return "Aucune ligne n’est à revoir.", hint + "vous avez déjà." if same else ""
        return f"Aucune ligne {DECISIONS[Outcome(chosen)][0].lower()}.", ""

    def _here(self) -> tuple[str, int, int] | None:
        index = self.table.currentIndex()
        if not index.isValid() or index.row() >= self.table.lines.rowCount():
            return None
        line = self.table.lines.line(index.row())
        return line.sheet, line.row, index.row()

    def _go_back_to(self, here: tuple[str, int, int] | None) -> None:
        """The line where one was, or the one that has come to its place."""
        rows = self.table.lines.rowCount()
        if here is None or not rows:
            return
        sheet, number, row = here
        near = range(max(row - 60, 0), min(row + 60, rows))
        for at in near:
            line = self.table.lines.line(at)
            if (line.sheet, line.row) == (sheet, number):
                row = at
                break
        row = min(row, rows - 1)
        wanted = self.table.lines.to_correct(row)
        column = wanted[0] if wanted else 0
        self.table.setCurrentIndex(self.table.lines.index(row, column))

    # -- keys ------------------------------------------------------------------------------

    def go_to_refused(self, step: int) -> bool:
        """Make the next refused cell the current one; False where there is none left."""
        counts = self._entry.review.counts if self._entry and self._entry.review else {}
        if not counts.get(Outcome.REFUSED, 0):
            return False
        if self._chosen() not in (REVIEW, str(Outcome.REFUSED)):
            self.chips[REVIEW].setChecked(True)
            self._show_chosen()
            self.table.setCurrentIndex(QModelIndex())
        lines = self.table.lines
        index = self.table.currentIndex()
        row, column = (index.row(), index.column()) if index.isValid() else (-1, -1)
        rows = min(lines.rowCount(), counts[Outcome.REFUSED])
        for at in self._rows_from(row, step, rows):
            wanted: Sequence[int] = lines.to_correct(at)
            if at == row:
                wanted = [each for each in wanted if (each - column) * step > 0]
            if wanted:
                found = lines.index(at, wanted[0] if step > 0 else wanted[-1])
                self.table.setCurrentIndex(found)
                self.table.scrollTo(found)
                return True
        return False

    @staticmethod
    def _rows_from(row: int, step: int, rows: int) -> range:
        if step > 0:
            return range(max(row, 0), min(rows, max(row, 0) + _MOST_LOOKED_AT))
        start = min(row, rows - 1)
        return range(start, max(-1, start - _MOST_LOOKED_AT), -1)

    def _turn(self, rows: Sequence[int]) -> None:
        """Leave the lines, or take them again when the first of them was left."""
        if self._entry is None or not rows:
            return
        lines = [self.table.lines.line(row) for row in rows]
        places = [self.table.lines.line_place(line) for line in lines]
        leave = places[0] not in self._entry.left_out
        for place, line in zip(places, lines, strict=True):
            if not leave:
                self._entry.left_out.pop(place, None)
            elif line.outcome is not Outcome.REFUSED and line.table >= 0:
                self._entry.left_out[place] = line.outcome
        self.table.lines.renew()
        self.decided.emit()

    # -- corrections -----------------------------------------------------------------------

    def _correct(self, place: CellPlace, old: str, new: str) -> None:
        entry = self._entry
        if entry is None or entry.review is None:
            return
        self._put(place, old, new)
        at = self.table.currentIndex().column() - self.table.lines.first_field
        column = entry.review.columns[at]
        alike = entry.review.alike.get((column.field, column.nth, old), ())
        others = [each for each in alike if each not in entry.corrections]
        self._drop_offer()
        if others and new:
            self._show_offer(others, old, new)
        self.changed.emit()

    def _put(self, place: CellPlace, old: str, new: str) -> None:
        assert self._entry is not None  # noqa: S101  (its lines are shown)
        first = self._entry.originals.setdefault(place, old)
        if new == first:
            # Back to what the file says: no correction any more.
            self._entry.corrections.pop(place, None)
            self._entry.originals.pop(place, None)
        else:
            self._entry.corrections[place] = new

    def _show_offer(self, others: list[CellPlace], old: str, new: str) -> None:
        self._offer = (others, old, new)
        self.table.offers = True
        number = len(others)
        lines = words.count(number, "autre ligne", "autres lignes")
        said = (
            f"«\u00a0{old}\u00a0» est refusé sur {lines}."
            if old
            else f"La même case est vide sur {lines}."
        )
        self._offer_said.setText(words.sentence(said))
        self.offer_button.setText(words.sentence(f"Y écrire aussi «\u00a0{new}\u00a0» (Entrée)"))
        self._offer_bar.show()

    def accept_offer(self) -> None:
        """The same correction for all the values that are alike."""
        if self._offer is None:
            return
        others, old, new = self._offer
        for place in others:
            self._put(place, old, new)
        self._drop_offer()
        self.table.lines.renew()
        self.table.setFocus()
        self.changed.emit()

    def _drop_offer(self) -> None:
        self._offer = None
        self.table.offers = False
        self._offer_bar.hide()
