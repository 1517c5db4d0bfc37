"""The head of the programme's page: which year, of which unit, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from prevention_app.domain.programme import YearFigures
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services.programme_scope import ORG_UNIT, WORK_UNIT, Scope
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import style, words
from prevention_app.ui.counter import Counter
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.report_figures import UNKNOWN, percent_text
from prevention_app.ui.segments import Segments

DONE, VOTED, PLANNED, COMMITTED, SPENT, LATE = (
    "done",
    "voted",
    "planned",
    "committed",
    "spent",
    "late",
)
_CARDS: Final = {
    DONE: ("Réalisation", "target", ""),
    VOTED: ("Crédits votés", "inbox", ""),
    PLANNED: ("Prévu", "tag", ""),
    COMMITTED: ("Engagé", "list-checks", ""),
    SPENT: ("Dépensé", "circle-check", ""),
    LATE: ("En retard", "triangle-alert", "bad"),
}
_THOUSAND, _MILLION = 1_000, 1_000_000
_MANY: Final = 100_000
"""From so many euros on, a card has room for thousands only."""
MEASURES, RERATINGS, UNTREATED = "measures", "reratings", "untreated"
PARTS: Final = {MEASURES: "Mesures", RERATINGS: "À recoter", UNTREATED: "Sans action"}
"""The parts of the page."""
_KINDS: Final = {NodeKind.ORG_UNIT: ORG_UNIT, NodeKind.WORK_UNIT: WORK_UNIT}


class ProgrammeHead(QWidget):
    """Year, unit, figures."""

    year_chosen = Signal(int)
    unit_chosen = Signal()
    card_chosen = Signal(str)
    """A figure was clicked: which."""

    def __init__(self) -> None:
        """Nothing to choose from yet."""
        super().__init__()
        self.years = QComboBox()
        self.years.setAccessibleName("Année du programme")
        self.years.currentIndexChanged.connect(lambda: self.year_chosen.emit(self.year))
        self.units = QComboBox()
        self.units.setAccessibleName("Direction, service ou unité de travail")
        self.units.setMinimumContentsLength(18)
        self.units.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.units.currentIndexChanged.connect(lambda _: self.unit_chosen.emit())
        self.parts = Segments("Partie de la page")
        self.parts.offer(PARTS.items())
        self.balance = ElidingLabel()
        style.mark(self.balance, "look", "secondary")
        self.summary = QLabel()
        style.mark(self.summary, "look", "strong")
        self.cards = {key: Counter(*words) for key, words in _CARDS.items()}
        for key, card in self.cards.items():
            card.clicked.connect(lambda _=False, key=key: self.card_chosen.emit(key))
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.years)
        choices.addWidget(self.units)
        choices.addWidget(self.parts)
        choices.addWidget(self.balance, 1)
        self._figures = QWidget()
        figures = QHBoxLayout(self._figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(12)
        for card in self.cards.values():
            figures.addWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(choices)
        column.addWidget(self._figures)
        column.addWidget(self.summary)
        self.use_room(high=True, wide=True)

    def use_room(self, *, high: bool, wide: bool) -> None:
        """A low window has the figures in one line of text, a narrow one no words beside them."""
        self._figures.setVisible(high)
        self.summary.setVisible(not high)
        self.balance.setVisible(wide)

    # -- what is chosen --------------------------------------------------------------------

    def offer_years(self, years: Sequence[int], chosen: int) -> None:
        """Offer these years; says nothing to listeners."""
        with QSignalBlocker(self.years):
            self.years.clear()
            for each in years:
                self.years.addItem(f"Programme {each}", each)
            self.years.setCurrentIndex(max(self.years.findData(chosen), 0))

    @property
    def year(self) -> int:
        """The year chosen."""
        return int(self.years.currentData() or 0)

    def offer_units(self, root: TreeNode) -> None:
        """Offer the whole and each unit of the tree, what was chosen staying so."""
        before = self.units.currentData()
        with QSignalBlocker(self.units):
            self.units.clear()
            for node in root.walk():
                if node is root or node.kind in _KINDS:
                    depth = len(node.path) - 1
                    self.units.addItem(f"{2 * depth * NO_BREAK}{node.name}", _data(node))
            self.units.setCurrentIndex(max(self.units.findData(before), 0))

    def scope(self, owners: tuple[str, ...]) -> Scope:
        """Whose programme is wanted."""
        register, _, unit = str(self.units.currentData() or "").partition(" ")
        if not unit:
            return Scope(owners)
        return Scope(owners, register, unit, self.units.currentText().strip(NO_BREAK))

    # -- what it comes to ------------------------------------------------------------------

    def show_figures(self, figures: YearFigures) -> None:
        """Show what the programme comes to."""
        own, carried = figures.own.progress, figures.carried.progress
        finished = f"{number_text(own.finished)} sur {number_text(own.total - own.abandoned)}"
        if carried.total:
            finished += f", reportées {number_text(carried.finished)} sur {carried.total}"
        show = {key: card.show_text for key, card in self.cards.items()}
        show[DONE](percent_text(figures.own.rate), finished)
        voted = UNKNOWN if figures.voted is None else _euros(figures.voted)
        show[VOTED](voted, "à renseigner" if figures.voted is None else "")
        beyond = figures.beyond_credits
        told = f"{_euros(beyond)} de plus que votés" if beyond else ""
        show[PLANNED](_euros(figures.planned), told)
        engaged = f"sur {_euros(figures.planned)}" if figures.planned else ""
        show[COMMITTED](_euros(figures.committed), engaged)
        show[SPENT](_euros(figures.spent), engaged)
        for key, amount in (
            (VOTED, figures.voted),
            (PLANNED, figures.planned),
            (COMMITTED, figures.committed),
            (SPENT, figures.spent),
        ):
            if amount is not None and amount >= _MANY:
                self.cards[key].tell_more(f"{number_text(amount, 2)}{NO_BREAK}€")
        if figures.planned:
            by_cost = percent_text(figures.own.rate_by_cost)
            self.cards[DONE].tell_more(f"{by_cost} des coûts prévus")
        self.summary.setText(
            f"{percent_text(figures.own.rate)} réalisé ({finished}) · prévu "
            f"{_euros(figures.planned)} · {number_text(figures.late)} en retard"
        )
        self.cards[LATE].show_number(
            figures.late, f"dont {carried.late} reportées" if carried.late else ""
        )

    def say_balance(self, text: str) -> None:
        """Say what became of the year before, beside the choices."""
        self.balance.setText(words.sentence(text))
        self.balance.setToolTip(words.sentence(text))


def _data(node: TreeNode) -> str:
    kind = _KINDS.get(node.kind)
    return f"{kind} {node.key}" if kind else ""


def _euros(amount: Decimal) -> str:
    """An amount as a card has room for it."""
    if _MANY <= amount < _MILLION:
        return f"{number_text(amount / _THOUSAND, 0)}{NO_BREAK}k€"
    if amount >= _MILLION:
        return f"{number_text(amount / _MILLION, 2)}{NO_BREAK}M€"
    return f"{number_text(amount, 0)}{NO_BREAK}€"
