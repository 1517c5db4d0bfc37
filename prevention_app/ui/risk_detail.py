"""One risk beside the table: what it is, how it is rated, what protects, what is to be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import Field
from prevention_app.catalogue.risk_document import ExistingMeasure, PlannedAction, Rating
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.due_rules import action_due
from prevention_app.domain.ratings import RatingMethod, figures_of, initial, residual
from prevention_app.services.risk_document import RiskDetail, Step
from prevention_app.services.risk_index import LAST_RESORTS
from prevention_app.ui import icons, style, theme, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.rating_chip import RatingLabel, initial_mark, number_of, residual_mark
from prevention_app.ui.rating_panel import RatingPanel
from prevention_app.ui.session import Session

W = TypeVar("W", bound=QWidget)
_FEW: Final = 3
"""How many changes are shown before « Tout voir »."""
_SERIOUS: Final = 3
_STATE_ICONS: Final = {
    ActionState.IN_PROGRESS: ("clock", "info"),
    ActionState.ONGOING: ("clock", "info"),
    ActionState.DONE: ("circle-check", "good"),
    ActionState.VERIFIED: ("circle-check", "good"),
}
_TO_DO: Final = ("circle-minus", "neutral")
_LATE: Final = ("triangle-alert", "bad")


def _label(look: str = "", *, wrap: bool = True) -> QLabel:
    made = QLabel()
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        style.mark(made, "look", look)
    return made


def _tag() -> QLabel:
    made = _label("tag", wrap=False)
    made.setFixedHeight(theme.height("state_chip"))
    return made


class LineButton(QPushButton):
    """A line of several texts that can be opened."""

    def __init__(self, parent: QWidget) -> None:
        """Its texts are put into its row."""
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(4, 4, 4, 4)
        self.setObjectName("line")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Its texts are broken into lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its texts."""
        return self.row.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        """As large as its texts."""
        return self.row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As large as its texts at least."""
        return self.row.totalMinimumSize()


class MeasureLine(QWidget):
    """An existing measure and what kind it is."""

    def __init__(self, parent: QWidget) -> None:
        """No measure yet."""
        super().__init__(parent)
        self._title = _label()
        self._kind = _tag()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.addWidget(self._title, 1)
        row.addWidget(self._kind, 0, Qt.AlignmentFlag.AlignTop)

    def show_measure(self, measure: ExistingMeasure, kinds: Field) -> None:
        """Show one."""
        self._title.setText(measure.title)
        option = kinds.option(str(measure.measure_type)) if measure.measure_type else None
        self._kind.setText(option.label_fr if option else "")
        self._kind.setVisible(option is not None)


class ActionLine(LineButton):
    """A planned action: where it stands, its pilot and its date; opens its record."""

    def __init__(self, parent: QWidget) -> None:
        """No action yet."""
        super().__init__(parent)
        self.action_id = ""
        self._icon = IconLabel("circle-minus")
        self._title = _label("label")
        self._under = _label("secondary")
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


class StepLine(QWidget):
    """One change of the past."""

    def __init__(self, parent: QWidget) -> None:
        """No change yet."""
        super().__init__(parent)
        self._text = _label("secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 0, 2)
        row.setSpacing(9)
        row.addWidget(IconLabel("clock", "text_tertiary", 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def show_text(self, text: str) -> None:
        """Say what was changed."""
        self._text.setText(text)


class Lines(QWidget, Generic[W]):
    """Lines of one kind, made once and shown again: dressing new ones is what takes time."""

    def __init__(self, make: Callable[[QWidget], W], parent: QWidget) -> None:
        """No lines yet."""
        super().__init__(parent)
        self._make = make
        self._lines: list[W] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def take(self, number: int) -> list[W]:
        """So many lines, to be filled."""
        while len(self._lines) < number:
            self._lines.append(self._make(self))
            self._column.addWidget(self._lines[-1])
        for at, each in enumerate(self._lines):
            each.setVisible(at < number)
        self.setVisible(number > 0)
        return self._lines[:number]


class SectionHead(QWidget):
    """The heading of a part: its name, how many, and what one can do there."""

    def __init__(self, parent: QWidget, name: str, link: str = "", icon: str = "") -> None:
        """A line above, the name at the left, a link at the right."""
        super().__init__(parent)
        self._name = name
        self._label = _label("strong", wrap=False)
        self.link = QPushButton(f"\u00a0{link}" if icon else link)
        if icon:
            self.link.setIcon(icons.icon(icon, "accent"))
        style.mark(self.link, "look", "link")
        if not link:
            self.link.hide()
        line = QFrame()
        line.setObjectName("hairline")
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(self._label, 1)
        row.addWidget(self.link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addLayout(row)

    def count(self, number: int) -> None:
        """Say how many there are."""
        self._label.setText(f"{self._name}  {number}" if number else self._name)


class _Card(QFrame):
    """One of the two ratings: its name, its chip, how it is computed."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName("sunken")
        title = _label("secondary", wrap=False)
        title.setText(name)
        self.chip = RatingLabel("section")
        self.formula = _label("secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self.chip)
        column.addWidget(self.formula)
        column.addStretch(1)


class RiskDetailView(QWidget):
    """The pane of one risk."""

    rate_asked = Signal()
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
        self._situation = _label("section")
        self._harm = _label("secondary")
        for each in (self._situation, self._harm, self._make_tags(), *self._make_ratings()):
            column.addWidget(each)
        self._make_sections()
        for each in (
            *(self._measure_head, self._measures),
            *(self._action_head, self._actions),
            *(self._past_head, self._past),
        ):
            column.addWidget(each)
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
        self._tags = [_tag() for _ in range(4)]
        for each in self._tags:
            flow.addWidget(each)
        return row

    def _make_ratings(self) -> list[QWidget]:
        cards = QWidget(self._content)
        self._initial, self._residual = _Card(cards, "Brut"), _Card(cards, "Résiduel")
        row = QHBoxLayout(cards)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(6)
        self._initial_arrow = IconLabel("arrow-right")
        row.addWidget(self._initial, 1)
        row.addWidget(self._initial_arrow)
        row.addWidget(self._residual, 1)
        self._control = _label("label")
        self.rate_link = QPushButton("Recoter")
        self.rate_link.setToolTip("Recoter (E)")
        style.mark(self.rate_link, "look", "link")
        self.rate_link.clicked.connect(self.rate_asked)
        control = QWidget(self._content)
        line = QHBoxLayout(control)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._control, 1)
        line.addWidget(self.rate_link, 0, Qt.AlignmentFlag.AlignTop)
        self._decision = _label("secondary")
        self._warning = QWidget(self._content)
        warned = QHBoxLayout(self._warning)
        warned.setContentsMargins(0, 2, 0, 2)
        warned.setSpacing(8)
        told = _label("warning")
        told.setText(
            "Toutes les mesures sont des EPI ou des formations\u00a0: cherchez d’abord à agir à la "
            "source, puis collectivement (L4121-2)."
        )
        warned.addWidget(IconLabel("triangle-alert", "warn"), 0, Qt.AlignmentFlag.AlignTop)
        warned.addWidget(told, 1)
        return [cards, control, self.panel, self._decision, self._warning]

    def _make_sections(self) -> None:
        content = self._content
        self._measure_head = SectionHead(content, "Mesures existantes")
        self._measures = Lines(MeasureLine, content)
        self._action_head = SectionHead(content, "Actions de prévention", "Ajouter", "plus")
        self._action_head.link.setAccessibleName("Ajouter une action")
        self._action_head.link.setToolTip("Ajouter une action (M)")
        self._action_head.link.clicked.connect(self.action_asked)
        self._actions = Lines(self._make_action_line, content)
        self._past_head = SectionHead(content, "Historique", "Tout voir")
        self._past_head.link.clicked.connect(self._turn_past)
        self._past = Lines(StepLine, content)

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
        self._show_ratings(found)
        self._show_measures(found)
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
        for tag, text in zip(self._tags, told, strict=True):
            cut = text if len(text) <= 42 else f"{text[:41]}…"
            tag.setText(cut)
            tag.setToolTip(text if cut != text else "")
            tag.setVisible(bool(text))

    def _show_ratings(self, found: RiskDetail) -> None:
        method, rating, assessed = found.method, found.rating, found.assessment
        for each in (self._initial, self._initial_arrow):
            each.setVisible(bool(method.gross))
        self._initial.chip.show_mark(initial_mark(assessed, method.unrated, wide=True))
        self._residual.chip.show_mark(residual_mark(assessed, method.unrated, wide=True))
        self._initial.formula.setText(_initial_words(found))
        self._residual.formula.setText(_residual_words(found))
        rated = _measures_words(found)
        hint = rating is not None and assessed is None
        if hint:
            rated = "Cotation recopiée, à confirmer sur place" if found.risk.source else "À évaluer"
        day = words.short_day(rating.rated_on, self._today) if rating and rating.rated_on else ""
        parts = (rated or "Jamais coté", f"coté le {day}" if day and not hint else "")
        self._control.setText(words.sentence(" · ".join(filter(None, parts))))
        self.rate_link.setText("Recoter" if assessed else "Coter")
        self.rate_link.setVisible(self._writable)
        decision = assessed.decision if assessed else None
        self._decision.setText(
            words.sentence(f"Décision\u00a0: {decision.label_fr}") if decision else ""
        )
        self._decision.setVisible(decision is not None)

    def _show_measures(self, found: RiskDetail) -> None:
        self._measure_head.count(len(found.measures))
        lines = self._measures.take(len(found.measures))
        for line, measure in zip(lines, found.measures, strict=True):
            line.show_measure(measure, self._kinds)
        serious = found.assessment and found.assessment.residual_level.rank >= _SERIOUS
        kinds = {each.measure_type for each in found.measures}
        self._warning.setVisible(bool(serious and kinds and kinds <= set(LAST_RESORTS)))

    def show_past(self, steps: Sequence[Step]) -> None:
        """Show what was changed, the last of it first."""
        self._steps = steps
        self._past_head.count(len(steps))
        self._past_head.link.setVisible(len(steps) > _FEW)
        self._past_head.link.setText("En voir moins" if self._all_steps else "Tout voir")
        shown = steps if self._all_steps else steps[:_FEW]
        for line, step in zip(self._past.take(len(shown)), shown, strict=True):
            line.show_text(_step_words(step, self.found, self._today))

    def _turn_past(self) -> None:
        self._all_steps = not self._all_steps
        self.show_past(self._steps)

    # -- rating ----------------------------------------------------------------------------

    def open_panel(self) -> None:
        """Let the risk be rated anew."""
        if self.found is not None:
            self.panel.show_risk(self.found)
            self.panel.show()
            self._scroll.ensureWidgetVisible(self.panel)
            self.panel.scales[0].take_focus()

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


def _initial_words(found: RiskDetail) -> str:
    """« Grave (G 3) × fréquente (F 3) »: what the gross value is made of."""
    return _product_words(found, found.method.gross)


def _product_words(found: RiskDetail, criteria: Sequence[str]) -> str:
    if found.rating is None:
        return "à coter"
    figures, words_of = figures_of(found.rating), list[str]()
    for each in criteria:
        scale = found.method.scales[each]
        step = scale.step(figures[each])
        if step is None:
            return "à compléter"
        said = step.label_fr.lower() if words_of else step.label_fr
        words_of.append(f"{said} ({scale.letter}\u00a0{step.value})")
    return " × ".join(words_of)


def _reducing(method: RatingMethod) -> list[str]:
    """What the residual value takes in beside the gross one."""
    return [each for each in method.net if each not in method.gross] if method.gross else []


def _measures_words(found: RiskDetail) -> str:
    """« Maîtrise 3 : partielle »."""
    said: list[str] = []
    for each in _reducing(found.method):
        scale = found.method.scales[each]
        step = scale.step(getattr(found.rating, each)) if found.rating else None
        if step is not None:
            said.append(f"{scale.label_fr} {step.value}\u00a0: {step.label_fr.lower()}")
    return ", ".join(said) or (found.method.name_fr if found.assessment else "")


def _residual_words(found: RiskDetail) -> str:
    """« 9 × maîtrise 0,75 »; where there is one value only, what it is made of."""
    rating, method = found.rating, found.method
    if rating is None:
        return "à coter"
    if not method.gross:
        return _product_words(found, method.net)
    figures = figures_of(rating)
    factors = [number_of(initial(method, figures))]
    for each in _reducing(method):
        step = method.scales[each].step(figures[each])
        if step is None:
            return "à coter"
        factors.append(f"{method.scales[each].label_fr.lower()} {number_of(step.coefficient)}")
    return " × ".join(factors)


def _step_words(step: Step, found: RiskDetail | None, today: date) -> str:
    """« Résiduel 8 → 12, C. Marchand, 6 oct. « Presqu’accident du 28 septembre » »."""
    ratings = {record.id for record, _ in step.changes if isinstance(record, Rating)}
    what, reason = _rating_words(found, ratings) if found and ratings else ("", "")
    if not what:
        labels = dict.fromkeys(event.label.lower() for _, event in step.changes if event.old)
        told = ", ".join(list(labels)[:3])
        what = f"{step.name}\u00a0: {told}" if told else step.name
    day = words.short_day(step.when.astimezone().date(), today)
    text = ", ".join(filter(None, (words.sentence(what), step.who, day)))
    return f"{text}\n«\u00a0{reason}\u00a0»" if reason else text


def _rating_words(found: RiskDetail, touched: set[str]) -> tuple[str, str]:
    """What a rating made of the residual value of the one before, and why."""
    for at, rating in enumerate(found.ratings):
        if rating.id in touched:
            before = found.ratings[at + 1] if at + 1 < len(found.ratings) else None
            values = [number_of(_residual(found, each)) for each in (before, rating) if each]
            return f"Résiduel {' → '.join(filter(None, values))}", rating.reason or ""
    return "", ""


def _residual(found: RiskDetail, rating: Rating) -> Decimal | None:
    method = found.methods.get(rating.method)
    return residual(method, figures_of(rating)) if method else None
