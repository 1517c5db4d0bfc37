"""What the annexes of the document unique hold beside the risks: collective, without any name.

Legal source: code du travail R4121-1-1 (occupational factors), R4412-59 to -93 (CMR), R4463-1 to
-8 (heat); accord-cadre du 22 octobre 2013 (psychosocial risks).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from prevention_app.catalogue.checks import not_in_future, not_negative, within
from prevention_app.catalogue.description import Record, RecordCheck, Ref, entity, field
from prevention_app.catalogue.exposure_lists import (
    CmrCategory,
    DiagnosisMethod,
    FigureBasis,
    HeatLevel,
    Judgement,
    OccupationalFactor,
    PsychosocialDimension,
    PsychosocialIndicator,
    RiskGroup,
)
from prevention_app.catalogue.organisation import OrgUnit, WorkUnit
from prevention_app.catalogue.risk_document import GROUP, Risk

FEWEST_COUNTED = 5
"""A group is counted from so many persons on, at the level that is told of it (P7)."""


def _no_more(part: str, whole: tuple[str, ...], sentence: str) -> RecordCheck:
    """A count is not above the sum of others, where all of these are known."""

    def check(record: Record, today: date) -> tuple[str, str] | None:  # noqa: ARG001
        of = [getattr(record, key, None) for key in whole]
        count = getattr(record, part, None)
        known = [each for each in of if each is not None]
        if count is None or len(known) < len(of) or count <= sum(known):
            return None
        return part, sentence

    return check


def _enough_persons(value: Any, record: Record, today: date) -> str | None:
    if 0 < value < FEWEST_COUNTED:
        return (
            f"{value} : un groupe de moins de {FEWEST_COUNTED} personnes ne se compte pas, ses "
            "membres seraient reconnus ; laissez vide ou comptez à un niveau plus large."
        )
    return not_negative(value, record, today)


@entity(
    "factor_exposure",
    code="FACT",
    label=("Expositions aux facteurs de risques", "Exposure to occupational factors"),
    short_fr="Facteurs L4161-1",
    item_fr="Exposition à un facteur",
    group=GROUP,
    title=("factor", "work_unit"),
    key_fields=("work_unit", "factor"),
    order=("work_unit", "factor"),
    checks=(
        _no_more(
            "beyond",
            ("women", "men"),
            "Plus de personnes au-delà du seuil que de personnes exposées.",
        ),
    ),
)
class FactorExposure(Record):
    """How many of a unit are exposed to one of the ten factors, and beyond its threshold."""

    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    factor: OccupationalFactor = field("Facteur", "Factor")
    women: int | None = field("Femmes exposées", "Women exposed", checks=[not_negative])
    men: int | None = field("Hommes exposés", "Men exposed", checks=[not_negative])
    beyond: int | None = field(
        "Au-delà du seuil",
        "Beyond the threshold",
        checks=[not_negative],
        help="Après effet des protections, en moyenne annuelle (D4163-2).",
    )
    basis: FigureBasis | None = field("Base du chiffre", "Basis of the figure")
    assessed_on: date | None = field("Établi le", "Assessed on", checks=[not_in_future])
    comment: str | None = field("Commentaire", "Comment", lines=2)


@entity(
    "cmr_use",
    code="CMR",
    label=("Agents et procédés CMR", "CMR agents and processes"),
    item_fr="Agent ou procédé CMR",
    group=GROUP,
    title=("name",),
    key_fields=("work_unit", "name"),
    order=("work_unit", "name"),
)
class CmrUse(Record):
    """A CMR agent or process of a unit, and whether it can be replaced (R4412-66)."""

    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    risk: Ref[Risk] | None = field("Risque", "Risk")
    name: str = field("Produit, agent ou procédé", "Product, agent or process", search=True)
    category: CmrCategory | None = field("Catégorie", "Category")
    women: int | None = field("Femmes exposées", "Women exposed", checks=[not_negative])
    men: int | None = field("Hommes exposés", "Men exposed", checks=[not_negative])
    substitution_examined: bool | None = field("Substitution étudiée", "Substitution examined")
    substitution: str | None = field(
        "Résultat et raison",
        "Result and reason",
        lines=3,
        help="Remplacé par quoi, ou pourquoi cela n’est techniquement pas possible.",
    )
    examined_on: date | None = field("Étudiée le", "Examined on", checks=[not_in_future])


@entity(
    "heat_plan",
    code="CHAL",
    label=("Plans chaleur", "Heat plans"),
    item_fr="Plan chaleur",
    group=GROUP,
    title=("work_unit", "level"),
    key_fields=("work_unit", "level"),
    order=("work_unit", "level"),
)
class HeatPlan(Record):
    """What a unit does from a level of heat on, by the kinds of R4463-3."""

    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    level: HeatLevel = field("À partir du niveau", "From level", default=HeatLevel.YELLOW)
    threshold: str | None = field(
        "Seuil propre au lieu", "Threshold of the place", help="Par exemple : 28 °C à l’atelier."
    )
    pilot: str | None = field("Pilote", "Pilot", help="Une fonction, pas un nom.")
    process: str | None = field("Procédés moins exposants", "Less exposing processes", lines=2)
    workplace: str | None = field("Aménagement des lieux", "Workplace", lines=2)
    hours: str | None = field("Horaires décalés et pauses", "Shifted hours and breaks", lines=2)
    technical: str | None = field(
        "Ombre, ventilation, brumisation", "Shade, ventilation, misting", lines=2
    )
    running_water: bool | None = field("Eau courante sur place", "Running water")
    water: Decimal | None = field(
        "Eau (litres par jour et par agent)", "Water (litres)", checks=[not_negative]
    )
    equipment: str | None = field("Équipements et vêtements", "Equipment and clothing", lines=2)
    information: str | None = field("Information et formation", "Information", lines=2)
    vulnerable: str | None = field(
        "Adaptations pour les agents vulnérables", "For vulnerable workers", lines=2
    )
    lone_workers: str | None = field(
        "Alerte des travailleurs isolés", "Alert for lone workers", lines=2
    )


@entity(
    "psychosocial_diagnosis",
    code="RPSD",
    label=("Diagnostics RPS", "Psychosocial diagnoses"),
    item_fr="Dimension d’un diagnostic RPS",
    group=GROUP,
    title=("dimension", "work_unit", "made_on"),
    key_fields=("work_unit", "dimension", "made_on"),
    order=("work_unit", "-made_on", "dimension"),
)
class PsychosocialDiagnosis(Record):
    """What a collective diagnosis found of one of the six dimensions in a unit; nothing G × F."""

    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    dimension: PsychosocialDimension = field("Dimension", "Dimension")
    judgement: Judgement | None = field("Appréciation", "Judgement", cautious="highest")
    findings: str | None = field("Constats", "Findings", lines=3)
    method: DiagnosisMethod | None = field("Méthode", "Method")
    answers: int | None = field(
        "Réponses ou entretiens", "Answers", checks=[not_negative], help="Combien d’agents."
    )
    made_on: date | None = field("Établi le", "Made on", checks=[not_in_future])


@entity(
    "psychosocial_indicator",
    code="RPSI",
    label=("Indicateurs RPS", "Psychosocial indicators"),
    item_fr="Indicateur RPS",
    group=GROUP,
    title=("indicator", "year", "org_unit"),
    key_fields=("org_unit", "work_unit", "year", "indicator"),
    order=("-year", "indicator"),
)
class PsychosocialFigure(Record):
    """A figure of the grid that no register of the program tells: absence, turnover, visits."""

    year: int = field("Année", "Year", checks=[within(2000, 2100)])
    indicator: PsychosocialIndicator = field("Indicateur", "Indicator")
    org_unit: Ref[OrgUnit] | None = field(
        "Direction ou service", "Org unit", help="Vide : tout le département."
    )
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    value: Decimal = field("Valeur", "Value", checks=[not_negative])
    source: str | None = field("Source", "Source")


@entity(
    "group_measure",
    code="PART",
    label=("Publics à risques particuliers", "Groups at particular risk"),
    item_fr="Mesure pour un public",
    group=GROUP,
    title=("risk_group", "measure"),
    key_fields=("work_unit", "org_unit", "risk_group", "measure"),
    order=("risk_group", "measure"),
)
class GroupMeasure(Record):
    """A measure for a group that is protected apart, for a unit or a level; never a person."""

    risk_group: RiskGroup = field("Public", "Group")
    measure: str = field("Mesure", "Measure", lines=2, search=True)
    org_unit: Ref[OrgUnit] | None = field(
        "Direction ou service", "Org unit", help="Vide, sans unité : tout le département."
    )
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    persons: int | None = field(
        "Nombre de personnes",
        "Persons",
        checks=[_enough_persons],
        help="À partir de cinq au niveau indiqué ; sinon laisser vide.",
    )
