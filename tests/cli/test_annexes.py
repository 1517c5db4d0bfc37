"""The annexes through the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli


def test_shown_with_what_is_missing_and_written_as_a_workbook(cli: Cli, tmp_path: Path) -> None:
    cli("add", "work_unit", "name=Atelier", "women=20", "men=30")
    cli(
        *("add", "risk", "work_unit=Atelier", "situation=Meuleuse", "factor=Bruit"),
        *("exposed=20", "cmr=oui"),
    )
    found = {each["annex"]: each for each in cli("annexes", "show")}
    assert list(found) == [
        *("annex_factors", "annex_cmr", "annex_heat", "annex_rps", "annex_rps_grid"),
        *("annex_sexes", "annex_groups"),
    ]
    assert [each["unit"] for each in found["annex_factors"]["rows"]] == [
        "Ensemble du département",
        "Atelier",
    ]
    assert found["annex_cmr"]["missing"][0]["register"] == "cmr_use"
    (one,) = cli("annexes", "show", "--annex", "annex_sexes")
    assert one["rows"] == []
    assert "impact selon le sexe à dire" in str(one["missing"])
    code, out, _ = cli.raw("annexes", "show", "--annex", "annex_factors")
    assert code == 0
    assert "Manque : Atelier : Bruit, à renseigner" in out
    file = tmp_path / "annexes.xlsx"
    assert cli("annexes", "export", "--out", str(file))["file"] == str(file)
    assert file.exists()


def test_an_unknown_annex_is_refused_with_those_that_there_are(cli: Cli) -> None:
    assert "annex_heat" in cli.refused("annexes", "show", "--annex", "chaleur")
