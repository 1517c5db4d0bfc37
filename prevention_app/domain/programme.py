"""The yearly programme (PAPRIPACT): what it must tell, what belongs to it, what its figures mean.

Code du travail L4121-3-1, III: for each measure of the coming year its conditions of execution,
its result indicators and the estimate of its cost; the resources that can be called on; a calendar.

An action belongs to one programme for good: the year that was said for it, else the year of its
original date. One that is carried over stands in the next programme as well, counted apart: who
carries over does not better the year that is over, and no action counts twice. Lateness is judged
on the original date. Window, workbook, command line and documents all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from prevention_app.catalogue.description import Record, Value
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.due import Due, DueState
from prevention_app.domain.due_rules import FINISHED, is_finished
from prevention_app.domain.facts import ActionFact, ActionProgress, Direction
from prevention_app.domain.figures import budget_line, programme_line
from prevention_app.domain.indicators import BudgetFigures, ProgrammeFigures, share

LAW: Final = "code du travail, L4121-3-1, III, 1°"
_PRACTICE: Final = "usage"
RERATING_MONTHS: Final = 12
"""For how long a finished action asks for its risk to be rated again; the yearly update of the
document (R4121-2, 1°) looks at every risk anyway."""


@dataclass(frozen=True, slots=True)
class LegalField:
    """Something that the programme tells of each measure, and the fields of an action that do."""

    key: str
    """Of the field of `PlannedAction`."""
    words: str
    """As the law or practice calls it."""
    source: str


LEGAL_FIELDS: Final = (
    LegalField("title", "Mesure", LAW),
    LegalField("risk", "Risque visé", LAW),
    LegalField("conditions", "Conditions d’exécution", LAW),
    LegalField("indicator", "Indicateur de résultat", LAW),
    LegalField("target", "Indicateur de résultat : valeur cible", LAW),
    LegalField("found", "Indicateur de résultat : valeur constatée", LAW),
    LegalField("cost", "Estimation du coût", LAW),
    LegalField("resources", "Ressources mobilisables", LAW),
    LegalField("start", "Calendrier : début", LAW),
    LegalField("due", "Calendrier : échéance", LAW),
    LegalField("revised_due", "Calendrier : échéance révisée", _PRACTICE),
    LegalField("measure_type", "Type de mesure", _PRACTICE),
    LegalField("pilot", "Pilote (fonction)", _PRACTICE),
    LegalField("real_cost", "Coût réel", _PRACTICE),
    LegalField("state", "État", _PRACTICE),
    LegalField("progress", "Avancement", _PRACTICE),
    LegalField("proof", "Preuve", _PRACTICE),
    LegalField("done_on", "Date de réalisation", _PRACTICE),
    LegalField("verified_on", "Vérification de l’efficacité : date", _PRACTICE),
    LegalField("verification", "Vérification de l’efficacité : résultat", _PRACTICE),
    LegalField("verified_by", "Vérification de l’efficacité : par (fonction)", _PRACTICE),
)
"""What is shown of each measure in the window, the workbook and the printed programme."""


# -- one action ---------------------------------------------------------------------------------


def programme_year(action: PlannedAction) -> int | None:
    """The programme that an action belongs to: as said, else the year of its original date."""
    if action.programme_year is not None:
        return action.programme_year
    day = action.due or action.revised_due or action.decided_on
    return day.year if day else None


def action_progress(action: PlannedAction, due: Due | None) -> ActionProgress:
    """Where an action stands; its due date is judged by `due`."""
    if is_finished(action):
        return ActionProgress.FINISHED
    if action.state == ActionState.ABANDONED:
        return ActionProgress.ABANDONED
    by_state = {
        DueState.LATE: ActionProgress.LATE,
        DueState.TO_PLAN: ActionProgress.DUE_SOON,
        DueState.UP_TO_DATE: ActionProgress.ON_TIME,
    }
    return by_state.get(due.state, ActionProgress.UNDATED) if due else ActionProgress.UNDATED


def action_fact(action: PlannedAction, due: Due | None, direction: Direction) -> ActionFact:
    """What figures are counted from."""
    return ActionFact(
        direction,
        programme_year(action),
        action_progress(action, due),
        action.measure_type,
        action.cost or Decimal(0),
        action.committed_cost or Decimal(0),
        action.real_cost or Decimal(0),
    )


def with_day_done(record: Record, values: Mapping[str, Value], today: date) -> dict[str, Value]:
    """Values to be written over a record; an action that becomes finished by them gets its day.

    Without it nobody could say later whether its risk was rated since. Other records, and days
    that somebody gave, stay as they are.
    """
    given = dict(values)
    if isinstance(record, PlannedAction):
        becomes = given.get("state") in FINISHED and record.state not in FINISHED
        if becomes and given.get("done_on", record.done_on) is None:
            given["done_on"] = today
    return given


def quarters_of(action: PlannedAction, year: int) -> tuple[int, ...]:
    """The quarters of a year in which an action is under way: from its start to its date.

    Without a start, the quarter of its date; a date that was revised into this year holds there.
    """
    ends = [each for each in (action.due, action.revised_due) if each is not None]
    last = max((each for each in ends if each.year <= year), default=max(ends, default=None))
    if last is None:
        return ()
    first = min(action.start or last, last)
    return tuple(
        quarter
        for quarter in range(1, 5)
        if (first.year, (first.month + 2) // 3) <= (year, quarter)
        and (year, quarter) <= (last.year, (last.month + 2) // 3)
    )


# -- figures ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """Some actions of a programme, by number and in money."""

    progress: ProgrammeFigures
    money: BudgetFigures
    finished_cost: Decimal
    """What the finished ones were planned to cost."""
    kept_cost: Decimal
    """What all but the abandoned ones were planned to cost."""

    @property
    def rate(self) -> float | None:
        """Finished actions of those not abandoned, by number."""
        return self.progress.rate

    @property
    def rate_by_cost(self) -> float | None:
        """The same, each weighed by what it was planned to cost."""
        return share(self.finished_cost, self.kept_cost)


def share_of(year: int, facts: Iterable[ActionFact]) -> Share:
    """These actions in figures."""
    held = list(facts)
    kept = [each for each in held if each.progress is not ActionProgress.ABANDONED]
    finished = (each.planned for each in held if each.progress is ActionProgress.FINISHED)
    return Share(
        programme_line(year, held),
        budget_line(None, "", held),
        finished_cost=sum(finished, Decimal(0)),
        kept_cost=sum((each.planned for each in kept), Decimal(0)),
    )


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The programme of a year, of a whole or of one direction."""

    year: int
    label: str
    """Of which direction; empty for the whole."""
    own: Share
    """The measures planned for this year in the first place."""
    carried: Share
    """Those taken over from an earlier programme."""
    voted: Decimal | None
    """Credits voted; None where none is entered."""

    @property
    def planned(self) -> Decimal:
        """What has to be paid for: of this year and carried over."""
        return self.own.money.planned + self.carried.money.planned

    @property
    def committed(self) -> Decimal:
        """What is committed of it."""
        return self.own.money.committed + self.carried.money.committed

    @property
    def spent(self) -> Decimal:
        """The real cost of what is finished."""
        return self.own.money.spent + self.carried.money.spent

    @property
    def late(self) -> int:
        """Actions past their original date and not finished."""
        return self.own.progress.late + self.carried.progress.late

    @property
    def beyond_credits(self) -> Decimal | None:
        """By how much the plan is above the credits voted; None where it is not, or none are."""
        if self.voted is None or self.planned <= self.voted:
            return None
        return self.planned - self.voted


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of a programme that is over."""

    figures: YearFigures
    unfinished: int
    """Neither finished nor abandoned, carried-over ones too."""
    carried_on: int
    """Of these, how many the next programme holds."""

    @property
    def to_carry(self) -> int:
        """Of these, how many no programme holds any more."""
        return self.unfinished - self.carried_on
