"""Tables of periodic inspections are understood whatever their layout and wording."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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

KIND = "inspections"
IMPOSSIBLE = "date impossible (31/04/2026) ; une date comme 31/12/2026 est attendue."


def one(folder, **cells):
    """The row of one equipment of which only some columns are told."""
    given = {"Site": "Dépôt", "Équipement": "Pont élévateur", "N° de série": "P-12", **cells}
    (row,) = of_workbook(folder, KIND, Feuil1=[list(given), list(given.values())]).rows
    return row


@pytest.mark.untraced
def test_the_real_table_is_read_right_and_every_row_accounted_for():
    score = measured("verifications_periodiques", KIND)
    assert score.unaccounted == []
    assert min(of.recall for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert min(of.precision for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert score.rows.right == 356


_FIELDS = (
    "department site equipment make serial_number location last_inspection period_months next_due "
    "body report_number conclusion observations observations_lifted_on"
).split()


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_columns_under_any_synonyms_gives_the_same_inspections(seed):
    expected, found = in_another_order("verifications_periodiques", KIND, 1, 3, _FIELDS, seed)
    assert len(expected) > 30
    assert found == expected


def test_the_demonstration_table_and_its_deliberately_wrong_lines():
    found = of_file(DEMO / "verifications.xlsx", KIND)
    assert len(found.rows) == 337
    by_place = {(row.sheet, row.row): row for row in found.rows}
    refused = {place for place, row in by_place.items() if row.refused}
    assert refused == {("Collèges", 35), ("Collèges", 62)}
    assert by_place["Centres d'exploitation", 26].values["department"] == "37"
    assert "site" not in by_place["Parc, ateliers et dépôts", 13].values
    negative = by_place["Sièges, culture et labo", 23]
    assert "« -12 »" in " ".join(negative.problems[0].message.split())
    assert negative.remarks == ["Fréquence (mois) : -12"]
    assert by_place["Collèges", 2].values["reference_code"] == "INC-05"
    assert by_place["Collèges", 2].values["count"] == 1


def test_grouped_headings_blank_sites_and_words_for_dates_periods_and_conclusions(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        VGP=[
            ["DÉPARTEMENT DE LOIR-ET-CHER"],
            [],
            ["Établissement", "Matériel", "Dernier contrôle", None, None, None, "Fréquence",
             "Prochain contrôle", "Réserves"],
            [None, None, "Date", "Organisme", "Rapport n°", "Résultat", None, None, None],
            ["Collège Péguy", "Extincteurs portatifs et mobiles", date(2025, 3, 4), "Vérif", "R-1",
             "RAS", "annuelle", date(2026, 3, 4), None],
            [None, "Ascenseur", "mars 2024", "Apt", 1234, "Favorable avec réserves", "5 ans",
             "03/2029", "1) Câble usé 2) Éclairage HS"],
            [None, "Chaudière", "jamais", None, None, None, "12 mois", None, None],
            ["Collège Zola", "Tableau électrique", "12/02/2025", "Dek", "E-7", "NC", "tous les ans",
             "12/02/2026", "- Différentiel HS\n- Absence de schéma"],
            ["Total", "4 équipements"],
        ],
    )  # fmt: skip
    assert values(found, "site") == ["Collège Péguy"] * 3 + ["Collège Zola"]
    assert values(found, "last_inspection", "last_inspection_precision", "never_inspected") == [
        (date(2025, 3, 4), None, None),
        (date(2024, 3, 31), "month", None),
        (None, None, True),
        (date(2025, 2, 12), None, None),
    ]
    assert values(found, "period_months") == [12, 60, 12, 12]
    assert values(found, "next_due")[1] == date(2029, 3, 31)
    assert values(found, "conclusion") == [
        "compliant", "with_observations", None, "with_observations",
    ]  # fmt: skip
    assert values(found, "observations") == [
        [], ["Câble usé", "Éclairage HS"], [], ["Différentiel HS", "Absence de schéma"],
    ]  # fmt: skip
    assert values(found, "reference_code") == ["INC-01", None, None, None]
    assert values(found, "department") == ["41"] * 4
    assert found.other[-1].why is RowRole.TOTAL


def test_a_sheet_for_each_site_and_one_for_each_employer(tmp_path):
    heads = ["Désignation", "Date de visite", "Périodicité (ans)", "Échéance", "Avis"]
    found = of_workbook(
        tmp_path,
        KIND,
        Collège_Péguy=[heads, ["Chariot", date(2025, 1, 1), 1, date(2026, 1, 1), "Favorable"]],
        CD_45_Dépôt_de_Gien=[heads, ["Pont", "01/2025", 0.5, 2029, "C"]],
        Loiret=[["Site", *heads], ["Parc", "Grue", "02/01/2025", 4, "02/01/2029", "non conforme"]],
        Légende=[["C", "Conforme"], ["NC", "Non conforme"]],
    )
    assert values(found, "site") == ["Collège Péguy", "CD 45 Dépôt de Gien", "Parc"]
    assert values(found, "department") == [None, "45", "45"]
    assert values(found, "period_months") == [12, 6, 48]
    assert values(found, "next_due")[1] == date(2029, 12, 31)
    assert values(found, "conclusion") == ["compliant", "compliant", "with_observations"]
    assert [other.sheet for other in found.other_sheets] == ["Légende"]


def test_lines_alone_name_the_site_and_the_rank_of_a_row_is_no_remark(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            [
                "N°",
                "Équipement",
                "Marque",
                "Vérifié le",
                "Vérifié par",
                "Conforme O/N",
                "Anomalies",
            ],
            ["COLLÈGE CHARLES PÉGUY"],
            [1, "Extincteurs", "Sic", date(2025, 3, 3), "Vérif", "O", None],
            [2, "Alarme", "Def", date(2025, 3, 4), "Def", "N", "Batterie"],
            ["Dépôt de Gien"],
            [1, "Pont", "Xyl", date(2025, 3, 5), "Apt", "O", "néant"],
        ],
    )
    assert fields(found)["Vérifié le"] == "last_inspection"
    assert fields(found)["Vérifié par"] == "body"
    assert values(found, "site") == ["COLLÈGE CHARLES PÉGUY"] * 2 + ["Dépôt de Gien"]
    assert values(found, "conclusion") == ["compliant", "with_observations", "compliant"]
    assert [row.remarks for row in found.rows] == [[], ["Conforme O/N : N"], []]


def test_a_windows_file_with_tabs_and_dates_in_columns_that_could_be_names(tmp_path):
    found = of_text(
        tmp_path,
        KIND,
        [
            ["Contrôlé le", "Installation", "Bâtiment", "CD", "Périodicité", "Conclusion", "Nb"],
            [
                "04/03/2025",
                "Désenfumage",
                "Hôtel du Département",
                "45",
                "2 fois par an",
                "2 obs",
                4,
            ],
            ["2025-04-01", "Éclairage de sécurité", "MDS", "28", "trimestrielle", "3 NC", 1],
            ["jamais fait", "Alarme", "MDS", "28", "12", "", ""],
        ],
        mark="\t",
        encoding="cp1252",
    )
    assert values(found, "equipment") == ["Désenfumage", "Éclairage de sécurité", "Alarme"]
    assert values(found, "last_inspection") == [date(2025, 3, 4), date(2025, 4, 1), None]
    assert values(found, "period_months", "count") == [(6, 4), (3, 1), (12, None)]
    assert values(found, "never_inspected") == [None, None, True]


@pytest.mark.parametrize(
    ("typed", "code", "kept"),
    [
        ("Conforme", "compliant", False),
        ("c", "compliant", False),
        ("R.A.S.", "compliant", False),
        ("Avis favorable", "compliant", False),
        ("sans observation", "compliant", False),
        ("0 observation", "compliant", False),
        ("avec obs.", "with_observations", False),
        ("3 observations", "with_observations", False),
        ("NC", "with_observations", True),
        ("Non conforme", "with_observations", True),
        ("Avis défavorable", "with_observations", True),
        ("Favorable avec réserves", "with_observations", True),
        ("Arrêt immédiat", "stopped", False),
        ("Hors service", "stopped", True),
        ("Interdit d’usage", "stopped", True),
    ],
)
def test_a_conclusion_in_other_words_keeps_those_that_say_more(tmp_path, typed, code, kept):
    row = one(tmp_path, **{"Dernier contrôle": date(2026, 1, 5), "Conclusion": typed})
    assert row.values["conclusion"] == code
    assert row.remarks == ([f"Conclusion : {typed}"] if kept else [])


@pytest.mark.parametrize(
    "typed", ["jamais", "Jamais vérifié", "non contrôlé", "aucune vérification"]
)
def test_never_inspected_in_the_column_of_dates(tmp_path, typed):
    row = one(tmp_path, **{"Dernière vérification": typed})
    assert row.values["never_inspected"] is True
    assert not row.problems


@pytest.mark.parametrize(("typed", "remarks"), [("-", 0), ("à retrouver", 0), ("à programmer", 1)])
def test_a_date_that_is_not_known_is_no_finding(tmp_path, typed, remarks):
    row = one(tmp_path, **{"Dernière vérification": typed})
    assert "never_inspected" not in row.values
    assert "last_inspection" not in row.values
    assert (len(row.remarks), row.problems) == (remarks, [])


def test_never_inspected_among_the_observations_and_a_report_that_is_missing(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Site", "Équipement", "Date", "Observations"],
            ["Dépôt", "Pont", "-", "Jamais vérifié - à programmer"],
            ["Dépôt", "Grue", None, "Rapport à retrouver"],
        ],
    )
    assert values(found, "never_inspected", "observations") == [
        (True, []),
        (None, ["Rapport à retrouver"]),
    ]
    assert found.rows[1].remarks == ["Observation sans date de vérification : Rapport à retrouver"]


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        (1.5, Decimal("1.5")),
        ("6 semaines", Decimal("1.5")),
        ("hebdomadaire", Decimal("0.25")),
        ("Annuelle (12 mois)", 12),
        ("triennale", 36),
        ("5 ans", 60),
    ],
)
def test_a_period_in_figures_or_words(tmp_path, typed, months):
    assert one(tmp_path, Périodicité=typed).values["period_months"] == months


def test_a_period_that_is_none_is_a_remark_or_a_problem(tmp_path):
    assert one(tmp_path, Périodicité="avant chaque usage").remarks == [
        "Périodicité : avant chaque usage"
    ]
    (message,) = messages_of(one(tmp_path, Périodicité="12/24"))
    assert message.startswith(
        "Ligne 2, colonne « Périodicité » : « 12/24 » n’est pas une périodicité"
    )


def messages_of(row):
    return [" ".join(problem.message.split()) for problem in row.problems]


def test_an_impossible_date_refuses_the_row_and_a_missing_equipment_too(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Site", "Équipement", "N° de série", "Dernière vérification", "Conclusion"],
            ["Dépôt", "Pont", "P-1", "31/04/2026", "Conforme"],
            ["Dépôt", None, "P-2", "30/04/2026", "Conforme"],
        ],
    )
    assert messages(found) == {
        2: [f"Ligne 2, colonne « Dernière vérification » : {IMPOSSIBLE}"],
        3: ["Ligne 3 : « Équipement » est à remplir."],
    }
    assert [row.refused for row in found.rows] == [True, True]


def test_other_codes_and_unknown_columns_go_to_the_remarks(tmp_path):
    row = one(tmp_path, **{"Code": "X9", "Mise en service": 2012, "Coût": 120})
    assert row.remarks == ["Code : X9", "Mise en service : 2012", "Coût : 120"]
    assert one(tmp_path, Code="lev01").values["reference_code"] == "LEV-01"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1) Câble usé\n2) Éclairage HS", ["Câble usé", "Éclairage HS"]),
        ("1) Câble usé 2) Éclairage HS", ["Câble usé", "Éclairage HS"]),
        ("1 - Câble usé\n2 - Éclairage HS", ["Câble usé", "Éclairage HS"]),
        ("1/ Câble usé ; 2/ Éclairage HS", ["Câble usé", "Éclairage HS"]),
        ("- Câble usé\n- Éclairage HS", ["Câble usé", "Éclairage HS"]),
        ("Bloc 2) hors service", ["Bloc 2) hors service"]),
        ("2-roues garés devant", ["2-roues garés devant"]),
        ("Néant", []),
        ("R.A.S.", []),
        ("Aucune observation", []),
    ],
)
def test_the_observations_of_a_cell(tmp_path, typed, found):
    cells = {"Dernier contrôle": date(2026, 1, 5), "Observations": typed}
    assert one(tmp_path, **cells).values["observations"] == found
