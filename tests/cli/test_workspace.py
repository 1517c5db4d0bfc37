"""The workspace as a whole, through the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from prevention_app.__main__ import main
from tests.cli.conftest import Cli


def test_without_a_workspace_a_command_says_how_to_make_one(empty_cli: Cli) -> None:
    said = empty_cli.refused("list", "site")
    assert "init" in said


def test_init_does_not_touch_a_folder_that_holds_something(empty_cli: Cli) -> None:
    empty_cli.folder.mkdir()
    (empty_cli.folder / "photo.jpg").write_bytes(b"x")
    said = empty_cli.refused("init", "--department", "45", "--station", "A")
    assert "n’est pas vide" in said
    assert [each.name for each in empty_cli.folder.iterdir()] == ["photo.jpg"]


def test_init_makes_a_workspace_that_is_written_in_at_once(empty_cli: Cli) -> None:
    empty_cli("init", "--department", "45", "--station", "Poste A")
    assert empty_cli("add", "site", "name=A")["reference"].startswith("45-")
    assert [each["title"] for each in empty_cli("list", "station")] == ["Poste A"]


def test_wrong_usage_leaves_with_2(cli: Cli) -> None:
    assert cli.raw("add")[0] == 2
    assert cli.raw("nonsense")[0] == 2
    assert cli.raw("add", "site", "nameA")[0] == 2


def test_wrong_usage_is_explained_in_french(cli: Cli) -> None:
    for arguments, expected in {
        ("show",): "il manque RÉFÉRENCE.",
        ("list", "site", "--department", "12"): "--department n’accepte pas '12'",
        ("list", "site", "--nowhere"): "arguments inconnus : --nowhere.",
        ("list", "site", "--where"): "--where attend une valeur.",
        ("search",): "il manque MOT.",
    }.items():
        code, out, error = cli.raw(*arguments)
        assert (code, out) == (2, "")
        assert error.startswith("Usage : prevention-app")
        assert f"Usage incorrect : {expected}" in error


def test_help_has_french_headings(cli: Cli) -> None:
    code, out, _ = cli.raw("--help")
    assert code == 0
    for heading in ("Usage : ", "options:", "commandes:"):
        assert heading in out
    assert "arguments:" in cli.raw("show", "--help")[1]
    assert "show this help" not in out


def test_a_station_needs_a_name(empty_cli: Cli) -> None:
    code, _, error = empty_cli.raw("init", "--department", "45", "--station", " ")
    assert code == 2
    assert "--station" in error
    assert not empty_cli.folder.exists()


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [([], None), (["--data", "a.prevention"], "a.prevention"), (["--data=b"], "b")],
)
def test_the_folder_alone_opens_the_window(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], folder: str | None
) -> None:
    opened: list[str | None] = []
    window = SimpleNamespace(run_window=lambda given: opened.append(given) or 0)
    monkeypatch.setitem(sys.modules, "prevention_app.ui.start", window)
    monkeypatch.setattr(sys, "argv", ["prevention-app", *arguments])
    assert main() == 0
    assert opened == [folder]


def test_options_are_accepted_before_and_after_the_command(cli: Cli) -> None:
    code, out, _ = cli.raw("--json", "list", "site")
    assert (code, out.strip()) == (0, "[]")


def test_registers_and_fields_tell_what_is_declared(cli: Cli) -> None:
    registers = {each["key"]: each for each in cli("registers")}
    assert registers["health_safety_entry"]["code"] == "RSST"
    assert registers["department"]["group_fr"] == "Organisation"
    fields = {each["key"]: each for each in cli("fields", "credential")}
    assert fields["person"]["kind"] == "person"
    assert fields["expires"]["kind"] == "date"
    assert fields["credential_type"]["required"]


def test_rebuild_makes_the_same_tables_again(cli: Cli) -> None:
    cli("add", "site", "name=A")
    before = cli("list", "site")
    assert cli("rebuild")["records"] >= 1
    assert cli("list", "site") == before


def test_check_finds_nothing_wrong_and_then_a_changed_row(cli: Cli) -> None:
    from sqlcipher3 import dbapi2

    cli("add", "site", "name=A")
    assert cli("check")["problems"] == []
    connection = dbapi2.connect(str(cli.folder / "data.db"))
    connection.execute("UPDATE r_site SET name = 'Z'")
    connection.commit()
    connection.close()
    assert cli.raw("check")[0] == 1


def test_a_backup_comes_back_as_a_new_station(cli: Cli, tmp_path: Path) -> None:
    first = cli("add", "site", "name=A")["reference"]
    file = tmp_path / "copie.zip"
    cli("backup", str(file))
    cli("add", "site", "name=après")
    other = Cli(tmp_path / "restaure.prevention", cli._capsys)
    other("restore", str(file))
    assert [each["reference"] for each in other("list", "site")] == [first]
    second = other("add", "site", "name=B")["reference"]
    assert second.split("-")[2] != first.split("-")[2]
    assert other("check")["problems"] == []


def test_restoring_something_else_is_refused(empty_cli: Cli, tmp_path: Path) -> None:
    wrong = tmp_path / "photo.zip"
    wrong.write_bytes(b"not a backup")
    assert "illisible" in empty_cli.refused("restore", str(wrong))
    assert not empty_cli.folder.exists()


@pytest.mark.parametrize("arguments", [["--help"], ["import", "--help"], ["--version"]])
def test_help_answers_from_a_process_of_its_own(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prevention_app", *arguments], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout
