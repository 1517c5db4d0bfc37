"""Documents rated by other methods: recognised by headings and figures, kept on their scales."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from prevention_app.domain.ratings import assess
from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.shipped_methods import shipped_methods
from prevention_app.exchange.understanding import Mapping, TableMapping, Understanding, understand

Understood = Callable[..., Understanding]

FIVE_TABLE = {
    0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 8: 7, 9: 8, 12: 10, 16: 12, 18: 14, 24: 17, 27: 20,
    32: 25, 36: 27, 48: 31, 54: 35, 64: 40, 72: 42, 81: 44, 96: 46, 108: 48, 128: 50, 144: 55,
    162: 60, 192: 66, 216: 70, 243: 77, 256: 80, 288: 84, 324: 87, 384: 90, 432: 92, 512: 95,
    576: 96, 768: 98, 1024: 100,
}  # fmt: skip
"""What the tool that the five criteria come from prints for each product."""


@pytest.fixture
def understood(tmp_path: Path) -> Understood:
    """Writes a workbook of one sheet and understands it as a document unique."""

    def read(*rows: tuple[object, ...], said: str = "") -> Understanding:
        book = openpyxl.Workbook()
        book.active.title = "Atelier mécanique"
        for each in rows:
            book.active.append(each)
        book.save(tmp_path / "du.xlsx")
        mapping = None
        if said:
            table = TableMapping(sheet="Atelier mécanique", fixed={"rating_method": said})
            mapping = Mapping("duerp", tables=[table])
        return understand(read_source(tmp_path / "du.xlsx"), import_kind("duerp"), mapping)

    return read


def methods_of(found: Understanding) -> set[object]:
    return {row.values.get("rating_method") for row in found.rows}


FIVE = ("Risque", "Gravité", "Exposition", "Occurrence", "Formation", "Protection", "Cotation")


def test_five_criteria_give_the_printed_value_for_every_product_of_the_table(understood):
    seen: dict[int, tuple[int, ...]] = {}
    for figures in product(range(5), range(5), range(1, 5), range(1, 5), range(1, 5)):
        made = figures[0] * figures[1] * figures[2] * figures[3] * figures[4]
        seen.setdefault(made, figures)
    assert len(seen) == len(set(FIVE_TABLE) & set(seen)), "no product is left out"
    rows = [
        (f"Situation dangereuse numéro {made}", *figures, FIVE_TABLE[made])
        for made, figures in seen.items()
    ]
    found = understood(FIVE, *rows)
    assert not found.refusal
    assert methods_of(found) == {"five-1"}
    assert len(found.rows) == len(rows)
    method = shipped_methods()["five-1"]
    for row in found.rows:
        assert assess(method, row.values).residual == row.values["rating"], row.values["situation"]
    assert any("Cinq critères" in each for each in found.notes)


def test_the_figures_may_stand_with_their_words_and_the_headings_with_their_scale(understood):
    found = understood(
        (
            *("Famille", "Risque", "Gravité (0-4)", "Exposition (0-4)", "Occurrence (1-4)"),
            *("Formation (1-4)", "Protection (1-4)", "Mesures existantes"),
        ),
        (
            *("Chute de hauteur", "Chute de hauteur depuis la nacelle", "4 - Vitale"),
            *("Hebdomadaire", "2", 3, "3 : EPI", "Harnais"),
        ),
        (
            *("Bruit", "Bruit continu à l’atelier de tôlerie", 2, "4 - Quotidienne"),
            *(1, 2, "Individuelle", "Bouchons"),
        ),
    )
    assert [
        tuple(row.values[key] for key in ("severity", "frequency", "occurrence", "training"))
        for row in found.rows
    ] == [(4, 3, 2, 3), (2, 4, 1, 2)]
    assert [row.values["protection"] for row in found.rows] == [3, 3]


@pytest.mark.parametrize("severity", [1, 5, 7, 10])
@pytest.mark.parametrize("frequency", [1, 3, 7, 9])
def test_the_oira_scale_is_kept_and_gives_the_printed_level(understood, severity, frequency):
    value = severity * frequency
    level = "Low" if value < 10 else "Medium" if value <= 45 else "High"
    found = understood(
        ("Risk", "Severity", "Frequency", "Priority"),
        ("Working at height without guard rails", severity, frequency, level),
        ("Handling of heavy loads in the stores", 10, 9, "High"),
    )
    first = found.rows[0].values
    assert methods_of(found) == {"sf-1"}
    assert (first["severity"], first["frequency"]) == (severity, frequency)
    assert assess(shipped_methods()["sf-1"], first).residual_level.label_en == level


@pytest.mark.parametrize(
    "headings",
    [
        ("Risque", "Probabilité", "Fréquence", "Effet", "Priorité"),
        ("Risk", "Probability", "Frequency", "Effect", "Priority"),
        ("Situation de travail", "P", "F", "E", "Niveau de risque"),
        ("Risque", "Probabilité", "Exposition", "Gravité", "Priorité"),
    ],
)
def test_kinney_is_known_by_three_columns_and_gives_the_printed_levels(understood, headings):
    rows = [
        (f"Situation dangereuse {p} {f} {e}", p, f, e, _kinney_level(p * f * e))
        for p, f, e in product((1, 3, 5), (1, 4, 7), (1, 5, 10))
    ]
    found = understood(headings, *rows)
    assert methods_of(found) == {"kinney-1"}
    method = shipped_methods()["kinney-1"]
    for row, (_, probability, frequency, effect, level) in zip(found.rows, rows, strict=True):
        assert row.values["occurrence"] == probability
        assert (row.values["frequency"], row.values["severity"]) == (frequency, effect)
        assert assess(method, row.values).residual_level.label_fr == level


def _kinney_level(value: int) -> str:
    return "Faible" if value <= 15 else "Moyen" if value <= 50 else "Élevé"


def test_a_figure_off_the_scale_refuses_its_row_with_cell_and_steps(understood):
    rows = [(f"Situation dangereuse {at}", 7, 3) for at in range(6)]
    found = understood(("Risque", "Gravité", "Fréquence"), *rows, ("Chute dans la fosse", 8, 3))
    refused = [row for row in found.rows if row.refused]
    assert [row.values["situation"] for row in refused] == ["Chute dans la fosse"]
    (problem,) = [each for each in refused[0].problems if each.fatal]
    assert (problem.sheet, problem.cell) == ("Atelier mécanique", "B8")
    for step in ("1 (faible)", "5 (moyenne)", "7 (grave)", "10 (très grave)"):
        assert step in problem.message


def test_a_qualitative_grid_is_read_by_its_words(understood):
    found = understood(
        ("Situation", "Famille", "Appréciation qualitative"),
        ("Conflits répétés avec les usagers", "RPS", "Dégradée"),
        ("Autonomie dans le choix des horaires", "RPS", "Favorable"),
    )
    assert methods_of(found) == {"rps-1"}
    assert [row.values["judgement"] for row in found.rows] == [3, 1]


def test_usual_scales_stay_as_they_were(understood):
    four = understood(
        ("Risque", "G", "F", "M"),
        ("Chute de plain-pied dans le hall", 3, 4, 2),
        ("Coupure avec le massicot", 1, 1, 1),
    )
    assert methods_of(four) == {None}
    five_steps = understood(
        ("Risque", "Gravité", "Fréquence"),
        ("Chute de plain-pied dans le hall", 5, 4),
        ("Coupure avec le massicot", 2, 5),
    )
    assert methods_of(five_steps) == {"gf-1"}
    assert five_steps.rows[0].values["severity"] == 4, "of five, brought to four"


def test_what_two_scales_could_be_is_asked_and_the_answer_holds(understood):
    rows = [(f"Situation dangereuse {at}", 5 if at % 2 else 1, 3) for at in range(6)]
    headings = ("Risque", "Gravité", "Fréquence")
    asked = understood(headings, *rows)
    assert "sf-1" in asked.refusal
    assert [each.field for each in asked.questions] == ["rating_method"]
    oira = understood(headings, *rows, said="sf-1")
    assert not oira.refusal
    assert methods_of(oira) == {"sf-1"}
    assert oira.rows[1].values["severity"] == 5
    usual = understood(headings, *rows, said="Gravité × fréquence")
    assert methods_of(usual) == {"gf-1"}
    assert usual.rows[1].values["severity"] == 4


def test_an_action_plan_of_oira_is_understood_by_its_columns(understood):
    found = understood(
        (
            "Planning start", "Planning end", "General approach", "Expertise needed",
            "Responsible", "Budget", "Section", "Risk number", "Risk", "Priority", "Comments",
        ),
        (
            "01/02/2027", "30/06/2027", "Poser des garde-corps", "Serrurier", "Chef d’atelier",
            1500, "Travail en hauteur", "3.2", "Accès en toiture sans protection", "High", "",
        ),
    )  # fmt: skip
    (row,) = found.rows
    (action,) = row.values["planned_actions"]
    assert row.values["situation"] == "Accès en toiture sans protection"
    assert row.values["hazard_family"] == "Travail en hauteur"
    assert action["title"] == "Poser des garde-corps"
    assert (action["start"].isoformat(), action["due"].isoformat()) == ("2027-02-01", "2027-06-30")
    assert (action["pilot"], action["resources"]) == ("Chef d’atelier", "Serrurier")
    assert action["cost"] == 1500


def test_three_criteria_on_scales_of_no_method_are_asked_about_and_never_halved(understood):
    headings = ("Risque", "Probabilité", "Exposition", "Gravité", "Score")
    rows = [
        (f"Situation dangereuse {p} {e} {g}", p, e, g, p * e * g)
        for p, e, g in ((0.5, 6, 40), (3, 10, 15), (6, 2, 7), (10, 6, 100))
    ]
    asked = understood(headings, *rows)
    assert "kinney-1" in asked.refusal
    assert [each.field for each in asked.questions] == ["rating_method"]
    known = understood(headings, *rows, said="kinney-1")
    assert not known.refusal
    assert all(row.refused for row in known.rows)
    assert methods_of(understood(headings, *rows, said="gf-1")) == {"gf-1"}
