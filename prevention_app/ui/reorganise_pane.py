"""« Réorganiser »: the operations of a plan gathered, foreseen with all they touch, applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field, Kind
from prevention_app.catalogue.values import Unreadable
from prevention_app.domain.reorganisation import Act, Operation
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services import reorganisation
from prevention_app.services.chart_comparison import LIKELY, SURE, Proposal
from prevention_app.services.reorganisation import Concerned, Line, Plan, Preview, Situation
from prevention_app.ui import file_choice, reorganise_work, style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.desktop import open_place
from prevention_app.ui.editors import DateEditor
from prevention_app.ui.operations import Operation as Running
from prevention_app.ui.page import button
from prevention_app.ui.reorganise_form import OperationForm
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

StartWork = Callable[..., Running]
_ON: Final = Field("on", "Avec effet au", "Effective on", Kind.DATE)
_HEADINGS: Final = (
    "",
    "Opération",
    "Unités",
    "Risques",
    "Actions",
    "Agents",
    "Titres",
    "Échéances",
)
_WIDTHS: Final = (34, 0, 62, 68, 68, 66, 58, 84)
_XLSX: Final = "Classeurs (*.xlsx *.xlsm *.ods);;Tous les fichiers (*)"
_FEW: Final = 4
_ROOM: Final = 900
"""Under this width only the units are counted beside an operation; the foot counts the rest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation that was proposed or added, and whether it is wanted."""

    operation: Operation
    wanted: bool = True
    confidence: float | None = None
    reason: str = ""


class ReorganisePane(QWidget):
    """The assistant: nothing is written before « Appliquer »."""

    closed = Signal()
    """It was given up, or its plan was applied."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read before `begin`."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._held: Situation | None = None
        self._reading: Running | None = None
        self.busy = False
        """Whether a file is read or something written: one thing at a time."""
        self.entries: list[Entry] = []
        self.department = ""
        self.preview: Preview | None = None
        self.title = QLabel()
        self.on = DateEditor(_ON)
        self.form = OperationForm()
        self.banner = Banner()
        self.table = CellTable("Opérations du plan", _HEADINGS, _WIDTHS, "row_two_lines")
        self.detail = QLabel()
        self.total = QLabel()
        self.remarks = QLabel()
        self._make_buttons()
        self._lay_out()
        self._connect()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.open_button = button("Ouvrir un plan…", "folder-open")
        self.compare_button = button("Comparer à un organigramme…", "columns-3")
        self.save_button = button("Enregistrer le plan…", "save")
        self.remove_button = button("Retirer", "trash-2")
        self.drop_button = button("Abandonner")
        self.apply_button = button("Appliquer", "check", "primary")

    def _lay_out(self) -> None:
        style.mark(self.title, "look", "section")
        for each in (self.detail, self.total, self.remarks):
            each.setWordWrap(True)
        style.mark(self.total, "look", "strong")
        style.mark(self.remarks, "look", "secondary")
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._left())
        splitter.addWidget(self._right())
        splitter.setSizes([300, 900])
        splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(10)
        column.addLayout(self._head())
        column.addWidget(self.banner)
        column.addWidget(splitter, 1)
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        label = QLabel(_ON.label_fr)
        style.mark(label, "look", "label")
        label.setBuddy(self.on)
        self.on.setFixedWidth(132)
        head.addSpacing(8)
        head.addWidget(label)
        head.addWidget(self.on)
        head.addStretch(1)
        for each in (self.open_button, self.compare_button):
            head.addWidget(each)
        return head

    def _left(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        area.setMinimumWidth(270)
        return area

    def _right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        column.addWidget(self.total)
        column.addWidget(self.remarks)
        return right

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.remove_button)
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        foot.addWidget(self.drop_button)
        foot.addWidget(self.apply_button)
        return foot

    def _connect(self) -> None:
        self.form.given.connect(self.add)
        self.on.changed.connect(self._show)
        self.table.clicked.connect(self._click)
        self.table.opened.connect(self._turn)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_detail())
        on_keys("Space", self.table, lambda: self._turn(self.table.currentIndex().row()))
        on_keys("Delete", self.table, self.remove)
        self.remove_button.clicked.connect(self.remove)
        self.open_button.clicked.connect(
            lambda: file_choice.choose_files(self, "Ouvrir un plan", self._open_first, _XLSX)
        )
        self.compare_button.clicked.connect(
            lambda: file_choice.choose_files(
                self, "Choisir l’organigramme", self._compare_first, _XLSX
            )
        )
        self.save_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où écrire le plan", self.save_into)
        )
        self.drop_button.clicked.connect(self.give_up)
        self.apply_button.clicked.connect(self.apply)

    # -- the organisation as it stands -------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the words of the operations have it."""
        super().resizeEvent(event)
        for at in range(3, len(_HEADINGS)):
            self.table.setColumnHidden(at, self.width() < _ROOM)

    def begin(self, department: str, unit: str = "") -> None:
        """Plan for a department; a plan that was begun for it goes on."""
        if department != self.department:
            self.entries = []
        self.department = department
        self.title.setText(f"Réorganiser{NO_BREAK}: {self.session.department_name(department)}")
        if not self.on.typed():
            self.on.show_value(self.session.store.today())
        self.banner.clear()
        self.read(then=lambda: self.form.propose(unit))

    def read(self, then: Callable[[], None] | None = None) -> None:
        """Read what is reorganised, beside the window."""
        if self._reading is not None:
            self._reading.end()
            self._reading.deleteLater()
        self.total.setText("Lecture de l’organisation…")
        self._let()
        reading = Running(
            "Lecture de l’organisation",
            reorganise_work.read,
            self.session.folder,
            self.department,
            parent=self,
        )
        reading.finished.connect(partial(self._hear, then))
        reading.failed.connect(self._complain)
        self._reading = reading

    def _hear(self, then: Callable[[], None] | None, held: Situation) -> None:
        self._held = held
        self._show()
        if then is not None:
            then()

    def _complain(self, text: str) -> None:
        first, *rest = words.sentence(text).splitlines()
        shown = "\n".join(rest[:_FEW])
        more = f"\net {len(rest) - _FEW} autres" if len(rest) > _FEW else ""
        self.banner.complain(first, shown + more)

    # -- the plan ----------------------------------------------------------------------------

    def add(self, operations: Sequence[Operation]) -> None:
        """Add operations to the plan."""
        self.entries += [Entry(each) for each in operations]
        self._show()
        self.table.selectRow(len(self.entries) - 1)

    def remove(self) -> None:
        """Take the current operation out of the plan."""
        at = self.table.currentIndex().row()
        if 0 <= at < len(self.entries):
            del self.entries[at]
            self._show()
            self.table.selectRow(min(at, len(self.entries) - 1))

    def _click(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self._turn(index.row())

    def _turn(self, at: int) -> None:
        """Want an operation, or no longer."""
        if 0 <= at < len(self.entries):
            self.entries[at] = replace(self.entries[at], wanted=not self.entries[at].wanted)
            self._show()
            self.table.selectRow(at)

    @property
    def plan(self) -> Plan | None:
        """What is wanted; None while the day is none."""
        day = self._day()
        if day is None:
            return None
        wanted = (each.operation for each in self.entries if each.wanted)
        return Plan(self.department, day, tuple(wanted))

    def _day(self) -> date | None:
        try:
            day = self.on.value()
        except Unreadable:
            return None
        return day if isinstance(day, date) else None

    def _show(self) -> None:
        """Foresee the plan anew, and show it."""
        held, plan, today = self._held, self.plan, self.session.store.today()
        self.on.mark_problem(plan is None)
        if held is None:
            return
        self.preview = None if plan is None else reorganisation.foresee(held, plan, today)
        self.table.show_lines(self._rows(held))
        created = (each.operation for each in self.entries if each.operation.act is Act.CREATE)
        self.form.show_units(held, created)
        self._tell()
        self._show_detail()
        self._let()

    def _show_detail(self) -> None:
        """The whole of what speaks against the current operation: its row shows the beginning."""
        at = self.table.currentIndex().row()
        held = self.entries[at] if 0 <= at < len(self.entries) else None
        lines = self.preview.lines if self.preview else ()
        before = sum(each.wanted for each in self.entries[: max(at, 0)])
        line = lines[before] if held and held.wanted and before < len(lines) else None
        said = " ".join(line.problems) if line else ""
        style.mark(self.detail, "look", "problem" if said else "secondary")
        place = f"{line.place[:1].upper()}{line.place[1:]}" if line and line.place else ""
        self.detail.setText(words.sentence(said or (line.text if line else "")))
        self.detail.setToolTip(words.sentence(place))
        self.detail.setVisible(bool(self.detail.text()))

    def _rows(self, held: Situation) -> list[list[Cell]]:
        lines = iter(self.preview.lines if self.preview else ())
        new = {each.operation.unit: each.operation.name for each in self.entries}
        rows: list[list[Cell]] = []
        for each in self.entries:
            line = next(lines, None) if each.wanted else None
            text = line.text if line else reorganisation.told(each.operation, held.units, new)
            rows.append(_row(each, text, line))
        return rows

    def _tell(self) -> None:
        preview = self.preview
        if preview is None:
            self.total.setText("Écrivez le jour d’effet, par exemple 01/01/2027.")
            self.remarks.clear()
            return
        if not preview.lines:
            self.total.setText(
                "Le plan est vide."
                if not self.entries
                else "Aucune opération n’est retenue\u00a0: cochez celles qui le sont."
            )
        else:
            self.total.setText(words.sentence(f"Concernés\u00a0: {_told(preview.total)}."))
        problems = sum(bool(line.problems) for line in preview.lines)
        blocked = (
            f"{words.count(problems, 'opération')} à revoir avant d’appliquer. " if problems else ""
        )
        self.remarks.setText(words.sentence(blocked + " ".join(preview.remarks)))
        self.remarks.setVisible(bool(self.remarks.text()))

    @property
    def may_apply(self) -> bool:
        """Whether the plan holds and its day has come."""
        preview, plan = self.preview, self.plan
        return (
            not self.busy
            and preview is not None
            and plan is not None
            and bool(plan.operations)
            and not preview.problems
            and plan.on <= self.session.store.today()
        )

    def _let(self) -> None:
        ready = self._held is not None and not self.busy
        self.apply_button.setEnabled(self.may_apply)
        self.save_button.setEnabled(ready)
        self.remove_button.setEnabled(ready and bool(self.entries))
        for each in (self.open_button, self.compare_button):
            each.setEnabled(ready and self._day() is not None)

    # -- files -------------------------------------------------------------------------------

    def _open_first(self, files: list[Path]) -> None:
        self.open_plan(files[0])

    def open_plan(self, file: Path) -> None:
        """Add the operations of a plan in a workbook."""
        self._run(
            f"Lecture de «{NO_BREAK}{file.name}{NO_BREAK}»",
            reorganise_work.open_plan,
            self.department,
            file,
            self._day(),
            then=self.add,
        )

    def _compare_first(self, files: list[Path]) -> None:
        self.compare(files[0])

    def compare(self, file: Path) -> None:
        """Propose what leads to an organisation chart, in the place of the plan."""
        self._run(
            f"Comparaison de «{NO_BREAK}{file.name}{NO_BREAK}»",
            reorganise_work.compare,
            self.department,
            file,
            self._day(),
            then=self._take_proposals,
        )

    def _take_proposals(self, found: Sequence[Proposal]) -> None:
        self.entries = [
            Entry(each.operation, each.confidence >= LIKELY, each.confidence, each.reason)
            for each in found
        ]
        self._show()
        self.table.selectRow(0)
        self.table.setFocus()
        unsure = sum(each.confidence < LIKELY for each in found)
        text = words.count(len(found), "opération proposée", "opérations proposées")
        if not found:
            text = "L’organisation présente est celle de ce fichier\u00a0: rien n’est à changer."
        elif unsure:
            text += (
                f", dont {number_text(unsure)} à décider\u00a0: ce que le fichier ne nomme pas "
                "n’est pas coché"
            )
        self.banner.inform(words.sentence(text))

    def save_into(self, folder: Path) -> None:
        """Write the plan, or its empty model, into a folder."""
        plan = self.plan
        day = plan.on if plan else self.session.store.today()
        self._run(
            "Plan de réorganisation",
            reorganise_work.save_plan,
            self.department,
            plan.operations if plan else (),
            folder / f"reorganisation_{self.department}_{day.isoformat()}.xlsx",
            day,
            then=self._on_saved,
        )

    def _on_saved(self, out: Path) -> None:
        acts = (("Ouvrir le fichier", partial(open_place, out)),)
        self.session.say(f"«{NO_BREAK}{out.name}{NO_BREAK}» est écrit.", "good", acts)

    # -- applying ----------------------------------------------------------------------------

    def apply(self) -> None:
        """Write the plan as one change."""
        if self.may_apply:
            self._run(
                "Réorganisation",
                reorganise_work.apply,
                self.plan,
                then=self._on_applied,
                writes=True,
            )

    def _on_applied(self, touched: int) -> None:
        count = len(self.plan.operations) if self.plan else 0
        self.entries = []
        self._held = None
        said = words.count(count, "opération appliquée", "opérations appliquées")
        fiches = words.count(touched, "fiche")
        self.session.say(f"{said}, {fiches}. Annuler (Ctrl Z)")
        self.closed.emit()

    def give_up(self) -> None:
        """Leave the assistant; what was gathered is forgotten."""
        self.entries = []
        self.banner.clear()
        self.closed.emit()

    def _run(
        self,
        name: str,
        act: Callable[..., Any],
        *arguments: Any,
        then: Callable[[Any], None],
        writes: bool = False,
    ) -> None:
        """Do something beside the window, one thing at a time."""
        if self.busy:
            return
        self.busy = True
        self.banner.clear()
        self._let()
        work = self._start_work(name, act, self.session.folder, *arguments, writes=writes)
        work.finished.connect(partial(self._on_done, then))
        work.failed.connect(self._complain)
        work.ended.connect(self._on_ended)

    def _on_done(self, then: Callable[[Any], None], result: Any) -> None:
        self.busy = False
        then(result)

    def _on_ended(self) -> None:
        self.busy = False
        self._let()


def _row(each: Entry, text: str, line: Line | None) -> list[Cell]:
    """An operation with what it touches; below it why it cannot be, or why it is proposed."""
    problem = line.problems[0] if line and line.problems else ""
    below = problem or each.reason
    if each.confidence is not None and not problem:
        below = f"{_sureness(each.confidence)}\u00a0: {each.reason}"
    what = Cell(
        words.sentence(text),
        words.sentence(below),
        quiet=not each.wanted,
        second_colours="bad" if problem else "",
        wrapped=not below,
    )
    ticked = Cell("", icon="check") if each.wanted else Cell("")
    concerned = line.concerned if line else None
    return [ticked, what, *(_number(concerned, key) for key in _COUNTED)]


_COUNTED: Final = ("units", "risks", "open_actions", "people", "credentials", "due")


def _number(concerned: Concerned | None, key: str) -> Cell:
    value = int(getattr(concerned, key)) if concerned else 0
    return Cell(number_text(value) if value else "", right=True)


def _sureness(confidence: float) -> str:
    if confidence >= SURE:
        return "Sûr"
    return "À vérifier" if confidence >= LIKELY else "Deviné"


def _told(total: Concerned) -> str:
    """What a plan touches in all, in words."""
    parts = (
        words.count(total.services, "direction ou service", "directions et services"),
        words.count(total.units, "unité de travail", "unités de travail"),
        words.count(total.risks, "risque"),
        words.count(total.open_actions, "action ouverte", "actions ouvertes"),
        words.count(total.people, "agent"),
        words.count(total.credentials, "titre"),
        words.count(total.due, "échéance"),
    )
    return ", ".join(parts)
