"""A table whose columns shrink, and leave, before anything would scroll sideways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from prevention_app.ui import theme
from prevention_app.ui.cell_table import CellModel, CellTable


@dataclass(frozen=True, slots=True)
class Fitted:
    """One column: how wide it is where there is room, and how wide at least."""

    heading: str
    wide: int = 0
    """0 for the one column that takes what is left."""
    least: int = 0
    leaves: int = 0
    """Which column leaves first where there is no room at all: 1 before 2; 0 never does."""


class FittingTable(CellTable):
    """Gives its columns their widths anew whenever its own changes."""

    def __init__(self, name: str, columns: Sequence[Fitted], cells: CellModel) -> None:
        """Rows of two lines under these headings."""
        headings = [each.heading for each in columns]
        super().__init__(name, headings, [each.wide for each in columns], "row_two_lines", cells)
        self._columns = columns
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns into the new width."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Let columns leave until the least widths fit, then share what is left over."""
        room = self.viewport().width()
        shown = list(self._columns)
        for each in sorted((one for one in shown if one.leaves), key=lambda one: one.leaves):
            if sum(theme.scaled(one.least) for one in shown) <= room:
                break
            shown.remove(each)
        least = sum(theme.scaled(one.least) for one in shown)
        wanted = sum(theme.scaled(max(one.wide, one.least)) for one in shown)
        share = min(max((room - least) / max(wanted - least, 1), 0.0), 1.0)
        for at, each in enumerate(self._columns):
            self.setColumnHidden(at, each not in shown)
            if each.wide and each in shown:
                width = each.least + (each.wide - each.least) * share
                self.setColumnWidth(at, theme.scaled(int(width)))
