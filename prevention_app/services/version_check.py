"""What is missing in a version before it is sealed: each is printed and stands in the version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.document_content import (
    ACTIONS,
    IDENTIFIER,
    RISKS,
    UNITS,
    DocumentContent,
    Row,
    title_of,
)
from prevention_app.domain.sealed_facts import Adoption, Opinion
from prevention_app.domain.sealed_scope import ANNEX
from prevention_app.i18n import count
from prevention_app.services.annexes import all_annexes
from prevention_app.storage.query import Reader

SERIOUS: Final = frozenset({"high", "critical"})
"""Codes of the levels that call for an action, the same in all methods."""
_LEGAL: Final = {
    "conditions": "conditions d’exécution",
    "indicator": "indicateur de résultat",
    "cost": "estimation du coût",
    "resources": "ressources mobilisées",
    "due": "échéance au calendrier",
}
"""What code du travail L4121-3-1, III, wants of every action of the programme."""
_OVER: Final = frozenset(
    each.label_fr for each in (ActionState.DONE, ActionState.VERIFIED, ActionState.ABANDONED)
)
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing."""

    code: str
    sentence: str
    rows: tuple[str, ...] = ()
    """What lacks it, by name."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How far a version came before it is sealed."""

    project: bool
    opinions: Sequence[Opinion] = ()
    adoption: Adoption | None = None


def missing(content: DocumentContent, steps: Steps) -> list[Missing]:
    """All that is missing: in the steps, the evaluation, the programme, the annexes."""
    return [
        *_in_steps(steps),
        *_in_evaluation(content),
        *_in_programme(content),
        *_in_annexes(content),
    ]


def _in_steps(steps: Steps) -> Iterator[Missing]:
    if not steps.project:
        yield Missing("no_project", "Aucun projet n’a été soumis à avis : l’état présent est figé.")
    if not steps.opinions:
        yield Missing("no_opinion", "Aucun avis de la F3SCT n’est enregistré.")
    for each in steps.opinions:
        if not each.votes:
            told = f"Les votes de la séance du {each.met_on:%d/%m/%Y} ne sont pas enregistrés."
            yield Missing("no_votes", told)
        if not each.answer:
            told = (
                "La réponse écrite de l’autorité territoriale à l’avis du "
                f"{each.met_on:%d/%m/%Y} n’est pas enregistrée."
            )
            yield Missing("no_answer", told)
    if steps.adoption is None:
        yield Missing("no_adoption", "La version n’est pas adoptée par l’autorité territoriale.")
    elif not steps.adoption.signed_digest:
        yield Missing("no_signed_act", "L’acte d’adoption signé n’est pas joint.")


def _in_evaluation(content: DocumentContent) -> Iterator[Missing]:
    risks = content[RISKS].rows
    evaluated = {str(each.get("unit_id")) for each in risks if each.get("level")}
    units = [
        each
        for each in content[UNITS].rows
        # A variant of a unit type shares the risks of its type.
        if evaluated.isdisjoint({str(each[IDENTIFIER]), str(each.get("type_id") or "")})
    ]
    yield from _some(
        "units_to_evaluate", units, "unité de travail", "à évaluer : aucun risque coté"
    )
    waiting = [each for each in risks if not each.get("level")]
    copies = [each for each in waiting if each.get("origin")]
    own = [each for each in waiting if not each.get("origin")]
    yield from _some("risks_to_evaluate", own, "risque", "à évaluer")
    yield from _some("copies_to_confirm", copies, "risque", "repris d’ailleurs et à confirmer")
    undated = [each for each in risks if each.get("level") and not each.get("rated_on")]
    yield from _some("ratings_undated", undated, "cotation", "dont la date est à renseigner")
    acted = _with_action(content)
    bare = [
        each
        for each in risks
        if each.get("level") in SERIOUS and str(each[IDENTIFIER]) not in acted
    ]
    yield from _some("serious_without_action", bare, "risque", "élevé ou critique sans action")


def _with_action(content: DocumentContent) -> set[str]:
    """The risks that an action is for, directly or by a table of links between the two."""
    alive = {
        str(each[IDENTIFIER]): each
        for each in content[ACTIONS].rows
        if each.get("state") != ActionState.ABANDONED.label_fr
    }
    found = {str(each.get("risk_id")) for each in alive.values()}
    for table in content.tables.values():
        if {"action_id", "risk_id"} <= {each.key for each in table.columns}:
            found |= {str(row["risk_id"]) for row in table.rows if str(row["action_id"]) in alive}
    return found


def _in_programme(content: DocumentContent) -> Iterator[Missing]:
    planned = [each for each in content[ACTIONS].rows if each.get("state") not in _OVER]
    if not planned:
        yield Missing("no_programme", "Le programme annuel ne contient aucune action à venir.")
    held = {each.key for each in content[ACTIONS].columns}
    for key, words in _LEGAL.items():
        if key in held:
            lacking = [each for each in planned if _is_empty(each, key)]
            yield from _some(f"action_without_{key}", lacking, "action", f"sans {words}")


def _is_empty(row: Row, key: str) -> bool:
    """A cost of zero is told; a revised date is a date in the calendar."""
    value = row.get("revised_due") if key == "due" and not row.get("due") else row.get(key)
    return value is None or value == ""


def _in_annexes(content: DocumentContent) -> Iterator[Missing]:
    for key, table in content.tables.items():
        if key.startswith(ANNEX) and not table.rows:
            yield Missing("annex_empty", f"L’annexe « {table.title_fr} » est vide.")


def missing_in_annexes(read: Reader, department: str, today: date) -> Iterator[Missing]:
    """What the annexes of the present state say that they miss; a project keeps no trace of it."""
    for each in all_annexes(read, department, today):
        if each.gaps and each.table.rows:
            texts = tuple(gap.text for gap in each.gaps)
            number = count(len(texts), "point")
            first = texts[0].rstrip(".")
            sentence = f"Annexe « {each.table.title_fr} » : {number} à compléter ({first}…)."
            yield Missing("annex_gap", sentence, texts)


def _some(code: str, rows: Sequence[Row], noun: str, words: str) -> Iterator[Missing]:
    if rows:
        names = tuple(title_of(each) for each in rows)
        several = noun.replace(" ", "s ", 1) if " " in noun else f"{noun}s"
        told = ", ".join(f"« {each} »" for each in names[:_NAMED])
        more = f" et {len(names) - _NAMED} de plus" if len(names) > _NAMED else ""
        sentence = f"{count(len(rows), noun, several)} {words} ({told}{more})."
        yield Missing(code, sentence, names)
