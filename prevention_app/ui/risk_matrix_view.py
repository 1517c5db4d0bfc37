"""The matrix of the branch chosen, and beside it the risks of the cells chosen in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from prevention_app.domain.ratings import RatingMethod
from prevention_app.i18n import number_text
from prevention_app.services import risk_matrix
from prevention_app.services.risk_index import PlacedRisk
from prevention_app.services.risk_matrix import Axes, Matrix
from prevention_app.ui import style, words
from prevention_app.ui.level_counts import LevelCounts
from prevention_app.ui.page import button
from prevention_app.ui.rating_chip import RatingLabel, RatingMark, number_of
from prevention_app.ui.risk_matrix_grid import MatrixGrid, cell_name
from prevention_app.ui.risk_table import RESIDUAL, SITUATION, RiskTable
from prevention_app.ui.session import Session

_BESIDE: Final = 560
"""Under this width the risks of a cell stand below the matrix."""
_NO_CELL: Final = "Choisissez une cellule."


class RiskMatrixView(QWidget):
    """Where the risks are by their two criteria, and how many of them are kept under control."""

    table_asked = Signal(list)
    """The codes of the cells whose risks are to be shown in the table."""
    opened = Signal(str)
    """The id of a risk that is to be opened."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """No matrix yet."""
        super().__init__(parent)
        self._risks: Sequence[PlacedRisk] = ()
        self._offered: Sequence[Axes] = ()
        self._known: Mapping[str, RatingMethod] = {}
        self.matrix: Matrix | None = None
        self.grid = MatrixGrid()
        self.levels = LevelCounts("Risques par niveau de la cellule")
        self.method = QComboBox()
        self.method.setAccessibleName("Méthode de la matrice")
        self.note = QLabel()
        self.note.setWordWrap(True)
        style.mark(self.note, "look", "secondary")
        self.table = RiskTable(session, self)
        self.table.setAccessibleName("Risques de la cellule")
        for column in range(self.table.risks.columnCount()):
            self.table.setColumnHidden(column, column not in (SITUATION, RESIDUAL))
        self.title = QLabel(_NO_CELL)
        style.mark(self.title, "look", "pane_title")
        self.which = QLabel()
        self.which.setWordWrap(True)
        style.mark(self.which, "look", "secondary")
        self.chip = RatingLabel()
        self.left = LevelCounts("Niveaux résiduels des risques de la cellule")
        self.table_button = button("Ouvrir dans le tableau", "table")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._make_matrix())
        self._splitter.addWidget(self._make_risks())
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)

    def _make_matrix(self) -> QWidget:
        made = QWidget()
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.levels, 1)
        head.addWidget(self.method)
        column = QVBoxLayout(made)
        column.setContentsMargins(16, 2, 10, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        column.addWidget(self.note)
        self.method.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return made

    def _make_risks(self) -> QWidget:
        made = QWidget()
        made.setObjectName("detail")
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        made.setMinimumWidth(210)
        mark = QHBoxLayout()
        mark.setSpacing(8)
        mark.addWidget(self.chip)
        mark.addWidget(self.which, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.addWidget(self.table_button)
        foot.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(14, 8, 12, 6)
        head.setSpacing(5)
        head.addWidget(self.title)
        head.addLayout(mark)
        head.addWidget(self.left)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        return made

    def _connect(self) -> None:
        self.grid.chosen.connect(self._show_risks)
        self.grid.entered.connect(self.enter)
        self.method.activated.connect(lambda _: self._show())
        self.table.opened.connect(self.opened)
        self.table_button.clicked.connect(
            lambda: self.table_asked.emit([each.place.code for each in self.grid.cells])
        )

    # -- what it shows ---------------------------------------------------------------------

    def offer(self, offered: Sequence[Axes], known: Mapping[str, RatingMethod]) -> None:
        """Choose among these matrices, the first of which is usual."""
        held = self.method.currentData()
        self._offered, self._known = offered, known
        self.method.clear()
        for each in offered:
            self.method.addItem(each.method.name_fr, each.method.code)
        self.method.setCurrentIndex(max(self.method.findData(held), 0))
        self.method.setVisible(len(offered) > 1)

    @property
    def axes(self) -> Axes | None:
        """The axes of the matrix shown."""
        at = self.method.currentIndex()
        return self._offered[at] if 0 <= at < len(self._offered) else None

    def show_risks(self, risks: Sequence[PlacedRisk]) -> None:
        """Count these risks; they stand in their cells in the order given."""
        self._risks = risks
        self._show()

    def _show(self) -> None:
        axes = self.axes
        if axes is None:
            return
        self.matrix = risk_matrix.matrix(self._risks, axes, self._known)
        self.grid.show_matrix(self.matrix)
        names = {each.rank: each.label_fr for each in axes.method.levels}
        self.levels.show_counts(self.matrix.levels(), names)
        self.note.setText(_note(self.matrix))
        self._show_risks()

    def _show_risks(self) -> None:
        """List the risks of the cells chosen, the worst residual first."""
        axes, cells = self.axes, self.grid.cells
        if axes is None or self.matrix is None:
            return
        found = risk_matrix.in_cells(self._risks, [axes], [each.place for each in cells])
        found.sort(key=_worst_first)
        self.table.show_risks(found, found[0] if found else None)
        self.title.setText(words.count(len(found), "risque"))
        one = cells[0] if len(cells) == 1 else None
        self.chip.setVisible(one is not None)
        if one is not None:
            mark = RatingMark(
                one.level.rank,
                one.level.label_fr,
                number_of(one.value),
                filled=not axes.gross,
                wide=True,
            )
            self.chip.show_mark(mark)
            self.which.setText(cell_name(one))
        else:
            self.which.setText(", ".join(axes.short_name(each.place) for each in cells))
        ranks: dict[int, int] = {}
        for cell in cells:
            for rank, number in cell.ranks.items():
                ranks[rank] = ranks.get(rank, 0) + number
        names = {each.rank: each.label_fr for each in reversed(axes.method.levels)}
        self.left.show_counts(ranks, names, marks_only=True, after="en résiduel")
        self.left.setVisible(axes.gross and bool(found))
        self.table_button.setEnabled(bool(found))

    # -- hands on it -----------------------------------------------------------------------

    def choose(self, codes: Sequence[str]) -> None:
        """Choose cells by their codes."""
        self.grid.choose(filter(None, map(risk_matrix.place_from, codes)))

    def enter(self) -> None:
        """Go on into the risks of the cells chosen."""
        if self.table.risks.risks:
            self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The risks of a cell stand below the matrix where there is no room beside it."""
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE
        side = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self._splitter.orientation() != side:
            self._splitter.setOrientation(side)
        whole = self.width() if beside else self.height()
        least = min(max(self.grid.sizeHint().width() + 26, whole // 2), whole * 2 // 3)
        self._splitter.setSizes([least, whole - least])


def _worst_first(risk: PlacedRisk) -> tuple[int, float]:
    found = risk.standing.assessment
    value = float(found.residual) if found is not None and found.residual is not None else 0.0
    return -risk.standing.rank, -value


def _note(matrix: Matrix) -> str:
    """What the cells are made of, and what stands in none of them."""
    axes = matrix.axes
    made = (
        "Cellule\u00a0: niveau brut" if axes.gross else "Cellule\u00a0: avec les mesures en place"
    )
    formula = f"{axes.rows.label_fr.lower()} × {axes.columns.label_fr.lower()}"
    parts = [f"{made}, {formula}"]
    if axes.gross:
        parts.append("barre\u00a0: niveaux résiduels")
    for name, number in matrix.rated_otherwise.items():
        rated = words.count(number, "risque coté", "risques cotés")
        parts.append(f"{rated} par «\u00a0{name}\u00a0»")
    if matrix.to_evaluate:
        parts.append(f"{number_text(matrix.to_evaluate)} à évaluer")
    if matrix.off_scale:
        parts.append(f"{number_text(matrix.off_scale)} hors échelle")
    return words.sentence(" · ".join(parts))
