"""What the indicators are counted from: one fact a record, with the direction it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prevention_app.catalogue.description import Choice
from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain.due import DueState
from prevention_app.domain.ratings import Assessment


class ActionProgress(Choice):
    """Where an action of a yearly programme stands, judged on its original date."""

    FINISHED = "finished", "Terminée", "Finished"
    ON_TIME = "on_time", "Dans les délais", "On time"
    DUE_SOON = "due_soon", "À échéance ≤ 90 j", "Due within 90 days"
    LATE = "late", "En retard", "Late"
    UNDATED = "undated", "Échéance à renseigner", "Date unknown"
    ABANDONED = "abandoned", "Abandonnée", "Abandoned"


class CertiphytoRole(Choice):
    """What a Certiphyto allows its holder to do, as coverage is counted."""

    OPERATOR = "operator", "Opérateur", "Operator"
    DECIDER = "decider", "Décideur", "Decider"
    OTHER = "other", "Conseil ou vente", "Advice or sale"


@dataclass(frozen=True, slots=True, order=True)
class Direction:
    """A directorate of an employer; « Non rattaché » and the like have no id."""

    department: str
    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class RiskFact:
    """A risk; `assessment` is None while nobody who looked at the work has rated it (P6)."""

    direction: Direction
    family: str
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class ActionFact:
    """A planned action; its year is that of its original date."""

    direction: Direction
    year: int | None
    progress: ActionProgress
    measure_type: str | None
    """A code of MeasureType."""
    planned: Decimal
    committed: Decimal
    spent: Decimal
    """Amounts in euros."""


@dataclass(frozen=True, slots=True)
class InspectionFact:
    """An equipment or lot, and where its inspection stands."""

    direction: Direction
    site_kind: str
    state: DueState


@dataclass(frozen=True, slots=True)
class CredentialFact:
    """A credential of a person who is still there."""

    direction: Direction
    person: str
    """Id: one person may hold several."""
    type_code: str
    type_name: str
    family: str
    state: DueState
    held: bool
    """False for one that is only planned."""
    end: date | None
    certiphyto: CertiphytoRole | None


@dataclass(frozen=True, slots=True)
class EntryFact:
    """An entry of the health and safety register."""

    direction: Direction
    reported_on: date
    answered_on: date | None
    closed_on: date | None
    overdue: bool
    """Whether its answer is late."""


@dataclass(frozen=True, slots=True)
class AccidentFact:
    """An accident or disease."""

    direction: Direction
    happened_on: date
    kind: AccidentKind
    with_stoppage: bool
    days_lost: int
    material_element: str


@dataclass(frozen=True, slots=True)
class StockFact:
    """A product in a store room that has not left it."""

    direction: Direction
    set_aside: bool
    not_usable: bool
    """In the store as a product like others, though its use has ended."""
    too_long: bool
    """Set aside for more than nine months."""


@dataclass(frozen=True, slots=True)
class Employer:
    """A department and how many people it employs, as far as it says so."""

    number: str
    full_time_equivalents: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the indicators of one or several departments are counted from."""

    employers: tuple[Employer, ...]
    agents: Mapping[Direction, int]
    """People by direction."""
    risks: Sequence[RiskFact] = ()
    actions: Sequence[ActionFact] = ()
    inspections: Sequence[InspectionFact] = ()
    credentials: Sequence[CredentialFact] = ()
    entries: Sequence[EntryFact] = ()
    accidents: Sequence[AccidentFact] = ()
    stock: Sequence[StockFact] = ()

    @property
    def full_time_equivalents(self) -> int | None:
        """Of all the departments; None where one of them does not say."""
        known = [each.full_time_equivalents for each in self.employers]
        return None if not known or None in known else sum(each or 0 for each in known)
