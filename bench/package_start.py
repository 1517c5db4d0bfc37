"""How much longer the packed program takes to start than the same program run by Python.

Run by .ci/package: python bench/package_start.py FOLDER. Both are started in turn, so that a
machine that grows slower does so for both; the figure is the ratio of the quickest starts, since
other work on the machine only ever adds to one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
TIMES = 9
GOAL = 1.5


def main() -> None:
    """Measure a command and the window's first paint."""
    folder = Path(sys.argv[1])
    python = [sys.executable, "-m", "prevention_app"]
    with tempfile.TemporaryDirectory() as place:
        window = ["--try-window", str(Path(place) / "answer.json")]
        ratios = {
            "a command": _ratio(
                [folder / "prevention-app-console", "--version"], [*python, "--version"]
            ),
            "the window": _ratio([folder / "prevention-app", *window], [*python, *window]),
        }
    for what, ratio in ratios.items():
        print(f"{what}: starts in {ratio:.2f} times what Python takes (goal {GOAL})")


def _ratio(packed: Sequence[str | Path], plain: Sequence[str | Path]) -> float:
    pairs = [(_seconds(packed), _seconds(plain)) for _ in range(TIMES + 1)][1:]
    ours, theirs = zip(*pairs, strict=True)
    return min(ours) / min(theirs)


def _seconds(command: Sequence[str | Path]) -> float:
    began = time.perf_counter()
    subprocess.run(  # noqa: S603  (our own program)
        command, cwd=CHECKOUT, capture_output=True, check=True, timeout=120
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
