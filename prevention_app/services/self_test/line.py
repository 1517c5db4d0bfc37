"""One line of the self-test: what was looked at, what was found, what it means."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final


class Verdict(StrEnum):
    """What a line of the test means for those who install the program."""

    GOOD = "good"
    NOTICE = "notice"
    FIX = "fix"


LABELS: Final = {
    Verdict.GOOD: "bon",
    Verdict.NOTICE: "à savoir",
    Verdict.FIX: "à corriger",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    key: str
    what: str
    found: str
    verdict: Verdict = Verdict.GOOD
    advice: str = ""


def public(path: Path) -> str:
    """A path without the name of the person whose home it lies in."""
    home = Path.home()
    if path == home or not path.is_relative_to(home):
        return str(path)
    return str(Path("%USERPROFILE%" if os.name == "nt" else "~") / path.relative_to(home))


def seconds_text(seconds: float) -> str:
    """A duration as people read it: « 0,6 s »."""
    return f"{seconds:.1f} s".replace(".", ",")
