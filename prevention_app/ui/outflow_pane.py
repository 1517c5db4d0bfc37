"""« Communication »: what the other departments are told of each register, chosen row by row."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.services import circle, outflows
from prevention_app.services.outflows import Decision
from prevention_app.ui import outflow_work, style, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, explanation
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

_ABOUT: Final = (
    "Le département décide, registre par registre, de ce que les autres reçoivent. "
    "«\u00a0Les chiffres\u00a0»\u00a0: des nombres sans fiche ni nom, publiés pour tous. "
    "«\u00a0Tout\u00a0»\u00a0: les fiches, les noms selon les droits de chacun. Elles partent au "
    "prochain échange\u00a0; ce qui est déjà parti reste là où il est."
)
_COLOURS: Final = {OutflowExtent.EVERYTHING: "warn", OutflowExtent.FIGURES: "info"}
_WIDTH: Final = 190


class OutflowPane(CirclePane):
    """A row for each register, a column for each other department; below, the choices."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._decisions: list[Decision] = []
        self._others: tuple[str, ...] = ()
        self._table: CellTable | None = None
        self.choices = (Segments("Premier département"), Segments("Second département"))
        self._names = (QLabel(), QLabel())
        self._said = QLabel()
        self._lay_out()
        for at, each in enumerate(self.choices):
            each.chosen.connect(lambda value, at=at: self._choose(at, value))

    def _lay_out(self) -> None:
        style.mark(self._said, "look", "section")
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(6)
        inside.addWidget(self._said)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for row, (name, choice) in enumerate(zip(self._names, self.choices, strict=True)):
            style.mark(name, "look", "label")
            grid.addWidget(name, row, 0)
            grid.addWidget(choice, row, 1)
        grid.setColumnStretch(2, 1)
        inside.addLayout(grid)
        self._place = QVBoxLayout()
        self.column.addWidget(explanation(_ABOUT))
        self.column.addWidget(self.banner)
        self.column.addLayout(self._place, 1)
        self.column.addWidget(card)

    @property
    def table(self) -> CellTable:
        """The table, once a department was shown."""
        assert self._table is not None  # noqa: S101  (made when the pane is read)
        return self._table

    def forget(self) -> None:
        """The columns are those of the other departments."""
        self._others = outflows.others(self.department)
        names = [self.session.department_name(each) for each in self._others]
        if self._table is not None:
            self._place.removeWidget(self._table)
            self._table.deleteLater()
        self._table = CellTable(
            "Ce que reçoivent les autres départements",
            ("Registre", *names),
            (0, *(_WIDTH for _ in names)),
            "row_dense",
        )
        self._place.addWidget(self._table)
        self._table.selectionModel().currentRowChanged.connect(lambda *_: self._show_row())
        self._table.opened.connect(lambda _: self.choices[0].take_focus())
        for label, choice, name in zip(self._names, self.choices, names, strict=True):
            label.setText(name)
            choice.setAccessibleName(f"Communiqué à {name}")

    def show_now(self) -> None:
        """What is decided now; the current row stays current."""
        at = max(self.table.currentIndex().row(), 0)
        self._decisions = outflows.decisions(self.session.store, self.department)
        self.table.show_lines(
            [
                [Cell(each.label), *(_cell(each.extent(to)) for to in self._others)]
                for each in self._decisions
            ]
        )
        self.table.selectRow(at)
        self._show_row()

    def main(self) -> QWidget:
        """The table has the focus: arrows walk through it, Entrée goes to the choices."""
        return self.table

    def let(self, *, enabled: bool) -> None:
        """One thing at a time, and only where the department is administered here."""
        free = enabled and circle.is_administrator(self.session.store, self.department)
        for each in self.choices:
            each.setEnabled(free)

    def _current(self) -> Decision | None:
        at = self.table.currentIndex().row()
        return self._decisions[at] if 0 <= at < len(self._decisions) else None

    def _show_row(self) -> None:
        decision = self._current()
        if decision is None:
            return
        self._said.setText(decision.label)
        offered = [
            (each.value, each.label_fr)
            for each in OutflowExtent
            if decision.counted or each is not OutflowExtent.FIGURES
        ]
        for to, choice in zip(self._others, self.choices, strict=True):
            choice.offer(offered)
            choice.show_value(decision.extent(to).value)
        self.let(enabled=not self.working)

    def _choose(self, at: int, value: str) -> None:
        decision, to = self._current(), self._others[at]
        if decision is not None and not self.working:
            self.work(
                f"Communication de «\u00a0{decision.label}\u00a0»",
                outflow_work.tell,
                decision.register,
                to,
                OutflowExtent(value),
                self.department,
                then=self._on_decided,
            )

    def _on_decided(self, decision: Decision) -> None:
        told = ", ".join(
            f"{self.session.department_name(to)}\u00a0: {decision.extent(to).label_fr.lower()}"
            for to in self._others
        )
        self.session.say(words.sentence(f"«\u00a0{decision.label}\u00a0» — {told}."))


def _cell(extent: OutflowExtent) -> Cell:
    return Cell(
        extent.label_fr,
        colours=_COLOURS.get(extent, ""),
        quiet=extent is OutflowExtent.NOTHING,
    )
