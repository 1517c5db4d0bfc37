"""The three employers: directorates, services, sites, work units and headcounts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import NAVY, PALE_BLUE, Book, Cell
from demo_files.places import SCHOOLS, TOWNS, of_town
from demo_files.scope import DEPARTMENTS, Department, Faults, stream

FILE = "organigramme.xlsx"

UNIT_TYPES = {
    "CER": "Centre d'exploitation routier (agents des routes)",
    "COLE": "Collège - entretien et hygiène des locaux",
    "COLR": "Collège - restauration scolaire",
    "COLM": "Collège - maintenance et agent d'accueil",
    "PMI": "Protection maternelle et infantile (PMI) et planification",
    "SOC": "Action sociale - assistantes sociales, éducateurs, maisons départementales",
    "ESPV": "Espaces verts, espaces naturels sensibles et parcs départementaux",
    "ATEL": "Atelier mécanique / parc routier départemental",
    "LABO": "Laboratoire départemental d'analyses",
    "ARCH": "Archives départementales",
    "ADMI": "Services administratifs et direction",
    "MUSE": "Musée, château et site culturel départemental",
    "BATI": "Bâtiments et maintenance départementale",
    "TRSP": "Transport, véhicules et logistique",
    "ENFA": "Établissements et accueil de l'enfance",
    "NUM": "Systèmes d'information, imprimerie et reprographie",
    "MDPH": "Accueil du public et maison de l'autonomie (MDPH / MDA)",
}

STAFF = {
    "CER": (1, 2, 10, 15),
    "COLE": (8, 13, 2, 4),
    "COLR": (3, 6, 2, 4),
    "COLM": (0, 1, 5, 8),
    "PMI": (12, 19, 0, 2),
    "SOC": (28, 44, 3, 6),
    "ESPV": (1, 3, 6, 9),
    "ATEL": (1, 2, 11, 17),
    "LABO": (8, 14, 4, 8),
    "ARCH": (5, 9, 4, 7),
    "ADMI": (26, 46, 12, 24),
    "MUSE": (4, 7, 3, 6),
    "BATI": (0, 2, 8, 14),
    "TRSP": (2, 5, 9, 14),
    "ENFA": (14, 24, 8, 14),
    "NUM": (4, 8, 12, 20),
    "MDPH": (4, 7, 1, 2),
}
"""Fewest and most women, fewest and most men of a unit of each type, before scaling."""

HEADCOUNT = {"41": 1650, "45": 2790, "28": 1760}


@dataclass(slots=True)
class Unit:
    """A work unit where it belongs, with its people counted."""

    department: str
    direction: str
    service: str
    site: str
    town: str
    name: str
    kind: str
    women: int = 0
    men: int = 0

    @property
    def headcount(self) -> int:
        """Women and men together."""
        return self.women + self.men


@dataclass(frozen=True, slots=True)
class Names:
    """How one employer calls its directorates and houses."""

    roads: str
    road_services: tuple[str, ...]
    schools: str
    social: str
    district: str
    house: str
    house_short: str
    houses: int
    buildings: str
    culture: str
    nature: str
    teams: int
    homes: int
    offices: tuple[tuple[str, str, int], ...]


_OFFICES = (
    ("Direction générale des services", "Direction générale et cabinet", 24),
    ("Direction des ressources humaines", "Carrières, paie et formation", 38),
    ("Direction des ressources humaines", "Prévention, santé et qualité de vie au travail", 7),
    ("Direction des finances et de la commande publique", "Finances et commande publique", 40),
    (
        "Direction des affaires juridiques et des assemblées",
        "Affaires juridiques et assemblées",
        22,
    ),
    ("Direction de l'insertion et de l'emploi", "Insertion - RSA et accompagnement", 58),
    ("Direction de la communication", "Communication et événements", 16),
)
"""Directorate, unit and number of people, before scaling."""

NAMES = {
    "41": Names(
        roads="Direction des routes et des mobilités",
        road_services=("Division routes Nord", "Division routes Centre", "Division routes Sud"),
        schools="Direction de l'éducation et des collèges",
        social="Direction des solidarités territoriales",
        district="Circonscription",
        house="Maison départementale des solidarités",
        house_short="MDS",
        houses=5,
        buildings="Direction du patrimoine bâti",
        culture="Direction de la culture et du patrimoine",
        nature="Direction de l'environnement et de l'agriculture",
        teams=3,
        homes=1,
        offices=_OFFICES,
    ),
    "45": Names(
        roads="Direction des infrastructures et des mobilités",
        road_services=(
            "Agence territoriale Ouest",
            "Agence territoriale Nord",
            "Agence territoriale Est",
            "Agence territoriale Sud",
        ),
        schools="Direction de l'éducation, de la jeunesse et des sports",
        social="Direction de l'action sociale de proximité",
        district="Territoire",
        house="Maison du Département",
        house_short="MDD",
        houses=8,
        buildings="Direction des bâtiments et des moyens généraux",
        culture="Direction de la culture et des archives",
        nature="Direction de l'environnement, de l'eau et de l'agriculture",
        teams=4,
        homes=2,
        offices=(
            *_OFFICES,
            ("Direction de l'attractivité et du tourisme", "Tourisme et aide aux communes", 21),
            ("Direction des finances et de la commande publique", "Contrôle de gestion", 9),
            ("Direction de l'habitat et du logement", "Habitat et fonds de solidarité", 34),
        ),
    ),
    "28": Names(
        roads="Direction des infrastructures",
        road_services=(
            "Subdivision de la Beauce",
            "Subdivision du Perche",
            "Subdivision du Dunois",
            "Subdivision du Thymerais",
        ),
        schools="Direction des collèges et de la réussite éducative",
        social="Direction des solidarités et de la citoyenneté",
        district="Secteur",
        house="Maison départementale des solidarités et de la citoyenneté",
        house_short="MDSC",
        houses=6,
        buildings="Direction de la construction et de la maintenance",
        culture="Direction de la culture",
        nature="Direction de l'aménagement et de l'environnement",
        teams=3,
        homes=2,
        offices=(
            *_OFFICES,
            ("Direction des partenariats territoriaux", "Aides aux communes et ingénierie", 18),
        ),
    ),
}


def build_units() -> list[Unit]:
    """All work units of the three employers, in the order of their organisation charts."""
    units: list[Unit] = []
    for department in DEPARTMENTS:
        rng = stream(f"organisation-{department.code}")
        own = sorted(
            _units_of(department), key=lambda unit: (unit.direction, unit.service, unit.site)
        )
        _count_people(own, HEADCOUNT[department.code], rng)
        units += own
    return units


def _units_of(department: Department) -> Iterator[Unit]:
    yield from _road_units(department.code)
    yield from _school_units(department.code)
    yield from _social_units(department.code)
    yield from _child_and_autonomy_units(department.code)
    yield from _culture_and_nature_units(department.code)
    yield from _support_units(department.code)


def _road_units(code: str) -> Iterator[Unit]:
    names, towns = NAMES[code], TOWNS[code]
    centres = len(towns) - 2
    for rank, town in enumerate(towns[:centres]):
        service = names.road_services[rank % len(names.road_services)]
        site = f"Centre d'exploitation {of_town(town)}"
        if rank < len(names.road_services):
            yield Unit(code, names.roads, service, site, town, f"{service} - encadrement", "ADMI")
        unit = f"CE {town} - exploitation de la route"
        yield Unit(code, names.roads, service, site, town, unit, "CER")
    park = f"Parc départemental - {towns[0]}"
    for unit, kind in (
        ("Parc - atelier poids lourds et engins", "ATEL"),
        ("Parc - atelier véhicules légers et signalisation", "ATEL"),
        ("Parc - magasin et transports", "TRSP"),
    ):
        yield Unit(code, names.roads, "Parc départemental", park, towns[0], unit, kind)


def _school_units(code: str) -> Iterator[Unit]:
    names, towns = NAMES[code], TOWNS[code]
    service = "Service des agents des collèges"
    for rank, school in enumerate(SCHOOLS[code]):
        town = towns[rank % len(towns)]
        site = f"{school} - {town}"
        yield Unit(code, names.schools, service, site, town, f"{school} - entretien", "COLE")
        yield Unit(code, names.schools, service, site, town, f"{school} - restauration", "COLR")
    for rank in range(3 if len(SCHOOLS[code]) < 14 else 4):
        town = towns[rank]
        site = f"{SCHOOLS[code][rank]} - {town}"
        unit = f"Équipe mobile de maintenance des collèges - secteur {rank + 1}"
        yield Unit(code, names.schools, service, site, town, unit, "COLM")


def _social_units(code: str) -> Iterator[Unit]:
    names, towns = NAMES[code], TOWNS[code]
    for rank, town in enumerate(towns[: names.houses]):
        service = f"{names.district} {rank // 2 + 1}"
        site = f"{names.house} {of_town(town)}"
        short = f"{names.house_short} {town}"
        yield Unit(code, names.social, service, site, town, f"{short} - action sociale", "SOC")
        yield Unit(code, names.social, service, site, town, f"{short} - accueil", "MDPH")
        yield Unit(code, names.social, "Service de la PMI", site, town, f"{short} - PMI", "PMI")


def _child_and_autonomy_units(code: str) -> Iterator[Unit]:
    towns = TOWNS[code]
    headquarters = f"Hôtel du Département - {towns[0]}"
    direction, service = "Direction de l'enfance et de la famille", "Aide sociale à l'enfance"
    yield Unit(code, direction, service, headquarters, towns[0], "Assistants familiaux", "ENFA")
    unit = "Aide sociale à l'enfance - suivi éducatif"
    yield Unit(code, direction, service, headquarters, towns[0], unit, "SOC")
    for town in towns[2 : 2 + NAMES[code].homes]:
        site = f"Foyer de l'enfance - {town}"
        for part in ("équipe éducative", "nuit et services généraux"):
            yield Unit(
                code, direction, "Foyers de l'enfance", site, town, f"Foyer {town} - {part}", "ENFA"
            )
    site = f"Maison départementale de l'autonomie - {towns[1]}"
    direction = "Direction de l'autonomie"
    for part, kind in (("accueil du public", "MDPH"), ("évaluation et instruction", "MDPH")):
        yield Unit(code, direction, "Maison de l'autonomie", site, towns[1], f"MDA - {part}", kind)


def _culture_and_nature_units(code: str) -> Iterator[Unit]:
    names, towns = NAMES[code], TOWNS[code]
    archives = f"Archives départementales - {towns[0]}"
    for part in ("conservation et magasins", "lecture et numérisation"):
        yield Unit(
            code,
            names.culture,
            "Archives départementales",
            archives,
            towns[0],
            f"Archives - {part}",
            "ARCH",
        )
    museum = {
        "41": "Château de Brissonnière",
        "45": "Musée du Tuffeau",
        "28": "Domaine de Vaubrun",
    }
    site = f"{museum[code]} - {towns[3]}"
    for part in ("accueil et surveillance", "régie technique"):
        unit = f"{museum[code]} - {part}"
        yield Unit(code, names.culture, "Musées et monuments", site, towns[3], unit, "MUSE")
    for town in towns[4 : 4 + names.teams]:
        site = f"Dépôt espaces naturels - {town}"
        unit = f"Espaces naturels - équipe {of_town(town)}"
        yield Unit(code, names.nature, "Espaces naturels sensibles", site, town, unit, "ESPV")
    site = f"Laboratoire départemental d'analyses - {towns[1]}"
    parts = ("hydrologie", "santé animale", "hygiène alimentaire")
    for part in parts if code == "45" else parts[:2]:
        yield Unit(
            code,
            names.nature,
            "Laboratoire départemental",
            site,
            towns[1],
            f"Laboratoire - {part}",
            "LABO",
        )


def _support_units(code: str) -> Iterator[Unit]:
    names, towns = NAMES[code], TOWNS[code]
    headquarters = f"Hôtel du Département - {towns[0]}"
    for direction, unit, _ in names.offices:
        service = unit.split(" - ")[0]
        yield Unit(code, direction, service, headquarters, towns[0], unit, "ADMI")
    workshop = f"Régie bâtiments - {towns[1]}"
    for part in ("électricité et chauffage", "menuiserie et peinture", "manutention et logistique"):
        kind = "TRSP" if part.startswith("manutention") else "BATI"
        yield Unit(
            code,
            names.buildings,
            "Service maintenance",
            workshop,
            towns[1],
            f"Régie - {part}",
            kind,
        )
    for part in ("support de proximité", "reprographie et courrier"):
        yield Unit(
            code,
            "Direction des systèmes d'information",
            "Exploitation et moyens communs",
            headquarters,
            towns[0],
            f"Informatique - {part}",
            "NUM",
        )


def _count_people(units: list[Unit], target: int, rng: random.Random) -> None:
    sizes = {unit: people for names in NAMES.values() for _, unit, people in names.offices}
    for unit in units:
        fewest_women, most_women, fewest_men, most_men = STAFF[unit.kind]
        unit.women = rng.randint(fewest_women, most_women)
        unit.men = rng.randint(fewest_men, most_men)
        if unit.name in sizes:
            unit.women = round(sizes[unit.name] * rng.uniform(0.58, 0.72))
            unit.men = sizes[unit.name] - unit.women
        elif unit.name.endswith("encadrement"):
            unit.women, unit.men = rng.randint(1, 3), rng.randint(2, 4)
        elif unit.name == "Assistants familiaux":
            unit.women, unit.men = rng.randint(125, 150), rng.randint(18, 26)
        elif unit.name.startswith("MDA - évaluation"):
            unit.women, unit.men = rng.randint(22, 30), rng.randint(6, 10)
    factor = target / sum(unit.headcount for unit in units)
    for unit in units:
        unit.women, unit.men = round(unit.women * factor), max(round(unit.men * factor), 1)
    largest = max(units, key=lambda unit: unit.women)
    largest.women += target - sum(unit.headcount for unit in units)


_WIDTHS = (52, 38, 62, 24, 54, 66, 9, 9, 10)
_HEADINGS = (
    "Direction", "Service", "Site", "Commune", "Unité de travail", "Type d'unité",
    "Femmes", "Hommes", "Effectif total",
)  # fmt: skip


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write the organisation charts: a summary, a sheet for each employer, and one too many."""
    with Book(folder / FILE, "Organigrammes au 1er octobre 2026") as book:
        _write_summary(book, units)
        for department in DEPARTMENTS:
            own = [unit for unit in units if unit.department == department.code]
            _write_chart(book, department, own, faults)
        _write_foreign_sheet(book, faults)


def _write_summary(book: Book, units: list[Unit]) -> None:
    sheet = book.sheet("Récapitulatif", (24, 10, 10, 10, 8, 18))
    book.headings(
        sheet, 1, ("Département", "Femmes", "Hommes", "Effectif", "Sites", "Unités de travail")
    )
    for row, department in enumerate(DEPARTMENTS, start=2):
        own = [unit for unit in units if unit.department == department.code]
        sites = len({unit.site for unit in own})
        women, men = sum(unit.women for unit in own), sum(unit.men for unit in own)
        line: tuple[Cell, ...] = (
            f"{department.name} ({department.code})", women, men, women + men, sites, len(own),
        )  # fmt: skip
        for column, value in enumerate(line, start=1):
            book.put(sheet, row, column, value)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a chart: a unit where it belongs, or one that is wrong on purpose."""

    place: Unit
    name: Cell
    kind: str
    women: Cell
    men: Cell
    fault: str = ""

    @property
    def people(self) -> tuple[float, float, float]:
        """Women, men and both, as the spreadsheet's sums count them."""
        women = self.women if isinstance(self.women, int | float) else 0
        men = self.men if isinstance(self.men, int | float) else 0
        return women, men, 0 if self.fault else women + men


_WRONG = {
    ("41", 12): (None, "MDPH", 3, 1, "headcounts without the name of a work unit"),
    ("45", 30): ("Renfort saisonnier - entretien", "COLE", -2, 4, "minus two women"),
    ("28", 20): ("Équipe de remplacement", "COLE", "n. c.", 2, "« n. c. » in place of the number of women"),
    ("28", 50): ("Cellule archives intermédiaires", "ARCH", 2, 1.5, "one and a half men"),
}  # fmt: skip
"""By employer and rank of the unit above: name, type, women, men, what is wrong."""


def _chart_lines(units: list[Unit]) -> Iterator[_Line]:
    for rank, unit in enumerate(units):
        yield _Line(unit, unit.name, unit.kind, unit.women, unit.men)
        if wrong := _WRONG.get((unit.department, rank)):
            yield _Line(unit, *wrong)


def _write_chart(book: Book, department: Department, units: list[Unit], faults: Faults) -> None:
    name = f"{department.code} - {department.name}"
    sheet = book.sheet(name, _WIDTHS, print_rows=3)
    title = f"CONSEIL DÉPARTEMENTAL - {department.name.upper()} - ORGANISATION ET EFFECTIFS AU 1er OCTOBRE 2026"
    book.title(sheet, 1, title)
    book.headings(sheet, 3, _HEADINGS)
    sheet.freeze_panes(3, 1)
    lines = list(_chart_lines(units))
    row = 4
    for direction, group in groupby(lines, key=lambda line: line.place.direction):
        own = list(group)
        for rank, line in enumerate(own):
            _write_unit(book, sheet, row + rank, line, own[rank - 1].place if rank else None)
            if line.fault:
                faults.note(FILE, name, row + rank, line.fault)
        last = row + len(own)
        _write_sums(
            book, sheet, last, f"Sous-total {direction}", own, first=row, bg_color=PALE_BLUE
        )
        row = last + 1
    _write_sums(book, sheet, row, "TOTAL", lines, first=4, bg_color=NAVY, font_color="#FFFFFF")


def _write_unit(book: Book, sheet: Worksheet, row: int, line: _Line, above: Unit | None) -> None:
    """One line; what the line above already says is left blank, as people do."""
    unit = line.place
    new_service = above is None or above.service != unit.service
    new_site = above is None or new_service or above.site != unit.site
    cells: tuple[Cell, ...] = (
        unit.direction if above is None else None,
        unit.service if new_service else None,
        unit.site if new_site else None,
        unit.town if new_site else None,
        line.name,
        UNIT_TYPES[line.kind],
        line.women,
        line.men,
    )
    for column, value in enumerate(cells, start=1):
        book.put(sheet, row, column, value, bold=column < 3)
    if line.fault:
        book.put(sheet, row, 9, None)
    else:
        book.formula(sheet, f"I{row}", f"=G{row}+H{row}", unit.headcount)


def _write_sums(
    book: Book,
    sheet: Worksheet,
    row: int,
    label: str,
    lines: list[_Line],
    *,
    first: int,
    **wanted: str,
) -> None:
    for column in range(1, 7):
        book.put(sheet, row, column, label if column == 1 else None, bold=True, **wanted)
    for column, rank in zip("GHI", range(3), strict=True):
        total = sum(line.people[rank] for line in lines)
        formula = f"=SUBTOTAL(9,{column}{first}:{column}{row - 1})"
        book.formula(sheet, f"{column}{row}", formula, total, bold=True, **wanted)


def _write_foreign_sheet(book: Book, faults: Faults) -> None:
    name = "37 - Indre-et-Loire"
    sheet = book.sheet(name, _WIDTHS)
    book.title(sheet, 1, "POUR MÉMOIRE - SERVICE INTERDÉPARTEMENTAL HÉBERGÉ")
    book.headings(sheet, 3, _HEADINGS)
    line: tuple[Cell, ...] = (
        "Direction de l'agriculture", "Laboratoire interdépartemental", "Laboratoire - Vernou-le-Pont",
        "Vernou-le-Pont", "Laboratoire interdépartemental - sérologie", UNIT_TYPES["LABO"], 9, 5,
    )  # fmt: skip
    for column, value in enumerate(line, start=1):
        book.put(sheet, 4, column, value)
    book.formula(sheet, "I4", "=G4+H4", 14)
    faults.note(FILE, name, 4, "the sheet names department 37, which is none of the three")
