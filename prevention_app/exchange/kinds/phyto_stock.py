"""The inventory of the store rooms: products as they are written on the shelf (P19).

What the national catalogue says of a product (its true name, whether it is withdrawn) is not in the
file: the services look it up by number, then by name.
"""

from __future__ import annotations

import re
from decimal import Decimal

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_numbers import plain
from prevention_app.exchange.import_kinds import ImportColumn, ImportKind
from prevention_app.exchange.kinds import phyto_cells as cells
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT, ORDER, complete_department
from prevention_app.exchange.sheet_names import (
    A_TIME,
    department_of_sheet,
    names_a_time,
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
            "Site", "Dépôt", "Établissement", "Lieu de stockage", "Centre", "Site de stockage",
            "Collège", "Lieu", "Dépôt / site", "Nom du dépôt", "Bâtiment", "Structure", "Service",
        ),
        cell_parsers.name,
        carried=True,
        context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "store_room",
        "Local",
        (
            "Local", "Local / armoire", "Armoire", "Emplacement", "Local de stockage",
            "Lieu précis", "Rangement", "Étagère", "Armoire / étagère", "Localisation",
            "Armoire phyto", "Local phyto", "Pièce", "Rayon", "Lieu de rangement",
        ),
        cell_parsers.name,
        carried=True,
        context=True,
    ),
    ImportColumn(
        "name_as_written",
        "Nom du produit",
        (
            "Nom commercial", "Nom du produit", "Produit", "Désignation", "Spécialité",
            "Spécialité commerciale", "Nom", "Produit phytosanitaire", "Nom de la spécialité",
            "Libellé", "Dénomination", "Nom commercial du produit", "Produit commercial", "Article",
            "Produits",
        ),
        cell_parsers.name,
        required=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "amm_as_written",
        "N° AMM",
        (
            "N° AMM", "AMM", "Numéro AMM", "Numéro d'AMM", "N° d'autorisation", "N° homologation",
            "Autorisation de mise sur le marché", "N° d'homologation", "AMM n°", "Code AMM",
            "N° autorisation de mise sur le marché",
        ),
        cell_parsers.name,
        looks=looks.looks_like(cells.is_amm, against=0.1),
        by_look=True,
    ),
    ImportColumn(
        "quantity",
        "Quantité",
        (
            "Quantité", "Qté", "Stock", "Quantité en stock", "Quantité restante", "Qté restante",
            "Reste", "Volume", "Volume / poids", "Quantité stockée", "Quantité (L ou kg)",
            "Stock restant", "Poids", "Volume restant", "Contenu restant", "Quantité totale",
            "Qté en stock", "Stock au",
        ),
        cells.quantity,
        looks=looks.looks_like(cells.is_quantity),
    ),
    ImportColumn(
        "unit",
        "Unité",
        ("Unité", "U", "Unité de mesure", "L ou kg", "Unité (L/kg)", "Kg / L"),
        cells.unit,
        looks=looks.looks_like(cells.is_unit),
    ),
    ImportColumn(
        "containers",
        "Nombre de contenants",
        (
            "Nombre de contenants", "Nombre de bidons", "Nb bidons", "Nb contenants",
            "Nombre d'emballages", "Nb emballages", "Nombre", "Nb", "Nb d'unités",
            "Nombre d'unités", "Nb de sacs",
        ),
        cell_parsers.count,
        looks=looks.WHOLE,
    ),
    ImportColumn(
        "container_size",
        "Contenance",
        (
            "Contenance", "Conditionnement", "Volume unitaire", "Capacité", "Taille du contenant",
            "Contenance unitaire", "Poids unitaire", "Format", "Cond.", "Volume du bidon",
        ),
        cells.size,
        looks=looks.looks_like(cells.is_quantity),
    ),
    ImportColumn(
        "lot",
        "N° de lot",
        ("N° de lot", "Lot", "N° lot", "Numéro de lot", "Batch"),
        cell_parsers.name,
    ),
    ImportColumn(
        "purchased",
        "Acheté le",
        (
            "Date d'achat", "Acheté le", "Achat", "Date achat", "Année d'achat", "Acquis le",
            "Date d'acquisition", "Date d'entrée", "Entrée en stock", "Date d'entrée en stock",
            "Date de livraison",
        ),
        cells.purchased,
        looks=looks.DATE_OR_YEAR,
    ),
    ImportColumn(
        "expires",
        "Péremption",
        (
            "Péremption", "Date de péremption", "Périme le", "Date limite d'utilisation", "DLU",
            "À utiliser avant", "Date limite", "DLUO", "Expire le", "Date d'expiration",
            "Utilisable jusqu'au", "Validité", "Date péremption", "Date de fin de validité",
        ),
        cells.expires,
        looks=looks.DATE_OR_YEAR,
    ),
    ImportColumn(
        "packaging",
        "Emballage",
        (
            "État emballage", "État de l'emballage", "Emballage", "État", "État du contenant",
            "État du bidon", "Type d'emballage", "Aspect de l'emballage", "État du conditionnement",
        ),
        cell_parsers.name,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "opened",
        "Entamé",
        (
            "Entamé", "Ouvert", "Entamé O/N", "Bidon entamé", "Entamé (O/N)", "Ouvert / fermé",
            "Déjà ouvert",
        ),
        cell_parsers.yes_no,
        looks=looks.YES_NO,
    ),
    ImportColumn(
        "remark",
        "Remarques",
        (
            "Remarques", "Remarque", "Observations", "Commentaires", "Commentaire", "Notes",
            "Divers", "Observation", "À faire", "Devenir", "Décision", "Action à mener",
        ),
        cell_parsers.text,
        looks=looks.TEXT,
    ),
)  # fmt: skip

_NOT_TAKEN = (
    "Date d'inventaire", "Date de l'inventaire", "Inventaire du", "Date de retrait",
    "Date de relevé", "Prix", "Montant", "Nom du responsable", "Responsable", "Nom du fournisseur",
    "Fournisseur", "Date d'utilisation", "Date de fin d'utilisation", "Substance active",
    "Matière active", "Fonction", "Usage", "Famille", "Type de produit", "Nature du produit",
)  # fmt: skip

_SHEET_WORDS = frozenset(
    "inventaire inventaires stock stocks phyto phytos phytosanitaire phytosanitaires "
    "phytopharmaceutique phytopharmaceutiques produit produits depots locaux armoires recensement "
    "ppp ppnu".split()
)
"""Words of a sheet's name that say what it lists, not where."""
_ROOM = re.compile(
    r"(?:armoire|local\b|locaux|etagere|placard|magasin|bac\b|garage|remise|cabane|reserve|rayon|"
    r"cave|cellule|conteneur|container|abri)"
)


def _section_field(text: str) -> str:
    """A line alone among the rows may name an employer or a room."""
    if names_a_time(text):
        return A_TIME
    if department_of_sheet(text) and not names_something(text, _SHEET_WORDS):
        return "department"
    return "store_room" if _ROOM.match(fold(text)) else ""


def _names_a_depot(text: str) -> bool:
    """Whether the name of a sheet, a title or a line alone names where the products lie."""
    return names_something(text, _SHEET_WORDS) and not _section_field(text)


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    _finish_quantity(row.values, table)
    complete_department(row, table)


def _finish_quantity(values: dict[str, object], table: TableUnderstood) -> None:
    """Bring figure, unit, containers and size together where they stand in several columns."""
    own, of_size = values.pop("own_unit", None), values.pop("size_unit", None)
    times = values.pop("unit_times", None)
    packed = values.pop("packed", None)
    for key, unit in (("quantity", own), ("container_size", of_size)):
        figure = values.get(key)
        if unit is None and isinstance(figure, Decimal) and isinstance(times, Decimal):
            values[key] = plain(figure * times)
    if packed is not None:
        values.setdefault("containers", packed)
    if table.column_of("quantity") is None:
        _multiply(values)
    elif values.get("quantity"):
        of_size = None
    if own or of_size:
        values["unit"] = own or of_size


def _multiply(values: dict[str, object]) -> None:
    """So many containers of a size, where no column says how much there is."""
    size, count = values.get("container_size"), values.get("containers")
    if isinstance(size, Decimal) and isinstance(count, int) and not values.get("opened"):
        values["quantity"] = plain(size * count)


PHYTO_STOCK = ImportKind(
    key="phyto-stock",
    of_what="d’un inventaire de produits phytopharmaceutiques",
    columns=_COLUMNS,
    identity=("name_as_written", "amm_as_written"),
    finish=_finish,
    sheet_field="site",
    names=_names_a_depot,
    section_field=_section_field,
    not_taken=_NOT_TAKEN,
)
"""What an inventory of plant-protection products looks like, whatever its layout."""
