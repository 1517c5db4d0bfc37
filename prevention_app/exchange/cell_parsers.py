"""Parsers of cells: each turns one cell as read into a typed value, or says what was expected.

The sentences are ends of « Ligne 12, colonne « Échéance » : … »; `reading_cells` puts the place
before them.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from prevention_app.catalogue.values import fold
from prevention_app.exchange.french_dates import (
    FIRST_YEAR,
    LAST_YEAR,
    FrenchDate,
    ImpossibleDate,
    read_date,
    read_time,
)
from prevention_app.exchange.french_numbers import (
    is_blank_mark,
    plain,
    read_amount,
    read_count,
    read_months,
    read_number,
    read_yes_no,
)
from prevention_app.exchange.import_kinds import CellRead, Parsed

NOTHING = Parsed()


def text(cell: CellRead) -> Parsed:
    """The text as typed; a number without needless decimals, a date in the French order."""
    value = cell.value
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return Parsed(
            f"{value:%d/%m/%Y}"
            if value.time() == datetime.min.time()
            else f"{value:%d/%m/%Y %H:%M}"
        )
    if isinstance(value, date):
        return Parsed(f"{value:%d/%m/%Y}")
    if isinstance(value, bool):
        return Parsed("oui" if value else "non")
    if isinstance(value, float) and value.is_integer():
        return Parsed(str(int(value)))
    return Parsed(str(value))


def name(cell: CellRead) -> Parsed:
    """A text in which a dash alone means nothing."""
    return NOTHING if is_blank_mark(cell.text) else text(cell)


def count(cell: CellRead) -> Parsed:
    """A whole number; what is written after it stays as a remark."""
    if says_nothing(cell):
        return NOTHING
    found = read_count(cell.value)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un nombre entier ; un nombre comme 12 est attendu."
        )
    number, after = found
    known = fold(after).rstrip("s") in {"", "agent", "personne", "pers", "pers.", "a"}
    return Parsed(number, remark="" if known else cell.text)


def number(cell: CellRead) -> Parsed:
    """A number, whole or not."""
    if says_nothing(cell):
        return NOTHING
    value = read_number(cell.value)
    if value is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un nombre ; un nombre comme 12,5 est attendu."
        )
    return Parsed(_whole(value))


def amount(cell: CellRead) -> Parsed:
    """An amount in euros; what the figure alone does not say (about, before tax) is a remark."""
    if says_nothing(cell):
        return NOTHING
    found = read_amount(cell.value)
    if found is None:
        return Parsed(remark=cell.text)
    if _THOUSANDS.search(cell.facts.heading) and read_number(cell.value) is not None:
        return Parsed(plain(found.euros * 1000))
    return Parsed(found.euros, remark="" if found.exact else cell.text)


_THOUSANDS = re.compile(r"\bk\s?€|\bk\s?eur|milliers", re.IGNORECASE)


def day(cell: CellRead) -> Parsed:
    """A date known to the day; an impossible one refuses the record."""
    if says_nothing(cell):
        return NOTHING
    try:
        found = read_date(cell.value)
    except ImpossibleDate as error:
        return Parsed(problem=f"{error} ; une date comme 31/12/2026 est attendue.", fatal=True)
    if found is None or found.precision != "day":
        return Parsed(
            problem=f"« {cell.text} » n’est pas une date ; une date comme 31/12/2026 est attendue."
        )
    return Parsed(found.day)


def about_when(cell: CellRead) -> Parsed:
    """A date however imprecise, with its precision and the text as written."""
    if says_nothing(cell):
        return NOTHING
    extras: dict[str, object] = {"_text": cell.text} if isinstance(cell.value, str) else {}
    if isinstance(cell.value, int | float) and FIRST_YEAR <= cell.value <= LAST_YEAR:
        extras["_text"] = str(cell.value)
    try:
        found = read_date(cell.value)
    except ImpossibleDate as error:
        return Parsed(
            extras=extras, problem=f"{error} ; une date comme 31/12/2026 est attendue.", fatal=True
        )
    return Parsed(found and found.day, extras | _precision(found))


def _precision(found: FrenchDate | None) -> dict[str, object]:
    return {"_precision": found.precision} if found else {}


def dated(cell: CellRead) -> Parsed:
    """A date that may be a month or a year: its last day, with the precision where it is no day."""
    if says_nothing(cell):
        return NOTHING
    try:
        found = read_date(cell.value)
    except ImpossibleDate as error:
        return Parsed(problem=f"{error} ; une date comme 31/12/2026 est attendue.", fatal=True)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas une date ; une date comme 31/12/2026 est attendue."
        )
    return Parsed(found.day, _precision(found) if found.precision != "day" else {})


def clock_time(cell: CellRead) -> Parsed:
    """A time of day."""
    if says_nothing(cell):
        return NOTHING
    found = read_time(cell.value)
    if found is None:
        return Parsed(remark=cell.text)
    return Parsed(found)


def yes_no(cell: CellRead) -> Parsed:
    """Yes or no."""
    if says_nothing(cell):
        return NOTHING
    found = read_yes_no(cell.value)
    if found is None:
        return Parsed(problem=f"« {cell.text} » n’est ni oui ni non.")
    return Parsed(found)


def months(cell: CellRead) -> Parsed:
    """A period in months, with the text as written."""
    if says_nothing(cell):
        return NOTHING
    found = read_months(cell.value)
    if found is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas une périodicité ; « 12 mois » ou « annuelle » est "
            "attendu."
        )
    return Parsed(found, {"_text": cell.text} if isinstance(cell.value, str) else {})


_DEPARTMENTS = {"loir-et-cher": "41", "loiret": "45", "eure-et-loir": "28"}
_NAMED = re.compile(r"\b(" + "|".join(_DEPARTMENTS) + r")\b")
_NUMBERED = re.compile(r"\b(?:cd|dpt|dept|departement)\s*[(:\-]?\s*(?:n°\s*)?(41|45|28)\b")


def department_named(words: str) -> str | None:
    """The number of the department that a text names, when it names one only."""
    said = fold(words)
    found = {_DEPARTMENTS[each] for each in _NAMED.findall(said)} | set(_NUMBERED.findall(said))
    return found.pop() if len(found) == 1 else None


def department(cell: CellRead) -> Parsed:
    """The number of a department: 41, « CD 45 », « Eure-et-Loir (28) »; any number is kept."""
    if says_nothing(cell):
        return NOTHING
    named = department_named(cell.text)
    digits = re.search(r"(?<!\d)(\d{2,3})(?!\d)", text(cell).value.__str__())
    if named is None and digits is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un département ; 41, 45 ou 28 est attendu."
        )
    return Parsed(named or (digits and digits[1]))


def code_of(typed: str, words: dict[str, str]) -> str | None:
    """The code that goes with a typed word, misspelt or not; None when none is near enough."""
    from rapidfuzz import fuzz, process

    word = " ".join(fold(typed).rstrip(".").split())
    if word in words:
        return words[word]
    if len(word) < 4:
        return None
    found = process.extractOne(word, list(words), scorer=fuzz.ratio, score_cutoff=86)
    return words[found[0]] if found else None


def says_nothing(cell: CellRead) -> bool:
    """Whether a cell is empty or holds but a mark for that (« - », « ? », « NR »)."""
    return cell.value is None or (isinstance(cell.value, str) and is_blank_mark(cell.value))


def _whole(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value
