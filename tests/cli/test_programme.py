"""The yearly programme through the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

YEAR = datetime.now(UTC).year


@pytest.fixture
def made(cli: Cli) -> dict[str, str]:
    """An action of last year and one of this year, on one rated risk."""
    unit = cli("add", "work_unit", "name=CER de Gien")["reference"]
    risk = cli("add", "risk", f"work_unit={unit}", "situation=Cônes", "evaluation=Évalué")
    risk_reference = risk["reference"]
    cli("add", "rating", f"risk={risk_reference}", "severity=4", "frequency=3", "control=4",
        f"rated_on={YEAR}-01-01")  # fmt: skip
    found = {"risk": risk_reference, "unit": unit}
    for name, day in (("old", f"{YEAR - 1}-06-30"), ("new", f"{YEAR}-12-31")):
        title = f"title=Mesure {name}"
        found[name] = cli(
            "add", "planned_action", title, f"risk={risk_reference}", f"due={day}", "cost=500"
        )["reference"]
    return found


def test_carried_over_after_a_dry_run_then_shown_and_undone(cli: Cli, made) -> None:
    years = ("--from", str(YEAR - 1), "--to", str(YEAR))
    dry = cli("programme", "carry-over", *years, "--dry-run")
    assert dry == {"carried": [made["old"]], "already": 0, "written": False}
    assert len(cli("programme", "show", "--year", str(YEAR))["measures"]) == 1
    cli("programme", "carry-over", *years, "--reason", "Marché infructueux")
    shown = cli("programme", "show", "--year", str(YEAR), "--department", "45")
    assert {each["reference"]: each["carried_from"] for each in shown["measures"]} == {
        made["old"]: YEAR - 1,
        made["new"]: None,
    }
    assert shown["figures"]["own"]["measures"] == 1
    assert shown["figures"]["planned"] == 1000
    assert shown["previous"]["to_carry"] == 0
    code, out, _ = cli.raw("programme", "show", "--year", str(YEAR))
    assert code == 0
    assert f"de {YEAR - 1}" in out
    cli("undo")
    assert len(cli("programme", "show", "--year", str(YEAR))["measures"]) == 1
    assert "année suivante" in cli.refused(
        "programme", "carry-over", "--from", "2026", "--to", "2025"
    )


def test_of_one_unit_and_credits_that_were_voted(cli: Cli, made) -> None:
    cli("add", "programme_budget", f"year={YEAR}", "amount=2000")
    shown = cli("programme", "show", "--year", str(YEAR), "--unit", made["unit"])
    assert (shown["scope"], len(shown["measures"])) == ("CER de Gien", 1)
    other = cli("add", "risk", f"work_unit={made['unit']}", "situation=Bruit", "evaluation=Évalué")[
        "reference"
    ]
    cli("add", "rating", f"risk={other}", "severity=1", "frequency=2", "control=4",
        f"rated_on={YEAR}-01-01")  # fmt: skip
    show = ("programme", "show", "--year", str(YEAR))
    assert cli(*show)["without_action"] == []
    assert cli(*show, "--level", "low")["without_action"] == [{"reference": other, "level": "low"}]
    assert cli("programme", "show", "--year", str(YEAR))["figures"]["voted"] == 2000
    assert "direction" in cli.refused("programme", "show", "--year", "2026", "--unit", made["risk"])


def test_written_as_workbook_and_as_csv(cli: Cli, made, tmp_path: Path) -> None:
    for name in ("programme.xlsx", "programme.csv"):
        out = tmp_path / name
        told = cli("programme", "export", "--year", str(YEAR), "--out", str(out))
        assert told == {"file": str(out), "measures": 1}
        assert out.stat().st_size > 100


def test_a_rerating_is_proposed_and_declined_with_a_word(cli: Cli, made) -> None:
    assert cli("programme", "reratings") == []
    cli("set", made["old"], "state=Réalisée")
    (found,) = cli("programme", "reratings", "--department", "45")
    assert (found["action"], found["risk"]) == (made["old"], made["risk"])
    decline = ("programme", "reratings", "--decline", made["old"], made["risk"])
    assert "pourquoi" in cli.refused(*decline)
    assert cli(*decline, "--reason", "Sans effet sur la cotation") == []


def test_an_action_is_meant_for_further_risks(cli: Cli, made) -> None:
    other = cli("add", "risk", f"work_unit={made['unit']}", "situation=Bruit")["reference"]
    cli("programme", "link", made["new"], other)
    (measure,) = cli("programme", "show", "--year", str(YEAR))["measures"]
    assert measure["risks"] == [made["risk"], other]
    assert "déjà" in cli.refused("programme", "link", made["new"], other)
