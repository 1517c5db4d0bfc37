"""Rating methods through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli


def test_chosen_for_a_department_and_for_a_family(cli: Cli) -> None:
    known = {each["code"]: each["chosen"] for each in cli("method", "list")}
    assert set(known) >= {"gfm-1", "gf-1", "rps-1", "five-1", "sf-1", "kinney-1"}
    assert not any(known.values())
    cli("method", "choose", "gf-1")
    cli("method", "choose", "kinney-1", "--family", "chuh")
    known = {each["code"]: each["chosen"] for each in cli("method", "list")}
    assert known["gf-1"] == [{"department": "45", "family": ""}]
    assert known["kinney-1"] == [{"department": "45", "family": "Chute de hauteur"}]
    cli("method", "choose", "gfm-1")
    known = {each["code"]: each["chosen"] for each in cli("method", "list")}
    assert (known["gf-1"], len(known["gfm-1"])) == ([], 1), "chosen anew, not twice"


def test_shown_written_out_and_taken_back_in(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli.raw("method", "show", "gfm-1", "--out", str(tmp_path / "a.json"))
    assert code == 0
    assert "Très bonne" in out
    assert "Action immédiate" in out
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert cli("method", "add", str(tmp_path / "a.json")) == {
        "code": "45-gfm-1",
        "name": document["name_fr"],
    }
    assert "45-gfm-1" in cli.refused("method", "add", str(tmp_path / "a.json"))


def test_what_there_is_not_is_refused(cli: Cli) -> None:
    assert "gfm-1" in cli.refused("method", "choose", "autre")
    assert "XYZ" in cli.refused("method", "choose", "gf-1", "--family", "XYZ")
