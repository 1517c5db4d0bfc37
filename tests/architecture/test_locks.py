"""The lock files: what is declared, with hashes, for everyone and from anywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: str) -> dict[str, str]:
    """The version of each package that a lock file names."""
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))


def declared(requirements: list[str]) -> dict[str, str]:
    """The same of a list in pyproject.toml, which pins every one exactly."""
    pairs = [requirement.split("==") for requirement in requirements]
    return {name.lower().replace("_", "-").partition("[")[0]: version for name, version in pairs}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|@|--index|--find-links", text)
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_locks_follow_the_declaration() -> None:
    wanted = declared(PROJECT["project"]["dependencies"])
    assert wanted.items() <= pins("requirements.lock").items()
    tools = declared(PROJECT["dependency-groups"]["dev"])
    assert tools.items() <= pins("requirements-dev.lock").items()


def test_what_is_checked_is_what_runs() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
