"""A document rated by another method, brought in by command."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.cli.conftest import Cli


def test_a_question_of_method_is_answered_on_the_command_line(cli: Cli, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(("Unité de travail", "Risque", "Gravité", "Fréquence"))
    for at in range(6):
        book.active.append(("Atelier", f"Situation {at} à l’atelier", 5 if at % 2 else 1, 3))
    file = tmp_path / "du.xlsx"
    book.save(file)
    assert "sf-1" in cli.refused("import", "duerp", str(file))
    assert "rating_method" in cli.refused("import", "duerp", str(file), "--for-all", "méthode=sf-1")
    done = cli("import", "duerp", str(file), "--for-all", "rating_method=sf-1")
    assert done["created"]["risk"] == 6
    ratings = [each["fields"] for each in cli("list", "rating")]
    assert {each["method"] for each in ratings} == {"sf-1"}
    assert sorted({each["severity"] for each in ratings}) == [1, 5]
