"""Credentials of people: a matrix of agents and titles, or one line for each title.

Each filled cell of a matrix is a record; an agent of whom nothing is filled is one too, without a
credential, so that every row is accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    ImportColumn,
    ImportKind,
    Parse,
    Parsed,
    Split,
    TableRows,
)
from prevention_app.exchange.kinds import credential_matrix
from prevention_app.exchange.kinds.agent_columns import (
    AGENT_COLUMNS,
    IDENTITY,
    NOT_ABOUT_AGENTS,
    arrival_or_leaving,
    complete_agent,
    has_name,
    name_missing,
    numbers_the_lines,
)
from prevention_app.exchange.kinds.credential_cells import (
    CellSaid,
    Role,
    State,
    is_credential_mark,
    read_cell,
)
from prevention_app.exchange.kinds.credential_matrix import (
    MATRIX_CELL,
    Matrix,
    credential_of,
)
from prevention_app.exchange.kinds.credential_names import (
    CredentialName,
    is_whole_family,
    named_credential,
    titles_in,
)
from prevention_app.exchange.sheet_names import names_a_place, names_an_org_unit
from prevention_app.exchange.sheets import Scalar, cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_DATED = ("obtained", "refreshed", "expires", "renewal_planned", "status")
"""The fields of a line whose cells say when, or how far, a credential is held."""


def _said(role: Role) -> Parse:
    """A parser of a date or mark of a line; the split puts what several cells say together."""

    def parse(cell: CellRead) -> Parsed:
        said = read_cell(cell.value, role)
        if said is None:
            return Parsed()
        if said.problem:
            return Parsed(problem=said.problem, fatal=True)
        return Parsed(said)

    return parse


def _status(cell: CellRead) -> Parsed:
    said = read_cell(cell.value, Role.OBTAINED)
    if said is None or said.problem or said.state is None:
        return Parsed(remark=cell.text if said else "")
    return Parsed(said)


def _type_look(facts: ColumnFacts) -> float:
    """Texts, some of them names of credentials; dates and marks are those of a matrix."""
    texts = facts.texts[: looks.SAMPLE]
    if not texts or len(texts) * 2 < len(facts.values[: looks.SAMPLE]):
        return -1.0 if facts.values else 0.0
    named = sum(_names_credential(text) for text in texts) / len(texts)
    if named >= 0.5:
        return 1.0
    marks = sum(map(is_credential_mark, texts)) / len(texts)
    return -1.0 if marks >= 0.5 or (named == 0 and len(texts) > 12) else 0.0


def _number_look(facts: ColumnFacts) -> float:
    return -1.0 if numbers_the_lines(facts) else 0.0


def _names_credential(value: Scalar) -> bool:
    return isinstance(value, str) and named_credential(value) is not None


_LINE_COLUMNS = (
    ImportColumn(
        "credential_type", "Titre", ("Titre", "Habilitation", "Type d'habilitation", "Intitulé",
        "Formation",
        "Intitulé de la formation", "Habilitation / formation", "Autorisation",
        "CACES / habilitation",
        "Titre / habilitation", "Nom de l'habilitation", "Libellé de l'habilitation",
        "Type de titre",
        "Intitulé de l'habilitation", "Qualification", "Certificat", "Libellé formation",
        "Credential",
        "Type de formation", "Habilitation ou autorisation", "Habilitations", "Titre détenu",
        "Nature de l'habilitation", "Formation suivie", "Stage", "Intitulé du stage", "Compétence",
        "Habilitation / autorisation", "Formation réglementaire", "Libellé du stage"),
        cell_parsers.name,
        weak=("Type", "Libellé", "Désignation", "Nature", "Module", "CACES", "Thème"),
        looks=_type_look, only_looks=True, by_look=True,
    ),
    ImportColumn(
        "category", "Catégorie", ("Catégorie", "Cat.", "Catégories", "Niveau", "Symboles",
        "Symbole",
        "Option", "Catégorie CACES", "Catégorie / niveau", "Niveau / catégorie", "Options",
        "Catégorie ou symbole", "Symbole d'habilitation", "Sous-catégorie",
        "Engin"), cell_parsers.name,
        weak=("Type",),
    ),
    ImportColumn(
        "obtained", "Obtenu le", ("Date d'obtention", "Obtenu(e) le", "Obtention",
        "Date de délivrance",
        "Délivré(e) le", "Date de formation", "Date du stage", "Date du titre", "Date de réussite",
        "Date de fin de formation", "Fin de formation", "Date de réalisation", "Début de validité",
        "Date de début de validité", "Date d'examen", "Date formation",
        "Valable du", "Dernière formation", "Date de la dernière formation", "Formation le",
        "Passé le",
        "Date du test", "Date de passage", "Date de la formation", "Date de session", "Obtained",
        "Date initiale", "Date formation initiale", "Formé(e) le", "Date dernière session"),
        _said(Role.OBTAINED), weak=("Date", "Date de début", "Début", "Du", "Le", "Session"),
        looks=looks.looks_like(is_credential_mark), only_looks=True,
    ),
    ImportColumn(
        "refreshed", "Dernier recyclage", ("Dernier recyclage", "Date du dernier recyclage",
        "Date MAC",
        "Dernier MAC", "Date du dernier MAC", "MAC", "Recyclé(e) le", "Date dernier recyclage",
        "Dernière mise à jour de la formation", "Dernier maintien des acquis"),
        _said(Role.OBTAINED), looks=looks.looks_like(is_credential_mark), only_looks=True,
    ),
    ImportColumn(
        "expires", "Fin de validité", ("Fin de validité", "Date de fin de validité", "Validité",
        "Valable jusqu'au", "Date d'expiration", "Expire le", "Échéance", "Date d'échéance",
        "Date limite", "Date limite de validité", "Expiration", "Valide jusqu'au", "Fin validité",
        "Date de validité", "Date de péremption", "Prochain recyclage",
        "Date du prochain recyclage",
        "À renouveler avant le", "À recycler avant le", "Recyclage avant le", "Renouvellement",
        "Date de renouvellement", "Expires", "Péremption", "Prochaine échéance",
        "Validité jusqu'au"),
        _said(Role.EXPIRES), weak=("Date de fin", "Fin", "Au", "Recyclage", "Date de recyclage"),
        looks=looks.looks_like(is_credential_mark), only_looks=True,
    ),
    ImportColumn(
        "renewal_planned", "Recyclage prévu le", ("Recyclage prévu le", "Renouvellement prévu le",
        "Date de recyclage prévue", "Session prévue", "Recyclage programmé", "Recyclage à prévoir",
        "Formation prévue le", "Prochaine session", "Inscription"), _said(Role.PLANNED),
        looks=looks.looks_like(is_credential_mark), only_looks=True,
    ),
    ImportColumn(
        "status", "Situation", ("Situation", "État", "Statut du titre", "Statut de l'habilitation",
        "Validité (O/N)", "À jour", "Détenu", "Valide", "Détention", "État du titre",
        "En cours de validité"), _status, weak=("Statut",),
        looks=looks.looks_like(is_credential_mark), only_looks=True,
    ),
    ImportColumn(
        "medical_until", "Attestation médicale jusqu’au", ("Attestation médicale jusqu'au",
        "Fin de validité de l'attestation médicale", "Visite médicale permis",
        "Aptitude médicale jusqu'au"),
        arrival_or_leaving, looks=looks.DATE, only_looks=True,
    ),
    ImportColumn(
        "body", "Organisme", ("Organisme", "Organisme de formation", "Centre de formation",
        "Organisme formateur", "Délivré par", "Organisme certificateur", "Prestataire", "Body",
        "Organisme testeur", "Formateur"), cell_parsers.name, looks=looks.TEXT,
    ),
    ImportColumn(
        "number", "N° du titre", ("N° du titre", "Numéro du titre", "N° de certificat",
        "N° du certificat",
        "N° d'attestation", "Numéro de certificat", "N° de carte", "N° CACES", "N° Certiphyto",
        "Référence du titre", "N° d'habilitation", "N° titre", "N° du document"), cell_parsers.name,
        weak=("N°", "Numéro", "Référence", "Réf."), looks=_number_look, only_looks=True,
    ),
    ImportColumn(
        MATRIX_CELL, "Titre (une colonne par titre)", (), cell_parsers.text, repeated=True,
        by_look=True, recognises=credential_matrix.recognises, looks=credential_matrix.look,
        only_looks=True,
    ),
)  # fmt: skip


def _agent_columns() -> tuple[ImportColumn, ...]:
    """Those of an agent; « Début » and « Fin » alone are dates of the credential here."""
    return tuple(
        replace(column, weak=()) if column.key in {"joined_on", "left_on"} else column
        for column in AGENT_COLUMNS
    )


_NOT_TAKEN = (
    *NOT_ABOUT_AGENTS, "Visite médicale", "Date de visite médicale", "Aptitude médicale",
    "Aptitude", "Vaccination", "Vaccins", "DTP", "Hépatite B", "Leptospirose", "Tétanos",
    "Dernière visite",
    "Prochaine visite médicale", "Médecine du travail", "Visite", "Restrictions",
    "Restriction médicale",
    "Date de mise à jour", "Mis à jour le", "Entretien professionnel", "Date d'entretien", "Coût",
    "Durée", "Durée (heures)", "Nb d'heures", "Dotation EPI", "Date de dotation",
    "Permis de conduire n°",
    "Durée de validité", "Date de saisie", "Périodicité", "RQTH",
)  # fmt: skip


def _make_split(table: TableUnderstood, facts: Mapping[int, ColumnFacts]) -> Split:
    """What makes the records of a row: from the cells of the matrix, and from the line itself."""
    matrix = Matrix(table, facts)
    columns = _columns_of_line(table, matrix)
    of_sheet = None if matrix.groups else _credential_of_sheet(table)

    def split(row: ImportedRow, rows: TableRows) -> list[ImportedRow]:
        line = _taken_off(row)
        for key, column in columns.items():
            if (cell := rows.values.get(column)) and cell.value is not None:
                line.setdefault(key, _said_of_line(row, key, cell, column))
        made = _of_line(row, line, of_sheet) + matrix.read(row, rows.values)
        _share_problems(row, made)
        return made or [row]

    return split


def _columns_of_line(table: TableUnderstood, matrix: Matrix) -> dict[str, int]:
    """Columns under the name of a credential that belong to the line, by the field that they hold.

    « N° CACES » beside « Titre »; « CACES » beside dates that are nobody's else.
    """
    if table.column_of("credential_type"):
        return {role.value: column for role, column in matrix.take_columns_of_line().items()}
    if any(table.column_of(key) for key in ("obtained", "expires")):
        column = matrix.take_family_column()
        return {"credential_type": column} if column else {}
    return {}


def _said_of_line(row: ImportedRow, key: str, cell: CellRead, column: int) -> object:
    """A text, or what a cell of dates says, its problem reported."""
    if key not in _DATED:
        return cell_parsers.text(cell).value
    said = read_cell(cell.value, Role(key))
    if said and said.problem:
        place = f"Ligne {row.row}, colonne « {' '.join(cell.facts.heading.split())} »"
        row.problem(cell_name(row.row, column), f"{place} : {said.problem}.", fatal=True)
    return said


def _credential_of_sheet(table: TableUnderstood) -> CredentialName | None:
    """The one credential that a sheet or its title is about: « SUIVI CACES R489 »."""
    for words in (table.sheet, *table.notes[:3]):
        found = named_credential(words)
        if found:
            return found
    return None


def _taken_off(row: ImportedRow) -> dict[str, object]:
    """Take what the line says of a credential off the row, which keeps the agent."""
    keys = [column.key for column in _LINE_COLUMNS]
    return {key: row.values.pop(key) for key in keys if key in row.values}


def _of_line(
    row: ImportedRow, line: Mapping[str, object], of_sheet: CredentialName | None
) -> list[ImportedRow]:
    """The credentials that a line names itself; several when its title names several."""
    said = [value for key in _DATED if isinstance(value := line.get(key), CellSaid)]
    typed = str(line.get("credential_type") or "")
    if not typed and not (of_sheet and (said or line.get("category"))):
        if said and not row.values.get("credential_type"):
            row.problem("", f"Ligne {row.row} : « Titre » est à remplir.", fatal=True)
        return []
    category = str(line.get("category") or "")
    made: list[ImportedRow] = []
    for part in titles_in(typed) if typed else [""]:
        name, of_cell = _name_of_line(part, category, of_sheet)
        each = credential_of(row, name, [*said, *of_cell])
        for key in ("body", "number", "medical_until"):
            if key in line:
                each.values[key] = line[key]
        made.append(each)
    return made


_A_DATE = re.compile(r"\d{2}/\d{2,4}|(?<!\d)20\d\d(?!\d)")


def _name_of_line(
    typed: str, category: str, of_sheet: CredentialName | None
) -> tuple[CredentialName, list[CellSaid]]:
    """Type and category as the catalogue calls them, and the date that stands beside the title."""
    if not typed and of_sheet:
        typed = of_sheet.type_name
        category = category or of_sheet.category
    named = named_credential(typed) or _within(of_sheet, typed)
    both = named_credential(f"{typed} {category}") if category else None
    if named and both and (is_whole_family(named) or both.type_name == named.type_name):
        named = CredentialName(both.type_name, both.category or named.category or category)
    elif named:
        named = CredentialName(named.type_name, category or named.category)
    said = read_cell(typed) if named and _A_DATE.search(typed) else None
    beside = [said] if said and said.dates and not said.problem else []
    return named or CredentialName(" ".join(typed.split()), category), beside


def _within(family: CredentialName | None, typed: str) -> CredentialName | None:
    """What a word names within the one credential of a sheet: « Décideur » of Certiphyto."""
    found = named_credential(f"{family.type_name} {typed}") if family else None
    if found is None or family is None:
        return None
    return found if found.type_name != family.type_name or found.category else None


def _share_problems(row: ImportedRow, made: list[ImportedRow]) -> None:
    """What is wrong with the agent refuses each of their credentials, and is reported once."""
    for place, each in enumerate(made):
        own = list(each.problems)
        shared = row.problems if place == 0 else [of for of in row.problems if of.fatal]
        each.problems = [*shared, *own]


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    complete_agent(row, table)
    if not has_name(row) and not row.values.get("matricule"):
        name_missing(row, table)
    if row.values.get("credential_type") and "state" not in row.values:
        row.values["state"] = State.HELD_UNDATED.value


def _section_field(text: str) -> str:
    """A line alone among the agents names their service or site, or the title of those below."""
    if names_an_org_unit(text):
        return "org_unit"
    if names_a_place(text):
        return "site"
    return "credential_type" if named_credential(text) else ""


CREDENTIALS = ImportKind(
    key="credentials",
    of_what="des habilitations",
    columns=(*_agent_columns(), *_LINE_COLUMNS),
    identity=(*IDENTITY, "credential_type"),
    enough=2,
    not_taken=_NOT_TAKEN,
    keeps_unknown=False,
    finish=_finish,
    split=_make_split,
    section_field=_section_field,
)
"""What a workbook of credentials looks like, whatever its layout."""
