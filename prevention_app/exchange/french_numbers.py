"""Numbers, amounts, quantities, periods and yes or no as people write them in French workbooks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from prevention_app.catalogue.values import fold

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
_GROUPED = r"\d{1,3}(?:[\s\u00a0\u202f\u2009.'’,]\d{3})+|\d+"
_NUMBER = re.compile(rf"(?P<whole>{_GROUPED})(?:(?P<mark>[.,])(?P<part>\d+))?")
_ABOUT = re.compile(r"^(?:env(?:iron|\.)?|approx(?:\.|imativement)?|~|≈|±|ca\.?|a peu pres)\s*")
BLANK_MARKS = frozenset({"-", "–", "—", "--", "/", ".", "x?", "?", "n/a", "na", "nc", "n.c.", "nr"})
"""What people type in a cell to say that nothing is to be written there."""


def is_blank_mark(text: str) -> bool:
    """Whether a text only says that the cell is left empty."""
    return fold(text) in BLANK_MARKS


def read_number(value: object) -> Decimal | None:
    """The number that a cell holds or a whole text says; None when it says anything else.

    Understands « 1 250,50 », « 12'000 », « 1.250,50 », « 1,250.50 » and a leading apostrophe.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return _plain(Decimal(repr(value)))
    text = str(value).strip().lstrip("'’").strip()
    sign = -1 if text.startswith(("-", "\u2212")) else 1
    return _signed(text.lstrip("-+\u2212").strip(), sign)


def _signed(text: str, sign: int) -> Decimal | None:
    bare = _SPACES.sub("", text).replace("’", "").replace("'", "")
    if "," in bare and "." in bare:
        # The last of the two marks is the decimal one.
        thousands = "," if bare.rindex(".") > bare.rindex(",") else "."
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if not re.fullmatch(r"\d+(?:\.\d+)?", bare):
        return None
    try:
        return _plain(sign * Decimal(bare))
    except InvalidOperation:
        return None


def _plain(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in euros; `exact` says whether the text holds nothing but it."""

    euros: Decimal
    exact: bool


_AMOUNT = re.compile(
    r"(?P<number>[\d\s\u00a0\u202f\u2009.,'’]*\d)\s*(?P<scale>k|m)?\s*"
    r"(?P<sign>€|euros?|eur|ke)?\s*(?P<rest>h\.?t\.?|t\.?t\.?c\.?)?"
)
_FREE = {"gratuit", "neant", "aucun", "sans cout", "0 €", "sans"}


def read_amount(value: object) -> Amount | None:
    """The amount in euros: « 1 200 € », « 2,5 k€ », « env. 500€ », « 4 000 € HT »; None otherwise."""
    number = read_number(value)
    if number is not None:
        return Amount(number, exact=True)
    text = fold(str(value or "")).strip()
    if text in _FREE:
        return Amount(Decimal(0), exact=False)
    bare = _ABOUT.sub("", text)
    match = _AMOUNT.fullmatch(bare)
    number = read_number(match["number"]) if match else None
    if match is None or number is None:
        return None
    times = {"k": 1000, "m": 1_000_000}.get(match["scale"] or "", 1)
    return Amount(_plain(number * times), exact=bare == text and not match["rest"])


_COUNTED = re.compile(rf"(?P<number>{_GROUPED})\s*(?P<what>[^\d].*)?", re.DOTALL)


def read_count(value: object) -> tuple[int, str] | None:
    """A whole number and what was written after it: « 12 agents (1 F / 11 H) »; None otherwise."""
    number = read_number(value)
    if number is None:
        match = _COUNTED.fullmatch(_ABOUT.sub("", str(value or "").strip()))
        number = read_number(match["number"]) if match else None
        after = (match["what"] or "").strip() if match else ""
    else:
        after = ""
    if number is None or number != number.to_integral_value():
        return None
    return int(number), after


_YES = {"oui", "o", "yes", "y", "vrai", "true", "x", "1", "ok", "✓", "✔", "☑"}
_NO = {"non", "n", "no", "faux", "false", "0", "neant", "sans", "aucun", "☐", "✗"}


def read_yes_no(value: object) -> bool | None:
    """Whether a cell says yes or no; None when it says neither."""
    if isinstance(value, bool):
        return value
    word = fold(str(value if not isinstance(value, float) else f"{value:g}")).rstrip(".")
    if word in _YES:
        return True
    return False if word in _NO else None


_PERIOD_WORDS = {
    "mensuel": 1, "bimestriel": 2, "trimestriel": 3, "quadrimestriel": 4, "semestriel": 6,
    "annuel": 12, "biennal": 24, "bisannuel": 24, "biannuel": 6, "triennal": 36,
    "quadriennal": 48, "quinquennal": 60, "decennal": 120,
}  # fmt: skip
_PERIOD = re.compile(
    r"(?:tous les |toutes les |chaque |t\.l\.|periodicite )?(\d+(?:[.,]\d+)?)?\s*"
    r"(mois|m|ans?|annees?|trimestres?|semestres?)"
)
_TIMES = re.compile(r"(\d+)\s*(?:fois|x|passages?)?\s*(?:/|par)\s*an")


def read_months(value: object) -> int | None:
    """A period in months: 12, « annuelle », « tous les 6 mois », « 5 ans », « 2 fois par an »."""
    number = read_number(value)
    if number is not None:
        return int(number) if number > 0 and number == number.to_integral_value() else None
    text = " ".join(fold(str(value or "")).split()).strip(" .")
    for word, months in _PERIOD_WORDS.items():
        if re.fullmatch(rf"{word}(?:le)?s?|{word}lement", text):
            return months
    if match := _TIMES.fullmatch(text):
        return 12 // int(match[1]) if int(match[1]) and 12 % int(match[1]) == 0 else None
    if match := _PERIOD.fullmatch(text):
        length = {"m": 1, "a": 12, "t": 3, "s": 6}[match[2][0]]
        count = read_number(match[1]) if match[1] else Decimal(1)
        months = (count or Decimal(0)) * length
        return int(months) if months == months.to_integral_value() and months else None
    return None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a product: in kg, L or units, and the containers that it was counted in."""

    number: Decimal | None
    unit: str | None
    containers: int | None = None
    container_size: Decimal | None = None
    approximate: bool = False
    opened: bool = False
    rest: str = ""
    """What was written besides."""


_UNITS: dict[str, tuple[str, Decimal]] = {
    "kg": ("kg", Decimal(1)), "kgs": ("kg", Decimal(1)), "kilo": ("kg", Decimal(1)),
    "kilos": ("kg", Decimal(1)), "g": ("kg", Decimal("0.001")), "gr": ("kg", Decimal("0.001")),
    "grammes": ("kg", Decimal("0.001")), "t": ("kg", Decimal(1000)),
    "l": ("L", Decimal(1)), "litre": ("L", Decimal(1)), "litres": ("L", Decimal(1)),
    "lt": ("L", Decimal(1)), "ml": ("L", Decimal("0.001")), "cl": ("L", Decimal("0.01")),
    "dl": ("L", Decimal("0.1")), "hl": ("L", Decimal(100)),
}  # fmt: skip
_UNIT = "(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
_CONTAINER = (
    r"(?:bidons?|bouteilles?|flacons?|sacs?|boites?|bo[iî]tes?|futs?|jerricans?|seaux?|sachets?|"
    r"pots?|cartons?|paquets?|conteneurs?|doses?|unites?|u)"
)
_DECIMAL = r"(\d+(?:[.,]\d+)?)"
_PACKED = re.compile(rf"(\d+)\s*(?:x|\*|{_CONTAINER})\s*(?:de|d'|x)?\s*{_DECIMAL}\s*{_UNIT}\b\.?")
_BULK = re.compile(rf"{_DECIMAL}\s*{_UNIT}\b\.?")
_PIECES = re.compile(rf"(\d+)\s*({_CONTAINER})\b")
_OPENED = re.compile(r"\b(?:entames?|entamees?|ouverte?s?)\b")


def read_quantity(value: object) -> Quantity | None:
    """How much: « env. 9 kg », « 2 bidons de 5 L », « 4 x 10L », « 500 ml » (0.5 L), 12."""
    number = read_number(value)
    if number is not None:
        return Quantity(number, None)
    text = " ".join(fold(str(value or "")).split())
    approximate = bool(_ABOUT.match(text))
    bare = _ABOUT.sub("", text)
    opened = bool(_OPENED.search(bare))
    bare = _OPENED.sub("", bare)
    for pattern, reading in ((_PACKED, _packed), (_BULK, _bulk), (_PIECES, _pieces)):
        if match := pattern.search(bare):
            rest = (bare[: match.start()] + bare[match.end() :]).strip(" ,;()")
            found = reading(match)
            return Quantity(
                found.number, found.unit, found.containers, found.container_size,
                approximate=approximate, opened=opened, rest=rest,
            )  # fmt: skip
    return None


def _decimal(text: str) -> Decimal:
    return read_number(text) or Decimal(0)


def _packed(match: re.Match[str]) -> Quantity:
    unit, times = _UNITS[match[3]]
    size = _plain(_decimal(match[2]) * times)
    return Quantity(_plain(int(match[1]) * size), unit, int(match[1]), size)


def _bulk(match: re.Match[str]) -> Quantity:
    unit, times = _UNITS[match[2]]
    return Quantity(_plain(_decimal(match[1]) * times), unit)


def _pieces(match: re.Match[str]) -> Quantity:
    return Quantity(None, None, containers=int(match[1]))
