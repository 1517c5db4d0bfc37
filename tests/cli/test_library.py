from __future__ import annotations

import openpyxl
import pytest


@pytest.fixture
def units(cli) -> tuple[str, str]:
    made = [cli("add", "work_unit", f"name={name}") for name in ("Atelier de Gien", "Atelier Nord")]
    return made[0]["reference"], made[1]["reference"]


def test_the_library_is_listed_and_shown(cli):
    jobs = cli("library", "list")
    assert len(jobs) == 17
    shown = cli("library", "show", "atel")
    assert shown["risks"][0]["number"] == "ATEL-01"
    assert shown["risks"][0]["existing"]
    code, out, _ = cli.raw("library", "show", "ATEL")
    assert code == 0
    assert "ATEL-01" in out
    assert "À proposer" in out
    assert "ATEL" in cli.refused("library", "show", "Astronaute")


def test_risks_are_taken_followed_and_declined(cli, units):
    taken = cli("library", "take", "ATEL-01", "ATEL-02", "--unit", units[0], "--unit", units[1])
    assert taken == {"risks": 4, "already": 0}
    again = cli.refused("library", "take", "ATEL-01", "--unit", units[0])
    assert "déjà" in again
    assert cli("library", "updates") == []
    cli("set", "3D-BIBL-000-ATEL-01", "harm=Écrasement")
    updates = cli("library", "updates")
    assert [each["unit"] for each in updates] == ["Atelier de Gien", "Atelier Nord"]
    assert updates[0]["differences"] == [
        {"field": "harm", "before": "Écrasement, décès", "now": "Écrasement"}
    ]
    cli("library", "accept", updates[0]["risk"])
    assert cli("show", updates[0]["risk"])["fields"]["harm"] == "Écrasement"
    cli("library", "decline", "--all")
    assert cli("show", updates[1]["risk"])["fields"]["harm"] == "Écrasement, décès"
    assert cli("library", "updates") == []
    assert "ne diffère" in cli.refused("library", "accept", "--all")
    code, _, error = cli.raw("library", "take", "--unit", units[0])
    assert code == 2
    assert "--type" in error


def test_a_whole_unit_type_is_taken_with_what_it_proposes_as_actions(cli, units):
    assert cli("library", "take", "--type", "ATEL", "--unit", units[0], "--actions")["risks"] == 12
    actions = cli("list", "planned_action")
    assert {each["fields"]["state"] for each in actions} == {"proposed"}
    cli("undo")
    assert cli("list", "risk") == []


def test_variants_of_a_unit_type_are_looked_at_one_by_one(cli, units):
    cli("library", "take", "ATEL-01", "ATEL-02", "--unit", units[0])
    cli("set", units[1], f"type_of={units[0]}")
    assert [each["name"] for each in cli("unit", "variants", units[0])] == ["Atelier Nord"]
    sheet = cli("unit", "sheet", units[1])
    assert sheet["type"] == "Atelier de Gien"
    first = sheet["common"][0]["risk"]
    cli("unit", "not-applicable", first, "--unit", units[1], "--reason", "Pas de pont ici")
    sheet = cli("unit", "sheet", units[1])
    assert [each["reason"] for each in sheet["not_applicable"]] == ["Pas de pont ici"]
    assert len(sheet["common"]) == 1
    code, out, _ = cli.raw("unit", "sheet", units[1])
    assert code == 0
    assert "sans objet ici (1)" in out
    cli("unit", "applicable", first, "--unit", units[1])
    assert len(cli("unit", "sheet", units[1])["common"]) == 2
    assert "cotation différente" in cli.refused("unit", "as-common", first, "--unit", units[1])


def test_jobs_are_counted_by_unit_and_written_without_small_figures(cli, units, tmp_path):
    cli("add", "job", "name=Mécanicien")
    cli("job", "count", units[0], "Mécanicien", "--women", "2", "--men", "12")
    cli("job", "count", units[1], "Mécanicien", "--women", "7", "--men", "9")
    (job,) = [each for each in cli("job", "list") if each["units"]]
    assert [(each["women"], each["men"]) for each in job["units"]] == [(2, 12), (7, 9)]
    out = tmp_path / "metiers.xlsx"
    cli("export", "jobs", "--out", str(out))
    book = openpyxl.load_workbook(out)
    table = {
        row[2].value: [cell.value for cell in row[4:7]] for row in book["Effectifs"].iter_rows()
    }
    assert table["Atelier de Gien"] == ["< 5", "< 5", 14]
    assert table["Atelier Nord"] == ["< 5", "< 5", 16]
    assert book["Risques types"].max_row >= 192
    cli("job", "forget", units[0], "Mécanicien")
    assert "n’a pas ce métier" in cli.refused("job", "forget", units[0], "Mécanicien")


def test_what_others_did_about_a_risk_is_told(cli, units):
    cli("library", "take", "ATEL-01", "--unit", units[0])
    (risk,) = cli("list", "risk")
    assert cli("risk", "similar", risk["reference"]) == []
    assert "risque" in cli.refused("risk", "similar", units[0])
