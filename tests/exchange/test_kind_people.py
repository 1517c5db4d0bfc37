"""Lists of agents: what prevention needs is read, whatever program wrote them; nothing else."""

from __future__ import annotations

import csv
import random
from datetime import date

import pytest

from prevention_app.exchange.kinds import import_kind
from tests.exchange.made_tables import (
    DEMO,
    fields,
    messages,
    of_file,
    of_text,
    of_workbook,
    values,
)

KIND = "people"


def one(folder, **cells):
    """The row of one agent of whom only some columns are told, underscores as spaces."""
    given = {"Matricule": "12", "Nom": "Petit", "Prénom": "Anne", **cells}
    headings = [key.replace("_", " ") for key in given]
    (row,) = of_workbook(folder, KIND, Feuil1=[headings, list(given.values())]).rows
    return row


@pytest.mark.parametrize(
    ("name", "rows", "refused"),
    [
        ("agents_41.csv", 264, {38, 97, 203}),
        ("agents_45.csv", 384, {233, 301}),
        ("agents_28.csv", 263, {64, 190}),
    ],
)
def test_the_demonstration_extracts_and_their_deliberately_wrong_lines(name, rows, refused):
    found = of_file(DEMO / name, KIND)
    assert len(found.rows) == rows
    assert {row.row for row in found.rows if row.refused} == refused
    right = [row.values for row in found.rows if not row.refused]
    wanted = ("matricule", "last_name", "first_name", "sex", "job", "work_unit", "org_unit", "site")
    for key in (*wanted, "joined_on"):
        assert sum(key in each for each in right) >= len(right) - 1, key
    assert {each["sex"] for each in right} == {"F", "H"}


def test_an_agent_of_the_demonstration_extract_is_read_to_the_last_field():
    found = of_file(DEMO / "agents_45.csv", KIND)
    assert found.rows[0].values == {
        "department": "45",
        "matricule": "17416",
        "sex": "H",
        "last_name": "Aubert",
        "first_name": "Arnaud",
        "birth_year": 1994,
        "direction": "Direction des bâtiments et des moyens généraux",
        "org_unit": "Service maintenance",
        "work_unit": "Régie - menuiserie et peinture",
        "site": "Régie bâtiments - Fleuray-aux-Bois",
        "job": "Menuisier",
        "joined_on": date(2014, 1, 7),
    }
    assert [each.heading for each in found.tables[0].set_aside] == [
        "CATEGORIE", "GRADE", "QUOTITE",
    ]  # fmt: skip


_FIELDS_41 = (
    "matricule usage_name first_name sex birth_year - direction org_unit site work_unit job "
    "joined_on left_on"
).split()


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_columns_under_any_synonyms_gives_the_same_agents(tmp_path, seed):
    chance = random.Random(seed)
    with (DEMO / "agents_41.csv").open(encoding="cp1252", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[:60]
    expected = of_text(tmp_path, KIND, rows)
    order = list(range(len(_FIELDS_41)))
    chance.shuffle(order)
    columns = import_kind(KIND).by_key
    headings = [
        chance.choice(columns[key].synonyms) if key != "-" else "Grade" for key in _FIELDS_41
    ]
    shuffled = [["Extraction RH"], [], [headings[place].upper() for place in order]]
    shuffled += [[row[place] for place in order] for row in rows[1:]]
    found = of_text(tmp_path, KIND, shuffled, mark="\t", encoding="cp1252")
    assert [row.values for row in found.rows] == [row.values for row in expected.rows]


def test_what_is_beyond_need_is_listed_and_kept_nowhere(tmp_path):
    secret = ["278034512345678", "3 rue des Lilas", "0601020304", "14/03/1978", "Rédacteur", "B7"]
    found = of_text(
        tmp_path,
        KIND,
        [
            ["MATRICULE", "NOM_USAGE", "PRENOM", "NIR", "ADRESSE", "TEL", "DATE_NAISSANCE",
             "LIB_GRADE", "ECHELON", "LIB_SERVICE"],
            ["00123", "MARTIN", "JEANNE", *secret, "Paie"],
        ],
    )  # fmt: skip
    (row,) = found.rows
    assert row.values == {
        "matricule": "00123", "last_name": "Martin", "first_name": "Jeanne", "birth_year": 1978,
        "org_unit": "Paie",
    }  # fmt: skip
    assert row.remarks == []
    assert [each.heading for each in found.tables[0].set_aside] == [
        "NIR", "ADRESSE", "TEL", "LIB_GRADE", "ECHELON",
    ]  # fmt: skip
    kept = repr([found.rows, found.other, found.tables, found.notes])
    assert not [each for each in secret if each in kept]


def test_a_social_security_number_is_no_staff_number(tmp_path):
    rows = [["Matricule", "Nom", "Prénom"], ["4501", "Petit", "Luc"]]
    rows += [["2 78 03 45 123 456 78", "Roux", "Zoé"], [278034512345678, "Moreau", "Léa"]]
    found = of_workbook(tmp_path, KIND, Feuil1=[*rows, ["4502", "Gille", "Ed"]])
    assert values(found, "matricule") == ["4501", None, None, "4502"]
    assert ["sécurité sociale" in each[0] for each in messages(found).values()] == [True, True]
    assert "2345" not in repr(found.rows)


def test_a_staff_number_is_the_same_as_text_or_as_number(tmp_path):
    rows = [["Mat.", "Nom", "Prénom"], ["01203", "Petit", "A"], [1204, "Roux", "B"]]
    rows += [[1205.0, "Le Bris", "C"], ["A 77", "Moreau", "D"]]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert values(found, "matricule") == ["01203", "1204", "1205", "A77"]


def test_numbers_of_lines_are_no_staff_numbers(tmp_path):
    rows = [["N°", "Nom", "Prénom", "Service"]]
    rows += [[number, f"Nom{'abcd'[number]}", "Luc", "Parc"] for number in range(1, 4)]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert fields(found)["N°"] is None
    assert len(found.rows) == 3


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("M", "H"), ("M.", "H"), ("Monsieur", "H"), ("Masculin", "H"), ("Homme", "H"), (1, "H"),
        ("Mme", "F"), ("MADAME", "F"), ("Féminin", "F"), ("f", "F"), ("2", "F"), ("Mlle", "F"),
    ],
)  # fmt: skip
def test_sexes_genders_and_civilities(tmp_path, typed, code):
    assert one(tmp_path, Sexe=typed).values["sex"] == code


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        (date(1978, 3, 14), 1978), ("14/03/1978", 1978), ("1978-03-14", 1978), (1978, 1978),
        ("14/03/62", 1962), ("3 avril 1979", 1979), ("1981", 1981), ("05/07/04", 2004),
    ],
)  # fmt: skip
def test_of_a_date_of_birth_only_the_year_is_kept(tmp_path, typed, year):
    row = one(tmp_path, Date_de_naissance=typed)
    assert row.values["birth_year"] == year
    assert not {key for key in row.values if key.startswith("birth")} - {"birth_year"}


def test_an_unreadable_birth_date_is_reported_without_repeating_it(tmp_path):
    row = one(tmp_path, Né_le="le 14 du mois de mars")
    assert not row.refused
    assert "birth_year" not in row.values
    assert "14 du mois" not in repr(row)


@pytest.mark.parametrize(
    "typed", ["31/12/2999", "31/12/9999", date(2999, 12, 31), "00/00/0000", "01/01/1900", "-"]
)
def test_dates_that_programs_write_for_nobody_leaves_are_none(tmp_path, typed):
    row = one(tmp_path, Date_de_sortie=typed)
    assert "left_on" not in row.values
    assert not row.problems


def test_an_imprecise_arrival_says_how_precise_it_is(tmp_path):
    found = one(tmp_path, Arrivée="mars 2019").values
    assert (found["joined_on"], found["joined_on_precision"]) == (date(2019, 3, 31), "month")


def test_an_impossible_arrival_refuses_the_agent(tmp_path):
    row = one(tmp_path, Arrivée="30/02/2018")
    assert row.refused
    assert "date impossible (30/02/2018)" in row.problems[0].message


@pytest.mark.parametrize(
    ("heading", "typed", "last", "first"),
    [
        ("Nom Prénom", "DUPONT Marie", "Dupont", "Marie"),
        ("Nom et prénom", "Dupont Marie", "Dupont", "Marie"),
        ("Prénom Nom", "Marie Dupont", "Dupont", "Marie"),
        ("Agent", "Marie DUPONT", "Dupont", "Marie"),
        ("Agent", "Mme LE GOFF Anne-Marie", "Le Goff", "Anne-Marie"),
        ("Nom", "DE LA BROSSE Paul", "de La Brosse", "Paul"),
        ("Identité", "Durand, Jean Paul", "Durand", "Jean Paul"),
        ("Nom et prénom", "ÉTIENNE ZOÉ", "Étienne", "Zoé"),
    ],
)
def test_last_and_first_name_in_one_column(tmp_path, heading, typed, last, first):
    rows = [[heading, "Service", "Métier"], [typed, "Parc", "Peintre"]]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert values(found, "last_name", "first_name") == [(last, first)]


def test_the_name_in_use_goes_before_the_name_at_birth(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Code agent", "Nom patronymique", "Nom marital", "Prénom usuel"],
            ["A1", "PETIT", "DURAND", "ANNE"],
            ["A2", "ROUX", None, "LUC"],
        ],
    )
    assert values(found, "last_name") == ["Durand", "Roux"]
    assert {"usage_name", "birth_name"}.isdisjoint(found.rows[0].values)


def test_lines_alone_name_the_service_of_the_agents_below_and_a_total_is_none(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Routes=[
            ["CONSEIL DÉPARTEMENTAL DU LOIRET"],
            [],
            ["Matricule", "Nom", "Prénom", "Métier"],
            ["Service entretien"],
            [31, "DURAND", "Paul", "Patrouilleur"],
            ["Service études"],
            [32, "PETIT", "Anne", "Dessinatrice"],
            ["Total : 2 agents"],
        ],
    )
    assert values(found, "department", "org_unit", "last_name") == [
        ("45", "Service entretien", "Durand"),
        ("45", "Service études", "Petit"),
    ]
    assert [row.row for row in found.other] == [1, 3, 4, 6, 8]


def test_several_sheets_with_other_headings_and_their_departments(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        CD_41=[["Nom", "Prénom", "Emploi"], ["Petit", "Anne", "Peintre"]],
        CD_28=[["Agent", "Fonction", "Affectation"], ["ROUX Luc", "Peintre", "Parc"]],
        Légende=[["F", "femme"], ["H", "homme"]],
    )
    assert values(found, "department", "last_name", "job") == [
        ("41", "Petit", "Peintre"),
        ("28", "Roux", "Peintre"),
    ]
    assert [sheet.sheet for sheet in found.other_sheets] == ["Légende"]


def test_an_agent_without_a_name_is_refused(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[["Matricule", "Nom", "Prénom"], [45, None, "Luc"], [46, "Roux", "Zoé"]],
    )
    assert messages(found) == {2: ["Ligne 2 : « Nom » est à remplir."]}
    assert [row.refused for row in found.rows] == [True, False]


def test_a_blank_service_is_not_that_of_the_agent_above(tmp_path):
    rows = [["Matricule", "Nom", "Prénom", "Service"], ["1A", "Roux", "Zoé", "Parc"]]
    rows += [[f"{number}B", "Petit", "Luc", None] for number in range(2, 6)]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert values(found, "org_unit") == ["Parc", None, None, None, None]
