"""The rating methods: those that come with the program, and those of the departments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from prevention_app.catalogue.risk_document import HazardFamily, MethodChoice, OwnRatingMethod
from prevention_app.domain.ratings import InvalidMethod, RatingMethod, method_from
from prevention_app.errors import NotFound, Refused, UnreadableFile
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.shipped_methods import Document, shipped_documents, shipped_methods
from prevention_app.services.lookup import Lookup
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

DEFAULT: Final = "gfm-1"
"""The method of a rating that names none."""
ADD, CHOOSE = "Ajouter une méthode de cotation", "Choisir une méthode de cotation"
_MOST_BYTES: Final = 1 << 20


def methods() -> Mapping[str, RatingMethod]:
    """The methods that come with the program, by their code."""
    return shipped_methods()


def method(code: str = DEFAULT) -> RatingMethod:
    """One of them; raises NotFound with those that there are."""
    return _named(methods(), code)


def _named(known: Mapping[str, RatingMethod], code: str) -> RatingMethod:
    if code not in known:
        raise NotFound(
            f"Aucune méthode de cotation « {code} ». Méthodes connues\u202f: {', '.join(known)}."
        )
    return known[code]


# -- those of a department ---------------------------------------------------------------------


def known(read: Reader) -> Mapping[str, RatingMethod]:
    """All methods by their code: the departments' own, and those that come with the program."""
    own = (_own(each.definition) for each in Lookup(read, OwnRatingMethod).live())
    return {**{each.code: each for each in own if each}, **methods()}


def find(read: Reader, code: str) -> RatingMethod:
    """One of all methods; raises NotFound with those that there are."""
    return _named(known(read), code)


def document_of(read: Reader, code: str) -> Document:
    """A method as it is written down, a model for one's own; raises NotFound."""
    find(read, code)
    own = {
        each.method_code: json.loads(each.definition)
        for each in Lookup(read, OwnRatingMethod).live()
    }
    return shipped_documents().get(code) or own[code]


def write(document: Document, file: Path) -> None:
    """Write a method down; raises PreventionError where the file cannot be written."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    refuse_locked(file)
    with replacing(file) as written:
        written.write(f"{text}\n".encode())


def _own(definition: str) -> RatingMethod | None:
    """None for one of a later version of the program: what is rated by it is shown as not rated."""
    try:
        return method_from(json.loads(definition))
    except (InvalidMethod, json.JSONDecodeError):
        return None


def add(store: Store, file: Path, owner: str = "") -> tuple[RatingMethod, Changes]:
    """Take in a method of a department's own from a JSON file; its code gets the department's.

    Raises UnreadableFile where the file describes none, Refused where the code is taken.
    """
    owner = owner or store.department
    document = _document_in(file)
    document["code"] = f"{owner}-{str(document.get('code') or '').removeprefix(f'{owner}-')}"
    try:
        made = method_from(document)
    except InvalidMethod as error:
        raise UnreadableFile(f"{file.name} : {error}") from error
    with store.reading() as read:
        taken = made.code in known(read)
    if taken:
        raise Refused(
            f"Une méthode porte déjà le code « {made.code} » : une méthode modifiée "
            "prend un autre code, pour que les cotations faites gardent la leur."
        )
    definition = json.dumps(document, ensure_ascii=False, sort_keys=True)
    with store.change(ADD) as work:
        work.new(
            "rating_method",
            owner=owner,
            method_code=made.code,
            name=made.name_fr,
            definition=definition,
        )
    return made, _done(work)


def _document_in(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise UnreadableFile(f"{file.name} : trop grand pour une méthode de cotation.")
        found: object = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableFile(
            f"{file.name} : ce fichier ne se lit pas comme une méthode de cotation (JSON)."
        ) from error
    if not isinstance(found, dict):
        raise UnreadableFile(f"{file.name} : un objet JSON était attendu.")
    return cast("dict[str, Any]", found)


# -- which one is chosen -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """By which method a department rates from now on."""

    department: str
    family_id: str | None
    """The family of risks that it is for; None for all the others."""
    family: str
    code: str


def chosen(read: Reader, owner: str, family: str | None = None) -> RatingMethod:
    """The method by which a department rates risks of a family (an id) from now on."""
    return known(read).get(chosen_code(read, owner, family)) or method()


def chosen_code(read: Reader, owner: str, family: str | None = None) -> str:
    """The code of that method, be it known here or not.

    Its choice for the family, else what the families of a shipped method say (psychosocial risks
    are not multiplied), else its choice for all, else the usual one.
    """
    chosen_by = {each.family_id: each.code for each in choices(read) if each.department == owner}
    code = chosen_by.get(family) if family else None
    return code or _made_for(read, family) or chosen_by.get(None) or DEFAULT


def choices(read: Reader) -> list[Choice]:
    """What the departments chose; what families of risks a choice is for, all where none."""
    held = sorted(Lookup(read, MethodChoice).live(), key=lambda each: (each.owner, each.id))
    families = Lookup(read, HazardFamily, (each.hazard_family for each in held))
    return [
        Choice(
            each.owner,
            family.id if family else None,
            family.name if family else "",
            each.method_code,
        )
        for each in held
        for family in (families.get(each.hazard_family),)
        if family or not each.hazard_family  # of a family that is gone, it is a choice for nothing
    ]


def family_named(read: Reader, code: str) -> str | None:
    """The id of the family of hazards with a code; None for no code. Raises NotFound."""
    if not code:
        return None
    found = [each for each in Lookup(read, HazardFamily).live() if each.family_code == code.upper()]
    if not found:
        raise NotFound(f"Aucune famille de risques n’a le code « {code} ».")
    return found[0].id


def _made_for(read: Reader, family: str | None) -> str:
    if not family:
        return ""
    found = read.walk(Query("hazard_family", ids=(family,)), ("family_code",))
    codes = {family_code for _, family_code in found}
    documents = shipped_documents()
    return next((code for code, each in documents.items() if codes & {*each["families"]}), "")


def choose(store: Store, code: str, owner: str = "", family: str | None = None) -> Changes:
    """Rate by a method from now on: all risks of a department, or those of a family.

    What is rated keeps its method. Raises NotFound for an unknown code.
    """
    owner = owner or store.department
    with store.reading() as read:
        find(read, code)
        held = [
            each
            for each in Lookup(read, MethodChoice).live((owner,))
            if each.hazard_family == family
        ]
    with store.change(CHOOSE) as work:
        for each in held:
            work.amend("method_choice", each, method_code=code)
        if not held:
            work.new("method_choice", owner=owner, hazard_family=family, method_code=code)
    return _done(work)


def _done(work: Work) -> Changes:
    if work.done is None:
        raise Refused("Cette méthode est déjà celle qui est choisie.")
    return work.done
