"""« Métiers et effectifs »: each job with the units that have it, women and men."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Value
from prevention_app.errors import PreventionError
from prevention_app.i18n import number_text
from prevention_app.services import unit_jobs
from prevention_app.services.unit_jobs import Headcount, JobLine
from prevention_app.storage.work import CheckFailed
from prevention_app.ui import style, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.short_form import ShortForm
from prevention_app.ui.states import NONE

_FIELDS: Final = ("work_unit", "job", "women", "men")


class JobsPane(QWidget):
    """One table for the three departments; a form beside it counts a job in a unit."""

    export_asked = Signal()
    open_asked = Signal(str, str)

    def __init__(self, session: Session) -> None:
        """Nothing is read before `read`."""
        super().__init__()
        self._session = session
        self._rows: list[Headcount | JobLine] = []
        self.table = CellTable(
            "Métiers, unités et effectifs",
            ("Département", "Direction", "Unité de travail", "Femmes", "Hommes", "Total"),
            (150, 220, 0, 80, 80, 80),
            "row_dense",
        )
        self.add_button = button("Compter un métier dans une unité…", "plus", "primary")
        self.remove_button = button("Retirer de l’unité", "x")
        self.export_button = button("Exporter la feuille…", "download")
        self._about = QLabel()
        style.mark(self._about, "look", "secondary")
        entity = session.store.catalogue["unit_job"]
        self.form = ShortForm(session, entity, _FIELDS, "Enregistrer l’effectif", self)
        self._lay_out()
        self.add_button.clicked.connect(self.ask)
        self.remove_button.clicked.connect(self.remove)
        self.export_button.clicked.connect(self.export_asked)
        self.table.opened.connect(lambda _: self.ask())
        self.table.selectionModel().selectionChanged.connect(self._let)
        self.form.given.connect(self._write)
        self.form.closed.connect(self._close)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.add_button, self.remove_button, self.export_button):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self._about)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.form.setObjectName("detail")
        self.form.setMinimumWidth(300)
        self.form.hide()
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(listed)
        splitter.addWidget(self.form)
        splitter.setStretchFactor(0, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)

    def read(self) -> None:
        """List the jobs, those that some unit has first."""
        session = self._session
        owners = session.owners(session.store.catalogue["unit_job"])
        with session.store.reading() as read:
            found = unit_jobs.job_lines(read, owners)
        found.sort(key=lambda each: not each.units)
        lines: list[Line] = []
        self._rows = []
        for each in found:
            lines.append([GroupCell(each.job.name, _about(each), NONE, folds=False)])
            self._rows.append(each)
            for one in each.units:
                lines.append(
                    [
                        Cell(session.department_name(one.department)),
                        Cell(one.direction, quiet=True),
                        Cell(one.unit),
                        *(_figure(number) for number in (one.women, one.men, one.total)),
                    ]
                )
                self._rows.append(one)
        self.table.show_lines(lines)
        self._about.setText(words.count(len(found), "métier"))
        self._let()

    def _current(self) -> Headcount | None:
        at = self.table.currentIndex().row()
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        return row if isinstance(row, Headcount) else None

    def _let(self) -> None:
        entity = self._session.store.catalogue["unit_job"]
        may = self._session.may_write(entity)
        self.add_button.setEnabled(may)
        self.remove_button.setEnabled(may and self._current() is not None)

    # -- doing -----------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask how many do a job in a unit; starts from the line under the cursor."""
        held = self._current()
        values: Mapping[str, Value] = (
            {}
            if held is None
            else {
                "work_unit": held.unit_id,
                "job": held.job_id,
                "women": held.women,
                "men": held.men,
            }
        )
        self.form.show()
        self.form.ask("Effectif d’un métier", "Femmes et hommes dans une unité.", values, {})

    def _write(self, values: dict[str, Value]) -> None:
        unit, job = str(values.get("work_unit") or ""), str(values.get("job") or "")
        women, men = _number(values.get("women")), _number(values.get("men"))

        def write() -> None:
            done = unit_jobs.count(self._session.store, unit, job, women=women, men=men)
            self.form.forget()
            self._close()
            self._session.tell(done)
            self._session.say("Effectif enregistré. Annuler (Ctrl Z)")

        try:
            self._session.in_turn(f"headcount {id(self)}", write, "", self._complain)
        except PreventionError as error:
            self._complain(error)

    def _complain(self, error: PreventionError) -> None:
        if isinstance(error, CheckFailed):
            self.form.complain(error)
        else:
            self._session.say(str(error), "bad")

    def remove(self) -> None:
        """Say that a unit does not have the job under the cursor."""
        held = self._current()
        if held is not None:
            self._session.write_or_tell(lambda: self._remove(held))

    def _remove(self, held: Headcount) -> None:
        self._session.tell(unit_jobs.forget(self._session.store, held.unit_id, held.job_id))
        self._session.say("Métier retiré de cette unité. Annuler (Ctrl Z)")

    def _close(self) -> None:
        self.form.hide()
        self.table.setFocus()


def _about(line: JobLine) -> str:
    """How many units have a job, and how many typical risks."""
    units = words.count(len(line.units), "unité") if line.units else ""
    risks = words.count(line.risks, "risque type", "risques types") if line.risks else ""
    return " · ".join(filter(None, (units, risks)))


def _figure(number: int | None) -> Cell:
    return Cell("" if number is None else number_text(number), right=True)


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None
