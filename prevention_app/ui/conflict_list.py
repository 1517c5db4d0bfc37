"""The list of values to settle, by register, and below it what was settled last."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from prevention_app.i18n import number_text
from prevention_app.services import conflicts
from prevention_app.services.conflicts import Conflict, Place
from prevention_app.ui import words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.paged_cells import PagedCells
from prevention_app.ui.places import icon_of
from prevention_app.ui.session import Session
from prevention_app.ui.states import CAUTION, GO

_HEADING: Final = "#"
"""Begins what stands in the place of the id of a line that names a group."""
_SETTLED: Final = "settled"

Shown = Conflict | GroupCell | None
"""What stands on a line; None where it was settled since the list was read."""


class ConflictRows(PagedCells[Shown]):
    """The lines, read page by page as they come into view."""

    def __init__(self, session: Session, view: CellTable | None = None) -> None:
        """Nothing to settle yet."""
        super().__init__(("À départager",), self._read_page, self._line_of, view)
        self._session = session
        self._places: dict[str, Place] = {}
        self._settled: dict[str, Conflict] = {}
        self._groups: dict[str, GroupCell] = {}

    def show_places(self, places: Sequence[Place], settled: Sequence[Conflict]) -> None:
        """Show these, and those that were settled below them."""
        self._places = {each.id: each for each in places}
        self._settled = {each.id: each for each in settled if each.id not in self._places}
        self._groups = {}
        catalogue = self._session.store.catalogue
        ids: list[str] = []
        for register, group in groupby(places, key=lambda each: each.register):
            members = [each.id for each in group]
            entity = catalogue[register]
            ids += [self._heading(register, entity.short_fr or entity.label_fr, members), *members]
        if self._settled:
            members = list(self._settled)
            ids += [self._heading(_SETTLED, "Réglées récemment", members), *members]
        self.show_ids(ids)

    def _heading(self, key: str, text: str, members: Sequence[str]) -> str:
        state = GO if key == _SETTLED else CAUTION
        self._groups[_HEADING + key] = GroupCell(
            text, number_text(len(members)), state, folds=False
        )
        return _HEADING + key

    def place_at(self, at: int) -> Place | None:
        """Where the line at a place of the list leads; None for a heading."""
        if not 0 <= at < len(self.ids):
            return None
        named = self.ids[at]
        settled = self._settled.get(named)
        return settled.place if settled else self._places.get(named)

    def settled_at(self, at: int) -> Conflict | None:
        """What was settled, where the line says so."""
        return self._settled.get(self.ids[at]) if 0 <= at < len(self.ids) else None

    def is_group(self, at: int) -> bool:
        """Whether a line is the heading of a group; nothing is read for that."""
        return self.ids[at].startswith(_HEADING)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Headings are passed over."""
        if index.isValid() and self.is_group(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def _read_page(self, ids: Sequence[str]) -> Sequence[Shown]:
        wanted = [self._places[each] for each in ids if each in self._places]
        with self._session.store.reading() as read:
            found = conflicts.details(read, wanted, self._session.store.station)
        known: dict[str, Shown] = {each.id: each for each in found}
        known |= self._groups
        known |= self._settled
        return [known.get(each) for each in ids]

    def _line_of(self, shown: Shown) -> Line:
        if isinstance(shown, GroupCell):
            return (shown,)
        if shown is None:
            return (Cell("Réglée entre-temps", quiet=True, icon="circle-check"),)
        title = " ".join((shown.name).split())
        if shown.settled:
            kept = next((each.text for each in shown.values if each.standing), "")
            second = f"{shown.label}\u202f: {' '.join(kept.split()) or '(vide)'}"
            return (Cell(title, second=second, icon="circle-check", quiet=True),)
        label = "Supprimée et modifiée" if shown.kind == "deletion" else shown.label
        return (Cell(title, second=label, icon=icon_of(shown.register)),)


class ConflictList(CellTable):
    """The view: ↑ and ↓ go from one to the next, headings are passed over."""

    chosen = Signal()
    """Another line is the current one."""

    def __init__(self, session: Session) -> None:
        """Nothing to settle yet."""
        self.rows = ConflictRows(session)
        super().__init__(
            "Valeurs à départager", ("À départager",), (0,), "row_two_lines", self.rows
        )
        self.rows.setParent(self)
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit())

    def show_places(self, places: Sequence[Place], settled: Sequence[Conflict]) -> None:
        """Show these; the line that was current stays so, or the one that took its place."""
        at = max(self.currentIndex().row(), 0)
        held = self.rows.ids[at] if at < len(self.rows.ids) else ""
        was_settled = self.rows.settled_at(at) is not None
        self.rows.show_places(places, settled)
        stays = held in self.rows.ids and (self.rows.settled_at(self._at(held)) is None) != (
            was_settled
        )
        self.go_to(self._at(held) if stays else at)

    def _at(self, named: str) -> int:
        return list(self.rows.ids).index(named)

    def go_to(self, at: int) -> None:
        """Make a line the current one; for a heading or past the end, the nearest other one."""
        count = self.rows.rowCount()
        ways = [*range(min(at, count), count), *range(min(at, count) - 1, -1, -1)]
        open_first = sorted(ways, key=lambda each: self.rows.settled_at(each) is not None)
        found = next((each for each in open_first if not self.rows.is_group(each)), -1)
        if found >= 0:
            self.selectRow(found)
            self.scrollTo(self.rows.index(found, 0))
        else:
            self.chosen.emit()

    def go_to_record(self, record_id: str) -> bool:
        """Make the first line of a record the current one; returns whether there is one."""
        for at in range(self.rows.rowCount()):
            place = self.rows.place_at(at)
            if place is not None and place.record == record_id:
                self.selectRow(at)
                self.scrollTo(self.rows.index(at, 0))
                return True
        return False

    def step(self) -> None:
        """Leave the current one for later."""
        at = self.currentIndex().row()
        for below in range(at + 1, self.rows.rowCount()):
            if not self.rows.is_group(below):
                self.selectRow(below)
                return

    def counted(self, places: int) -> str:
        """« 4 valeurs à départager »."""
        return words.count(places, "valeur à départager", "valeurs à départager")
