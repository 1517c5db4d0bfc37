"""Proposals by unit: what people wrote on their sheets, against what is recorded today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView

from prevention_app.catalogue.campaign import Proposal, ProposalKind
from prevention_app.catalogue.description import Catalogue, Value
from prevention_app.catalogue.values import shown
from prevention_app.services import collecting_review
from prevention_app.storage.query import Reader
from prevention_app.ui import states, words
from prevention_app.ui.campaign_units import choose_rows
from prevention_app.ui.cell_table import CellModel, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.states import State

_COLUMNS: Final = (
    Fitted("Nature", 170, 140),
    Fitted("Ce qui est enregistré", 320, 190),
    Fitted("Ce qui est proposé", least=220),
    Fitted("Répondu par", 180, 120, leaves=1),
)
_LOOKS: Final[Mapping[ProposalKind, State]] = {
    ProposalKind.STILL_TRUE: states.GO,
    ProposalKind.CHANGED: states.IN_PROGRESS,
    ProposalKind.GONE: State("bad", "circle-minus"),
    ProposalKind.NEW_SITUATION: State("info", "plus"),
    ProposalKind.ACTION_PROGRESS: State("info", "target"),
    ProposalKind.REMARK: State("neutral", "notebook-pen"),
}
_ACTION_KEYS: Final = {
    "action_state": "state",
    "progress": "progress",
    "done_on": "done_on",
    "found": "found",
    "real_cost": "real_cost",
}
"""Field of a proposal → field of the action."""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with what it is about."""

    proposal: Proposal
    place: str
    """The unit, or the pilot whose workbook it is from."""
    recorded: str
    """The situation or the action as it is recorded."""
    proposed: str
    """In a few words, what would be otherwise."""


def proposal_lines(read: Reader, owners: tuple[str, ...]) -> list[ProposalLine]:
    """The proposals to be examined, those of a unit together."""
    found = collecting_review.proposals(read, owners)
    units = read.titles("work_unit", [each.work_unit for each in found])
    about = read.titles("risk", [each.risk for each in found])
    about |= read.titles("planned_action", [each.action for each in found])
    lines = [
        ProposalLine(
            each,
            units.get(each.work_unit or "", "Sans unité"),
            about.get(each.risk or each.action or "", ""),
            proposed_words(read.catalogue, each),
        )
        for each in found
    ]
    return sorted(lines, key=lambda each: each.place)


def proposed_words(catalogue: Catalogue, proposal: Proposal) -> str:
    """What a proposal says, as one text."""
    told = [proposal.text or ""]
    entity = catalogue["planned_action"]
    for key, field in _ACTION_KEYS.items():
        value: Value = getattr(proposal, key)
        if value is not None:
            each = entity.by_key[field]
            told.append(f"{each.label_fr}\u00a0: {shown(each, value)}")
    told.append(proposal.remark or "")
    return words.sentence(" · ".join(" ".join(each.split()) for each in told if each))


class ProposalList(FittingTable):
    """Several may be chosen; a unit's own stand under its name."""

    moved = Signal()

    def __init__(self) -> None:
        """None yet."""
        cells = CellModel([each.heading for each in _COLUMNS])
        super().__init__("Propositions à examiner", _COLUMNS, cells)
        cells.setParent(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._rows: list[ProposalLine | None] = []
        """What stands at each row; None for the heading of a unit."""
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())

    def show_proposals(self, lines: Sequence[ProposalLine], today: date) -> None:
        """Show these; the cursor stays on its place."""
        at = max(self.currentIndex().row(), 0)
        cells: list[Line] = []
        self._rows = []
        for number, each in enumerate(lines):
            if number == 0 or lines[number - 1].place != each.place:
                same = sum(one.place == each.place for one in lines)
                detail = words.count(same, "proposition")
                cells.append((GroupCell(each.place, detail, states.WAITING, folds=False),))
                self._rows.append(None)
            cells.append(_line(each, today))
            self._rows.append(each)
        self.show_lines(cells)
        places = [row for row, each in enumerate(self._rows) if each is not None]
        if places:
            choose_rows(self, [min(places, key=lambda row: (row < at, abs(row - at)))])

    @property
    def chosen(self) -> list[ProposalLine]:
        """The proposals chosen, from above."""
        rows = sorted(each.row() for each in self.selectionModel().selectedRows())
        return [line for row in rows if (line := self._rows[row]) is not None]

    @property
    def current(self) -> ProposalLine | None:
        """The proposal under the cursor."""
        at = self.currentIndex().row()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def choose_unit_of(self, line: ProposalLine) -> None:
        """Choose all proposals of the unit of one of them."""
        choose_rows(
            self,
            [
                row
                for row, each in enumerate(self._rows)
                if each is not None and each.place == line.place
            ],
        )


def _line(each: ProposalLine, today: date) -> Line:
    proposal = each.proposal
    kind = ProposalKind(proposal.kind)
    return (
        Cell(kind.label_fr, chip=_LOOKS[kind]),
        Cell(
            " ".join(each.recorded.split()) or "Pas encore au document unique",
            wrapped=True,
            quiet=not each.recorded,
        ),
        Cell(each.proposed or kind.label_fr, wrapped=True, quiet=not each.proposed),
        Cell(
            proposal.answered_by or "",
            second=f"reçue le {words.short_day(proposal.received_on, today)}",
        ),
    )
