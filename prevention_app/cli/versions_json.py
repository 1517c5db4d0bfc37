"""Versions of the document unique as JSON."""

from __future__ import annotations

from typing import Any

from prevention_app.services.document_versions import Version
from prevention_app.services.version_check import Missing


def missing_document(each: Missing) -> dict[str, Any]:
    """Something that is missing."""
    return {"code": each.code, "sentence": each.sentence, "count": len(each.rows)}


def version_document(each: Version) -> dict[str, Any]:
    """A version with its steps and its log."""
    record, adoption = each.record, each.adoption
    return {
        "version": each.name,
        "reference": record.reference,
        "department": record.owner,
        "state": str(record.state),
        "in_force": each.in_force,
        "motive": record.motive and str(record.motive),
        "scope": record.scope,
        "carried_from": record.carried_from,
        "as_at": record.as_at.isoformat(),
        "elaborated_on": record.elaborated_on.isoformat(),
        "kept_until": record.kept_until.isoformat(),
        "content_sha256": record.content_digest,
        "opinions": [
            {
                "met_on": opinion.met_on.isoformat(),
                "votes": {vote.organisation: str(vote.vote) for vote in votes},
                "reservations": opinion.reservations,
                "answer": opinion.answer,
                "answer_due": opinion.answer_due and opinion.answer_due.isoformat(),
                "answered_on": opinion.answered_on and opinion.answered_on.isoformat(),
            }
            for opinion, votes in each.opinions
        ],
        "adoption": adoption
        and {
            "by": adoption.adopted_by,
            "capacity": adoption.capacity,
            "act": adoption.act_number,
            "on": adoption.adopted_on.isoformat(),
            "signed_sha256": adoption.signed_digest,
        },
        "seals": [
            {
                "reference": seal.reference,
                "sealed_on": seal.sealed_on.isoformat(),
                "manifest_sha256": seal.manifest_digest,
                "missing": (seal.missing or "").splitlines(),
            }
            for seal in each.seals
        ],
        "fork": [seal.reference for seal in each.fork],
        "transmissions": [
            {"on": one.sent_on.isoformat(), "to": one.receiver, "way": one.way}
            for one in each.transmissions
        ],
        "consultations": [
            {"on": one.consulted_on.isoformat(), "by": one.consulted_by, "what": one.subject}
            for one in each.consultations
        ],
    }
