from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from prevention_app.domain.due import DueState, first_groups
from prevention_app.services.overview import due_items
from prevention_app.storage.query import Condition, Op, Query, Reader

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def due(store, owners=(), until=None):
    with store.reading() as read:
        return due_items(read, TODAY, owners, until)


def only(store):
    (item,) = due(store)
    return item


def shipped(store, register, code):
    with store.reading() as read:
        (found,) = read.records(Query(register, where=(Condition("type_code", Op.IS, code),)))
    return found


def test_the_latest_inspection_and_the_period_of_the_type_make_the_date(store):
    extinguishers = shipped(store, "inspection_type", "INC-01")
    with store.change("Préparer") as work:
        schools = work.new("org_unit", name="Éducation")
        site = work.new("site", name="Collège Montjoie")
        work.new("work_unit", name="Collège", org_unit=schools.id, site=site.id)
        lot = work.new(
            "equipment",
            name="Extincteurs",
            site=site.id,
            inspection_type=extinguishers.id,
            count=38,
            responsible="chef d’établissement",
        )
        for done_on in (date(2025, 1, 10), date(2025, 11, 20), date(2024, 1, 10)):
            work.new("inspection", equipment=lot.id, done_on=done_on)
    found = only(store)
    assert (found.register, found.record_id) == ("equipment", lot.id)
    assert (found.due_on, found.state) == (date(2026, 11, 20), DueState.LATE)
    assert found.title == "Extincteurs"
    assert found.what == "Vérification annuelle"
    assert found.responsible == "chef d’établissement"
    assert (found.place, found.direction) == ("Collège Montjoie", "Éducation")
    assert (found.count, found.group) == (
        38,
        "Extincteurs portatifs et mobiles, Collège Montjoie",
    )


def test_an_inspection_of_a_double_counts_for_the_equipment_that_it_was_joined_with(store):
    with store.change("Préparer") as work:
        site = work.new("site", name="Atelier")
        kept = work.new("equipment", name="Pont", site=site.id, months=Decimal(12))
        double = work.new("equipment", name="Pont (bis)", site=site.id)
        work.new("inspection", equipment=double.id, done_on=date(2026, 10, 1))
    with store.reading() as read:
        double = read.get("equipment", double.id)
    with store.change("Joindre") as work:
        work.join("equipment", double, kept.id)
    found = only(store)
    assert (found.record_id, found.due_on) == (kept.id, date(2027, 10, 1))


def test_equipment_without_a_date_is_to_be_asked_about_or_to_be_done(store):
    with store.change("Préparer") as work:
        site = work.new("site", name="Atelier")
        for name, values in {
            "inconnu": {},
            "jamais": {"never_inspected": True},
            "en panne": {"state": "suspended"},
            "hors champ": {"state": "not_applicable"},
        }.items():
            work.new("equipment", name=name, site=site.id, months=Decimal(12), **values)
    assert [(each.title, each.state) for each in due(store)] == [
        ("jamais", DueState.NEVER_DONE),
        ("inconnu", DueState.UNKNOWN),
        ("en panne", DueState.SUSPENDED),
        ("hors champ", DueState.NOT_APPLICABLE),
    ]
    assert [each.title for each in due(store, until=date(2030, 1, 1))] == ["jamais"]
    assert due(store)[0].responsible == "responsable du site"


def test_a_reservation_is_due_until_it_is_lifted(store):
    with store.change("Préparer") as work:
        site = work.new("site", name="Collège")
        boiler = work.new(
            "equipment",
            name="Chaudière",
            site=site.id,
            responsible="service énergie",
            state="suspended",
        )
        report = work.new("inspection", equipment=boiler.id, done_on=date(2026, 1, 1))
        work.new("reservation", inspection=report.id, text="Vanne", action_due=date(2026, 2, 1))
        work.new(
            "reservation",
            inspection=report.id,
            text="Joint",
            action_due=date(2026, 2, 1),
            lifted_on=date(2026, 3, 1),
        )
    found = [each for each in due(store) if each.register == "reservation"]
    assert [(each.title, each.state, each.place) for each in found] == [
        ("Vanne", DueState.LATE, "Collège")
    ]
    assert found[0].responsible == "service énergie"


def test_a_credential_ends_by_its_type_and_names_the_person_apart(store):
    certiphyto = shipped(store, "credential_type", "CERTIPHYTO-OPE")
    with store.change("Préparer") as work:
        roads = work.new("org_unit", name="Routes")
        site = work.new("site", name="CE Gien")
        person = work.new(
            "person", last_name="Besnard", first_name="Julien", org_unit=roads.id, site=site.id
        )
        work.new(
            "credential",
            person=person.id,
            credential_type=certiphyto.id,
            obtained=date(2021, 11, 23),
        )
    found = only(store)
    assert (found.due_on, found.state) == (date(2026, 11, 23), DueState.LATE)
    assert found.title == "Certiphyto opérateur · Besnard Julien"
    assert (found.subject, found.person) == ("Certiphyto opérateur", "Besnard Julien")
    assert "Besnard" not in found.what + found.group
    assert (found.responsible, found.place) == ("chef de service", "CE Gien")
    assert found.direction == "Routes"


def test_the_credentials_of_who_has_left_are_not_due(store):
    first_aid = shipped(store, "credential_type", "SST")
    with store.change("Préparer") as work:
        gone = work.new("person", last_name="Parti", left_on=TODAY - DAY)
        there = work.new("person", last_name="Présent", left_on=TODAY)
        for person in (gone, there):
            work.new(
                "credential",
                person=person.id,
                credential_type=first_aid.id,
                expires=date(2026, 1, 1),
            )
    assert only(store).person == "Présent"


def test_a_renewed_credential_replaces_the_one_before(store):
    first_aid = shipped(store, "credential_type", "SST")
    with store.change("Préparer") as work:
        person = work.new("person", last_name="Besnard")
        for obtained in (date(2022, 1, 1), date(2026, 1, 1), date(2024, 1, 1)):
            work.new(
                "credential", person=person.id, credential_type=first_aid.id, obtained=obtained
            )
    assert only(store).due_on == date(2028, 1, 1)


def test_six_first_aiders_of_one_place_are_one_line(store):
    first_aid = shipped(store, "credential_type", "SST")
    with store.change("Préparer") as work:
        site = work.new("site", name="Laboratoire")
        for number in range(6):
            person = work.new("person", last_name=f"Agent {number}", site=site.id)
            work.new(
                "credential",
                person=person.id,
                credential_type=first_aid.id,
                expires=TODAY + number * DAY,
            )
    (line,) = first_groups(due(store), 100)[0]
    assert line.text == "SST, Laboratoire (6)"
    assert line.first.due_on == TODAY


def test_an_observation_waits_for_its_answer_and_no_longer(store):
    with store.change("Préparer") as work:
        site = work.new("site", name="Hôtel du Département")
        for text, values in {
            "Éclairage": {},
            "Chauffage": {"follow_up": "answered", "answered_on": TODAY},
        }.items():
            work.new(
                "health_safety_entry",
                site=site.id,
                reported_on=date(2026, 11, 1),
                observation=text,
                **values,
            )
    found = only(store)
    assert (found.title, found.due_on, found.state) == (
        "Éclairage",
        date(2026, 11, 16),
        DueState.LATE,
    )
    assert "règle interne" in found.what
    assert found.responsible == "chef de service"


def test_an_action_is_late_on_its_first_date_and_belongs_where_its_risk_does(store):
    with store.change("Préparer") as work:
        roads = work.new("org_unit", name="Routes")
        unit = work.new("work_unit", name="CE Gien", org_unit=roads.id)
        risk = work.new("risk", work_unit=unit.id, situation="Élagage")
        given = {"risk": risk.id, "due": TODAY - DAY}
        work.new("planned_action", title="Nacelle", revised_due=date(2028, 1, 1), **given)
        work.new("planned_action", title="Harnais", state="done", **given)
        work.new("planned_action", title="Casques", state="abandoned", **given)
        work.new("planned_action", title="Gants", pilot="chef d’agence", work_unit=unit.id)
    late, undated = due(store)
    assert (late.title, late.state, late.due_on) == ("Nacelle", DueState.LATE, TODAY - DAY)
    assert (late.place, late.direction, late.responsible) == ("CE Gien", "Routes", "pilote")
    assert (undated.title, undated.state) == ("Gants", DueState.UNKNOWN)
    assert undated.responsible == "chef d’agence"


PUBLISHED = {
    "amm": "2180657",
    "number_as_published": "2180657",
    "name": "SOLOFOL",
    "state": "withdrawn",
    "withdrawn_on": date(2025, 7, 15),
}
USE = {"amm": "2180657", "use": "Vigne*Mildiou", "rank": 1, "state": "withdrawn"}


def publish(store, products, uses):
    rows = {"plant_protection_product": products, "plant_product_use": uses}
    store.replace_reference_rows("essai", "ephy", rows)


@pytest.fixture
def armoire(store):
    with store.change("Préparer") as work:
        site = work.new("site", name="Dépôt")
        return work.new("store_room", name="Armoire", site=site.id)


def put(store, room, **values):
    with store.change("Ranger") as work:
        return work.new(
            "stock_line", store_room=room.id, name_as_written="SOLOFOL", product="2180657", **values
        )


def test_a_withdrawn_product_is_due_on_the_last_day_of_its_use(store, armoire):
    publish(store, [PUBLISHED], [{**USE, "use_until": date(2026, 12, 31)}])
    put(store, armoire, use_by=date(2030, 1, 1))
    found = only(store)
    assert (found.due_on, found.state) == (date(2026, 12, 31), DueState.TO_PLAN)
    assert (found.place, found.responsible) == ("Armoire, Dépôt", "responsable du local")


def test_a_product_that_is_gone_from_the_catalogue_keeps_its_last_published_date(store, armoire):
    publish(store, [PUBLISHED], [{**USE, "use_until": date(2026, 6, 30)}])
    publish(store, [{**PUBLISHED, "amm": "1", "number_as_published": "1"}], [])
    put(store, armoire)
    found = only(store)
    assert (found.due_on, found.state) == (date(2026, 6, 30), DueState.LATE)


def test_waste_in_the_store_for_more_than_nine_months_is_late(store, armoire):
    put(store, armoire, state="set_aside", set_aside_on=date(2026, 2, 1))
    put(store, armoire, state="collected", set_aside_on=date(2020, 1, 1))
    found = only(store)
    assert (found.due_on, found.state) == (date(2026, 11, 1), DueState.LATE)
    assert "plus de 9 mois" in found.what


def test_a_date_in_a_register_of_the_users_own_is_due_too(store):
    with store.change("Définir") as work:
        work.new(
            "register_definition",
            register_key="contract",
            register_code="CONT",
            name="Contrats de maintenance",
        )
        for key, label, values in (
            ("name", "Objet", {"kind": "text"}),
            ("ends_on", "Fin du contrat", {"kind": "date", "due": "service juridique"}),
            ("signed_on", "Signé le", {"kind": "date"}),
        ):
            work.new(
                "field_definition", register_key="contract", field_key=key, label=label, **values
            )
    with store.change("Saisir") as work:
        work.new("contract", name="Ascenseurs", ends_on=TODAY - DAY, signed_on=TODAY)
        work.new("contract", name="Chaudières", ends_on=date(2030, 1, 1))
        work.new("contract", name="Portails")
    found = due(store)
    assert [(each.title, each.state) for each in found] == [
        ("Ascenseurs", DueState.LATE),
        ("Chaudières", DueState.UP_TO_DATE),
    ]
    assert (found[0].register, found[0].what) == ("contract", "Fin du contrat")
    assert found[0].responsible == "service juridique"
    assert [each.title for each in due(store, until=TODAY)] == ["Ascenseurs"]


def test_a_date_that_users_added_to_one_of_our_registers_is_due_too(store):
    with store.change("Définir") as work:
        work.new(
            "field_definition",
            register_key="site",
            field_key="commission_on",
            label="Commission de sécurité",
            kind="date",
            due="chef d’établissement",
        )
    with store.change("Saisir") as work:
        work.new("site", name="Collège Montjoie", commission_on=TODAY + DAY)
    found = only(store)
    assert (found.register, found.title) == ("site", "Collège Montjoie")
    assert (found.what, found.state) == ("Commission de sécurité", DueState.TO_PLAN)


def test_deleted_records_are_not_due(store):
    with store.change("Préparer") as work:
        work.new("planned_action", title="Nacelle", due=TODAY)
    with store.reading() as read:
        (action,) = read.records(Query("planned_action"))
    with store.change("Supprimer") as work:
        work.delete("planned_action", action)
    assert due(store) == []


def test_a_department_sees_its_own_and_what_its_records_refer_to_elsewhere(store):
    with store.change("Préparer") as work:
        site = work.new("site", owner="41", name="Collège partagé")
        for owner in ("41", "45"):
            work.new("equipment", owner=owner, name=f"Pont {owner}", site=site.id)
            work.new("planned_action", owner=owner, title=f"Action {owner}")
    found = due(store, ("45",))
    assert {each.title for each in found} == {"Pont 45", "Action 45"}
    assert {each.department for each in found} == {"45"}
    assert {each.place for each in found if each.register == "equipment"} == {"Collège partagé"}
    assert len(due(store)) == 4


def test_every_item_names_one_function_and_can_be_found_again(store, armoire):
    first_aid = shipped(store, "credential_type", "SST")
    put(store, armoire, use_by=TODAY)
    with store.change("Préparer") as work:
        site = work.new("site", name="Collège")
        person = work.new("person", last_name="Besnard", site=site.id)
        equipment = work.new("equipment", name="Pont", site=site.id)
        report = work.new("inspection", equipment=equipment.id, done_on=TODAY)
        work.new("reservation", inspection=report.id, text="Câble")
        work.new("credential", person=person.id, credential_type=first_aid.id)
        work.new("planned_action", title="Nacelle")
        work.new("health_safety_entry", site=site.id, reported_on=TODAY, observation="Bruit")
    found = due(store)
    assert {each.register for each in found} == {
        "equipment",
        "reservation",
        "credential",
        "planned_action",
        "health_safety_entry",
        "stock_line",
    }
    assert all(each.responsible for each in found)
    with store.reading() as read:
        for each in found:
            assert read.find(each.reference)[1].id == each.record_id


def test_more_records_take_no_more_queries(store, monkeypatch):
    asked = []
    records = Reader.records

    def counted(read, query, *args, **kwargs):
        asked.append(query.register)
        return records(read, query, *args, **kwargs)

    def fill(count):
        with store.change("Remplir") as work:
            site = work.new("site", name="Collège")
            unit = work.new("work_unit", name="Collège", site=site.id)
            for number in range(count):
                lot = work.new("equipment", name=f"Pont {number}", site=site.id)
                report = work.new("inspection", equipment=lot.id, done_on=TODAY)
                work.new("reservation", inspection=report.id, text=f"Câble {number}")
                risk = work.new("risk", work_unit=unit.id, situation=f"Chute {number}")
                work.new("planned_action", title=f"Filet {number}", risk=risk.id)

    fill(2)
    monkeypatch.setattr(Reader, "records", counted)
    assert len(due(store)) == 6
    few = len(asked)
    fill(50)
    asked.clear()
    assert len(due(store)) == 156
    assert len(asked) == few


@pytest.mark.untraced
@pytest.mark.long
def test_a_large_department_is_overseen_in_two_seconds(store):
    with store.reading() as read:
        inspections = read.records(Query("inspection_type"))
        credentials = read.records(Query("credential_type"))
    with store.change("Remplir") as work:
        sites = [work.new("site", name=f"Site {number}").id for number in range(150)]
        people = [
            work.new("person", last_name=f"Nom {number}", site=sites[number % 150]).id
            for number in range(2900)
        ]
        for number in range(6000):
            kind = inspections[number % len(inspections)].id
            equipment = work.new(
                "equipment",
                name=f"Équipement {number}",
                site=sites[number % 150],
                inspection_type=kind,
            )
            day = date(2025, 1, 1) + (number % 600) * DAY
            work.new("inspection", equipment=equipment.id, done_on=day)
        for number in range(4500):
            work.new(
                "credential",
                person=people[number % 2900],
                credential_type=credentials[number % len(credentials)].id,
                category=str(number // 2900),
                obtained=date(2022, 1, 1) + (number % 1500) * DAY,
            )
        for number in range(2000):
            work.new("planned_action", title=f"Action {number}", due=TODAY + (number - 500) * DAY)
    spent = []
    for _ in range(2):
        start = time.process_time()
        found = due(store)
        spent.append(time.process_time() - start)
    assert len(found) == 6000 + 4500 + 2000
    assert min(spent) < 2
