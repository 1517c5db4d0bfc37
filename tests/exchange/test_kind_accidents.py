"""Registers of accidents: what prevention needs is read, whatever the layout, and nothing more."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from prevention_app.exchange.understanding import RowRole
from tests.exchange.made_tables import (
    DEMO,
    fields,
    in_another_order,
    measured,
    messages,
    of_file,
    of_text,
    of_workbook,
    values,
)

KIND = "accidents"
EXPECTED = "une date comme 31/12/2026 est attendue."


def one(folder, **cells):
    """The values of one accident of which only some columns are told."""
    given = {"Date": date(2026, 3, 2), "Circonstances": "Chute de plain-pied", **cells}
    (row,) = of_workbook(folder, KIND, Feuil1=[list(given), list(given.values())]).rows
    return row


@pytest.mark.untraced
def test_the_real_register_is_read_right_and_every_row_accounted_for():
    score = measured("registre_accidents", KIND)
    assert score.unaccounted == []
    assert min(of.recall for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert min(of.precision for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert score.rows.right == 444


_FIELDS = (
    "number department date time person sex org_unit site kind circumstances injury_seat "
    "injury_nature stoppage days_lost recognition measures"
).split()


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_columns_under_any_synonyms_gives_the_same_accidents(seed):
    expected, found = in_another_order("registre_accidents", KIND, 1, 3, _FIELDS, seed)
    assert len(expected) > 30
    assert found == expected


def test_the_demonstration_register_and_its_deliberately_wrong_lines():
    found = of_file(DEMO / "accidents.xlsx", KIND)
    assert len(found.rows) == 199
    wrong = {(row.sheet, row.row) for row in found.rows if row.refused}
    assert wrong == {("2022", 21), ("2024", 33), ("2025", 17)}
    by_place = {(row.sheet, row.row): row.values for row in found.rows}
    assert by_place["2023", 13]["department"] == "37"
    assert by_place["2024", 38]["days_lost"] == -4
    assert [other.why for other in found.other].count(RowRole.TOTAL) == 5


def test_grouped_headings_merged_over_two_rows(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Registre=[
            ["Conseil départemental du Loiret"],
            ["Registre des accidents, mis à jour le", date(2025, 3, 1)],
            [],
            ["Victime", None, None, "Accident", None, None, None, "Lésions", None, "Arrêt", None],
            ["Nom", "Prénom", "Sexe", "Date", "Heure", "Lieu", "Type", "Siège", "Nature", "O/N",
             "Nb jours"],
            ["MARTIN", "Jean", "M", date(2024, 3, 12), "8 h 30", "Collège Zola", "AT", "Main",
             "Plaie", "Oui", "12 jours"],
            ["DURAND", "Léa", "Mme", "vendredi 15 mars 2024", "10:15", "idem", "Trajet", "Genou",
             "Entorse", "Non", None],
            ["Total", *([None] * 9), 12],
            ["Document confidentiel"],
        ],
    )  # fmt: skip
    assert values(found, "person", "sex", "date", "time") == [
        ("MARTIN Jean", "H", date(2024, 3, 12), "08:30"),
        ("DURAND Léa", "F", date(2024, 3, 15), "10:15"),
    ]
    assert values(found, "kind", "stoppage", "days_lost", "days_lost_text") == [
        ("service", True, 12, "12 jours"),
        ("commuting", False, None, None),
    ]
    assert values(found, "injury_seat", "injury_nature") == [
        ("Main", "Plaie"),
        ("Genou", "Entorse"),
    ]
    assert values(found, "site", "department") == [("Collège Zola", "45")] * 2
    assert {other.row: other.why for other in found.other} == {
        1: RowRole.TITLE, 2: RowRole.TITLE, 4: RowRole.HEADING, 5: RowRole.HEADING,
        8: RowRole.TOTAL, 9: RowRole.NOTE,
    }  # fmt: skip


def test_a_windows_file_with_semicolons_empty_lines_and_columns_in_another_order(tmp_path):
    found = of_text(
        tmp_path,
        KIND,
        [
            ["Heure", "Nombre de jours d'arrêt", "Lieu de l'accident", "Accident survenu le",
             "Nature de l'accident", "Récit des faits", "AT avec arrêt", "Décision"],
            ["14h30", 8, "Dépôt d'Orléans", "12.03.2024", "Accident de service", "Chute d'échelle",
             "Avec arrêt", "Accordée"],
            [],
            ["matin", 0, "Collège Péguy", "2 avril 2024", "Accident de trajet", "Collision à vélo",
             "Sans arrêt", "à l'étude"],
            [],
            ["09:45", "", "MDS de Gien", "02/04/24", "presqu'accident", "Objet jeté au guichet",
             "non", ""],
        ],
        encoding="cp1252",
    )  # fmt: skip
    assert values(found, "date") == [date(2024, 3, 12), date(2024, 4, 2), date(2024, 4, 2)]
    assert values(found, "time") == ["14:30", None, "09:45"]
    assert values(found, "kind") == ["service", "commuting", "near_miss"]
    assert values(found, "stoppage") == [True, False, False]
    assert values(found, "recognition") == ["recognised", "pending", None]
    assert found.rows[1].remarks == ["Heure : matin"]


def test_rows_that_hold_words_of_headings_are_no_headings(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Date", "Service", "Type", "Arrêt (O/N)", "Imputabilité", "Suites"],
            [date(2026, 1, 5), "Routes", "service", "N", "En instruction", "Mesures prises"],
            [],
            [date(2026, 1, 6), "Direction", "service", "N", "En instruction", "Mesures prises"],
        ],
    )
    assert values(found, "org_unit") == ["Routes", "Direction"]
    assert len(found.tables) == 1


def test_a_sheet_for_each_kind_and_a_day_that_takes_its_year_from_the_sheet(tmp_path):
    heads = ["Survenu le", "Agent", "Faits", "Jours perdus"]
    found = of_workbook(
        tmp_path,
        KIND,
        Trajet_2024=[heads, ["12/03", "MARTIN J.", "Chute à vélo en venant", "3+5"]],
        Maladies_professionnelles_2025=[heads, ["1er avril", "DURAND L.", "Gestes répétés", "x"]],
        Accidents=[heads, ["31/04", "PETIT L.", "Coupure au cutter", 0]],
    )
    assert values(found, "kind") == ["commuting", "occupational_disease", None]
    assert values(found, "date") == [date(2024, 3, 12), date(2025, 4, 1), None]
    assert values(found, "days_lost") == [8, None, 0]
    assert messages(found) == {
        2: [f"Ligne 2, colonne « Survenu le » : « 31/04 » ne dit pas l’année ; {EXPECTED}"]
    }
    assert found.rows[2].problems[0].cell == "A2"


def test_an_impossible_day_without_its_year_is_refused(tmp_path):
    heads = ["Date", "Agent", "Circonstances"]
    found = of_workbook(
        tmp_path, KIND, **{"2023": [heads, ["31/04", "MARTIN J.", "Chute de plain-pied"]]}
    )
    assert found.rows[0].refused
    assert "date impossible (31/04/2023)" in messages(found)[2][0]


def test_lines_alone_name_the_kind_the_service_the_site_or_a_mere_month(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Date", "Agent", "Circonstances", "Arrêt"],
            ["ACCIDENTS DE SERVICE"],
            ["Direction des routes"],
            ["Janvier"],
            [date(2026, 1, 5), "MARTIN J.", "Glissade sur verglas", 12],
            ["ACCIDENTS DE TRAJET"],
            ["Collège Péguy"],
            [date(2026, 2, 5), "PETIT L.", "Accrochage en voiture", "3 semaines"],
        ],
    )
    assert values(found, "kind") == ["service", "commuting"]
    assert values(found, "org_unit")[0] == "Direction des routes"
    assert values(found, "site") == [None, "Collège Péguy"]
    assert values(found, "days_lost") == [12, 21]


def test_what_prevention_must_not_keep_is_listed_and_never_kept(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Date", "Nom", "Date de naissance", "N° de sécurité sociale", "Matricule",
             "Certificat médical", "Date de reprise", "Taux IPP", "Circonstances"],
            [date(2026, 1, 5), "MARTIN J.", date(1980, 5, 6), "180054512345678", "00123",
             "entorse grave", date(2026, 2, 1), "5 %", "Chute de plain-pied"],
        ],
    )  # fmt: skip
    assert [column.heading for column in found.tables[0].set_aside] == [
        "Date de naissance", "N° de sécurité sociale", "Matricule", "Certificat médical",
        "Date de reprise", "Taux IPP",
    ]  # fmt: skip
    (row,) = found.rows
    assert row.values["date"] == date(2026, 1, 5)
    assert row.remarks == []
    kept = " ".join(map(str, row.values.values()))
    assert not [
        each for each in ("1980", "180054512345678", "00123", "grave", "5 %") if each in kept
    ]


@pytest.mark.parametrize(
    ("typed", "days", "words"),
    [
        (12, 12, None),
        ("12", 12, None),
        ("12 j", 12, "12 j"),
        ("3+5", 8, "3+5"),
        ("30 j + 15 j", 45, "30 j + 15 j"),
        ("2 semaines", 14, "2 semaines"),
        ("néant", 0, "néant"),
        ("Sans arrêt", 0, "Sans arrêt"),
        ("-", 0, "-"),
        ("en cours", None, "en cours"),
        ("?", None, "?"),
        ("du 3 au 12 mai", None, "du 3 au 12 mai"),
    ],
)
def test_days_off_as_people_write_them(tmp_path, typed, days, words):
    row = one(tmp_path, **{"Jours d'arrêt": typed})
    assert (row.values.get("days_lost"), row.values.get("days_lost_text")) == (days, words)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (time(6, 5), "06:05"),
        (0.5, "12:00"),
        (14, "14:00"),
        ("14h30", "14:30"),
        ("vers 9 h", "09:00"),
        ("10 heures 15", "10:15"),
        ("0830", "08:30"),
        ("après-midi", None),
        ("NR", None),
    ],
)
def test_the_time_of_day(tmp_path, typed, expected):
    assert one(tmp_path, Heure=typed).values.get("time") == expected


@pytest.mark.parametrize(
    ("typed", "day", "hour"),
    [
        (datetime.fromisoformat("2024-03-12T14:30"), date(2024, 3, 12), "14:30"),
        ("12/03/2024 à 14h30", date(2024, 3, 12), "14:30"),
        ("12 mars 2024, vers 9h", date(2024, 3, 12), "09:00"),
        ("le 12/03/2024", date(2024, 3, 12), None),
    ],
)
def test_day_and_time_in_one_cell(tmp_path, typed, day, hour):
    row = one(tmp_path, Date=typed, Agent="MARTIN J.")
    assert (row.values["date"], row.values.get("time")) == (day, hour)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("AT", "service"),
        ("Accident du travail", "service"),
        ("trajet domicile-travail", "commuting"),
        ("Accident de service en mission", "mission"),
        ("MP n° 57", "occupational_disease"),
        ("Presqu’accident", "near_miss"),
    ],
)
def test_the_kind_of_accident(tmp_path, typed, code):
    assert one(tmp_path, Type=typed).values["kind"] == code


def test_a_kind_that_nobody_knows_is_reported_at_its_cell(tmp_path):
    row = one(tmp_path, **{"Type d'accident": "zzz"})
    assert row.problems[0].cell == "C2"
    assert "presqu’accident est attendu" in row.problems[0].message
    assert not row.refused


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Reconnu imputable le 3/4/2025", "recognised"),
        ("O", "recognised"),
        ("Non imputable", "refused"),
        ("CITIS provisoire", "pending"),
        ("dossier en instruction", "pending"),
    ],
)
def test_what_the_employer_decided(tmp_path, typed, code):
    assert one(tmp_path, Imputabilité=typed).values["recognition"] == code


def test_oui_with_days_says_both(tmp_path):
    row = one(tmp_path, **{"Arrêt de travail (O/N)": "oui (12 j)"})
    assert (row.values["stoppage"], row.values["days_lost"]) == (True, 12)


def test_directorate_and_service_in_two_columns(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Date", "Direction", "Service", "Circonstances"],
            [date(2026, 1, 5), "Routes", "Agence Nord", "Chute de plain-pied"],
            [date(2026, 1, 6), "Routes", None, "Coupure au cutter neuf"],
        ],
    )
    assert fields(found)["Direction"] == "direction"
    assert values(found, "direction", "org_unit") == [("Routes", "Agence Nord"), (None, "Routes")]
