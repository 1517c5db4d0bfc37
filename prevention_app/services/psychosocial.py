"""The diagnosis of psychosocial risks of a unit: its six dimensions are written together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.exposure_lists import PsychosocialDimension
from prevention_app.catalogue.exposures import PsychosocialDiagnosis
from prevention_app.errors import Refused
from prevention_app.services.annex_psychosocial import latest
from prevention_app.storage.query import Condition, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

DIAGNOSE = "Établir un diagnostic RPS"
"""Name of the change, as undo and history call it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one dimension."""

    judgement: str | None = None
    findings: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything was found at all."""
        return bool(self.judgement or self.findings)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis of a unit: when, how, from how many, and what of each dimension."""

    made_on: date | None = None
    method: str | None = None
    answers: int | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict[str, Finding])
    """By the code of the dimension."""


def diagnosis_of(read: Reader, unit: str) -> Diagnosis:
    """The latest findings of a unit; empty where there is none."""
    found = latest(_held(read, unit))
    if not found:
        return Diagnosis()
    last = max(found.values(), key=lambda each: (str(each.made_on or ""), each.id))
    findings = {key: Finding(each.judgement, each.findings) for key, each in found.items()}
    return Diagnosis(last.made_on, last.method, last.answers, findings)


def save_diagnosis(store: Store, unit: str, diagnosis: Diagnosis) -> Changes:
    """Write the six dimensions as one change; those of the same day are written over.

    Raises Refused where nothing was found or nothing differs.
    """
    said = {key: each for key, each in diagnosis.findings.items() if each.says_something}
    if not said:
        raise Refused("Aucune dimension n’est appréciée : rien à enregistrer.")
    with store.reading() as read:
        owner = read.get("work_unit", unit).owner
        same_day = {
            str(each.dimension): each
            for each in _held(read, unit)
            if each.made_on == diagnosis.made_on
        }
    with store.change(DIAGNOSE) as work:
        for dimension in PsychosocialDimension:
            finding = said.get(dimension.value)
            if finding is None:
                continue
            values: dict[str, Value] = {
                "judgement": finding.judgement,
                "findings": finding.findings,
                "method": diagnosis.method,
                "answers": diagnosis.answers,
            }
            held = same_day.get(str(dimension))
            if held is not None:
                work.amend("psychosocial_diagnosis", held, settles=False, **values)
            else:
                work.new(
                    "psychosocial_diagnosis",
                    owner=owner,
                    work_unit=unit,
                    dimension=dimension.value,
                    made_on=diagnosis.made_on,
                    **values,
                )
    if work.done is None:
        raise Refused("Rien à enregistrer : ce diagnostic est déjà celui de l’unité.")
    return work.done


def _held(read: Reader, unit: str) -> list[PsychosocialDiagnosis]:
    about = (Condition("work_unit", value=unit),)
    found = read.records(Query("psychosocial_diagnosis", about, order=("reference",)))
    return [cast("PsychosocialDiagnosis", each) for each in found]
