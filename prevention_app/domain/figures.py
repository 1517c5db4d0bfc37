"""How records are counted into the lines of the indicators, accidents and directions apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TypeVar

from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import MeasureType
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import (
    ActionFact,
    ActionProgress,
    CertiphytoRole,
    CredentialFact,
    EntryFact,
    InspectionFact,
    RiskFact,
    StockFact,
)
from prevention_app.domain.indicators import (
    UNSPECIFIED,
    BudgetFigures,
    CertiphytoFigures,
    CredentialFigures,
    FamilyFigures,
    InspectionFigures,
    LevelFigures,
    ProgrammeFigures,
    QuarterFigures,
    RiskFigures,
    StockFigures,
)
from prevention_app.domain.periods import add_months, quarters
from prevention_app.domain.ratings import RatingMethod

COVERAGE_MONTHS = (0, 6, 12, 24)
QUARTERS = 8

K = TypeVar("K")
V = TypeVar("V")


def grouped(items: Iterable[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    """The items that have one key in common, in the order met."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for each in items:
        groups[key(each)].append(each)
    return dict(groups)


# -- The document unique ------------------------------------------------------------------------


def risk_figures(risks: Iterable[RiskFact], method: RatingMethod) -> RiskFigures:
    """Risks by level before and after the measures; what is not rated in full is apart."""
    initial: Counter[str] = Counter()
    residual: Counter[str] = Counter()
    to_evaluate = 0
    immediate = 0
    for each in risks:
        if each.assessment is None or each.assessment.residual is None:
            to_evaluate += 1
            continue
        initial[each.assessment.initial_level.code] += 1
        residual[each.assessment.residual_level.code] += 1
        immediate += each.assessment.immediate
    levels = tuple(
        LevelFigures(each, initial[each.code], residual[each.code]) for each in method.levels
    )
    return RiskFigures(levels, residual.total(), immediate, to_evaluate)


def family_figures(risks: Iterable[RiskFact], method: RatingMethod) -> tuple[FamilyFigures, ...]:
    """The residual levels of each family that has rated risks, most immediate ones first."""
    found: list[FamilyFigures] = []
    for family, members in grouped(risks, lambda each: each.family).items():
        figures = risk_figures(members, method)
        if figures.rated:
            counts = tuple(each.residual for each in figures.levels)
            found.append(FamilyFigures(family, counts, figures.immediate))
    return tuple(sorted(found, key=lambda each: (-each.immediate, -each.rated, each.family)))


# -- The yearly programmes ----------------------------------------------------------------------


def programme_figures(actions: Iterable[ActionFact]) -> tuple[ProgrammeFigures, ...]:
    """The actions of each year, earliest first, those without any date last."""
    years = grouped(actions, lambda each: each.year)
    ordered = sorted(years, key=lambda year: (year is None, year or 0))
    return tuple(programme_line(year, years[year]) for year in ordered)


def programme_line(year: int | None, actions: Sequence[ActionFact]) -> ProgrammeFigures:
    """These actions as the programme of a year."""
    counts = Counter(each.progress for each in actions)
    return ProgrammeFigures(
        year,
        finished=counts[ActionProgress.FINISHED],
        on_time=counts[ActionProgress.ON_TIME],
        due_soon=counts[ActionProgress.DUE_SOON],
        late=counts[ActionProgress.LATE],
        undated=counts[ActionProgress.UNDATED],
        abandoned=counts[ActionProgress.ABANDONED],
    )


def budget_figures(actions: Iterable[ActionFact]) -> tuple[BudgetFigures, ...]:
    """The money by type of measure, in the order of the nine principles; unnamed ones last."""
    types = grouped(actions, lambda each: each.measure_type)
    lines = [
        budget_line(each.value, each.label_fr, types[each.value])
        for each in MeasureType
        if each.value in types
    ]
    if None in types:
        lines.append(budget_line(None, UNSPECIFIED, types[None]))
    return tuple(lines)


def budget_line(code: str | None, label: str, actions: Sequence[ActionFact]) -> BudgetFigures:
    """The money of these actions."""
    return BudgetFigures(
        code,
        label,
        planned=sum((each.planned for each in actions), Decimal(0)),
        committed=sum((each.committed for each in actions), Decimal(0)),
        spent=sum(
            (each.spent for each in actions if each.progress is ActionProgress.FINISHED),
            Decimal(0),
        ),
    )


# -- Inspections, credentials, stock ------------------------------------------------------------


def inspection_figures(inspections: Iterable[InspectionFact]) -> tuple[InspectionFigures, ...]:
    """Equipment by kind of site, the kind with the most overdue for its size first."""
    kinds = grouped(inspections, lambda each: each.site_kind)
    lines = [inspection_line(kind, members) for kind, members in kinds.items()]
    return tuple(
        sorted(lines, key=lambda each: (1.0 if each.rate is None else each.rate, each.site_kind))
    )


def inspection_line(kind: str, members: Sequence[InspectionFact]) -> InspectionFigures:
    """These equipments by the state of their inspection."""
    counts = Counter(each.state for each in members)
    return InspectionFigures(
        kind,
        up_to_date=counts[DueState.UP_TO_DATE],
        to_plan=counts[DueState.TO_PLAN],
        late=counts[DueState.LATE],
        never_done=counts[DueState.NEVER_DONE],
        unknown=counts[DueState.UNKNOWN],
    )


def credential_figures(credentials: Iterable[CredentialFact]) -> tuple[CredentialFigures, ...]:
    """Credentials by type, most expired first."""
    types = grouped(credentials, lambda each: (each.type_code, each.type_name, each.family))
    lines = [credential_line(*kind, members) for kind, members in types.items()]
    return tuple(sorted(lines, key=lambda each: (-(each.expired or 0), each.type_name)))


def credential_line(
    type_code: str, type_name: str, family: str, members: Sequence[CredentialFact]
) -> CredentialFigures:
    """These credentials by state."""
    counts = Counter(each.state for each in members if each.held)
    planned = sum(not each.held and each.state is DueState.TO_PLAN for each in members)
    return CredentialFigures(
        type_code,
        type_name,
        family,
        valid=counts[DueState.UP_TO_DATE],
        to_renew=counts[DueState.TO_PLAN],
        expired=counts[DueState.LATE],
        unknown=counts[DueState.UNKNOWN],
        planned=planned,
    )


def certiphyto_role(type_code: str, type_name: str, category: str) -> CertiphytoRole | None:
    """What a credential allows, if it is a Certiphyto, by its code or else its words."""
    words = fold(f"{type_code} {type_name} {category}")
    if "certiphyto" not in words:
        return None
    if "decideur" in words or "densa" in words or "desa" in words:
        return CertiphytoRole.DECIDER
    if "operateur" in words or "certiphyto-ope" in words:
        return CertiphytoRole.OPERATOR
    return CertiphytoRole.OTHER


def certiphyto_figures(
    credentials: Iterable[CredentialFact], as_at: date
) -> tuple[CertiphytoFigures, ...]:
    """Persons whose Certiphyto holds today and in 6, 12, 24 months, if none is renewed."""
    held = [each for each in credentials if each.certiphyto and each.held and each.end]
    lines: list[CertiphytoFigures] = []
    for months in COVERAGE_MONTHS:
        day = add_months(as_at, months)
        roles = grouped(
            [each for each in held if each.end and each.end >= day], lambda each: each.certiphyto
        )
        people = {role: {each.person for each in members} for role, members in roles.items()}
        operators = people.get(CertiphytoRole.OPERATOR, set())
        deciders = people.get(CertiphytoRole.DECIDER, set())
        others = people.get(CertiphytoRole.OTHER, set()) - operators - deciders
        holders = len(operators | deciders | others)
        lines.append(
            CertiphytoFigures(months, day, len(operators), len(deciders), len(others), holders)
        )
    return tuple(lines)


def stock_figures(stock: Sequence[StockFact]) -> StockFigures:
    """Products in the store rooms, and those that should leave them."""
    return StockFigures(
        lines=len(stock),
        not_usable=sum(each.not_usable for each in stock),
        set_aside=sum(each.set_aside for each in stock),
        too_long=sum(each.too_long for each in stock),
    )


# -- The health and safety register -------------------------------------------------------------


def quarter_figures(entries: Sequence[EntryFact], as_at: date) -> tuple[QuarterFigures, ...]:
    """The last eight quarters, that of the date included and not beyond the date."""
    lines: list[QuarterFigures] = []
    for span in quarters(as_at, QUARTERS):
        received = [each for each in entries if span.holds(each.reported_on)]
        closed = sum(
            span.holds(each.closed_on) and (each.closed_on or as_at) <= as_at for each in entries
        )
        delays = [
            (each.answered_on - each.reported_on).days
            for each in received
            if each.answered_on and each.answered_on <= as_at
        ]
        middle = float(median(delays)) if delays else None
        lines.append(
            QuarterFigures(span.label, span.first, span.last, len(received), closed, middle)
        )
    return tuple(lines)
