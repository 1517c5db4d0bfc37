"""How the residual levels of a branch changed over the years and the versions: chart and table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import number_text
from prevention_app.services.methods import method
from prevention_app.services.risk_index import UNRATED
from prevention_app.services.risk_trend import Count
from prevention_app.ui import style, theme, words
from prevention_app.ui.charts import LevelBars
from prevention_app.ui.report_figures import Bar

_WAITING: Final = "Lecture de l’historique des cotations…"


class RiskTrendView(QScrollArea):
    """A bar for each moment, the same figures in a table, and a sentence on what changed."""

    def __init__(self, parent: QWidget) -> None:
        """No figures yet."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.counts: Sequence[Count] = ()
        self.sentence = QLabel(_WAITING)
        self.sentence.setWordWrap(True)
        self.bars = LevelBars("Risques par niveau résiduel")
        self.table = QTableWidget()
        self.table.setAccessibleName("Risques par niveau résiduel, à chaque date")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.note = QLabel(
            "La cotation qui comptait à chaque date\u00a0; une cotation sans date compte à partir "
            "de sa saisie. Chaque risque est compté là où il est aujourd’hui."
        )
        self.note.setWordWrap(True)
        style.mark(self.note, "look", "secondary")
        inner = QWidget()
        inner.setObjectName("page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 6, 16, 12)
        column.setSpacing(12)
        for each in (self.sentence, self.bars, self.table, self.note):
            column.addWidget(each)
        column.addStretch(1)
        self.setWidget(inner)
        self.bars.opened.connect(self.table.setFocus)

    def show_waiting(self) -> None:
        """Say that it is being read."""
        self.sentence.setText(_WAITING)

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show the risks at each moment."""
        self.counts = counts
        levels = method().levels
        self.bars.show_bars(
            [
                Bar(each.moment.name, tuple(each.ranks.get(level.rank, 0) for level in levels))
                for each in counts
            ],
            [each.label_fr for each in levels],
        )
        self.sentence.setText(words.sentence(told(counts)))
        self._fill(counts)

    def _fill(self, counts: Sequence[Count]) -> None:
        levels = method().levels
        headings = ["Date", *(each.label_fr for each in levels), "Non coté", "Total"]
        ranks = [*(each.rank for each in levels), UNRATED]
        self.table.setColumnCount(len(headings))
        self.table.setHorizontalHeaderLabels(headings)
        self.table.setRowCount(len(counts))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, each in enumerate(counts):
            numbers = [*(each.ranks.get(rank, 0) for rank in ranks), each.total]
            self.table.setItem(row, 0, QTableWidgetItem(_named(each)))
            for column, number in enumerate(numbers, 1):
                item = QTableWidgetItem(number_text(number))
                item.setTextAlignment(right)
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader()
        for column in range(len(headings)):
            header.setSectionResizeMode(
                column,
                QHeaderView.ResizeMode.Stretch
                if column
                else QHeaderView.ResizeMode.ResizeToContents,
            )
            item = self.table.horizontalHeaderItem(column)
            if column and item is not None:
                item.setTextAlignment(right)
        row = theme.height("row_dense")
        self.table.verticalHeader().setDefaultSectionSize(row)
        self.table.setFixedHeight(header.sizeHint().height() + len(counts) * row + 6)


def _named(count: Count) -> str:
    """« Fin 2024 », or the name of a version with its day."""
    moment = count.moment
    if moment.name.startswith("Fin ") or moment.name.startswith("Aujourd"):
        return moment.name
    return f"{moment.name} ({moment.day:%d/%m/%Y})"


def told(counts: Sequence[Count]) -> str:
    """What changed between the first moment and the last one, in a sentence."""
    if not any(each.total for each in counts):
        return "Aucun risque ici\u00a0: il n’y a pas encore d’évolution à montrer."
    if len(counts) < 2:
        return (
            "Toutes les cotations datent de cette année\u00a0: "
            "l’évolution se lira d’année en année."
        )
    first, last = counts[0], counts[-1]
    high = [each for each in method().levels if each.rank >= method().levels[-2].rank]
    before, now = (sum(one.ranks.get(each.rank, 0) for each in high) for one in (first, last))
    name = " ou ".join(each.label_fr.lower() for each in high)
    since = first.moment.name
    since = since[:1].lower() + since[1:] if since.startswith("Fin") else since
    much = words.count(now, "risque")
    return (
        f"Aujourd’hui, {much} de niveau {name} sur {number_text(last.total)}\u00a0; "
        f"{number_text(before)} sur {number_text(first.total)} ({since})."
    )
