"""« Annexes » of the document unique: what each says, what it misses, filled in on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import Kind, Value
from prevention_app.errors import PreventionError
from prevention_app.services import annex_psychosocial, annexes, records
from prevention_app.services.annex_source import Annex, Gap
from prevention_app.storage.query import Query
from prevention_app.storage.work import CheckFailed
from prevention_app.ui import annexes_work, file_choice, style, words
from prevention_app.ui.annex_lines import GAPS, LISTED, gap_line, line_of
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.desktop import open_place
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button
from prevention_app.ui.psychosocial_grid import PsychosocialGrid
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.record_form import RecordForm
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.short_form import ShortForm

ANNEX, MISSING = "annex", "missing"
_NAMED: Final = 3
_ROOM_FOR_ALL: Final = 1000
_DEFAULT: Final = next(iter(LISTED))
_ASK_TITLE: Final = "Nouvelle fiche de l’annexe"


class AnnexesPage(Page):
    """The list of annexes, the one that is chosen, and the form of one of its records."""

    title = "Annexes du document unique"

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._readings = Readings(session, self)
        self._annexes: dict[str, Annex] = {}
        self._forms: dict[str, QWidget] = {}
        self._stale = True
        self._reading: Reading | None = None
        self.grid: PsychosocialGrid | None = None
        self.export_button = button("Exporter…", "file-spreadsheet")
        self.add_button = button("Ajouter", "plus", "primary")
        self.buttons = [self.export_button, self.add_button]
        self.department = QComboBox()
        self.department.setAccessibleName("Département")
        self.choice = CellTable("Annexes", ("Annexe",), (0,), "row_two_lines")
        self.choice.horizontalHeader().hide()
        self.part = Segments("Partie de l’annexe")
        self.tables = {
            key: CellTable(
                each.name,
                [head for _, head, _ in each.columns],
                [width for _, _, width in each.columns],
                "row_two_lines",
            )
            for key, each in LISTED.items()
        }
        self.missing = CellTable(
            "Ce qui manque", [each[1] for each in GAPS], [each[2] for each in GAPS], "row_two_lines"
        )
        self.missing.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._more_units: list[str] = []
        self.empty = EmptyState()
        self._about = QLabel()
        self._lay_out()
        self._connect()
        self._offer_departments()

    # -- what it is made of ----------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QWidget()
        left.setObjectName("pane")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left.setMinimumWidth(190)
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 0, 0)
        column.addWidget(self.department)
        column.addWidget(self.choice, 1)
        self._about.setWordWrap(True)
        style.mark(self._about, "look", "secondary")
        self._stack = QStackedWidget()
        for each in (*self.tables.values(), self.missing, self.empty):
            self._stack.addWidget(each)
        middle = QWidget()
        inner = QVBoxLayout(middle)
        inner.setContentsMargins(14, 10, 14, 0)
        inner.setSpacing(8)
        inner.addWidget(self.part, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self._about)
        inner.addWidget(self._stack, 1)
        self._side = QStackedWidget()
        self._side.setMinimumWidth(330)
        self._side.hide()
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        for each in (left, middle, self._side):
            self._splitter.addWidget(each)
        self._splitter.setSizes([230, 800, 380])
        self._splitter.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    def _connect(self) -> None:
        self.choice.selectionModel().currentRowChanged.connect(lambda *_: self._show_annex())
        self.choice.opened.connect(lambda _: self._main_table().setFocus())
        self.part.chosen.connect(lambda _: self._show_part())
        self.department.currentIndexChanged.connect(lambda _: self.read())
        for key, each in self.tables.items():
            each.opened.connect(partial(self._open_row, key))
        self.missing.opened.connect(self._open_gap)
        self.add_button.clicked.connect(self.add)
        self.export_button.clicked.connect(self.export)
        self.session.changed.connect(self.refresh)
        self.session.owners_changed.connect(self._follow_department)

    def _offer_departments(self) -> None:
        self.department.blockSignals(True)
        for each in self.session.departments:
            self.department.addItem(f"{each}  {self.session.department_name(each)}", each)
        wanted = self.session.owner or self.session.store.department
        self.department.setCurrentIndex(max(self.department.findData(wanted), 0))
        self.department.blockSignals(False)
        self.department.setVisible(self.department.count() > 1)

    def _follow_department(self) -> None:
        at = self.department.findData(self.session.owner)
        if at >= 0:
            self.department.setCurrentIndex(at)

    # -- reading ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is looked at."""
        super().showEvent(event)
        if self._stale:
            self.read()

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what fills the annexes, where somebody looks."""
        if registers is not None and registers.isdisjoint(annexes.FILLED_BY):
            return
        self._stale = True
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Read all annexes of the department that is chosen."""
        self._stale = False
        department, today = self.owner, self.session.store.today()
        if self._reading is not None:
            self._reading.give_up()
        self._reading = self._readings.ask(
            lambda read: annexes.all_annexes(read, department, today), self._take
        )

    @property
    def owner(self) -> str:
        """The department whose annexes are shown."""
        return str(self.department.currentData())

    def _take(self, found: Sequence[Annex]) -> None:
        self._annexes = {each.table.key: each for each in found}
        at = max(self.choice.currentIndex().row(), 0)
        self.choice.show_lines(
            [[Cell(each.name, second=_counted(self._annexes[key]))] for key, each in LISTED.items()]
        )
        self.choice.selectRow(at)
        self._show_annex()

    @property
    def key(self) -> str:
        """The annex that is chosen."""
        at = self.choice.currentIndex().row()
        return list(LISTED)[at] if at >= 0 else _DEFAULT

    def _show_annex(self) -> None:
        annex, listed = self._annexes.get(self.key), LISTED[self.key]
        if annex is None:
            return
        chosen = self.part.value
        gaps = len(annex.gaps)
        self.part.offer(
            [(ANNEX, "Annexe"), (MISSING, f"À compléter {gaps}" if gaps else "Complet")]
        )
        if chosen:
            self.part.show_value(chosen)
        table = self.tables[self.key]
        at = table.currentIndex().row()
        table.show_lines([line_of(listed, row) for row in annex.table.rows])
        if 0 <= at < len(annex.table.rows):
            table.selectRow(at)
        self.missing.show_lines([gap_line(each) for each in annex.gaps])
        self.add_button.setVisible(bool(listed.add))
        self.add_button.setText(f"\u00a0{listed.add}")
        self.add_button.setAccessibleName(listed.add)
        self._show_part()

    def _show_part(self) -> None:
        annex = self._annexes.get(self.key)
        if annex is None:
            return
        table, rows = self.tables[self.key], len(annex.table.rows)
        said = annex.table.explanation_fr
        if self.part.value == MISSING and sum(map(_is_whole_record, annex.gaps)) > 1:
            said = (
                "Choisissez plusieurs unités (Maj ↓, puis Entrée) pour leur donner la même fiche."
            )
        self._about.setText(words.sentence(said))
        if self.part.value == MISSING:
            table, rows = self.missing, len(annex.gaps)
            self.empty.show_text("Rien ne manque à cette annexe.")
        else:
            self.empty.show_text(
                "Cette annexe n’a encore aucune ligne.",
                "Elle se remplit des risques et des fiches.",
            )
        self._stack.setCurrentWidget(table if rows else self.empty)
        self.tell(f"{annex.table.title_fr}\u00a0: {_counted(annex)}")

    def _main_table(self) -> QWidget:
        return self._stack.currentWidget() or self.empty

    def show_annex(self, key: str, part: str = ANNEX) -> None:
        """Choose an annex, and what of it is shown."""
        self.choice.selectRow(list(LISTED).index(key))
        self.part.show_value(part)
        self._show_part()

    # -- opening and writing ---------------------------------------------------------------

    def _open_row(self, key: str, at: int) -> None:
        row = self._annexes[key].table.rows[at]
        unit, reference = str(row.get("unit_id") or ""), str(row.get("reference") or "")
        if key == annex_psychosocial.KEY:
            self.open_grid(unit)
        elif reference:
            self._edit(reference)
        else:
            self._begin_for_row(key, str(row["id"]), unit)

    def _begin_for_row(self, key: str, row_id: str, unit: str) -> None:
        """What a row deduced from elsewhere lacks is the first gap that is about it."""
        about = [each for each in self._annexes[key].gaps if each.unit_id == unit and unit]
        named = [
            each
            for each in about
            if each.values and row_id.rpartition(".")[2] in map(str, each.values.values())
        ]
        for each in [*named, *about][:1]:
            self._fill(each)

    def _open_gap(self, at: int) -> None:
        gaps = self._annexes[self.key].gaps
        chosen = sorted({each.row() for each in self.missing.selectedIndexes()})
        alike = [gaps[each] for each in chosen if _is_whole_record(gaps[each])]
        if len(alike) > 1 and gaps[at] in alike:
            self._begin_for_many(alike)
        else:
            self._fill(gaps[at])

    def _begin_for_many(self, gaps: Sequence[Gap]) -> None:
        """One record alike is written for each of these units, as one change."""
        first = gaps[0]
        units = words.count(len(gaps), "unité")
        names = ", ".join(each.unit for each in gaps[:_NAMED])
        more = f" et {len(gaps) - _NAMED} autres" if len(gaps) > _NAMED else ""
        said = f"La même fiche pour {units}\u00a0: {names}{more}."
        self._begin(first.register, first.values or {}, said)
        self._more_units = [each.unit_id for each in gaps[1:]]

    def _fill(self, gap: Gap) -> None:
        if gap.annex == annex_psychosocial.KEY:
            self.open_grid(gap.unit_id)
        elif gap.reference:
            self._edit(gap.reference)
        elif gap.register:
            self._begin(gap.register, gap.values or {}, gap.text)

    def open_grid(self, unit: str) -> None:
        """Open the six dimensions of a unit."""
        if unit:
            self.grid = PsychosocialGrid(self.session, unit, self)
            self.grid.destroyed.connect(self._forget_grid)
            self.grid.open()

    def _forget_grid(self) -> None:
        self.grid = None

    def add(self) -> None:
        """Begin a new record of the annex that is chosen."""
        register = LISTED[self.key].register
        if register:
            self._begin(register, {}, "")

    def _begin(self, register: str, values: Mapping[str, Value], said: str) -> None:
        entity = self.session.store.catalogue[register]
        form = self._forms.get(f"new {register}")
        if not isinstance(form, ShortForm):
            keys = [each.key for each in entity.fields if not each.own]
            form = ShortForm(self.session, entity, keys, "Ajouter à l’annexe", self._side)
            form.given.connect(partial(self._add, form, register))
            form.closed.connect(self.close_side)
            self._put(f"new {register}", form)
        self._show_side(form)
        started = {key: value for key, value in values.items() if value is not None}
        told = (Kind.REFERENCE, Kind.CHOICE)
        belongs = {key: value for key, value in started.items() if entity.by_key[key].kind in told}
        title = entity.item_fr or _ASK_TITLE
        self._more_units = []
        form.ask(title, words.sentence(said) if said else "", started, belongs)

    def _add(self, form: ShortForm, register: str, values: dict[str, Value]) -> None:
        try:
            if self._more_units:
                units = [str(values["work_unit"]), *self._more_units]
                done = annexes.add_for_units(
                    self.session.store, register, values, units, self.owner
                )
            else:
                done = records.create(self.session.store, register, values, owner=self.owner)[1]
        except CheckFailed as error:
            form.complain(error)
            return
        except PreventionError as error:
            self.session.say(str(error), "bad")
            return
        form.forget()
        self.close_side()
        self.session.tell(done)

    def _edit(self, reference: str) -> None:
        with self.session.store.reading() as read:
            entity, record = read.find(reference)
            row = records.rows(read, Query(entity.key, ids=(record.id,)))[0]
        form = self._forms.get(entity.key)
        if not isinstance(form, RecordForm):
            form = RecordForm(self.session, entity)
            form.closed.connect(self.close_side)
            self._put(entity.key, form)
        self._show_side(form)
        form.show_row(row)
        form.focus_first()

    def _put(self, key: str, form: QWidget) -> None:
        self._forms[key] = form
        self._side.addWidget(form)

    def _show_side(self, form: QWidget) -> None:
        self._side.setCurrentWidget(form)
        self._side.show()
        self._about.hide()
        self._share_width()

    def close_side(self) -> None:
        """Close the form; what was typed is kept as a draft."""
        self.keep_drafts()
        self._side.hide()
        self._about.show()
        self._share_width()
        self._main_table().setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page has room for fewer columns."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Beside a form in a narrow page a row is told by its first column alone."""
        narrow = not self._side.isHidden() and self.width() < _ROOM_FOR_ALL
        for each in self.tables.values():
            for at in range(1, each.cells.columnCount()):
                each.setColumnHidden(at, narrow)

    def keep_drafts(self) -> None:
        """Write what was typed before the page is left."""
        for each in self._forms.values():
            if isinstance(each, (RecordForm, ShortForm)):
                each.keep_draft()

    # -- the workbook ----------------------------------------------------------------------

    def export(self) -> None:
        """Ask where the workbook is to go, and write it beside the window."""
        file_choice.choose_folder(self, "Où écrire les annexes", self.export_to)

    def export_to(self, folder: Path) -> None:
        """Write the annexes of the department into a folder."""
        out = folder / f"annexes_{self.owner}.xlsx"
        work = self._start_work(
            "Annexes du document unique",
            annexes_work.write_annexes,
            self.session.folder,
            self.owner,
            out,
            writes=False,
        )
        work.finished.connect(self._on_written)

    def _on_written(self, out: Path) -> None:
        acts = (("Ouvrir le fichier", partial(open_place, out)),)
        self.session.say(f"«\u00a0{out.name}\u00a0» est écrit.", "good", acts)

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("Entrée", "Compléter"), ("Échap", "Fermer la fiche"), ("F6", "Volet suivant"))

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""
        return (
            Deed("add_to_annex", "Ajouter à l’annexe…", "Ctrl+N", self.add, self._may_add),
            Deed("show_missing", "Ce qui manque", "", self._show_missing),
            Deed("export_annexes", "Exporter les annexes…", "Ctrl+E", self.export),
        )

    def _may_add(self) -> bool:
        return bool(LISTED[self.key].register)

    def _show_missing(self) -> None:
        self.show_annex(self.key, MISSING)

    def panes(self) -> Sequence[QWidget]:
        """The list, the table, the form."""
        side = self._side.currentWidget() if self._side.isVisible() else None
        return (self.choice, self._main_table(), *((side,) if side else ()))

    def focus_main(self) -> None:
        """The list of annexes has the focus."""
        self.choice.setFocus()


def _is_whole_record(gap: Gap) -> bool:
    """Whether a whole record is missing of which only the unit is known: others can be alike."""
    return bool(gap.register) and gap.values == {"work_unit": gap.unit_id}


def _counted(annex: Annex) -> str:
    lines, gaps = len(annex.table.rows), len(annex.gaps)
    said = words.count(lines, "ligne")
    return f"{said}, {gaps} à compléter" if gaps else f"{said}, rien ne manque"
