"""Where a certificate of plant protection or biocides stands, and what is to be done about it.

Periods and windows come from the credential's type (Certiphyto: five years, renewal asked for nine
to three months before the end, code rural R254-8 to R254-14); what holds for every credential is in
`due_rules.py` and is used here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.description import Choice
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import CredentialState
from prevention_app.domain.due import DueState
from prevention_app.domain.due_rules import (
    RENEWAL_MONTHS,
    credential_due,
    credential_end,
    renewal_window,
)
from prevention_app.domain.periods import add_months
from prevention_app.domain.reasons import Reason, Weight, day_text
from prevention_app.i18n import NARROW, NO_BREAK

FAMILIES = ("Certiphyto", "Certibiocide")
SEASON_START = (3, 1)
"""Month and day on which the season of treatments opens (house rule)."""
_CLOSING_DAYS = 30
"""From when on the days are counted until a window closes (house rule)."""
_OPENING_DAYS = 90


class CertificateState(Choice):
    """Where a certificate stands today."""

    EXPIRED = "expired", "Expiré", "Expired"
    TO_ASK = "to_ask", "À demander", "Renewal to be asked for"
    TO_OBTAIN = "to_obtain", "À obtenir", "To be obtained"
    VALID = "valid", "Valide", "Valid"
    UNKNOWN = "unknown", "À renseigner", "Unknown"
    NOT_APPLICABLE = "not_applicable", "Sans objet", "Not applicable"


_OF_DUE = {
    DueState.LATE: CertificateState.EXPIRED,
    DueState.UP_TO_DATE: CertificateState.VALID,
    DueState.UNKNOWN: CertificateState.UNKNOWN,
    DueState.NOT_APPLICABLE: CertificateState.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A certificate against today."""

    state: CertificateState
    start: date | None
    """From when on it holds, as its type's validity tells; None where there is no end."""
    end: date | None
    """Its last day."""
    asked_from: date | None
    asked_until: date | None
    """The days in which its renewal is to be asked for; the second may be open."""
    advice: str
    """What follows, in a few words, without a capital."""


def family_of(kind: CredentialType) -> str:
    """« Certiphyto » or « Certibiocide », by the family of the type or else its name; else ""."""
    said = (fold(kind.family or ""), fold(kind.name or ""))
    return next((each for each in FAMILIES if any(one.startswith(fold(each)) for one in said)), "")


def may_apply(kind: CredentialType) -> bool:
    """Whether a Certiphyto of this type lets its holder apply: not those for advice and sale."""
    return family_of(kind) == FAMILIES[0] and _verb(kind) == _APPLY


def season_start(today: date) -> date:
    """The first day of the season to come, today when it opens today."""
    this_year = date(today.year, *SEASON_START)
    return this_year if this_year >= today else date(today.year + 1, *SEASON_START)


def ask_until(kind: CredentialType, today: date) -> date:
    """The last end for which the renewal is to be asked for today already."""
    last = today
    step = timedelta(days=1)
    months = 1
    while renewal_window(add_months(today, months), kind)[0] <= today:
        last = add_months(today, months)
        months += 1
    while renewal_window(last + step, kind)[0] <= today:
        last += step
    return last


def standing(credential: Credential, kind: CredentialType, today: date) -> Standing:
    """Where the certificate of a person who is there stands."""
    due = credential_due(credential, kind, today)
    end = credential_end(credential, kind)
    if end is None:
        state = _OF_DUE.get(due.state, CertificateState.TO_OBTAIN)
        return Standing(state, None, None, None, None, _advice_without_end(credential, state))
    state = _OF_DUE.get(due.state, CertificateState.TO_ASK)
    opens, closes = renewal_window(end, kind)
    months = kind.validity_months
    start = add_months(end, -months) if months else credential.obtained
    advice = _advice(state, kind, (today, opens, closes, end))
    return Standing(state, start, end, opens, closes, advice)


def _advice_without_end(credential: Credential, state: CertificateState) -> str:
    planned = credential.renewal_planned
    if state is CertificateState.TO_OBTAIN:
        return f"prévu le {day_text(planned)}" if planned else "formation à prévoir"
    return {
        CertificateState.VALID: "sans fin de validité",
        CertificateState.UNKNOWN: "date de fin à renseigner",
    }.get(state, "")


_APPLY = "appliquer"
_VERBS = (("conseil", "conseiller"), ("vente", "vendre"), ("biocide", "employer de biocides"))


def _verb(kind: CredentialType) -> str:
    name = fold(f"{kind.type_code or ''} {kind.name or ''}")
    return next((verb for word, verb in _VERBS if word in name), _APPLY)


def _advice(
    state: CertificateState, kind: CredentialType, days: tuple[date, date, date | None, date]
) -> str:
    today, opens, closes, end = days
    if state is CertificateState.EXPIRED:
        return f"ne peut plus {_verb(kind)}"
    if state is CertificateState.NOT_APPLICABLE:
        return ""
    if state is CertificateState.TO_ASK:
        return _advice_in_window(kind, today, closes)
    if (opens - today).days <= _OPENING_DAYS:
        return f"à demander dès le {day_text(opens)}"
    return f"encore {_months_between(today, end)}{NO_BREAK}mois"


def _advice_in_window(kind: CredentialType, today: date, closes: date | None) -> str:
    if closes is None:
        return "à demander avant la fin"
    left = (closes - today).days
    if left < 0:
        return "fenêtre close, demander sans attendre"
    if left <= _CLOSING_DAYS:
        return f"fenêtre close dans {left}{NO_BREAK}jours" if left > 1 else "fenêtre bientôt close"
    first = kind.renew_from_months or RENEWAL_MONTHS
    return f"fenêtre ouverte, {first} à {kind.renew_until_months}{NO_BREAK}mois"


def _months_between(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (add_months(first, months) > last)


def certificate_reasons(
    credential: Credential, kind: CredentialType, today: date
) -> tuple[Reason, ...]:
    """Every rule by which a certificate is judged, its source and what it was told."""
    found = standing(credential, kind, today)
    return (_reason_of_end(credential, kind, found, today), _reason_of_window(kind, found, today))


def _reason_of_end(
    credential: Credential, kind: CredentialType, found: Standing, today: date
) -> Reason:
    inputs = [("Obtenu le", day_text(credential.obtained))]
    if credential.expires:
        inputs.append(("Fin de validité écrite", day_text(credential.expires)))
    if kind.validity_months:
        inputs.append(("Durée du titre", f"{kind.validity_months}{NO_BREAK}mois"))
    if credential.extended_until:
        inputs.append(("Prolongé jusqu’au", day_text(credential.extended_until)))
    inputs.append(("Aujourd’hui", day_text(today)))
    weight = {
        CertificateState.EXPIRED: Weight.STOP,
        CertificateState.UNKNOWN: Weight.CAUTION,
        CertificateState.TO_OBTAIN: Weight.CAUTION,
        CertificateState.NOT_APPLICABLE: Weight.SILENT,
    }.get(found.state, Weight.GO)
    source = kind.legal_reference or "Durée inscrite dans le type d’habilitation"
    return Reason(
        "Fin de validité", source, tuple(inputs), _end_sentence(credential, found), weight
    )


def _end_sentence(credential: Credential, found: Standing) -> str:
    if credential.state == CredentialState.NOT_APPLICABLE:
        return "Ce titre est sans objet pour cette personne."
    if found.end is None:
        return {
            CertificateState.VALID: "Ce titre n’a pas de fin de validité.",
            CertificateState.TO_OBTAIN: "Ce titre est à obtenir.",
        }.get(found.state, "Aucune date ne permet de savoir si ce titre est valide.")
    verb = "a pris fin" if found.state is CertificateState.EXPIRED else "court jusqu’au"
    on = " le" if found.state is CertificateState.EXPIRED else ""
    return f"Le titre {verb}{on} {day_text(found.end)}."


def _reason_of_window(kind: CredentialType, found: Standing, today: date) -> Reason:
    rule = "Demande de renouvellement"
    source = "Délais inscrits dans le type d’habilitation"
    told: list[tuple[str, str]] = []
    if kind.renew_from_months:
        told.append(("Au plus tôt", f"{kind.renew_from_months}{NO_BREAK}mois avant la fin"))
    if kind.renew_until_months:
        told.append(("Au plus tard", f"{kind.renew_until_months}{NO_BREAK}mois avant la fin"))
    if not told:
        source = f"Règle interne{NO_BREAK}: le type n’inscrit aucun délai"
    if found.asked_from is None or found.state is CertificateState.NOT_APPLICABLE:
        return Reason(rule, source, tuple(told), "Aucune demande à faire.")
    last = (
        f" et le {day_text(found.asked_until)}" if found.asked_until else " et la fin de validité"
    )
    asked = f"La demande se fait entre le {day_text(found.asked_from)}{last}"
    if found.state is CertificateState.TO_ASK:
        late = found.asked_until is not None and found.asked_until < today
        tail = f"{NARROW}; ce délai est passé." if late else f"{NO_BREAK}: c’est maintenant."
        return Reason(rule, source, tuple(told), asked + tail, Weight.CAUTION)
    return Reason(rule, source, tuple(told), f"{asked}.")
