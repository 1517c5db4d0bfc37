"""The document unique: risks with their ratings, measures in place and planned actions."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import cast

from prevention_app.domain.ratings import CRITERIA
from prevention_app.exchange import cell_parsers, looks, scale_parsers, scales
from prevention_app.exchange.import_kinds import ImportColumn, ImportKind
from prevention_app.exchange.kinds import duerp_cells, duerp_methods
from prevention_app.exchange.kinds.hazard_families import family_code
from prevention_app.exchange.sheet_names import names_something
from prevention_app.exchange.understood import ImportedRow, TableUnderstood


def _section_field(text: str) -> str:
    return "hazard_family" if family_code(text) else ""


_COLUMNS = (
    ImportColumn(
        "number",
        "Numéro",
        (
            "N°", "Numéro", "N° d'ordre", "N° risque", "Réf", "Référence", "Réf.", "ID",
            "N° ligne", "Code risque", "Item", "No", "Number", "N° du risque", "Risk number",
        ),
        cell_parsers.text,
        weak=("Code",),
    ),
    ImportColumn(
        "department",
        "Département",
        ("Département", "Dpt", "Dept", "CD", "Collectivité"),
        cell_parsers.department,
        context=True,
    ),
    ImportColumn(
        "direction",
        "Direction",
        (
            "Direction", "Pôle", "DGA", "Direction générale adjointe", "Direction / pôle",
            "Department / directorate",
        ),
        cell_parsers.name,
        carried=True, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "org_unit",
        "Service",
        (
            "Service", "Direction / service", "Service concerné", "Entité",
            "Service d'affectation", "Org unit", "Division",
        ),
        cell_parsers.name,
        carried=True, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "site",
        "Site",
        (
            "Site", "Lieu", "Bâtiment", "Établissement", "Localisation", "Implantation",
            "Lieu de travail", "Site / bâtiment", "Location", "Sites concernés", "Local",
        ),
        cell_parsers.name,
        carried=True, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "work_unit",
        "Unité de travail",
        (
            "Unité de travail", "UT", "Unité", "Work unit", "Nom de l'unité de travail",
            "Unité de travail concernée", "Poste de travail", "Poste", "Unité / poste",
            "Unités de travail (UT)", "Libellé UT", "Unité évaluée",
        ),
        cell_parsers.name,
        weak=("Secteur", "Métier", "Équipe", "Fonction"), carried=True, context=True,
        required=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "headcount",
        "Effectif",
        (
            "Effectif", "Effectifs", "Effectif de l'unité", "Nombre d'agents", "Nb d'agents",
            "Effectif total",
        ),
        duerp_cells.headcount,
        context=True, looks=looks.WHOLE,
    ),
    ImportColumn(
        "activity",
        "Activité ou tâche",
        (
            "Activité", "Tâche", "Activité / tâche", "Activité ou tâche", "Phase de travail",
            "Opération", "Activités exercées", "Tâches réalisées", "Task", "Activity",
            "Travail réel", "Activité de travail",
        ),
        cell_parsers.text,
        carried=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "hazard_family",
        "Famille de risque",
        (
            "Famille de risque", "Famille de danger", "Famille", "Catégorie de risque",
            "Catégorie", "Type de risque", "Nature du risque", "Famille de risques INRS",
            "Risque INRS", "Thème", "Risk category", "Hazard family", "Classe de risque",
            "Risque générique", "Risk type", "Intitulé du risque", "Section", "Module",
        ),
        cell_parsers.text,
        weak=("Risque", "Danger", "Risques professionnels", "Risk", "Hazard", "Nature", "Type"),
        carried=True, looks=duerp_cells.family_look, by_look=True,
    ),
    ImportColumn(
        "hazard",
        "Danger",
        (
            "Danger", "Source de danger", "Facteur de risque", "Danger identifié",
            "Nature du danger", "Hazard", "Phénomène dangereux", "Élément dangereux",
            "Dangers potentiels",
        ),
        cell_parsers.text,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "situation",
        "Situation dangereuse",
        (
            "Situation dangereuse", "Situation de travail", "Situation à risque",
            "Situation d'exposition", "Danger / situation", "Situation / danger",
            "Situation dangereuse identifiée", "Description du risque", "Modalités d'exposition",
            "Description de la situation", "Situation de danger", "Circonstances d'exposition",
            "Événement dangereux", "Risque identifié", "Hazardous situation",
            "Situation exposante", "Situation dangereuse ou risque",
            "Description de la situation dangereuse", "Conditions d'exposition au danger",
            "Scénario", "Situation observée",
        ),
        cell_parsers.text,
        weak=(
            "Risque", "Situation", "Description", "Risques identifiés", "Risk", "Circonstances",
            "Libellé du risque", "Exposition", "Désignation",
        ),
        required=True, looks=looks.LONG_TEXT,
    ),
    ImportColumn(
        "harm",
        "Dommages",
        (
            "Dommages", "Dommages potentiels", "Dommages possibles", "Conséquences",
            "Conséquences possibles", "Effets", "Effets sur la santé", "Lésions", "Atteintes",
            "Harm", "Consequences", "Dommages éventuels", "Risques pour la santé",
            "Lésions possibles", "Possible harm", "Conséquence du risque",
        ),
        cell_parsers.text,
        weak=("Risque encouru", "Risques encourus"), looks=looks.TEXT,
    ),
    ImportColumn(
        "exposed",
        "Agents exposés",
        (
            "Agents exposés", "Nb agents exposés", "Effectif exposé",
            "Nombre de personnes exposées", "Personnes exposées", "Nb exposés", "Exposés",
            "Nombre d'exposés", "Nb de salariés exposés", "People exposed", "Exposed",
        ),
        cell_parsers.count,
        looks=looks.WHOLE,
    ),
    ImportColumn(
        "exposed_women",
        "dont femmes",
        ("dont femmes", "Femmes exposées", "Nb femmes exposées"),
        cell_parsers.count,
        looks=looks.WHOLE,
    ),
    ImportColumn(
        "severity",
        "Gravité",
        (
            "Gravité", "G", "Gravité (G)", "Cotation gravité", "Sévérité", "Severity",
            "Gravité du dommage", "Niveau de gravité", "Note gravité", "Indice de gravité", "S",
            "Impact",
        ),
        scale_parsers.scale(scales.SEVERITY, "gravité", "mineure, moyenne, grave, très grave"),
        looks=scale_parsers.scale_look(scales.SEVERITY), reads_fill=True,
        tells=scale_parsers.other_scale,
    ),
    ImportColumn(
        "frequency",
        "Fréquence",
        (
            "Fréquence", "F", "Fréquence d'exposition", "Fréquence (F)", "Probabilité", "P",
            "Probabilité (P)", "Occurrence", "Probabilité d'occurrence", "Frequency", "Likelihood",
            "Probability", "Vraisemblance", "Cotation fréquence", "Niveau de fréquence",
            "Fréquence / probabilité", "Indice de fréquence", "Probabilité d'apparition",
        ),
        scale_parsers.scale(
            scales.FREQUENCY, "fréquence", "rare, occasionnelle, fréquente, permanente"
        ),
        weak=("Exposition", "Durée d'exposition", "E"),
        looks=scale_parsers.scale_look(scales.FREQUENCY), reads_fill=True,
        tells=scale_parsers.other_scale,
    ),
    ImportColumn(
        "control",
        "Maîtrise",
        (
            "Maîtrise", "M", "Niveau de maîtrise", "Maîtrise du risque", "Coefficient de maîtrise",
            "Efficacité des mesures", "Taux de maîtrise", "Maîtrise (M)", "Degré de maîtrise",
            "Control", "Control level", "Cotation maîtrise", "Coeff. de maîtrise",
            "Efficacité de la prévention",
        ),
        scale_parsers.scale(
            scales.CONTROL, "maîtrise", "très bonne, bonne, partielle, insuffisante",
            coefficients=True,
        ),
        weak=("Prévention",), looks=scale_parsers.scale_look(scales.CONTROL), reads_fill=True,
        tells=scale_parsers.other_scale,
    ),
    *(
        ImportColumn(
            key,
            label,
            (),
            duerp_methods.on_scale(duerp_methods.scale_of(duerp_methods.FIVE, key)),
            looks=duerp_methods.steps_look(duerp_methods.scale_of(duerp_methods.FIVE, key)),
            only_looks=True,
        )
        for key, label in (
            ("occurrence", "Occurrence (critère)"),
            ("training", "Formation (critère)"),
            ("protection", "Protection (critère)"),
        )
    ),
    ImportColumn(
        "judgement",
        "Appréciation",
        ("Appréciation RPS", "Appréciation qualitative", "Appréciation de la dimension"),
        duerp_methods.on_scale(duerp_methods.scale_of(duerp_methods.JUDGEMENT, "judgement")),
        looks=duerp_methods.steps_look(
            duerp_methods.scale_of(duerp_methods.JUDGEMENT, "judgement")
        ),
        only_looks=True,
    ),
    ImportColumn(
        "rating_method",
        "Méthode de cotation",
        (),
        duerp_methods.method_named,
        context=True,
    ),
    ImportColumn(
        "rating",
        "Criticité",
        (
            "Criticité", "Cotation", "Cotation du risque", "Criticité GxFxM", "GxFxM", "G x F x M",
            "G x F", "GxF", "Indice de risque", "Score", "Risque brut", "IPR", "Note de risque",
            "Rating", "Risk score", "C", "R", "Criticité du risque", "Indice de criticité",
            "Valeur du risque", "Cotation brute", "Niveau de criticité",
        ),
        scale_parsers.rating_figure,
        weak=("Risque", "Niveau de risque", "Niveau", "Note", "Total"),
        looks=scale_parsers.rating_look, reads_fill=True,
    ),
    ImportColumn(
        "rating_level",
        "Niveau de risque",
        (
            "Niveau de risque", "Niveau", "Niveau du risque", "Risk level", "Niveau de priorité",
            "Classement du risque", "Évaluation du risque", "Importance du risque", "Couleur",
            "Niveau de criticité", "Priority",
        ),
        scale_parsers.rating_level,
        weak=("Risque", "Priorité", "Criticité", "Cotation", "Évaluation", "Risk", "Classe"),
        looks=scale_parsers.level_look, reads_fill=True, by_look=True,
    ),
    ImportColumn(
        "existing_measures",
        "Mesures existantes",
        (
            "Mesures existantes", "Mesures de prévention existantes", "Mesures en place",
            "Moyens de prévention existants", "Moyens existants", "Prévention existante",
            "Mesures actuelles", "Dispositions existantes", "Mesures réalisées",
            "Mesures déjà en place", "Moyens de prévention", "Moyens de maîtrise",
            "Existing measures", "Existing controls", "Protections existantes", "Mesures prises",
            "Moyens en place", "Mesures de prévention en place", "Mesures techniques",
            "Mesures organisationnelles", "Mesures humaines", "EPI", "EPC",
            "Protections collectives", "Protections individuelles",
            "Mesures de prévention et de protection existantes",
            "Mesures de prévention déjà réalisées", "Actions existantes", "Prévention en place",
        ),
        cell_parsers.text,
        weak=("Mesures", "Mesures de prévention", "Prévention", "Measures", "Controls"), many=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "planned_actions.title",
        "Action de prévention",
        (
            "Action", "Actions", "Action à mettre en œuvre", "Actions à mener",
            "Mesures à prendre", "Mesures à mettre en œuvre", "Actions proposées",
            "Mesures proposées", "Actions correctives", "Actions préventives",
            "Action de prévention", "Plan d'action", "Préconisations", "Propositions",
            "Mesures complémentaires", "Améliorations", "Mesures de prévention à mettre en œuvre",
            "Actions à réaliser", "Actions prévues", "Mesures prévues", "Further actions",
            "Planned actions", "Actions to take", "Action corrective",
            "Propositions d'amélioration", "Action à entreprendre",
            "Mesures de prévention proposées", "Mesures envisagées", "Actions d'amélioration",
            "Mesures à prévoir", "General approach", "Approche générale",
        ),
        cell_parsers.text,
        weak=("Mesures", "Measures", "Mesures de prévention", "Prévention à prévoir"),
        looks=looks.TEXT,
    ),
    ImportColumn(
        "planned_actions.measure_type",
        "Type de mesure",
        ("Type de mesure", "Type d'action", "Nature de la mesure", "Nature de l'action"),
        duerp_cells.measure_type,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "planned_actions.pilot",
        "Pilote",
        (
            "Pilote", "Responsable", "Porteur", "Resp.", "Qui", "Par qui",
            "Responsable de l'action", "Chargé de l'action", "Pilote de l'action", "Owner",
            "Acteur", "Service pilote", "Responsible", "Intervenant", "Référent", "Qui ?",
            "Who is responsible", "Qui est responsable",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "planned_actions.start",
        "Début",
        ("Planning start", "Start date", "Date de début", "Début prévu", "Début de l'action"),
        cell_parsers.day,
        looks=looks.DATE, only_looks=True,
    ),
    ImportColumn(
        "planned_actions.due",
        "Échéance",
        (
            "Échéance", "Délai", "Date prévue", "Date d'échéance", "Date limite", "Quand",
            "Calendrier", "Date de réalisation prévue", "Deadline", "Due date", "Date butoir",
            "Date prévisionnelle", "Échéancier", "Délai de réalisation", "Pour le", "Due",
            "Échéance jj/mm/aaaa", "Date prévue de réalisation", "Date cible", "Planning end",
            "Fin prévue",
        ),
        duerp_cells.due,
        looks=looks.DATE,
    ),
    ImportColumn(
        "planned_actions.revised_due",
        "Échéance révisée",
        ("Échéance révisée", "Nouvelle échéance", "Report", "Date reportée"),
        cell_parsers.day,
        looks=looks.DATE,
    ),
    ImportColumn(
        "planned_actions.done_on",
        "Réalisée le",
        (
            "Réalisée le", "Date de réalisation", "Réalisé le", "Fait le", "Date réalisée",
            "Date effective", "Date de fin", "Done on", "Date de réalisation effective",
        ),
        cell_parsers.day,
        looks=looks.DATE,
    ),
    ImportColumn(
        "planned_actions.cost",
        "Coût",
        (
            "Coût", "Coût estimé", "Budget", "Montant", "Estimation", "Chiffrage", "Cost",
            "Coût prévu", "Coût €", "Coût prévisionnel", "Estimation du coût", "Estimated cost",
            "Montant estimé",
        ),
        cell_parsers.amount,
        looks=looks.AMOUNT, total=True,
    ),
    ImportColumn(
        "planned_actions.real_cost",
        "Coût réel",
        ("Coût réel", "Dépense", "Montant réel", "Actual cost"),
        cell_parsers.amount,
        looks=looks.AMOUNT, total=True,
    ),
    ImportColumn(
        "planned_actions.state",
        "État",
        (
            "État", "État d'avancement", "Avancement", "Statut", "Suivi", "Status", "Réalisation",
            "État de l'action", "Progress", "État de réalisation", "Suivi de l'action", "Réalisé",
            "Fait", "Avancement de l'action", "Réalisé O/N",
        ),
        duerp_cells.state,
        looks=duerp_cells.state_look, by_look=True,
    ),
    ImportColumn(
        "planned_actions.progress",
        "Avancement (%)",
        ("% avancement", "Taux de réalisation", "% réalisé", "Pourcentage d'avancement"),
        cell_parsers.number,
        looks=looks.NUMBER,
    ),
    ImportColumn(
        "planned_actions.indicator",
        "Indicateur",
        ("Indicateur", "Indicateur de résultat", "Indicateur de suivi"),
        cell_parsers.text,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "planned_actions.target",
        "Valeur cible",
        ("Valeur cible", "Cible", "Objectif"),
        cell_parsers.text,
    ),
    ImportColumn(
        "planned_actions.conditions",
        "Conditions d’exécution",
        ("Conditions d'exécution", "Modalités", "Modalités de mise en œuvre"),
        cell_parsers.text,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "planned_actions.resources",
        "Ressources",
        (
            "Ressources", "Ressources mobilisables", "Moyens", "Expertise needed",
            "Expertise nécessaire", "Compétences nécessaires",
        ),
        cell_parsers.text,
    ),
    ImportColumn(
        "rated_on",
        "Date d’évaluation",
        (
            "Date d'évaluation", "Date de cotation", "Évalué le", "Coté le",
            "Date de l'évaluation", "Date de mise à jour", "Mise à jour", "Date d'actualisation",
            "Rated on", "Mis à jour le", "Date maj", "Date de révision", "Assessment date",
        ),
        cell_parsers.day,
        context=True, looks=looks.DATE,
    ),
    ImportColumn(
        "rated_by",
        "Évaluateur",
        (
            "Évaluateur", "Rédacteur", "Coté par", "Évalué par", "Auteur", "Cotateur",
            "Évaluation réalisée par", "Rated by", "Assessor", "Évaluateurs", "Rédigé par",
        ),
        cell_parsers.name,
        context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "sex_impact",
        "Impact différencié selon le sexe",
        (
            "Impact différencié selon le sexe", "Impact selon le sexe", "Impact différencié F/H",
            "Impact genre",
        ),
        cell_parsers.name,
    ),
    ImportColumn(
        "factor",
        "Facteur de pénibilité",
        (
            "Facteur L4161-1", "Facteur de pénibilité", "Pénibilité",
            "Facteur de risque professionnel",
        ),
        cell_parsers.name,
    ),
    ImportColumn(
        "cmr",
        "CMR",
        ("CMR", "Agent CMR", "CMR O/N"),
        cell_parsers.yes_no,
        looks=looks.YES_NO,
    ),
    ImportColumn(
        "source",
        "Source",
        ("Source de l'information", "Origine de l'identification", "Source"),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
)  # fmt: skip

_GENERIC_NAMES = frozenset(
    "duerp duer dur evrp document unique risque risques evaluation evaluations professionnels "
    "professionnel cotation registre plan actions action prevention identification analyse "
    "inventaire programme papripact classeur book test grille".split()
)  # fmt: skip


def _names_a_unit(title: str) -> bool:
    """Whether a sheet's name or a title says more than that it is a document unique."""
    return names_something(title, _GENERIC_NAMES)


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    values = row.values
    if not values.get("situation") and values.get("hazard"):
        values["situation"] = values.pop("hazard")
    if not values.get("work_unit"):
        _take_wider_unit(row)
    if family := values.get("hazard_family"):
        code = family_code(str(family))
        if code:
            values["hazard_family_code"] = code
    _finish_rating(row, table)
    for action in _actions(values):
        _finish_action(action, row)


def _take_wider_unit(row: ImportedRow) -> None:
    """A document unique kept by service or by site has these for units."""
    for key, label in (("org_unit", "Service"), ("site", "Site"), ("direction", "Direction")):
        if key in row.values:
            row.values["work_unit"] = row.values[key]
            row.cells["work_unit"] = row.cells.get(key, "")
            row.remarks.append(f"Unité de travail : celle de la colonne « {label} »")
            return


def _actions(values: Mapping[str, object]) -> list[dict[str, object]]:
    found = values.get("planned_actions")
    return cast("list[dict[str, object]]", found) if isinstance(found, list) else []


def _finish_rating(row: ImportedRow, table: TableUnderstood) -> None:
    """Say by which method the row is rated; compute what the file leaves to colours.

    Without the scales that make it, a rating has no field: it is kept as a remark.
    """
    values = row.values
    colour = values.pop("rating_colour", None)
    if "judgement" in values and "severity" not in values:
        values[duerp_methods.METHOD] = duerp_methods.JUDGEMENT
    elif duerp_methods.METHOD not in values and _has_two_criteria(table):
        values[duerp_methods.METHOD] = duerp_methods.TWO
    if values.get(duerp_methods.METHOD) not in duerp_methods.OWN_SCALES:
        _compute_product(values, table)
    if "rating_level" not in values and isinstance(colour, int):
        values["rating_level"] = scales.LEVEL_NAMES[colour - 1]
    if not any(key in values for key in CRITERIA):
        for key, label in (("rating", "Criticité"), ("rating_level", "Niveau de risque")):
            if key in values:
                row.remarks.append(f"{label} : {values[key]}")


def _has_two_criteria(table: TableUnderstood) -> bool:
    """Whether a table rates by gravity and frequency alone: what is in place is in its figures."""
    both = table.column_of("severity") and table.column_of("frequency")
    return bool(both) and table.column_of("control") is None


def _compute_product(values: dict[str, object], table: TableUnderstood) -> None:
    scales_held = [key for key in ("severity", "frequency", "control") if table.column_of(key)]
    factors = [values[key] for key in scales_held if key in values]
    complete = len(factors) == len(scales_held) >= 2
    if "rating" not in values and complete and table.column_of("rating"):
        values["rating"] = prod(factor for factor in factors if isinstance(factor, int))


def _refit(said: Mapping[str, object], column: ImportColumn) -> ImportColumn:
    return duerp_methods.refit(said.get(duerp_methods.METHOD), column)


def _finish_action(action: dict[str, object], row: ImportedRow) -> None:
    """Bring together what the due date, the state and a strike say of an action's state."""
    says = action.pop("due_says", None)
    if action.pop("struck", False):
        row.remarks.append(f"Action barrée dans le fichier : {action.get('title')}")
        action["state"] = "abandoned"
    elif says == "done" or (says == "ongoing" and action.get("state") not in ("done", "abandoned")):
        action["state"] = says
    elif "state" not in action and "done_on" in action:
        action["state"] = "done"


DUERP = ImportKind(
    key="duerp",
    of_what="du document unique",
    columns=_COLUMNS,
    identity=("situation", "hazard"),
    preset=duerp_methods.preset,
    refit=_refit,
    finish=_finish,
    sheet_field="work_unit",
    names=_names_a_unit,
    section_field=_section_field,
    guess_identity=True,
    scales={
        "severity": scales.SEVERITY,
        "frequency": scales.FREQUENCY,
        "control": scales.CONTROL,
    },
)
"""What the document unique of a department looks like, whatever its layout."""
