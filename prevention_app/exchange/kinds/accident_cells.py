"""What the cells of a register of accidents say: kind, moment, time off, decision, person."""

from __future__ import annotations

import re
from datetime import datetime, time

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_dates import read_time
from prevention_app.exchange.french_numbers import read_number, read_yes_no
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    Parsed,
)
from prevention_app.exchange.sheets import Scalar

# What kind of accident it was

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("near_miss", re.compile(r"presqu|quasi[\s-]*accident|near miss|\bpa\b|incident|sans lesion")),
    ("occupational_disease", re.compile(r"maladie|\bmp\b|\bmcp\b|occupational disease")),
    ("commuting", re.compile(r"trajet|commut|domicile|\bat[rj]\b|\baj\b|in itinere")),
    ("mission", re.compile(r"mission|deplacement")),
    ("service", re.compile(r"service|travail|\bats?\b|\bas\b|at work")),
)
"""The first that is found holds: « accident de service en mission » is one on a mission."""


def kind_of(words: str) -> str | None:
    """The kind of accident that a text names; None when it names none, or a whole register."""
    said = re.sub(r"hors (?:trajet|mission)", "", fold(words))
    found = [code for code, pattern in _KINDS if pattern.search(said)]
    if "commuting" in found and "service" in found and not said.startswith("accident de trajet"):
        # « Accidents de service et de trajet » is the title of a register, no kind.
        return None if re.search(r"\b(?:et|ou)\b|/", said) else "commuting"
    return found[0] if found else None


def kind(cell: CellRead) -> Parsed:
    """The kind of accident or disease."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    code = kind_of(cell.text)
    if code is None:
        return Parsed(
            problem=f"« {cell.text} » n’est pas un type d’accident ; service, trajet, mission, "
            "maladie professionnelle ou presqu’accident est attendu."
        )
    return Parsed(code)


def is_kind(value: Scalar) -> bool:
    """A few words that name a kind of accident."""
    return isinstance(value, str) and len(value) < 60 and kind_of(value) is not None


# When

_HOUR = re.compile(r"(?:^|[\s,;(à])(\d{1,2}\s*[h:]\s*\d{0,2})\b")
_DAY_AND_MONTH = re.compile(r"\d{1,2}(?:er)?\s*(?:[/.\-]\s*\d{1,2}|\s+[a-z]{3,9}\.?)")


def moment(cell: CellRead) -> Parsed:
    """The day, and the time where it stands in the same cell.

    A day without its year is left as ``day_of_year``, for the sheet's name may tell the year.
    """
    if cell_parsers.says_nothing(cell):
        return Parsed()
    if isinstance(cell.value, datetime) and cell.value.time() != time.min:
        return Parsed(cell.value.date(), {"time": f"{cell.value:%H:%M}"})
    if not isinstance(cell.value, str):
        return cell_parsers.day(cell)
    said = " ".join(fold(cell.value).split())
    if _DAY_AND_MONTH.fullmatch(said):
        return Parsed(extras={"day_of_year": cell.text})
    return _day_and_hour(said, cell) or cell_parsers.day(cell)


def _day_and_hour(said: str, cell: CellRead) -> Parsed | None:
    hour = _HOUR.search(said)
    at = read_time(hour[1]) if hour else None
    if hour is None or at is None:
        return None
    day = re.sub(r"[\s,;(]+(?:a|vers|-)?\s*$", "", said[: hour.start(1)])
    parsed = cell_parsers.day(CellRead(day, cell.facts))
    return Parsed(parsed.value, {"time": f"{at:%H:%M}"}, parsed.problem, parsed.fatal)


def is_moment(value: Scalar) -> bool:
    """A date, one without its year too."""
    if isinstance(value, str) and _DAY_AND_MONTH.match(fold(value)):
        return True
    return looks.is_about_a_date(value)


_TIME_UNKNOWN = frozenset(("n.r.", "inconnue", "inconnu", "non renseigne", "non renseignee"))


def clock(cell: CellRead) -> Parsed:
    """A time of day as 14:05; words such as « matin » stay as a remark."""
    if cell_parsers.says_nothing(cell) or fold(cell.text) in _TIME_UNKNOWN:
        return Parsed()
    if not isinstance(cell.value, str):
        at = read_time(cell.value)
    else:
        said = re.sub(r"^(?:vers|environ|env\.?|a)\s+", "", fold(cell.value))
        said = re.sub(r"\s*heures?\s*", "h", said)
        digits = re.fullmatch(r"(\d{1,2})[.,]?(\d{2})", said)
        at = read_time(f"{digits[1]}h{digits[2]}" if digits else said)
    return Parsed(f"{at:%H:%M}") if at else Parsed(remark=cell.text)


def is_time(value: Scalar) -> bool:
    """A time of day, or a word for a part of the day."""
    if isinstance(value, str):
        return read_time(value) is not None or bool(
            re.search(r"matin|midi|soir|nuit|^nr$", fold(value))
        )
    return isinstance(value, time | float)


# Off work

_NONE = frozenset(
    "neant|sans arret|sans|aucun|aucune|pas d'arret|non|n|nul|ras|zero|-|–|—|--|/".split("|")
)
_STILL = re.compile(r"en cours|\?+|inconnu|a completer|a preciser|non communique|nc|n\.c\.")
_DAYS = re.compile(r"(\d+)\s*(?:j(?:rs?|ours?)?\b\.?|d\b)?")
_WEEKS = re.compile(r"(\d+)\s*sem(?:aines?)?\.?")


def days_lost(cell: CellRead) -> Parsed:
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
    if said in _NONE:
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


def is_days_lost(value: Scalar) -> bool:
    """A number of days, or words for none or for not yet known."""
    if read_number(value) is not None:
        return True
    if not isinstance(value, str):
        return False
    said = " ".join(fold(value).split())
    return _days_said(said) is not None or bool(_STILL.fullmatch(said))


_WITH, _WITHOUT = re.compile(r"avec|oui\b|arret de|en arret"), re.compile(r"sans|pas d|non\b|aucun")


def stoppage(cell: CellRead) -> Parsed:
    """Whether there was time off; « oui (12 j) » also says how long."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    said = " ".join(fold(cell.text).split())
    verdict = read_yes_no(cell.value)
    if verdict is not None:
        return Parsed(verdict)
    days = re.search(r"\d+\s*(?:\+\s*\d+\s*)*(?:j\b|jours?\b|$)", said)
    extras = days_lost(CellRead(days[0].strip(), cell.facts)) if days else None
    if _WITHOUT.match(said):
        return Parsed(value=False)
    if _WITH.match(said) or (extras and extras.value):
        return Parsed(value=True, extras={"days_lost": extras.value} if extras else {})
    return Parsed(remark=cell.text)


def is_stoppage(value: Scalar) -> bool:
    """Yes or no, with or without."""
    if isinstance(value, bool):
        return True
    if not isinstance(value, str):
        return False
    said = fold(value)
    return read_yes_no(said) is not None or bool(re.match(r"avec arret|sans arret", said))


# What was decided

_DECISIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "pending",
        re.compile(
            r"instruction|attente|en cours|etude|provisoire|examen|expertise|enquete|a venir|"
            r"sursis|depose|pending|\binst\b"
        ),
    ),
    ("refused", re.compile(r"refus|rejet|\bnon\b|^n$|defavorable|^no$|conteste")),
    (
        "recognised",
        re.compile(
            r"reconnu|imputa|accept|accord|favorable|oui|^o$|^r$|pris(?:e)? en charge|valide|"
            r"admis|recogni|^x$"
        ),
    ),
)


def recognition(cell: CellRead) -> Parsed:
    """What the employer decided; a date or anything else written with it is a remark."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    said = " ".join(fold(cell.text).split())
    for code, pattern in _DECISIONS:
        if pattern.search(said):
            more = re.search(r"\d", said) is not None
            return Parsed(code, remark=cell.text if more else "")
    return Parsed(remark=cell.text)


def is_decision(value: Scalar) -> bool:
    """Words for a decision taken or to come."""
    return isinstance(value, str) and any(pattern.search(fold(value)) for _, pattern in _DECISIONS)


# Who

_SEXES = {
    "f": "F", "femme": "F", "feminin": "F", "fem": "F", "mme": "F", "madame": "F", "mlle": "F",
    "h": "H", "homme": "H", "m": "H", "masculin": "H", "masc": "H", "monsieur": "H", "mr": "H",
}  # fmt: skip


def sex(cell: CellRead) -> Parsed:
    """F or H, from a letter, a word or a form of address."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    code = _SEXES.get(fold(cell.text).strip(" ."))
    return Parsed(code, remark="" if code else cell.text)


def is_sex(value: Scalar) -> bool:
    """A letter, a word or a form of address for a sex."""
    return isinstance(value, str) and fold(value).strip(" .") in _SEXES


def number_look(facts: ColumnFacts) -> float:
    """Original numbers are short and unlike each other."""
    if not facts.values:
        return 0.0
    shown = [str(value) for value in facts.values]
    return 0.5 if len(set(shown)) == len(shown) and max(map(len, shown)) <= 24 else -0.5
