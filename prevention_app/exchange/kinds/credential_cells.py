"""What a cell of a credentials workbook says: a date, X, « à prévoir 2027 », « exp. 06/2027 »."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from prevention_app.catalogue.values import fold
from prevention_app.exchange.french_dates import FrenchDate, ImpossibleDate, read_date
from prevention_app.exchange.kinds.credential_names import electrical_symbols, named_credential
from prevention_app.exchange.sheets import Scalar


class Role(StrEnum):
    """What a column of a credential holds; the value of those with a date is their field."""

    OBTAINED = "obtained"
    EXPIRES = "expires"
    PLANNED = "renewal_planned"
    CATEGORY = "category"
    NUMBER = "number"
    BODY = "body"


class State(StrEnum):
    """The states of a credential, as the catalogue codes them."""

    HELD = "held"
    HELD_UNDATED = "held_undated"
    PLANNED = "planned"
    NOT_APPLICABLE = "not_applicable"


_FROM = re.compile(r"debut (?:de )?valid|(?:valable|valide) (?:du|depuis)")
_ROLES = tuple(
    (role, re.compile("|".join(patterns)))
    for role, *patterns in (
        (Role.PLANNED, r"\ba prevoir\b|recyclage prevu|prevue? le|planifi|programm|inscription"),
        (
            Role.EXPIRES,
            r"valid|valable|expir|echeance|limite|jusqu|peremption|prochain|a renouveler|\bexp\b",
            r"a recycler|(?:renouvellement|recyclage) (?:avant|au)|avant le",
            r"\bfin\b(?! (?:de )?formation)",
        ),
        (
            Role.OBTAINED,
            r"obten|obtenu|delivr|dernier|\bmac\b|initial|passage|reussi|realis|suivi|formation d",
            r"date (?:de |du )?(?:formation|stage|examen|test|titre)|fin de formation",
        ),
        (Role.NUMBER, r"(?:^|\s)n°|numero|\bnum\b"),
        (Role.BODY, r"organisme|centre de formation|formateur"),
        (Role.CATEGORY, r"symbole|categor|\bcat\b\.?$|niveau|options?\b"),
    )
)


def role_of(heading: str) -> Role | None:
    """What a heading says of its column: dates of obtaining, of expiry, symbols…; None: nothing."""
    said = " ".join(fold(heading).split())
    if _FROM.search(said):
        return Role.OBTAINED
    return next((role for role, pattern in _ROLES if pattern.search(said)), None)


@dataclass(slots=True)
class CellSaid:
    """What one cell says of a credential."""

    state: State | None = None
    dates: dict[Role, FrenchDate] = field(default_factory=dict[Role, FrenchDate])
    category: str = ""
    type_name: str = ""
    """The credential that the cell itself names, where the column says only its family."""
    problem: str = ""
    text: str = ""
    """What was typed, where it is no plain date cell; words about health are not kept (P7)."""


_HELD = frozenset(
    "x|xx|xxx|o|oui|ok|v|vrai|true|yes|y|1|✓|✔|☑|√|acquis|acquise|detenu|detenue|titulaire|valide|"
    "valable|fait|faite|obtenu|obtenue|habilite|habilitee|forme|formee|present|a jour|"
    "en cours de validite|actif|active|possede|permanent|illimite|illimitee|a vie|"
    "sans limite".split("|")
)
_NOT_APPLICABLE = frozenset(
    "nc|n.c|n. c|so|s.o|n/a|na|sans objet|neant|non|n|no|faux|false|0|☐|✗|aucun|aucune|"
    "non concerne|non concernee|pas concerne|pas concernee|non requis|non necessaire|refuse|"
    "refusee|refus|echec|echoue|ajourne|ajournee|exempte|exemptee|dispense|dispensee|retire|retiree|suspendu|"
    "suspendue|annule|annulee|non habilite|non detenu|abandon|abandonne|non obtenu|inutile|"
    "absent|absente".split("|")
)
_FAILED = frozenset("refuse|refusee|refus|echec".split("|"))
"""First words that settle the matter, whatever follows."""
_PLANNED = re.compile(
    r"prevoir|prevu|planif|program|inscri|demand|a faire|a renouvel|a recycl|a passer|a refaire|"
    r"a former|session|en cours|convoqu|en attente|a organiser|a reprendre|a repasser|souhait|"
    r"perime|expire$|echu|caduc|depasse|a mettre a jour|urgent"
)
_SETTLED = re.compile(r"prevu|planif|program|inscri|session|convoqu")
"""Words that mean a date to come even behind it: « 12/03/2027 (prévu) »."""
_EXPIRES = re.compile(r"exp|\bval|jusqu|\bfin\b|\bech|limite|perim|\bavant\b|\bdlv\b|caduc")
_OBTAINED = re.compile(
    r"\bobt|deliv|\ble\b|depuis|recycl|\bmac\b|\bpasse|form|\ben\b|initial|\bdu\b"
)
_HEALTH = re.compile(
    r"\b(?:in)?apte\b|aptitude|restriction|medical|contre[\s-]indic|grossesse|malad|arret"
)

_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:janv|fevr?|mars|avr|mai|juin|juil|aou|sept?|oct|nov|dec)[a-z]*\.?"
_MARK = r"\s?[/.\-]\s?"
_DATES = re.compile(
    rf"\d{{1,2}}{_MARK}\d{{1,2}}{_MARK}(?:\d{{4}}|\d{{2}})(?!\d)|\d{{4}}-\d{{1,2}}-\d{{1,2}}|"
    rf"\d{{1,2}}(?:er)?\s+{_MONTH}\s+{_YEAR}|{_MONTH}[\s\-/]*(?:{_YEAR}|\d\d(?!\d))|"
    rf"(?<!\d)\d{{1,2}}{_MARK}{_YEAR}|[ts][1-4]\s?[\-/]?\s?{_YEAR}|(?<![\d/]){_YEAR}(?!\d)"
)


def read_cell(value: Scalar, role: Role = Role.OBTAINED) -> CellSaid | None:
    """What a filled cell says; a date alone means `role`. None when it says nothing (« - »).

    What is neither a date nor a known word is a problem of the cell.
    """
    if value is None or (isinstance(value, str) and not value.strip(" -–—./?")):
        return None
    if isinstance(value, bool) or (isinstance(value, int | float) and value in {0, 1}):
        return CellSaid(State.HELD_UNDATED if value else State.NOT_APPLICABLE)
    try:
        if isinstance(value, str):
            return _read_text(value, role)
        found = read_date(value)
    except ImpossibleDate as error:
        return CellSaid(problem=f"{error} ; une date comme 31/12/2026 est attendue")
    return _dated(found, role) if found else _not_understood(str(value))


def _dated(found: FrenchDate, role: Role, text: str = "") -> CellSaid:
    state = State.PLANNED if role is Role.PLANNED else State.HELD
    return CellSaid(state, {role: found}, text=text)


def _not_understood(text: str) -> CellSaid:
    return CellSaid(
        problem=f"« {text} » n’est ni une date ni une mention connue "
        "(X, à prévoir, exp. 06/2027, NC)"
    )


def _read_text(text: str, role: Role) -> CellSaid:
    whole = read_date(text)
    said = " ".join(fold(text).split()).strip(" .;,!")
    if whole and not _EXPIRES.search(said) and not _PLANNED.search(said):
        return _dated(whole, role, text)
    dates = [found for each in _DATES.findall(said) if (found := read_date(each)) is not None]
    if re.search(r"\binapte", said) or (_HEALTH.search(said) and not dates):
        return CellSaid(State.HELD_UNDATED if said == "apte" else State.NOT_APPLICABLE)
    if dates:
        rest = " ".join(_DATES.sub(" ", said).split()).strip(" .;,:()-–→>")
        found = _of_dates(dates, rest, text, role)
    else:
        found = _of_words(said, text)
    found.text = "" if _HEALTH.search(said) else text
    return found


def _of_dates(dates: list[FrenchDate], rest: str, text: str, role: Role) -> CellSaid:
    """What the dates of a text say; `rest` is what stands beside them, `text` all of it."""
    first_word = rest.partition(" ")[0]
    if rest in _NOT_APPLICABLE or first_word in _FAILED:
        return CellSaid(State.NOT_APPLICABLE)
    if _says_planned(rest, text):
        return CellSaid(State.PLANNED, {Role.PLANNED: dates[-1]})
    if len(dates) > 1:
        first, last = sorted(dates[:2], key=lambda found: found.day)
        said = CellSaid(State.HELD, {Role.OBTAINED: first, Role.EXPIRES: last})
    elif _EXPIRES.search(rest):
        said = _dated(dates[0], Role.EXPIRES)
    elif _OBTAINED.search(rest):
        said = _dated(dates[0], Role.OBTAINED)
    else:
        said = _dated(dates[0], role)
    _add_name(said, text if rest else "")
    return said


def _says_planned(rest: str, text: str) -> bool:
    """Whether a date is of a renewal to come: « à recycler 2027 », not « 2020 (à recycler) »."""
    if re.search(r"perime|expire", rest) or not _PLANNED.search(rest):
        return False
    return bool(_SETTLED.search(rest)) or not text[:1].isdigit()


_FIGURES = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}/\d{4}|[()\[\]]")


def without_dates(text: str) -> str:
    """What stands beside the dates of a text: « R489 cat. 3 (12/03/2024) » says R489 cat. 3."""
    return " ".join(_FIGURES.sub(" ", text).split())


def _add_name(said: CellSaid, text: str) -> None:
    """Note the credential or category that stands beside a date."""
    found = named_credential(without_dates(text))
    if found:
        said.type_name, said.category = found.type_name, found.category


_CATEGORY = r"[a-g1-9][a-b1-9]?"
_CATEGORIES = re.compile(rf"(?:cat\w*\.?\s*)?{_CATEGORY}(?:[\s,;/+\-]+(?:et\s+)?{_CATEGORY})*")


def _of_words(said: str, text: str) -> CellSaid:
    if said in _HELD:
        return CellSaid(State.HELD_UNDATED)
    if said in _NOT_APPLICABLE or said.partition(" ")[0] in _FAILED:
        return CellSaid(State.NOT_APPLICABLE)
    if _PLANNED.search(said):
        return CellSaid(State.PLANNED)
    if symbols := electrical_symbols(text):
        return CellSaid(State.HELD_UNDATED, category=symbols)
    if found := named_credential(text):
        return CellSaid(State.HELD_UNDATED, category=found.category, type_name=found.type_name)
    if _CATEGORIES.fullmatch(said):
        return CellSaid(State.HELD_UNDATED, category=said.upper())
    return _not_understood(text)


def is_credential_mark(value: Scalar) -> bool:
    """Whether a value may stand in a cell of a matrix: a date or one of the known words."""
    if isinstance(value, date | datetime | bool):
        return True
    if isinstance(value, str):
        said = read_cell(value)
        impossible = said is not None and said.problem.startswith("date")
        return said is None or impossible or not (said.problem or said.type_name)
    if not isinstance(value, int | float):
        return False
    return value in {0, 1} or 1990 <= value <= 2060 or 18_264 <= value <= 73_050
