"""The units of a campaign, one line each: state, what is left, what changed, who answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView

from prevention_app.catalogue.campaign import UnitState
from prevention_app.i18n import number_text
from prevention_app.services.campaign_view import UnitLine, sheet_state
from prevention_app.ui import states, words
from prevention_app.ui.cell_table import CellModel, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable

_COLUMNS: Final = (
    Fitted("Unité de travail", least=190),
    Fitted("État", 110, 96),
    Fitted("Risques cotés", 130, 100),
    Fitted("À évaluer", 84, 76, leaves=4),
    Fitted("Depuis la dernière", 150, 130, leaves=2),
    Fitted("Participants, dates", 200, 130, leaves=1),
    Fitted("Réponse", 190, 150),
)


class CampaignUnits(FittingTable):
    """Several may be chosen; what is done is done to all of them."""

    moved = Signal()
    """Other lines are chosen."""

    def __init__(self) -> None:
        """None yet."""
        cells = CellModel([each.heading for each in _COLUMNS])
        super().__init__("Unités de la campagne", _COLUMNS, cells)
        cells.setParent(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.units: Sequence[UnitLine] = ()
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())

    def show_units(self, units: Sequence[UnitLine], today: date) -> None:
        """Show these; what was chosen stays chosen."""
        kept = {each.record.id for each in self.chosen}
        at = max(self.currentIndex().row(), 0)
        self.units = units
        self.show_lines([_line(each, today) for each in units])
        rows = [row for row, each in enumerate(units) if each.record.id in kept]
        if units and not rows:
            rows = [min(at, len(units) - 1)]
        self.choose_rows(rows)

    def choose_rows(self, rows: Sequence[int]) -> None:
        """Choose these lines; the first of them is the current one."""
        choose_rows(self, rows)

    @property
    def chosen(self) -> list[UnitLine]:
        """The units chosen, from above."""
        rows = sorted(each.row() for each in self.selectionModel().selectedRows())
        return [self.units[each] for each in rows if each < len(self.units)]


def choose_rows(table: QAbstractItemView, rows: Sequence[int]) -> None:
    """Choose lines of a table; the first of them is the current one."""
    model, chosen = table.model(), table.selectionModel()
    flags = chosen.SelectionFlag
    chosen.clearSelection()
    for number, row in enumerate(rows):
        index = model.index(row, 0)
        if number == 0:
            chosen.setCurrentIndex(index, flags.NoUpdate)
        chosen.select(index, flags.Select | flags.Rows)


def _line(each: UnitLine, today: date) -> Line:
    state = UnitState(each.record.state)
    sheet = each.sheet
    answer, when = sheet_state(sheet, today) if sheet else ("fiche non préparée", "")
    overdue = when.endswith("en retard")
    told = each.reminded_on if sheet is not None and sheet.answered_on is None else None
    reminded = f"relancée le {words.short_day(told, today)}" if told else ""
    waiting = words.count(each.waiting, "proposition") + " à examiner" if each.waiting else ""
    confirmed = f"{number_text(each.confirmed)} toujours vrai" if each.confirmed else ""
    return (
        Cell(each.unit, second=each.branch),
        Cell(state.label_fr, chip=states.state_of(state.value)),
        Cell(
            f"{each.rated}\u202f/\u202f{each.risks}" if each.risks else "aucun risque",
            bar=each.rated / each.risks if each.risks else None,
            quiet=not each.risks,
        ),
        Cell(
            number_text(each.to_evaluate) if each.to_evaluate else "",
            right=True,
            colours="warn" if each.to_evaluate else "",
        ),
        Cell(each.moves.words or "rien", quiet=not each.moves.words, wrapped=True),
        Cell(" ".join((each.record.participants or "").split()), second=_dates(each, today)),
        Cell(
            f"{answer[:1].upper()}{answer[1:]}",
            second=", ".join(part for part in (when, reminded, waiting or confirmed) if part),
            second_colours="bad" if overdue else "info" if waiting else "",
            quiet=sheet is None,
        ),
    )


def _dates(each: UnitLine, today: date) -> str:
    """The last step that was reached, and when."""
    record = each.record
    for word, day in (
        ("validée", record.validated_on),
        ("cotée", record.rated_on),
        ("vue", record.visited_on),
    ):
        if day is not None:
            return f"{word} le {words.short_day(day, today)}"
    return ""
