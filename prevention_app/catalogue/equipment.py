"""Equipment and its periodic inspections (code du travail L4711-1 to -5, R4323-22 to -28)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from prevention_app.catalogue.checks import not_in_future, not_negative
from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.organisation import Site
from prevention_app.catalogue.retention import Fate, Retention
from prevention_app.catalogue.vocabulary import Conclusion, PeriodStatus, ServiceState

GROUP = "Registres"


@entity(
    "inspection_type",
    code="PERI",
    category="shared",
    label=("Périodicités", "Inspection types"),
    item_fr="Périodicité",
    group=GROUP,
    title=("subject",),
    key_fields=("type_code",),
    order=("type_code",),
    shared=True,
)
class InspectionType(Record):
    """What must be inspected, how often, on what ground."""

    type_code: str = field("Code", "Code", search=True)
    domain: str | None = field("Domaine", "Domain")
    subject: str = field("Objet", "Subject", search=True)
    months: Decimal | None = field("Période (mois)", "Period (months)", checks=[not_negative])
    performer: str | None = field("Exécutant", "Performer")
    legal_reference: str | None = field("Référence", "Reference", lines=2)
    alert_days: int | None = field("Alerte (jours avant)", "Alert (days before)")
    status: PeriodStatus = field("Statut", "Status", default=PeriodStatus.TO_CHECK)
    checked: str | None = field("Vérification de la source", "How it was checked")
    note: str | None = field("Note", "Note", lines=2)


@entity(
    "equipment",
    code="EQUI",
    label=("Équipements et installations", "Equipment"),
    short_fr="Équipements",
    item_fr="Équipement",
    group=GROUP,
    title=("name", "make", "location"),
    key_fields=("site", "name", "make", "serial_number", "location"),
    order=("site", "name"),
)
class Equipment(Record):
    """One item, or a lot of like items at one place, with the period of its inspection."""

    name: str = field("Équipement", "Equipment", search=True, aliases=("Objet", "Désignation"))
    site: Ref[Site] = field("Site", "Site")
    inspection_type: Ref[InspectionType] | None = field("Périodicité", "Inspection type")
    make: str | None = field("Marque et modèle", "Make", search=True)
    serial_number: str | None = field("N° de série", "Serial number", search=True)
    location: str | None = field("Emplacement", "Location")
    count: int | None = field(
        "Nombre", "Count", help="Pour un lot : une vérification le couvre.", checks=[not_negative]
    )
    months: Decimal | None = field("Période (mois)", "Period (months)", checks=[not_negative])
    responsible: str | None = field("Responsable (fonction)", "Responsible (function)")
    state: ServiceState = field("Situation", "State", default=ServiceState.IN_SERVICE)
    state_reason: str | None = field("Motif", "Reason")
    never_inspected: bool = field(
        "Jamais vérifié (confirmé)", "Never inspected (confirmed)", default=False
    )
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


@entity(
    "inspection",
    code="VERI",
    label=("Vérifications périodiques", "Inspections"),
    short_fr="Vérifications (VGP)",
    item_fr="Vérification",
    group=GROUP,
    title=("equipment", "done_on"),
    key_fields=("equipment", "done_on"),
    order=("-done_on",),
    legal="verifications",
    retention=Retention(
        5,
        "done_on",
        Fate.ELIMINATED,
        "Code du travail D4711-3 : cinq ans, et toujours les deux dernières vérifications.",
        newest_kept=2,
        newest_of="equipment",
    ),
)
class Inspection(Record):
    """One inspection of an equipment or lot and its report."""

    equipment: Ref[Equipment] = field("Équipement", "Equipment")
    done_on: date = field("Date", "Date", column="Dernière le", checks=[not_in_future])
    body: str | None = field("Vérificateur", "Inspected by", search=True)
    report_number: str | None = field("N° de rapport", "Report number", search=True)
    conclusion: Conclusion | None = field("Conclusion", "Conclusion")
    next_due: date | None = field("Prochaine échéance écrite", "Next due as written")
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)


@entity(
    "reservation",
    code="OBSE",
    label=("Réserves des vérifications", "Inspection reservations"),
    short_fr="Réserves à lever",
    item_fr="Réserve",
    group=GROUP,
    title=("text",),
    key_fields=("inspection", "text"),
    order=("lifted_on", "text"),
)
class Reservation(Record):
    """One observation of an inspection report, open until it is lifted."""

    inspection: Ref[Inspection] = field("Vérification", "Inspection")
    text: str = field("Observation", "Observation", lines=2, search=True)
    action_due: date | None = field("À lever avant le", "Due", due="responsable du site")
    lifted_on: date | None = field("Levée le", "Lifted on", checks=[not_in_future])
    evidence: str | None = field("Preuve", "Evidence")
