"""The register of accidents: a sheet a year, kept by hand, with a total below."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import BROWN, Book, Cell, height_for
from demo_files.organisation import Unit
from demo_files.people import LAST_NAMES, MEN, WOMEN, Agent
from demo_files.scope import TODAY, UNKNOWN_DEPARTMENT, Faults, day_between, french, stream

FILE = "accidents.xlsx"
_COUNTS = {2022: 38, 2023: 43, 2024: 41, 2025: 40, 2026: 37}


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, where on the body, of what nature, and how long it keeps away from work."""

    text: str
    seat: str
    nature: str
    days: int
    """Usual days off; 0 when people mostly go on working."""
    kind: str = "service"
    months: tuple[int, ...] = tuple(range(1, 13))
    """When in the year it can happen."""


_COLD, _WARM = (11, 12, 1, 2, 3), (5, 6, 7, 8, 9)
STORIES: dict[str, tuple[Story, ...]] = {
    "CER": (
        Story("Pose de cônes en accotement : faux pas dans le fossé", "Cheville gauche", "Entorse", 18),
        Story("Projection d'un gravillon pendant le débroussaillage", "Œil droit", "Corps étranger", 3, months=_WARM),
        Story("Heurt du fourgon de balisage par un véhicule léger, agent assis à l'avant", "Rachis cervical", "Contusion", 24),
        Story("Port de sacs d'enrobé à froid au chargement", "Dos", "Lombalgie", 14),
        Story("Doigt coincé entre l'attelage et la remorque", "Main droite", "Écrasement", 30),
        Story("Piqûre de guêpes lors du fauchage d'un talus", "Visage", "Réaction allergique", 2, months=_WARM),
        Story("Descente de la saleuse, glissade sur le marchepied gelé", "Genou droit", "Contusion", 9, months=_COLD),
        Story("Coupure en changeant une lame d'épareuse", "Avant-bras", "Plaie", 12),
        Story("Malaise en période de forte chaleur pendant la pose de glissières", "Siège interne", "Malaise", 2, months=_WARM),
    ),
    "ATEL": (
        Story("Chute d'une roue de camion pendant la dépose", "Pied gauche", "Contusion", 21),
        Story("Projection de liquide de batterie", "Yeux", "Irritation", 4),
        Story("Heurt de la tête contre le bras d'un pont élévateur", "Crâne", "Plaie", 3),
        Story("Brûlure au poste à souder", "Main gauche", "Brûlure", 6),
    ),
    "TRSP": (
        Story("Déchargement d'une palette au transpalette, pied coincé", "Pied droit", "Contusion", 15),
        Story("Chute du quai en reculant", "Épaule gauche", "Luxation", 60),
    ),
    "COLE": (
        Story("Glissade sur sol mouillé dans le couloir du rez-de-chaussée", "Hanche", "Contusion", 10),
        Story("Port de chaises empilées à l'étage", "Épaule droite", "Tendinite", 35),
        Story("Chute d'une chaise utilisée pour nettoyer un tableau", "Poignet gauche", "Fracture", 48),
        Story("Projection de détartrant en transvasant un bidon", "Yeux", "Irritation", 2),
        Story("Faux pas dans l'escalier avec le seau", "Cheville droite", "Entorse", 16),
        Story("Gestes répétés de lavage", "Coude droit", "Épicondylite", 90, "maladie professionnelle"),
    ),
    "COLR": (
        Story("Coupure avec un couteau éminceur", "Main gauche", "Plaie", 7),
        Story("Brûlure en vidant la sauteuse", "Avant-bras droit", "Brûlure", 11),
        Story("Glissade sur sol gras près de la plonge", "Genou gauche", "Entorse", 20),
        Story("Manutention de bacs gastronormes", "Dos", "Lombalgie", 13),
        Story("Doigt pris dans la porte de la chambre froide", "Main droite", "Contusion", 4),
    ),
    "COLM": (
        Story("Chute d'un escabeau en changeant un luminaire", "Talon", "Fracture", 75),
        Story("Coupure à la meuleuse portative", "Main gauche", "Plaie", 19),
        Story("Contact avec un fil sous tension au remplacement d'une prise", "Main droite", "Électrisation", 1),
    ),
    "ESPV": (
        Story("Morsure de tique lors de l'entretien d'une mare", "Jambe", "Piqûre", 0, months=_WARM),
        Story("Rebond de tronçonneuse à l'ébranchage", "Cuisse", "Plaie", 25),
        Story("Chute en berge glissante", "Poignet droit", "Entorse", 12),
        Story("Bruit prolongé du broyeur", "Oreilles", "Surdité", 0, "maladie professionnelle"),
    ),
    "SOC": (
        Story("Agression verbale puis bousculade par un usager à l'entretien", "Psychologique", "Choc émotionnel", 12),
        Story("Morsure de chien lors d'une visite à domicile", "Mollet", "Morsure", 5),
        Story("Collision arrière en se rendant à une visite", "Rachis cervical", "Contusion", 17, "mission"),
        Story("Annonce d'un décès d'enfant suivi par le service", "Psychologique", "Choc émotionnel", 40),
    ),
    "PMI": (
        Story("Chute dans un escalier d'immeuble sans éclairage", "Cheville gauche", "Entorse", 14),
        Story("Port du pèse-bébé et de la mallette", "Épaule gauche", "Tendinite", 22),
        Story("Sortie de route sur verglas entre deux domiciles", "Thorax", "Contusion", 28, "mission", _COLD),
    ),
    "MDPH": (
        Story("Usager jetant un objet au guichet", "Visage", "Contusion", 3),
        Story("Menaces répétées à l'accueil", "Psychologique", "Choc émotionnel", 9),
    ),
    "ENFA": (
        Story("Coup reçu en séparant deux adolescents", "Main gauche", "Fracture", 45),
        Story("Contention d'un jeune en crise", "Dos", "Lombalgie", 15),
        Story("Crachat et griffures au coucher", "Avant-bras", "Plaie", 0),
    ),
    "LABO": (
        Story("Coupure avec une verrerie fêlée", "Main droite", "Plaie", 2),
        Story("Chute lors d'un prélèvement en rivière", "Genou droit", "Contusion", 8),
    ),
    "ARCH": (
        Story("Chute de boîtes depuis une tablette haute", "Épaule droite", "Contusion", 6),
        Story("Faux pas d'un escabeau roulant en magasin", "Cheville droite", "Entorse", 18),
    ),
    "MUSE": (Story("Déplacement d'une vitrine lors d'un montage", "Dos", "Lombalgie", 10),),
    "BATI": (
        Story("Chute d'une échelle en intervenant sur une gouttière", "Bassin", "Fracture", 120),
        Story("Perçage d'un mur, éclat dans l'œil", "Œil gauche", "Corps étranger", 1),
        Story("Port d'une porte coupe-feu à deux", "Dos", "Lombalgie", 16),
    ),
    "NUM": (Story("Déballage d'écrans, coupure au cutter", "Pouce gauche", "Plaie", 1),),
    "ADMI": (
        Story("Chute de plain-pied dans le hall, sol humide", "Genou gauche", "Contusion", 5),
        Story("Chute dans l'escalier en portant un carton d'archives", "Poignet droit", "Entorse", 12),
    ),
}  # fmt: skip
COMMUTING = (
    Story("Chute à vélo sur le trajet domicile-travail", "Clavicule", "Fracture", 42, "trajet"),
    Story(
        "Accrochage à un rond-point en venant au travail",
        "Rachis cervical",
        "Contusion",
        11,
        "trajet",
    ),
    Story("Glissade sur le verglas du parking", "Poignet gauche", "Fracture", 38, "trajet", _COLD),
    Story("Trottoir dégradé entre la gare et le site", "Cheville droite", "Entorse", 13, "trajet"),
)
AT_HOME = (
    Story("Chute au domicile en portant un enfant accueilli", "Genou droit", "Contusion", 14),
    Story("Morsure par un enfant accueilli lors d'une crise", "Avant-bras", "Morsure", 0),
    Story(
        "Accrochage en conduisant un enfant à un rendez-vous",
        "Rachis cervical",
        "Contusion",
        12,
        "mission",
    ),
)
"""What happens to foster carers, who work at home."""
_MEASURES = (
    "Rappel des consignes en réunion d'équipe",
    "Analyse par arbre des causes",
    "Fiche du document unique mise à jour",
    "Entretien avec l'agent et son encadrant",
    "Signalé au registre santé et sécurité",
    "Enquête F3SCT réalisée",
)
_COLUMNS = (
    ("N° ordre", 10), ("Département", 13), ("Date de l'accident", 12), ("Heure", 9), ("Agent", 24),
    ("Sexe", 6), ("Service", 28), ("Site", 36), ("Type d'accident", 20), ("Circonstances", 46),
    ("Siège des lésions", 16), ("Nature des lésions", 18), ("Arrêt (O/N)", 8), ("Jours d'arrêt", 10),
    ("Imputabilité", 14), ("Suites / mesures prises", 34),
)  # fmt: skip


def write(folder: Path, units: list[Unit], agents: list[Agent], faults: Faults) -> None:
    """Write the five years."""
    rng = stream("accidents")
    with Book(folder / FILE, "Registre des accidents 2022-2026") as book:
        for year, count in _COUNTS.items():
            lines = _year(year, count, units, agents, rng)
            wrong = _spoil(lines, year)
            gaps = {rank for rank in range(len(lines)) if rng.random() < 0.06}
            _write_year(book, year, lines, gaps)
            for rank, what in wrong.items():
                faults.note(FILE, str(year), _row_of(rank, gaps), what)


def _year(
    year: int, count: int, units: list[Unit], agents: list[Agent], rng: random.Random
) -> list[list[Cell]]:
    last = min(date(year, 12, 29), TODAY - timedelta(days=6))
    days = sorted(day_between(rng, date(year, 1, 4), last) for _ in range(count))
    return [_line(day, rank, units, agents, rng) for rank, day in enumerate(days, start=1)]


def _line(
    day: date, rank: int, units: list[Unit], agents: list[Agent], rng: random.Random
) -> list[Cell]:
    name, sex, unit = _victim(day, units, agents, rng)
    story = _story(day, unit, rng)
    off, days = _days_off(story, day, rng)
    recent = (TODAY - day).days < 100
    return [
        f"{day.year}-{rank:03d}",
        int(unit.department),
        french(day) if rng.random() < 0.04 else day,
        _hour(story, rng),
        name,
        sex,
        unit.service,
        unit.site.upper() if rng.random() < 0.02 else unit.site,
        story.kind,
        story.text,
        story.seat,
        story.nature,
        off,
        days,
        rng.choice(("En instruction", None) if recent else ("Reconnue",) * 8 + ("Refusée", None)),
        rng.choice(_MEASURES) if rng.random() < 0.7 else None,
    ]


def _story(day: date, unit: Unit, rng: random.Random) -> Story:
    """Something that can happen to people of this unit at this time of the year."""
    known = AT_HOME if unit.name == "Assistants familiaux" else STORIES[unit.kind]
    possible = [each for each in known if day.month in each.months]
    on_the_way = [each for each in COMMUTING if day.month in each.months]
    return rng.choice(on_the_way if rng.random() < 0.11 or not possible else possible)


def _victim(
    day: date, units: list[Unit], agents: list[Agent], rng: random.Random
) -> tuple[str, str, Unit]:
    """Mostly someone of the HR extracts who had joined by then, else an invented name."""
    if rng.random() < 0.6:
        agent = rng.choice([each for each in agents if each.joined <= day])
        return (
            f"{agent.last_name.upper()} {agent.first_name}",
            "F" if agent.sex == "F" else "H",
            agent.unit,
        )
    unit = rng.choices(units, [each.headcount for each in units])[0]
    woman = rng.random() < unit.women / unit.headcount
    name = f"{rng.choice(LAST_NAMES).upper()} {rng.choice(WOMEN if woman else MEN)}"
    return name, "F" if woman else "H", unit


def _hour(story: Story, rng: random.Random) -> Cell:
    if story.kind == "maladie professionnelle":
        return None
    early, late = (7, 8) if story.kind == "trajet" else (6, 17)
    hour, minute = rng.randint(early, late), rng.choice((0, 5, 10, 15, 20, 30, 40, 45))
    draw = rng.random()
    if draw < 0.55:
        return time(hour, minute)
    if draw < 0.88:
        return f"{hour}h{minute:02d}" if minute else f"{hour}h"
    return rng.choice(("matin", "après-midi", "NR", None))


def _days_off(story: Story, day: date, rng: random.Random) -> tuple[Cell, Cell]:
    """« O » or « N » and the days as people write them."""
    if story.days == 0 or rng.random() < 0.3:
        return "N", rng.choice((0, 0, 0, "sans arrêt", "néant", "-"))
    days = max(1, round(story.days * rng.uniform(0.5, 1.7)))
    if (TODAY - day).days < days + 4:
        return "O", "en cours"
    first = max(1, days // 2)
    return "O", rng.choices(
        (days, f"{days} j", f"{days} jour{'s' * (days > 1)}", f"{first}+{days - first or 1}", None),
        (70, 9, 5, 10, 6),
    )[0]


def _spoil(lines: list[list[Cell]], year: int) -> dict[int, str]:
    """What is wrong on purpose: rank of the line and why."""
    wrong: dict[int, tuple[dict[int, Cell], str]] = {}
    if year == 2022:
        wrong = {17: ({2: "31/06/2022"}, "impossible date (31/06/2022)")}
    elif year == 2023:
        wrong = {9: ({1: UNKNOWN_DEPARTMENT}, "department 37, which is none of the three")}
    elif year == 2024:
        wrong = {25: ({2: None}, "no date"), 30: ({12: "O", 13: -4}, "minus four days off")}
    elif year == 2025:
        wrong = {12: ({2: "30/02/2025", 3: None}, "impossible date (30/02/2025)")}
    elif year == 2026:
        wrong = {33: ({2: date(2027, 10, 8)}, "happens in the future (08/10/2027)")}
    for rank, (cells, _) in wrong.items():
        for column, value in cells.items():
            lines[rank][column] = value
    return {rank: what for rank, (_, what) in wrong.items()}


def _row_of(rank: int, gaps: set[int]) -> int:
    """The row of a line: from 4 on, with an empty row before each line in gaps."""
    return 4 + rank + sum(gap <= rank for gap in gaps)


def _write_year(book: Book, year: int, lines: list[list[Cell]], gaps: set[int]) -> None:
    sheet = book.sheet(str(year), [width for _, width in _COLUMNS], print_rows=3)
    title = f"REGISTRE DES ACCIDENTS DE SERVICE ET DE TRAJET - ANNÉE {year}"
    look = book.look(bold=True, font_size=13, border=0, align="center")
    sheet.merge_range(0, 0, 0, len(_COLUMNS) - 1, title, look)
    book.headings(sheet, 3, [name for name, _ in _COLUMNS], BROWN)
    sheet.freeze_panes(3, 2)
    for rank, line in enumerate(lines):
        _write_line(book, sheet, _row_of(rank, gaps), line)
    row = _row_of(len(lines), gaps)
    total = sum(days for line in lines if isinstance(days := line[13], int))
    book.put(sheet, row + 1, 13, "Total", bold=True, align="center")
    total_of = f"=SUM(N4:N{row})"
    book.formula(sheet, f"N{row + 1}", total_of, total, bold=True, align="center")


def _write_line(book: Book, sheet: Worksheet, row: int, line: list[Cell]) -> None:
    for column, value in enumerate(line, start=1):
        centred = column in (1, 2, 3, 4, 6, 13, 14)
        book.put(sheet, row, column, value, **({"align": "center"} if centred else {}))
    sheet.set_row(
        row - 1, height_for(((line[9], 46), (line[7], 36), (line[15], 34), (line[6], 28)))
    )
