"""What the page of the campaign asks before it writes: a reason, a text, who took part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from prevention_app.catalogue.campaign import (
    Campaign,
    Proposal,
    ProposalKind,
    UnitState,
    UpdateOutcome,
)
from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.services import campaign, campaign_reasons, collecting_review
from prevention_app.services.campaign_reasons import Reason
from prevention_app.services.campaign_view import UnitLine
from prevention_app.storage.work import Changes
from prevention_app.ui import words
from prevention_app.ui.due_panel import REASON, Asking, DuePanel
from prevention_app.ui.proposal_list import ProposalLine
from prevention_app.ui.session import Session

_PARTICIPANTS: Final = Field(
    "text", "Participants", "Participants", Kind.TEXT, help="Des fonctions plutôt que des noms."
)
_ON: Final = Field("day", "Le", "On", Kind.DATE, required=True)
_NAME: Final = Field("text", "Nom", "Name", Kind.TEXT, required=True)
_UNTIL: Final = Field("day", "Réponses attendues avant le", "Until", Kind.DATE, required=True)
_SITUATION: Final = Field(
    "text", "Situation dangereuse", "Situation", Kind.LONG_TEXT, lines=2, required=True
)


_KEYS: Final = {"text": "situation"}
"""Key in the panel → key of the risk."""
Act = Callable[[], Changes]


class CampaignAsks:
    """Asks in the panel of the page, then writes: each is one change, taken back as one."""

    def __init__(self, session: Session, panel: DuePanel) -> None:
        """Ask in this panel."""
        self._session = session
        self._panel = panel

    # -- campaign --------------------------------------------------------------------------

    def start(self, owner: str) -> None:
        """Ask for the name of a campaign and by when sheets are to be back."""
        today = self._session.store.today()

        def write(values: dict[str, Value]) -> None:
            until = values["day"]
            assert isinstance(until, date)  # noqa: S101  (the panel asks for it)
            done = campaign.start(
                self._session.store, owner, name=str(values["text"]), answers_until=until
            )
            self._session.tell(done)
            self._session.say(
                f"Campagne commencée\u00a0: {words.count(len(done.records) - 1, 'unité')}. "
                "Annuler (Ctrl Z)"
            )

        self._panel.ask(
            Asking(
                "Commencer une campagne",
                "Toutes les unités de travail ouvertes y entrent, à l’état «\u00a0à faire\u00a0».",
                (_NAME, _UNTIL),
                {
                    "text": f"Campagne {today.year}",
                    "day": today + timedelta(days=campaign.ANSWER_DAYS),
                },
                "Commencer la campagne",
                write,
            )
        )

    def close(self, under_way: Campaign) -> None:
        """Close a campaign, at once: undo takes it back."""
        self._write(lambda: campaign.close(self._session.store, under_way))

    def set_state(self, units: Sequence[UnitLine], state: UnitState) -> None:
        """Say how far units are; today is the day."""
        ids = [each.record.id for each in units]
        if not self._write(lambda: campaign.set_state(self._session.store, ids, state)):
            return
        left = [each for each in units if each.to_evaluate]
        said = f"{words.count(len(units), 'unité')}\u00a0: {state.label_fr.lower()}."
        if state is UnitState.VALIDATED and left:
            said += f" {words.count(len(left), 'unité')} y garde des risques à évaluer."
        self._session.say(f"{said} Annuler (Ctrl Z)")

    def visit(self, units: Sequence[UnitLine]) -> None:
        """Ask on which day units were visited, and who took part."""
        first = units[0].record

        def write(values: dict[str, Value]) -> None:
            day = values["day"]
            assert isinstance(day, date)  # noqa: S101  (the panel asks for it)
            state = UnitState(first.state) if first.state != UnitState.TO_DO else UnitState.ON_SITE
            self._session.tell(
                campaign.set_state(
                    self._session.store,
                    [each.record.id for each in units],
                    state,
                    on=day,
                    participants=str(values["text"] or ""),
                )
            )

        self._panel.ask(
            Asking(
                f"Visite et participants\u00a0: {words.count(len(units), 'unité')}",
                "",
                (_ON, _PARTICIPANTS),
                {
                    "day": first.visited_on or self._session.store.today(),
                    "text": first.participants,
                },
                "Enregistrer",
                write,
            )
        )

    # -- proposals -------------------------------------------------------------------------

    def accept(self, lines: Sequence[ProposalLine]) -> None:
        """Accept proposals as they are."""
        chosen = [each.proposal for each in lines]
        if self._write(lambda: collecting_review.accept(self._session.store, chosen)):
            self._session.say(
                f"{words.count(len(chosen), 'proposition acceptée', 'propositions acceptées')}. "
                "Annuler (Ctrl Z)"
            )

    def refuse(self, lines: Sequence[ProposalLine]) -> None:
        """Ask why proposals are refused."""
        chosen = [each.proposal for each in lines]

        def write(values: dict[str, Value]) -> None:
            done = collecting_review.refuse(self._session.store, chosen, str(values["text"]))
            self._session.tell(done)

        self._panel.ask(
            Asking(
                f"Refuser {words.count(len(chosen), 'proposition')}",
                "",
                (REASON,),
                {},
                "Refuser",
                write,
            )
        )

    def correct(self, line: ProposalLine) -> None:
        """Ask for the texts as they are to be recorded, then accept."""
        proposal = line.proposal
        fields = self._correctable(proposal)
        if not fields:
            self.accept([line])
            return
        with self._session.store.reading() as read:
            held = collecting_review.before_and_after(read, proposal)
        given = {each.key: held.get(_KEYS.get(each.key, each.key)) for each in fields}

        def write(values: dict[str, Value]) -> None:
            corrected = {
                _KEYS.get(key, key): value for key, value in values.items() if value != given[key]
            }
            done = collecting_review.accept(
                self._session.store, [proposal], {proposal.id: corrected} if corrected else {}
            )
            self._session.tell(done)

        note = line.proposed if proposal.remark or not proposal.text else ""
        verb = (
            "Accepter" if proposal.kind == ProposalKind.ACTION_PROGRESS else "Accepter, à évaluer"
        )
        self._panel.ask(
            Asking(f"Corriger puis accepter\u00a0: {line.place}", note, fields, given, verb, write)
        )

    def _correctable(self, proposal: Proposal) -> tuple[Field, ...]:
        catalogue = self._session.store.catalogue
        if proposal.kind in (ProposalKind.NEW_SITUATION, ProposalKind.CHANGED):
            return _SITUATION, catalogue["risk"].by_key["hazard_family"]
        if proposal.kind == ProposalKind.ACTION_PROGRESS:
            action = catalogue["planned_action"].by_key
            keys = collecting_review.CORRECTABLE[ProposalKind.ACTION_PROGRESS]
            return tuple(action[each] for each in keys)
        return ()

    # -- reasons ---------------------------------------------------------------------------

    def re_evaluated(self, reasons: Sequence[Reason]) -> None:
        """The units were looked at again because of these."""
        self._write(
            lambda: campaign_reasons.answer(
                self._session.store, reasons, UpdateOutcome.RE_EVALUATED
            )
        )

    def not_concerned(self, reasons: Sequence[Reason]) -> None:
        """Ask why nothing is to be evaluated again."""

        def write(values: dict[str, Value]) -> None:
            done = campaign_reasons.answer(
                self._session.store, reasons, UpdateOutcome.NOT_CONCERNED, str(values["text"])
            )
            self._session.tell(done)

        self._panel.ask(
            Asking(
                f"Non concerné\u00a0: {words.count(len(reasons), 'motif')}",
                "La raison est gardée et s’imprime avec le document.",
                (REASON,),
                {},
                "Enregistrer",
                write,
            )
        )

    def _write(self, act: Act) -> bool:
        return self._session.write_or_tell(lambda: self._session.tell(act()))
