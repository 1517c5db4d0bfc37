"""The register of accidents and diseases: what prevention needs of it and nothing more (P7).

Columns that no field was found for are listed and never kept: they may hold health data.
"""

from __future__ import annotations

import re
from datetime import datetime, time

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_dates import ImpossibleDate, read_date, read_time
from prevention_app.exchange.french_numbers import is_blank_mark, read_number, read_yes_no
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    ImportColumn,
    ImportKind,
    Parsed,
)
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT
from prevention_app.exchange.sheet_names import (
    A_TIME,
    department_of_sheet,
    names_a_place,
    names_a_time,
    names_an_org_unit,
    year_of_sheet,
)
from prevention_app.exchange.sheets import Scalar, cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

# What kind of accident it was

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("near_miss", re.compile(r"presqu|quasi[\s-]*accident|near miss|\bpa\b|incident|sans lesion")),
    ("occupational_disease", re.compile(r"maladie|\bmp\b|\bmcp\b|occupational disease")),
    ("commuting", re.compile(r"trajet|commut|domicile|\bat[rj]\b|\baj\b|in itinere")),
    ("mission", re.compile(r"mission|deplacement")),
    ("service", re.compile(r"service|travail|\bats?\b|\bas\b|at work")),
)
"""The first that is found holds: « accident de service en mission » is one on a mission."""


def _kind_of(words: str) -> str | None:
    said = fold(words)
    if re.search(r"hors (?:trajet|mission)", said):
        said = re.sub(r"hors (?:trajet|mission)", "", said)
    found = [code for code, pattern in _KINDS if pattern.search(said)]
    if "commuting" in found and "service" in found and not said.startswith("accident de trajet"):
        # « Service et trajet » is the title of the whole register, no kind of accident.
        return None if re.search(r"\b(?:et|ou)\b|/", said) else "commuting"
    return found[0] if found else None


def _kind(cell: CellRead) -> Parsed:
    if _says_nothing(cell):
        return Parsed()
    code = _kind_of(cell.text)
    if code is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un type d’accident ; service, trajet, mission, "
            "maladie professionnelle ou presqu’accident est attendu."
        )
    return Parsed(code)


def _is_kind(value: Scalar) -> bool:
    return isinstance(value, str) and len(value) < 60 and _kind_of(value) is not None


# When

_CLOCK = re.compile(r"(?:^|[\s,;(àT])(\d{1,2}\s*(?:h|:)\s*\d{0,2})\b")
_DAY_AND_MONTH = re.compile(r"\d{1,2}(?:er)?\s*(?:[/.\-]\s*\d{1,2}|\s+[a-z]{3,9}\.?)")


def _when(cell: CellRead) -> Parsed:
    """The day, and the time where it stands in the same cell.

    A day without its year is completed from the sheet's name by `_finish`.
    """
    if _says_nothing(cell):
        return Parsed()
    if isinstance(cell.value, datetime) and cell.value.time() != time.min:
        return Parsed(cell.value.date(), {"time": f"{cell.value:%H:%M}"})
    said = " ".join(fold(cell.text).split())
    clock = _CLOCK.search(said) if isinstance(cell.value, str) else None
    at = read_time(clock[1]) if clock else None
    if isinstance(cell.value, str) and clock and at:
        said = re.sub(r"[\s,;(]+(?:a|vers|-)?\s*$", "", said[: clock.start(1)])
        parsed = cell_parsers.day(CellRead(said, cell.facts))
        return Parsed(parsed.value, {"time": f"{at:%H:%M}"}, parsed.problem, parsed.fatal)
    if isinstance(cell.value, str) and _DAY_AND_MONTH.fullmatch(said):
        return Parsed(extras={"day_of_year": cell.text})
    return cell_parsers.day(cell)


_TIME_UNKNOWN = frozenset(("n.r.", "inconnue", "inconnu", "non renseigne", "non renseignee"))


def _time(cell: CellRead) -> Parsed:
    """A time of day as 14:05; words such as « matin » stay as a remark."""
    if _says_nothing(cell) or fold(cell.text) in _TIME_UNKNOWN:
        return Parsed()
    value = cell.value
    said = (
        re.sub(r"^(?:vers|environ|env\.?|a)\s+", "", fold(cell.text))
        if isinstance(value, str)
        else ""
    )
    at = read_time(said.replace("heures", "h").replace("heure", "h")) if said else read_time(value)
    if at is None and (match := re.fullmatch(r"(\d{1,2})\s*[.,h]?\s*(\d{2})", said)):
        at = read_time(f"{match[1]}h{match[2]}")
    return Parsed(f"{at:%H:%M}") if at else Parsed(remark=cell.text)


def _is_time(value: Scalar) -> bool:
    if isinstance(value, str):
        return read_time(value) is not None or bool(
            re.search(r"matin|midi|soir|nuit|^nr$", fold(value))
        )
    return isinstance(value, time | float)


# Off work

_NONE = frozenset(
    ("neant", "sans arret", "sans", "aucun", "aucune", "pas d'arret", "non", "n", "nul", "ras", "zero")
)
_STILL = re.compile(r"en cours|\?+|inconnu|a completer|a preciser|non communique|nc|n\.c\.")
_DAYS = re.compile(r"(\d+)\s*(?:j(?:rs?|ours?)?\b\.?|d\b)?")
_WEEKS = re.compile(r"(\d+)\s*sem(?:aines?)?\.?")


def _days_lost(cell: CellRead) -> Parsed:
    """How many days off: 12, « 12 j », « 3+5 » (8), « néant » (0); the words stay beside."""
    value = cell.value
    if value is None:
        return Parsed()
    number = read_number(value)
    if number is not None and number == number.to_integral_value():
        return Parsed(int(number))
    said = " ".join(fold(cell.text).split()).strip(" .")
    return Parsed(_days_said(said), {"_text": cell.text})


def _days_said(said: str) -> int | None:
    if said in _NONE or said in {"-", "–", "—", "--", "/"}:
        return 0
    parts = re.split(r"\s*(?:\+|\bet\b|\bpuis\b)\s*", said)
    days = [_days_of(part) for part in parts]
    return sum(each for each in days if each is not None) if None not in days else None


def _days_of(said: str) -> int | None:
    bare = re.sub(
        r"\(?(?:prolongation|prol|initial|d'arret|arret)s?\.?\)?|\bde\b", " ", said
    ).strip()
    if match := _DAYS.fullmatch(bare):
        return int(match[1])
    match = _WEEKS.fullmatch(bare)
    return 7 * int(match[1]) if match else None


def _is_days_lost(value: Scalar) -> bool:
    if read_number(value) is not None:
        return True
    if not isinstance(value, str):
        return False
    said = " ".join(fold(value).split())
    return _days_said(said) is not None or bool(_STILL.fullmatch(said))


_WITH, _WITHOUT = re.compile(r"avec|oui\b|arret de|en arret"), re.compile(r"sans|pas d|non\b|aucun")


def _stoppage(cell: CellRead) -> Parsed:
    """Whether there was time off; « oui (12 j) » also says how long."""
    if _says_nothing(cell):
        return Parsed()
    said = " ".join(fold(cell.text).split())
    verdict = read_yes_no(cell.value)
    if verdict is not None:
        return Parsed(verdict)
    days = re.search(r"\d+\s*(?:\+\s*\d+\s*)*(?:j\b|jours?\b|$)", said)
    extras = _days_lost(CellRead(days[0].strip(), cell.facts)) if days else None
    if _WITHOUT.match(said):
        return Parsed(value=False)
    if _WITH.match(said) or (extras and extras.value):
        return Parsed(value=True, extras={"days_lost": extras.value} if extras else {})
    return Parsed(remark=cell.text)


def _is_stoppage(value: Scalar) -> bool:
    if isinstance(value, bool):
        return True
    if not isinstance(value, str):
        return False
    said = fold(value)
    return read_yes_no(said) is not None or bool(re.match(r"avec arret|sans arret", said))


# What was decided

_DECISIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("pending", re.compile(r"instruction|attente|en cours|etude|provisoire|examen|expertise|enquete|a venir|sursis|depose|pending|\binst\b")),
    ("refused", re.compile(r"refus|rejet|\bnon\b|^n$|defavorable|^no$|conteste")),
    ("recognised", re.compile(r"reconnu|imputa|accept|accord|favorable|oui|^o$|^r$|pris en charge|prise en charge|valide|admis|recogni|^x$")),
)  # fmt: skip


def _recognition(cell: CellRead) -> Parsed:
    """What the employer decided; a date or anything else written with it is a remark."""
    if _says_nothing(cell):
        return Parsed()
    said = " ".join(fold(cell.text).split())
    for code, pattern in _DECISIONS:
        if pattern.search(said):
            more = re.search(r"\d", said) is not None
            return Parsed(code, remark=cell.text if more else "")
    return Parsed(remark=cell.text)


def _is_decision(value: Scalar) -> bool:
    return isinstance(value, str) and any(pattern.search(fold(value)) for _, pattern in _DECISIONS)


# Who

_SEXES = {
    "f": "F", "femme": "F", "feminin": "F", "fem": "F", "mme": "F", "madame": "F", "mlle": "F",
    "h": "H", "homme": "H", "m": "H", "masculin": "H", "masc": "H", "monsieur": "H", "mr": "H", "2": "F", "1": "H",
}  # fmt: skip


def _sex(cell: CellRead) -> Parsed:
    if _says_nothing(cell):
        return Parsed()
    code = _SEXES.get(fold(cell.text).strip(" ."))
    return Parsed(code, remark="" if code else cell.text)


def _is_sex(value: Scalar) -> bool:
    return isinstance(value, str) and fold(value).strip(" .") in _SEXES


def _says_nothing(cell: CellRead) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and is_blank_mark(cell.value))


# The columns

_IDENTIFYING = looks.looks_like(lambda value: isinstance(value, str | int), against=0.1)


def _number_look(facts: ColumnFacts) -> float:
    """Original numbers are short and unlike each other."""
    if not facts.values:
        return 0.0
    shown = [str(value) for value in facts.values]
    return 0.5 if len(set(shown)) == len(shown) and max(map(len, shown)) <= 24 else -0.5


_COLUMNS = (
    ImportColumn(
        "number", "N° d’origine", ("N°", "N° ordre", "N° d'ordre", "Numéro", "N° d'accident", "N° AT",
        "N° dossier", "Numéro de dossier", "Dossier", "Réf", "Référence", "N° déclaration", "N° de registre", "ID"),
        cell_parsers.text, looks=_number_look,
    ),
    DEPARTMENT,
    ImportColumn(
        "date", "Date de l’accident", ("Date de l'accident", "Date", "Date AT", "Date accident", "Date des faits",
        "Date et heure", "Date et heure de l'accident", "Date / heure", "Date de l'événement", "Date du sinistre",
        "Date de survenue", "Survenu le", "Accident du", "Jour de l'accident", "Date évènement"),
        _when, weak=("Jour", "Le", "Quand"), looks=looks.looks_like(
            lambda value: looks.is_about_a_date(value) or bool(
                isinstance(value, str) and _DAY_AND_MONTH.match(fold(value))), against=0.2),
        required=True,
    ),
    ImportColumn(
        "time", "Heure", ("Heure", "Heure de l'accident", "Horaire", "Heure AT", "Heure des faits", "Vers",
        "Heure de survenue", "Hre", "Créneau horaire", "Moment de la journée"), _time, looks=looks.looks_like(_is_time, against=0.1),
    ),
    ImportColumn(
        "person", "Agent", ("Agent", "Nom", "Nom de l'agent", "Nom et prénom", "Nom Prénom", "Nom - prénom",
        "Victime", "Agent victime", "Identité", "Agent concerné", "Nom de la victime", "Nom prénom de l'agent",
        "Salarié", "Nom patronymique", "Nom d'usage", "Personne", "Employé", "Nom de l'employé"), cell_parsers.name, looks=looks.TEXT,
    ),
    ImportColumn(
        "first_name", "Prénom", ("Prénom", "Prénom de l'agent", "Prénom de la victime"), cell_parsers.name,
    ),
    ImportColumn(
        "sex", "Sexe", ("Sexe", "Genre", "H/F", "F/H", "Civilité", "Sexe (F/H)", "M/F"), _sex,
        looks=looks.looks_like(_is_sex),
    ),
    ImportColumn(
        "direction", "Direction", ("Direction", "Pôle", "DGA", "Direction générale adjointe", "Direction / pôle"),
        cell_parsers.name, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "org_unit", "Service", ("Service", "Direction / service", "Service d'affectation", "Affectation",
        "Direction ou service", "Service / direction", "Entité", "Service de l'agent", "Pôle / direction / service", "Direction d'affectation", "Structure", "Unité", "Unité d'affectation"),
        cell_parsers.name, context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "work_unit", "Unité de travail", ("Unité de travail", "UT"), cell_parsers.name, context=True,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "site", "Site", ("Site", "Lieu", "Lieu de l'accident", "Lieu AT", "Lieu de survenue", "Établissement",
        "Lieu de travail", "Site / bâtiment", "Résidence administrative", "Localisation", "Site concerné", "Site de travail", "Site d'affectation",
        "Lieu des faits"), cell_parsers.name, weak=("Où", "Bâtiment"), context=True, looks=looks.TEXT,
    ),
    ImportColumn(
        "kind", "Type d’accident", ("Type d'accident", "Type", "Type AT", "Nature de l'accident", "Catégorie",
        "Catégorie d'accident", "Type d'événement", "Qualification", "Service / trajet", "Service ou trajet",
        "Type de sinistre", "AT / trajet / MP", "Accident ou maladie", "AT/MP", "Typologie"), _kind, weak=("Nature", "Nature AT", "Accident", "Régime"),
        context=True, looks=looks.looks_like(_is_kind), by_look=True,
    ),
    ImportColumn(
        "circumstances", "Circonstances", ("Circonstances", "Circonstances de l'accident", "Description",
        "Description des faits", "Description de l'accident", "Faits", "Récit", "Récit des faits", "Exposé des faits",
        "Résumé", "Circonstances détaillées", "Description des circonstances", "Que s'est-il passé",
        "Déroulement", "Nature et circonstances", "Événement", "Libellé", "Causes et circonstances", "Motif", "Commentaires sur l'accident"),
        cell_parsers.text, weak=("Cause", "Causes", "Détail", "Accident", "Commentaire"), looks=looks.LONG_TEXT,
    ),
    ImportColumn(
        "activity", "Activité", ("Activité", "Activité au moment de l'accident", "Tâche", "Tâche effectuée",
        "Activité exercée", "Travail effectué", "Tâche en cours", "Activité / tâche", "Type d'activité", "Travail en cours"), cell_parsers.text,
        looks=looks.TEXT,
    ),
    ImportColumn(
        "material_element", "Élément matériel", ("Élément matériel", "Agent matériel", "Matériel en cause",
        "Objet en cause", "Élément matériel en cause", "Cause matérielle", "Agent causal", "Facteur matériel",
        "Équipement en cause", "Matériel impliqué"), cell_parsers.text, looks=looks.TEXT,
    ),
    ImportColumn(
        "injury_seat", "Siège des lésions", ("Siège des lésions", "Siège de la lésion", "Siège", "Siège lésions",
        "Partie du corps", "Localisation des lésions", "Localisation de la lésion", "Zone du corps",
        "Partie du corps atteinte", "Localisation de la blessure", "Siège des blessures", "Zone lésée", "Localisation corporelle"),
        cell_parsers.name, looks=looks.TEXT,
    ),
    ImportColumn(
        "injury_nature", "Nature des lésions", ("Nature des lésions", "Nature de la lésion", "Nature lésions",
        "Type de lésion", "Lésion", "Lésions", "Nature des blessures", "Blessure", "Nature de la blessure",
        "Type de blessure"), cell_parsers.name, weak=("Nature",), looks=looks.TEXT,
    ),
    ImportColumn(
        "stoppage", "Arrêt de travail", ("Arrêt (O/N)", "Arrêt", "Arrêt O/N", "Arrêt de travail", "Avec arrêt",
        "Avec / sans arrêt", "Accident avec arrêt", "Arrêt oui/non", "AT avec arrêt", "Arrêt de travail O/N"),
        _stoppage, looks=looks.looks_like(_is_stoppage, against=0.4),
    ),
    ImportColumn(
        "days_lost", "Jours d’arrêt", ("Jours d'arrêt", "Nb jours d'arrêt", "Nombre de jours d'arrêt",
        "Durée de l'arrêt", "Durée arrêt", "Jours perdus", "Nb de jours", "Nombre de jours", "Jrs d'arrêt",
        "Arrêt (jours)", "Durée (jours)", "Durée de l'arrêt en jours", "NJA", "Nb j", "J arrêt", "Nb j. d'arrêt"),
        _days_lost, weak=("Jours", "Arrêt", "Durée", "Arrêt de travail", "ITT"),
        looks=looks.looks_like(_is_days_lost, against=0.4),
    ),
    ImportColumn(
        "recognition", "Reconnaissance", ("Imputabilité", "Reconnaissance", "Imputabilité au service", "Reconnu",
        "Imputable", "Imputable au service", "Décision", "Décision d'imputabilité", "Reconnu imputable",
        "Reconnaissance de l'imputabilité", "CITIS", "Imputable O/N", "Décision administrative", "Avis d'imputabilité",
        "Reconnu O/N", "Statut du dossier", "Décision de l'administration"), _recognition, weak=("Statut", "Avis", "Suite administrative", "Instruction", "État"),
        looks=looks.looks_like(_is_decision),
    ),
    ImportColumn(
        "measures", "Mesures prises", ("Mesures prises", "Suites / mesures prises", "Suites", "Suites données",
        "Mesures", "Actions", "Actions correctives", "Mesures de prévention", "Mesures correctives",
        "Actions de prévention", "Actions menées", "Préconisations", "Mesures prises ou envisagées",
        "Suites et mesures", "Actions engagées", "Mesures de prévention prises", "Actions mises en place", "Plan d'action"),
        cell_parsers.text, weak=("Observations", "Remarques"), looks=looks.TEXT,
    ),
)  # fmt: skip

_NOT_TAKEN = (
    "Date de naissance", "Date de déclaration", "Date déclaration", "Date de reprise", "Reprise le",
    "Date de fin d'arrêt", "Date fin arrêt", "Date début arrêt", "Date de début d'arrêt", "Fin d'arrêt",
    "Début d'arrêt", "Arrêt du", "Arrêt jusqu'au", "Date du certificat", "Date de consolidation", "Date de guérison", "Date de la décision",
    "Date décision", "Date de réception", "Date d'envoi", "Date d'entrée", "Date d'embauche", "Date de commission",
    "Date de saisie", "Date enquête", "Matricule", "N° de sécurité sociale", "Numéro de sécurité sociale", "N° agent",
    "NIR", "N° SS", "Taux IPP", "IPP", "Médecin", "Diagnostic", "Certificat médical", "Âge", "Nom du témoin",
    "Témoin", "Nom du responsable", "Nom du médecin", "Type de contrat", "Type d'arrêt", "Statut de l'agent",
    "Lieu de naissance", "Nature du contrat", "Agent de maîtrise", "Durée des soins", "Nombre de jours de soins",
)  # fmt: skip
"""Dates and names that are not those of the accident, and what prevention must not keep."""


def _section_field(text: str) -> str:
    """What a line alone among the rows names: a kind, an employer, a service, a place."""
    if names_a_time(text):
        return A_TIME
    if _kind_of(text) and not names_a_place(text):
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
    for key, of_sheet in (("kind", _kind_of), ("department", department_of_sheet)):
        said = of_sheet(table.sheet) if key not in values and not table.column_of(key) else None
        if said:
            values[key] = said


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
