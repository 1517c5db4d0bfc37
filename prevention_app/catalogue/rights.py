"""Who may write and see what: the acts by which departments give and take back rights.

Each act is a record in its department's name. It is judged by the plain leaf that creates it, and
by nothing that is written over it later (`domain/rights.py`); rules and outflows alone are edited.
"""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.organisation import OrgUnit, Site
from prevention_app.catalogue.vocabulary import Category, OutflowExtent, Role, RoleExtent
from prevention_app.catalogue.workspace import GROUP, Station

_STATION_ID = ("Identifiant de l’ordinateur", "Station identifier")
_ROOT_SIGNATURE = ("Signature de la clé du département", "Signature of the department's key")


@entity(
    "department_root",
    code="RACI",
    category="rights",
    label=("Clés des départements", "Roots of departments"),
    item_fr="Clé de département",
    group=GROUP,
    title=("public_key",),
    key_fields=("public_key",),
    order=("public_key",),
    system=True,
)
class DepartmentRoot(Record):
    """A founding: the key from which all rights in a department come."""

    public_key: str = field("Clé publique", "Public key")
    founder: str = field(*_STATION_ID, help="L’ordinateur qui a fondé le département.")


def _administers_all(record: Record, today: date) -> tuple[str, str] | None:  # noqa: ARG001
    """Who gives rights gives them in the whole department."""
    part = next((key for key in ("org_unit", "site", "audit") if getattr(record, key, None)), None)
    if part and getattr(record, "role", None) == Role.ADMINISTRATOR:
        return part, "Un administrateur l’est pour tout le département."
    return None


@entity(
    "grant",
    code="DROI",
    category="rights",
    label=("Droits", "Rights"),
    item_fr="Droit",
    group=GROUP,
    title=("station", "role"),
    order=("station",),
    checks=(_administers_all,),
    system=True,
)
class Grant(Record):
    """A role given to a station in a department, whole or for a part of it."""

    station: Ref[Station] | None = field("Ordinateur", "Station")
    role: Role = field("Rôle", "Role")
    station_id: str = field(*_STATION_ID)
    org_unit: Ref[OrgUnit] | None = field("Pour la direction ou le service", "For the org unit")
    site: Ref[Site] | None = field("Pour le site", "For the site")
    audit: str | None = field("Pour l’audit", "For the audit")
    until: date | None = field("Jusqu’au", "Until", help="Affiché et rappelé, sans autre effet.")
    root_signature: str | None = field(*_ROOT_SIGNATURE)


@entity(
    "revocation",
    code="REVO",
    category="rights",
    label=("Retraits de droits", "Revocations"),
    item_fr="Retrait de droits",
    group=GROUP,
    title=("station_id",),
    order=("station_id",),
    system=True,
)
class Revocation(Record):
    """A station whose entries beyond a number no longer count in a department."""

    station_id: str = field(*_STATION_ID)
    after: int = field("Dernière écriture retenue", "Last entry that counts")
    reason: str | None = field("Motif", "Reason", lines=2, erasable=True)


@entity(
    "revocation_lift",
    code="LEVE",
    category="rights",
    label=("Levées de retraits", "Lifted revocations"),
    item_fr="Levée de retrait",
    group=GROUP,
    title=("revocation",),
    order=("revocation",),
    system=True,
)
class RevocationLift(Record):
    """A revocation taken back, which only the department's key can do."""

    revocation: Ref[Revocation] = field("Retrait levé", "Revocation")
    root_signature: str = field(*_ROOT_SIGNATURE)


@entity(
    "admission",
    code="ADMI",
    category="rights",
    label=("Écritures admises", "Admitted entries"),
    item_fr="Écriture admise",
    group=GROUP,
    title=("station_id", "number"),
    order=("station_id", "number"),
    system=True,
)
class Admission(Record):
    """What a station wrote without the right to, admitted all the same: one record in one entry."""

    station_id: str = field(*_STATION_ID)
    number: int = field("Numéro de l’écriture", "Number of the entry")
    record: str = field("Fiche", "Record")


@entity(
    "role_rule",
    code="REGL",
    category="rights",
    label=("Règles des rôles", "Rules of roles"),
    item_fr="Règle de rôle",
    group=GROUP,
    title=("role", "category"),
    key_fields=("role", "category"),
    order=("role", "category"),
    system=True,
)
class RoleRule(Record):
    """What a role may read and write of a category, where a department decides otherwise."""

    role: Role = field("Rôle", "Role")
    category: Category = field("Catégorie", "Category")
    reads: RoleExtent = field("Lit", "Reads")
    writes: RoleExtent = field("Écrit", "Writes")


@entity(
    "outflow",
    code="SORT",
    category="rights",
    label=("Communications aux autres départements", "Outflows"),
    item_fr="Communication à un autre département",
    group=GROUP,
    title=("register_key", "receiver"),
    key_fields=("register_key", "receiver"),
    order=("register_key", "receiver"),
    system=True,
)
class Outflow(Record):
    """What a department lets another one see of a register; nothing where it says nothing."""

    register_key: str = field("Registre", "Register")
    receiver: str = field("Département destinataire", "Receiving department")
    extent: OutflowExtent = field("Communique", "Extent")
