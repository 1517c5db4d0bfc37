"""« Chiffres des départements »: what each one published, side by side, in no ranking (P11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from prevention_app.catalogue.figures import Indicator
from prevention_app.domain.published_figures import Figure
from prevention_app.services import figures_publication, outflows
from prevention_app.services.figures_publication import Published
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, explanation
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

TOGETHER: Final = "together"
_ABOUT: Final = (
    "Chaque département publie ses chiffres lui-même, à la date qu’il choisit. Ils ne se "
    "classent pas\u00a0: les organisations et les compétences diffèrent."
)
_UNPUBLISHED: Final = "non publié"


class ReceivedPane(CirclePane):
    """The departments side by side, or all that one of them published."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._published: Sequence[Published] = ()
        self._table: CellTable | None = None
        self.whose = Segments("Département")
        home = session.store.department
        self._departments = (home, *outflows.others(home))
        names = [(each, session.department_name(each)) for each in self._departments]
        self.whose.offer([(TOGETHER, "Côte à côte"), *names])
        self._place = QVBoxLayout()
        self.column.addWidget(explanation(_ABOUT))
        self.column.addWidget(self.whose, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.banner)
        self.column.addLayout(self._place, 1)
        self.whose.chosen.connect(lambda _: self._show())

    @property
    def table(self) -> CellTable:
        """The table, once the pane was read."""
        assert self._table is not None  # noqa: S101  (made when the pane is read)
        return self._table

    def main(self) -> QWidget:
        """The table has the focus."""
        return self.table

    def show_now(self) -> None:
        """What is published now."""
        self._published = figures_publication.published(self.session.store)
        self._show()

    def _show(self) -> None:
        together = self.whose.value == TOGETHER
        if together:
            self._new_table(
                ("Indicateur", *map(self._head, self._departments)),
                (0, *(190 for _ in self._departments)),
            )
            self.table.show_lines(self._side_by_side())
        else:
            self._new_table(
                ("Indicateur", "Direction", "Arrêté au", "Chiffre", "Sur"), (0, 300, 110, 100, 110)
            )
            self.table.show_lines(
                [_line(each) for each in self._published if each.department == self.whose.value]
            )
        self.banner.clear()
        if not self._published:
            self.banner.inform("Aucun département n’a encore publié de chiffres.")

    def _new_table(self, headings: Sequence[str], widths: Sequence[int]) -> None:
        if self._table is not None:
            self._place.removeWidget(self._table)
            self._table.deleteLater()
        self._table = CellTable("Chiffres des départements", headings, widths, "row_two_lines")
        self._place.addWidget(self._table)

    def _latest(self, department: str) -> list[Published]:
        """What a department published for its latest closing date, as a whole."""
        found = [each for each in self._published if each.department == department]
        return [
            each for each in found if each.as_of == found[0].as_of and not each.figure.direction
        ]

    def _head(self, department: str) -> str:
        name, found = self.session.department_name(department), self._latest(department)
        return f"{name}, au {found[0].as_of:%d/%m/%Y}" if found else name

    def _side_by_side(self) -> list[Line]:
        told: list[dict[Indicator, Figure]] = [
            {one.figure.indicator: one.figure for one in self._latest(each)}
            for each in self._departments
        ]
        return [
            [Cell(each.label_fr, wrapped=True), *(_cell(figures.get(each)) for figures in told)]
            for each in Indicator
            if any(each in figures for figures in told)
        ]


def _cell(figure: Figure | None) -> Cell:
    if figure is None:
        return Cell(_UNPUBLISHED, right=True, quiet=True)
    whole = f"sur {figure.whole_text}" if figure.whole_text else ""
    return Cell(figure.count_text, second=whole, right=True)


def _line(each: Published) -> Line:
    figure = each.figure
    return [
        Cell(figure.indicator.label_fr, wrapped=True),
        Cell(figure.direction or "Tout le département", quiet=not figure.direction),
        Cell(f"{each.as_of:%d/%m/%Y}", quiet=True),
        Cell(figure.count_text, right=True),
        Cell(figure.whole_text, right=True, quiet=True),
    ]
