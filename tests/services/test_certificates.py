"""Certificates listed in the database say what the rules say of each of them."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from prevention_app.domain.certificates import CertificateState, family_of, standing
from prevention_app.services import due_sources
from prevention_app.services.certificates import (
    CertificatesWanted,
    Kinds,
    explain,
    list_certificates,
    read_certificates,
)
from prevention_app.storage.query import Condition, Op, Query

TODAY = date(2026, 11, 24)


def type_id(store, code: str) -> str:
    with store.reading() as read:
        wanted = Query("credential_type", (Condition("type_code", Op.IS, code),))
        return read.records(wanted)[0].id


@pytest.fixture
def places(store) -> dict[str, str]:
    with store.change("Lieux") as work:
        site = work.new("site", name="Parc")
        part = work.new("site", name="Local phyto", parent=site.id)
        top = work.new("org_unit", name="Environnement")
        under = work.new("org_unit", name="Espaces naturels", parent=top.id)
    return {"site": site.id, "part": part.id, "top": top.id, "under": under.id}


def add(store, last_name: str, code: str = "CERTIPHYTO-OPE", person=None, **given) -> str:
    with store.change("Un certificat") as work:
        whose = person or work.new("person", last_name=last_name, **given.pop("person_values", {}))
        made = work.new(
            "credential", person=whose.id, credential_type=type_id(store, code), **given
        )
    return made.id


def listed(store, **given) -> list[str]:
    with store.reading() as read:
        found = list_certificates(read, TODAY, CertificatesWanted(**given))
        return [each.person for each in read_certificates(read, TODAY, found.ids)]


def test_certificates_come_by_their_end_and_are_counted(store) -> None:
    add(store, "Valide", obtained=date(2025, 1, 1))
    add(store, "Expirée", expires=date(2026, 11, 18))
    add(store, "Sans date")
    add(store, "À demander", expires=date(2027, 3, 2))
    add(store, "Engins", code="CACES-R482", expires=date(2026, 1, 1))
    assert listed(store) == ["Expirée", "À demander", "Valide", "Sans date"]
    assert listed(store, order="-end") == ["Valide", "À demander", "Expirée", "Sans date"]
    assert listed(store, order="person") == ["À demander", "Expirée", "Sans date", "Valide"]
    with store.reading() as read:
        found = list_certificates(read, TODAY, CertificatesWanted())
    assert found.people == 4
    assert found.states[CertificateState.EXPIRED] == 1
    assert found.states[CertificateState.UNKNOWN] == 1


def test_filters_narrow_the_list(store, places) -> None:
    add(store, "A", expires=date(2027, 2, 28), person_values={"site": places["part"]})
    add(store, "B", expires=date(2027, 3, 1), person_values={"org_unit": places["under"]})
    add(store, "C", code="CERTIBIOCIDE", expires=date(2026, 1, 1))
    assert listed(store, until=date(2027, 2, 28)) == ["C", "A"]
    assert listed(store, site=places["site"]) == ["A"]
    assert listed(store, unit=places["top"]) == ["B"]
    assert listed(store, kinds=(type_id(store, "CERTIBIOCIDE"),)) == ["C"]
    assert listed(store, states=(CertificateState.EXPIRED,)) == ["C"]
    assert listed(store, owners=("41",)) == []


def test_a_renewed_certificate_takes_the_place_of_the_old_one(store) -> None:
    with store.change("Un agent") as work:
        person = work.new("person", last_name="Renouvelée")
    add(store, "", person=person, expires=date(2026, 1, 1))
    add(store, "", person=person, expires=date(2031, 1, 1))
    add(store, "", person=person, code="CERTIPHYTO-DENSA", expires=date(2028, 1, 1))
    with store.reading() as read:
        found = list_certificates(read, TODAY, CertificatesWanted())
        ends = [each.standing.end for each in read_certificates(read, TODAY, found.ids)]
    assert ends == [date(2028, 1, 1), date(2031, 1, 1)]


def test_who_has_left_is_in_the_register_and_not_here(store) -> None:
    add(store, "Partie", expires=date(2028, 1, 1), person_values={"left_on": date(2026, 11, 23)})
    add(store, "Part ce soir", expires=date(2028, 1, 1), person_values={"left_on": TODAY})
    assert listed(store) == ["Part ce soir"]


def test_two_records_of_one_person_count_as_one(store) -> None:
    with store.change("Deux fiches") as work:
        kept = work.new("person", last_name="Dupont")
        double = work.new("person", last_name="DUPONT")
    add(store, "", person=kept, expires=date(2028, 1, 1))
    add(store, "", person=double, expires=date(2027, 1, 1))
    with store.change("Même personne") as work:
        work.join("person", double, kept.id)
    with store.reading() as read:
        found = list_certificates(read, TODAY, CertificatesWanted())
    assert (len(found.ids), found.people) == (1, 1)


def test_the_database_says_of_each_what_the_rules_say(store) -> None:
    chance = random.Random(4)
    codes = ("CERTIPHYTO-OPE", "CERTIPHYTO-DENSA", "CERTIBIOCIDE")
    types = [type_id(store, each) for each in codes]

    def day() -> date | None:
        return TODAY + timedelta(days=chance.randint(-2600, 900)) if chance.random() < 0.6 else None

    with store.change("Beaucoup") as work:
        people = [work.new("person", last_name=f"N{each}", left_on=day()) for each in range(60)]
        for _ in range(300):
            work.new(
                "credential",
                person=chance.choice(people).id,
                credential_type=chance.choice(types),
                category=chance.choice((None, "1")),
                state=chance.choice(("held", "held_undated", "planned", "not_applicable")),
                obtained=day(),
                extended_until=day() if chance.random() < 0.3 else None,
            )
        for obtained in (date(2024, 2, 29), date(2021, 8, 31), date(2022, 5, 31)):
            whose = work.new("person", last_name="Fin de mois")
            work.new("credential", person=whose.id, credential_type=types[0], obtained=obtained)
    with store.reading() as read:
        found = list_certificates(read, TODAY, CertificatesWanted())
        shown = read_certificates(read, TODAY, found.ids)
        due = [
            each
            for each in due_sources.credentials_due(read, TODAY)
            if each.kind and family_of(each.kind)
        ]
    ends = [each.standing.end or date.max for each in shown]
    assert ends == sorted(ends)
    assert {
        (e.credential.person, e.kind.id, e.credential.category, e.standing.end) for e in shown
    } == {(e.person.id, e.kind.id, e.credential.category, e.end) for e in due}
    for state in CertificateState:
        assert found.states[state] == sum(each.standing.state is state for each in shown)
        with store.reading() as read:
            only = list_certificates(read, TODAY, CertificatesWanted(states=(state,)))
        assert len(only.ids) == found.states[state]


def test_a_certificate_is_explained(store) -> None:
    record = add(store, "Lemaire", expires=date(2026, 11, 18))
    with store.reading() as read:
        (certificate,) = read_certificates(read, TODAY, [record, "gone"])
        assert Kinds(read).get(certificate.kind.id) is not None
    assert [each.rule for each in explain(certificate, TODAY)] == [
        "Fin de validité",
        "Demande de renouvellement",
    ]
    assert certificate.standing == standing(certificate.credential, certificate.kind, TODAY)
