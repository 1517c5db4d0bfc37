"""The pages that one can go to: those made for a purpose, then one for each declared register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Catalogue

HOME: Final = "home"
DUE: Final = "due"
RISK_DOCUMENT: Final = "risk_document"
CAMPAIGN: Final = "campaign"
PROGRAMME: Final = "programme"
ANNEXES: Final = "annexes"
VERSIONS: Final = "versions"
LIBRARY: Final = "library"
PLANT_PROTECTION: Final = "plant_protection"
IMPORT: Final = "import"
REPORTS: Final = "reports"
ORGANISATION: Final = "organisation"
SETTINGS: Final = "settings"
CONFLICTS: Final = "conflicts"
"""Listed only while there is something to settle."""
EXCHANGES: Final = "exchanges"
"""Listed only where other stations are known: a lone adviser has nobody to exchange with."""
MEMBERS: Final = "members"
"""Reached from the settings: who belongs, and what they may do."""
HANDING: Final = "handing"
"""Its part for handing over."""
OUTFLOWS: Final = "outflows"
"""Reached from the reports: what the other departments are told."""
SEARCH: Final = "search"
"""What the palette found too much of; shown when something was searched."""

AROUND: Final = "Document unique"
"""The group of the pages around the document unique."""
FOLDED_AT_FIRST: Final = (
    "Fiches du document unique",
    "Certiphyto et produits",
    "Organisation",
    "Catalogue national (E-Phy)",
    "Paramètres",
)
"""Groups of registers that the pages above them show better, or that few need."""


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the navigation: a page, or the heading of a group."""

    key: str
    label: str
    group: str
    icon: str = ""
    keys: str = ""
    """Pressed one after the other: « G, A »."""
    heading: bool = False
    whole: str = ""
    """The whole name of a register that is listed by a short one."""


PURPOSES: Final = (
    Place(HOME, "Accueil", "", "house", "G, A"),
    Place(RISK_DOCUMENT, "Document unique", "", "shield-alert", "G, D"),
    Place(ANNEXES, "Annexes", AROUND, "library-big", "G, N", whole="Annexes du document unique"),
    Place(CAMPAIGN, "Campagne", AROUND, "footprints", "G, K", whole="Campagne d’évaluation"),
    Place(PROGRAMME, "Programme", AROUND, "target", "G, P", whole="Programme annuel"),
    Place(VERSIONS, "Versions", AROUND, "layers", "G, V", whole="Versions du document unique"),
    Place(LIBRARY, "Bibliothèque", AROUND, "book-open", "G, B", whole="Bibliothèque et métiers"),
    Place(DUE, "Échéances", "", "calendar-clock", "G, E"),
    Place(PLANT_PROTECTION, "Certiphyto et produits", "", "sprout", "G, F"),
    Place(ORGANISATION, "Organisation", "", "network", "G, O"),
    Place(IMPORT, "Importer", "", "inbox", "G, I"),
    Place(REPORTS, "Rapports", "", "chart-column", "G, R"),
    Place(SETTINGS, "Réglages", "", "settings", "G, S"),
)

TO_SETTLE: Final = Place(CONFLICTS, "Valeurs à départager", "", "git-merge", "G, C")
AMONG_OTHERS: Final = Place(EXCHANGES, "Échanges", "", "arrow-left-right", "G, X")

_ICONS: Final = {
    "risk": "shield-alert",
    "rating": "gauge",
    "existing_measure": "shield-check",
    "planned_action": "target",
    "hazard_family": "layers",
    "library_risk": "library-big",
    "library_measure": "shield-check",
    "not_applicable": "circle-minus",
    "unit_job": "users",
    "update_campaign": "footprints",
    "campaign_unit": "list-checks",
    "update_answer": "circle-check",
    "reminder": "clock",
    "health_safety_entry": "book-open",
    "accident": "ambulance",
    "equipment": "package",
    "inspection": "wrench",
    "reservation": "list-checks",
    "inspection_type": "calendar-days",
    "credential": "badge-check",
    "credential_type": "tag",
    "store_room": "warehouse",
    "stock_line": "flask-conical",
    "plant_protection_product": "sprout",
    "department": "map-pin",
    "org_unit": "network",
    "site": "building-2",
    "work_unit": "hard-hat",
    "job": "briefcase",
    "person": "users",
    "import_run": "inbox",
    "import_mapping": "columns-3",
    "reference_edition": "library-big",
}
_OTHER_ICON: Final = "notebook-pen"


def icon_of(register: str) -> str:
    """The icon of a register, in the navigation and wherever its records are listed."""
    return _ICONS.get(register, _OTHER_ICON)


def places(
    catalogue: Catalogue, *, to_settle: bool = False, among_others: bool = False
) -> list[Place]:
    """The rows of the navigation: the pages made for a purpose, then the registers by group.

    The settings are reached from the foot of the sidebar. `to_settle`: values disagree, or a merge
    left something that needs a look; `among_others`: other stations are known.
    """
    groups: dict[str, list[Place]] = {AROUND: [each for each in PURPOSES if each.group]}
    for each in catalogue.registers:
        name, icon = each.short_fr or each.label_fr, icon_of(each.key)
        row = Place(each.key, name, each.group_fr, icon, whole=each.label_fr)
        groups.setdefault(each.group_fr, []).append(row)
    made = [each for each in PURPOSES if each.key != SETTINGS and not each.group]
    made += [AMONG_OTHERS] if among_others else []
    made += [TO_SETTLE] if to_settle else []
    for name in sorted(groups, key=FOLDED_AT_FIRST.__contains__):
        made += [Place("", name, name, heading=True), *groups[name]]
    return made
