"""The health-and-safety register and the accidents."""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.checks import after, not_in_future, not_negative, time_of_day
from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.organisation import OrgUnit, Person, Site, WorkUnit
from prevention_app.catalogue.retention import Fate, Retention
from prevention_app.catalogue.vocabulary import (
    AccidentKind,
    AuthorKind,
    FollowUp,
    ObservationNature,
    Recognition,
    Sex,
)

GROUP = "Registres"


@entity(
    "health_safety_entry",
    code="RSST",
    label=("Registre de santé et sécurité au travail", "Health and safety register"),
    short_fr="Santé et sécurité (RSST)",
    item_fr="Observation",
    group=GROUP,
    title=("observation",),
    key_fields=("site", "reported_on", "observation"),
    order=("-reported_on",),
    legal="registre-sst",
    statutory=True,
    retention=Retention(
        10, "reported_on", Fate.SORTED, "Usage : dix ans au moins, aucun texte ne fixe la durée."
    ),
    checks=(after("answered_on", "reported_on", "La réponse précède le signalement."),),
)
class HealthSafetyEntry(Record):
    """An observation or suggestion that anyone on site may write about prevention.

    Legal source: décret 85-603, article 3-1.
    """

    site: Ref[Site] = field("Site", "Site")
    reported_on: date = field("Date", "Date", column="Date du signalement", checks=[not_in_future])
    author_kind: AuthorKind | None = field(
        "Qualité de l’auteur", "Author is", aliases=("Catégorie",)
    )
    author: str | None = field("Auteur", "Author", personal=True)
    place: str | None = field("Lieu précis", "Place")
    nature: ObservationNature | None = field("Nature", "Nature")
    observation: str = field(
        "Observation ou suggestion",
        "Observation",
        lines=6,
        search=True,
        erasable=True,
        aliases=("Observation", "Description"),
    )
    follow_up: FollowUp = field("Suite donnée", "Follow-up", default=FollowUp.OPEN)
    answer: str | None = field(
        "Réponse du responsable", "Answer", lines=4, search=True, aliases=("Réponse",)
    )
    answer_due: date | None = field("Réponse attendue le", "Answer due", due="chef de service")
    answered_on: date | None = field("Répondu le", "Answered on", checks=[not_in_future])
    committee_on: date | None = field("Vu par la F3SCT le", "Seen by the committee on")
    closed_on: date | None = field("Close le", "Closed on", checks=[not_in_future])
    import_remarks: str | None = field(
        "Remarques de reprise", "Import remarks", lines=3, erasable=True
    )


@entity(
    "accident",
    code="ACCI",
    category="health",
    label=("Accidents et maladies professionnelles", "Accidents and diseases"),
    short_fr="Accidents et maladies",
    item_fr="Accident",
    group=GROUP,
    title=("happened_on", "kind", "circumstances"),
    key_fields=("number", "happened_on"),
    order=("-happened_on", "-number"),
    legal="accidents",
)
class Accident(Record):
    """An accident or disease, with what prevention needs: never a diagnosis (P7)."""

    number: str | None = field("N° d’origine", "Original number", aliases=("N°",))
    happened_on: date = field("Date", "Date", checks=[not_in_future])
    happened_at: str | None = field("Heure", "Time", checks=[time_of_day])
    kind: AccidentKind = field("Type", "Kind", default=AccidentKind.SERVICE)
    person: Ref[Person] | None = field("Agent (fiche)", "Person")
    person_name: str | None = field("Agent", "Name", personal=True, search=True)
    sex: Sex | None = field("Sexe", "Sex", personal=True)
    org_unit: Ref[OrgUnit] | None = field("Direction ou service", "Org unit")
    site: Ref[Site] | None = field("Site", "Site")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    circumstances: str | None = field(
        "Circonstances", "Circumstances", lines=4, search=True, erasable=True
    )
    activity: str | None = field("Activité", "Activity")
    material_element: str | None = field("Élément matériel", "Material element")
    injury_seat: str | None = field("Siège des lésions", "Seat of injury", personal=True)
    injury_nature: str | None = field("Nature des lésions", "Nature of injury", personal=True)
    stoppage: bool | None = field("Arrêt de travail", "Stoppage")
    days_lost: int | None = field("Jours d’arrêt", "Days off", checks=[not_negative])
    days_lost_text: str | None = field("Arrêt tel qu’écrit", "Days off as written")
    recognition: Recognition | None = field("Reconnaissance", "Recognition")
    inquiry: bool | None = field("Enquête F3SCT", "Committee inquiry")
    measures: str | None = field("Mesures prises", "Measures", lines=3)
    import_remarks: str | None = field(
        "Remarques de reprise", "Import remarks", lines=3, erasable=True
    )
