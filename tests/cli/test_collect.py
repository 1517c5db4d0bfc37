"""The campaign and its sheets from the command line, as a script would use them."""

from __future__ import annotations

import openpyxl
import pytest


@pytest.fixture
def unit(cli) -> str:
    """A unit with one risk, which is not rated yet."""
    cli("add", "work_unit", "name=Parc routier")
    cli("add", "risk", "work_unit=Parc routier", "situation=Scie", "hazard_family=Bruit")
    return "Parc routier"


def fill(place) -> None:
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    sheet["G9"], sheet["H9"], sheet["D11"] = "A changé", "Capotée", "Vapeurs"
    book.save(place)


def test_sheets_go_out_and_come_back_as_proposals_that_are_settled(cli, unit, tmp_path):
    out = tmp_path / "fiches"
    sent = cli("collect", "send", "--department", "45", "--unit", unit, "--out", str(out))
    workbook, paper = sent["files"]
    assert (workbook[-5:], paper[-5:]) == (".xlsx", ".docx")
    fill(workbook)
    read = cli("collect", "read", str(workbook))
    assert (read["proposals"], read["files"][0]["state"]) == (2, "read")
    assert cli("collect", "read", str(workbook))["transaction"] is None
    changed, new = cli("collect", "proposals", "--unit", unit)
    assert (changed["kind"], changed["remark"]) == ("changed", "Capotée")
    cli("collect", "accept", changed["reference"], "--set", "situation=Scie capotée")
    code, printed, _ = cli.raw("list", "risk")
    assert (code, "Scie capotée" in printed) == (0, True)
    assert "motif" in cli.refused("collect", "refuse", new["id"], "--reason", " ")
    cli("collect", "refuse", new["id"], "--reason", "Déjà vu")
    assert cli("collect", "proposals") == []
    assert {each["state"] for each in cli("collect", "proposals", "--all")} == {
        "corrected", "refused",
    }  # fmt: skip
    assert cli("collect", "sheets")[0]["answer"] == "répondu le jour même"


def test_a_folder_of_which_nothing_can_be_read_fails_and_says_why(cli, tmp_path):
    (tmp_path / "photo.xlsx").write_bytes(b"\xff\xd8\xff\xe0")
    assert "photo.xlsx" in cli.refused("collect", "read", str(tmp_path))


def test_a_campaign_is_started_followed_and_closed(cli, unit):
    cli("campaign", "start", "--department", "45", "--name", "Campagne d’hiver")
    cli("campaign", "set", "on_site", unit, "--participants", "ACP")
    told = cli("campaign", "show")
    assert told["name"] == "Campagne d’hiver"
    assert told["units"][0]["state"] == "on_site"
    assert (told["units"][0]["risks"], told["units"][0]["to_evaluate"]) == (1, 1)
    assert "en cours" in cli.refused("campaign", "start")
    cli("campaign", "close")
    assert "Aucune campagne en cours" in cli.refused("campaign", "show")
    code, printed, _ = cli.raw("campaign", "show", "--campaign", "Campagne d’hiver")
    assert code == 0
    assert "1 sur place" in printed


def test_reasons_for_updating_are_listed_and_answered(cli, unit):
    accident = cli("add", "accident", "happened_on=2026-11-02", f"work_unit={unit}")
    (reason,) = cli("campaign", "reasons")
    assert reason["reference"] == accident["reference"]
    assert "pourquoi" in cli.refused(
        "campaign", "answer", reason["reference"], "--outcome", "not_concerned"
    )
    cli("campaign", "answer", reason["reference"])
    assert cli("campaign", "reasons") == []


def test_pilots_get_their_actions_and_late_ones_a_draft_mail(cli, unit, tmp_path):
    cli(
        "add", "planned_action", "title=Capoter", f"work_unit={unit}", "pilot=Chef de parc",
        "due=2025-01-31",
    )  # fmt: skip
    sent = cli("collect", "send", "--actions", "--out", str(tmp_path / "pilotes"))
    assert sent["files"][0].endswith("Actions - Chef de parc.xlsx")
    told = cli("collect", "remind", "--out", str(tmp_path / "relances"))
    assert (told["pilots"], told["actions"]) == (1, 1)
    (mail,) = (tmp_path / "relances").glob("*.eml")
    assert b"X-Unsent: 1" in mail.read_bytes()
    code, _, error = cli.raw("collect", "send", "--pilot", "X", "--out", str(tmp_path))
    assert (code, "--actions" in error) == (2, True)
