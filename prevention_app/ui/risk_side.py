"""What stands beside the risks: one of them in detail, or the form of something new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Final, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from prevention_app.catalogue.description import Record, Value
from prevention_app.catalogue.risk_document import ExistingMeasure
from prevention_app.catalogue.vocabulary import MeasureType
from prevention_app.errors import NotFound, PreventionError
from prevention_app.services import existing_measures, risk_document
from prevention_app.services.risk_document import Change, RiskDetail
from prevention_app.services.unit_tree import TreeNode, unit_tree
from prevention_app.storage.work import Changes, CheckFailed
from prevention_app.ui import words
from prevention_app.ui.confirm_pane import ConfirmPane
from prevention_app.ui.new_units_pane import NewUnitsPane
from prevention_app.ui.rating_panel import RatingEntered
from prevention_app.ui.risk_detail import RiskDetailView
from prevention_app.ui.risk_edit_pane import RiskEditPane
from prevention_app.ui.session import Session
from prevention_app.ui.short_form import ShortForm
from prevention_app.ui.turn import Failed
from prevention_app.ui.unit_chooser import UnitChooser
from prevention_app.ui.variant_question import ask_for_whom

W = TypeVar("W", bound=QWidget)
_PAST_MS: Final = 150
_SAVES_ITSELF: Final = "La saisie est gardée en brouillon et s’enregistrera d’elle-même."
_NARROWEST: Final = 340
_NEW_RISK: Final = ("work_unit", "hazard_family", "situation", "harm", "exposed")
_NEW_ACTION: Final = ("title", "measure_type", "pilot", "due")


class RiskSide(QStackedWidget):
    """Shows a risk, and writes what is entered beside it; each part is made when first wanted."""

    left = Signal()
    """What was entered is written or put off: the table has the focus again."""
    hide_asked = Signal()
    open_asked = Signal(str, str)
    rate_asked = Signal()
    confirm_asked = Signal()
    action_asked = Signal()
    added = Signal(str)
    """The id of a new risk."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Nothing to show yet."""
        super().__init__(parent)
        self.setObjectName("detail")
        self.setMinimumWidth(_NARROWEST)
        self._session = session
        self._about: RiskDetail | None = None
        """The risk that an action is being planned for."""
        self._past_timer = QTimer(self, singleShot=True)
        self._past_timer.timeout.connect(self._read_past)
        self._unread: list[Record] = []
        self._changes: list[Change] = []
        self._turn_key = f"beside {id(self)}"
        self.destroyed.connect(lambda *_, key=self._turn_key: session.turn.leave(key))

    # -- its parts -------------------------------------------------------------------------

    @cached_property
    def detail(self) -> RiskDetailView:
        """One risk."""
        made = RiskDetailView(self._session, self)
        made.rate_asked.connect(self.rate_asked)
        made.confirm_asked.connect(self.confirm_asked)
        made.measures.given.connect(self._write_measure)
        made.measures.removed.connect(self._remove_measure)
        made.measures.left.connect(self.left)
        made.action_asked.connect(self.action_asked)
        made.open_asked.connect(self.open_asked)
        made.closed.connect(self.hide_asked)
        made.panel.given.connect(self._write_rating)
        made.panel.closed.connect(self._wait_no_more)
        return self._put(made)

    @cached_property
    def risk_form(self) -> ShortForm:
        """The form of a new risk."""
        entity = self._session.store.catalogue["risk"]
        made = ShortForm(self._session, entity, _NEW_RISK, "Ajouter le risque", self)
        made.given.connect(self._write_risk)
        made.closed.connect(self._leave)
        return self._put(made)

    @cached_property
    def action_form(self) -> ShortForm:
        """The form of a new action."""
        entity = self._session.store.catalogue["planned_action"]
        made = ShortForm(self._session, entity, _NEW_ACTION, "Ajouter l’action", self)
        made.given.connect(self._write_action)
        made.closed.connect(self._leave)
        return self._put(made)

    @cached_property
    def edit_pane(self) -> RiskEditPane:
        """The same values for many risks."""
        made = RiskEditPane(self._session, self)
        made.closed.connect(self._leave)
        return self._put(made)

    @cached_property
    def chooser(self) -> UnitChooser:
        """The units to which risks may be copied."""
        made = UnitChooser(self._session, self)
        made.closed.connect(self._leave)
        return self._put(made)

    @cached_property
    def new_units(self) -> NewUnitsPane:
        """The names of new units like another one."""
        made = NewUnitsPane(self._session, self)
        made.closed.connect(self._leave)
        return self._put(made)

    @cached_property
    def confirming(self) -> ConfirmPane:
        """How ratings taken from elsewhere are confirmed."""
        made = ConfirmPane(self._session, self)
        made.closed.connect(self._leave)
        return self._put(made)

    def _put(self, made: W) -> W:
        self.addWidget(made)
        return made

    @property
    def entering(self) -> bool:
        """Whether something is being entered."""
        if "detail" not in vars(self):
            return False
        detail = self.detail
        inside = detail.panel.isVisible() or detail.measures.editor.isVisible()
        return self.currentWidget() is not detail or inside

    def keep_drafts(self) -> None:
        """Write what was typed."""
        for form in (vars(self).get("risk_form"), vars(self).get("action_form")):
            if isinstance(form, ShortForm):
                form.keep_draft()
        if "detail" in vars(self):
            self.detail.panel.keep_draft()

    # -- one risk --------------------------------------------------------------------------

    def show_risk(self, risk: str, joined: Iterable[str], variant: str = "") -> None:
        """Show a risk; what is being entered beside it stays where it is.

        `variant` is the unit where a risk of its unit type is looked at.
        """
        store = self._session.store
        try:
            with store.reading() as read:
                found = risk_document.detail(read, risk, joined, variant)
        except NotFound:
            return
        writable = self._session.may_write(store.catalogue["risk"], found.risk)
        self.setEnabled(True)
        self.detail.show_risk(found, store.today(), writable=writable)
        self._unread = []
        self._past_timer.start(_PAST_MS)

    def _read_past(self) -> None:
        """Its changes take longer to read: one record at a time, once the cursor is at rest."""
        found = self.detail.found
        if found is None or not self.isVisible():
            return
        if not self._unread:
            self._unread, self._changes = risk_document.own_records(found), []
        self._changes += risk_document.changes_of(self._session.store, self._unread.pop())
        if self._unread:
            self._past_timer.start(0)
        else:
            self.detail.show_past(risk_document.as_steps(self._changes))

    def show_detail(self) -> None:
        """Show the risk again, in the place of a form."""
        self.setVisible(True)
        self.setEnabled(True)
        self.setCurrentWidget(self.detail)

    def _show_form(self, form: QWidget) -> None:
        self._wait_no_more()
        self.setVisible(True)
        self.setEnabled(True)
        self.setCurrentWidget(form)

    def _leave(self) -> None:
        self._wait_no_more()
        self.show_detail()
        self.left.emit()

    # -- what is entered -------------------------------------------------------------------

    def rate(self) -> None:
        """Open the scales of the risk shown."""
        self.show_detail()
        self.detail.open_panel()

    def _write_rating(self, entered: RatingEntered) -> None:
        found = self.detail.found
        if found is not None and found.variant:
            ask_for_whom(self, found, partial(self._rate, found, entered))
        elif found is not None:
            self._rate(found, entered, None)

    def _rate(self, found: RiskDetail, entered: RatingEntered, work_unit: str | None) -> None:
        def write() -> None:
            done = risk_document.rate(
                self._session.store,
                found,
                entered.figures,
                entered.reason,
                on=entered.on,
                basis=entered.basis,
                participants=entered.participants,
                work_unit=work_unit,
            )
            self.detail.panel.forget()
            self.detail.close_panel()
            self._after(done, "Cotation enregistrée.")
            self._leave()

        self._enter(write, lambda error: self.detail.panel.complain(str(error)))

    def confirm(self, risks: Sequence[str], variants: Mapping[str, str] | None = None) -> None:
        """Ask how the ratings of these risks are confirmed.

        `variants` tells of those of a unit type where they are seen: risk → unit.
        """
        found = self.detail.found
        one = found if found is not None and [found.risk.id] == list(risks) else None
        self._show_form(self.confirming)
        self.confirming.ask(risks, one, variants)

    def add_measure(self) -> None:
        """Ask for a measure that is in place against the risk shown."""
        self.show_detail()
        self.detail.measures.ask(None)

    def _write_measure(
        self, measure: ExistingMeasure | None, title: str, kind: MeasureType | None
    ) -> None:
        found = self.detail.found
        if found is None:
            return

        def write() -> None:
            store = self._session.store
            if measure is None:
                done = existing_measures.add(store, found.risk, title, kind)
            else:
                done = existing_measures.amend(store, measure, title, kind)
            self._after(done, "Mesure enregistrée.")
            self.detail.measures.close_editor()

        self._enter(write, lambda error: self.detail.measures.editor.complain(str(error)))

    def _remove_measure(self, measure: ExistingMeasure) -> None:
        def write() -> None:
            self._after(existing_measures.remove(self._session.store, measure), "Mesure retirée.")
            self.detail.measures.close_editor()

        self._enter(write, lambda error: self.detail.measures.editor.complain(str(error)))

    def _enter(self, write: Callable[[], None], failed: Failed) -> None:
        """Write what is entered; where it waits for its turn, it stays open, and is a draft."""
        try:
            if not self._session.in_turn(self._turn_key, write, _SAVES_ITSELF, failed):
                self.keep_drafts()
        except PreventionError as error:
            failed(error)

    def _wait_no_more(self) -> None:
        """What is entered is left before its turn came."""
        if self._session.turn.leave(self._turn_key):
            self._session.say("La saisie n’est pas enregistrée\u00a0: c’est un brouillon.", "info")

    def ask_risk(self, unit: str | None) -> None:
        """Ask what a new risk is, in a unit if one is chosen."""
        self._show_form(self.risk_form)
        self.risk_form.ask("Nouveau risque", "", {"work_unit": unit}, {})

    def _write_risk(self, values: dict[str, Value]) -> None:
        entity = self._session.store.catalogue["risk"]

        def write() -> None:
            record = self._session.add(entity, values)
            self.risk_form.forget()
            self.added.emit(record.id)
            self._leave()
            self._session.say("Risque ajouté, à évaluer (E). Annuler (Ctrl Z)")

        self._enter(write, partial(self._complain, self.risk_form))

    def _complain(self, form: ShortForm, error: PreventionError) -> None:
        if isinstance(error, CheckFailed):
            form.complain(error)
        else:
            self._session.say(str(error), "bad")

    def ask_action(self) -> None:
        """Ask what is to be done about the risk shown."""
        found = self._about = self.detail.found
        if found is not None:
            self._show_form(self.action_form)
            belongs = {"risk": found.risk.id, "work_unit": found.risk.work_unit}
            title = "Nouvelle action de prévention"
            self.action_form.ask(title, found.risk.situation, {}, belongs)

    def _write_action(self, values: dict[str, Value]) -> None:
        about = self._about
        if about is None:
            return

        def write() -> None:
            done = risk_document.add_action(self._session.store, about.risk, values)
            self.action_form.forget()
            self._after(done, "Action ajoutée.")
            self._leave()

        self._enter(write, partial(self._complain, self.action_form))

    def ask_units(self, risks: Sequence[str], without: Iterable[str]) -> None:
        """Ask to which units risks are to be copied."""
        session = self._session
        mine = {each: session.department_name(each) for each in session.departments}
        owners = session.owners(session.store.catalogue["work_unit"])
        with session.store.reading() as read:
            root = unit_tree(read, mine, session.store.today(), owners)
        self._show_form(self.chooser)
        self.chooser.ask(root, without, risks)

    def ask_names(self, node: TreeNode, risks: int) -> None:
        """Ask for the names of units like a node of the tree, which has so many risks."""
        self._show_form(self.new_units)
        self.new_units.ask(node, risks)

    def ask_values(self, risks: Sequence[str]) -> None:
        """Ask what risks are to have in common."""
        self._show_form(self.edit_pane)
        self.edit_pane.ask(risks)

    def move_to(self, risks: Sequence[str], unit: str, name: str) -> bool:
        """Say that risks are those of another unit, which is called so; False where refused."""
        moved = words.count(len(risks), "risque déplacé", "risques déplacés")
        return self._try(
            lambda: risk_document.move(self._session.store, risks, unit),
            f"{moved} vers «\u00a0{name}\u00a0».",
        )

    def remove(self, risks: Sequence[str], reason: str) -> None:
        """Delete risks with what is theirs, for a reason."""
        gone = words.count(len(risks), "risque supprimé", "risques supprimés")
        whose = "ses" if len(risks) == 1 else "leurs"
        self._try(
            lambda: risk_document.remove(self._session.store, risks, reason),
            f"{gone}, avec {whose} mesures et actions à faire.",
        )

    def _try(self, act: Callable[[], Changes], told: str) -> bool:
        """Write something, now or when it is its turn; returns whether it is not refused now."""
        return self._session.write_or_tell(lambda: self._after(act(), told))

    def _after(self, done: Changes, told: str) -> None:
        self._session.tell(done)
        self._session.say(f"{told} Annuler (Ctrl Z)")
