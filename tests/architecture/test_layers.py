"""The rooms look one way, and the contracts that say so do catch who looks back."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
CONTRACTS = {
    each["name"]: each
    for each in tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}

TRESPASSES = {
    "Rooms look one way": ("exchange", "import prevention_app.storage"),
    "Qt stays in the window": ("services", "import PySide6.QtCore"),
    "SQL stays in storage": ("cli", "import sqlalchemy"),
    "Workbook libraries stay in exchange": ("ui", "import openpyxl"),
    "Declarations and rules need only the standard library": ("catalogue", "import dateutil"),
    "Rules are pure: no file, no clock, no chance": ("domain", "import pathlib"),
}


def lint(folder: Path) -> dict[str, bool]:
    """Whether each contract is kept by the package in that folder."""
    said = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(.+?) (KEPT|BROKEN)", said.stdout, re.MULTILINE)
    assert found, said.stdout + said.stderr
    return {name: state == "KEPT" for name, state in found}


def test_every_contract_is_kept() -> None:
    assert lint(CHECKOUT) == dict.fromkeys(CONTRACTS, True)


def test_every_contract_catches_a_trespass(tmp_path: Path) -> None:
    copy = tmp_path / "prevention_app"
    shutil.copytree(CHECKOUT / "prevention_app", copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    for room, statement in TRESPASSES.values():
        (copy / room / "trespass.py").write_text(f"{statement}\n", encoding="utf-8")
    assert set(TRESPASSES) == set(CONTRACTS)
    assert lint(tmp_path) == dict.fromkeys(CONTRACTS, False)


@pytest.mark.parametrize(
    ("contract", "free"),
    [("Qt stays in the window", {"ui"}), ("SQL stays in storage", {"storage"})],
)
def test_no_room_is_forgotten_by_a_contract(contract: str, free: set[str]) -> None:
    rooms = {
        path.stem
        for path in (CHECKOUT / "prevention_app").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    bound = {name.partition(".")[2] for name in CONTRACTS[contract]["source_modules"]}
    assert bound == rooms - free - {"__init__", "__main__"}
