"""When each kind of record falls due: one pure function a register.

Each takes records as declared in the catalogue and returns a `Due`, or None where nothing waits.
Periods and windows come from the records; what is set here is marked as a house rule.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.description import Field
from prevention_app.catalogue.equipment import Equipment, Inspection, InspectionType, Reservation
from prevention_app.catalogue.health_safety import HealthSafetyEntry
from prevention_app.catalogue.stores import StockLine
from prevention_app.catalogue.vocabulary import (
    ActionState,
    CredentialState,
    FollowUp,
    ServiceState,
    StockState,
)
from prevention_app.domain.due import Due, DueState, alert_window, next_due, state_on
from prevention_app.domain.periods import add_months
from prevention_app.domain.product_law import ProductState, ProductVerdict, waste_verdict

ANSWER_DAYS = 15
"""An entry of the health and safety register is answered in 15 days (house rule, P2)."""
RENEWAL_MONTHS = 6
"""Notice for renewing a credential whose type sets none (house rule)."""
WASTE_MONTHS = 9
"""Waste leaves the store in 9 months (house rule, within the year of R253-48)."""
RESERVATION_DAYS = 30
"""Notice before a reservation is to be lifted (house rule)."""

FINISHED = (ActionState.DONE, ActionState.VERIFIED)


class Dated(Protocol):
    """What is looked at of a planned action, be it a record or no more than this."""

    @property
    def state(self) -> ActionState:
        """Where it stands."""
        ...

    @property
    def due(self) -> date | None:
        """The date that was set first."""
        ...

    @property
    def revised_due(self) -> date | None:
        """The date that was set later."""
        ...

    @property
    def done_on(self) -> date | None:
        """The day on which it was done."""
        ...


def inspection_due(
    equipment: Equipment, kind: InspectionType | None, latest: Inspection | None, today: date
) -> Due:
    """When an equipment or lot is to be inspected next: its latest inspection plus its period.

    The equipment's own period wins over that of its type; where neither is known, the date that
    the report itself gives for the next one holds.
    """
    if equipment.state == ServiceState.SUSPENDED:
        return Due(None, DueState.SUSPENDED, _with_reason("Hors service", equipment))
    if equipment.state == ServiceState.NOT_APPLICABLE:
        return Due(None, DueState.NOT_APPLICABLE, _with_reason("Sans objet", equipment))
    months = equipment.months or (kind.months if kind else None)
    what = f"Vérification {period_words(months)}".strip()
    if latest is None:
        state = DueState.NEVER_DONE if equipment.never_inspected else DueState.UNKNOWN
        return Due(None, state, what)
    due_on = next_due(latest.done_on, months) or latest.next_due
    declared = kind.alert_days if kind and kind.months == months else None
    window = alert_window(months) if declared is None else declared
    return Due(due_on, state_on(due_on, today, window), what)


def _with_reason(words: str, equipment: Equipment) -> str:
    return f"{words} ({equipment.state_reason})" if equipment.state_reason else words


_PERIOD_WORDS = {
    Decimal("0.25"): "hebdomadaire",
    Decimal("0.5"): "tous les quinze jours",
    Decimal(1): "mensuelle",
    Decimal("1.5"): "toutes les six semaines",
    Decimal(3): "trimestrielle",
    Decimal(6): "semestrielle",
    Decimal(12): "annuelle",
    Decimal(24): "tous les deux ans",
    Decimal(36): "tous les trois ans",
    Decimal(60): "tous les cinq ans",
    Decimal(120): "tous les dix ans",
}


def period_words(months: Decimal | None) -> str:
    """A period as it follows « vérification »: « annuelle », « tous les 30 mois »."""
    if months is None or months <= 0:
        return "périodique"
    return _PERIOD_WORDS.get(months, f"tous les {f'{months.normalize():f}'.replace('.', ',')} mois")


def reservation_due(reservation: Reservation, today: date) -> Due | None:
    """When an observation of an inspection report is to be lifted; None once it is."""
    if reservation.lifted_on is not None:
        return None
    due_on = reservation.action_due
    return Due(due_on, state_on(due_on, today, RESERVATION_DAYS), "Réserve à lever")


def credential_end(credential: Credential, kind: CredentialType | None) -> date | None:
    """The last day on which a credential holds: written, else obtained plus the type's validity.

    An extension moves it (some Certiphyto were extended by a year); None where it is not known or
    where the type has no end.
    """
    end = credential.expires
    if end is None and kind is not None and kind.validity_months:
        end = next_due(credential.obtained, Decimal(kind.validity_months))
    ends = [each for each in (end, credential.extended_until) if each is not None]
    return max(ends, default=None)


def renewal_window(end: date, kind: CredentialType | None) -> tuple[date, date | None]:
    """From when, and until when, a renewal is to be asked for: 9 to 3 months for Certiphyto.

    The second is None where the type sets no last day.
    """
    months = kind.renew_from_months if kind and kind.renew_from_months else RENEWAL_MONTHS
    last = kind.renew_until_months if kind else None
    return add_months(end, -months), add_months(end, -last) if last else None


def credential_due(credential: Credential, kind: CredentialType | None, today: date) -> Due:
    """Where the credential of a person who is still there stands (see `is_departed`)."""
    if credential.state == CredentialState.NOT_APPLICABLE:
        return Due(None, DueState.NOT_APPLICABLE, "Sans objet")
    end = credential_end(credential, kind)
    if end is None:
        return _without_end(credential, kind)
    opens, closes = renewal_window(end, kind)
    if end < today:
        return Due(end, DueState.LATE, "Renouvellement (fin de validité dépassée)")
    if today < opens:
        return Due(end, DueState.UP_TO_DATE, "Fin de validité")
    if closes is None:
        return Due(end, DueState.TO_PLAN, "Renouvellement")
    asked = f"demande entre le {opens:%d/%m/%Y} et le {closes:%d/%m/%Y}"
    return Due(end, DueState.TO_PLAN, f"Renouvellement ({asked})")


def _without_end(credential: Credential, kind: CredentialType | None) -> Due:
    if credential.state == CredentialState.PLANNED:
        return Due(credential.renewal_planned, DueState.TO_PLAN, "Titre à obtenir")
    endless = kind is not None and not kind.validity_months
    if endless and credential.obtained is not None:
        return Due(None, DueState.UP_TO_DATE, "Sans fin de validité")
    return Due(None, DueState.UNKNOWN, "Date d’obtention ou de fin de validité à renseigner")


def is_departed(left_on: date | None, today: date) -> bool:
    """Whether a person has left: their credentials stay in the register and are no longer due."""
    return left_on is not None and left_on < today


def answer_due(entry: HealthSafetyEntry, today: date) -> Due | None:
    """When an entry of the health and safety register is to be answered; None once it is."""
    if not is_unanswered(entry):
        return None
    if entry.answer_due is not None:
        return Due(entry.answer_due, state_on(entry.answer_due, today), "Réponse à l’observation")
    due_on = entry.reported_on + timedelta(days=ANSWER_DAYS)
    what = f"Réponse à l’observation (règle interne\u202f: {ANSWER_DAYS} jours)"
    return Due(due_on, state_on(due_on, today), what)


def is_unanswered(entry: HealthSafetyEntry) -> bool:
    """Whether an entry still waits for its answer."""
    waiting = entry.follow_up in (FollowUp.OPEN, FollowUp.IN_PROGRESS)
    return waiting and not entry.answer and entry.answered_on is None and entry.closed_on is None


def action_due(action: Dated, today: date) -> Due | None:
    """When a planned action is due: on its original date, which a revised one never hides.

    None once it is done or abandoned, and for a continuous action without a date.
    """
    if is_settled(action):
        return None
    due_on = action.due or action.revised_due
    if due_on is None and action.state == ActionState.ONGOING:
        return None
    what = "Action de prévention"
    if action.due and action.revised_due and action.revised_due != action.due:
        what += f" (échéance révisée au {action.revised_due:%d/%m/%Y})"
    return Due(due_on, state_on(due_on, today), what)


def is_settled(action: Dated) -> bool:
    """Whether nothing more is to be done for an action."""
    return is_finished(action) or action.state == ActionState.ABANDONED


def is_finished(action: Dated) -> bool:
    """Whether an action was carried out: its state says so, or the date on which it was."""
    done = action.state in FINISHED
    return done or (action.done_on is not None and action.state != ActionState.ABANDONED)


def stock_due(line: StockLine, verdict: ProductVerdict | None, today: date) -> Due | None:
    """By when a product must be used up, set aside or taken away; None where nothing waits.

    `verdict` is what the national catalogue says of it, None when it is not matched: that is a
    question of the register, not a date.
    """
    if line.state == StockState.SET_ASIDE:
        return _waste_due(line, verdict, today)
    if line.state != StockState.IN_STOCK:
        return None
    use_until = verdict.use_until if verdict else None
    days = [each for each in (line.use_by, use_until) if each is not None]
    if not days:
        if verdict is None or verdict.state is not ProductState.TO_CHECK:
            return None
        return Due(None, DueState.UNKNOWN, "Retrait du produit\u202f: fin d’utilisation à vérifier")
    due_on = min(days)
    state = state_on(due_on, today)
    what = "Péremption" if due_on == line.use_by else "Fin d’utilisation du produit retiré"
    if state is DueState.LATE:
        what += "\u202f: à isoler comme PPNU"
    return Due(due_on, state, what)


def _waste_due(line: StockLine, verdict: ProductVerdict | None, today: date) -> Due:
    collect_by = waste_verdict(verdict, line.use_by, today).collect_by if verdict else None
    since = line.set_aside_on
    too_long = add_months(since, WASTE_MONTHS) if since else None
    days = [each for each in (too_long, collect_by) if each is not None]
    due_on = min(days) if days else None
    what = "PPNU à remettre à la collecte"
    if too_long and too_long < today:
        what = f"PPNU isolé depuis plus de {WASTE_MONTHS} mois, à remettre à la collecte"
    return Due(due_on, state_on(due_on, today), what)


def field_due(field: Field, day: date, today: date) -> Due:
    """The rule of any other date that is declared as due, in our registers and users' own."""
    return Due(day, state_on(day, today), field.label_fr)
