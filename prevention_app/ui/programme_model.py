"""The measures of a yearly programme as a table: fields of actions, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from PySide6.QtGui import QKeyEvent

from prevention_app.catalogue.description import Entity
from prevention_app.catalogue.values import fold
from prevention_app.domain.facts import ActionProgress
from prevention_app.i18n import NO_BREAK
from prevention_app.services import record_groups
from prevention_app.services.programme import ProgrammeLine
from prevention_app.services.record_groups import Group, number_fields
from prevention_app.services.records import Row
from prevention_app.storage.query import Query, Reader
from prevention_app.ui import table_groups, words
from prevention_app.ui.cells import EMPTY, Cell, GroupCell
from prevention_app.ui.record_columns import REFERENCE, Column
from prevention_app.ui.record_model import RecordModel
from prevention_app.ui.record_table import RecordTable
from prevention_app.ui.session import Session
from prevention_app.ui.states import CAUTION, GO, NONE, STOP, State

PRIORITY, DIRECTION, FOLLOW_UP, CARRIED, RISK = (
    "priority",
    "direction",
    "follow_up",
    "carried",
    "situation",
)
_EXTRA: Final = (
    Column(PRIORITY, "Priorité", None, wide=176),
    Column(DIRECTION, "Direction", None, wide=170),
    Column(RISK, "Situation visée", None, wide=200),
    Column(FOLLOW_UP, "Suivi", None, wide=170),
    Column(CARRIED, "Report", None, wide=124),
)
EXTRA_KEYS: Final = frozenset(each.key for each in _EXTRA)
_SHOWN: Final = (PRIORITY, "title", DIRECTION, "pilot", "cost", "due", FOLLOW_UP, "state", CARRIED)
_KEPT: Final = (FOLLOW_UP, "due", "pilot", "state", "cost", PRIORITY, DIRECTION, CARRIED)
"""The columns that a narrow table keeps, the first longest."""
GROUPS: Final = {
    PRIORITY: "Priorité",
    DIRECTION: "Direction",
    "pilot": "Pilote",
    "state": "État",
    FOLLOW_UP: "Suivi",
    "measure_type": "Type de mesure",
}
"""What the measures can be grouped by."""
_UNKNOWN: Final = "Risque non coté"
_OF_PRIORITY: Final = {
    "immediate": State("bad", "triangle-alert"),
    "yearly_programme": State("warn", "calendar-days"),
    "follow_up": State("neutral", "eye"),
}
_OF_PROGRESS: Final = {
    ActionProgress.FINISHED: GO,
    ActionProgress.ON_TIME: State("neutral", "calendar-days"),
    ActionProgress.DUE_SOON: State("warn", "calendar-clock"),
    ActionProgress.LATE: STOP,
    ActionProgress.UNDATED: State("neutral", "circle-help"),
    ActionProgress.ABANDONED: NONE,
}


class ProgrammeModel(RecordModel):
    """Planned actions, each with its line in the programme."""

    def __init__(self, session: Session, entity: Entity) -> None:
        """No programme yet."""
        self.lines: Mapping[str, ProgrammeLine] = {}
        super().__init__(session, entity, name="programme")
        self.rows.grouper = self._grouped

    def take(self, lines: Mapping[str, ProgrammeLine]) -> None:
        """Show these from now on; what stood in the cells is made anew."""
        self.lines = lines
        self._cells.clear()

    def all_columns(self) -> list[Column]:
        """The columns that follow from risks and years, then those of an action."""
        reference, *fields = super().all_columns()
        return [reference, *_EXTRA, *fields]

    def declared_keys(self) -> list[str]:
        """The columns shown at first."""
        return list(_SHOWN)

    def by_weight(self) -> list[str]:
        """The columns that a narrow table keeps, the first longest."""
        rest = [each.key for each in self.available if each.key not in (*_KEPT, "title")]
        return [*_KEPT, REFERENCE, *(each for each in rest if each != REFERENCE)]

    def make_cell(self, column: Column, row: Row) -> Cell:
        """What stands in a column of a measure."""
        line = self.lines.get(row.id)
        if column.key not in EXTRA_KEYS:
            return super().make_cell(column, row)
        return EMPTY if line is None else _extra(column.key, line)

    def heading(self, group: Group, *, folded: bool) -> GroupCell:
        """The heading of a group, with what it adds up to."""
        if self.rows.grouped_by not in EXTRA_KEYS:
            return super().heading(group, folded=folded)
        parts = [words.count(group.count, "mesure")]
        for each in number_fields(self.entity):
            held, total = group.totals.get(each.key, (0, Decimal(0)))
            if held and each.key in self.keys:
                parts.append(f"{each.label_fr}{NO_BREAK}: {table_groups.amount(each, total)}")
        state = self._state_of(group)
        return GroupCell(group.title, " · ".join(parts), state, folded)

    def _state_of(self, group: Group) -> State:
        line = self.lines.get(group.ids[0]) if group.ids else None
        cell = _extra(self.rows.grouped_by, line) if line else EMPTY
        return cell.chip or State("neutral", "layers")

    def _grouped(self, read: Reader, query: Query, key: str) -> list[Group]:
        """The groups by something that is no field, else as any register has them."""
        if key not in EXTRA_KEYS:
            return record_groups.groups(read, query, key)
        together: dict[str, list[str]] = {}
        for record_id in read.ids(replace(query, order=("reference",))).splitlines():
            if record_id in self.lines:
                title = _extra(key, self.lines[record_id]).text
                together.setdefault(title, []).append(record_id)
        numbers = [each.key for each in number_fields(self.entity)]
        made: list[Group] = []
        for title, ids in sorted(together.items(), key=self._rank(key)):
            found = replace(query, ids=tuple(ids))
            totals = read.sums(found, numbers)[0].totals
            shown = title or ("Mesures de l’année" if key == CARRIED else _UNKNOWN)
            made.append(Group(shown, len(ids), totals, (), title, found.ids))
        return made

    def _rank(self, key: str) -> Callable[[tuple[str, list[str]]], tuple[int, str]]:
        def rank(each: tuple[str, list[str]]) -> tuple[int, str]:
            line = self.lines[each[1][0]]
            if key == PRIORITY:
                return (-line.decision.rank if line.decision else 0, each[0])
            if key == FOLLOW_UP:
                return (list(_OF_PROGRESS).index(line.progress), "")
            return (0, fold(each[0]))

        return rank


def _extra(key: str, line: ProgrammeLine) -> Cell:
    if key == PRIORITY:
        if line.decision is None:
            return EMPTY
        return Cell(line.decision.label_fr, chip=_OF_PRIORITY.get(line.decision.code, CAUTION))
    if key == DIRECTION:
        return Cell(line.direction_name)
    if key == FOLLOW_UP:
        return Cell(line.progress.label_fr, chip=_OF_PROGRESS[line.progress])
    if key == CARRIED:
        return Cell(carried_words(line), quiet=line.carried_from is None)
    return _situation(line)


def _situation(line: ProgrammeLine) -> Cell:
    if not line.risks:
        return EMPTY
    more = len(line.risks) - 1
    under = f"et {words.count(more, 'autre risque', 'autres risques')}" if more else ""
    return Cell(" ".join(line.risks[0].situation.split()), second=under)


def carried_words(line: ProgrammeLine) -> str:
    """« reportée de 2025 », « reportée en 2027 »; empty for what stays in its year."""
    if line.carried_from is not None:
        return f"de {line.carried_from}"
    return f"en {line.carried_to}" if line.carried_to is not None else ""


class ProgrammeTable(RecordTable):
    """Letters do something with the measures chosen; F2 or a figure edits a cell."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter is a deed here, never the beginning of a text."""
        if event.text().isalpha() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)
