"""A workspace used through the command line, as a script would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prevention_app.cli.main import run
from tests.workspaces import NewWorkspaces


class Cli:
    """Runs commands on one workspace and reads what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Commands go to the workspace in `folder`."""
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Any:
        """What a command answers in JSON; it must succeed."""
        code, out, error = self.raw(*arguments, "--json")
        assert code == 0, error
        return json.loads(out)

    def raw(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a command."""
        self._capsys.readouterr()
        code = run(["--data", str(self.folder), *arguments])
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err

    def refused(self, *arguments: str) -> str:
        """What a command that must be refused says on standard error."""
        code, _, error = self.raw(*arguments)
        assert code == 1, error
        assert "Traceback" not in error
        return error


@pytest.fixture
def empty_cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line before there is a workspace."""
    return Cli(tmp_path / "espace.prevention", capsys)


@pytest.fixture
def cli(empty_cli: Cli, new_workspace: NewWorkspaces) -> Cli:
    """The command line on a new workspace of the Loiret."""
    new_workspace(empty_cli.folder, name="Poste A", user="durand", departments=("45",))
    return empty_cli
