"""The register of accidents and diseases: what prevention needs of it and nothing more (P7).

Columns that no field was found for are listed and never kept: they may hold health data.
"""

from __future__ import annotations

import re

from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.import_kinds import (
    ImportColumn,
    ImportKind,
)
from prevention_app.exchange.kinds import accident_cells as cells
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT, complete_department
from prevention_app.exchange.sheet_names import (
    A_TIME,
    department_of_sheet,
    names_a_place,
    names_a_time,
    names_an_org_unit,
    year_of_sheet,
)
from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_COLUMNS = (
    ImportColumn(
        "number",
        "N° d’origine",
        (
            "N°", "N° ordre", "N° d'ordre", "Numéro", "N° d'accident", "N° AT", "N° dossier",
            "Numéro de dossier", "Dossier", "Réf", "Référence", "N° déclaration", "N° de registre",
            "ID",
        ),
        cell_parsers.text,
        looks=cells.number_look,
    ),
    DEPARTMENT,
    ImportColumn(
        "date",
        "Date de l’accident",
        (
            "Date de l'accident", "Date", "Date AT", "Date accident", "Date des faits",
            "Date et heure", "Date et heure de l'accident", "Date / heure", "Date de l'événement",
            "Date du sinistre", "Date de survenue", "Survenu le", "Accident du",
            "Jour de l'accident", "Date évènement",
        ),
        cells.moment,
        weak=("Jour", "Le", "Quand"),
        looks=looks.looks_like(cells.is_moment, against=0.2),
        required=True,
    ),
    ImportColumn(
        "time",
        "Heure",
        (
            "Heure", "Heure de l'accident", "Horaire", "Heure AT", "Heure des faits", "Vers",
            "Heure de survenue", "Hre", "Créneau horaire", "Moment de la journée",
        ),
        cells.clock,
        looks=looks.looks_like(cells.is_time, against=0.1),
    ),
    ImportColumn(
        "person",
        "Agent",
        (
            "Agent", "Nom", "Nom de l'agent", "Nom et prénom", "Nom Prénom", "Nom - prénom",
            "Victime", "Agent victime", "Identité", "Agent concerné", "Nom de la victime",
            "Nom prénom de l'agent", "Salarié", "Nom patronymique", "Nom d'usage", "Personne",
            "Employé", "Nom de l'employé",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "first_name",
        "Prénom",
        ("Prénom", "Prénom de l'agent", "Prénom de la victime"),
        cell_parsers.name,
    ),
    ImportColumn(
        "sex",
        "Sexe",
        ("Sexe", "Genre", "H/F", "F/H", "Civilité", "Sexe (F/H)", "M/F"),
        cells.sex,
        looks=looks.looks_like(cells.is_sex),
    ),
    ImportColumn(
        "direction",
        "Direction",
        ("Direction", "Pôle", "DGA", "Direction générale adjointe", "Direction / pôle"),
        cell_parsers.name,
        context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "org_unit",
        "Service",
        (
            "Service", "Direction / service", "Service d'affectation", "Affectation",
            "Direction ou service", "Service / direction", "Entité", "Service de l'agent",
            "Pôle / direction / service", "Direction d'affectation", "Structure", "Unité",
            "Unité d'affectation",
        ),
        cell_parsers.name,
        context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "work_unit",
        "Unité de travail",
        ("Unité de travail", "UT"),
        cell_parsers.name,
        context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "site",
        "Site",
        (
            "Site", "Lieu", "Lieu de l'accident", "Lieu AT", "Lieu de survenue", "Établissement",
            "Lieu de travail", "Site / bâtiment", "Résidence administrative", "Localisation",
            "Site concerné", "Site de travail", "Site d'affectation", "Lieu des faits",
        ),
        cell_parsers.name,
        weak=("Où", "Bâtiment"),
        context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "kind",
        "Type d’accident",
        (
            "Type d'accident", "Type", "Type AT", "Nature de l'accident", "Catégorie",
            "Catégorie d'accident", "Type d'événement", "Qualification", "Service / trajet",
            "Service ou trajet", "Type de sinistre", "AT / trajet / MP", "Accident ou maladie",
            "AT/MP", "Typologie",
        ),
        cells.kind,
        weak=("Nature", "Nature AT", "Accident", "Régime"),
        context=True,
        looks=looks.looks_like(cells.is_kind),
        by_look=True,
    ),
    ImportColumn(
        "circumstances",
        "Circonstances",
        (
            "Circonstances", "Circonstances de l'accident", "Description", "Description des faits",
            "Description de l'accident", "Faits", "Récit", "Récit des faits", "Exposé des faits",
            "Résumé", "Circonstances détaillées", "Description des circonstances",
            "Que s'est-il passé", "Déroulement", "Nature et circonstances", "Événement", "Libellé",
            "Causes et circonstances", "Motif", "Commentaires sur l'accident",
        ),
        cell_parsers.text,
        weak=("Cause", "Causes", "Détail", "Accident", "Commentaire"),
        looks=looks.LONG_TEXT,
    ),
    ImportColumn(
        "activity",
        "Activité",
        (
            "Activité", "Activité au moment de l'accident", "Tâche", "Tâche effectuée",
            "Activité exercée", "Travail effectué", "Tâche en cours", "Activité / tâche",
            "Type d'activité", "Travail en cours",
        ),
        cell_parsers.text,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "material_element",
        "Élément matériel",
        (
            "Élément matériel", "Agent matériel", "Matériel en cause", "Objet en cause",
            "Élément matériel en cause", "Cause matérielle", "Agent causal", "Facteur matériel",
            "Équipement en cause", "Matériel impliqué",
        ),
        cell_parsers.text,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "injury_seat",
        "Siège des lésions",
        (
            "Siège des lésions", "Siège de la lésion", "Siège", "Siège lésions", "Partie du corps",
            "Localisation des lésions", "Localisation de la lésion", "Zone du corps",
            "Partie du corps atteinte", "Localisation de la blessure", "Siège des blessures",
            "Zone lésée", "Localisation corporelle",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "injury_nature",
        "Nature des lésions",
        (
            "Nature des lésions", "Nature de la lésion", "Nature lésions", "Type de lésion",
            "Lésion", "Lésions", "Nature des blessures", "Blessure", "Nature de la blessure",
            "Type de blessure",
        ),
        cell_parsers.name,
        weak=("Nature",),
        looks=looks.TEXT,
    ),
    ImportColumn(
        "stoppage",
        "Arrêt de travail",
        (
            "Arrêt (O/N)", "Arrêt", "Arrêt O/N", "Arrêt de travail", "Avec arrêt",
            "Avec / sans arrêt", "Accident avec arrêt", "Arrêt oui/non", "AT avec arrêt",
            "Arrêt de travail O/N",
        ),
        cells.stoppage,
        looks=looks.looks_like(cells.is_stoppage, against=0.4),
    ),
    ImportColumn(
        "days_lost",
        "Jours d’arrêt",
        (
            "Jours d'arrêt", "Nb jours d'arrêt", "Nombre de jours d'arrêt", "Durée de l'arrêt",
            "Durée arrêt", "Jours perdus", "Nb de jours", "Nombre de jours", "Jrs d'arrêt",
            "Arrêt (jours)", "Durée (jours)", "Durée de l'arrêt en jours", "NJA", "Nb j", "J arrêt",
            "Nb j. d'arrêt",
        ),
        cells.days_lost,
        weak=("Jours", "Arrêt", "Durée", "Arrêt de travail", "ITT"),
        looks=looks.looks_like(cells.is_days_lost, against=0.4),
    ),
    ImportColumn(
        "recognition",
        "Reconnaissance",
        (
            "Imputabilité", "Reconnaissance", "Imputabilité au service", "Reconnu", "Imputable",
            "Imputable au service", "Décision", "Décision d'imputabilité", "Reconnu imputable",
            "Reconnaissance de l'imputabilité", "CITIS", "Imputable O/N", "Décision administrative",
            "Avis d'imputabilité", "Reconnu O/N", "Statut du dossier",
            "Décision de l'administration",
        ),
        cells.recognition,
        weak=("Statut", "Avis", "Suite administrative", "Instruction", "État"),
        looks=looks.looks_like(cells.is_decision),
    ),
    ImportColumn(
        "measures",
        "Mesures prises",
        (
            "Mesures prises", "Suites / mesures prises", "Suites", "Suites données", "Mesures",
            "Actions", "Actions correctives", "Mesures de prévention", "Mesures correctives",
            "Actions de prévention", "Actions menées", "Préconisations",
            "Mesures prises ou envisagées", "Suites et mesures", "Actions engagées",
            "Mesures de prévention prises", "Actions mises en place", "Plan d'action",
        ),
        cell_parsers.text,
        weak=("Observations", "Remarques"),
        looks=looks.TEXT,
    ),
)  # fmt: skip

_NOT_TAKEN = (
    "Date de naissance", "Date de déclaration", "Date déclaration", "Date de reprise", "Reprise le",
    "Date de fin d'arrêt", "Date fin arrêt", "Date début arrêt", "Date de début d'arrêt",
    "Fin d'arrêt", "Début d'arrêt", "Arrêt du", "Arrêt jusqu'au", "Date du certificat",
    "Date de consolidation", "Date de guérison", "Date de la décision", "Date décision",
    "Date de réception", "Date d'envoi", "Date d'entrée", "Date d'embauche", "Date de commission",
    "Date de saisie", "Date enquête", "Matricule", "N° de sécurité sociale",
    "Numéro de sécurité sociale", "N° agent", "NIR", "N° SS", "Taux IPP", "IPP", "Médecin",
    "Diagnostic", "Certificat médical", "Âge", "Nom du témoin", "Témoin", "Nom du responsable",
    "Nom du médecin", "Type de contrat", "Type d'arrêt", "Statut de l'agent", "Lieu de naissance",
    "Nature du contrat", "Agent de maîtrise", "Durée des soins", "Nombre de jours de soins",
)  # fmt: skip
"""Dates and names that are not those of the accident, and what prevention must not keep."""


def _section_field(text: str) -> str:
    """What a line alone among the rows names: a kind, an employer, a service, a place."""
    if names_a_time(text):
        return A_TIME
    if cells.kind_of(text) and not names_a_place(text):
        return "kind"
    if department_of_sheet(text):
        return "department"
    if names_an_org_unit(text):
        return "org_unit"
    return "site" if names_a_place(text) else ""


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    values = row.values
    _complete_name(values)
    _complete_date(row, table)
    if "direction" in values and "org_unit" not in values:
        values["org_unit"] = values.pop("direction")
        if "direction" in row.cells:
            row.cells["org_unit"] = row.cells.pop("direction")
    complete_department(row, table)
    kind = cells.kind_of(table.sheet)
    if kind and "kind" not in values and not table.column_of("kind"):
        values["kind"] = kind


def _complete_name(values: dict[str, object]) -> None:
    first = values.pop("first_name", None)
    if first:
        values["person"] = f"{values.get('person', '')} {first}".strip()


def _complete_date(row: ImportedRow, table: TableUnderstood) -> None:
    """A day without a year takes that of the sheet; without one it is no date."""
    said = row.values.pop("day_of_year", None)
    if said is None:
        return
    year = year_of_sheet(table.sheet)
    try:
        found = read_date(_with_year(str(said), year)) if year else None
    except ImpossibleDate as error:
        _refuse_date(row, table, str(error))
        return
    if found:
        row.values["date"] = found.day
    else:
        _refuse_date(row, table, f"« {said} » ne dit pas l’année")


def _refuse_date(row: ImportedRow, table: TableUnderstood, why: str) -> None:
    match = table.column_of("date")
    label, cell = (match.heading, cell_name(row.row, match.column)) if match else ("Date", "")
    row.problem(
        cell,
        f"Ligne {row.row}, colonne « {label} » : {why} ; une date comme 31/12/2026 est attendue.",
        fatal=True,
    )


def _with_year(said: str, year: int) -> str:
    return f"{said}/{year}" if re.search(r"\d\s*$", said) else f"{said} {year}"


ACCIDENTS = ImportKind(
    key="accidents",
    of_what="du registre des accidents",
    columns=_COLUMNS,
    identity=("date", "number", "circumstances", "person"),
    finish=_finish,
    section_field=_section_field,
    not_taken=_NOT_TAKEN,
    keeps_unknown=False,
)
"""What a register of accidents looks like, whatever its layout."""
