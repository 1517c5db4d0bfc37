"""The register sheets of the consolidated workbook: which columns, in which order, how wide.

Columns that show a declared field carry its key and its heading, so that an edited workbook is
understood again. Persons are not named, and what would point at one is not there (P7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from prevention_app.catalogue.description import Choice
from prevention_app.catalogue.vocabulary import ActionState, Conclusion, FollowUp, StockState
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import ActionProgress
from prevention_app.domain.ratings import CRITERIA, RatingMethod
from prevention_app.exchange.workbook_model import (
    Column,
    Look,
    Paint,
    Paper,
    Tab,
    ValueList,
)

_DARK, _LIGHT, _PALE, _INK, _GREY = "#7A1022", "#F4C95D", "#E8EBEE", "#1F2933", "#5B6770"

NOT_EVALUATED = "À évaluer"
"""What stands in place of a level while nobody who looked at the work has rated a risk (P6)."""

VALID, TO_RENEW, EXPIRED, TO_OBTAIN = "Valide", "À renouveler", "Expirée", "À obtenir"
WASTE_LATE = "PPNU isolé > 9 mois"
WASTE_TO_SET_ASIDE = "PPNU à isoler"
WASTE = "PPNU isolé"
ENDING = "Fin proche (≤ 90 j)"
TO_CHECK = "À vérifier"
YES, NO = "Oui", "Non"


def _alarm(word: str) -> Paint:
    return Paint(word, _DARK, "#FFFFFF", bold=True)


def _notice(word: str) -> Paint:
    return Paint(word, _LIGHT, _INK)


def _unknown(word: str) -> Paint:
    return Paint(word, _PALE, _GREY, italic=True)


_DUE = (
    _alarm(DueState.LATE.label_fr),
    _alarm(DueState.NEVER_DONE.label_fr),
    _notice(DueState.TO_PLAN.label_fr),
    _unknown(DueState.UNKNOWN.label_fr),
)
_HELD = (
    _alarm(EXPIRED),
    _notice(TO_RENEW),
    _notice(TO_OBTAIN),
    _unknown(DueState.UNKNOWN.label_fr),
)
_PROGRESS = (
    _alarm(ActionProgress.LATE.label_fr),
    _notice(ActionProgress.DUE_SOON.label_fr),
    _unknown(ActionProgress.UNDATED.label_fr),
)
_STOCK = (
    _alarm(WASTE_LATE),
    _alarm(WASTE_TO_SET_ASIDE),
    _notice(WASTE),
    _notice(ENDING),
    _unknown(TO_CHECK),
)
_CONCLUSIONS = (
    _alarm(Conclusion.STOPPED.label_fr),
    _notice(Conclusion.WITH_OBSERVATIONS.label_fr),
)
_YES_NO = (_notice(NO),)


@dataclass(frozen=True, slots=True)
class Plan:
    """One register sheet as it is the same for every department."""

    key: str
    """By which its rows are gathered."""
    name: str
    table: str
    title: str
    explanation: str
    content: str
    """What the table of contents says."""
    section: str
    columns: tuple[Column, ...]
    register: str = ""
    """Key of the register; empty for a sheet that only shows records of others."""
    paper: Paper = Paper.A3
    frozen: int = 1
    tab: Tab = Tab.REGISTER
    remark: str = ""


LISTS: dict[str, type[Choice]] = {
    "l_etat_action": ActionState,
    "l_suite_rsst": FollowUp,
    "l_etat_stock": StockState,
}


def value_lists() -> tuple[ValueList, ...]:
    """The closed lists that cells are chosen from."""
    return tuple(
        ValueList(name, choices.__name__, tuple(each.label_fr for each in choices))
        for name, choices in LISTS.items()
    )


REFERENCE = Column("N°", width=16, key="reference")
IDENTIFIER = Column("_id", width=38, key="id", hidden=True)
DEPARTMENT = Column("Département", width=18, key="department")

_DIRECTION = Column("Direction", Look.WRAPPED, 26, "direction")
_SITE = Column("Site", Look.WRAPPED, 28, "site")
_DAYS = Column("Jours", Look.INTEGER, 7, "days")

CREAM = "En-têtes crème : colonnes à compléter ; le programme relit le classeur."


def plans(
    method: RatingMethod, year: int, methods: Sequence[RatingMethod] = ()
) -> tuple[Plan, ...]:
    """The register sheets in their order, the same for every department.

    `methods` are those by which the risks shown are rated; the one that names levels where empty.
    """
    return (
        _due(),
        _risks(method, methods or (method,)),
        _programme(method, year),
        _actions(method),
        _entries(),
        _accidents(),
        _inspections(),
        _credentials(),
        _certiphyto(),
        _stock(),
    )


def level_paints(method: RatingMethod) -> tuple[Paint, ...]:
    """The colours of the levels, as the rating method gives them."""
    levels = tuple(
        Paint(each.label_fr, each.fill, each.text, bold=each.text == "#FFFFFF")
        for each in method.levels
    )
    return (*levels, _unknown(NOT_EVALUATED), _unknown(method.unrated.label_fr))


def _decision_paints(method: RatingMethod) -> tuple[Paint, ...]:
    worst = method.decisions[-1].label_fr
    middle = (_notice(each.label_fr) for each in method.decisions[1:-1])
    return (_alarm(worst), *middle)


def _due() -> Plan:
    return Plan(
        "due",
        "Échéances",
        "T_echeances",
        "Échéances",
        "Ce qui est en retard, à planifier ou sans date connue, toutes rubriques confondues, du "
        "plus urgent au moins urgent. « À renseigner » n’est jamais compté en retard.",
        "En retard, à planifier, à renseigner : toutes rubriques",
        "Synthèse",
        (
            REFERENCE,
            Column("Échéance", Look.DATE, 11, "due_on"),
            Column("État", Look.CENTRED, 19, "state", _DUE),
            _DAYS,
            Column("Rubrique", Look.WRAPPED, 20, "rubric"),
            Column("Objet", Look.WRAPPED, 46, "subject"),
            Column("À faire", Look.WRAPPED, 34, "what"),
            _DIRECTION,
            Column("Lieu", Look.WRAPPED, 26, "place"),
            Column("Responsable", Look.WRAPPED, 22, "responsible"),
            Column("Nombre", Look.INTEGER, 8, "count"),
            IDENTIFIER,
        ),
        frozen=2,
        tab=Tab.DUE,
        remark="Feuille de lecture : la fiche d’origine porte le même numéro.",
    )


def _risks(method: RatingMethod, used: Sequence[RatingMethod]) -> Plan:
    levels = level_paints(method)
    return Plan(
        "risks",
        "DUERP",
        "T_risques",
        "Document unique – évaluation des risques",
        f"Par unité de travail, du plus fort au plus faible. {_formulas(used)} "
        "Niveaux et seuils : feuille « Glossaire et méthode ».",
        "Risques par unité de travail, cotation avant et après maîtrise",
        "Document unique",
        (
            REFERENCE,
            replace(_DIRECTION, width=20),
            Column("Unité de travail", Look.WRAPPED, 26, "work_unit"),
            Column("Famille", Look.WRAPPED, 18, "hazard_family"),
            Column("Situation dangereuse", Look.WRAPPED, 40, "situation"),
            Column("Dommages possibles", Look.WRAPPED, 24, "harm"),
            Column("Exposés", Look.INTEGER, 8, "exposed"),
            Column("dont femmes", Look.INTEGER, 8, "exposed_women"),
            *_criteria(method, used),
            Column("Brut", Look.NUMBER, 6, "initial"),
            Column("Niveau brut", Look.CENTRED, 10, "initial_level", levels),
            Column("Mesures existantes", Look.WRAPPED, 40, "measures"),
            Column("À savoir", Look.WRAPPED, 20, "notes"),
            *_control(used),
            Column("Résiduel", Look.NUMBER, 9, "residual"),
            Column("Niveau résiduel", Look.CENTRED, 10, "residual_level", levels),
            Column("Décision", Look.CENTRED, 16, "decision", _decision_paints(method)),
            Column("Actions", Look.INTEGER, 8, "actions"),
            Column("CMR", Look.CENTRED, 6, "cmr"),
            Column("Facteur L4161-1", Look.WRAPPED, 17, "factor"),
            Column("Source", Look.WRAPPED, 15, "source"),
            Column("Coté le", Look.DATE, 10.5, "rated_on"),
            *((Column("Méthode", Look.CENTRED, 11, "method"),) if len(used) > 1 else ()),
            IDENTIFIER,
        ),
        register="risk",
        frozen=3,
    )


def _formulas(used: Sequence[RatingMethod]) -> str:
    if len(used) == 1:
        return f"{used[0].formula_fr}."
    return " ".join(f"{each.code} : {each.formula_fr}." for each in used)


def _criteria(method: RatingMethod, used: Sequence[RatingMethod]) -> Iterator[Column]:
    """The figures that the methods ask for; control stands after the measures that it judges."""
    for criterion in CRITERIA:
        scales = [each.scales[criterion] for each in used if criterion in each.scales]
        if not scales or criterion == "control":
            continue
        named = method.scales.get(criterion)
        if named:
            yield Column(named.letter, Look.INTEGER, 4, criterion)
        else:
            yield Column(scales[0].label_fr, Look.INTEGER, 10, criterion)


def _control(used: Sequence[RatingMethod]) -> tuple[Column, ...]:
    found = next((each.scales["control"] for each in used if "control" in each.scales), None)
    return (Column(found.letter, Look.NUMBER, 6, "control"),) if found else ()


def _programme(method: RatingMethod, year: int) -> Plan:
    quarters = tuple(
        Column(f"T{each}", Look.CENTRED, 3.5, f"quarter_{each}") for each in range(1, 5)
    )
    return Plan(
        "programme",
        f"Programme {year}",
        "T_programme",
        f"Programme annuel {year} (PAPRIPACT)",
        "Les mesures de l’année et celles reportées d’un programme précédent (code du travail "
        "L4121-3-1, III) : conditions, indicateur, coût, ressources, calendrier.",
        "Programme annuel (PAPRIPACT)",
        "Document unique",
        (
            replace(REFERENCE, width=15),
            Column("Programme", Look.WRAPPED, 10, "programme"),
            Column("Priorité", Look.CENTRED, 13, "decision", _decision_paints(method)),
            replace(_DIRECTION, width=18),
            Column("Risque visé", Look.WRAPPED, 26, "risk"),
            Column("Action", Look.WRAPPED, 28, "title"),
            Column("Type de mesure", Look.WRAPPED, 14, "measure_type"),
            Column("Conditions d’exécution", Look.WRAPPED, 18, "conditions"),
            Column("Ressources", Look.WRAPPED, 14, "resources"),
            Column("Pilote", Look.WRAPPED, 15, "pilot"),
            Column("Indicateur de résultat", Look.WRAPPED, 16, "indicator"),
            Column("Valeur cible", Look.CENTRED, 8, "target"),
            Column("Valeur constatée", Look.CENTRED, 9.5, "found"),
            Column("Coût prévu", Look.MONEY, 10, "cost", summed=True),
            Column("Engagé", Look.MONEY, 10, "committed_cost", summed=True),
            Column("Coût réel", Look.MONEY, 10, "real_cost", summed=True),
            Column("Début", Look.DATE, 10, "start"),
            Column("Échéance", Look.DATE, 10, "due"),
            Column("Échéance révisée", Look.DATE, 10, "revised_due"),
            *quarters,
            Column("État", Look.CENTRED, 11, "state"),
            Column("Avancement (%)", Look.OF_HUNDRED, 11, "progress", bar=True),
            Column("Suivi", Look.CENTRED, 15, "progress_state", _PROGRESS),
            Column("Réalisée le", Look.DATE, 10, "done_on"),
            Column("Preuve", Look.WRAPPED, 14, "proof"),
            Column("Efficacité vérifiée le", Look.DATE, 10, "verified_on"),
            Column("Résultat de la vérification", Look.WRAPPED, 14, "verification"),
            Column("Vérifiée par", Look.WRAPPED, 12, "verified_by"),
            IDENTIFIER,
        ),
        remark="Feuille de lecture : la saisie se fait dans « Actions ».",
    )


def _actions(method: RatingMethod) -> Plan:
    return Plan(
        "actions",
        "Actions",
        "T_actions",
        "Actions de prévention",
        "Toutes les actions, par échéance. Le retard se juge sur l’échéance d’origine : une date "
        "révisée ne l’efface pas.",
        "Toutes les actions, toutes années",
        "Document unique",
        (
            REFERENCE,
            Column("Année", Look.YEAR, 7, "year"),
            Column("Priorité", Look.CENTRED, 15, "decision", _decision_paints(method)),
            replace(_DIRECTION, width=20),
            Column("Unité de travail", Look.WRAPPED, 26, "work_unit"),
            Column("Risque visé", width=16, key="risk"),
            Column("Famille", Look.WRAPPED, 17, "family"),
            Column("Action", Look.WRAPPED, 38, "title"),
            Column("Type de mesure", Look.WRAPPED, 18, "measure_type"),
            Column("Pilote", Look.WRAPPED, 20, "pilot", editable=True),
            Column("Coût prévu", Look.MONEY, 11, "cost"),
            Column("Engagé", Look.MONEY, 11, "committed_cost"),
            Column("Coût réel", Look.MONEY, 11, "real_cost", editable=True),
            Column("Échéance", Look.DATE, 10.5, "due"),
            Column("Échéance révisée", Look.DATE, 10.5, "revised_due", editable=True),
            Column("État", Look.CENTRED, 16, "state", editable=True, choices="l_etat_action"),
            Column("Avancement (%)", Look.OF_HUNDRED, 11, "progress", bar=True, editable=True),
            Column("Réalisée le", Look.DATE, 10.5, "done_on", editable=True),
            Column("Suivi", Look.CENTRED, 19, "progress_state", _PROGRESS),
            Column("Commentaire", Look.WRAPPED, 28, "comment", editable=True),
            IDENTIFIER,
        ),
        register="planned_action",
        tab=Tab.ENTRY,
        remark=CREAM,
    )


def _entries() -> Plan:
    return Plan(
        "entries",
        "RSST",
        "T_rsst",
        "Registre de santé et sécurité au travail",
        "Observations et suggestions, la plus récente d’abord (décret 85-603, article 3-1). "
        "Les auteurs ne sont pas nommés.",
        "Registre de santé et sécurité au travail",
        "Registres",
        (
            REFERENCE,
            Column("Date du signalement", Look.DATE, 11, "reported_on"),
            replace(_DIRECTION, width=24),
            _SITE,
            Column("Qualité de l’auteur", Look.CENTRED, 10, "author_kind"),
            Column("Nature", Look.WRAPPED, 17, "nature"),
            Column("Observation ou suggestion", Look.WRAPPED, 46, "observation"),
            Column(
                "Suite donnée", Look.CENTRED, 17, "follow_up", editable=True, choices="l_suite_rsst"
            ),
            Column("Réponse du responsable", Look.WRAPPED, 40, "answer", editable=True),
            Column("Réponse attendue le", Look.DATE, 11, "answer_due"),
            Column("Répondu le", Look.DATE, 11, "answered_on", editable=True),
            Column("Close le", Look.DATE, 11, "closed_on", editable=True),
            Column("État de la réponse", Look.CENTRED, 16, "due_state", _DUE),
            Column("Vu par la F3SCT le", Look.DATE, 11, "committee_on", editable=True),
            IDENTIFIER,
        ),
        register="health_safety_entry",
        frozen=2,
        tab=Tab.ENTRY,
        remark=CREAM,
    )


def _accidents() -> Plan:
    return Plan(
        "accidents",
        "Accidents",
        "T_accidents",
        "Accidents de service, de trajet et maladies professionnelles",
        "Sans nom, sans lieu, sans jour et sans lésion : ce qui ferait reconnaître une personne "
        "reste dans le programme. Par direction : feuille « Par direction », à partir de cinq.",
        "Accidents et maladies, sans ce qui désignerait une personne",
        "Registres",
        (
            REFERENCE,
            Column("Mois", Look.MONTH, 10, "month"),
            Column("Période", Look.CENTRED, 20, "period"),
            Column("Type", width=24, key="kind"),
            Column("Élément matériel", Look.WRAPPED, 30, "material_element"),
            Column("Arrêt de travail", Look.CENTRED, 9, "stoppage"),
            Column("Jours d’arrêt", Look.INTEGER, 8, "days_lost"),
            Column("Enquête F3SCT", Look.CENTRED, 10, "inquiry"),
            Column("Reconnaissance", Look.CENTRED, 15, "recognition"),
            Column("Mesures prises", Look.WRAPPED, 46, "measures"),
            IDENTIFIER,
        ),
        register="accident",
        paper=Paper.A4,
    )


def _inspections() -> Plan:
    return Plan(
        "inspections",
        "Vérifications",
        "T_verifications",
        "Vérifications périodiques",
        "Une ligne par équipement ou par lot, avec sa dernière vérification connue et la "
        "prochaine. Seule une période de statut « Obligation » fonde une non-conformité.",
        "Équipements et lots, dernière et prochaine vérification",
        "Registres",
        (
            REFERENCE,
            Column("Échéance", Look.DATE, 10.5, "due_on"),
            Column("État", Look.CENTRED, 19, "state", _DUE),
            _DAYS,
            _DIRECTION,
            Column("Type de site", Look.WRAPPED, 22, "site_kind"),
            _SITE,
            Column("Domaine", Look.WRAPPED, 18, "domain"),
            Column("Objet", Look.WRAPPED, 38, "subject"),
            Column("Équipement", Look.WRAPPED, 34, "name"),
            Column("Nombre", Look.INTEGER, 8, "count"),
            Column("Période (mois)", Look.NUMBER, 9, "months"),
            Column("Statut de la période", Look.CENTRED, 15, "period_status"),
            Column("Dernière le", Look.DATE, 10.5, "last_on"),
            Column("Vérificateur", Look.WRAPPED, 20, "body"),
            Column("Conclusion", Look.CENTRED, 17, "conclusion", _CONCLUSIONS),
            Column("Réserves à lever", Look.INTEGER, 9, "open_reservations"),
            Column("Responsable (fonction)", Look.WRAPPED, 22, "responsible"),
            IDENTIFIER,
        ),
        register="equipment",
        frozen=3,
    )


def _credentials() -> Plan:
    return Plan(
        "credentials",
        "Habilitations",
        "T_habilitations",
        "Habilitations, Certiphyto et autorisations",
        "Les titres des agents en poste, sans leur nom ; le numéro mène à la fiche dans le "
        "programme. Les directions de moins de cinq titulaires sont regroupées.",
        "Titres et fin de validité, sans nom",
        "Personnes",
        (
            REFERENCE,
            Column("Fin de validité", Look.DATE, 10.5, "end"),
            Column("État", Look.CENTRED, 14, "state", _HELD),
            _DAYS,
            Column("Titre", width=32, key="credential_type"),
            Column("Catégorie", Look.WRAPPED, 14, "category"),
            Column("Famille", Look.WRAPPED, 20, "family"),
            _DIRECTION,
            Column("Obtenu le", Look.DATE, 10.5, "obtained"),
            Column("Validité (mois)", Look.INTEGER, 9, "validity"),
            Column("Organisme", width=20, key="body"),
            Column("Autorisation signée", Look.CENTRED, 11, "authorised"),
            Column("Recyclage prévu le", Look.DATE, 11, "renewal_planned", editable=True),
            IDENTIFIER,
        ),
        register="credential",
        paper=Paper.A4,
        frozen=2,
        tab=Tab.ENTRY,
        remark=CREAM,
    )


def _certiphyto() -> Plan:
    return Plan(
        "certiphyto",
        "Certiphyto",
        "T_certiphyto",
        "Certiphyto – validité à venir",
        "Les Certiphyto des agents en poste, sans leur nom : validité aujourd’hui et dans 6, 12 et "
        "24 mois si aucun n’est renouvelé.",
        "Certiphyto : validité à 6, 12 et 24 mois",
        "Personnes",
        (
            REFERENCE,
            Column("Fin de validité", Look.DATE, 11, "end"),
            Column("État", Look.CENTRED, 14, "state", _HELD),
            Column("Rôle", Look.CENTRED, 16, "role"),
            Column("Catégorie", width=32, key="title"),
            _DIRECTION,
            Column("Obtenu le", Look.DATE, 11, "obtained"),
            Column("Demande dès le", Look.DATE, 11.5, "ask_from"),
            Column("et avant le", Look.DATE, 11.5, "ask_until"),
            Column("Valide ce jour", Look.CENTRED, 9, "valid_0", _YES_NO),
            Column("à 6 mois", Look.CENTRED, 9, "valid_6", _YES_NO),
            Column("à 12 mois", Look.CENTRED, 9, "valid_12", _YES_NO),
            Column("à 24 mois", Look.CENTRED, 9, "valid_24", _YES_NO),
            IDENTIFIER,
        ),
        paper=Paper.A4,
        frozen=2,
        remark="Feuille de lecture : la saisie se fait dans « Habilitations ».",
    )


def _stock() -> Plan:
    return Plan(
        "stock",
        "Produits phyto",
        "T_produits",
        "Produits en stock",
        "Inventaire des locaux de stockage, comparé au catalogue national E-Phy. Un produit absent "
        "du catalogue est une question, pas une non-conformité.",
        "Inventaire des stocks, retraits, PPNU",
        "Produits phytopharmaceutiques",
        (
            REFERENCE,
            Column("Situation", Look.CENTRED, 17, "state", editable=True, choices="l_etat_stock"),
            Column("Alerte", Look.CENTRED, 20, "alert", _STOCK),
            Column("Nom du produit", Look.WRAPPED, 28, "name_as_written"),
            Column("N° AMM écrit", Look.WRAPPED, 13, "amm_as_written"),
            Column("Produit du catalogue", Look.WRAPPED, 28, "product"),
            Column("État dans E-Phy", Look.WRAPPED, 20, "product_state"),
            Column("Classe", Look.WRAPPED, 22, "stock_class"),
            _DIRECTION,
            _SITE,
            Column("Local", Look.WRAPPED, 20, "store_room"),
            Column("Lot", width=10, key="lot"),
            Column("Acheté le", Look.DATE, 10.5, "purchased"),
            Column("Péremption", Look.DATE, 10.5, "use_by"),
            Column("Fin d’utilisation", Look.DATE, 11, "use_until"),
            Column("Quantité", Look.NUMBER, 9, "quantity", editable=True),
            Column("Unité", Look.CENTRED, 7, "unit"),
            Column("Isolé le", Look.DATE, 10.5, "set_aside_on"),
            Column("N° de bordereau", width=14, key="waste_note", editable=True),
            IDENTIFIER,
        ),
        register="stock_line",
        tab=Tab.ENTRY,
        remark=CREAM,
    )
