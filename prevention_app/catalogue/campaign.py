"""The yearly campaign of the document unique: units, sheets sent out, answers, reminders (P1).

Legal source: code du travail R4121-2 (yearly update, and whenever something new is learnt).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from prevention_app.catalogue.checks import after, not_in_future, not_negative, within
from prevention_app.catalogue.description import Choice, Money, Record, Ref, entity, field
from prevention_app.catalogue.organisation import Site, WorkUnit
from prevention_app.catalogue.risk_document import GROUP, PlannedAction, Risk
from prevention_app.catalogue.vocabulary import ActionState

_FUNCTIONS = "Des fonctions plutôt que des noms."


class UnitState(Choice):
    """How far a work unit is in a campaign."""

    TO_DO = "to_do", "À faire", "To do"
    ON_SITE = "on_site", "Sur place", "On site"
    RATED = "rated", "Cotée", "Rated"
    VALIDATED = "validated", "Validée", "Validated"


class UpdateOutcome(Choice):
    """What was answered to a reason for updating the document unique."""

    RE_EVALUATED = "re_evaluated", "Réévalué", "Re-evaluated"
    NOT_CONCERNED = "not_concerned", "Non concerné", "Not concerned"


class SheetKind(Choice):
    """What is asked on a sheet that is sent out."""

    RISKS = "risks", "Situations d’une unité", "Risks of a unit"
    ACTIONS = "actions", "Actions d’un pilote", "Actions of a pilot"


class ProposalKind(Choice):
    """What a returned line says."""

    STILL_TRUE = "still_true", "Toujours vrai", "Still true"
    CHANGED = "changed", "A changé", "Changed"
    GONE = "gone", "N’existe plus", "Gone"
    NEW_SITUATION = "new_situation", "Situation nouvelle", "New situation"
    ACTION_PROGRESS = "action_progress", "Avancement d’action", "Progress of an action"
    REMARK = "remark", "Remarque", "Remark"


class ProposalState(Choice):
    """What the adviser made of a proposal."""

    WAITING = "waiting", "À examiner", "Waiting"
    ACCEPTED = "accepted", "Acceptée", "Accepted"
    CORRECTED = "corrected", "Acceptée et corrigée", "Accepted with corrections"
    REFUSED = "refused", "Refusée", "Refused"


@entity(
    "update_campaign",
    code="CAMP",
    label=("Campagnes d’évaluation", "Campaigns"),
    short_fr="Campagnes",
    item_fr="Campagne",
    group=GROUP,
    title=("name",),
    key_fields=("year", "name"),
    order=("-year", "-started_on"),
    legal="duerp",
    checks=(after("answers_until", "started_on", "Les réponses précèdent le début."),),
)
class Campaign(Record):
    """A round through the work units of a department."""

    name: str = field("Nom", "Name", search=True)
    year: int = field("Année", "Year", checks=[within(1990, 2100)])
    started_on: date = field("Commencée le", "Started on")
    answers_until: date | None = field("Réponses attendues avant le", "Answers until")
    closed_on: date | None = field("Close le", "Closed on", checks=[not_in_future])
    note: str | None = field("Note", "Note", lines=3)


@entity(
    "campaign_unit",
    code="CAMU",
    label=("Unités d’une campagne", "Units of a campaign"),
    item_fr="Unité d’une campagne",
    group=GROUP,
    title=("work_unit", "campaign"),
    key_fields=("campaign", "work_unit"),
    order=("campaign", "work_unit"),
)
class CampaignUnit(Record):
    """Where a work unit stands in a campaign, who took part and when."""

    campaign: Ref[Campaign] = field("Campagne", "Campaign")
    work_unit: Ref[WorkUnit] = field("Unité de travail", "Work unit")
    state: UnitState = field("État", "State", default=UnitState.TO_DO, cautious="lowest")
    participants: str | None = field("Participants", "Participants", lines=2, help=_FUNCTIONS)
    visited_on: date | None = field("Vue sur place le", "Visited on", checks=[not_in_future])
    rated_on: date | None = field("Cotée le", "Rated on", checks=[not_in_future])
    validated_on: date | None = field("Validée le", "Validated on", checks=[not_in_future])
    note: str | None = field("Note", "Note", lines=3)


@entity(
    "update_answer",
    code="MAJR",
    label=("Réponses aux motifs de mise à jour", "Answers to reasons for updating"),
    short_fr="Motifs répondus",
    item_fr="Réponse à un motif",
    group=GROUP,
    title=("outcome", "answered_on"),
    key_fields=("of_record", "work_unit"),
    order=("-answered_on",),
)
class UpdateAnswer(Record):
    """What was done about an accident, an entry, a product or an equipment (R4121-2, 2° and 3°)."""

    of_register: str = field("Registre (clé)", "Register key")
    of_record: str = field("Fiche", "Record")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    site: Ref[Site] | None = field("Site", "Site")
    outcome: UpdateOutcome = field("Réponse", "Answer")
    reason: str | None = field("Motif", "Reason", lines=2)
    answered_on: date = field("Répondu le", "Answered on", checks=[not_in_future])


@entity(
    "collect_sheet",
    code="FICH",
    label=("Fiches de collecte", "Collecting sheets"),
    item_fr="Fiche de collecte",
    group=GROUP,
    title=("file_name",),
    key_fields=("token",),
    order=("-sent_on", "file_name"),
    system=True,
)
class CollectSheet(Record):
    """A sheet that left, to whom, and when it came back; answers are `Proposal`s."""

    token: str = field("Jeton", "Token")
    kind: SheetKind = field("Nature", "Kind")
    campaign: Ref[Campaign] | None = field("Campagne", "Campaign")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    pilot: str | None = field("Pilote", "Pilot", help=_FUNCTIONS)
    file_name: str = field("Fichier", "File", search=True)
    rows: int = field("Lignes", "Lines", checks=[not_negative])
    sent_on: date = field("Préparée le", "Sent on")
    answers_until: date | None = field("Réponse attendue avant le", "Answer until")
    answered_on: date | None = field("Revenue le", "Answered on")
    answer_saved_at: datetime | None = field("Enregistrée le", "Answer saved at")
    answer_digest: str | None = field("Empreinte de la réponse", "Digest of the answer")
    participants: str | None = field("Participants", "Participants", lines=2, help=_FUNCTIONS)
    met_on: date | None = field("Réunion du", "Met on")


@entity(
    "proposal",
    code="PROP",
    label=("Propositions", "Proposals"),
    item_fr="Proposition",
    group=GROUP,
    title=("kind", "text"),
    key_fields=("sheet", "row_key"),
    order=("work_unit", "received_on"),
    system=True,
)
class Proposal(Record):
    """What a returned line proposes: never a rating, nothing before the adviser accepted it."""

    kind: ProposalKind = field("Nature", "Kind")
    state: ProposalState = field("État", "State", default=ProposalState.WAITING)
    sheet: Ref[CollectSheet] = field("Fiche de collecte", "Collecting sheet")
    row_key: str = field("Ligne de la fiche", "Line of the sheet")
    work_unit: Ref[WorkUnit] | None = field("Unité de travail", "Work unit")
    risk: Ref[Risk] | None = field("Risque", "Risk")
    action: Ref[PlannedAction] | None = field("Action", "Action")
    text: str | None = field("Texte", "Text", lines=3, search=True, erasable=True)
    family: str | None = field("Famille telle qu’écrite", "Family as written")
    measures: str | None = field("Mesures telles qu’écrites", "Measures as written", lines=2)
    remark: str | None = field("Remarque", "Remark", lines=3, erasable=True)
    action_state: ActionState | None = field("État proposé", "State")
    progress: Decimal | None = field("Avancement (%)", "Progress (%)")
    done_on: date | None = field("Réalisée le", "Done on")
    found: str | None = field("Valeur constatée", "Found")
    real_cost: Money | None = field("Coût réel", "Real cost")
    answered_by: str | None = field("Répondu par", "Answered by", help=_FUNCTIONS)
    file_name: str = field("Fichier", "File")
    cell: str = field("Cellule", "Cell")
    received_on: date = field("Reçue le", "Received on")
    settled_on: date | None = field("Examinée le", "Settled on")
    reason: str | None = field("Motif du refus", "Reason", lines=2)


@entity(
    "reminder",
    code="RELA",
    label=("Relances", "Reminders"),
    item_fr="Relance",
    group=GROUP,
    title=("reminded_on", "addressed_to"),
    key_fields=("action", "sheet", "reminded_on"),
    order=("-reminded_on",),
)
class Reminder(Record):
    """A mail that was prepared for a late action, or for a sheet that did not come back."""

    action: Ref[PlannedAction] | None = field("Action", "Action")
    sheet: Ref[CollectSheet] | None = field("Fiche de collecte", "Collecting sheet")
    reminded_on: date = field("Relancé le", "Reminded on", checks=[not_in_future])
    addressed_to: str | None = field("Adressée à", "Addressed to", help=_FUNCTIONS)
    file_name: str | None = field("Fichier", "File")
