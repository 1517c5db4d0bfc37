"""Inventories of store rooms: what is written on the shelf is read, whatever the layout."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prevention_app.exchange.french_quantities import Quantity, read_quantity
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

KIND = "phyto-stock"


@pytest.mark.untraced
def test_the_real_inventory_is_read_right_and_every_row_accounted_for():
    score = measured("stock_phyto", KIND)
    assert score.unaccounted == []
    assert min(of.recall for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert min(of.precision for of in score.fields.values()) >= 0.98, score.wrong[:5]
    assert score.rows.right == 198


_FIELDS = (
    "department site store_room name_as_written amm_as_written quantity lot purchased expires "
    "packaging remark"
).split()


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_columns_under_any_synonyms_gives_the_same_lines(seed):
    expected, found = in_another_order("stock_phyto", KIND, 0, 4, _FIELDS, seed)
    assert len(expected) > 30
    assert found == expected


def test_the_demonstration_inventory_and_its_deliberately_wrong_lines():
    found = of_file(DEMO / "stock_phyto.xlsx", KIND)
    assert len(found.rows) == 100
    by_row = {row.row: row for row in found.rows}
    assert {row.row for row in found.rows if row.refused} == {13, 48}
    assert "n’est pas une quantité" in by_row[32].problems[0].message
    assert by_row[32].values["quantity_text"] == "plein"
    assert by_row[71].values["quantity"] == -3
    assert by_row[112].values["department"] == "37"
    assert by_row[18].values["name_as_written"] == "Bidon blanc sans étiquette"
    assert "amm_as_written" not in by_row[18].values
    assert [other.why for other in found.other].count(RowRole.NOTE) == 8


def test_figure_unit_and_size_in_columns_of_their_own_under_a_labelled_title(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Inventaire=[
            ["Conseil départemental d'Eure-et-Loir"],
            ["Dépôt :", "Centre de Brou"],
            [],
            ["N°", "Armoire", "Produit", "AMM", "Qté", "Unité", "Année d'achat", "DLU",
             "Entamé (O/N)", "Substance active", "Observations"],
            [1, "A1", "Roundup Flex", "2090048", 5, "L", 2015, "12/2019", "O", "glyphosate",
             "PPNU"],
            [2, None, "Karate Zeon", "AMM n° 9800336", 500, "ml", "2014", None, "N", None, None],
            [3, "A2", "Anti-mousse", None, "2 bidons", "-", None, None, None, None, None],
            [None, None, None, None, "Total", 7.5],
        ],
    )  # fmt: skip
    assert values(found, "quantity", "unit", "quantity_text") == [
        (Decimal(5), "L", "5"),
        (Decimal("0.5"), "L", "500"),
        (None, None, "2 bidons"),
    ]
    assert values(found, "store_room") == ["A1", "A1", "A2"]
    assert values(found, "site", "department") == [("Centre de Brou", "28")] * 3
    assert values(found, "amm_as_written") == ["2090048", "AMM n° 9800336", None]
    assert values(found, "purchased", "purchased_precision")[:2] == [
        (date(2015, 12, 31), "year"),
        (date(2014, 12, 31), "year"),
    ]
    assert values(found, "expires")[0] == date(2019, 12, 31)
    assert values(found, "opened") == [True, False, None]
    assert found.rows[0].remarks == ["Substance active : glyphosate"]


def test_containers_times_their_size_where_no_column_says_the_quantity(tmp_path):
    heads = ["Désignation", "N° d'homologation", "Conditionnement", "Nb bidons", "État"]
    found = of_workbook(
        tmp_path,
        KIND,
        Collège_Péguy=[heads, ["Décis", "8200210", "bidon 1 L", 3, "bon"]],
        Dépôt_de_Gien=[
            heads,
            ["Local phyto"],
            ["Décis", "8200210", "4 x 5 L", None, "bon"],
            ["Garage"],
            ["Sluxx", 2100030, "sac de 10kg", 2, None],
            ["Fertil", None, None, None, None],
        ],
    )
    assert values(found, "site") == ["Collège Péguy", *["Dépôt de Gien"] * 3]
    assert values(found, "store_room") == [None, "Local phyto", "Garage", "Garage"]
    assert values(found, "containers", "container_size", "quantity", "unit") == [
        (3, Decimal(1), Decimal(3), "L"),
        (4, Decimal(5), Decimal(20), "L"),
        (2, Decimal(10), Decimal(20), "kg"),
        (None, None, None, None),
    ]


def test_a_unit_in_the_heading_holds_for_bare_figures_only(tmp_path):
    found = of_text(
        tmp_path,
        KIND,
        [
            ["Site", "Nom commercial", "N° AMM", "Quantité restante (L)"],
            ["Parc de Blois", "Kerb Flo", "2 170 123", "2,5"],
            ["", "Pistol", "2210389", "1 sac de 10 kg"],
        ],
        encoding="cp1252",
    )
    assert values(found, "site") == ["Parc de Blois"] * 2
    assert values(found, "quantity", "unit") == [(Decimal("2.5"), "L"), (Decimal(10), "kg")]


def test_a_column_of_numbers_without_a_heading_is_known_by_its_look(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Site", "Produit", None, "Stock"],
            *[["Dépôt", f"Produit {n}", 2100030 + n, "2 L"] for n in range(6)],
        ],
    )
    assert fields(found)[""] == "amm_as_written"
    assert values(found, "amm_as_written")[0] == "2100030"


def test_words_for_dates_are_remarks_and_impossible_dates_refuse_the_line(tmp_path):
    found = of_workbook(
        tmp_path,
        KIND,
        Feuil1=[
            ["Site", "Produit", "Quantité", "Date d'achat", "Péremption"],
            ["Dépôt", "Kerb", "2 L", "ancien", "illisible"],
            ["Dépôt", "Pistol", "3 L", "mars 2018", "31/02/2027"],
        ],
    )
    assert found.rows[0].remarks == ["Date d'achat : ancien", "Péremption : illisible"]
    assert found.rows[1].values["purchased"] == date(2018, 3, 31)
    assert found.rows[1].values["purchased_precision"] == "month"
    assert list(messages(found)) == [3]
    assert found.rows[1].refused


LITRES = {"unit": "L"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (9, Quantity(Decimal(9), None)),
        ("1,5 L", Quantity(Decimal("1.5"), **LITRES)),
        ("1 000 L", Quantity(Decimal(1000), **LITRES)),
        ("500 ml", Quantity(Decimal("0.5"), **LITRES)),
        ("-3 L", Quantity(Decimal(-3), **LITRES)),
        ("env. 9 kg", Quantity(Decimal(9), "kg", approximate=True)),
        ("3 kg environ", Quantity(Decimal(3), "kg", approximate=True)),
        ("15 à 20 L", Quantity(None, **LITRES, approximate=True)),
        ("4 x 10L", Quantity(Decimal(40), "L", 4, Decimal(10))),
        ("5 L x 4", Quantity(Decimal(20), "L", 4, Decimal(5))),
        ("2 bidons de 500 ml", Quantity(Decimal(1), "L", 2, Decimal("0.5"))),
        ("2 bidons de 5 L + 1 de 10 L", Quantity(Decimal(20), "L", 3)),
        ("1 bidon 20L entamé", Quantity(None, "L", 1, Decimal(20), opened=True)),
        ("1 sac entamé de 5 kg", Quantity(None, "kg", 1, Decimal(5), opened=True)),
        (
            "1/2 bidon de 10 L",
            Quantity(Decimal(5), "L", 1, Decimal(10), approximate=True, opened=True),
        ),
        ("½ bidon 5L", Quantity(Decimal("2.5"), "L", 1, Decimal(5), approximate=True, opened=True)),
        ("1 bidon de 20 L (reste 5 L)", Quantity(Decimal(5), "L", 1, Decimal(20), opened=True)),
        ("12 doses", Quantity(None, None, 12)),
        ("vide", Quantity(Decimal(0), None)),
        ("plein", None),
        ("", None),
    ],
)
def test_a_quantity_as_people_write_it(typed, expected):
    assert read_quantity(typed) == expected
