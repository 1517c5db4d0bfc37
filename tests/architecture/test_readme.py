"""What the README and CONTRIBUTING tell a stranger to type or open is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md")
OWN_WORDS = {"window"}
"""What ./run understands besides the program's commands."""


def typed() -> list[str]:
    """The lines to type: all that stands in blocks of shell."""
    text = "\n".join((CHECKOUT / page).read_text(encoding="utf-8") for page in PAGES)
    blocks = re.findall(r"^```(?:sh|bat)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def program_commands() -> set[str]:
    """The program's commands that those lines name."""
    arguments = [
        line.split()[1:] if line.startswith("./run ") else line.split("prevention_app ")[-1].split()
        for line in typed()
        if line.startswith("./run ") or "-m prevention_app " in line
    ]
    return {first for first, *_ in arguments if not first.startswith("-")} - OWN_WORDS


def test_both_commands_are_named_and_can_be_started() -> None:
    lines = typed()
    assert {"./run", "./run window", "./check", "./check --long"} <= set(lines)
    for script in {line.split()[0] for line in lines if line.startswith("./")}:
        assert os.access(CHECKOUT / script, os.X_OK)


def test_windows_lines_say_the_same_as_the_scripts() -> None:
    lines = [line for line in typed() if line.startswith(("py ", ".venv\\"))]
    assert lines[0] == "py -m venv .venv"
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    assert any(line.endswith("-m prevention_app demo out") for line in lines)


@pytest.mark.parametrize("command", sorted(program_commands()))
def test_a_command_that_is_named_exists(command: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "prevention_app", command, "--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert command in said.stdout


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_to_is_there(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"`((?:prevention_app|resources|db|tests|bench|\.ci)/[^` ]*)`", text)
    for target in links + named:
        assert (CHECKOUT / target).exists(), target


def test_the_licence_is_the_one_declared() -> None:
    text = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert 'license = "EUPL-1.2"' in (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
