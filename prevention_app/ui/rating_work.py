"""Copying and confirming very many risks in a process of its own: picklable in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.services import risk_copies, risk_rating, unit_copies
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes


@dataclass(frozen=True, slots=True)
class Confirming:
    """Risks (ids) to be confirmed, and what is told of it."""

    risks: tuple[str, ...]
    on: date
    participants: str
    reason: str
    """A note, or why they are deemed identical."""
    in_bulk: bool
    variants: Mapping[str, str] = field(default_factory=dict[str, str])
    """Risk of a unit type → the variant for which alone it is confirmed."""


def confirm_here(store: Store, given: Confirming) -> Changes:
    """Confirm risks in this process."""
    risks, on, who = given.risks, given.on, given.participants
    if given.in_bulk:
        return risk_rating.confirm_in_bulk(
            store, risks, given.reason, on=on, participants=who, variants=given.variants
        )
    return risk_rating.confirm(
        store, risks, on=on, participants=who, note=given.reason, variants=given.variants
    )


def confirm(folder: Path, given: Confirming, progress: Progress) -> int:
    """Confirm risks; returns how many."""
    progress.step(0, 0, "Enregistrement")
    confirm_here(bootstrap.open_workspace(folder), given)
    return len(given.risks)


def copy(
    folder: Path, sources: tuple[str, ...], targets: tuple[str, ...], progress: Progress
) -> tuple[int, int]:
    """Copy risks to units; returns how many copies were made, and how many units had before."""
    done = risk_copies.copy_risks(bootstrap.open_workspace(folder), sources, targets, progress)
    return done.copies, done.left


def copy_as_new(
    folder: Path, register: str, record: str, names: tuple[str, ...], progress: Progress
) -> int:
    """Make units like another one; returns how many risks they have."""
    store = bootstrap.open_workspace(folder)
    return unit_copies.copy_as_new(store, register, record, names, progress).copies
