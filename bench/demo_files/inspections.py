"""The follow-up of periodic inspections: a sheet for each kind of site, two of them titled."""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, zip_longest
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import GREEN, Book, Cell, height_for
from demo_files.organisation import Unit
from demo_files.scope import TODAY, UNKNOWN_DEPARTMENT, Faults, day_between, french, stream

FILE = "verifications.xlsx"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is inspected: code of the shipped periods, wording, months, place, makes, findings."""

    code: str
    wording: str
    months: float
    places: tuple[str, ...]
    makes: tuple[str, ...]
    findings: tuple[str, ...]
    most: int = 0
    """Largest number of like items of a lot; 0 for a single installation."""


_FIRE = ("Stop-Feu Solognot", "Extinc'Val")
_ELECTRIC = ("Véri-Val de Loire", "Apta Contrôles")
_LIFTING = ("Apta Contrôles", "Levagis Centre")
SUBJECTS = {
    subject.code: subject
    for subject in (
        Subject("INC-01", "Extincteurs portatifs et mobiles", 12, ("Tous locaux", "Bâtiment A", ""), ("Flamex 6 L", "Extival P6", "divers"), ("Extincteur du local ménage percuté, à recharger", "Deux extincteurs de plus de 10 ans à remplacer", "Signalisation absente à l'étage"), 42),
        Subject("INC-05", "SSI : vérification annuelle", 12, ("Loge", "Accueil", "Local SSI"), ("Alarmia type 2b", "Vigitec A4", "Alarmia type 4"), ("Batterie de la centrale en fin de vie", "Déclencheur manuel du R+1 sans effet", "Diffuseur sonore inaudible au sous-sol")),
        Subject("INC-08", "Désenfumage naturel ou mécanique", 12, ("Cage d'escalier", "Hall"), ("Aérolux DN", ""), ("Cartouche CO2 périmée", "Exutoire ne se refermant pas")),
        Subject("INC-10", "Éclairage de sécurité : essai d'autonomie", 6, ("Tous niveaux", ""), ("Lumisecur 45", ""), ("Trois blocs d'autonomie insuffisante",), 30),
        Subject("INC-11", "Éclairage de sécurité : vérification", 12, ("Tous niveaux", "Couloirs"), ("Lumisecur 45", "Baesol LED"), ("Bloc BAES hors service au R+1", "Bloc de la chaufferie sans étiquette"), 36),
        Subject("INC-13", "Exercice d'évacuation collège (ERP type R)", 6, ("Établissement",), ("",), ("Porte du gymnase restée verrouillée", "Point de rassemblement mal connu des agents")),
        Subject("INC-17", "Hottes et conduits d'extraction de cuisine : nettoyage", 12, ("Cuisine",), ("",), ("Trappe de visite inaccessible", "Filtres à remplacer")),
        Subject("ELE-01", "Installations électriques permanentes", 12, ("TGBT", "Tous locaux", ""), ("", "Tablélec 250 A"), ("Absence de schéma unifilaire au TGBT", "Prise détériorée en salle 104", "Différentiel 30 mA ne déclenchant pas (cuisine)", "Cordon d'alimentation détérioré, poste n° 2")),
        Subject("GAZ-01", "Installations de gaz en ERP", 12, ("Chaufferie", "Cuisine"), ("",), ("Vanne de coupure non repérée",)),
        Subject("GAZ-03", "Appareils de cuisson de restauration collective", 12, ("Cuisine",), ("Grandcuiseur 900", "Fournival 250"), ("Thermocouple de la marmite à remplacer", "Évent de sauteuse encrassé"), 6),
        Subject("GAZ-04", "Entretien chaudière 4 à 400 kW", 12, ("Chaufferie",), ("Calorival 250", "Calorival 90"), ("Pressostat à régler",)),
        Subject("LEV-01", "Appareils de levage fixes (ponts roulants, palans, potences, ponts élévateurs)", 12, ("Atelier",), ("Poutrel 3,2 t", "Palanor 1 t"), ("Linguet de crochet manquant", "Plaque de charge illisible")),
        Subject("LEV-02", "Ponts élévateurs de véhicules", 12, ("Atelier", "Baie 2"), ("Monteo 2 colonnes", "Monteo 4 colonnes"), ("Jeu dans les bras de levage", "Garde au sol du verrou à régler"), 4),
        Subject("LEV-03", "Chariots élévateurs et gerbeurs à conducteur porté", 6, ("Magasin", "Hangar 2"), ("Cariste 25", "Cariste 18E"), ("Signal sonore de recul hors service", "Chaîne de mât à retendre")),
        Subject("LEV-04", "Nacelles / PEMP", 6, ("Parc", "Hangar 1"), ("Nacelix 14", "Nacelix 18 A"), ("Fin de course de panier à régler",)),
        Subject("LEV-05", "Grues auxiliaires, hayons élévateurs, bras de bennes amovibles (ampliroll)", 6, ("Cour", "Parc"), ("Hydrabras 8", "Hayonex 1500"), ("Fuite légère au vérin de stabilisateur", "Butée de hayon absente")),
        Subject("LEV-08", "Accessoires de levage (élingues, crochets, manilles, palonniers)", 12, ("Atelier", "Magasin"), ("divers",), ("Deux élingues textiles à réformer",), 24),
        Subject("LEV-11", "Ascenseur et monte-charge : vérification au titre du travail", 12, ("Hall", "Bâtiment A"), ("Ascenval 630 kg",), ("Éclairage de cabine défaillant", "Téléalarme sans réponse lors de l'essai")),
        Subject("LEV-13", "Portes et portails automatiques ou semi-automatiques", 6, ("Entrée", "Cour de service"), ("Portamatic S", "Battanor"), ("Cellule de sécurité mal orientée", "Livret d'entretien non présenté"), 3),
        Subject("MAC-01", "Presses, massicots, compacteurs à déchets, presses à balles (motorisés, chargement ou déchargement manuel)", 3, ("Atelier", "Quai"), ("Pressor 50 t", "Massicot 76"), ("Barrière immatérielle à contrôler",)),
        Subject("MAC-03", "Engins de terrassement, tracteurs-engins à conducteur porté", 12, ("Hangar 1", "Parc"), ("Terrax 85", "Agritrac 110"), ("Jeu anormal dans l'axe de godet", "Attache rapide sans verrou")),
        Subject("MAC-05", "Tracteurs et accessoires d'entretien routier (épareuse, faucheuse)", 12, ("Hangar 1", "Hangar 2"), ("Fauchex 500", "Éparor 57"), ("Bavette de protection à remplacer",)),
        Subject("MAC-09", "Rayonnages métalliques", 12, ("Magasin", "Réserve"), ("",), ("Montant accidenté travée 4, à décharger",), 12),
        Subject("EPI-01", "EPI contre les chutes de hauteur, longes, harnais, antichutes", 12, ("Vestiaire", "Magasin"), ("Hautevia",), ("Longe à réformer (date dépassée)",), 14),
        Subject("ESP-01", "Inspection périodique (récipients, compresseurs)", 48, ("Atelier", "Local compresseur"), ("Airpress 500 L",), ("Soupape sans plomb",)),
        Subject("ESP-02", "Appareils à couvercle amovible à fermeture rapide (autoclaves), générateurs de vapeur", 24, ("Laverie", "Salle 12"), ("Sterival 100",), ("Joint de porte à remplacer",)),
        Subject("AER-02", "Locaux à pollution spécifique (captage, atelier, soudage, labo)", 12, ("Poste de soudage", "Atelier"), ("",), ("Débit d'aspiration insuffisant au poste de soudage",)),
        Subject("AER-03", "Sorbonnes et PSM", 12, ("Salle 12", "Salle 14"), ("Labofux 1500",), ("Vitesse frontale trop faible sur la sorbonne 2",), 6),
        Subject("AER-04", "Qualité de l'air intérieur (collèges, accueil d'enfants) : évaluation des moyens d'aération", 12, ("Salles de classe", ""), ("",), ("Ouvrants bloqués en salle 203",)),
        Subject("SAN-01", "Eau chaude sanitaire : légionelles, recherche annuelle", 12, ("Douches gymnase", "Sous-station"), ("",), ("Seuil de 1 000 UFC/L dépassé au point 3, choc thermique fait",)),
        Subject("SAN-03", "Amiante : matériaux liste A, évaluation périodique (N=1)", 36, ("Chaufferie", "Combles"), ("",), ("Calorifugeage dégradé sur 2 m",)),
        Subject("SAN-07", "Séparateurs hydrocarbures et bacs à graisses", 6, ("Cour", "Cuisine"), ("",), ("Bac plein à 80 %",)),
        Subject("SAN-08", "Défibrillateur : maintenance", 12, ("Hall", "Accueil"), ("Cardiosec 3",), ("Électrodes à remplacer avant mars 2027",)),
        Subject("JEU-03", "Aires de jeux : contrôle principal annuel", 12, ("Cour des petits",), ("",), ("Sol amortissant à reprendre",)),
        Subject("JEU-04", "Buts et panneaux de basket", 24, ("Cour", "Plateau sportif"), ("",), ("Fixation du but n° 2 corrodée",), 4),
        Subject("PHY-01", "Pulvérisateurs (rampes de toute longueur, arbres et arbustes, combinés, fixes ou semi-mobiles)", 36, ("Dépôt",), ("Pulvéor 200",), ("Buses usées",)),
        Subject("VEH-02", "Contrôle technique poids lourds", 12, ("Parc",), ("",), ("Contre-visite pour feux de gabarit",), 9),
    )
}  # fmt: skip
_BODIES = {
    "INC": _FIRE, "ELE": _ELECTRIC, "GAZ": ("Thermi-Centre", "Véri-Val de Loire"), "LEV": _LIFTING,
    "MAC": _LIFTING, "EPI": ("Régie interne", "Levagis Centre"), "ESP": ("Apta Contrôles",),
    "AER": ("Airmesure Beauce",), "SAN": ("Labo départemental", "Hygi-Loire"), "JEU": ("Ludocontrôle",),
    "PHY": ("Pulvé-Contrôle 45",), "VEH": ("CT poids lourds du Val",), "INC-13": ("Chef d'établissement",),
    "INC-10": ("Régie interne",), "INC-17": ("Hottes Services Centre",), "LEV-11": ("Ascenval",),
    "LEV-13": ("Portamatic Services",), "SAN-08": ("Cardiosec",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: its sites, what is inspected there, its heading words, and whether it has a title."""

    name: str
    kinds: tuple[str, ...]
    sites: dict[str, int]
    """How many sites of each employer."""
    codes: tuple[str, ...]
    wanted: int
    """How many of the subjects each site has at least."""
    title: str = ""
    other_words: bool = False
    with_code: bool = False


LAYOUTS = (
    Layout("Collèges", ("COLE",), {"41": 3, "45": 4, "28": 3}, ("INC-01", "INC-05", "INC-08", "INC-11", "INC-13", "INC-17", "ELE-01", "GAZ-01", "GAZ-03", "LEV-11", "LEV-13", "AER-04", "SAN-01", "SAN-08", "JEU-04"), 8, with_code=True),
    Layout("Centres d'exploitation", ("CER",), {"41": 3, "45": 4, "28": 3}, ("INC-01", "ELE-01", "LEV-04", "LEV-05", "LEV-08", "LEV-13", "MAC-03", "MAC-05", "EPI-01", "ESP-01", "SAN-07", "VEH-02"), 6, title="VÉRIFICATIONS PÉRIODIQUES - CENTRES D'EXPLOITATION ROUTIERS"),
    Layout("Solidarités et enfance", ("SOC", "ENFA"), {"41": 3, "45": 4, "28": 4}, ("INC-01", "INC-05", "INC-10", "ELE-01", "GAZ-04", "LEV-11", "SAN-08", "SAN-01", "JEU-03"), 5, other_words=True),
    Layout("Parc, ateliers et dépôts", ("ATEL", "ESPV", "BATI"), {"41": 3, "45": 3, "28": 3}, ("LEV-01", "LEV-02", "LEV-03", "LEV-04", "LEV-08", "MAC-01", "MAC-09", "ESP-01", "AER-02", "EPI-01", "ELE-01", "PHY-01", "INC-01"), 5, title="VÉRIFICATIONS PÉRIODIQUES - PARC, ATELIERS ET DÉPÔTS", with_code=True),
    Layout("Sièges, culture et labo", ("ADMI", "ARCH", "MUSE", "LABO"), {"41": 3, "45": 3, "28": 3}, ("INC-01", "INC-05", "INC-08", "INC-11", "ELE-01", "GAZ-04", "LEV-11", "LEV-13", "SAN-03", "SAN-08", "AER-03", "ESP-02"), 5, other_words=True),
)  # fmt: skip
_USUAL = (
    "Date dernière vérif.",
    "Périodicité (mois)",
    "Prochaine échéance",
    "Organisme vérificateur",
)
_OTHER = ("Dernier contrôle", "Fréquence (mois)", "Prochaine échéance", "Organisme")


@dataclass(slots=True)
class Line:
    """One line of a sheet before it is written."""

    department: Cell
    site: Cell
    subject: Subject | None
    equipment: Cell
    make: Cell
    serial: Cell
    place: Cell
    count: Cell
    last: Cell
    months: Cell
    next_due: date | None
    body: Cell
    report: Cell
    conclusion: Cell
    observations: Cell
    lifted: Cell
    fault: str = ""


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write the five sheets."""
    rng = stream("inspections")
    with Book(folder / FILE, "Vérifications périodiques - 41, 45, 28") as book:
        for rank, layout in enumerate(LAYOUTS):
            lines = [
                line
                for unit in _sites(units, layout)
                for line in _site_lines(unit, layout, rank, rng)
            ]
            _spoil(lines, rank)
            _write_sheet(book, layout, lines, faults)


def _sites(units: list[Unit], layout: Layout) -> Iterator[Unit]:
    """As many sites of each employer as the sheet wants, its kinds of site taking turns."""
    for code, wanted in layout.sites.items():
        by_kind = [
            {
                unit.site: unit
                for unit in units
                if unit.department == code and unit.kind == kind and _is_the_house(unit)
            }.values()
            for kind in layout.kinds
        ]
        taking_turns = (unit for turn in zip_longest(*by_kind) for unit in turn if unit)
        yield from islice(taking_turns, wanted)


def _is_the_house(unit: Unit) -> bool:
    """Not a few desks in a house that another kind of unit runs."""
    guests = unit.kind in ("SOC", "ENFA") and unit.site.startswith("Hôtel")
    return not guests and "encadrement" not in unit.name


def _site_lines(unit: Unit, layout: Layout, rank: int, rng: random.Random) -> Iterator[Line]:
    allowed = [code for code in layout.codes if _makes_sense(code, unit.kind)]
    wanted = min(len(allowed), rng.randint(layout.wanted, layout.wanted + 2))
    for code in sorted(rng.sample(allowed, wanted), key=layout.codes.index):
        yield _line(unit, SUBJECTS[code], rank, rng)


def _makes_sense(code: str, kind: str) -> bool:
    """No sorbonne in the archives, no vehicle lift among the gardeners."""
    only = {
        "AER-03": ("LABO",), "ESP-02": ("LABO",), "LEV-02": ("ATEL",), "LEV-01": ("ATEL", "BATI"),
        "MAC-01": ("ATEL",), "PHY-01": ("ESPV",), "JEU-03": ("ENFA",), "SAN-01": ("COLE", "ENFA"),
        "AER-02": ("ATEL", "BATI"), "LEV-03": ("ATEL",),
    }  # fmt: skip
    return kind in only.get(code, (kind,))


def _line(unit: Unit, subject: Subject, rank: int, rng: random.Random) -> Line:
    last, conclusion, observations, lifted = _outcome(subject, rng)
    done = last if isinstance(last, date) else None
    make = rng.choice(subject.makes)
    serial: Cell = None
    if make and make != "divers" and subject.most == 0:
        serial = rng.choice(
            (
                None,
                rng.randint(10000, 99999),
                f"{rng.choice('ABK')}{rng.randint(100, 999)}-{rng.randint(10, 99)}",
            )
        )
    return Line(
        department=int(unit.department),
        site=unit.site + (" " if rng.random() < 0.03 else ""),
        subject=subject,
        equipment=subject.wording,
        make=make or None,
        serial=serial,
        place=rng.choice(subject.places) or None,
        count=rng.randint(2, subject.most) if subject.most else 1,
        last=french(done) if done and rng.random() < 0.04 else last,
        months=subject.months,
        next_due=_add_months(done, round(subject.months)) if done else None,
        body=rng.choice(_BODIES.get(subject.code, _BODIES[subject.code[:3]])) if done else None,
        report=f"{done.year % 100}-{rng.randint(1000, 9999)}/{rank + 1}" if done else None,
        conclusion=conclusion,
        observations=observations,
        lifted=lifted,
    )


def _outcome(subject: Subject, rng: random.Random) -> tuple[Cell, Cell, Cell, Cell]:
    """Date of the last inspection, conclusion, observations, day they were lifted."""
    draw = rng.random()
    if draw < 0.03:
        return rng.choice(("jamais", "-")), None, "Jamais vérifié - à programmer", None
    if draw < 0.075:
        return None, None, rng.choice((None, "Rapport à retrouver")), None
    days = round(30.44 * subject.months)
    late = rng.random() < 0.13
    age = rng.randint(days + 12, days + 300) if late else rng.randint(min(8, days), days - 4)
    last = day_between(
        rng, TODAY - timedelta(days=age), TODAY - timedelta(days=age) + timedelta(days=2)
    )
    last = min(last, TODAY)
    if rng.random() < 0.6:
        return last, "Conforme", rng.choice((None, None, "RAS", "Néant")), None
    found = rng.sample(subject.findings, rng.randint(1, min(3, len(subject.findings))))
    text = (
        found[0]
        if len(found) == 1
        else "\n".join(f"{n}) {each}" for n, each in enumerate(found, start=1))
    )
    conclusion = rng.choice(
        ("Avec observations", "avec obs.", f"{len(found)} observation{'s' * (len(found) > 1)}")
    )
    if rng.random() < 0.05:
        conclusion = "Arrêt immédiat"
    lifted = last + timedelta(days=rng.randint(5, 90))
    return last, conclusion, text, lifted if rng.random() < 0.4 and lifted <= TODAY else None


def _add_months(day: date, months: int) -> date:
    """As the spreadsheet's EDATE does."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _spoil(lines: list[Line], rank: int) -> None:
    """What is wrong on purpose in each sheet."""
    dated = [line for line in lines if isinstance(line.last, date)]
    if rank == 0:
        dated[31].last, dated[31].next_due = "31/04/2026", None
        dated[31].fault = "impossible date (31/04/2026)"
        lines[60].equipment, lines[60].fault = None, "no equipment"
    elif rank == 1:
        lines[22].department, lines[22].fault = (
            UNKNOWN_DEPARTMENT,
            "department 37, which is none of the three",
        )
    elif rank == 2:
        dated[14].last, dated[14].next_due = date(2062, 9, 14), date(2063, 9, 14)
        dated[14].fault = "inspected in the future (14/09/2062)"
    elif rank == 3:
        lines[9].site, lines[9].fault = None, "no site"
    else:
        dated[20].months, dated[20].next_due, dated[20].fault = -12, None, "negative period"


def _write_sheet(book: Book, layout: Layout, lines: Sequence[Line], faults: Faults) -> None:
    words = _OTHER if layout.other_words else _USUAL
    columns: list[tuple[str, float]] = [
        ("Dpt", 6), ("Site", 38), ("Matériel" if layout.other_words else "Équipement / installation", 42),
        ("Nb", 5), ("Marque - type", 18), ("N° de série", 12), ("Localisation", 17), (words[0], 12),
        (words[1], 11), (words[2], 12), (words[3], 22), ("N° rapport", 12), ("Conclusion", 17),
        ("Observations", 44), ("Date de levée", 12),
    ]  # fmt: skip
    if layout.with_code:
        columns.insert(2, ("Code", 8))
    start = 3 if layout.title else 1
    sheet = book.sheet(layout.name, [width for _, width in columns], print_rows=start)
    if layout.title:
        book.title(sheet, 1, layout.title)
    book.headings(sheet, start, [name for name, _ in columns], GREEN)
    for row, line in enumerate(lines, start=start + 1):
        _write_line(book, sheet, row, line, with_code=layout.with_code)
        if line.fault:
            faults.note(FILE, layout.name, row, line.fault)
    sheet.autofilter(start - 1, 0, start + len(lines) - 1, len(columns) - 1)
    sheet.freeze_panes(start, 3 if not layout.with_code else 4)


def _write_line(book: Book, sheet: Worksheet, row: int, line: Line, *, with_code: bool) -> None:
    cells: list[Cell] = [
        line.department, line.site, line.equipment, line.count, line.make, line.serial, line.place,
        line.last, line.months, None, line.body, line.report, line.conclusion, line.observations,
        line.lifted,
    ]  # fmt: skip
    shift = 1 if with_code else 0
    if with_code:
        cells.insert(2, line.subject.code if line.subject else None)
    for column, value in enumerate(cells, start=1):
        centred = isinstance(value, int | float) or column == 8 + shift
        book.put(sheet, row, column, value, **({"align": "center"} if centred else {}))
    if line.next_due:
        done, months = ("HI", "IJ")[shift]
        serial = (line.next_due - date(1899, 12, 30)).days
        dated = {"num_format": "dd/mm/yyyy", "align": "center"}
        text = f"=EDATE({done}{row},{months}{row})"
        book.formula(sheet, f"{'JK'[shift]}{row}", text, serial, **dated)
    texts = ((line.equipment, 42), (line.site, 38), (line.observations, 44))
    sheet.set_row(row - 1, height_for(texts))
