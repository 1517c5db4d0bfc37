"""Rating, confirming and copying risks through the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def risk(cli: Cli) -> str:
    """A risk in the first of three units."""
    for name in ("CER de Gien", "CER de Montargis", "CER de Pithiviers"):
        cli("add", "work_unit", f"name={name}")
    made = cli("add", "risk", "work_unit=CER de Gien", "situation=Pose de cônes")["reference"]
    cli("add", "existing_measure", f"risk={made}", "title=Fourgon", "measure_type=collective")
    return str(made)


def units(cli: Cli) -> list[str]:
    return [each["reference"] for each in cli("list", "work_unit")]


def of(cli: Cli, register: str) -> list[dict]:
    return [each["fields"] for each in cli("list", register)]


def rate(cli: Cli, risk: str, *more: str) -> dict:
    figures = ("--severity", "3", "--frequency", "2", "--control", "2")
    return cli("risk", "rate", risk, *figures, "--reason", "Visite", *more)


def test_rated_by_command_each_time_anew(cli: Cli, risk: str) -> None:
    assert rate(cli, risk)["level"] == "Faible"
    rate(cli, risk, "--on", "20/11/2025", "--participants", "chef d’équipe", "--basis", "desk")
    held = {each["reason"]: each for each in of(cli, "rating")}
    assert len(of(cli, "rating")) == 2
    assert held["Visite"]["rated_by"] == "Conseiller de prévention"
    assert {each["basis"] for each in of(cli, "rating")} == {
        "on_site",
        "desk",
    }


def test_what_the_method_does_not_ask_for_is_refused(cli: Cli, risk: str) -> None:
    code, _, error = cli.raw("risk", "rate", risk, "--judgement", "2", "--reason", "x")
    assert code == 2
    assert "--judgement" in error
    assert "--severity" in error
    figures = ("--severity", "9", "--frequency", "2", "--control", "3")
    assert "Gravité" in cli.refused("risk", "rate", risk, *figures, "--reason", "x")
    assert "est à remplir" in cli.refused("risk", "rate", risk, "--severity", "3", "--reason", "x")
    unit = units(cli)[0]
    assert "ne désigne pas un risque" in cli.refused(
        "risk", "rate", unit, "--severity", "1", "--reason", "x"
    )
    assert of(cli, "rating") == []


def test_copied_to_units_then_confirmed_there(cli: Cli, risk: str) -> None:
    rate(cli, risk)
    _, *others = units(cli)
    assert cli("risk", "copy", risk, "--to", *others)["copies"] == 2
    assert len(of(cli, "rating")) == 1
    copies = [each["reference"] for each in cli("list", "risk") if each["reference"] != risk]
    assert cli("risk", "confirm", copies[0], "--participants", "chef de centre")["confirmed"] == 1
    cli("risk", "confirm", copies[1], "--in-bulk", "Même matériel, mêmes horaires")
    ratings = {each["basis"]: each for each in of(cli, "rating")}
    assert ratings["confirmed"]["participants"] == "chef de centre"
    assert ratings["in_bulk"]["reason"] == "Même matériel, mêmes horaires"
    assert ratings["in_bulk"]["measures"] == "Fourgon (Protection collective)"
    assert "déjà" in cli.refused("risk", "copy", risk, "--to", *others).lower()
    assert "Déjà évalués" in cli.refused("risk", "confirm", copies[0], "--in-bulk", "x")


def test_a_risk_without_a_rating_is_not_confirmed(cli: Cli, risk: str) -> None:
    assert "Pose de cônes" in cli.refused("risk", "confirm", risk)


def test_a_unit_is_copied_into_others_and_as_new_ones(cli: Cli, risk: str) -> None:
    rate(cli, risk)
    first, second, _ = units(cli)
    code, out, _ = cli.raw("risk", "copy-unit", first, "--to", second)
    assert (code, out) == (0, "1\u00a0risque recopié, à évaluer\n")
    assert cli("risk", "copy-unit", first, "--new", "CER A", "CER B")["copies"] == 2
    assert len(units(cli)) == 5
    assert "existe déjà" in cli.refused("risk", "copy-unit", first, "--new", "cer a")
    cli("undo")
    assert len(units(cli)) == 3


def test_ratings_without_a_date_are_listed(cli: Cli, risk: str) -> None:
    assert cli("risk", "undated") == []
    cli("add", "rating", f"risk={risk}", "severity=1", "frequency=1", "control=1")
    cli("set", risk, "evaluation=evaluated")
    (found,) = cli("risk", "undated")
    assert (found["risk"], found["situation"]) == (risk, "Pose de cônes")


def test_a_common_risk_is_rated_and_confirmed_for_one_variant_alone(cli: Cli, risk: str) -> None:
    kind, gien, montargis = units(cli)
    cli("set", gien, f"type_of={kind}")
    of_type = next(each["links"]["work_unit"] for each in cli("list", "risk"))
    assert of_type == kind
    rate(cli, risk)
    figures = ("--severity", "4", "--frequency", "4", "--control", "4")
    told = cli("risk", "rate", risk, *figures, "--reason", "Carrefour", "--variant", gien)
    assert told["residual"] == "16"
    assert cli("risk", "confirm", risk, "--variant", gien)["confirmed"] == 1
    assert [each["severity"] for each in of(cli, "rating") if each["work_unit"]] == [4, 4]
    refused = cli.refused("risk", "confirm", risk, "--variant", montargis)
    assert "n’est pas une variante" in refused
