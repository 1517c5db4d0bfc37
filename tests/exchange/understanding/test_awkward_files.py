"""The awkward files that can be read are understood, asked about or refused, in French."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.understanding import Mapping, TableMapping, understand

BAD = Path(__file__).parents[2] / "data" / "bad"


def duerp(name, mapping=None):
    return understand(read_source(BAD / name), import_kind("duerp"), mapping)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


READ = {
    "cellule_tres_longue.xlsx": 2,
    "dates_1904.xlsx": 3,
    "emoji_droite_a_gauche.xlsx": 2,
    "encodages_melanges.csv": 6,
    "entetes_multilignes.xlsx": 3,
    "injection_formules.xlsx": 4,
    "liens_externes.xlsx": 3,
    "mauvais_separateur.csv": 3,
    "nombres_en_texte.xlsx": 3,
    "traversee_de_chemin.xlsx": 3,
    "un_million_de_lignes.xlsx": 3,
    "ancien_format.xls": 3,
}


@pytest.mark.parametrize("name", READ)
def test_sound_rows_are_read_without_a_problem(name):
    found = duerp(name)
    assert not found.refusal
    assert len(found.rows) == READ[name]
    assert [problem for row in found.rows for problem in row.problems] == []
    assert all(row.values["work_unit"] and row.values["situation"] for row in found.rows)


def test_another_subject_is_refused_with_the_columns_found():
    assert plain(duerp("autre_sujet.xlsx").refusal) == (
        "Aucune colonne du document unique n’a été reconnue. "
        "Colonnes trouvées : Article, Prix HT, Fournisseur."
    )


def test_columns_of_the_same_name_are_asked_about_and_the_answer_is_followed():
    found = duerp("entetes_en_double.xlsx")
    assert plain(found.refusal).startswith(
        "Deux colonnes s’appellent « Mesures » (H et I) dans la feuille « DUERP ». "
        "Laquelle contient « Mesures existantes » ?"
    )
    assert [question.columns for question in found.questions] == [(8, 9), (10, 11)]
    answers = {
        8: "existing_measures",
        9: "planned_actions.title",
        10: None,
        11: "planned_actions.due",
    }
    answered = duerp(
        "entetes_en_double.xlsx", Mapping("duerp", tables=[TableMapping(answers, sheet="DUERP")])
    )
    assert not answered.refusal
    assert answered.rows[0].values["existing_measures"] == [
        "EPI haute visibilité",
        "fourgon équipé",
    ]
    (action,) = answered.rows[0].values["planned_actions"]
    assert (action["title"], action["due"]) == (
        "Flèche lumineuse de rabattement",
        date(2026, 12, 31),
    )
    assert "Échéance : 30/06/2025" in answered.rows[0].remarks


def test_impossible_dates_refuse_their_row_only():
    found = duerp("dates_negatives.xlsx")
    assert not found.refusal
    (sound,) = [row for row in found.rows if not row.refused]
    assert sound.row == 6
    assert sound.values["planned_actions"][0]["due"] == date(2025, 12, 9)
    messages = [plain(problem.message) for row in found.rows for problem in row.problems]
    assert messages[0] == (
        "Ligne 2, colonne « Échéance » : date impossible (-45) ; "
        "une date comme 31/12/2026 est attendue."
    )
    assert len(messages) == 5


def test_formulas_never_calculated_refuse_the_file_with_their_cells():
    assert plain(duerp("formules_sans_valeur.xlsx").refusal) == (
        "Cellules D2:D4, L2:L4 : formules non calculées. "
        "Ouvrez le classeur dans Excel, enregistrez, recommencez."
    )


def test_numbers_typed_as_text_are_numbers():
    found = duerp("nombres_en_texte.xlsx")
    assert [row.values["exposed"] for row in found.rows] == [1024, 12, 7]
    assert [row.values["control"] for row in found.rows] == [2, 2, 3]
    costs = [row.values["planned_actions_cost_total"] for row in found.rows]
    assert costs == [Decimal("1250.5"), 12000, 2500]


def test_what_looks_like_a_formula_stays_text():
    found = duerp("injection_formules.xlsx")
    assert [row.values["work_unit"] for row in found.rows] == [
        '=HYPERLINK("http://exemple.invalid";"clic")',
        "-Équipe de nuit",
        "=cmd|' /C calc'!A0",
        "\tTabulation",
    ]
    assert [row.values["situation"] for row in found.rows] == [
        "+33 2 38 00 00 00 appeler",
        "@SOMME(1+1)",
        "=1+1",
        "-2+3+cmd|' /C calc'!A0",
    ]


def test_a_cell_at_the_limit_is_read_whole():
    assert len(str(duerp("cellule_tres_longue.xlsx").rows[0].values["situation"])) > 32_000
