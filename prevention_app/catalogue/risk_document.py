"""The document unique: risks, their ratings, the measures in place and the actions planned.

Legal source: code du travail L4121-3, L4121-3-1, R4121-1 and R4121-2.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from prevention_app.catalogue.checks import after, not_in_future, not_negative, within
from prevention_app.catalogue.description import Money, Record, Ref, entity, field
from prevention_app.catalogue.organisation import OrgUnit, WorkUnit
from prevention_app.catalogue.vocabulary import (
    ActionState,
    EvaluationState,
    MeasureType,
    RatingBasis,
)

GROUP = "Fiches du document unique"


@entity(
    "hazard_family",
    code="FAMI",
    category="shared",
    label=("Familles de risques", "Hazard families"),
    item_fr="Famille de risques",
    group=GROUP,
    title=("name",),
    key_fields=("family_code",),
    order=("rank",),
    shared=True,
)
class HazardFamily(Record):
    """A family of hazards: the twenty of INRS ED 840, and local ones."""

    family_code: str = field("Code", "Code")
    name: str = field("Nom", "Name", search=True)
    rank: int | None = field("Rang", "Rank")
    origin: str | None = field("Origine", "Origin")


@entity(
    "risk",
    code="RISQ",
    label=("Risques", "Risks"),
    item_fr="Risque",
    group=GROUP,
    title=("situation",),
    key_fields=("work_unit", "hazard_family", "situation"),
    order=("work_unit", "hazard_family"),
    legal="duerp",
)
class Risk(Record):
    """A hazardous situation of a work unit and the harm it may do."""

    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    hazard_family: Ref[HazardFamily] | None = field("Famille", "Hazard family")
    situation: str = field(
        "Situation dangereuse", "Situation", lines=3, search=True, aliases=("Situation de travail",)
    )
    hazard: str | None = field("Danger", "Hazard", search=True)
    harm: str | None = field("Dommages possibles", "Harm", lines=2, search=True)
    activity: str | None = field("Activité ou tâche", "Activity")
    exposed: int | None = field(
        "Agents exposés", "Exposed", checks=[not_negative], cautious="highest"
    )
    exposed_women: int | None = field("dont femmes", "of which women", checks=[not_negative])
    sex_impact: str | None = field(
        "Impact différencié selon le sexe", "Impact by sex", lines=2, help="Article L4121-3."
    )
    factor: str | None = field("Facteur L4161-1", "Factor L4161-1")
    cmr: bool = field("CMR", "CMR", default=False, cautious="highest")
    source: str | None = field("Source", "Source")
    evaluation: EvaluationState = field(
        "Évaluation", "Evaluation", default=EvaluationState.TO_EVALUATE
    )
    origin: str | None = field(
        "Repris de", "Taken from", help="Le risque ou la ligne de bibliothèque dont il est tiré."
    )
    hint: str | None = field(
        "Cotation indicative", "Hint", help="La cotation de la source : une indication seulement."
    )
    origin_state: str | None = field(
        "Modèle tel que repris", "Template as taken", help="Sert à voir ce qui a changé depuis."
    )
    number_in_file: str | None = field("Numéro d’origine", "Original number")
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


def _criterion(fr: str, en: str, *aliases: str) -> Any:
    """A figure of a rating; which ones are asked for, and their steps, the method says."""
    return field(fr, en, checks=[within(0, 10)], aliases=aliases, cautious="highest")


@entity(
    "rating",
    code="COTA",
    label=("Cotations", "Ratings"),
    item_fr="Cotation",
    group=GROUP,
    title=("rated_on", "severity", "frequency", "control", "judgement"),
    key_fields=("risk", "rated_on", "work_unit"),
    order=("-rated_on",),
    legal="duerp",
    acts=True,
)
class Rating(Record):
    """One rating of a risk; the latest counts, the earlier ones are its history."""

    risk: Ref[Risk] = field("Risque", "Risk")
    work_unit: Ref[WorkUnit] | None = field(
        "Unité concernée",
        "Work unit",
        help="Une variante d’unité type : la cotation du risque commun n’y vaut que pour elle.",
    )
    rated_on: date | None = field("Coté le", "Rated on", checks=[not_in_future])
    severity: int | None = _criterion("Gravité", "Severity", "G")
    frequency: int | None = _criterion("Fréquence", "Frequency", "F")
    occurrence: int | None = _criterion("Occurrence", "Occurrence")
    training: int | None = _criterion("Formation", "Training")
    protection: int | None = _criterion("Protection", "Protection")
    control: int | None = _criterion("Maîtrise", "Control", "M")
    judgement: int | None = _criterion("Appréciation", "Judgement")
    method: str = field("Méthode", "Method", default="gfm-1")
    rated_by: str | None = field("Coté par", "Rated by", help="Une fonction plutôt qu’un nom.")
    reason: str | None = field("Justification", "Reason", lines=2)
    basis: RatingBasis | None = field("Établie comment", "Basis")
    participants: str | None = field(
        "Participants", "Participants", help="Des fonctions plutôt que des noms."
    )
    measures: str | None = field(
        "Mesures en place alors",
        "Measures then in place",
        lines=4,
        help="À la date de la cotation.",
    )
    source: str | None = field("Document d’origine", "Source document")


@entity(
    "rating_method",
    code="METH",
    label=("Méthodes de cotation", "Rating methods"),
    item_fr="Méthode de cotation",
    group=GROUP,
    title=("name",),
    key_fields=("method_code",),
    order=("method_code",),
    system=True,
)
class OwnRatingMethod(Record):
    """A method of a department's own; one that is changed gets another code."""

    method_code: str = field("Code", "Code")
    name: str = field("Nom", "Name")
    definition: str = field("Définition", "Definition", lines=8)


@entity(
    "method_choice",
    code="CHOI",
    label=("Choix des méthodes", "Choice of methods"),
    item_fr="Choix d’une méthode",
    group=GROUP,
    title=("method_code",),
    key_fields=("hazard_family",),
    order=("hazard_family",),
    system=True,
)
class MethodChoice(Record):
    """The method by which a department rates from now on: all risks, or those of a family."""

    hazard_family: Ref[HazardFamily] | None = field("Famille", "Hazard family")
    method_code: str = field("Méthode", "Method")


@entity(
    "existing_measure",
    code="MESU",
    label=("Mesures existantes", "Existing measures"),
    item_fr="Mesure existante",
    group=GROUP,
    title=("title",),
    key_fields=("risk", "title"),
    order=("risk", "title"),
)
class ExistingMeasure(Record):
    """What already protects people from a risk."""

    risk: Ref[Risk] = field("Risque", "Risk")
    title: str = field("Mesure", "Measure", lines=2, search=True)
    measure_type: MeasureType | None = field("Type de mesure", "Type of measure")
    to_confirm: bool | None = field(
        "À vérifier sur place", "To be confirmed", help="Recopiée d’une autre unité."
    )


@entity(
    "planned_action",
    code="ACTI",
    label=("Actions de prévention", "Planned actions"),
    item_fr="Action de prévention",
    group=GROUP,
    title=("title",),
    key_fields=("risk", "title"),
    order=("due", "title"),
    legal="papripact",
    checks=(after("done_on", "decided_on", "La réalisation précède la décision."),),
)
class PlannedAction(Record):
    """An action of the yearly programme (code du travail L4121-3-1, III)."""

    title: str = field("Action", "Action", lines=2, search=True, aliases=("Mesure à prendre",))
    risk: Ref[Risk] | None = field("Risque visé", "Risk")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    measure_type: MeasureType | None = field("Type de mesure", "Type of measure")
    pilot: str | None = field("Pilote", "Pilot", search=True, help="Une fonction plutôt qu’un nom.")
    resources: str | None = field("Ressources", "Resources")
    conditions: str | None = field("Conditions d’exécution", "Conditions", lines=2)
    indicator: str | None = field("Indicateur de résultat", "Result indicator")
    target: str | None = field("Valeur cible", "Target")
    found: str | None = field("Valeur constatée", "Found")
    cost: Money | None = field("Coût prévu", "Cost", checks=[not_negative])
    committed_cost: Money | None = field("Engagé", "Committed", checks=[not_negative])
    real_cost: Money | None = field("Coût réel", "Real cost", checks=[not_negative])
    decided_on: date | None = field("Décidée le", "Decided on")
    programme_year: int | None = field(
        "Programme de l’année",
        "Programme year",
        checks=[within(1990, 2100)],
        help="À remplir où ce n’est pas l’année de l’échéance : action sur plusieurs années.",
    )
    start: date | None = field("Début", "Start")
    due: date | None = field("Échéance", "Due", due="pilote", cautious="lowest")
    due_text: str | None = field("Échéance telle qu’écrite", "Due as written")
    revised_due: date | None = field("Échéance révisée", "Revised due date", cautious="lowest")
    state: ActionState = field("État", "State", default=ActionState.TO_DO, cautious="lowest")
    progress: Decimal | None = field("Avancement (%)", "Progress (%)", checks=[within(0, 100)])
    done_on: date | None = field("Réalisée le", "Done on", checks=[not_in_future])
    proof: str | None = field(
        "Preuve", "Proof", lines=2, help="Ce qui montre que c’est fait ; le document se joint."
    )
    verified_on: date | None = field(
        "Efficacité vérifiée le", "Effect verified on", checks=[not_in_future]
    )
    verification: str | None = field("Résultat de la vérification", "Effect found", lines=2)
    verified_by: str | None = field(
        "Vérifiée par", "Verified by", help="Une fonction plutôt qu’un nom."
    )
    comment: str | None = field("Commentaire", "Comment", lines=2)
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


@entity(
    "action_risk",
    code="ACRI",
    label=("Autres risques visés", "Further risks of actions"),
    item_fr="Autre risque visé",
    group=GROUP,
    title=("risk",),
    key_fields=("planned_action", "risk"),
    order=("planned_action",),
    legal="papripact",
    system=True,
)
class ActionRisk(Record):
    """A further risk that a planned action is meant for, beside its main one."""

    planned_action: Ref[PlannedAction] = field("Action", "Action")
    risk: Ref[Risk] = field("Risque visé", "Risk")


@entity(
    "programme_carry",
    code="REPO",
    label=("Actions reportées", "Actions carried over"),
    item_fr="Report d’une action",
    group=GROUP,
    title=("planned_action", "to_year"),
    key_fields=("planned_action", "to_year"),
    order=("to_year",),
    legal="papripact",
    system=True,
)
class ProgrammeCarry(Record):
    """An action not finished at the year's end, taken into the next programme as well."""

    planned_action: Ref[PlannedAction] = field("Action", "Action")
    from_year: int = field("Du programme", "From", checks=[within(1990, 2100)])
    to_year: int = field("Au programme", "To", checks=[within(1990, 2100)])
    carried_on: date | None = field("Reportée le", "Carried over on")
    reason: str | None = field("Motif", "Reason", lines=2)


@entity(
    "programme_budget",
    code="CRED",
    label=("Crédits votés", "Voted credits"),
    item_fr="Crédit voté",
    group=GROUP,
    title=("year", "org_unit"),
    key_fields=("year", "org_unit"),
    order=("-year", "org_unit"),
    legal="papripact",
)
class ProgrammeBudget(Record):
    """What was voted for the programme of a year: for a direction, or for the whole."""

    year: int = field("Programme", "Programme year", checks=[within(1990, 2100)])
    org_unit: Ref[OrgUnit] | None = field(
        "Direction ou service", "Org unit", help="Vide : pour tout le département."
    )
    amount: Money = field("Crédits votés", "Amount voted", checks=[not_negative])
    voted_on: date | None = field("Votés le", "Voted on")
    comment: str | None = field("Commentaire", "Comment", lines=2)


@entity(
    "rerating_decline",
    code="SANS",
    label=("Recotations écartées", "Re-ratings declined"),
    item_fr="Recotation écartée",
    group=GROUP,
    title=("planned_action", "risk"),
    key_fields=("planned_action", "risk"),
    order=("-declined_on",),
    system=True,
)
class ReratingDecline(Record):
    """A finished action after which somebody saw no need to rate the risk again, and why."""

    planned_action: Ref[PlannedAction] = field("Action", "Action")
    risk: Ref[Risk] = field("Risque", "Risk")
    declined_on: date | None = field("Écartée le", "Declined on")
    reason: str = field("Motif", "Reason", lines=2)
