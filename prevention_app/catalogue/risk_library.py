"""The shared library of typical risks, and what units make of risks they have in common.

What is shipped here is practice, not law: each line is looked at on the spot before it counts.
"""

from __future__ import annotations

from prevention_app.catalogue.checks import not_negative, within
from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.library_units import LibraryUnit
from prevention_app.catalogue.organisation import Job, WorkUnit
from prevention_app.catalogue.risk_document import GROUP, HazardFamily, Risk
from prevention_app.catalogue.vocabulary import MeasureStanding, MeasureType


@entity(
    "library_risk",
    code="BIBL",
    category="shared",
    label=("Bibliothèque de risques", "Risk library"),
    item_fr="Risque de la bibliothèque",
    group=GROUP,
    title=("situation",),
    key_fields=("library_unit", "situation"),
    order=("library_unit", "situation"),
    shared=True,
)
class LibraryRisk(Record):
    """A typical risk of a unit type: a template, never an evaluation (P6)."""

    library_unit: Ref[LibraryUnit] = field("Unité type", "Unit type")
    hazard_family: Ref[HazardFamily] | None = field("Famille", "Hazard family")
    situation: str = field("Situation dangereuse", "Situation", lines=3)
    hazard: str | None = field("Danger", "Hazard")
    harm: str | None = field("Dommages possibles", "Harm", lines=2)
    activity: str | None = field("Activité ou tâche", "Activity")
    factor: str | None = field("Facteur L4161-1", "Factor L4161-1")
    severity: int | None = field(
        "Gravité indicative",
        "Indicative severity",
        checks=[within(1, 4)],
        help="De 1 à 4, avant maîtrise : une indication, à coter dans chaque unité.",
    )
    frequency: int | None = field(
        "Fréquence indicative",
        "Indicative frequency",
        checks=[within(1, 4)],
        help="De 1 à 4, avant maîtrise : une indication, à coter dans chaque unité.",
    )
    source: str | None = field("Source", "Source")


@entity(
    "library_measure",
    code="BIME",
    category="shared",
    label=("Mesures de la bibliothèque", "Library measures"),
    item_fr="Mesure de la bibliothèque",
    group=GROUP,
    title=("title",),
    key_fields=("library_risk", "title"),
    order=("library_risk", "title"),
    shared=True,
)
class LibraryMeasure(Record):
    """A measure usual for a risk of the library: often in place, or worth proposing."""

    library_risk: Ref[LibraryRisk] = field("Risque", "Risk")
    title: str = field("Mesure", "Measure", lines=2)
    standing: MeasureStanding = field("Statut", "Standing", default=MeasureStanding.EXISTING)
    measure_type: MeasureType | None = field("Type de mesure", "Type of measure")


@entity(
    "unit_job",
    code="UTME",
    category="organisation",
    label=("Effectifs par unité et métier", "Headcount by unit and job"),
    item_fr="Métier d’une unité",
    group="Organisation",
    title=("work_unit", "job"),
    key_fields=("work_unit", "job"),
    order=("work_unit", "job"),
)
class UnitJob(Record):
    """A job that a work unit has, and how many women and men do it there."""

    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    job: Ref[Job] = field("Métier", "Job")
    women: int | None = field("Femmes", "Women", checks=[not_negative])
    men: int | None = field("Hommes", "Men", checks=[not_negative])


@entity(
    "not_applicable",
    code="SANO",
    label=("Risques communs sans objet", "Common risks not applicable"),
    item_fr="Risque commun sans objet",
    group=GROUP,
    title=("work_unit", "risk"),
    key_fields=("risk", "work_unit"),
    order=("work_unit", "risk"),
    legal="duerp",
)
class NotApplicable(Record):
    """A risk of a unit type that one of its variants does not have, and why (P4)."""

    risk: Ref[Risk] = field("Risque commun", "Common risk")
    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    reason: str = field("Motif", "Reason", lines=2)
