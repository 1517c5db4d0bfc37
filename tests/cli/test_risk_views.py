"""The matrix and the change over the years through the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def rated(cli: Cli) -> list[str]:
    """Two units, a rated risk in each; returns the references of the units."""
    for name, figures in (("CER de Gien", ("4", "3", "1")), ("Archives", ("2", "1", "1"))):
        cli("add", "work_unit", f"name={name}")
        risk = cli("add", "risk", f"work_unit={name}", "situation=Danger")["reference"]
        severity, frequency, control = figures
        given = ("--severity", severity, "--frequency", frequency, "--control", control)
        cli("risk", "rate", risk, *given, "--reason", "Visite")
    cli("add", "risk", "work_unit=Archives", "situation=À voir")
    named = {each["fields"]["name"]: each["reference"] for each in cli("list", "work_unit")}
    return [named["CER de Gien"], named["Archives"]]


def filled(told: dict) -> dict[tuple[int, int], dict]:
    return {(each["row"], each["column"]): each for each in told["cells"] if each["count"]}


def test_the_matrix_of_a_branch_tells_its_cells(cli: Cli, rated: list[str]) -> None:
    told = cli("risk", "matrix")
    assert (told["method"], told["row"], told["to_evaluate"]) == ("gfm-1", "severity", 1)
    assert len(told["cells"]) == 16
    cells = filled(told)
    assert set(cells) == {(4, 3), (2, 1)}
    assert (cells[4, 3]["level"], cells[4, 3]["residual"]) == ("critical", {"2": 1})
    assert set(filled(cli("risk", "matrix", "--unit", rated[0]))) == {(4, 3)}
    code, out, _ = cli.raw("risk", "matrix")
    assert code == 0
    assert "Très grave" in out


def test_a_method_without_two_axes_has_no_matrix(cli: Cli) -> None:
    cli("method", "choose", "kinney-1")
    assert "deux critères" in cli.refused("risk", "matrix")


def test_the_change_is_told_for_a_branch(cli: Cli, rated: list[str]) -> None:
    (*_, today) = cli("risk", "trend")
    assert (today["medium"], today["low"], today["unrated"]) == (1, 1, 1)
    (*_, today) = cli("risk", "trend", "--unit", rated[1])
    assert (today["medium"], today["low"], today["unrated"]) == (0, 1, 1)
    assert "XX" in cli.refused("risk", "trend", "--unit", "45-UNIT-XX-1")
