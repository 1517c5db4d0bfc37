"""What becomes of a version: project, declared void, or deposited from an earlier year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from prevention_app.catalogue.document_versions import (
    KEPT_YEARS,
    DocumentSeal,
    DocumentVersion,
    VersionMotive,
    VersionState,
)
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.values import Unreadable
from prevention_app.domain.document_content import UNITS, DocumentContent, confined
from prevention_app.domain.periods import add_months
from prevention_app.domain.sealed_scope import carried_over
from prevention_app.errors import Refused
from prevention_app.services import attachments, records
from prevention_app.services import document_versions as held
from prevention_app.services.document_content import content_of
from prevention_app.services.document_versions import REGISTER, SEALS, Version
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

PROJECT: Final = "Soumettre un projet de document unique"
VOID: Final = "Annuler une version du document unique"
DEPOSIT: Final = "Déposer une version antérieure"
"""Names of the changes made here, as undo and history call them."""
DEPOSITED: Final = (".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods")
"""What an earlier version may be."""


def kept_until(elaborated: date) -> date:
    """Until when a version is kept (code du travail R4121-4)."""
    return add_months(elaborated, 12 * KEPT_YEARS)


# -- what is frozen ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frozen:
    """The present state of a department as a version holds it."""

    content: DocumentContent
    units: tuple[str, ...]
    """Names of the units that it looks at anew; empty for all."""
    carried_from: str
    """The version of which the rest was taken over."""


def present(store: Store, read: Reader, department: str, scope: Sequence[str] = ()) -> Frozen:
    """The present state; of some units (by reference or name) alone, the rest carried over.

    Where there is no earlier version to carry over from, the content is that of the units alone.
    Raises NotFound for a unit that is not known.
    """
    today = store.today()
    content = content_of(read, department, today)
    if not scope:
        return Frozen(content, (), "")
    ids = [_unit(read, department, each) for each in scope]
    names = {str(row["id"]): str(row["name"]) for row in content[UNITS].rows}
    units = tuple(names.get(each, each) for each in ids)
    last = held.last_seal(read, department)
    if last is None:
        return Frozen(confined(content, ids), units, "")
    before = next(
        each for each in held.versions(read, department) if each.record.id == last.version
    )
    previous = held.content_of_version(store, read, before.record)
    return Frozen(carried_over(previous, content, ids), units, before.name)


def _unit(read: Reader, department: str, named: str) -> str:
    each = read.catalogue["risk"].by_key["work_unit"]
    try:
        found = records.resolve(read, each, named)
    except Unreadable as error:
        raise Refused(str(error)) from error
    unit = read.get("work_unit", found)
    if not isinstance(unit, WorkUnit) or unit.owner != department:
        raise Refused(f"« {named} » n’est pas une unité de travail du {department}.")
    return found


# -- projects ----------------------------------------------------------------------------------


def start_project(
    store: Store,
    department: str,
    *,
    year: int = 0,
    motive: VersionMotive | None = None,
    scope: Sequence[str] = (),
) -> tuple[str, Changes]:
    """Freeze and number the present state as a project; returns its name.

    Raises Refused where another project of the department waits to be sealed.
    """
    department = department or store.department
    with store.reading() as read:
        waiting = held.open_project(read, department)
        if waiting is not None:
            raise Refused(
                f"Le projet {waiting.name} n’est pas encore figé : figez-le, ou annulez-le "
                f"(version void {waiting.name})."
            )
        frozen = present(store, read, department, scope)
        year = year or store.today().year
        number = held.next_number(read, department, year)
    kept = held.keep_content(store, frozen.content)
    with store.change(PROJECT) as work:
        made = new_version(
            work, department, year, number, frozen, VersionState.PROJECT, motive, kept
        )
    return made.name, records.written(work)


def new_version(
    work: Work,
    department: str,
    year: int,
    number: int,
    frozen: Frozen,
    state: VersionState,
    motive: VersionMotive | None,
    kept: held.KeptContent,
) -> DocumentVersion:
    """The record of a version of this state, with its content."""
    day = frozen.content.as_at
    name = held.name_of(department, year, number)
    made = work.new(
        REGISTER,
        owner=department,
        name=name,
        year=year,
        number=number,
        state=state,
        motive=motive,
        scope=" ; ".join(frozen.units) or None,
        carried_from=frozen.carried_from or None,
        as_at=day,
        elaborated_on=day,
        kept_until=kept_until(day),
        content_digest=kept.digest,
    )
    assert isinstance(made, DocumentVersion)  # noqa: S101  (of its register)
    kept.attach(work, made, name)
    return made


# -- void --------------------------------------------------------------------------------------


def declare_void(store: Store, named: str, reason: str) -> Changes:
    """Declare a version void, or one of its seals (by reference) where two were made.

    Nothing is taken away: what is sealed stays where it lies, and the next version says so. An
    answer to the opinion on it is due no more.
    """
    if not reason.strip():
        raise Refused("Écrivez pourquoi la version est annulée : c’est inscrit dans la suivante.")
    with store.reading() as read:
        version, seals = _meant(read, named)
    if version.state is VersionState.VOID:
        raise Refused(f"La version {version.name} est déjà annulée.")
    if len(seals) > 1:
        both = ", ".join(each.reference for each in seals)
        raise Refused(
            f"La version {version.name} a été figée sur deux ordinateurs : donnez la référence "
            f"de celle à annuler ({both})."
        )
    rest = [each for each in version.seals if each.id not in {one.id for one in seals}]
    with store.change(VOID, reason=reason.strip()) as work:
        for each in seals:
            work.amend(SEALS, each, voided_on=store.today())
        if not rest:
            work.amend(
                REGISTER, version.record, state=VersionState.VOID, void_reason=reason.strip()
            )
            for opinion, _ in version.opinions:
                work.amend("committee_opinion", opinion, answer_due=None)
    return records.written(work)


def _meant(read: Reader, named: str) -> tuple[Version, Sequence[DocumentSeal]]:
    wanted = named.strip().upper()
    for version in held.versions(read):
        for seal in version.seals:
            if seal.reference.upper() == wanted:
                return version, [seal]
    found = held.find(read, named)
    return found, found.seals


# -- earlier versions --------------------------------------------------------------------------


def deposit(
    store: Store,
    department: str,
    file: Path,
    elaborated: date,
    motive: VersionMotive | None = None,
) -> tuple[str, Changes]:
    """Deposit the document of an earlier year as it is; returns the name of the version.

    Raises Refused for a file that is no PDF, Word or Excel, or that is deposited already.
    """
    department = department or store.department
    if file.suffix.lower() not in DEPOSITED:
        raise Refused(f"« {file.name} » n’est ni un PDF, ni un document Word, ni un classeur.")
    if elaborated > store.today():
        raise Refused(f"La date {elaborated:%d/%m/%Y} est dans l’avenir.")
    kept = attachments.keep(store, file)
    with store.reading() as read:
        twin = next(
            (
                each.name
                for each in held.versions(read, department)
                if each.record.content_digest == kept.digest
            ),
            "",
        )
        number = held.next_number(read, department, elaborated.year)
    if twin:
        raise Refused(f"« {file.name} » est déjà déposé : c’est la version {twin}.")
    with store.change(DEPOSIT) as work:
        made = work.new(
            REGISTER,
            owner=department,
            name=held.name_of(department, elaborated.year, number),
            year=elaborated.year,
            number=number,
            state=VersionState.DEPOSITED,
            motive=motive,
            as_at=elaborated,
            elaborated_on=elaborated,
            kept_until=kept_until(elaborated),
            content_digest=kept.digest,
        )
        attachments.attach_to(work, REGISTER, made, [kept])
    return held.name_of(department, elaborated.year, number), records.written(work)
