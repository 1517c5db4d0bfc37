"""Organisation charts: directorates, services, sites and work units, whatever the layout."""

from __future__ import annotations

import openpyxl
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

KIND = "organisation"
_FIELDS = "direction service site town work_unit unit_type women men headcount".split()


@pytest.mark.untraced
def test_the_real_chart_is_read_right_and_every_row_accounted_for():
    score = measured("organigramme", KIND)
    assert score.unaccounted == []
    assert min(of.recall for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert min(of.precision for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert score.rows.right == 452


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_columns_under_any_synonyms_gives_the_same_units(seed):
    expected, found = in_another_order("organigramme", KIND, 1, 3, _FIELDS, seed)
    assert len(expected) > 30
    assert found == expected


def test_the_demonstration_chart_and_its_deliberately_wrong_lines():
    found = of_file(DEMO / "organigramme.xlsx", KIND)
    assert len(found.rows) == 286
    assert [(row.sheet, row.row) for row in found.rows if row.refused] == [
        ("41 - Loir-et-Cher", 21)
    ]
    by_place = {(row.sheet, row.row): row for row in found.rows}
    assert by_place["37 - Indre-et-Loire", 4].values["department"] == "37"
    assert by_place["45 - Loiret", 38].values["women"] == -2
    for place, key in ((("28 - Eure-et-Loir", 31), "women"), (("28 - Eure-et-Loir", 66), "men")):
        assert key not in by_place[place].values
        assert "n’est pas un nombre entier" in by_place[place].problems[0].message
    assert [sheet.sheet for sheet in found.other_sheets] == ["Récapitulatif"]


def test_a_flat_table_in_another_order_says_all_on_each_row(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Site", "UT", "Effectif", "dont F", "dont H", "Service", "Direction", "Dpt"],
            ["Hôtel", "Accueil", 12, 8, 4, "Logistique", "DGS", 45],
            ["Hôtel", "Courrier", "3 agents", None, None, "Logistique", "DGS", 45],
            ["Parc", "Atelier", "10 (1 F / 9 H)", None, None, "Parc", "Routes", "CD 41"],
        ],
    )
    assert values(found, "department", "work_unit", "women", "men", "headcount") == [
        ("45", "Accueil", 8, 4, 12),
        ("45", "Courrier", None, None, 3),
        ("41", "Atelier", 1, 9, 10),
    ]


def test_two_rows_of_headings_blanks_below_and_totals(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Direction des routes"
    for row in (
        ["ORGANISATION DU DÉPARTEMENT (28)"],
        [],
        ["Service", "Unité de travail", "Lieu", "Effectifs"],
        [None, None, None, "F", "H", "Total"],
        ["Agence Nord", "CE Alpha", "Centre d'Alpha", 1, 9, 10],
        [None, "CE Beta", "Centre de Beta", 0, 7, 7],
        ["Total agence Nord", None, None, 1, 16, 17],
        ["Agence Sud", "CE Gamma", "Centre de Gamma", 2, 6, 8],
        ["Ensemble : total", None, None, 3, 22, 25],
    ):
        sheet.append(row)
    sheet.merge_cells("D3:F3")
    book.save(tmp_path / "effectifs.xlsx")
    found = of_file(tmp_path / "effectifs.xlsx", KIND)
    assert values(found, "department", "direction", "service", "work_unit", "women", "headcount")[
        :3
    ] == [
        ("28", "Direction des routes", "Agence Nord", "CE Alpha", 1, 10),
        ("28", "Direction des routes", "Agence Nord", "CE Beta", 0, 7),
        ("28", "Direction des routes", "Agence Sud", "CE Gamma", 2, 8),
    ]
    assert [row.row for row in found.other if row.why is RowRole.TOTAL] == [7]


def test_lines_alone_name_the_directorate_service_or_site_of_the_units_below(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        CD41=[
            ["Unité", "Commune", "Nb agents", "Activités"],
            ["Direction des routes"],
            ["Service entretien"],
            ["CE Alpha", "Alpha", 10, "Patrouille"],
            ["CE Beta", "Beta", 9, "Patrouille"],
            ["Direction des collèges"],
            ["Collège Jean-Moulin"],
            ["Cuisine", "Blois", 5, "Restauration"],
        ],
    )
    assert values(found, "department", "direction", "service", "site", "work_unit") == [
        ("41", "Direction des routes", "Service entretien", None, "CE Alpha"),
        ("41", "Direction des routes", "Service entretien", None, "CE Beta"),
        ("41", "Direction des collèges", None, "Collège Jean-Moulin", "Cuisine"),
    ]
    assert sum(row.why is RowRole.SECTION for row in found.other) == 4


def test_a_chart_without_units_gives_its_services_and_sites(tmp_path):
    found = of_text(
        tmp_path,
        KIND,
        [
            ["Direction", "Service", "Site", "Adresse", "Commune"],
            ["Routes", "Parc", "Parc routier", "1 rue de l’Écluse", "Vendôme"],
            ["Routes", "Agence Nord", "Dépôt Nord", "2 rue Haute", "Mer"],
        ],
        mark="\t",
        encoding="cp1252",
    )
    assert values(found, "direction", "service", "site", "town") == [
        ("Routes", "Parc", "Parc routier", "Vendôme"),
        ("Routes", "Agence Nord", "Dépôt Nord", "Mer"),
    ]
    assert found.rows[0].remarks == ["Adresse : 1 rue de l’Écluse"]


def test_a_headcount_without_a_unit_to_belong_to_is_reported(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Direction", "Service", "Effectif"],
            ["Routes", "Parc", 12],
            ["Routes", "Agence Nord", 30],
        ],
    )
    assert not any(row.refused for row in found.rows)
    assert messages(found)[2] == ["Ligne 2 : effectif sans unité de travail ; il n’est pas repris."]


def test_a_type_of_unit_is_known_by_its_code_or_title_and_any_other_is_kept(tmp_path):
    kinds = [
        "CER",
        "collège - restauration scolaire",
        "Établissements et accueil de l'enfance",
        "Port",
    ]
    rows = [["Direction", "Unité de travail", "Type d'unité"]]
    rows += [["Routes", f"Unité {number}", kind] for number, kind in enumerate(kinds)]
    found = of_workbook(tmp_path, KIND, Feuil1=rows)
    assert values(found, "unit_type") == ["CER", "COLR", "ENFA", "Port"]


def test_counts_are_never_taken_for_names(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Bilan=[
            ["Département", "Sites", "Unités de travail", "Effectif"],
            ["Loiret (45)", 65, 164, 2],
        ],
    )
    assert found.rows == []
    assert found.refusal


def test_the_widest_known_level_is_taken_for_the_directorate(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Pôle", "Service", "Équipe", "Effectif"],
            ["Pôle routes", "Parc", "Mécaniciens", 8],
            [None, None, "Peintres", 3],
        ],
    )
    assert fields(found)["Pôle"] == "direction"
    assert values(found, "direction", "service", "work_unit", "headcount") == [
        ("Pôle routes", "Parc", "Mécaniciens", 8),
        ("Pôle routes", "Parc", "Peintres", 3),
    ]
