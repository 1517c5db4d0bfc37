"""The table of periodic inspections: equipment by site, last inspection, conclusion, observations."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from prevention_app import paths
from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_numbers import read_months, read_number, whole_or_decimal
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    ImportColumn,
    ImportKind,
    Parsed,
)
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT, ORDER
from prevention_app.exchange.sheet_names import (
    A_TIME,
    department_of_sheet,
    names_a_time,
    names_an_org_unit,
    names_something,
)
from prevention_app.exchange.sheets import Scalar
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_NEVER = re.compile(
    r"jamais\b(?:.*(?:verifi|control|inspect|fait|realis|effectu))?|"
    r"(?:non|pas)\s+(?:encore\s+)?(?:verifie|controle|inspecte)e?s?|"
    r"aucune? (?:verification|controle|visite|date|rapport)|never"
)
"""« Never inspected », said in the place of a date, of a conclusion or of an observation."""

# The last inspection and the next

_UNKNOWN = re.compile(r"inconnue?|a retrouver|non communiquee?|\?+|nsp|a completer|a renseigner|nr")


def _last(cell: CellRead) -> Parsed:
    """The date of the last inspection; « jamais » says that there was none."""
    if isinstance(cell.value, str):
        said = " ".join(fold(cell.text).split())
        if _NEVER.match(said):
            return Parsed(extras={"never_inspected": True})
        if not re.search(r"\d", said):
            return Parsed(remark="" if _says_nothing(said) else cell.text)
    return cell_parsers.dated(cell)


def _next(cell: CellRead) -> Parsed:
    """When the next inspection is due; words such as « dès que possible » are a remark."""
    if isinstance(cell.value, str) and not re.search(r"\d", cell.text):
        return Parsed(remark="" if _says_nothing(fold(cell.text)) else cell.text)
    return cell_parsers.dated(cell)


def _says_nothing(said: str) -> bool:
    return said.strip(" -–—./?") == "" or bool(_UNKNOWN.fullmatch(said.strip(" .")))


def _period(cell: CellRead) -> Parsed:
    """The period in months; a column of small figures headed in years counts in years."""
    if isinstance(cell.value, str) and _says_nothing(fold(cell.text)):
        return Parsed()
    months = read_months(cell.value)
    if months is None:
        if isinstance(cell.value, str) and not re.search(r"\d", cell.text):
            return Parsed(remark=cell.text)
        return Parsed(
            problem=f"« {cell.text} » n’est pas une périodicité ; « 12 mois » ou « annuelle » "
            "est attendu."
        )
    heading = fold(cell.facts.heading)
    in_years = re.search(r"\b(?:annees|ans?)\b", heading) and "mois" not in heading
    if in_years and read_number(cell.value) is not None:
        return Parsed(whole_or_decimal(Decimal(months) * 12))
    return Parsed(months)


def _is_period(value: Scalar) -> bool:
    return not isinstance(value, date) and read_months(value) is not None


# How it ended

_CONCLUSIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("stopped", re.compile(
        r"arret|hors[\s-]service|\bhs\b|interdi|inapte|consign|ne pas utiliser|a reformer|reforme|"
        r"rebut|mis(?:e)? hors|danger grave|immobilis|stopped|condamne")),
    ("with_observations", re.compile(
        r"^(?:avec\s+)?\d+\s*(?:obs|remarque|reserve|ecart|anomalie|nc\b|non)|"
        r"avec (?:obs|reserve|remarque|prescription|ecart|anomalie)|"
        r"^nc\b|non[\s-]*(?:conforme|satisfai|conformite)|defavorable|insuffisant|mauvais|"
        r"partiel|^n$|^ao$|^obs|^reserves?|^ecarts?|^anomalies?|^remarques?|a lever|a corriger|"
        r"sous reserve|with observations|^no$|^non$|^r$|^ko$")),
    ("compliant", re.compile(
        r"conforme|^c$|^ras\b|^r\.a\.s|neant|sans (?:obs|reserve|remarque|anomalie|ecart)|favorable|"
        r"satisfai|^ok\b|^bon|apte|^o$|valide|^so$|^oui$|correct|compliant|^ok$|^0 (?:obs|remarque)|"
        r"aucune? (?:obs|remarque|reserve|anomalie)|^f$|en service|maintenu|rien a signaler|^x$")),
)  # fmt: skip
_PLAIN_WORDS = re.compile(
    r"conforme|c|arret|arret immediat|arret d'usage|avec observations?|\d+ observations?|avec obs|obs|ras|ok"
)
"""Words that the code says in full; any other stays as a remark beside it when it says more."""


def _conclusion(cell: CellRead) -> Parsed:
    if cell.value is None:
        return Parsed()
    said = " ".join(fold(cell.text).split()).strip(" .")
    if _NEVER.match(said):
        return Parsed(extras={"never_inspected": True})
    code = _conclusion_of(said)
    if code is None:
        return Parsed(remark="" if _says_nothing(said) else cell.text)
    worse = code != "compliant" and not _PLAIN_WORDS.fullmatch(said)
    return Parsed(code, remark=cell.text if worse else "")


def _conclusion_of(said: str) -> str | None:
    if re.match(r"(?:0|sans|aucune?|pas d[e'])\s*(?:obs|reserve|remarque|anomalie|ecart|nc)", said):
        return "compliant"
    return next((code for code, pattern in _CONCLUSIONS if pattern.search(said)), None)


def _is_conclusion(value: Scalar) -> bool:
    if not isinstance(value, str) or len(value) > 40:
        return False
    said = " ".join(fold(value).split()).strip(" .")
    return _conclusion_of(said) is not None or bool(_NEVER.match(said))


_NO_OBSERVATION = re.compile(
    r"(?:neant|ras|r\.a\.s\.?|rien a signaler|sans (?:objet|observations?|remarques?|reserves?)|"
    r"aucune? (?:observation|remarque|reserve|anomalie)s?|conforme|so|s\.o\.?|0|ok|non|nc)"
)


def _observation(cell: CellRead) -> Parsed:
    """One observation of the report; « RAS » is none."""
    said = " ".join(fold(cell.text).split()).strip(" .-")
    nothing = not said or bool(_NO_OBSERVATION.fullmatch(said))
    return Parsed() if nothing else Parsed(cell.text)


# The columns

_IS_CODE = re.compile(r"[A-Z]{3}-?\d{2}", re.IGNORECASE)


def _code(cell: CellRead) -> Parsed:
    """The code of our table of periods (INC-01); other codes are a remark."""
    if _IS_CODE.fullmatch(cell.text):
        letters, digits = cell.text[:3].upper(), cell.text[-2:]
        return Parsed(f"{letters}-{digits}")
    return Parsed(remark=cell.text)


def _code_look(facts: ColumnFacts) -> float:
    if not facts.values:
        return 0.0
    fitting = sum(bool(_IS_CODE.fullmatch(str(value))) for value in facts.values)
    return 1.0 if fitting * 2 > len(facts.values) else -1.0


_COLUMNS = (
    ORDER,
    DEPARTMENT,
    ImportColumn(
        "site", "Site", ("Site", "Établissement", "Bâtiment", "Lieu", "Site concerné", "Nom du site", "Implantation",
        "Site / bâtiment", "Nom de l'établissement", "Collège", "Structure"), cell_parsers.name,
        weak=("Adresse", "Commune"), carried=True, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "equipment", "Équipement", ("Équipement", "Équipement / installation", "Matériel", "Installation", "Objet",
        "Désignation", "Équipement ou installation", "Appareil", "Désignation de l'équipement", "Type d'équipement",
        "Nature du contrôle", "Objet de la vérification", "Type de vérification", "Type de contrôle",
        "Nature de l'équipement", "Libellé", "Installation ou équipement", "Machine",
        "Objet du contrôle", "Nature de la vérification", "Matériel / installation", "Équipements vérifiés",
        "Intitulé"), cell_parsers.name, weak=("Type", "Nature", "Domaine", "Vérification", "Contrôle"), required=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "reference_code", "Code", ("Code", "Code vérification", "Code périodicité", "Réf. réglementaire", "Code type"),
        _code, looks=_code_look,
    ),
    ImportColumn(
        "make", "Marque et modèle", ("Marque", "Marque - type", "Marque et modèle", "Marque / type", "Marque type",
        "Modèle", "Constructeur", "Fabricant", "Marque / modèle", "Marque et type"), cell_parsers.name,
        looks=looks.looks_like(lambda value: isinstance(value, str | int)),
    ),
    ImportColumn(
        "serial_number", "N° de série", ("N° de série", "N° série", "Numéro de série", "N° d'identification",
        "N° de fabrication", "N° constructeur", "Identification", "N° matériel", "N° d'inventaire", "N° inventaire",
        "Immatriculation", "N° parc", "Identifiant", "N° d'appareil", "N° appareil"), cell_parsers.name,
    ),
    ImportColumn(
        "location", "Emplacement", ("Emplacement", "Localisation", "Local", "Niveau", "Lieu précis", "Situation",
        "Zone", "Localisation précise", "Pièce", "Implantation précise", "Localisation dans le bâtiment"), cell_parsers.name, looks=looks.TEXT,
    ),
    ImportColumn(
        "count", "Nombre", ("Nombre", "Nb", "Quantité", "Qté", "Nombre d'appareils", "Nb d'équipements", "Nbre"),
        cell_parsers.count, looks=looks.WHOLE,
    ),
    ImportColumn(
        "last_inspection", "Dernière vérification", ("Dernière vérification", "Date dernière vérif.",
        "Dernier contrôle", "Date de la dernière vérification", "Date du dernier contrôle", "Dernière visite",
        "Date de vérification", "Date du contrôle", "Date de visite", "Vérifié le", "Contrôlé le", "Dernière le",
        "Date dernier contrôle", "Date d'intervention", "Date vérification", "Date dernière visite", "Dernier passage",
        "Date du rapport", "Fait le", "Réalisé le", "Date de contrôle", "Visite du", "Date de réalisation", "Date réalisation"), _last, weak=("Date", "Le", "Dernière"),
        looks=looks.looks_like(
            lambda value: looks.is_about_a_date(value)
            or bool(isinstance(value, str) and _NEVER.match(fold(value))), against=0.1),
    ),
    ImportColumn(
        "period_months", "Périodicité (mois)", ("Périodicité", "Périodicité (mois)", "Fréquence", "Fréquence (mois)",
        "Période", "Périodicité réglementaire", "Périodicité en mois", "Fréquence de contrôle", "Tous les",
        "Périodicité (années)", "Périodicité (ans)", "Intervalle"), _period,
        looks=looks.looks_like(_is_period, against=0.1),
    ),
    ImportColumn(
        "next_due", "Prochaine échéance", ("Prochaine échéance", "Échéance", "Prochaine vérification",
        "Prochain contrôle", "Date de la prochaine vérification", "Prochaine visite", "À faire avant le",
        "Date prochain contrôle", "Prochaine date", "Prochain passage", "Date limite", "Date d'échéance",
        "Prochaine vérif.", "Valable jusqu'au", "Date prochaine vérif.", "À refaire le", "Validité", "Date de fin de validité"), _next,
        weak=("Prochaine", "Prochain"), looks=looks.DATE_OR_YEAR,
    ),
    ImportColumn(
        "body", "Vérificateur", ("Organisme vérificateur", "Organisme", "Vérificateur", "Organisme de contrôle",
        "Prestataire", "Société", "Bureau de contrôle", "Entreprise", "Contrôleur", "Vérifié par", "Réalisé par",
        "Intervenant", "Organisme agréé", "Effectué par", "Contrôlé par", "Titulaire du marché", "Entreprise de contrôle", "Société de maintenance"), cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "report_number", "N° de rapport", ("N° rapport", "N° de rapport", "Rapport", "Numéro de rapport",
        "Référence rapport", "Réf. rapport", "Rapport n°", "N° du rapport", "N° PV", "Réf. du rapport"), cell_parsers.name,
    ),
    ImportColumn(
        "conclusion", "Conclusion", ("Conclusion", "Résultat", "Conclusions", "Avis", "Conformité", "État",
        "Résultat du contrôle", "Conforme", "Conclusion du rapport", "Statut", "Résultat de la vérification", "C / NC",
        "Conforme O/N", "Conforme (O/N)", "Avis de l'organisme"), _conclusion, weak=("Observations",),
        looks=looks.looks_like(_is_conclusion, against=0.3),
    ),
    ImportColumn(
        "observations", "Observations", ("Observations", "Réserves", "Remarques", "Anomalies", "Non-conformités",
        "Observations du rapport", "Réserves / observations", "Observations à lever", "Détail des observations",
        "Écarts", "Anomalies constatées", "Réserves émises", "Prescriptions", "Observations relevées", "Défauts",
        "Observations / réserves", "Commentaires", "Non conformités relevées", "Réserves du rapport", "Points à corriger"), _observation, many=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "observations_lifted_on", "Levée le", ("Date de levée", "Levée le", "Levée des réserves", "Date levée",
        "Date de levée des réserves", "Date de levée des observations", "Réserves levées le", "Levées le",
        "Observations levées le", "Levée des observations"), cell_parsers.dated, looks=looks.DATE,
    ),
    ImportColumn(
        "responsible", "Responsable", ("Responsable", "Service responsable", "Gestionnaire", "Référent", "Suivi par",
        "Pilote", "Service gestionnaire", "Responsable du suivi", "Exploitant", "Service en charge", "Responsable du contrôle"), cell_parsers.name, looks=looks.TEXT,
    ),
)  # fmt: skip

_NOT_TAKEN = (
    "Date de mise en service", "Mise en service", "Date d'achat", "Date d'installation", "Année", "Année de fabrication",
    "Date de réception du rapport", "Coût", "Montant", "Contrat", "N° de contrat", "Numéro de contrat", "N° de marché",
    "Marché", "Date de fin de contrat", "Texte", "Référence réglementaire", "Texte de référence", "Réglementation",
    "Date de convocation", "Téléphone", "Contact", "Adresse", "Observations levées par",
)  # fmt: skip

_SHEET_WORDS = frozenset(
    "verif verifs verification verifications periodique periodiques vgp controle controles reglementaire reglementaires "
    "equipement equipements materiel materiels echeance echeances registre securite planning maintenance obligatoire "
    "obligatoires rapport rapports inspection inspections installation installations technique techniques".split()
)  # fmt: skip


def _section_field(text: str) -> str:
    """A line alone among the rows may name an employer."""
    if names_a_time(text):
        return A_TIME
    return "department" if department_of_sheet(text) and not _names_a_site(text) else ""


def _names_a_site(text: str) -> bool:
    """Whether the name of a sheet, a title or a line alone names the site of the rows."""
    return names_something(text, _SHEET_WORDS) and not names_an_org_unit(text)


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    values = row.values
    _finish_observations(row)
    if values.get("last_inspection") or not values.get("never_inspected"):
        values.pop("never_inspected", None)
    if "department" not in values and not table.column_of("department"):
        named = department_of_sheet(table.sheet)
        if named:
            values["department"] = named
    if "reference_code" not in values and (code := _known_codes().get(_key(values.get("equipment")))):
        values["reference_code"] = code


def _finish_observations(row: ImportedRow) -> None:
    """« Jamais vérifié » among the observations is none; without an inspection they are remarks."""
    values = row.values
    said = values.get("observations")
    texts = [str(each) for each in said if each is not None] if isinstance(said, list) else []
    kept = [text for text in texts if not _NEVER.match(fold(text))]
    if len(kept) < len(texts):
        values.setdefault("never_inspected", True)
    if said is not None:
        values["observations"] = kept
    if not values.get("last_inspection"):
        row.remarks += [f"Observation sans date de vérification : {text}" for text in kept]


@lru_cache(maxsize=1)
def _known_codes() -> dict[str, str]:
    """The codes of the shipped table of periods by the wording of what is inspected."""
    table = json.loads(paths.resource("reference/inspection_type.json").read_text(encoding="utf-8"))
    records = [record["values"] for record in table["records"]]
    return {_key(values["subject"]): values["type_code"] for values in records}


def _key(wording: object) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(str(wording or ""))))


INSPECTIONS = ImportKind(
    key="inspections",
    of_what="du tableau des vérifications périodiques",
    columns=_COLUMNS,
    identity=("equipment",),
    finish=_finish,
    sheet_field="site",
    names=_names_a_site,
    section_field=_section_field,
    not_taken=_NOT_TAKEN,
)
"""What a table of periodic inspections looks like, whatever its layout."""
