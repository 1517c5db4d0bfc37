"""What one does with the measures of a programme, alone or many at once, and with the whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.facts import ActionProgress
from prevention_app.errors import PreventionError
from prevention_app.services import programme_acts
from prevention_app.services.programme_scope import Scope
from prevention_app.ui import programme_work, words
from prevention_app.ui.bulk_deeds import BulkDeeds
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed
from prevention_app.ui.programme_asks import ProgrammeAsks
from prevention_app.ui.programme_head import MEASURES, RERATINGS, ProgrammeHead
from prevention_app.ui.programme_model import ProgrammeModel, ProgrammeTable
from prevention_app.ui.rerating_list import ReratingList
from prevention_app.ui.rerating_watch import RateAsked
from prevention_app.ui.session import Session

_MANY: Final = 200
"""More actions than this are carried over in a process."""
StartWork = Callable[..., Operation]


class ProgrammeDeeds(QObject):
    """Does them with what is chosen in the lists of the page."""

    new_asked = Signal(str)
    """A new record of this register is to be written."""
    rating_asked = Signal(object)
    """A RateAsked."""
    part_asked = Signal(str)
    year_asked = Signal(int)

    def __init__(
        self,
        session: Session,
        start: StartWork,
        head: ProgrammeHead,
        table: ProgrammeTable,
        reratings: ReratingList,
        asks: ProgrammeAsks,
        bulk: BulkDeeds,
        parent: QWidget,
    ) -> None:
        """`start` starts what is done beside the window."""
        super().__init__(parent)
        self.session = session
        self._start = start
        self._head = head
        self._page = parent
        self.entity = session.store.catalogue["planned_action"]
        self.table = table
        model = table.records
        assert isinstance(model, ProgrammeModel)  # noqa: S101  (the table of a programme)
        self.model = model
        self.reratings = reratings
        self.asks = asks
        self.bulk = bulk
        self.all = self._make()

    @property
    def _scope(self) -> Scope:
        return self._head.scope(self.session.owners(self.entity))

    @property
    def _year(self) -> int:
        return self._head.year

    def _make(self) -> tuple[Deed, ...]:
        some = self._has_some
        return (
            Deed("new", "Nouvelle action", "N", self.new_action, self._may_write),
            Deed("done", "Marquer réalisée…", "F", self.mark_done, some),
            Deed("postpone", "Réviser l’échéance…", "R", self.postpone, some),
            Deed("pilot", "Changer le pilote…", "A", self.ask_pilot, some),
            Deed("state", "Changer l’état…", "S", self.ask_state, some),
            Deed("year", "Changer d’année de programme…", "Y", self.ask_year, some),
            Deed("verify", "Vérifier l’efficacité…", "V", self.verify, some),
            Deed("rate", "Recoter le risque", "E", self.rate, self._may_rate),
            Deed("decline", "Écarter la recotation…", "X", self.decline, self._may_decline),
            Deed("risks", "Rattacher à un autre risque…", "L", self.name_risk, some),
            Deed("edit", "Modifier la cellule", "F2", self.table.edit_cell, self._in_table),
            Deed("copy", "Copier les cellules", "Ctrl+C", self.bulk.copy, self._in_table),
            Deed("paste", "Coller…", "Ctrl+V", self.bulk.paste, self._in_table),
            Deed("fill", "Recopier vers le bas", "Ctrl+D", self.bulk.fill, self._in_block),
            Deed("clear", "Vider les cellules", "Delete", self.bulk.clear, self._in_block),
            Deed("carry", "Reporter au programme suivant…", "", self.carry_over, self._may_write),
            Deed("credits", "Saisir les crédits votés", "", self.ask_credits, self._may_write),
            Deed("export", "Exporter ce programme…", "", self.export),
        )

    def _may_write(self) -> bool:
        return self.session.may_write(self.entity)

    def _has_some(self) -> bool:
        here = self._head.parts.value == MEASURES and self._may_write()
        return here and bool(self.table.selected_count())

    def _in_table(self) -> bool:
        return self._page.focusWidget() is self.table

    def _in_block(self) -> bool:
        return self._in_table() and self.table.shades_cells

    def _may_rate(self) -> bool:
        return self._rate_asked() is not None

    def _may_decline(self) -> bool:
        return self._head.parts.value == RERATINGS and self.reratings.current is not None

    def fill_menu(self, menu: QMenu) -> None:
        """Offer them on the measures chosen."""
        for each in self.all:
            action = menu.addAction(each.words, each.act)
            action.setShortcut(QKeySequence(each.keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
            action.setEnabled(each.possible())

    def new_action(self) -> None:
        """A new action is to be written."""
        self.new_asked.emit("planned_action")

    def mark_done(self) -> None:
        """Ask since when the measures chosen are done."""
        self.asks.mark_done(self.table.selected_ids())

    def postpone(self) -> None:
        """Ask to when their date is revised."""
        self.asks.postpone(self.table.selected_ids())

    def ask_pilot(self) -> None:
        """Ask who answers for them."""
        self.asks.value("Changer le pilote", ("pilot",), self.table.selected_count())

    def ask_state(self) -> None:
        """Ask where they stand."""
        self.asks.value("Changer l’état", ("state",), self.table.selected_count())

    def ask_year(self) -> None:
        """Ask to which programme they belong."""
        self.asks.value("Changer d’année", ("programme_year",), self.table.selected_count())

    def verify(self) -> None:
        """Ask what their effect was found to be."""
        keys = ("verified_on", "verification", "verified_by", "state")
        given: dict[str, Value] = {
            "verified_on": self.session.store.today(),
            "state": ActionState.VERIFIED.value,
        }
        self.asks.value("Vérifier l’efficacité", keys, self.table.selected_count(), given)

    def name_risk(self) -> None:
        """Ask for a further risk of the measure under the cursor."""
        row = self.table.current()
        if row is not None:
            risk = self.session.store.catalogue["action_risk"].by_key["risk"]
            self.asks.name_risks(row.reference, risk)

    def ask_credits(self) -> None:
        """The credits voted are written on the page of their register."""
        self.new_asked.emit("programme_budget")

    # -- rating again ----------------------------------------------------------------------

    def _rate_asked(self) -> RateAsked | None:
        """The risk to rate: of the proposal, else of the measure under the cursor."""
        if self._head.parts.value == RERATINGS:
            proposal = self.reratings.current
            return RateAsked(proposal.risk.id, proposal.reason) if proposal else None
        row = self.table.current()
        line = self.model.lines.get(row.id) if row else None
        if line is None or not line.risks:
            return None
        finished = line.progress is ActionProgress.FINISHED
        reason = f"Action réalisée\u00a0: {line.action.title}" if finished else ""
        return RateAsked(line.risks[0].id, reason)

    def rate(self) -> None:
        """Show the risk in the document unique, its scales open and filled in."""
        asked = self._rate_asked()
        if asked is not None:
            self.rating_asked.emit(asked)

    def decline(self) -> None:
        """Ask why the risk is not to be rated again."""
        proposal = self.reratings.current
        if proposal is not None:
            self.asks.decline(proposal)

    # -- carrying over, exporting ----------------------------------------------------------

    def carry_over(self) -> None:
        """Show what the next programme would take over, then do it in one change."""
        today, year, scope = self.session.store.today(), self._year, self._scope
        try:
            with self.session.store.reading() as read:
                plan = programme_acts.plan_carry(read, today, year, year + 1, scope)
        except PreventionError as error:
            self.session.say(str(error), "bad")
            return
        if not plan.lines:
            done = "tout y est déjà" if plan.already else "tout est terminé ou abandonné"
            self.session.say(f"Rien à reporter au programme {year + 1}\u00a0: {done}.", "info")
            return
        self.part_asked.emit(MEASURES)
        self.asks.carry_over(plan, partial(self._carry, plan))

    def _carry(self, plan: programme_acts.CarryPlan, reason: str) -> None:
        if len(plan.ids) > _MANY:
            given = (plan.ids, plan.from_year, plan.to_year, reason)
            operation = self._start(
                "Report au programme suivant",
                programme_work.carry_over,
                self.session.folder,
                *given,
            )
            operation.finished.connect(partial(self._carried, plan))
            return
        store = self.session.store

        def write() -> None:
            done = programme_acts.carry_over(store, plan.ids, plan.from_year, plan.to_year, reason)
            self.session.tell(done)
            self._carried(plan)

        self.session.in_turn(object(), write)

    def _carried(self, plan: programme_acts.CarryPlan, _number: int = 0) -> None:
        what = words.count(len(plan.lines), "mesure reportée", "mesures reportées")
        seen = ("Voir le programme", partial(self.year_asked.emit, plan.to_year))
        self.session.say(f"{what} au programme {plan.to_year}. Annuler (Ctrl Z)", "good", (seen,))

    def export(self) -> None:
        """Ask where to write this programme: workbook or CSV."""
        dialog = QFileDialog(self._page, "Exporter ce programme")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Classeur (*.xlsx)", "Tableau CSV (*.csv)"])
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if "csv" in chosen else "xlsx")
        )
        dialog.selectFile(f"programme_{self._year}.xlsx")
        dialog.fileSelected.connect(lambda path: self.write_to(Path(path)))
        QTimer.singleShot(0, dialog, dialog.open)

    def write_to(self, out: Path) -> None:
        """Write this programme into a file, in a process."""
        operation = self._start(
            f"Programme {self._year}",
            programme_work.export,
            self.session.folder,
            self._year,
            self._scope,
            out,
            writes=False,
        )
        operation.finished.connect(
            lambda number: self.session.say(
                f"{out.name}\u00a0: {words.count(number, 'mesure')}.", "good"
            )
        )
