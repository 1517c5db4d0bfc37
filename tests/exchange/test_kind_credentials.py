"""Workbooks of credentials: a matrix of agents and titles, or a line for each title."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.kinds.credential_names import named_credential
from prevention_app.exchange.understanding import understand
from tests.exchange.made_tables import (
    DEMO,
    ROOT,
    WORKBOOKS,
    fields,
    measured,
    messages,
    of_file,
    of_text,
    of_workbook,
    read_once,
    values,
)

KIND = "credentials"
WHAT = ("last_name", "credential_type", "category", "state", "obtained", "expires")


def cell(folder, heading, typed):
    """The values that one filled cell of a matrix gives, the agent's left out."""
    rows = [["Nom", "Prénom", "CACES R490", "PSC1", heading], ["Petit", "Anne", "X", None, typed]]
    found = of_workbook(folder, KIND, Feuil1=rows)
    (row,) = [each for each in found.rows if each.values.get("_column") == 5]
    return row


# The real files


@pytest.mark.untraced
def test_the_real_matrix_is_read_right_and_every_row_accounted_for():
    score = measured("agents_habilitations", KIND)
    assert score.unaccounted == []
    assert min(of.recall for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert min(of.precision for of in score.fields.values()) >= 0.98, score.wrong[:5]


def test_the_demonstration_matrix_and_its_deliberately_wrong_lines():
    found = of_file(DEMO / "habilitations.xlsx", KIND)
    assert {row.row for row in found.rows} == set(range(6, 648))
    assert {row.row for row in found.rows if row.refused} == {48, 290, 402, 515}
    assert {row.values["department"] for row in found.rows if row.row == 161} == {"37"}
    assert [each.heading for each in found.tables[0].set_aside] == ["Observations"]
    (nobody,) = [row for row in found.rows if row.row == 290]
    assert "matricule" not in nobody.values
    assert "last_name" not in nobody.values


FLAT_HEADINGS = (
    "Collectivité", "Identifiant", "Nom de l'agent", "Prénom", "Service", "UT", "CACES R.482 A",
    "R482 cat B1", "R 482 - C1", "CACES R482 catégorie E", "R482-F", "PEMP R486 cat. A", "R486 B",
    "CACES R489 chariots élévateurs cat 3", "CACES R490", "Hab. élec. (symboles)",
    "Hab. élec. (fin de validité)", "SST", "AIPR opérateur (validité)", "AIPR encadrant (validité)",
    "Certiphyto opérateur", "Certiphyto décideur", "Remarques",
)  # fmt: skip


@pytest.mark.untraced
def test_the_same_matrix_with_one_row_of_other_headings_as_a_text_table(tmp_path):
    real = read_once(WORKBOOKS / "agents_habilitations.xlsx")
    first = replace(real, sheets=[replace(real.sheets[0], rows=real.sheets[0].rows[:400])])
    rows = [FLAT_HEADINGS, *first.sheets[0].rows[5:]]
    found = of_text(tmp_path, KIND, rows, mark="\t", encoding="cp1252")
    expected = understand(first, import_kind(KIND)).rows
    assert [row.row + 4 for row in found.rows] == [row.row for row in expected]
    keys = (*WHAT, "matricule", "first_name", "org_unit", "work_unit", "department")
    assert [[row.values.get(key) for key in keys] for row in found.rows] == [
        [row.values.get(key) for key in keys] for row in expected
    ]


# A matrix


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (date(2024, 3, 12), {"state": "held", "obtained": date(2024, 3, 12)}),
        ("12/03/24", {"state": "held", "obtained": date(2024, 3, 12)}),
        ("12 mars 2024", {"state": "held", "obtained": date(2024, 3, 12)}),
        ("03/2024", {"state": "held", "obtained": date(2024, 3, 31)}),
        ("exp. 06/2027", {"state": "held", "expires": date(2027, 6, 30)}),
        ("valable jusqu'au 4 juillet 2027", {"state": "held", "expires": date(2027, 7, 4)}),
        ("12/03/2020 - 11/03/2025", {"state": "held", "obtained": date(2020, 3, 12),
                                     "expires": date(2025, 3, 11)}),
        ("X", {"state": "held_undated"}),
        ("oui", {"state": "held_undated"}),
        (True, {"state": "held_undated"}),
        ("à prévoir", {"state": "planned"}),
        ("A prévoir 2027", {"state": "planned", "renewal_planned": date(2027, 12, 31)}),
        ("inscrit session 12/03/2027", {"state": "planned", "renewal_planned": date(2027, 3, 12)}),
        ("12/03/2020 (à recycler)", {"state": "held", "obtained": date(2020, 3, 12)}),
        ("NC", {"state": "not_applicable"}),
        ("sans objet", {"state": "not_applicable"}),
        ("refusé le 12/03/2024", {"state": "not_applicable"}),
    ],
)  # fmt: skip
def test_a_cell_says_when_or_how_far_a_credential_is_held(tmp_path, typed, said):
    row = cell(tmp_path, "SST", typed)
    kept = ("state", "obtained", "expires", "renewal_planned")
    assert {key: row.values[key] for key in kept if key in row.values} == said
    assert row.values.get("cell_text") == (typed if isinstance(typed, str) else None)
    assert row.cells["state"] == "E2"


@pytest.mark.parametrize("typed", ["30/02/2024", "45/11/2025", "exp. 14/2027", "voir la DRH"])
def test_a_cell_that_says_nothing_known_refuses_that_credential_only(tmp_path, typed):
    rows = [["Nom", "Prénom", "SST", "AIPR"], ["Petit", "Anne", typed, date(2024, 1, 2)]]
    first, second = of_workbook(tmp_path, KIND, Feuil1=rows).rows
    assert (first.values["credential_type"], first.refused) == ("SST", True)
    assert (second.values["credential_type"], second.refused) == ("AIPR", False)
    assert "colonne «\u00a0SST\u00a0»" in first.problems[0].message


def test_words_about_health_are_not_kept(tmp_path):
    row = cell(tmp_path, "CACES R489 cat. 3", "inapte 2024")
    assert row.values["state"] == "not_applicable"
    assert "inapte" not in repr(row)


def test_a_column_of_medical_visits_is_set_aside(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Nom", "Prénom", "SST", "Visite médicale", "AIPR", "Vaccination DTP"],
            ["Petit", "Anne", "X", date(2024, 1, 1), "X", date(2020, 1, 1)],
        ],
    )
    assert [each.heading for each in found.tables[0].set_aside] == [
        "Visite médicale", "Vaccination DTP",
    ]  # fmt: skip
    assert values(found, "credential_type") == ["SST", "AIPR"]


def test_a_dash_is_no_credential_and_an_agent_without_any_is_still_a_record(tmp_path):
    rows = [["Matricule", "Nom", "Prénom", "SST", "AIPR"], ["4A", "Petit", "Anne", "-", None]]
    rows += [["5A", "Roux", "Luc", "X", "X"]]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert values(found, "matricule", "credential_type") == [
        ("4A", None),
        ("5A", "SST"),
        ("5A", "AIPR"),
    ]


def test_groups_of_columns_hold_category_obtaining_and_end_of_one_credential(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["NOM Prénom", "SST", None, "CACES R489", None, None, "Hab. élec.", None, "Permis", None],
        [None, "Obtention", "Recyclage avant le", "Cat.", "Obtention", "Validité", "Symbole",
         "Validité", "C", "CE"],
        ["DUPONT Anne", date(2024, 1, 1), date(2026, 1, 1), "3", date(2020, 1, 1),
         date(2025, 1, 1), "B0-H0", date(2027, 1, 1), "X", date(2027, 5, 5)],
        ["PETIT Luc", None, None, "1A", "12/2021", "12/2026", "BS", None, None, "non"],
    ):  # fmt: skip
        sheet.append(row)
    for area in ("B1:C1", "D1:F1", "G1:H1", "I1:J1"):
        sheet.merge_cells(area)
    book.save(tmp_path / "matrice.xlsx")
    found = of_file(tmp_path / "matrice.xlsx", KIND)
    assert values(found, *WHAT) == [
        ("Dupont", "SST", None, "held", date(2024, 1, 1), date(2026, 1, 1)),
        ("Dupont", "CACES R489", "3", "held", date(2020, 1, 1), date(2025, 1, 1)),
        ("Dupont", "Habilitation électrique", "B0-H0", "held", None, date(2027, 1, 1)),
        ("Dupont", "Permis C", None, "held_undated", None, None),
        ("Dupont", "Permis CE", None, "held", None, date(2027, 5, 5)),
        ("Petit", "CACES R489", "1A", "held", date(2021, 12, 31), date(2026, 12, 31)),
        ("Petit", "Habilitation électrique", "BS", "held_undated", None, None),
        ("Petit", "Permis CE", None, "not_applicable", None, None),
    ]


@pytest.mark.parametrize(
    ("note", "sst", "aipr", "caces"),
    [
        ("Dates d'obtention, sauf AIPR : fin de validité", "obtained", "expires", "obtained"),
        ("Toutes les dates sont des dates de fin de validité", "expires", "expires", "expires"),
        ("Dates de fin de validité, sauf SST et CACES.", "obtained", "expires", "obtained"),
        ("CACES : date d'obtention ; SST : date de fin de validité", "expires", "obtained",
         "obtained"),
    ],
)  # fmt: skip
def test_a_note_says_what_dates_mean(tmp_path, note, sst, aipr, caces):
    day = date(2019, 5, 6)
    rows = [["Suivi au 01/11/2026"], [note], [], ["Nom", "Prénom", "SST", "AIPR", "CACES R490"]]
    found = of_workbook(tmp_path, KIND, Feuil1=[*rows, ["Petit", "Anne", day, day, day]])
    means = {
        row.values["credential_type"]: [key for key in ("obtained", "expires") if key in row.values]
        for row in found.rows
    }
    assert means == {"SST": [sst], "AIPR": [aipr], "CACES R490": [caces]}


def test_where_nothing_says_it_dates_to_come_are_dates_of_expiry(tmp_path):
    rows = [["Habilitations au 14/09/2026"], [], ["Nom", "Prénom", "SST", "AIPR", "Certiphyto"]]
    rows += [["Petit", "Anne", date(2025, 1, 1), date(2029, 1, 1), date(2026, 2, 1)]]
    rows += [["Roux", "Luc", date(2026, 9, 1), date(2026, 1, 1), date(2025, 2, 1)]]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert Counter(
        (row.values["credential_type"], key)
        for row in found.rows
        for key in ("obtained", "expires")
        if key in row.values
    ) == {("SST", "obtained"): 2, ("AIPR", "expires"): 2, ("Certiphyto", "expires"): 2}


def test_columns_of_titles_nobody_foresaw_keep_their_name(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Nom", "Prénom", "SST", "Conduite tracteur", "Plan de prévention", "Taille"],
            ["Petit", "Anne", "X", date(2024, 1, 1), "X", "M"],
            ["Roux", "Luc", "X", "X", date(2024, 1, 1), "XL"],
        ],
    )
    assert set(values(found, "credential_type")) == {
        "SST", "Conduite tracteur", "Plan de prévention",
    }  # fmt: skip
    assert fields(found)["Taille"] is None


def test_a_cell_may_name_the_title_and_category_itself(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Nom", "Prénom", "SST", "CACES", "Permis", "Autorisation de conduite", "Élec"],
            ["Petit", "Anne", "X", "R489 cat. 3 (12/03/2024)", "B, C, CE", "Tracteur", None],
            ["Roux", "Luc", "X", "R482 A, R486 B", "C 01/02/2027", None, None],
        ],
    )
    assert values(found, "last_name", "credential_type", "category", "obtained", "expires") == [
        ("Petit", "SST", None, None, None),
        ("Petit", "CACES R489", "3", date(2024, 3, 12), None),
        ("Petit", "Permis B", None, None, None),
        ("Petit", "Permis C", None, None, None),
        ("Petit", "Permis CE", None, None, None),
        ("Petit", "Autorisation de conduite", "Tracteur", None, None),
        ("Roux", "SST", None, None, None),
        ("Roux", "CACES R482", "A", None, None),
        ("Roux", "CACES R486", "B", None, None),
        ("Roux", "Permis C", None, None, date(2027, 2, 1)),
    ]


# A line for each title


def test_one_line_for_each_title(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Suivi=[
            ["Suivi des habilitations"],
            [],
            ["Agent", "Matricule", "Titre", "Catégorie", "Date d'obtention", "Fin de validité",
             "Organisme", "N°"],
            ["DUPONT Marie", "00123", "CACES R489", "3", date(2022, 3, 4), date(2027, 3, 3),
             "Apave", "A12"],
            ["DUPONT Marie", "00123", "Habilitation électrique", "B1V BR", date(2024, 1, 1)],
            ["MARTIN Luc", 456, "SST", None, "12 mars 2025", "mars 2027"],
            ["MARTIN Luc", 456, "Certiphyto", "Opérateur", None, "exp. 06/2028", "DRAAF", "O-9"],
            ["MARTIN Luc", 456, "Conduite de tracteur", None, "X"],
            ["MARTIN Luc", 456, "AIPR - Encadrant", None, "à prévoir 2027"],
        ],
    )  # fmt: skip
    assert values(found, *WHAT) == [
        ("Dupont", "CACES R489", "3", "held", date(2022, 3, 4), date(2027, 3, 3)),
        ("Dupont", "Habilitation électrique", "B1V BR", "held", date(2024, 1, 1), None),
        ("Martin", "SST", None, "held", date(2025, 3, 12), date(2027, 3, 31)),
        ("Martin", "Certiphyto opérateur", "opérateur", "held", None, date(2028, 6, 30)),
        ("Martin", "Conduite de tracteur", None, "held_undated", None, None),
        ("Martin", "AIPR", "encadrant", "planned", None, None),
    ]
    assert values(found, "body", "number")[:4] == [
        ("Apave", "A12"), (None, None), (None, None), ("DRAAF", "O-9"),
    ]  # fmt: skip


def test_the_agent_may_stand_on_the_first_of_their_lines_only(tmp_path):
    found = of_text(
        tmp_path,
        KIND,
        [
            ["Matricule", "Nom", "Prénom", "Intitulé", "Obtention", "Validité"],
            ["12A", "Dupont", "Anne", "CACES R482 cat. B1", "01/02/2020", "31/01/2030"],
            [None, None, None, "CACES R486 B", "01/02/2021", "31/01/2026"],
            [None, None, None, "Certiphyto décideur", None, "15/06/2028"],
            ["13A", "Petit", "Luc", "SST", "2024", None],
        ],
    )
    assert values(found, "matricule", "last_name", "credential_type", "category") == [
        ("12A", "Dupont", "CACES R482", "B1"),
        ("12A", "Dupont", "CACES R486", "B"),
        ("12A", "Dupont", "Certiphyto décideur", "décideur"),
        ("13A", "Petit", "SST", None),
    ]


def test_a_sheet_for_each_title_names_it_by_its_name_or_title(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        SST=[
            ["Nom", "Prénom", "Service", "Date formation", "Date MAC"],
            ["Dupont", "Anne", "Routes", date(2020, 1, 1), date(2024, 1, 1)],
        ],
        Feuil2=[
            ["SUIVI CACES R489"],
            [],
            ["Nom", "Prénom", "Catégorie", "Date", "Validité"],
            ["Dupont", "Anne", "1A, 3", date(2020, 1, 1), date(2025, 1, 1)],
        ],
        Certiphyto=[
            ["Nom et prénom", "Type", "Date de fin de validité", "N° certificat"],
            ["Dupont Anne", "Décideur", date(2028, 1, 1), "X1"],
        ],
    )
    assert values(found, *WHAT) == [
        ("Dupont", "SST", None, "held", date(2024, 1, 1), None),
        ("Dupont", "CACES R489", "1A, 3", "held", date(2020, 1, 1), date(2025, 1, 1)),
        ("Dupont", "Certiphyto décideur", "décideur", "held", None, date(2028, 1, 1)),
    ]


def test_lines_alone_name_the_title_of_the_agents_below(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Nom", "Prénom", "Date d'obtention"],
            ["CACES R486"],
            ["Dupont", "Anne", date(2020, 1, 1)],
            ["SST"],
            ["Petit", "Luc", date(2024, 1, 1)],
        ],
    )
    assert values(found, "last_name", "credential_type") == [
        ("Dupont", "CACES R486"), ("Petit", "SST"),
    ]  # fmt: skip


def test_several_titles_in_one_cell_are_as_many_credentials(tmp_path):
    rows = [["Nom", "Prénom", "Habilitation", "Date de délivrance"]]
    rows += [["Petit", "Anne", "CACES R489 cat. 3 ; SST\nAIPR opérateur", date(2024, 1, 1)]]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert values(found, "credential_type", "category", "obtained") == [
        ("CACES R489", "3", date(2024, 1, 1)),
        ("SST", None, date(2024, 1, 1)),
        ("AIPR", "opérateur", date(2024, 1, 1)),
    ]


def test_a_line_that_names_no_title_or_no_agent_is_refused(tmp_path):
    rows = [["Nom", "Prénom", "Titre", "Date d'obtention"]]
    rows += [["Petit", "Anne", None, date(2024, 1, 1)], [None, None, "SST", date(2024, 1, 1)]]
    rows += [["Roux", "Luc", "SST", "31/02/2024"], ["Roux", "Luc", "AIPR", "X"]]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert [row.refused for row in found.rows] == [True, True, True, False]
    assert messages(found)[2] == ["Ligne 2 : « Titre » est à remplir."]
    assert messages(found)[3] == ["Ligne 3 : « Nom » est à remplir."]


# Names


@pytest.mark.parametrize(
    ("heading", "name", "category"),
    [
        ("CACES R482 cat. B1", "CACES R482", "B1"),
        ("R.486 PEMP A", "CACES R486", "A"),
        ("CACES R489 chariots élévateurs à conducteur porté, catégorie 3", "CACES R489", "3"),
        ("R489-1A,3,5", "CACES R489", "1A, 3, 5"),
        ("R490 grue auxil.", "CACES R490", ""),
        ("Habilitation électrique B1V-BR", "Habilitation électrique", "B1V BR"),
        ("BS BE Manœuvre", "Habilitation électrique", "BS BE Manœuvre"),
        ("Sauveteur secouriste du travail", "SST", ""),
        ("AIPR encadrant", "AIPR", "encadrant"),
        ("Certiphyto DENSA", "Certiphyto décideur", "décideur"),
        ("Certiphyto décideur en entreprise agréée", "Certiphyto décideur (entreprise agréée)",
         "décideur"),
        ("Certiphyto (vente)", "Certiphyto vente", "vente"),
        ("Certiphyto conseil", "Certiphyto conseil", "conseil"),
        ("Permis EC", "Permis CE", ""),
        ("Permis poids lourd", "Permis C", ""),
        ("Autorisation de conduite nacelle", "Autorisation de conduite", "nacelle"),
        ("Amiante SS4 encadrant de chantier", "Amiante SS4", "encadrant de chantier"),
        ("Travail en hauteur / harnais", "Travail en hauteur", ""),
        ("Équipier de première intervention", "Équipier de première intervention", ""),
        ("SSIAP 1", "SSIAP 1", ""),
        ("Tronçonneuse ECC2", "Tronçonneuse (ECC)", "ECC2"),
        ("HACCP", "Hygiène alimentaire (HACCP)", ""),
        ("Espaces confinés (CATEC) surveillant", "CATEC (espaces confinés)", "surveillant"),
        ("FCO marchandises", "FCO", "marchandises"),
        ("Échafaudage R408 montage", "Échafaudage (R408)", "montage"),
        ("Certibiocide nuisibles", "Certibiocide", "nuisibles"),
        ("PRAP IBC", "PRAP", "IBC"),
    ],
)  # fmt: skip
def test_a_heading_names_a_shipped_type_of_credential(heading, name, category):
    found = named_credential(heading)
    assert found is not None
    assert (found.type_name, found.category) == (name, category)
    shipped = json.loads((ROOT / "resources" / "reference" / "credential_type.json").read_text())
    assert name in {record["values"]["name"] for record in shipped["records"]}


@pytest.mark.parametrize(
    "words",
    ["Service", "Observations", "Permis de feu", "Formation continue", "Électricien", "Poste"],
)
def test_other_words_name_no_credential(words):
    assert named_credential(words) is None
