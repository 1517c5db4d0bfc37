from __future__ import annotations

from datetime import date, timedelta

import pytest

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.vocabulary import CredentialState
from prevention_app.domain.certificates import (
    CertificateState,
    ask_until,
    certificate_reasons,
    family_of,
    may_apply,
    season_start,
    standing,
)
from prevention_app.domain.due_rules import renewal_window
from prevention_app.domain.reasons import Weight

TODAY = date(2026, 11, 23)


def certiphyto(**given) -> CredentialType:
    values = {
        "type_code": "CERTIPHYTO-OPE",
        "name": "Certiphyto opérateur",
        "family": "Certiphyto",
        "validity_months": 60,
        "renew_from_months": 9,
        "renew_until_months": 3,
    }
    return CredentialType(**{**values, **given})


def held(**given) -> Credential:
    return Credential(person="p", credential_type="t", **given)


@pytest.mark.parametrize(
    ("end", "state", "advice"),
    [
        (date(2026, 11, 18), CertificateState.EXPIRED, "ne peut plus appliquer"),
        (date(2026, 11, 23), CertificateState.TO_ASK, "fenêtre close, demander sans attendre"),
        (date(2027, 3, 2), CertificateState.TO_ASK, "fenêtre close dans 9 jours"),
        (date(2027, 6, 14), CertificateState.TO_ASK, "fenêtre ouverte, 9 à 3 mois"),
        (date(2027, 10, 1), CertificateState.VALID, "à demander dès le 01/01/2027"),
        (date(2028, 10, 30), CertificateState.VALID, "encore 23 mois"),
    ],
)
def test_a_certificate_says_where_it_stands_and_what_to_do(end, state, advice) -> None:
    found = standing(held(expires=end), certiphyto(), TODAY)
    assert (found.state, found.advice.replace("\u00a0", " ")) == (state, advice)
    assert (found.start, found.end) == (date(end.year - 5, end.month, end.day), end)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"state": CredentialState.HELD_UNDATED}, CertificateState.UNKNOWN),
        ({"state": CredentialState.PLANNED}, CertificateState.TO_OBTAIN),
        ({"state": CredentialState.NOT_APPLICABLE}, CertificateState.NOT_APPLICABLE),
    ],
)
def test_a_certificate_without_an_end_is_never_late(values, state) -> None:
    found = standing(held(**values), certiphyto(), TODAY)
    assert (found.state, found.end, found.asked_from) == (state, None, None)


def test_who_may_no_longer_do_what_follows_from_the_type() -> None:
    past = held(expires=date(2026, 1, 1))
    advice = certiphyto(type_code="CERTIPHYTO-CONSEIL", name="Certiphyto conseil")
    biocide = CredentialType(type_code="X", name="Certibiocide", validity_months=60)
    assert standing(past, advice, TODAY).advice == "ne peut plus conseiller"
    assert standing(past, biocide, TODAY).advice == "ne peut plus employer de biocides"
    assert (may_apply(certiphyto()), may_apply(advice), may_apply(biocide)) == (True, False, False)


def test_types_are_known_by_their_family_or_their_name() -> None:
    assert family_of(certiphyto()) == "Certiphyto"
    assert family_of(CredentialType(type_code="1", name="Certiphyto", family=None)) == "Certiphyto"
    assert family_of(CredentialType(type_code="2", name="CACES R482", family="Engins")) == ""


def test_the_season_is_the_next_first_of_march() -> None:
    assert season_start(TODAY) == date(2027, 3, 1)
    assert season_start(date(2027, 3, 1)) == date(2027, 3, 1)
    assert season_start(date(2027, 3, 2)) == date(2028, 3, 1)


@pytest.mark.parametrize("months", [9, 6, 1, 12])
def test_the_last_end_to_be_asked_for_is_where_its_window_opens(months) -> None:
    kind = certiphyto(renew_from_months=months)
    for day in (date(2024, 2, 29) + timedelta(days=each) for each in range(0, 800, 13)):
        last = ask_until(kind, day)
        assert renewal_window(last, kind)[0] <= day
        assert renewal_window(last + timedelta(days=1), kind)[0] > day


def test_reasons_name_the_source_and_what_they_were_told() -> None:
    kind = certiphyto(legal_reference="Code rural R254-8 à R254-14")
    end, window = certificate_reasons(held(obtained=date(2021, 11, 18)), kind, TODAY)
    assert end.weight is Weight.STOP
    assert end.source == "Code rural R254-8 à R254-14"
    assert ("Obtenu le", "18/11/2021") in end.inputs
    assert end.conclusion == "Le titre a pris fin le 18/11/2026."
    assert "18/02/2026" in window.conclusion
    assert "18/08/2026" in window.conclusion
