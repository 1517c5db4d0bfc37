"""A workbook calculated anew by LibreOffice, from a copy without the values stored in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_STORED = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")


def recalculated(file: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after calculating every formula.

    Without LibreOffice the test is skipped, or fails where CI is set.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("LibreOffice is not installed: formulas are not calculated anew")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    bare = folder / f"sans-valeurs-{file.name}"
    _without_values(file, bare)
    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(bare),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    made = folder / "out" / bare.name
    assert made.exists(), done.stdout + done.stderr
    return made


def _without_values(file: Path, bare: Path) -> None:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = _STORED.sub(rb"\1", content)
            copy.writestr(name, content)
