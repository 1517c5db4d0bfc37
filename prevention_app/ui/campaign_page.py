"""« Campagne »: where each unit stands, what came back, what else asks for an update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.catalogue.campaign import Campaign, UnitState
from prevention_app.services import campaign as campaigns
from prevention_app.services import campaign_reasons, campaign_view
from prevention_app.services.campaign_view import UnitLine
from prevention_app.ui import style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.campaign_asks import CampaignAsks
from prevention_app.ui.campaign_files import CampaignFiles
from prevention_app.ui.campaign_reasons_list import ReasonsList
from prevention_app.ui.campaign_units import CampaignUnits
from prevention_app.ui.due_panel import DuePanel
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.file_choice import files_of
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.proposal_card import ProposalCard
from prevention_app.ui.proposal_list import ProposalLine, ProposalList, proposal_lines
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

UNITS: Final = "units"
ANSWERS: Final = "answers"
REASONS: Final = "reasons"
_PARTS: Final = {
    UNITS: "Unités",
    ANSWERS: "Réponses",
    REASONS: "Motifs de mise à jour",
}
_SHOWN_HERE: Final = {
    "update_campaign", "campaign_unit", "update_answer", "collect_sheet", "proposal", "risk",
    "rating", "work_unit", "org_unit", "site", "planned_action",
    *(each.register for each in campaign_reasons.SOURCES),
}  # fmt: skip
_STATE_LETTERS: Final = {
    UnitState.TO_DO: "F",
    UnitState.ON_SITE: "S",
    UnitState.RATED: "C",
    UnitState.VALIDATED: "V",
}
StartWork = Callable[..., Operation]


class CampaignPage(Page):
    """Three parts: the units, the answers that came back, the reasons for updating."""

    unit_asked = Signal(str)
    """A work unit is to be shown in the document unique: its id."""
    part_shown = Signal()
    """Another part is shown: its keys are others."""
    title = "Campagne"

    def __init__(self, session: Session, start: StartWork) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.session = session
        self.campaign: Campaign | None = None
        self._lines: Sequence[UnitLine] = ()
        self._proposals: Sequence[ProposalLine] = ()
        self._behind = True
        self.parts = Segments("Partie de la campagne")
        self.parts.offer(_PARTS.items())
        self.units, self.reasons = CampaignUnits(), ReasonsList()
        self.proposals, self.card = ProposalList(), ProposalCard()
        self.banner, self.empty = Banner(), EmptyState()
        self.panel = DuePanel(session)
        self.asks = CampaignAsks(session, self.panel)
        self.files = CampaignFiles(session, start, self.banner, self)
        self._summary = ElidingLabel()
        style.mark(self._summary, "look", "secondary")
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.read_button = button("Relever des réponses…", "inbox")
        self.remind_button = button("Relances…", "clock")
        self.actions_button = button("Actions des pilotes…", "target")
        self.send_button = button("Préparer les fiches…", "download", "primary")
        self.start_button = button("Commencer une campagne", "plus", "primary")
        self.read_button.clicked.connect(self.files.ask_to_read)
        self.remind_button.clicked.connect(lambda: self.files.ask_to_remind(self.owner))
        self.actions_button.clicked.connect(lambda: self.files.ask_to_send_actions(self.owner))
        self.send_button.clicked.connect(self._send)
        self.start_button.clicked.connect(lambda: self.asks.start(self.owner))
        self.buttons = [
            self.read_button, self.remind_button, self.actions_button, self.send_button,
        ]  # fmt: skip

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        head.setSpacing(14)
        head.addWidget(self.parts)
        head.addWidget(self._summary, 1)
        line = QFrame()
        line.setObjectName("hairline")
        self._told = QWidget()
        told = QVBoxLayout(self._told)
        told.setContentsMargins(20, 10, 20, 10)
        told.setSpacing(8)
        for each in (self.banner, self.panel):
            told.addWidget(each)
            each.installEventFilter(self)
        self._told.hide()
        answers = QWidget()
        beside = QVBoxLayout(answers)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.proposals, 1)
        beside.addWidget(self.card)
        self.empty.add_button(self.start_button)
        self._stack = QStackedWidget()
        self._places = {UNITS: self.units, ANSWERS: answers, REASONS: self.reasons}
        for each in (*self._places.values(), self.empty):
            self._stack.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self._told)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.parts.chosen.connect(self.show_part)
        self.units.opened.connect(lambda _: self._open_unit())
        self.units.moved.connect(self._tell)
        self.proposals.opened.connect(lambda _: self._correct())
        self.proposals.moved.connect(self._show_proposal)
        self.reasons.opened.connect(lambda _: self._open_reason())
        self.reasons.moved.connect(self._tell)
        self.panel.closed.connect(self.focus_main)
        self.card.accept_button.clicked.connect(self._accept)
        self.card.correct_button.clicked.connect(self._correct)
        self.card.refuse_button.clicked.connect(self._refuse)
        self._unit_deeds, self._answer_deeds, self._reason_deeds = self._make_deeds()
        listen(self._unit_deeds, self.units)
        listen(self._answer_deeds, self.proposals)
        listen(self._reason_deeds, self.reasons)
        self.session.changed.connect(self.refresh)
        self.session.owners_changed.connect(partial(self.refresh, None))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is told and asked takes no room while there is nothing."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._told.setVisible(not (self.banner.isHidden() and self.panel.isHidden()))
        return super().eventFilter(watched, event)

    @property
    def owner(self) -> str:
        """The department whose campaign is shown."""
        return self.session.owner_of_new or self.session.store.department

    # -- showing ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._behind:
            self.read()

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written, where somebody looks."""
        if registers is None or registers & _SHOWN_HERE:
            self._behind = True
            if self.isVisible():
                self.read()

    def read(self) -> None:
        """Read all three parts: their numbers stand on the segments."""
        self._behind = False
        store = self.session.store
        today = store.today()
        with store.reading() as reader:
            self.campaign = self._campaign_shown(campaigns.campaigns(reader, (self.owner,)))
            self._proposals = proposal_lines(reader, (self.owner,))
            reasons = campaign_reasons.update_reasons(reader, (self.owner,), today)
        self._lines = campaign_view.lines(store, self.campaign) if self.campaign else ()
        self.units.show_units(self._lines, today)
        self.proposals.show_proposals(self._proposals, today)
        self.reasons.show_reasons(reasons, today)
        self.parts.count(
            {UNITS: len(self._lines), ANSWERS: len(self._proposals), REASONS: len(reasons)}
        )
        open_one = self.campaign is not None and self.campaign.closed_on is None
        for each in (self.remind_button, self.actions_button, self.read_button):
            each.setVisible(True)
        self.send_button.setVisible(open_one)
        self._show()

    @staticmethod
    def _campaign_shown(known: Sequence[Campaign]) -> Campaign | None:
        """The one under way, else the last one."""
        return next((each for each in known if each.closed_on is None), known[0] if known else None)

    def show_part(self, part: str) -> None:
        """Show a part of the page."""
        self.parts.show_value(part)
        self.panel.close_panel()
        self._show()
        self.focus_main()
        self.part_shown.emit()

    @property
    def part(self) -> str:
        """The part that is shown."""
        return self.parts.value or UNITS

    def _show(self) -> None:
        filled = {
            UNITS: bool(self._lines),
            ANSWERS: bool(self._proposals),
            REASONS: bool(self.reasons.reasons),
        }[self.part]
        self._stack.setCurrentWidget(self._places[self.part] if filled else self.empty)
        if not filled:
            self._explain_empty()
        self._summary.setText(self._said())
        self._show_proposal()

    def _said(self) -> str:
        if self.campaign is None or self.part != UNITS:
            return ""
        said = campaigns.progress_words([each.record for each in self._lines])
        sheets = [each.sheet for each in self._lines if each.sheet is not None]
        answered = sum(each.answered_on is not None for each in sheets)
        if sheets:
            said += f". {answered} réponses sur {len(sheets)} fiches"
        closed = "" if self.campaign.closed_on is None else ", close"
        return words.sentence(f"{self.campaign.name}{closed} — {said}.")

    def _explain_empty(self) -> None:
        self.start_button.setVisible(self.part == UNITS)
        if self.part == UNITS:
            self.empty.show_text(
                "Aucune campagne pour l’instant.",
                "Elle suit la mise à jour annuelle unité par unité\u00a0: qui a été vu, ce qui "
                "reste à coter, qui a répondu à sa fiche.",
            )
        elif self.part == ANSWERS:
            self.empty.show_text(
                "Aucune réponse à examiner.",
                "Déposez ici les fiches revenues, ou leur dossier\u00a0: elles deviennent des "
                "propositions, jamais des cotations.",
            )
        else:
            self.empty.show_text(
                "Aucun motif de mise à jour en attente.",
                "Accidents, observations, produits et équipements nouveaux y viennent d’eux-mêmes.",
            )

    def _show_proposal(self) -> None:
        self.card.show_proposals(self.proposals.chosen, self.session.store.today())
        self._tell()

    def _tell(self) -> None:
        told = {
            UNITS: (len(self.units.chosen), len(self._lines), "unité"),
            ANSWERS: (len(self.proposals.chosen), len(self._proposals), "proposition"),
            REASONS: (len(self.reasons.chosen), len(self.reasons.reasons), "motif"),
        }
        chosen, shown, what = told[self.part]
        of = f"{words.count(chosen, what)} sur {shown}"
        self.tell(of if chosen > 1 else words.count(shown, what))

    # -- doing -----------------------------------------------------------------------------

    def _send(self) -> None:
        chosen = self.units.chosen if self.part == UNITS else []
        units = [each.record.work_unit for each in chosen] if len(chosen) > 1 else []
        self.files.ask_to_send(self.owner, units)

    def _set_state(self, state: UnitState) -> None:
        self.asks.set_state(self.units.chosen, state)

    def _visit(self) -> None:
        self.asks.visit(self.units.chosen)

    def _open_unit(self) -> None:
        if self.units.chosen:
            self.unit_asked.emit(self.units.chosen[0].record.work_unit)

    def _open_reason(self) -> None:
        for each in self.reasons.chosen[:1]:
            self.open_asked.emit(each.register, each.record)

    def _accept(self) -> None:
        self.asks.accept(self.proposals.chosen)

    def _correct(self) -> None:
        for each in self.proposals.chosen[:1]:
            self.asks.correct(each)

    def _refuse(self) -> None:
        self.asks.refuse(self.proposals.chosen)

    def _choose_unit(self) -> None:
        if self.proposals.current is not None:
            self.proposals.choose_unit_of(self.proposals.current)

    def _close(self) -> None:
        if self.campaign is not None:
            self.asks.close(self.campaign)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Returned files and folders are welcome anywhere on the page."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        event.acceptProposedAction()
        self.take_in(files_of(event.mimeData()))

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take in returned sheets, files or folders of them."""
        self.show_part(ANSWERS)
        self.files.read(paths)

    # -- as a page -------------------------------------------------------------------------

    def _make_deeds(self) -> tuple[Sequence[Deed], Sequence[Deed], Sequence[Deed]]:
        some_units = partial(self._has, UNITS)
        some_answers = partial(self._has, ANSWERS)
        some_reasons = partial(self._has, REASONS)
        units = [
            Deed(
                f"campaign_{state.value}",
                f"Passer à «\u00a0{state.label_fr}\u00a0»",
                letter,
                partial(self._set_state, state),
                some_units,
            )
            for state, letter in _STATE_LETTERS.items()
        ]
        units.append(
            Deed("campaign_visit", "Visite et participants…", "P", self._visit, some_units)
        )
        answers = (
            Deed("proposal_accept", "Accepter", "A", self._accept, some_answers),
            Deed("proposal_correct", "Corriger…", "C", self._correct, some_answers),
            Deed("proposal_refuse", "Refuser…", "R", self._refuse, some_answers),
            Deed("proposal_unit", "Choisir toute l’unité", "U", self._choose_unit, some_answers),
        )
        reasons = (
            Deed(
                "reason_evaluated",
                "Réévalué",
                "E",
                lambda: self.asks.re_evaluated(self.reasons.chosen),
                some_reasons,
            ),
            Deed(
                "reason_not_concerned",
                "Non concerné…",
                "N",
                lambda: self.asks.not_concerned(self.reasons.chosen),
                some_reasons,
            ),
        )
        return units, answers, reasons

    def _has(self, part: str) -> bool:
        table = {UNITS: self.units, ANSWERS: self.proposals, REASONS: self.reasons}[part]
        return self.part == part and bool(table.chosen)

    def deeds(self) -> Sequence[Deed]:
        """The parts, the acts on what is chosen, files in and out."""
        parts = [
            Deed(f"campaign_part_{key}", text, "", partial(self.show_part, key))
            for key, text in _PARTS.items()
        ]
        open_one = partial(self._is_open)
        return (
            *self._unit_deeds,
            *self._answer_deeds,
            *self._reason_deeds,
            *parts,
            Deed("campaign_send", "Préparer les fiches…", "", self._send, open_one),
            Deed("campaign_read", "Relever des réponses…", "", self.files.ask_to_read),
            Deed(
                "campaign_actions",
                "Préparer les classeurs des pilotes…",
                "",
                self.actions_button.click,
            ),
            Deed("campaign_remind", "Préparer les relances…", "", self.remind_button.click),
            Deed("campaign_close", "Clore la campagne", "", self._close, open_one),
        )

    def _is_open(self) -> bool:
        return self.campaign is not None and self.campaign.closed_on is None

    def keys(self) -> Keys:
        """The letters of the part that is shown."""
        return {
            UNITS: (("Entrée", "Document unique"), ("S C V", "État"), ("P", "Participants")),
            ANSWERS: (("A", "Accepter"), ("C", "Corriger"), ("R", "Refuser"), ("U", "Unité")),
            REASONS: (("Entrée", "Ouvrir"), ("E", "Réévalué"), ("N", "Non concerné")),
        }[self.part]

    def panes(self) -> Sequence[QWidget]:
        """The list of the part that is shown."""
        return (self._main(),)

    def focus_main(self) -> None:
        """The list has the focus."""
        self._main().setFocus()

    def _main(self) -> QWidget:
        if self._stack.currentWidget() is self.empty:
            return self.empty
        return self.proposals if self.part == ANSWERS else self._places[self.part]
