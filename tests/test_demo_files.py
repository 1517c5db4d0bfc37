"""The demonstration files that the program ships are those that their generator makes."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "resources" / "demo"
WORKBOOKS = sorted(path.name for path in SHIPPED.glob("*.xlsx"))


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    script = ROOT / "bench" / "make_demo_files.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, timeout=60)
    return folder


def cells(path):
    workbook = CalamineWorkbook.from_path(path)
    return {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }


def test_the_generator_makes_exactly_the_files_that_are_shipped(made_again):
    assert {path.name for path in made_again.iterdir()} == {path.name for path in SHIPPED.iterdir()}
    for path in made_again.iterdir():
        if path.suffix != ".xlsx":
            assert path.read_bytes() == (SHIPPED / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_made_again_holds_the_same_values(made_again, name):
    assert cells(made_again / name) == cells(SHIPPED / name)


def test_the_files_together_stay_small():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 1_500_000


def test_the_organisation_is_that_of_three_middling_employers():
    sheets = cells(SHIPPED / "organigramme.xlsx")
    charts = {name[:2]: rows[3:] for name, rows in sheets.items() if name[:2] in {"41", "45", "28"}}
    units = {code: [row for row in rows if row[4] and row[8]] for code, rows in charts.items()}
    headcounts = {code: sum(row[8] for row in rows) for code, rows in units.items()}
    assert headcounts == {"41": 1650, "45": 2790, "28": 1760}
    assert all(len(rows) <= 140 for rows in units.values())


def test_sites_and_units_are_spelt_as_in_the_organisation_chart():
    known = {
        " ".join(str(cell).split())
        for name, rows in cells(SHIPPED / "organigramme.xlsx").items()
        for row in rows
        if name[0] in "24"
        for cell in (row[2], row[4])
    }
    with (SHIPPED / "rsst.csv").open(encoding="utf-8-sig", newline="") as file:
        sites = {row["Site"].strip() for row in csv.DictReader(file, delimiter=";")}
    with (SHIPPED / "agents_45.csv").open(encoding="utf-8-sig", newline="") as file:
        units = {row["UNITE DE TRAVAIL"] for row in csv.DictReader(file, delimiter=";")}
    assert sites - known == {"Dépôt routier - Vernou-le-Pont"}
    assert units <= known


def wrong_lines():
    pattern = re.compile(
        r"\| `(?P<file>[^`]+)` \| (?P<sheet>.+?) \| (?P<row>\d+) \| (?P<what>.+) \|"
    )
    text = (SHIPPED / "README.md").read_text(encoding="utf-8").partition("wrong on purpose\n")[2]
    return [match.groupdict() for match in map(pattern.fullmatch, text.splitlines()) if match]


def test_each_file_has_some_lines_that_are_wrong_on_purpose_and_the_readme_lists_them():
    listed = wrong_lines()
    files = {path.name for path in SHIPPED.iterdir()} - {"README.md"}
    counts = {name: sum(line["file"] == name for line in listed) for name in files}
    assert all(3 <= count <= 8 for count in counts.values()), counts


@pytest.mark.parametrize(
    "line",
    [line for line in wrong_lines() if line["file"].endswith(".xlsx") and "(" in line["what"]],
)
def test_an_impossible_date_stands_in_the_row_that_the_readme_names(line):
    written = re.search(r"\((.+)\)", line["what"])[1]
    row = cells(SHIPPED / line["file"])[line["sheet"]][int(line["row"]) - 1]
    shown = [
        cell if isinstance(cell, str) else f"{cell:%d/%m/%Y}" if hasattr(cell, "month") else ""
        for cell in row
    ]
    assert written in shown
