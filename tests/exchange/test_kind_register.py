"""Any register, declared or made by users, is imported from a file by its declaration alone."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal

import pytest

from prevention_app.catalogue.description import Entity, Field, Kind, Option, Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.values import shown
from prevention_app.exchange.kinds.register import register_kind
from tests.exchange.made_tables import DEMO, fields, messages, of_file, of_text, of_workbook, values

CATALOGUE = declared_catalogue()
RSST = register_kind(CATALOGUE["health_safety_entry"])

VISITS = Entity(
    key="visit",
    code="VISI",
    label_fr="Visites de sécurité",
    label_en="Safety visits",
    group_fr="Registres",
    record_class=Record,
    title=("topic",),
    own=True,
    extra_fields=(
        Field("topic", "Objet", "Topic", Kind.TEXT, required=True),
        Field("seen_on", "Faite le", "Seen on", Kind.DATE, required=True, aliases=("Jour",)),
        Field("begun", "Début", "Begun", Kind.DATETIME),
        Field("people", "Participants", "People", Kind.INTEGER),
        Field("length", "Durée (h)", "Length", Kind.DECIMAL),
        Field("cost", "Coût", "Cost", Kind.MONEY),
        Field("useful", "Utile", "Useful", Kind.YES_NO),
        Field("colour", "Couleur", "Colour", Kind.COLOUR),
        Field(
            "outcome",
            "Suite",
            "Outcome",
            Kind.CHOICE,
            default="open",
            required=True,
            options=(
                Option("open", "Ouverte", "Open"),
                Option("closed", "Close", "Closed"),
                Option("later", "À revoir (plus tard)", "Later"),
            ),
        ),
        Field("site", "Site", "Site", Kind.REFERENCE, target="site"),
    ),
)
VISIT_KIND = register_kind(VISITS)


def one(folder, **cells):
    given = {"Objet": "Dépôt", "Faite le": date(2026, 3, 2), **cells}
    (row,) = of_workbook(folder, VISIT_KIND, Feuil1=[list(given), list(given.values())]).rows
    return row


def test_the_demonstration_register_and_its_deliberately_wrong_lines():
    found = of_file(DEMO / "rsst.csv", RSST)
    assert found.refusal == ""
    assert len(found.rows) == 126
    assert {row.row for row in found.rows if row.refused} == {15, 58, 81}
    assert messages(found)[58] == ["Ligne 58 : « Observation ou suggestion » est à remplir."]
    assert fields(found)["Catégorie d'auteur"] == "author_kind"
    assert found.rows[0].values == {
        "department": "41",
        "site": "Hôtel du Département - Ruanval",
        "reported_on": date(2024, 12, 13),
        "author_kind": "staff",
        "nature": "risk",
        "observation": "Marche descellée dans l'escalier d'honneur. Déjà signalé oralement.",
        "follow_up": "closed",
        "answer": "Escalier balisé, réparation faite par la régie.",
        "answered_on": date(2024, 12, 27),
        "closed_on": date(2025, 2, 14),
    }
    by_row = {row.row: row.values for row in found.rows}
    assert by_row[37]["department"] == "37"
    assert by_row[119]["reported_on"] == date(2062, 10, 2)


SAMPLES = {
    Kind.TEXT: "Texte n° 1",
    Kind.LONG_TEXT: "Un texte long ; avec des signes,\nsur deux lignes",
    Kind.INTEGER: 3,
    Kind.DECIMAL: Decimal("12.5"),
    Kind.MONEY: Decimal("1250.5"),
    Kind.DATE: date(2026, 3, 4),
    Kind.DATETIME: datetime.fromisoformat("2026-03-04T09:30"),
    Kind.YES_NO: True,
    Kind.COLOUR: "#A1B2C3",
    Kind.PERSON: "MARTIN Jean",
    Kind.REFERENCE: "Collège Péguy",
}
ID = "0190b6a0-0000-7000-8000-000000000001"


@pytest.mark.parametrize("entity", [*CATALOGUE.registers, VISITS], ids=lambda each: each.key)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_an_export_writes_is_read_back_field_by_field(tmp_path, entity, language):
    known = [each for each in entity.fields if each.kind is not Kind.ATTACHMENT]
    sample = {
        each.key: each.options[-1].code if each.options else SAMPLES[each.kind] for each in known
    }
    reference = f"45-{entity.code}-K7Q-12"
    headings = [each.heading if language == "fr" else each.label_en for each in known]
    if len(set(headings)) < len(headings):
        pytest.skip("this register has two fields of one English label")
    cells = [
        sample[each.key] if each.target else shown(each, sample[each.key], language)
        for each in known
    ]
    department = [] if entity.shared else ["Département"]
    found = of_text(
        tmp_path,
        register_kind(entity),
        [
            ["N°", *department, *headings, "_id", "_v"],
            [reference, *(["45"] if department else []), *cells, ID, "0a1b2c3d"],
        ],
        encoding="utf-8-sig",
    )
    (row,) = found.rows
    assert messages(found) == {}
    assert row.remarks == []
    owner = {"department": "45"} if department else {}
    assert row.values == {"_reference": reference, "_id": ID, **owner, **sample}


def test_a_reference_of_another_register_refuses_the_row(tmp_path):
    found = of_workbook(
        tmp_path,
        VISIT_KIND,
        Feuil1=[
            ["N°", "Objet", "Faite le"],
            ["45-RSST-K7Q-12", "Dépôt", date(2026, 3, 2)],
            ["45-visi-k7q-13", "Parc", date(2026, 3, 2)],
        ],
    )
    assert [row.refused for row in found.rows] == [True, False]
    assert found.rows[0].problems[0].cell == "A2"
    assert values(found, "_reference")[1] == "45-VISI-K7Q-13"


def test_other_numbers_are_remarks_unless_the_register_has_a_field_for_them(tmp_path):
    assert one(tmp_path, **{"N°": 12}).remarks == ["N° : 12"]
    heads = ["N°", "Date", "Agent", "Circonstances"]
    found = of_workbook(
        tmp_path,
        register_kind(CATALOGUE["accident"]),
        Feuil1=[heads, ["2026-001", date(2026, 3, 2), "MARTIN", "Chute"]],
    )
    assert values(found, "number", "_reference") == [("2026-001", None)]


def test_a_list_in_another_layout_with_a_title_and_headings_in_other_words(tmp_path):
    found = of_workbook(
        tmp_path,
        VISIT_KIND,
        Suivi=[
            ["Conseil départemental du Loiret"],
            ["Visites 2026"],
            [],
            ["JOUR", "couleur", "OBJET DE LA VISITE", "Coût estimé", "Suite donnée", "Remarque"],
            ["2 mars 2026", "#a1b2c3", "Dépôt", "1 200 € HT", "clos", "à refaire"],
            ["Total", None, None, 1200],
        ],
    )
    (row,) = found.rows
    assert row.values == {
        "seen_on": date(2026, 3, 2),
        "colour": "#A1B2C3",
        "topic": "Dépôt",
        "cost": Decimal(1200),
        "outcome": "closed",
        "department": "45",
    }
    assert row.remarks == ["Coût estimé : 1 200 € HT", "Remarque : à refaire"]
    assert found.other[-1].row == 6


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("closed", "closed"),
        ("CLOSE", "closed"),
        ("Clos", "closed"),
        ("ouvert", "open"),
        ("Ouvertes", "open"),
        ("Overte", "open"),
        ("a revoir", "later"),
        ("À revoir (plus tard)", "later"),
        ("Later", "later"),
    ],
)
def test_a_choice_by_code_or_label_whatever_case_gender_or_spelling(tmp_path, typed, code):
    assert one(tmp_path, Suite=typed).values["outcome"] == code


@pytest.mark.parametrize(
    ("heading", "typed", "key", "value"),
    [
        ("Participants", "12 agents", "people", 12),
        ("Durée (h)", "1,5", "length", Decimal("1.5")),
        ("Coût", 1250.5, "cost", Decimal("1250.5")),
        ("Utile", "x", "useful", True),
        ("Utile", "Non", "useful", False),
        ("Début", "02/03/2026 à 14h30", "begun", datetime.fromisoformat("2026-03-02T14:30")),
        (
            "Début",
            datetime.fromisoformat("2026-03-02T09:05"),
            "begun",
            datetime.fromisoformat("2026-03-02T09:05"),
        ),
        ("Début", "02/03/2026", "begun", datetime.fromisoformat("2026-03-02T00:00")),
        ("Site", "Collège Péguy", "site", "Collège Péguy"),
    ],
)
def test_a_value_of_each_kind_as_people_write_it(tmp_path, heading, typed, key, value):
    row = one(tmp_path, **{heading: typed})
    assert row.values[key] == value
    assert row.problems == []


@pytest.mark.parametrize(
    ("heading", "typed", "expected"),
    [
        ("Suite", "zzz", "n’est pas dans la liste (attendu : Ouverte, Close, À revoir"),
        ("Durée (h)", "longue", "n’est pas un nombre"),
        ("Coût", "trop cher", "n’est pas un montant"),
        ("Utile", "peut-être", "n’est ni oui ni non"),
        ("Couleur", "rouge", "n’est pas une couleur"),
        ("Début", "hier", "n’est pas une date avec heure"),
    ],
)
def test_an_unreadable_value_is_reported_and_kept_in_the_remarks(
    tmp_path, heading, typed, expected
):
    row = one(tmp_path, **{heading: typed})
    assert expected in " ".join(row.problems[0].message.split())
    assert row.problems[0].cell == "C2"
    assert row.remarks == [f"{heading} : {typed}"]
    assert not row.refused


def test_a_required_value_that_is_missing_or_unreadable_refuses_the_row_with_one_reason(tmp_path):
    found = of_workbook(
        tmp_path,
        VISIT_KIND,
        Feuil1=[
            ["Objet", "Faite le", "Suite"],
            ["Dépôt", None, None],
            ["Parc", "bientôt", None],
            [None, date(2026, 3, 2), None],
            ["Siège", date(2026, 3, 2), None],
        ],
    )
    assert [row.refused for row in found.rows] == [True, True, True, False]
    assert {row: len(said) for row, said in messages(found).items()} == {2: 1, 3: 1, 4: 1}
    assert "outcome" not in found.rows[3].values


def test_a_row_that_names_its_record_may_hold_only_what_changes(tmp_path):
    found = of_workbook(
        tmp_path,
        VISIT_KIND,
        Feuil1=[["N°", "Utile", "Coût"], ["45-VISI-K7Q-12", "oui", None], ["12", "non", 20]],
    )
    assert found.rows[0].values == {"_reference": "45-VISI-K7Q-12", "useful": True}
    assert [row.refused for row in found.rows] == [False, True]
    assert messages(found)[3] == [
        "Ligne 3 : « Objet » est à remplir.",
        "Ligne 3 : « Faite le » est à remplir.",
    ]


def test_a_month_is_its_last_day_and_the_words_stay(tmp_path):
    row = one(tmp_path, **{"Faite le": "mars 2026"})
    assert row.values["seen_on"] == date(2026, 3, 31)
    assert row.remarks == ["Faite le : mars 2026"]


def test_a_register_with_personal_fields_keeps_nothing_of_unknown_columns(tmp_path):
    entity = dataclasses.replace(
        VISITS,
        extra_fields=(
            *VISITS.extra_fields,
            Field("visitor", "Visiteur", "Visitor", Kind.TEXT, personal=True),
        ),
    )
    rows = [["N°", "Objet", "Faite le", "Groupe sanguin"], [3, "Dépôt", date(2026, 3, 2), "O+"]]
    open_one = of_workbook(tmp_path, VISIT_KIND, Feuil1=rows)
    assert open_one.rows[0].remarks == ["N° : 3", "Groupe sanguin : O+"]
    personal = of_workbook(tmp_path, register_kind(entity), Feuil1=rows)
    assert personal.rows[0].remarks == []
    assert [column.heading for column in personal.tables[0].set_aside] == ["Groupe sanguin"]


def test_a_file_of_something_else_says_what_was_found(tmp_path):
    found = of_workbook(tmp_path, VISIT_KIND, Feuil1=[["Client", "Facture"], ["Dupont", "F-12"]])
    assert "du registre « Visites de sécurité »" in " ".join(found.refusal.split())
    assert "Client, Facture" in found.refusal
