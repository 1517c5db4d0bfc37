"""One risk beside the table: what it is, how it is rated, what protects, what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.due_rules import action_due
from prevention_app.services.risk_document import RiskDetail, Step
from prevention_app.ui import icons, style, words
from prevention_app.ui.detail_lines import LineButton, Lines, SectionHead, StepLine, label, tag
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.measures_section import MeasuresSection
from prevention_app.ui.psychosocial_grid import GridLink
from prevention_app.ui.rating_panel import RatingPanel
from prevention_app.ui.rating_view import RatingView
from prevention_app.ui.rating_words import step_words
from prevention_app.ui.risk_links import RiskLinks
from prevention_app.ui.session import Session

_MARGIN: Final = 12
_FEW: Final = 3
"""How many changes are shown before « Tout voir »."""
_STATE_ICONS: Final = {
    ActionState.IN_PROGRESS: ("clock", "info"),
    ActionState.ONGOING: ("clock", "info"),
    ActionState.DONE: ("circle-check", "good"),
    ActionState.VERIFIED: ("circle-check", "good"),
}
_TO_DO: Final = ("circle-minus", "neutral")
_LATE: Final = ("triangle-alert", "bad")


class ActionLine(LineButton):
    """A planned action: where it stands, its pilot and its date; opens its record."""

    def __init__(self, parent: QWidget) -> None:
        """No action yet."""
        super().__init__(parent)
        self.action_id = ""
        self._icon = IconLabel("circle-minus")
        self._title = label("label")
        self._under = label("secondary")
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._title)
        texts.addWidget(self._under)
        self.row.setSpacing(9)
        self.row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.row.addLayout(texts, 1)
        for each in (self._title, self._under):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_action(self, action: PlannedAction, states: Field, today: date) -> None:
        """Show one."""
        self.action_id = action.id
        due = action_due(action, today)
        late = due is not None and due.due_on is not None and due.due_on < today
        state = ActionState(action.state)
        self._icon.show_icon(*(_LATE if late else _STATE_ICONS.get(state, _TO_DO)))
        self._title.setText(action.title)
        option = states.option(action.state)
        parts = [action.pilot or "À attribuer", _date_words(action, today)]
        if not late:
            parts.append(option.label_fr.lower() if option else "")
        self._under.setText(" · ".join(filter(None, parts)))
        style.mark(self._under, "look", "problem" if late else "secondary")
        self.setAccessibleName(f"{action.title}, {self._under.text()}")
        self.setToolTip("Ouvrir l’action")
        self.updateGeometry()


def _date_words(action: PlannedAction, today: date) -> str:
    due = action_due(action, today)
    if due is None:
        return words.short_day(action.done_on, today) if action.done_on else ""
    if due.due_on is None:
        return action.due_text or "sans date"
    day = words.short_day(due.due_on, today)
    if due.due_on < today:
        return f"{day} · {words.count((today - due.due_on).days, 'jour')} de retard"
    return day


class RiskDetailView(QWidget):
    """The pane of one risk."""

    rate_asked = Signal()
    confirm_asked = Signal()
    action_asked = Signal()
    open_asked = Signal(str, str)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """No risk yet; widgets are made in their place, as Qt dresses what is moved once more."""
        super().__init__(parent)
        catalogue = session.store.catalogue
        self._states = catalogue["planned_action"].by_key["state"]
        self._kinds = catalogue["existing_measure"].by_key["measure_type"]
        self.found: RiskDetail | None = None
        self._steps: Sequence[Step] = ()
        self._all_steps = False
        self._today = date.min
        self._writable = False
        self._session = session
        self._scroll = QScrollArea(self)
        self._content = QWidget(self._scroll)
        self.panel = RatingPanel(session, self._content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._make_head())
        outer.addWidget(self._make_content(), 1)
        self.panel.hide()
        self.panel.closed.connect(self.close_panel)
        self.panel.reached.connect(lambda each: self._scroll.ensureWidgetVisible(each, 0, _MARGIN))

    # -- what it is made of ----------------------------------------------------------------

    def _make_head(self) -> QHBoxLayout:
        self._reference = ElidingLabel()
        style.mark(self._reference, "look", "secondary")
        row = QHBoxLayout()
        row.setContentsMargins(18, 10, 10, 4)
        row.addWidget(self._reference, 1)
        for icon, name, act in (
            ("pencil", "Ouvrir la fiche (Entrée)", self._open),
            ("x", "Fermer le détail (Espace)", self.closed.emit),
        ):
            made = QToolButton()
            made.setIcon(icons.icon(icon))
            made.setToolTip(name)
            made.setAccessibleName(name)
            made.clicked.connect(act)
            row.addWidget(made)
            if self.focusProxy() is None:
                self.setFocusProxy(made)
        return row

    def _make_content(self) -> QScrollArea:
        content = self._content
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 4, 18, 18)
        column.setSpacing(6)
        self.links = RiskLinks(self._session, content)
        self._situation = label("section")
        self._harm = label("secondary")
        for each in (self._situation, self._harm, self._make_tags(), *self._make_ratings()):
            column.addWidget(each)
        self._make_sections()
        for each in (
            self.links,
            self.measures,
            *(self._action_head, self._actions),
            *(self._past_head, self._past),
        ):
            column.addWidget(each)
        column.addWidget(self.grid_link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bare area would have no role to be said: its buttons take the focus.
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        return self._scroll

    def _make_tags(self) -> QWidget:
        row = QWidget(self._content)
        flow = FlowLayout(row, 6)
        self._tags = [tag() for _ in range(4)]
        for each in self._tags:
            flow.addWidget(each)
        return row

    def _make_ratings(self) -> list[QWidget]:
        self.rating = RatingView(self._content)
        self.rating.rate_asked.connect(self.rate_asked)
        self.rating.confirm_asked.connect(self.confirm_asked)
        self.rating.date_asked.connect(self._open_rating)
        self._decision = label("secondary")
        return [self.rating, self.panel, self._decision]

    def _make_sections(self) -> None:
        content = self._content
        self.measures = MeasuresSection(self._kinds, content)
        self._action_head = SectionHead(content, "Actions de prévention", "Ajouter", "plus")
        self._action_head.link.setAccessibleName("Ajouter une action")
        self._action_head.link.setToolTip("Ajouter une action (M)")
        self._action_head.link.clicked.connect(self.action_asked)
        self._actions = Lines(self._make_action_line, content)
        self._past_head = SectionHead(content, "Historique", "Tout voir")
        self._past_head.link.clicked.connect(self._turn_past)
        self._past = Lines(StepLine, content)
        self.grid_link = GridLink(self._session, content)

    def _make_action_line(self, parent: QWidget) -> ActionLine:
        made = ActionLine(parent)
        made.clicked.connect(lambda: self.open_asked.emit("planned_action", made.action_id))
        return made

    # -- showing ---------------------------------------------------------------------------

    def show_risk(self, found: RiskDetail, today: date, *, writable: bool) -> None:
        """Show a risk; a rating that is being entered for it stays."""
        other = self.found is None or self.found.risk.id != found.risk.id
        self.found, self._today, self._writable = found, today, writable
        if other:
            self.panel.keep_draft()
            self.panel.hide()
            self._all_steps = False
            self._scroll.verticalScrollBar().setValue(0)
            self.show_past(())
        risk = found.risk
        self._reference.setText(
            f"{risk.reference} · {found.unit}" if found.unit else risk.reference
        )
        self._situation.setText(risk.situation)
        self._harm.setText(risk.harm or "")
        self._harm.setVisible(bool(risk.harm))
        self._show_tags(found)
        self.rating.show_risk(found, today, writable=writable)
        self._show_decision(found)
        self.links.show_risk(found, writable=writable)
        self.measures.show_risk(found, writable=writable)
        self.grid_link.show_risk(found)
        self._action_head.count(len(found.actions))
        self._action_head.link.setVisible(writable)
        lines = self._actions.take(len(found.actions))
        for line, action in zip(lines, found.actions, strict=True):
            line.show_action(action, self._states, today)

    def _show_tags(self, found: RiskDetail) -> None:
        risk = found.risk
        told = (
            found.family.name if found.family else "Sans famille",
            _exposed(risk.exposed, risk.exposed_women),
            "CMR" if risk.cmr else "",
            risk.factor or "",
        )
        for each, text in zip(self._tags, told, strict=True):
            cut = text if len(text) <= 42 else f"{text[:41]}…"
            each.setText(cut)
            each.setToolTip(text if cut != text else "")
            each.setVisible(bool(text))

    def _show_decision(self, found: RiskDetail) -> None:
        decision = found.assessment.decision if found.assessment else None
        self._decision.setText(
            words.sentence(f"Décision : {decision.label_fr}") if decision else ""
        )
        self._decision.setVisible(decision is not None)

    def show_past(self, steps: Sequence[Step]) -> None:
        """Show what was changed, the last of it first."""
        self._steps = steps
        self._past_head.count(len(steps))
        self._past_head.link.setVisible(len(steps) > _FEW)
        self._past_head.link.setText("En voir moins" if self._all_steps else "Tout voir")
        shown = steps if self._all_steps else steps[:_FEW]
        for line, step in zip(self._past.take(len(shown)), shown, strict=True):
            line.show_text(step_words(step, self.found, self._today))

    def _turn_past(self) -> None:
        self._all_steps = not self._all_steps
        self.show_past(self._steps)

    # -- rating ----------------------------------------------------------------------------

    def open_panel(self) -> None:
        """Let the risk be rated anew."""
        if self.found is not None:
            self.panel.show_risk(self.found)
            self.panel.show()
            self._show_whole_panel()
            self.panel.scales[0].take_focus()

    def _show_whole_panel(self) -> None:
        """Its top stands at the top where it does not fit below what is above it."""
        self._content.adjustSize()
        top, bar = self.panel.y() - _MARGIN, self._scroll.verticalScrollBar()
        if top + self.panel.sizeHint().height() > bar.value() + self._scroll.viewport().height():
            bar.setValue(top)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page ↑ and Page ↓ scroll, whichever button has the focus."""
        steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        bar = self._scroll.verticalScrollBar()
        if event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())] * bar.pageStep())
        else:
            super().keyPressEvent(event)

    def close_panel(self) -> None:
        """Rate later."""
        self.panel.hide()
        self.setFocus()

    def _open_rating(self) -> None:
        if self.found is not None and self.found.rating is not None:
            self.open_asked.emit("rating", self.found.rating.id)

    def _open(self) -> None:
        if self.found is not None:
            self.open_asked.emit("risk", self.found.risk.id)


def _exposed(number: int | None, women: int | None) -> str:
    if number is None:
        return ""
    text = words.count(number, "agent exposé", "agents exposés")
    if women is None or women > number:
        return text
    return f"{text} · {women} F, {number - women} H"
