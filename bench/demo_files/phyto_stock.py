"""The stock of the store rooms: real product names and numbers, invented places and quantities."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import GREY, MOSS, Book, Cell, height_for
from demo_files.organisation import Unit
from demo_files.scope import DEPARTMENTS, UNKNOWN_DEPARTMENT, Faults, day_between, stream

FILE = "stock_phyto.xlsx"
SHEET = "Inventaire 2026"
_FIRST = 5
_COLUMNS = (
    ("Dpt", 6), ("Dépôt", 48), ("Local / armoire", 20), ("Nom commercial", 32), ("N° AMM", 13),
    ("Quantité", 22), ("N° de lot", 12), ("Date d'achat", 12), ("Péremption", 12),
    ("État emballage", 15), ("Remarques", 38),
)  # fmt: skip
_ROOMS = {
    "ESPV": ("Local phyto", "Armoire n° 1"),
    "CER": ("Armoire phyto", "Garage"),
    "COLE": ("Local jardin", "Remise"),
    "ATEL": ("Magasin - armoire 3",),
}
_PLACES = (("ESPV", 3, 6), ("CER", 2, 4), ("COLE", 1, 3), ("ATEL", 1, 3))
"""Kind of site, how many of each employer, about how many lines each."""
_KEEPERS = {
    "ESPV": "Chef d'équipe espaces naturels",
    "CER": "Chef de centre",
    "COLE": "Gestionnaire du collège",
    "ATEL": "Magasinier du parc",
}


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the national catalogue."""

    amm: str
    name: str
    solid: bool
    note: str
    """« school » for garden products, « withdrawn » when the authorisation is."""


def products() -> list[Product]:
    """The products to choose from: E-Phy catalogue of Anses, editions of 2025-09 and 2026-02."""
    path = Path(__file__).with_name("phyto_products.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Product(line["amm"], line["name"], line["form"] == "solid", line["note"])
            for line in csv.DictReader(file, delimiter=";")
        ]


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write the inventory."""
    rng = stream("phyto-stock")
    rows = _rows(units, rng)
    with Book(folder / FILE, "Inventaire des produits phytopharmaceutiques 2026") as book:
        sheet = book.sheet(SHEET, [width for _, width in _COLUMNS], print_rows=4)
        book.title(
            sheet, 1, "INVENTAIRE DES PRODUITS PHYTOPHARMACEUTIQUES - DÉPÔTS DES TROIS DÉPARTEMENTS"
        )
        book.title(sheet, 2, "Inventaire physique du 5 au 9 octobre 2026", bold=False, font_size=10)
        book.headings(sheet, 4, [name for name, _ in _COLUMNS], MOSS)
        for row, (line, fault) in enumerate(rows, start=_FIRST):
            _write_line(book, sheet, row, line)
            if fault:
                faults.note(FILE, SHEET, row, fault)
        sheet.autofilter(3, 0, _FIRST + len(rows) - 2, len(_COLUMNS) - 1)
        sheet.freeze_panes(4, 4)


Row = tuple[list[Cell], str]


def _rows(units: list[Unit], rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    pools = {
        note: [p for p in products() if p.note == note] for note in ("", "school", "withdrawn")
    }
    for pool in pools.values():
        rng.shuffle(pool)
    for department in DEPARTMENTS:
        for kind, sites, lines in _PLACES:
            for unit in _sites(units, department.code, kind, sites):
                room = rng.choice(_ROOMS[kind])
                rows += [
                    (_line(unit, room, _take(pools, kind, rng), rng), "")
                    for _ in range(rng.randint(lines - 1, lines + 1))
                ]
                if rng.random() < 0.35:
                    rows.append(([None, f"Inventaire fait par : {_KEEPERS[kind]}"], ""))
    _add_unknown(rows)
    _add_wrong(rows)
    return rows


def _sites(units: list[Unit], code: str, kind: str, count: int) -> list[Unit]:
    own = [unit for unit in units if unit.department == code and unit.kind == kind]
    return own[:: max(1, len(own) // count)][:count]


def _take(pools: dict[str, list[Product]], kind: str, rng: random.Random) -> Product:
    """The next product of the pool that suits; each comes round again once all were used."""
    note = "school" if kind == "COLE" and rng.random() < 0.5 else ""
    if rng.random() < 0.21:
        note = "withdrawn"
    product = pools[note].pop(0)
    pools[note].append(product)
    return product


def _line(unit: Unit, room: str, product: Product, rng: random.Random) -> list[Cell]:
    name, amm = _as_written(product, rng)
    withdrawn = product.note == "withdrawn"
    earliest = max(_authorised_in(product.amm) + 1, 2009 if withdrawn else 2015)
    bought = rng.randint(earliest, max(earliest, 2017 if withdrawn else 2024))
    return [
        int(unit.department),
        unit.site,
        room,
        name,
        amm,
        _quantity(rng, solid=product.solid),
        rng.choice((None, f"L{rng.randint(10000, 99999)}", str(rng.randint(100000, 999999)))),
        _purchase(bought, rng),
        _use_by(bought, rng),
        rng.choice(("Bon", "Bon", "Entamé", "Abîmé", None)),
        _remark(rng, withdrawn=withdrawn),
    ]


def _as_written(product: Product, rng: random.Random) -> tuple[str, Cell]:
    """Name and number as someone wrote them down standing in the store room."""
    name = product.name
    draw = rng.random()
    if draw < 0.12:
        name = name.capitalize()
    elif draw < 0.17 and len(name) > 6:
        name = name[:4] + name[5:]
    amm: Cell = int(product.amm) if rng.random() < 0.5 else product.amm
    draw = rng.random()
    if draw < 0.04:
        amm = f" {product.amm}\u00a0"
    elif draw < 0.08:
        amm = f"AMM n° {product.amm}"
    elif draw < 0.11:
        amm = f"{product.amm[0]} {product.amm[1:4]} {product.amm[4:]}"
    elif draw < 0.14:
        amm = None
    return name, amm


def _quantity(rng: random.Random, *, solid: bool) -> Cell:
    unit = "kg" if solid else "L"
    size = rng.choice((1, 5, 10, 20) if not solid else (1, 5, 10, 25))
    pack = (
        ("sac", "sacs")
        if solid and size > 1
        else ("boîte", "boîtes")
        if solid
        else ("bidon", "bidons")
    )
    said = (
        f"{rng.choice((1, 2, 3, 4))} x {size}{unit}",
        f"1 {pack[0]} de {size} {unit}",
        f"{rng.randint(2, 4)} {pack[1]} de {size} {unit}",
        f"1 {pack[0]} {size}{unit} entamé",
        f"env. {rng.randint(2, 9)} {unit}",
        f"{rng.choice(('0,5', '1,5', '2,5', '3,75', '7,5'))} {unit}",
        "250 g" if solid else "500 ml",
        f"{rng.randint(2, 9)}{'kg' if solid else 'litres'}",
        rng.randint(1, 12),
    )
    return rng.choice(said)


def _authorised_in(amm: str) -> int:
    """The year that an authorisation number starts with: 2150140 is of 2015, 9600390 of 1996."""
    return 2000 + int(amm[1:3]) if amm[0] in "12" else 1900 + int(amm[:2])


def _purchase(year: int, rng: random.Random) -> Cell:
    """The day, the year alone, or nothing."""
    return rng.choice((None, None, year, day_between(rng, date(year, 2, 5), date(year, 10, 30))))


def _use_by(year: int, rng: random.Random) -> Cell:
    """A few years after the purchase: month, day, or nothing."""
    year, month = year + rng.randint(2, 5), rng.randint(1, 12)
    return rng.choice((None, None, f"{month:02d}/{year}", date(year, month, 28)))


def _remark(rng: random.Random, *, withdrawn: bool) -> Cell:
    if withdrawn and rng.random() < 0.75:
        return rng.choice(("PPNU", "PPNU - bac à part", "À éliminer", "PPNU - collecte demandée"))
    said = (
        None,
        None,
        None,
        None,
        "Non utilisé depuis 5 ans",
        "Étiquette peu lisible",
        "Bac de rétention",
    )
    return rng.choice(said)


def _add_unknown(rows: list[Row]) -> None:
    """Lines about things that the catalogue of plant-protection products does not know."""
    lines: tuple[tuple[int, list[Cell]], ...] = (
        (12, ["Bidon blanc sans étiquette", None, "env. 4 L", None, None, None, "Abîmé", "Produit inconnu, photo à faire"]),
        (31, ["Anti-mousse toitures (biocide)", None, "2 bidons de 20 L", "B4471", 2021, None, "Bon", "Certibiocide ?"]),
        (55, ["Vinaigre blanc 14°", None, "6 x 1L", None, 2025, None, "Bon", None]),
        (74, ["Savon noir liquide", None, "1 bidon de 5 L", None, None, None, "Entamé", "Produit d'entretien"]),
    )  # fmt: skip
    for place, line in lines:
        rows.insert(place, ([*_where(rows, place), *line], ""))


def _add_wrong(rows: list[Row]) -> None:
    """Lines that are wrong on purpose."""
    lines: tuple[tuple[int, list[Cell], str], ...] = (
        (8, [None, 2110056, "1 bidon de 5 L", None, None, None, "Bon", None], "no product name"),
        (27, ["BELOUKHA", "21402S5", "plein", None, None, None, "Bon", None], "a letter in the number, « plein » for a quantity"),
        (43, ["FERRAMOL PRO", "2160409", "2 sacs de 10 kg", None, None, "31/02/2027", "Bon", None], "impossible use-by date (31/02/2027)"),
        (66, ["TYPHON", 9600390, "-3 L", None, 2018, None, "Entamé", None], "negative quantity"),
    )  # fmt: skip
    for place, line, what in lines:
        rows.insert(place, ([*_where(rows, place), *line], what))
    stranger: list[Cell] = [
        UNKNOWN_DEPARTMENT, "Dépôt routier - Vernou-le-Pont", "Armoire", "KATOUN", "2140254",
        "1 bidon de 5 L", None, None, None, "Bon", "Prêté",
    ]  # fmt: skip
    rows.append((stranger, "department 37, which is none of the three"))


def _where(rows: list[Row], place: int) -> list[Cell]:
    """Department, depot and room of the last real line above the place."""
    above = [line for line, _ in rows[:place] if isinstance(line[0], int)]
    return above[-1][:3]


def _write_line(book: Book, sheet: Worksheet, row: int, line: list[Cell]) -> None:
    note = line[0] is None
    for column in range(1, len(_COLUMNS) + 1):
        value = line[column - 1] if column <= len(line) else None
        wanted: dict[str, object] = {"italic": True, "bg_color": GREY} if note else {}
        if column in (1, 5, 7, 8, 9) and not note:
            wanted["align"] = "center"
        book.put(sheet, row, column, value, **wanted)
    sheet.set_row(row - 1, height_for(((line[1], 48), (line[3] if len(line) > 3 else "", 32))))
