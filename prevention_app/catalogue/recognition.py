"""Other departments that a department recognises, each by its key."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, entity, field
from prevention_app.catalogue.workspace import GROUP


@entity(
    "recognition",
    code="RECO",
    category="rights",
    label=("Départements reconnus", "Recognised departments"),
    item_fr="Département reconnu",
    group=GROUP,
    title=("recognised",),
    order=("recognised",),
    system=True,
)
class Recognition(Record):
    """The key of another department, trusted by all stations of the one in whose name it is."""

    recognised: str = field("Département", "Department")
    public_key: str = field("Clé publique", "Public key")
