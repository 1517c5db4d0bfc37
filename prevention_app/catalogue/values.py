"""Values of fields as text: in the journal, as typed by a person, as shown to one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from prevention_app.catalogue.description import Field, Kind, Value

Stored = str | bool | None
"""A value as the journal writes it: numbers and dates as text."""


def to_stored(field: Field, value: Value) -> Stored:
    """The value in the form that is hashed and kept for ever; see `from_stored`."""
    if value is None or value == "":
        return None
    if field.kind is Kind.YES_NO:
        return bool(value)
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFC", str(value))


def from_stored(field: Field, stored: Stored) -> Value:
    """The value that the journal's form stands for."""
    if stored is None:
        return None
    match field.kind:
        case Kind.INTEGER:
            return int(stored)
        case Kind.DECIMAL | Kind.MONEY:
            return Decimal(str(stored))
        case Kind.DATE:
            return date.fromisoformat(str(stored))
        case Kind.DATETIME:
            return datetime.fromisoformat(str(stored))
        case _:
            return stored


def format_decimal(value: Decimal) -> str:
    """One text for one number: 1250.50 and 1250.5 are the same, never with an exponent."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class Unreadable(ValueError):
    """A typed text is no value of the field; the message is a French sentence."""


_YES = {"oui", "o", "yes", "true", "vrai", "1", "x"}
_NO = {"non", "n", "no", "false", "faux", "0"}


def parse(field: Field, text: str) -> Value:
    """The value that a person typed, dates in the French or ISO order.

    Raises `Unreadable` with a sentence that says what was expected.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return None
    match field.kind:
        case Kind.INTEGER:
            return _parse_integer(field, text)
        case Kind.DECIMAL | Kind.MONEY:
            return _parse_decimal(field, text)
        case Kind.DATE:
            return _parse_date(field, text)
        case Kind.DATETIME:
            return _parse_datetime(field, text)
        case Kind.YES_NO:
            return _parse_yes_no(field, text)
        case Kind.CHOICE:
            return _parse_choice(field, text)
        case Kind.COLOUR:
            if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
                raise Unreadable(
                    f"« {field.label_fr} » : « {text} » n’est pas une couleur (#RRVVBB)."
                )
            return text.upper()
        case _:
            return text


def _parse_decimal(field: Field, text: str) -> Decimal:
    bare = re.sub(r"[\s\u00a0\u202f'’€]", "", text)
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        raise Unreadable(f"« {field.label_fr} » : « {text} » n’est pas un nombre.") from None
    if not number.is_finite():
        raise Unreadable(f"« {field.label_fr} » : « {text} » n’est pas un nombre.")
    return Decimal(format_decimal(number))


def _parse_integer(field: Field, text: str) -> int:
    number = _parse_decimal(field, text)
    if number != number.to_integral_value():
        raise Unreadable(f"« {field.label_fr} » : « {text} » n’est pas un nombre entier.")
    return int(number)


_FRENCH_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


def _parse_date(field: Field, text: str) -> date:
    french = _FRENCH_DATE.fullmatch(text)
    try:
        if french:
            day, month, year = (int(part) for part in french.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            f"« {field.label_fr} » : « {text} » n’est pas une date (attendu : 31/12/2026)."
        ) from None


def _parse_datetime(field: Field, text: str) -> datetime:
    day, _, hour = text.replace("T", " ").partition(" ")
    moment = _parse_date(field, day)
    try:
        hours, minutes = (int(part) for part in (hour or "0:0").replace("h", ":").split(":")[:2])
        return datetime(moment.year, moment.month, moment.day, hours, minutes)  # noqa: DTZ001
    except ValueError:
        raise Unreadable(
            f"« {field.label_fr} » : « {text} » n’est pas une date avec heure "
            "(attendu : 31/12/2026 14:05)."
        ) from None


def _parse_yes_no(field: Field, text: str) -> bool:
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(f"« {field.label_fr} » : « {text} » n’est ni oui ni non.")


def _parse_choice(field: Field, text: str) -> str:
    word = fold(text)
    for option in field.options:
        if word in (fold(option.code), fold(option.label_fr), fold(option.label_en)):
            return option.code
    expected = ", ".join(option.label_fr for option in field.options)
    raise Unreadable(
        f"« {field.label_fr} » : « {text} » n’est pas dans la liste (attendu : {expected})."
    )


def fold(text: str) -> str:
    """Text for comparing and searching: no accents, lower case, plain œ and apostrophes."""
    if text.isascii():
        return text.lower().strip()
    bare = unicodedata.normalize(
        "NFKD", text.replace("’", "'").replace("œ", "oe").replace("Œ", "OE")
    )
    # Each sign is looked at once, however often it occurs: whole registers are folded.
    for sign in set(bare):
        if sign > "\x7f" and unicodedata.combining(sign):
            bare = bare.replace(sign, "")
    return bare.lower().strip()


def shown(field: Field, value: Value, language: str = "fr") -> str:
    """The value as a person reads it in a table; references are shown by their title elsewhere."""
    if value is None or value == "":
        return ""
    match field.kind:
        case Kind.YES_NO:
            words = ("Yes", "No") if language == "en" else ("Oui", "Non")
            return words[0] if value else words[1]
        case Kind.CHOICE:
            option = field.option(str(value))
            if option is None:
                return str(value)
            return option.label_en if language == "en" else option.label_fr
        case Kind.DATE if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        case Kind.DATETIME if isinstance(value, datetime):
            return f"{value:%d/%m/%Y %H:%M}"
        case Kind.DECIMAL if isinstance(value, Decimal):
            return format_decimal(value).replace(".", ",")
        case Kind.MONEY if isinstance(value, Decimal):
            return _euros(value)
        case _:
            return str(value)


def _euros(value: Decimal) -> str:
    digits = 0 if value == value.to_integral_value() else 2
    return f"{value:,.{digits}f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"
