"""What a version says of itself beside its content: its steps, its dates, what was missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

ADOPTED: Final = "version adoptée, en vigueur"
NOT_ADOPTED: Final = "version figée non adoptée"
"""What a version is called; without adoption never « en vigueur »."""
WHOLE: Final = "Tout le département"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the committee said, and what was answered."""

    met_on: date
    votes: tuple[tuple[str, str], ...]
    """Organisation → its vote in French words."""
    reservations: str = ""
    answer: str = ""
    answered_on: date | None = None
    answer_due: date | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """The act of the authority: functions, and the digest of the signed file."""

    adopted_by: str
    adopted_on: date
    capacity: str = ""
    act_number: str = ""
    signed_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """A version about to be sealed."""

    name: str
    department: str
    employer: str
    year: int
    number: int
    motive: str
    scope: tuple[str, ...]
    """Names of the units that were looked at anew; empty for all."""
    carried_from: str
    """The version of which the rest was taken over; empty where nothing was."""
    as_at: date
    elaborated_on: date
    sealed_on: date
    kept_until: date
    project: bool
    """Whether it was submitted as a project first."""
    opinions: tuple[Opinion, ...] = ()
    adoption: Adoption | None = None
    missing: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """What it is called."""
        return ADOPTED if self.adoption else NOT_ADOPTED

    def document(self) -> dict[str, Any]:
        """The same as a manifest holds it."""
        adoption = self.adoption
        return {
            "name": self.name,
            "department": self.department,
            "employer": self.employer,
            "year": self.year,
            "number": self.number,
            "status": self.status,
            "motive": self.motive,
            "scope": list(self.scope),
            "carried_over_from": self.carried_from,
            "as_at": self.as_at.isoformat(),
            "elaborated_on": self.elaborated_on.isoformat(),
            "sealed_on": self.sealed_on.isoformat(),
            "kept_until": self.kept_until.isoformat(),
            "project_submitted": self.project,
            "opinions": [
                {
                    "met_on": each.met_on.isoformat(),
                    "votes": [{"organisation": who, "vote": vote} for who, vote in each.votes],
                    "reservations": each.reservations,
                    "answer": each.answer,
                    "answered_on": each.answered_on.isoformat() if each.answered_on else "",
                }
                for each in self.opinions
            ],
            "adoption": adoption
            and {
                "adopted_by": adoption.adopted_by,
                "capacity": adoption.capacity,
                "act_number": adoption.act_number,
                "adopted_on": adoption.adopted_on.isoformat(),
                "signed_act_sha256": adoption.signed_digest,
            },
            "missing": list(self.missing),
        }

    def lines(self) -> tuple[tuple[str, str], ...]:
        """The same as a person reads it: what, and what is said of it."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[tuple[str, str]]:
        yield "Version", f"{self.name}, {self.status}"
        yield "Employeur", self.employer
        yield "Motif de la mise à jour", self.motive or "non indiqué"
        yield "Périmètre", self._scope()
        yield "État du document au", _day(self.as_at)
        yield "Élaborée le", _day(self.elaborated_on)
        yield "Projet soumis à avis", "oui" if self.project else "non"
        for each in self.opinions:
            yield f"Avis de la F3SCT, séance du {_day(each.met_on)}", _votes(each)
            if each.reservations:
                yield "Réserves et observations", each.reservations
            if each.answer:
                when = f" ({_day(each.answered_on)})" if each.answered_on else ""
                yield f"Réponse de l’autorité territoriale{when}", each.answer
        if not self.opinions:
            yield "Avis de la F3SCT", "aucun avis enregistré"
        yield "Adoption", _adoption(self.adoption)
        yield "Figée le", _day(self.sealed_on)
        yield "À conserver jusqu’au", f"{_day(self.kept_until)} (code du travail R4121-4)"

    def _scope(self) -> str:
        if not self.scope:
            return WHOLE
        rest = f" ; le reste est repris de la version {self.carried_from}" * bool(self.carried_from)
        return f"{', '.join(self.scope)}{rest}"


def _votes(opinion: Opinion) -> str:
    told = ", ".join(f"{who} : {vote.lower()}" for who, vote in opinion.votes)
    return told or "votes non renseignés"


def _adoption(adoption: Adoption | None) -> str:
    if adoption is None:
        return "version non adoptée"
    by = adoption.adopted_by + (f", {adoption.capacity}" if adoption.capacity else "")
    act = f", acte n° {adoption.act_number}" if adoption.act_number else ""
    return f"le {_day(adoption.adopted_on)} par {by}{act}"


def _day(day: date) -> str:
    return f"{day:%d/%m/}{day.year:04}"
