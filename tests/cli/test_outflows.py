"""What leaves a department, from the command line."""

from __future__ import annotations

from tests.cli.conftest import Cli


def accidents(cli: Cli, count: int, kind: str = "service") -> None:
    for _ in range(count):
        cli("add", "accident", "happened_on=2026-03-01", f"kind={kind}")


def test_decisions_are_listed_and_made(cli):
    listed = {each["register"]: each["extent"] for each in cli("circle", "outflow")}
    assert listed["accident"] == {"28": "nothing", "41": "nothing"}
    made = cli("circle", "outflow", "site", "--to", "28", "--extent", "everything")
    assert made["extent"] == {"28": "everything", "41": "nothing"}
    cli("circle", "outflow", "site", "--to", "all", "--extent", "figures")
    listed = {each["register"]: each["extent"] for each in cli("circle", "outflow")}
    assert listed["site"] == {"28": "everything", "41": "figures"}


def test_figures_for_one_department_alone_are_refused(cli):
    why = cli.refused("circle", "outflow", "accident", "--to", "28", "--extent", "figures")
    assert "lus par tous les départements" in why


def test_half_a_decision_is_a_wrong_usage(cli):
    for given in (("accident",), ("accident", "--to", "28"), ("--to", "28")):
        code, _, error = cli.raw("circle", "outflow", *given)
        assert (code, bool(error)) == (2, True)


def test_figures_are_previewed_published_and_listed(cli):
    accidents(cli, 7)
    accidents(cli, 2, "commuting")
    cli("circle", "outflow", "accident", "--to", "all", "--extent", "figures")
    shown = cli("figures", "publish", "--at", "30/09/2026", "--dry-run")
    assert cli("figures", "list") == []
    done = cli("figures", "publish", "--at", "30/09/2026")
    assert shown == done
    assert done["new"] == len(done["figures"])
    assert any("Risques" in each["reason"] for each in done["kept_back"])
    told = {each["indicator"]: each for each in cli("figures", "list", "--department", "45")}
    assert told["accidents"] == {
        "department": "45",
        "as_of": "2026-09-30",
        "published_on": told["accidents"]["published_on"],
        "indicator": "accidents",
        "label_fr": "Accidents de service",
        "level": "department",
        "direction": None,
        "period_start": "2025-10-01",
        "period_end": "2026-09-30",
        "numerator": 7,
        "denominator": None,
        "suppressed": False,
    }
    assert told["commuting_accidents"]["suppressed"]
    assert told["commuting_accidents"]["numerator"] is None
    assert cli("figures", "publish", "--at", "30/09/2026")["same"] == done["new"]


def test_people_read_tables(cli):
    accidents(cli, 7)
    cli("circle", "outflow", "accident", "--to", "all", "--extent", "figures")
    code, said, _ = cli.raw("figures", "publish", "--at", "30/09/2026")
    assert code == 0
    assert "Arrêté au 30/09/2026, département 45" in said
    code, said, _ = cli.raw("circle", "outflow")
    assert code == 0
    assert "Les chiffres" in said
    code, said, _ = cli.raw("figures", "list")
    assert code == 0
    assert "Accidents de service" in said
