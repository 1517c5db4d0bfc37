"""What a collecting sheet asks and what a returned one says: plain data, no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

FORMAT: Final = 1
"""Version of the layout; a newer one is refused."""
MARK: Final = "prevention-collecte"
"""With the token, in the first cell: what a sheet is known by when nothing else is left."""
BLANK_ROWS: Final = 15
"""Room for new situations."""
NEW: Final = "new-"
"""How the keys of lines for new situations begin."""

STILL_TRUE, CHANGED, GONE = "Toujours vrai", "A changé", "N’existe plus"
ANSWERS: Final = (STILL_TRUE, CHANGED, GONE)

KEY, NUMBER = "#key", "#n"
FAMILY, SITUATION, MEASURES, LEVEL, ANSWER, REMARK = (
    *("#family", "#situation", "#measures", "#level", "#answer", "#remark"),
)
REFERENCE, TITLE, PLACE, DUE, STATE, PROGRESS, DONE_ON, TARGET, FOUND, COST = (
    *("#reference", "#title", "#place", "#due", "#state", "#progress"),
    *("#done_on", "#target", "#found", "#cost"),
)
"""Codes of the columns, in a hidden row above their headings: headings may be written over."""
PARTICIPANTS, MET_ON, ANSWERED_BY = "#participants", "#met_on", "#answered_by"
"""Codes of what is asked above the lines."""

RISK_HEADINGS: Final[Mapping[str, str]] = {
    KEY: "Clé",
    NUMBER: "N°",
    FAMILY: "Famille de risque",
    SITUATION: "Situation dangereuse",
    MEASURES: "Mesures en place",
    LEVEL: "Niveau enregistré",
    ANSWER: "Aujourd’hui",
    REMARK: "Remarque, ce qui a changé",
}
ACTION_HEADINGS: Final[Mapping[str, str]] = {
    KEY: "Clé",
    REFERENCE: "Référence",
    TITLE: "Action de prévention",
    PLACE: "Unité, risque visé",
    DUE: "Échéance",
    STATE: "État",
    PROGRESS: "Avancement (%)",
    DONE_ON: "Réalisée le",
    TARGET: "Indicateur et cible",
    FOUND: "Valeur constatée",
    COST: "Coût réel (€)",
    REMARK: "Remarque",
}
HEAD_LABELS: Final[Mapping[str, str]] = {
    PARTICIPANTS: "Qui a participé (fonctions)",
    MET_ON: "Date de la réunion",
    ANSWERED_BY: "Rempli par (fonction)",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a sheet is recognised when it comes back."""

    token: str
    kind: str
    campaign: str = ""
    unit: str = ""
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A situation as it is recorded today."""

    key: str
    family: str
    situation: str
    measures: str
    level: str


@dataclass(frozen=True, slots=True)
class RiskSheet:
    """What a work unit is asked."""

    identity: Identity
    employer: str
    unit: str
    branch: str
    """The directions above it."""
    campaign: str
    sent_on: date
    answers_until: date | None
    lines: Sequence[RiskLine]
    families: Sequence[str]


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A planned action as it is recorded today."""

    key: str
    reference: str
    title: str
    place: str
    due: date | None
    state: str
    progress: Decimal | None
    done_on: date | None
    target: str
    found: str
    real_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class ActionSheet:
    """What a pilot is asked: their own actions only."""

    identity: Identity
    employer: str
    pilot: str
    sent_on: date
    answers_until: date | None
    lines: Sequence[ActionLine]
    states: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A line that says something; what was not touched is empty or None."""

    key: str
    """The record's id; of new situations the line's own, or what follows from its text."""
    cell: str
    """« Fiche!D12 »: where the answer stands."""
    answer: str = ""
    """One of ANSWERS, NEW for a new situation, empty for a mere remark."""
    text: str = ""
    """The situation, where it is new or was written over."""
    family: str = ""
    measures: str = ""
    remark: str = ""
    state: str = ""
    progress: Decimal | None = None
    done_on: date | None = None
    found: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A returned sheet as it was read."""

    identity: Identity
    saved_at: datetime
    """When it was saved last, as the file tells."""
    participants: str
    met_on: date | None
    answered_by: str
    lines: Sequence[AnsweredLine]
    digest: str
    """Of what it says, not of its bytes: saved again, it is still the same answer."""
    remarks: Sequence[str] = field(default_factory=tuple[str, ...])
    """What was read otherwise than it is written, for the account."""
