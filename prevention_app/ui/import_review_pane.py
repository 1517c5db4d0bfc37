"""Columns, questions and lines of the file under review, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from prevention_app.exchange.understood import ColumnMatch
from prevention_app.ui import settings
from prevention_app.ui.import_card import ImportCard
from prevention_app.ui.import_columns import ImportColumns
from prevention_app.ui.import_lines_pane import ImportLines
from prevention_app.ui.import_questions import ImportQuestions

_DOWN: Final = "import/down"
_ACROSS: Final = "import/across"


class ImportReview(QWidget):
    """What was understood above, what it changes below."""

    def __init__(self) -> None:
        """Nothing read yet."""
        super().__init__()
        self.card = ImportCard()
        self.columns = ImportColumns()
        self.questions = ImportQuestions()
        self.lines = ImportLines()
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.addWidget(self.columns)
        self._across.addWidget(self.questions)
        self._across.setSizes([760, 300])
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._down.addWidget(self._across)
        self._down.addWidget(self.lines)
        for at, stretch in enumerate((2, 3)):
            self._down.setStretchFactor(at, stretch)
        for each, key, gap in ((self._across, _ACROSS, 10), (self._down, _DOWN, 8)):
            each.setChildrenCollapsible(False)
            each.setHandleWidth(gap)
            each.setProperty("look", "gap")
            kept = settings.remembered(key)
            if isinstance(kept, QByteArray):
                each.restoreState(kept)
            each.splitterMoved.connect(
                lambda _at, _index, each=each, key=key: settings.remember(key, each.saveState())
            )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 10, 20, 8)
        column.setSpacing(10)
        column.addWidget(self.card)
        column.addWidget(self._down, 1)

    def show_lines(self, *, shown: bool) -> None:
        """Show the lines under the columns, or the columns alone."""
        self.lines.setVisible(shown)

    def show_columns(
        self,
        columns: Sequence[ColumnMatch],
        fields: Mapping[str, str],
        held: Sequence[str | None],
        *,
        model: str,
    ) -> None:
        """Show the columns of a table; where there are none, the questions take the room."""
        self.columns.setVisible(bool(columns))
        self.columns.table.show_columns(columns, fields, held)
        if model:
            self.columns.show_model(model)
