"""Erasing, eliminating and holding, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli


def observe(cli: Cli, day: str) -> str:
    return cli(
        *("add", "health_safety_entry", "site=Atelier", f"reported_on={day}"),
        *("observation=Dupont a glissé", "author=Dupont"),
    )["reference"]


def test_from_what_is_due_to_what_was_eliminated(cli: Cli, tmp_path: Path):
    cli("add", "site", "name=Atelier")
    old, held = observe(cli, "01/03/2010"), observe(cli, "01/03/2011")
    assert [each["count"] for each in cli("archive", "due")["due"]] == [2]
    hold = cli("archive", "hold", held, "--reason", "Litige")["reference"]
    out = tmp_path / "bordereau.xlsx"
    made = cli("archive", "prepare", "RSST", "--before", "01/01/2015", "--out", str(out))
    assert (made["records"], made["held"]) == ([old], {held: hold})
    assert out.exists()
    list_ = made["reference"]
    assert "visa" in cli.refused("archive", "execute", list_)
    cli("archive", "visa", list_, "--number", "12", "--date", "01/10/2020")
    assert cli("archive", "execute", list_, "--dry-run")["records"] == [old]
    cli("archive", "execute", list_)
    (told,) = cli("archive", "due")["eliminations"]
    assert (told["state"], told["visa"], told["count"]) == ("executed", "12", 1)
    assert [each["reference"] for each in cli("list", "health_safety_entry")] == [held]
    assert "ne s’annule pas" in cli.refused("undo")
    assert hold in cli.refused("archive", "erase-names", held, "--reason", "Demande")
    cli("archive", "release", hold)
    cli("archive", "erase-names", held, "--reason", "Demande")
    (shown,) = cli("list", "health_safety_entry")
    assert shown["fields"]["author"] == "effacé"


def test_a_date_that_is_none_is_wrong_usage(cli: Cli):
    code, _, error = cli.raw("archive", "prepare", "RSST", "--before", "")
    assert code == 2
    assert "date" in error
