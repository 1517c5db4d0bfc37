"""The measures in place against a risk: each an item of its own, of a kind (L4121-2)."""

from __future__ import annotations

from prevention_app.catalogue.risk_document import ExistingMeasure, Risk
from prevention_app.catalogue.vocabulary import MeasureType
from prevention_app.services.records import written
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

ADD, AMEND, REMOVE = (
    "Ajouter une mesure existante",
    "Modifier une mesure existante",
    "Retirer une mesure existante",
)
"""Names of the changes made here, as undo and history call them."""


def add(store: Store, risk: Risk, title: str, kind: MeasureType | None) -> Changes:
    """Note a measure that is in place; raises CheckFailed without a title."""
    with store.change(ADD) as work:
        work.new(
            "existing_measure",
            owner=risk.owner,
            risk=risk.id,
            title=title.strip() or None,
            measure_type=kind,
        )
    return written(work)


def amend(store: Store, measure: ExistingMeasure, title: str, kind: MeasureType | None) -> Changes:
    """Say what a measure is as somebody saw it there: one that was copied is confirmed by it."""
    with store.change(AMEND) as work:
        work.amend(
            "existing_measure",
            measure,
            title=title.strip() or None,
            measure_type=kind,
            to_confirm=None,
        )
    return written(work)


def remove(store: Store, measure: ExistingMeasure) -> Changes:
    """Say that a measure is no longer in place."""
    with store.change(REMOVE) as work:
        work.delete("existing_measure", measure)
    return written(work)
