"""The table of periodic inspections: equipment by site and what its last inspection found."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from prevention_app import paths
from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.import_kinds import (
    ImportColumn,
    ImportKind,
)
from prevention_app.exchange.kinds import inspection_cells as cells
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT, ORDER, complete_department
from prevention_app.exchange.sheet_names import (
    A_TIME,
    department_of_sheet,
    names_a_time,
    names_an_org_unit,
    names_something,
)
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_COLUMNS = (
    ORDER,
    DEPARTMENT,
    ImportColumn(
        "site",
        "Site",
        (
            "Site", "Établissement", "Bâtiment", "Lieu", "Site concerné", "Nom du site",
            "Implantation", "Site / bâtiment", "Nom de l'établissement", "Collège", "Structure",
        ),
        cell_parsers.name,
        weak=("Adresse", "Commune"),
        carried=True,
        context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "equipment",
        "Équipement",
        (
            "Équipement", "Équipement / installation", "Matériel", "Installation", "Objet",
            "Désignation", "Équipement ou installation", "Appareil", "Désignation de l'équipement",
            "Type d'équipement", "Nature du contrôle", "Objet de la vérification",
            "Type de vérification", "Type de contrôle", "Nature de l'équipement", "Libellé",
            "Installation ou équipement", "Machine", "Objet du contrôle",
            "Nature de la vérification", "Matériel / installation", "Équipements vérifiés",
            "Intitulé",
        ),
        cell_parsers.name,
        weak=("Type", "Nature", "Domaine", "Vérification", "Contrôle"),
        required=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "reference_code",
        "Code",
        ("Code", "Code vérification", "Code périodicité", "Réf. réglementaire", "Code type"),
        cells.code,
        looks=cells.code_look,
    ),
    ImportColumn(
        "make",
        "Marque et modèle",
        (
            "Marque", "Marque - type", "Marque et modèle", "Marque / type", "Marque type", "Modèle",
            "Constructeur", "Fabricant", "Marque / modèle", "Marque et type",
        ),
        cell_parsers.name,
        looks=looks.looks_like(lambda value: isinstance(value, str | int)),
    ),
    ImportColumn(
        "serial_number",
        "N° de série",
        (
            "N° de série", "N° série", "Numéro de série", "N° d'identification",
            "N° de fabrication", "N° constructeur", "Identification", "N° matériel",
            "N° d'inventaire", "N° inventaire", "Immatriculation", "N° parc", "Identifiant",
            "N° d'appareil", "N° appareil",
        ),
        cell_parsers.name,
    ),
    ImportColumn(
        "location",
        "Emplacement",
        (
            "Emplacement", "Localisation", "Local", "Niveau", "Lieu précis", "Situation", "Zone",
            "Localisation précise", "Pièce", "Implantation précise",
            "Localisation dans le bâtiment",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "count",
        "Nombre",
        ("Nombre", "Nb", "Quantité", "Qté", "Nombre d'appareils", "Nb d'équipements", "Nbre"),
        cell_parsers.count,
        looks=looks.WHOLE,
    ),
    ImportColumn(
        "last_inspection",
        "Dernière vérification",
        (
            "Dernière vérification", "Date dernière vérif.", "Dernier contrôle",
            "Date de la dernière vérification", "Date du dernier contrôle", "Dernière visite",
            "Date de vérification", "Date du contrôle", "Date de visite", "Vérifié le",
            "Contrôlé le", "Dernière le", "Date dernier contrôle", "Date d'intervention",
            "Date vérification", "Date dernière visite", "Dernier passage", "Date du rapport",
            "Fait le", "Réalisé le", "Date de contrôle", "Visite du", "Date de réalisation",
            "Date réalisation",
        ),
        cells.last_inspection,
        weak=("Date", "Le", "Dernière"),
        looks=looks.looks_like(cells.is_last_inspection, against=0.1),
    ),
    ImportColumn(
        "period_months",
        "Périodicité (mois)",
        (
            "Périodicité", "Périodicité (mois)", "Fréquence", "Fréquence (mois)", "Période",
            "Périodicité réglementaire", "Périodicité en mois", "Fréquence de contrôle", "Tous les",
            "Intervalle",
        ),
        cells.period,
        looks=looks.looks_like(cells.is_period, against=0.1),
    ),
    ImportColumn(
        "next_due",
        "Prochaine échéance",
        (
            "Prochaine échéance", "Échéance", "Prochaine vérification", "Prochain contrôle",
            "Date de la prochaine vérification", "Prochaine visite", "À faire avant le",
            "Date prochain contrôle", "Prochaine date", "Prochain passage", "Date limite",
            "Date d'échéance", "Prochaine vérif.", "Valable jusqu'au", "Date prochaine vérif.",
            "À refaire le", "Validité", "Date de fin de validité",
        ),
        cells.next_due,
        weak=("Prochaine", "Prochain"),
        looks=looks.DATE_OR_YEAR,
    ),
    ImportColumn(
        "body",
        "Vérificateur",
        (
            "Organisme vérificateur", "Organisme", "Vérificateur", "Organisme de contrôle",
            "Prestataire", "Société", "Bureau de contrôle", "Entreprise", "Contrôleur",
            "Vérifié par", "Réalisé par", "Intervenant", "Organisme agréé", "Effectué par",
            "Contrôlé par", "Titulaire du marché", "Entreprise de contrôle",
            "Société de maintenance",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "report_number",
        "N° de rapport",
        (
            "N° rapport", "N° de rapport", "Rapport", "Numéro de rapport", "Référence rapport",
            "Réf. rapport", "Rapport n°", "N° du rapport", "N° PV", "Réf. du rapport",
        ),
        cell_parsers.name,
    ),
    ImportColumn(
        "conclusion",
        "Conclusion",
        (
            "Conclusion", "Résultat", "Conclusions", "Avis", "Conformité", "État",
            "Résultat du contrôle", "Conforme", "Conclusion du rapport", "Statut",
            "Résultat de la vérification", "C / NC", "Conforme O/N", "Conforme (O/N)",
            "Avis de l'organisme",
        ),
        cells.conclusion,
        weak=("Observations",),
        looks=looks.looks_like(cells.is_conclusion, against=0.3),
    ),
    ImportColumn(
        "observations",
        "Observations",
        (
            "Observations", "Réserves", "Remarques", "Anomalies", "Non-conformités",
            "Observations du rapport", "Réserves / observations", "Observations à lever",
            "Détail des observations", "Écarts", "Anomalies constatées", "Réserves émises",
            "Prescriptions", "Observations relevées", "Défauts", "Observations / réserves",
            "Commentaires", "Non conformités relevées", "Réserves du rapport", "Points à corriger",
        ),
        cells.observation,
        many=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "observations_lifted_on",
        "Levée le",
        (
            "Date de levée", "Levée le", "Levée des réserves", "Date levée",
            "Date de levée des réserves", "Date de levée des observations", "Réserves levées le",
            "Levées le", "Observations levées le", "Levée des observations",
        ),
        cell_parsers.dated,
        looks=looks.DATE,
    ),
    ImportColumn(
        "responsible",
        "Responsable",
        (
            "Responsable", "Service responsable", "Gestionnaire", "Référent", "Suivi par", "Pilote",
            "Service gestionnaire", "Responsable du suivi", "Exploitant", "Service en charge",
            "Responsable du contrôle",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
)  # fmt: skip

_NOT_TAKEN = (
    "Date de mise en service", "Mise en service", "Date d'achat", "Date d'installation", "Année",
    "Année de fabrication", "Date de réception du rapport", "Coût", "Montant", "Contrat",
    "N° de contrat", "Numéro de contrat", "N° de marché", "Marché", "Date de fin de contrat",
    "Texte", "Référence réglementaire", "Texte de référence", "Réglementation",
    "Date de convocation", "Téléphone", "Contact", "Adresse", "Observations levées par",
)  # fmt: skip

_SHEET_WORDS = frozenset(
    "verif verifs verification verifications periodique periodiques vgp controle controles "
    "reglementaire reglementaires equipement equipements materiel materiels echeance echeances "
    "registre securite planning maintenance obligatoire obligatoires rapport rapports inspection "
    "inspections installation installations technique techniques".split()
)
"""Words of a sheet's name that say what it lists, not where."""


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
    complete_department(row, table)
    code = _known_codes().get(_key(values.get("equipment")))
    if code:
        values.setdefault("reference_code", code)


def _finish_observations(row: ImportedRow) -> None:
    """« Jamais vérifié » among the observations is none; without an inspection they are remarks."""
    values = row.values
    said = _observations(values)
    kept = [text for text in said if not cells.says_never(text)]
    if len(kept) < len(said):
        values.setdefault("never_inspected", True)
    if "observations" in values:
        values["observations"] = kept
    if not values.get("last_inspection"):
        row.remarks += [f"Observation sans date de vérification : {text}" for text in kept]


def _observations(values: Mapping[str, object]) -> list[str]:
    found = cast("list[object]", values.get("observations") or [])
    return [str(each) for each in found if each is not None]


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
