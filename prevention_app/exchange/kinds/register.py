"""Any register by its declaration, one that users made themselves too: each column a field.

Reads lists in anyone's layout, and our own exports back: these carry the reference that people
quote (`_reference`) and the id of the record (`_id`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from prevention_app.catalogue.description import Entity, Field, Kind
from prevention_app.catalogue.values import Unreadable, fold, format_decimal
from prevention_app.catalogue.values import parse as parse_typed
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_dates import ImpossibleDate, read_date, read_time
from prevention_app.exchange.french_numbers import read_amount, read_number
from prevention_app.exchange.import_kinds import (
    CellRead,
    Finish,
    ImportColumn,
    ImportKind,
    Look,
    Parse,
    Parsed,
)
from prevention_app.exchange.kinds.shared_columns import DEPARTMENT
from prevention_app.exchange.sheets import Scalar, cell_name
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_REFERENCE = re.compile(r"[0-9A-Z]{2,3}-(?P<code>[A-Z0-9]{1,8})-[0-9A-Z]{3}-\S+")


def register_kind(entity: Entity) -> ImportKind:
    """The kind of import that reads files for a register.

    References stay the text that was typed: the services find whom or what it names. A register
    with personal fields keeps nothing of unknown columns.
    """
    fields = [each for each in entity.fields if each.kind is not Kind.ATTACHMENT]
    keeps_unknown = not any(each.personal for each in fields)
    return ImportKind(
        key=entity.key,
        of_what=f"du registre « {entity.label_fr} »",
        columns=(
            *_own_columns(keeps_unknown=keeps_unknown),
            *(() if entity.shared or "department" in entity.by_key else (DEPARTMENT,)),
            *(_column(each, entity) for each in fields),
        ),
        identity=_identity(entity, fields),
        enough=2,
        keeps_unknown=keeps_unknown,
        finish=_finish(entity, fields),
    )


def _identity(entity: Entity, fields: list[Field]) -> tuple[str, ...]:
    """A row starts a record when it fills a field of the title, of the key, or a required one."""
    known = [*entity.title, *entity.natural_key, *(each.key for each in fields if each.required)]
    held = {each.key for each in fields}
    return ("_reference", *(key for key in dict.fromkeys(known) if key in held))


# The columns that every register has


def _own_columns(*, keeps_unknown: bool) -> tuple[ImportColumn, ...]:
    return (
        ImportColumn(
            "_reference", "N°", ("N°", "Référence", "Numéro", "Reference", "N° de fiche"),
            _reference(keeps_other=keeps_unknown), looks=looks.looks_like(_is_reference),
        ),
        ImportColumn(
            "_id", "_id", ("_id", "id", "identifiant"), _id, looks=looks.looks_like(_is_id)
        ),
        ImportColumn("_seen", "_v", ("_v",), cell_parsers.text),
    )  # fmt: skip


def _reference(*, keeps_other: bool) -> Parse:
    """A reference of ours; numbers that others gave are a remark where remarks are kept."""

    def parse(cell: CellRead) -> Parsed:
        if _is_reference(cell.value):
            return Parsed(cell.text.strip().upper())
        return Parsed(remark=cell.text if keeps_other else "")

    return parse


def _is_reference(value: Scalar) -> bool:
    return isinstance(value, str) and _REFERENCE.fullmatch(value.strip().upper()) is not None


def _id(cell: CellRead) -> Parsed:
    return Parsed(cell.text.strip().lower()) if _is_id(cell.value) else Parsed()


def _is_id(value: Scalar) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value.strip()))
    except ValueError:
        return False


def _finish(entity: Entity, fields: list[Field]) -> Finish:
    required = [each for each in fields if _is_required(each)]

    def finish(row: ImportedRow, table: TableUnderstood) -> None:
        row.values.pop("_seen", None)
        reference = str(row.values.get("_reference") or "")
        match = _REFERENCE.fullmatch(reference)
        if match and match["code"] != entity.code:
            row.problem(
                row.cells.get("_reference", ""),
                f"Ligne {row.row} : « {reference} » est une fiche d’un autre registre "
                f"que « {entity.label_fr} ».",
                fatal=True,
            )
        elif not reference and "_id" not in row.values:
            _require(row, table, required)

    return finish


def _is_required(each: Field) -> bool:
    return each.required and each.default is None


def _require(row: ImportedRow, table: TableUnderstood, required: list[Field]) -> None:
    """A new record needs these fields; a row that names its record may hold only what changes."""
    refused = {problem.cell for problem in row.problems if problem.fatal}
    for each in required:
        if row.values.get(each.key) in (None, ""):
            match = table.column_of(each.key)
            cell = cell_name(row.row, match.column) if match else ""
            if not cell or cell not in refused:
                row.problem(
                    cell, f"Ligne {row.row} : « {each.label_fr} » est à remplir.", fatal=True
                )


# The columns of the fields


def _column(each: Field, entity: Entity) -> ImportColumn:
    words = (each.heading, each.label_fr, each.label_en, each.key.replace("_", " "), *each.aliases)
    return ImportColumn(
        each.key,
        each.label_fr,
        tuple(dict.fromkeys(words)),
        _parser(each),
        looks=_look(each),
        context=each.kind in {Kind.REFERENCE, Kind.PERSON} and each.key in entity.natural_key,
    )


def _parser(each: Field) -> Parse:
    of_value, required = _reading(each), _is_required(each)

    def parse(cell: CellRead) -> Parsed:
        if _says_nothing(each, cell):
            return Parsed()
        parsed = of_value(cell)
        if parsed.problem and required:
            return Parsed(problem=parsed.problem, fatal=True)
        return parsed

    return parse


def _says_nothing(each: Field, cell: CellRead) -> bool:
    """Whether a cell is left empty; in a text, letters such as « NC » may be meant."""
    if each.kind in {Kind.TEXT, Kind.LONG_TEXT}:
        return re.search(r"\w", cell.text) is None
    return cell_parsers.says_nothing(cell)


def _decimal(cell: CellRead) -> Parsed:
    found = read_number(cell.value)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un nombre ; un nombre comme 12,5 est attendu."
        )
    return Parsed(Decimal(format_decimal(found)))


def _money(cell: CellRead) -> Parsed:
    found = read_amount(cell.value)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un montant ; un montant comme 1 250 € est attendu."
        )
    euros = Decimal(format_decimal(found.euros))
    return Parsed(euros, remark="" if found.exact else cell.text)


def _date(cell: CellRead) -> Parsed:
    """A day; a month, quarter or year is its last day, and the words stay as a remark."""
    parsed = cell_parsers.dated(cell)
    if "_precision" not in parsed.extras:
        return Parsed(parsed.value, problem=parsed.problem, fatal=parsed.fatal)
    return Parsed(parsed.value, remark=cell.text)


def _moment(cell: CellRead) -> Parsed:
    if isinstance(cell.value, datetime):
        return Parsed(cell.value.replace(second=0, microsecond=0))
    day, _, hour = cell.text.replace("T", " ").replace(" à ", " ").partition(" ")
    try:
        found = read_date(cell.value if isinstance(cell.value, date) else day)
    except ImpossibleDate as error:
        return Parsed(problem=f"{error} ; 31/12/2026 14:05 est attendu.", fatal=True)
    if found is None or found.precision != "day":
        return Parsed(
            problem=f"« {cell.text} » n’est pas une date avec heure ; 31/12/2026 14:05 est attendu."
        )
    at = read_time(hour.strip()) if hour.strip() and not isinstance(cell.value, date) else None
    moment = datetime(found.day.year, found.day.month, found.day.day)
    return Parsed(moment.replace(hour=at.hour, minute=at.minute) if at else moment)


def _colour(each: Field, cell: CellRead) -> Parsed:
    try:
        return Parsed(parse_typed(each, cell.text))
    except Unreadable as error:
        return Parsed(problem=str(error))


def _choice(each: Field, cell: CellRead) -> Parsed:
    code = _code_of(each, cell.text)
    if code is None:
        expected = ", ".join(option.label_fr for option in each.options)
        return Parsed(problem=f"« {cell.text} » n’est pas dans la liste (attendu : {expected}).")
    return Parsed(code)


def _code_of(each: Field, typed: str) -> str | None:
    """The option that a text says by code or label, whatever its case, gender or number."""
    words: dict[str, str] = {}
    for option in each.options:
        labels = (option.code, option.label_fr, option.label_en)
        for label in (*labels, re.sub(r"\s*\([^)]*\)", "", option.label_fr)):
            words.setdefault(_stem(label), option.code)
    typed_stem = _stem(typed)
    if typed_stem in words:
        return words[typed_stem]
    starting = {code for word, code in words.items() if word.startswith(typed_stem)}
    if len(typed_stem) >= 3 and len(starting) == 1:
        return starting.pop()
    return cell_parsers.code_of(typed_stem, words)


def _stem(text: str) -> str:
    """The words of a label without accents, case, plural and feminine."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return " ".join(re.sub(r"(?<=[a-z]{2})(?:e?s|e)$", "", word) for word in words)


_VALUES: dict[Kind, Parse] = {
    Kind.TEXT: cell_parsers.text,
    Kind.LONG_TEXT: cell_parsers.text,
    Kind.INTEGER: cell_parsers.count,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.DATETIME: _moment,
    Kind.YES_NO: cell_parsers.yes_no,
    Kind.PERSON: cell_parsers.text,
    Kind.REFERENCE: cell_parsers.text,
}
"""Lists and colours need the field itself."""


def _reading(each: Field) -> Parse:
    if each.kind is Kind.CHOICE:
        return partial(_choice, each)
    if each.kind is Kind.COLOUR:
        return partial(_colour, each)
    return _VALUES[each.kind]


def _look(each: Field) -> Look | None:
    """What tells two columns apart whose headings could be the same field."""
    if each.kind is Kind.CHOICE:
        return looks.looks_like(
            lambda value: isinstance(value, str) and _code_of(each, value) is not None
        )
    return _LOOKS.get(each.kind)


_LOOKS: dict[Kind, Look] = {
    Kind.INTEGER: looks.NUMBER,
    Kind.DECIMAL: looks.NUMBER,
    Kind.MONEY: looks.AMOUNT,
    Kind.DATE: looks.DATE,
    Kind.YES_NO: looks.YES_NO,
    Kind.LONG_TEXT: looks.TEXT,
}
