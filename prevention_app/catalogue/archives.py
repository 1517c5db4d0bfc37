"""What public archives ask for: lists of what is eliminated, with their visa, and legal holds."""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.checks import after, not_in_future, not_negative
from prevention_app.catalogue.description import Record, entity, field
from prevention_app.catalogue.vocabulary import EliminationState
from prevention_app.catalogue.workspace import GROUP

# Of the roles, advisers and administrators of the whole department alone write this category.
_CATEGORY = "shared"


@entity(
    "elimination",
    code="ELIM",
    category=_CATEGORY,
    label=("Bordereaux d’élimination", "Elimination lists"),
    item_fr="Bordereau d’élimination",
    group=GROUP,
    title=("series", "covers_until"),
    order=("-covers_until",),
    system=True,
)
class Elimination(Record):
    """Records of a register that are to be eliminated, and the visa without which none is."""

    register_key: str = field("Registre (clé)", "Register key")
    series: str = field("Série", "Series")
    covers_from: date = field("Du", "From")
    covers_until: date = field("Au", "Until")
    count: int = field("Nombre de fiches", "Number of records", checks=[not_negative])
    reason: str = field("Motif", "Reason", lines=2)
    listed: str = field("Fiches (identifiants)", "Records", lines=4)
    state: EliminationState = field("État", "State", default=EliminationState.PREPARED)
    visa_number: str | None = field("N° du visa", "Visa number")
    visa_on: date | None = field("Visa du", "Visa of", checks=[not_in_future])
    executed_on: date | None = field("Exécuté le", "Executed on", checks=[not_in_future])


@entity(
    "legal_hold",
    code="GEL",
    category=_CATEGORY,
    label=("Gels d’archives", "Legal holds"),
    item_fr="Gel",
    group=GROUP,
    title=("register_key", "record"),
    order=("-from_on",),
    checks=(after("until", "from_on", "La fin du gel précède son début."),),
    system=True,
)
class LegalHold(Record):
    """A dispute, asbestos, an occupational disease: neither erased nor eliminated meanwhile."""

    register_key: str = field("Registre (clé)", "Register key")
    record: str | None = field("Fiche", "Record", help="Vide : tout le registre.")
    reason: str = field("Motif", "Reason", lines=2, erasable=True)
    from_on: date = field("Depuis le", "From")
    until: date | None = field("Jusqu’au", "Until")
