"""Asking for help must not wait for libraries that only some commands need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "PySide6",
    "numpy",
    "openpyxl",
    "pandas",
    "python_calamine",
    "sqlalchemy",
    "sqlcipher3",
    "xlrd",
    "xlsxwriter",
}

HELP = """
import runpy, sys
import prevention_app.cli.main
sys.argv = ["prevention-app", "--help"]
try:
    runpy.run_module("prevention_app", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print("\\nLOADED", *{name.partition(".")[0] for name in sys.modules})
"""


def test_help_loads_no_heavy_library() -> None:
    said = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    shown, _, loaded = said.stdout.rpartition("\nLOADED")
    assert "import" in shown
    assert set(loaded.split()) & HEAVY == set()
