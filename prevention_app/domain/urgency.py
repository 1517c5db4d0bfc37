"""How soon something due calls for an act: the groups of the first page and its counters (P5)."""

from __future__ import annotations

from datetime import date
from typing import Final

from prevention_app.catalogue.description import Choice
from prevention_app.domain.due import DueItem, DueState

SOON_DAYS: Final = 30
NEAR_DAYS: Final = 90
_WEEK: Final = 7


class Urgency(Choice):
    """Groups of due items, the most urgent first; what is not known is a group apart."""

    LATE = "late", "En retard", "Late"
    NEVER_DONE = "never_done", "À faire (jamais réalisé)", "Never done"
    SOON = "soon", "Dans les 30 jours", "Within 30 days"
    NEAR = "near", "De 31 à 90 jours", "In 31 to 90 days"
    FAR = "far", "Au-delà de 90 jours", "Beyond 90 days"
    UNDATED = "undated", "Sans date à tenir", "Without a date"
    UNKNOWN = "unknown", "À renseigner", "Unknown"
    SUSPENDED = "suspended", "Suspendu", "Suspended"
    NOT_APPLICABLE = "not_applicable", "Sans objet", "Not applicable"


PRESSING: Final = (Urgency.LATE, Urgency.NEVER_DONE, Urgency.SOON, Urgency.NEAR)
"""What calls for an act within 90 days."""

_OF_STATE: Final = {
    DueState.LATE: Urgency.LATE,
    DueState.NEVER_DONE: Urgency.NEVER_DONE,
    DueState.UNKNOWN: Urgency.UNKNOWN,
    DueState.SUSPENDED: Urgency.SUSPENDED,
    DueState.NOT_APPLICABLE: Urgency.NOT_APPLICABLE,
}


def urgency_of(item: DueItem, today: date) -> Urgency:
    """The group of an item: by its state, else by the days that are left."""
    known = _OF_STATE.get(item.state)
    if known is not None:
        return known
    if item.due_on is None:
        return Urgency.UNDATED
    days = (item.due_on - today).days
    if days <= SOON_DAYS:
        return Urgency.SOON
    return Urgency.NEAR if days <= NEAR_DAYS else Urgency.FAR


class Horizon(Choice):
    """How far one looks: the counters of the first page, which are filters of the list."""

    LATE = "late", "En retard", "Overdue"
    SOON = "soon", "Dans les 30 jours", "Within 30 days"
    NEAR = "near", "Dans les 90 jours", "Within 90 days"
    UNKNOWN = "unknown", "À renseigner", "Unknown"


_WITHIN: Final = {
    Horizon.LATE: (Urgency.LATE,),
    Horizon.SOON: (Urgency.SOON,),
    Horizon.NEAR: (Urgency.SOON, Urgency.NEAR),
    Horizon.UNKNOWN: (Urgency.UNKNOWN,),
}


def is_within(urgency: Urgency, horizon: Horizon) -> bool:
    """Whether a group belongs to what a horizon shows; what is late is not « within 30 days »."""
    return urgency in _WITHIN[horizon]


def is_this_week(item: DueItem, today: date) -> bool:
    """Whether it falls due today or within the next seven days."""
    return item.due_on is not None and 0 <= (item.due_on - today).days <= _WEEK
