"""The plan of a reorganisation as a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from prevention_app.domain.org_units import ORG_UNIT, WORK_UNIT
from prevention_app.domain.reorganisation import Act
from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reorganisation_plan import (
    HEADINGS,
    OPERATIONS,
    PlanLine,
    PresentUnit,
    read_plan,
    write_plan,
)

LINES = [
    PlanLine("", 0, act, register, unit="Routes", name="Neuf", to="Culture", site="Gien")
    for act, register in OPERATIONS.values()
]


def said(line: PlanLine) -> tuple[object, ...]:
    return (line.act, line.register, line.unit, line.name, line.to, line.site)


def test_every_operation_comes_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    write_plan(file, LINES, [PresentUnit("45-ORGA-1", "Direction", "Routes")])
    found = read_plan(file)
    assert [said(each) for each in found] == [said(each) for each in LINES]
    assert found[0].place("unit") == "feuille « Opérations », B2"
    assert found[2].place() == "feuille « Opérations », ligne 4"


def test_the_workbook_offers_operations_and_units_and_explains_each(tmp_path: Path) -> None:
    file = tmp_path / "modele.xlsx"
    write_plan(file, (), [PresentUnit("45-ORGA-1", "Direction", "Routes")])
    book = load_workbook(file)
    offered = book["Opérations"].data_validations.dataValidation
    assert len(offered) == 3
    explained = [row[0] for row in book["Mode d’emploi"].iter_rows(min_row=2, values_only=True)]
    assert explained == list(OPERATIONS)
    with pytest.raises(UnreadableFile, match="aucune opération"):
        read_plan(file)


def test_words_that_people_also_use_are_understood(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(
        "Vers;Unité;OPÉRATION\nB;A;fusionner\n;;\nB;A;Déplacer\n;U;supprimer\n", encoding="utf-8"
    )
    found = read_plan(file)
    assert [each.act for each in found] == [Act.MERGE, Act.MOVE, Act.CLOSE]
    assert [each.row for each in found] == [2, 4, 5]
    assert {each.register for each in found} == {ORG_UNIT}
    assert OPERATIONS["Créer une unité de travail"] == (Act.CREATE, WORK_UNIT)


def test_a_file_that_is_no_plan_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    file = tmp_path / "autre.csv"
    file.write_text("Nom;Prénom\nA;B\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=", ".join(HEADINGS[:-1])):
        read_plan(file)
    file.write_text("Opération;Unité\nPeindre;A\nRepeindre;B\n", encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read_plan(file)
    assert "A2" in str(refused.value)
    assert "A3" in str(refused.value), "all of them at once"
