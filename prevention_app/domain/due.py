"""What is due: the states that a date can be in, one item a thing, in the order of urgency.

A date that nobody entered is « à renseigner » and never late (P5); a date that has come is late
from the day after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from heapq import nsmallest

from prevention_app.catalogue.description import Choice
from prevention_app.domain.periods import add_months

ALERT_DAYS = 90
"""How long before a date it is to be planned, where nothing else is declared (house rule)."""


class DueState(Choice):
    """Where something that must be done stands (P5)."""

    LATE = "late", "En retard", "Late"
    NEVER_DONE = "never_done", "À faire (jamais réalisé)", "Never done"
    TO_PLAN = "to_plan", "À planifier", "To plan"
    UP_TO_DATE = "up_to_date", "À jour", "Up to date"
    UNKNOWN = "unknown", "À renseigner", "Unknown"
    SUSPENDED = "suspended", "Suspendu", "Suspended"
    NOT_APPLICABLE = "not_applicable", "Sans objet", "Not applicable"


_URGENCY = {state: rank for rank, state in enumerate(DueState)}


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule says of one record."""

    due_on: date | None
    state: DueState
    what: str
    """What is to be done or followed, in French, without a name of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueItem:
    """One thing that is due, of whatever register, with all that lists show of it."""

    register: str
    record_id: str
    reference: str
    title: str
    department: str
    due_on: date | None
    state: DueState
    what: str
    responsible: str
    """The one function that answers for it."""
    group: str = ""
    """What like items at one place have in common; empty for an item that stands alone."""
    subject: str = ""
    """The title without the name of a person."""
    person: str = ""
    place: str = ""
    direction: str = ""
    count: int = 1
    """How many things it stands for: a lot is one item."""
    field: str = ""
    """Key of the field that its date stands in; empty where a rule makes the date."""


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Like items at one place, shown as one line: « Extincteurs, collège X (38) »."""

    text: str
    items: tuple[DueItem, ...]
    """Most urgent first."""

    @property
    def first(self) -> DueItem:
        """The most urgent of them: its date and state are the group's."""
        return self.items[0]

    @property
    def count(self) -> int:
        """How many things the group stands for."""
        return sum(each.count for each in self.items)


def state_on(due_on: date | None, today: date, alert_days: int = ALERT_DAYS) -> DueState:
    """The state of something due on a day, to be planned so many days before."""
    if due_on is None:
        return DueState.UNKNOWN
    if due_on < today:
        return DueState.LATE
    if due_on - today <= timedelta(days=alert_days):
        return DueState.TO_PLAN
    return DueState.UP_TO_DATE


def next_due(last_done: date | None, months: Decimal | None) -> date | None:
    """The last time it was done plus its period; None when either is not known."""
    if last_done is None or months is None or months <= 0:
        return None
    return add_months(last_done, months)


def alert_window(months: Decimal | None) -> int:
    """Days of notice for a period without a window of its own: a sixth of it, at most 90.

    As the periods that come with the program have it: 60 days for a yearly one, 5 for a monthly.
    """
    if months is None or months <= 0:
        return ALERT_DAYS
    return max(1, min(ALERT_DAYS, int(months * 30 / 6)))


def urgency(item: DueItem) -> tuple[int, date, str, str]:
    """The order of lists: late and never done, then by date, then what has none."""
    return (_URGENCY[item.state], item.due_on or date.max, item.title, item.record_id)


def until(items: Iterable[DueItem], last: date | None) -> list[DueItem]:
    """What must be done by a day; everything when None.

    That is what falls due on or before it, and what was never done, which waits already. What has
    no date, is suspended or without object is left out: it calls for no act by that day.
    """
    if last is None:
        return list(items)
    return [
        each
        for each in items
        if each.state is DueState.NEVER_DONE or (each.due_on is not None and each.due_on <= last)
    ]


def first_groups(items: Iterable[DueItem], most: int) -> tuple[list[DueGroup], int]:
    """Like items at one place as one line each: the most urgent lines, and how many there are.

    No more than `most` lines are made, in the order of their most urgent item.
    """
    found = _by_kin(items)
    return [_group(each) for each in nsmallest(most, found, key=_first_urgency)], len(found)


def _by_kin(items: Iterable[DueItem]) -> list[list[DueItem]]:
    found: dict[tuple[str, ...], list[DueItem]] = {}
    for each in items:
        found.setdefault(_kin(each), []).append(each)
    return list(found.values())


def _first_urgency(members: list[DueItem]) -> tuple[int, date, str, str]:
    return min(map(urgency, members))


def _group(members: list[DueItem]) -> DueGroup:
    ordered = tuple(sorted(members, key=urgency))
    return DueGroup(_group_text(ordered), ordered)


def _kin(item: DueItem) -> tuple[str, ...]:
    alone = "" if item.group else item.record_id + item.what
    return (item.department, item.register, item.group, item.responsible, alone)


def _group_text(members: tuple[DueItem, ...]) -> str:
    if len(members) == 1:
        return members[0].title
    return f"{members[0].group} ({sum(each.count for each in members)})"
