"""Figures that departments publish to each other: counts at a closing date, and no record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from prevention_app.catalogue.checks import after
from prevention_app.catalogue.description import Choice, Record, Ref, entity, field
from prevention_app.catalogue.organisation import Department
from prevention_app.catalogue.workspace import GROUP


class Indicator(Choice):
    """What is counted; the words say of what the figure is a part, where it is one."""

    AGENTS = "agents", "Agents", "Staff"
    RISKS_IMMEDIATE = (
        "risks_immediate",
        "Risques à action immédiate, sur les risques cotés",
        "Risks for immediate action, of those rated",
    )
    RISKS_TO_EVALUATE = "risks_to_evaluate", "Risques à évaluer", "Risks to evaluate"
    ACTIONS_FINISHED = (
        "actions_finished",
        "Actions de l’année terminées, sur celles non abandonnées",
        "Actions of the year finished, of those not abandoned",
    )
    ACTIONS_LATE = (
        "actions_late",
        "Actions de l’année en retard, sur celles non abandonnées",
        "Actions of the year late, of those not abandoned",
    )
    BUDGET_COMMITTED = (
        "budget_committed",
        "Budget de l’année engagé, sur le prévu (€)",
        "Budget of the year committed, of what was planned (€)",
    )
    INSPECTIONS_NOT_LATE = (
        "inspections_not_late",
        "Vérifications non en retard, sur celles suivies",
        "Inspections not late, of those followed",
    )
    ENTRIES = (
        "entries",
        "Observations santé et sécurité reçues",
        "Health and safety entries received",
    )
    ENTRIES_UNANSWERED = (
        "entries_unanswered",
        "Observations dont la réponse est en retard",
        "Entries whose answer is late",
    )
    ACCIDENTS = "accidents", "Accidents de service", "Accidents at work"
    ACCIDENTS_STOPPED = (
        "accidents_stopped",
        "Accidents de service avec arrêt",
        "Accidents with stoppage",
    )
    DAYS_LOST = "days_lost", "Jours d’arrêt", "Days lost"
    COMMUTING_ACCIDENTS = "commuting_accidents", "Accidents de trajet", "Commuting accidents"
    DISEASES = "diseases", "Maladies professionnelles", "Occupational diseases"
    ACCIDENTS_5_YEARS = (
        "accidents_5_years",
        "Accidents de service sur cinq ans",
        "Accidents at work over five years",
    )
    STOPPED_5_YEARS = (
        "stopped_5_years",
        "Accidents de service avec arrêt sur cinq ans",
        "Accidents with stoppage over five years",
    )
    CREDENTIALS_VALID = (
        "credentials_valid",
        "Titres et habilitations valables, sur ceux détenus et datés",
        "Credentials valid, of those held and dated",
    )
    CREDENTIALS_EXPIRED = (
        "credentials_expired",
        "Titres et habilitations périmés",
        "Credentials expired",
    )
    CERTIPHYTO_HOLDERS = (
        "certiphyto_holders",
        "Agents au Certiphyto valable",
        "Persons with a valid Certiphyto",
    )
    CERTIPHYTO_IN_A_YEAR = (
        "certiphyto_in_a_year",
        "Agents au Certiphyto encore valable dans douze mois",
        "Persons whose Certiphyto holds for twelve months",
    )
    STOCK_NOT_USABLE = (
        "stock_not_usable",
        "Produits à mettre à l’écart, sur ceux en stock",
        "Products to set aside, of those in stock",
    )


class FigureLevel(Choice):
    """What part of a department a figure is about."""

    DEPARTMENT = "department", "Département", "Department"
    DIRECTION = "direction", "Direction", "Direction"


class FigureState(Choice):
    """Whether a figure is told."""

    TOLD = "told", "Communiqué", "Told"
    FEW = "few", "< 5, non montré", "< 5, not told"
    """It would tell of fewer than five persons, or give such a figure away."""


@entity(
    "indicator_figure",
    code="INDI",
    category="shared",
    label=("Chiffres publiés", "Published figures"),
    item_fr="Chiffre publié",
    group=GROUP,
    title=("indicator", "level_label", "as_of"),
    key_fields=("department", "indicator", "level", "level_label", "as_of"),
    order=("-as_of", "department", "indicator", "level_label"),
    checks=(after("period_end", "period_start", "La fin précède le début."),),
    shared=True,
    system=True,
)
class IndicatorFigure(Record):
    """One count of a department at a closing date, as it was published; nobody types one."""

    department: Ref[Department] = field("Département", "Department")
    indicator: Indicator = field("Indicateur", "Indicator")
    level_label: str | None = field(
        "Direction", "Direction", search=True, help="Vide pour le département entier."
    )
    numerator: Decimal | None = field("Chiffre", "Figure")
    denominator: Decimal | None = field("Sur", "Of")
    state: FigureState = field("Mention", "State", default=FigureState.TOLD)
    level: FigureLevel = field("Niveau", "Level", default=FigureLevel.DEPARTMENT)
    period_start: date | None = field("Du", "From", help="Vide pour un état à la date.")
    period_end: date = field("Au", "Until")
    as_of: date = field("Arrêté au", "As of")
    published_on: date = field("Publié le", "Published on")
