"""What a cell of a credentials workbook says: a date, X, « à prévoir 2027 », « exp. 06/2027 », NC."""

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


_ROLES = (
    (Role.PLANNED, r"\ba prevoir\b|recyclage prevu|prevue? le|planifi|programm|inscription|session prevue"),
    (
        Role.EXPIRES,
        r"fin (?:de )?valid|valid|valable|expir|echeance|limite|jusqu|peremption|prochain|"
        r"a renouveler|a recycler|renouvellement (?:avant|au)|\bexp\b|\bfin\b(?! (?:de )?formation)",
    ),
    (
        Role.OBTAINED,
        r"obten|obtenu|delivr|dernier|\bmac\b|initial|passage|reussi|realis|suivi|formation d|"
        r"debut (?:de )?valid|date (?:de |du )?(?:formation|stage|examen|test|titre)|fin de formation",
    ),
    (Role.NUMBER, r"(?:^|\s)n°|numero|\bnum\b"),
    (Role.BODY, r"organisme|centre de formation|formateur"),
    (Role.CATEGORY, r"symbole|categor|\bcat\b\.?$|niveau|options?\b"),
)  # fmt: skip


def role_of(heading: str) -> Role | None:
    """What a heading says of its column: dates of obtaining, of expiry, symbols…; None: nothing."""
    said = " ".join(fold(heading).split())
    if re.search(r"debut (?:de )?valid|valable (?:du|depuis)|valide (?:du|depuis)", said):
        return Role.OBTAINED
    return next((role for role, pattern in _ROLES if re.search(pattern, said)), None)


@dataclass(slots=True)
class CellSaid:
    """What one cell says of a credential."""

    state: State | None = None
    dates: dict[Role, FrenchDate] = field(default_factory=dict[Role, FrenchDate])
    category: str = ""
    type_name: str = ""
    """The credential that the cell itself names, where the column says only its family."""
    problem: str = ""
    keeps_text: bool = True
    """False for words about health, which are not kept (P7)."""


_HELD = frozenset(
    "x xx xxx o oui ok v vrai true yes y 1 ✓ ✔ ☑ √ acquis acquise detenu detenue titulaire valide valable fait "
    "faite obtenu obtenue habilite habilitee forme formee present a_jour en_cours_de_validite actif active "
    "possede permanent illimite illimitee a_vie sans_limite".replace("_", "\u00a0").split(" ")
)
_NOT_APPLICABLE = frozenset(
    "nc n.c n.c. so s.o s.o. n/a na sans\u00a0objet neant non n no faux false 0 ☐ ✗ aucun aucune non\u00a0concerne "
    "non\u00a0concernee pas\u00a0concerne pas\u00a0concernee non\u00a0requis non\u00a0necessaire refuse refusee refus echec echoue "
    "ajourne ajournee exempte exemptee dispense dispensee retire retiree suspendu suspendue annule annulee "
    "non\u00a0habilite non\u00a0detenu abandon abandonne non\u00a0obtenu inutile absent absente".split(" ")
)
_PLANNED = re.compile(
    r"prevoir|prevu|planif|program|inscri|demand|a faire|a renouvel|a recycl|a passer|a refaire|a former|"
    r"session|en cours|convoqu|en attente|a organiser|a reprendre|a repasser|souhait|perime|expire$|echu|caduc|"
    r"depasse|a mettre a jour|urgent"
)
_EXPIRES = re.compile(r"exp|\bval|jusqu|\bfin\b|\bech|limite|perim|\bavant\b|\bdlv\b|caduc")
_OBTAINED = re.compile(r"\bobt|deliv|\ble\b|depuis|recycl|\bmac\b|\bpasse|form|\ben\b|initial|\bdu\b")
_SETTLED = re.compile(r"prevu|planif|program|inscri|session|convoqu")
"""Words that mean a date to come even behind it: « 12/03/2027 (prévu) »."""
_HEALTH = re.compile(r"\b(?:in)?apte\b|aptitude|restriction|medical|contre[\s-]indic|grossesse|malad|arret")

_YEAR = r"(?:19|20)\d\d"
_MONTHS = (
    r"(?:janv|fevr?|mars|avr|mai|juin|juil|aou|sept?|oct|nov|dec)[a-z]*\.?"
)
_DATES = re.compile(
    rf"\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?(?:\d{{4}}|\d{{2}})(?!\d)|\d{{4}}-\d{{1,2}}-\d{{1,2}}|"
    rf"\d{{1,2}}(?:er)?\s+{_MONTHS}\s+{_YEAR}|{_MONTHS}[\s\-/]*(?:{_YEAR}|\d\d(?!\d))|"
    rf"(?<!\d)\d{{1,2}}\s?[/.\-]\s?{_YEAR}|[ts][1-4]\s?[\-/]?\s?{_YEAR}|(?<![\d/]){_YEAR}(?!\d)"
)


def read_cell(value: Scalar, role: Role = Role.OBTAINED) -> CellSaid | None:
    """What a filled cell says; a date alone means `role`. None when it says nothing (« - »).

    What is neither a date nor a known word is a problem of the cell.
    """
    if value is None or (isinstance(value, str) and not value.strip(" -–—./?")):
        return None
    if isinstance(value, bool):
        return CellSaid(State.HELD_UNDATED if value else State.NOT_APPLICABLE)
    if isinstance(value, int | float) and value in (0, 1):
        return CellSaid(State.HELD_UNDATED if value else State.NOT_APPLICABLE)
    try:
        if isinstance(value, str):
            return _read_text(value, role)
        found = read_date(value)
    except ImpossibleDate as error:
        return CellSaid(problem=f"{error} ; une date comme 31/12/2026 est attendue")
    return _dated(found, role) if found else _not_understood(str(value))


def _dated(found: FrenchDate, role: Role) -> CellSaid:
    state = State.PLANNED if role is Role.PLANNED else State.HELD
    return CellSaid(state, {role: found})


def _not_understood(text: str) -> CellSaid:
    return CellSaid(
        problem=f"« {text} » n’est ni une date ni une mention connue (X, à prévoir, exp. 06/2027, NC)"
    )


def _read_text(text: str, role: Role) -> CellSaid:
    whole = read_date(text)
    said = " ".join(fold(text).split()).strip(" .;,!")
    if whole and not _EXPIRES.search(said) and not _PLANNED.search(said):
        return _dated(whole, role)
    written = _DATES.findall(said)
    dates = [found for each in written if (found := read_date(each)) is not None]
    rest = " ".join(_DATES.sub(" ", said).split()).strip(" .;,:()-–→>")
    if re.search(r"\binapte", said) or (_HEALTH.search(said) and not dates):
        state = State.HELD_UNDATED if said == "apte" else State.NOT_APPLICABLE
        return CellSaid(state, keeps_text=False)
    if dates:
        found = _of_dates(dates, rest, text, role)
        found.keeps_text = not _HEALTH.search(said)
        return found
    return _of_words(said, text)


def _of_dates(dates: list[FrenchDate], rest: str, text: str, role: Role) -> CellSaid:
    if rest and any(word in _NOT_APPLICABLE for word in (rest, rest.split(" ")[0])):
        return CellSaid(State.NOT_APPLICABLE)
    if len(dates) > 1 and not _PLANNED.search(rest):
        first, last = sorted(dates[:2], key=lambda found: found.day)
        said = CellSaid(State.HELD, {Role.OBTAINED: first, Role.EXPIRES: last})
    elif _says_planned(rest, text):
        return CellSaid(State.PLANNED, {Role.PLANNED: dates[-1]})
    elif _EXPIRES.search(rest):
        said = CellSaid(State.HELD, {Role.EXPIRES: dates[0]})
    elif _OBTAINED.search(rest):
        said = CellSaid(State.HELD, {Role.OBTAINED: dates[0]})
    else:
        said = _dated(dates[0], role)
    _add_names(said, rest, text)
    return said


def _says_planned(rest: str, text: str) -> bool:
    """Whether a date is one of a renewal to come: « à recycler 2027 », not « 2020 (à recycler) »."""
    if re.search(r"perime|expire", rest) or not _PLANNED.search(rest):
        return False
    return bool(_SETTLED.search(rest)) or not text[:1].isdigit()


def _add_names(said: CellSaid, rest: str, text: str) -> None:
    """The credential or category that stands beside the date: « R489 cat. 3 (12/03/2024) »."""
    if not rest:
        return
    typed = re.sub(r"[()\[\]]", " ", re.sub(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}/\d{4}", " ", text))
    found = named_credential(typed)
    if found:
        said.type_name, said.category = found.type_name, found.category


def _of_words(said: str, text: str) -> CellSaid:
    plain = said.replace(" ", "\u00a0")
    if plain in _HELD or plain.rstrip(".") in _HELD:
        return CellSaid(State.HELD_UNDATED)
    if plain in _NOT_APPLICABLE or plain.split("\u00a0")[0] in {"refuse", "refusee", "refus", "echec"}:
        return CellSaid(State.NOT_APPLICABLE)
    if _PLANNED.search(said):
        return CellSaid(State.PLANNED)
    symbols = electrical_symbols(text)
    found = named_credential(text)
    if found and not symbols:
        return CellSaid(State.HELD_UNDATED, category=found.category, type_name=found.type_name)
    if symbols or re.fullmatch(r"(?:cat\w*\.?\s*)?[a-g1-9][a-b1-9]?(?:[\s,;/+\-]+(?:et\s+)?[a-g1-9][a-b1-9]?)*", said):
        return CellSaid(State.HELD_UNDATED, category=symbols or said.upper())
    return _not_understood(text)


def is_credential_mark(value: Scalar) -> bool:
    """Whether a value may stand in a cell of a matrix: a date or one of the known words."""
    if isinstance(value, date | datetime | bool):
        return True
    if isinstance(value, str):
        said = read_cell(value)
        return said is None or (not said.problem or "date" in said.problem[:5]) and not said.type_name
    if not isinstance(value, int | float):
        return False
    return value in (0, 1) or 1990 <= value <= 2060 or 18_264 <= value <= 73_050
