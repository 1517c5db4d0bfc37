"""The columns that say who an agent is, in any file that names some; nothing beyond need (P21).

Headings are those of extracts of Ciril, Sedit, Astre and Pléiades and of lists kept by hand.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.french_numbers import is_blank_mark, read_number
from prevention_app.exchange.import_kinds import CellRead, ColumnFacts, ImportColumn, Parsed
from prevention_app.exchange.person_names import (
    looks_like_full_name,
    proper_name,
    sex_code,
    taken_apart,
)
from prevention_app.exchange.sheet_names import department_of_sheet
from prevention_app.exchange.sheets import Scalar, cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

IDENTITY = ("matricule", "last_name", "usage_name", "birth_name", "person", "first_name")
"""What tells one agent from the next."""

_SOCIAL_SECURITY = re.compile(r"[12378]\d{12}(?:\d\d)?")
_OPEN_END = 2099
"""From this year on a date of leaving only says that the agent is here (31/12/2999)."""
_BIRTH_CENTURY = 2020
"""A year of birth in two digits that read_date puts after this one is of the century before."""


def matricule(cell: CellRead) -> Parsed:
    """A staff number as text; a social security number in its place is not kept (P7)."""
    said = re.sub(r"\s", "", str(cell_parsers.text(cell).value or "")).lstrip("'’")
    if is_blank_mark(said) or not said:
        return Parsed()
    if _SOCIAL_SECURITY.fullmatch(said):
        return Parsed(
            problem="ressemble à un numéro de sécurité sociale ; il n’est pas repris, "
            "un matricule est attendu"
        )
    return Parsed(said)


def person_name(cell: CellRead) -> Parsed:
    """A last or first name, without its capitals."""
    said = cell_parsers.name(cell).value
    return Parsed(proper_name(str(said))) if said else Parsed()


def full_name(cell: CellRead) -> Parsed:
    """Last and first name of one cell; the heading may say in which order."""
    said = cell_parsers.name(cell).value
    if not said:
        return Parsed()
    heading = fold(cell.facts.heading)
    first_first = "prenom" in heading and 0 <= heading.find("prenom") < _place_of_name(heading)
    found = taken_apart(str(said), first_name_first=first_first)
    extras: dict[str, object] = {"last_name": found.last_name}
    if found.first_name:
        extras["first_name"] = found.first_name
    if found.sex:
        extras["told_sex"] = found.sex
    return Parsed(str(said), extras)


def _place_of_name(heading: str) -> int:
    match = re.search(r"(?<!pre)nom", heading)
    return match.start() if match else -1


def sex(cell: CellRead) -> Parsed:
    """F or H from a sex, a gender or a civility."""
    if cell.value is None or is_blank_mark(cell.text):
        return Parsed()
    code = sex_code(str(cell_parsers.text(cell).value))
    if code is None:
        return Parsed(problem=f"« {cell.text} » n’est ni F ni H")
    return Parsed(code)


def birth_year(cell: CellRead) -> Parsed:
    """The year of birth; of a date of birth nothing else is kept, here or in a message."""
    if cell.value is None or is_blank_mark(cell.text):
        return Parsed()
    try:
        found = read_date(cell.value)
    except ImpossibleDate:
        found = None
    if found is None:
        return Parsed(
            problem="l’année de naissance n’est pas lisible ; 1978 ou 14/03/1978 est attendu"
        )
    year = found.day.year
    two_digits = isinstance(cell.value, str) and not re.search(r"\d{4}", cell.value)
    return Parsed(year - 100 if two_digits and year > _BIRTH_CENTURY else year)


def arrival_or_leaving(cell: CellRead) -> Parsed:
    """A date of arrival or of leaving, its precision when it is not known to the day."""
    if cell.value is None or is_blank_mark(cell.text) or _is_open_end(cell.value):
        return Parsed()
    parsed = cell_parsers.about_when(cell)
    if parsed.problem:
        return parsed
    if parsed.value is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas une date ; une date comme 31/12/2026 est attendue"
        )
    precision = parsed.extras.get("_precision")
    return Parsed(parsed.value, {} if precision == "day" else {"_precision": precision})


def _is_open_end(value: Scalar) -> bool:
    """31/12/2999, 00/00/0000 or 01/01/1900: how HR programs write that there is no date."""
    if isinstance(value, date | datetime):
        return value.year >= _OPEN_END or value.year == 1900
    text = str(value).strip()
    years = re.findall(r"\d{4}", text)
    return bool(years) and all(year >= str(_OPEN_END) or year in {"0000", "1900"} for year in years)


def _full_name_look(facts: ColumnFacts) -> float:
    """Two words or more in most cells."""
    sample = facts.values[: looks.SAMPLE]
    if not sample:
        return 0.0
    names = sum(isinstance(each, str) and looks_like_full_name(each) for each in sample)
    share = names / len(sample)
    return 1.0 if share >= 0.7 else -1.0 if share <= 0.3 else 0.0


def _last_name_look(facts: ColumnFacts) -> float:
    """Texts; two words in most cells are rather a last and a first name."""
    text = looks.TEXT(facts)
    return -_full_name_look(facts) if text > 0 and _full_name_look(facts) > 0 else text


def _is_sex(value: Scalar) -> bool:
    number = read_number(value)
    return sex_code(str(number if number is not None else value)) is not None


def _is_year_or_date(value: Scalar) -> bool:
    number = read_number(value)
    return looks.is_about_a_date(value) or (number is not None and 1900 <= number <= 2100)


def numbers_the_lines(facts: ColumnFacts) -> bool:
    """Whether a column only says 1, 2, 3… from line to line."""
    numbers = [number for each in facts.values[: looks.SAMPLE] if (number := read_number(each))]
    return len(numbers) > 2 and numbers == list(range(1, len(numbers) + 1))


def _matricule_look(facts: ColumnFacts) -> float:
    """Short codes with figures."""
    if numbers_the_lines(facts) and not re.search(r"\bmat|agent|\bmle\b", fold(facts.heading)):
        return -1.0
    return looks.looks_like(_is_code)(facts)


def _is_code(value: Scalar) -> bool:
    """A staff number: short, with a figure in it, no date."""
    if isinstance(value, date):
        return False
    text = str(value).strip()
    return len(text) <= 15 and any(char.isdigit() for char in text) and "/" not in text


DEPARTMENT = ImportColumn(
    "department", "Département", ("Département", "Dpt", "Dept", "CD", "Collectivité", "Employeur",
    "N° département", "Code département", "Département employeur", "Entité juridique"),
    cell_parsers.department, context=True,
)  # fmt: skip

AGENT_COLUMNS = (
    DEPARTMENT,
    ImportColumn(
        "matricule", "Matricule", ("Matricule", "N° matricule", "Mat.", "Mle", "Matricule agent",
        "Matricule de l'agent", "N° agent", "Numéro d'agent", "Code agent", "Identifiant",
        "Identifiant agent", "ID agent", "Matricule RH", "Num agent", "NumAgent", "Matri", "CodAgt",
        "Numéro de matricule", "Réf. agent", "Matricule paie", "N° RH", "Staff number"),
        matricule, weak=("Agent", "ID", "Code", "N°", "Numéro", "Référence"),
        looks=_matricule_look, only_looks=True, carried=True, private=True,
    ),
    ImportColumn(
        "last_name", "Nom", ("Nom", "Nom de l'agent", "Nom agent", "Patronyme", "Nom salarié",
        "Nom du titulaire", "Nom du stagiaire", "Last name", "Surname", "Lib nom"),
        person_name, looks=_last_name_look, carried=True,
    ),
    ImportColumn(
        "usage_name", "Nom d’usage", ("Nom d'usage", "Nom usuel", "Nom usage", "Nom marital",
        "Nom d'épouse", "Nom d'usage agent",
        "Nom d'usage de l'agent"), person_name, looks=looks.TEXT,
    ),
    ImportColumn(
        "birth_name", "Nom de naissance", ("Nom de naissance", "Nom de famille", "Nom patronymique",
        "Nom de jeune fille", "Nom naissance", "Nom d'état civil"), person_name, looks=looks.TEXT,
        private=True,
    ),
    ImportColumn(
        "first_name", "Prénom", ("Prénom", "Prénom usuel", "Prénom de l'agent", "Prénom agent",
        "1er prénom", "Premier prénom", "First name", "Lib prénom"), person_name, looks=looks.TEXT,
        carried=True,
    ),
    ImportColumn(
        "person", "Nom et prénom", ("Nom et prénom", "Nom prénom", "Nom Prénom de l'agent",
        "Prénom Nom", "Prénom et nom", "Nom complet", "Identité", "Nom / Prénom", "NOM Prénom",
        "Agent (nom, prénom)", "Nom et prénom de l'agent", "Nom et prénom du stagiaire",
        "Full name",
        "Nom et prénoms", "Identité de l'agent", "Noms et prénoms"), full_name,
        weak=("Agent", "Nom", "Bénéficiaire", "Titulaire", "Stagiaire", "Salarié", "Personne",
        "Name", "Nom de l'agent", "Personnel", "Participant", "Conducteur"), looks=_full_name_look,
        carried=True,
    ),
    ImportColumn(
        "sex", "Sexe", ("Sexe", "Genre", "Civilité", "Civ.", "H/F", "F/H", "Code sexe",
        "Code civilité",
        "Sexe (F/H)", "Lib civilité", "Sex", "Qualité"), sex, looks=looks.looks_like(_is_sex),
        only_looks=True,
    ),
    ImportColumn(
        "birth_year", "Année de naissance", ("Année de naissance", "Date de naissance", "Né(e) le",
        "Née le", "Naissance", "DDN", "Date naiss.", "Dat nais", "Date nais", "Année naissance",
        "Né en", "Birth date", "Dt naissance", "Date naissance agent"), birth_year,
        looks=looks.looks_like(_is_year_or_date), private=True,
    ),
    ImportColumn(
        "direction", "Direction", ("Direction", "Direction d'affectation", "Lib direction",
        "Libellé direction", "Libellé de la direction", "Nom de la direction",
        "Direction de rattachement",
        "Directorate"), cell_parsers.name, context=True, looks=looks.TEXT,
        weak=("Pôle", "DGA", "Direction générale adjointe", "Délégation", "Lib pôle"),
    ),
    ImportColumn(
        "org_unit", "Service", ("Service", "Direction / service", "Direction ou service",
        "Service d'affectation", "Affectation", "Affectation (service)", "Libellé service",
        "Lib service", "Lib affectation", "Libellé affectation", "Entité", "Entité d'affectation",
        "Structure", "Structure d'affectation", "Unité organisationnelle", "UO", "Lib UO",
        "Service / unité", "Pôle / service", "Service de rattachement", "Service affectation",
        "Affectation principale", "Libellé de l'affectation", "Nom du service",
        "Department / service",
        "Service employeur", "Subdivision"), cell_parsers.name, context=True, looks=looks.TEXT,
        weak=("Bureau", "Division", "Secteur", "Unité d'affectation", "Cellule"),
    ),
    ImportColumn(
        "site", "Site", ("Site", "Site d'affectation", "Lieu de travail", "Lieu d'affectation",
        "Résidence administrative", "Bâtiment", "Établissement", "Lieu d'exercice", "Implantation",
        "Localisation", "Résidence adm.", "Lib site", "Lieu", "Site de travail",
        "Lib lieu de travail",
        "Libellé site", "Site / bâtiment"), cell_parsers.name, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "work_unit", "Unité de travail", ("Unité de travail", "UT", "Unité", "Équipe",
        "Unité de travail (DUERP)", "Lib unité de travail", "Unité de travail DUERP", "Work unit"),
        cell_parsers.name, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "job", "Métier", ("Métier", "Emploi", "Fonction", "Poste", "Poste occupé", "Emploi occupé",
        "Libellé emploi", "Lib emploi", "Intitulé du poste", "Fonctions", "Libellé fonction",
        "Lib fonction", "Libellé métier", "Lib métier", "Libellé du poste", "Lib poste",
        "Profession",
        "Métier exercé", "Fonction exercée", "Emploi / métier", "Intitulé de l'emploi", "Job"),
        cell_parsers.name, looks=looks.TEXT, only_looks=True,
    ),
    ImportColumn(
        "joined_on", "Arrivée le", ("Date d'entrée", "Entrée le", "Arrivée", "Date d'arrivée",
        "Entrée",
        "Arrivé(e) le", "Date d'embauche", "Date de recrutement", "Recruté(e) le", "Embauche",
        "Date entrée collectivité", "Date d'entrée dans la collectivité",
        "Date d'entrée collectivité",
        "Dat entrée", "Dt entrée", "Date arrivée collectivité", "Joined on", "Entrée collectivité",
        "Date d'entrée au département", "Présent depuis"), arrival_or_leaving, looks=looks.DATE,
        weak=("Date d'affectation", "Début d'affectation", "Ancienneté", "Début de contrat",
        "Date de début", "Date début contrat"), only_looks=True,
    ),
    ImportColumn(
        "left_on", "Départ le", ("Date de sortie", "Sortie le", "Départ", "Date de départ",
        "Sortie",
        "Parti(e) le", "Fin de contrat", "Date de fin de contrat", "Date de radiation",
        "Radié(e) le",
        "Date sortie collectivité", "Date de sortie de la collectivité", "Dat sortie", "Dt sortie",
        "Date départ définitif", "Left on"), arrival_or_leaving, looks=looks.DATE,
        weak=("Date de fin", "Fin", "Fin d'affectation", "Date fin affectation"), only_looks=True,
    ),
)  # fmt: skip

NOT_ABOUT_AGENTS = (
    "Lieu de naissance", "Ville de naissance", "Commune de naissance", "Département de naissance",
    "Pays de naissance", "Code service", "Code direction", "Code affectation", "Code emploi",
    "Code grade", "Code site", "Code métier", "Code fonction", "Code poste", "Code UO",
    "N° de poste",
    "Numéro de poste", "Code unité", "Code structure", "Cadre d'emplois", "Grade", "Libellé grade",
    "Filière", "Statut", "Position", "Échelon", "Indice", "Quotité", "Date d'entrée dans le grade",
    "Date d'entrée grade", "Date entrée échelon", "Date d'effet", "Date de titularisation",
    "Date de nomination", "Motif de sortie", "Motif de départ", "Motif d'entrée", "Adresse",
    "Nom du conjoint", "Nom du responsable", "Nom du chef de service", "Prénom du responsable",
    "N° de sécurité sociale", "NIR", "N° INSEE", "Numéro de sécurité sociale",
    "Téléphone du service",
    "Adresse du site", "Date d'entrée FPT", "Date d'entrée fonction publique", "Nom du père",
    "Situation familiale", "Type de contrat", "Nature du contrat", "Date de mariage", "Code postal",
    "Nationalité", "Temps de travail", "Poste téléphonique", "Chef de service", "N° de téléphone",
    "Date de retraite", "Responsable hiérarchique", "Prénom du père", "Nombre d'enfants",
)  # fmt: skip
"""Headings that come near those of an agent and are none that prevention needs."""


def complete_agent(row: ImportedRow, table: TableUnderstood) -> None:
    """Settle the name among those that the file holds, and what sheet and civility tell."""
    values = row.values
    if values.pop("person", None):
        row.cells["last_name"] = row.cells.pop("person", "")
    told = values.pop("told_sex", None)
    if told and "sex" not in values:
        values["sex"] = told
    _settle_name(row)
    if "matricule" in row.cells and _row_of(row, "matricule") < _row_of(row, "last_name"):
        # Another agent's number, carried down to a line that names an agent of its own.
        del values["matricule"], row.cells["matricule"]
    if "department" not in values and not table.column_of("department"):
        number = department_of_sheet(table.sheet)
        if number:
            values["department"] = number


def _row_of(row: ImportedRow, key: str) -> int:
    """The row that a value was read from; the record's own where that is not known."""
    digits = row.cells.get(key, "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits else row.row


def _settle_name(row: ImportedRow) -> None:
    """The name in use holds; a married or birth name only where no other is given."""
    given = [
        (row.values.pop(key, None), row.cells.pop(key, ""))
        for key in ("usage_name", "last_name", "birth_name")
    ]
    name, cell = next(((name, cell) for name, cell in given if name), (None, ""))
    if name:
        row.values["last_name"] = name
        row.cells["last_name"] = cell


def has_name(row: ImportedRow) -> bool:
    """Whether the row says an agent's last name."""
    return bool(row.values.get("last_name"))


def name_missing(row: ImportedRow, table: TableUnderstood) -> None:
    """Refuse the row for want of a name."""
    columns = (table.column_of(key) for key in ("last_name", "usage_name", "person"))
    match = next((column for column in columns if column), None)
    cell = cell_name(row.row, match.column) if match else ""
    row.problem(cell, f"Ligne {row.row} : « Nom » est à remplir.", fatal=True)
