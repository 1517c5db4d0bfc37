"""Certiphyto and certibiocide certificates: who may apply, and whose renewal is to be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.organisation import OrgUnit, Person, Site
from prevention_app.domain import certificates as rules
from prevention_app.domain.certificates import CertificateState, Standing
from prevention_app.domain.reasons import Reason
from prevention_app.services.lookup import Lookup
from prevention_app.storage.credential_ends import (
    CredentialEnds,
    EndsWanted,
    KindRule,
    credential_ends,
)
from prevention_app.storage.query import Query, Reader


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate ready to be shown."""

    credential: Credential
    kind: CredentialType
    person: str
    place: str
    """Where its holder works: site, else service."""
    standing: Standing


class Kinds:
    """The credential types that are certificates of these families, as they stand."""

    def __init__(self, read: Reader) -> None:
        """Read the types; there are few."""
        self._types = Lookup(read, CredentialType)
        found = [each for each in self._types.live() if rules.family_of(each)]
        self.all = sorted(found, key=lambda each: (_family_rank(each), each.name))
        self._ids = [each.id for each in read.records(Query("credential_type", with_deleted=True))]

    def get(self, record_id: str | None) -> CredentialType | None:
        """The type with this id, or the one that it was joined with."""
        return self._types.get(record_id)

    def rules(self, wanted: Iterable[CredentialType], today: date) -> list[KindRule]:
        """What the database needs to judge credentials of these types, in their order."""
        chosen = {each.id: each for each in wanted}
        made: list[KindRule] = []
        for kind in chosen.values():
            until = rules.ask_until(kind, today)
            same = [each for each in self._ids if (one := self.get(each)) and one.id == kind.id]
            made += [KindRule(each, kind.id, kind.validity_months, until) for each in same]
        return made


def _family_rank(kind: CredentialType) -> int:
    return rules.FAMILIES.index(rules.family_of(kind))


@dataclass(frozen=True, slots=True)
class CertificatesWanted:
    """Which certificates are wanted; what is empty asks for nothing."""

    owners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Ids of credential types; empty for all that are certificates."""
    states: tuple[CertificateState, ...] = ()
    site: str = ""
    """A site with all that is part of it."""
    unit: str = ""
    """A direction or service with all below it."""
    until: date | None = None
    order: str = "end"


def list_certificates(read: Reader, today: date, wanted: CertificatesWanted) -> CredentialEnds:
    """The ids of the certificates wanted, in order, counted by state."""
    kinds = Kinds(read)
    chosen = [each for each in kinds.all if not wanted.kinds or each.id in wanted.kinds]
    ends = EndsWanted(
        wanted.owners,
        wanted.states,
        _branch(Lookup(read, Site), wanted.site) if wanted.site else (),
        _branch(Lookup(read, OrgUnit), wanted.unit) if wanted.unit else (),
        wanted.until,
        wanted.order,
    )
    return credential_ends(read, kinds.rules(chosen, today), ends, today)


def _branch(lookup: Lookup[Site] | Lookup[OrgUnit], top: str) -> tuple[str, ...]:
    """The ids of a node and of all below it, those of nodes joined with one of them too."""
    children: dict[str, list[str]] = {}
    for each in lookup.live():
        parent = lookup.get(each.parent)
        if parent is not None:
            children.setdefault(parent.id, []).append(each.id)
    found = {top}
    waiting = [top]
    while waiting:
        below = [each for each in children.get(waiting.pop(), []) if each not in found]
        found.update(below)
        waiting += below
    return tuple(sorted(found))


def read_certificates(read: Reader, today: date, ids: Sequence[str]) -> list[Certificate]:
    """Certificates by their ids, in this order; those that are gone are left out."""
    kinds = Kinds(read)
    held = Lookup(read, Credential, ids)
    found = [each for one in ids if (each := held.get(one))]
    people = Lookup(read, Person, [each.person for each in found])
    there = [person for each in found if (person := people.get(each.person))]
    names = read.titles_of(read.catalogue.of(Person), there)
    places = _places(read, there)
    made: list[Certificate] = []
    for each in found:
        kind, person = kinds.get(each.credential_type), people.get(each.person)
        if kind is not None and person is not None:
            where = rules.standing(each, kind, today)
            made.append(Certificate(each, kind, names[person.id], places[person.id], where))
    return made


def _places(read: Reader, people: Sequence[Person]) -> Mapping[str, str]:
    sites = Lookup(read, Site, [each.site for each in people])
    units = Lookup(read, OrgUnit, [each.org_unit for each in people])
    named: dict[str, str] = {}
    for each in people:
        place = sites.get(each.site) or units.get(each.org_unit)
        named[each.id] = place.name if place else ""
    return named


def explain(certificate: Certificate, today: date) -> tuple[Reason, ...]:
    """Every rule by which a certificate is judged."""
    return rules.certificate_reasons(certificate.credential, certificate.kind, today)
