"""A campaign as one follows it: where each unit stands, what changed, who answered (P1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from prevention_app.catalogue.campaign import (
    Campaign,
    CampaignUnit,
    CollectSheet,
    Proposal,
    ProposalKind,
    ProposalState,
    SheetKind,
)
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import EvaluationState
from prevention_app.domain.merging import DELETED
from prevention_app.i18n import count
from prevention_app.services import campaign as campaigns
from prevention_app.services.organisation import org_path
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store

_YEAR: Final = timedelta(days=365)
_MADE: Final = 8
"""Version of the ids that hold the moment in which they were made."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of the risks of a unit since the campaign before, or for a year."""

    rated: int = 0
    """Ratings since."""
    added: int = 0
    removed: int = 0

    @property
    def words(self) -> str:
        """« 5 cotations, 2 ajoutés, 1 retiré »; empty where nothing moved."""
        parts = (
            count(self.rated, "cotation") if self.rated else "",
            count(self.added, "ajouté") if self.added else "",
            count(self.removed, "retiré") if self.removed else "",
        )
        return ", ".join(each for each in parts if each)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of a campaign, as one line shows it."""

    record: CampaignUnit
    unit: str
    branch: str
    rated: int
    risks: int
    moves: Moves
    sheet: CollectSheet | None
    """The last one that left for it."""
    reminded_on: date | None
    """When they were reminded of it last."""
    waiting: int
    """Proposals still to be examined."""
    confirmed: int
    """Situations that people there say are still true, as the adviser accepted them."""

    @property
    def to_evaluate(self) -> int:
        """Risks that nobody has evaluated there."""
        return self.risks - self.rated

    def answer_words(self, today: date) -> str:
        """Whether they answered, and after how many days."""
        return sheet_words(self.sheet, today) if self.sheet else "fiche non préparée"


def sheet_words(sheet: CollectSheet, today: date) -> str:
    """« répondu en 6 jours », « sans réponse depuis 12 jours », and whether that is too late."""
    return " ".join(sheet_state(sheet, today))


def sheet_state(sheet: CollectSheet, today: date) -> tuple[str, str]:
    """Whether they answered, and after how many days."""
    if sheet.answered_on is not None:
        days = (sheet.answered_on - sheet.sent_on).days
        return "répondu", "le jour même" if days < 1 else f"en {count(days, 'jour')}"
    days = (today - sheet.sent_on).days
    late = sheet.answers_until is not None and sheet.answers_until < today
    since = f"depuis {count(days, 'jour')}" if days else "depuis aujourd’hui"
    return "sans réponse", since + (", en retard" if late else "")


def before(read: Reader, campaign: Campaign) -> Campaign | None:
    """The campaign before this one in its department; None for the first."""
    earlier = [
        each
        for each in campaigns.campaigns(read, (campaign.owner,))
        if each.started_on < campaign.started_on
    ]
    return max(earlier, key=lambda each: each.started_on, default=None)


def lines(store: Store, campaign: Campaign) -> list[UnitLine]:
    """The units of a campaign by direction and name."""
    with store.reading() as read:
        held = campaigns.members(read, campaign.id)
        paths = org_path(read)
        rated, risks = _rated(read, campaign.owner)
        moves = _moves(store, read, campaign)
        sheets = sheets_of(read, campaign)
        answers = _answers(read, [each.id for each in sheets])
        last = {each.work_unit: each for each in sheets}
        reminded = _reminded(read, campaign.owner)
        found: list[UnitLine] = []
        for each in held:
            unit = paths.work_units.get(each.work_unit)
            if unit is None:
                continue
            waiting, confirmed = answers.get(unit.id, (0, 0))
            found.append(
                UnitLine(
                    each,
                    unit.name,
                    " › ".join(paths.work_unit(unit.id, unit.owner).path),
                    rated[unit.id],
                    risks[unit.id],
                    moves.get(unit.id, Moves()),
                    sheet := last.get(each.work_unit),
                    reminded.get(sheet.id) if sheet else None,
                    waiting,
                    confirmed,
                )
            )
    return sorted(found, key=lambda each: (fold(each.branch), fold(each.unit)))


def sheets_of(read: Reader, campaign: Campaign) -> list[CollectSheet]:
    """The sheets of a campaign, the one that left last at the end."""
    where = (
        Condition("campaign", Op.IS, campaign.id),
        Condition("kind", Op.IS, SheetKind.RISKS),
    )
    found = read.records(Query("collect_sheet", where=where, order=("sent_on",)))
    return [cast("CollectSheet", each) for each in found]


def _rated(read: Reader, owner: str) -> tuple[Counter[str], Counter[str]]:
    """Work unit → risks evaluated, and all of them."""
    rated, risks = Counter[str](), Counter[str]()
    query = Query("risk", owners=(owner,))
    for _, unit, evaluation in read.walk(query, ("work_unit", "evaluation")):
        risks[unit] += 1
        rated[unit] += evaluation == EvaluationState.EVALUATED
    return rated, risks


def _moves(store: Store, read: Reader, campaign: Campaign) -> Mapping[str, Moves]:
    """What was rated, added and removed in each unit since the campaign before.

    Before the first one, what a file brought here is not new: only ratings of a year are told.
    """
    earlier = before(read, campaign)
    first = earlier.started_on if earlier else campaign.started_on - _YEAR
    rated, added, removed = Counter[str](), Counter[str](), Counter[str]()
    units: dict[str, str] = {}
    query = Query("risk", owners=(campaign.owner,), with_deleted=True)
    for risk, unit, deleted in read.walk(query, ("work_unit", "deleted")):
        units[risk] = unit
        if earlier is None:
            continue
        made = created_on(risk)
        if deleted:
            # Made and taken back since: nobody who looks at last year's misses it.
            gone = _deleted_on(store, risk)
            if gone and gone > first and not (made and made > first):
                removed[unit] += 1
        elif made and made > first:
            added[unit] += 1
    newer = (Condition("rated_on", Op.FROM, first + timedelta(days=1)),)
    for _, risk in read.walk(Query("rating", owners=(campaign.owner,), where=newer), ("risk",)):
        if risk in units:
            rated[units[risk]] += 1
    touched = {*rated, *added, *removed}
    return {each: Moves(rated[each], added[each], removed[each]) for each in touched}


def _deleted_on(store: Store, record: str) -> date | None:
    """The day on which a deleted record was deleted last, as the journal tells."""
    days = [past.when.date() for _, past in store.history(record) if past.field == DELETED]
    return days[-1] if days else None


def created_on(record: str) -> date | None:
    """The day on which a record was made, which its id holds; None for ids that hold none."""
    try:
        told = UUID(record)
    except ValueError:
        return None
    if told.version != _MADE:
        return None
    return datetime.fromtimestamp((told.int >> 80) / 1000, UTC).astimezone().date()


def _reminded(read: Reader, owner: str) -> dict[str, date]:
    """Id of a sheet → when somebody was reminded of it last."""
    query = Query("reminder", owners=(owner,), where=(Condition("sheet", Op.FILLED),))
    found: dict[str, str] = {}
    for _, sheet, day in read.walk(query, ("sheet", "reminded_on")):
        found[sheet] = max(found.get(sheet, ""), day)
    return {sheet: date.fromisoformat(day) for sheet, day in found.items()}


def _answers(read: Reader, sheets: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Work unit → proposals waiting, and situations confirmed."""
    waiting, confirmed = Counter[str](), Counter[str]()
    for start in range(0, len(sheets), 500):
        where = (Condition("sheet", Op.ANY_OF, list(sheets[start : start + 500])),)
        for each in read.records(Query("proposal", where=where, order=("reference",))):
            proposal = cast("Proposal", each)
            unit = proposal.work_unit or ""
            waiting[unit] += proposal.state == ProposalState.WAITING
            confirmed[unit] += (
                proposal.kind == ProposalKind.STILL_TRUE
                and proposal.state == ProposalState.ACCEPTED
            )
    return {each: (waiting[each], confirmed[each]) for each in {*waiting, *confirmed}}
