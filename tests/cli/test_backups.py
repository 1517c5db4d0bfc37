"""Backups through the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from prevention_app.services import backups
from tests.cli.conftest import Cli


def test_without_a_file_an_automatic_one_is_made_and_listed(cli: Cli, tmp_path: Path) -> None:
    assert cli("backup", "--list")["backups"] == []
    first = cli("add", "site", "name=A")["reference"]
    made = cli("backup")
    listed = cli("backup", "--list")
    assert [each["file"] for each in listed["backups"]] == [made["file"]]
    assert listed["backups"][0]["why"] == "demandee"
    said = cli.raw("backup", "--list")[1]
    assert Path(made["file"]).name in said
    assert "demandée" in said
    assert listed["folder"] in said

    other = Cli(tmp_path / "restaure.prevention", cli._capsys)
    other("restore", made["file"])
    assert [each["reference"] for each in other("list", "site")] == [first]
    assert other("check")["problems"] == []


def test_a_list_is_to_be_had_where_the_workspace_does_not_open(cli: Cli) -> None:
    made = cli("backup")
    (cli.folder / "data.db").write_bytes(b"abc" * 3000)
    assert [each["file"] for each in cli("backup", "--list")["backups"]] == [made["file"]]


def test_a_file_and_a_list_do_not_go_together(cli: Cli, tmp_path: Path) -> None:
    assert cli.raw("backup", "--list", str(tmp_path / "x.zip"))[0] == 2


def test_check_tells_an_old_backup_and_leaves_with_0(cli: Cli, monkeypatch) -> None:
    code, said, _ = cli.raw("check")
    assert code == 0
    assert "Aucune sauvegarde vérifiée" in said
    cli("backup")
    assert cli("check")["remarks"] == []
    later = backups._now() + timedelta(days=9)
    monkeypatch.setattr(backups, "_now", lambda: later)
    code, said, _ = cli.raw("check")
    assert code == 0
    assert "a 9 jours" in said


def test_a_full_disk_is_said_and_noted(cli: Cli, monkeypatch) -> None:
    def full(*_arguments) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr("prevention_app.storage.backup.write_archive", full)
        assert "plus de place" in cli.refused("backup")
    assert "plus de place" in cli.raw("backup", "--list")[1]
    assert "plus de place" in cli.raw("check")[1]


def test_a_place_that_takes_no_files_is_not_said_to_lack_one(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments) -> None:
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr("prevention_app.storage.backup.write_archive", refused)
    said = cli.refused("backup", str(tmp_path / "lundi.zip"))
    assert "n’accepte pas de fichier" in said
    assert "introuvable" not in said
