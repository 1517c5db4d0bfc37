"""What the notes of a credentials workbook say of its dates: of obtaining, or of expiry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from prevention_app.catalogue.values import fold
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.kinds.credential_cells import Role
from prevention_app.exchange.kinds.credential_names import families_named

_OBTAINED = re.compile(r"obten|obtenu|deliv|dernier|realis|formation suivie|passage")
_EXPIRES = re.compile(r"valid|expir|echeance|limite|peremption|jusqu")
_EXCEPT = re.compile(r"\b(?:sauf|excepte|hormis|hors|a l'exception)\b")
_OTHERS = re.compile(r"\b(?:autres?|reste|par defaut|toutes?|tous)\b")


@dataclass(slots=True)
class NotedRoles:
    """What dates mean where no heading says it."""

    default: Role | None = None
    by_family: dict[str, Role] = field(default_factory=dict[str, Role])
    """By how the type begins: « CACES », « AIPR »."""

    def of(self, type_name: str) -> Role | None:
        """What a date means for a type of credential, None when no note says it."""
        for family, role in self.by_family.items():
            if type_name.startswith(family):
                return role
        return self.default


def roles_noted(notes: Iterable[str]) -> NotedRoles:
    """Read « Dates d’obtention, sauf AIPR et Certiphyto : date de fin de validité. »."""
    noted = NotedRoles()
    for note in notes:
        for clause in re.split(r"[.;\n](?:\s|$)", fold(note)):
            if "date" in clause or "valid" in clause:
                _read_clause(clause, noted)
    return noted


def _read_clause(clause: str, noted: NotedRoles) -> None:
    excepted = _EXCEPT.search(clause)
    if excepted:
        before, after = clause[: excepted.start()], clause[excepted.end() :]
        role = _role(before)
        if role is None:
            return
        _note(before, role, noted)
        other = Role.OBTAINED if role is Role.EXPIRES else Role.EXPIRES
        for family in families_named(after):
            noted.by_family[family] = _role(after) or other
        return
    role = _role(clause)
    if role:
        _note(clause, role, noted)


def _note(words: str, role: Role, noted: NotedRoles) -> None:
    families = families_named(words)
    if families and not _OTHERS.search(words):
        for family in families:
            noted.by_family[family] = role
    elif noted.default is None:
        noted.default = role


def _role(words: str) -> Role | None:
    """The one role that some words speak of; None when they speak of none, or of both."""
    obtained, expires = bool(_OBTAINED.search(words)), bool(_EXPIRES.search(words))
    if obtained == expires:
        return None
    return Role.OBTAINED if obtained else Role.EXPIRES


_DAY = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}(?:er)? [a-z]+ 20\d\d")


def day_of_the_file(notes: Iterable[str]) -> date | None:
    """The day that a title gives the file: « … au 14/09/2026 »."""
    for note in notes:
        for written in _DAY.findall(fold(note)):
            try:
                found = read_date(written)
            except ImpossibleDate:
                continue
            if found:
                return found.day
    return None
