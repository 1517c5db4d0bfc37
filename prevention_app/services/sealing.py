"""Sealing a version: what it holds, what is missing, its files, and the entry that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from prevention_app.catalogue.document_versions import (
    DocumentVersion,
    VersionMotive,
    VersionState,
    Vote,
)
from prevention_app.catalogue.organisation import Department
from prevention_app.domain.document_content import DocumentContent, to_bytes
from prevention_app.domain.sealed_facts import Adoption, Opinion, VersionFacts
from prevention_app.domain.sealed_manifest import MANIFEST, Link, digest_of
from prevention_app.errors import Refused
from prevention_app.exchange.names import NameMask
from prevention_app.i18n import count
from prevention_app.services import document_versions as held
from prevention_app.services import records, version_check
from prevention_app.services.document_versions import REGISTER, SEALS, Version
from prevention_app.services.document_versions_acts import Frozen, kept_until, new_version, present
from prevention_app.services.exports import name_mask
from prevention_app.services.lookup import Lookup
from prevention_app.services.progress import Progress
from prevention_app.services.sealing_place import target_in, written_whole
from prevention_app.services.version_check import Missing, Steps
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

SEAL: Final = "Figer une version du document unique"
"""Name of the change, as history calls it; undo refuses it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be sealed now."""

    frozen: Frozen
    facts: VersionFacts
    missing: tuple[Missing, ...]
    version: Version | None
    """The project that it closes; None where the present state is sealed."""
    motive: VersionMotive | None
    previous: Link | None
    previous_id: str | None
    void: Mapping[Link, str]
    logo: bytes

    @property
    def content(self) -> DocumentContent:
        """What is sealed."""
        return self.frozen.content


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed."""

    name: str
    status: str
    folder: Path
    missing: tuple[Missing, ...]
    content_digest: str
    manifest_digest: str
    changes: Changes


def prepare(
    store: Store,
    department: str = "",
    *,
    year: int = 0,
    motive: VersionMotive | None = None,
    scope: Sequence[str] = (),
) -> Prepared:
    """What sealing would write: the adopted project, else the project, else the present state.

    Raises Refused for a scope other than that of the project, whose state is frozen already.
    """
    department = department or store.department
    with store.reading() as read:
        version = held.open_project(read, department, year)
        if version is None:
            frozen = present(store, read, department, scope)
        elif scope:
            raise Refused(
                f"Le périmètre est celui du projet {version.name} : il ne change plus quand "
                "la version est figée."
            )
        else:
            frozen = _of_project(store, read, version)
        mask = name_mask(read)
        steps = _steps(version, mask)
        missing = (
            *version_check.missing(frozen.content, steps),
            *(() if version else _in_annexes(store, read, department, mask)),
            *_in_chain(read, department, version),
            *_unchanged(read, department, frozen.content, adopted=bool(steps.adoption)),
        )
        facts = _facts(store, read, department, year, motive, version, frozen, steps, missing)
        last = held.last_seal(read, department)
        return Prepared(
            frozen=frozen,
            facts=facts,
            missing=missing,
            version=version,
            motive=motive or (version.record.motive if version else None),
            previous=_link(read, last.version, last.manifest_digest) if last else None,
            previous_id=last.id if last else None,
            void=_void(read, department, mask),
            logo=_logo(store, read, department),
        )


def _of_project(store: Store, read: Reader, version: Version) -> Frozen:
    record = version.record
    units = tuple(each for each in (record.scope or "").split(" ; ") if each)
    content = held.content_of_version(store, read, record)
    return Frozen(content, units, record.carried_from or "")


def _steps(version: Version | None, mask: NameMask) -> Steps:
    """How far it came, as a version tells it: functions, never names."""
    if version is None:
        return Steps(project=False)

    def told(text: str | None) -> str:
        return mask(text) or ""

    opinions = [
        Opinion(
            each.met_on,
            tuple((told(vote.organisation), Vote(vote.vote).label_fr) for vote in votes),
            told(each.reservations),
            told(each.answer),
            each.answered_on,
            each.answer_due,
        )
        for each, votes in version.opinions
    ]
    found = version.adoption
    adoption = found and Adoption(
        told(found.adopted_by),
        found.adopted_on,
        told(found.capacity),
        told(found.act_number),
        found.signed_digest or "",
    )
    return Steps(project=True, opinions=opinions, adoption=adoption)


def _in_chain(read: Reader, department: str, version: Version | None) -> Iterator[Missing]:
    """What the versions before it leave to be settled."""
    forks = {
        tuple(seal.reference for seal in each.fork)
        for each in held.versions(read, department)
        if each.fork
    }
    for references in sorted(forks):
        both = " et ".join(references)
        yield Missing(
            "fork",
            f"Deux versions ont été figées sans se connaître ({both}) : annulez l’une d’elles.",
            references,
        )
    waiting = held.open_project(read, department)
    if version is None and waiting is not None:
        yield Missing("project_waiting", f"Le projet {waiting.name} n’est pas celui qui est figé.")


def _in_annexes(store: Store, read: Reader, department: str, mask: NameMask) -> Iterator[Missing]:
    """What annexes say to those who fill them is masked before it leaves with a version."""
    for each in version_check.missing_in_annexes(read, department, store.today()):
        rows = tuple(mask(row) or "" for row in each.rows)
        yield replace(each, sentence=mask(each.sentence) or "", rows=rows)


def _unchanged(
    read: Reader, department: str, content: DocumentContent, *, adopted: bool
) -> Iterator[Missing]:
    """That the version before holds the same, unless it is adopted only now."""
    last = held.last_seal(read, department)
    before = read.get(REGISTER, last.version) if last else None
    if last is None or not isinstance(before, DocumentVersion) or (adopted and not last.adopted):
        return
    same_day = to_bytes(replace(content, as_at=before.as_at))
    if digest_of(same_day) == before.content_digest:
        told = (
            f"Rien n’a changé depuis la version {before.name}, figée le {last.sealed_on:%d/%m/%Y}."
        )
        yield Missing("unchanged", told, (before.name,))


def _facts(
    store: Store,
    read: Reader,
    department: str,
    year: int,
    motive: VersionMotive | None,
    version: Version | None,
    frozen: Frozen,
    steps: Steps,
    missing: Sequence[Missing],
) -> VersionFacts:
    today = store.today()
    if version is None:
        year = year or today.year
        number = held.next_number(read, department, year)
        elaborated = frozen.content.as_at
    else:
        year, number = version.record.year, version.record.number
        elaborated = version.record.elaborated_on
        motive = motive or version.record.motive
    return VersionFacts(
        name=version.name if version else held.name_of(department, year, number),
        department=department,
        employer=_employer(read, department),
        year=year,
        number=number,
        motive=VersionMotive(motive).label_fr if motive else "",
        scope=frozen.units,
        carried_from=frozen.carried_from,
        as_at=frozen.content.as_at,
        elaborated_on=elaborated,
        sealed_on=today,
        kept_until=kept_until(elaborated),
        project=steps.project,
        opinions=tuple(steps.opinions),
        adoption=steps.adoption,
        missing=tuple(each.sentence for each in missing),
    )


def _employer(read: Reader, department: str) -> str:
    for each in Lookup(read, Department).live():
        if each.number == department:
            return each.employer or f"{each.name} ({department})"
    return department


def _link(read: Reader, version: str, digest: str) -> Link:
    return Link(str(getattr(read.get(REGISTER, version), "name", "")), digest)


def _void(read: Reader, department: str, mask: NameMask) -> dict[Link, str]:
    found: dict[Link, str] = {}
    for seal in held.void_seals(read, department):
        version = read.get(REGISTER, seal.version)
        why = str(getattr(version, "void_reason", None) or "")
        found[_link(read, seal.version, seal.manifest_digest)] = mask(why) or ""
    return found


def _logo(store: Store, read: Reader, department: str) -> bytes:
    from prevention_app.services.documents import logo_of

    return logo_of(store, read, department)


# -- sealing -----------------------------------------------------------------------------------


def seal(
    store: Store,
    out: Path,
    department: str = "",
    *,
    year: int = 0,
    motive: VersionMotive | None = None,
    scope: Sequence[str] = (),
    strict: bool = False,
    progress: Progress | None = None,
) -> Sealed:
    """Write a version that cannot change into a folder of its own inside `out`.

    `out` holds nothing but sealed versions. With `strict`, anything missing is a refusal. Nothing
    half written stays, whatever stops it; what is written is no more to be undone.
    """
    progress = progress or Progress()
    progress.step(0, 0, "Contrôle de ce qui manque")
    prepared = prepare(store, department, year=year, motive=motive, scope=scope)
    if strict and prepared.missing:
        told = " ".join(each.sentence for each in prepared.missing)
        raise Refused(
            f"{count(len(prepared.missing), 'point')} à compléter, rien n’est figé : {told}"
        )
    target = target_in(out, prepared.facts.name)
    with written_whole(out, target) as written:
        content_digest, manifest_digest = _write(store, prepared, written.place, progress)
        manifest = (written.place / MANIFEST).read_bytes()
        progress.check_cancelled()
        written.take_name()
        done = _enter(store, prepared, manifest, content_digest, manifest_digest)
    return Sealed(
        prepared.facts.name,
        prepared.facts.status,
        out / prepared.facts.name,
        prepared.missing,
        content_digest,
        manifest_digest,
        done,
    )


def _write(store: Store, prepared: Prepared, part: Path, progress: Progress) -> tuple[str, str]:
    from prevention_app.exchange import sealed_files

    names = sealed_files.write_files(
        prepared.content, prepared.facts, part, progress, prepared.logo
    )
    return sealed_files.sign_files(
        prepared.facts,
        part,
        names,
        previous=prepared.previous,
        void=prepared.void,
        public_key=store.key.public,
        sign=store.key.sign,
    )


def _enter(
    store: Store, prepared: Prepared, manifest: bytes, content_digest: str, manifest_digest: str
) -> Changes:
    """The entry of the journal: the state sealed, the seal before, and the manifest itself."""
    facts = prepared.facts
    state = VersionState.SEALED if facts.adoption else VersionState.NOT_ADOPTED
    kept = held.keep_content(store, prepared.content) if prepared.version is None else None
    held.keep_bytes(store, manifest)
    with store.change(SEAL) as work:
        if kept is not None:
            version = new_version(
                work, facts.department, facts.year, facts.number, prepared.frozen, state,
                prepared.motive, kept,
            )  # fmt: skip
        else:
            assert prepared.version is not None  # noqa: S101  (else its content was kept)
            version = prepared.version.record
            work.amend(REGISTER, version, state=state, motive=prepared.motive)
        made = work.new(
            SEALS,
            owner=facts.department,
            version=version.id,
            previous=prepared.previous_id,
            sealed_on=facts.sealed_on,
            adopted=facts.adoption is not None,
            content_digest=content_digest,
            manifest_digest=manifest_digest,
            missing="\n".join(facts.missing) or None,
        )
        held.attach_bytes(
            work, SEALS, made, f"{facts.name}.{MANIFEST}", "application/json", manifest,
            manifest_digest,
        )  # fmt: skip
    return records.written(work)
