"""Numbers, amounts, periods and yes or no as people write them in French workbooks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from prevention_app.catalogue.values import fold

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
_GROUPED = r"\d{1,3}(?:[\s\u00a0\u202f\u2009.'’,]\d{3})+|\d+"
_NUMBER = re.compile(rf"(?P<whole>{_GROUPED})(?:(?P<mark>[.,])(?P<part>\d+))?")
ABOUT = re.compile(
    r"^(?:env(?:iron|\.)?|approx(?:\.|imativement)?|~|≈|±|ca\.?|a peu pres)\s*|"
    r"\s*\(?\b(?:env(?:iron|\.)?|approx\.?)\)?$"
)
"""« About », before or after a figure."""
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
        return plain(Decimal(repr(value)))
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
        return plain(sign * Decimal(bare))
    except InvalidOperation:
        return None


def plain(number: Decimal) -> Decimal:
    """The number without needless decimals nor exponent."""
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
    """An amount in euros: « 1 200 € », « 2,5 k€ », « env. 500€ », « 4 000 € HT »; else None."""
    number = read_number(value)
    if number is not None:
        return Amount(number, exact=True)
    text = fold(str(value or "")).strip()
    if text in _FREE:
        return Amount(Decimal(0), exact=False)
    bare = ABOUT.sub("", text)
    match = _AMOUNT.fullmatch(bare)
    number = read_number(match["number"]) if match else None
    if match is None or number is None:
        return None
    times = {"k": 1000, "m": 1_000_000}.get(match["scale"] or "", 1)
    return Amount(plain(number * times), exact=bare == text and not match["rest"])


_COUNTED = re.compile(rf"(?P<number>{_GROUPED})\s*(?P<what>[^\d].*)?", re.DOTALL)


def read_count(value: object) -> tuple[int, str] | None:
    """A whole number and what was written after it: « 12 agents (1 F / 11 H) »; None otherwise."""
    number = read_number(value)
    if number is None:
        match = _COUNTED.fullmatch(ABOUT.sub("", str(value or "").strip()))
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
_SHORT_PERIODS = {"hebdomadaire": Decimal("0.25"), "bimensuel": Decimal("0.5")}
_PERIOD = re.compile(
    r"(?:tous les |toutes les |chaque |t\.l\.|periodicite |une fois tous les |1 fois tous les )?"
    r"(\d+(?:[.,]\d+)?)?\s*(mois|m|ans?|annees?|trimestres?|semestres?|sem(?:aines?)?\.?)"
)
_LENGTHS = {"mo": 1, "m": 1, "an": 12, "tr": 3, "semes": 6, "sem": Decimal("0.25")}
_TIMES = re.compile(r"(\d+)\s*(?:fois|x|passages?|visites?)?\s*(?:/|par)\s*an")


def read_months(value: object) -> int | Decimal | None:
    """A period in months: 12, « annuelle », « tous les 6 mois », « 5 ans », « 2 fois par an ».

    A week counts for a quarter of a month, as in the table of periods: six weeks are 1.5. What is
    said twice (« 12 (annuelle) », « annuel / 12 mois ») is read when both say the same.
    """
    if isinstance(value, bool):
        return None
    text = " ".join(fold(str("" if value is None else value)).split()).strip(" .")
    months = _months_said(text)
    if months is not None:
        return months
    parts = [part.strip() for part in re.split(r"[()/,;=]|\bsoit\b", text)]
    said = {_months_said(part) for part in parts if part}
    return said.pop() if len(said) == 1 else None


def _months_said(text: str) -> int | Decimal | None:
    number = read_number(text)
    if number is not None:
        return whole_or_decimal(number) if number > 0 else None
    for word, months in (_PERIOD_WORDS | _SHORT_PERIODS).items():
        if re.fullmatch(rf"{word}(?:e|le)?s?|{word}lement|{word[:-1]}ux", text):
            return months
    if match := _TIMES.fullmatch(text):
        return 12 // int(match[1]) if int(match[1]) and 12 % int(match[1]) == 0 else None
    match = _PERIOD.fullmatch(text)
    if not match:
        return None
    length = next(of for start, of in _LENGTHS.items() if match[2].startswith(start))
    count = read_number(match[1]) if match[1] else Decimal(1)
    return whole_or_decimal((count or Decimal(0)) * length) or None


def whole_or_decimal(number: Decimal) -> int | Decimal:
    """A whole number as `int`, any other as `Decimal`."""
    return int(number) if number == number.to_integral_value() else number.normalize()
