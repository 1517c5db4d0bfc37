"""The workbook shows the figures of the methods in use, and its glossary explains them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from prevention_app.services import exports, records
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store


def rate(store: Store, unit: str, situation: str, **figures: Any) -> None:
    risk, _ = records.create(
        store, "risk", {"work_unit": unit, "situation": situation, "evaluation": "evaluated"}
    )
    records.create(store, "rating", {"risk": risk.id, "rated_on": store.today(), **figures})


@pytest.fixture
def unit(store: Store) -> str:
    return records.create(store, "work_unit", {"name": "Atelier"})[0].id


def sheets(store: Store, out: Path) -> tuple[list[list[Any]], list[list[Any]]]:
    """The rows of the risks from their headings on, and those of the glossary."""
    exports.export_workbook(store, "45", out, Progress(), store.today())
    book = openpyxl.load_workbook(out, read_only=True)
    risks = [list(each) for each in book["DUERP"].iter_rows(min_row=4, values_only=True)]
    glossary = book["Glossaire et méthode"].iter_rows(values_only=True)
    return risks, [list(each) for each in glossary]


def test_one_method_shows_its_own_criteria_alone(store, unit, tmp_path):
    rate(store, unit, "Chute", method="gf-1", severity=3, frequency=4)
    (heads, row, *_), glossary = sheets(store, tmp_path / "a.xlsx")
    assert {"G", "F"} <= set(heads)
    assert not {"M", "Méthode", "Occurrence"} & set(heads)
    assert (row[heads.index("G")], row[heads.index("Résiduel")]) == (3, 12)
    assert row[heads.index("Niveau résiduel")] == "Critique"
    assert any(each[1] == "Gravité × fréquence" for each in glossary)
    assert not any("maîtrise" in str(each[0]) for each in glossary)


def test_several_methods_stand_side_by_side_and_each_risk_says_its_own(store, unit, tmp_path):
    rate(store, unit, "Meulage", method="gfm-1", severity=3, frequency=4, control=2)
    rate(
        store, unit, "Toiture", method="five-1", severity=4, frequency=4, occurrence=4,
        training=4, protection=3,
    )  # fmt: skip
    rate(store, unit, "Tensions", method="rps-1", judgement=3)
    (heads, *rows), glossary = sheets(store, tmp_path / "a.xlsx")
    found = {row[heads.index("Situation dangereuse")]: row for row in rows}
    said = {name: row[heads.index("Méthode")] for name, row in found.items() if name}
    assert said == {"Meulage": "gfm-1", "Toiture": "five-1", "Tensions": "rps-1"}
    assert found["Toiture"][heads.index("Protection")] == 3
    assert found["Tensions"][heads.index("Appréciation")] == 3
    assert found["Meulage"][heads.index("Occurrence")] is None
    titles = [str(each[0]) for each in glossary]
    assert [each for each in titles if each.startswith("Cotation des risques")] == [
        "Cotation des risques : five-1",
        "Cotation des risques : gfm-1",
        "Cotation des risques : rps-1",
    ]
