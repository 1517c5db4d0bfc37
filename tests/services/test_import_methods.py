"""A document rated by another method becomes ratings by that method, with its own figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from prevention_app.catalogue.risk_document import Rating, Risk
from prevention_app.services import imports
from prevention_app.services.imports import ImportPlan, ImportRequest
from prevention_app.services.ratings import RatedRisk, rated_risks
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store


def workbook(path: Path, **sheets: list[tuple[Any, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def bring(store: Store, file: Path) -> ImportPlan:
    return imports.run(store, ImportRequest("duerp", (file,), "45"))


def rated(store: Store) -> dict[str, RatedRisk]:
    with store.reading() as read:
        return {each.risk.situation: each for each in rated_risks(read, ("45",))}


def count(store: Store, register: str) -> int:
    with store.reading() as read:
        return read.count(Query(register))


UNIT = ("Unité de travail", "Risque")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """One workbook whose three sheets are rated by three methods, with the levels they print."""
    return workbook(
        tmp_path / "du.xlsx",
        Cinq=[
            (*UNIT, "Gravité", "Exposition", "Occurrence", "Formation", "Protection", "Cotation"),
            ("Atelier", "Meulage sans écran", 2, 4, 2, 4, 4, 80),
            ("Atelier", "Éclats de bois", 1, 2, 1, 1, 2, 4),
        ],
        OiRA=[
            (*UNIT, "Gravité", "Fréquence", "Priorité"),
            ("Bureaux", "Armoire non fixée", 7, 9, "Élevé"),
            ("Bureaux", "Lumière insuffisante", 5, 9, "Moyen"),
        ],
        Kinney=[
            (*UNIT, "Probabilité", "Fréquence", "Effet", "Priorité"),
            ("Chantier", "Travail sous circulation", 5, 7, 10, "Élevé"),
            ("Chantier", "Port de bordures", 3, 1, 5, "Élevé"),
        ],
    )


def test_each_sheet_keeps_its_method_its_figures_and_the_levels_that_it_prints(store, mixed):
    plan = bring(store, mixed)
    assert not [each for each in plan.problems if each.refused]
    found = rated(store)
    told = {
        name: (
            each.rating.method if each.rating else "",
            int(each.assessment.residual or -1) if each.assessment else None,
            each.assessment.residual_level.label_fr if each.assessment else "",
        )
        for name, each in found.items()
    }
    assert told == {
        "Meulage sans écran": ("five-1", 80, "Critique"),
        "Éclats de bois": ("five-1", 4, "Faible"),
        "Armoire non fixée": ("sf-1", 63, "Élevé"),
        "Lumière insuffisante": ("sf-1", 45, "Moyen"),
        "Travail sous circulation": ("kinney-1", 350, "Élevé"),
        "Port de bordures": ("kinney-1", 15, "Faible"),
    }
    grinding = cast("Rating", found["Meulage sans écran"].rating)
    assert (grinding.occurrence, grinding.training, grinding.protection) == (2, 4, 4)
    assert grinding.control is None


def test_a_printed_level_that_the_method_does_not_give_is_kept_as_a_remark(store, mixed):
    bring(store, mixed)
    remarks = {name: cast("Risk", each.risk).import_remarks for name, each in rated(store).items()}
    assert "Niveau écrit : Élevé" in str(remarks["Port de bordures"])
    others = [each for name, each in remarks.items() if name != "Port de bordures"]
    assert not any("écrit" in str(each) for each in others)


def test_the_same_file_again_adds_no_rating(store, mixed):
    bring(store, mixed)
    before = count(store, "rating")
    bring(store, mixed)
    assert count(store, "rating") == before == 6


def test_a_figure_off_the_scale_leaves_its_row_out_and_says_where(store, tmp_path):
    rows = [("Atelier", f"Situation {at} à l’atelier", 7, 9) for at in range(5)]
    file = workbook(
        tmp_path / "du.xlsx",
        Feuil1=[
            (*UNIT, "Gravité", "Fréquence"),
            *rows,
            ("Atelier", "Chute dans la fosse", 7, 8),
        ],
    )
    plan = bring(store, file)
    (problem,) = [each for each in plan.problems if each.refused]
    assert (problem.sheet, problem.cell) == ("Feuil1", "D7")
    assert "1 (rare), 3 (peu fréquente), 7 (fréquente), 9 (très fréquente)" in problem.message
    assert "Chute dans la fosse" not in rated(store)
    assert len(rated(store)) == 5


def test_a_qualitative_grid_is_rated_without_gravity_nor_frequency(store, tmp_path):
    file = workbook(
        tmp_path / "rps.xlsx",
        RPS=[
            (*UNIT, "Famille", "Appréciation RPS"),
            ("MDD", "Conflits avec les usagers", "Risques psychosociaux", "Dégradée"),
            ("MDD", "Horaires imprévisibles", "Risques psychosociaux", "À surveiller"),
        ],
    )
    bring(store, file)
    found = rated(store)["Conflits avec les usagers"]
    assert found.rating is not None
    assert found.assessment is not None
    assert (found.rating.method, found.rating.judgement) == ("rps-1", 3)
    assert (found.rating.severity, found.rating.frequency) == (None, None)
    assert found.assessment.residual_level.label_fr == "Dégradée"


def test_gravity_and_frequency_alone_are_rated_with_what_is_in_place(store, tmp_path):
    file = workbook(
        tmp_path / "gf.xlsx",
        DU=[
            (*UNIT, "Gravité", "Fréquence"),
            ("Atelier", "Chute de plain-pied", 3, 4),
            ("Atelier", "Coupure au massicot", 2, 1),
        ],
    )
    bring(store, file)
    found = rated(store)["Chute de plain-pied"]
    assert found.rating is not None
    assert found.assessment is not None
    assert found.rating.method == "gf-1"
    assert found.assessment.residual_level.label_fr == "Critique"
