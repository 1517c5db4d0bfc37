"""The steps of a version: opinion, answer, adoption; who was told of it, who looked into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from prevention_app.catalogue.document_versions import VersionState, Vote
from prevention_app.domain.periods import add_months
from prevention_app.errors import Refused
from prevention_app.services import attachments, records
from prevention_app.services import document_versions as held
from prevention_app.services.document_versions import Version
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

OPINION: Final = "Enregistrer l’avis de la F3SCT"
ANSWER: Final = "Répondre à l’avis de la F3SCT"
ADOPT: Final = "Adopter le document unique"
CONSULT: Final = "Noter une consultation du document unique"
TRANSMIT: Final = "Noter une transmission du document unique"
"""Names of the changes made here, as undo and history call them."""
ANSWER_MONTHS: Final = 2
"""Within which the authority answers in writing (à vérifier : décret 2021-571)."""


def record_opinion(
    store: Store,
    named: str,
    met_on: date,
    votes: Mapping[str, Vote],
    reservations: str = "",
) -> Changes:
    """Record what the committee said of a version at a meeting, one vote an organisation.

    Said again for the same meeting, votes and reservations are corrected. Until the authority
    answers, its answer is due two months after the meeting.
    """
    version = _living(store, named)
    blank = [each for each in votes if not each.strip()]
    if blank:
        raise Refused("Un vote est celui d’une organisation : donnez son nom.")
    found = next((each for each in version.opinions if each[0].met_on == met_on), None)
    owner = version.record.owner
    with store.change(OPINION) as work:
        if found is None:
            opinion = work.new(
                "committee_opinion",
                owner=owner,
                version=version.record.id,
                met_on=met_on,
                reservations=reservations.strip() or None,
                answer_due=add_months(met_on, ANSWER_MONTHS),
            )
            cast_before = {}
        else:
            opinion, given = found
            cast_before = {each.organisation: each for each in given}
            if reservations.strip():
                work.amend("committee_opinion", opinion, reservations=reservations.strip())
        for organisation, vote in votes.items():
            name = organisation.strip()
            if name in cast_before:
                work.amend("committee_vote", cast_before[name], vote=vote)
            else:
                work.new(
                    "committee_vote",
                    owner=owner,
                    opinion=opinion.id,
                    organisation=name,
                    vote=vote,
                )
    return records.written(work)


def record_answer(
    store: Store, named: str, answer: str, answered_on: date, met_on: date | None = None
) -> Changes:
    """Record the authority's written answer to the opinion of a meeting, the last one if unnamed.

    It is not due any more then.
    """
    version = _living(store, named)
    found = [each for each, _ in version.opinions if met_on in (None, each.met_on)]
    if not found:
        raise Refused(f"Aucun avis de la F3SCT n’est enregistré pour la version {version.name}.")
    if not answer.strip():
        raise Refused("Écrivez la réponse de l’autorité territoriale.")
    with store.change(ANSWER) as work:
        work.amend(
            "committee_opinion",
            found[-1],
            answer=answer.strip(),
            answered_on=answered_on,
            answer_due=None,
        )
    return records.written(work)


def adopt(
    store: Store,
    named: str,
    adopted_by: str,
    adopted_on: date,
    *,
    capacity: str = "",
    act_number: str = "",
    signed: Path | None = None,
) -> Changes:
    """Record the act by which the authority adopts a project; its signed file is joined.

    Said again, what is given completes it: the signed act often comes back later. Raises Refused
    for what is sealed already, since nothing can be added to it.
    """
    version = _living(store, named)
    if version.state is not VersionState.PROJECT:
        raise Refused(
            f"La version {version.name} est déjà figée : elle ne s’adopte plus. "
            "Préparez un nouveau projet."
        )
    kept = attachments.keep(store, signed) if signed else None
    values: dict[str, str | date | None] = {
        "adopted_by": adopted_by.strip() or None,
        "adopted_on": adopted_on,
        "capacity": capacity.strip() or None,
        "act_number": act_number.strip() or None,
        "signed_digest": kept.digest if kept else None,
    }
    given = {key: each for key, each in values.items() if each is not None}
    with store.change(ADOPT) as work:
        adoption = version.adoption
        if adoption is None:
            owner = version.record.owner
            adoption = work.new("version_adoption", owner=owner, version=version.record.id, **given)
        else:
            work.write_over("version_adoption", adoption, given)
        if kept:
            attachments.attach_to(work, "version_adoption", adoption, [kept])
    return records.written(work)


def consult(
    store: Store, named: str, consulted_by: str, consulted_on: date, subject: str = ""
) -> Changes:
    """Note who looked into a version: by function or quality."""
    version = _living(store, named, with_deposited=True)
    with store.change(CONSULT) as work:
        work.new(
            "version_consultation",
            owner=version.record.owner,
            version=version.record.id,
            consulted_on=consulted_on,
            consulted_by=consulted_by.strip() or None,
            subject=subject.strip() or None,
        )
    return records.written(work)


def transmit(store: Store, named: str, sent_on: date, way: str = "", receiver: str = "") -> Changes:
    """Note that a version went to the occupational-health service (L4121-3-1, VI)."""
    version = _living(store, named, with_deposited=True)
    values = {"receiver": receiver.strip()} if receiver.strip() else {}
    with store.change(TRANSMIT) as work:
        work.new(
            "version_transmission",
            owner=version.record.owner,
            version=version.record.id,
            sent_on=sent_on,
            way=way.strip() or None,
            **values,
        )
    return records.written(work)


def _living(store: Store, named: str, *, with_deposited: bool = False) -> Version:
    """A version that may still take a step."""
    with store.reading() as read:
        version = held.find(read, named)
    if version.state is VersionState.VOID:
        raise Refused(f"La version {version.name} est annulée.")
    if version.state is VersionState.DEPOSITED and not with_deposited:
        raise Refused(
            f"La version {version.name} est un document déposé : "
            "elle ne reçoit ni avis ni adoption."
        )
    return version
