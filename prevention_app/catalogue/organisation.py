"""Who employs, where people work, and who they are; all of it dated (P4)."""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.checks import after, not_in_future, not_negative, within
from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.library_units import LibraryUnit
from prevention_app.catalogue.vocabulary import Sex

GROUP = "Organisation"
DEPARTMENT_NUMBERS = ("28", "41", "45")
"""The employers that share this program: Eure-et-Loir, Loir-et-Cher, Loiret."""
_DATED = after("valid_until", "valid_from", "La fin précède le début.")


@entity(
    "department",
    code="DEPT",
    category="shared",
    label=("Départements", "Departments"),
    item_fr="Département",
    group=GROUP,
    title=("name",),
    key_fields=("number",),
    order=("number",),
    shared=True,
)
class Department(Record):
    """An employer of the cooperation."""

    number: str = field("Numéro", "Number", search=True)
    name: str = field("Nom", "Name", search=True)
    employer: str | None = field("Employeur", "Employer")
    siret: str | None = field("SIRET", "SIRET")
    address: str | None = field("Adresse", "Address")
    full_time_equivalents: int | None = field("Effectif (ETP)", "Full-time equivalents")


@entity(
    "org_unit",
    code="ORGA",
    category="organisation",
    label=("Directions et services", "Directorates and services"),
    item_fr="Direction ou service",
    group=GROUP,
    title=("name",),
    key_fields=("name", "parent"),
    order=("name",),
    checks=(_DATED,),
)
class OrgUnit(Record):
    """A node of the employer's tree, of any depth."""

    name: str = field("Nom", "Name", search=True, aliases=("Direction", "Service"))
    parent: Ref[OrgUnit] | None = field("Dépend de", "Part of")
    head: str | None = field("Responsable (fonction)", "Head (function)")
    valid_from: date | None = field("Depuis le", "From")
    valid_until: date | None = field("Jusqu’au", "Until")
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


@entity(
    "site",
    code="SITE",
    category="organisation",
    label=("Sites et locaux", "Sites"),
    item_fr="Site",
    group=GROUP,
    title=("name",),
    key_fields=("name",),
    order=("name",),
    checks=(_DATED,),
)
class Site(Record):
    """A place: a site, a building, a room; a tree too."""

    name: str = field("Nom", "Name", search=True, aliases=("Site", "Établissement", "Bâtiment"))
    parent: Ref[Site] | None = field("Fait partie de", "Part of")
    kind: str | None = field("Type de site", "Kind of site")
    town: str | None = field("Commune", "Town", search=True)
    address: str | None = field("Adresse", "Address")
    operator: str | None = field(
        "Exploitant", "Operator", help="Qui tient le lieu, s’il est tiers."
    )
    covering_document: str | None = field(
        "Bâtiment couvert par",
        "Building covered by",
        help="Chez un tiers : l’employeur dont le document unique couvre le bâtiment.",
    )
    document_received_on: date | None = field(
        "Document reçu le",
        "Document received on",
        help="Date à laquelle ce tiers a remis la partie de son document qui couvre le bâtiment.",
        checks=[not_in_future],
    )
    valid_from: date | None = field("Depuis le", "From")
    valid_until: date | None = field("Jusqu’au", "Until")
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


@entity(
    "work_unit",
    code="UT",
    label=("Unités de travail", "Work units"),
    item_fr="Unité de travail",
    group=GROUP,
    title=("name",),
    key_fields=("name", "org_unit"),
    order=("name",),
    checks=(_DATED,),
)
class WorkUnit(Record):
    """People who share the same exposures; belongs to an org unit, lies on a site."""

    name: str = field("Nom", "Name", search=True, aliases=("Unité de travail", "UT"))
    org_unit: Ref[OrgUnit] | None = field("Direction ou service", "Org unit")
    site: Ref[Site] | None = field("Site", "Site")
    type_of: Ref[WorkUnit] | None = field(
        "Unité type", "Type", help="L’unité type dont celle-ci est une variante locale."
    )
    unit_type: str | None = field("Code du type", "Type code")
    activity: str | None = field("Activité", "Activity", lines=3, search=True)
    women: int | None = field("Femmes", "Women", checks=[not_negative])
    men: int | None = field("Hommes", "Men", checks=[not_negative])
    headcount: int | None = field("Effectif", "Headcount", checks=[not_negative])
    valid_from: date | None = field("Depuis le", "From")
    valid_until: date | None = field("Jusqu’au", "Until")
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


@entity(
    "job",
    code="METI",
    category="shared",
    label=("Métiers", "Jobs"),
    item_fr="Métier",
    group=GROUP,
    title=("name",),
    key_fields=("name",),
    order=("name",),
    shared=True,
)
class Job(Record):
    """A job, shared by the three employers."""

    name: str = field("Nom", "Name", search=True)
    library_unit: Ref[LibraryUnit] | None = field(
        "Risques types", "Typical risks", help="L’unité type de la bibliothèque qui lui ressemble."
    )
    description: str | None = field("Description", "Description", lines=3)


@entity(
    "person",
    code="AGEN",
    category="people",
    label=("Agents", "People"),
    item_fr="Agent",
    group=GROUP,
    title=("last_name", "first_name"),
    key_fields=("staff_number",),
    order=("last_name", "first_name"),
)
class Person(Record):
    """A member of staff, with only what prevention needs (P21)."""

    staff_number: str | None = field(
        "Matricule", "Staff number", personal=True, search=True, aliases=("N° agent",)
    )
    last_name: str = field("Nom", "Last name", personal=True, search=True)
    first_name: str | None = field("Prénom", "First name", personal=True, search=True)
    sex: Sex | None = field("Sexe", "Sex", personal=True)
    birth_year: int | None = field(
        "Année de naissance", "Year of birth", personal=True, checks=[within(1900, 2100)]
    )
    org_unit: Ref[OrgUnit] | None = field("Direction ou service", "Org unit")
    site: Ref[Site] | None = field("Site", "Site")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    job: Ref[Job] | None = field("Métier", "Job")
    joined_on: date | None = field("Arrivée le", "Joined on", personal=True)
    left_on: date | None = field("Départ le", "Left on", personal=True)
    import_remarks: str | None = field(
        "Remarques de reprise", "Import remarks", lines=3, personal=True
    )
