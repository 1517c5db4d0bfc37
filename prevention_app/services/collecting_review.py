"""What the adviser makes of proposals: accept, correct, refuse, several at once (P1).

Nothing here rates: a new or changed situation is to be evaluated on site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from prevention_app.catalogue.campaign import (
    CampaignUnit,
    CollectSheet,
    Proposal,
    ProposalKind,
    ProposalState,
)
from prevention_app.catalogue.description import DECLARED, Record, Value
from prevention_app.catalogue.risk_document import HazardFamily, PlannedAction, Risk
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.domain.due_rules import is_settled
from prevention_app.errors import NotFound, Refused
from prevention_app.exchange.kinds.hazard_families import family_code
from prevention_app.exchange.typography import typeset
from prevention_app.services import records, risk_document
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

ACCEPT, REFUSE = "Accepter des propositions", "Refuser des propositions"
"""Names of the changes made here, as undo and history call them."""
_NOTHING: Final[Mapping[str, Value]] = {}
CORRECTABLE: Final[Mapping[ProposalKind, tuple[str, ...]]] = {
    ProposalKind.NEW_SITUATION: ("situation", "hazard_family", "harm", "activity"),
    ProposalKind.CHANGED: ("situation", "hazard_family", "harm", "activity"),
    ProposalKind.ACTION_PROGRESS: ("state", "progress", "done_on", "found", "real_cost"),
}
"""Kind → the fields of the risk or the action that the adviser may write otherwise."""


def proposals(
    read: Reader,
    owners: tuple[str, ...] = (),
    *,
    waiting: bool = True,
    unit: str = "",
    campaign: str = "",
) -> list[Proposal]:
    """The proposals of some departments (of all when empty), those still to be examined alone.

    `campaign` keeps those of its sheets; those of pilots' workbooks belong to none.
    """
    where: list[Condition] = []
    if waiting:
        where.append(Condition("state", Op.IS, ProposalState.WAITING))
    if unit:
        where.append(Condition("work_unit", Op.IS, unit))
    found = read.records(Query("proposal", where=tuple(where), owners=owners))
    kept = [cast("Proposal", each) for each in found]
    if campaign:
        about = (Condition("campaign", Op.IS, campaign),)
        sheets = {each.id for each in read.records(Query("collect_sheet", where=about))}
        kept = [each for each in kept if each.sheet in sheets]
    return kept


def named(read: Reader, references: Sequence[str]) -> list[Proposal]:
    """Proposals by reference or id; raises NotFound for what is none."""
    found: list[Proposal] = []
    for each in references:
        if each.count("-") > 3:
            found.append(cast("Proposal", read.get("proposal", each)))
            continue
        entity, record = read.find(each)
        if entity.key != "proposal":
            raise NotFound(f"« {each} » n’est pas une proposition, mais : {entity.label_fr}.")
        found.append(cast("Proposal", record))
    return found


def before_and_after(read: Reader, proposal: Proposal) -> dict[str, Value]:
    """What the record would hold if the proposal were accepted as it is: to be corrected."""
    if proposal.kind == ProposalKind.ACTION_PROGRESS and proposal.action:
        action = read.get("planned_action", proposal.action)
        return DECLARED[PlannedAction].values(action) | _action_values(proposal)
    if proposal.risk:
        values = DECLARED[Risk].values(read.get("risk", proposal.risk))
        return values | ({"situation": proposal.text} if proposal.text else {})
    return {"situation": proposal.text, "hazard_family": _family(read, proposal.family)}


def accept(
    store: Store,
    chosen: Sequence[Proposal],
    corrections: Mapping[str, Mapping[str, Value]] | None = None,
) -> Changes:
    """Do what proposals propose, with the adviser's corrections by id, as one change.

    A new situation becomes a risk to be evaluated that names its sheet; one that changed takes the
    new text and is to be evaluated again; one that is gone is deleted with its ratings, measures
    and open actions; « still true » is noted on the unit's line of the campaign. Raises Refused
    for what was settled before, or where the risk or the action is no longer there.
    """
    _refuse_settled(chosen)
    work = store.draft()
    with store.reading() as read:
        acceptance = _Acceptance(read, work, store)
        for each in chosen:
            acceptance.take(each, (corrections or {}).get(each.id, _NOTHING))
    reasons = dict.fromkeys(
        f"{each.file_name} : {each.remark or 'n’existe plus'}"
        for each in chosen
        if each.kind == ProposalKind.GONE
    )
    store.write(work, ACCEPT, reason=typeset(" ; ".join(reasons))[:500])
    return records.written(work)


def refuse(store: Store, chosen: Sequence[Proposal], reason: str) -> Changes:
    """Refuse proposals with one reason; raises Refused where none is given."""
    _refuse_settled(chosen)
    if not reason.strip():
        raise Refused("Donnez le motif du refus : il est gardé avec la proposition.")
    with store.change(REFUSE, reason=reason.strip()) as work:
        for each in chosen:
            work.amend(
                "proposal",
                each,
                state=ProposalState.REFUSED,
                reason=reason.strip(),
                settled_on=store.today(),
            )
    return records.written(work)


def _refuse_settled(chosen: Sequence[Proposal]) -> None:
    if not chosen:
        raise Refused("Choisissez au moins une proposition.")
    done = [each for each in chosen if each.state != ProposalState.WAITING]
    if done:
        raise Refused(f"{done[0].reference} a déjà été examinée : annulez d’abord cet examen.")


class _Acceptance:
    """Writes what proposals propose into one open change."""

    def __init__(self, read: Reader, work: Work, store: Store) -> None:
        self._read, self._work, self._store = read, work, store
        self._sheets: dict[str, CollectSheet] = {}
        self._noted: set[str] = set()
        self._gone: set[str] = set()

    def take(self, proposal: Proposal, corrected: Mapping[str, Value]) -> None:
        """Do what one of them proposes."""
        _check_correctable(proposal, corrected)
        state = ProposalState.CORRECTED if corrected else ProposalState.ACCEPTED
        settled: dict[str, Value] = {"state": state, "settled_on": self._store.today()}
        match proposal.kind:
            case ProposalKind.NEW_SITUATION:
                settled["risk"] = self._add(proposal, corrected)
            case ProposalKind.CHANGED:
                self._change(proposal, corrected)
            case ProposalKind.GONE:
                self._remove(proposal)
            case ProposalKind.ACTION_PROGRESS:
                self._advance(proposal, corrected)
            case _:
                pass  # what is still true, and a mere remark, are noted by being accepted
        self._work.write_over("proposal", proposal, settled)
        self._note_unit(proposal)

    def _add(self, proposal: Proposal, corrected: Mapping[str, Value]) -> str:
        who = f", {proposal.answered_by}" if proposal.answered_by else ""
        values: dict[str, Value] = {
            "situation": proposal.text,
            "hazard_family": _family(self._read, proposal.family),
            "import_remarks": _joined(
                f"Famille : {proposal.family}" if proposal.family else "", proposal.remark or ""
            )
            if proposal.family and not _family(self._read, proposal.family)
            else proposal.remark,
            **corrected,
        }
        risk = self._work.new(
            "risk",
            owner=proposal.owner,
            work_unit=proposal.work_unit,
            evaluation=EvaluationState.TO_EVALUATE,
            source=f"Fiche de collecte, reçue le {proposal.received_on:%d/%m/%Y}{who}",
            **values,
        )
        for each in _items(proposal.measures):
            self._work.new("existing_measure", owner=proposal.owner, risk=risk.id, title=each)
        return risk.id

    def _change(self, proposal: Proposal, corrected: Mapping[str, Value]) -> None:
        risk = self._risk(proposal)
        values: dict[str, Value] = {"situation": proposal.text} if proposal.text else {}
        self._work.write_over(
            "risk", risk, {**values, **corrected, "evaluation": EvaluationState.TO_EVALUATE}
        )
        known = {fold(each.title) for each in risk_document.detail(self._read, risk.id).measures}
        for each in _items(proposal.measures):
            if fold(each) not in known:
                self._work.new("existing_measure", owner=risk.owner, risk=risk.id, title=each)

    def _remove(self, proposal: Proposal) -> None:
        risk = self._risk(proposal)
        if risk.id in self._gone:
            return
        self._gone.add(risk.id)
        found = risk_document.detail(self._read, risk.id)
        open_actions = [each for each in found.actions if not is_settled(each)]
        for record in (found.risk, *found.ratings, *found.measures, *open_actions):
            self._work.delete(DECLARED[type(record)].key, record)

    def _advance(self, proposal: Proposal, corrected: Mapping[str, Value]) -> None:
        action = self._living("planned_action", proposal.action, proposal)
        values = {**_action_values(proposal), **corrected}
        if proposal.remark:
            told = f"{proposal.received_on:%d/%m/%Y} : {proposal.remark}"
            values["comment"] = _joined(str(getattr(action, "comment", None) or ""), typeset(told))
        self._work.write_over("planned_action", action, values)

    def _risk(self, proposal: Proposal) -> Risk:
        return cast("Risk", self._living("risk", proposal.risk, proposal))

    def _living(self, register: str, record: str | None, proposal: Proposal) -> Record:
        found = self._read.get(register, record) if record else None
        if found is None or found.deleted:
            what = self._read.catalogue[register].item_fr or self._read.catalogue[register].label_fr
            raise Refused(
                f"{proposal.reference} porte sur « {what} » supprimé depuis : refusez-la, "
                "ou annulez d’abord la suppression."
            )
        return found

    def _note_unit(self, proposal: Proposal) -> None:
        """The line of the unit in the campaign learns who took part, where it does not know."""
        if proposal.sheet in self._noted:
            return
        self._noted.add(proposal.sheet)
        sheet = cast("CollectSheet", self._read.get("collect_sheet", proposal.sheet))
        if not sheet.campaign or not sheet.work_unit or not sheet.participants:
            return
        where = (
            Condition("campaign", Op.IS, sheet.campaign),
            Condition("work_unit", Op.IS, sheet.work_unit),
        )
        for each in self._read.records(Query("campaign_unit", where=where, order=("reference",))):
            if not cast("CampaignUnit", each).participants:
                self._work.amend("campaign_unit", each, participants=sheet.participants)


def _check_correctable(proposal: Proposal, corrected: Mapping[str, Value]) -> None:
    allowed = CORRECTABLE.get(proposal.kind, ())
    wrong = [each for each in corrected if each not in allowed]
    if wrong:
        offered = ", ".join(allowed) or "aucun"
        raise Refused(
            f"{proposal.reference} : « {wrong[0]} » ne se corrige pas ici. Champs : {offered}."
        )


def _action_values(proposal: Proposal) -> dict[str, Value]:
    told: dict[str, Value] = {
        "state": proposal.action_state,
        "progress": proposal.progress,
        "done_on": proposal.done_on,
        "found": proposal.found,
        "real_cost": proposal.real_cost,
    }
    return {key: each for key, each in told.items() if each is not None}


def _family(read: Reader, written: str | None) -> str | None:
    """The family that a text names; None where it names none."""
    if not written:
        return None
    code = family_code(written)
    for each in cast("list[HazardFamily]", read.records(Query("hazard_family"))):
        if fold(each.name) == fold(written) or each.family_code in (code, written):
            return each.id
    return None


def _items(text: str | None) -> list[str]:
    """Measures written one a line, or separated by semicolons."""
    parts = (part.strip(" -•\t") for part in (text or "").replace(";", "\n").splitlines())
    return [part for part in parts if part]


def _joined(*texts: str) -> str:
    return "\n".join(each for each in texts if each)
