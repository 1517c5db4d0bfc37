"""The organisation chart: directorates, services, sites and work units with their headcounts."""

from __future__ import annotations

from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.import_kinds import ImportColumn, ImportKind
from prevention_app.exchange.kinds.agent_columns import DEPARTMENT
from prevention_app.exchange.kinds.duerp_cells import headcount
from prevention_app.exchange.kinds.unit_types import unit_type
from prevention_app.exchange.sheet_names import (
    department_of_sheet,
    names_a_place,
    names_an_org_unit,
    names_something,
)
from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_COLUMNS = (
    DEPARTMENT,
    ImportColumn(
        "direction", "Direction", ("Direction", "Nom de la direction", "Libellé direction",
        "Lib direction", "Direction de rattachement", "Directorate", "Direction / pôle"),
        cell_parsers.name,
        weak=("Pôle", "DGA", "Direction générale adjointe", "Niveau 1", "Délégation"),
        looks=looks.TEXT, only_looks=True, carried=True, context=True,
    ),
    ImportColumn(
        "service", "Service", ("Service", "Service / bureau", "Nom du service", "Libellé service",
        "Lib service", "Service de rattachement", "Service d'affectation", "Sous-direction",
        "Direction ou service", "Direction / service", "Entité", "Structure", "Subdivision"),
        cell_parsers.name, weak=("Bureau", "Division", "Secteur", "Niveau 2", "Agence",
        "Unité administrative", "Affectation"),
        looks=looks.TEXT, only_looks=True, carried=True, context=True,
    ),
    ImportColumn(
        "site", "Site", ("Site", "Nom du site", "Bâtiment", "Établissement", "Lieu", "Implantation",
        "Lieu de travail", "Localisation", "Site d'implantation", "Résidence administrative",
        "Site / bâtiment", "Lieu d'implantation", "Libellé site", "Sites de l'unité", "Location"),
        cell_parsers.name, looks=looks.TEXT, only_looks=True, carried=True, context=True,
    ),
    ImportColumn(
        "town", "Commune", ("Commune", "Ville", "Localité", "Commune d'implantation", "Town",
        "Commune du site", "Ville du site"), cell_parsers.name, looks=looks.TEXT, carried=True,
        only_looks=True,
    ),
    ImportColumn(
        "site_kind", "Type de site", ("Type de site", "Nature du site", "Type de bâtiment",
        "Type d'établissement", "Catégorie de site"), cell_parsers.name, looks=looks.TEXT,
        carried=True, only_looks=True,
    ),
    ImportColumn(
        "work_unit", "Unité de travail", ("Unité de travail", "UT", "Unité",
        "Nom de l'unité de travail",
        "Libellé unité de travail", "Intitulé de l'unité de travail", "Unité de travail (DUERP)",
        "Libellé UT", "Intitulé de l'unité", "Nom de l'unité", "Work unit",
        "Unités de travail (UT)"),
        cell_parsers.name,
        weak=("Équipe", "Intitulé", "Libellé", "Désignation", "Nom", "Cellule", "Bureau"),
        looks=looks.TEXT, only_looks=True,
    ),
    ImportColumn(
        "unit_type", "Type d’unité", ("Type d'unité", "Type d'unité de travail", "Type d'UT",
        "Code du type", "Unité type", "Catégorie d'unité", "Nature de l'unité", "Type unité",
        "Famille d'unité", "Unit type", "Unité de travail type"), unit_type, weak=("Type",
        "Famille"),
        looks=looks.TEXT,
    ),
    ImportColumn(
        "activity", "Activité", ("Activité", "Activités", "Activité principale", "Missions",
        "Description", "Activités exercées", "Description de l'activité", "Métiers"),
        cell_parsers.text, looks=looks.TEXT,
    ),
    ImportColumn(
        "women", "Femmes", ("Femmes", "F", "Nb femmes", "Nombre de femmes", "dont femmes",
        "dont F", "Nb F",
        "Effectif femmes", "Effectif F", "Women", "Agents femmes"), cell_parsers.count,
        looks=looks.WHOLE,
    ),
    ImportColumn(
        "men", "Hommes", ("Hommes", "H", "Nb hommes", "Nombre d'hommes", "dont hommes", "dont H",
        "Nb H",
        "Effectif hommes", "Effectif H", "Men", "Agents hommes"), cell_parsers.count,
        looks=looks.WHOLE,
    ),
    ImportColumn(
        "headcount", "Effectif", ("Effectif", "Effectifs", "Effectif total", "Nombre d'agents",
        "Nb agents", "Effectif de l'unité", "Total agents", "Total effectif", "Headcount",
        "Nb d'agents", "Effectif physique", "Agents"), headcount, weak=("Total", "Ensemble",
        "Nombre"),
        looks=looks.WHOLE, context=True,
    ),
)  # fmt: skip

_COUNTS = ("women", "men", "headcount")
_GENERIC = frozenset(
    "organigramme organisation effectif effectifs unite unites travail direction directions "
    "service services structure structures annuaire arborescence ut referentiel".split()
)


def _section_field(text: str) -> str:
    """A line alone among the units names the directorate, service or site of those below."""
    if names_an_org_unit(text):
        lower = text.casefold().startswith(("service", "bureau", "cellule"))
        return "service" if lower else "direction"
    return "site" if names_a_place(text) else ""


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    values = row.values
    if "department" not in values and not table.column_of("department"):
        number = department_of_sheet(table.sheet)
        if number:
            values["department"] = number
    if "direction" not in values and _sheet_is_a_direction(table.sheet):
        values["direction"] = table.sheet
        row.remarks.append("Direction : nom de la feuille")
    if not values.get("work_unit"):
        _without_unit(row, table)


def _sheet_is_a_direction(sheet: str) -> bool:
    return names_an_org_unit(sheet) and names_something(sheet, _GENERIC)


def _without_unit(row: ImportedRow, table: TableUnderstood) -> None:
    """A headcount needs a unit to belong to; without one the row is only about its places."""
    counted = [key for key in _COUNTS if row.values.get(key) is not None]
    match = table.column_of("work_unit")
    if match and match.confidence >= 0.9 and (counted or row.values.get("unit_type")):
        row.problem(
            cell_name(row.row, match.column),
            f"Ligne {row.row} : « {match.heading} » est à remplir.",
            fatal=True,
        )
    elif counted:
        row.problem(
            row.cells.get(counted[0], ""),
            f"Ligne {row.row} : effectif sans unité de travail ; il n’est pas repris.",
        )


ORGANISATION = ImportKind(
    key="organisation",
    of_what="de l’organisation",
    columns=_COLUMNS,
    identity=("work_unit", "site", "service", "direction"),
    finish=_finish,
    section_field=_section_field,
    not_taken=(
        "Code UT", "Code unité", "N° UT", "Code site", "Code service", "Code direction",
        "Responsable de service", "Chef de service", "Responsable du site", "Directeur",
        "Adresse du site", "Responsable", "N° site", "Référent", "Assistant de prévention",
        "Surface", "Code postal", "Responsable unité de travail", "Adresse",
    ),
)  # fmt: skip
"""What an organisation chart in a workbook looks like, whatever its layout."""
