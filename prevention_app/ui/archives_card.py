"""Archives in the settings: names erased, lists of what is eliminated and their visa, holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from prevention_app.catalogue.description import Field, Kind
from prevention_app.catalogue.values import Unreadable, parse
from prevention_app.services import archives
from prevention_app.ui import archive_work, file_choice, style, theme, words
from prevention_app.ui.archive_work import DUE, HOLD, LIST, Foreseen, Row
from prevention_app.ui.banner import Banner
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import Step, row_of
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.work_process import Work

_ABOUT: Final = (
    "Les noms et les textes libres s’effacent par décision, avec un motif. Les fiches ne "
    "s’éliminent qu’après le visa des Archives départementales sur un bordereau. Un gel empêche "
    "les deux. Ce qui est effacé l’est sur tous les ordinateurs, et ne revient pas."
)
_ROWS: Final = 5
_HEADING: Final = 32
_VISA_DAY: Final = Field("visa_on", "Date du visa", "Visa of", Kind.DATE)


class ArchivesCard(QFrame):
    """A card of the settings page, for advisers and administrators of the whole department."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is asked for."""
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._start_work = start_work
        self._agreed: Callable[[], None] | None = None
        self.rows: Sequence[Row] = ()
        self.references = _line("Fiches ou registres", "45-RSST-K7Q-12, 45-ACCI-K7Q-3…")
        self.reason = _line("Motif", "Motif de la décision")
        self.attachments = QCheckBox("Et leurs pièces jointes")
        self.erase_button = button("Effacer les noms…", "trash-2")
        self.hold_button = button("Geler")
        self.read_button = button("Voir ce qui est échu")
        self.prepare_button = button("Préparer un bordereau…")
        self.number = _line("N° du visa", "N° du visa")
        self.day = _line("Date du visa", "Date du visa")
        self.visa_button = button("Noter le visa")
        self.execute_button = button("Éliminer…", "trash-2")
        self.release_button = button("Lever le gel")
        self.banner = Banner()
        self.step = Step()
        self.table = CellTable(
            "Durées, bordereaux et gels",
            ("Registre ou bordereau", "Fiches", "Où cela en est"),
            (0, 70, 260),
            "row_dense",
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head, about = QLabel("Archives et effacement"), QLabel(_ABOUT)
        style.mark(head, "look", "section")
        style.mark(about, "look", "secondary")
        about.setWordWrap(True)
        self.table.setFixedHeight(_ROWS * theme.height("row_dense") + theme.scaled(_HEADING))
        fields, visa = QHBoxLayout(), QHBoxLayout()
        fields.addWidget(self.references, 3)
        fields.addWidget(self.reason, 2)
        for each in (self.number, self.day, self.visa_button, self.execute_button):
            visa.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        column.addWidget(head)
        column.addWidget(about)
        column.addLayout(fields)
        column.addWidget(self.attachments)
        column.addLayout(row_of(self.erase_button, self.hold_button))
        column.addWidget(self.table)
        column.addLayout(row_of(self.read_button, self.prepare_button, self.release_button))
        column.addLayout(visa)
        column.addWidget(self.step)
        column.addWidget(self.banner)

    def _connect(self) -> None:
        self.erase_button.clicked.connect(self.erase)
        self.hold_button.clicked.connect(self.hold)
        self.read_button.clicked.connect(self.read)
        self.prepare_button.clicked.connect(self.choose_where)
        self.visa_button.clicked.connect(self.give_visa)
        self.execute_button.clicked.connect(self.execute)
        self.release_button.clicked.connect(self.release)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.step.agreed.connect(self._on_agreed)
        self._on_current()

    def show_for_who_decides(self) -> None:
        """Be there only for advisers and administrators of the whole department."""
        self.setVisible(archives.decides(self._session.store))

    # -- showing ---------------------------------------------------------------------------

    def read(self) -> None:
        """Read what is due, the lists and the holds."""
        self._work("Durées de conservation", archive_work.read, then=self.show_rows, writes=False)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show them."""
        self.rows = rows
        self.table.show_lines(
            [[Cell(each.what), Cell(each.count, right=True), Cell(each.state)] for each in rows]
        )
        if rows:
            self.table.selectRow(0)
        else:
            self.banner.inform("Rien n’est échu, aucun bordereau ni gel en cours.")
        self._on_current()

    def _on_current(self) -> None:
        kind = row.kind if (row := self._current()) else ""
        self.prepare_button.setEnabled(kind == DUE)
        self.release_button.setEnabled(kind == HOLD)
        for each in (self.number, self.day, self.visa_button, self.execute_button):
            each.setEnabled(kind == LIST)

    def _current(self) -> Row | None:
        at = self.table.currentIndex().row()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    # -- names -----------------------------------------------------------------------------

    def _named(self) -> tuple[str, ...]:
        return tuple(self.references.text().replace(",", " ").replace(";", " ").split())

    def erase(self) -> None:
        """Say what would be lost, and ask."""
        chosen = (self._named(), self.reason.text().strip(), self.attachments.isChecked())
        if not (chosen[0] and chosen[1]):
            self.banner.complain("Nommez les fiches par leur numéro, et donnez le motif.")
            return
        act = partial(
            self._work,
            "Effacement des noms",
            archive_work.erase_names,
            *chosen,
            then=self._on_erased,
        )
        self._work(
            "Recherche",
            archive_work.foresee_names,
            chosen[0],
            chosen[2],
            then=partial(self._ask, act, "Effacer pour toujours"),
            writes=False,
        )

    def _on_erased(self, rows: Sequence[Row]) -> None:
        self.references.clear()
        self.show_rows(rows)
        self.banner.inform("Les noms et les textes sont effacés.")

    def hold(self) -> None:
        """Let nothing be erased of what is named."""
        if not (self._named() and self.reason.text().strip()):
            self.banner.complain("Nommez la fiche ou le registre à geler, et donnez le motif.")
            return
        self._work("Gel", archive_work.hold, self._named(), self.reason.text(), then=self.show_rows)

    def release(self) -> None:
        """End the hold that is selected."""
        if row := self._current():
            self._work("Levée du gel", archive_work.release, row.key, then=self.show_rows)

    # -- lists -----------------------------------------------------------------------------

    def choose_where(self) -> None:
        """Ask where the list goes, then prepare it."""
        file_choice.choose_folder(self, "Où écrire le bordereau", self.prepare_into)

    def prepare_into(self, folder: Path) -> None:
        """Prepare the list of what is selected."""
        if row := self._current():
            self._work("Bordereau", archive_work.prepare, row, folder, then=self._on_prepared)

    def _on_prepared(self, made: tuple[str, Sequence[Row]]) -> None:
        self.show_rows(made[1])
        self.banner.inform(
            f"«\u00a0{made[0]}\u00a0» est écrit. Transmettez-le aux Archives départementales, "
            "puis notez leur visa."
        )

    def give_visa(self) -> None:
        """Note the visa of the list that is selected."""
        try:
            day = parse(_VISA_DAY, self.day.text())
        except Unreadable as error:
            self.banner.complain(words.sentence(str(error)))
            return
        row = self._current()
        if row is not None and isinstance(day, date):
            self._work(
                "Visa",
                archive_work.give_visa,
                row.key,
                self.number.text(),
                day,
                then=self.show_rows,
            )
        else:
            self.banner.complain("La date du visa est à remplir.")

    def execute(self) -> None:
        """Say what would be lost, and ask."""
        if row := self._current():
            act = partial(
                self._work, "Élimination", archive_work.execute, row.key, then=self._on_executed
            )
            self._work(
                "Recherche",
                archive_work.foresee_execution,
                row.key,
                then=partial(self._ask, act, "Éliminer pour toujours"),
                writes=False,
            )

    def _on_executed(self, rows: Sequence[Row]) -> None:
        self.show_rows(rows)
        self.banner.inform("Les fiches du bordereau sont éliminées.")

    # -- doing -----------------------------------------------------------------------------

    def _ask(self, act: Callable[[], None], words_of_it: str, foreseen: Foreseen) -> None:
        self._agreed = act
        self.step.ask(foreseen.text, words_of_it, foreseen.detail)
        self.step.drop_button.setFocus()  # what cannot be undone is not one keystroke away

    def _on_agreed(self) -> None:
        if self._agreed is not None:
            self._agreed()
            self._agreed = None

    def _work(
        self,
        name: str,
        act: Work,
        *arguments: Any,
        then: Callable[[Any], None],
        writes: bool = True,
    ) -> None:
        """Do something beside the window, one thing at a time."""
        self.banner.clear()
        self.step.hide()
        self.setEnabled(False)
        operation = self._start_work(name, act, self._session.folder, *arguments, writes=writes)
        operation.finished.connect(then)
        operation.failed.connect(lambda text: self.banner.complain(words.sentence(str(text))))
        operation.ended.connect(lambda: self.setEnabled(True))


def _line(name: str, shown: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(shown)
    return made
