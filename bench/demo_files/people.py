"""The agents of the three HR extracts: invented names, posts and dates."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from demo_files.organisation import Unit
from demo_files.scope import DEPARTMENTS, TODAY, Faults, day_between, french, stream

WANTED = {"41": 260, "45": 380, "28": 260}

SHARES = {
    "CER": 0.9, "ATEL": 0.8, "TRSP": 0.5, "COLM": 1.0, "COLE": 0.34, "COLR": 0.34, "ESPV": 1.0,
    "BATI": 0.8, "LABO": 0.35, "NUM": 0.2, "ARCH": 0.3, "MUSE": 0.35, "SOC": 0.06, "PMI": 0.08,
    "MDPH": 0.15, "ENFA": 0.03, "ADMI": 0.06,
}  # fmt: skip
"""Which part of a unit's people the extract holds: it was asked for the technical trades."""

LAST_NAMES = (
    "Aubert", "Bailly", "Barbier", "Baudry", "Beaumont", "Blanchet", "Bodin", "Boissier",
    "Bonneau", "Bouchard", "Bourdin", "Briand", "Caillaud", "Carpentier", "Chabot",
    "Champion", "Chartier", "Chesneau", "Collet", "Cordier", "Cosson", "Courtois", "Dacosta-Reis",
    "Daumas", "Delmas", "Denis", "Descamps", "Diallo", "Drouet", "Dufresne", "Dumont",
    "Esnault", "Fauvel", "Fernandes", "Fleury", "Fontaine", "Forestier", "Fournier", "Gallais",
    "Garreau", "Gaucher", "Germain", "Gillet", "Godard", "Gomes", "Goujon", "Grandin",
    "Granger", "Guérinet", "Guillot", "Hamelin", "Haddadi", "Huet", "Humbert", "Jacquet",
    "Jourdain", "Kaya", "Khelifi", "Lacroix", "Laforge", "Lambert", "Langlois",     "Laurent", "Lebon", "Leclerc", "Lefort", "Legrand", "Lejeune", "Lenoir", "Leroy", "Lesage",
    "Lopes", "Loiseau", "Maillard", "Mallet", "Marin", "Marquet", "Masson", "Mendes",     "Meunier", "Millet", "Monnier", "Moreau", "Mouton", "Navarre", "Neveu",     "Normand", "Olivier", "Ouvrard", "Papin", "Parent", "Pasquet", "Pelletier", "Perrault",
    "Pichon", "Pinto", "Plessis", "Prévost", "Proust", "Raimbault", "Robin",
    "Rocher", "Rousseau", "Sabourin", "Salmon", "Samson", "Sauvage", "Simonet", "Soares",
    "Tanguy", "Tardif", "Thomas", "Tournier", "Traoré", "Vasset", "Verdier", "Vigneron",
    "Villain", "Voisin", "Yilmaz", "Ziani",
)  # fmt: skip
WOMEN = (
    "Adeline", "Amandine", "Angélique", "Anne-Marie", "Aïcha", "Béatrice", "Brigitte", "Camille",
    "Carine", "Catherine", "Cécile", "Charlotte", "Christelle", "Clémence", "Delphine", "Dominique",
    "Élise", "Émeline", "Florence", "Géraldine", "Ghislaine", "Ingrid", "Jessica", "Karima", "Laure",
    "Léa", "Lydie", "Magali", "Maria", "Marine", "Mélanie", "Nadège", "Nathalie", "Nicole", "Odile",
    "Pauline", "Patricia", "Sabrina", "Sandrine", "Séverine", "Sonia", "Stéphanie", "Valérie",
    "Virginie",
)  # fmt: skip
MEN = (
    "Adrien", "Alain", "Anthony", "Antoine", "Arnaud", "Bernard", "Bertrand", "Bilal", "Christophe",
    "Clément", "Damien", "Denis", "Didier", "Dominique", "Emmanuel", "Fabien", "Fabrice", "Florent",
    "François", "Gérald", "Gilles", "Grégory", "Henri", "Jean-Luc", "Jérémy", "Joël", "Jonathan",
    "José", "Karim", "Laurent", "Ludovic", "Manuel", "Marc", "Mathieu", "Maxime", "Michel", "Nicolas",
    "Olivier", "Pascal", "Patrick", "Pierre-Yves", "Quentin", "Romain", "Sylvain", "Thomas",
    "Vincent", "Xavier", "Yann", "Yannick", "Youssef",
)  # fmt: skip

HEADS = {
    "CER": "Chef de centre d'exploitation",
    "ATEL": "Chef d'atelier",
    "TRSP": "Responsable logistique",
    "COLM": "Chef d'équipe mobile",
    "COLR": "Chef de cuisine",
    "ESPV": "Chef d'équipe espaces naturels",
    "BATI": "Chef d'équipe bâtiment",
    "LABO": "Responsable de laboratoire",
    "ADMI": "Chef de service",
}
POSTS = {
    "CER": ("Agent d'exploitation de la route", "Agent d'exploitation de la route", "Chef d'équipe routes", "Patrouilleur"),
    "ATEL": ("Mécanicien poids lourds et engins", "Mécanicien véhicules légers", "Agent de signalisation", "Soudeur"),
    "TRSP": ("Magasinier", "Chauffeur-livreur", "Conducteur poids lourds"),
    "COLE": ("Agent d'entretien polyvalent", "Agent d'entretien polyvalent", "Agent d'accueil"),
    "COLR": ("Second de cuisine", "Aide de cuisine", "Agent de restauration"),
    "COLM": ("Agent de maintenance", "Électricien", "Agent de maintenance et espaces verts"),
    "PMI": ("Infirmière puéricultrice", "Sage-femme", "Médecin de PMI", "Secrétaire médico-sociale"),
    "SOC": ("Assistant de service social", "Travailleur social", "Conseiller en économie sociale et familiale"),
    "ESPV": ("Agent des espaces naturels", "Jardinier", "Technicien rivière"),
    "LABO": ("Technicien de laboratoire", "Préleveur", "Aide de laboratoire"),
    "ARCH": ("Magasinier d'archives", "Assistant de conservation"),
    "ADMI": ("Gestionnaire administratif", "Chargé de mission", "Assistant de direction"),
    "MUSE": ("Agent d'accueil et de surveillance", "Régisseur", "Médiateur culturel"),
    "BATI": ("Électricien", "Menuisier", "Plombier chauffagiste", "Peintre"),
    "ENFA": ("Éducateur spécialisé", "Surveillant de nuit", "Maître de maison"),
    "NUM": ("Technicien support", "Agent de reprographie", "Administrateur réseau"),
    "MDPH": ("Agent d'accueil", "Instructeur de dossiers", "Référent insertion"),
}  # fmt: skip
GRADES = {
    "technical": (
        "Adjoint technique", "Adjoint technique principal de 2e classe",
        "Adjoint technique principal de 1re classe", "Agent de maîtrise",
    ),
    "schools": (
        "Adjoint technique des établissements d'enseignement",
        "Adjoint technique principal de 2e classe des établissements d'enseignement",
        "Adjoint technique principal de 1re classe des établissements d'enseignement",
    ),
    "office": ("Adjoint administratif", "Rédacteur", "Attaché"),
    "social": ("Assistant socio-éducatif", "Assistant socio-éducatif de classe exceptionnelle"),
    "medical": ("Infirmier en soins généraux", "Puéricultrice", "Sage-femme"),
    "head": ("Agent de maîtrise principal", "Technicien principal de 2e classe", "Technicien"),
}  # fmt: skip


@dataclass(slots=True)
class Agent:
    """A member of staff as the HR extract shows them."""

    department: str
    staff_number: str
    last_name: str
    first_name: str
    sex: str
    born: date
    grade: str
    post: str
    unit: Unit
    joined: date
    left: date | None


def build_people(units: list[Unit]) -> list[Agent]:
    """The agents of the three extracts, sorted by name within each employer."""
    agents: list[Agent] = []
    for department in DEPARTMENTS:
        rng = stream(f"people-{department.code}")
        numbers = iter(rng.sample(range(2300, 98000), 1500))
        own = [
            _new_agent(unit, rank, next(numbers), rng)
            for unit in units
            if unit.department == department.code
            for rank in range(round(unit.headcount * SHARES[unit.kind]))
        ]
        kept = rng.sample(range(len(own)), min(WANTED[department.code], len(own)))
        agents += sorted((own[rank] for rank in kept), key=lambda a: (a.last_name, a.first_name))
    return agents


def _new_agent(unit: Unit, rank: int, number: int, rng: random.Random) -> Agent:
    woman = rng.random() < unit.women / unit.headcount
    head = rank == 0 and unit.kind in HEADS
    born = date(rng.randint(1961, 2004), rng.randint(1, 12), rng.randint(1, 28))
    earliest = max(date(born.year + 20, 1, 1), date(1986, 1, 1))
    joined = day_between(rng, earliest, TODAY - timedelta(days=20))
    return Agent(
        department=unit.department,
        staff_number=f"{number:05d}",
        last_name=rng.choice(LAST_NAMES),
        first_name=rng.choice(WOMEN if woman else MEN),
        sex="F" if woman else "M",
        born=born,
        grade=rng.choice(GRADES["head"]) if head else _grade(unit.kind, rng),
        post=HEADS[unit.kind] if head else rng.choice(POSTS[unit.kind]),
        unit=unit,
        joined=joined,
        left=_leaving(born, joined, rng),
    )


def _grade(kind: str, rng: random.Random) -> str:
    if kind in ("COLE", "COLR", "COLM"):
        return rng.choice(GRADES["schools"])
    if kind == "PMI":
        return rng.choice(GRADES["medical"])
    if kind in ("SOC", "ENFA"):
        return rng.choice(GRADES["social"])
    if kind in ("ADMI", "MDPH", "NUM"):
        return rng.choice(GRADES["office"])
    return rng.choice(GRADES["technical"])


def _leaving(born: date, joined: date, rng: random.Random) -> date | None:
    """Nearly all stay; some left this year, some have announced their retirement or a move."""
    draw = rng.random()
    if draw < 0.03 and joined < date(2025, 6, 1):
        return date(2026, rng.choice((3, 6, 8, 10)), 30)
    if draw > (0.7 if born.year < 1965 else 0.99):
        return rng.choice((date(2026, 12, 31), date(2027, 2, 28), date(2027, 6, 30)))
    return None


Row = list[str]


def write(folder: Path, agents: list[Agent], faults: Faults) -> None:
    """Write the three extracts, each as another HR program exports it."""
    by_code = {
        department.code: [agent for agent in agents if agent.department == department.code]
        for department in DEPARTMENTS
    }
    _write_41(folder / "agents_41.csv", by_code["41"], faults)
    _write_45(folder / "agents_45.csv", by_code["45"], faults)
    _write_28(folder / "agents_28.csv", by_code["28"], faults)


def _write_csv(path: Path, rows: list[Row], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)


def _insert(path: Path, rows: list[Row], wrong: list[tuple[int, Row, str]], faults: Faults) -> None:
    """Put the wrong lines at their places (counted from 1, heading included), in rising order."""
    for place, row, what in wrong:
        rows.insert(place - 1, row)
        faults.note(path.name, "", place, what)


def _school(agents: list[Agent]) -> Unit:
    """Where the wrong lines pretend to work."""
    return next(agent.unit for agent in agents if agent.unit.kind == "COLE")


def _write_41(path: Path, agents: list[Agent], faults: Faults) -> None:
    rows: list[Row] = [
        ["Matricule", "Nom d'usage", "Prénom", "Sexe", "Date de naissance", "Grade", "Direction",
         "Service", "Site", "Unité de travail", "Emploi", "Date d'entrée", "Date de sortie"]
    ]  # fmt: skip
    rows += [
        [a.staff_number, a.last_name.upper(), a.first_name, a.sex, french(a.born), a.grade,
         a.unit.direction, a.unit.service, a.unit.site, a.unit.name, a.post, french(a.joined),
         french(a.left) if a.left else ""]
        for a in agents
    ]  # fmt: skip
    unit = _school(agents)
    where = [unit.direction, unit.service, unit.site, unit.name]
    grade = "Adjoint technique"
    wrong = [
        (38, ["", "", "Élodie", "F", "14/02/1988", grade, *where, "Agent d'entretien polyvalent", "01/09/2014", ""],
         "neither staff number nor name"),
        (97, ["31877", "GARREAU", "Maxime", "M", "03/07/1990", grade, *where, "Agent d'entretien polyvalent", "30/02/2018", ""],
         "impossible date of joining (30/02/2018)"),
        (151, ["60214", "LESAGE", "Odile", "F", "19/11/1975", grade, *where, "Agent d'accueil", "01/04/2024", "31/12/2021"],
         "left before joining"),
        (203, ["72045", "", "Florent", "M", "08/05/1982", grade, *where, "Peintre", "01/10/2009", ""],
         "no last name"),
    ]  # fmt: skip
    _insert(path, rows, wrong, faults)
    _write_csv(path, rows, "cp1252")


def _write_45(path: Path, agents: list[Agent], faults: Faults) -> None:
    rows: list[Row] = [
        ["DPT", "MATRICULE", "CIVILITE", "NOM", "PRENOM", "NE(E) LE", "CATEGORIE", "GRADE",
         "DIRECTION", "SERVICE", "UNITE DE TRAVAIL", "SITE", "EMPLOI", "QUOTITE", "ENTREE LE",
         "SORTIE LE"]
    ]  # fmt: skip
    rng = stream("people-45-columns")
    rows += [
        ["45", a.staff_number, "Mme" if a.sex == "F" else "M.", a.last_name.upper(),
         a.first_name.upper(), french(a.born), rng.choice("CCCCBBA"), a.grade, a.unit.direction,
         a.unit.service, a.unit.name, a.unit.site, a.post, rng.choice(("100", "100", "100", "80")),
         french(a.joined), french(a.left) if a.left else ""]
        for a in agents
    ]  # fmt: skip
    unit, twin = _school(agents), agents[200]
    where = [unit.direction, unit.service, unit.name, unit.site]
    wrong = [
        (55, ["37", "40812", "M.", "ROCHER", "GILLES", "11/03/1979", "C", "Adjoint technique", *where, "Mécanicien", "100", "01/01/2012", ""],
         "department 37, which is none of the three"),
        (142, ["45", twin.staff_number, "Mme", "TANGUY", "ODILE", "25/09/1986", "C", "Adjoint technique", *where, "Agent d'accueil", "100", "01/09/2019", ""],
         f"staff number {twin.staff_number} again, under another name"),
        (233, ["45", "15930", "M.", "", "", "02/06/1993", "C", "Adjoint technique", *where, "Cuisinier", "100", "15/03/2021", ""],
         "no name at all"),
        (301, ["45", "88120", "Mme", "PAPIN", "LAURE", "14/05/2062", "C", "Adjoint technique", *where, "Agent d'entretien", "80", "31/11/2022", ""],
         "born in 2062, impossible date of joining (31/11/2022)"),
    ]  # fmt: skip
    _insert(path, rows, wrong, faults)
    _write_csv(path, rows, "utf-8-sig")


def _write_28(path: Path, agents: list[Agent], faults: Faults) -> None:
    rows: list[Row] = [
        ["Matricule", "Nom", "Prénom", "Genre", "Année de naissance", "Statut", "Grade", "Emploi",
         "Direction / service", "Unité de travail", "Site d'affectation", "Arrivée", "Départ"]
    ]  # fmt: skip
    rng = stream("people-28-columns")
    rows += [
        [a.staff_number, a.last_name, a.first_name, "Femme" if a.sex == "F" else "Homme",
         str(a.born.year), rng.choice(("Titulaire", "Titulaire", "Titulaire", "Contractuel")),
         a.grade, a.post, a.unit.service, a.unit.name, a.unit.site, a.joined.isoformat(),
         a.left.isoformat() if a.left else ""]
        for a in agents
    ]  # fmt: skip
    unit = _school(agents)
    where = [unit.service, unit.name, unit.site]
    wrong = [
        (64, ["29006", "Mouton", "Joël", "Homme", "1974", "Titulaire", "Agent de maîtrise", "Chef d'équipe routes", *where, "2001-02-29", ""],
         "impossible date of joining (2001-02-29)"),
        (128, ["51380", "Sauvage", "Carine", "Femme", "mille neuf cent", "Titulaire", "Adjoint technique", "Aide de cuisine", *where, "2015-09-01", ""],
         "a year of birth that is no number"),
        (190, ["17744", "", "Bilal", "Homme", "1999", "Contractuel", "Adjoint technique", "Patrouilleur", *where, "2023-11-06", ""],
         "no last name"),
    ]  # fmt: skip
    _insert(path, rows, wrong, faults)
    _write_csv(path, rows, "utf-8")
