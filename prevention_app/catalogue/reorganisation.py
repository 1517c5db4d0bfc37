"""What changed in the organisation and on which day (P4): how the tree of a past date is known."""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.description import Choice, Record, Ref, entity, field
from prevention_app.catalogue.organisation import GROUP, OrgUnit, Site, WorkUnit


class OrgChangeKind(Choice):
    """What became of a unit on a day."""

    RENAME = "rename", "Nouveau nom", "Renamed"
    MOVE = "move", "Nouveau rattachement", "Moved"
    MERGE = "merge", "Réunion", "Merged"
    SPLIT = "split", "Scission", "Split"
    CLOSE = "close", "Fermeture", "Closed"


@entity(
    "org_change",
    code="REOR",
    category="organisation",
    label=("Changements d’organisation", "Changes of organisation"),
    item_fr="Changement d’organisation",
    group=GROUP,
    title=("changed_on", "kind", "name_before"),
    key_fields=("changed_on", "org_unit", "work_unit", "site", "successor"),
    order=("-changed_on", "name_before"),
)
class OrgChange(Record):
    """How one unit stood until the day before it changed, and what continues it.

    Written by reorganising, never by correcting a unit's own record: what was wrong was always so.
    """

    changed_on: date = field("Avec effet au", "Effective on")
    kind: OrgChangeKind = field("Changement", "Change", default=OrgChangeKind.MOVE)
    org_unit: Ref[OrgUnit] | None = field("Direction ou service", "Org unit")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    site: Ref[Site] | None = field("Site", "Site")
    name_before: str | None = field("Nom jusque-là", "Name until then", search=True)
    under_before: Ref[OrgUnit] | None = field("Dépendait de", "Was part of")
    site_before: Ref[Site] | None = field("Se trouvait à", "Was at")
    successor: Ref[OrgUnit] | None = field(
        "Continuée par", "Continued by", help="La direction ou le service qui prend la suite."
    )
