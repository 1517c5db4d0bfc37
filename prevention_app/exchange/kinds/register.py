"""Any register by its declaration, one that users made themselves too: each column a field.

Reads lists in anyone's layout, and our own exports back: these carry the reference that people
quote (`_reference`) and the id of the record (`_id`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from prevention_app.catalogue.description import Entity, Field, Kind
from prevention_app.catalogue.values import Unreadable, fold, format_decimal
from prevention_app.catalogue.values import parse as parse_typed
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_dates import ImpossibleDate, read_date, read_time
from prevention_app.exchange.french_numbers import is_blank_mark, read_amount, read_number
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
from prevention_app.exchange.sheets import Scalar
from prevention_app.exchange.understood import ImportedRow, TableUnderstood

_REFERENCE = re.compile(r"[0-9A-Z]{2,3}-(?P<code>[A-Z0-9]{1,8})-[0-9A-Z]{3}-\S+")
_OWN_COLUMNS = frozenset({"_reference", "_id", "_seen"})


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
        enough=min(3, max(2, len(fields) // 2)),
        keeps_unknown=keeps_unknown,
        finish=_finish(entity),
    )


def _identity(entity: Entity, fields: list[Field]) -> tuple[str, ...]:
    """A row starts a record when it fills a field of the title, of the key, or a required one."""
    known = [*entity.title, *entity.natural_key, *(each.key for each in fields if each.required)]
    held = {each.key for each in fields}
    return ("_reference", "_id", *(key for key in dict.fromkeys(known) if key in held))


# The columns that every register has

def _own_columns(*, keeps_unknown: bool) -> tuple[ImportColumn, ...]:
    return (
        ImportColumn(
            "_reference", "N°", ("N°", "Référence", "Numéro", "Reference", "N° de fiche"),
            _reference(keeps_other=keeps_unknown), looks=looks.looks_like(_is_reference),
        ),
        ImportColumn("_id", "_id", ("_id", "id", "identifiant"), _id, looks=looks.looks_like(_is_id)),
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


def _finish(entity: Entity) -> Finish:
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

    return finish


# The columns of the fields


def _column(each: Field, entity: Entity) -> ImportColumn:
    required = each.required and each.default is None
    words = (each.heading, each.label_fr, each.label_en, each.key.replace("_", " "), *each.aliases)
    return ImportColumn(
        each.key,
        each.label_fr,
        tuple(dict.fromkeys(words)),
        _parser(each, required=required),
        looks=_look(each),
        required=required,
        context=each.kind in {Kind.REFERENCE, Kind.PERSON} and each.key in entity.natural_key,
    )


def _parser(each: Field, *, required: bool) -> Parse:
    of_value = _VALUES[each.kind]

    def parse(cell: CellRead) -> Parsed:
        if cell.value is None or (isinstance(cell.value, str) and is_blank_mark(cell.value)):
            return Parsed()
        parsed = of_value(each, cell)
        if parsed.problem and required:
            return Parsed(problem=parsed.problem, fatal=True)
        return parsed

    return parse


def _text(each: Field, cell: CellRead) -> Parsed:
    return cell_parsers.text(cell)


def _integer(each: Field, cell: CellRead) -> Parsed:
    return cell_parsers.count(cell)


def _decimal(each: Field, cell: CellRead) -> Parsed:
    found = read_number(cell.value)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un nombre ; un nombre comme 12,5 est attendu."
        )
    return Parsed(Decimal(format_decimal(found)))


def _money(each: Field, cell: CellRead) -> Parsed:
    found = read_amount(cell.value)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un montant ; un montant comme 1 250 € est attendu."
        )
    euros = Decimal(format_decimal(found.euros))
    return Parsed(euros, remark="" if found.exact else cell.text)


def _date(each: Field, cell: CellRead) -> Parsed:
    """A day; a month, quarter or year is its last day, and the words stay as a remark."""
    parsed = cell_parsers.dated(cell)
    if "_precision" not in parsed.extras:
        return Parsed(parsed.value, problem=parsed.problem, fatal=parsed.fatal)
    return Parsed(parsed.value, remark=cell.text)


def _moment(each: Field, cell: CellRead) -> Parsed:
    if isinstance(cell.value, datetime):
        return Parsed(cell.value.replace(second=0, microsecond=0))
    day, _, hour = cell.text.replace("T", " ").replace(" à ", " ").partition(" ")
    try:
        found = read_date(cell.value if isinstance(cell.value, date) else day)
    except ImpossibleDate as error:
        return Parsed(problem=f"{error} ; 31/12/2026 14:05 est attendu.", fatal=True)
    if found is None or found.precision != "day":
        return Parsed(problem=f"« {cell.text} » n’est pas une date avec heure ; 31/12/2026 14:05 est attendu.")
    at = read_time(hour.strip()) if hour.strip() and not isinstance(cell.value, date) else None
    moment = datetime(found.day.year, found.day.month, found.day.day)
    return Parsed(moment.replace(hour=at.hour, minute=at.minute) if at else moment)


def _yes_no(each: Field, cell: CellRead) -> Parsed:
    return cell_parsers.yes_no(cell)


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


Read = Callable[[Field, CellRead], Parsed]

_VALUES: dict[Kind, Read] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.DATETIME: _moment,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.COLOUR: _colour,
    Kind.PERSON: _text,
    Kind.REFERENCE: _text,
}


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
