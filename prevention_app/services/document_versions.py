"""The versions of documents uniques as they stand: their steps, seals, files and contents."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.document_versions import (
    CommitteeOpinion,
    CommitteeVote,
    DocumentSeal,
    DocumentVersion,
    VersionAdoption,
    VersionConsultation,
    VersionState,
    VersionTransmission,
)
from prevention_app.catalogue.workspace import Attachment
from prevention_app.domain.document_content import DocumentContent, from_bytes, to_bytes
from prevention_app.errors import NotFound, Refused
from prevention_app.services.lookup import Lookup
from prevention_app.storage import attachments as stored
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work

R = TypeVar("R", bound=Record)

REGISTER: Final = "document_version"
SEALS: Final = "document_seal"
CONTENT_ENDING: Final = ".contenu.json.gz"
"""How the name of the attachment ends that holds the frozen content."""
IN_FORCE: Final = "En vigueur"
REPLACED: Final = "Adoptée, remplacée depuis"


@dataclass(frozen=True, slots=True)
class Version:
    """A version with all that belongs to it."""

    record: DocumentVersion
    seals: Sequence[DocumentSeal] = ()
    """Those that are not void, oldest first; several of one version are a fork."""
    opinions: Sequence[tuple[CommitteeOpinion, Sequence[CommitteeVote]]] = ()
    adoption: VersionAdoption | None = None
    consultations: Sequence[VersionConsultation] = ()
    transmissions: Sequence[VersionTransmission] = ()
    in_force: bool = False
    fork: Sequence[DocumentSeal] = field(default_factory=tuple)
    """All seals that follow the same one as this version's does, where there are several."""

    @property
    def name(self) -> str:
        """« 45-2026-1 »."""
        return self.record.name

    @property
    def state(self) -> VersionState:
        """How far it has come."""
        return VersionState(self.record.state)

    @property
    def state_words(self) -> str:
        """What it is called; without adoption never « en vigueur »."""
        if self.state is VersionState.SEALED:
            return IN_FORCE if self.in_force else REPLACED
        if self.state is VersionState.PROJECT and self.adoption:
            return "Projet adopté, à figer"
        if self.state is VersionState.PROJECT and self.opinions:
            return "Projet, avis rendu"
        return self.state.label_fr


def versions(read: Reader, department: str = "") -> list[Version]:
    """The versions of a department, or of all, the newest first."""
    owners = (department,) if department else ()
    records = Lookup(read, DocumentVersion)
    seals = [each for each in Lookup(read, DocumentSeal).live(owners) if each.voided_on is None]
    opinions = _by_version(records, Lookup(read, CommitteeOpinion).live(owners))
    adoptions = _by_version(records, Lookup(read, VersionAdoption).live(owners))
    consultations = _by_version(records, Lookup(read, VersionConsultation).live(owners))
    transmissions = _by_version(records, Lookup(read, VersionTransmission).live(owners))
    sealed = _by_version(records, seals)
    votes: dict[str, list[CommitteeVote]] = defaultdict(list)
    for each in Lookup(read, CommitteeVote).live(owners):
        votes[each.opinion].append(each)
    forks = forked(seals)
    current = {seal.id for seal in _in_force(seals, records)}
    found = [
        Version(
            each,
            sorted(sealed[each.id], key=lambda seal: (seal.sealed_on, seal.id)),
            [
                (one, sorted(votes[one.id], key=lambda vote: vote.organisation))
                for one in sorted(opinions[each.id], key=lambda one: one.met_on)
            ],
            next(iter(sorted(adoptions[each.id], key=lambda one: one.adopted_on)), None),
            sorted(consultations[each.id], key=lambda one: one.consulted_on, reverse=True),
            sorted(transmissions[each.id], key=lambda one: one.sent_on, reverse=True),
            any(seal.id in current for seal in sealed[each.id]),
            next((forks[seal.id] for seal in sealed[each.id] if seal.id in forks), ()),
        )
        for each in records.live(owners)
    ]
    return sorted(
        found,
        key=lambda each: (
            -each.record.year,
            -each.record.number,
            each.record.owner,
            each.record.id,
        ),
    )


def _by_version(records: Lookup[DocumentVersion], found: Iterable[R]) -> defaultdict[str, list[R]]:
    held: defaultdict[str, list[R]] = defaultdict(list)
    for each in found:
        version = records.get(getattr(each, "version", None))
        if version is not None:
            held[version.id].append(each)
    return held


def _in_force(
    seals: Sequence[DocumentSeal], records: Lookup[DocumentVersion]
) -> list[DocumentSeal]:
    """Of each department, the adopted version sealed last."""
    last: dict[str, DocumentSeal] = {}
    for seal in sorted(seals, key=lambda each: (each.sealed_on, _rank(records, each), each.id)):
        if seal.adopted:
            last[seal.owner] = seal
    return list(last.values())


def _rank(records: Lookup[DocumentVersion], seal: DocumentSeal) -> tuple[int, int]:
    version = records.get(seal.version)
    return (version.year, version.number) if version else (0, 0)


# -- seals among each other --------------------------------------------------------------------


def forked(seals: Sequence[DocumentSeal]) -> dict[str, tuple[DocumentSeal, ...]]:
    """Seal → all that follow the same one as it does, where one did not see the other."""
    followers: dict[tuple[str, str], list[DocumentSeal]] = defaultdict(list)
    for each in seals:
        followers[each.owner, each.previous or ""].append(each)
    return {
        each.id: tuple(sorted(found, key=lambda seal: seal.id))
        for found in followers.values()
        if len(found) > 1
        for each in found
    }


def last_seal(read: Reader, department: str) -> DocumentSeal | None:
    """The seal that the next one follows: the newest that none follows yet, but for void ones."""
    records = Lookup(read, DocumentVersion)
    seals = [
        each for each in Lookup(read, DocumentSeal).live((department,)) if each.voided_on is None
    ]
    followed = {each.previous for each in seals}
    ends = [each for each in seals if each.id not in followed]
    return max(ends, key=lambda each: (each.sealed_on, _rank(records, each), each.id), default=None)


def void_seals(read: Reader, department: str) -> list[DocumentSeal]:
    """The seals that were declared void."""
    held = Lookup(read, DocumentSeal).live((department,))
    return sorted((each for each in held if each.voided_on), key=lambda each: each.id)


# -- one version -------------------------------------------------------------------------------


def find(read: Reader, named: str) -> Version:
    """The version that a person means by « 45-2026-1 » or a reference.

    Raises NotFound with those that there are, Refused where two stations gave one name to two.
    """
    held = versions(read)
    wanted = named.strip().upper()
    found = [each for each in held if wanted in (each.name, each.record.reference.upper())]
    if len(found) > 1:
        both = ", ".join(each.record.reference for each in found)
        raise Refused(f"Plusieurs versions s’appellent « {named} » : donnez la référence ({both}).")
    if not found:
        known = ", ".join(each.name for each in held) or "aucune"
        raise NotFound(f"Aucune version « {named} ». Versions connues : {known}.")
    return found[0]


def open_project(read: Reader, department: str, year: int = 0) -> Version | None:
    """The project of a department that is not sealed yet, of a year where one is named.

    Of several, which only two stations can have begun, one that is adopted, else the newest.
    """
    found = [
        each
        for each in versions(read, department)
        if each.state is VersionState.PROJECT and year in (0, each.record.year)
    ]
    return next(iter(sorted(found, key=lambda each: each.adoption is None)), None)


def project_of(read: Reader, department: str) -> Version:
    """The open project of a department; raises NotFound where there is none."""
    found = open_project(read, department)
    if found is None:
        raise NotFound(f"Aucun projet de version n’est ouvert pour le {department}.")
    return found


def next_number(read: Reader, department: str, year: int) -> int:
    """The next rank of a version in a year; that of a deleted one is not given again."""
    held = read.records(
        Query(
            REGISTER,
            (Condition("year", Op.IS, year),),
            (department,),
            with_deleted=True,
        )
    )
    return 1 + max((cast("DocumentVersion", each).number for each in held), default=0)


def name_of(department: str, year: int, number: int) -> str:
    """What a version is called."""
    return f"{department}-{year}-{number}"


# -- contents ----------------------------------------------------------------------------------


def keep_bytes(store: Store, data: bytes) -> str:
    """Keep bytes among the attachments; returns their digest."""
    digest = hashlib.sha256(data).hexdigest()
    stored.Arriving(store, digest, len(data)).add(data)
    return digest


def attach_bytes(
    work: Work, register: str, record: Record, name: str, media: str, data: bytes, digest: str
) -> None:
    """Say that kept bytes belong to a record."""
    work.new(
        "attachment",
        owner=record.owner,
        of_register=register,
        of_record=record.id,
        name=name,
        media_type=media,
        size=len(data),
        digest=digest,
    )


@dataclass(frozen=True, slots=True)
class KeptContent:
    """A content whose bytes are kept, packed, and that belongs to no version yet."""

    digest: str
    """SHA-256 of the content as it is written into a version."""
    packed: bytes
    packed_digest: str

    def attach(self, work: Work, version: Record, name: str) -> None:
        """Say that it is the content of a version."""
        attach_bytes(
            work, REGISTER, version, f"{name}{CONTENT_ENDING}", "application/gzip", self.packed,
            self.packed_digest,
        )  # fmt: skip


def keep_content(store: Store, content: DocumentContent) -> KeptContent:
    """Keep a content in the workspace."""
    data = to_bytes(content)
    packed = gzip.compress(data, 6, mtime=0)
    return KeptContent(hashlib.sha256(data).hexdigest(), packed, keep_bytes(store, packed))


def content_of_version(store: Store, read: Reader, version: DocumentVersion) -> DocumentContent:
    """The frozen content of a version.

    Raises Refused where there is none (an earlier PDF), where its bytes are not at this station,
    or where they are not those that the version was made with.
    """
    where = (
        Condition("of_record", Op.IS, version.id),
        Condition("of_register", Op.IS, REGISTER),
    )
    held = [cast("Attachment", each) for each in read.records(Query("attachment", where))]
    packed = next((each for each in held if each.name.endswith(CONTENT_ENDING)), None)
    if packed is None:
        raise Refused(
            f"La version {version.name} n’a pas de contenu que le programme lise : "
            "elle ne se compare pas."
        )
    try:
        data = gzip.decompress(stored.place(store, packed.digest).read_bytes())
    except FileNotFoundError as error:
        raise Refused(
            f"Le contenu de la version {version.name} n’est pas sur cet ordinateur."
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise Refused(f"Le contenu de la version {version.name} ne se lit pas.") from error
    if hashlib.sha256(data).hexdigest() != version.content_digest:
        raise Refused(
            f"Le contenu gardé de la version {version.name} n’est plus celui qui a été enregistré."
        )
    try:
        return from_bytes(data)
    except ValueError as error:
        raise Refused(
            f"Le contenu de la version {version.name} est d’une version plus récente du "
            "programme : mettez le programme à jour sur cet ordinateur."
        ) from error
