"""Documents uniques in layouts that nobody foresaw are understood all the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.understanding import (
    Confidence,
    Mapping,
    RowRole,
    TableMapping,
    understand,
)
from tests.exchange.understanding.made_workbooks import workbook

ROAD = "Intervention à pied sous circulation"
SLICER = "Utilisation du trancheur à jambon"
VISIT = "Visite à domicile seule le soir"


def values(understood, key):
    return [row.values.get(key) for row in understood.rows]


def fields(understood):
    return {column.heading: column.field for column in understood.tables[0].columns}


def roles(understood):
    return {other.row: other.why for other in understood.other}


def test_headings_in_row_12_in_any_order_under_a_title_block_without_colons(understood):
    found = understood(
        [
            ["Département du Loiret"],
            [],
            ["Document unique 2026"],
            [],
            ["Service", "Restauration", None, "Date de mise à jour", date(2026, 3, 2)],
            ["Rédigé par", "Mme Roy"],
            *([[]] * 5),
            ["Délai", "Qui", "Actions à mener", "Moyens de prévention existants", "Conséquences",
             "Situation à risque", "Catégorie de risque", "Poste", "Prob.", "Grav.",
             "Niv. maîtrise"],
            ["T2 2027", "M. Roy", "Gants", "Poussoir ; affiche", "Coupure", SLICER, "Machines",
             "Cuisine", 4, "3", 2],
        ]
    )  # fmt: skip
    (row,) = found.rows
    assert row.row == 13
    assert row.values["work_unit"] == "Cuisine"
    assert row.values["org_unit"] == "Restauration"
    assert row.values["rated_on"] == date(2026, 3, 2)
    assert row.values["rated_by"] == "Mme Roy"
    assert row.values["department"] == "45"
    assert [row.values[key] for key in ("severity", "frequency", "control")] == [3, 4, 2]
    assert row.values["existing_measures"] == ["Poussoir", "affiche"]
    assert row.values["hazard_family_code"] == "EQUI"
    assert row.values["planned_actions"] == [
        {
            "title": "Gants",
            "pilot": "M. Roy",
            "due": date(2027, 6, 30),
            "due_text": "T2 2027",
            "due_precision": "quarter",
        }
    ]
    assert row.cells["situation"] == "F13"
    assert set(roles(found).values()) == {RowRole.TITLE, RowRole.HEADING}


def test_english_headings(understood):
    found = understood(
        [
            ["Work unit", "Hazard", "Hazardous situation", "Consequences", "Severity (S)",
             "Likelihood (L)", "Risk score", "Existing controls", "Further actions", "Owner",
             "Due date", "Status"],
            ["Workshop", "Noise", "Angle grinder all day long", "Deafness", 3, 4, 12, "Ear plugs",
             "Quieter tools", "J. Doe", "06/2027", "In progress"],
        ]
    )  # fmt: skip
    (row,) = found.rows
    assert (row.values["severity"], row.values["frequency"], row.values["rating"]) == (3, 4, 12)
    assert row.values["planned_actions"] == [
        {
            "title": "Quieter tools",
            "pilot": "J. Doe",
            "due": date(2027, 6, 30),
            "due_text": "06/2027",
            "due_precision": "month",
            "state": "in_progress",
        }
    ]


def test_a_scale_of_five_is_brought_to_four_levels_and_said(understood):
    found = understood(
        [
            ["UT", "Situation dangereuse", "G", "F", "M"],
            ["Atelier", ROAD, 5, 3, 2],
            ["Atelier", SLICER, 2, 1, 4],
        ]
    )
    assert values(found, "severity") == [4, 2]
    assert "G : 5 sur une échelle de 1 à 5" in found.rows[0].remarks
    assert any("échelle de 1 à 5" in note for note in found.notes)


def test_one_figure_beyond_the_scale_is_a_problem_of_its_row(understood):
    found = understood(
        [["UT", "Situation dangereuse", "G", "F"], ["A", ROAD, 7, 2], ["A", SLICER, 3, 2]]
    )
    assert values(found, "severity") == [None, 3]
    (problem,) = found.rows[0].problems
    assert (problem.cell, problem.fatal) == ("C2", False)
    assert "1 à 4 est attendu" in problem.message
    assert "G : 7" in found.rows[0].remarks


def test_grouped_headings_say_which_measures_are_meant(understood):
    book = workbook(
        Atelier=[
            ["Évaluation des risques"],
            [],
            ["Identification", None, None, "Évaluation", None, "Mesures de prévention existantes",
             None, None, "Plan d'action", None, None],
            ["Tâche", "Danger", "Modalités d'exposition", "Gravité", "Probabilité", "Techniques",
             "Organisationnelles", "Humaines", "Mesures", "Responsable", "Délai"],
            ["Soudage", "Fumées", "Soudage à l'arc en local fermé", "Très grave", "Fréquent",
             "Aspiration", "Rotation", "Formation", "Masque ventilé", "Chef", "fin 2026"],
        ]
    )  # fmt: skip
    for area in ("A3:C3", "D3:E3", "F3:H3", "I3:K3"):
        book["Atelier"].merge_cells(area)
    found = understood(book)
    (row,) = found.rows
    assert row.values["work_unit"] == "Atelier"
    assert row.values["activity"] == "Soudage"
    assert row.values["existing_measures"] == ["Aspiration", "Rotation", "Formation"]
    assert row.values["planned_actions"][0]["title"] == "Masque ventilé"
    assert (row.values["severity"], row.values["frequency"]) == (4, 3)


def test_the_same_without_merged_cells_as_a_csv_would_have_it(tmp_path: Path):
    path = tmp_path / "risques.csv"
    path.write_text(
        "Unité;Risque;;Cotation;;;Mesures;\n"
        ";Famille;Situation;G;F;M;existantes;à prendre\n"
        f"Voirie;Bruit;{ROAD};1;2;3;Gants;Achat\n",
        encoding="utf-8",
    )
    (row,) = understand(read_source(path), import_kind("duerp")).rows
    assert row.values["hazard_family_code"] == "BRUI"
    assert [row.values[key] for key in ("severity", "frequency", "control")] == [1, 2, 3]
    assert row.values["existing_measures"] == ["Gants"]
    assert row.values["planned_actions"] == [{"title": "Achat"}]


def test_a_residual_rating_does_not_take_the_place_of_the_first_one(understood):
    book = workbook(
        Cuisine=[
            ["Situation dangereuse", "Évaluation initiale", None, "Évaluation résiduelle", None],
            [None, "G", "P", "G", "P"],
            [SLICER, 4, 3, 2, 1],
        ]
    )
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        book["Cuisine"].merge_cells(area)
    (row,) = understood(book).rows
    assert (row.values["severity"], row.values["frequency"]) == (4, 3)
    assert "Évaluation résiduelle — G : 2" in row.remarks


def test_lines_alone_among_the_rows_give_the_unit_and_the_family(understood):
    found = understood(
        [
            ["Situation dangereuse", "Dommages", "Mesures existantes", "Action"],
            ["ATELIER MENUISERIE"],
            ["Chute de hauteur"],
            ["Montée sur escabeau pour ranger", "Fracture", "Escabeau", "Rayonnages bas"],
            ["Bruit"],
            ["Utilisation de la scie à ruban", "Surdité", "Bouchons", None],
            ["LOGE DU GARDIEN"],
            ["Accueil de personnes agitées", "Stress", "Téléphone", "Bouton d'alarme"],
            ["Document établi avec les agents le 3 mars 2026."],
        ]
    )
    assert values(found, "work_unit") == ["ATELIER MENUISERIE"] * 2 + ["LOGE DU GARDIEN"]
    assert values(found, "hazard_family_code") == ["CHUH", "BRUI", None]
    assert roles(found)[2] is RowRole.SECTION
    assert roles(found)[9] is RowRole.NOTE


def test_a_risk_repeated_for_each_of_its_actions_is_one_risk(understood):
    found = understood(
        [
            ["Unité", "Risque", "Situation dangereuse", "G", "F", "M", "Mesures de prévention",
             "Actions à mettre en place", "Pilote", "Échéance", "Avancement"],
            ["Voirie", "Risque routier", ROAD, 4, 4, 2, "Gilet", "Flèche", "M. A",
             date(2027, 1, 1), 0.5],
            ["Voirie", "Risque routier", ROAD, 4, 4, 2, "Gilet", "Formation", "M. B", "idem", 1],
            ["Voirie", "Bruit", "Tronçonneuse", 3, 3, 2, "Casque", "Mesurage", '"', None,
             "À faire"],
            [None, None, None, None, None, None, "Bouchons", "Achat", "M. C", None, "reporté"],
        ]
    )  # fmt: skip
    first, second = found.rows
    assert (first.row, first.last_row) == (2, 3)
    assert [action["pilot"] for action in first.values["planned_actions"]] == ["M. A", "M. B"]
    assert [action["due"] for action in first.values["planned_actions"]] == [date(2027, 1, 1)] * 2
    assert [action["progress"] for action in first.values["planned_actions"]] == [50, 100]
    assert (second.row, second.last_row) == (4, 5)
    assert second.values["existing_measures"] == ["Casque", "Bouchons"]
    assert [(a["pilot"], a["state"]) for a in second.values["planned_actions"]] == [
        ("M. B", "to_do"),
        ("M. C", "postponed"),
    ]


def test_actions_in_numbered_columns(understood):
    found = understood(
        [
            ["UT", "Situation dangereuse", "Action 1", "Pilote 1", "Échéance 1", "Action 2",
             "Pilote 2", "Échéance 2"],
            ["Voirie", ROAD, "Flèche", "A", "2027", "Formation", "B", "T3 2026"],
            ["Voirie", SLICER, None, None, None, "Gants", "C", None],
        ]
    )  # fmt: skip
    titles = [[a["title"] for a in row.values["planned_actions"]] for row in found.rows]
    assert titles == [["Flèche", "Formation"], ["Gants"]]
    assert found.rows[0].values["planned_actions"][1]["due"] == date(2026, 9, 30)


def test_the_unit_is_the_name_of_the_sheet_when_nothing_else_says_it(understood):
    rows = [
        ["Danger", "Situation", "Gravité", "Fréquence"],
        ["Agression", VISIT, "grave", "fréquent"],
    ]
    found = understood(workbook(Accueil_MDS=rows, PMI=rows))
    assert values(found, "work_unit") == ["Accueil MDS", "PMI"]
    assert sum("nom de la feuille" in note for note in found.notes) == 2


def test_a_title_for_each_block_gives_the_unit(understood):
    head = ["Situation dangereuse", "Dommages", "Gravité", "Fréquence"]
    found = understood(
        [
            ["DOCUMENT UNIQUE"],
            ["Cuisine"],
            head,
            [ROAD, "a", "Grave", "Rare"],
            [],
            ["Salle de restaurant"],
            head,
            [SLICER, "b", "Grave", "Rare"],
        ]
    )
    assert values(found, "work_unit") == ["Cuisine", "Salle de restaurant"]
    assert roles(found)[7] is RowRole.REPEATED_HEADING


def test_a_page_title_repeated_with_the_headings_is_no_unit(understood):
    head = ["Unité", "Situation dangereuse", "G", "F"]
    book = workbook(
        DUERP=[
            ["DUERP MAIRIE"],
            head,
            ["Accueil", ROAD, 1, 2],
            [None, SLICER, 2, 2],
            ["DUERP MAIRIE"],
            head,
            ["Voirie", VISIT, 1, 2],
        ]
    )
    book["DUERP"].merge_cells("A3:A4")
    found = understood(book)
    assert values(found, "work_unit") == ["Accueil", "Accueil", "Voirie"]
    assert roles(found)[5] is RowRole.TITLE


def test_several_labelled_tables_on_a_sheet_and_a_legend_below(understood):
    head = ["Situation dangereuse", "Dommages", "G", "F", "M"]
    found = understood(
        [
            ["UNITÉ DE TRAVAIL : Voirie"],
            ["Effectif : 12"],
            head,
            [ROAD, "Décès", 4, 4, 2],
            ["Total", None, 5],
            [],
            ["UNITÉ DE TRAVAIL : Cuisine"],
            ["Effectif : 3"],
            head,
            [VISIT, "Coup", 4, 3, 2],
            [],
            ["Note", "Gravité", "Fréquence", "Maîtrise"],
            [1, "mineure", "rare", "bonne"],
        ]
    )
    assert values(found, "work_unit") == ["Voirie", "Cuisine"]
    assert values(found, "headcount") == [12, 3]
    assert values(found, "severity") == [4, 4]
    assert roles(found)[5] is RowRole.TOTAL
    assert roles(found)[13] is RowRole.OTHER_TABLE


def test_nothing_says_the_unit_one_question_and_its_answer(understood):
    rows = [["Situation dangereuse", "Dommages", "Gravité"], [ROAD, "a", "Grave"]]
    found = understood(rows)
    (question,) = found.questions
    assert question.field == "work_unit"
    assert question.message in found.refusal
    answer = Mapping("duerp", tables=[TableMapping(sheet="Feuil1", fixed={"work_unit": "Voirie"})])
    answered = understood(rows, mapping=Mapping.from_json(answer.to_json()))
    assert not answered.refusal
    assert values(answered, "work_unit") == ["Voirie"]


def test_colours_stand_for_ratings(understood):
    head = ["Unité de travail", "Situation dangereuse", "Gravité", "Fréquence", "Risque"]
    book = workbook(
        DUERP=[head, *([unit, ROAD + unit, None, None, None] for unit in ("A", "B", "C", "D"))]
    )
    colours = ("92D050", "FFFF00", "FFC000", "FF0000")
    for row, colour in enumerate(colours, 2):
        for column in "CDE":
            book["DUERP"][f"{column}{row}"].fill = PatternFill("solid", fgColor=colour)
    found = understood(book)
    assert values(found, "severity") == [1, 2, 3, 4]
    assert values(found, "rating_level") == ["faible", "modéré", "important", "critique"]
    assert any("couleur" in remark for remark in found.rows[0].remarks)


def test_strikes_comments_hidden_rows_and_unknown_columns_are_not_lost(understood):
    book = workbook(
        DUERP=[
            ["UT", "Situation dangereuse", "Mesures existantes", "Action", "Observations"],
            ["Voirie", ROAD, "Gilet", "Flèche", "vu avec M. X"],
            ["Voirie", SLICER, "Gants", "Poussoir", None],
            ["Voirie", VISIT, "Téléphone", "Visite à deux", None],
        ]
    )
    sheet = book["DUERP"]
    sheet["D2"].comment = Comment("Auteur:\nvoir devis", "Auteur")
    sheet["D3"].font = Font(strike=True)
    sheet["B4"].font = Font(strike=True)
    sheet.row_dimensions[3].hidden = True
    found = understood(book)
    first, second, third = found.rows
    assert "Observations : vu avec M. X" in first.remarks
    assert any("voir devis" in remark and "D2" in remark for remark in first.remarks)
    assert second.values["planned_actions"] == [{"title": "Poussoir", "state": "abandoned"}]
    assert any("masquées" in note and "(3)" in note for note in found.notes)
    assert [problem.cell for problem in third.problems] == ["B4"]


def test_a_hidden_sheet_with_a_table_is_not_read_and_this_is_said(understood):
    rows = [["UT", "Situation dangereuse", "G"], ["Voirie", ROAD, 1]]
    book = workbook(DUERP=rows, Archive=rows)
    book["Archive"].sheet_state = "hidden"
    found = understood(book)
    assert len(found.rows) == 1
    assert [other.sheet for other in found.other_sheets] == ["Archive"]
    assert any("Archive" in note for note in found.notes)


def test_a_legend_explains_local_words_and_turns_a_scale_round(understood):
    book = workbook(
        DUERP=[
            ["UT", "Situation dangereuse", "Dommages", "Gravité", "Maîtrise"],
            ["Voirie", ROAD, "Décès", "Palier rouge", 1],
            ["Voirie", SLICER, "Coupure", "Palier vert", 4],
        ],
        Échelles=[
            ["Note", "Gravité", "Fréquence", "Maîtrise"],
            [1, "Palier vert", "rare", "Insuffisante"],
            [2, "Palier jaune", "occasionnelle", "Partielle"],
            [3, "Palier orange", "fréquente", "Bonne"],
            [4, "Palier rouge", "permanente", "Très bonne"],
        ],
    )
    found = understood(book)
    assert values(found, "severity") == [4, 1]
    assert values(found, "control") == [4, 1]
    assert any("inversés" in note for note in found.notes)
    assert [other.sheet for other in found.other_sheets] == ["Échelles"]


def test_words_of_scales_however_written(understood):
    found = understood(
        [
            ["UT", "Situation dangereuse", "Gravité", "Fréquence", "Maîtrise", "Niveau"],
            ["A", ROAD, "4 Très grave", "1 fois par mois", "Aucune", "Inacceptable"],
            ["B", SLICER, "Trés grave", "Quotidien", "partiele", "MOYEN"],
            ["C", VISIT, None, None, None, None],
        ]
    )
    assert values(found, "severity") == [4, 4, None]
    assert values(found, "frequency") == [2, 4, None]
    assert values(found, "control") == [4, 3, None]
    assert values(found, "rating_level") == ["critique", "modéré", None]
    assert not any(row.problems for row in found.rows)


def test_a_cost_for_several_actions_is_their_total(understood):
    found = understood(
        [
            ["UT", "Situation dangereuse", "Actions", "Pilote", "Coût (k€)"],
            ["Voirie", ROAD, "- un\n- deux", "X", 2.5],
            ["Voirie", SLICER, "- un", "X\nY", "env. 500 €"],
        ]
    )
    first, second = found.rows
    assert first.values["planned_actions_cost_total"] == Decimal(2500)
    assert [a["title"] for a in first.values["planned_actions"]] == ["un", "deux"]
    assert second.values["planned_actions"][0]["cost"] == Decimal(500)
    assert "Coût (k€) : env. 500 €" in second.remarks


def test_lists_that_do_not_line_up_are_kept_as_a_remark(understood):
    found = understood(
        [
            ["UT", "Situation dangereuse", "Actions", "Pilote"],
            ["Voirie", ROAD, "un\ndeux\ntrois", "X\nY"],
        ]
    )
    (row,) = found.rows
    assert [action.get("pilot") for action in row.values["planned_actions"]] == [None] * 3
    assert row.remarks == ["Pilote : X\nY"]
    assert [problem.fatal for problem in row.problems] == [False]


def test_an_unsure_column_says_so(understood):
    found = understood([["UT", "Situation", "Gravité"], ["Voirie", ROAD, 2]])
    words = {column.heading: column.word for column in found.tables[0].columns}
    assert words["Situation"] is Confidence.TO_CHECK
    assert words["Gravité"] is Confidence.SURE


def test_columns_corrected_by_hand_are_known_again_by_their_headings(understood):
    rows = [["UT", "Libellé", "Précisions", "G"], ["Voirie", ROAD, "Coupure", 2]]
    before = understood(rows)
    table = TableMapping({2: "situation", 3: "harm"}, header=(1, 1), sheet="Feuil1")
    first = understood(rows, mapping=Mapping("duerp", "Mairie", [table]))
    table.signature = first.tables[0].signature
    saved = Mapping("duerp", "Mairie", [table]).to_json()
    again = understood(rows, sheet="Autre nom", mapping=Mapping.from_json(saved))
    assert not [row for row in before.rows if row.values.get("harm")]
    assert fields(again) == {
        "UT": "work_unit", "Libellé": "situation", "Précisions": "harm", "G": "severity",
    }  # fmt: skip
    assert Mapping.from_json(saved).knows([again.tables[0].signature])
    assert values(again, "harm") == ["Coupure"]


def test_every_filled_row_is_accounted_for_once(understood):
    found = understood(
        [
            ["Titre"],
            ["UT", "Famille", "Situation dangereuse", "Actions"],
            [],
            ["A", "Bruit", ROAD, "- un\n- deux"],
            [None, None, None, "trois"],
            [None, None, SLICER, None],
            ["Sous-total", None, "2 risques"],
            ["TOTAL", None, "2 risques"],
            ["(1) note de bas de page"],
        ]
    )
    of_records = [at for row in found.rows for at in range(row.row, row.last_row + 1)]
    of_others = [other.row for other in found.other]
    assert sorted(of_records + of_others) == [1, 2, 4, 5, 6, 7, 8, 9]
    assert len(found.rows[0].values["planned_actions"]) == 3
    assert values(found, "work_unit") == ["A", "A"]
