"""The inventory of the store rooms: products as they are written on the shelf (P19).

What the national catalogue says of a product (its true name, whether it is withdrawn) is not in the
file: the services look it up by number, then by name.
"""

from __future__ import annotations

import re
from decimal import Decimal

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_numbers import is_blank_mark, plain, read_number
from prevention_app.exchange.french_quantities import Quantity, read_quantity, read_unit
from prevention_app.exchange.import_kinds import CellRead, ImportColumn, ImportKind, Parsed
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT, ORDER
from prevention_app.exchange.sheet_names import (
    A_TIME,
    department_of_sheet,
    names_a_time,
    names_something,
)
from prevention_app.exchange.sheets import Scalar
from prevention_app.exchange.understood import ImportedRow, TableUnderstood


def _says_nothing(cell: CellRead) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and is_blank_mark(cell.value))


# How much

def _quantity(cell: CellRead) -> Parsed:
    """The quantity with its unit and containers, and always the words as written."""
    if _says_nothing(cell):
        return Parsed()
    written = str(cell_parsers.text(cell).value)
    found = read_quantity(cell.value)
    if found is None:
        return Parsed(
            extras={"_text": written},
            problem=f"« {cell.text} » n’est pas une quantité ; « 2 bidons de 5 L » ou « 3 kg » est attendu.",
        )
    unit = found.unit or (_unit_of_heading(cell.facts.heading) if found.number else None)
    return Parsed(found.number, {"_text": written} | _details(found, unit))


_HEADED = re.compile(r"(?:\(|\ben\s+)\s*(kg|kilos?|l|litres?|g|ml)\s*(?:\)|$)")


def _unit_of_heading(heading: str) -> str | None:
    match = _HEADED.search(fold(heading))
    found = read_unit(match[1]) if match else None
    return found[0] if found and found[1] == 1 else None


def _details(found: Quantity, unit: str | None) -> dict[str, object]:
    details: dict[str, object] = {
        "own_unit": unit,
        "containers": found.containers,
        "container_size": found.container_size,
        "approximate": found.approximate or None,
        "opened": found.opened or None,
    }
    return {key: value for key, value in details.items() if value is not None}


def _size(cell: CellRead) -> Parsed:
    """How much one container holds; « 4 x 5 L » says how many there are too."""
    if _says_nothing(cell):
        return Parsed()
    found = read_quantity(cell.value)
    if found is None or (found.number is None and found.container_size is None):
        return Parsed(remark=cell.text)
    extras: dict[str, object] = {"size_unit": found.unit} if found.unit else {}
    if found.containers and found.container_size is not None:
        extras["packed"] = found.containers
        return Parsed(found.container_size, extras)
    return Parsed(found.number, extras)


def _unit(cell: CellRead) -> Parsed:
    """The unit of the figures beside it, as kg or L, with what it is worth of it."""
    if _says_nothing(cell):
        return Parsed()
    found = read_unit(cell.text)
    if found is None:
        return Parsed(remark=cell.text)
    unit, times = found
    return Parsed(unit, {"unit_times": times})


def _is_unit(value: Scalar) -> bool:
    return isinstance(value, str) and read_unit(value) is not None


def _is_quantity(value: Scalar) -> bool:
    return isinstance(value, str | int | float) and read_quantity(value) is not None


# What it is

_AMM = re.compile(r"(?:amm)?\s*(?:n\s*°?|:)?\s*'?\d[\d\s.]{5,10}\d")


def _is_amm(value: Scalar) -> bool:
    number = read_number(value)
    if number is not None:
        return 1_000_000 <= number <= 9_999_999
    return isinstance(value, str) and bool(_AMM.fullmatch(fold(value)))


def _name(cell: CellRead) -> Parsed:
    return Parsed() if _says_nothing(cell) else cell_parsers.text(cell)


# When

def _purchased(cell: CellRead) -> Parsed:
    """When it was bought: the day, the month or the year, with the precision always said."""
    if _says_nothing(cell):
        return Parsed()
    if isinstance(cell.value, str) and not re.search(r"\d", cell.text):
        return Parsed(remark=cell.text)
    parsed = cell_parsers.dated(cell)
    if parsed.value is None:
        return parsed
    return Parsed(parsed.value, {"_precision": "day"} | dict(parsed.extras))


def _expires(cell: CellRead) -> Parsed:
    """The use-by date, which ends with its month or year when it says no day."""
    if _says_nothing(cell):
        return Parsed()
    if isinstance(cell.value, str) and not re.search(r"\d", cell.text):
        return Parsed(remark=cell.text)
    parsed = cell_parsers.dated(cell)
    return Parsed(parsed.value, problem=parsed.problem, fatal=parsed.fatal)


_COLUMNS = (
    ORDER,
    DEPARTMENT,
    ImportColumn(
        "site", "Site", ("Site", "Dépôt", "Établissement", "Lieu de stockage", "Centre", "Site de stockage", "Collège",
        "Lieu", "Dépôt / site", "Nom du dépôt", "Bâtiment", "Structure", "Service"), cell_parsers.name,
        carried=True, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "store_room", "Local", ("Local", "Local / armoire", "Armoire", "Emplacement", "Local de stockage",
        "Lieu précis", "Rangement", "Étagère", "Armoire / étagère", "Localisation", "Armoire phyto", "Local phyto",
        "Pièce", "Rayon", "Lieu de rangement"), cell_parsers.name, carried=True, context=True,
    ),
    ImportColumn(
        "name_as_written", "Nom du produit", ("Nom commercial", "Nom du produit", "Produit", "Désignation",
        "Spécialité", "Spécialité commerciale", "Nom", "Produit phytosanitaire", "Nom de la spécialité", "Libellé",
        "Dénomination", "Nom commercial du produit", "Produit commercial", "Article", "Produits"), _name,
        required=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "amm_as_written", "N° AMM", ("N° AMM", "AMM", "Numéro AMM", "Numéro d'AMM", "N° d'autorisation",
        "N° homologation", "Autorisation de mise sur le marché", "N° d'homologation", "AMM n°", "Code AMM",
        "N° autorisation de mise sur le marché"), cell_parsers.name, looks=looks.looks_like(_is_amm, against=0.1),
        by_look=True,
    ),
    ImportColumn(
        "quantity", "Quantité", ("Quantité", "Qté", "Stock", "Quantité en stock", "Quantité restante", "Qté restante",
        "Reste", "Volume", "Volume / poids", "Quantité stockée", "Quantité (L ou kg)", "Stock restant", "Poids",
        "Volume restant", "Contenu restant", "Quantité totale", "Qté en stock", "Stock au"), _quantity,
        looks=looks.looks_like(_is_quantity),
    ),
    ImportColumn(
        "unit", "Unité", ("Unité", "U", "Unité de mesure", "L ou kg", "Unité (L/kg)", "Kg / L"), _unit,
        looks=looks.looks_like(_is_unit),
    ),
    ImportColumn(
        "containers", "Nombre de contenants", ("Nombre de contenants", "Nombre de bidons", "Nb bidons", "Nb contenants",
        "Nombre d'emballages", "Nb emballages", "Nombre", "Nb", "Nb d'unités", "Nombre d'unités", "Nb de sacs"),
        cell_parsers.count, looks=looks.WHOLE,
    ),
    ImportColumn(
        "container_size", "Contenance", ("Contenance", "Conditionnement", "Volume unitaire", "Capacité",
        "Taille du contenant", "Contenance unitaire", "Poids unitaire", "Format", "Cond.", "Volume du bidon"), _size,
        looks=looks.looks_like(_is_quantity),
    ),
    ImportColumn(
        "lot", "N° de lot", ("N° de lot", "Lot", "N° lot", "Numéro de lot", "Batch"), cell_parsers.name,
    ),
    ImportColumn(
        "purchased", "Acheté le", ("Date d'achat", "Acheté le", "Achat", "Date achat", "Année d'achat", "Acquis le",
        "Date d'acquisition", "Date d'entrée", "Entrée en stock", "Date d'entrée en stock", "Date de livraison"),
        _purchased, looks=looks.DATE_OR_YEAR,
    ),
    ImportColumn(
        "expires", "Péremption", ("Péremption", "Date de péremption", "Périme le", "Date limite d'utilisation", "DLU",
        "À utiliser avant", "Date limite", "DLUO", "Expire le", "Date d'expiration", "Utilisable jusqu'au",
        "Validité", "Date péremption", "Date de fin de validité"), _expires, looks=looks.DATE_OR_YEAR,
    ),
    ImportColumn(
        "packaging", "Emballage", ("État emballage", "État de l'emballage", "Emballage", "État", "État du contenant",
        "État du bidon", "Type d'emballage", "Aspect de l'emballage", "État du conditionnement"), cell_parsers.name, looks=looks.TEXT,
    ),
    ImportColumn(
        "opened", "Entamé", ("Entamé", "Ouvert", "Entamé O/N", "Bidon entamé", "Entamé (O/N)", "Ouvert / fermé",
        "Déjà ouvert"), cell_parsers.yes_no, looks=looks.YES_NO,
    ),
    ImportColumn(
        "remark", "Remarques", ("Remarques", "Remarque", "Observations", "Commentaires", "Commentaire", "Notes",
        "Divers", "Observation", "À faire", "Devenir", "Décision", "Action à mener"), cell_parsers.text, looks=looks.TEXT,
    ),
)  # fmt: skip

_NOT_TAKEN = (
    "Date d'inventaire", "Date de l'inventaire", "Inventaire du", "Date de retrait", "Date de relevé", "Prix", "Montant",
    "Nom du responsable", "Responsable", "Nom du fournisseur", "Fournisseur", "Date d'utilisation", "Date de fin d'utilisation",
    "Substance active", "Matière active", "Fonction", "Usage", "Famille", "Type de produit", "Nature du produit",
)  # fmt: skip

_SHEET_WORDS = frozenset(
    "inventaire inventaires stock stocks phyto phytos phytosanitaire phytosanitaires phytopharmaceutique "
    "phytopharmaceutiques produit produits depots locaux armoires recensement ppp ppnu".split()
)
_ROOM = re.compile(
    r"(?:armoire|local\b|locaux|etagere|placard|magasin|bac\b|garage|remise|cabane|reserve|rayon|cave|cellule|"
    r"conteneur|container|abri)"
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
    values = row.values
    _finish_quantity(values, table)
    if "department" not in values and not table.column_of("department"):
        named = department_of_sheet(table.sheet)
        if named:
            values["department"] = named


def _finish_quantity(values: dict[str, object], table: TableUnderstood) -> None:
    """Bring figure, unit, containers and their size together where they stand in several columns."""
    times = values.pop("unit_times", None)
    packed = values.pop("packed", None)
    units = {"quantity": values.pop("own_unit", None), "container_size": values.pop("size_unit", None)}
    for key, own in units.items():
        figure = values.get(key)
        if own is None and isinstance(figure, Decimal) and isinstance(times, Decimal):
            values[key] = plain(figure * times)
    if packed is not None:
        values.setdefault("containers", packed)
    told = table.column_of("quantity") is not None
    size, count = values.get("container_size"), values.get("containers")
    if not told and not values.get("opened") and isinstance(size, Decimal) and isinstance(count, int):
        values["quantity"] = plain(size * count)
    unit = units["quantity"] or (None if told and values.get("quantity") else units["container_size"])
    if unit is not None:
        values["unit"] = unit


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
