"""The sheet « Glossaire et méthode »: what every figure and word of the workbook means."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from prevention_app.domain.due_rules import ANSWER_DAYS, RENEWAL_MONTHS, WASTE_MONTHS
from prevention_app.domain.indicators import FEWEST_FULL_TIME, HOURS_A_YEAR
from prevention_app.domain.ratings import RatingMethod, Scale
from prevention_app.domain.suppression import FEWEST_PERSONS
from prevention_app.exchange.consolidated_columns import level_paints
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import Column, GridSheet, Line, LineKind, Look

NAME = "Glossaire et méthode"
_Entry = tuple[str, str, str, str]


def glossary_sheet(method: RatingMethod, methods: Sequence[RatingMethod] = ()) -> GridSheet:
    """Terms, definitions, formulas, and where they come from; of all methods in use."""
    lines: list[Line] = []
    for section, entries in (
        ("Indicateurs", _INDICATORS),
        *_ratings(methods or (method,)),
        ("États et délais", _STATES),
        ("Personnes et confidentialité", _PEOPLE),
        ("Lecture du classeur", _READING),
    ):
        lines.append(Line((section,), LineKind.SECTION))
        lines += [Line(tuple(map(typeset, each)), bold_first=True) for each in entries]
    return GridSheet(
        name=NAME,
        title=NAME,
        content="Définitions, formules, seuils, sources",
        explanation="Définitions, formules, seuils et sources de ce classeur.",
        section="Méthode",
        columns=(
            Column("Terme", Look.WRAPPED, 30, paints=level_paints(method)),
            Column("Définition", Look.WRAPPED, 64),
            Column("Formule ou règle", Look.WRAPPED, 44),
            Column("Précision", Look.WRAPPED, 32),
        ),
        lines=tuple(lines),
    )


_INDICATORS: tuple[_Entry, ...] = (
    (
        "Effectif",
        "Agents des unités de travail, tels que saisis ; à défaut, agents du fichier du personnel.",
        "Somme des unités en vigueur",
        "Nombre physique",
    ),
    (
        "Heures travaillées",
        "Heures des équivalents temps plein du département sur douze mois.",
        f"{HOURS_A_YEAR} h × équivalents temps plein".replace("1607", "1 607"),
        "Estimées, tant que les heures payées ne sont pas saisies",
    ),
    (
        "TF1, taux de fréquence",
        "Accidents de service avec au moins un jour d’arrêt, missions comprises.",
        "Nombre × 1 000 000 / heures",
        f"À partir de {FEWEST_FULL_TIME} équivalents temps plein",
    ),
    (
        "TG, taux de gravité",
        "Jours calendaires d’arrêt des accidents de service de la période.",
        "Jours × 1 000 / heures",
        "Trajet et maladies à part",
    ),
    (
        "Taux de réalisation",
        "Actions terminées du programme de l’année.",
        "Terminées / (total − abandonnées)",
        "Terminée : réalisée ou efficacité vérifiée",
    ),
    (
        "Mesure reportée",
        "Action non terminée d’un programme, reprise dans le suivant.",
        "–",
        "À part : elle reste dans le taux de son année, ses dates ne changent pas",
    ),
    (
        "Engagé / prévu",
        "Part du coût prévu qui est engagée.",
        "Engagé / coût prévu",
        "Les abandons restent dans le prévu",
    ),
    (
        "Taux non échu",
        "Équipements et lots dont la vérification n’est pas dépassée.",
        "(à jour + à planifier) / suivis",
        "« À renseigner » n’est pas suivi ; « jamais fait » est en retard",
    ),
    (
        "Taux de validité",
        "Titres dont la fin n’est pas dépassée.",
        "(valides + à renouveler) / (valides + à renouveler + expirés)",
        "Agents en poste",
    ),
    (
        "Délai médian de réponse",
        "Jours entre une observation du registre et sa réponse.",
        "Médiane des observations du trimestre qui ont une réponse",
        "Valeur calculée à l’export",
    ),
)


def _ratings(methods: Sequence[RatingMethod]) -> Iterator[tuple[str, tuple[_Entry, ...]]]:
    for each in methods:
        several = f" : {each.code}" if len(methods) > 1 else ""
        yield f"Cotation des risques{several}", (*_rating(each), *_TO_EVALUATE)


def _rating(method: RatingMethod) -> tuple[_Entry, ...]:
    scales = tuple(_scale_entry(each) for each in method.scales.values())
    bounds = [f"{each}" for each in method.level_bounds]
    spans = [f"< {bounds[0]}"]
    spans += [f"de {low} à < {high}" for low, high in itertools.pairwise(bounds)]
    spans.append(f"≥ {bounds[-1]}")
    levels = tuple(
        (level.label_fr, f"Valeur {span}", "Brut et résiduel", f"Lettre {level.letter}")
        for level, span in zip(method.levels, spans, strict=True)
    )
    floors = tuple(
        (
            "Plancher",
            (
                f"Une gravité {each.severity} n’est jamais classée sous "
                f"« {method.level_from(each.rank).label_fr} »."
            ),
            "Sur le niveau, pas sur la décision",
            "",
        )
        for each in method.floors
    )
    decisions = " ; ".join(each.label_fr.lower() for each in reversed(method.decisions))
    steps = ", ".join(f"{each}" for each in reversed(method.decision_bounds))
    return (
        ("Méthode", method.name_fr, method.formula_fr, method.source),
        *scales,
        *levels,
        *floors,
        (
            "Décision",
            f"{decisions.capitalize()}.",
            f"Sur la valeur résiduelle ; seuils : {steps}",
            "",
        ),
    )


_TO_EVALUATE: tuple[_Entry, ...] = (
    (
        "À évaluer",
        "Risque recopié ou décrit, que personne n’a encore coté en regardant le travail.",
        "Ne compte dans aucun indicateur",
        "",
    ),
)


def _scale_entry(scale: Scale) -> _Entry:
    steps = " ; ".join(f"{each.value} {each.label_fr.lower()}" for each in scale.steps)
    weights = [f"{each.coefficient}".replace(".", ",") for each in scale.steps]
    same = weights == [str(each.value) for each in scale.steps]
    values = [each.value for each in scale.steps]
    entered = f"Saisie de {values[0]} à {values[-1]}"
    if values != list(range(values[0], values[-1] + 1)):
        entered = f"Saisie : {', '.join(map(str, values))}"
    rule = entered if same else f"Coefficients : {' ; '.join(weights)}"
    return (f"{scale.letter}, {scale.label_fr.lower()}", steps, rule, "")


_STATES: tuple[_Entry, ...] = (
    (
        "En retard",
        "La date est passée.",
        "Dès le lendemain de l’échéance",
        "Actions : sur l’échéance d’origine",
    ),
    (
        "À planifier",
        "La date approche.",
        "Délai d’alerte de la périodicité ; 90 jours sinon",
        "",
    ),
    (
        "À faire (jamais réalisé)",
        "Il est confirmé que cela n’a jamais été fait.",
        "Saisi comme tel",
        "Compté avec les retards dans les taux",
    ),
    (
        "À renseigner",
        "La date n’est pas connue : une donnée manque, ce n’est pas un manquement.",
        "Compté à part",
        "Jamais compté en retard",
    ),
    (
        "À renouveler",
        "Le titre est encore valide.",
        f"{RENEWAL_MONTHS} mois avant la fin ; Certiphyto : de 9 à 3 mois",
        "Règle du type de titre",
    ),
    (
        "RSST sans réponse",
        "Observation sans réponse, délai dépassé.",
        f"{ANSWER_DAYS} jours après le signalement, ou la date fixée",
        "Règle interne",
    ),
    (
        "PPNU",
        (
            "Produit phytopharmaceutique non utilisable : retrait, délai d’utilisation dépassé, "
            "péremption."
        ),
        f"À remettre à la collecte ; alerte à {WASTE_MONTHS} mois",
        "Code rural L253-10 et R253-48",
    ),
    (
        "Statut d’une période",
        "Ce sur quoi repose une périodicité : obligation, norme, recommandation, règle interne.",
        "Seule une obligation fonde une non-conformité",
        "À vérifier : source non confirmée",
    ),
)

_PEOPLE: tuple[_Entry, ...] = (
    (
        "Noms et matricules",
        (
            "Ils n’entrent pas dans ce classeur ; un nom connu trouvé dans un texte libre est "
            "remplacé par « [nom] »."
        ),
        "Le numéro de la fiche mène au programme",
        "",
    ),
    (
        "Petits nombres",
        (
            f"Un nombre de moins de {FEWEST_PERSONS} personnes n’est pas montré, ni ceux qui le "
            "feraient retrouver par soustraction."
        ),
        f"« < {FEWEST_PERSONS} »",
        "Seuil qui ne peut que monter",
    ),
    (
        "Accidents",
        (
            "Le mois remplace le jour ; le lieu, la direction, les circonstances et les lésions "
            "restent dans le programme."
        ),
        "",
        "Par direction à partir de cinq",
    ),
    (
        "Directions regroupées",
        f"Dans les titres, les directions de moins de {FEWEST_PERSONS} titulaires sont réunies.",
        "",
        "",
    ),
)

_READING: tuple[_Entry, ...] = (
    (
        "N°",
        "Référence de la fiche : département, registre, ordinateur, numéro.",
        "45-RSST-K7Q-12",
        "Elle se retrouve dans le programme",
    ),
    (
        "En-tête crème",
        "Colonne à compléter : le programme relit le classeur et propose les changements.",
        "Trier, filtrer et ajouter des lignes est permis",
        "Un changement ailleurs est signalé et refusé",
    ),
    (
        "Formules",
        "Chaque formule est écrite avec sa valeur : elle se lit sans calcul, même en mode protégé.",
        "Les états et les jours sont figés à la date d’arrêté",
        "",
    ),
    (
        "Couleurs",
        "Le mot d’abord, la couleur ensuite ; l’ordre des teintes tient en noir et blanc.",
        "Ce qui est à jour n’est pas coloré",
        "",
    ),
)
