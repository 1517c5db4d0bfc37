"""Which state a closed list's codes stand for, and how each state is drawn: shape, word, colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.description import Field, Kind
from prevention_app.domain.due import DueState


@dataclass(frozen=True, slots=True)
class State:
    """How a state looks: colours of the theme (good, warn, bad, info, neutral) and an icon."""

    colours: str
    icon: str


GO: Final = State("good", "circle-check")
CAUTION: Final = State("warn", "triangle-alert")
STOP: Final = State("bad", "octagon-x")
IN_PROGRESS: Final = State("info", "pencil")
NEW: Final = State("good", "plus")
NONE: Final = State("neutral", "circle-minus")
WAITING: Final = State("neutral", "clock")

_OF_CODE: Final = {
    "open": CAUTION,
    "to_do": CAUTION,
    "to_evaluate": CAUTION,
    "planned": CAUTION,
    "provisional": CAUTION,
    "with_observations": CAUTION,
    "held_undated": CAUTION,
    "set_aside": CAUTION,
    "in_progress": IN_PROGRESS,
    "ongoing": IN_PROGRESS,
    "answered": GO,
    "closed": GO,
    "done": GO,
    "verified": GO,
    "evaluated": GO,
    "compliant": GO,
    "in_service": GO,
    "held": GO,
    "in_stock": GO,
    "authorised": GO,
    "approved": GO,
    "recognised": GO,
    "stopped": STOP,
    "withdrawn": STOP,
    "not_approved": STOP,
    "proposed": WAITING,
    "postponed": WAITING,
    "pending": WAITING,
    "suspended": NONE,
    "not_applicable": NONE,
    "abandoned": NONE,
    "refused": NONE,
    "on_site": IN_PROGRESS,
    "rated": GO,
    "validated": GO,
    "waiting": WAITING,
    "accepted": GO,
    "corrected": GO,
    "collected": NONE,
    "destroyed": NONE,
}
"""What the codes of the declared lists mean; a list none of whose codes is here is plain text."""

OF_DUE: Final = {
    DueState.LATE: STOP,
    DueState.NEVER_DONE: CAUTION,
    DueState.TO_PLAN: State("warn", "calendar-clock"),
    DueState.UNKNOWN: State("neutral", "circle-help"),
    DueState.UP_TO_DATE: GO,
    DueState.SUSPENDED: NONE,
    DueState.NOT_APPLICABLE: NONE,
}


def is_state(field: Field) -> bool:
    """Whether a field is shown as chips: most of its choices say where something stands."""
    if field.kind is not Kind.CHOICE or not field.options:
        return False
    known = sum(option.code in _OF_CODE for option in field.options)
    return known * 2 > len(field.options)


def state_of(code: str) -> State:
    """The state that a code of a closed list stands for."""
    return _OF_CODE.get(code, NONE)


def delay_colour(due_on: date, today: date) -> str:
    """The colours of a delay: bad when late, warn within 30 days, else none."""
    days = (due_on - today).days
    if days < 0:
        return "bad"
    return "warn" if days <= 30 else ""
