"""The figures of the consolidated workbook's first sheets: what each is called and means.

Counts only: `counting.py` fills them in from the facts of `facts.py`; `suppression.py` takes out
what would tell of fewer than five persons. A count that was taken out is None and is written
« < 5 »; a rate is None where its denominator is zero, unknown, or too small to mean anything (P7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain.facts import Direction
from prevention_app.domain.ratings import Level

HOURS_A_YEAR = 1607
"""Hours of a full-time equivalent where the paid hours are not known: marked « estimées »."""

SERVICE_ACCIDENTS = (AccidentKind.SERVICE, AccidentKind.MISSION)
"""What counts as an accident at work; commuting accidents and diseases are never mixed in."""

UNSPECIFIED = "Non précisé"

FEWEST_FULL_TIME = 100
"""Under so many full-time equivalents a rate means nothing (P7); a department may raise it."""


def share(part: Decimal | int | None, whole: Decimal | int | None) -> float | None:
    """The part as a fraction of the whole, 0 to 1; None where there is nothing to divide by."""
    if part is None or not whole:
        return None
    return float(Decimal(part) / Decimal(whole))


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """How many risks have a level, before and after the measures in place."""

    level: Level
    initial: int
    residual: int


@dataclass(frozen=True, slots=True)
class RiskFigures:
    """The document unique in figures; `levels` from the least serious to the worst."""

    levels: tuple[LevelFigures, ...]
    rated: int
    """Evaluated, with a residual value."""
    immediate: int
    """Whose residual value asks for immediate action (8 or more)."""
    to_evaluate: int
    """Not evaluated, or rated in part: in no other figure."""


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """The residual levels of a family of hazards, from the least serious to the worst."""

    family: str
    residual: tuple[int, ...]
    immediate: int

    @property
    def rated(self) -> int:
        """How many risks of the family are rated."""
        return sum(self.residual)


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """The planned actions of a year; `year` is None for actions without any date."""

    year: int | None
    finished: int
    on_time: int
    due_soon: int
    late: int
    undated: int
    abandoned: int

    @property
    def total(self) -> int:
        """All actions of the year, abandoned ones too."""
        return self.open + self.finished + self.abandoned

    @property
    def open(self) -> int:
        """What is still to be done."""
        return self.on_time + self.due_soon + self.late + self.undated

    @property
    def rate(self) -> float | None:
        """Finished actions, of those not abandoned."""
        return share(self.finished, self.total - self.abandoned)


@dataclass(frozen=True, slots=True)
class BudgetFigures:
    """The money of a year's programme by type of measure, in euros."""

    measure_type: str | None
    """A code of MeasureType; None where the actions name none."""
    label: str
    planned: Decimal
    committed: Decimal
    spent: Decimal
    """Real cost of the actions that are finished."""


@dataclass(frozen=True, slots=True)
class InspectionFigures:
    """Equipment by the state of its inspection, at one kind of site or in all."""

    site_kind: str
    up_to_date: int
    to_plan: int
    late: int
    never_done: int
    unknown: int
    """No date known: apart, never counted as late (P5)."""

    @property
    def followed(self) -> int:
        """Equipment whose inspections are known, or known to be missing."""
        return self.up_to_date + self.to_plan + self.late + self.never_done

    @property
    def rate(self) -> float | None:
        """Inspections not overdue, of those followed; never done counts as overdue."""
        return share(self.up_to_date + self.to_plan, self.followed)


@dataclass(frozen=True, slots=True)
class CredentialFigures:
    """Credentials of one type, or of all, by state."""

    type_code: str
    type_name: str
    family: str
    valid: int | None
    to_renew: int | None
    """Valid, and its renewal is to be planned."""
    expired: int | None
    unknown: int | None
    """Held, without a date (P5)."""
    planned: int | None
    """To be obtained: not counted as held."""

    @property
    def rate(self) -> float | None:
        """Valid credentials, of those held whose end is known."""
        if self.valid is None or self.to_renew is None or self.expired is None:
            return None
        valid = self.valid + self.to_renew
        return share(valid, valid + self.expired)


@dataclass(frozen=True, slots=True)
class CertiphytoFigures:
    """Persons whose Certiphyto still holds so many months ahead, if none is renewed."""

    months: int
    on: date
    operators: int | None
    deciders: int | None
    others: int | None
    """Holders of the other kinds alone (advice, sale)."""
    holders: int | None
    """Persons with at least one."""


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """The health and safety register in one quarter."""

    label: str
    first: date
    last: date
    received: int
    closed: int
    """Closed in this quarter, whenever they were written."""
    median_days: float | None
    """From the entry to its answer, for the quarter's entries that have one."""


@dataclass(frozen=True, slots=True)
class AccidentPeriod:
    """Accidents of twelve months; rates are of accidents at work alone."""

    label: str
    first: date
    last: date
    accidents: int | None
    """At work, missions included; the next two are of these."""
    with_stoppage: int | None
    days_lost: int | None
    """Calendar days."""
    commuting: int | None
    diseases: int | None
    near_misses: int | None
    hours: int | None
    """Hours worked, estimated from the full-time equivalents; None where these are not known."""
    frequency_rate: float | None
    """TF1: accidents with stoppage per million hours; None under 100 full-time equivalents."""
    severity_rate: float | None
    """TG: days lost per thousand hours."""


@dataclass(frozen=True, slots=True)
class AccidentGroup:
    """Accidents at work of one cause or of one kind, over the last two periods."""

    label: str
    current: int | None
    previous: int | None
    days_lost: int | None
    """In the current period."""


@dataclass(frozen=True, slots=True)
class StockFigures:
    """Products in the store rooms."""

    lines: int
    not_usable: int
    """Use ended or past their date, and still among the others: to be set aside."""
    set_aside: int
    too_long: int
    """Set aside for more than nine months."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What one register follows, and how much of it is late; None where few persons are told of."""

    register: str
    followed: int | None
    late: int | None

    @property
    def up_to_date(self) -> int | None:
        """What is followed and not late."""
        return None if self.followed is None or self.late is None else self.followed - self.late

    @property
    def rate(self) -> float | None:
        """Not late, of those followed."""
        return share(self.up_to_date, self.followed)


@dataclass(frozen=True, slots=True)
class DirectionFigures:
    """One line of the sheet « Par direction », and its total."""

    direction: Direction
    agents: int | None
    rated: int
    residual: tuple[int, ...]
    """The rated risks by residual level, from the least serious to the worst."""
    immediate: int
    actions: int
    """Of the yearly programme, as are the next five."""
    finished: int
    abandoned: int
    late: int
    planned: Decimal
    committed: Decimal
    entries: int
    """Health and safety entries of the last twelve months."""
    unanswered: int
    """Entries whose answer is late."""
    accidents: int | None
    """At work, last twelve months."""
    accidents_5_years: int | None
    with_stoppage_5_years: int | None
    days_5_years: int | None
    frequency_rate_5_years: float | None
    """TF1 over five years; None under 100 full-time equivalents (« n.s. »)."""
    inspections_late: int
    """Overdue or never done."""
    inspections_followed: int
    expired: int | None
    """Credentials past their end."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """All figures of one department, or of several together, at a date."""

    as_at: date
    departments: tuple[str, ...]
    year: int
    """Of the programme and the budget."""
    agents: int | None
    full_time_equivalents: int | None
    """None unless every department gives it."""
    risks: RiskFigures
    families: tuple[FamilyFigures, ...]
    """Most risks that ask for immediate action first."""
    programmes: tuple[ProgrammeFigures, ...]
    """One a year that has actions, earliest first; those without a date last."""
    programme: ProgrammeFigures
    """That of the year."""
    budget: tuple[BudgetFigures, ...]
    budget_total: BudgetFigures
    inspections: tuple[InspectionFigures, ...]
    """By kind of site, lowest rate first."""
    inspections_total: InspectionFigures
    credentials: tuple[CredentialFigures, ...]
    """By type, most expired first."""
    credentials_total: CredentialFigures
    certiphyto: tuple[CertiphytoFigures, ...]
    """Today and 6, 12, 24 months ahead."""
    quarters: tuple[QuarterFigures, ...]
    """Eight, earliest first."""
    unanswered: int
    """Health and safety entries whose answer is late."""
    accident_periods: tuple[AccidentPeriod, ...]
    """Five periods of twelve months, earliest first."""
    accident_causes: tuple[AccidentGroup, ...]
    """By material element, most frequent first."""
    accident_kinds: tuple[AccidentGroup, ...]
    stock: StockFigures
    directions: tuple[DirectionFigures, ...]
    """By number of agents, then name; what belongs to no direction last."""
    directions_total: DirectionFigures
